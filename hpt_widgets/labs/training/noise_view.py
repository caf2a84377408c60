"""The read-out of the gradient noise scale: of the run that ended last, while its tab is open."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.training.words import describe_noise
from hpt_widgets.language import translate
from hpt_widgets.studies.noise_scale import FEWEST_SAMPLES, NoiseMeasurement, NoiseScale
from hpt_widgets.training.run import Run


@dataclass(frozen=True)
class NoiseReading:
    """What the read-out says of a run.

    Attributes
    ----------
    number : int
        Of the run, as the table has it.
    batch_sizes : tuple of int
        What it was trained with; more than one where that was changed in mid-run.
    has_diverged : bool
        Whether it diverged; nothing is measured then.
    scale : NoiseScale or None
        What was measured; None where nothing could be.
    """

    number: int
    batch_sizes: tuple[int, ...]
    has_diverged: bool
    scale: NoiseScale | None


class NoiseView:
    """The gradient noise scale of a run, in words.

    Parameters
    ----------
    do_when_idle : callable
        Has a piece of work done when nothing trains.

    Attributes
    ----------
    reading : NoiseReading or None
        What is shown; None as long as nothing was measured.
    words : HTML
        The same in words.
    """

    def __init__(self, do_when_idle: Callable[[Callable[[], None]], None]) -> None:
        self._do_when_idle = do_when_idle
        self._measurement: NoiseMeasurement | None = None
        self.reading: NoiseReading | None = None
        self.words = widgets.HTML()
        self.widget: Any = widgets.VBox([self.words])
        self._write(translate("training_lab.no_noise_yet"))

    def measure(self, run: Run, number: int, data: Dataset) -> None:
        """Show the noise of a run's gradients on the data that it was trained on, once measured.

        Each slice of the samples is a piece of work of its own, so that a training need not wait.
        """
        self._measurement = None
        if run.ended == "diverged" or len(data.y_train) < FEWEST_SAMPLES:
            self._show(run, number, data, None)
            return
        measurement = self._measurement = NoiseMeasurement(run, data)

        def go_on() -> None:
            if self._measurement is not measurement:  # another run's has begun
                return
            scale = measurement.advance()
            if scale is None:
                self._do_when_idle(go_on)
            else:
                self._show(run, number, data, scale)

        self._do_when_idle(go_on)

    def _show(self, run: Run, number: int, data: Dataset, scale: NoiseScale | None) -> None:
        sizes = _batch_sizes(run, len(data.y_train))
        self.reading = NoiseReading(number, sizes, run.ended == "diverged", scale)
        self._write(*describe_noise(number, sizes, self.reading.has_diverged, scale))

    def _write(self, result: str, meaning: str = "") -> None:
        style = "font-size:var(--hpt-text);line-height:1.5;max-width:48em"
        self.words.value = (
            f'<div role="status" style="{style}"><b>{html.escape(result)}</b>'
            f"<div>{html.escape(meaning)}</div></div>"
        )


def _batch_sizes(run: Run, n_train: int) -> tuple[int, ...]:
    """Return the batch sizes of a run in turn; none is larger than the training data."""
    changed = [changes.get("batch_size") for _, changes in run.changes]
    sizes = [run.hyperparameters.batch_size, *changed]
    return tuple(min(size, n_train) for size in sizes if isinstance(size, int))
