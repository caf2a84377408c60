"""The digit canvas on the screen: the paper, what the network sees, and what it answers."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.handwriting import FIELD, Pixels, resize
from hpt_widgets.labs.digits.digit_reader import N_DIGITS
from hpt_widgets.labs.digits.paper import CANVAS_SIZE, Paper, Stroke
from hpt_widgets.labs.kit.charts import axis
from hpt_widgets.labs.kit.controls import button
from hpt_widgets.labs.kit.frame import LabFrame
from hpt_widgets.labs.kit.own_changes import OwnChanges
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.language import translate
from hpt_widgets.support.colors import PALETTE

_STYLE: Final = """<style>
.hpt-lab .hpt-paper { background: #000; cursor: crosshair; touch-action: none; display: block;
  box-shadow: 0 0 0 1px var(--jp-border-color1, #999); border-radius: 4px; }
.hpt-lab .hpt-paper:focus { outline: 3px solid #E69F00; outline-offset: 1px; }
.hpt-lab .hpt-seen img { image-rendering: pixelated; width: 196px; height: 196px;
  border: 1px solid var(--jp-border-color1, #999); display: block; }
.hpt-lab .hpt-answer { min-height: 52px; margin-right: 36px; font-size: 18px; line-height: 1.4;
  white-space: normal; }
</style>"""


class DigitView:
    """All widgets of the lab.

    Parameters
    ----------
    on_pen : callable
        Called when the reader has drawn or wiped something, not when `show_drawing` has.
    on_clear, on_undo : callable
        Called when a button is pressed.

    Attributes
    ----------
    paper : Paper
    clear_button, undo_button : Button
    seen, answer, widget : Widget
        What the network sees, what was read in words, and all together.
    bars : bqplot Bars
        The probabilities.
    """

    def __init__(
        self,
        on_pen: Callable[[], None],
        on_clear: Callable[[], None],
        on_undo: Callable[[], None],
    ) -> None:
        self._on_pen = on_pen
        self._own_changes = OwnChanges()
        self.paper = Paper(label=translate("digit_canvas.paper"), layout={"margin": "2px 0 6px"})
        self.paper.observe(self._pen_moved, "strokes")
        self.clear_button = button(translate("digit_canvas.clear"), "eraser", on_clear)
        self.undo_button = button(translate("digit_canvas.undo"), "undo", on_undo)
        self.seen, self.answer = widgets.HTML(), widgets.HTML()
        self.seen.add_class("hpt-seen")
        self.answer.add_class("hpt-answer")
        self.bars = _make_bars()
        self.widget = self._lay_out()

    def show_drawing(self, strokes: list[Stroke], pixels: Pixels | None) -> None:
        """Show strokes on the paper, or a picture."""
        with self._own_changes, self.paper.hold_sync():
            self.paper.strokes = strokes
            self.paper.picture = "" if pixels is None else _data_url(_scaled(pixels))
            self.paper.pen_is_down = False

    def show_reading(
        self,
        answer: str,
        picture: NDArray[np.float32] | None,
        probabilities: NDArray[np.float64] | None,
    ) -> None:
        """Show what the network saw and answered; None while nothing is drawn."""
        self.answer.value = f'<span role="status">{html.escape(answer)}</span>'
        words = html.escape(translate("digit_canvas.seen"), quote=True)
        shown = np.zeros((FIELD, FIELD)) if picture is None else picture
        self.seen.value = f'<img alt="{words}" src="{_data_url(shown)}">'
        heights = np.zeros(N_DIGITS) if probabilities is None else probabilities
        colors = [PALETTE[0]] * N_DIGITS
        if probabilities is not None:
            colors[int(probabilities.argmax())] = PALETTE[1]
        with self.bars.hold_sync():
            self.bars.y, self.bars.colors = heights, colors

    def show_error(self, message: str) -> None:
        """Show a message in the place of the answer."""
        self.answer.value = f'<span role="alert">{html.escape(message)}</span>'

    def _pen_moved(self, _change: object) -> None:
        if not self._own_changes.are_under_way:
            self._on_pen()

    def _lay_out(self) -> Any:
        seen = widgets.VBox(
            [_words("seen"), self.seen], layout={"flex": "0 0 216px", "overflow": "visible"}
        )
        answer = widgets.VBox(
            [self.answer, _bar_chart(self.bars)],
            layout={"flex": "1 1 270px", "min_width": "250px", "overflow": "visible"},
        )
        read = widgets.HBox([seen, answer], layout={"flex_flow": "row wrap", "overflow": "visible"})
        own_style = widgets.HTML(_STYLE, layout={"display": "none"})
        pen = widgets.HBox([self.clear_button, self.undo_button])
        self.frame = LabFrame(controls=[_words("draw"), self.paper, pen], stage=[own_style, read])
        return self.frame.widget


def _words(key: str) -> Any:
    words = widgets.HTML(html.escape(translate(f"digit_canvas.{key}")))
    words.add_class("hpt-legend")
    return words


def _make_bars() -> Any:
    return bqplot.Bars(
        x=list(range(N_DIGITS)),
        y=np.zeros(N_DIGITS),
        scales={
            "x": bqplot.OrdinalScale(domain=list(range(N_DIGITS))),
            "y": bqplot.LinearScale(min=0, max=1),
        },
        color_mode="no_group",
        colors=[PALETTE[0]] * N_DIGITS,
        padding=0.2,
        tooltip=bqplot.Tooltip(
            fields=["x", "y"],
            labels=[translate("digit_canvas.digit"), translate("digit_canvas.probability")],
            formats=["", ".1%"],
        ),
    )


def _bar_chart(bars: Any) -> Any:
    axes = [
        axis(bars.scales["x"], translate("digit_canvas.digit")),
        axis(bars.scales["y"], translate("digit_canvas.probability"), vertical=True),
    ]
    axes[0].grid_lines = "none"
    axes[1].tick_format = ".0%"
    made = bqplot.Figure(
        marks=[bars],
        axes=axes,
        fig_margin={"top": 8, "bottom": 44, "left": 64, "right": 12},
        background_style={"fill": "transparent"},
        layout={"width": "100%", "height": "250px", "min_width": "260px"},
        display_toolbar=False,
    )
    made.add_class("hpt-chart")
    return made


def _scaled(pixels: Pixels) -> Pixels:
    """Return a picture scaled to the canvas with its proportions kept."""
    longest = max(pixels.shape)
    height, width = (max(1, round(side * CANVAS_SIZE / longest)) for side in pixels.shape)
    return resize(pixels, (height, width))


def _data_url(picture: NDArray[Any]) -> str:
    """Return a picture with values from 0 to 1 as a PNG that a browser can show."""
    from matplotlib.image import imsave

    buffer = io.BytesIO()
    imsave(buffer, picture, cmap="gray", vmin=0, vmax=1, format="png")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
