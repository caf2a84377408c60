"""The project's own results, which its texts are held to."""

import re
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results.md"


def measured(label: str) -> str:
    """Return a figure of the project's results, as it stands there."""
    found = re.search(
        rf"^\| {re.escape(label)} \| ([\d.,]+) \|",
        RESULTS.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert found is not None, label
    return found[1]
