"""The search lab: four ways to search the same space, live."""

from __future__ import annotations

import dataclasses
import html
import math
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from hpt_widgets.dataset import Dataset, load_mnist
from hpt_widgets.home import reader_folder
from hpt_widgets.hyperparameters import Hyperparameters, check_name
from hpt_widgets.labs.charts import NEUTRAL
from hpt_widgets.labs.controls import NumberRange
from hpt_widgets.labs.density_view import DensityView
from hpt_widgets.labs.lab import Lab, style_sheet, widgets_within
from hpt_widgets.labs.live_search import LiveSearch, SearchRun, SearchSettings, State, grid_size
from hpt_widgets.labs.progress_charts import ProgressCharts
from hpt_widgets.labs.search_controls import BUDGETS, RANGES, SearchControls
from hpt_widgets.labs.search_groups import (
    comparisons_of,
    conditions_differ,
    groups_of,
    run_name,
    settings_of_record,
)
from hpt_widgets.labs.search_picture import draw_search
from hpt_widgets.labs.trial_map import (
    COLORS,
    MapAxes,
    TrialMap,
    accuracy_limits,
    parameter_name,
    settings_of,
)
from hpt_widgets.labs.trials_table import TrialsTable
from hpt_widgets.language import translate
from hpt_widgets.records import SearchRecord, Trial
from hpt_widgets.search import ARTICLE_SPACE, METHODS, Objective, SearchSpace
from hpt_widgets.search_comparison import Comparison

if TYPE_CHECKING:
    from hpt_widgets.still_picture import StillPicture

TABS: Final = ("trial_table", "densities", "comparison")
DEFAULT_SIZE: Final = 5_000
"""Training samples of a trial: with them it takes about 0.2 s on one core."""
DEFAULTS: Final = {
    "method": "random",
    "budget": "trials",
    "trials": 27,
    "seconds": 10.0,
    "seed": 0,
    "repeats": 1,
    "n_startup_jobs": 20,
    "epochs": 1,
}
OF_TRAINING: Final = ("training_size", "epochs")
WAIT_SECONDS: Final = 600.0
# More often than this no eye can follow, and drawing would slow the search down.
REDRAW_SECONDS: Final = 0.1


class SearchLab(Lab):
    """Searches of the same space that land trial by trial, by hand, grid, random or TPE.

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
        Records to overlay, such as the ``runs`` of a `TrainingLab`.

    Attributes
    ----------
    searches : list of SearchRun
        All searches and records of the lab, oldest first. The record of each search is a
        file of its own in the reader's folder.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed; the message names it.

    Examples
    --------
    >>> lab = SearchLab()  # doctest: +SKIP
    >>> lab.run("random", trials=20)
    >>> lab.record.best
    """

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
        self.data = _checked_data(data, objective)
        self.space = _checked_space(space, objective)
        self._axes = MapAxes.of(space)
        self._lock = threading.RLock()
        self._ranges = dict(RANGES)
        self._values: dict[str, Any] = dict(DEFAULTS)
        self._prepare_training(training_size)
        hp = hyperparameters or Hyperparameters()
        self._live = LiveSearch(space, self.data, hp, objective, self)
        self.searches: list[SearchRun] = []
        self._batch: list[SearchRun] = []
        self._shown: SearchRun | None = None
        self._beside: SearchRun | None = None
        self._chosen: int | None = None
        # Whether the map goes on to the next repeat by itself, until a reader chooses one.
        self._follows = True
        self._error: Exception | None = None
        self._warning = ""
        self._drawn_at = 0.0
        self._is_stale = False
        self._before_us: list[tuple[SearchRecord, Any, Any]] = []
        super().__init__()
        for record in records:
            self.add(record)

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
        values = dict(self._values)
        other = "seconds" if values.pop("budget") == "trials" else "trials"
        values[other] = None
        values.pop("repeats")
        return SearchSettings(**values)

    @property
    def state(self) -> State:
        """What the lab is doing: ready, warming_up, searching, stopped, ended or failed."""
        return self._live.state

    @property
    def status(self) -> str:
        """The state in words, as it stands on the screen."""
        return self._status_text

    def set(self, **settings: object) -> None:
        """Fill in fields, for the searches that begin from now on.

        Parameters
        ----------
        **settings : object
            ``method`` ("grid", "random" or "tpe"); ``trials`` (int) or ``seconds`` (float), the
            budget; ``seed`` (int); ``repeats`` (int), with seeds that count up from ``seed``;
            ``n_startup_jobs`` (int), TPE's random trials; ``training_size`` and ``epochs`` (int)
            of a trial.

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed; nothing is changed then.
        """
        self._require_open()
        if settings.get("trials") is not None and settings.get("seconds") is not None:
            raise ValueError(translate("search_lab.two_budgets", **settings))
        checked = {
            name: self._checked(name, value)
            for name, value in settings.items()
            if value is not None
        }
        for name in BUDGETS:
            if name in checked:
                checked["budget"] = name
        self._values.update(checked)
        for name, value in checked.items():
            self._controls.show(name, value)
        self._controls.show_what_matters(self._values["method"], self._values["budget"])
        self._say_what_is_meant()

    def start(self) -> None:
        """Begin a new search, or as many as there are to be repeats, and return at once."""
        self._require_open()
        settings = self.settings
        runs = [
            self._new_run(dataclasses.replace(settings, seed=settings.seed + place))
            for place in range(self._values["repeats"])
        ]
        with self._lock:
            self._batch = runs
            self._follows = True
            self.searches += runs
            self._look_at(runs[0])
        self._live.search(runs)

    def stop(self) -> None:
        """End the searches under way; the trials that have landed are kept."""
        self._require_open()
        self._live.stop()

    def resume(self) -> None:
        """Go on with the searches that were started last, up to the budget as it stands.

        What they propose is what unbroken searches of the same seed would have proposed. After
        a restart, `add` the record first: ``lab.add(SearchRecord("tpe", path=…))``.

        Raises
        ------
        ValueError
            If there is no search to go on with, or its budget is used up.
        """
        self._require_open()
        if self._live.is_under_way:
            return
        settings = self.settings
        runs = self._batch or [r for r in self.searches if r.settings.method in METHODS][-1:]
        if not runs:
            raise ValueError(translate("search_lab.nothing_to_resume"))
        for run in runs:
            run.settings = dataclasses.replace(
                self._completed(run.settings), trials=settings.trials, seconds=settings.seconds
            )
        if all(run.progress(self.space) >= 1 for run in runs):
            raise ValueError(translate("search_lab.used_up"))
        self._look_at(runs[0])
        self._live.search(runs)

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
        method : {"grid", "random", "tpe"}, optional
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
            As for `set`: ``n_startup_jobs``, ``training_size``, ``epochs``; by default as the
            fields stand.

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
        if method == "grid" and trials is None and seconds is None:
            trials = grid_size(self.space)
        budget = {"trials": trials, "seconds": seconds}
        self.set(method=method, **budget, seed=seed, repeats=repeats, **settings)
        self.start()
        batch = list(self._batch)
        self.wait(timeout)
        if self.state == "failed" and self._error is not None:
            raise self._error
        return batch[-1].record

    def wait(self, timeout: float = WAIT_SECONDS) -> None:
        """Wait until no search is under way.

        Parameters
        ----------
        timeout : float, default 600
            The longest time to wait, in seconds.

        Raises
        ------
        TimeoutError
            If it takes longer.
        """
        if not self._live.wait(timeout):
            raise TimeoutError(translate("search_lab.timed_out", timeout=timeout))

    def add(self, record: SearchRecord) -> None:
        """Overlay a record: the ``runs`` of a `TrainingLab`, or one that was kept on the disk.

        Trials that the record gets later are drawn as they land.

        Raises
        ------
        TypeError
            If it is no `SearchRecord`.
        """
        self._require_open()
        if not isinstance(record, SearchRecord):
            raise TypeError(translate("search_lab.record", value=record))
        run = SearchRun(len(self.searches) + 1, settings_of_record(record), record)
        before = record.on_trial

        def on_trial(trial: Trial) -> None:
            if before is not None:
                before(trial)
            if not self._live.is_under_way:
                self._redraw()

        self._before_us.append((record, before, on_trial))
        record.on_trial = on_trial
        with self._lock:
            self.searches.append(run)
            self._look_at(run)

    def show(self, search: int | None = None, trial: int | None = None) -> None:
        """Show a search on the map, and a trial's learning curve.

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
        with self._lock:
            numbers = [run.number for run in self.searches]
            if search is None and self._shown is not None:
                search = self._shown.number
            if search not in numbers:
                raise ValueError(_none_of("search", search, numbers))
            run = self.searches[numbers.index(search)]
            trials = [trial.number for trial in run.record]
            if trial is not None and trial not in trials:
                raise ValueError(_none_of("trial", trial, trials))
            self._follows = False
            self._look_at(run, trial)

    def comparisons(self) -> list[Comparison]:
        """Compare every two kinds of search at equal budgets; each says in words what is known."""
        return comparisons_of(groups_of(self.searches))

    def close(self) -> None:
        """End the lab's searches and thread, and take it off the screen."""
        if not self.is_closed:
            self._live.close()
            for record, before, ours in self._before_us:
                if record.on_trial is ours:
                    record.on_trial = before
            for widget in widgets_within(self._densities.charts_box):
                widget.close()
        super().close()

    # -- settings ------------------------------------------------------------------------------

    def _prepare_training(self, training_size: int | None) -> None:
        if self.data is None:
            for name in OF_TRAINING:
                self._ranges.pop(name, None)
                self._values[name] = None
            return
        n_samples = len(self.data.y_train)
        smallest = min(self.data.n_classes, n_samples)
        self._ranges["training_size"] = NumberRange(smallest, n_samples, whole=True)
        size = min(DEFAULT_SIZE, n_samples) if training_size is None else training_size
        self._values["training_size"] = self._checked("training_size", size)

    def _checked(self, name: str, value: object) -> Any:
        choices = {"method": METHODS, "budget": BUDGETS}
        if name in choices:
            if value not in choices[name]:
                allowed = ", ".join(map(repr, choices[name]))
                raise ValueError(
                    translate("search_lab.wrong_setting", name=name, value=value, allowed=allowed)
                )
            return value
        if name not in self._ranges:
            allowed = ", ".join(["method", *self._ranges])
            raise ValueError(translate("search_lab.unknown_setting", name=name, allowed=allowed))
        return self._ranges[name].check(name, value)

    def _completed(self, settings: SearchSettings) -> SearchSettings:
        """Fill in what a record from the disk does not tell."""
        if self.data is None:
            return settings
        size, epochs = settings.training_size, settings.epochs
        return dataclasses.replace(
            settings,
            training_size=size or self._values["training_size"],
            epochs=epochs or self._values["epochs"],
        )

    def _new_run(self, settings: SearchSettings) -> SearchRun:
        record = SearchRecord(settings.method, path=_new_record_path(settings))
        record.on_warning = self._warn
        number = len(self.searches) + 1 + settings.seed - self._values["seed"]
        return SearchRun(number, settings, record)

    def _require_open(self) -> None:
        if self.is_closed:
            raise RuntimeError(translate("search_lab.closed"))

    # -- what the search tells, on its own threads -------------------------------------------

    def on_state(self, state: State) -> None:
        """Say the new state in words, and draw what is not drawn yet."""
        if state in ("stopped", "ended", "failed"):
            self._redraw(final=True)
        self._say(self._describe(state))

    def on_trial(self, run: SearchRun, _trial: Trial) -> None:
        """Draw the trial."""
        with self._lock:
            self._is_stale = True
            shown = self._shown
            if self._follows and shown is not None and shown.progress(self.space) >= 1:
                self._shown = run
        self._redraw_now_and_then()

    def on_progress(self, _run: SearchRun) -> None:
        """Move the bar."""
        self._redraw_now_and_then()

    def on_error(self, error: Exception) -> None:
        """Say what failed."""
        self._error = error

    def _warn(self, message: str) -> None:
        self._warning = message

    def _redraw_now_and_then(self) -> None:
        with self._lock:
            if time.monotonic() - self._drawn_at < REDRAW_SECONDS:
                return
            if self._is_stale:
                self._redraw()
            self._draw_bar()
            self._say(self._describe(self.state))
            self._drawn_at = time.monotonic()

    # -- drawing -----------------------------------------------------------------------------

    def _look_at(self, run: SearchRun, trial: int | None = None) -> None:
        """Show a search on the map, with the newest one of another kind beside it."""
        with self._lock:
            if run is not self._shown:
                others = [
                    other
                    for other in self.searches
                    if other.settings.kind != run.settings.kind and len(other.record)
                ]
                self._beside = others[-1] if others else None
            self._shown, self._chosen = run, trial
            self._redraw(final=True)

    def _redraw(self, *, final: bool = False) -> None:
        with self._lock:
            if self.is_closed:
                return
            self._is_stale = False
            groups = groups_of(self.searches)
            shown = self._shown
            self._draw_maps()
            startup = 0
            if shown is not None and shown.settings.method == "tpe":
                startup = shown.settings.n_startup_jobs
            self._charts.draw(groups, startup=startup)
            self._draw_choice()
            self._table.draw(() if shown is None else shown.record.trials)
            self._draw_bar()
            tab = self._tab
            if final or tab == "densities":
                self._draw_densities()
            if final or tab == "comparison":
                self._write_comparison()
            self._fill_lists()

    def _draw_maps(self) -> None:
        runs = [run for run in (self._shown, self._beside) if run is not None]
        limits = accuracy_limits([trial for run in runs for trial in run.record])
        for drawn, run in ((self._map, self._shown), (self._other_map, self._beside)):
            trials = () if run is None else run.record.trials
            drawn.draw("" if run is None else run_name(run), trials, limits)
        self._other_map.widget.layout.display = "none" if self._beside is None else "flex"
        self._legend.value = self._write_legend(limits)

    def _draw_choice(self) -> None:
        """Show the learning curve of the trial that was clicked, else of the best."""
        run = self._shown
        if run is None:
            return
        best = run.record.best
        chosen = next((t for t in run.record if t.number == self._chosen), best)
        self._map.choose(None if chosen is None else chosen.number)
        if chosen is None:
            self._charts.draw_curve(None, "")
            return
        key = "curve_of_best" if chosen is best else "curve_of_trial"
        settings = settings_of(chosen, self.space)
        title = translate(f"search_lab.{key}", number=chosen.number, settings=settings)
        if chosen.message:
            title = f"{title} ({chosen.message})"
        self._charts.draw_curve(chosen, title)

    def _draw_densities(self) -> None:
        run = self._shown
        if run is None or run.settings.method != "tpe":
            self._densities.clear()
            return
        suggestion = self._live.next_suggestion(
            SearchRun(run.number, self._completed(run.settings), run.record)
        )
        self._densities.draw(run.record.trials, run.settings.n_startup_jobs, suggestion)

    def _write_comparison(self) -> None:
        groups = groups_of(self.searches)
        lines = []
        for group in groups:
            best = group.best_after(group.fewest_trials)
            if len(best):
                key = "group_result" if len(best) > 1 else "single_result"
                deviation = 100 * best.std(ddof=1) if len(best) > 1 else math.nan
                values = {
                    "name": group.name,
                    "count": len(best),
                    "trials": group.fewest_trials,
                    "mean": best.mean(),
                    "deviation": deviation,
                    "low": best.min(),
                    "high": best.max(),
                }
                lines.append(translate(f"search_lab.{key}", **values))
        found = comparisons_of(groups)
        lines += [f"→ {comparison}" for comparison in found]
        if conditions_differ(groups):
            lines.append(f"⚠ {translate('search_lab.conditions_differ')}")
        if found:
            lines.append(translate("search_lab.statistic"))
        lines = lines or [translate("search_lab.nothing_to_compare")]
        self._comparison.value = "".join(f"<p>{html.escape(line)}</p>" for line in lines)

    def _draw_bar(self) -> None:
        runs = list(self._batch)
        if not runs:
            return
        shares = [run.progress(self.space) for run in runs]
        self._bar.value = sum(shares) / len(shares)
        key = "progress" if self._live.is_under_way else "progress_ended"
        self._progress_text.value = translate(
            f"search_lab.{key}",
            trials=sum(len(run.record) for run in runs),
            seconds=sum(run.seconds for run in runs),
            left=self._seconds_left(runs),
        )

    def _seconds_left(self, runs: list[SearchRun]) -> str:
        """Say how long the searches of a batch still need; those not begun need as much."""
        known = [run.seconds_left(self.space) for run in runs if len(run.record)]
        if not known:
            return "–"
        whole = [
            run.seconds + left
            for run, left in zip([r for r in runs if len(r.record)], known, strict=True)
        ]
        waiting = (len(runs) - len(known)) * sum(whole) / len(whole)
        return f"{(sum(known) + waiting) / self._live.n_workers(len(runs)):.0f}"

    def _describe(self, state: State) -> str:
        if state == "failed":
            return translate("search_lab.failed", error=self._error)
        run = self._shown
        if state in ("ready", "warming_up") or run is None:
            return translate(f"search_lab.{state}")
        best = run.record.best
        words = [translate(f"search_lab.is_{state}", name=run_name(run), count=len(run.record))]
        if best is not None:
            words.append(
                translate(
                    "search_lab.best",
                    accuracy=best.validation_accuracy,
                    number=best.number,
                    settings=settings_of(best, self.space),
                )
            )
        failed = sum(trial.ended == "failed" for trial in run.record)
        if failed:
            words.append(translate("search_lab.failures", count=failed))
        return " ".join([*words, *([self._warning] if self._warning else [])])

    def _say(self, text: str) -> None:
        self._status_text = text
        self._status.value = (
            f'<span role="status" class="hpt-status"><b>{html.escape(text)}</b></span>'
        )

    # -- the view ------------------------------------------------------------------------------

    def _build(self) -> Any:
        self._controls = SearchControls(
            self._values, self._ranges, self._on_setting, self._on_button
        )
        self._map = TrialMap(self._axes, lambda number: self._clicked(self._shown, number))
        self._other_map = TrialMap(self._axes, lambda number: self._clicked(self._beside, number))
        self._other_map.widget.layout.display = "none"
        self._charts = ProgressCharts()
        self._table = TrialsTable(self.space)
        self._densities = DensityView(self.space)
        self._comparison = widgets.HTML()
        self._comparison.add_class("hpt-legend")
        self._legend = widgets.HTML(self._write_legend((0.0, 1.0)))
        self._legend.add_class("hpt-legend")
        self._meaning = widgets.HTML()
        self._meaning.add_class("hpt-legend")
        self._status = widgets.HTML()
        self._bar = widgets.FloatProgress(min=0, max=1, layout={"width": "100%"})
        self._progress_text = widgets.HTML()
        self._make_lists()
        self._say(translate("search_lab.ready"))
        self._make_tabs()
        self._write_comparison()
        self._say_what_is_meant()
        lists = widgets.HBox([self._shown_list, self._beside_list], layout=_ROW)
        maps = widgets.HBox([self._map.widget, self._other_map.widget], layout=_ROW)
        charts = widgets.VBox(
            [self._status, self._bar, self._progress_text, lists, maps],
            layout={"flex": "1 1 480px", "min_width": "340px", "overflow": "visible"},
        )
        left = widgets.VBox(
            [self._controls.widget, self._meaning, self._legend],
            layout={"width": "300px", "flex": "0 0 auto", "padding": "0 14px 0 0"},
        )
        top = widgets.HBox([left, charts], layout={"flex_flow": "row wrap"})
        return widgets.VBox([style_sheet(), top, self._charts.widget, self._tabs])

    def _make_lists(self) -> None:
        self._filling = False
        self._shown_list, self._beside_list = (
            widgets.Dropdown(
                options=[("–", None)],
                description=translate(f"search_lab.{key}"),
                style={"description_width": "initial"},
                layout={"width": "auto", "flex": "1 1 260px", "min_width": "220px"},
            )
            for key in ("shown", "beside")
        )
        self._shown_list.observe(self._on_shown, "value")
        self._beside_list.observe(self._on_beside, "value")

    def _fill_lists(self) -> None:
        options = [("–", None), *((run_name(run), run.number) for run in self.searches)]
        self._filling = True
        try:
            for made, run in ((self._shown_list, self._shown), (self._beside_list, self._beside)):
                if made.options != tuple(options):
                    made.options = options
                made.value = None if run is None else run.number
        finally:
            self._filling = False

    def _make_tabs(self) -> None:
        pages = [self._table.widget, self._densities.widget, self._comparison]
        titles = [translate(f"search_lab.{name}") for name in TABS]
        self._tabs = widgets.Tab(pages, titles=titles, selected_index=0)
        self._tabs.observe(lambda _change: self._on_tab(), "selected_index")

    def _on_shown(self, change: dict[str, Any]) -> None:
        if not self._filling and change["new"] is not None:
            self.show(change["new"])
            self._say(self._describe(self.state))

    def _on_beside(self, change: dict[str, Any]) -> None:
        if self._filling:
            return
        with self._lock:
            self._beside = next((run for run in self.searches if run.number == change["new"]), None)
            self._redraw()

    def _on_tab(self) -> None:
        if self._tab == "densities":
            self._densities.reveal()
        self._redraw()

    @property
    def _tab(self) -> str:
        return TABS[self._tabs.selected_index or 0]

    def _on_setting(self, name: str, value: Any) -> None:
        self.set(**{name: value})

    def _on_button(self, name: str) -> None:
        action: Callable[[], None] = getattr(self, name)
        try:
            action()
        except ValueError as error:
            self._say(str(error))

    def _clicked(self, run: SearchRun | None, number: int) -> None:
        if run is None:
            return
        if run is not self._shown:
            self._beside, self._shown = self._shown, run
        self.show(run.number, number)

    def _say_what_is_meant(self) -> None:
        """Say beside the fields what the choice comes to."""
        values = self._values
        lines = [translate(f"search_lab.about_{values['method']}", grid=grid_size(self.space))]
        few = values["budget"] == "trials" and values["trials"] <= values["n_startup_jobs"]
        if values["method"] == "tpe" and few:
            lines.append(translate("search_lab.only_startup", startup=values["n_startup_jobs"]))
        if self.data is not None:
            n_samples = len(self.data.y_train)
            lines.append(
                translate("search_lab.about_size", size=values["training_size"], all=n_samples)
            )
        self._meaning.value = "".join(
            f'<p style="line-height:1.35;margin:6px 0">{html.escape(line)}</p>' for line in lines
        )

    def _write_legend(self, limits: tuple[float, float]) -> str:
        ramp = (
            f'<span aria-hidden="true" style="display:inline-block;width:110px;height:12px;'
            f"vertical-align:middle;border:1px solid {NEUTRAL};"
            f'background:linear-gradient(to right,{",".join(COLORS)})"></span>'
        )
        color = translate("search_lab.legend_color")
        rows = [f"{html.escape(color)}<br>≤ {limits[0]:.0%} {ramp} {limits[1]:.0%}"]
        size = self._axes.size
        if size is not None:
            rows.append(
                html.escape(translate("search_lab.legend_size", name=parameter_name(size.name)))
            )
        rows.append(f"✕ {html.escape(translate('search_lab.legend_lost'))}")
        rows += [html.escape(translate(f"search_lab.legend_{key}")) for key in ("bars", "hover")]
        return "".join(f'<p style="line-height:1.4;margin:4px 0">{row}</p>' for row in rows)

    def _picture(self) -> StillPicture:
        run = self._shown
        title = "" if run is None else f"{run.settings.method}, {len(run.record)} trials"
        trials = () if run is None else run.record.trials
        return draw_search(self._axes, title, trials, groups_of(self.searches))

    def _on_display(self) -> None:
        self._live.warm_up()


_ROW: Final = {"flex_flow": "row wrap", "width": "100%", "overflow": "visible"}


def _checked_data(data: Dataset | None, objective: Objective | None) -> Dataset | None:
    if objective is not None:
        if not callable(objective):
            raise TypeError(translate("search_lab.objective", value=objective))
        return None
    data = load_mnist() if data is None else data
    if not isinstance(data, Dataset):
        raise TypeError(translate("search_lab.data", value=type(data).__name__))
    if "validation" not in data.splits:
        raise ValueError(translate("training_lab.no_validation"))
    return data


def _checked_space(space: SearchSpace, objective: Objective | None) -> SearchSpace:
    if not isinstance(space, SearchSpace):
        raise TypeError(translate("search_lab.no_space", value=type(space).__name__))
    if objective is None:
        for name in space.names:
            check_name(name)
    return space


def _none_of(name: str, value: object, numbers: list[int]) -> str:
    allowed = ", ".join(map(str, numbers)) or "–"
    return translate("search_lab.wrong_setting", name=name, value=value, allowed=allowed)


def _new_record_path(settings: SearchSettings) -> str | None:
    """Return a file of the reader's folder for a search, or None where there can be none."""
    try:
        folder = reader_folder() / "searches"
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S-%f")
    return str(folder / f"{settings.method}-seed-{settings.seed}-{stamp}.csv")
