"""What every lab does: it clears up behind itself and draws itself without a front end."""

import base64
import gc
import weakref

import pytest
from lab_tools import (
    SmallLab,
    bundle_of,
    digits,
    held_training,
    open_widgets,
    small,
    training_threads,
)

from hpt_widgets.labs.descent.lab import DescentLab
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.training.lab import TrainingLab
from hpt_widgets.labs.training.path_chart import PathChart
from hpt_widgets.training.loss_plane import Window

DATA = digits()


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
