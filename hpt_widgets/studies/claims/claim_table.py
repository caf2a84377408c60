"""The table of all verdicts, whose sentences a notebook wraps instead of cutting them short."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import pandas as pd

_CELL: Final = "text-align: left; vertical-align: top; padding: 0.3em 0.8em"
_NARROW: Final = f"{_CELL}; white-space: nowrap"
# A verdict of so many characters stays in one line beside a claim of several.
_SHORT: Final = 16


class ClaimTable(pd.DataFrame):
    """A row for each claim: its chapter, the claim, the verdict and what was measured.

    pandas' own page of it would cut each claim after some words.
    """

    @property
    def _constructor(self) -> Any:
        # What is selected from it is a table like any other.
        return pd.DataFrame

    def _repr_html_(self) -> str:
        heads = "".join(f'<th style="{_CELL}">{escape(str(name))}</th>' for name in self._heads())
        rows = "".join(
            f'<tr><th style="{_NARROW}" scope="row">{escape(str(name))}</th>{_cells(row)}</tr>'
            for name, row in zip(self.index, self.to_numpy(), strict=True)
        )
        return (
            f'<table style="max-width: 62em"><thead><tr>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _heads(self) -> list[Any]:
        return [self.index.name or "", *self.columns]


def _cells(row: Any) -> str:
    return "".join(_cell(str(value)) for value in row)


def _cell(text: str) -> str:
    return f'<td style="{_NARROW if len(text) <= _SHORT else _CELL}">{escape(text)}</td>'
