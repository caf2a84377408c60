"""Trials, their record, and its file."""

from __future__ import annotations

import errno
import locale
import math
import os
import stat
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patience import SECONDS

from hpt_widgets.language import use_language
from hpt_widgets.search.records import RecordWarning, SearchRecord
from hpt_widgets.search.trial import Trial, plain_value
from hpt_widgets.training.hyperparameters import Hyperparameters


def trial(accuracy: float | None = None, **fields: object) -> Trial:
    return Trial({"learning_rate": 0.01}, validation_accuracy=accuracy, **fields)


texts = st.text(max_size=20) | st.sampled_from(
    ["relu", "NaN", "null", "12", '"', "発散\n,;", "\ud800"]
)
numbers = st.none() | st.integers(-(10**12), 10**12) | st.floats()
values = st.recursive(
    st.booleans() | numbers | texts, lambda inner: st.lists(inner, max_size=3).map(tuple)
)
names = st.sampled_from(["learning_rate", "hidden_units", "seed", "other", "层数", "when"])
maybe = st.none() | st.floats()
trials = st.builds(
    Trial,
    hyperparameters=st.dictionaries(names | st.text(max_size=5), values, max_size=5),
    method=st.sampled_from(["manual", "grid", "random", "tpe", "网格", "1e3"]),
    validation_accuracy=maybe,
    validation_loss=maybe,
    fold_scores=st.lists(st.floats(), max_size=5).map(tuple),
    seconds=maybe,
    epochs_trained=maybe,
    ended=st.sampled_from(["finished", "stopped", "diverged", "failed"]),
    message=texts,
    history=st.lists(st.tuples(st.floats(), st.floats()), max_size=3).map(tuple),
    when=st.datetimes()
    | st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=8)))),
)


def same(a: SearchRecord, b: SearchRecord) -> bool:
    """Compare to the bit and by type: nan equals nan, 1 differs from 1.0 and from True."""

    def by_name(record: SearchRecord) -> list[str]:
        return [
            repr(
                (
                    sorted(t.hyperparameters.items(), key=lambda i: i[0]),
                    t.__dict__ | {"hyperparameters": 0},
                )
            )
            for t in record
        ]

    return by_name(a) == by_name(b)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(trials, max_size=4))
def test_saved_and_appended_files_give_back_every_value_exactly(
    tmp_path: Path, drawn: list[Trial]
) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    record = SearchRecord(path=tmp_path / "appended.csv")
    for item in drawn:
        record.append(item)
    record.save(tmp_path / "saved.csv")

    assert same(record, SearchRecord.load(tmp_path / "saved.csv"))
    if drawn:
        assert same(record, SearchRecord.load(tmp_path / "appended.csv"))
        assert (tmp_path / "saved.csv").read_bytes() == (tmp_path / "appended.csv").read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(trials, trials, st.data())
def test_a_kill_in_mid_write_costs_only_the_last_line(
    tmp_path: Path, first: Trial, second: Trial, data: st.DataObject
) -> None:
    path = tmp_path / "record.csv"
    path.unlink(missing_ok=True)
    record = SearchRecord(path=path)
    record.append(first)
    whole = len(path.read_bytes())
    record.append(second)
    # Cut at least the newline and one character, and leave at least one.
    cut = data.draw(st.integers(whole + 1, len(path.read_bytes()) - 2))
    os.truncate(path, cut)

    with pytest.warns(RecordWarning, match="line 3"):
        read = SearchRecord.load(path)
    assert [t.number for t in read] == [1]

    with pytest.warns(RecordWarning):
        continued = SearchRecord(path=path)
    continued.append(second)
    with pytest.warns(RecordWarning):
        assert same(continued, SearchRecord.load(path))
    assert len(continued) == 2


@pytest.mark.parametrize("kept", [0, 1, 20, 60])
def test_a_file_cut_in_its_first_line_starts_again(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "record.csv"
    SearchRecord(path=path).append(trial(0.5))
    os.truncate(path, kept)
    if kept > 0:
        with pytest.warns(RecordWarning, match="line 1"):
            record = SearchRecord(path=path)
    else:
        record = SearchRecord(path=path)
    record.append(trial(0.75))
    assert [t.validation_accuracy for t in SearchRecord.load(path)] == [0.75]


def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("name,mark\nAnna,1\n")
    for read in (SearchRecord.load, lambda p: SearchRecord(path=p)):
        with pytest.raises(ValueError, match=r"marks\.csv is no search record"):
            read(path)
    assert path.read_text() == "name,mark\nAnna,1\n"


def test_lines_ended_by_a_spreadsheet_program_are_read(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    SearchRecord(path=path).append(trial(0.5))
    text = path.read_bytes().removeprefix("\ufeff".encode()).replace(b"\n", b"\r\n")
    path.write_bytes(text)
    assert [t.validation_accuracy for t in SearchRecord.load(path)] == [0.5]


def test_each_trial_is_in_the_file_when_append_returns(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "record.csv"
    record = SearchRecord(path=path)
    for count in (1, 2, 3):
        record.append(trial(count / 10))
        assert len(SearchRecord.load(path)) == count


def test_a_long_history_is_read_again(tmp_path: Path) -> None:
    """A cell of more than 131,072 characters, Python's own limit."""
    path = tmp_path / "record.csv"
    history = tuple((float(k), 1 / (k + 1)) for k in range(20_000))
    SearchRecord(path=path).append(trial(0.5, history=history))
    assert path.stat().st_size > 131_072 * 2
    assert SearchRecord.load(path).trials[0].history == history


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_saved_file_may_be_read_by_whom_the_reader_lets_read(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.touch()
    path = SearchRecord().save(tmp_path / "record.csv")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    path.chmod(0o640)
    SearchRecord().save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(tmp_path.iterdir()) == [plain, path]


def test_a_record_goes_on_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    SearchRecord(path=path).append(trial(0.5))
    again = SearchRecord(path=path)
    assert again.append(trial(0.6)).number == 2
    assert [t.validation_accuracy for t in SearchRecord.load(path)] == [0.5, 0.6]


def test_pandas_reads_the_file_too(tmp_path: Path) -> None:
    record = SearchRecord()
    record.append(trial(0.1 + 0.2, message="损失不再是数值"))
    frame = pd.read_csv(record.save(tmp_path / "record.csv"))
    assert frame["validation_accuracy"].tolist() == pytest.approx([0.1 + 0.2])
    assert frame["message"].tolist() == ["损失不再是数值"]
    assert frame["number"].tolist() == [1]


@pytest.mark.parametrize("name", ["de_DE.UTF-8", "fr_FR.UTF-8", "C"])
def test_the_decimal_point_follows_no_locale(tmp_path: Path, name: str) -> None:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        pytest.skip(f"this machine has no locale {name}")
    try:
        record = SearchRecord()
        record.append(trial(0.25))
        path = record.save(tmp_path / "record.csv")
        assert "0.25" in path.read_text(encoding="utf-8")
        assert same(record, SearchRecord.load(path))
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_a_full_disk_is_a_warning_and_the_trials_follow_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "record.csv"
    record = SearchRecord(path=path)
    record.append(trial(0.1))
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for accuracy in (0.2, 0.3):
            with pytest.warns(
                RecordWarning, match=r"record\.csv cannot be written .*No space left"
            ):
                record.append(trial(accuracy))
    assert path.read_bytes() == before
    assert len(record) == 3

    record.append(trial(0.4))
    assert same(record, SearchRecord.load(path))


def test_whoever_was_warned_hears_when_all_is_written(tmp_path: Path) -> None:
    obstacle = tmp_path / "folder"
    obstacle.write_text("in the way")
    record = SearchRecord(path=obstacle / "record.csv")
    warnings: list[str] = []
    record.on_warning = warnings.append
    record.append(trial(0.1))
    record.append(trial(0.2))
    assert [warning.count("record.csv cannot be written") for warning in warnings] == [1, 1]
    obstacle.unlink()
    record.append(trial(0.3))
    assert warnings[2:] == [""]
    record.append(trial(0.4))
    assert warnings[3:] == []
    assert same(record, SearchRecord.load(obstacle / "record.csv"))


def test_saving_where_nothing_can_be_written_names_the_file_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = SearchRecord()
    record.append(trial(0.1))
    path = record.save(tmp_path / "mine.csv")
    before = path.read_bytes()

    def full(_temporary: Path, _target: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    record.append(trial(0.2))
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*mine\.csv'") as caught:
        record.save(path)
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_path_that_cannot_be_used_is_a_warning(tmp_path: Path) -> None:
    with pytest.warns(RecordWarning, match="starts empty"):
        record = SearchRecord(path=tmp_path)  # a folder
    with pytest.warns(RecordWarning, match="kept in memory only"):
        record.append(trial(0.5))
    assert len(record) == 1


def test_numbers_count_up_and_are_never_used_twice(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    record = SearchRecord(path=path)
    assert [record.append(trial(0.5)).number for _ in range(3)] == [1, 2, 3]
    record.forget(3)
    assert record.append(trial(0.5)).number == 4
    assert record.append(trial(0.5, number=9)).number == 9
    assert record.append(trial(0.5, number=9)).number == 10
    assert [t.number for t in SearchRecord.load(path)] == [1, 2, 4, 9, 10]


def test_whoever_listens_hears_of_a_forgotten_trial_after_it_is_gone() -> None:
    record = SearchRecord()
    heard: list[tuple[int, int]] = []
    record.on_forget = lambda number: heard.append((number, len(record)))
    record.append(Trial())
    record.append(Trial())
    record.forget(1)
    assert heard == [(1, 1)]


def test_forgetting_what_is_not_there_says_what_is() -> None:
    record = SearchRecord()
    with pytest.raises(
        ValueError, match="number=1: there is no such trial; the record holds no trial"
    ):
        record.forget(1)
    record.append(trial(0.5))
    with pytest.raises(ValueError, match=r"number=7.*holds 1"):
        record.forget(7)


def test_many_threads_may_append_at_once(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    record = SearchRecord(path=path)
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        for _ in range(10):
            record.append(trial(0.5))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [t.number for t in record] == list(range(1, 81))
    assert same(record, SearchRecord.load(path))


def test_whoever_reads_a_record_waits_for_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = SearchRecord(path=tmp_path / "record.csv")
    seen: list[tuple[int, int]] = []

    def slow(_: int) -> None:
        reader = threading.Thread(target=lambda: seen.append((len(record), writes)))
        reader.start()
        reader.join(SECONDS)

    monkeypatch.setattr(os, "fsync", slow)
    for writes in (1, 2):
        record.append(trial(0.5))
        assert seen[-1:] == [(writes, writes)]
    record.forget(1)
    assert seen[-1] == (1, 2)


def test_a_trial_that_lands_while_others_are_written_follows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "record.csv"
    record = SearchRecord(path=path)
    heard: list[str] = []
    record.on_warning = heard.append
    record.append(trial(0.1))
    others: list[threading.Thread] = []

    def slow(_: int) -> None:
        if not others:
            others.extend(threading.Thread(target=record.append, args=(trial(0.3),)) for _ in "ab")
            for other in others:
                other.start()
            deadline = time.monotonic() + 5
            while len(record) < 4 and time.monotonic() < deadline:
                time.sleep(0.001)

    monkeypatch.setattr(os, "fsync", slow)
    record.append(trial(0.2))
    for other in others:
        other.join()
    assert same(record, SearchRecord.load(path))
    assert path.read_bytes().count(b"\n") == 5
    # Nobody was told that something could not be written: nobody hears that all is.
    assert heard == []


def test_what_an_interrupt_kept_from_the_file_follows_with_the_next_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "record.csv"
    record = SearchRecord(path=path)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("hpt_widgets.search.record_file.append_whole", interrupted)
        with pytest.raises(KeyboardInterrupt):
            record.append(trial(0.1))
    record.append(trial(0.2))
    assert len(record) == 2
    assert same(record, SearchRecord.load(path))


def test_best_and_incumbent_leave_unusable_trials_out() -> None:
    record = SearchRecord()
    assert record.best is None
    assert record.incumbent.empty
    record.append(trial(None))
    record.append(trial(0.9, ended="diverged"))
    record.append(trial(math.nan))
    assert record.best is None
    record.append(trial(0.5, ended="stopped"))
    record.append(trial(0.4))
    record.append(trial(0.8))
    record.append(trial(0.8))
    record.append(trial(0.99, ended="failed"))
    assert record.best is not None
    assert record.best.number == 6
    np.testing.assert_array_equal(
        record.incumbent.to_numpy(), [np.nan, np.nan, np.nan, 0.5, 0.5, 0.8, 0.8, 0.8]
    )
    assert record.incumbent.index.tolist() == list(range(1, 9))


def test_the_table_has_a_column_for_each_hyperparameter() -> None:
    record = SearchRecord()
    record.append(Trial({"learning_rate": 0.1}, validation_accuracy=0.5, epochs_trained=1))
    record.append(Trial({"batch_size": 32, "seconds": 3}, method="grid", ended="failed"))
    frame = record.to_frame()
    assert frame.columns.tolist()[:5] == [
        "number", "method", "learning_rate", "batch_size", "param_seconds",
    ]  # fmt: skip
    assert frame["learning_rate"].tolist()[0] == 0.1
    assert math.isnan(frame["learning_rate"].tolist()[1])
    assert frame["param_seconds"].tolist()[1] == 3
    assert frame["validation_accuracy"].dtype == float
    assert frame["method"].tolist() == ["manual", "grid"]
    assert frame["ended"].tolist() == ["finished", "failed"]
    assert list(SearchRecord().to_frame()["validation_accuracy"]) == []


def test_hyperparameters_records_and_numpy_values_become_plain() -> None:
    hyperparameters = Hyperparameters(learning_rate=0.5, hidden_units=(7, 5))
    read = Trial(hyperparameters).hyperparameters
    assert read["learning_rate"] == 0.5
    assert read["hidden_units"] == (7, 5)
    plain = Trial(
        {"a": np.float64(0.1), "b": np.int64(3), "c": [1, [2]], "d": Marker(), "e": Pair(1, 2)}
    )
    assert (
        repr(plain.hyperparameters)
        == "{'a': 0.1, 'b': 3, 'c': (1, (2,)), 'd': 'Marker!', 'e': (1, 2)}"
    )
    long = Trial({"a": np.longdouble(0.5), "b": np.array([np.longdouble(0.25)])})
    assert repr(long.hyperparameters) == "{'a': 0.5, 'b': (0.25,)}"
    longer = np.clongdouble(1 + 2j)
    assert Trial({"a": longer}).hyperparameters == {"a": repr(longer)}
    given = {"a": 1}
    kept = Trial(given)
    given["a"] = 2
    assert kept.hyperparameters == {"a": 1}


class Marker:
    def __repr__(self) -> str:
        return "Marker!"


class Pair(NamedTuple):
    a: int
    b: int


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ended": "crashed"}, "ended='crashed' is not known: use one of 'finished'"),
        ({"number": -1}, "number=-1 must be a whole number"),
        ({"number": True}, "number=True must be a whole number"),
        ({"method": ""}, "method='' must be a word"),
        ({"number": 10**15 + 1}, "number=1000000000000001 must be a whole number"),
        ({"seconds": "3"}, "seconds='3' must be a number or None"),
        ({"validation_accuracy": "3"}, "validation_accuracy='3' must be a number or None"),
        ({"validation_loss": [3]}, r"validation_loss=\[3\] must be a number or None"),
        ({"epochs_trained": True}, "epochs_trained=True must be a number or None"),
        ({"fold_scores": 3}, "fold_scores=3"),
        ({"fold_scores": (0.5, None)}, r"fold_scores=\(0.5, None\)"),
        ({"history": 3}, "history=3"),
        ({"history": (3,)}, r"history=\(3,\)"),
        ({"history": ((1, "2"),)}, r"history=\(1, '2'\)"),
        ({"history": ((0.1,), (0.2,))}, r"history=\(\(0.1,\), \(0.2,\)\) must be a list of points"),
        ({"history": [()]}, r"history=\[\(\)\]"),
        ({"message": 3}, "message=3"),
        ({"when": "now"}, "when='now'"),
        ({"uuid": "one"}, "uuid='one'"),
        ({"uuid": 3}, "uuid=3"),
        ({"method": 3}, "method=3 must be a word"),
        ({"ended": None}, "ended=None is not known: use one of 'finished', 'stopped', 'diverged'"),
        ({"hyperparameters": 3}, "hyperparameters=3 must be a dictionary"),
    ],
)
def test_wrong_fields_are_named(fields: dict[str, object], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        Trial(**fields)


def test_errors_speak_chinese() -> None:
    use_language("zh")
    try:
        with pytest.raises(ValueError, match="不是已知的结束方式"):
            Trial(ended="crashed")
    finally:
        use_language("en")


def test_a_listener_hears_each_trial_with_its_number() -> None:
    heard: list[Trial] = []
    record = SearchRecord(on_trial=heard.append)
    record.append(trial(0.5))
    record.append(trial(0.6))
    assert heard == list(record)
    assert [t.number for t in heard] == [1, 2]


def test_when_defaults_to_now_with_a_time_zone() -> None:
    assert abs(trial(0.5).when - datetime.now(UTC)) < timedelta(minutes=1)


def test_load_names_the_method_that_all_trials_share(tmp_path: Path) -> None:
    record = SearchRecord("random")
    record.append(trial(0.5, method="random"))
    assert SearchRecord.load(record.save(tmp_path / "one.csv")).method == "random"
    record.append(trial(0.5, method="tpe"))
    assert SearchRecord.load(record.save(tmp_path / "two.csv")).method == "mixed"
    assert "2 trials, best 0.5000 (trial 1)" in repr(record)


def test_what_a_record_says_of_itself() -> None:
    record = SearchRecord("grid")
    assert repr(record) == "SearchRecord('grid', 0 trials)"
    record.append(trial(None, ended="failed"))
    assert repr(record) == "SearchRecord('grid', 1 trials)"
    record.append(trial(0.25))
    assert repr(record) == "SearchRecord('grid', 2 trials, best 0.2500 (trial 2))"
    assert SearchRecord().method == "manual"


def test_what_a_record_is_made_of_is_named() -> None:
    for name, value in (("method", ""), ("on_trial", 3), ("path", 3)):
        with pytest.raises(TypeError, match=rf"^{name}={value!r}"):
            SearchRecord(**{name: value})
    record = SearchRecord()
    with pytest.raises(TypeError, match=r"^trial='x'"):
        record.append("x")
    for call in (record.save, SearchRecord.load):
        with pytest.raises(TypeError, match=r"^path=3"):
            call(3)


def test_what_a_trial_does_not_say_has_its_default() -> None:
    plain = Trial()
    assert plain.hyperparameters == {}
    assert (plain.method, plain.number, plain.ended, plain.message) == ("manual", 0, "finished", "")
    assert plain.fold_scores == plain.history == ()
    assert plain.validation_accuracy is plain.validation_loss is plain.seconds is None
    assert Trial(number=10**15).number == 10**15
    assert Trial(validation_accuracy=1).validation_accuracy == 1.0
    assert Trial(fold_scores=[1, np.float32(0.5)]).fold_scores == (1.0, 0.5)
    assert Trial(history=[[1, 2], (3, 4, 5)]).history == ((1.0, 2.0), (3.0, 4.0, 5.0))


class FinishedRun:
    """What a training has when it is done, without one."""

    hyperparameters = Hyperparameters(learning_rate=0.5)
    validation_accuracy = 0.75
    validation_loss = 1.5
    seconds = 12.0
    reason = "the loss is nan"

    def __init__(self, ended: str, *points: tuple[int, float, float]) -> None:
        self.ended = ended
        self.points = [
            SimpleNamespace(samples=samples, epoch=epoch, validation_accuracy=accuracy)
            for samples, epoch, accuracy in points
        ]


def test_a_trial_of_a_run_has_what_it_came_to() -> None:
    run = FinishedRun("stopped", (32, 0.25, 0.5), (64, 0.5, math.nan), (96, 0.75, 0.625))
    found = Trial.from_run(run)
    assert found.hyperparameters == Trial(run.hyperparameters).hyperparameters
    assert found.method == "manual"
    assert (found.validation_accuracy, found.validation_loss, found.seconds) == (0.75, 1.5, 12.0)
    assert found.epochs_trained == 0.75
    assert (found.ended, found.message) == ("stopped", "")
    assert found.history == ((32.0, 0.5), (96.0, 0.625))
    other = Trial.from_run(run, method="grid", hyperparameters={"x": 1}, message="by hand")
    assert (other.method, other.hyperparameters, other.message) == ("grid", {"x": 1}, "by hand")
    diverged = Trial.from_run(FinishedRun("diverged"))
    assert (diverged.message, diverged.epochs_trained) == ("the loss is nan", 0.0)
    assert diverged.history == ()


@pytest.mark.parametrize(
    ("ended", "accuracy", "usable"),
    [
        ("finished", 0.5, True),
        ("stopped", 0.0, True),
        ("diverged", 0.5, False),
        ("failed", 0.5, False),
        ("finished", None, False),
        ("finished", math.nan, False),
        ("stopped", math.inf, False),
    ],
)
def test_only_a_number_of_a_run_that_came_to_something_is_compared(
    ended: str, accuracy: float | None, usable: bool
) -> None:
    assert Trial(validation_accuracy=accuracy, ended=ended).usable is usable


def nested(levels: int) -> object:
    """Return lists within lists."""
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def test_how_deep_and_how_long_a_value_may_be() -> None:
    assert plain_value(nested(50)) is not None
    with pytest.raises(ValueError, match=r"^value=.*50"):
        plain_value(nested(51))
    assert plain_value(10**300 - 1) == 10**300 - 1
    assert plain_value(1 - 10**300) == 1 - 10**300
    for number in (10**300, -(10**300)):
        with pytest.raises(ValueError, match=r"^options=.*300"):
            plain_value({"a": [number]}, "options")
    with pytest.raises(ValueError, match=r"^hyperparameters="):
        Trial({"a": nested(60)})
    with pytest.raises(TypeError, match=r"^value="):
        plain_value([Speechless()])


class Speechless:
    def __repr__(self) -> str:
        raise RuntimeError
