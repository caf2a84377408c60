"""How much each hyperparameter mattered: bars, their uncertainty, and what they can't say."""

from __future__ import annotations

import html
from typing import Final

import ipywidgets as widgets

from hpt_widgets.labs.search.trial_words import parameter_name
from hpt_widgets.language import translate
from hpt_widgets.search.importance import LEAST_TRIALS, Importance, Importances
from hpt_widgets.support.colors import NEUTRAL

# Percentage points, and the share of the bar's room that the largest takes.
POINTS: Final = 100.0
LONGEST: Final = 0.75


class ImportanceView:
    """A bar for each hyperparameter, the most important on top.

    Attributes
    ----------
    words, bars, widget : Widget
        What they are and what they can't say, the bars, and both together.
    """

    def __init__(self) -> None:
        self.words, self.bars = widgets.HTML(), widgets.HTML()
        self.words.add_class("hpt-legend")
        self.widget = widgets.VBox([self.bars, self.words])
        self.draw(None)

    def say_waiting(self) -> None:
        """Say that it is being worked out, or will be when the search has ended."""
        self._show(translate("search_lab.importance_waits"))

    def draw(self, found: Importances | None) -> None:
        """Show the importances; None if there are too few trials."""
        if found is None:
            self._show(translate("search_lab.importance_few", least=LEAST_TRIALS))
            return
        values = {
            "trials": found.n_trials,
            "error": POINTS * found.error,
            "spread": POINTS * found.spread,
        }
        if not found.is_meaningful:
            self._show(translate("search_lab.importance_unknown", **values))
            return
        longest = max(one.mean + one.deviation for one in found.of)
        rows = "".join(_row(one, longest) for one in found.of)
        keys = ("is", *(("has_epochs",) if found.has_epochs else ()), "is_not")
        lines = [translate(f"search_lab.importance_{key}", **values) for key in keys]
        self._show("\n".join(lines), f'<table class="hpt-importance">{rows}</table>')

    def _show(self, words: str, bars: str = "") -> None:
        self.words.value = "".join(f"<p>{html.escape(line)}</p>" for line in words.split("\n"))
        self.bars.value = bars


def _row(one: Importance, longest: float) -> str:
    """Return a hyperparameter's bar, with a whisker of one standard deviation to either side."""

    def place(value: float) -> float:
        return 100 * LONGEST * max(value, 0.0) / longest

    left, right = place(one.mean - one.deviation), place(one.mean + one.deviation)
    words = f"{POINTS * one.mean:z.2f} ± {POINTS * one.deviation:.2f}"
    return (
        f'<tr><th scope="row">{html.escape(parameter_name(one.name))}</th>'
        f'<td><div class="hpt-bar" style="width:{place(one.mean):.1f}%;background:{NEUTRAL}"></div>'
        f'<div class="hpt-whisker" style="left:{left:.1f}%;width:{right - left:.1f}%"></div></td>'
        f"<td>{words}</td></tr>"
    )
