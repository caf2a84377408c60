"""A lab that is closed is gone: a reader who runs its cell again and again has room for it."""

import gc
import weakref

import ipywidgets as widgets
import pytest
from lab_kinds import MAKE
from widget_tools import bundle_of, open_widgets

from hpt_widgets.labs.kit.lab import widgets_within

# These come as part of others, and no longer counted once their owner is closed.
PARTS = (widgets.Layout, widgets.widget_description.DescriptionStyle)


@pytest.mark.parametrize("name", MAKE)
def test_a_closed_lab_is_given_back(name):
    lab = MAKE[name]()
    bundle_of(lab)
    lab.close()
    before = set(open_widgets)
    lab = MAKE[name]()
    bundle_of(lab)
    seen = weakref.ref(lab)
    lab.close()
    left = {key: widget for key, widget in open_widgets.items() if key not in before}
    assert [widget for widget in left.values() if not isinstance(widget, PARTS)] == []
    del lab, left
    gc.collect()
    assert seen() is None


@pytest.mark.parametrize("name", MAKE)
def test_a_lab_that_was_used_is_given_back(name):
    """What a lab shows only for a while is closed with it, too."""
    lab = MAKE[name]()
    bundle_of(lab)
    for _ in range(2):
        for widget in widgets_within(lab.view):
            use(widget)
    seen = weakref.ref(lab)
    lab.close()
    if hasattr(lab, "wait"):
        lab.wait(60)
    del lab, widget
    gc.collect()
    assert seen() is None


def use(widget):
    """Press it, or turn to its next page or state."""
    if isinstance(widget, widgets.Button) and not widget.disabled:
        widget.click()
    elif isinstance(widget, widgets.Checkbox | widgets.ToggleButton):
        widget.value = not widget.value
    elif isinstance(widget, widgets.Tab):
        widget.selected_index = ((widget.selected_index or 0) + 1) % len(widget.children)
