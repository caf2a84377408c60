"""The drawing of the network: units with their values, weights as lines, and a value's way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.labs.kit.network_canvas import (
    Canvas,
    MatplotlibCanvas,
    Place,
    SvgCanvas,
    draw_unit,
    draw_weight,
    short_number,
    svg_drawing,
)
from hpt_widgets.labs.network.state import NetworkState
from hpt_widgets.language import translate
from hpt_widgets.support.colors import (
    BROWN,
    GREEN,
    NEUTRAL,
    OLIVE,
    ORANGE,
    PURPLE,
    ROSE,
    SKY_BLUE,
    VIOLET,
    YELLOW,
)

# About as wide as the lab's stage, so that a unit is a pixel there and words are legible.
WIDTH: Final = 630
HEIGHT: Final = 232
RADIUS: Final = 23
# A unit that is smaller than this shows one digit after the point, in a box that is wider than
# high: in a circle the digits would be too small for a projector.
SMALL_RADIUS: Final = 16
BOX_WIDTH: Final = 40
# What the units of the last hidden layer add has the colour of their rings.
UNIT_COLORS: Final = (PURPLE, ORANGE, SKY_BLUE, OLIVE, VIOLET, BROWN, YELLOW, ROSE)
ANSWER: Final = GREEN
_LEFT: Final = 42
_RIGHT: Final = WIDTH - 62


@dataclass(frozen=True)
class Drawn:
    """What a drawing shows.

    Attributes
    ----------
    weights : tuple of ndarray
        Layer by layer.
    values : list of ndarray
        Of the inputs and of each layer, for the inputs that are followed.
    chosen : str
        The name of the weight or bias that a reader has chosen.
    has_parts : bool
        Whether the last hidden layer's units have rings in the colours of what they add.
    """

    weights: tuple[FloatArray, ...]
    values: list[FloatArray]
    chosen: str
    has_parts: bool


def drawn_of(state: NetworkState, chosen: str = "") -> Drawn:
    """Return what the drawing of a state shows."""
    passed = state.network.forward(state.settings.probe)
    values = [passed.inputs[0], *(layer[0] for layer in passed.values)]
    has_parts = state.settings.task == "curve" and len(values) > 2
    return Drawn(tuple(state.network.weights), values, chosen, has_parts)


def draw_network(drawn: Drawn, *, flows: bool = False) -> str:
    """Return the drawing as an SVG element; where it `flows`, values are seen to run along it."""
    canvas = SvgCanvas()
    _draw(drawn, canvas)
    sizes = "–".join(str(len(layer)) for layer in drawn.values)
    label = translate("network_lab.drawing", sizes=sizes)
    return svg_drawing(canvas, label, (WIDTH, HEIGHT), "hpt-flow" if flows else "")


def plot_network(drawn: Drawn, axes: Any) -> None:
    """Make the same drawing in matplotlib axes."""
    _draw(drawn, MatplotlibCanvas(axes, WIDTH, HEIGHT))


def unit_color(unit: int) -> str:
    """Return the colour of what a unit of the last hidden layer adds."""
    return UNIT_COLORS[unit % len(UNIT_COLORS)]


def places_of(sizes: list[int]) -> list[list[Place]]:
    """Return where each unit of each layer stands."""
    columns = np.linspace(_LEFT, _RIGHT, len(sizes))
    return [
        [(float(x), HEIGHT * (unit + 0.5) / size) for unit in range(size)]
        for x, size in zip(columns, sizes, strict=True)
    ]


def _draw(drawn: Drawn, canvas: Canvas) -> None:
    places = places_of([len(layer) for layer in drawn.values])
    for layer, kernel in enumerate(drawn.weights, start=1):
        for (before, unit), weight in np.ndenumerate(kernel):
            ends = (places[layer - 1][before], places[layer][unit])
            name = f"w{layer}_{before + 1}{unit + 1}"
            is_chosen = name == drawn.chosen
            opacity, halo = (1.0, NEUTRAL) if is_chosen else (0.85, "")
            draw_weight(canvas, ends, float(weight), opacity=opacity, halo=halo, name=name)
    for layer, values in enumerate(drawn.values):
        for unit, value in enumerate(values):
            _draw_unit(drawn, canvas, layer, unit, float(value), places[layer][unit])


def _draw_unit(
    drawn: Drawn, canvas: Canvas, layer: int, unit: int, value: float, place: Place
) -> None:
    last = len(drawn.values) - 1
    name = f"b{layer}_{unit + 1}"
    color, width = canvas.ink, 1.5
    if layer == last:
        color, width = ANSWER, 4.0
    elif drawn.has_parts and layer == last - 1:
        color, width = unit_color(unit), 4.0
    radius = min(RADIUS, HEIGHT / len(drawn.values[layer]) / 2 - 1)
    ring = (color, width + 4 * (name == drawn.chosen))
    words, size = value_words(value, radius)
    if radius < SMALL_RADIUS:
        canvas.box(place, (BOX_WIDTH, 2 * radius), *ring, corner=radius, name=name)
        canvas.words((place[0], place[1] + 0.35 * size), words, size)
    else:
        draw_unit(canvas, place, radius, ring, [(words, size)], name=name)
    if layer in (0, last):
        x, y = place
        label = "y" if layer == last else ("x" if len(drawn.values[0]) == 1 else f"x{unit + 1}")
        subscript = label.replace("1", "₁").replace("2", "₂")
        aside = x + RADIUS + 20 if layer == last else x
        height = y + 5 if layer == last else y - RADIUS - 5
        canvas.words((aside, height), subscript, 15, bold=True)


def value_words(value: float, radius: float) -> tuple[str, float]:
    """Return a unit's value in so few digits that its circle or box holds them, and their size."""
    is_small = radius < SMALL_RADIUS
    digits, size, width = (1, 13.0, BOX_WIDTH - 6) if is_small else (2, 14.0, 2 * (radius - 3))
    words = short_number(round(value, digits))
    # A digit is a little more than half as wide as it is high.
    widest = width / (0.6 * len(words))
    return words, min(size, round(widest, 1))
