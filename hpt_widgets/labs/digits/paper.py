"""The paper on which a digit is drawn: a canvas that collects pen strokes in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets
from traitlets import Bool, Int, List, TraitError, Unicode

from hpt_widgets.support.argument_checks import finite_array

CANVAS_SIZE: Final = 280
PEN_WIDTH: Final = 18

Stroke = list[list[float]]


class Paper(anywidget.AnyWidget):
    """A canvas to draw on with mouse, finger or pen; `paper.js` is its part in the browser.

    Attributes
    ----------
    strokes : list of list of [x, y]
        In pixels of the canvas: x to the right, y downwards. It grows while the pen moves.
    picture : str
        What lies below the strokes, as a data URL; empty for none.
    pen_is_down : bool
        Whether the last stroke is still being drawn.
    label : str
        What a screen reader says.
    size, pen_width : int
        In pixels.
    """

    # Its text: anywidget watches a file for changes, and keeps each widget made of it for that.
    _esm = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

    strokes: Any = List().tag(sync=True)
    picture = Unicode("").tag(sync=True)
    pen_is_down = Bool(False).tag(sync=True)
    label = Unicode("").tag(sync=True)
    size = Int(CANVAS_SIZE).tag(sync=True)
    pen_width = Int(PEN_WIDTH).tag(sync=True)

    @traitlets.validate("strokes")
    def _check_strokes(self, proposal: dict[str, Any]) -> list[Stroke]:
        return [_checked(stroke) for stroke in proposal["value"]]


def _checked(points: Any) -> Stroke:
    """Return a stroke with its points on the canvas; a front end may send anything."""
    try:
        array = finite_array(points)
    except (ValueError, TypeError):  # rows of different lengths
        array = None
    if array is None or array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise TraitError("a stroke is a list of points [x, y]")
    stroke: Stroke = array.clip(0, CANVAS_SIZE).tolist()
    return stroke
