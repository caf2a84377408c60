"""The layout of a lab: what lies where, what is laid over what, and the button in the corner."""

import re

import ipywidgets as widgets
import pytest
from widget_tools import open_widgets

import hpt_widgets as hpt
from hpt_widgets.labs.kit.charts import figure
from hpt_widgets.labs.kit.frame import LabFrame, overlaid, sized
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.style import STYLE


def classes(widget):
    return set(widget.get_state()["_dom_classes"])


def within(frame, its_class):
    """Return the children of the frame's only part of this class."""
    (found,) = [one for one in widgets_within(frame.widget) if its_class in classes_of(one)]
    return list(found.children)


def classes_of(widget):
    return classes(widget) if isinstance(widget, widgets.DOMWidget) else set()


def test_controls_lie_beside_the_state_and_what_is_seen():
    slider, status, chart, table = (widgets.HTML(name) for name in ("a", "b", "c", "d"))
    frame = LabFrame(controls=[slider], stage=[chart], below=[table], status=status)
    assert within(frame, "hpt-controls") == [slider]
    assert within(frame, "hpt-stage") == [status, chart]
    assert within(frame, "hpt-below") == [table]
    assert "hpt-state" in classes(status)
    assert {"hpt-frame"} <= classes(frame.widget)


def test_a_lab_needs_neither_a_state_nor_anything_below():
    frame = LabFrame(controls=[], stage=[widgets.HTML()])
    names = {name for one in widgets_within(frame.widget) for name in classes_of(one)}
    assert "hpt-stage" in names
    assert not names & {"hpt-below", "hpt-state"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("full window", "back to the page (Esc)")),
        ("zh", ("铺满窗口", "返回页面（Esc）")),
    ],
)
def test_the_button_in_the_corner_speaks_the_readers_language(language, words):
    hpt.use_language(language)
    button = LabFrame(controls=[], stage=[]).full_window
    assert (button.fill, button.leave) == words


def test_two_charts_of_half_the_height_take_the_whole():
    half, whole = (sized(figure("x", "y")[0], height) for height in ("half", "whole"))
    heights = [int(chart.layout.height.removesuffix("px")) for chart in (half, whole)]
    assert heights[1] == 2 * heights[0]
    assert {"hpt-half"} <= classes(half)
    assert {"hpt-whole"} <= classes(whole)


def test_what_is_laid_over_something_leaves_it_where_it_is():
    under, content = widgets.HTML("legend"), widgets.HTML("more fields")
    opener, place = overlaid("more", "fewer", content, under).children
    assert list(place.children) == [under, content]
    for description, display in (("more", "none"), ("fewer", None), ("more", "none")):
        assert (opener.description, content.layout.display or None) == (description, display)
        assert under.layout.display is None
        opener.click()


def test_every_class_of_the_frame_has_its_style():
    frame = LabFrame(controls=[], stage=[], below=[widgets.HTML()], status=widgets.HTML())
    overlaid("more", "fewer", content := widgets.HTML(), widgets.HTML())
    named = {name for one in widgets_within(frame.widget) for name in classes_of(one)}
    for name in named | classes(content):
        assert re.search(rf"\.{name}\b", STYLE), name


def test_a_frame_leaves_no_widget_open():
    before = set(open_widgets)
    frame = LabFrame(controls=[], stage=[], below=[widgets.HTML()], status=widgets.HTML())
    for one in widgets_within(frame.widget):
        one.close()
    assert set(open_widgets) == before


def test_what_a_lab_lies_in_is_named_step_by_step():
    """Else the browser looks through the whole lab whenever a word in it changes."""
    rules = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)
    asked = re.findall(r":has\(([^()]*)\)", rules)
    assert len(asked) == 8
    for steps in asked:
        assert re.fullmatch(r"(\s*>\s+[.a-zA-Z-]+)+", steps), steps
