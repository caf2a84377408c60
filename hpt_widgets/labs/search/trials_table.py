"""The table of a search's trials."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any, Final, Literal

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import choice_list
from hpt_widgets.labs.search.trial_words import format_value, parameter_name
from hpt_widgets.language import translate
from hpt_widgets.search.halving import RESOURCE, is_in_rungs
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial

Order = Literal["newest", "best"]
ORDERS: Final[tuple[Order, ...]] = ("newest", "best")
MOST_ROWS: Final = 15


class TrialsTable:
    """The newest or the best trials of a search, as many as can be read.

    Parameters
    ----------
    space : SearchSpace
        Its hyperparameters have a column each.

    Attributes
    ----------
    order, table, widget : Widget
        The list of orders, the table, and both together.
    """

    def __init__(self, space: SearchSpace) -> None:
        self._space = space
        self._trials: tuple[Trial, ...] = ()
        self.order = choice_list(
            translate("search_lab.order"),
            [(translate(f"search_lab.{order}_first"), order) for order in ORDERS],
            "newest",
            lambda _order: self._write(),
        )
        self.table = widgets.HTML()
        self.widget = widgets.VBox([self.order, self.table])
        self.draw(())

    def draw(self, trials: Sequence[Trial]) -> None:
        """Show these trials."""
        self._trials = tuple(trials)
        self._write()

    def rows(self) -> list[list[str]]:
        """Return the words of the rows, top first."""
        trials = list(self._trials[::-1])
        if self.order.value == "best":
            trials.sort(key=_rank)
        return [self._row(trial) for trial in trials[:MOST_ROWS]]

    @property
    def _names(self) -> tuple[str, ...]:
        in_rungs = any(map(is_in_rungs, self._trials))
        return (*self._space.names, *([RESOURCE] if in_rungs else []))

    def _row(self, trial: Trial) -> list[str]:
        score = trial.validation_accuracy
        values = [trial.hyperparameters.get(name) for name in self._names]
        return [
            str(trial.number),
            *("–" if value is None else format_value(value) for value in values),
            "–" if score is None or not trial.usable else f"{score:.2%}",
            "–" if trial.seconds is None else f"{trial.seconds:.2f}",
            translate(f"training_lab.ended_{trial.ended}"),
            trial.message,
        ]

    def _write(self) -> None:
        rows = self.rows()
        if not rows:
            self.table.value = translate("search_lab.no_trials")
            return
        names = [parameter_name(name) for name in self._names]
        keys = ["search_lab.accuracy", "training_lab.took", "search_lab.how_it_ended"]
        if any(row[-1] for row in rows):
            keys.append("search_lab.message")
        else:
            rows = [row[:-1] for row in rows]
        head = [translate("search_lab.trial"), *names, *(translate(key) for key in keys)]
        body = "".join(_html_row("td", row) for row in rows)
        hidden = len(self._trials) - len(rows)
        foot = translate("search_lab.more_trials", count=hidden) if hidden else ""
        self.table.value = (
            f'<table class="hpt-table">{_html_row("th", head)}{body}</table>{html.escape(foot)}'
        )


def _rank(trial: Trial) -> tuple[bool, float]:
    """Return what is smaller for a better trial; those without a score come last."""
    return not trial.usable, -(trial.validation_accuracy or 0.0) if trial.usable else 0.0


def _html_row(tag: str, cells: Sequence[Any]) -> str:
    written = "".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in cells)
    return f"<tr>{written}</tr>"
