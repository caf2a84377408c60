"""A trial: one setting of the hyperparameters and what came of it."""

from __future__ import annotations

import dataclasses
import math
import uuid
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import items_of, real_number, require, whole_number
from hpt_widgets.training.hyperparameters import Hyperparameters

if TYPE_CHECKING:
    from hpt_widgets.training.run import Run

ENDINGS = ("finished", "stopped", "diverged", "failed")
"""How a trial can end: by itself, by the reader, by numerical divergence, by an error."""

# A table holds no number beyond 64 bits; in a file it can only come from an alteration.
LARGEST_NUMBER = 10**15
# Beyond these a value cannot be written to a file, or not be read from it again: Python's JSON
# ends at some 1,000 levels, its numbers at 4,300 digits, and floats at 308.
MOST_LEVELS = 50
MOST_DIGITS = 300
_LARGEST_VALUE = 10**MOST_DIGITS
NUMBER_FIELDS = ("validation_accuracy", "validation_loss", "seconds", "epochs_trained")


@dataclass(frozen=True)
class Trial:
    """One setting of the hyperparameters and what came of it.

    Attributes
    ----------
    hyperparameters : dict of str to value
        What was set. A ``Hyperparameters`` record is accepted too. NumPy values
        become Python's, lists become tuples, and an object that has no textual
        form is kept as its ``repr``. At most 50 levels deep, and whole numbers of at
        most 300 digits.
    method : str, default "manual"
        Who proposed it: ``"manual"``, ``"grid"``, ``"random"``, ``"tpe"``, ...
    number : int, default 0
        The place in its record, from 1; 0 stands for "not numbered yet".
    validation_accuracy : float or None, default None
        Share of the validation examples that were classified correctly; with folds, the mean
        that the caller gives; None if there is none.
    validation_loss : float or None, default None
        Mean cross-entropy on the validation examples, in nats.
    fold_scores : tuple of float, default ()
        The score of each fold of a cross-validation.
    seconds : float or None, default None
        How long it took.
    epochs_trained : float or None, default None
        How many epochs were really trained (fractional when stopped).
    ended : {"finished", "stopped", "diverged", "failed"}, default "finished"
        How it ended.
    message : str, default ""
        Why, in words, where there is something to say.
    history : tuple of tuple of float, default ()
        The learning curve: (samples seen, validation accuracy) pairs; longer
        tuples are kept as they are, shorter ones refused.
    when : datetime
        When it ended; now, by default.
    uuid : str
        What tells it from every other trial, wherever its copies go; a random one
        (RFC 9562, version 4) by default.

    Raises
    ------
    TypeError, ValueError
        If a field holds something else; the message names it.
    """

    hyperparameters: dict[str, Any] = field(default_factory=dict, hash=False)
    method: str = "manual"
    number: int = 0
    validation_accuracy: float | None = None
    validation_loss: float | None = None
    fold_scores: tuple[float, ...] = ()
    seconds: float | None = None
    epochs_trained: float | None = None
    ended: str = "finished"
    message: str = ""
    history: tuple[tuple[float, ...], ...] = ()
    when: datetime = field(default_factory=lambda: datetime.now().astimezone())
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()), repr=False)

    def __post_init__(self) -> None:
        _set(self, "hyperparameters", _as_dict(self.hyperparameters))
        check_method(self.method)
        _set(self, "number", _as_number(self.number))
        for name in NUMBER_FIELDS:
            _set(self, name, _as_float(name, getattr(self, name)))
        _set(self, "fold_scores", _as_floats("fold_scores", self.fold_scores))
        _set(self, "history", _as_points(self.history))
        require("message", self.message, str)
        require("when", self.when, datetime)
        # The name of a time zone does not survive in a file, so it is not kept here either.
        offset = self.when.utcoffset()
        zone = None if offset is None else timezone(offset)
        _set(self, "when", self.when.replace(tzinfo=zone, fold=0))
        if not isinstance(self.ended, str) or self.ended not in ENDINGS:
            allowed = ", ".join(map(repr, ENDINGS))
            raise ValueError(translate("records.ended", value=self.ended, allowed=allowed))
        _set(self, "uuid", _as_uuid(self.uuid))

    @property
    def usable(self) -> bool:
        """Whether it has a validation accuracy that may be compared with others."""
        return (
            self.ended in ("finished", "stopped")
            and self.validation_accuracy is not None
            and math.isfinite(self.validation_accuracy)
        )

    @classmethod
    def from_run(
        cls,
        run: Run,
        *,
        method: str = "manual",
        hyperparameters: Mapping[str, Any] | None = None,
        message: str | None = None,
    ) -> Trial:
        """Return the trial that a training came to.

        Accuracy and loss are the run's last validation: those of its last weights, without
        dropout, the loss from the logits as the training loop has it.

        Parameters
        ----------
        run : Run
            The training.
        method : str, default "manual"
            Who proposed it.
        hyperparameters : mapping of str to value, optional
            What was set. By default the run's own hyperparameters, as
            `Hyperparameters.to_record` gives them.
        message : str, optional
            By default why it diverged, if it did.

        Returns
        -------
        Trial
            Its history has a pair for each validation.
        """
        if message is None:
            message = run.reason if run.ended == "diverged" else ""
        measured = [point for point in run.points if not math.isnan(point.validation_accuracy)]
        return cls(
            run.hyperparameters.to_record() if hyperparameters is None else dict(hyperparameters),
            method=method,
            validation_accuracy=run.validation_accuracy,
            validation_loss=run.validation_loss,
            seconds=run.seconds,
            epochs_trained=run.points[-1].epoch if run.points else 0.0,
            ended=run.ended,
            message=message,
            history=tuple((point.samples, point.validation_accuracy) for point in measured),
        )


def plain_value(value: object, name: str = "value") -> Any:
    """Return a value in a form that a text file can hold exactly.

    NumPy values become Python's, lists become tuples, anything unknown its ``repr``.

    Parameters
    ----------
    value : object
        Any value.
    name : str, default "value"
        The parameter that an error is to name.

    Returns
    -------
    bool, int, float, str, tuple, dict or None

    Raises
    ------
    ValueError
        If it has more than 50 levels, holds itself, or holds a whole number of more than
        300 digits.
    TypeError
        If an object in it has no ``repr``.
    """
    try:
        return _plain(value, MOST_LEVELS)
    except _NotPlainError as error:
        values = {"name": name, "value": value, "levels": MOST_LEVELS, "digits": MOST_DIGITS}
        raise error.kind(translate(f"records.{error}", **values)) from None


class _NotPlainError(Exception):
    def __init__(self, key: str, kind: type[Exception] = ValueError) -> None:
        super().__init__(key)
        self.kind = kind


def _plain(value: object, levels: int) -> Any:
    # In the order of what is met most often: a record of 100,000 trials asks millions of times.
    if value is None or (
        isinstance(value, bool | float | str) and not isinstance(value, np.generic)
    ):
        return value
    if isinstance(value, int):
        if not -_LARGEST_VALUE < value < _LARGEST_VALUE:
            raise _NotPlainError("too_long")
        return value
    if levels == 0:
        raise _NotPlainError("too_deep")
    if isinstance(value, np.generic | np.ndarray):
        return _plain(_of_numpy(value), levels - 1)
    if isinstance(value, list | tuple):
        return tuple(_plain(item, levels - 1) for item in value)
    try:
        if isinstance(value, Mapping):
            return {str(key): _plain(item, levels - 1) for key, item in value.items()}
        return repr(value)
    except (_NotPlainError, MemoryError):
        raise
    except Exception as error:
        raise _NotPlainError("no_repr", TypeError) from error


def _of_numpy(value: np.generic | np.ndarray[Any, Any]) -> Any:
    """Return Python's own value; of a long double too, of which `tolist` gives itself."""
    if isinstance(value, np.floating):
        return float(value)
    own = value.tolist()
    return repr(value) if type(own) is type(value) else own


def value_key(value: object) -> Hashable:
    """Return what is equal for equal values, nan among them, and can be looked up."""
    return _key(plain_value(value))


def _key(value: Any) -> Hashable:
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    if isinstance(value, dict):
        return frozenset((name, _key(item)) for name, item in value.items())
    return ("nan",) if isinstance(value, float) and math.isnan(value) else value


def _as_dict(value: object) -> dict[str, Any]:
    if isinstance(value, Hyperparameters):
        value = value.to_record()
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if not isinstance(value, Mapping):
        raise TypeError(translate("records.hyperparameters", value=value))
    plain: dict[str, Any] = plain_value(value, "hyperparameters")
    return plain


def _as_number(value: object) -> int:
    number = whole_number(value)
    if number is None or not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(translate("records.number", value=value, most=LARGEST_NUMBER))
    return number


def _as_float(name: str, value: object) -> float | None:
    if value is None or type(value) is float:  # nearly always, in a file of 100,000 trials
        return value
    number = real_number(value)
    if number is None:
        raise TypeError(translate("records.not_a_number", name=name, value=value))
    return number


def _as_floats(name: str, values: Any) -> tuple[float, ...]:
    if type(values) in (list, tuple) and all(type(value) is float for value in values):
        return tuple(values)
    items = items_of(values)
    numbers = [real_number(value) for value in items or ()]
    known = tuple(number for number in numbers if number is not None)
    if items is None or len(known) < len(numbers):
        raise TypeError(translate("records.not_numbers", name=name, value=values))
    return known


def _as_points(points: object) -> tuple[tuple[float, ...], ...]:
    given = items_of(points)
    if given is None or any(type(p) is not list and items_of(p) is None for p in given):
        raise TypeError(translate("records.history", value=points))
    numbers = tuple(_as_floats("history", point) for point in given)
    if any(len(point) < 2 for point in numbers):
        raise ValueError(translate("records.history", value=points))
    return numbers


def _as_uuid(value: object) -> str:
    try:
        return str(uuid.UUID(value))  # type: ignore[arg-type]  # what is no text raises too
    except (ValueError, TypeError, AttributeError):
        raise ValueError(translate("records.uuid", value=value)) from None


def check_method(method: object) -> None:
    """Refuse what is no name of a method."""
    if not isinstance(method, str) or not method:
        raise TypeError(translate("records.method", value=method))


def _set(trial: Trial, name: str, value: object) -> None:
    object.__setattr__(trial, name, value)  # the dataclass is frozen
