"""The six charts of the lab: the reader's trials, the race, and what the two methods think."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from hpt_widgets.labs.bayes.state import PLAYERS, DuelState
from hpt_widgets.labs.kit.charts import figure
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import outer_ticks, round_ticks
from hpt_widgets.language import translate
from hpt_widgets.search.bayes.duel import (
    METHODS,
    N_FIRST,
    N_ROUNDS,
    PLACES,
    ManyDuels,
    Samples,
    expectation,
    worth,
)
from hpt_widgets.search.bayes.objectives import HiddenObjective
from hpt_widgets.search.bayes.parzen_step import ParzenView, parzen_view
from hpt_widgets.support.argument_checks import finite_array
from hpt_widgets.support.colors import BLUE, GREEN, NEUTRAL, ORANGE, VERMILION

COLORS: Final = {"you": BLUE, "gaussian_process": VERMILION, "tpe": GREEN, "random": NEUTRAL}
REST: Final = ORANGE
"""The colour of g(x)."""
VALUES: Final = (0.0, 1.05)
BAND: Final = 2.0
"""How many standard deviations the band reaches to either side."""
HEIGHTS: Final = {"top": "178px", "middle": "140px", "bottom": "128px"}
# A chart without a name under its x axis needs no room for it.
_BOTTOM: Final = {"top": 40, "middle": 22, "bottom": 40}
_MOST_TICKS: Final = 6


class YourChart:
    """The reader's trials, and the paper that takes a click for the next one.

    Parameters
    ----------
    on_point : callable
        Called with the place of a click, from 0 to 1.

    Attributes
    ----------
    figure : bqplot Figure
    trials, newest : bqplot Scatter
    objective, aim : bqplot Lines
        The hidden function where it is revealed, and where the reader is about to ask.
    paper : bqplot Image
    """

    def __init__(self, on_point: Callable[[float], None]) -> None:
        self.figure, pair = _figure("top", VALUES)
        self.objective = _line(pair, NEUTRAL, style="dashed")
        self.aim = _line(pair, BLUE, width=1.5, style="dotted")
        self.trials, self.newest = _trials(pair, BLUE), _newest(pair, BLUE)
        self.paper = _paper(pair, on_point)
        self.figure.marks = [self.objective, self.aim, self.trials, self.newest, self.paper]

    def draw(self, state: DuelState) -> None:
        """Show the trials up to the round that is looked at."""
        _label_axes(self.figure, state.objective, value_label(state))
        draw_trials(self.trials, self.newest, state, state.yours)
        shown = state.is_revealed
        _draw(self.objective, PLACES if shown else [], _objective_of(state) if shown else [])

    def draw_aim(self, place: float) -> None:
        """Show where the reader is about to ask."""
        _draw(self.aim, [place, place], VALUES)


class ProcessChart:
    """The Gaussian process as it was before its newest trial, and that trial.

    Attributes
    ----------
    figure : bqplot Figure
    band, mean, objective : bqplot Lines
    trials, newest : bqplot Scatter
    """

    def __init__(self) -> None:
        color = COLORS["gaussian_process"]
        self.figure, pair = _figure("middle", VALUES)
        self.band = bqplot.Lines(
            x=[], y=[], scales=pair, fill="between", colors=[color, color], stroke_width=0.5,
            fill_colors=[color, color], fill_opacities=[0.22, 0.22], opacities=[0.4, 0.4],
        )  # fmt: skip
        self.mean = _line(pair, color)
        self.objective = _line(pair, NEUTRAL, style="dashed")
        self.trials, self.newest = _trials(pair, color), _newest(pair, color)
        self.figure.marks = [self.band, self.objective, self.mean, self.trials, self.newest]

    def draw(self, state: DuelState) -> None:
        """Show what the process expected."""
        _label_axes(self.figure, state.objective, value_label(state), name=False)
        known = state.before("gaussian_process")
        if known is None:
            _draw(self.mean, [], [])
            _draw(self.band, [], [])
        else:
            expected = expectation(known)
            low, high = expected.mean - BAND * expected.std, expected.mean + BAND * expected.std
            _draw(self.mean, PLACES, expected.mean)
            # What lies beyond the axis is not to be drawn over the chart's frame.
            _draw(self.band, PLACES, np.clip([low, high], *VALUES))
        draw_trials(self.trials, self.newest, state, state.samples("gaussian_process"))
        shown = state.is_revealed
        _draw(self.objective, PLACES if shown else [], _objective_of(state) if shown else [])


class DensityChart:
    """TPE's two densities as they were before its newest trial; the trials lie on the axis.

    Attributes
    ----------
    figure : bqplot Figure
    good, rest : bqplot Lines
    good_trials, other_trials, newest : bqplot Scatter
    """

    def __init__(self) -> None:
        self.figure, pair = _figure("middle", (0.0, 1.0))
        self.good, self.rest = _line(pair, COLORS["tpe"]), _line(pair, REST)
        self.good_trials, self.other_trials = _trials(pair, COLORS["tpe"]), _trials(pair, REST)
        self.newest = _newest(pair, COLORS["tpe"])
        self.figure.marks = [
            self.rest, self.good, self.other_trials, self.good_trials, self.newest,
        ]  # fmt: skip

    def draw(self, state: DuelState) -> None:
        """Show what TPE had made of its trials."""
        density = translate("bayes_lab.density_axis")
        _label_axes(self.figure, state.objective, density, name=False)
        known = state.before("tpe")
        view = None if known is None else parzen_view(known.places, known.values, PLACES)
        top = 1.0 if view is None else 1.15 * max(view.good.max(), view.rest.max())
        _set_limits(self.figure, (0.0, float(top)))
        _draw(self.good, [] if view is None else PLACES, [] if view is None else view.good)
        _draw(self.rest, [] if view is None else PLACES, [] if view is None else view.rest)
        self._draw_trials(state, view, 0.04 * float(top))

    def _draw_trials(self, state: DuelState, view: ParzenView | None, height: float) -> None:
        samples = state.samples("tpe")
        shown = np.array(samples.places[: N_FIRST + max(state.round - 1, 0)])
        is_good = np.zeros(len(shown), bool) if view is None else view.is_good
        for mark, places in (
            (self.good_trials, shown[is_good]),
            (self.other_trials, shown[~is_good]),
        ):
            _draw(mark, places, np.full(len(places), height))
        newest = [samples.places[N_FIRST + state.round - 1]] if state.round else []
        _draw(self.newest, newest, [height] * len(newest))


class WorthChart:
    """An acquisition function, or TPE's ratio, and where its method tried next.

    Parameters
    ----------
    player : {"gaussian_process", "tpe"}

    Attributes
    ----------
    figure : bqplot Figure
    line, chosen : bqplot Lines
    """

    def __init__(self, player: str) -> None:
        self.player = player
        self.figure, pair = _figure("bottom", (0.0, 1.0))
        self.line = _line(pair, COLORS[player])
        self.chosen = _line(pair, COLORS[player], width=1.5, style="dotted")
        self.figure.marks = [self.line, self.chosen]

    def draw(self, state: DuelState) -> None:
        """Show how much each place seemed to be worth."""
        _label_axes(self.figure, state.objective, worth_label(state, self.player))
        known = state.before(self.player)
        if known is None:
            _draw(self.line, [], [])
            _draw(self.chosen, [], [])
            return
        values = worth_to(self.player, state, known)
        limits = worth_limits(values)
        _set_limits(self.figure, limits)
        _draw(self.line, PLACES, values)
        place = state.samples(self.player).places[N_FIRST + state.round - 1]
        _draw(self.chosen, [place, place], limits)


class RaceChart:
    """The best value so far, round by round: this run, and the medians over many seeds.

    Attributes
    ----------
    figure : bqplot Figure
    runs, medians : dict of str to bqplot Lines
    """

    def __init__(self) -> None:
        self.figure, pair = _figure("top", VALUES)
        self.medians = {
            method: _line(pair, COLORS[method], width=2, style="dashed") for method in METHODS
        }
        self.runs = {player: _line(pair, COLORS[player], width=3) for player in PLAYERS}
        self.figure.marks = [*self.medians.values(), *self.runs.values()]
        across, upright = self.figure.axes
        upright.label = translate("bayes_lab.race_axis")
        across.tick_values = np.arange(0, N_ROUNDS + 1, 2)
        across.scale.min, across.scale.max = 0.0, float(N_ROUNDS)

    def say(self, words: str) -> None:
        """Name the axis of rounds, and say what is dashed."""
        self.figure.axes[0].label = words

    def draw(self, state: DuelState, many: ManyDuels | None) -> None:
        """Show all rounds that were played."""
        curves = [state.samples(player).best_by_round for player in PLAYERS]
        medians: dict[str, Any] = {}
        if many is not None:
            medians = {method: many.median(method) for method in METHODS}
        _set_limits(self.figure, race_limits([*curves, *medians.values()]))
        for player, curve in zip(PLAYERS, curves, strict=True):
            _draw(self.runs[player], *drawn_curve(curve))
        for method, line in self.medians.items():
            median = medians.get(method, [])
            _draw(line, range(len(median)), median)


def worth_to(player: str, state: DuelState, known: Samples) -> Any:
    """Return the acquisition function of the Gaussian process, or the ratio of TPE."""
    if player == "tpe":
        return parzen_view(known.places, known.values, PLACES).ratio
    return worth(state.settings, known, expectation(known))


def worth_limits(values: Any) -> tuple[float, float]:
    """Return the ends of an axis on which a curve of one method is seen whole."""
    low, high = min(0.0, float(values.min())), float(values.max())
    return low, low + 1.1 * max(high - low, 1e-9)


def race_limits(curves: Sequence[Any]) -> tuple[float, float]:
    """Return round ends of an axis for the best values of several players."""
    values = np.concatenate([np.asarray(curve, float) for curve in curves])
    low, high = float(values.min()), float(values.max())
    # A line at the very edge would be half hidden.
    ticks = outer_ticks(low, high + 0.04 * (high - low))
    return ticks[0], ticks[-1]


def drawn_curve(curve: Any) -> tuple[Any, Any]:
    """Return a run's rounds and values; a single point becomes a short stroke."""
    if len(curve) == 1:
        return [0.0, 0.15], [curve[0], curve[0]]
    return range(len(curve)), curve


def draw_trials(trials: Any, newest: Any, state: DuelState, samples: Samples) -> None:
    """Show a player's trials up to the round that is looked at, the newest one apart."""
    end = N_FIRST + max(state.round - 1, 0)
    _draw(trials, samples.places[:end], samples.values[:end])
    last = slice(end, N_FIRST + state.round) if state.round else slice(0, 0)
    _draw(newest, samples.places[last], samples.values[last])


def place_ticks(objective: HiddenObjective) -> dict[float, str]:
    """Return where an objective's axis has ticks, and what they say."""
    if not objective.is_log:
        ticks = round_ticks(objective.low, objective.high, _MOST_TICKS)
        return {objective.place_of(tick): f"{tick:g}" for tick in ticks}
    first, last = (round(math.log10(end)) for end in (objective.low, objective.high))
    tens = [float(f"1e{exponent}") for exponent in range(first, last + 1)]
    return {objective.place_of(ten): f"{ten:g}" for ten in tens}


def value_text(value: float) -> str:
    """Write an objective's value."""
    return f"{value:.3f}"


def _objective_of(state: DuelState) -> Any:
    return state.objective.values(PLACES)


def _figure(row: str, limits: tuple[float, float]) -> tuple[Any, dict[str, Any]]:
    made, scales = figure("", "", height=HEIGHTS[row], x_limits=(0.0, 1.0), y_limits=limits)
    made.fig_margin = {"top": 6, "bottom": _BOTTOM[row], "left": 62, "right": 12}
    made.layout.min_width = "200px"
    made.padding_y = 0.0
    made.add_class(f"hpt-bayes-{row}")
    across, upright = made.axes
    across.label_offset = "32px"
    upright.num_ticks, upright.tick_format, upright.label_offset = 4, "~g", "48px"
    _set_limits(made, limits)
    return made, {"x": scales.x, "y": scales.y}


def value_label(state: DuelState) -> str:
    """Return what an objective's value is called on an axis."""
    return translate(f"bayes_lab.{'accuracy' if state.objective.is_log else 'value'}_axis")


def worth_label(state: DuelState, player: str) -> str:
    """Return what a method goes by is called on an axis."""
    key = "ratio" if player == "tpe" else state.settings.acquisition
    return translate(f"bayes_lab.{key}_axis")


def _label_axes(made: Any, objective: HiddenObjective, upright: str, *, name: bool = True) -> None:
    made.axes[1].label = upright
    across, ticks = made.axes[0], place_ticks(objective)
    label = translate(f"bayes_lab.{'learning_rate' if objective.is_log else 'x'}_axis")
    with across.hold_sync():
        across.label = label if name else ""
        across.tick_values = np.array(list(ticks))
        across.tick_labels = {f"{place:g}": text for place, text in ticks.items()}


def _set_limits(made: Any, limits: tuple[float, float]) -> None:
    upright = made.axes[1]
    with upright.scale.hold_sync():
        upright.scale.min, upright.scale.max = limits
    ticks = [tick for tick in round_ticks(*limits, 4) if limits[0] <= tick <= limits[1]]
    with upright.hold_sync():
        upright.tick_values = np.array(ticks)
        upright.tick_format = "~g" if max(abs(t) for t in ticks) >= 1e-3 else ".0e"


def _line(pair: dict[str, Any], color: str, *, width: float = 2.5, style: str = "solid") -> Any:
    return bqplot.Lines(
        x=[], y=[], scales=pair, colors=[color], stroke_width=width, line_style=style
    )


def _trials(pair: dict[str, Any], color: str) -> Any:
    return bqplot.Scatter(
        x=[], y=[], scales=pair, colors=[color], default_size=46, stroke="white", stroke_width=1
    )


def _newest(pair: dict[str, Any], color: str) -> Any:
    return bqplot.Scatter(
        x=[], y=[], scales=pair, colors=[color], default_size=120, stroke="black",
        stroke_width=1.5, marker="triangle-up",
    )  # fmt: skip


def _draw(mark: Any, x: ArrayLike, y: ArrayLike) -> None:
    with mark.hold_sync():
        mark.x, mark.y = np.asarray(x, float), np.asarray(y, float)


def _paper(pair: dict[str, Any], on_point: Callable[[float], None]) -> Any:
    """Return a clear sheet over a chart that takes the clicks."""
    made = bqplot.Image(
        image=widgets.Image(value=_clear_png()), scales=pair, x=[0.0, 1.0], y=list(VALUES)
    )

    def clicked(_mark: object, content: dict[str, Any]) -> None:
        point = finite_array((content.get("data", {}).get("click_x"),))
        if point is not None:
            on_point(min(max(float(point[0]), 0.0), 1.0))

    made.on_element_click(clicked)
    return made


def _clear_png() -> bytes:
    """Return a picture of which nothing is seen."""
    from matplotlib.image import imsave

    buffer = io.BytesIO()
    imsave(buffer, np.zeros((1, 1, 4), np.uint8), format="png")
    return buffer.getvalue()
