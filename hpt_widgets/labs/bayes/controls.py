"""What a reader moves, types and presses in the lab of Bayesian optimisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hpt_widgets.labs.bayes.state import DuelState
from hpt_widgets.labs.kit.control_panel import ControlPanel, show_one_message_at_a_time
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    StepControl,
    linear_slider,
    log_slider,
)
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.language import translate
from hpt_widgets.search.bayes.acquisition import ACQUISITIONS
from hpt_widgets.search.bayes.duel import MOST_KAPPA, N_FIRST
from hpt_widgets.search.bayes.objectives import OBJECTIVES, objective_of

KAPPA: Final = NumberRange(0.0, MOST_KAPPA)
STARTUP_JOBS: Final = (N_FIRST, 20)
"""As many random trials as all begin with, and hyperopt's default."""
USES_FIELDS: Final = ("ask",)
FIELD_LABEL_WIDTH: Final = "44%"
ICONS: Final = {"ask": "crosshairs", "new_game": "random", "reveal": "eye"}


@dataclass(frozen=True)
class BayesActions:
    """What the view calls when a reader does something.

    Attributes
    ----------
    on_change : callable
        With the settings that were changed, as the lab's `set` takes them.
    on_aim : callable
        With the value of the hyperparameter that was typed or slid to.
    on_point : callable
        With the place of a click, from 0 to 1.
    on_round : callable
        With the round to look at.
    on_button : callable
        With the name of a button.
    """

    on_change: Callable[..., None]
    on_aim: Callable[[float], None]
    on_point: Callable[[float], None]
    on_round: Callable[[int], None]
    on_button: Callable[[str], None]


class BayesControls(ControlPanel):
    """All controls of the lab.

    Parameters
    ----------
    state : DuelState
        To begin with.
    actions : BayesActions

    Attributes
    ----------
    aims : dict of bool to NumberControl
        Where the reader would try next: on a logarithmic axis (True), and on a plain one.
    round : StepControl
        Which round is looked at.
    """

    def __init__(self, state: DuelState, actions: BayesActions) -> None:
        self.aims = {
            True: _aim("learning_rate", "mnist", actions.on_aim),
            False: _aim("x", "two_hills", actions.on_aim),
        }
        self.round = StepControl(translate("bayes_lab.round"), 1, actions.on_round)
        self.round.widget.layout.flex = "0 0 auto"

        def choice(
            name: str, options: tuple[Any, ...], kind: type[ChoiceControl] = ChoiceControl
        ) -> ChoiceControl:
            made = kind(
                translate(f"bayes_lab.{name}"),
                [(translate(f"bayes_lab.{name}_{option}"), option) for option in options],
                options[0],
                lambda new: actions.on_change(**{name: new}),
            )
            made.dropdown.style.description_width = "32%"
            return made

        kappa = NumberControl(
            translate("bayes_lab.kappa"),
            state.settings.kappa,
            KAPPA,
            lambda new: actions.on_change(kappa=new),
            linear_slider(0.0, 5.0, 0.1),
        )
        fields: dict[str, Control] = {
            "objective": choice("objective", OBJECTIVES),
            "learning_rate": self.aims[True],
            "x": self.aims[False],
            "acquisition": choice("acquisition", ACQUISITIONS),
            "kappa": kappa,
            "n_startup_jobs": choice("n_startup_jobs", STARTUP_JOBS, StartupJobsControl),
        }
        for control in (*self.aims.values(), kappa):
            control.use_label_width(FIELD_LABEL_WIDTH)
        for control in self.aims.values():
            control.widget.add_class("hpt-bayes-aim")
        super().__init__(fields, "bayes_lab", ICONS, actions.on_button, USES_FIELDS)
        show_one_message_at_a_time([*fields.values(), self.round])
        below = [fields[name].widget for name in ("acquisition", "kappa", "n_startup_jobs")]
        above = [fields[name].widget for name in ("objective", "learning_rate", "x")]
        self.button_row.add_class("hpt-bayes-buttons")
        self.widget.children = [*above, self.button_row, *below, self.round.widget]
        self.widget.layout.flex = "0 0 auto"

    def show_state(self, state: DuelState) -> None:
        """Show the settings and the round, and only the controls that matter."""
        settings = state.settings
        is_log = state.objective.is_log
        self.show("objective", settings.objective)
        self.show("acquisition", settings.acquisition)
        self.show("kappa", settings.kappa)
        self.show("n_startup_jobs", settings.n_startup_jobs)
        for of_log, aim in self.aims.items():
            aim.widget.layout.display = "" if of_log == is_log else "none"
        is_bound = settings.acquisition == "upper_bound"
        self.fields["kappa"].widget.layout.display = "" if is_bound else "none"
        self.round.show_step(state.round, max(state.n_rounds, 1))
        self.round.widget.layout.visibility = "visible" if state.n_rounds else "hidden"
        key = "hide" if state.is_revealed else "reveal"
        self.buttons["reveal"].description = translate(f"bayes_lab.{key}")
        self.buttons["reveal"].tooltip = translate(f"bayes_lab.{key}")
        self.buttons["ask"].disabled = state.is_over


class StartupJobsControl(ChoiceControl):
    """The list of how many trials TPE draws at random; a number that `set` brings is added."""

    def _write(self, value: Any) -> None:
        if value not in [option for _, option in self.dropdown.options]:
            label = translate("bayes_lab.n_startup_jobs_other", n=value)
            self.dropdown.options = [*self.dropdown.options, (label, value)]
        super()._write(value)


def _aim(name: str, objective: str, on_aim: Callable[[float], None]) -> NumberControl:
    """Return the field and the slider for where to try, on the axis of an objective."""
    shape = objective_of(objective)
    slider = log_slider(-5, 0, 0.025, 10) if shape.is_log else linear_slider(0.0, 1.0, 0.005)
    label = translate(f"bayes_lab.{name}")
    middle = float(f"{shape.x_at(0.5):.3g}")
    return NumberControl(label, middle, NumberRange(shape.low, shape.high), on_aim, slider)
