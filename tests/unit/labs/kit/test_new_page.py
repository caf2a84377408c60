"""What a page that was loaded while a lab changed is told once it has drawn the lab."""

import comm
import pytest
from lab_kinds import MAKE
from lab_tools import SECONDS, digits, held_training, small
from widget_tools import send

import hpt_widgets as hpt

# Questions have no button that fills the window with them.
WITHOUT_FRAME = ("quiz", "prediction", "outcome")
FRAMED = [name for name in MAKE if name not in WITHOUT_FRAME]


@pytest.fixture
def told(monkeypatch):
    """Return the last state of each widget that was sent to the page, by the widget's id."""
    states = {}

    def publish(comm, _type, data=None, *_more, **_options):
        if (data or {}).get("method") == "update":
            states.setdefault(comm.comm_id, {}).update(data["state"])

    monkeypatch.setattr(comm.DummyComm, "publish_msg", publish)
    return states


def draw_on_a_page(lab, *, asks=True):
    """Do what a page does: ask for the lab if it did not see it made, and draw it."""
    button = lab.view.frame.full_window
    if asks:
        button.get_state()
    send(button, "drawn")


def wait_for(lab):
    if hasattr(lab, "wait"):
        lab.wait(SECONDS)


@pytest.mark.parametrize("name", FRAMED)
def test_a_page_that_had_to_ask_for_the_lab_is_told_all_of_it_again(name, told):
    lab = MAKE[name]()
    try:
        told.clear()
        draw_on_a_page(lab)
        wait_for(lab)
        root = lab.view.frame.widget
        assert set(told[root.model_id]) == set(root.get_state())
        seen, waiting = set(), [root]
        while waiting:
            widget = waiting.pop()
            seen.add(widget.model_id)
            waiting += getattr(widget, "children", ())
        assert seen <= set(told)
    finally:
        lab.close()


@pytest.mark.parametrize("name", FRAMED)
def test_the_page_that_a_cell_showed_the_lab_on_is_told_nothing_twice(name, told):
    lab = MAKE[name]()
    try:
        told.clear()
        draw_on_a_page(lab, asks=False)
        wait_for(lab)
        assert told == {}
    finally:
        lab.close()


def test_a_change_is_not_taken_for_a_page_that_asks(told):
    lab = hpt.DescentLab()
    button = lab.view.frame.full_window
    try:
        told.clear()
        button.fill = "a word that changes"
        draw_on_a_page(lab, asks=False)
        assert told == {button.model_id: {"fill": "a word that changes"}}
    finally:
        lab.close()


def test_a_lab_at_work_tells_the_page_at_its_end(told, monkeypatch):
    """What changes meanwhile comes by itself."""
    lab = hpt.TrainingLab(digits(), small())
    try:
        with held_training(monkeypatch) as gate:
            lab.start()
            gate.wait_until_reached()
            told.clear()
            draw_on_a_page(lab)
            root = lab.view.frame.widget
            assert root.model_id not in told
        lab.wait(SECONDS)
        assert root.model_id in told
        line = told[lab.view.status.model_id]["value"]
        assert "Finished" in line
    finally:
        lab.close()


@pytest.mark.parametrize("name", FRAMED)
def test_a_lab_that_was_closed_tells_nothing(name, told):
    lab = MAKE[name]()
    button = lab.view.frame.full_window
    button.get_state()
    lab.close()
    told.clear()
    button.on_new_page()
    assert told == {}
