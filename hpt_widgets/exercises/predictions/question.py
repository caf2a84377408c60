"""What can be asked before a run, and what the difference to the outcome says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hpt_widgets.language import Text, current_language, short_repr, texts_of, translate
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
        With how many decimal places an outcome is shown; three significant digits where it is None.
    close : float
        Up to which difference from the outcome, as that is written, a prediction counts as right.
    by_factor : bool
        Whether `close` is a ratio instead.
    meaning : Meaning
    total : int or None, default None
        Of how many things the number counts some.
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
    total: int | None = None
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
            words = "" if prediction is None else self.as_given(prediction)
            return Comparison(words, self.words(found))
        gap = self._gap(prediction, found)
        meaning = self.meaning.of(gap.difference, gap.is_close)
        if not gap.is_close and 0 < prediction <= 1 and self._whole:
            meaning = self._meaning_of_share(prediction, found) or meaning
        given = self.as_given(prediction)
        return Comparison(given, self.words(found), gap.words, meaning, gap.is_close)

    def words(self, number: float) -> str:
        """Write an outcome, rounded as the question says, with its unit."""
        if not math.isfinite(number):
            return str(number)
        return self._in_unit(self._rounded(number))

    def as_given(self, prediction: float) -> str:
        """Write a prediction with its unit and all digits that the reader gave."""
        return self._in_unit(_all_digits(prediction))

    def doubt_about(self, prediction: float | None) -> str:
        """Ask whether a number below 1 was meant as a share; else return an empty text."""
        if prediction is None or not 0 < prediction < 1 or not self._whole:
            return ""
        found, meant = self.as_given(prediction), self.as_given(self._whole * prediction)
        return translate("prediction.share_or_percentage", found=found, meant=meant)

    @property
    def field_unit(self) -> Text | None:
        """What stands behind the field: the unit, or of how many the number is."""
        if self.total is None:
            return self.unit
        words, total = texts_of("prediction")["of_total"], f"{self.total:,}"
        return Text(en=words.en.format(total=total), zh=words.zh.format(total=total))

    @property
    def _is_in_percent(self) -> bool:
        return self.unit is not None and self.unit.en == "%"

    @property
    def _whole(self) -> int:
        """What a share is multiplied by to answer the question; 0 where no share could be meant."""
        return self.total or (100 if self._is_in_percent else 0)

    def _in_unit(self, written: str) -> str:
        if self.total is None:
            return _with_unit(written, self.unit)
        return translate("prediction.count_of_total", n=written, total=f"{self.total:,}")

    def _rounded(self, number: float) -> str:
        if self.decimals is not None:
            # What is nothing when it is written has no sign.
            return f"{number:z,.{self.decimals}f}"
        return f"{number:,.3g}" if 1e-4 < abs(number) < 1000 else _all_digits(number)

    def _meaning_of_share(self, share: float, found: float) -> str:
        """Say what 0.96 means where 96 % would have been nearer; else return an empty text."""
        meant = self.as_given(self._whole * share)
        gap, gap_as_typed = self._gap(self._whole * share, found), self._gap(share, found)
        if gap.is_close:
            key = "share" if self.total is None else "share_of_count"
            return translate(f"prediction.{key}", found=self.as_given(share), meant=meant)
        # A 1 may well be one per cent, or one of them.
        if share == 1 or abs(gap.difference) >= abs(gap_as_typed.difference):
            return ""
        side = "low" if gap.difference < 0 else "high"
        meaning = self.meaning.of(gap.difference, is_close=False)
        return translate(f"prediction.share_{side}", meant=meant, meaning=meaning)

    def _gap(self, prediction: float, found: float) -> _Gap:
        """Compare with the outcome as it is written, so that words and verdict agree."""
        shown = float(self._rounded(found).replace(",", ""))
        if prediction == shown:
            return _Gap(0.0, True, translate("prediction.exact"))
        if self.by_factor and prediction * found > 0:
            return self._ratio(prediction, found)
        difference = prediction - shown
        # Exactly as far off as is allowed must not fail for a last binary digit.
        is_close = not self.by_factor and abs(difference) <= self.close * (1 + 1e-9)
        if is_close and self._rounded(prediction) == self._rounded(found):
            return _Gap(difference, True, translate("prediction.nearly_exact"))
        key = "low" if difference < 0 else "high"
        far = self._as_distance(_all_digits(abs(difference)))
        return _Gap(difference, is_close, translate(f"prediction.{key}", difference=far))

    def _as_distance(self, written: str) -> str:
        if self.total is not None:
            return translate("prediction.count", n=written)
        # Percentages differ by points.
        return _with_unit(written, _points() if self._is_in_percent else self.unit)

    def _ratio(self, prediction: float, found: float) -> _Gap:
        # Of the outcome itself: rounded, a small one may be half as large again.
        factor = max(prediction / found, found / prediction)
        # With three digits, it could be held against the two numbers beside it, which are rounded.
        digits = 2 if 1.1 <= factor < 1000 else 3
        written = f"{factor:,.0f}" if 1000 <= factor < 1e6 else f"{float(f'{factor:.{digits}g}'):g}"
        is_close = factor < 1000 and float(written) <= self.close
        if written == "1":
            words = translate("prediction.nearly_exact")
        else:
            side = "low" if prediction < found else "high"
            words = translate(f"prediction.{side}_by_factor", factor=written)
        return _Gap(prediction - found, is_close, words)


@dataclass(frozen=True)
class _Gap:
    """How far a number is from its outcome.

    Attributes
    ----------
    difference : float
        The prediction minus the outcome.
    is_close : bool
        Whether that counts as right.
    words : str
        The same in words.
    """

    difference: float
    is_close: bool
    words: str


def _all_digits(number: float) -> str:
    """Write a number with ten digits at most, none of which a double has made up."""
    return f"{number:z,.10g}"


def _points() -> Text:
    return texts_of("prediction")["points"]


def _with_unit(written: str, unit: Text | None) -> str:
    if unit is None:
        return written
    if written.lstrip("-") == "1":
        unit = texts_of("prediction").get(f"{unit.en}_one", unit)
    # English sets a blank before the sign, Chinese does not.
    is_joined = str(unit) == "%" and current_language() == "zh"
    return f"{written}{'' if is_joined else ' '}{unit}"


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
