"""Arrays of a reader's, read strictly: what can't be had as a whole array is refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate


def checked_array(name: str, values: object) -> NDArray[Any]:
    """Return what a reader handed over as an array, of whatever numbers it holds.

    Parameters
    ----------
    name : str
        What the parameter is called.
    values : array_like
        What was handed over.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        If the object refuses to become an array.
    ValueError
        If values are masked, or rows have different lengths.
    """
    refuse_masked(name, values)
    try:
        return np.asarray(values)
    except MemoryError:
        raise
    except Exception as error:
        is_ragged = isinstance(error, ValueError) and isinstance(values, list | tuple)
        if not is_ragged:
            raise not_an_array(name, values, error) from error
    raise ValueError(translate("dataset.ragged", name=name))


def refuse_masked(name: str, values: object) -> None:
    """Raise a ValueError if an array has masked values, which NumPy would show as they were.

    Parameters
    ----------
    name : str
        What the parameter is called.
    values : object
        An array, or a list of arrays; all else is let through.

    Raises
    ------
    ValueError
        If values are masked; the message says how many.
    """
    parts = values if isinstance(values, list | tuple) else [values]
    arrays = [part for part in parts if isinstance(part, np.ma.MaskedArray)]
    masked = sum(int(np.sum(array.mask)) for array in arrays)
    if masked:
        raise ValueError(translate("checks.masked", name=name, count=masked))


def not_an_array(name: str, values: object, error: Exception) -> TypeError:
    """Return the error for an object that refuses to become an array.

    Parameters
    ----------
    name : str
        What the parameter is called.
    values : object
        What was handed over.
    error : Exception
        What it said.

    Returns
    -------
    TypeError
    """
    kind = type(values).__name__
    return TypeError(translate("checks.no_array", name=name, type=kind, error=error))
