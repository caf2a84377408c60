"""What the drawing of a network is made of: lines, circles, boxes and words, and their meaning.

One drawing serves the notebook, as SVG, and a page without a kernel, in matplotlib.
Lengths are in units of the drawing; y grows downwards.
"""

from __future__ import annotations

import html
from typing import Any, Final, Protocol

from hpt_widgets.support.colors import BLUE, GREEN, PURPLE, VERMILION

Place = tuple[float, float]

# One meaning a colour: a weight's sign, what is being calculated, what comes back.
POSITIVE: Final = BLUE
NEGATIVE: Final = VERMILION
ACTIVE: Final = GREEN
SIGNAL: Final = PURPLE

# matplotlib measures in points: a figure of the lab's shape gives a unit so many of them.
POINTS_PER_UNIT: Final = 0.92


class Canvas(Protocol):
    """Where something can be drawn; what comes later lies on top.

    Places, lengths and widths are in units of the drawing, colours in CSS.

    Attributes
    ----------
    ink, paper : str
        Colours of words and of what lies behind them.
    """

    ink: str
    paper: str

    def line(
        self,
        ends: tuple[Place, Place],
        color: str,
        width: float,
        *,
        opacity: float = 1.0,
        dashed: bool = False,
        name: str = "",
    ) -> None:
        """Draw a straight line; `name` is that of the weight it stands for, if any."""

    def circle(
        self, middle: Place, radius: float, border: str, width: float, name: str = ""
    ) -> None:
        """Draw a circle filled with paper; `name` is that of the unit it stands for."""

    def box(
        self,
        middle: Place,
        size: tuple[float, float],
        border: str,
        width: float,
        *,
        corner: float = 4.0,
        name: str = "",
    ) -> None:
        """Draw a box with round corners, filled with paper."""

    def words(
        self, place: Place, text: str, size: float, color: str = "", *, bold: bool = False
    ) -> None:
        """Write a line of text with the middle of its baseline at a place, in ink by default."""


class SvgCanvas:
    """Draws SVG, in the colours of the notebook's theme through JupyterLab's own variables."""

    ink = "var(--jp-ui-font-color1, #222)"
    paper = "var(--jp-layout-color0, #fff)"

    def __init__(self) -> None:
        self.parts: list[str] = []

    def line(
        self,
        ends: tuple[Place, Place],
        color: str,
        width: float,
        *,
        opacity: float = 1.0,
        dashed: bool = False,
        name: str = "",
    ) -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = ends
        attribute = f'data-edge="{name}" ' if name else ""
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(
            f'<line {attribute}x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{color}" '
            f'stroke-width="{width:.1f}" opacity="{opacity:g}"{dashes}/>'
        )

    def circle(
        self, middle: Place, radius: float, border: str, width: float, name: str = ""
    ) -> None:
        """Draw a circle filled with paper."""
        x, y = middle
        self.parts.append(
            f'<circle data-unit="{name}" cx="{x:g}" cy="{y:g}" r="{radius:g}" '
            f'fill="{self.paper}" stroke="{border}" stroke-width="{width:g}"/>'
        )

    def box(
        self,
        middle: Place,
        size: tuple[float, float],
        border: str,
        width: float,
        *,
        corner: float = 4.0,
        name: str = "",
    ) -> None:
        """Draw a box with round corners, filled with paper."""
        (x, y), (wide, high) = middle, size
        attribute = f'data-unit="{name}" ' if name else ""
        self.parts.append(
            f'<rect {attribute}x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:.1f}" '
            f'height="{high:.1f}" rx="{corner:g}" fill="{self.paper}" stroke="{border}" '
            f'stroke-width="{width:g}"/>'
        )

    def words(
        self, place: Place, text: str, size: float, color: str = "", *, bold: bool = False
    ) -> None:
        """Write a line of text."""
        x, y = place
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="middle" '
            f'fill="{color or self.ink}" font-weight="{700 if bold else 400}">'
            f"{html.escape(text)}</text>"
        )


class MatplotlibCanvas:
    """Draws into matplotlib axes, black on white.

    Parameters
    ----------
    axes : matplotlib Axes
        Become as wide and as high as the drawing.
    width, height : float
        Size of the drawing.
    """

    ink = "#222222"
    paper = "#FFFFFF"

    def __init__(self, axes: Any, width: float, height: float) -> None:
        self._axes = axes
        self._n_drawn = 0
        axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        axes.set_axis_off()

    def line(
        self,
        ends: tuple[Place, Place],
        color: str,
        width: float,
        *,
        opacity: float = 1.0,
        dashed: bool = False,
        name: str = "",
    ) -> None:
        """Draw a straight line."""
        self._axes.plot(
            *zip(*ends, strict=True),
            color=color,
            linewidth=width * POINTS_PER_UNIT,
            linestyle="--" if dashed else "-",
            alpha=opacity,
            gid=name,
            zorder=self._next(),
        )

    def circle(
        self, middle: Place, radius: float, border: str, width: float, name: str = ""
    ) -> None:
        """Draw a circle filled with paper."""
        from matplotlib.patches import Circle

        self._patch(Circle(middle, radius), border, width, name)

    def box(
        self,
        middle: Place,
        size: tuple[float, float],
        border: str,
        width: float,
        *,
        corner: float = 4.0,
        name: str = "",
    ) -> None:
        """Draw a box with round corners, filled with paper."""
        from matplotlib.patches import FancyBboxPatch

        (x, y), (wide, high) = middle, size
        style = f"round,pad=0,rounding_size={corner}"
        made = FancyBboxPatch((x - wide / 2, y - high / 2), wide, high, boxstyle=style)
        self._patch(made, border, width, name)

    def words(
        self, place: Place, text: str, size: float, color: str = "", *, bold: bool = False
    ) -> None:
        """Write a line of text."""
        self._axes.text(
            *place,
            text,
            fontsize=size * POINTS_PER_UNIT,
            color=color or self.ink,
            fontweight="bold" if bold else "normal",
            horizontalalignment="center",
            verticalalignment="baseline",
            zorder=self._next(),
        )

    def _patch(self, made: Any, border: str, width: float, name: str) -> None:
        made.set(facecolor=self.paper, edgecolor=border, linewidth=width * POINTS_PER_UNIT)
        made.set(gid=name, zorder=self._next())
        self._axes.add_patch(made)

    def _next(self) -> int:
        self._n_drawn += 1
        return self._n_drawn


def stroke_width(weight: float) -> float:
    """Return a line's width: it grows with the weight, but never out of the drawing."""
    return 1.5 + 5.5 * min(abs(weight), 2.0) / 2.0


def draw_weight(
    canvas: Canvas,
    ends: tuple[Place, Place],
    weight: float,
    *,
    opacity: float = 1.0,
    halo: str = "",
    name: str = "",
) -> None:
    """Draw a weight as a line: its width tells the size, its colour the sign.

    A `halo` is the colour of a wider line below it.
    """
    width = stroke_width(weight)
    if halo:
        canvas.line(ends, halo, width + 7, opacity=0.75)
    color = POSITIVE if weight >= 0 else NEGATIVE
    canvas.line(ends, color, width, opacity=opacity, name=name)


def draw_unit(
    canvas: Canvas,
    place: Place,
    radius: float,
    ring: tuple[str, float],
    rows: list[tuple[str, float]],
    *,
    bold_first: bool = False,
    name: str = "",
) -> None:
    """Draw a unit as a circle with rows of words in it.

    Parameters
    ----------
    canvas : Canvas
    place : tuple of float
        Its middle.
    radius : float
    ring : tuple of str and float
        Colour and width of the circle.
    rows : list of tuple of str and float
        Each row's words and their size.
    bold_first : bool, optional
        Whether the first row is bold. Default False.
    name : str, optional
        Of the unit. Default none.
    """
    canvas.circle(place, radius, *ring, name)
    x, y = place
    top = y + 5 - 9 * (len(rows) - 1)
    for row, (words, size) in enumerate(rows):
        canvas.words((x, top + 15 * row), words, size, bold=bold_first and row == 0)


def svg_drawing(
    canvas: SvgCanvas, label: str, size: tuple[float, float], css_class: str = ""
) -> str:
    """Return what a canvas holds as one SVG element that a screen reader calls `label`."""
    its_class = f'class="{css_class}" ' if css_class else ""
    width, height = size
    return (
        f'<svg {its_class}role="img" aria-label="{html.escape(label)}" '
        f'viewBox="0 0 {width:g} {height:g}" '
        'style="font-family:var(--jp-ui-font-family,sans-serif)">'
        f"{''.join(canvas.parts)}</svg>"
    )


def short_number(number: float) -> str:
    """Return three significant digits, as short as they can be."""
    if abs(number) < 1e-15:
        return "0"
    if 1e-3 <= abs(number) < 1e4:
        return f"{float(f'{number:.3g}'):g}".replace("-", "−")
    return f"{number:.1e}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")
