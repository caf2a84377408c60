"""The samples of one split, as they are kept and as they are read."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BRIGHTEST_PIXEL: Final = np.float32(255)


class Split(Sequence[NDArray[Any]]):
    """The samples of one split; it unpacks as ``x, y``.

    Parameters
    ----------
    x : ndarray of float32, shape (n_samples, ...)
        Features.
    y : ndarray of int64, shape (n_samples,)
        Labels, from 0 to ``n_classes - 1``.

    Attributes
    ----------
    x, y : ndarray
        The same.
    stored : ndarray, of the shape of `x`
        What is kept of the features: `x` itself, or the pixels that it is made from.
    """

    __slots__ = ("__weakref__", "_stored", "_y")

    def __init__(self, x: NDArray[Any], y: NDArray[np.int64]) -> None:
        self._stored = x
        self._y = y

    @property
    def x(self) -> NDArray[np.float32]:
        """Features, shape (n_samples, ...)."""
        return self._stored

    @property
    def y(self) -> NDArray[np.int64]:
        """Labels, shape (n_samples,)."""
        return self._y

    @property
    def stored(self) -> NDArray[Any]:
        """What is kept of the features."""
        return self._stored

    def rows(self, rows: NDArray[np.int64]) -> Split:
        """Return some of the samples, as a copy.

        Parameters
        ----------
        rows : ndarray of int, shape (n_rows,)
            Which, counted from 0.
        """
        return type(self)(read_only(self._stored[rows]), read_only(self._y[rows]))

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: Any) -> Any:
        return (self.x, self.y)[index]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return iter((self.x, self.y))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._y):,} samples of shape {self._stored.shape[1:]})"

    def __reduce__(self) -> tuple[Any, ...]:
        # As plain arrays: a memory map means something on its own machine only.
        return type(self), (np.array(self._stored), np.array(self._y))


class PixelSplit(Split):
    """The samples of one split, kept as pixels from 0 to 255.

    Its `x`, from 0 to 1, is made when it is asked for, and released when nobody holds it any more.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n_samples, ...)
        Kept as they are, and shown to nobody in a way that they could be written to.
    y : ndarray of int64, shape (n_samples,)
        Labels.
    """

    __slots__ = ("_made",)

    def __init__(self, pixels: NDArray[np.uint8], y: NDArray[np.int64]) -> None:
        super().__init__(read_only(pixels.view()), read_only(y))
        self._made: weakref.ref[NDArray[np.float32]] | None = None

    @property
    def x(self) -> NDArray[np.float32]:
        """Features from 0 to 1, shape (n_samples, ...); for MNIST it takes some 30 ms to make."""
        made = None if self._made is None else self._made()
        if made is None:
            made = read_only(np.divide(self._stored, BRIGHTEST_PIXEL, dtype=np.float32))
            self._made = weakref.ref(made)
        return made

    def rows(self, rows: NDArray[np.int64]) -> PixelSplit:
        """Return some of the samples, as a copy."""
        return PixelSplit(self._stored[rows], self._y[rows])


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Let nobody write to an array from now on, and return it."""
    array.flags.writeable = False
    return array
