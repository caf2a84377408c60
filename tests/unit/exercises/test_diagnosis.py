"""The machinery of the judges: reading values, calling functions, cases, known mistakes."""

from __future__ import annotations

import copy
import importlib._bootstrap
import itertools
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises import calls
from hpt_widgets.exercises.answers import as_array, as_list, as_mapping, as_number, close, plain
from hpt_widgets.exercises.arguments import change_in
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.cases import cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake, show_both
from hpt_widgets.exercises.exercise import NotAnswered, Wrong
from hpt_widgets.language import Text
from hpt_widgets.support.tensorflow_loader import load_tensorflow

# ---------------------------------------------------------------- reading


class Indexed:
    def __index__(self) -> int:
        return 3


class Broken:
    def item(self) -> int:
        raise RuntimeError("on purpose")

    def __array__(self, *arguments: Any, **options: Any) -> Any:
        raise RuntimeError("on purpose")


@pytest.mark.parametrize(
    "value",
    [3, 3.0, np.int8(3), np.array([[3]]), Fraction(3), Decimal(3), Indexed(), pd.Series([3])],
)
def test_what_holds_one_number_is_that_number(value: Any) -> None:
    assert plain(value) == 3
    assert as_number(value) == 3


def test_what_holds_no_number_stays_what_it_is() -> None:
    broken = Broken()
    for value in (None, [3], (1, 2), "3", broken, np.ones(2), {"a": 1}):
        assert plain(value) is value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,016", "write a number, without"),
        ("109,386", "write 109386, without"),
        ("109 386", "write 109386, without"),
        ("109386.4", "write 109386.4, without"),
        ("93 %", "without the per cent sign"),
        ("many", "write a number, without"),
        ((109, 386), "Write 109386."),
        ((1, 234, 567), "Write 1234567."),
        ((3, 4), "Expected one number, got `(3, 4)`"),
        (np.nan, "expected a finite number"),
        (10**400, "expected a finite number"),
        (2 + 1j, "Expected one number"),
        (np.bool_(True), "Expected one number"),
        (abs, "is a function"),
        (dict, "is a function"),
    ],
)
def test_what_is_no_number_is_told_so(text: Any, words: str) -> None:
    with pytest.raises(Wrong) as caught:
        as_number(text)
    assert words in str(caught.value)


def test_arrays_are_read_from_whatever_holds_numbers() -> None:
    tf = load_tensorflow()
    for value in (
        [1, 2],
        (1.0, 2.0),
        np.array([1, 2], dtype=np.float16),
        map(int, "12"),
        {2, 1},
        {1: "a", 2: "b"}.keys(),
        pd.Series([1, 2]),
        [tf.constant(1.0), tf.constant(2.0)],
        [Fraction(1), Decimal(2)],
        tf.Variable([1.0, 2.0]),
    ):
        assert as_array(value).tolist() == [1, 2]


def test_reading_a_map_does_not_use_it_up() -> None:
    values = map(float, [1, 2, 3])
    for _ in range(2):
        assert as_array(values).tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((n for n in (1, 2)), "This is a generator, which gives its values one at a time"),
        (itertools.count(), "This count never ends"),
        ("12", "Expected a list"),
        ({"a": 1}, "Expected a list"),
        (5, "Expected a list"),
    ],
)
def test_what_is_no_list_is_told_so(value: Any, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        as_list(value)


def test_a_series_is_a_mapping() -> None:
    assert as_mapping(pd.Series({"a": 1})) == {"a": 1}
    with pytest.raises(Wrong, match="Expected a dict"):
        as_mapping([1])


def test_closeness_is_relative_to_the_largest_value() -> None:
    assert close([1e6, 1.0], [1e6, 1.0 + 1e-6])
    assert close(np.float32(0.1), 0.1)
    assert close([np.nan, np.inf], [np.nan, np.inf])
    assert not close([1.0, 2.0], [1.0, 2.001])
    assert not close([1.0], 1.0)


# ---------------------------------------------------------------- calling


def test_importing_is_not_counted_as_the_readers_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_import.py").write_text("n = 0\nwhile n < 10**6:\n    n += 1\nVALUE = 5\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", 0.02)

    def imports() -> Any:
        import slow_to_import  # type: ignore[import-not-found]

        return slow_to_import.VALUE

    def imports_and_never_ends() -> Any:
        imports()
        while True:
            pass

    assert call(imports) == 5
    del sys.modules["slow_to_import"]
    with pytest.raises(calls.TookTooLong):
        call(imports_and_never_ends)


def test_python_still_imports_by_the_function_whose_time_is_left_out() -> None:
    assert importlib._bootstrap._find_and_load.__code__ in calls._NOT_COUNTED  # type: ignore[attr-defined]


def test_tensorflow_is_imported_within_a_readers_function() -> None:
    """In a process of its own, where the import takes longer than the limit."""
    code = (
        "import hpt_widgets as hpt\n"
        "from hpt_widgets.exercises import calls\n"
        "calls.SECONDS_ALLOWED = 1.5\n"
        "def accuracy(predictions, labels):\n"
        "    import tensorflow as tf\n"
        "    return tf.reduce_mean(tf.cast(predictions == labels, tf.float32))\n"
        "print(hpt.check('0-b', accuracy))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("✓ 0-b: right."), done.stdout


def test_a_function_may_call_itself_often() -> None:
    def depth(n: int) -> int:
        return 0 if n == 0 else 1 + depth(n - 1)

    limit = sys.getrecursionlimit()
    assert call(depth, 5_000) == 5_000
    assert sys.getrecursionlimit() == limit


def test_what_a_function_gives_one_at_a_time_becomes_a_list() -> None:
    assert call(lambda n: (i * i for i in range(n)), 4) == [0, 1, 4, 9]
    assert call(lambda n: map(str, range(n)), 2) == ["0", "1"]
    with pytest.raises(calls.TookTooLong):
        call(lambda n: itertools.count(), 4)


class Unequal:
    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([1, 2], [2, 1], ([1, 2], [2, 1])),
        ([1, 2], [1], ([1, 2], [1])),
        ({"a": 1}, {}, ({"a": 1}, {})),
        ({"a": [3.0, 2.0]}, {"a": [2.0, 3.0]}, ([3.0, 2.0], [2.0, 3.0])),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"b": 2}], ({"a": 2}, {"b": 2})),
        ([(1, 2)], [(1, 3)], ((1, 2), (1, 3))),
        ({"a": 1}, {"a": [1]}, ({"a": 1}, {"a": [1]})),
        ({"a": 1, "b": 2}, {"a": 1}, ({"b": 2}, {})),
        ({"a": 1}, {"a": 1, "b": [2]}, ({}, {"b": [2]})),
        ([1, 2], np.array([1, 3]), ([1, 2], [1, 3])),
        (np.array([1, 2]), [2, 1], ([1, 2], [2, 1])),
        ([1, 2], np.array(3), ([1, 2], 3)),
        ([1.0, 2.0], [1.0, np.nan], ([1.0, 2.0], [1.0, np.nan])),
        ([1.0, 2.0], np.zeros((2, 3)), ([1.0, 2.0], np.zeros((2, 3)))),
        ([1, 2], [np.array([1, 2]), 2], ([1, 2], [np.array([1, 2]), 2])),
        ([np.float64(1), 2], [[1.0, 2.0], 2], ([1.0, 2], [[1.0, 2.0], 2])),
        ([1, 2], pd.Series([1, 3]), ([1, 2], np.array([1, 3]))),
    ],
)
def test_the_innermost_change_is_found(before: Any, after: Any, changed: tuple[Any, Any]) -> None:
    found = change_in([before], [after])
    assert found is not None
    np.testing.assert_equal((found.before, found.after), changed)


def test_entries_that_stay_are_shown_as_dots() -> None:
    found = change_in({"a": 1, "b": 0.123456}, {"a": 1})
    assert found is not None
    assert show_both(found.before, found.after) == ("{…, 'b': 0.1235}", "{…}")


def test_changed_arrays_are_found() -> None:
    for before, after in (
        (np.array([1.0, 2.0]), np.array([1.0, 3.0])),
        (np.array([1.0, 2.0]), np.array([1.0])),
        (np.array([1, "a"], dtype=object), np.array([1, "b"], dtype=object)),
    ):
        found = change_in({"x": before}, {"x": after})
        assert found is not None
        assert found.before is before


def test_what_is_put_back_is_no_change() -> None:
    for value in (
        [1, 2.5, None, "a", True, np.nan, np.float32("nan"), {1, 2}],
        {"a": np.array([np.nan, 1.0]), "b": np.ma.masked_array([1.0, 2.0], [True, False])},
        {"a": np.ma.masked_array([1, "a"], [True, False], dtype=object)},
        [Unequal(), len],
    ):
        assert change_in(value, copy.deepcopy(value)) is None
    assert change_in([0.1], [0.1 + 0.2 - 0.2]) is None
    assert change_in([1, 2], [np.array(1), 2]) is None
    assert change_in({"x": [1.0, 2.0]}, {"x": pd.Series([1.0, 2.0], index=[5, 3])}) is None
    assert change_in({"x": np.array([1, 2])}, {"x": pd.Series([1, 2])}) is None
    for kind in (list, tuple, np.array):
        for other in (list, tuple, np.array):
            assert change_in({"x": kind([1.0, 2.0])}, {"x": other([1.0, 2.0])}) is None
            assert change_in(kind([[1], [2]]), other([[1], [2]])) is None
    assert change_in(np.array([0.1]), np.array([0.1 + 0.2 - 0.2])) is None


def test_arguments_are_copied_and_prints_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    given = {"scores": [1, 2]}

    def greedy(results: Any) -> Any:
        results["scores"].clear()
        sys.stdout.write("changed\n")
        return 1

    assert call(greedy, given) == 1
    assert given == {"scores": [1, 2]}
    assert capsys.readouterr().out == ""


# ---------------------------------------------------------------- cases and causes


def test_cases_are_the_same_each_time_and_the_smallest_comes_first() -> None:
    def draw(rng: np.random.Generator) -> tuple[Any, ...]:
        return (rng.integers(0, 9, rng.integers(2, 9)).tolist(),)

    made = [cases(([5],), ([1, 1],), draw=draw) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0][0] == ([5],)
    assert len(made[0]) == 32
    assert [len(case[0]) for case in made[0]] == sorted(len(case[0]) for case in made[0])


SQUARES = Judgement(
    lambda n: n**2,
    cases((0,), (1,), (2,), (-3,), (4,)),
    mistakes=(
        Mistake(lambda n: 2 * n, Text(en="doubled: {found} for {call}", zh="加倍")),
        Mistake(lambda n: n**2 / (n != 0), Text(en="fails at 0", zh="零")),
    ),
    otherwise=Text(en="{call}: {found}, not {expected}", zh="不对"),
    accepted=(Mistake(lambda n: n**2 + (n > 1), Text(en="as good", zh="也行")),),
    untouched=lambda n: n,
    digits=(0,),
)


def message(answer: Any) -> str:
    with pytest.raises(Wrong) as caught:
        SQUARES.check(answer)
    return str(caught.value)


def test_a_right_function_passes() -> None:
    assert SQUARES.check(lambda n: n * n) is None
    assert SQUARES.check(lambda n: np.float32(n) ** 2) is None


def test_another_way_is_accepted_where_it_gives_every_value() -> None:
    remark = SQUARES.check(lambda n: n * n + 1 if n > 1 else n * n)
    assert remark is not None
    assert remark.en == "as good"
    assert message(lambda n: n * n + 1 if n > 2 else n * n) == "(4): 17, not 16"


def test_a_mixture_of_ways_is_right_where_each_value_is_that_of_one() -> None:
    mixed = replace(SQUARES, mixed=Text(en="in between", zh="之间"))
    remark = mixed.check(lambda n: n * n + 1 if n > 2 else n * n)
    assert remark is not None
    assert remark.en == "in between"
    # One value of neither way, or a mistake that gives all of them, is told.
    with pytest.raises(Wrong, match=r"^\(2\): 6, not 4$"):
        mixed.check(lambda n: n * n + n if n > 1 else n * n)
    named = replace(mixed, mistakes=(Mistake(lambda n: n**2 + (n > 2), Text(en="named", zh="名")),))
    with pytest.raises(Wrong, match="named"):
        named.check(lambda n: n * n + 1 if n > 2 else n * n)


def test_who_changes_an_argument_is_told_so_in_an_accepted_way_too() -> None:
    def sums(values: list[int]) -> int:
        total = 1 + sum(values)
        values.clear()
        return total

    judgement = Judgement(
        sum,
        cases(([1],), ([1, 2],)),
        accepted=(Mistake(lambda values: 1 + sum(values), Text(en="as good", zh="也行")),),
        mixed=Text(en="in between", zh="之间"),
    )
    with pytest.raises(Wrong, match=r"changes"):
        judgement.check(sums)
    with pytest.raises(Wrong, match=r"changes"):
        judgement.check(lambda values: sums(values) - (len(values) > 1))


def test_a_cause_is_named_only_where_the_mistake_gives_every_value() -> None:
    assert message(lambda n: n + n) == "doubled: 2 for (1)"
    assert message(lambda n: n + n if n < 4 else 9) == "(1): 2, not 1"
    assert message(lambda n: [n][n] and n**2) == "Called with `(1)`, your function raised " + (
        "IndexError: list index out of range"
    )


def test_a_mistake_may_fail_where_the_answer_fails() -> None:
    def fails_at_zero(n: int) -> float:
        if n == 0:
            raise ZeroDivisionError
        return n**2

    assert message(fails_at_zero) == "fails at 0"


def test_no_cause_is_named_for_a_function_that_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where a mistake gives no value in the only case that was tried."""
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", -1.0)
    assert message(lambda n: n**2).startswith("Called with `(0)`, your function had not ended")


def test_a_function_that_waits_is_not_said_to_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "WAITING_ALLOWED", -1.0)
    assert "it hardly computed" in message(lambda n: n**2)


def test_no_cause_is_named_where_nothing_could_be_read() -> None:
    def always_fails(n: int) -> int:
        raise ValueError("of mine")

    judgement = Judgement(
        lambda n: n,
        cases((1,), (2,)),
        mistakes=(Mistake(lambda n: n / 0, Text(en="by 0", zh="零")),),
    )
    with pytest.raises(Wrong, match="raised ValueError: of mine"):
        judgement.check(always_fails)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_none_among_the_values_is_no_none_of_the_cell(language: str) -> None:
    """Nobody printed or sorted anything."""
    hpt.use_language(language)
    pairs = Judgement(lambda n: n, [(1,)], read=lambda pair: as_number(pair[1]))
    with pytest.raises(Wrong) as told:
        pairs.check(lambda n: (n, None))
    words = {"en": "returns (1, None); there is a `None`", "zh": "返回 (1, None)，其中有一处"}
    assert words[language] in str(told.value)
    assert "print" not in str(told.value)


def test_the_smallest_case_that_differs_is_shown() -> None:
    assert message(lambda n: abs(n) * n) == "(-3): -9, not 9"


def test_what_the_cell_began_with_is_not_answered() -> None:
    with pytest.raises(NotAnswered):
        SQUARES.check(lambda n: n)


def test_rounding_is_told_as_such() -> None:
    judgement = Judgement(lambda x: x / 3, cases((1,), (5,), (9,)), digits=(1, 2))
    with pytest.raises(Wrong, match=r"gives 0.33 instead of 0.3333: right, but rounded"):
        judgement.check(lambda x: round(x / 3, 2))


def test_two_values_are_shown_with_digits_that_tell_them_apart() -> None:
    assert show_both(1 / 3, 0.5) == ("0.3333", "0.5")
    assert show_both(1.0000001, 1.0) == ("1.0000001", "1")
    assert show_both(np.array([1.0, 2.5]), [1.0, 2.0]) == ("[1, 2.5]", "[1, 2]")


def test_a_slow_answer_is_judged_by_the_smallest_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hpt_widgets.exercises.diagnosis.SECONDS_FOR_ALL", 0.0)
    monkeypatch.setattr("hpt_widgets.exercises.diagnosis.ENOUGH_CASES", 1)
    SQUARES.check(lambda n: n**2 if n == 0 else 7)


def test_all_calls_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hpt_widgets.exercises.diagnosis.SECONDS_FOR_ALL", 0.0)
    with pytest.raises(Wrong, match="several cases"):
        SQUARES.check(lambda n: time.monotonic() * 0 + n**2)
