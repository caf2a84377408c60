"""The two moving charts of the descent lab: the walks on their surface, and their losses.

All racers share one mark a purpose (their whole paths, the part walked so far, where they
stand), so that a frame of the animation is a handful of messages, however many race.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.descent.surfaces import FloatArray, Point, Surface
from hpt_widgets.labs.descent.loss_scene import LossScene, loss_scene
from hpt_widgets.labs.descent.race import DescentRace
from hpt_widgets.labs.descent.surface_map import map_png
from hpt_widgets.labs.kit.charts import Scales, figure
from hpt_widgets.labs.kit.own_changes import OwnChanges
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import finite_array
from hpt_widgets.support.colors import BLUE, GREEN, NEUTRAL, ORANGE, PURPLE, SKY_BLUE, VERMILION

COLORS: Final = {
    "gradient_descent": BLUE,
    "momentum": VERMILION,
    "nesterov": SKY_BLUE,
    "adagrad": PURPLE,
    "rmsprop": ORANGE,
    "adam": GREEN,
}
MAP_HEIGHT: Final = "308px"
LOSSES_HEIGHT: Final = "186px"
MARGIN: Final = {"top": 10, "bottom": 44, "left": 60, "right": 14}
MOST_TICKS: Final = 6
MOST_POWERS: Final = 5
# A walk that left the map is drawn no further than this many windows away.
_REACH: Final = 20.0
_INK: Final = "#202020"
_PAPER: Final = "white"
MOST_DRAWN: Final = 400
# So many steps are marked by a dot each; more of them would only slow the browser down.
MOST_DOTS: Final = 320


class PathMarks:
    """Paths, trails and heads of all racers on one pair of scales.

    Parameters
    ----------
    scales : Scales
        Of the chart that they belong to.
    on_ground : bool, default False
        Whether coloured ground lies below them: a pale road then keeps them apart from it.
    """

    def __init__(self, scales: Scales, *, on_ground: bool = False) -> None:
        pair = {"x": scales.x, "y": scales.y}
        road = {"stroke_width": 6, "colors": [_PAPER], "opacities": [0.7]}
        self.road = bqplot.Lines(x=[], y=[], scales=pair, **road) if on_ground else None
        self.paths = bqplot.Lines(
            x=[], y=[], scales=pair, stroke_width=1.5, opacities=[0.45], marker_size=22
        )
        self.trails = bqplot.Lines(x=[], y=[], scales=pair, stroke_width=3.5)
        self.heads = bqplot.Scatter(
            x=[], y=[], scales=pair, default_size=130, stroke=_INK, stroke_width=1.5
        )
        self._x = self._y = np.empty((0, 0))

    @property
    def marks(self) -> list[Any]:
        """The marks, the ones in front last."""
        road = [] if self.road is None else [self.road]
        return [*road, self.paths, self.trails, self.heads]

    def draw_paths(self, x: FloatArray, y: FloatArray, colors: list[str]) -> None:
        """Show whole paths; x and y are of shape (n_racers, steps + 1)."""
        self._x, self._y = x, y
        if self.road is not None:
            # It does not change while the race plays, so it costs no frame anything.
            _update(self.road, x=subsampled(x), y=subsampled(y), opacities=[0.7] * len(x))
        _update(
            self.paths,
            x=subsampled(x),
            y=subsampled(y),
            colors=colors,
            opacities=[0.45] * len(x),
            marker="circle" if x.size <= MOST_DOTS else None,
        )
        _update(self.trails, colors=colors)
        _update(self.heads, colors=colors)

    def draw_heads(self, playhead: float) -> None:
        """Show how far they have come, between two steps in proportion."""
        x, y = _interpolate_to(self._x, playhead), _interpolate_to(self._y, playhead)
        _update(self.trails, x=subsampled(x), y=subsampled(y))
        _update(self.heads, x=x[:, -1], y=y[:, -1])


def _update(mark: Any, **values: Any) -> None:
    with mark.hold_sync():
        for name, value in values.items():
            setattr(mark, name, value)


def _interpolate_to(values: FloatArray, playhead: float) -> FloatArray:
    """Return the columns up to the playhead, the last one interpolated."""
    step = math.floor(playhead)
    share = playhead - step
    walked = values[:, : step + 1]
    if share == 0 or step + 1 >= values.shape[1]:
        return walked if walked.shape[1] > 1 else np.repeat(walked, 2, axis=1)
    last = values[:, step] + share * (values[:, step + 1] - values[:, step])
    return np.concatenate([walked, last[:, None]], axis=1)


def subsampled(values: FloatArray) -> FloatArray:
    """Keep at most `MOST_DRAWN` columns, first and last among them."""
    n = values.shape[1]
    if n <= MOST_DRAWN:
        return values
    return values[:, np.linspace(0, n - 1, MOST_DRAWN).round().astype(int)]


def _clip_near(values: FloatArray, window: tuple[float, float]) -> FloatArray:
    """Keep coordinates where a browser can draw them; outside the map they are cut off."""
    reach = _REACH * (window[1] - window[0])
    return np.clip(values, window[0] - reach, window[1] + reach)


class StartMark:
    """The start of the walks, a point that can be dragged.

    Parameters
    ----------
    scales : Scales
        Of the chart.
    on_drag : callable
        Called with x and y when the reader drags it, not when `show` moves it.
    horizontal : bool, default False
        Whether it can be dragged to the left and the right alone.

    Attributes
    ----------
    mark : bqplot Scatter
    """

    def __init__(
        self,
        scales: Scales,
        on_drag: Callable[[float, float], None],
        *,
        horizontal: bool = False,
    ) -> None:
        self._on_drag = on_drag
        self._own_changes = OwnChanges()
        self.mark = bqplot.Scatter(
            x=[],
            y=[],
            scales={"x": scales.x, "y": scales.y},
            enable_move=True,
            update_on_move=True,
            restrict_x=horizontal,
            default_size=210,
            colors=["white"],
            stroke=_INK,
            stroke_width=2.5,
            hovered_style={"cursor": "move"},
        )
        self.mark.observe(self._dragged, ["x"] if horizontal else ["x", "y"])

    def show(self, x: float, y: float, *, near: Sequence[float] = (0.0, 0.0)) -> None:
        """Move it without calling back.

        Where it is there already, or as `near` as that, the reader's hand is on it.
        """
        here = (*self.mark.x, *self.mark.y)
        offsets = [abs(a - b) for a, b in zip(here, (x, y), strict=False)]
        if here and all(offset <= most for offset, most in zip(offsets, near, strict=True)):
            return
        with self._own_changes:
            _update(self.mark, x=np.array([x]), y=np.array([y]))

    def _dragged(self, _change: object) -> None:
        is_whole = len(self.mark.x) == 1 and len(self.mark.y) == 1
        if is_whole and not self._own_changes.are_under_way:
            self._on_drag(float(self.mark.x[0]), float(self.mark.y[0]))


class MapChart:
    """A surface of two variables from above: the walks on a map, and a start to drag.

    Parameters
    ----------
    on_start : callable
        Called with the new start when the reader drags it or clicks on the map.

    Attributes
    ----------
    figure : bqplot Figure
    ground : bqplot Image
        The surface as a picture.
    minima : bqplot Scatter
    paths : PathMarks
    start : StartMark
    """

    def __init__(self, on_start: Callable[[Point], None]) -> None:
        self._on_start = on_start
        self._drawn: Surface | None = None
        self.figure, scales = figure("x", "y", height=MAP_HEIGHT, x_limits=(0, 1), y_limits=(0, 1))
        _fit_in(self.figure, "hpt-map")
        self._scales = scales
        pair = {"x": scales.x, "y": scales.y}
        self.ground = bqplot.Image(image=widgets.Image(value=b""), scales=pair)
        self.ground.on_element_click(self._clicked)
        self.minima = bqplot.Scatter(
            x=[],
            y=[],
            scales=pair,
            marker="crosshair",
            default_size=170,
            colors=[_INK],
            stroke=_INK,
            stroke_width=2.5,
        )
        self.paths = PathMarks(scales, on_ground=True)
        self.start = StartMark(scales, lambda x, y: on_start(self._rounded(x, y)))
        self.figure.marks = [self.ground, self.minima, *self.paths.marks, self.start.mark]
        self.figure.padding_x = self.figure.padding_y = 0
        for drawn_axis in self.figure.axes:
            drawn_axis.grid_lines = "none"

    def draw(self, race: DescentRace) -> None:
        """Show all of a race."""
        surface = race.settings.surface
        if surface is not self._drawn:
            self._draw_ground(surface)
        points = np.stack([path.points for path in race.paths.values()])
        self.paths.draw_paths(
            _clip_near(points[..., 0], surface.window[0]),
            _clip_near(points[..., 1], surface.window[1]),
            [COLORS[name] for name in race.paths],
        )
        self.start.show(*race.settings.start, near=[_pixel(pair) for pair in surface.window])
        self.draw_heads(race)

    def draw_heads(self, race: DescentRace) -> None:
        """Show where the playhead is."""
        self.paths.draw_heads(race.playhead)

    def _draw_ground(self, surface: Surface) -> None:
        (x_low, x_high), (y_low, y_high) = surface.window
        _set_axis(self.figure.axes[0], x_low, x_high)
        _set_axis(self.figure.axes[1], y_low, y_high)
        before = self.ground.image
        # A layout of its own would outlive the picture.
        picture = widgets.Image(value=map_png(surface), layout=before.layout)
        _update(self.ground, image=picture, x=[x_low, x_high], y=[y_low, y_high])
        before.close()
        minima = np.array(surface.minima, dtype=np.float64).reshape(-1, 2)
        _update(self.minima, x=minima[:, 0], y=minima[:, 1])
        self._drawn = surface

    def _clicked(self, _mark: object, content: dict[str, Any]) -> None:
        place = content.get("data", {})
        start = finite_array((place.get("click_x"), place.get("click_y")))
        if start is not None:
            self._on_start(self._rounded(float(start[0]), float(start[1])))

    def _rounded(self, x: float, y: float) -> Point:
        """Round a place to what a mouse can point at: a start of two short numbers."""
        if self._drawn is None:
            return x, y
        across, upright = self._drawn.window
        return round_to_pixel(x, across), round_to_pixel(y, upright)


class CurveChart:
    """A function of one variable as a curve: the walks on it, each with its tangent.

    Parameters
    ----------
    on_start : callable
        Called with the new start when the reader drags it.

    Attributes
    ----------
    figure : bqplot Figure
    curve, tangents : bqplot Lines
    paths : PathMarks
    start : StartMark
    """

    def __init__(self, on_start: Callable[[Point], None]) -> None:
        self._on_start = on_start
        self._drawn: Surface | None = None
        self.figure, scales = figure(
            "θ", "J(θ)", height=MAP_HEIGHT, x_limits=(0, 1), y_limits=(0, 1)
        )
        _fit_in(self.figure, "hpt-map")
        self._scales = scales
        pair = {"x": scales.x, "y": scales.y}
        self.curve = bqplot.Lines(x=[], y=[], scales=pair, colors=[NEUTRAL], stroke_width=3)
        self.tangents = bqplot.Lines(x=[], y=[], scales=pair, stroke_width=2.5, line_style="dashed")
        self.paths = PathMarks(scales)
        self.start = StartMark(scales, lambda x, _y: on_start(self._rounded(x)), horizontal=True)
        self.figure.marks = [self.curve, self.tangents, *self.paths.marks, self.start.mark]

    def draw(self, race: DescentRace) -> None:
        """Show all of a race."""
        surface = race.settings.surface
        if surface is not self._drawn:
            self._draw_curve(surface)
        points = np.stack([path.points[:, 0] for path in race.paths.values()])
        losses = np.stack([path.losses for path in race.paths.values()])
        heights = (self._scales.y.min, self._scales.y.max)
        colors = [COLORS[name] for name in race.paths]
        self.paths.draw_paths(
            _clip_near(points, surface.window[0]), _clip_near(losses, heights), colors
        )
        _update(self.tangents, colors=colors)
        x = race.settings.start[0]
        self.start.show(x, float(surface.function(np.array([x]))))
        self.draw_heads(race)

    def draw_heads(self, race: DescentRace) -> None:
        """Show where the playhead is, and the tangents there."""
        self.paths.draw_heads(race.playhead)
        ends = [self._tangent(race, name) for name in race.paths]
        _update(
            self.tangents,
            x=np.array([[left[0], right[0]] for left, right in ends]),
            y=np.array([[left[1], right[1]] for left, right in ends]),
        )

    def _rounded(self, x: float) -> Point:
        return (x if self._drawn is None else round_to_pixel(x, self._drawn.window[0]),)

    def _tangent(self, race: DescentRace, name: str) -> tuple[Point, Point]:
        """Return the two ends of the exact tangent at the last whole step."""
        surface, path = race.settings.surface, race.paths[name]
        window = surface.window[0]
        here = _clip_near(path.points[race.step], window)
        with np.errstate(all="ignore"):
            loss, slope = float(surface.function(here)), float(surface.gradient(here)[0])
        half = (window[1] - window[0]) / 5
        x = float(here[0])
        return (x - half, loss - half * slope), (x + half, loss + half * slope)

    def _draw_curve(self, surface: Surface) -> None:
        low, high = surface.window[0]
        x = np.linspace(low, high, 301)
        with np.errstate(all="ignore"):
            y = surface.function(x[:, None])
        finite = np.isfinite(y)
        bottom, top = (float(y[finite].min()), float(y[finite].max())) if finite.any() else (0, 1)
        room = 0.06 * (top - bottom or 1.0)
        _set_axis(self.figure.axes[0], low, high)
        _set_axis(self.figure.axes[1], bottom - room, top + room)
        _update(self.curve, x=x[finite], y=y[finite])
        self._drawn = surface


class LossChart:
    """The losses against the step, on a logarithmic scale, with the same playhead.

    Attributes
    ----------
    figure : bqplot Figure
    playhead : bqplot Lines
    paths : PathMarks
    departures : dict of str to bqplot Scatter
        Where lines leave the chart "above" and "below".
    """

    def __init__(self) -> None:
        self.figure, scales = figure("", "", log_y=True, height=LOSSES_HEIGHT)
        _fit_in(self.figure, "hpt-losses")
        self._scales = scales
        self.figure.axes[1].tick_format = ".0e"
        self.paths = PathMarks(scales)
        self.playhead = bqplot.Lines(
            x=[],
            y=[],
            scales={"x": scales.x, "y": scales.y},
            colors=[NEUTRAL],
            stroke_width=2,
            line_style="dashed",
        )
        self.departures = {
            edge: _edge_mark(scales, marker)
            for edge, marker in (("above", "triangle-up"), ("below", "triangle-down"))
        }
        self.figure.marks = [self.playhead, *self.paths.marks, *self.departures.values()]
        self.figure.padding_x = self.figure.padding_y = 0

    def draw(self, race: DescentRace) -> None:
        """Show all of a race."""
        scene = loss_scene(race.heights())
        low, high = scene.low, scene.high
        rows = scene.rows
        steps = np.broadcast_to(np.arange(rows.shape[1], dtype=np.float64), rows.shape)
        _set_axis(self.figure.axes[0], 0.0, float(race.settings.steps))
        _update(self._scales.y, min=low, max=high)
        self.figure.axes[1].tick_values = powers_of_ten(low, high, MOST_POWERS)
        self.figure.axes[0].label = scene.step_label
        self.figure.axes[1].label = translate(f"descent_lab.{race.loss_axis}")
        colors = [COLORS[name] for name in race.paths]
        self.paths.draw_paths(steps, rows, colors)
        self._draw_departures(scene, colors)
        self.draw_heads(race)

    def draw_heads(self, race: DescentRace) -> None:
        """Show where the playhead is."""
        self.paths.draw_heads(race.playhead)
        ends = [self._scales.y.min, self._scales.y.max]
        _update(self.playhead, x=np.full(2, race.playhead), y=np.array(ends))

    def _draw_departures(self, scene: LossScene, colors: list[str]) -> None:
        for edge, leaving in scene.departures.items():
            _update(
                self.departures[edge],
                x=np.array([departure.step for departure in leaving]),
                y=np.full(len(leaving), scene.height_of(edge)),
                colors=[colors[departure.racer] for departure in leaving] or [NEUTRAL],
            )


def _edge_mark(scales: Scales, marker: str) -> Any:
    return bqplot.Scatter(
        x=[], y=[], scales={"x": scales.x, "y": scales.y}, marker=marker, default_size=110,
        stroke=_INK, stroke_width=1, apply_clip=False,
    )  # fmt: skip


def _fit_in(chart: Any, its_class: str) -> None:
    """Let a figure be as wide as its column, with the lab's narrow margins."""
    chart.fig_margin = dict(MARGIN)
    chart.layout.min_width = "240px"
    chart.axes[1].label_offset = "46px"
    chart.add_class(its_class)


def _set_axis(drawn: Any, low: float, high: float) -> None:
    """Let an axis go from one number to another, with few round numbers along it."""
    if (drawn.scale.min, drawn.scale.max) == (low, high) and drawn.tick_values is not None:
        return
    _update(drawn.scale, min=low, max=high)
    _update(drawn, tick_values=np.array(round_ticks(low, high, MOST_TICKS)), tick_format="~g")


def _pixel(window: tuple[float, float]) -> float:
    """Return the power of ten that is about as long as a pixel of the map."""
    return float(10.0 ** math.floor(math.log10((window[1] - window[0]) / 200)))


def round_to_pixel(place: float, window: tuple[float, float]) -> float:
    """Round a coordinate to as many digits as a mouse can point at."""
    return round(place, -round(math.log10(_pixel(window))))


def powers_of_ten(low: float, high: float, most: int = 8) -> FloatArray:
    """Return every power of ten between the limits, or every second, third … of them."""
    first, last = round(math.log10(low)), round(math.log10(high))
    stride = max(1, math.ceil((last - first + 1) / most))
    return 10.0 ** np.arange(last, first - 1, -stride, dtype=np.float64)
