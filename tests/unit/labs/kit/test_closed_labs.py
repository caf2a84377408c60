"""A lab that is closed is gone: a reader who runs its cell again and again has room for it."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest
from lab_kinds import MAKE
from widget_tools import bundle_of, open_widgets

from hpt_widgets.labs.kit.lab import widgets_within

# These come as part of others, and no longer counted once their owner is closed.
PARTS = (widgets.Layout, widgets.widget_description.DescriptionStyle)

ASKED_OF_CLOSED: dict[str, list[Callable[[Any], object]]] = {
    "TrainingLab": [
        lambda lab: lab.set(learning_rate=0.1),
        lambda lab: lab.start(),
        lambda lab: lab.step(),
    ],
    "SearchLab": [lambda lab: lab.set(trials=2), lambda lab: lab.start()],
    "SweepLab": [lambda lab: lab.set(seeds=1), lambda lab: lab.start()],
    "RangeTestLab": [lambda lab: lab.set(low=1e-5), lambda lab: lab.start()],
    "BayesLab": [lambda lab: lab.ask(0.5), lambda lab: lab.reveal()],
    "BankLab": [lambda lab: lab.set(n_trials=5), lambda lab: lab.redraw()],
    "DescentLab": [
        lambda lab: lab.set(steps=5),
        lambda lab: lab.play(),
        lambda lab: lab.play_to(1),
        lambda lab: lab.forward(),
        lambda lab: lab.back(),
        lambda lab: lab.set_speed(5),
        lambda lab: lab.show_convergence(),
    ],
    "BackpropLab": [
        lambda lab: lab.set(x1=0.5),
        lambda lab: lab.forward(),
        lambda lab: lab.back(),
        lambda lab: lab.descend(),
        lambda lab: lab.reset(),
    ],
    "NetworkLab": [
        lambda lab: lab.set(noise=0.1),
        lambda lab: lab.set_weight("b1_1", 0.1),
        lambda lab: lab.choose_weight("b1_1"),
        lambda lab: lab.add_point(0.1, 0.2),
        lambda lab: lab.add_layer(),
        lambda lab: lab.remove_layer(),
        lambda lab: lab.new_points(),
        lambda lab: lab.train(),
        lambda lab: lab.restart(),
        lambda lab: lab.play(),
    ],
    "DigitCanvas": [
        lambda lab: lab.draw([[(60, 60), (220, 50)]]),
        lambda lab: lab.read(np.eye(28)),
        lambda lab: lab.clear(),
        lambda lab: lab.undo(),
    ],
}


@pytest.mark.parametrize("name", MAKE)
def test_a_closed_lab_is_given_back(name):
    """What a lab shows only for a while is closed with it, too."""
    assert is_given_back(name, use_all)
    before = set(open_widgets)
    assert is_given_back(name, leave_alone)
    left = [widget for key, widget in open_widgets.items() if key not in before]
    assert [widget for widget in left if not isinstance(widget, PARTS)] == []


def is_given_back(name, use):
    """Return whether nothing holds a lab that was shown, used and closed."""
    lab = MAKE[name]()
    bundle_of(lab)
    use(lab)
    seen = weakref.ref(lab)
    lab.close()
    if hasattr(lab, "wait"):
        lab.wait(300)
    del lab
    gc.collect()
    return seen() is None


def leave_alone(lab):
    pass


def use_all(lab):
    for _ in range(2):
        for widget in widgets_within(lab.view):
            use(widget)


@pytest.mark.parametrize("name", ASKED_OF_CLOSED)
def test_a_closed_lab_says_so_and_does_nothing(name):
    lab = MAKE[name]()
    lab.close()
    for ask in ASKED_OF_CLOSED[name]:
        with pytest.raises(RuntimeError, match="run its cell again"):
            ask(lab)
    assert not getattr(lab, "is_playing", False)


def use(widget):
    """Press it, or turn to its next page or state."""
    if isinstance(widget, widgets.Button) and not widget.disabled:
        widget.click()
    elif isinstance(widget, widgets.Checkbox | widgets.ToggleButton):
        widget.value = not widget.value
    elif isinstance(widget, widgets.Tab):
        widget.selected_index = ((widget.selected_index or 0) + 1) % len(widget.children)
