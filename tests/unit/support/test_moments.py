"""Which moments of students' files cannot be."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from typing import Any

import pytest

from hpt_widgets.support import moments
from hpt_widgets.support.moments import odd_moments, shown_moment

NOW = datetime(2027, 1, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def as_released() -> dict[str, Any]:
    """Return the module as it is outside of these tests, which let the present count as later."""
    return runpy.run_path(moments.__file__)


@pytest.mark.parametrize(
    ("when", "cannot_be"),
    [("2026-11-23T23:59:00+00:00", True), ("2026-11-24T14:00:00+14:00", False)],
)
def test_before_the_day_of_the_first_version_nothing_was_done(
    as_released: dict[str, Any], when: str, cannot_be: bool
) -> None:
    assert as_released["EARLIEST"] == datetime(2026, 11, 24, tzinfo=UTC)
    assert as_released["odd_moments"]([when], now=NOW).cannot_be is cannot_be


def test_two_moments_are_shown_in_one_time_zone() -> None:
    found = odd_moments(["2026-12-01T10:00:00+00:00", "2026-12-01T12:00:00+08:00"], now=NOW)
    assert not found.cannot_be
    assert found.back is not None
    assert found.back[0] > found.back[1]


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_that_is_no_date_here_is_shown_all_the_same(when: str) -> None:
    assert shown_moment(datetime.fromisoformat(when))[4:] == f"{when[4:10]} {when[11:16]}"
    assert odd_moments([when], now=NOW).cannot_be
