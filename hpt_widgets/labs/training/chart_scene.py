"""What the two charts of the training lab show, as numbers and words: on the screen and on paper.

A scene knows neither bqplot nor matplotlib, so that both draw the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from hpt_widgets.labs.kit.end_labels import EndLabel
from hpt_widgets.labs.training.axis_ranges import AxisRange, Losses, accuracy_range, loss_range
from hpt_widgets.labs.training.run_labels import ChangedValues, describe_changed
from hpt_widgets.language import translate

# Of so many validations the best is marked.
FEWEST_TO_COMPARE: Final = 3
# Changes that are closer than this share of a run are one: a slider that is dragged makes many.
CLOSEST_CHANGES: Final = 0.03


@dataclass(frozen=True)
class Series:
    """One curve's points that are numbers.

    Attributes
    ----------
    x, y : list of float
        Of each point.
    """

    x: list[float]
    y: list[float]

    @classmethod
    def of(cls, x: Sequence[float], y: Sequence[float]) -> Series:
        """Leave out what is no number."""
        kept = [(a, b) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)]
        return cls([a for a, _ in kept], [b for _, b in kept])


@dataclass(frozen=True)
class Change:
    """What was changed in mid-run.

    Attributes
    ----------
    x : float
        When.
    values : ChangedValues
        From which values to which.
    color : str
        Of the run.
    """

    x: float
    values: ChangedValues
    color: str

    @property
    def text(self) -> str:
        """What was changed, in words."""
        return describe_changed(self.values)


@dataclass(frozen=True)
class RunCurves:
    """One run, as it is drawn.

    Attributes
    ----------
    color, label, hint : str
        Of its curves; how it is called, and all of its name where that is too long.
    is_present : bool
        Whether it is the newest.
    is_long : bool
        Whether it has several epochs.
    has_diverged : bool
        Whether it ended so.
    training, validation, accuracy : Series
        Its curves.
    changes : list of Change
        What was changed on its way.
    """

    color: str
    label: str
    hint: str
    is_present: bool
    is_long: bool
    has_diverged: bool
    training: Series
    validation: Series
    accuracy: Series
    changes: list[Change] = field(default_factory=list)

    @property
    def losses(self) -> Losses:
        """What the axis of the losses is fitted to."""
        return Losses(self.training.y, self.validation.y, self.is_long)


@dataclass(frozen=True)
class Spot:
    """A mark in a chart that says something when the mouse is over it.

    Attributes
    ----------
    x, y : float
        Where it is.
    text : str
        What it says.
    color : str
        Of its run.
    """

    x: float
    y: float
    text: str
    color: str


@dataclass(frozen=True)
class ChartScene:
    """All that one chart shows besides its curves.

    Attributes
    ----------
    axis : AxisRange
        The upright axis.
    above, below : list of Spot
        Where curves leave the chart for good.
    diverged : list of Spot
        Where runs diverged.
    best : list of Spot
        The lowest validation loss of each run.
    ends : list of EndLabel
        The names at the ends of the curves.
    changes : list of Change
        What was changed in mid-run.
    """

    axis: AxisRange
    above: list[Spot]
    below: list[Spot]
    diverged: list[Spot]
    best: list[Spot]
    ends: list[EndLabel]
    changes: list[Change]


def loss_scene(runs: Sequence[RunCurves], *, is_log: bool) -> ChartScene:
    """Return what the chart of the losses shows of these runs."""
    axis = loss_range([run.losses for run in runs], is_log=is_log)
    series = [
        (run, curve, name)
        for run in runs
        for curve, name in ((run.training, "training_loss"), (run.validation, "validation_loss"))
    ]
    ends = _lone_ends(runs[0], axis) if len(runs) == 1 else _ends(runs, axis)
    return _scene(runs, axis, series, ends, best=[s for run in runs for s in _best(run, axis)])


def accuracy_scene(runs: Sequence[RunCurves]) -> ChartScene:
    """Return what the chart of the validation accuracies shows of these runs."""
    axis = accuracy_range([run.accuracy.y for run in runs])
    series = [(run, run.accuracy, "accuracy") for run in runs]
    ends = [
        _end(run, run.accuracy, axis, f"{run.accuracy.y[-1]:.1%}" if len(runs) == 1 else run.label)
        for run in runs
        if run.accuracy.y
    ]
    return _scene(runs, axis, series, ends, best=[])


def merged_changes(changes: Sequence[Change], length: float) -> list[Change]:
    """Put changes together that are too close to be told apart along an axis of some length."""
    kept: list[Change] = []
    for change in changes:
        if kept and change.x - kept[-1].x < CLOSEST_CHANGES * length:
            values = _chained(kept[-1].values, change.values)
            kept[-1] = Change(kept[-1].x, values, change.color)
        else:
            kept.append(change)
    return kept


def _chained(first: ChangedValues, second: ChangedValues) -> ChangedValues:
    """Return the change from 0.1 to 0.4 for one from 0.1 to 0.2 and one from 0.2 to 0.4."""
    followed = {name: (first.get(name, values)[0], values[1]) for name, values in second.items()}
    return {**first, **followed}


def _scene(
    runs: Sequence[RunCurves],
    axis: AxisRange,
    series: Sequence[tuple[RunCurves, Series, str]],
    ends: list[EndLabel],
    best: list[Spot],
) -> ChartScene:
    above: list[Spot] = []
    below: list[Spot] = []
    diverged: list[Spot] = []
    for run, curve, name in series:
        if run.has_diverged:
            if name != "validation_loss" and curve.y:
                diverged.append(_diverged_spot(run, curve, axis))
        elif spot := _exit(run, curve, axis, name):
            (above if spot.y == axis.high else below).append(spot)
    changes = [change for run in runs for change in run.changes]
    return ChartScene(axis, above, below, diverged, best, ends, changes)


def _exit(run: RunCurves, curve: Series, axis: AxisRange, name: str) -> Spot | None:
    """Return where a curve leaves the chart and does not come back, or None."""
    if not curve.y:
        return None
    shares = [axis.share(value) for value in curve.y]
    last = shares[-1]
    if 0.0 <= last <= 1.0:
        return None
    edge = 1.0 if last > 1.0 else 0.0
    inside = [place for place, share in enumerate(shares) if 0.0 <= share <= 1.0]
    x = curve.x[-1]
    if inside:
        a, b = inside[-1], inside[-1] + 1
        x = float(np.interp(edge, *_ascending(shares[a], shares[b], curve.x[a], curve.x[b])))
    key = "training_charts.above" if edge else "training_charts.below"
    text = translate(key, run=run.label, curve=_curve_name(name), value=_value(curve.y[-1], name))
    return Spot(x, axis.high if edge else axis.low, text, run.color)


def _ascending(a: float, b: float, x: float, y: float) -> tuple[list[float], list[float]]:
    return ([a, b], [x, y]) if a < b else ([b, a], [y, x])


def _diverged_spot(run: RunCurves, curve: Series, axis: AxisRange) -> Spot:
    text = translate("training_charts.diverged", run=run.label)
    share = min(max(axis.share(curve.y[-1]), 0.0), 1.0)
    return Spot(curve.x[-1], axis.at(share), text, run.color)


def _best(run: RunCurves, axis: AxisRange) -> list[Spot]:
    """Return the place of the lowest validation loss, if there are several and it is shown.

    That a short run ends at its best needs no mark.
    """
    losses = run.validation.y
    if len(losses) < FEWEST_TO_COMPARE or run.has_diverged:
        return []
    place = losses.index(min(losses))
    is_plain = place == len(losses) - 1 and not run.is_long
    if is_plain or not 0.0 <= axis.share(losses[place]) <= 1.0:
        return []
    text = translate("training_charts.best_of", run=run.label, value=losses[place])
    return [Spot(run.validation.x[place], losses[place], text, run.color)]


def _ends(runs: Sequence[RunCurves], axis: AxisRange) -> list[EndLabel]:
    """Name each run where its validation loss ends, or its training loss while there is none."""
    ends = []
    for run in runs:
        curve = run.validation if run.validation.y else run.training
        if curve.y:
            ends.append(_end(run, curve, axis, run.label))
    return ends


def _lone_ends(run: RunCurves, axis: AxisRange) -> list[EndLabel]:
    """Say which curve is which, where there is nothing else to tell apart."""
    named = (
        (run.training, "training_charts.training", False),
        (run.validation, "training_charts.validation", True),
    )
    return [
        _end(run, curve, axis, translate(key), is_dashed=is_dashed)
        for curve, key, is_dashed in named
        if curve.y
    ]


def _end(
    run: RunCurves, curve: Series, axis: AxisRange, text: str, *, is_dashed: bool = False
) -> EndLabel:
    share = min(max(axis.share(curve.y[-1]), 0.0), 1.0)
    return EndLabel(share, text, run.color, run.is_present, run.hint, is_dashed)


def _curve_name(name: str) -> str:
    return translate(f"training_lab.{name}")


def _value(value: float, name: str) -> str:
    return f"{value:.1%}" if name == "accuracy" else f"{value:.3g}"
