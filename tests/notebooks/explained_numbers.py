"""The numbers of a lesson's explanations, and where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import editions
from nbformat import NotebookNode

NUMBER = re.compile(r"(?<![\w.,^{])[-−+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?:\s?%)?(?![\w])")
IN_OUTPUTS = re.compile(r"(?<![\w.])[-+]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?")
# A number of a section, a chapter, an exercise or a year is none that was measured.
REFERENCE = re.compile(
    r"(?:[Cc]hapters?|[Ss]ections?|[Ee]xercises?|in|of|from|see|\(|and|to) (?:\d\.\d(?:\.\d+)?)"
    r"(?=[\s,.;:)])|\(\d\.\d(?:\.\d)?\)|\d\.\d-[a-z]|\((?:19|20)\d\d\)|\b(?:19|20)\d\d\b"
)
ROUGHLY = re.compile(r"about|some |nearly|almost|around|or so|more than|less than|above|below|to ")
POINT = 1.0
"""A short training may differ by a point from one computer to another, says each chapter."""


@dataclass(frozen=True)
class Number:
    """A number of an explanation.

    Attributes
    ----------
    text : str
        As it is written.
    value : float
    unit : float
        Of its last digit.
    is_percent : bool
    """

    text: str
    value: float
    unit: float
    is_percent: bool


def numbers_of(text: str) -> Iterator[Number]:
    """Yield the numbers that were measured or computed; counts below 100 are left out."""
    for match in NUMBER.finditer(REFERENCE.sub(" ", text)):
        written = match.group()
        digits = written.replace(",", "").replace("−", "-").rstrip("% ")
        value = float(digits)
        decimals = len(digits.partition(".")[2]) if "." in digits else 0
        is_percent = written.endswith("%")
        if decimals or is_percent or abs(value) >= 100:
            yield Number(written.strip(), value, 10.0**-decimals, is_percent)


def explained(notebook: NotebookNode) -> Iterator[tuple[str, str, list[float], bool]]:
    """Yield each explanation: its cell, its text, the numbers before it, whether all was run."""
    known: list[float] = []
    ran = True
    for cell in notebook.cells:
        if cell.cell_type == "code":
            ran &= cell.execution_count is not None
            known += _floats(cell.source)
            for output in cell.outputs:
                words = [text for kind, text in output.get("data", {}).items() if "text" in kind]
                for text in (str(output.get("text", "")), *words):
                    known += _floats(text)
            continue
        said = editions.prose(cell.source)
        _, mark, after = said.partition("Explain.")
        if mark:
            after = after.partition("</details>")[0].partition("Predict.")[0]
            yield cell.id, after, list(known), ran
        known += [number.value for number in numbers_of(said)]
        known += _floats(cell.source)


def _floats(text: str) -> list[float]:
    return [
        float(found.replace(",", "")) for found in IN_OUTPUTS.findall(text) if found.strip("+-,.")
    ]


def is_supported(number: Number, known: list[float], text: str) -> bool:
    """Whether a number agrees with one that stands before it, within what the text allows."""
    rough = bool(ROUGHLY.search(text))
    spread = (max(POINT, number.unit) if number.is_percent else number.unit) if rough else 0.0
    tolerance = max(0.5 * number.unit, spread) * 1.001
    scales = (100.0, 1.0) if number.is_percent else (1.0, 100.0)
    return any(
        abs(scale * value - number.value) <= tolerance for value in known for scale in scales
    )
