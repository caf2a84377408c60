"""What every lab does: it clears up behind itself and draws itself without a front end."""

import base64
import gc
import threading
import weakref

import ipywidgets as widgets
import pytest
from lab_tools import bundle_of, digits, held_training, open_widgets, small

from hpt_widgets.labs.descent.lab import DescentLab
from hpt_widgets.labs.kit import lab as lab_module
from hpt_widgets.labs.kit.lab import Lab, widgets_within
from hpt_widgets.labs.training.lab import TrainingLab
from hpt_widgets.labs.training.path_view import PathChart
from hpt_widgets.training.loss_plane import Window

DATA = digits()


class SmallLab(Lab):
    """A lab of one slider."""

    def __init__(self, fails=False):
        self.fails = fails
        self.displays = 0
        super().__init__()

    def _build(self):
        if self.fails:
            raise ValueError("no such lab")
        self.slider = widgets.FloatSlider()
        return widgets.VBox([self.slider])

    def _picture(self):
        from hpt_widgets.support.still_picture import StillPicture

        return StillPicture(figsize=(1, 1))

    def _on_display(self):
        self.displays += 1


@pytest.fixture
def run_cell(monkeypatch):
    """Make labs as the named cell of a notebook would; each call is a new execution."""
    monkeypatch.setattr(lab_module, "labs_of_cell", {})
    executions = iter(range(1000))

    def run(cell, make, count=1):
        execution = str(next(executions))
        monkeypatch.setattr(lab_module, "current_cell", lambda: (cell, execution))
        return [make() for _ in range(count)]

    return run


def training_threads():
    return [thread for thread in threading.enumerate() if thread.name == "hpt-training"]


def test_running_a_cell_again_closes_what_it_made_before(run_cell):
    (first,) = run_cell("a", SmallLab)
    (other,) = run_cell("b", SmallLab)
    second, third = run_cell("a", SmallLab, count=2)
    assert first.is_closed
    assert not any(lab.is_closed for lab in (other, second, third))
    run_cell("a", SmallLab)
    assert second.is_closed
    assert third.is_closed
    assert not other.is_closed


def test_a_mistake_in_a_cell_leaves_its_earlier_lab_and_harms_no_later_one(run_cell):
    (first,) = run_cell("a", SmallLab)
    with pytest.raises(ValueError, match="no such lab"):
        run_cell("a", lambda: SmallLab(fails=True))
    assert not first.is_closed
    (second,) = run_cell("a", SmallLab)
    assert first.is_closed
    assert not second.is_closed


def test_without_a_notebook_labs_are_left_alone():
    assert lab_module.current_cell() == (None, "")
    first, second = SmallLab(), SmallLab()
    assert not first.is_closed
    for lab in (first, second):
        lab.close()


class Kernel:
    """What a lab asks a kernel for."""

    def __init__(self, parent):
        self.parent = parent

    def get_parent(self, channel):
        assert channel == "shell"
        return self.parent


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ({"metadata": {"cellId": "abc"}, "header": {"msg_id": "m1"}}, ("abc", "m1")),
        ({"metadata": {}, "header": {"msg_id": "m1"}}, (None, "m1")),
        (None, (None, "")),
    ],
)
def test_the_cell_is_the_one_that_the_front_end_names(monkeypatch, parent, expected):
    class Shell:
        kernel = Kernel(parent)

    monkeypatch.setattr(lab_module, "get_ipython", Shell)
    assert lab_module.current_cell() == expected


@pytest.mark.slow
def test_twenty_runs_of_a_cell_leave_one_lab(run_cell):
    run_cell("warm up", lambda: TrainingLab(DATA, small()))[0].close()
    gc.collect()
    before = len(open_widgets)
    (lab,) = run_cell("a", lambda: TrainingLab(DATA, small(epochs=1), training_size=64))
    lab.start()
    lab.wait()
    one_lab = len(open_widgets) - before
    references = []
    for _ in range(20):
        (lab,) = run_cell("a", lambda: TrainingLab(DATA, small(epochs=1), training_size=64))
        lab.start()
        references.append(weakref.ref(lab))
    lab.wait()
    assert len(open_widgets) - before == one_lab
    assert len(training_threads()) <= 1
    lab.close()
    del lab
    gc.collect()
    assert [reference for reference in references if reference() is not None] == []
    assert len(open_widgets) == before
    assert training_threads() == []


@pytest.mark.slow
def test_a_lab_that_is_closed_in_mid_training_leaves_nothing(monkeypatch):
    gc.collect()
    before = len(open_widgets)
    lab = TrainingLab(DATA, small(epochs=100))
    lab.view.tabs.selected_index = 1
    with held_training(monkeypatch, after_chunks=2) as gate:
        lab.start()
        gate.wait_until_reached()
        gate.let_through.set()
        lab.close()
    runs = lab.runs
    reference = weakref.ref(lab)
    del lab
    gc.collect()
    assert reference() is None
    assert len(runs) == 0
    assert len(open_widgets) == before
    assert training_threads() == []


def test_a_new_map_under_the_walks_leaves_no_widget_of_the_one_before():
    gc.collect()
    before = len(open_widgets)
    lab = DescentLab()
    one_lab = len(open_widgets) - before
    for condition_number in (2, 20, 200):
        lab.set(condition_number=condition_number)
    assert len(open_widgets) - before == one_lab
    lab.close()
    assert len(open_widgets) == before


def test_a_new_map_under_the_paths_leaves_no_widget_of_the_one_before():
    gc.collect()
    chart = PathChart()
    before = len(open_widgets)
    for end in (1.0, 2.0, 3.0):
        chart.show_ground(b"a picture", Window((-end, end), (-end, end)))
    assert len(open_widgets) == before
    for widget in widgets_within(chart.figure):
        widget.close()


def test_the_bundle_has_a_widget_for_a_front_end_and_a_picture_for_a_page():
    lab = SmallLab()
    bundle = bundle_of(lab, include=None, exclude=None)
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == lab.view.model_id
    assert bundle["text/plain"] == "<SmallLab>"
    assert lab.displays == 1
    lab.close()
    assert set(bundle_of(lab)) == {"text/plain", "image/png"}
    assert lab.displays == 1


def test_all_widgets_of_a_view_are_found_with_their_layouts_and_styles():
    before = set(open_widgets)
    lab = SmallLab()
    made = set(open_widgets) - before
    assert {widget.model_id for widget in widgets_within(lab.view)} == made
    lab.close()
    assert set(open_widgets) == before
