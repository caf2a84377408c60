"""A press behind an entry that was refused, in every lab that has fields and begins something."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from lab_kinds import MAKE
from patience import SECONDS
from widget_tools import named, text_of

import hpt_widgets as hpt


class Case(NamedTuple):
    """A field, by its label, a button, by its words, and what a press of it changes."""

    lab: str
    field: str
    button: str
    seen: Callable[[Any], Any]


CASES = (
    Case("TrainingLab", "learning rate", "start", lambda lab: len(lab.runs)),
    Case("TrainingLab", "hidden units", "one step", lambda lab: lab.state),
    Case("SearchLab", "trials", "start", lambda lab: len(lab.searches)),
    Case("SweepLab", "values", "start", lambda lab: len(lab.records)),
    Case("SweepLab", "seeds", "start", lambda lab: len(lab.records)),
    Case("RangeTestLab", "highest rate", "start", lambda lab: len(lab.tests)),
    Case("BayesLab", "rate to try", "Try it", lambda lab: lab.n_rounds),
    Case("BankLab", "seeds to compare", "Draw anew", lambda lab: lab.settings.seed),
    Case("DescentLab", "steps", "One step forward", lambda lab: lab.step),
    Case("DescentLab", "start", "To the end", lambda lab: lab.step),
    Case("BackpropLab", "input x₁", "Next calculation", lambda lab: lab.n_done),
    Case("BackpropLab", "w₁₁", "One descent step", lambda lab: len(lab.errors)),
    Case("NetworkLab", "learning rate η", "Step", lambda lab: len(lab.losses)),
    Case("NetworkLab", "its value", "Step", lambda lab: len(lab.losses)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.lab}, {case.field}")
def test_it_runs_only_when_it_is_pressed_again(case):
    lab = MAKE[case.lab]()
    if case.lab == "DescentLab":
        lab.play_to(0)
    before = case.seen(lab)
    field, button = named(lab, case.field), named(lab, case.button)
    kept = field.value
    field.value = "½ of it"
    button.click()
    wait_for(lab)
    assert case.seen(lab) == before
    assert field.value == kept
    said = text_of(lab)
    label = "learning rate" if case.field == "values" else case.field
    assert f"{label}: &#x27;½" in said
    assert "press again to use" in said
    button.click()
    wait_for(lab)
    assert case.seen(lab) != before
    assert "½" not in text_of(lab)
    lab.close()


def wait_for(lab):
    if hasattr(lab, "wait"):
        lab.wait(SECONDS)


@pytest.mark.parametrize("kind", ["DescentLab", "NetworkLab"])
def test_what_plays_can_always_be_paused(kind):
    lab = MAKE[kind]()
    lab.play()
    named(lab, "steps" if kind == "DescentLab" else "noise").value = "x"
    named(lab, "Pause").click()
    assert not lab.is_playing
    lab.close()


def test_a_method_is_not_held_back():
    lab = hpt.BayesLab(n_seeds=2)
    named(lab, "rate to try").value = "5"
    lab.ask()
    assert lab.n_rounds == 1
    lab.close()
