"""A page of the tabs, whose charts are put in when it is first seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets


class TabPage:
    """Words, and charts below them.

    The browser gives a chart that is made in a tab out of sight no size, and keeps it so.

    Parameters
    ----------
    words : sequence of Widget
        What is there from the beginning.
    charts : sequence of Widget
        What is put in by `reveal`.

    Attributes
    ----------
    widget : VBox
        The page.
    charts : list of Widget
        The same.
    """

    def __init__(self, words: Sequence[Any], charts: Sequence[Any]) -> None:
        self._words, self.charts = list(words), list(charts)
        self.widget = widgets.VBox(self._words, layout={"overflow": "visible"})

    def reveal(self) -> None:
        """Put the charts in, now that they can be seen."""
        if len(self.widget.children) == len(self._words):
            self.widget.children = [*self._words, *self.charts]
