"""A drawing of the 2-3-1 network: values in units, weights on edges, signals below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hpt_widgets.backprop.passes import N_HIDDEN, N_INPUTS, Backpropagation
from hpt_widgets.backprop.steps import symbol
from hpt_widgets.labs.kit.network_canvas import (
    ACTIVE,
    SIGNAL,
    Canvas,
    MatplotlibCanvas,
    Place,
    SvgCanvas,
    draw_unit,
    draw_weight,
    short_number,
    svg_drawing,
)
from hpt_widgets.language import translate

# About as wide as the lab's stage, so that a unit is a pixel there and words are legible.
WIDTH: Final = 640
HEIGHT: Final = 403
RADIUS: Final = 33
# Of the boxes with error signals, and between them and their units.
SIGNAL_HEIGHT: Final = 23
SIGNAL_GAP: Final = 3
_PLACES: Final[dict[str, Place]] = {
    "x1": (36, 122),
    "x2": (36, 294),
    "h1": (310, 74),
    "h2": (310, 208),
    "h3": (310, 342),
    "y": (512, 208),
}
# Where along its edge a weight is written, so that no two labels meet.
_LABEL_PLACES: Final = {
    "w11": 0.45,
    "w12": 0.6,
    "w13": 0.255,
    "w21": 0.255,
    "w22": 0.6,
    "w23": 0.45,
    "v1": 0.5,
    "v2": 0.5,
    "v3": 0.5,
}


@dataclass(frozen=True)
class Scene:
    """What a drawing shows.

    Attributes
    ----------
    passes : Backpropagation
        All calculations.
    n_done : int
        How many of them have been made; later values are not shown.
    parameters : dict of str to float
        Weights and biases by name.
    """

    passes: Backpropagation
    n_done: int
    parameters: dict[str, float]

    @property
    def known(self) -> dict[str, float]:
        """The results so far, by the names of their steps."""
        return {step.name: step.value for step in self.passes.steps[: self.n_done]}

    @property
    def highlights(self) -> frozenset[str]:
        """The units and parameters of the last calculation made."""
        if self.n_done == 0:
            return frozenset()
        return frozenset(self.passes.steps[self.n_done - 1].highlights)


def draw_network(scene: Scene) -> str:
    """Return the drawing as an SVG element."""
    canvas = SvgCanvas()
    _draw(scene, canvas)
    label = translate("backprop_lab.drawing", step=scene.n_done)
    return svg_drawing(canvas, label, (WIDTH, HEIGHT))


def plot_network(scene: Scene, axes: Any) -> None:
    """Make the same drawing in matplotlib axes."""
    _draw(scene, MatplotlibCanvas(axes, WIDTH, HEIGHT))


def _draw(scene: Scene, canvas: Canvas) -> None:
    edges = _edges()
    # What takes part in the calculation lies on top of what does not.
    for name in sorted(edges, key=lambda edge: edge in scene.highlights):
        _edge(scene, canvas, name, *edges[name])
    for name, (source, end) in edges.items():
        _edge_label(scene, canvas, name, source, end)
    for unit in range(1, N_INPUTS + 1):
        _input(scene, canvas, unit)
    for unit in range(1, N_HIDDEN + 1):
        _hidden(scene, canvas, unit)
    _target(scene, canvas)
    _output(scene, canvas)


def _edges() -> dict[str, tuple[str, str]]:
    """Return the two ends of each weight."""
    hidden = range(1, N_HIDDEN + 1)
    first = {f"w{i}{j}": (f"x{i}", f"h{j}") for i in range(1, N_INPUTS + 1) for j in hidden}
    return {**first, **{f"v{j}": (f"h{j}", "y") for j in hidden}}


def _edge(scene: Scene, canvas: Canvas, name: str, source: str, end: str) -> None:
    ends = (_PLACES[source], _PLACES[end])
    active = name in scene.highlights
    opacity = 1.0 if active or not scene.highlights else 0.8
    halo = ACTIVE if active else ""
    draw_weight(canvas, ends, scene.parameters[name], opacity=opacity, halo=halo, name=name)


def _edge_label(scene: Scene, canvas: Canvas, name: str, source: str, end: str) -> None:
    """Write a weight on its edge, and its gradient below once that is known."""
    (x1, y1), (x2, y2) = _PLACES[source], _PLACES[end]
    share = _LABEL_PLACES[name]
    middle = (x1 + share * (x2 - x1), y1 + share * (y2 - y1))
    _label_box(canvas, middle, _parameter_lines(scene, name), active=name in scene.highlights)


def _parameter_lines(scene: Scene, name: str) -> list[str]:
    """Return a parameter's value, and its gradient once that is known."""
    gradient = scene.known.get(f"grad_{name}")
    lines = [f"{symbol(name)} = {short_number(scene.parameters[name])}"]
    return lines if gradient is None else [*lines, f"∂ {short_number(gradient)}"]


def _label_box(canvas: Canvas, middle: Place, lines: list[str], *, active: bool) -> None:
    """Write lines into a small box; the second in the signals' colour."""
    x, y = middle
    width, height = 7.2 * max(map(len, lines)) + 8, 17 * len(lines) + 3
    canvas.box(middle, (width, height), ACTIVE if active else "none", 2)
    for row, line in enumerate(lines):
        baseline = y - height / 2 + 15 + 17 * row
        canvas.words((x, baseline), line, 14, SIGNAL if row else "", bold=row > 0)


def _unit(scene: Scene, canvas: Canvas, name: str, lines: list[tuple[str, float]]) -> None:
    ring = (ACTIVE, 6.0) if name in scene.highlights else (canvas.ink, 2.0)
    draw_unit(canvas, _PLACES[name], RADIUS, ring, lines, bold_first=True, name=name)


def _input(scene: Scene, canvas: Canvas, unit: int) -> None:
    value = float(scene.passes.forward.inputs[unit - 1])
    _unit(scene, canvas, f"x{unit}", [(symbol(f"x{unit}"), 16), (short_number(value), 16)])


def _hidden(scene: Scene, canvas: Canvas, unit: int) -> None:
    name, known = f"h{unit}", scene.known
    lines: list[tuple[str, float]] = [(symbol(name), 15)]
    lines.append((short_number(known[name]) if name in known else "?", 16))
    if f"z{unit}" in known:
        lines.append((f"z {short_number(known[f'z{unit}'])}", 14))
    _unit(scene, canvas, name, lines)
    _bias_and_signal(scene, canvas, name, f"b{unit}", f"delta_h{unit}")


def _output(scene: Scene, canvas: Canvas) -> None:
    known = scene.known
    lines: list[tuple[str, float]] = [("y", 15)]
    lines.append((short_number(known["y"]) if "y" in known else "?", 16))
    if "s" in known:
        lines.append((f"s {short_number(known['s'])}", 14))
    _unit(scene, canvas, "y", lines)
    _bias_and_signal(scene, canvas, "y", "c", "delta_y")


def _bias_and_signal(scene: Scene, canvas: Canvas, unit: str, bias: str, signal: str) -> None:
    """Write a unit's bias above it, and its error signal below."""
    x, y = _PLACES[unit]
    lines = _parameter_lines(scene, bias)
    middle = y - RADIUS - 3 - 9 * len(lines)
    _label_box(canvas, (x, middle), lines, active=bias in scene.highlights)
    if signal in scene.known:
        text = f"δ = {short_number(scene.known[signal])}"
        below = y + RADIUS + SIGNAL_GAP + SIGNAL_HEIGHT / 2
        size = (8.8 * len(text) + 12, SIGNAL_HEIGHT)
        canvas.box((x, below), size, SIGNAL, 2, corner=SIGNAL_HEIGHT / 2)
        canvas.words((x, below + 5), text, 15, SIGNAL, bold=True)


def _target(scene: Scene, canvas: Canvas) -> None:
    """Write target and error to the right of the output."""
    x, y = _PLACES["y"]
    beside = x + 88
    border, width = (ACTIVE, 5) if "t" in scene.highlights else (canvas.ink, 1.5)
    canvas.line(((x + RADIUS, y), (beside - 38, y)), canvas.ink, 1.5, dashed=True)
    canvas.box((beside, y), (76, 46), border, width, corner=6, name="t")
    canvas.words((beside, y + 6), f"t = {short_number(scene.passes.target)}", 16)
    if "J" in scene.known:
        canvas.words((x + 72, y + 84), f"J = {short_number(scene.known['J'])}", 16, bold=True)
