"""The sweep lab: how the result answers to one hyperparameter, or to two, seed by seed."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit.charts import REDRAW_SECONDS
from hpt_widgets.labs.kit.hyperparameter_sliders import ranges_for
from hpt_widgets.labs.kit.lab_data import checked_data
from hpt_widgets.labs.kit.live_work import State
from hpt_widgets.labs.kit.record_file import new_record_path
from hpt_widgets.labs.kit.unfinished_work import RecordNote, UnfinishedWork
from hpt_widgets.labs.kit.working_lab import WAIT_SECONDS, WorkingLab
from hpt_widgets.labs.sweep.chart import draw_sweep
from hpt_widgets.labs.sweep.controls import DEFAULT_VALUES, SEEDS, SweepControls
from hpt_widgets.labs.sweep.live import LiveSweep, SweepRun
from hpt_widgets.labs.sweep.view import SweepView
from hpt_widgets.labs.sweep.words import best_of, describe_best
from hpt_widgets.language import joined, translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.sweep import (
    MEASURES,
    SWEPT,
    Sweep,
    check_data,
    check_measure,
    summarize,
    sweep_table,
)
from hpt_widgets.support.argument_checks import items_of, require_seconds
from hpt_widgets.training.hyperparameters import Hyperparameters, check_name
from hpt_widgets.training.network import check_hyperparameters

if TYPE_CHECKING:
    import pandas as pd

    from hpt_widgets.support.still_picture import StillPicture

DEFAULT_SIZE: Final = 5_000
"""Training samples of a trial: with them it takes about 0.1 s on one core.

That is half of what a trial of the search lab takes, which records a learning curve.
"""
DEFAULT_SEEDS: Final = 3


class SweepLab(WorkingLab[LiveSweep]):
    """Trainings over a list of values, several seeds each, that land while you watch.

    One hyperparameter lies along the axis, a second one may give the series, and everything
    else stays as it is. Everything that a button does, a method does without a screen: `set`,
    `start`, `stop`, `resume`, `wait`; `run` starts a sweep and waits for it.

    Parameters
    ----------
    data : Dataset, optional
        A trial trains on ``train`` and is measured on ``validation``, once, at its end. By
        default MNIST.
    hyperparameters : Hyperparameters, optional
        What is not varied, to begin with. By default those of `Hyperparameters`.
    training_size : int, optional
        Training samples of a trial, a stratified subset. By default 5,000, or all where there
        are fewer.

    Attributes
    ----------
    record : SearchRecord or None
        The trials of the latest sweep, with the method "sweep"; each is written to the reader's
        folder as it lands.
    sweep : Sweep
        What the next sweep will vary.
    state : str
        What the lab is doing: ready, warming_up, training, stopped, ended or failed.
    view : SweepView
        What is on the screen.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed; the message names it.

    Examples
    --------
    >>> lab = SweepLab(training_size=1_000)
    >>> record = lab.run(learning_rate=[0.001, 0.01, 0.1], batch_size=[32, 256], seeds=2)
    >>> lab.table()["runs"].tolist()
    [2, 2, 2, 2, 2, 2]
    """

    view: SweepView

    def __init__(
        self,
        data: Dataset | None = None,
        hyperparameters: Hyperparameters | None = None,
        training_size: int | None = None,
    ) -> None:
        self.data = checked_data(data)
        hp = Hyperparameters() if hyperparameters is None else hyperparameters
        check_hyperparameters(hp, "hyperparameters")
        n_samples = len(self.data.y_train)
        size = min(DEFAULT_SIZE, n_samples) if training_size is None else training_size
        self._lock = threading.RLock()
        self._fixed: dict[str, Any] = {**hp.to_dict(), "training_size": size}
        self._fixed.pop("seed")
        first = tuple(range(DEFAULT_SEEDS))
        self.sweep = self._made({"learning_rate": DEFAULT_VALUES["learning_rate"]}, first)
        self.measure = MEASURES[0]
        self._live = LiveSweep(self.data, self)
        self._runs: list[SweepRun] = []
        self._warning = ""
        self._drawn_at = 0.0
        subject = f"sweep {self.data.n_features} {self.data.n_classes} {n_samples}"
        self._unfinished = UnfinishedWork(
            subject, lambda: self.is_busy, lambda: {"data": data_fingerprint(self.data)}
        )
        super().__init__()

    # -- what a reader asks for --------------------------------------------------------------

    @property
    def record(self) -> SearchRecord | None:
        """The trials of the latest sweep; None if there is none."""
        return self._runs[-1].record if self._runs else None

    @property
    def records(self) -> list[SearchRecord]:
        """The records of all sweeps, oldest first."""
        return [run.record for run in self._runs]

    def set(self, **settings: object) -> None:
        """Fill in fields, for the sweep that begins next.

        Parameters
        ----------
        **settings : object
            A hyperparameter or ``training_size`` with a list of values is varied: the first
            along the axis, a second one as series. With a single value it stays fixed, even if
            it was varied before. Without a list, what was varied before still is.
            ``seeds`` is their number, or a list of them. ``measure`` is what is drawn:
            "validation_accuracy" or "validation_loss".

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed, or nothing would be left to vary; nothing is
            changed then.
        """
        self._require_open()
        # Two callbacks at once must not take each other's settings back.
        with self._lock:
            measure = settings.pop("measure", self.measure)
            check_measure(measure)  # type: ignore[arg-type]
            shown = self._shown.sweep, self.measure
            self._fill_in(settings)
            self.measure = str(measure)
            # Before the first sweep the chart shows what it would be.
            if (self._shown.sweep, self.measure) != shown:
                self.view.measure.value = self.measure
                self._new_chart()

    def start(self) -> None:
        """Begin a new sweep, and return at once."""
        self._require_open()
        path, problem = new_record_path("sweeps", "sweep")
        record = SearchRecord("sweep", path=path)
        record.on_warning = self._warn
        with self._lock:
            run = SweepRun(self.sweep, record)
            self._runs.append(run)
            self._show_begun(problem)
        self._live.submit(run)

    def resume(self) -> None:
        """Train what is missing: what was cut short, or values and seeds added since.

        Raises
        ------
        ValueError
            If there is no sweep to go on with.
        """
        self._require_open()
        with self._lock:
            if not self._runs:
                raise ValueError(translate("sweep_lab.nothing_to_resume"))
            run = SweepRun(self.sweep, self._runs[-1].record)
            # In its place, so that the worker finds a sweep at every moment.
            self._runs[-1] = run
            self._show_begun()
        self._live.submit(run)

    def run(self, *, timeout: float = WAIT_SECONDS, **settings: object) -> SearchRecord:
        """Begin a sweep with these settings, and wait until it is done.

        Parameters
        ----------
        timeout : float, default 600
            The longest time to wait, in seconds.
        **settings : object
            As for `set`.

        Returns
        -------
        SearchRecord
            Its trials.

        Raises
        ------
        TypeError, ValueError
            If a setting is not allowed.
        TimeoutError
            If it takes longer; the sweep goes on.
        """
        require_seconds("timeout", timeout)
        self.set(**settings)
        self.start()
        run = self._runs[-1]
        self.wait(timeout)
        self._raise_failure()
        return run.record

    def table(self, measure: str | None = None) -> pd.DataFrame:
        """Return the latest sweep summed up, one row for each value of each series.

        Parameters
        ----------
        measure : {"validation_accuracy", "validation_loss"}, optional
            By default the one that is drawn.

        Raises
        ------
        ValueError
            If the measure is another one.
        """
        run = self._shown
        return sweep_table(run.sweep, run.record, self.measure if measure is None else measure)

    # -- settings ------------------------------------------------------------------------------

    @property
    def _shown(self) -> SweepRun:
        """The latest sweep, or before the first the one that would be next."""
        return self._runs[-1] if self._runs else SweepRun(self.sweep, SearchRecord("sweep"))

    def _fill_in(self, settings: dict[str, object]) -> None:
        """Check settings and set the fields; called under the lock."""
        seeds = _checked_seeds(settings.pop("seeds", self.sweep.seeds))
        fixed, varied = dict(self._fixed), {}
        for name, value in settings.items():
            if name not in SWEPT:
                check_name(name)
            if _is_list(name, value):
                varied[name] = value
            elif name == "seed":
                raise ValueError(translate("sweep_lab.seed", value=value))
            else:
                fixed[name] = value
        if not varied:
            varied = {name: own for name, own in self._varied.items() if name not in settings}
        sweep = self._made(varied, seeds, fixed)
        self._fixed, self.sweep = fixed, sweep
        self.view.show_settings(self.sweep, self._fixed)

    @property
    def _varied(self) -> dict[str, tuple[Any, ...]]:
        """What the fields vary at present, along the axis first."""
        varied = {self.sweep.name: self.sweep.values}  # noqa: PD011
        if self.sweep.series_name is not None:
            varied[self.sweep.series_name] = self.sweep.series
        return varied

    def _made(
        self,
        varied: dict[str, Any],
        seeds: Iterable[int],
        fixed: dict[str, Any] | None = None,
    ) -> Sweep:
        values = dict(self._fixed if fixed is None else fixed)
        size = values.pop("training_size")
        hp = Hyperparameters(**values)
        sweep = Sweep.of(varied, seeds, training_size=size, hyperparameters=hp)
        check_data(sweep, self.data)
        return sweep

    def _show_begun(self, problem: str = "") -> None:
        """Note and show that the newest sweep begins; called under the lock."""
        self._warning = problem
        self._note_sweeps()
        self._new_chart()

    def _note_sweeps(self) -> None:
        """Write down which sweeps the lab has, for the case that its kernel dies."""
        if self._unfinished is not None:
            self._unfinished.note(
                RecordNote(str(run.record.path), "sweep", dataclasses.asdict(run.sweep))
                for run in self._runs
                if run.record.path is not None
            )

    def _complete(self) -> None:
        if self._unfinished is not None:
            self._restore(self._unfinished.left_over())

    def _restore(self, notes: Iterable[RecordNote]) -> None:
        """Show the sweeps that a killed kernel left, ready to be gone on with."""
        for note in notes:
            record = note.open()
            sweep = _sweep_of(note)
            if record is not None and sweep is not None:
                record.on_warning = self._warn
                self._runs.append(SweepRun(sweep, record))
        if self._runs:
            count = sum(len(run.record) for run in self._runs)
            self._warning = translate("lab.brought_back", count=count)
            self._adopt(self._runs[-1].sweep)
            self._live.state = "stopped"
            self._new_chart()
            self._say(self._describe("stopped"))

    def _adopt(self, sweep: Sweep) -> None:
        """Fill in the fields as they stood when a sweep was begun."""
        self.sweep = sweep
        self._fixed |= {**sweep.hyperparameters.to_dict(), "training_size": sweep.training_size}
        self._fixed.pop("seed")
        self.view.show_settings(self.sweep, self._fixed)

    # -- what the sweep calls, on its own threads ---------------------------------------------

    def on_state(self, state: State) -> None:
        """Say the new state in words, and draw what is not drawn yet."""
        if state in ("stopped", "ended", "failed"):
            self._redraw()
        self._say(self._describe(state))

    def on_trial(self, run: SweepRun, _trial: Trial) -> None:
        """Draw the trial."""
        with self._lock:
            if run is self._shown and time.monotonic() - self._drawn_at >= REDRAW_SECONDS:
                self._redraw()
                self._say(self._describe(self.state))

    def _warn(self, message: str) -> None:
        self._warning = message

    # -- drawing -------------------------------------------------------------------------------

    def _new_chart(self) -> None:
        with self._lock:
            self.view.new_chart(self._shown.sweep, self.measure)
            self._redraw()

    def _redraw(self) -> None:
        with self._lock:
            if self.is_closed:
                return
            run = self._shown
            summaries = summarize(run.sweep, run.record, self.measure)
            self.view.draw(run, summaries, is_training=self.state == "training")
            self._drawn_at = time.monotonic()

    def _describe(self, state: State) -> str:
        if state == "failed":
            return translate("sweep_lab.failed", error=self._failure_text())
        if state in ("ready", "warming_up"):
            return translate(f"sweep_lab.{state}")
        run = self._shown
        words = [translate(f"sweep_lab.is_{state}", done=run.n_landed, total=run.sweep.n_trials)]
        best = best_of(summarize(run.sweep, run.record, self.measure), self.measure)
        if best is not None:
            words.append(describe_best(run.sweep, best, self.measure))
        return joined([*words, self._warning])

    # -- the view ------------------------------------------------------------------------------

    def _build(self) -> SweepView:
        controls = SweepControls(
            self._fixed,
            ranges_for(self.data),
            self._on_axis,
            self._on_series,
            lambda name, value: self.set(**{name: value}),
            self._on_button,
        )
        self._say(translate("sweep_lab.ready"))
        self.view = SweepView(
            controls,
            self.measure,
            lambda measure: self.set(measure=measure),
            self._status_line,
        )
        self.view.show_settings(self.sweep, self._fixed)
        self._new_chart()
        return self.view

    def _on_axis(self, name: str, values: tuple[Any, ...]) -> None:
        series = self.sweep.series_name
        varied = {name: list(values)}
        if series is not None and series != name:
            varied[series] = list(self.sweep.series)
        self.set(**varied)

    def _on_series(self, name: str | None, values: tuple[Any, ...]) -> None:
        varied = {self.sweep.name: list(self.sweep.values)}
        if name is not None:
            if name == self.sweep.name:
                raise ValueError(translate("sweep_lab.same_twice"))
            varied[name] = list(values)
        self.set(**varied)

    def _picture(self) -> StillPicture:
        run = self._shown
        return draw_sweep(run.sweep, run.record, self.measure)

    def _on_display(self) -> None:
        self._live.warm_up()


def _is_list(name: str, value: object) -> bool:
    """Whether a setting is a list of values; a tuple of hidden units is one value."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return False
    return not (name == "hidden_units" and isinstance(value, tuple))


def _checked_seeds(seeds: object) -> tuple[int, ...]:
    listed = items_of(seeds)
    return tuple(range(int(SEEDS.check("seeds", seeds)))) if listed is None else listed


def _sweep_of(note: RecordNote) -> Sweep | None:
    """Return the sweep that was noted; None if this version can't make it out."""
    facts = dict(note.facts)
    try:
        return Sweep(**facts | {"hyperparameters": Hyperparameters(**facts["hyperparameters"])})
    except (KeyError, TypeError, ValueError):
        return None
