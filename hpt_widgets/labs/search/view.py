"""The search lab on the screen: fields, maps, charts, table, and words between them."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.lab import style_sheet
from hpt_widgets.labs.search.controls import SearchControls
from hpt_widgets.labs.search.density_view import DensityView
from hpt_widgets.labs.search.form import SearchForm
from hpt_widgets.labs.search.groups import groups_of, run_name
from hpt_widgets.labs.search.lists import SearchLists
from hpt_widgets.labs.search.live import SearchRun
from hpt_widgets.labs.search.mark_encoding import MapAxes, MarkEncoding, legend_of
from hpt_widgets.labs.search.progress_charts import ProgressCharts
from hpt_widgets.labs.search.trial_map import TrialMap
from hpt_widgets.labs.search.trials_table import TrialsTable
from hpt_widgets.labs.search.words import (
    describe_comparison,
    describe_curve,
    describe_form,
    paragraphs,
)
from hpt_widgets.language import translate
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial

TABS: Final = ("trial_table", "densities", "comparison")
# A lab on a projector is read from the last row.
STYLE: Final = """<style>
.hpt-lab.hpt-search .hpt-chart .axis text, .hpt-lab.hpt-search .hpt-chart .axislabel {
  font-size: 16px; }
.hpt-lab.hpt-search .hpt-legend { font-size: 15px; line-height: 1.5; }
.hpt-lab.hpt-search .hpt-status { font-size: 17px; }
.hpt-lab.hpt-search table.hpt-table { font-size: 15px; }
</style>"""
_ROW: Final = {"flex_flow": "row wrap", "width": "100%", "overflow": "visible"}
_WIDE: Final = {"flex": "1 1 480px", "min_width": "340px", "overflow": "visible"}
_NARROW: Final = {"width": "344px", "flex": "0 0 auto", "padding": "0 14px 0 0"}


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
        Whether the map goes on to the next repeat by itself, until a reader chooses one.
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
    """

    on_setting: Callable[[str, Any], None]
    on_button: Callable[[str], None]
    on_shown: Callable[[int | None], None]
    on_beside: Callable[[int | None], None]
    on_trial: Callable[[SearchRun, int], None]
    on_tab: Callable[[], None]
    suggest: Callable[[SearchRun], dict[str, Any] | None]


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
        self.table = TrialsTable(space)
        self.densities = DensityView(space)
        self.legend, self.meaning, self.comparison = _text(), _text(), _text()
        self.status, self.progress_text = status, _text()
        self.bar = widgets.FloatProgress(min=0, max=1, layout={"width": "100%"})
        self.tabs = self._make_tabs()
        self.widget = self._lay_out()
        self.explain(form)
        self.draw([], Focus(), final=True)

    @property
    def tab(self) -> str:
        """The tab that is open, one of `TABS`."""
        return TABS[self.tabs.selected_index or 0]

    @property
    def hidden_widgets(self) -> list[Any]:
        """Widgets that may not be part of `widget` yet."""
        return [self.densities.charts_box]

    def explain(self, form: SearchForm) -> None:
        """Say beside the fields what they come to, and hide those that play no part."""
        self.controls.show_relevant_fields(form.values["method"], form.values["budget"])
        self.meaning.value = paragraphs(describe_form(form, self._space))

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
        self._draw_choice()
        self.table.draw(_trials_of(shown))
        if final or self.tab == "densities":
            self._draw_densities()
        if final or self.tab == "comparison":
            self.comparison.value = paragraphs(describe_comparison(groups))
        self.lists.fill(searches, shown, focus.beside)

    # -- drawing -----------------------------------------------------------------------------

    def _draw_maps(self) -> None:
        shown, beside = (_trials_of(run) for run in (self._focus.shown, self._focus.beside))
        self.map.draw(_name_of(self._focus.shown), shown, beside)
        self.other_map.draw(_name_of(self._focus.beside), beside, shown)
        self.other_map.widget.layout.display = "none" if self._focus.beside is None else "flex"
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
        self.charts.draw_curve(chosen, title)

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

    def _make_tabs(self) -> Any:
        pages = [self.table.widget, self.densities.widget, self.comparison]
        titles = [translate(f"search_lab.{name}") for name in TABS]
        tabs = widgets.Tab(pages, titles=titles, selected_index=0)
        tabs.observe(lambda _change: self._on_tab(), "selected_index")
        return tabs

    def _on_tab(self) -> None:
        if self.tab == "densities":
            self.densities.reveal()
        self._actions.on_tab()

    def _lay_out(self) -> Any:
        maps = widgets.HBox([self.map.widget, self.other_map.widget], layout=_ROW)
        self.other_map.widget.layout.display = "none"
        right = [self.status, self.bar, self.progress_text, self.lists.widget, maps]
        left = [self.controls.widget, self.meaning, self.legend]
        top = widgets.HBox(
            [widgets.VBox(left, layout=_NARROW), widgets.VBox(right, layout=_WIDE)],
            layout={"flex_flow": "row wrap"},
        )
        own_style = widgets.HTML(STYLE, layout={"display": "none"})
        made = widgets.VBox([style_sheet(), own_style, top, self.charts.widget, self.tabs])
        made.add_class("hpt-search")
        return made


def _trials_of(run: SearchRun | None) -> tuple[Trial, ...]:
    return () if run is None else run.record.trials


def _name_of(run: SearchRun | None) -> str:
    return "" if run is None else run_name(run)


def _text() -> Any:
    made = widgets.HTML()
    made.add_class("hpt-legend")
    return made
