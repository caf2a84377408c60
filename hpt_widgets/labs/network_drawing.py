"""A drawing of the 2-3-1 network as SVG: values in units, weights on edges, signals below.

Colours follow the notebook's theme through JupyterLab's own variables.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from hpt_widgets.backprop import N_HIDDEN, N_INPUTS, Backpropagation
from hpt_widgets.labs.charts import PALETTE
from hpt_widgets.language import translate

POSITIVE: Final = PALETTE[0]
NEGATIVE: Final = PALETTE[1]
ACTIVE: Final = PALETTE[4]
SIGNAL: Final = PALETTE[3]
WIDTH: Final = 830
HEIGHT: Final = 480
RADIUS: Final = 38
_INK: Final = "var(--jp-ui-font-color1, #222)"
_PAPER: Final = "var(--jp-layout-color0, #fff)"
_PLACES: Final = {
    "x1": (60, 150),
    "x2": (60, 342),
    "h1": (400, 92),
    "h2": (400, 246),
    "h3": (400, 400),
    "y": (665, 246),
}
# Where along its edge a weight is written, so that no two labels meet.
_LABEL_PLACES: Final = {
    "w11": 0.45,
    "w12": 0.68,
    "w13": 0.3,
    "w21": 0.3,
    "w22": 0.68,
    "w23": 0.45,
    "v1": 0.5,
    "v2": 0.5,
    "v3": 0.5,
}
_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


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
    label = html.escape(translate("backprop_lab.drawing", step=scene.n_done))
    parts = [
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'style="width:100%;max-height:440px;font-family:var(--jp-ui-font-family,sans-serif)">'
    ]
    edges = _edges()
    # What takes part in the calculation lies on top of what does not.
    in_order = sorted(edges, key=lambda edge: edge in scene.highlights)
    parts += [_edge(scene, name, *edges[name]) for name in in_order]
    parts += [_edge_label(scene, name, *edges[name]) for name in edges]
    parts += [_input(scene, unit) for unit in range(1, N_INPUTS + 1)]
    parts += [_hidden(scene, unit) for unit in range(1, N_HIDDEN + 1)]
    parts += [_output(scene), _target(scene), "</svg>"]
    return "".join(parts)


def _edges() -> dict[str, tuple[str, str]]:
    """Return the two ends of each weight."""
    hidden = range(1, N_HIDDEN + 1)
    first = {f"w{i}{j}": (f"x{i}", f"h{j}") for i in range(1, N_INPUTS + 1) for j in hidden}
    return {**first, **{f"v{j}": (f"h{j}", "y") for j in hidden}}


def stroke_width(weight: float) -> float:
    """Return a line's width: it grows with the weight, but never out of the drawing."""
    return 1.5 + 5.5 * min(abs(weight), 2.0) / 2.0


def _edge(scene: Scene, name: str, source: str, end: str) -> str:
    (x1, y1), (x2, y2) = _PLACES[source], _PLACES[end]
    weight = scene.parameters[name]
    color = POSITIVE if weight >= 0 else NEGATIVE
    active = name in scene.highlights
    halo = (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{ACTIVE}" '
        f'stroke-width="{stroke_width(weight) + 7:.1f}" opacity="0.75"/>'
        if active
        else ""
    )
    opacity = 1.0 if active or not scene.highlights else 0.65
    return (
        f'{halo}<line data-edge="{name}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" '
        f'stroke="{color}" stroke-width="{stroke_width(weight):.1f}" opacity="{opacity}"/>'
    )


def _edge_label(scene: Scene, name: str, source: str, end: str) -> str:
    """Write a weight on its edge, and its gradient below once that is known."""
    (x1, y1), (x2, y2) = _PLACES[source], _PLACES[end]
    share = _LABEL_PLACES[name]
    x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
    gradient = scene.known.get(f"grad_{name}")
    lines = [f"{symbol(name)} = {shown(scene.parameters[name])}"]
    if gradient is not None:
        lines.append(f"∂ {shown(gradient)}")
    return _tag(x, y, lines, active=name in scene.highlights)


def _tag(x: float, y: float, lines: list[str], *, active: bool = False) -> str:
    """Write lines into a small box with its middle at (x, y); the second in the signals' colour."""
    width, height = 7.6 * max(map(len, lines)) + 10, 17 * len(lines) + 3
    border = ACTIVE if active else "none"
    parts = [
        f'<rect x="{x - width / 2:.0f}" y="{y - height / 2:.0f}" width="{width:.0f}" '
        f'height="{height}" rx="4" fill="{_PAPER}" opacity="0.92" stroke="{border}" '
        'stroke-width="2"/>'
    ]
    for row, line in enumerate(lines):
        baseline = y - height / 2 + 15 + 17 * row
        style = f'fill="{SIGNAL}" font-weight="700"' if row else f'fill="{_INK}"'
        parts.append(_text(x, baseline, line, 14, style))
    return "".join(parts)


def _text(x: float, y: float, text: str, size: int, style: str) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="middle" {style}>'
        f"{html.escape(text)}</text>"
    )


def _unit(scene: Scene, name: str, lines: list[tuple[str, int]]) -> str:
    x, y = _PLACES[name]
    active = name in scene.highlights
    border, width = (ACTIVE, 6) if active else (_INK, 2)
    parts = [
        f'<circle data-unit="{name}" cx="{x}" cy="{y}" r="{RADIUS}" fill="{_PAPER}" '
        f'stroke="{border}" stroke-width="{width}"/>'
    ]
    top = y + 6 - 10 * (len(lines) - 1)
    for row, (line, size) in enumerate(lines):
        weight = "700" if row == 0 else "400"
        style = f'fill="{_INK}" font-weight="{weight}"'
        parts.append(_text(x, top + 20 * row, line, size, style))
    return "".join(parts)


def _input(scene: Scene, unit: int) -> str:
    value = float(scene.passes.forward.inputs[unit - 1])
    return _unit(scene, f"x{unit}", [(symbol(f"x{unit}"), 17), (shown(value), 17)])


def _hidden(scene: Scene, unit: int) -> str:
    name, known = f"h{unit}", scene.known
    lines = [(symbol(name), 15)]
    lines.append((shown(known[name]) if name in known else "?", 17))
    if f"z{unit}" in known:
        lines.append((f"z {shown(known[f'z{unit}'])}", 12))
    return _unit(scene, name, lines) + _around(scene, name, f"b{unit}", f"delta_h{unit}")


def _output(scene: Scene) -> str:
    known = scene.known
    lines = [("y", 15), (shown(known["y"]) if "y" in known else "?", 17)]
    if "s" in known:
        lines.append((f"s {shown(known['s'])}", 12))
    return _unit(scene, "y", lines) + _around(scene, "y", "c", "delta_y")


def _around(scene: Scene, unit: str, bias: str, signal: str) -> str:
    """Write a unit's bias above it, and its error signal at its lower edge."""
    x, y = _PLACES[unit]
    known = scene.known
    lines = [f"{symbol(bias)} = {shown(scene.parameters[bias])}"]
    if f"grad_{bias}" in known:
        lines.append(f"∂ {shown(known[f'grad_{bias}'])}")
    middle = y - RADIUS - 3 - 9 * len(lines)
    drawn = _tag(x, middle, lines, active=bias in scene.highlights)
    if signal in known:
        text = f"δ = {shown(known[signal])}"
        style = f'fill="{SIGNAL}" font-weight="700"'
        width = 8.6 * len(text) + 10
        drawn += (
            f'<rect x="{x - width / 2:.0f}" y="{y + RADIUS - 6}" width="{width:.0f}" height="23" '
            f'rx="11" fill="{_PAPER}" stroke="{SIGNAL}" stroke-width="2"/>'
            + _text(x, y + RADIUS + 11, text, 15, style)
        )
    return drawn


def _target(scene: Scene) -> str:
    """Write target and error to the right of the output."""
    x, y = _PLACES["y"]
    x += 105
    active = "t" in scene.highlights
    border, width = (ACTIVE, 5) if active else (_INK, 1.5)
    parts = [
        f'<line x1="{x - 105 + RADIUS}" y1="{y}" x2="{x - 42}" y2="{y}" stroke="{_INK}" '
        'stroke-width="1.5" stroke-dasharray="5 4"/>',
        f'<rect data-unit="t" x="{x - 42}" y="{y - 24}" width="84" height="48" rx="6" '
        f'fill="{_PAPER}" stroke="{border}" stroke-width="{width}"/>',
        _text(x, y + 6, f"t = {shown(scene.passes.target)}", 16, f'fill="{_INK}"'),
    ]
    if "J" in scene.known:
        error = f"J = {shown(scene.known['J'])}"
        parts.append(_text(x, y + 66, error, 18, f'fill="{_INK}" font-weight="700"'))
    return "".join(parts)


def symbol(name: str) -> str:
    """Return a name with its numbers as subscripts: w₁₂ for w12."""
    return name.translate(_SUBSCRIPTS)


def shown(number: float) -> str:
    """Return three significant digits, as short as they can be."""
    if abs(number) < 1e-15:
        return "0"
    if 1e-3 <= abs(number) < 1e4:
        return f"{float(f'{number:.3g}'):g}".replace("-", "−")
    return f"{number:.1e}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")
