"""The search lab: several ways to search the same space, live."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.charts import REDRAW_SECONDS
from hpt_widgets.labs.kit.lab_data import checked_data
from hpt_widgets.labs.kit.live_work import State
from hpt_widgets.labs.kit.record_file import new_record_path
from hpt_widgets.labs.kit.settings_text import words_of_error
from hpt_widgets.labs.kit.unfinished_work import RecordNote, UnfinishedWork
from hpt_widgets.labs.kit.working_lab import WAIT_SECONDS, WorkingLab
from hpt_widgets.labs.search.form import OF_TRAINING, SearchForm
from hpt_widgets.labs.search.groups import (
    assumed_settings,
    comparisons_of,
    groups_of,
    method_name,
    settings_of_record,
)
from hpt_widgets.labs.search.live import (
    LiveSearch,
    SearchRun,
    SearchSettings,
    grid_size,
    seconds_left,
)
from hpt_widgets.labs.search.mark_encoding import MapAxes
from hpt_widgets.labs.search.notes import details_of, notes_of, restore_searches, subject_of
from hpt_widgets.labs.search.picture import draw_search
from hpt_widgets.labs.search.record_listeners import RecordListeners
from hpt_widgets.labs.search.view import Focus, SearchActions, SearchView
from hpt_widgets.labs.search.words import describe_assumed, describe_progress, describe_state
from hpt_widgets.language import joined, translate
from hpt_widgets.search.comparison import Comparison
from hpt_widgets.search.importance import hyperparameter_importance
from hpt_widgets.search.objective import Objective
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import ALL_METHODS
from hpt_widgets.search.space import ARTICLE_SPACE, SearchSpace
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import (
    not_allowed,
    require,
    require_function,
    require_items,
    require_seconds,
    whole_number,
)
from hpt_widgets.training.hyperparameters import Hyperparameters, check_name
from hpt_widgets.training.network import check_hyperparameters

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


class SearchLab(WorkingLab[LiveSearch]):
    """Searches of the same space that land trial by trial, by hand or by a method.

    The methods are grid and random search, TPE, successive halving and Hyperband.

    Everything that a button does, a method does without a screen: `set`, `start`, `stop`,
    `resume`, `show`, `wait`; `run` starts a search and waits for it.

    Parameters
    ----------
    data : Dataset, optional
        A trial trains on ``train`` and is measured on ``validation``. By default MNIST.
    objective : callable, optional
        What to search instead of a training: takes a dictionary of hyperparameters and returns
        the accuracy to be maximised, or a `Trial`. `data` is not needed then.
    space : SearchSpace, optional
        Where to search. By default the article's space.
    hyperparameters : Hyperparameters, optional
        Everything that the search does not vary, but for the seed and the epochs.
    training_size : int, optional
        Training samples of a trial, a stratified subset. By default 5,000, or all where there
        are fewer: so a trial takes about 0.2 s. ``len(data.y_train)`` takes the whole data.
    records : iterable of SearchRecord
        Records to overlay, such as the ``runs`` of a `TrainingLab`. The last that has trials is
        shown first, or else the first; until a reader chooses, one that begins is shown next.

    Attributes
    ----------
    searches : list of SearchRun
        All searches and records of the lab, oldest first. The record of each search is a
        file of its own in the reader's folder.
    form : SearchForm
        The values of the fields.
    focus : Focus
        Which search and trial are shown.
    view : SearchView
        The widgets and charts.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed; the message names it.

    Examples
    --------
    >>> lab = SearchLab()
    >>> record = lab.run("random", trials=5)
    >>> record.best.validation_accuracy > 0.5
    True
    """

    view: SearchView

    def __init__(
        self,
        data: Dataset | None = None,
        *,
        objective: Objective | None = None,
        space: SearchSpace = ARTICLE_SPACE,
        hyperparameters: Hyperparameters | None = None,
        training_size: int | None = None,
        records: Iterable[SearchRecord] = (),
    ) -> None:
        self.data = _data_of_trials(data, objective)
        self.space = _checked_space(space, objective)
        self.form = SearchForm(self.data, training_size)
        hp = Hyperparameters() if hyperparameters is None else hyperparameters
        check_hyperparameters(hp, "hyperparameters")
        given = require_items("records", records)
        for record in given:
            require("records", record, SearchRecord)
        self._live = LiveSearch(space, self.data, hp, objective, self)
        self._lock = threading.RLock()
        self.searches: list[SearchRun] = []
        self._batch: list[SearchRun] = []
        self.focus = Focus()
        self._warning = ""
        self._drawn_at = 0.0
        self._is_stale = False
        self._weighed: tuple[int, int] | None = None
        self._listeners = RecordListeners(self._on_drawing_error)
        self._given = given
        self._follows_records = bool(given)
        self._unfinished = UnfinishedWork(
            subject_of(space, objective),
            lambda: self.is_busy,
            lambda: details_of(self.data, hp, objective),
        )
        super().__init__()

    # -- what a reader asks for --------------------------------------------------------------

    @property
    def record(self) -> SearchRecord | None:
        """The record of the latest search, or of the record added last; None if there is none."""
        return self.searches[-1].record if self.searches else None

    @property
    def records(self) -> list[SearchRecord]:
        """All records, oldest first."""
        return [run.record for run in self.searches]

    @property
    def settings(self) -> SearchSettings:
        """How the next search will go about it."""
        return self.form.settings

    def set(self, **settings: object) -> None:
        """Fill in fields, for the searches that begin from now on.

        Parameters
        ----------
        **settings : object
            ``method`` ("grid", "random", "tpe", "halving" or "hyperband"); ``trials`` (int) or
            ``seconds`` (float), the budget, with "halving" only ``trials``, the settings of the
            first rung, and with "hyperband" none; ``max_epochs`` (int) and ``factor`` (int) of
            their rungs; ``seed`` (int); ``repeats`` (int), with seeds that count up from ``seed``;
            ``n_startup_jobs`` (int), TPE's random trials; ``training_size`` and ``epochs`` (int)
            of a trial.

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed; nothing is changed then.
        """
        self._require_open()
        for name, value in self.form.fill_in(settings).items():
            self.view.controls.show(name, value)
        self.view.explain(self.form)
        # What a button couldn't do may be possible now.
        self._show_status()

    def start(self) -> None:
        """Begin a new search, or as many as there are to be repeats, and return at once."""
        self._require_open()
        settings = self.settings
        with self._lock:
            runs = [
                self._new_run(dataclasses.replace(settings, seed=settings.seed + place), place)
                for place in range(self.form.values["repeats"])
            ]
            self._batch = runs
            self.searches += runs
            self.view.explain(self.form)
            self._save_notes()
            self._focus_on(runs[0], follows=True)
            self._live.search(runs)

    def resume(self) -> None:
        """Go on with the searches that were started last, up to the budget as it stands.

        What they propose is what unbroken searches of the same seed would have proposed. In a
        notebook that holds for searches that a dying kernel cut off, too: its cell, run again,
        brings them back. Elsewhere `add` the record first:
        ``lab.add(SearchRecord("tpe", path=…))``. A record does not tell TPE's random start-up,
        nor, unless its trials have a ``seed``, the seed: these are taken from the fields, and the
        status says so. ``lab.set(seed=…, n_startup_jobs=…)`` beforehand makes them the search's.

        Raises
        ------
        ValueError
            If there is no search to go on with, or its budget is used up or too small for it;
            nothing is changed then.
        """
        self._require_open()
        # A click beside a cell that calls it must not begin the same searches twice.
        with self._lock:
            if not self._live.is_under_way:
                self._go_on()

    def run(
        self,
        method: str | None = None,
        trials: int | None = None,
        seconds: float | None = None,
        *,
        seed: int = 0,
        repeats: int = 1,
        timeout: float = WAIT_SECONDS,
        **settings: object,
    ) -> SearchRecord:
        """Search, and wait until it is done.

        Parameters
        ----------
        method : {"grid", "random", "tpe", "halving", "hyperband"}, optional
            How; by default as the field stands.
        trials : int, optional
            The budget in trials. By default the whole grid for ``"grid"``, else as it stands.
        seconds : float, optional
            The budget in seconds of trials, instead.
        seed : int, default 0
            That of the first search.
        repeats : int, default 1
            How many searches there are to be, with seeds that count up.
        timeout : float, default 600
            The longest time to wait, in seconds.
        **settings : object
            As for `set`: ``n_startup_jobs``, ``training_size``, ``epochs``, ``max_epochs``,
            ``factor``; by default as the fields stand.

        Returns
        -------
        SearchRecord
            That of the (last) search.

        Raises
        ------
        TypeError, ValueError
            If a setting is not allowed.
        TimeoutError
            If it takes longer; the search goes on.
        """
        require_seconds("timeout", timeout)
        if method == "grid" and trials is None and seconds is None:
            trials = grid_size(self.space)
        budget = {"trials": trials, "seconds": seconds}
        self.set(method=method, **budget, seed=seed, repeats=repeats, **settings)
        self.start()
        batch = list(self._batch)
        self.wait(timeout)
        self._raise_failure()
        return batch[-1].record

    def add(self, record: SearchRecord) -> None:
        """Overlay a record: the ``runs`` of a `TrainingLab`, or one that was kept on the disk.

        Trials that the record gets later are drawn as they land, and those that are dropped from
        it go. A record that is there already is only shown.

        Parameters
        ----------
        record : SearchRecord
            What is to be seen beside the lab's own searches.

        Raises
        ------
        TypeError
            If it is no `SearchRecord`.
        """
        self._require_open()
        require("record", record, SearchRecord)
        with self._lock:
            self._focus_on(self._added(record))

    def show(self, search: int | None = None, trial: int | None = None) -> None:
        """Show a search on the map, and a trial's learning curve; or the lab itself.

        Without arguments the lab is put on the screen at once, as every lab's `show` does.

        Parameters
        ----------
        search : int, optional
            The number of the search, from 1. By default the one that is shown.
        trial : int, optional
            The number of the trial. By default the best.

        Raises
        ------
        ValueError
            If there is no such search or trial.
        """
        if search is None and trial is None:
            super().show()
            return
        with self._lock:
            if search is None and self.focus.shown is not None:
                search = self.focus.shown.number
            numbers = [run.number for run in self.searches]
            wanted = whole_number(search)
            if wanted is None or wanted not in numbers:
                raise ValueError(_no_such("search", search, numbers))
            run = self.searches[numbers.index(wanted)]
            trials = [found.number for found in run.record]
            if trial is not None and whole_number(trial) not in trials:
                raise ValueError(_no_such("trial", trial, trials))
            self._focus_on(run, trial)
            self._show_status()

    def comparisons(self) -> list[Comparison]:
        """Compare every two kinds of search at equal budgets; each says in words what is known."""
        return comparisons_of(groups_of(self.searches))

    def close(self) -> None:
        """End the lab's searches and thread, and take it off the screen."""
        was_closed = self.is_closed
        super().close()
        if not was_closed:
            self._listeners.close()

    # -- searches and records ------------------------------------------------------------------

    def _added(self, record: SearchRecord) -> SearchRun:
        """Return the lab's run of a record; called under the lock."""
        for run in self.searches:
            if run.record is record:
                return run
        run = SearchRun(
            len(self.searches) + 1,
            settings_of_record(record),
            record,
            assumed=assumed_settings(record),
        )
        self.searches.append(run)
        self._listeners.listen(record, partial(self._on_changed_record, run))
        return run

    def _go_on(self) -> None:
        """Resume the searches that were started last; called under the lock."""
        runs = self._batch or [r for r in self.searches if r.settings.method in ALL_METHODS][-1:]
        if not runs:
            raise ValueError(translate("search_lab.nothing_to_resume"))
        settings = [self.form.with_budget(run.settings, run.assumed) for run in runs]
        longer = [
            dataclasses.replace(run, settings=new) for run, new in zip(runs, settings, strict=True)
        ]
        if all(run.progress(self.space) >= 1 for run in longer):
            raise ValueError(translate("search_lab.used_up"))
        for run, new in zip(runs, settings, strict=True):
            run.settings = new
            if run.assumed:
                self._warning = describe_assumed(run)
                run.assumed = ()  # from now on it is searched so
        self._batch = list(runs)
        self._save_notes()
        self._focus_on(runs[0], follows=True)
        self._live.search(runs)

    def _new_run(self, settings: SearchSettings, place: int) -> SearchRun:
        path, self._warning = new_record_path("searches", f"{settings.method}-{settings.seed}")
        record = SearchRecord(settings.method, path=path)
        record.on_warning = self._warn
        return SearchRun(len(self.searches) + 1 + place, settings, record)

    def _save_notes(self) -> None:
        if self._unfinished is not None:
            self._unfinished.note(notes_of(self.searches, self._batch))

    def _complete(self) -> None:
        if self._unfinished is not None:
            self._restore(self._unfinished.left_over())
        if not self._given:
            return
        if not self.searches:  # nobody has begun a search of the lab's own
            self.view.explain_nothing()
        with self._lock:
            given = [self._added(record) for record in self._given]
            begun = [run for run in given if len(run.record)]
            self._focus_on(begun[-1] if begun else given[0], follows=True)

    def _restore(self, notes: Iterable[RecordNote]) -> None:
        """Show the searches that a killed kernel left, ready to be resumed."""
        self.searches, self._batch = restore_searches(notes, self.form.allows, self._warn)
        if not self.searches:
            return
        count = sum(len(run.record) for run in self.searches)
        self._warning = translate("lab.brought_back", count=count)
        last = (self._batch or self.searches)[0].settings
        values = dataclasses.asdict(last)
        if self.data is None:
            values = {name: value for name, value in values.items() if name not in OF_TRAINING}
        with contextlib.suppress(ValueError):  # a cell that was changed since may allow less
            self.set(**values, repeats=max(1, len(self._batch)))
        self._live.state = "stopped"
        self._focus_on((self._batch or self.searches)[-1])
        self._show_status()

    # -- callbacks of the search, on its own threads -------------------------------------------

    def on_state(self, state: State) -> None:
        """Show the new state, and draw what is not drawn yet."""
        if state in ("stopped", "ended", "failed"):
            self._redraw(final=True)
        self._show_status()

    def on_trial(self, run: SearchRun, _trial: Trial) -> None:
        """Draw the trial."""
        with self._lock:
            self._is_stale = True
            shown = self.focus.shown
            if self.focus.follows and shown is not None and shown.progress(self.space) >= 1:
                self.focus.shown = run
        self._redraw_throttled()

    def on_progress(self, _run: SearchRun) -> None:
        """Move the bar."""
        self._redraw_throttled()

    def _on_changed_record(self, run: SearchRun) -> None:
        # A search under way draws it with its own trials.
        if self._live.is_under_way:
            with self._lock:
                self._is_stale = True
            self._redraw_throttled()
        elif not self.is_closed:
            with self._lock:
                if self.focus.follows and len(run.record) == 1 and run is not self.focus.shown:
                    self._focus_on(run, follows=True)
                else:
                    self._redraw(final=True)
            self._show_status()

    def _on_drawing_error(self, error: Exception) -> None:
        """Say that a change in an added record could not be drawn; whoever made it goes on."""
        if not self.is_closed:
            self._warn(translate("lab.not_drawn", error=words_of_error(error)))
            self._show_status()

    def _warn(self, message: str) -> None:
        self._warning = message

    # -- drawing -------------------------------------------------------------------------------

    def _focus_on(self, run: SearchRun, trial: int | None = None, *, follows: bool = False) -> None:
        """Show a search on the map, with the newest one of another kind beside it."""
        with self._lock:
            beside = self.focus.beside
            if run is not self.focus.shown:
                kind = run.settings.kind
                others = [r for r in self.searches if r.settings.kind != kind and len(r.record)]
                beside = others[-1] if others else None
            self.focus = Focus(run, beside, trial, follows)
            self._redraw(final=True)

    def _redraw(self, *, final: bool = False) -> None:
        with self._lock:
            if self.is_closed:
                return
            self._is_stale = False
            self.view.draw(self.searches, self.focus, final=final)
            self._draw_progress()

    def _redraw_throttled(self) -> None:
        with self._lock:
            if self.is_closed or time.monotonic() - self._drawn_at < REDRAW_SECONDS:
                return
            if self._is_stale:
                self._redraw()
            self._draw_progress()
            self._show_status()
            self._drawn_at = time.monotonic()

    def _draw_progress(self) -> None:
        runs = list(self._batch)
        if not runs:
            return
        left = None
        if self._live.is_under_way:
            left = seconds_left(runs, self.space, self._live.n_workers(len(runs)))
        share = sum(run.progress(self.space) for run in runs) / len(runs)
        self.view.show_progress(share, describe_progress(runs, left))

    def _show_status(self) -> None:
        if self.state == "failed":
            self._say(translate("search_lab.failed", error=self._failure_text()))
            return
        words = describe_state(self.state, self.focus.shown, self.space)
        self._say(joined([words, self._warning]))

    # -- the view ------------------------------------------------------------------------------

    def _build(self) -> SearchView:
        actions = SearchActions(
            on_setting=lambda name, value: self.set(**{name: value}),
            on_button=self._on_button,
            on_shown=self._on_shown,
            on_beside=self._on_beside,
            on_trial=self._on_clicked_trial,
            on_tab=self._redraw,
            suggest=self._suggest,
            weigh=self._weigh,
        )
        self._say(translate("search_lab.ready"))
        return SearchView(self.space, self.form, actions, self._status_line)

    def _on_shown(self, number: int | None) -> None:
        if number is not None:
            self.show(number)

    def _on_beside(self, number: int | None) -> None:
        with self._lock:
            found = (run for run in self.searches if run.number == number)
            self.focus = dataclasses.replace(self.focus, beside=next(found, None))
            self._redraw()

    def _on_clicked_trial(self, run: SearchRun, number: int) -> None:
        with self._lock:
            shown = self.focus.shown
            if run is not shown:  # the two maps change places
                self.focus = dataclasses.replace(self.focus, shown=run, beside=shown)
            self.show(run.number, number)

    def _suggest(self, run: SearchRun) -> dict[str, Any] | None:
        settings = self.form.complete(run.settings, run.assumed)
        return self._live.next_suggestion(dataclasses.replace(run, settings=settings))

    def _weigh(self, run: SearchRun) -> None:
        """Have the importance of the hyperparameters worked out when no search is under way."""
        weighed = (run.number, len(run.record))
        if self._weighed == weighed:
            return
        self._weighed = weighed
        self.view.importance.say_waiting()

        def work_out() -> None:
            found = hyperparameter_importance(self.space, run.record.trials)
            with self._lock:
                if not self.is_closed and self._weighed == weighed:
                    self.view.importance.draw(found)

        self._live.do("importance", work_out)

    def _picture(self) -> StillPicture:
        run = self.focus.shown
        title = "" if run is None else _title(run)
        trials = () if run is None else run.record.trials
        return draw_search(MapAxes.of(self.space), title, trials, groups_of(self.searches))

    def _on_display(self) -> None:
        self._live.warm_up()


def _data_of_trials(data: Dataset | None, objective: Objective | None) -> Dataset | None:
    if objective is not None:
        require_function("objective", objective, optional=False)
        return None
    return checked_data(data)


def _checked_space(space: SearchSpace, objective: Objective | None) -> SearchSpace:
    require("space", space, SearchSpace)
    if objective is None:
        for name in space.names:
            check_name(name)
    return space


def _no_such(name: str, value: object, numbers: list[int]) -> str:
    options = ", ".join(map(str, numbers)) or "–"
    return not_allowed(name, value, "checks.choice", options=options)


def _title(run: SearchRun) -> str:
    method = method_name(run.settings.method)
    return translate("figures.title", method=method, count=len(run.record))
