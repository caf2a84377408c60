"""The moving charts of the network lab: the answer to every input, and the loss."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Any, Final, cast

import ipywidgets as widgets
import numpy as np

from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.labs.kit.charts import drawable, figure, log_axis, log_tick_format
from hpt_widgets.labs.kit.network_canvas import NEGATIVE, POSITIVE
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.network.drawing import ANSWER, unit_color
from hpt_widgets.labs.network.state import MOST_UNITS, NetworkState
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import finite_array
from hpt_widgets.support.colors import NEUTRAL

LIMITS: Final = {"curve": ((-1.0, 1.0), (-1.3, 1.3)), "plane": ((-1.1, 1.1), (-1.1, 1.1))}
HEIGHT: Final = "320px"
MARGIN: Final = {"top": 8, "bottom": 44, "left": 48, "right": 12}
N_ON_CURVE: Final = 121
# The plane is coloured in so many places either way; the browser smooths what lies between.
N_IN_PLANE: Final = 48
# So many losses are drawn, and no more.
MOST_LOSSES: Final = 800
# The axis of steps is never shorter.
MOST_EMPTY: Final = 10
# On the pale ground, in either theme.
BOUNDARY: Final = "#202020"
TICKS: Final = (-1.0, -0.5, 0.0, 0.5, 1.0)
# Between class 0 and class 1, pale enough for the points to stand out.
_PALE: Final = (np.array([240, 180, 140]), np.array([246, 246, 244]), np.array([140, 190, 225]))


class CurveChart:
    """Points with one input, the network's answer to it, and what each unit adds to that.

    Parameters
    ----------
    on_point : callable
        Called with the coordinates of a click.

    Attributes
    ----------
    figure : bqplot Figure
    points : bqplot Scatter
    answer, parts, probe : bqplot Lines
    paper : bqplot Image
        Takes the clicks.
    """

    def __init__(self, on_point: Callable[[float, float], None]) -> None:
        self.figure, scales = _figure("x", "y", "curve")
        pair = {"x": scales.x, "y": scales.y}
        self.points = bqplot.Scatter(
            x=[], y=[], scales=pair, default_size=40, colors=[NEUTRAL], stroke="white"
        )
        self.parts = bqplot.Lines(x=[], y=[], scales=pair, stroke_width=2, line_style="dashed")
        self.answer = bqplot.Lines(x=[], y=[], scales=pair, colors=[ANSWER], stroke_width=4)
        self.probe = bqplot.Lines(
            x=[], y=[], scales=pair, colors=[NEUTRAL], stroke_width=1.5, line_style="dotted"
        )
        self.paper = _paper(pair, "curve", on_point)
        self.figure.marks = [self.points, self.parts, self.probe, self.answer, self.paper]

    def draw(self, state: NetworkState) -> None:
        """Show points and answer."""
        with self.points.hold_sync():
            self.points.x, self.points.y = state.points.inputs[:, 0], state.points.targets[:, 0]
        with self.probe.hold_sync():
            self.probe.x = np.full(2, state.settings.x1)
            self.probe.y = np.array(LIMITS["curve"][1])
        self.draw_answer(state)

    def draw_answer(self, state: NetworkState) -> None:
        """Show the answer, and the part of each unit of the last hidden layer in it."""
        x, answer, parts = curve_of(state)
        low, high = LIMITS["curve"][1]
        # The places are always the same: sent anew with each frame they would only cost time.
        with self.answer.hold_sync():
            if len(self.answer.x) != len(x):
                self.answer.x = self.parts.x = x
            self.answer.y = np.clip(answer, 3 * low, 3 * high)
        with self.parts.hold_sync():
            self.parts.y = np.clip(parts, 3 * low, 3 * high)
            self.parts.colors = [unit_color(unit) for unit in range(len(parts))]


class PlaneChart:
    """Points of two classes, and the network's answer everywhere as a colour.

    Parameters
    ----------
    on_point : callable
        Called with the coordinates of a click.

    Attributes
    ----------
    figure : bqplot Figure
    ground : bqplot Image
        The answers.
    boundary : bqplot Lines
        Where both classes are as likely.
    points, probe : bqplot Scatter
    paper : bqplot Image
        Takes the clicks.
    """

    def __init__(self, on_point: Callable[[float, float], None]) -> None:
        self.figure, scales = _figure("x₁", "x₂", "plane")
        self.figure.min_aspect_ratio = self.figure.max_aspect_ratio = 1.0
        pair = {"x": scales.x, "y": scales.y}
        # bqplot looks at a picture only when another one takes its place.
        self._pictures = [widgets.Image(value=_clear_png()) for _ in range(2)]
        low, high = LIMITS["plane"][0]
        self.ground = bqplot.Image(
            image=self._pictures[0], scales=pair, x=[low, high], y=[low, high]
        )
        self.boundary = bqplot.Lines(x=[], y=[], scales=pair, colors=[BOUNDARY], stroke_width=2.5)
        self.points = bqplot.Scatter(
            x=[], y=[], scales=pair, default_size=46, stroke="white", stroke_width=1
        )
        self.probe = bqplot.Scatter(
            x=[],
            y=[],
            scales=pair,
            marker="cross",
            default_size=150,
            colors=[BOUNDARY],
            stroke="white",
        )
        self.paper = _paper(pair, "plane", on_point)
        self.figure.marks = [self.ground, self.boundary, self.points, self.probe, self.paper]

    @property
    def pictures(self) -> list[Any]:
        """The two pictures that take turns: one of them is not part of the figure."""
        return self._pictures

    def draw(self, state: NetworkState) -> None:
        """Show points and answers."""
        inputs, classes = state.points.inputs, state.points.targets[:, 0]
        with self.points.hold_sync():
            self.points.x, self.points.y = inputs[:, 0], inputs[:, 1]
            self.points.colors = [POSITIVE if one > 0.5 else NEGATIVE for one in classes]
        with self.probe.hold_sync():
            self.probe.x, self.probe.y = [state.settings.x1], [state.settings.x2]
        self.draw_answer(state)

    def draw_answer(self, state: NetworkState) -> None:
        """Show the answers."""
        answers = plane_of(state)
        self._pictures.reverse()
        self._pictures[0].value = plane_png(answers)
        self.ground.image = self._pictures[0]
        pieces = boundary_of(answers)
        # A line of a mark is as long as the others: a shorter one stays at its end.
        longest = max(map(len, pieces), default=0)
        padded = [np.pad(piece, ((0, longest - len(piece)), (0, 0)), "edge") for piece in pieces]
        with self.boundary.hold_sync():
            self.boundary.x = np.array([piece[:, 0] for piece in padded])
            self.boundary.y = np.array([piece[:, 1] for piece in padded])


class LossChart:
    """The loss against the steps, on a logarithmic scale.

    Attributes
    ----------
    figure : bqplot Figure
    line : bqplot Lines
    """

    def __init__(self) -> None:
        labels = (translate("network_lab.steps"), translate("network_lab.loss"))
        self.figure, scales = figure(*labels, log_y=True, height="190px")
        self.figure.fig_margin = {"top": 8, "bottom": 44, "left": 60, "right": 22}
        self.figure.layout.min_width = "180px"
        self.figure.padding_y = 0.0
        self.figure.add_class("hpt-net-loss")
        self.line = bqplot.Lines(
            x=[], y=[], scales={"x": scales.x, "y": scales.y}, colors=[NEUTRAL], stroke_width=2.5
        )
        self.figure.marks = [self.line]

    def draw(self, losses: list[float]) -> None:
        """Show these losses, the one before the first step first."""
        shown = _spread_out(len(losses))
        steps, values = drawable(shown, [losses[step] for step in shown], positive=True)
        # A line of one point is not seen.
        self.line.marker = "circle" if len(values) == 1 else None
        across, upright = self.figure.axes
        last = end_of_axis(len(losses) - 1)
        if len(values):
            low, high, ticks = log_axis(float(values.min()), float(values.max()))
            with upright.scale.hold_sync():
                upright.scale.min, upright.scale.max = low, high
            if upright.tick_values is None or list(upright.tick_values) != ticks:
                with upright.hold_sync():
                    upright.tick_values, upright.tick_format = ticks, log_tick_format(ticks)
        if across.scale.max != last:
            with across.scale.hold_sync():
                across.scale.min, across.scale.max = 0.0, float(last)
            ticks = [tick for tick in round_ticks(0.0, last, 4) if tick == int(tick)]
            with across.hold_sync():
                across.tick_values, across.tick_format = ticks, "~g"
        with self.line.hold_sync():
            self.line.x, self.line.y = steps, values


def end_of_axis(n_steps: int) -> int:
    """Return where the axis of steps ends: a round number that seldom changes while they grow.

    To draw an axis anew takes a browser longer than a line. At most a fifth of the axis is empty,
    beyond the tenth step.
    """
    if n_steps <= MOST_EMPTY:
        return MOST_EMPTY
    unit = max(1, int(10 ** math.floor(math.log10(n_steps)) / 5))
    return unit * math.ceil(n_steps / unit)


def curve_of(state: NetworkState) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x, the answers, and what each unit of the last hidden layer adds: (n_units, n)."""
    x = np.linspace(*LIMITS["curve"][0], N_ON_CURVE)
    passed = state.network.forward(x[:, None])
    answer = passed.outputs[:, 0]
    if len(passed.values) < 2 or passed.values[-2].shape[1] > MOST_UNITS:
        return x, answer, np.empty((0, len(x)))
    return x, answer, (passed.values[-2] * state.network.weights[-1][:, 0]).T


def plane_of(state: NetworkState) -> FloatArray:
    """Return the answers in the plane, of shape (n, n), the highest x₂ first."""
    places = _plane_places()
    points = np.stack(np.meshgrid(places, places[::-1]), axis=-1).reshape(-1, 2)
    return state.network.forward(points).outputs.reshape(N_IN_PLANE, N_IN_PLANE)


def boundary_of(answers: FloatArray) -> list[FloatArray]:
    """Return the pieces of the line on which answers in the plane are one half, each (n, 2)."""
    from contourpy import LineType, contour_generator

    places = _plane_places()
    made = contour_generator(places, places[::-1], answers, line_type=LineType.Separate)
    return cast("list[FloatArray]", made.lines(0.5))


def _plane_places() -> FloatArray:
    """Return the coordinates at which the plane is coloured: the middles of its cells."""
    (low, high), _ = LIMITS["plane"]
    half = (high - low) / N_IN_PLANE / 2
    return np.linspace(low + half, high - half, N_IN_PLANE)


def _spread_out(count: int) -> list[int]:
    """Return places from 0 to the last; every other one of many, so that few are drawn.

    They stay the same while a line grows, so that it does not flicker.
    """
    stride = 1
    while count > stride * MOST_LOSSES:
        stride *= 2
    return sorted({*range(0, count, stride), count - 1})


def plane_colors(answers: FloatArray) -> Any:
    """Return the colours of answers from 0 to 1 as bytes, of shape (…, 3)."""
    share = answers[..., None]
    low, middle, high = _PALE
    below, above = 2 * share, 2 * share - 1
    colors = np.where(share < 0.5, low + below * (middle - low), middle + above * (high - middle))
    return np.rint(colors).astype(np.uint8)


def plane_png(answers: FloatArray) -> bytes:
    """Return answers from 0 to 1 as a PNG."""
    return _png(plane_colors(answers))


def _clear_png() -> bytes:
    """Return a picture of which nothing is seen."""
    return _png(np.zeros((1, 1, 4), np.uint8))


def _png(colors: Any) -> bytes:
    from matplotlib.image import imsave

    buffer = io.BytesIO()
    imsave(buffer, colors, format="png", pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


def _figure(x_label: str, y_label: str, task: str) -> tuple[Any, Any]:
    across, upright = LIMITS[task]
    made, scales = figure(x_label, y_label, height=HEIGHT, x_limits=across, y_limits=upright)
    made.fig_margin = dict(MARGIN)
    made.layout.min_width = "220px"
    made.padding_y = 0.0
    made.add_class("hpt-net-answer")
    for drawn in made.axes:
        drawn.tick_values, drawn.tick_format = np.array(TICKS), "~g"
    made.axes[1].label_offset = "36px"
    return made, scales


def _paper(pair: dict[str, Any], task: str, on_point: Callable[[float, float], None]) -> Any:
    """Return a clear sheet over a chart that takes the clicks."""
    across, upright = LIMITS[task]
    made = bqplot.Image(
        image=widgets.Image(value=_clear_png()), scales=pair, x=list(across), y=list(upright)
    )

    def clicked(_mark: object, content: dict[str, Any]) -> None:
        place = content.get("data", {})
        point = finite_array((place.get("click_x"), place.get("click_y")))
        if point is not None:
            on_point(round(float(point[0]), 2), round(float(point[1]), 2))

    made.on_element_click(clicked)
    return made
