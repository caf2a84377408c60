"""Which fold of which search is being scored, as scikit-learn's own functions know it.

A scorer is called with an estimator and data alone; not even the search tells it how many
folds there are. But its caller knows: the arguments of ``_fit_and_score`` say which candidate
and which split this is, and of how many. They are read from the stack, since no public way
leads to them (scikit-learn 1.7 to 1.9). Where they are not found, a scorer has to be told.
"""

from __future__ import annotations

import enum
import sys
import threading
import weakref
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final, Literal

_FIT = ("sklearn.model_selection._validation", "_fit_and_score")
_CANDIDATES = ("sklearn.model_selection._search", "evaluate_candidates")
_SCORE = ("sklearn.model_selection._search", "score")


@dataclass(frozen=True)
class FoldPlace:
    """Which fold of which combination of a search.

    Attributes
    ----------
    of : hashable
        The search, or rather its combination, as long as that is open.
    candidate : int
        Which combination, from 0.
    split : int
        Which fold, from 0.
    n_splits : int
        How many folds the search has.
    search : SearchCall, optional
        What shows whether the search still runs; None where it runs in another process.
    """

    of: Hashable
    candidate: int
    split: int
    n_splits: int
    search: SearchCall | None = field(default=None, compare=False)

    @property
    def combination(self) -> Hashable:
        """The same for all folds of a combination, and for none of another."""
        return self.of, self.candidate


@dataclass(frozen=True)
class SearchCall:
    """What shows, in this process, whether the fits of a combination are over.

    Attributes
    ----------
    parameters : dict
        What the search made for this combination and hands to each of its fits.
    splits : weak reference, optional
        To what the search drops when it ends.
    thread : int or None
        The thread, where the search makes its fits one after the other; None where several do.
    under_way : tuple of dict
        The parameters of all fits that are under way on this thread: a search may fit another.
    """

    parameters: dict[str, Any] = field(repr=False)
    splits: weakref.ref[Any] | None
    thread: int | None
    under_way: tuple[dict[str, Any], ...] = field(repr=False)

    def is_over(self, newest: SearchCall | None) -> bool:
        """Return whether no fold of its combination can follow.

        Parameters
        ----------
        newest : SearchCall or None
            Of the fold that is scored now.
        """
        if self.splits is not None and self.splits() is None:
            return True
        return (
            newest is not None
            and newest.thread is not None
            and newest.thread == self.thread
            and not any(parameters is self.parameters for parameters in newest.under_way)
        )


class NoFold(enum.Enum):
    """A score that belongs to no fold: on training data, or of a search that has been fitted."""

    NO_FOLD = enum.auto()


NO_FOLD: Final = NoFold.NO_FOLD


def fold_place(estimator: Any, x: Any) -> FoldPlace | Literal[NoFold.NO_FOLD] | None:
    """Return which fold a scorer is being called for.

    Parameters
    ----------
    estimator, x : object
        What the scorer was called with.

    Returns
    -------
    FoldPlace, `NO_FOLD` or None
        None where the caller is no search of scikit-learn's.
    """
    frames = [frame for frame in _stack() if _name(frame) in (_FIT, _CANDIDATES, _SCORE)]
    if not frames or _name(frames[0]) == _CANDIDATES:
        return None
    if _name(frames[0]) == _SCORE:
        return NO_FOLD
    fit = frames[0].f_locals
    if fit.get("estimator") is not estimator:
        return None
    if fit.get("X_train") is x:
        return NO_FOLD
    progress, candidate = fit.get("split_progress"), fit.get("candidate_progress")
    if not progress or not candidate:  # `cross_validate` and its like
        return None
    parameters = fit["parameters"]
    is_alone = len(frames) > 1 and _name(frames[1]) == _CANDIDATES
    return FoldPlace(
        id(parameters),
        candidate[0],
        progress[0],
        progress[1],
        SearchCall(
            parameters,
            _splits_of(frames[0], is_alone),
            threading.get_ident() if is_alone else None,
            tuple(f.f_locals["parameters"] for f in frames if _name(f) == _FIT),
        ),
    )


def _stack() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _name(frame: FrameType) -> tuple[str, str]:
    return frame.f_globals.get("__name__", ""), frame.f_code.co_name


def _splits_of(fit: FrameType, is_alone: bool) -> weakref.ref[Any] | None:
    # Before 1.9 (which tells the fit its caller) a search with several threads dropped each
    # split with the last fit on it, while others might still run.
    if not is_alone and "caller" not in fit.f_locals:
        return None
    # As the search gave it: the fit itself may have made a copy.
    given = fit.f_back.f_locals.get("kwargs") if fit.f_back is not None else None
    split = given.get("test") if isinstance(given, dict) else None
    try:
        return None if split is None else weakref.ref(split)
    except TypeError:  # a splitter that gives lists
        return None
