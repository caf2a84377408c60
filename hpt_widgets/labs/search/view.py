"""The search lab on the screen: fields, maps, charts, table, and words between them."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.frame import LabFrame, overlaid
from hpt_widgets.labs.search.controls import SearchControls
from hpt_widgets.labs.search.density_view import DensityView
from hpt_widgets.labs.search.form import SearchForm
from hpt_widgets.labs.search.grid_table import GridTable, describe_edges
from hpt_widgets.labs.search.groups import groups_of
from hpt_widgets.labs.search.importance_view import ImportanceView
from hpt_widgets.labs.search.learning_curve import LearningCurve
from hpt_widgets.labs.search.lists import SearchLists
from hpt_widgets.labs.search.live import SearchRun
from hpt_widgets.labs.search.mark_encoding import MapAxes, MarkEncoding, legend_of
from hpt_widgets.labs.search.parallel_coordinates import ParallelCoordinates
from hpt_widgets.labs.search.progress_charts import ProgressCharts
from hpt_widgets.labs.search.rung_chart import RungChart
from hpt_widgets.labs.search.style import STYLE
from hpt_widgets.labs.search.tab_page import TabPage
from hpt_widgets.labs.search.trial_map import TrialMap
from hpt_widgets.labs.search.trials_table import TrialsTable
from hpt_widgets.labs.search.words import (
    describe_comparison,
    describe_curve,
    describe_form,
    describe_space,
    paragraphs,
)
from hpt_widgets.language import translate
from hpt_widgets.search.halving import RUNG_METHODS
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial

TABS: Final = (
    "curve",
    "trial_table",
    "heat_map",
    "rungs",
    "parallel",
    "importance",
    "densities",
    "comparison",
)

_ROW: Final = {"flex_flow": "row wrap", "width": "100%", "overflow": "visible"}
_HALF: Final = {"flex": "1 1 270px", "min_width": "240px", "overflow": "visible"}


@dataclass
class Focus:
    """What a reader looks at.

    Attributes
    ----------
    shown : SearchRun or None
        The search on the map.
    beside : SearchRun or None
        The one beside it.
    trial : int or None
        The number of the trial whose learning curve is shown; None for the best.
    follows : bool
        Whether the map goes on by itself to the next repeat, or to a record that begins, until a
        reader chooses one.
    """

    shown: SearchRun | None = None
    beside: SearchRun | None = None
    trial: int | None = None
    follows: bool = True


@dataclass(frozen=True)
class SearchActions:
    """What the view calls when a reader does something.

    Attributes
    ----------
    on_setting : callable
        With the name and the new value of a field.
    on_button : callable
        With the name of a button.
    on_shown, on_beside : callable
        With the number of the search that was chosen, or None.
    on_trial : callable
        With the search and the number of the trial that was clicked.
    on_tab : callable
        With nothing.
    suggest : callable
        Is asked for what a search would try next.
    weigh : callable
        Is asked to have the importance of the hyperparameters drawn, with the search.
    """

    on_setting: Callable[[str, Any], None]
    on_button: Callable[[str], None]
    on_shown: Callable[[int | None], None]
    on_beside: Callable[[int | None], None]
    on_trial: Callable[[SearchRun, int], None]
    on_tab: Callable[[], None]
    suggest: Callable[[SearchRun], dict[str, Any] | None]
    weigh: Callable[[SearchRun], None]


class SearchView:
    """All widgets of the lab; it draws what it is given and keeps no state but that.

    Parameters
    ----------
    space : SearchSpace
        What is searched.
    form : SearchForm
        What the fields hold.
    actions : SearchActions
        What to call when the reader does something.
    status : Widget
        The line that says what the lab is doing.

    Attributes
    ----------
    widget : VBox
        All of it.
    controls, lists, map, other_map, charts, curve, table, heat_map, rungs : object
    parallel, importance, densities : object
        The parts, each with public widgets of its own.
    status, progress_text, meaning, edges, legend, comparison : HTML
        What the lab is doing, how far it is, what the fields come to, where the best of a grid
        lies at its edge, what the marks mean, and how the methods compare.
    bar : FloatProgress
        How far the searches are, from 0 to 1.
    other_half : VBox
        Where the map of the search beside lies, if there is one.
    tabs : Tab
        What lies below.
    """

    def __init__(
        self, space: SearchSpace, form: SearchForm, actions: SearchActions, status: Any
    ) -> None:
        self._space = space
        self._actions = actions
        self._focus = Focus()
        axes = self._axes = MapAxes.of(space)
        self.controls = SearchControls(
            form.values, form.ranges, actions.on_setting, actions.on_button
        )
        self.map = TrialMap(axes, lambda number: self._clicked(self._focus.shown, number))
        self.other_map = TrialMap(axes, lambda number: self._clicked(self._focus.beside, number))
        self.lists = SearchLists(actions.on_shown, actions.on_beside)
        self.charts = ProgressCharts()
        self.curve = LearningCurve()
        self.table = TrialsTable(space)
        self.heat_map = GridTable(axes)
        self.rungs = RungChart(space)
        self.parallel = ParallelCoordinates(axes)
        self.importance = ImportanceView()
        self.densities = DensityView(space)
        self.legend, self.meaning, self.comparison = _text(), _text(), _text()
        self.edges = _text()
        self.status, self.progress_text = status, _text()
        self.bar = widgets.FloatProgress(min=0, max=1, layout={"width": "auto", "height": "14px"})
        self.other_half = widgets.VBox([self.other_map.widget], layout=dict(_HALF))
        self._pages = self._make_pages()
        self.tabs = self._make_tabs()
        self.widget = self._lay_out()
        self.explain(form)
        self.draw([], Focus(), final=True)

    @property
    def tab(self) -> str:
        """The tab that is open, one of `TABS`."""
        return TABS[self.tabs.selected_index or 0]

    def open_tab(self, tab: str) -> None:
        """Open a tab, one of `TABS`."""
        self.tabs.selected_index = TABS.index(tab)

    @property
    def hidden_widgets(self) -> list[Any]:
        """Widgets that may not be part of `widget` yet."""
        return [chart for page in self._pages.values() for chart in page.charts]

    def explain(self, form: SearchForm) -> None:
        """Say beside the fields what they come to, and hide those that play no part."""
        self.controls.show_relevant_fields(form.values["method"], form.values["budget"])
        self.meaning.value = paragraphs(describe_form(form, self._space))

    def explain_nothing(self) -> None:
        """Leave out what the fields come to: it would be read as said of the records shown."""
        self.meaning.value = ""

    def show_progress(self, share: float, words: str) -> None:
        """Move the bar, and say how far the search is."""
        self.bar.value = share
        self.progress_text.value = html.escape(words)

    def draw(self, searches: Sequence[SearchRun], focus: Focus, *, final: bool = False) -> None:
        """Draw all searches, and on the map what a reader looks at.

        Parameters
        ----------
        searches : sequence of SearchRun
            Oldest first.
        focus : Focus
            What is looked at.
        final : bool, default False
            Whether to draw the tabs out of sight too, since nothing may follow.
        """
        self._focus = focus
        groups = groups_of(searches)
        shown = focus.shown
        self._draw_maps()
        is_tpe = shown is not None and shown.settings.method == "tpe"
        startup = shown.settings.n_startup_jobs if shown is not None and is_tpe else 0
        self.charts.draw(groups, startup=startup)
        drawn = TABS if final else (self.tab,)
        if "trial_table" in drawn:
            self.table.draw(_trials_of(shown))
        if "heat_map" in drawn:
            self._draw_grid()
        if "rungs" in drawn:
            self._draw_rungs()
        if "parallel" in drawn:
            self.parallel.draw(_trials_of(shown))
        if "densities" in drawn:
            self._draw_densities()
        if "comparison" in drawn:
            self.comparison.value = paragraphs(describe_comparison(groups))
        if self.tab == "importance" and shown is not None:
            self._actions.weigh(shown)
        self._draw_choice()
        self.lists.fill(searches, shown, focus.beside)

    # -- drawing -----------------------------------------------------------------------------

    def _draw_maps(self) -> None:
        shown, beside = (_trials_of(run) for run in (self._focus.shown, self._focus.beside))
        self.map.draw(shown, beside)
        self.other_map.draw(beside, shown)
        self.other_half.layout.display = "none" if self._focus.beside is None else "flex"
        self.other_map.strips.layout.display = self.other_half.layout.display
        self.legend.value = legend_of(self._axes, MarkEncoding.of(self._axes, [*shown, *beside]))

    def _draw_choice(self) -> None:
        """Show the learning curve of the trial that was clicked, else of the best."""
        run = self._focus.shown
        best = None if run is None else run.record.best
        chosen = next(
            (trial for trial in _trials_of(run) if trial.number == self._focus.trial), best
        )
        self.map.choose(None if chosen is None else chosen.number)
        title = "" if chosen is None else describe_curve(chosen, best, self._space)
        self.curve.draw(chosen, title)
        self.parallel.choose(None if chosen is None else chosen.number)

    def _draw_grid(self) -> None:
        run = self._focus.shown
        if run is None or run.settings.method != "grid":
            self.heat_map.clear()
            edges = ""
        else:
            trials = _trials_of(run)
            self.heat_map.draw(trials, run.record.unfinished)
            edges = describe_edges(self._axes.all, trials)
        self.edges.value = paragraphs([f"⚠ {edges}"] if edges else [])

    def _draw_rungs(self) -> None:
        run = self._focus.shown
        if run is None or run.settings.method not in RUNG_METHODS:
            self.rungs.clear()
        else:
            self.rungs.draw(_trials_of(run))

    def _draw_densities(self) -> None:
        run = self._focus.shown
        if run is None or run.settings.method != "tpe":
            self.densities.clear()
            return
        suggestion = self._actions.suggest(run)
        trials = [t for t in run.record.trials if self._space.can_place(t.hyperparameters)]
        self.densities.draw(trials, run.settings.n_startup_jobs, suggestion)

    # -- parts -------------------------------------------------------------------------------

    def _clicked(self, run: SearchRun | None, number: int) -> None:
        if run is not None:
            self._actions.on_trial(run, number)

    def _make_pages(self) -> dict[str, TabPage]:
        strips = widgets.HBox([self.map.strips, self.other_map.strips], layout=_ROW)
        bars = widgets.HTML(html.escape(translate("search_lab.legend_bars")))
        bars.add_class("hpt-legend")
        return {
            "curve": TabPage([self.curve.widget], []),
            "trial_table": TabPage([self.table.widget], []),
            "heat_map": TabPage([self.heat_map.words, self.heat_map.tables], []),
            "rungs": TabPage([self.rungs.words], [self.rungs.figure]),
            "parallel": TabPage([self.parallel.words], [self.parallel.figure, bars, strips]),
            "importance": TabPage([self.importance.widget], []),
            "densities": self.densities.page,
            "comparison": TabPage([self.comparison], []),
        }

    def _make_tabs(self) -> Any:
        titles = [translate(f"search_lab.{name}") for name in TABS]
        pages = [self._pages[name].widget for name in TABS]
        tabs = widgets.Tab(pages, titles=titles, selected_index=0)
        tabs.observe(lambda _change: self._on_tab(), "selected_index")
        return tabs

    def _on_tab(self) -> None:
        self._pages[self.tab].reveal()
        self._actions.on_tab()

    def _lay_out(self) -> Any:
        maps = widgets.HBox(
            [widgets.VBox([self.map.widget], layout=dict(_HALF)), self.other_half],
            layout=_ROW,
        )
        ranges = _text()
        ranges.value = paragraphs(describe_space(self._space))
        self.controls.others.children = [*self.controls.others.children, ranges]
        explained = widgets.VBox([self.progress_text, self.edges, self.legend, self.meaning])
        self.frame = LabFrame(
            controls=[
                self.controls.widget,
                overlaid(
                    translate("search_lab.more"),
                    translate("search_lab.fewer"),
                    self.controls.others,
                    explained,
                ),
            ],
            stage=[self.bar, self.lists.widget, maps, self.charts.widget],
            below=[widgets.HTML(STYLE, layout={"display": "none"}), self.tabs],
            status=self.status,
        )
        self.frame.widget.add_class("hpt-search")
        return self.frame.widget


def _trials_of(run: SearchRun | None) -> tuple[Trial, ...]:
    return () if run is None else run.record.trials


def _text() -> Any:
    made = widgets.HTML()
    made.add_class("hpt-legend")
    return made
