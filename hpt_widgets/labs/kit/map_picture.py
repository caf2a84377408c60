"""Pictures that lie under the marks of a chart."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

DPI: Final = 110


def map_png(draw: Callable[[Any], object], size: tuple[float, float]) -> bytes:
    """Return as a PNG what `draw` puts into matplotlib axes that fill the picture to its edges.

    Parameters
    ----------
    draw : callable
        Gets the axes.
    size : tuple of float
        Width and height, in inches of 110 pixels.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    draw(axes)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", pil_kwargs={"compress_level": 1})
    return buffer.getvalue()
