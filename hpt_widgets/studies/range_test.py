"""The learning-rate range test: one short training in which the learning rate grows.

The idea is Smith's (2017, "Cyclical learning rates for training neural networks"), whose rate
grows by equal differences. Here it grows by equal factors from update to update, so that each
factor of ten has the same room.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import real_number, require_function, whole_number
from hpt_widgets.training.hyperparameters import MAXIMUM_LEARNING_RATE, Hyperparameters

if TYPE_CHECKING:
    import pandas as pd

    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.support.still_picture import StillPicture

FloatArray = NDArray[np.float64]
Ending = Literal["finished", "diverged", "stopped"]

LOW: Final = 1e-5
HIGH: Final = 10.0
N_UPDATES: Final = 300
LEAST_UPDATES: Final = 20
MOST_UPDATES: Final = 5_000
SMOOTHING: Final = 0.02
"""Standard deviation of the Gaussian that smooths the losses, as a share of the updates."""
DIVERGED_FACTOR: Final = 4.0
"""The test ends once the smoothed loss is this many times the lowest that it has been."""


@dataclass(frozen=True, eq=False)
class RangeTest:
    """What a range test found.

    Attributes
    ----------
    hyperparameters : Hyperparameters
        What was trained; its own learning rate plays no part.
    learning_rates : ndarray of float, shape (n_updates,)
        That of each update.
    losses : ndarray of float, shape (n_updates,)
        The training loss of each update's batch, before that update.
    ended : {"finished", "diverged", "stopped"}
        Whether the rates went to their end, the loss ran away, or it was stopped.
    n_planned : int
        The updates from the lowest to the highest rate.
    """

    hyperparameters: Hyperparameters
    learning_rates: FloatArray = field(repr=False)
    losses: FloatArray = field(repr=False)
    ended: Ending
    n_planned: int

    @cached_property
    def smoothed(self) -> FloatArray:
        """The losses without the noise of single batches; see `smooth`."""
        return smooth(self.losses, self.n_planned)

    @property
    def suggestion(self) -> float:
        """The learning rate at which the smoothed loss fell most steeply; nan for under 2 updates.

        It is the steepest place on the logarithmic axis, before the lowest loss.
        """
        return steepest_descent(self.learning_rates, self.smoothed)

    @property
    def lowest_at(self) -> float:
        """The learning rate at which the smoothed loss was lowest; nan without an update."""
        smoothed = self.smoothed
        return float(self.learning_rates[smoothed.argmin()]) if len(smoothed) else math.nan

    @property
    def diverged_at(self) -> float | None:
        """The learning rate at which the loss ran away; None if it did not."""
        place = first_divergence(self.smoothed)
        if place is None and self.ended == "diverged":
            place = -1  # a single update's loss was out of bounds
        return None if place is None else float(self.learning_rates[place])

    def to_frame(self) -> pd.DataFrame:
        """Return a table with a row for each update: learning rate, loss, smoothed loss."""
        import pandas as pd

        columns = {"learning_rate": self.learning_rates, "loss": self.losses}
        return pd.DataFrame({**columns, "smoothed": self.smoothed})

    def plot(self) -> StillPicture:
        """Draw the losses over the learning rate, both on logarithmic axes."""
        from hpt_widgets.studies.range_test_plot import plot_range_tests

        return plot_range_tests([self])


class RangeTestSession:
    """A range test that can be taken some updates at a time.

    Parameters
    ----------
    hp : Hyperparameters
        What to train; all but ``learning_rate``, ``schedule``, ``warm_up`` and ``epochs`` count.
    data : Dataset
        Trained on its split ``train``. It takes as many passes as the updates need.
    low, high : float
        The learning rates of the first and the last update.
    n_updates : int
        How many updates lie between them, both ends included.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed; the message names it.
    """

    def __init__(
        self,
        hp: Hyperparameters,
        data: Dataset,
        low: float = LOW,
        high: float = HIGH,
        n_updates: int = N_UPDATES,
    ) -> None:
        from hpt_widgets.training.network import check_hyperparameters
        from hpt_widgets.training.trainer import Trainer

        check_hyperparameters(hp)
        low, high, n_updates = check_range(low, high, n_updates)
        trainer = Trainer(data)
        n_samples = len(data.y_train)
        updates_per_epoch = math.ceil(n_samples / min(hp.batch_size, n_samples))
        epochs = math.ceil(n_updates / updates_per_epoch)
        self.hyperparameters = hp
        self.ended: Ending | None = None
        self._rates = np.geomspace(low, high, n_updates)
        self._losses: list[float] = []
        self._loss_sum = 0.0
        self._recorded_samples = 0
        # The rate of each update is the test's own.
        constant = hp.replace(epochs=epochs, learning_rate=low, schedule="constant", warm_up=0.0)
        self._session = trainer.session(constant)

    @property
    def progress(self) -> float:
        """How much of it is done, from 0 to 1."""
        return 1.0 if self.ended else len(self._losses) / len(self._rates)

    def advance(self, seconds: float = 0.04) -> RangeTest:
        """Take updates for about so many seconds, one at least, and return the test so far.

        Parameters
        ----------
        seconds : float, default 0.04
            When to return.

        Returns
        -------
        RangeTest

        Raises
        ------
        RuntimeError
            If it has ended.
        """
        if self.ended is not None:
            raise RuntimeError(translate("range_test.ended"))
        deadline = time.perf_counter() + seconds
        while self.ended is None:
            self._update()
            if time.perf_counter() >= deadline:
                break
        if self.ended is not None:
            self.suspend()
        return self.result()

    def result(self) -> RangeTest:
        """Return the test as it stands; one that is not at its end counts as stopped."""
        rates = self._rates[: len(self._losses)]
        losses = np.array(self._losses)
        return RangeTest(
            self.hyperparameters, rates, losses, self.ended or "stopped", len(self._rates)
        )

    def suspend(self) -> None:
        """Give back the traced program that it trains with; it can be continued."""
        self._session.suspend()

    def _update(self) -> None:
        session = self._session
        before = session.samples_seen
        session.change(learning_rate=float(self._rates[len(self._losses)]))
        progress = session.advance(max_steps=1)
        # The trainer reports the mean loss since its last row; this update's is the difference.
        total = progress.training_loss * (progress.samples_seen - self._recorded_samples)
        self._losses.append((total - self._loss_sum) / (progress.samples_seen - before))
        self._loss_sum = total
        if progress.recorded:
            self._loss_sum, self._recorded_samples = 0.0, progress.samples_seen
        if progress.ended == "diverged" or self._ran_away():
            self.ended = "diverged"
        elif len(self._losses) == len(self._rates):
            self.ended = "finished"

    def _ran_away(self) -> bool:
        smoothed = smooth(np.array(self._losses), len(self._rates))
        return first_divergence(smoothed) is not None


def range_test(
    hp: Hyperparameters,
    data: Dataset,
    low: float = LOW,
    high: float = HIGH,
    n_updates: int = N_UPDATES,
    on_progress: Callable[[RangeTest], Any] | None = None,
) -> RangeTest:
    """Train once while the learning rate grows from `low` to `high`, update by update.

    It ends early once the smoothed loss is four times the lowest that it has been.

    Parameters
    ----------
    hp : Hyperparameters
        What to train; all but ``learning_rate``, ``schedule``, ``warm_up`` and ``epochs`` count.
    data : Dataset
        Trained on its split ``train``.
    low, high : float, default 1e-5 and 10
        The learning rates of the first and the last update.
    n_updates : int, default 300
        How many updates there are, from 20 to 5,000. The more, the further the training gets
        with small rates, and the lower the rate of the steepest descent.
    on_progress : callable, optional
        Called with the test so far about every 40 ms.

    Returns
    -------
    RangeTest
        With ``.learning_rates``, ``.losses``, ``.smoothed``, ``.suggestion``, ``.lowest_at``
        and ``.diverged_at``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed; the message names it.
    """
    require_function("on_progress", on_progress)
    session = RangeTestSession(hp, data, low, high, n_updates)
    try:
        while session.ended is None:
            test = session.advance()
            if on_progress is not None:
                on_progress(test)
        return session.result()
    finally:
        session.suspend()


def check_range(low: object, high: object, n_updates: object) -> tuple[float, float, int]:
    """Return these as Python's own numbers, or raise if they cannot be a range test's.

    Parameters
    ----------
    low, high : object
        The learning rates of the first and the last update.
    n_updates : object
        How many updates there are to be.

    Returns
    -------
    (float, float, int)

    Raises
    ------
    TypeError, ValueError
        If one is not allowed; the message names it.
    """
    first, last = _checked_rate("low", low), _checked_rate("high", high)
    if not first < last:
        raise ValueError(translate("range_test.order", low=low, high=high))
    number = whole_number(n_updates)
    if number is None or not LEAST_UPDATES <= number <= MOST_UPDATES:
        raise ValueError(
            translate(
                "range_test.n_updates", value=n_updates, least=LEAST_UPDATES, most=MOST_UPDATES
            )
        )
    return first, last, number


def _checked_rate(name: str, value: object) -> float:
    rate = real_number(value)
    most = MAXIMUM_LEARNING_RATE
    if rate is None:
        raise TypeError(translate("range_test.rate", name=name, value=value, most=most))
    if not 0 < rate <= most:
        raise ValueError(translate("range_test.rate", name=name, value=value, most=most))
    return rate


def smooth(losses: FloatArray, n_planned: int) -> FloatArray:
    """Smooth losses with a Gaussian window.

    Parameters
    ----------
    losses : ndarray of float, shape (n,)
        One an update. Losses that are no number count as the largest that is one.
    n_planned : int
        Updates of the whole test: the window's standard deviation is 2 % of them.

    Returns
    -------
    ndarray of float, shape (n,)
    """
    from scipy.ndimage import gaussian_filter1d

    if not len(losses):
        return np.empty(0)
    finite = losses[np.isfinite(losses)]
    largest = float(finite.max()) if len(finite) else math.inf
    known = np.where(np.isfinite(losses), losses, largest)
    smoothed: FloatArray = gaussian_filter1d(known, SMOOTHING * n_planned, mode="nearest")
    return smoothed


def steepest_descent(learning_rates: FloatArray, smoothed: FloatArray) -> float:
    """Return the rate at which the loss falls fastest for each factor of the rate.

    Parameters
    ----------
    learning_rates, smoothed : ndarray of float, shape (n,)
        Ascending rates, and the smoothed loss at each.

    Returns
    -------
    float
        Among the rates up to that of the lowest loss; nan for fewer than two.
    """
    if len(smoothed) < 2:
        return math.nan
    slopes = np.gradient(smoothed, np.log(learning_rates))
    return float(learning_rates[slopes[: smoothed.argmin() + 1].argmin()])


def first_divergence(smoothed: FloatArray) -> int | None:
    """Return the first update whose smoothed loss is four times the lowest before it, or None.

    Parameters
    ----------
    smoothed : ndarray of float, shape (n,)
        The smoothed loss of each update.

    Returns
    -------
    int or None
        Counted from 0.
    """
    too_high = smoothed > DIVERGED_FACTOR * np.minimum.accumulate(smoothed)
    return int(too_high.argmax()) if too_high.any() else None
