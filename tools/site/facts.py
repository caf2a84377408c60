"""What the page takes from the package: defaults, ranges, constants, surfaces and words."""

from __future__ import annotations

import json
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

import hpt_widgets as hpt
from tools.site import package
from tools.site.words import BANK_TEXTS, TEXTS

# The parts of the package's language tables that the page speaks with.
PARTS: Final = (
    "bank_lab",
    "controls",
    "descent",
    "checks",
    "descent_lab",
    "descent_verdict",
    "digit_canvas",
    "hyperparameters",
    "run_labels",
    "surfaces",
    "training",
    "training_lab",
)
N_CLASSES: Final = 10
# The page's axis leaves out what earlier runs reach above this; a network that guesses has 2.3.
GHOST_LOSS_CAP: Final = 10.0
N_PIXELS: Final = 28 * 28
# NumPy draws the noise of the walks when the page is built, for so many seeds.
NOISE_SEEDS: Final = 16
# The page mixes the colours of the map's ground between so many.
GROUND_STOPS: Final = 33


def all_facts() -> dict[str, Any]:
    """Return everything that does not depend on the language."""
    return {
        **training_facts(),
        "colors": {"palette": package.PALETTE, "neutral": package.NEUTRAL},
        "descent": descent_facts(),
        "drawing": drawing_facts(),
    }


def training_facts() -> dict[str, Any]:
    """Return what the training lab needs."""
    # The page has the hyperparameters of version 0.1.
    defaults = hpt.Hyperparameters().to_record()
    ranges = {name: asdict(value) for name, value in package.RANGES.items() if name in defaults}
    return {
        "defaults": defaults,
        "ranges": ranges,
        "sliders": {name: package.slider_of(make()) for name, make in package.SLIDERS.items()},
        "optimizers": package.OPTIMIZERS,
        "activations": package.ACTIVATIONS,
        "changeable": package.CHANGEABLE,
        "closest_changes": package.CLOSEST_CHANGES,
        "main_settings": package.MAIN,
        "most_layers": package.MAXIMUM_LAYERS,
        "most_units": package.MAXIMUM_UNITS,
        "optimizer_constants": {
            "momentum": package.MOMENTUM,
            "rho": package.RMSPROP_RHO,
            "beta_1": package.MOMENTUM,
            "beta_2": package.ADAM_BETA_2,
            "epsilon": package.EPSILON,
        },
        "record_plan": {
            "points_per_epoch": package.POINTS_PER_EPOCH,
            "points_per_run": package.POINTS_PER_RUN,
            "validations_per_epoch": package.VALIDATIONS_PER_EPOCH,
            "validations_per_run": package.VALIDATIONS_PER_RUN,
            "early_points": package.EARLY_POINTS,
        },
        "divergence_bound": package.DIVERGENCE_BOUND,
        "guessing": package.GUESSING,
        "minutes_from": package.MINUTES_FROM,
        "ghost_loss_cap": GHOST_LOSS_CAP,
        "least_accuracy_shown": package.LEAST_ACCURACY_SHOWN,
        "pictures_shown": package.PICTURES_SHOWN,
        "digits": {
            "pixels": N_PIXELS,
            "classes": N_CLASSES,
            "train": 60_000 - package.N_VALIDATION,
            "validation": package.N_VALIDATION,
        },
    }


def drawing_facts() -> dict[str, Any]:
    """Return how a drawing is turned into a picture like MNIST's."""
    return {
        "size": package.CANVAS_SIZE,
        "pen_width": package.PEN_WIDTH,
        "thinnest_pen": package.THINNEST_PEN,
        "pen_share": package.PEN_SHARE,
        "field": package.FIELD,
        "box": package.BOX,
        "centre": package.CENTRE,
        "faint": package.FAINT,
        "sure": package.SURE,
    }


def descent_facts() -> dict[str, Any]:
    """Return what the descent lab needs; the functions themselves are written anew."""
    controls = package.descent_controls()
    settings = {one.name: one.default for one in fields(package.RaceSettings)}
    return {
        "defaults": {name: value for name, value in settings.items() if value is not MISSING},
        **package.descent_beginning(),
        "speeds": [int(speed) for speed in package.SPEEDS],
        "noise_seeds": NOISE_SEEDS,
        "optimizers": package.DESCENT_OPTIMIZERS,
        "schedules": package.SCHEDULES,
        "rules": package.walk_constants(),
        "verdict": package.verdict_thresholds(),
        "default_optimizers": package.DEFAULT_OPTIMIZERS,
        "colors": package.COLORS,
        "ground": package.ground_colors(GROUND_STOPS),
        "bands": package.N_BANDS,
        "shade_power": package.SHADE_POWER,
        "lowest_drawn": package.LOWEST_DRAWN,
        "beyond": package.BEYOND,
        "short_share": package.SHORT_SHARE,
        "edges": package.SYMBOLS,
        "ranges": {name: asdict(allowed) for name, (allowed, _) in controls.items()},
        "sliders": {name: slider for name, (_, slider) in controls.items()},
        "surfaces": {name: surface_facts(made) for name, made in package.SURFACES.items()},
    }


def write_noise(folder: Path) -> None:
    """Write what NumPy draws for each seed, as many numbers as the longest walk needs."""
    steps, _ = package.descent_controls()["steps"]
    for seed in range(NOISE_SEEDS):
        normals = np.random.default_rng(seed).standard_normal(2 * (int(steps.maximum) + 1))
        (folder / f"noise-{seed}.bin").write_bytes(normals.astype("<f8").tobytes())


def surface_facts(surface: package.Surface) -> dict[str, Any]:
    """Return where a surface is looked at, where a walk starts, and with what rates."""
    return {
        "window": surface.window,
        "start": surface.start,
        "minima": surface.minima,
        "learning_rate": surface.learning_rate,
        "suggested_rates": package.suggested_rates(surface),
        "condition_number": surface.condition_number,
        "formula": surface.formula,
    }


def texts(language: str) -> dict[str, dict[str, str]]:
    """Return all words of the page in one language, by part and key."""
    tables = {part: package.texts_of(part) for part in PARTS}
    tables |= {"page": TEXTS, "bank_page": BANK_TEXTS}
    return {
        part: {key: getattr(words, language) for key, words in table.items()}
        for part, table in tables.items()
    }


def as_module(values: dict[str, Any]) -> str:
    """Write facts as a JavaScript module."""
    text = json.dumps(values, ensure_ascii=False, indent=1)
    return f"// Made by tools/site from the package: do not edit.\nexport const facts = {text};\n"
