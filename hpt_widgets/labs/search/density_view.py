"""What TPE decides by: l(x), g(x) and their ratio for each hyperparameter, and what comes next."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.charts import axis, swatch
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.search.dimension_scale import DimensionScale
from hpt_widgets.labs.search.tab_page import TabPage
from hpt_widgets.labs.search.trial_words import describe_values
from hpt_widgets.language import translate
from hpt_widgets.search.parzen import ParzenDensities, parzen_densities, split_trials
from hpt_widgets.search.space import Dimension, SearchSpace
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.colors import BLUE, GREEN, NEUTRAL, PURPLE, VERMILION

GOOD, REST, RATIO, NEXT = BLUE, VERMILION, GREEN, PURPLE
# The trials lie below the curves, in a strip of this share of the chart.
STRIP: Final = 0.16


class DensityChart:
    """The densities of one hyperparameter over the trials that they were made of.

    Parameters
    ----------
    dimension : Dimension
        The hyperparameter.
    """

    def __init__(self, dimension: Dimension) -> None:
        self._x = DimensionScale(dimension, room=0.02)
        x = self._x.scale
        density, ratio = bqplot.LinearScale(min=0, max=1), bqplot.LinearScale(min=0, max=1)
        self._scales = (density, ratio)
        pair, ratio_pair = {"x": x, "y": density}, {"x": x, "y": ratio}
        self._good, self._rest = _line(pair, GOOD), _line(pair, REST)
        self._ratio = _line(ratio_pair, RATIO, line_style="dashed")
        self._next = _line(pair, NEXT, stroke_width=4)
        # Four rugs: the good and the other trials, drawn at random or proposed by TPE.
        self._rugs = {
            (good, startup): _rug(pair, GOOD if good else REST, is_pale=startup)
            for good in (True, False)
            for startup in (True, False)
        }
        self._upright_axes = [
            axis(density, "l(x), g(x)", vertical=True),
            bqplot.Axis(
                scale=ratio, side="right", label="l/g", label_offset="44px", grid_lines="none"
            ),
        ]
        self._upright_axes[0].label_offset = "66px"
        for upright in self._upright_axes:
            upright.tick_format = "~g"
        self.figure = bqplot.Figure(
            marks=[self._good, self._rest, self._ratio, self._next, *self._rugs.values()],
            axes=[self._x.axis(), *self._upright_axes],
            fig_margin={"top": 10, "bottom": 54, "left": 86, "right": 66},
            background_style={"fill": "transparent"},
            layout={"flex": "1 1 280px", "width": "auto", "min_width": "260px", "height": "270px"},
            padding_x=0.0,
            padding_y=0.0,
            display_toolbar=False,
        )
        self.figure.add_class("hpt-chart")
        self.figure.add_class("hpt-density")

    def draw(
        self,
        densities: ParzenDensities,
        good: Sequence[Trial],
        rest: Sequence[Trial],
        startup: set[int],
        suggestion: Any,
    ) -> None:
        """Show the densities, the trials and the next suggestion.

        Parameters
        ----------
        densities : ParzenDensities
            Of the hyperparameter.
        good, rest : sequence of Trial
            Those that TPE takes for good ones, and the others.
        startup : set of int
            Numbers of the trials that were drawn at random.
        suggestion : object or None
            The value that would be tried next.
        """
        x = np.array([self._x.place(value) for value in densities.values])
        top = float(max(densities.good.max(), densities.rest.max()))
        low = -STRIP * top
        density, ratio = self._scales
        highest = float(densities.ratio.max())
        density.min, density.max = low, 1.05 * top
        # Both scales have their 0 at the same height.
        ratio.min, ratio.max = -STRIP * highest, 1.05 * highest
        for upright, largest in zip(self._upright_axes, (top, highest), strict=True):
            upright.tick_values = round_ticks(0.0, largest)
        lines = ((self._good, densities.good), (self._rest, densities.rest))
        for mark, y in (*lines, (self._ratio, densities.ratio)):
            with mark.hold_sync():
                mark.x, mark.y = x, y
        self._draw_rugs(good, rest, startup, low)
        with self._next.hold_sync():
            ends = [] if suggestion is None else [self._x.place(suggestion)] * 2
            self._next.x, self._next.y = ends, [low, 1.05 * top][: len(ends)]

    def _draw_rugs(
        self, good: Sequence[Trial], rest: Sequence[Trial], startup: set[int], low: float
    ) -> None:
        name = self._x.dimension.name
        for (is_good, is_startup), rug in self._rugs.items():
            places = [
                self._x.place(trial.hyperparameters[name])
                for trial in (good if is_good else rest)
                if (trial.number in startup) == is_startup
            ]
            height = 0.33 if is_good else 0.7
            with rug.hold_sync():
                rug.x, rug.y = np.array(places), np.full(len(places), height * low)

    def clear(self) -> None:
        """Show empty axes."""
        for mark in self.figure.marks:
            with mark.hold_sync():
                mark.x, mark.y = [], []

    def drawn(self) -> tuple[list[float], list[float], list[float]]:
        """Return l, g and where the next suggestion lies, as they are on the screen."""
        return list(self._good.y), list(self._rest.y), list(self._next.x)

    def drawn_trials(self) -> dict[tuple[bool, bool], int]:
        """Return how many trials are drawn, by whether they are good and whether random."""
        return {kind: len(rug.x) for kind, rug in self._rugs.items()}


def _line(scales: dict[str, Any], color: str, **look: Any) -> Any:
    return bqplot.Lines(x=[], y=[], scales=scales, colors=[color], **{"stroke_width": 2.5, **look})


def _rug(scales: dict[str, Any], color: str, *, is_pale: bool) -> Any:
    return bqplot.Scatter(
        x=[],
        y=[],
        scales=scales,
        colors=[NEUTRAL if is_pale else color],
        stroke=color,
        stroke_width=2.0,
        opacities=[0.45 if is_pale else 1.0],
        default_size=42,
    )


class DensityView:
    """All hyperparameters' densities, with words that say what they are.

    Parameters
    ----------
    space : SearchSpace
        What is searched.

    Attributes
    ----------
    charts : dict of str to DensityChart
        By hyperparameter.
    words, charts_box, page
        What they are, the charts side by side, and both as a page of the tabs.
    """

    def __init__(self, space: SearchSpace) -> None:
        self._space = space
        self.charts = {dimension.name: DensityChart(dimension) for dimension in space}
        self.words = widgets.HTML()
        self.words.add_class("hpt-legend")
        self.charts_box = widgets.HBox(
            [chart.figure for chart in self.charts.values()],
            layout={"flex_flow": "row wrap", "overflow": "visible"},
        )
        self.page = TabPage([self.words], [self.charts_box])
        self.clear()

    def draw(
        self, trials: Sequence[Trial], n_startup_jobs: int, suggestion: Mapping[str, Any] | None
    ) -> None:
        """Show what TPE makes of these trials.

        Parameters
        ----------
        trials : sequence of Trial
            The trials of the search, oldest first.
        n_startup_jobs : int
            So many of the first are random.
        suggestion : mapping or None
            What comes next.
        """
        if not trials:
            self._say("no_trials")
            return
        densities = parzen_densities(self._space, trials)
        good, rest = split_trials(trials)
        startup = {trial.number for trial in trials[:n_startup_jobs]}
        for name, chart in self.charts.items():
            value = None if suggestion is None else suggestion[name]
            chart.draw(densities[name], good, rest, startup, value)
        self.words.value = self._describe(len(trials), len(good), n_startup_jobs, suggestion)

    def clear(self) -> None:
        """Say that there is no TPE search to be shown."""
        self._say("only_tpe")

    def _say(self, key: str) -> None:
        for chart in self.charts.values():
            chart.clear()
        self.words.value = html.escape(translate(f"search_lab.{key}"))

    def _describe(
        self, n_trials: int, n_good: int, n_startup_jobs: int, suggestion: Mapping[str, Any] | None
    ) -> str:
        key = "still_random" if n_trials < n_startup_jobs else "decides_now"
        state = translate(f"search_lab.{key}", done=n_trials, startup=n_startup_jobs, good=n_good)
        legend = " &emsp; ".join(
            f"{swatch(color, dashed=color == RATIO)}{html.escape(translate(f'search_lab.{name}'))}"
            for name, color in (("good_density", GOOD), ("rest_density", REST), ("ratio", RATIO))
        )
        if suggestion is not None:
            values = describe_values(suggestion)
            upcoming = translate("search_lab.next_suggestion", values=values)
            legend += f" &emsp; {swatch(NEXT)}<b>{html.escape(upcoming)}</b>"
        return f"{html.escape(state)}<br>{legend}<br>{translate('search_lab.rug')}"
