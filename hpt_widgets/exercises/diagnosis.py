"""Judging a function by many cases, and naming a cause only where it is certain.

A known mistake is a function that makes it. It is named when it gives the reader's values on
all cases; otherwise the smallest case where the answer differs is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import (
    IsNone,
    as_function,
    as_number,
    close,
    show,
    show_number,
)
from hpt_widgets.exercises.arguments import SomeEntries
from hpt_widgets.exercises.calls import (
    LONGEST_ARGUMENT,
    Allowance,
    TookTooLong,
    call,
    many_calls,
    show_call,
)
from hpt_widgets.exercises.cases import Case
from hpt_widgets.exercises.exercise import NotAnswered, Wrong
from hpt_widgets.language import Text
from hpt_widgets.language.exercises import TEXTS

SECONDS_FOR_ALL = 20.0
"""How long all calls of one check may take together, imports left out."""

ENOUGH_CASES = 12
"""So many of the smallest cases will do where the time is used up."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that readers make, or another way that is as good (`Judgement.accepted`).

    Attributes
    ----------
    function : callable
        Takes a case and returns what comes out with the mistake.
    text : Text
        What to say about it. Of a mistake it may name ``{call}``, ``{found}`` and ``{expected}``
        of the smallest case where it shows.
    """

    function: Callable[..., Any]
    text: Text


@dataclass(frozen=True)
class Observation:
    """What a reader's function gave on one case.

    Attributes
    ----------
    case : tuple
        The arguments.
    found, expected : object
        What was read from the returned value, and what is right.
    fault : Wrong or None
        Why nothing could be read.
    """

    case: Case
    found: Any
    expected: Any
    fault: Wrong | None = None


def _call(function: Callable[..., Any], case: Case, allowance: Allowance) -> Any:
    return call(function, *case, allowance=allowance)


@dataclass(frozen=True)
class Judgement:
    """How a function is judged: by what is right, on which cases, and how values are compared.

    Attributes
    ----------
    right : callable
        Takes a case and returns the right value.
    cases : sequence of tuple
        From the smallest to the largest.
    mistakes : sequence of Mistake
        Those that have a name, the likelier first.
    accepted : sequence of Mistake
        Other ways that are taken for right although their values differ, each with its praise.
    mixed : Text, optional
        The praise where each value is right or that of an accepted way, though no way gives all.
        By default that is wrong.
    otherwise : Text
        What is said of all other differences, with ``{call}``, ``{found}`` and ``{expected}``.
    read : callable
        Turns what the reader's function returns into a value that can be compared.
    same : callable
        Whether two such values agree.
    untouched : callable, optional
        What the notebook's cell does before the reader changes it.
    digits : sequence of int
        A value that is right but rounded to so many digits is told so.
    details : callable, optional
        Takes a case and returns what further placeholders of the texts stand for.
    run : callable
        Takes the reader's function, a case and the time that is left, and returns what comes
        out. By default the function is called with the case.
    arguments : callable, optional
        Takes a case and returns what the reader's function is then called with, for texts that
        show the call. By default that is the case.
    changed : Text
        What is said where all values are right but an argument is no longer what it was, with
        ``{before}`` and ``{after}``.
    """

    right: Callable[..., Any]
    cases: Sequence[Case]
    mistakes: Sequence[Mistake] = ()
    accepted: Sequence[Mistake] = ()
    mixed: Text | None = None
    otherwise: Text = TEXTS["differs"]
    read: Callable[[Any], Any] = as_number
    same: Callable[[Any, Any], bool] = close
    untouched: Callable[..., Any] | None = None
    digits: Sequence[int] = ()
    details: Callable[..., Mapping[str, object]] | None = None
    run: Callable[[Callable[..., Any], Case, Allowance], Any] = _call
    arguments: Callable[..., Case] | None = None
    changed: Text = TEXTS["changed_argument"]

    def check(self, answer: Any) -> Text | None:
        """Judge a reader's function.

        Returns
        -------
        Text or None
            None if the answer is right on all cases; the text of the accepted way if it is one.

        Raises
        ------
        Wrong
            If it is neither, or changes its arguments.
        NotAnswered
            If the cell is still as the notebook gives it.
        """
        allowance = Allowance(SECONDS_FOR_ALL)
        with many_calls():
            observations = self._observe(as_function(answer), allowance)
        different = [o for o in observations if not self._agrees(o)]
        if not different:
            self._check_arguments(allowance, self.changed)
            return None
        if self.untouched and self._is_untouched(self.untouched, observations):
            # No notebook gives a function that changes its arguments: this is a try.
            is_array = allowance.change and isinstance(allowance.change.before, np.ndarray)
            key = "changed_in_place" if is_array else "changed_and_as_given"
            self._check_arguments(allowance, TEXTS[key])
            raise NotAnswered
        for way in self.accepted:
            if self._explains(way.function, observations):
                self._check_arguments(allowance, self.changed)
                return way.text
        self._raise_known_mistake(observations, different)
        if self.mixed and all(map(self._is_of_an_accepted_way, different)):
            self._check_arguments(allowance, self.changed)
            return self.mixed
        raise self._told(observations, different)

    def _raise_known_mistake(
        self, observations: list[Observation], different: list[Observation]
    ) -> None:
        for mistake in self.mistakes:
            if self._explains(mistake.function, observations):
                others = [other for other in self.mistakes if other.text != mistake.text]
                raise Wrong(mistake.text, **self._values(self._telling(different, others)))

    def _is_of_an_accepted_way(self, observation: Observation) -> bool:
        return any(self._gives(way.function, observation) for way in self.accepted)

    def _told(self, observations: list[Observation], different: list[Observation]) -> Wrong:
        """Say what is wrong where it is no known mistake: the first case that tells it."""
        first = different[0] if different[0].fault else self._telling(different)
        if any(self._is_rounded(observations, digits) for digits in self.digits):
            return Wrong(TEXTS["rounded"], **self._values(first))
        return first.fault or Wrong(self.otherwise, **self._values(first))

    def _check_arguments(self, allowance: Allowance, text: Text) -> None:
        """Raise `Wrong` where the caller's own lists or arrays would be other ones afterwards."""
        if allowance.change is not None:
            before, after = show_both(allowance.change.before, allowance.change.after)
            raise Wrong(text, before=before, after=after)

    def _observe(self, function: Callable[..., Any], allowance: Allowance) -> list[Observation]:
        """Try all cases, up to one that does not end."""
        observations = []
        for case in self.cases:
            expected = self.right(*case)
            found, fault = None, None
            try:
                returned = self.run(function, case, allowance)
                found = self._read(returned, case)
            except Wrong as wrong:
                fault = wrong
            observations.append(Observation(case, found, expected, fault))
            if isinstance(fault, TookTooLong):
                break
            if allowance.left < 0:
                if len(observations) >= ENOUGH_CASES:
                    break
                raise Wrong(TEXTS["too_slow"], seconds=f"{SECONDS_FOR_ALL:g}")
        return observations

    def _read(self, returned: Any, case: Case) -> Any:
        try:
            return self.read(returned)
        except Wrong as wrong:
            # What is said of an answer that is None does not fit a function's list with one in it.
            holds_none = isinstance(wrong, IsNone)
            problem = TEXTS["holds_none"].format(found=show(returned)) if holds_none else str(wrong)
            values = {"call": self._show_call(case), "problem": problem}
            raise Wrong(TEXTS["unreadable_result"], **values) from None

    def _telling(self, different: list[Observation], others: Sequence[Mistake] = ()) -> Observation:
        """Return the smallest case that shows what has to be mended, and no other mistake.

        All ways that are taken for right should give the same there, or at least not what was
        found: who goes another one would be told of a value that is right.
        """
        readable = [o for o in different if o.fault is None]
        settled = [o for o in readable if all(self._is_right_by(way, o) for way in self.accepted)]
        wrong = [o for o in readable if not self._is_of_an_accepted_way(o)]
        candidates = settled or wrong or readable or different
        for observation in candidates:
            if not any(self._gives(other.function, observation) for other in others):
                return observation
        return candidates[0]

    def _is_right_by(self, way: Mistake, observation: Observation) -> bool:
        return self._gives(way.function, replace(observation, found=observation.expected))

    def _is_rounded(self, observations: list[Observation], digits: int) -> bool:
        """Whether all that was found is what is right, rounded to so many digits."""
        half = 0.5 * 10.0**-digits + 1e-9
        return all(
            o.fault is None
            and np.shape(o.found) == np.shape(o.expected)
            and np.allclose(o.found, np.round(o.found, digits), rtol=0, atol=1e-9)
            and bool(np.all(np.abs(np.subtract(o.found, o.expected)) <= half))
            for o in observations
        )

    def _values(self, observation: Observation) -> dict[str, object]:
        """Return a case in words: the call, and both values with digits enough to differ."""
        found, expected = show_both(observation.found, observation.expected)
        details = self.details(*observation.case) if self.details else {}
        call_shown = self._show_call(observation.case)
        return {"call": call_shown, "found": found, "expected": expected, **details}

    def _show_call(self, case: Case) -> str:
        return show_call(self.arguments(*case) if self.arguments else case)

    def _agrees(self, observation: Observation) -> bool:
        return observation.fault is None and self.same(observation.found, observation.expected)

    def _explains(self, mistake: Callable[..., Any], observations: list[Observation]) -> bool:
        """Whether a mistake gives the reader's values on all cases, and on one that was read."""
        was_read = any(observation.fault is None for observation in observations)
        return was_read and all(self._gives(mistake, o) for o in observations)

    def _is_untouched(self, given: Callable[..., Any], observations: list[Observation]) -> bool:
        """Whether the given function has the reader's values, and raises the reader's errors."""
        return self._explains(given, observations) and all(
            _raises_the_same(given, observation) for observation in observations
        )

    def _gives(self, mistake: Callable[..., Any], observation: Observation) -> bool:
        try:
            with np.errstate(all="ignore"):
                value = self.read(mistake(*observation.case))
        except Exception:
            # A function that was stopped might have returned anything.
            return observation.fault is not None and not isinstance(observation.fault, TookTooLong)
        return observation.fault is None and self.same(observation.found, value)


def _raises_the_same(given: Callable[..., Any], observation: Observation) -> bool:
    """Whether the given function's error on a case is the one that the reader's raised."""
    try:
        with np.errstate(all="ignore"):
            given(*observation.case)
    except Exception as error:
        told = str(observation.fault)
        return type(error).__name__ in told and str(error) in told
    return True


def show_both(found: Any, expected: Any) -> tuple[str, str]:
    """Return two values as texts that differ where the values do."""
    for digits in (4, 6, 9):
        pair = show_rounded(found, digits), show_rounded(expected, digits)
        if pair[0] != pair[1]:
            return pair
    return show_rounded(found, 17), show_rounded(expected, 17)


def show_rounded(value: Any, digits: int = 4) -> str:
    """Return a value with its numbers rounded to so many significant digits."""
    return show(_rounded(value, digits), LONGEST_ARGUMENT)


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, dict):
        # In a dict it may matter whether a number is 93 or 93.0.
        entries = {
            key: float(_rounded(item, digits)) if isinstance(item, float) else item
            for key, item in value.items()
        }
        return SomeEntries(entries) if isinstance(value, SomeEntries) else entries
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, list | tuple):
        return type(value)([_rounded(item, digits) for item in value])
    if isinstance(value, float) and np.isfinite(value):
        # What stands before the point is shown in full, so that a count is not rounded.
        before_the_point = len(str(int(abs(value))))
        rounded = float(f"{value:.{max(digits, before_the_point + 1)}g}")
        return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
    return value


def judge_value(
    found: float,
    right: float,
    known: Sequence[tuple[float, Text]],
    otherwise: Text,
    tolerance: float = 1e-9,
    **values: object,
) -> None:
    """Return if a number is right; raise `Wrong` with what is known of it if not.

    Parameters
    ----------
    found, right : float
        The reader's number and the right one.
    known : sequence of (number, Text)
        What other numbers come from.
    otherwise : Text
        What is said of all others; it may name ``{found}``.
    tolerance : float, default 1e-9
        Relative to the numbers.
    **values : object
        What the texts' other placeholders stand for.
    """
    if abs(found - right) <= tolerance * abs(right):
        return
    texts = (text for value, text in known if abs(found - value) <= tolerance * abs(value))
    raise Wrong(next(texts, otherwise), found=show_number(found), **values)
