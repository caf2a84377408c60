"""The digit canvas: draw a digit with mouse or finger, and a network reads it."""

from __future__ import annotations

import base64
import html
import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
import numpy as np
from ipycanvas import Canvas, hold_canvas
from numpy.typing import ArrayLike, NDArray
from traitlets import Unicode

from hpt_widgets.data.handwriting import (
    FIELD,
    Pixels,
    Points,
    check_pixels,
    check_stroke,
    draw_strokes,
    pen_for,
    prepare_drawing,
    resize,
)
from hpt_widgets.labs.digits.digit_reader import N_DIGITS, DigitReader
from hpt_widgets.labs.kit.charts import axis
from hpt_widgets.labs.kit.controls import button
from hpt_widgets.labs.kit.lab import Lab, style_sheet, widgets_within
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.worker import Worker
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import finite_array, require_items, require_seconds
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

CANVAS_SIZE: Final = 280
PEN_WIDTH: Final = 18
# The thinnest pen of a picture to be read: what a dot is drawn with.
THINNEST_PEN: Final = 8
# The network reads while the pen moves, but not each time that the mouse reports a point.
READING_PAUSE: Final = 0.06
# Below this probability the second guess is named too.
SURE: Final = 0.6
_LEAVING_KEYS: Final = ("Tab", "Escape")
_CLEARING_KEYS: Final = ("Delete", "Backspace")

_STYLE: Final = """<style>
.hpt-lab .hpt-paper { background: #000; cursor: crosshair; touch-action: none;
  border: 1px solid var(--jp-border-color1, #999); border-radius: 4px; }
.hpt-lab .hpt-paper:focus, .hpt-lab .hpt-above:focus {
  outline: 3px solid #E69F00; outline-offset: 1px; }
.hpt-lab .hpt-seen img { image-rendering: pixelated; width: 196px; height: 196px;
  border: 1px solid var(--jp-border-color1, #999); display: block; }
.hpt-lab .hpt-answer { min-height: 30px; font-size: 18px; line-height: 1.4; white-space: normal; }
</style>"""


class DigitCanvas(Lab):
    """A canvas to draw a digit on, which a network reads while you draw.

    The drawing is prepared as MNIST's pictures were (`hpt_widgets.data.handwriting`).

    Parameters
    ----------
    model : object
        The network: a Keras model with 784 inputs, a `hpt_widgets.Run`, or a classifier
        with ``predict_proba``. It gives the probabilities of the ten digits.

    Raises
    ------
    TypeError, ValueError
        If the model can't read pictures of digits.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> run = hpt.train(hpt.Hyperparameters(), hpt.load_mnist())
    >>> canvas = hpt.DigitCanvas(run)
    >>> probabilities = canvas.draw([[(60, 60), (220, 50), (130, 240)]])
    >>> canvas.digit
    7
    """

    def __init__(self, model: Any) -> None:
        self._reader = DigitReader(model)
        self._strokes: list[list[tuple[float, float]]] = []
        self._pixels: Pixels | None = None
        self._pen_is_down = False
        self._picture_read: NDArray[np.float32] | None = None
        self._probabilities: NDArray[np.float64] | None = None
        # Held while a drawing is read and shown, so that the newest is shown last.
        self._reading = threading.Lock()
        self._worker = Worker(self._serve, self._failed, "hpt-digit-canvas")
        super().__init__()

    # -- what a reader can do, with or without a screen ------------------------------------------

    def draw(self, strokes: Iterable[ArrayLike]) -> NDArray[np.float64]:
        """Draw strokes onto the canvas, as a pen does, and read the drawing.

        Parameters
        ----------
        strokes : iterable of array_like, each of shape (n_points, 2)
            The points of each stroke as (x, y), in pixels of the canvas, which is 280 by 280:
            x to the right, y downwards.

        Returns
        -------
        ndarray of float, shape (10,)
            The probability of each digit.

        Raises
        ------
        TypeError, ValueError
            If a stroke is something else, or all of them are off the canvas; then nothing
            changes.
        """
        added = [_inside(check_stroke(stroke)) for stroke in require_items("strokes", strokes)]
        if not added:
            raise ValueError(translate("digit_canvas.no_strokes"))
        self._pixels = None
        self._strokes += added
        self._redraw()
        return self._read_and_show()

    def read(self, pixels: ArrayLike) -> NDArray[np.float64]:
        """Show a picture on the canvas instead of what was there, and read it.

        Parameters
        ----------
        pixels : array_like, shape (height, width)
            As `hpt_widgets.data.handwriting.prepare_drawing` takes it: any size, white on black.

        Returns
        -------
        ndarray of float, shape (10,)
            The probability of each digit.

        Raises
        ------
        TypeError, ValueError
            If the pixels are no drawing; then nothing changes.
        """
        checked = check_pixels(pixels)
        self._pixels, self._strokes = checked / checked.max(), []
        self._redraw()
        return self._read_and_show()

    def clear(self) -> None:
        """Wipe the canvas."""
        self._pixels, self._strokes, self._pen_is_down = None, [], False
        self._redraw()
        self._read_and_show()

    def undo(self) -> None:
        """Take the last stroke back."""
        self._pixels, self._strokes = None, self._strokes[:-1]
        self._redraw()
        self._read_and_show()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until what was drawn by hand is read; return False if that took too long.

        Parameters
        ----------
        timeout : float, optional
            Most seconds to wait. Default: no limit.

        Returns
        -------
        bool
            Whether all is read.

        Raises
        ------
        TypeError, ValueError
            If `timeout` is no number of seconds.
        """
        require_seconds("timeout", timeout)
        return self._worker.wait(timeout)

    def close(self) -> None:
        """Take the canvas off the screen and end its thread."""
        if self.is_closed:
            return
        self.is_closed = True
        self._worker.close()
        # All canvases of a kernel share one manager, and go on after this one.
        shared = self._canvas._canvas_manager
        for widget in widgets_within(self.view):
            if widget is not shared:
                widget.close()

    @property
    def strokes(self) -> list[Points]:
        """The strokes on the canvas, each of shape (n_points, 2)."""
        return [np.array(stroke) for stroke in list(self._strokes)]

    @property
    def picture(self) -> NDArray[np.float32] | None:
        """What the network saw, shape (28, 28); None while nothing is drawn."""
        return self._picture_read

    @property
    def probabilities(self) -> NDArray[np.float64] | None:
        """The probability of each digit, shape (10,); None while nothing is drawn."""
        return self._probabilities

    @property
    def digit(self) -> int | None:
        """The most probable digit; None while nothing is drawn."""
        return None if self._probabilities is None else int(self._probabilities.argmax())

    @property
    def answer(self) -> str:
        """What was read, in words."""
        if self._probabilities is None:
            return translate("digit_canvas.nothing")
        first, second = (int(digit) for digit in np.argsort(-self._probabilities)[:2])
        likely = self._probabilities[first]
        if likely >= SURE:
            return translate("digit_canvas.read", digit=first, share=f"{likely:.0%}")
        return translate(
            "digit_canvas.unsure",
            digit=first,
            share=f"{likely:.0%}",
            second=second,
            second_share=f"{self._probabilities[second]:.0%}",
        )

    # -- reading -----------------------------------------------------------------------------------

    def _read_and_show(self) -> NDArray[np.float64]:
        with self._reading:
            drawing = self._drawing()
            if drawing is None:
                self._picture_read = self._probabilities = None
            else:
                picture = prepare_drawing(drawing)
                probabilities = self._reader(picture[None])[0]
                self._picture_read, self._probabilities = picture, probabilities
            self._show()
            return np.zeros(N_DIGITS) if drawing is None else probabilities

    def _drawing(self) -> Pixels | None:
        """Return the drawing as the network is to get it, None if there is none."""
        if self._pixels is not None:
            return self._pixels
        strokes = self.strokes
        if not strokes:
            return None
        return draw_strokes(strokes, CANVAS_SIZE, pen_for(strokes, THINNEST_PEN))

    def _serve(self) -> bool:
        self._read_and_show()
        time.sleep(READING_PAUSE)
        return False

    def _failed(self, error: BaseException) -> None:
        self._answer.value = f'<span role="alert">{html.escape(str(error))}</span>'

    # -- the pen -----------------------------------------------------------------------------------

    def _pen_down(self, x: float, y: float) -> None:
        if finite_array((x, y)) is None:
            return
        if self._pixels is not None:
            self._pixels = None
            self._redraw()
        self._strokes.append([_on_canvas(x, y)])
        self._pen_is_down = True
        self._ink(self._strokes[-1] * 2)
        self._worker.wake()

    def _pen_moves(self, x: float, y: float) -> None:
        if not self._pen_is_down or not self._strokes or finite_array((x, y)) is None:
            return
        stroke, point = self._strokes[-1], _on_canvas(x, y)
        if point != stroke[-1]:
            stroke.append(point)
            self._ink(stroke[-2:])
            self._worker.wake()

    def _pen_up(self, x: float, y: float) -> None:
        self._pen_moves(x, y)
        self._pen_is_down = False

    def _finger_down(self, touches: list[tuple[float, float]]) -> None:
        # A second finger, or the ball of the hand, is no pen.
        if touches and not self._pen_is_down:
            self._pen_down(*touches[0])

    def _finger_moves(self, touches: list[tuple[float, float]]) -> None:
        if touches:
            self._pen_moves(*touches[0])

    def _finger_up(self, touches: list[tuple[float, float]]) -> None:
        if not touches:
            self._pen_is_down = False

    def _on_key(self, key: str, shift: bool = False, *_modifiers: bool) -> None:
        # The canvas keeps all keys to itself; without this nobody would get out of it by Tab.
        if key in _CLEARING_KEYS:
            self.clear()
        elif key == "Tab" and shift:
            self._heading.focus()
        elif key in _LEAVING_KEYS:
            self._clear_button.focus()

    # -- view --------------------------------------------------------------------------------------

    def _build(self) -> Any:
        self._answer = widgets.HTML()
        self._answer.add_class("hpt-answer")
        self._seen = widgets.HTML()
        self._seen.add_class("hpt-seen")
        # No stop on the way with Tab, but the place where Shift and Tab lead to from the canvas.
        # (An HTML widget would hand the focus on to a part of it that cannot have it.)
        self._heading = widgets.Label(translate("digit_canvas.draw"), tabbable=False)
        self._heading.add_class("hpt-above")
        paper = widgets.VBox(
            [self._heading, self._build_canvas(), self._build_buttons()],
            layout={"flex": "0 0 300px", "overflow": "visible"},
        )
        seen = widgets.VBox(
            [self._words("seen"), self._seen],
            layout={"flex": "0 0 216px", "overflow": "visible"},
        )
        answer = widgets.VBox(
            [self._answer, self._build_bars()],
            layout={"flex": "1 1 270px", "min_width": "270px", "overflow": "visible"},
        )
        view = widgets.HBox(
            [
                style_sheet(),
                widgets.HTML(_STYLE, layout={"display": "none"}),
                paper,
                seen,
                answer,
            ],
            layout={"width": "100%", "flex_flow": "row wrap", "overflow": "visible"},
        )
        self._show()
        return view

    def _words(self, key: str) -> Any:
        words = widgets.HTML(html.escape(translate(f"digit_canvas.{key}")))
        words.add_class("hpt-legend")
        return words

    def _build_canvas(self) -> Any:
        side = f"{CANVAS_SIZE}px"
        self._canvas = Paper(
            width=CANVAS_SIZE,
            height=CANVAS_SIZE,
            layout={"width": side, "height": side, "min_width": side},
            tooltip=translate("digit_canvas.paper"),
        )
        self._canvas.add_class("hpt-paper")
        listeners: list[tuple[Callable[..., None], Callable[..., None]]] = [
            (self._canvas.on_mouse_down, self._pen_down),
            (self._canvas.on_mouse_move, self._pen_moves),
            (self._canvas.on_mouse_up, self._pen_up),
            (self._canvas.on_mouse_out, self._pen_up),
            (self._canvas.on_touch_start, self._finger_down),
            (self._canvas.on_touch_move, self._finger_moves),
            (self._canvas.on_touch_end, self._finger_up),
            (self._canvas.on_touch_cancel, self._finger_up),
            (self._canvas.on_key_down, self._on_key),
            (self._canvas.on_client_ready, self._on_new_page),
        ]
        for listen, reaction in listeners:
            listen(reaction)
        return self._canvas

    def _build_buttons(self) -> Any:
        self._clear_button = button(translate("digit_canvas.clear"), "eraser", self.clear)
        undo = button(translate("digit_canvas.undo"), "undo", self.undo)
        return widgets.HBox([self._clear_button, undo])

    def _build_bars(self) -> Any:
        digits = bqplot.OrdinalScale(domain=list(range(N_DIGITS)))
        share = bqplot.LinearScale(min=0, max=1)
        self._bars = bqplot.Bars(
            x=list(range(N_DIGITS)),
            y=np.zeros(N_DIGITS),
            scales={"x": digits, "y": share},
            color_mode="no_group",
            colors=[PALETTE[0]] * N_DIGITS,
            padding=0.2,
            tooltip=bqplot.Tooltip(
                fields=["x", "y"],
                labels=[translate("digit_canvas.digit"), translate("digit_canvas.probability")],
                formats=["", ".1%"],
            ),
        )
        axes = [
            axis(digits, translate("digit_canvas.digit")),
            axis(share, translate("digit_canvas.probability"), vertical=True),
        ]
        axes[0].grid_lines = "none"
        axes[1].tick_format = ".0%"
        made = bqplot.Figure(
            marks=[self._bars],
            axes=axes,
            fig_margin={"top": 8, "bottom": 44, "left": 64, "right": 12},
            background_style={"fill": "transparent"},
            layout={"width": "100%", "height": "250px", "min_width": "260px"},
            display_toolbar=False,
        )
        made.add_class("hpt-chart")
        return made

    def _show(self) -> None:
        self._answer.value = f'<span role="status">{html.escape(self.answer)}</span>'
        words = html.escape(translate("digit_canvas.seen"), quote=True)
        source = base64.b64encode(_png(self._picture_read)).decode()
        self._seen.value = f'<img alt="{words}" src="data:image/png;base64,{source}">'
        colors = [PALETTE[0]] * N_DIGITS
        if self.digit is not None:
            colors[self.digit] = PALETTE[1]
        with self._bars.hold_sync():
            self._bars.y = np.zeros(N_DIGITS) if self.digit is None else self._probabilities
            self._bars.colors = colors

    # -- the canvas --------------------------------------------------------------------------------

    def _ink(self, points: list[tuple[float, float]]) -> None:
        """Draw the newest piece of a stroke."""
        (x1, y1), (x2, y2) = points[-2:]
        self._canvas.stroke_line(x1, y1, x2, y2)

    def _on_new_page(self) -> None:
        """Draw anew for a page that was opened later: its canvas is empty."""
        # The manager tells a page which canvas it means only when that changes, and a new
        # page has never been told (ipycanvas 0.14).
        self._canvas._canvas_manager._current_canvas = None
        self._redraw()

    def _redraw(self) -> None:
        with hold_canvas():
            canvas = self._canvas
            canvas.clear()
            canvas.stroke_style, canvas.line_width = "white", PEN_WIDTH
            canvas.line_cap = canvas.line_join = "round"
            if self._pixels is not None:
                canvas.put_image_data(_grey(self._pixels))
            for stroke in list(self._strokes):
                for end in range(1, max(2, len(stroke))):
                    self._ink([stroke[end - 1], stroke[min(end, len(stroke) - 1)]])

    # -- static picture ----------------------------------------------------------------------------

    def _picture(self) -> StillPicture:
        from hpt_widgets.support.still_picture import StillPicture

        made = StillPicture(figsize=(10.5, 3.4), layout="constrained")
        paper, seen, bars = made.subplots(1, 3, width_ratios=(1, 1, 1.7))
        strokes = self.strokes
        pixels = self._pixels if not strokes else draw_strokes(strokes, CANVAS_SIZE, PEN_WIDTH)
        blank = np.zeros((FIELD, FIELD))
        for panel, picture, title in (
            (paper, pixels, translate("figures.drawing")),
            (seen, self._picture_read, "28 × 28"),
        ):
            shown = blank if picture is None else picture
            panel.imshow(shown, cmap="gray", vmin=0, vmax=1)
            panel.set(title=title, xticks=[], yticks=[])
        heights = np.zeros(N_DIGITS) if self._probabilities is None else self._probabilities
        colors = [PALETTE[int(digit == self.digit)] for digit in range(N_DIGITS)]
        bars.bar(range(N_DIGITS), heights, color=colors)
        bars.set(
            xlabel=translate("figures.digit"),
            ylabel=translate("figures.probability"),
            ylim=(0, 1),
            xticks=range(N_DIGITS),
        )
        bars.grid(axis="y", alpha=0.3)
        return made


class Paper(Canvas):  # type: ignore[misc]
    """A canvas whose tooltip names it to a screen reader.

    ipywidgets shows a tooltip only where it finds a description that is empty; a canvas of
    ipycanvas has none.
    """

    description = Unicode("").tag(sync=True)


def _on_canvas(x: float, y: float) -> tuple[float, float]:
    """Return a point as it is, or the nearest one on the canvas."""
    return min(max(float(x), 0.0), float(CANVAS_SIZE)), min(max(float(y), 0.0), float(CANVAS_SIZE))


def _inside(points: Points) -> list[tuple[float, float]]:
    """Return a stroke as a list; part of it may leave the canvas, but not all."""
    if not ((points >= 0) & (points <= CANVAS_SIZE)).all(axis=1).any():
        raise ValueError(translate("digit_canvas.outside", size=CANVAS_SIZE))
    return [_on_canvas(x, y) for x, y in points]


def _grey(pixels: Pixels) -> NDArray[np.uint8]:
    """Return a picture as RGB, scaled to the canvas with its proportions kept."""
    longest = max(pixels.shape)
    height, width = (max(1, round(side * CANVAS_SIZE / longest)) for side in pixels.shape)
    levels = np.round(255 * resize(pixels, (height, width))).astype(np.uint8)
    return np.repeat(levels[:, :, None], 3, axis=2)


def _png(picture: NDArray[np.float32] | None) -> bytes:
    from matplotlib.image import imsave

    shown = np.zeros((FIELD, FIELD)) if picture is None else picture
    buffer = io.BytesIO()
    imsave(buffer, shown, cmap="gray", vmin=0, vmax=1, format="png")
    return buffer.getvalue()
