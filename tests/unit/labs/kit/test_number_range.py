"""What a range lets through, and how a number is written."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hpt_widgets as hpt
from hpt_widgets.labs.kit.number_range import NumberRange, format_number
from hpt_widgets.language import LANGUAGES

RATE = NumberRange(1e-5, 10)
BATCH = NumberRange(1, 4096, whole=True)


@given(st.one_of(st.floats(), st.integers(), st.integers(10**400, 10**401), st.booleans()))
def test_a_range_returns_only_what_it_allows(value):
    if not isinstance(value, bool) and 1e-5 <= value <= 10:
        assert RATE.check("learning_rate", value) == value
    else:
        with pytest.raises((ValueError, TypeError), match="learning_rate"):
            RATE.check("learning_rate", value)


@pytest.mark.parametrize("value", [True, None, "1", [1], 1j])
def test_what_is_no_number_is_a_type_error(value):
    with pytest.raises(TypeError, match="batch_size"):
        BATCH.check("batch_size", value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("minimum", "maximum", "example"),
    [(0, 10, "0.01 1e-2"), (0, 100, "12.5"), (-100, 100, "12.5"), (1e-8, 10_000, "0.01 1e-2")],
)
def test_what_is_no_number_is_answered_with_one_of_the_fields_own_size(
    minimum, maximum, example, language
):
    hpt.use_language(language)
    numbers = NumberRange(minimum, maximum)
    with pytest.raises(ValueError, match="abc") as refused:
        numbers.parse("right", "abc")
    words = set(re.findall(r"[\d.e-]+", str(refused.value)))
    assert set(example.split()) <= words
    assert all(numbers.parse("right", number) > 0 for number in example.split())


@given(st.floats(1e-6, 1e6))
def test_a_number_is_written_so_that_it_can_be_read_back(value):
    assert math.isclose(float(format_number(value)), value, rel_tol=1e-5)
