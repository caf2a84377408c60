"""The range-test lab: which learning rates are worth trying, from one short training."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.lab_data import checked_data
from hpt_widgets.labs.kit.live_work import State
from hpt_widgets.labs.kit.working_lab import WAIT_SECONDS, WorkingLab
from hpt_widgets.labs.range_test.chart import describe_test, describe_tests
from hpt_widgets.labs.range_test.controls import range_test_controls
from hpt_widgets.labs.range_test.live import LiveRangeTest, RangeTestRequest
from hpt_widgets.labs.range_test.view import RangeTestView
from hpt_widgets.language import translate
from hpt_widgets.studies.range_test import (
    HIGH,
    LOW,
    N_UPDATES,
    RangeTest,
    check_range,
)
from hpt_widgets.support.argument_checks import require_seconds
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import check_hyperparameters, check_memory

if TYPE_CHECKING:
    import pandas as pd

    from hpt_widgets.support.still_picture import StillPicture

SETTINGS: Final = ("low", "high", "n_updates", "batch_size", "optimizer", "dropout_rate")
MOST_DRAWN: Final = 6


class RangeTestLab(WorkingLab[LiveRangeTest]):
    """Range tests that are drawn as they train; a moved slider starts a new one.

    Everything that a slider does, a method does without a screen: `set`, `start`, `stop`,
    `wait`; `run` tests and waits.

    Parameters
    ----------
    data : Dataset, optional
        Trained on its split ``train``. By default MNIST.
    hyperparameters : Hyperparameters, optional
        What is trained, to begin with. By default those of `Hyperparameters`.

    Attributes
    ----------
    tests : list of RangeTest
        All tests that ended or were stopped, oldest first.
    request : RangeTestRequest
        What would be tested next.
    state : str
        What the lab is doing: ready, warming_up, testing, ended or failed.
    view : RangeTestView
        What is on the screen.

    Raises
    ------
    TypeError
        If an argument is something else.

    Examples
    --------
    >>> lab = RangeTestLab()
    >>> lab.run(optimizer="sgd", batch_size=64).suggestion > 0.01
    True
    """

    view: RangeTestView

    def __init__(
        self, data: Dataset | None = None, hyperparameters: Hyperparameters | None = None
    ) -> None:
        data = checked_data(data, with_validation=False)
        hp = Hyperparameters() if hyperparameters is None else hyperparameters
        check_hyperparameters(hp, "hyperparameters")
        self.data = data
        self.tests: list[RangeTest] = []
        self._lock = threading.RLock()
        self.request = RangeTestRequest(hp, LOW, HIGH, N_UPDATES)
        self._live = LiveRangeTest(data, self)
        self._is_new = False
        super().__init__()

    # -- what a reader asks for --------------------------------------------------------------

    @property
    def last(self) -> RangeTest | None:
        """The test that ended last; None before the first."""
        return self.tests[-1] if self.tests else None

    @property
    def settings(self) -> dict[str, Any]:
        """The settings as the sliders stand."""
        request = self.request
        own = {"low": request.low, "high": request.high, "n_updates": request.n_updates}
        return {
            name: own.get(name, getattr(request.hyperparameters, name, None)) for name in SETTINGS
        }

    def set(self, **settings: object) -> None:
        """Move sliders: change settings, and test with them at once.

        Parameters
        ----------
        **settings : object
            ``low`` and ``high``, the learning rates of the first and the last update;
            ``n_updates``, how many there are; ``batch_size``, ``optimizer``, ``dropout_rate``
            and any other hyperparameter but the learning rate and the epochs.

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed; nothing is changed then.
        """
        self._change(settings)
        if settings:
            self.start()

    def start(self) -> None:
        """Test with the settings as they stand."""
        self._require_open()
        with self._lock:
            request = self.request
        self._live.submit(request)

    def clear(self) -> None:
        """Take all tests off the chart and out of `tests`."""
        self._require_open()
        with self._lock:
            self.tests.clear()
            self.view.clear()
            # What runs goes on, and is drawn on.
            self._say(self._describe("ended" if self.state == "failed" else self.state))

    def run(self, *, timeout: float = WAIT_SECONDS, **settings: object) -> RangeTest:
        """Test with these settings, and wait until it is done.

        Parameters
        ----------
        timeout : float, default 600
            The longest time to wait, in seconds.
        **settings : object
            As for `set`; all others as they stand.

        Returns
        -------
        RangeTest
            What it found.

        Raises
        ------
        TypeError, ValueError
            If a setting is not allowed.
        TimeoutError
            If it takes longer; the test goes on.
        RuntimeError
            If it was stopped before its first update.
        """
        require_seconds("timeout", timeout)
        self._change(settings)
        before = self.last
        self.start()
        self.wait(timeout)
        self._raise_failure()
        last = self.last
        if last is None or last is before:
            raise RuntimeError(translate("range_test_lab.nothing_found"))
        return last

    def table(self) -> pd.DataFrame:
        """Return a row for each test: what it trained, and the learning rates that it found."""
        import pandas as pd

        columns = ["optimizer", "batch_size", "updates", "steepest", "lowest", "diverged"]
        rows = [
            (
                test.hyperparameters.optimizer,
                test.hyperparameters.batch_size,
                test.n_planned,
                test.suggestion,
                test.lowest_at,
                float("nan") if test.diverged_at is None else test.diverged_at,
            )
            for test in self.tests
        ]
        return pd.DataFrame(rows, columns=columns)

    # -- settings ------------------------------------------------------------------------------

    def _change(self, settings: dict[str, object]) -> None:
        self._require_open()
        with self._lock:
            request = self.request
            own: dict[str, Any] = {
                name: settings.get(name, getattr(request, name))
                for name in ("low", "high", "n_updates")
            }
            own = dict(zip(own, check_range(**own), strict=True))
            others = {name: value for name, value in settings.items() if name not in own}
            for name in ("learning_rate", "epochs"):
                if name in others:
                    raise ValueError(translate("range_test_lab.not_here", name=name))
            hp = request.hyperparameters.replace(**others)
            check_memory(hp, self.data.n_features, self.data.n_classes)
            self.request = RangeTestRequest(hp, **own)
            self.view.show_settings(self.settings)

    # -- what the test calls, on its own thread -------------------------------------------------

    def on_state(self, state: State) -> None:
        """Say the new state in words."""
        if state == "testing":
            self._is_new = True
        if not self.is_closed:
            self._say(self._describe(state))

    def on_progress(self, test: RangeTest, share: float) -> None:
        """Draw how far the test has come."""
        self._draw(test)
        self.view.bar.value = share

    def on_end(self, test: RangeTest) -> None:
        """Keep the test, and show what it found."""
        self._draw(test)
        if test.ended != "stopped":
            self.view.bar.value = 1.0
        with self._lock:
            self.tests.append(test)

    def _draw(self, test: RangeTest) -> None:
        with self._lock:
            if self.is_closed:
                return
            if self._is_new:
                # A test that was superseded before its end leaves its place to the new one.
                if self._chart_holds_a_result():
                    self.view.chart.begin()
                self._is_new = False
            self.view.chart.draw(test)

    def _chart_holds_a_result(self) -> bool:
        return any(test is self.view.chart.present for test in self.tests)

    def _describe(self, state: State) -> str:
        last = self.last
        if state == "failed":
            return translate("range_test_lab.failed", error=self._failure_text())
        if state == "ended" and last is not None:
            return describe_test(last)
        return translate(f"range_test_lab.{'ready' if state == 'ended' else state}")

    # -- the view ------------------------------------------------------------------------------

    def _build(self) -> RangeTestView:
        self._say(translate("range_test_lab.ready"))
        controls = range_test_controls(
            self.settings,
            lambda name, value: self.set(**{name: value}),
            self._on_button,
        )
        return RangeTestView(controls, self._status_line)

    def _picture(self) -> StillPicture:
        from hpt_widgets.studies.range_test_plot import plot_range_tests

        shown = self.tests[-MOST_DRAWN:]
        return plot_range_tests(shown, describe_tests(shown))

    def _on_display(self) -> None:
        self._live.warm_up()
