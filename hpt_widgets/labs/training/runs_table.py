"""The table of a lab's runs, each with a button to pin and one to forget it."""

from __future__ import annotations

import html
import math
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import ERROR_ATTRIBUTES, button, show_message
from hpt_widgets.labs.kit.settings_text import MAIN, describe_settings, with_remark
from hpt_widgets.language import translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.training.hyperparameters import completed

# Rows are made when they are needed, since all of them would keep the page busy when the lab is
# opened, and used again, since a widget for every run would pile up.
ROWS_SHOWN: Final = 12
# Between them a loss is written out, with thousands set apart; beyond, its zeros do not fit.
LEAST_LARGE_LOSS: Final = 1e3
LEAST_HUGE_LOSS: Final = 1e8
# As wide in every row, whatever stands in it, so that the columns are straight.
CELLS_LAYOUT: Final = {"flex": "1 1 0", "min_width": "510px"}
ROW_STYLE: Final = (
    "display:grid;grid-template-columns:2em minmax(10em,1fr) 5.5em 5.5em 5.5em 4.5em 7em;"
    "gap:0 12px;line-height:1.35;white-space:normal;font-size:14px;"
    "font-variant-numeric:tabular-nums"
)


class RunsTable:
    """The newest runs of a record, as they are.

    Parameters
    ----------
    record : SearchRecord
        The runs.
    defaults : mapping of str to object
        The settings that the lab began with. What differs from them is written out, and the main
        ones where nothing does.
    is_pinned : callable
        Tells whether a run, by number, is pinned.
    on_pin, on_forget : callable
        Called with a run's number.

    Attributes
    ----------
    rows : list of HBox
        As many as the most runs that were there at once, at most `ROWS_SHOWN`; those without a run
        are hidden. `cells`, `pins` and `forgets` are their parts, and `numbers` the numbers of
        their runs.
    head, foot, message : HTML
        The names of the columns, what is not shown, and a message above all.
    """

    def __init__(
        self,
        record: SearchRecord,
        defaults: Mapping[str, object],
        is_pinned: Callable[[int], bool],
        on_pin: Callable[[int], None],
        on_forget: Callable[[int], None],
    ) -> None:
        self._record = record
        self._defaults = dict(defaults)
        self._is_pinned = is_pinned
        self._on_pin, self._on_forget = on_pin, on_forget
        self.numbers: list[int | None] = []
        self.cells: list[Any] = []
        self.pins: list[Any] = []
        self.forgets: list[Any] = []
        self.rows: list[Any] = []
        self.head = widgets.HTML(layout=CELLS_LAYOUT)
        beside_buttons = widgets.Box(layout={"width": "172px", "flex": "0 0 auto"})
        self._head_row = widgets.HBox([self.head, beside_buttons])
        self.foot = widgets.HTML()
        self.message = widgets.HTML(layout={"display": "none"})
        self.widget = widgets.VBox(layout={"overflow": "auto"})
        self._lock = threading.RLock()  # a run may end while another is being forgotten
        self.refresh()

    def refresh(self) -> None:
        """Show the record as it is now, the newest run on top."""
        with self._lock:
            self._show_all()

    def warn(self, message: str) -> None:
        """Show what went wrong above the runs; an empty message takes it away."""
        show_message(self.message, message, ERROR_ATTRIBUTES)

    def notify(self, message: str) -> None:
        """Show news above the runs; an empty message takes it away."""
        show_message(self.message, message, 'role="status" style="font-size:14px"')

    def _show_all(self) -> None:
        trials = self._record.trials[::-1]
        self.head.value = _row([_bold(word) for word in _head()]) if trials else ""
        self._make_rows(min(len(trials), ROWS_SHOWN))
        for place in range(len(self.rows)):
            trial = trials[place] if place < len(trials) else None
            self._show_row(place, trial)
        hidden = len(trials) - ROWS_SHOWN
        if hidden > 0:
            self.foot.value = translate("training_lab.more_runs", count=hidden)
        else:
            self.foot.value = "" if trials else translate("training_lab.no_runs")

    def _make_rows(self, count: int) -> None:
        """Make the rows that are still missing, up to `count`."""
        if self.widget.comm is None:
            return  # closed, and nothing would close them
        for place in range(len(self.rows), count):
            self.numbers.append(None)
            self.cells.append(widgets.HTML(layout=CELLS_LAYOUT))
            self.pins.append(self._row_button("pin", place, self._on_pin))
            self.forgets.append(self._row_button("forget", place, self._on_forget))
            parts = [self.cells[place], self.pins[place], self.forgets[place]]
            self.rows.append(widgets.HBox(parts))
        shown = (self.message, self._head_row, *self.rows, self.foot)
        if len(self.widget.children) != len(shown):
            self.widget.children = shown

    def _row_button(self, key: str, place: int, call: Callable[[int], None]) -> Any:
        def clicked() -> None:
            number = self.numbers[place]
            if number is not None:
                call(number)

        made = button(translate(f"training_lab.{key}"), "", clicked)
        made.layout.width, made.layout.flex = "82px", "0 0 auto"
        return made

    def _show_row(self, place: int, trial: Trial | None) -> None:
        self.numbers[place] = None if trial is None else trial.number
        self.rows[place].layout.display = "none" if trial is None else "flex"
        if trial is None:
            return
        self.cells[place].value = _row([html.escape(word) for word in self._words(trial)])
        pin = "unpin" if self._is_pinned(trial.number) else "pin"
        self.pins[place].description = translate(f"training_lab.{pin}")
        for made, key in ((self.pins[place], "pin"), (self.forgets[place], "forget")):
            made.tooltip = translate(f"training_lab.{key}_tooltip", number=trial.number)

    def _words(self, trial: Trial) -> list[str]:
        best = max((p[1] for p in trial.history if not math.isnan(p[1])), default=math.nan)
        accuracy, loss = _number(trial.validation_accuracy), _number(trial.validation_loss)
        return [
            str(trial.number),
            self._settings(trial),
            "–" if math.isnan(best) else f"{best:.1%}",
            "–" if math.isnan(accuracy) else f"{accuracy:.1%}",
            _loss_words(loss),
            f"{trial.seconds or 0:.1f}",
            translate(f"training_lab.ended_{trial.ended}"),
        ]

    def _settings(self, trial: Trial) -> str:
        changed = {
            name: value
            for name, value in completed(trial.hyperparameters).items()
            if name in self._defaults and value != self._defaults[name]
        }
        main = {name: self._defaults[name] for name in MAIN if name in self._defaults}
        return with_remark(describe_settings(changed or main), trial.message)


def _loss_words(loss: float) -> str:
    """Return four digits that count, without an exponent where the column has room."""
    if not math.isfinite(loss):
        return "–"
    if LEAST_LARGE_LOSS <= loss < LEAST_HUGE_LOSS:
        return f"{float(f'{loss:.4g}'):,.0f}"
    return f"{loss:.4g}"


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _head() -> list[str]:
    keys = (
        "number",
        "what_was_set",
        "best_accuracy",
        "final_accuracy",
        "final_loss",
        "took",
        "how_it_ended",
    )
    return [translate(f"training_lab.{key}") for key in keys]


def _bold(word: str) -> str:
    return f"<b>{html.escape(word)}</b>"


def _row(cells: list[str]) -> str:
    return f'<div style="{ROW_STYLE}">' + "".join(f"<span>{c}</span>" for c in cells) + "</div>"
