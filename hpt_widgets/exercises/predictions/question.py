"""What can be asked before a run, and what the difference to the outcome says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hpt_widgets.language import Text, current_language, short_repr, translate
from hpt_widgets.support.argument_checks import (
    not_allowed,
    real_number,
    require_number,
    require_whole_number,
)


@dataclass(frozen=True)
class Meaning:
    """What a difference between prediction and outcome says, in a sentence or two.

    Attributes
    ----------
    close, low, high : Text
        Where they agree; where the prediction is below the outcome, and above it.
    """

    close: Text
    low: Text
    high: Text

    def of(self, difference: float, is_close: bool) -> str:
        """Return the sentence for a prediction minus its outcome."""
        if is_close:
            return str(self.close)
        return str(self.low if difference < 0 else self.high)


@dataclass(frozen=True)
class Comparison:
    """A prediction beside what came out.

    Attributes
    ----------
    prediction, outcome : str
        Both in words; no prediction is an empty text.
    difference : str
        How far apart they are, in words.
    meaning : str
        What that says.
    is_close : bool
        Whether the prediction counts as right.
    """

    prediction: str
    outcome: str
    difference: str = ""
    meaning: str = ""
    is_close: bool = False


@dataclass(frozen=True)
class NumberQuestion:
    """A question that is answered by a number.

    Attributes
    ----------
    id : str
        ``"0-accuracy"``: the chapter, a hyphen, a name.
    prompt : Text
        The question.
    label : Text
        What the number is called, beside its field.
    unit : Text or None
        What stands behind it, such as "%".
    minimum, maximum : float
        What may be predicted.
    whole : bool
        Whether the number is a whole one.
    decimals : int or None
        With how many decimal places it is shown; three significant digits where it is None.
    close : float
        Up to which difference a prediction counts as right.
    by_factor : bool
        Whether `close` is a ratio instead.
    meaning : Meaning
    retired : bool, default False
        Whether only readers' own copies of an earlier version still ask it.
    """

    id: str
    prompt: Text
    label: Text
    unit: Text | None
    minimum: float
    maximum: float
    whole: bool
    decimals: int | None
    close: float
    by_factor: bool
    meaning: Meaning
    retired: bool = False

    def checked(self, value: object) -> float | int:
        """Return a prediction, or raise a ValueError that says what is allowed."""
        if self.whole:
            return require_whole_number("value", value, int(self.minimum), int(self.maximum))
        return require_number("value", value, least=self.minimum, most=self.maximum)

    def compare(self, prediction: float | None, result: object) -> Comparison:
        """Compare with a number; raise a TypeError for what is none."""
        found = real_number(_plain(result))
        if found is None:
            raise TypeError(not_allowed("result", result, "prediction.needs_number"))
        if prediction is None or not math.isfinite(found):
            words = "" if prediction is None else self.words(prediction)
            return Comparison(words, self.words(found))
        is_close, how = self._distance(prediction, found)
        meaning = self.meaning.of(prediction - found, is_close)
        if not is_close and self._is_share_of(prediction, found):
            meant = self.words(100 * prediction)
            meaning = translate("prediction.share", found=self.words(prediction), meant=meant)
        return Comparison(self.words(prediction), self.words(found), how, meaning, is_close)

    def words(self, number: float) -> str:
        """Write a number with its unit."""
        if not math.isfinite(number):
            return str(number)
        if self.decimals is None:
            written = f"{number:,.3g}" if 1e-4 < abs(number) < 1000 else f"{number:,.10g}"
        else:
            written = f"{number:,.{self.decimals}f}"
        if self.unit is None:
            return written
        # English sets a blank before the sign, Chinese does not.
        is_joined = str(self.unit) == "%" and current_language() == "zh"
        return f"{written}{'' if is_joined else ' '}{self.unit}"

    def _is_share_of(self, prediction: float, found: float) -> bool:
        """Whether 0.96 was predicted where 96 % came out, and would have been close."""
        is_percent = str(self.unit) == "%" and 0 < prediction <= 1
        return is_percent and self._distance(100 * prediction, found)[0]

    def _distance(self, prediction: float, found: float) -> tuple[bool, str]:
        """Tell whether a prediction is close, and say how far off it is."""
        difference = abs(prediction - found)
        side = "low" if prediction < found else "high"
        if self.by_factor and prediction * found > 0:
            factor = max(prediction / found, found / prediction)
            is_close, far = factor <= self.close, {"factor": f"{factor:.3g}"}
            key = f"prediction.{side}_by_factor"
        else:
            # Exactly as far off as is allowed must not fail for a last binary digit.
            is_close = not self.by_factor and difference <= self.close * (1 + 1e-9)
            key, far = f"prediction.{side}", {"difference": self.words(difference)}
        exact = self.words(prediction) == self.words(found)
        return is_close, translate("prediction.exact") if exact else translate(key, **far)


@dataclass(frozen=True)
class PossibleOutcome:
    """One of the things that may happen.

    Attributes
    ----------
    text : Text
        What happens.
    meaning : Text
        What somebody has overlooked who expected it; for the right one, why it happens.
    value : object
        What the run gives then, where that is compared; else None.
    right : bool
        Whether it is what happens.
    """

    text: Text
    meaning: Text
    value: Any = None
    right: bool = False


@dataclass(frozen=True)
class ChoiceQuestion:
    """A question that is answered by choosing what will happen.

    Attributes
    ----------
    id : str
    prompt : Text
    choices : tuple of PossibleOutcome
        In the order in which they are shown. Exactly one is right.
    kept_as : tuple of int, default ()
        The number under which each choice is kept with the reader's progress. It stays when
        the order is changed, so that an old prediction still says what it said. Empty for
        1, 2, …
    retired : bool, default False
        Whether only readers' own copies of an earlier version still ask it.

    Raises
    ------
    ValueError
        If not exactly one is right, there is only one, or `kept_as` is no order of 1, 2, …
    """

    id: str
    prompt: Text
    choices: tuple[PossibleOutcome, ...]
    kept_as: tuple[int, ...] = ()
    retired: bool = False

    def __post_init__(self) -> None:
        if sum(choice.right for choice in self.choices) != 1 or len(self.choices) < 2:
            raise ValueError("a question needs two choices or more, exactly one of them right")
        numbers = tuple(range(1, len(self.choices) + 1))
        if not self.kept_as:
            object.__setattr__(self, "kept_as", numbers)
        if tuple(sorted(self.kept_as)) != numbers:
            raise ValueError(f"must be shown in an order of 1 to {len(numbers)}")

    def checked(self, value: object) -> int:
        """Return the number of a choice, from 1, or raise a ValueError."""
        return require_whole_number("value", value, 1, len(self.choices))

    def compare(self, prediction: int | None, result: object = None) -> Comparison:
        """Compare with what the run gave; without a result, with what is known to be right.

        A result that none of the choices has is shown as it is.
        """
        right = next(i for i, c in enumerate(self.choices, 1) if c.right)
        found = right if result is None else self._choice_of(_plain(result))
        outcome = short_repr(_plain(result)) if found is None else self.words(found)
        if prediction is None:
            return Comparison("", outcome)
        is_close = prediction == found
        chosen = self.choices[prediction - 1]
        # The reasons hold for what usually happens; a run that a reader changed has its own.
        meaning = str(chosen.meaning) if found == right else translate("prediction.unusual")
        how = translate("prediction.as_expected" if is_close else "prediction.otherwise")
        return Comparison(self.words(prediction), outcome, how, meaning, is_close)

    def words(self, number: int) -> str:
        """Return what a choice says."""
        return str(self.choices[number - 1].text)

    def _choice_of(self, result: object) -> int | None:
        for number, choice in enumerate(self.choices, start=1):
            if choice.value is not None and _same(choice.value, result):
                return number
        return None


def _same(value: object, result: object) -> bool:
    one, other = real_number(value), real_number(result)
    if one is not None and other is not None:
        return math.isclose(one, other, rel_tol=1e-9)
    if isinstance(result, Sequence) and not isinstance(result, str):
        return isinstance(value, list) and value == list(result)
    return type(value) is type(result) and value == result


def _plain(value: object) -> object:
    """Return Python's own value for a scalar of NumPy, TensorFlow or pandas."""
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", 0) == 0:
        return item()
    numpy = getattr(value, "numpy", None)
    return _plain(numpy()) if callable(numpy) else value
