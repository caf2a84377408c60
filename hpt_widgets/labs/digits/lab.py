"""The digit canvas: draw a digit with mouse or finger, and a network reads it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.data.handwriting import (
    FIELD,
    Pixels,
    Points,
    check_pixels,
    check_stroke,
    draw_strokes,
    pen_for,
    prepare_drawing,
)
from hpt_widgets.labs.digits.digit_reader import N_DIGITS, DigitReader
from hpt_widgets.labs.digits.paper import CANVAS_SIZE, PEN_WIDTH, Stroke
from hpt_widgets.labs.digits.view import DigitView
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.kit.worker import Worker
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_items, require_seconds
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

# The thinnest pen of a picture to be read: what a dot is drawn with.
THINNEST_PEN: Final = 8
# The network reads while the pen moves, but not each time that the browser sends a point.
READING_PAUSE: Final = 0.06
# Below this probability the second guess is named too.
SURE: Final = 0.6


class DigitCanvas(Lab):
    """A canvas to draw a digit on, which a network reads while you draw.

    The drawing is prepared as MNIST's pictures were (`hpt_widgets.data.handwriting`).

    Parameters
    ----------
    model : object
        The network: a Keras model with 784 inputs, a `hpt_widgets.Run`, or a classifier
        with ``predict_proba``. It gives the probabilities of the ten digits.

    Attributes
    ----------
    view : DigitView
        The widgets.

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

    view: DigitView

    def __init__(self, model: Any) -> None:
        self._reader = DigitReader(model)
        self._pixels: Pixels | None = None
        self._picture_read: NDArray[np.float32] | None = None
        self._probabilities: NDArray[np.float64] | None = None
        # Held while a drawing is read and shown, so that the newest is shown last.
        self._lock = threading.Lock()
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
        self._require_open()
        added = [_inside(check_stroke(stroke)) for stroke in require_items("strokes", strokes)]
        if not added:
            raise ValueError(translate("digit_canvas.no_strokes"))
        return self._show_and_read([*self.view.paper.strokes, *added])

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
        self._require_open()
        checked = check_pixels(pixels)
        return self._show_and_read([], checked / checked.max())

    def clear(self) -> None:
        """Wipe the canvas."""
        self._require_open()
        self._show_and_read([])

    def undo(self) -> None:
        """Take the last stroke back."""
        self._require_open()
        self._show_and_read(self.view.paper.strokes[:-1])

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
        self._worker.close()
        super().close()

    @property
    def strokes(self) -> list[Points]:
        """The strokes on the canvas, each of shape (n_points, 2)."""
        return [np.array(stroke) for stroke in self.view.paper.strokes]

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

    def _show_and_read(
        self, strokes: list[Stroke], pixels: Pixels | None = None
    ) -> NDArray[np.float64]:
        self._pixels = pixels
        self.view.show_drawing(strokes, pixels)
        return self._read_and_show()

    def _read_and_show(self) -> NDArray[np.float64]:
        with self._lock:
            drawing = self._drawing()
            if drawing is None:
                self._picture_read = self._probabilities = None
            else:
                picture = prepare_drawing(drawing)
                probabilities = self._reader(picture[None])[0]
                self._picture_read, self._probabilities = picture, probabilities
            self._show_reading()
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
        self.view.show_error(str(error))

    # -- the view ----------------------------------------------------------------------------------

    def _build(self) -> DigitView:
        view = DigitView(self._on_pen, lambda: self.clear(), lambda: self.undo())
        view.show_reading(self.answer, None, None)
        return view

    def _on_pen(self) -> None:
        self._pixels = None
        self._worker.wake()

    def _show_reading(self) -> None:
        self.view.show_reading(self.answer, self._picture_read, self._probabilities)

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


def _inside(points: Points) -> Stroke:
    """Return a stroke as a list; part of it may leave the canvas, but not all."""
    if not ((points >= 0) & (points <= CANVAS_SIZE)).all(axis=1).any():
        raise ValueError(translate("digit_canvas.outside", size=CANVAS_SIZE))
    stroke: Stroke = points.clip(0, CANVAS_SIZE).tolist()
    return stroke
