"""The curves of the training lab: the present run, and earlier ones as ghosts."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ipywidgets as widgets

from hpt_widgets.labs.kit.charts import Curve, Scales
from hpt_widgets.labs.kit.settings_text import MAIN, describe_settings
from hpt_widgets.labs.kit.ticks import outer_ticks
from hpt_widgets.labs.training.axes_controls import AxesControls, LossAxis
from hpt_widgets.labs.training.chart_legend import legend_html
from hpt_widgets.labs.training.chart_scene import (
    ChartScene,
    RunCurves,
    accuracy_scene,
    loss_scene,
)
from hpt_widgets.labs.training.live import Changes, TrainingRequest
from hpt_widgets.labs.training.run_chart import LossChart, RunChart
from hpt_widgets.labs.training.run_labels import labels_of, shared_settings, spelled_out
from hpt_widgets.labs.training.run_slot import Slot, XAxis
from hpt_widgets.language import current_language, translate
from hpt_widgets.support.colors import PALETTE
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import HistoryPoint

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

_NameRuns = Callable[[list[TrainingRequest], list[int], list[Changes]], list[str]]


class TrainingCharts:
    """Loss and validation accuracy of the present run and of up to five others.

    All methods may be called from any thread.

    Parameters
    ----------
    defaults : TrainingRequest
        What the lab begins with: the empty axes are made for it.
    next_number : callable
        Returns the number that the next run to end gets in the table.

    Attributes
    ----------
    slots : list of Slot
        The curves of each run: the present one first, then the newest ghost.
    loss, accuracy : LossChart, RunChart
        The two charts.
    legend : HTML
        What lines and marks mean, what is pinned, and what was changed in mid-run.
    axes : AxesControls
        Where a reader chooses the axes.
    x_axis : {"samples", "epochs", "seconds"}
        What lies along both charts.
    loss_axis : {"auto", "log", "linear"}
        How the losses are drawn; "auto" is linear where a run is long.
    """

    def __init__(self, defaults: TrainingRequest, next_number: Callable[[], int]) -> None:
        self._lock = threading.RLock()
        self._defaults = defaults
        self._next_number = next_number
        self._is_new = False  # a run has begun, and nothing of it is on the screen yet
        self._is_unsettled = False  # its first point is, and nothing else
        # What the runs are called, and which runs, in which language, that is of.
        self._kept_words: list[tuple[str, str]] = []
        self._named: tuple[str, list[tuple[TrainingRequest, int, Changes]]] = ("", [])
        self.x_axis: XAxis = "samples"
        self.loss_axis: LossAxis = "auto"
        self.loss = LossChart()
        self.accuracy = RunChart(translate("training_lab.accuracy"), ".2~%", is_text_low=True)
        # The last slot serves the second run: the colours of the first two must differ most.
        colors = (PALETTE[0], *reversed(PALETTE[1:]))
        self.slots = [_slot(color, self.loss.scales, self.accuracy.scales) for color in colors]
        self.loss.hold(self._loss_curves())
        self.accuracy.hold([slot.accuracy for slot in self.slots])
        self.legend = widgets.HTML()
        self.legend.add_class("hpt-legend")
        self.axes = AxesControls(self.x_axis, self.loss_axis, self.use_x_axis, self.use_loss_axis)
        self._label_x_axes()
        self._show_all()

    # -- runs come and go ----------------------------------------------------------------------

    def begin(self, request: TrainingRequest) -> None:
        """Make a place for a new run; the last one becomes a ghost if it was measured.

        Nothing is sent to the screen before the run's first point, which `draw` brings: that
        is what the reader waits for, and each message before it would make it late.
        """
        with self._lock:
            present = self.slots[0]
            if present.is_measured or present.pinned:
                self.slots.insert(0, self.slots.pop(self._oldest_free()))
            self.slots[0].begin(request)
            self._is_new = True

    def draw(
        self, points: tuple[HistoryPoint, ...], progress: Progress, *, line_only: bool = False
    ) -> None:
        """Show where the present run stands.

        A new run's first point goes to the screen alone, as a dot of the curve's width: its
        marker and all else that a new run changes follow with the next point, or with `settle`.
        `line_only` leaves the markers of the training loss as they are.
        """
        with self._lock:
            slot = self.slots[0]
            has_new_row = len(points) != len(slot.points)
            slot.points = points
            is_row = bool(points) and points[-1].samples == progress.samples_seen
            slot.latest = None if is_row else _as_point(progress)
            slot.has_diverged = progress.ended == "diverged"
            if self._is_new:
                # While a slider is dragged, no markers of a run before may stay beside the new dot.
                slot.draw_training_loss(self.x_axis, line_only=not self._is_unsettled)
                self._is_new, self._is_unsettled = False, True
                self.loss.fit(loss_scene(self._runs(), is_log=self.loss.is_log).axis)
            elif self._is_unsettled:
                self.settle()
            else:
                slot.draw_training_loss(self.x_axis, line_only=line_only)
                if has_new_row:
                    slot.draw_validations(self.x_axis)
                self._show_scenes()

    def settle(self) -> None:
        """Make ghosts of the earlier runs, and bring labels and axes up to the present one."""
        with self._lock:
            if not self._is_unsettled:
                return
            self._is_unsettled = False
            slot = self.slots[0]
            slot.draw_training_loss(self.x_axis)
            slot.draw_validations(self.x_axis)
            for place, other in enumerate(self.slots):
                other.emphasise(present=place == 0)
            self._show_all()

    def change(self, changes: Changes) -> None:
        """Mark what was changed in the present run so far."""
        with self._lock:
            self.slots[0].changes = changes

    def finish(
        self,
        request: TrainingRequest,
        points: tuple[HistoryPoint, ...],
        number: int,
        *,
        changes: Changes = (),
        has_diverged: bool = False,
    ) -> None:
        """Show a run that has ended, and remember its number."""
        with self._lock:
            slot = next((slot for slot in self.slots if slot.request is request), None)
            if slot is not None:
                slot.points, slot.latest, slot.number = points, None, number
                slot.changes, slot.has_diverged = changes, has_diverged
                slot.draw_training_loss(self.x_axis)
                slot.draw_validations(self.x_axis)
                self.settle()
            # Without a place in the charts it still takes its number from the run under way.
            self._show_all()

    def pin(self, number: int, pinned: bool) -> bool:
        """Keep a run's curves, or release them; return whether it is in the charts."""
        with self._lock:
            slot = self._slot_of(number)
            if slot is None or (pinned and self._n_free() <= 1):
                return False
            slot.pinned = pinned
            self._show_all()
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

    def label_of(self, request: TrainingRequest) -> str | None:
        """Return what a run is called in the charts, or None if it has no curves there."""
        with self._lock:
            labels = [label for label, _ in self._words()]
            shown = [made for _, made in self._shown()]
            return next(
                (label for label, made in zip(labels, shown, strict=True) if made is request), None
            )

    def request_of(self, number: int) -> TrainingRequest | None:
        """Return what a run in the charts was made from, or None if it is not there."""
        with self._lock:
            slot = self._slot_of(number)
            return None if slot is None else slot.request

    def forget(self, number: int) -> None:
        """Take a run's curves out of the charts."""
        with self._lock:
            slot = self._slot_of(number)
            if slot is not None:
                self._clear(slot)
                self._show_all()

    def clear(self) -> None:
        """Take all curves out of the charts but those that are pinned."""
        with self._lock:
            for slot in self.slots:
                if not slot.pinned:
                    self._clear(slot)
            self._show_all()

    # -- what a reader chooses -----------------------------------------------------------------

    def use_x_axis(self, x_axis: XAxis) -> None:
        """Draw all curves over samples, epochs or seconds."""
        with self._lock:
            self.x_axis = x_axis
            self._label_x_axes()
            self._draw_curves()
            self._show_all()

    def use_loss_axis(self, loss_axis: LossAxis) -> None:
        """Draw the losses on a logarithmic or a linear axis, or on what suits the runs."""
        with self._lock:
            self.loss_axis = loss_axis
            self._show_all()

    def drawn_loss(self) -> list[float]:
        """Return the training losses of the present run as they are on the screen."""
        with self._lock:
            return [float(value) for value in self.slots[0].training_loss.line.y]

    def shared_settings(self) -> dict[str, object]:
        """Return the settings that all runs shown have alike; their labels have the others.

        None are returned as long as no run is shown.
        """
        with self._lock:
            shown = self._shown()
            requests = [request for _, request in shown]
            return shared_settings(requests, [slot.changes for slot, _ in shown]) if shown else {}

    def picture(self) -> StillPicture:
        """Draw the same curves in matplotlib."""
        from hpt_widgets.labs.training.curves_picture import draw_curves

        with self._lock:
            runs = self._runs()
            scenes = loss_scene(runs, is_log=self._wants_log()), accuracy_scene(runs)
            label = translate(f"training_charts.{self.x_axis}")
            return draw_curves(runs, *scenes, label, self._length())

    # -- parts ---------------------------------------------------------------------------------

    def _show_all(self) -> None:
        """Bring everything but the curves up to the runs that are shown."""
        if self._wants_log() != self.loss.is_log:
            self.loss.swap_axes(self._loss_curves())
            self._draw_curves()
        self._write_legend(*self._show_scenes())

    def _show_scenes(self) -> tuple[list[RunCurves], ChartScene, ChartScene]:
        """Bring axes, labels and marks up to the curves, and return what is shown."""
        runs, length = self._runs(), self._length()
        loss, accuracy = loss_scene(runs, is_log=self.loss.is_log), accuracy_scene(runs)
        self.loss.show(loss, length)
        self.accuracy.show(accuracy, length)
        return runs, loss, accuracy

    def _draw_curves(self) -> None:
        for slot in self.slots:
            slot.draw_training_loss(self.x_axis)
            slot.draw_validations(self.x_axis)

    def _loss_curves(self) -> list[Curve]:
        return [curve for slot in self.slots for curve in slot.curves[:2]]

    def _runs(self) -> list[RunCurves]:
        """Return the runs that have curves, the oldest first."""
        length = self._length()
        return [
            slot.in_numbers(self.x_axis, label, hint, length, is_present=slot is self.slots[0])
            for (slot, _), (label, hint) in zip(self._shown(), self._words(), strict=True)
        ]

    def _words(self) -> list[tuple[str, str]]:
        """Return each run's label, and what that leaves out.

        They are kept: while a run trains, they took a third of the time of each drawing.
        """
        shown = self._shown()
        runs = zip(shown, self._numbers(shown), strict=True)
        named = current_language(), [(made, number, slot.changes) for (slot, made), number in runs]
        if named != self._named:
            hints = [self._hint(request) for _, request in shown]
            self._kept_words = list(zip(self._names(labels_of), hints, strict=True))
            self._named = named
        return self._kept_words

    def _shown(self) -> list[tuple[Slot, TrainingRequest]]:
        """Return the slots of runs that have curves, and what they train, the oldest first."""
        return [
            (slot, slot.request)
            for slot in reversed(self.slots)
            if slot.request is not None and slot.loss_points()
        ]

    def _names(self, name_runs: _NameRuns) -> list[str]:
        shown = self._shown()
        requests, changes = [request for _, request in shown], [slot.changes for slot, _ in shown]
        return name_runs(requests, self._numbers(shown), changes)

    def _numbers(self, shown: Sequence[tuple[Slot, TrainingRequest]]) -> list[int]:
        """Return the runs' numbers in the table: those to come for runs that have not ended."""
        to_come = itertools.count(self._next_number())
        return [slot.number or next(to_come) for slot, _ in shown]

    def _hint(self, request: TrainingRequest) -> str:
        """Say of a run what its label leaves out."""
        main = {name: getattr(request.hyperparameters, name) for name in MAIN}
        return describe_settings({**main, **request.differences(self._defaults)})

    def _wants_log(self) -> bool:
        if self.loss_axis == "auto":
            return not any(slot.is_long for slot in self.slots)
        return self.loss_axis == "log"

    def _label_x_axes(self) -> None:
        label = translate(f"training_charts.{self.x_axis}")
        for chart in (self.loss, self.accuracy):
            chart.label_x(label, "~s" if self.x_axis == "samples" else "~g")
        for slot in self.slots:
            for curve in slot.curves:
                curve.label_x(label)

    def _length(self) -> float:
        """Return where the charts end on the right.

        Samples and epochs have their whole width at once, so that a curve grows from left to right.
        """
        requests = [slot.request for slot in self.slots if slot.request] or [self._defaults]
        if self.x_axis == "samples":
            return float(max(request.total_samples for request in requests))
        if self.x_axis == "epochs":
            return float(max(request.hyperparameters.epochs for request in requests))
        seconds = [point.seconds for slot in self.slots for point in slot.loss_points()]
        return outer_ticks(0.0, max(seconds, default=1.0))[-1]

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

    def _write_legend(self, runs: list[RunCurves], *scenes: ChartScene) -> None:
        pinned = [slot.color for slot in self.slots if slot.pinned]
        self.legend.value = legend_html(runs, self._names(spelled_out), pinned, scenes)


def _slot(color: str, loss: Scales, accuracy: Scales) -> Slot:
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


def _as_point(progress: Progress) -> HistoryPoint:
    return HistoryPoint(
        progress.samples_seen, progress.epoch, progress.seconds, progress.training_loss
    )
