"""Prediction for any model that reads digits: pictures in, ten probabilities out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.data.handwriting import FIELD
from hpt_widgets.language import translate

N_DIGITS: Final = 10
# Probabilities of single precision add up to 1 only so nearly.
TOLERANCE: Final = 1e-3


class DigitReader:
    """Predicts which digits some pictures show.

    Parameters
    ----------
    model : object
        A Keras model whose input has 784 values in any shape, a `hpt_widgets.Run`, or any
        classifier with ``predict_proba`` that takes rows of 784 values. It gives the
        probabilities of 0 to 9.

    Raises
    ------
    TypeError
        If the model is nothing of that kind.
    ValueError
        If it cannot read pictures of 28 × 28, or what it gives are no ten probabilities.
    """

    def __init__(self, model: Any) -> None:
        self._predict = _prediction_of(model)
        self._name = type(model).__name__
        # A model that doesn't fit raises at once, not at the first stroke.
        self(np.zeros((1, FIELD, FIELD), np.float32))

    def __call__(self, pictures: ArrayLike) -> NDArray[np.float64]:
        """Return the probabilities, shape (n, 10), of pictures, shape (n, 28, 28)."""
        values = np.asarray(pictures, np.float32)
        try:
            found = np.asarray(self._predict(values), np.float64)
        except Exception as error:
            # Every library has its own error for an input of the wrong size.
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(
                translate("handwriting.cannot_read", model=self._name, reason=reason)
            ) from error
        if found.shape != (len(values), N_DIGITS):
            expected = (len(values), N_DIGITS)
            raise ValueError(translate("handwriting.not_ten", found=found.shape, expected=expected))
        if not np.isfinite(found).all():
            raise ValueError(translate("handwriting.not_finite", model=self._name))
        if found.min() < 0 or np.abs(found.sum(axis=1) - 1).max() > TOLERANCE:
            total = f"{found.sum(axis=1)[0]:.3g}"
            raise ValueError(translate("handwriting.not_probabilities", total=total))
        return found


def _prediction_of(model: Any) -> Callable[[NDArray[np.float32]], Any]:
    if callable(getattr(model, "predict_proba", None)) and not isinstance(model, type):
        return lambda pictures: model.predict_proba(pictures.reshape(len(pictures), -1))
    if callable(model) and hasattr(model, "input_shape"):
        return lambda pictures: _predict_with_keras(model, pictures)
    raise TypeError(translate("handwriting.no_model", found=type(model).__name__))


def _predict_with_keras(model: Any, pictures: NDArray[np.float32]) -> Any:
    # Much sooner than `predict`, which traces a function for one picture.
    return model(pictures.reshape(len(pictures), *model.input_shape[1:]), training=False)
