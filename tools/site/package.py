"""The one place where the page's tools and tests reach inside the package."""

from __future__ import annotations

from contextlib import closing
from typing import Any, Final

from hpt_widgets.data.handwriting import (
    BOX,
    CENTRE,
    FAINT,
    FIELD,
    PEN_SHARE,
    draw_strokes,
    pen_for,
    prepare_drawing,
)
from hpt_widgets.data.mnist import N_VALIDATION
from hpt_widgets.descent import verdict, walk
from hpt_widgets.descent.surfaces import SURFACES, Surface
from hpt_widgets.descent.verdict import _format as shown
from hpt_widgets.descent.verdict import describe
from hpt_widgets.descent.walk import MOST_STEPS, SCHEDULES, schedule_factors, stability_limit
from hpt_widgets.descent.walk import OPTIMIZERS as DESCENT_OPTIMIZERS
from hpt_widgets.exercises import all_quizzes
from hpt_widgets.exercises.display import as_html
from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.labs.bank.charts import COLORS as BANK_COLORS
from hpt_widgets.labs.bank.charts import LATE
from hpt_widgets.labs.bank.state import NUMBERS, RESAMPLINGS, UNITS, BankSettings
from hpt_widgets.labs.descent.charts import COLORS
from hpt_widgets.labs.descent.controls import optimizer_label
from hpt_widgets.labs.descent.loss_scene import (
    BEYOND,
    SHORT_SHARE,
    SYMBOLS,
    loss_limits,
    loss_scene,
)
from hpt_widgets.labs.descent.race import (
    DEFAULT_OPTIMIZERS,
    LOWEST_DRAWN,
    RaceSettings,
    suggested_rates,
)
from hpt_widgets.labs.descent.surface_map import N_BANDS, SHADE_POWER, ground_colors
from hpt_widgets.labs.descent.view import SPEEDS
from hpt_widgets.labs.digits.lab import SURE, THINNEST_PEN
from hpt_widgets.labs.digits.paper import CANVAS_SIZE, PEN_WIDTH
from hpt_widgets.labs.kit.controls import NotchedSlider, NumberControl
from hpt_widgets.labs.kit.hyperparameter_sliders import RANGES, SLIDERS
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.labs.kit.settings_text import MAIN
from hpt_widgets.labs.training.axis_ranges import LEAST_ACCURACY_SHOWN
from hpt_widgets.labs.training.chart_scene import CLOSEST_CHANGES, Change, merged_changes
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.mistakes import PICTURES_SHOWN, find_mistakes
from hpt_widgets.labs.training.run_labels import describe_changed, describe_changes
from hpt_widgets.labs.training.words import GUESSING, MINUTES_FROM
from hpt_widgets.language import LANGUAGES, Text, texts_of
from hpt_widgets.search.bank.plan import EPOCHS as TPE_EPOCHS
from hpt_widgets.search.bank.plan import N_RANDOM, N_SEQUENCES, Part
from hpt_widgets.search.bank.replay import (
    BAND,
    MAX_EPOCHS,
    MEASURES,
    MUCH,
    N_COMPARISONS,
    N_GROUPS,
    N_RESAMPLINGS,
    SEED_COUNTS,
    STEPS_A_TRIAL,
    STRATEGIES,
)
from hpt_widgets.search.bank.replay import SURE as FIRST_SURE
from hpt_widgets.search.bank.table import N_VALIDATION as BANK_VALIDATION
from hpt_widgets.search.bank.table import TrialBank, shipped_bank
from hpt_widgets.search.halving import DEFAULT_FACTOR, brackets_of
from hpt_widgets.support.colors import NEUTRAL, PALETTE
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.dropout import dropout_masks
from hpt_widgets.training.hyperparameters import (
    ACTIVATIONS,
    KINDS,
    MAXIMUM_LAYERS,
    MAXIMUM_UNITS,
)
from hpt_widgets.training.keras_code import keras_program
from hpt_widgets.training.network import initial_weights
from hpt_widgets.training.optimizers import (
    ADAM_BETA_2,
    EPSILON,
    MOMENTUM,
    RMSPROP_RHO,
    SLOTS_PER_WEIGHT,
)
from hpt_widgets.training.program import (
    DIVERGENCE_BOUND,
    Architecture,
    ProgramState,
    StepSettings,
    TrainingProgram,
)
from hpt_widgets.training.record_plan import (
    EARLY_POINTS,
    POINTS_PER_EPOCH,
    POINTS_PER_RUN,
    VALIDATIONS_PER_EPOCH,
    VALIDATIONS_PER_RUN,
    RecordPlan,
)
from hpt_widgets.training.session import CHANGEABLE

# Those that the page's own kernel has, and those of the package that it has not.
OPTIMIZERS: Final = ("sgd", "momentum", "rmsprop", "adam")
OPTIMIZERS_LEFT_OUT: Final = ("nesterov", "adagrad")
# Where the page's network stands in what it has no setting for.
FIXED_SETTINGS: Final = {
    "momentum": MOMENTUM,
    "epsilon": EPSILON,
    "schedule": "constant",
    "warm_up": 0.0,
    "initial_scale": 1.0,
    "parametrization": "standard",
    "base_width": 128,
}
# The parts of the trial bank whose settings are drawn, or trained one after the other.
BANK_PARTS: Final[tuple[Part, ...]] = ("random", "grid")

__all__ = [
    "ACTIVATIONS",
    "ADAM_BETA_2",
    "BAND",
    "BANK_COLORS",
    "BANK_PARTS",
    "BANK_VALIDATION",
    "BEYOND",
    "BOX",
    "CANVAS_SIZE",
    "CENTRE",
    "CHANGEABLE",
    "CLOSEST_CHANGES",
    "COLORS",
    "DEFAULT_FACTOR",
    "DEFAULT_OPTIMIZERS",
    "DESCENT_OPTIMIZERS",
    "DIVERGENCE_BOUND",
    "EARLY_POINTS",
    "EPSILON",
    "FAINT",
    "FIELD",
    "FIRST_SURE",
    "FIXED_SETTINGS",
    "GUESSING",
    "KINDS",
    "LANGUAGES",
    "LATE",
    "LEAST_ACCURACY_SHOWN",
    "LOWEST_DRAWN",
    "MAIN",
    "MAXIMUM_LAYERS",
    "MAXIMUM_UNITS",
    "MAX_EPOCHS",
    "MEASURES",
    "MINUTES_FROM",
    "MOMENTUM",
    "MOST_STEPS",
    "MUCH",
    "NEUTRAL",
    "NUMBERS",
    "N_BANDS",
    "N_COMPARISONS",
    "N_GROUPS",
    "N_RANDOM",
    "N_RESAMPLINGS",
    "N_SEQUENCES",
    "N_VALIDATION",
    "OPTIMIZERS",
    "OPTIMIZERS_LEFT_OUT",
    "PALETTE",
    "PEN_SHARE",
    "PEN_WIDTH",
    "PICTURES_SHOWN",
    "POINTS_PER_EPOCH",
    "POINTS_PER_RUN",
    "RANGES",
    "RESAMPLINGS",
    "RMSPROP_RHO",
    "SCHEDULES",
    "SEED_COUNTS",
    "SHADE_POWER",
    "SHORT_SHARE",
    "SLIDERS",
    "SLOTS_PER_WEIGHT",
    "SPEEDS",
    "STEPS_A_TRIAL",
    "STRATEGIES",
    "SURE",
    "SURFACES",
    "SYMBOLS",
    "THINNEST_PEN",
    "TPE_EPOCHS",
    "UNITS",
    "VALIDATIONS_PER_EPOCH",
    "VALIDATIONS_PER_RUN",
    "Architecture",
    "BankSettings",
    "Change",
    "Choice",
    "NotchedSlider",
    "NumberControl",
    "NumberRange",
    "Part",
    "ProgramState",
    "Question",
    "RaceSettings",
    "RecordPlan",
    "StepSettings",
    "Surface",
    "Text",
    "TrainingProgram",
    "TrainingRequest",
    "TrialBank",
    "all_quizzes",
    "as_html",
    "bank_controls",
    "brackets_of",
    "descent_beginning",
    "descent_controls",
    "describe",
    "describe_changed",
    "describe_changes",
    "draw_strokes",
    "dropout_masks",
    "find_mistakes",
    "ground_colors",
    "initial_weights",
    "keras_program",
    "load_tensorflow",
    "loss_limits",
    "loss_scene",
    "merged_changes",
    "optimizer_label",
    "pen_for",
    "prepare_drawing",
    "schedule_factors",
    "shipped_bank",
    "shown",
    "slider_of",
    "stability_limit",
    "suggested_rates",
    "texts_of",
    "verdict_thresholds",
    "walk_constants",
]


def walk_constants() -> dict[str, Any]:
    """Return the numbers in the rules by which the optimisers of the descent lab walk."""
    return {
        "far": walk._DIVERGENCE_FACTOR,
        "adagrad": {
            "epsilon": walk._AdaGrad.epsilon,
            "first_square": walk._AdaGrad.first_square,
        },
        "rmsprop": {"epsilon": walk._RMSProp.epsilon, "rho": walk._RMSProp.rho},
        "adam": {
            "epsilon": walk._Adam.epsilon,
            "beta_1": walk._Adam.beta_1,
            "beta_2": walk._Adam.beta_2,
        },
    }


def verdict_thresholds() -> dict[str, float]:
    """Return what the verdicts on walks call near, short, narrow and the like."""
    return {
        "recent": verdict._WINDOW,
        "near": verdict._NEAR_SHARE,
        "calm": verdict._CALM_MOVES,
        "short": verdict._CREEPING_SHARE,
        "level": verdict._LEVEL_SHARE,
        "full_step": verdict._FULL_STEP_SHARE,
        "least_percent": verdict._LEAST_PERCENT,
        "no_gain": verdict._NO_GAIN_SHARE,
        "zigzag": verdict._ZIGZAG_SHARE,
        "fewest": verdict._FEWEST_MOVES,
        "no_curvature": verdict._NO_CURVATURE,
        "saddle": verdict._SADDLE_SHARE,
        "local_gaps": verdict._LOCAL_GAPS,
        "narrow": verdict._NARROW_RATIO,
    }


def slider_of(slider: NotchedSlider) -> dict[str, Any]:
    """Return what a slider's notches stand for."""
    return {
        "minimum": slider._minimum,
        "step": slider._step,
        "base": slider._base,
        "notches": slider.widget.max,
    }


def bank_controls() -> tuple[dict[str, dict[str, Any]], dict[str, NumberRange]]:
    """Return the sliders of the bank lab, and what its numbers may be, by setting."""
    from hpt_widgets import BankLab

    with closing(BankLab(n_resamplings=int(RESAMPLINGS.minimum))) as lab:
        found = {
            name: slider_of(control.slider)
            for name, control in lab.view.controls.fields.items()
            if isinstance(control, NumberControl) and control.slider is not None
        }
    return found, {**NUMBERS, "n_resamplings": RESAMPLINGS}


def descent_beginning() -> dict[str, Any]:
    """Return what the descent lab shows first: a surface's name, and steps a second."""
    from hpt_widgets import DescentLab

    with closing(DescentLab()) as lab:
        return {"first_surface": lab.settings.surface.name, "speed": int(lab.speed)}


def descent_controls() -> dict[str, tuple[NumberRange, dict[str, Any]]]:
    """Return what the descent lab's fields allow, and their sliders, by setting."""
    from hpt_widgets import DescentLab

    found = {}
    with closing(DescentLab()) as lab:
        controls: dict[str, NumberControl] = dict(lab.view.controls.numbers)
        controls["learning_rate"] = lab.view.controls.racers["adam"].rate
        for name, control in controls.items():
            if control.slider is None:
                raise ValueError(f"{name} has no slider in the descent lab")
            found[name] = (control._allowed, slider_of(control.slider))
    return found
