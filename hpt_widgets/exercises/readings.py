"""Judging what was read off a picture or a table: a dict of names, choices and numbers."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hpt_widgets.exercises.answers import (
    as_mapping,
    as_number,
    as_text,
    plain,
    shorten,
    show,
    show_number,
)
from hpt_widgets.exercises.exercise import NotAnswered, Wrong
from hpt_widgets.language import Text, listed, translate
from hpt_widgets.language.exercises import TEXTS

N_WORDS_KEPT: Final = 200
N_CHOICES_KEPT: Final = 50
"""Of so many words, and of so many sets of choices, it is kept how they are compared."""
# Words that only say of what something is a choice.
_AROUND: Final = re.compile(r"\b(?:the|panel|picture|chart|curve|rule)\b|图|曲线|规则")

_TRIALS: Final = ("trials", "tries", "次数")
_EPOCHS: Final = ("epochs", "length", "轮数", "长度")
FLAWS: Final = (
    ("fair", "none", "公平", "没有"),
    ("tuning", "rate", "调参", "学习率"),
    ("space", "空间"),
    ("budget", "预算"),
    _TRIALS,
    _EPOCHS,
    ("seeds", "runs", "searches", "种子", "次数"),
    ("selection", "luck", "挑选", "运气"),
)
"""What makes a comparison unfair: in each row, all words that chapter 7's sections have for it."""


@dataclass(frozen=True)
class Reading:
    """What a picture shows, name by name, and what is said of a misreading.

    Attributes
    ----------
    right : mapping of str to str
        The choice that is right for each name.
    choices : sequence of str, or mapping of str to sequence of str
        All that may be chosen: for every name, or name by name.
    wrong : mapping of (str, str) to Text
        What is said of a choice for a name; it may name ``{name}``, ``{found}`` and ``{meant}``,
        the choice in quotation marks, in Chinese behind its meaning. For a number the second
        word is a region's or, outside of them, ``"low"`` or ``"high"``.
    otherwise : Text
        What is said of all other wrong choices.
    meanings : mapping of str to Text
        What a choice means, as the task prints it; these words are taken for the choice too,
        those of both languages.
    also : mapping of str to str
        Yet other words for a choice.
    numbers : mapping of str to (low, high)
        Names that ask for a number, and between which bounds it is right.
    counts : mapping of str to (low, high)
        The same for names that ask how many: only a whole number is right.
    regions : mapping of str to (low, high)
        Where a wrong number has an explanation of its own, such as the numbers of another axis.
    """

    right: Mapping[str, str]
    choices: Sequence[str] | Mapping[str, Sequence[str]]
    otherwise: Text
    wrong: Mapping[tuple[str, str], Text] = field(default_factory=dict)
    meanings: Mapping[str, Text] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    regions: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """All names that are asked for."""
        return (*self.right, *self.numbers, *self.counts)

    def _choices_of(self, name: str) -> Sequence[str]:
        return self.choices[name] if isinstance(self.choices, Mapping) else self.choices

    def check(self, answer: Any) -> None:
        """Return if all is read right; raise `Wrong` with the first name that is not.

        Numbers come first: choices are often concluded from them.
        """
        found = named(answer, self.names)
        for name, (low, high) in {**self.numbers, **self.counts}.items():
            read = named_whole_number if name in self.counts else named_number
            number = read(name, found[name])
            if not low <= number <= high:
                sides = [*self._regions_of(number), "low" if number < low else "high"]
                known = (self.wrong[name, side] for side in sides if (name, side) in self.wrong)
                raise Wrong(next(known, self.otherwise), name=name, found=f"{number:g}")
        for name, right in self.right.items():
            picked = choice(name, found[name], self._choices_of(name), self._words())
            if picked != right:
                text = self.wrong.get((name, picked), self.otherwise)
                raise Wrong(text, name=name, found=picked, meant=self._meant(picked))

    def _words(self) -> dict[str, str]:
        """Return all words for a choice besides itself."""
        printed = {word: one for one, text in self.meanings.items() for word in (text.en, text.zh)}
        return {**printed, **self.also}

    def _meant(self, picked: str) -> str:
        """Return a choice as a sentence names it."""
        meaning = self.meanings.get(picked)
        if meaning is None or str(meaning) == meaning.en:
            return f'"{picked}"'
        return translate("lab.with_remark", words=meaning, remark=f'"{picked}"')

    def _regions_of(self, number: float) -> list[str]:
        return [name for name, (low, high) in self.regions.items() if low <= number <= high]


def named(answer: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the values of a dict that has these names, whatever the case and blanks of its keys.

    Raises
    ------
    NotAnswered
        If a value is still ``...``.
    Wrong
        If it is no dict, or has other names.
    """
    try:
        mapping = as_mapping(answer)
    except Wrong:
        mapping = {}
    folded = {_word(name): name for name in names}
    found = {folded.get(_word(key)): value for key, value in mapping.items()}
    if set(found) != set(names) or len(mapping) != len(names):
        raise _wrong_keys(answer, mapping, found, names)
    if any(value is ... for value in found.values()):
        raise NotAnswered
    return {name: found[name] for name in names}


def _wrong_keys(
    answer: Any, mapping: Mapping[Any, Any], found: Mapping[str | None, Any], names: Sequence[str]
) -> Wrong:
    """Say which keys a dict lacks or has besides; of a long one the answer itself shows neither."""
    wanted = quoted(names)
    missing = [name for name in names if name not in found]
    besides = [key for key in mapping if _word(key) not in map(_word, names)]
    if mapping and missing:
        keys = listed(map(show, mapping))
        return Wrong(
            TEXTS["missing_keys"], names=wanted, missing=quoted(missing), found=shorten(keys)
        )
    if besides:
        keys = listed(map(show, besides))
        return Wrong(TEXTS["unknown_keys"], names=wanted, found=shorten(keys))
    return Wrong(TEXTS["wrong_keys"], names=wanted, found=show(answer))


def quoted(names: Iterable[str]) -> str:
    """Write names in quotation marks, with the current language's commas between them."""
    return listed(f'"{name}"' for name in names)


def named_number(name: str, value: Any) -> float:
    """Return the finite number that a dict has under a name, or raise `Wrong` that names it."""
    if value is None:
        raise Wrong(TEXTS["entry_is_none"], name=name)
    try:
        return as_number(value)
    except Wrong as wrong:
        raise Wrong(TEXTS["in_entry"], name=name, problem=str(wrong)) from None


def named_whole_number(name: str, value: Any) -> int:
    """Return the whole number from 1 on that a dict has under a name, or raise `Wrong`."""
    number = named_number(name, value)
    if number < 1 or number != round(number):
        raise Wrong(TEXTS["no_whole_number"], name=name, found=show_number(number))
    return int(number)


def choice(
    name: str, value: Any, choices: Sequence[str], also: Mapping[str, str] | None = None
) -> str:
    """Return which of the choices a value is, or raise `Wrong`.

    The words of `also` stand for choices too. What only says of what it is a choice, as in
    "panel B" or "the linear rule", may stand around any of them.
    """
    picked = _by_word(tuple(choices), tuple((also or {}).items())).get(_bare(value))
    if picked is not None:
        return picked
    raise Wrong(TEXTS["not_a_choice"], name=name, found=show(value), allowed=quoted(choices))


# A function of a reader's is asked for a hundred verdicts.
@functools.lru_cache(maxsize=N_CHOICES_KEPT)
def _by_word(choices: tuple[str, ...], also: tuple[tuple[str, str], ...]) -> dict[str, str | None]:
    """Return the choice that each word stands for."""
    named_so = {_bare(one): one for one in choices}
    meant_so = {_bare(word): named_so.get(_bare(one)) for word, one in also}
    return {**meant_so, **named_so}


def flaw_words(choices: Sequence[str]) -> dict[str, str]:
    """Return which choice of a section each word of `FLAWS` means there.

    Parameters
    ----------
    choices : sequence of str
        The section's own words, at most one of each row.

    Returns
    -------
    dict of str to str
        Trials and epochs mean the budget where they are no choice of their own. A word that fits
        no choice, or several (a budget, where the choices are tries and length), is left out.
    """
    wider = {word: "budget" for word in _TRIALS + _EPOCHS if "budget" in choices}
    own = {word: one for row in FLAWS for one in choices if one in row for word in row}
    return {**wider, **own}


def _bare(value: Any) -> str:
    """Return the word of a choice, without those of `_AROUND`."""
    return _without_around(_word(value))


def _word(value: Any) -> str:
    """Return a text in lower case, a number as a text, and nothing for all else.

    A Chinese keyboard may write Ａ for A; names such as ``too_slow`` may have blanks or hyphens
    instead.
    """
    text = as_text(value)
    if text is None:
        number = plain(value)
        is_whole = isinstance(number, int | float) and not isinstance(number, bool)
        text = f"{number:g}" if is_whole else ""
    return _folded(text)


# The same few words stand beside each case of a judgement.
@functools.lru_cache(maxsize=N_WORDS_KEPT)
def _without_around(word: str) -> str:
    return " ".join(_AROUND.sub(" ", word).split())


@functools.lru_cache(maxsize=N_WORDS_KEPT)
def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower().replace("_", " ")
    # Not the sign of a number.
    return " ".join(re.sub("(?<=[a-z])-(?=[a-z])", " ", text).split())
