"""The place of one run in the charts: its colour, its curves, and what is known of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from hpt_widgets.labs.kit.charts import Curve
from hpt_widgets.labs.training.chart_scene import Change, RunCurves, Series, merged_changes
from hpt_widgets.labs.training.live import Changes, TrainingRequest
from hpt_widgets.labs.training.run_labels import describe_changes
from hpt_widgets.training.run import HistoryPoint

XAxis = Literal["samples", "epochs", "seconds"]
X_AXES: Final[tuple[XAxis, ...]] = ("samples", "epochs", "seconds")
_FIELDS: Final = {"samples": "samples", "epochs": "epoch", "seconds": "seconds"}

# From so many epochs on, the first one is not what matters.
LONG_EPOCHS: Final = 5
PRESENT_WIDTH: Final = 3.5
GHOST_WIDTH: Final = 1.8
GHOST_OPACITY: Final = 0.7


@dataclass(eq=False)
class Slot:
    """The curves of one run. A slot keeps its colour, and serves a new run when it is oldest.

    Attributes
    ----------
    color : str
        Of all its curves, in CSS.
    training_loss, validation_loss, accuracy : Curve
        What is drawn of the run.
    request : TrainingRequest or None
        What the run trains; None while the slot is free.
    number : int or None
        The run's in the table, once it has ended.
    pinned : bool
        Whether the slot must keep its run.
    points : tuple of HistoryPoint
        The run's history.
    latest : HistoryPoint or None
        Where the present run stands, between two rows of its history.
    changes : Changes
        What was changed in mid-run.
    has_diverged : bool
        Whether the run ended so.
    curves : tuple of Curve
        All of them.
    """

    color: str
    training_loss: Curve
    validation_loss: Curve
    accuracy: Curve
    request: TrainingRequest | None = None
    number: int | None = None
    pinned: bool = False
    points: tuple[HistoryPoint, ...] = ()
    latest: HistoryPoint | None = None
    changes: Changes = ()
    has_diverged: bool = False
    curves: tuple[Curve, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.curves = (self.training_loss, self.validation_loss, self.accuracy)

    @property
    def is_measured(self) -> bool:
        """Whether there is a validation to compare with others."""
        return any(not math.isnan(point.validation_accuracy) for point in self.points)

    @property
    def is_long(self) -> bool:
        """Whether the run has so many epochs that its first is not what matters."""
        return self.request is not None and self.request.hyperparameters.epochs >= LONG_EPOCHS

    def loss_points(self) -> list[HistoryPoint]:
        """Return the history, and where the run stands now."""
        return [*self.points, *([self.latest] if self.latest else [])]

    def begin(self, request: TrainingRequest) -> None:
        """Serve another run."""
        self.forget_run()
        self.request = request

    def forget_run(self) -> None:
        """Serve no run any more; its curves stay on the screen until they are drawn anew."""
        self.request = self.number = self.latest = None
        self.points, self.changes = (), ()
        self.pinned = self.has_diverged = False

    def emphasise(self, present: bool) -> None:
        """Draw it as the present run or as a ghost."""
        width = PRESENT_WIDTH if present else GHOST_WIDTH
        for curve in self.curves:
            curve.style(self.color, width=width, opacity=1.0 if present else GHOST_OPACITY)

    def draw_training_loss(self, x_axis: XAxis, *, line_only: bool = False) -> None:
        """Draw the training loss up to where the run stands."""
        points = self.loss_points()
        losses = [point.training_loss for point in points]
        self.training_loss.draw(along(x_axis, points), losses, line_only=line_only)

    def draw_validations(self, x_axis: XAxis) -> None:
        """Draw what was measured on the validation data."""
        x = along(x_axis, self.points)
        self.validation_loss.draw(x, [point.validation_loss for point in self.points])
        self.accuracy.draw(x, [point.validation_accuracy for point in self.points])

    def in_numbers(
        self, x_axis: XAxis, label: str, hint: str, length: float, *, is_present: bool
    ) -> RunCurves:
        """Return what is drawn of the run; the axis is about so long."""
        points = self.loss_points()
        x, measured = along(x_axis, points), along(x_axis, self.points)
        return RunCurves(
            self.color,
            label,
            hint,
            is_present,
            self.is_long,
            self.has_diverged,
            Series.of(x, [point.training_loss for point in points]),
            Series.of(measured, [point.validation_loss for point in self.points]),
            Series.of(measured, [point.validation_accuracy for point in self.points]),
            merged_changes(self._changes(x_axis), length),
        )

    def _changes(self, x_axis: XAxis) -> list[Change]:
        if self.request is None or not self.changes:
            return []
        points = self.loss_points()
        samples = [0, *(point.samples for point in points)]
        x = [0.0, *along(x_axis, points)]
        return [
            Change(float(np.interp(change.samples, samples, x)), change.values, self.color)
            for change in describe_changes(self.request, self.changes)
        ]


def along(x_axis: XAxis, points: Sequence[HistoryPoint]) -> list[float]:
    """Return where points lie along an axis."""
    name = _FIELDS[x_axis]
    return [float(getattr(point, name)) for point in points]
