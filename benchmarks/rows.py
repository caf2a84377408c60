"""What every part of the benchmarks gives back, and how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class Skipped(Exception):  # noqa: N818
    """A part needs something that is not installed; the message says what."""


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes
    ----------
    what : str
        What was measured.
    value : float
        The figure.
    unit : str
        Its unit; "times" for a ratio.
    note : str
        How it was measured: repeats, sizes.
    target : str
        What is to be reached, such as "≤ 60"; empty where there is no target.
    """

    what: str
    value: float
    unit: str
    note: str = ""
    target: str = ""

    @property
    def verdict(self) -> str:
        """Return "reached" or "missed", nothing without a target."""
        if not self.target:
            return ""
        sign, limit = self.target.split()
        reached = self.value <= float(limit) if sign == "≤" else self.value >= float(limit)
        return "reached" if reached else "missed"


def table(rows: Sequence[Row]) -> str:
    """Return rows as a table in Markdown."""
    head = ["what", "value", "unit", "to reach", "", "how"]
    lines = [head, ["---", "---:", "---", "---", "---", "---"]]
    lines += [
        [row.what, _number(row.value), row.unit, row.target, row.verdict, row.note] for row in rows
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
