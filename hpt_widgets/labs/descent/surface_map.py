"""The map of a surface of two variables: filled contours as a PNG picture.

The ground is pale, low ground lightest, so that paths of every colour stand out on it in
light and dark themes alike.
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray, Surface

N_BANDS: Final = 18
GRID: Final = (121, 101)
SIZE: Final = (6.4, 5.2)
_GROUND: Final = ("#FFFEF8", "#EEF2F5", "#D5DEE7", "#BAC7D5", "#9FAFC2")


def grid(surface: Surface) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x, y and the values of shape (len(y), len(x)) over the window."""
    (x_low, x_high), (y_low, y_high) = surface.window
    x = np.linspace(x_low, x_high, GRID[0])
    y = np.linspace(y_low, y_high, GRID[1])
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return x, y, surface.function(points)


def draw_contours(axes: Any, surface: Surface) -> None:
    """Draw filled contours into matplotlib axes.

    Bands grow with the cube of their number above the lowest value: narrow in the
    valleys, where the walks end, and wide on the slopes.
    """
    from matplotlib.colors import LinearSegmentedColormap

    x, y, values = grid(surface)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if not low < high:
        high = low + 1.0
    levels = low + (high - low) * np.linspace(0, 1, N_BANDS + 1) ** 3
    colors = LinearSegmentedColormap.from_list("ground", _GROUND, N=256)
    shades = colors(np.linspace(0, 1, N_BANDS))
    axes.set_facecolor("#D0D0D0")  # where the function has no value
    axes.contourf(x, y, values, levels=levels, colors=shades)
    axes.contour(x, y, values, levels=levels[1:-1], colors="#5B6B7E", linewidths=0.5, alpha=0.6)
    (x_low, x_high), (y_low, y_high) = surface.window
    axes.set_xlim(x_low, x_high)
    axes.set_ylim(y_low, y_high)


def map_png(surface: Surface) -> bytes:
    """Return the map as a PNG that fills the window to its edges."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=110)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    draw_contours(axes, surface)
    axes.add_patch(_background(surface))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


def _background(surface: Surface) -> Any:
    """Return a rectangle for where there is no value: hidden axes have no face."""
    from matplotlib.patches import Rectangle

    (x_low, x_high), (y_low, y_high) = surface.window
    corner, width, height = (x_low, y_low), x_high - x_low, y_high - y_low
    return Rectangle(corner, width, height, facecolor="#D0D0D0", zorder=0)
