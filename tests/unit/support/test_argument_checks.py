"""Argument validation: what is taken, and the words in which the rest is refused."""

import math

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.support.argument_checks import (
    LONGEST_WAIT,
    require,
    require_array,
    require_choice,
    require_function,
    require_items,
    require_number,
    require_seconds,
    require_text,
    require_whole_number,
)

NO_NUMBERS = (True, "1", None, math.nan, math.inf, 10**400, [1], 1j)


@pytest.mark.parametrize(
    ("bounds", "inside", "outside", "english", "chinese"),
    [
        ({}, (-1e300, 0), (), "a finite number", "须为有限数"),
        (
            {"least": 1},
            (1, 1e9),
            (0.999,),
            "a finite number of at least 1",
            "须为不小于 1 的有限数",
        ),
        ({"above": 0}, (5e-324,), (0, -1), "a finite number greater than 0", "须为大于 0 的有限数"),
        (
            {"least": 0, "most": 1e100},
            (0, 1e100),
            (-1e-9, 1e101),
            "a finite number from 0 to 1e+100",
            "须为 0 到 1e+100 之间的有限数",
        ),
        (
            {"above": 0, "most": 5},
            (1e-9, 5),
            (0, 5.01),
            "a finite number greater than 0 and at most 5",
            "须为大于 0 且不超过 5 的有限数",
        ),
        (
            {"least": 0, "below": 1},
            (0, 0.999),
            (-0.1, 1),
            "a finite number from 0 up to, but not including, 1",
            "须为不小于 0 且小于 1 的有限数",
        ),
        (
            {"most": 1},
            (-5, 1),
            (1.001,),
            "a finite number of at most 1",
            "须为不超过 1 的有限数",
        ),
        (
            {"below": 1},
            (-5, 0.999),
            (1,),
            "a finite number less than 1",
            "须为小于 1 的有限数",
        ),
        (
            {"above": 0, "below": 1},
            (0.001, 0.999),
            (0, 1),
            "a finite number greater than 0 and less than 1",
            "须为大于 0 且小于 1 的有限数",
        ),
    ],
)
def test_a_number_is_taken_within_its_bounds(bounds, inside, outside, english, chinese):
    for value in (*inside, *map(np.float64, inside)):
        number = require_number("rate", value, **bounds)
        assert number == value
        assert type(number) is float
    for value in (*outside, *NO_NUMBERS):
        assert_refused(lambda value=value: require_number("rate", value, **bounds), value,
                       english, chinese)  # fmt: skip


@pytest.mark.parametrize(
    ("bounds", "inside", "outside", "english", "chinese"),
    [
        ((), (-5, 10**400), (), "a whole number", "须为整数"),
        ((0,), (0, 7), (-1,), "a whole number of at least 0", "须为不小于 0 的整数"),
        ((None, 9), (-7, 9), (10,), "a whole number of at most 9", "须为不超过 9 的整数"),
        (
            (1, 100_000),
            (1, 100_000),
            (0, 100_001),
            "a whole number from 1 to 100,000",
            "须为 1 到 100,000 之间的整数",
        ),
    ],
)
def test_a_whole_number_is_taken_within_its_bounds(bounds, inside, outside, english, chinese):
    for value in inside:
        assert require_whole_number("n", value, *bounds) == value
    assert type(require_whole_number("n", np.int8(5), *bounds)) is int
    for value in (*outside, 3.0, True, "3", None, math.nan):
        assert_refused(lambda value=value: require_whole_number("n", value, *bounds), value,
                       english, chinese, name="n")  # fmt: skip


def assert_refused(call, value, english, chinese, name="rate", kind=ValueError):
    """Check the whole message in both languages, but for a value too long to be shown whole."""
    for language, words in (
        ("en", f"is not allowed: {english}"), ("zh", f"不可用：{chinese}"),
    ):  # fmt: skip
        hpt.use_language(language)
        with pytest.raises(kind) as caught:
            call()
        message = str(caught.value)
        assert message.startswith(f"{name}={repr(value)[:20]}")
        assert message.endswith(words)


@pytest.mark.parametrize("value", ["sgd", "Adam", "", 1, None, True, ["adam"]])
def test_a_choice_is_one_of_the_options(value):
    assert require_choice("rule", "adam", ("adam", "rmsprop")) == "adam"
    assert_refused(lambda: require_choice("rule", value, ("adam", "rmsprop")), value,
                   "one of adam, rmsprop", "须为 adam, rmsprop 之一", name="rule")  # fmt: skip


@pytest.mark.parametrize("value", [[1.0], [[1.0, 2.0]], [1.0, math.nan], [1, "2"], [1.0, 11.0]])
def test_an_array_has_its_shape_and_finite_numbers(value):
    array = require_array("x", (1, -10), (2,), 10)
    assert array.tolist() == [1.0, -10.0]
    assert not array.flags.writeable
    assert_refused(lambda: require_array("x", value, (2,), 10), value,
                   "finite numbers in the shape (2,), none of them beyond 10",
                   "须为形状为 (2,) 的数组，其中都是绝对值不超过 10 的有限数",
                   name="x")  # fmt: skip


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_an_array_holds_a_number_though_its_shape_be_the_one_that_is_asked_for(shape):
    value = np.zeros(shape)
    assert_refused(lambda: require_array("x", value, shape, 10), value,
                   "one finite number or more", "至少要有一个有限数", name="x")  # fmt: skip


def test_a_value_of_another_kind_is_named_with_the_kind():
    require("data", 1, (int, str))
    assert_refused(lambda: require("data", 1.5, (int, str)), 1.5, "a int / str", "须为 int / str",
                   name="data", kind=TypeError)  # fmt: skip
    require_text("name", "x")
    assert_refused(lambda: require_text("name", ""), "", "a text that is not empty",
                   "须为非空字符串", name="name", kind=TypeError)  # fmt: skip
    require_function("f", print, optional=False)
    require_function("f", None)
    assert_refused(lambda: require_function("f", None, optional=False), None, "a function",
                   "须为函数", name="f", kind=TypeError)  # fmt: skip
    assert require_items("xs", np.array([1, 2])) == (1, 2)
    assert_refused(lambda: require_items("xs", "ab"), "ab", "a list", "须为列表", name="xs",
                   kind=TypeError)  # fmt: skip


@pytest.mark.parametrize(("value", "kind"), [("1", TypeError), (-1, ValueError), (5e6, ValueError)])
def test_a_time_to_wait_is_one_that_python_can_wait(value, kind):
    for good in (None, 0, 1.5, LONGEST_WAIT):
        require_seconds("timeout", good)
    assert_refused(lambda: require_seconds("timeout", value), value,
                   "a number of seconds from 0 to 4e+06", "须为 0 到 4e+06 之间的秒数",
                   name="timeout", kind=kind)  # fmt: skip
