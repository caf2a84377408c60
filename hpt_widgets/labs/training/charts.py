"""The curves of the training lab: the present run, and earlier ones as ghosts."""

from __future__ import annotations

import html
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import ipywidgets as widgets

from hpt_widgets.labs.kit.charts import (
    Curve,
    drawable,
    figure,
    log_axis,
    log_tick_format,
    swatch,
)
from hpt_widgets.labs.kit.settings_text import MAIN, describe_settings
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.run_labels import labels_of
from hpt_widgets.language import translate
from hpt_widgets.support.colors import PALETTE
from hpt_widgets.training.run import HistoryPoint
from hpt_widgets.training.session import Progress

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

XAxis = Literal["samples", "seconds"]
X_AXES: Final[tuple[XAxis, ...]] = ("samples", "seconds")

PRESENT_WIDTH: Final = 3.5
GHOST_WIDTH: Final = 1.8
GHOST_OPACITY: Final = 0.55
# A network that guesses has a loss of 2.3; the axis leaves out what ghosts reach above this.
GHOST_LOSS_CAP: Final = 10.0
EMPTY_LOSSES: Final = (0.1, 4.0)
# The accuracy axis ends at 100 % and is never shorter than this.
LEAST_ACCURACY_SHOWN: Final = 0.01
MOST_ACCURACY_TICKS: Final = 6


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
    curves: tuple[Curve, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.curves = (self.training_loss, self.validation_loss, self.accuracy)

    @property
    def is_measured(self) -> bool:
        """Whether there is a validation to compare with others."""
        return bool(self.accuracies())

    def loss_points(self) -> list[HistoryPoint]:
        """Return the history, and where the run stands now."""
        return [*self.points, *([self.latest] if self.latest else [])]

    def forget_run(self) -> None:
        """Serve no run any more; its curves stay on the screen until they are drawn anew."""
        self.request = self.number = self.latest = None
        self.points, self.pinned = (), False

    def accuracies(self) -> list[float]:
        """Return the validation accuracies that were measured."""
        measured = [point.validation_accuracy for point in self.points]
        return [accuracy for accuracy in measured if not math.isnan(accuracy)]

    def losses(self) -> list[float]:
        """Return the losses that a logarithmic axis can show."""
        return [
            loss
            for point in self.loss_points()
            for loss in (point.training_loss, point.validation_loss)
            if 0 < loss < math.inf
        ]

    def emphasise(self, present: bool) -> None:
        """Draw it as the present run or as a ghost."""
        width = PRESENT_WIDTH if present else GHOST_WIDTH
        for curve in self.curves:
            curve.style(self.color, width=width, opacity=1.0 if present else GHOST_OPACITY)


class TrainingCharts:
    """Loss and validation accuracy of the present run and of up to five others.

    All methods may be called from any thread.

    Parameters
    ----------
    defaults : TrainingRequest
        What the lab begins with: the empty axes are made for it, and the legend names where
        the present run differs from it.

    Attributes
    ----------
    slots : list of Slot
        The curves of each run: the present one first, then the newest ghost.
    loss_figure, accuracy_figure : Figure
        The two charts.
    legend : HTML
        What each colour means.
    x_axis : {"samples", "seconds"}
        What lies along both charts.
    """

    def __init__(self, defaults: TrainingRequest) -> None:
        self._lock = threading.RLock()
        self._defaults = defaults
        self._is_new = False  # a run has begun, and nothing of it is on the screen yet
        self._is_unsettled = False  # its first point is, and nothing else
        self.x_axis: XAxis = "samples"
        self.loss_figure, loss = figure(
            "", translate("training_lab.loss"), log_y=True, x_limits=(0, None)
        )
        self.accuracy_figure, accuracy = figure(
            "",
            translate("training_lab.accuracy"),
            height="240px",
            x_limits=(0, None),
            y_limits=(0.0, 1.0),
        )
        self.accuracy_figure.axes[1].tick_format = ".1~%"
        # The last slot serves the second run: the colours of the first two must differ most.
        colors = (PALETTE[0], *reversed(PALETTE[1:]))
        slots = [self._slot(color, loss, accuracy) for color in colors]
        self.slots = slots
        self.loss_figure.marks = [m for s in slots for c in s.curves[:2] for m in c.marks]
        self.accuracy_figure.marks = [m for s in slots for m in s.accuracy.marks]
        self.legend = widgets.HTML()
        self.legend.add_class("hpt-legend")
        self._label_x_axes()
        self.widget = widgets.VBox(
            [self.loss_figure, self.accuracy_figure],
            layout={"width": "100%", "overflow": "visible"},
        )
        self._fit_loss_axis()
        self._fit_accuracy_axis()
        self._fit_x_axes()
        self._write_legend()

    def begin(self, request: TrainingRequest) -> None:
        """Make a place for a new run; the last one becomes a ghost if it was measured.

        Nothing is sent to the screen before the run's first point, which `draw` brings: that
        is what the reader waits for, and each message before it would make it late.
        """
        with self._lock:
            present = self.slots[0]
            if present.is_measured or present.pinned:
                self.slots.insert(0, self.slots.pop(self._oldest_free()))
            self.slots[0].forget_run()
            self.slots[0].request = request
            self._is_new = True

    def draw(self, points: tuple[HistoryPoint, ...], progress: Progress) -> None:
        """Show where the present run stands.

        A new run's first point goes to the screen alone: all else that a new run changes
        follows with the next one, or with `settle`.
        """
        with self._lock:
            slot = self.slots[0]
            has_new_row = len(points) != len(slot.points)
            slot.points = points
            slot.latest = None if progress.recorded else _as_point(progress)
            if self._is_new:
                self._is_new, self._is_unsettled = False, True
                self._draw_training_loss(slot)
            elif self._is_unsettled:
                self.settle()
            else:
                self._draw_slot(slot, validation=has_new_row)

    def settle(self) -> None:
        """Make ghosts of the earlier runs, and bring legend and axes up to the present one."""
        with self._lock:
            if not self._is_unsettled:
                return
            self._is_unsettled = False
            self._draw_slot(self.slots[0], validation=True)
            for place, slot in enumerate(self.slots):
                slot.emphasise(present=place == 0)
            self._fit_x_axes()
            self._write_legend()

    def finish(
        self, request: TrainingRequest, points: tuple[HistoryPoint, ...], number: int
    ) -> None:
        """Show a run that has ended, and remember its number."""
        with self._lock:
            slot = next((slot for slot in self.slots if slot.request is request), None)
            if slot is not None:
                slot.points, slot.latest, slot.number = points, None, number
                self._draw_slot(slot, validation=True)
                self.settle()

    def pin(self, number: int, pinned: bool) -> bool:
        """Keep a run's curves, or release them; return whether it is in the charts."""
        with self._lock:
            slot = self._slot_of(number)
            if slot is None or (pinned and self._n_free() <= 1):
                return False
            slot.pinned = pinned
            self._write_legend()
            return True

    def is_pinned(self, number: int) -> bool:
        """Whether a run's curves are kept."""
        with self._lock:
            slot = self._slot_of(number)
            return slot is not None and slot.pinned

    def color_of(self, request: TrainingRequest) -> str | None:
        """Return the colour of a run's curves, or None if they are not in the charts."""
        with self._lock:
            slot = next((slot for slot in self.slots if slot.request is request), None)
            return None if slot is None else slot.color

    def request_of(self, number: int) -> TrainingRequest | None:
        """Return what a run in the charts was made from, or None if it is not there."""
        slot = self._slot_of(number)
        return None if slot is None else slot.request

    def forget(self, number: int) -> None:
        """Take a run's curves out of the charts."""
        with self._lock:
            slot = self._slot_of(number)
            if slot is not None:
                self._clear(slot)
                self._fit_accuracy_axis()
                self._write_legend()

    def clear(self) -> None:
        """Take all curves out of the charts but those that are pinned."""
        with self._lock:
            for slot in self.slots:
                if not slot.pinned:
                    self._clear(slot)
            self._fit_accuracy_axis()
            self._write_legend()

    def use_x_axis(self, x_axis: XAxis) -> None:
        """Draw all curves over samples or over seconds."""
        with self._lock:
            self.x_axis = x_axis
            self._label_x_axes()
            self._fit_x_axes()
            for slot in self.slots:
                self._draw_slot(slot, validation=True)

    def drawn_loss(self) -> list[float]:
        """Return the training losses of the present run as they are on the screen."""
        with self._lock:
            return [float(value) for value in self.slots[0].training_loss.line.y]

    def picture(self) -> StillPicture:
        """Draw the same curves in matplotlib."""
        from matplotlib.ticker import PercentFormatter

        from hpt_widgets.support.still_picture import StillPicture

        made = StillPicture(figsize=(9.5, 3.6), layout="constrained")
        loss_axes, accuracy_axes = made.subplots(1, 2)
        with self._lock:
            slots = [slot for slot in reversed(self.slots) if slot.loss_points()]
            labels = labels_of([slot.request for slot in slots if slot.request is not None])
            for slot, label in zip(slots, labels, strict=True):
                self._plot(slot, label, loss_axes, accuracy_axes)
            low, high, ticks = log_axis(*self._loss_limits())
        loss_axes.set(xlabel=self.x_axis, ylabel="loss (— training, ‐ ‐ validation)")
        accuracy_axes.set(xlabel=self.x_axis, ylabel="validation accuracy")
        accuracy_axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        for axes in (loss_axes, accuracy_axes):
            axes.grid(alpha=0.3)
            axes.locator_params(axis="x", nbins=6)
        if loss_axes.lines:
            loss_axes.set(yscale="log", ylim=(low, high))
            loss_axes.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])
            loss_axes.minorticks_off()
            accuracy_axes.legend(fontsize=8)
        return made

    # -- parts ---------------------------------------------------------------------------------

    def _slot(self, color: str, loss: Any, accuracy: Any) -> Slot:
        x = translate("training_lab.samples")
        training, validation = (
            Curve(
                loss,
                (x, translate(f"training_lab.{name}")),
                dashed=dashed,
                marker_size=size,
                positive=True,
            )
            for name, dashed, size in (("training_loss", False, 9), ("validation_loss", True, 45))
        )
        measured = Curve(accuracy, (x, translate("training_lab.accuracy")), marker_size=45)
        slot = Slot(color, training, validation, measured)
        slot.emphasise(present=False)
        return slot

    def _label_x_axes(self) -> None:
        for chart in (self.loss_figure, self.accuracy_figure):
            chart.axes[0].label = translate(f"training_lab.{self.x_axis}")
            chart.axes[0].tick_format = "~s" if self.x_axis == "samples" else "~g"

    def _oldest_free(self) -> int:
        return max(place for place, slot in enumerate(self.slots) if not slot.pinned)

    def _n_free(self) -> int:
        return sum(not slot.pinned for slot in self.slots)

    def _slot_of(self, number: int) -> Slot | None:
        return next((slot for slot in self.slots if slot.number == number), None)

    def _clear(self, slot: Slot) -> None:
        slot.forget_run()
        for curve in slot.curves:
            curve.draw([], [])

    def _x(self, points: Sequence[HistoryPoint]) -> list[float]:
        return [float(getattr(point, self.x_axis)) for point in points]

    def _draw_training_loss(self, slot: Slot, *, line_only: bool = False) -> None:
        losses = slot.loss_points()
        values = [point.training_loss for point in losses]
        slot.training_loss.draw(self._x(losses), values, line_only=line_only)
        self._fit_loss_axis()

    def _draw_slot(self, slot: Slot, *, validation: bool) -> None:
        self._draw_training_loss(slot, line_only=not validation)
        if validation:
            x = self._x(slot.points)
            slot.validation_loss.draw(x, [point.validation_loss for point in slot.points])
            slot.accuracy.draw(x, [point.validation_accuracy for point in slot.points])
            self._fit_accuracy_axis()

    def _loss_limits(self) -> tuple[float, float]:
        """Return the lowest and the highest loss that the chart has to show."""
        present, *ghosts = (slot.losses() for slot in self.slots)
        # A ghost that blew up must not press the present curve flat.
        cap = max([GHOST_LOSS_CAP, *present])
        losses = [*present, *(loss for ghost in ghosts for loss in ghost if loss <= cap)]
        return min(losses, default=EMPTY_LOSSES[0]), max(losses, default=EMPTY_LOSSES[1])

    def _fit_loss_axis(self) -> None:
        low, high, ticks = log_axis(*self._loss_limits())
        axis = self.loss_figure.axes[1]
        if (axis.scale.min, axis.scale.max) != (low, high):
            with axis.scale.hold_sync():
                axis.scale.min, axis.scale.max = low, high
            with axis.hold_sync():
                axis.tick_values, axis.tick_format = ticks, log_tick_format(ticks)

    def _fit_accuracy_axis(self) -> None:
        """Show all that was measured; bqplot's own ticks would stand too close together."""
        measured = [accuracy for slot in self.slots for accuracy in slot.accuracies()]
        low = min([*measured, 1.0 - LEAST_ACCURACY_SHOWN]) if measured else 0.0
        axis = self.accuracy_figure.axes[1]
        if axis.scale.min != low or axis.tick_values is None:
            axis.scale.min = low
            axis.tick_values = round_ticks(low, 1.0, MOST_ACCURACY_TICKS)

    def _fit_x_axes(self) -> None:
        """Give samples their whole width at once, so that a curve grows from left to right."""
        totals = [slot.request.total_samples for slot in self.slots if slot.request is not None]
        longest = max(totals, default=self._defaults.total_samples)
        end = longest if self.x_axis == "samples" else None
        for chart in (self.loss_figure, self.accuracy_figure):
            chart.axes[0].scale.max = end

    def _write_legend(self) -> None:
        kinds = (
            f"{swatch('currentColor')}{translate('training_lab.training_loss')} &emsp; "
            f"{swatch('currentColor', dashed=True)}{translate('training_lab.validation_loss')}"
        )
        present = self.slots[0].request
        rows = [kinds]
        for place, slot in enumerate(self.slots):
            if slot.request is not None and present is not None:
                caption = html.escape(self._caption(slot, place, present))
                rows.append(f"{swatch(slot.color)}<span>{caption}</span>")
        # A caption that wraps stays to the right of its swatch.
        row = '<div style="display:flex;align-items:baseline;line-height:1.35;margin:4px 0">'
        self.legend.value = "".join(f"{row}{content}</div>" for content in rows)

    def _caption(self, slot: Slot, place: int, present: TrainingRequest) -> str:
        if slot.request is None or place == 0:
            main = {name: getattr(present.hyperparameters, name) for name in MAIN}
            values = {**main, **present.differences(self._defaults)}
            return translate("training_lab.this_run", settings=describe_settings(values))
        difference = describe_settings(slot.request.differences(present))
        key = "training_lab.pinned_run" if slot.pinned else "training_lab.earlier_run"
        return translate(key, difference=difference or translate("training_lab.same_settings"))

    def _plot(self, slot: Slot, label: str, loss_axes: Any, accuracy_axes: Any) -> None:
        present = slot is self.slots[0]
        losses = slot.loss_points()
        look = {
            "color": slot.color,
            "alpha": 1.0 if present else GHOST_OPACITY,
            "linewidth": 2.4 if present else 1.2,
        }
        x, y = drawable(self._x(losses), [p.training_loss for p in losses], positive=True)
        loss_axes.plot(x, y, **look)
        measured = self._x(slot.points)
        values = [point.validation_loss for point in slot.points]
        loss_axes.plot(*drawable(measured, values, positive=True), linestyle="--", **look)
        values = [point.validation_accuracy for point in slot.points]
        accuracy_axes.plot(
            *drawable(measured, values, positive=False), marker="o", label=label, **look
        )


def _as_point(progress: Progress) -> HistoryPoint:
    return HistoryPoint(
        progress.samples_seen, progress.epoch, progress.seconds, progress.training_loss
    )
