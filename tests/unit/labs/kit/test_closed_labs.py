"""A lab that is closed is gone: a reader who runs its cell again and again has room for it."""

import gc
import weakref

import ipywidgets as widgets
import pytest
from lab_kinds import MAKE
from widget_tools import bundle_of, open_widgets

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
