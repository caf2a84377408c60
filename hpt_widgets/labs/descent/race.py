"""The state of the descent lab, without a screen: who walks where, and the playhead."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np

from hpt_widgets.descent.surfaces import (
    SURFACES,
    FloatArray,
    Point,
    Surface,
    as_point,
    get_surface,
)
from hpt_widgets.descent.verdict import Verdict, describe
from hpt_widgets.descent.walk import OPTIMIZERS, DescentPath, race
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import items_of, not_allowed, require_number

DEFAULT_OPTIMIZERS: Final = ("gradient_descent", "momentum", "adam")
# Below this height above the minimum a logarithmic chart shows only rounding.
LOWEST_DRAWN: Final = 1e-12
# Of an unknown minimum it is known that it lies no higher than the lowest loss that was met. The
# loss axis begins so far below that, as a share of what was fallen: at a margin of next to nothing
# the walk that met it would seem to fall to nothing for one step.
MARGIN_BELOW: Final = 0.01


@dataclass(frozen=True)
class RaceSettings:
    """All that decides how the walks go.

    Attributes
    ----------
    surface : Surface
    optimizers : tuple of str
        Those that walk, in the order of `OPTIMIZERS`.
    learning_rates : dict of str to float
        Of all six, racing or not.
    start : tuple of float
    steps, momentum, gradient_noise, seed, schedule, bias_correction
        As in `hpt_widgets.descend`.
    """

    surface: Surface
    optimizers: tuple[str, ...]
    learning_rates: dict[str, float]
    start: Point
    steps: int = 100
    momentum: float = 0.9
    gradient_noise: float = 0.0
    seed: int = 0
    schedule: str = "constant"
    bias_correction: bool = True


NAMES_OF_SETTINGS: Final = (
    "surface",
    "condition_number",
    "optimizers",
    "learning_rate",
    "learning_rates",
    "start",
    "steps",
    "momentum",
    "gradient_noise",
    "seed",
    "schedule",
    "bias_correction",
)


def built_in_name(surface: Surface) -> str | None:
    """Return the name of a built-in surface; None for a reader's own, whatever it is called."""
    is_bowl = surface.name == "quadratic_bowl" and surface.condition_number is not None
    return surface.name if is_bowl or surface is SURFACES.get(surface.name) else None


def suggested_rates(surface: Surface) -> dict[str, float]:
    """Return a learning rate for each optimiser that shows it at work on this surface.

    The rescaling optimisers move by about η a step whatever the slope, so their rates
    follow from the size of the window; the others' from the surface's own hint.
    """
    plain, reach = surface.learning_rate, surface.diagonal
    raw = {
        "gradient_descent": plain,
        "momentum": plain / 4,
        "nesterov": plain / 4,
        "adagrad": reach / 20,
        "rmsprop": reach / 100,
        "adam": reach / 50,
    }
    return {name: float(f"{raw[name]:.2g}") for name in OPTIMIZERS}


@dataclass
class DescentRace:
    """The walks under the present settings, and how far they are shown.

    Attributes
    ----------
    settings : RaceSettings
    paths : dict of str to DescentPath
        One for each racing optimiser.
    playhead : float
        The step shown; between two whole steps while the race plays.
    """

    settings: RaceSettings
    paths: dict[str, DescentPath] = field(init=False)
    playhead: float = field(init=False)

    def __post_init__(self) -> None:
        self.paths = _walk(self.settings, {})
        self.playhead = float(self.settings.steps)

    @classmethod
    def on(cls, surface: Surface | str, **changes: Any) -> DescentRace:
        """Start on a surface with its suggested rates, then make these changes."""
        ground = get_surface(surface)
        settings = RaceSettings(
            surface=ground,
            optimizers=DEFAULT_OPTIMIZERS,
            learning_rates=suggested_rates(ground),
            start=ground.start,
        )
        return cls(changed_settings(settings, changes))

    def set(self, **changes: Any) -> None:
        """Change settings and walk anew; if one is not allowed, nothing changes.

        Racers whom a change does not touch keep their walks, so that a slider is answered soon.
        """
        settings = changed_settings(self.settings, changes)
        untouched = _untouched(self.settings, settings)
        paths = _walk(settings, {name: self.paths[name] for name in untouched})
        was_at_end = self.playhead >= self.settings.steps
        self.settings, self.paths = settings, paths
        self.playhead = float(settings.steps) if was_at_end else self._clipped(self.playhead)

    def move_to(self, step: float) -> None:
        """Set the playhead, within the race."""
        self.playhead = self._clipped(step)

    def _clipped(self, step: float) -> float:
        return float(min(max(step, 0.0), self.settings.steps))

    @property
    def step(self) -> int:
        """The last whole step that the playhead has passed."""
        return math.floor(self.playhead)

    @property
    def is_at_end(self) -> bool:
        """Whether all is shown."""
        return self.playhead >= self.settings.steps

    def verdict(self, optimizer: str) -> Verdict:
        """Judge one walk as of the playhead."""
        return describe(self.paths[optimizer], self.settings.surface, self.step)

    def heights(self) -> FloatArray:
        """Return what the loss chart shows, of shape (n_racers, steps + 1), all above 0.

        It is the height above the minimum where that is known, else above what is a little lower
        than any loss that was met; where losses are positive anyway, the loss itself.
        """
        losses = np.stack([path.losses for path in self.paths.values()])
        return np.maximum(losses - self.floor, LOWEST_DRAWN)

    @property
    def loss_axis(self) -> str:
        """Which of the lab's texts says what `heights` are."""
        if self.settings.surface.minima:
            return "loss_axis"
        return "met_loss_axis" if self.floor else "raw_loss_axis"

    @property
    def floor(self) -> float:
        """What is taken off the losses before they go on a logarithmic scale."""
        lowest = self.settings.surface.lowest
        if lowest is not None:
            return lowest
        met = min(float(path.losses.min()) for path in self.paths.values())
        if met > 0:
            return 0.0
        fallen = max(float(path.losses[0]) for path in self.paths.values()) - met
        return met - max(MARGIN_BELOW * fallen, LOWEST_DRAWN)


def _walk(settings: RaceSettings, kept: Mapping[str, DescentPath]) -> dict[str, DescentPath]:
    """Return the walks of all that race; those that are kept are not walked again."""
    rates = {
        name: settings.learning_rates[name] for name in settings.optimizers if name not in kept
    }
    walked = (
        {}
        if kept and not rates
        else race(
            settings.surface,
            rates,
            start=settings.start,
            steps=settings.steps,
            momentum=settings.momentum,
            gradient_noise=settings.gradient_noise,
            seed=settings.seed,
            schedule=settings.schedule,
            bias_correction=settings.bias_correction,
        )
    )
    walks = {**kept, **walked}
    return {name: walks[name] for name in settings.optimizers}


def _untouched(before: RaceSettings, after: RaceSettings) -> list[str]:
    """Return the racers of both for whom nothing has changed."""
    common = (
        f.name for f in fields(RaceSettings) if f.name not in ("optimizers", "learning_rates")
    )
    if not all(_is_same(getattr(before, name), getattr(after, name)) for name in common):
        return []
    return [
        name
        for name in after.optimizers
        if name in before.optimizers
        and _is_same(before.learning_rates[name], after.learning_rates[name])
    ]


def _is_same(one: object, other: object) -> bool:
    # True equals 1, but is no step count; whoever checks the values has to see it.
    return type(one) is type(other) and one == other


def changed_settings(settings: RaceSettings, changes: Mapping[str, Any]) -> RaceSettings:
    """Return settings with these changes; what a walk itself checks is left to it."""
    for name, value in changes.items():
        if name not in NAMES_OF_SETTINGS:
            allowed = ", ".join(NAMES_OF_SETTINGS)
            message = "descent_lab.unknown_setting"
            raise ValueError(translate(message, name=name, value=value, allowed=allowed))
    rest = dict(changes)
    settings = _on_surface(settings, rest)
    if "optimizers" in rest:
        settings = _with_optimizers(settings, rest.pop("optimizers"))
    if "learning_rates" in rest:
        settings = _with_rates(settings, rest.pop("learning_rates"))
    if "learning_rate" in rest:
        rate = require_number("learning_rate", rest.pop("learning_rate"), above=0)
        rates = dict.fromkeys(settings.optimizers, rate)
        settings = replace(settings, learning_rates={**settings.learning_rates, **rates})
    if "start" in rest:
        rest["start"] = as_point(rest["start"], settings.surface.n_dims)
    return replace(settings, **rest)


def _on_surface(settings: RaceSettings, changes: dict[str, Any]) -> RaceSettings:
    """Take surface and condition number out of the changes, and make them.

    A new surface brings its own start and rates; a new condition number keeps them, so
    that a rate is seen to become too large.
    """
    kappa = changes.pop("condition_number", None)
    if "surface" in changes:
        chosen = changes.pop("surface")
        is_there = isinstance(chosen, str) and chosen == built_in_name(settings.surface)
        if kappa is None and is_there:
            return settings
        surface = get_surface(chosen, kappa)
        rates = suggested_rates(surface)
        return replace(settings, surface=surface, start=surface.start, learning_rates=rates)
    if kappa is not None:
        surface = get_surface("quadratic_bowl", kappa)
        if built_in_name(settings.surface) != "quadratic_bowl":
            return replace(settings, surface=surface, start=surface.start)
        return replace(settings, surface=surface)
    return settings


def _with_optimizers(settings: RaceSettings, chosen: object) -> RaceSettings:
    if isinstance(chosen, Mapping):
        settings = _with_rates(settings, chosen)
        chosen = list(chosen)
    wanted = [chosen] if isinstance(chosen, str) else items_of(chosen) or ()
    if not wanted or not all(_is_optimizer(name) for name in wanted):
        options = ", ".join(OPTIMIZERS)
        raise ValueError(not_allowed("optimizers", chosen, "checks.choices", options=options))
    return replace(settings, optimizers=tuple(name for name in OPTIMIZERS if name in wanted))


def _with_rates(settings: RaceSettings, rates: object) -> RaceSettings:
    if not isinstance(rates, Mapping) or not all(_is_optimizer(name) for name in rates):
        raise ValueError(not_allowed("learning_rates", rates, "descent.learning_rates"))
    checked = {
        name: require_number(f"learning_rates[{name!r}]", rate, above=0)
        for name, rate in rates.items()
    }
    return replace(settings, learning_rates={**settings.learning_rates, **checked})


def _is_optimizer(name: object) -> bool:
    return isinstance(name, str) and name in OPTIMIZERS
