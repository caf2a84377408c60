"""The table of runs."""

import math
import re
import threading

import pytest

import hpt_widgets as hpt
from hpt_widgets.labs.training.runs_table import ROWS_SHOWN, RunsTable
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial

DEFAULTS = {**hpt.Hyperparameters().to_dict(), "training_size": 100}


class Pins:
    def __init__(self):
        self.pinned, self.clicked_pins, self.forgotten = set(), [], []

    def table(self, record):
        return RunsTable(
            record, DEFAULTS, self.pinned.__contains__, self.clicked_pins.append,
            self.forgotten.append,
        )  # fmt: skip


@pytest.fixture
def pins():
    return Pins()


def trial(**changes):
    settings = {**DEFAULTS, **changes.pop("hyperparameters", {})}
    given = {"validation_accuracy": 0.9, "validation_loss": 0.25, "seconds": 1.25, **changes}
    return Trial(hyperparameters=settings, **given)


def shown(table):
    return [
        cell.value
        for cell, row in zip(table.cells, table.rows, strict=True)
        if row.layout.display != "none"
    ]


@pytest.mark.parametrize(("language", "word"), [("en", "No run"), ("zh", "还没有")])
def test_an_empty_table_says_so(pins, language, word):
    hpt.use_language(language)
    table = pins.table(SearchRecord())
    assert shown(table) == []
    assert word in table.foot.value


def test_a_row_says_what_was_set_and_what_came_of_it(pins):
    record = SearchRecord()
    changed = {"learning_rate": 0.5, "hidden_units": (10, 5)}
    history = ((50, 0.95), (100, 0.9), (120, math.nan))
    record.append(trial(hyperparameters=changed, history=history, message="<later>"))
    table = pins.table(record)
    (row,) = shown(table)
    for words in ("learning rate 0.5, hidden units 10-5", "0.25", "1.2<", "finished"):
        assert words in row
    assert "<span>95.0%</span><span>90.0%</span>" in row
    assert re.findall(r"<b>((?:best|final).*?)</b>", table.head.value) == [
        "best validation accuracy",
        "final validation accuracy",
        "final validation loss",
    ]
    assert "&lt;later&gt;" in row
    assert "batch size" not in row


def test_a_run_with_the_settings_at_the_beginning_and_no_measure(pins):
    record = SearchRecord()
    bad = {"validation_accuracy": None, "validation_loss": math.nan, "seconds": None}
    record.append(trial(ended="diverged", **bad))
    (row,) = shown(pins.table(record))
    assert "learning rate 0.001, batch size 32, dropout rate 0.2" in row
    assert "diverged" in row
    assert "nan" not in row
    assert row.count("<span>–</span>") == 3


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (0.012345, "0.01235"),
        (999.94, "999.9"),
        (1234.5, "1,234"),
        (8_348_123.0, "8,348,000"),
        (99_990_000.0, "99,990,000"),
        (8.3481e9, "8.348e+09"),
    ],
)
def test_a_large_loss_is_written_out_where_there_is_room(pins, loss, words):
    record = SearchRecord()
    record.append(trial(validation_loss=loss))
    (row,) = shown(pins.table(record))
    assert f"<span>{words}</span>" in row


def test_the_newest_is_on_top_and_the_rest_are_counted(pins):
    record = SearchRecord()
    table = pins.table(record)
    for seed in range(ROWS_SHOWN + 3):
        record.append(trial(hyperparameters={"seed": seed + 50}))
        table.refresh()
    rows = shown(table)
    assert len(rows) == ROWS_SHOWN
    assert f"random seed {50 + ROWS_SHOWN + 2}" in rows[0]
    assert "3 more" in table.foot.value
    record.forget(1)
    table.refresh()
    assert "2 more" in table.foot.value


def test_the_buttons_act_on_the_run_of_their_row(pins):
    record = SearchRecord()
    for _ in range(3):
        record.append(trial())
    table = pins.table(record)
    table.pins[0].click()
    table.forgets[2].click()
    assert (pins.clicked_pins, pins.forgotten) == ([3], [1])
    pins.pinned.add(3)
    table.refresh()
    assert [made.description for made in table.pins[:2]] == ["unpin", "pin"]
    assert "run 3" in table.pins[0].tooltip
    record.forget(3)
    table.refresh()
    assert table.pins[0].description == "pin"
    assert len(shown(table)) == 2
    table.pins[2].click()
    assert pins.clicked_pins == [3]


def test_rows_are_made_as_runs_come_and_stay(pins):
    record = SearchRecord()
    table = pins.table(record)
    for expected in (*range(1, ROWS_SHOWN + 1), ROWS_SHOWN):
        record.append(trial())
        table.refresh()
        assert len(table.rows) == expected
        assert table.widget.children[2:-1] == tuple(table.rows)
    rows = list(table.rows)
    for number in range(1, 10):
        record.forget(number)
    table.refresh()
    assert table.rows == rows
    assert len(shown(table)) == ROWS_SHOWN + 1 - 9


def test_a_warning_is_shown_and_taken_away(pins):
    table = pins.table(SearchRecord())
    assert table.message.layout.display == "none"
    table.warn("disk <full>")
    assert "disk &lt;full&gt;" in table.message.value
    assert table.message.layout.display == "block"
    table.notify("")
    assert table.message.layout.display == "none"


def test_news_is_no_alarm(pins):
    table = pins.table(SearchRecord())
    table.notify("1 < 2 runs are back")
    assert 'role="status"' in table.message.value
    assert "1 &lt; 2" in table.message.value
    assert table.message.layout.display == "block"


def test_two_threads_may_refresh_it_at_once(pins):
    record = SearchRecord()
    table = pins.table(record)

    def work():
        for _ in range(20):
            record.append(trial())
            table.refresh()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [t.number for t in record.trials[::-1][:ROWS_SHOWN]]
    assert table.numbers == numbers
    for number, row in zip(numbers, shown(table), strict=True):
        assert f"<span>{number}</span>" in row
