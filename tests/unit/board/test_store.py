"""The board's file: idempotent, whole after a kill, and honest about a full disk."""

import contextlib
import dataclasses
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import textwrap
import threading
import uuid

import pytest
from board_tools import DATA, SECONDS, TASK, class_run, trial

import hpt_widgets as hpt
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.live_view import LiveView
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.store_students import BoardFull, StudentForgotten
from hpt_widgets.board.writer import StoreError


@pytest.fixture
def store(tmp_path):
    opened = BoardStore(tmp_path / "board.sqlite")
    opened.open_task(TASK).result(SECONDS)
    yield opened
    opened.close()


def student(store, nickname="cedar-17"):
    return store.add_student(str(uuid.uuid4()), nickname).result(SECONDS)


def add(store, who, *runs):
    return store.add_runs(who, runs).result(SECONDS)


def test_a_new_board_has_a_code_an_id_and_a_teachers_key(tmp_path):
    one, other = BoardStore(tmp_path / "1.sqlite"), BoardStore(tmp_path / "2.sqlite")
    for name in ("code", "id", "teacher_key"):
        assert one.fact(name) != other.fact(name)
    assert one.task is None
    again = BoardStore(tmp_path / "1.sqlite")
    assert again.fact("code") == one.fact("code")
    for each in (one, other, again):
        each.close()


@pytest.mark.skipif(os.name != "posix", reason="file permissions of Unix")
def test_only_its_owner_can_read_the_file(store):
    assert store.path.stat().st_mode & 0o077 == 0


def test_names_that_look_alike_are_told_apart(store):
    typed = ["Li Hua", "li hua", "Ｌｉ Ｈｕａ", "LI HUA", "Li Hua 2"]
    names = [student(store, name).name for name in typed]
    assert names == ["Li Hua", "li hua (2)", "Ｌｉ Ｈｕａ (3)", "LI HUA (4)", "Li Hua 2"]


def test_a_run_that_is_sent_twice_changes_nothing(store):
    who, runs = student(store), [class_run(), class_run()]
    assert add(store, who, *runs) == [run.id for run in runs]
    assert add(store, who, *runs) == []
    assert add(store, student(store, "other"), *runs) == []
    assert [kept.run for kept in store.kept_runs()] == runs
    assert {kept.student for kept in store.kept_runs()} == {"cedar-17"}


def test_two_students_with_one_nickname_are_told_apart(store):
    one, other, third = (student(store) for _ in range(3))
    assert [each.name for each in (one, other, third)] == [
        "cedar-17",
        "cedar-17 (2)",
        "cedar-17 (3)",
    ]


def test_a_student_who_joins_again_is_the_same(store):
    key = str(uuid.uuid4())
    first = store.add_student(key, "cedar-17").result(SECONDS)
    assert store.add_student(key, "maple-3").result(SECONDS) == first
    assert store.student(key) == first
    assert store.student(str(uuid.uuid4())) is None


def test_runs_of_another_task_stand_apart_until_it_is_opened(store):
    who = student(store)
    add(store, who, class_run(), class_run(optimizer="sgd"), class_run(data="cd" * 12))
    assert len(list(store.rows(TASK))) == 1
    assert store.count_apart() == 2
    other = dataclasses.replace(TASK, free=("optimizer",), name="Optimisers")
    store.open_task(other).result(SECONDS)
    assert store.task == other
    # The run of the first task would fit into the second too, and stays where it was.
    assert [row.values for row in store.rows(other)] == [("sgd",)]
    # All of the class's runs that are of another task than the one that is open.
    assert store.count_apart() == 2


def test_rows_hold_the_free_values_in_the_tasks_order(store):
    add(store, student(store), class_run(0.75, learning_rate=0.5, batch_size=64, dropout_rate=0.1))
    (row,) = store.rows(TASK)
    assert dict(zip(TASK.free, row.values, strict=True)) == {
        "learning_rate": 0.5,
        "batch_size": 64,
        "dropout_rate": 0.1,
    }
    assert row.accuracy == 0.75


def test_a_value_that_a_run_left_out_is_its_default(store):
    """What version 0.1 did not have is in a run only where it was set."""
    task = dataclasses.replace(TASK, free=("learning_rate", "momentum", "schedule"))
    store.open_task(task).result(SECONDS)
    who = student(store)
    plain = {"batch_size": 32, "dropout_rate": 0.2}
    add(store, who, class_run(0.8, learning_rate=0.1, **plain))
    add(store, who, class_run(0.9, learning_rate=0.2, momentum=0.5, schedule="step", **plain))
    found = [tuple(row.values) for row in store.rows(task)]
    assert found == [(0.1, 0.9, "constant"), (0.2, 0.5, "step")]


def test_a_run_that_diverged_counts_without_an_accuracy(store):
    run = ClassRun(dataclasses.replace(trial(0.1), ended="diverged"), DATA)
    add(store, student(store), run)
    assert [row.accuracy for row in store.rows(TASK)] == [None]


def test_forgetting_a_student_leaves_nothing_of_them(store):
    who, other = student(store, "secretname"), student(store, "other")
    mark = "unmistakable-7391"
    add(store, who, ClassRun(dataclasses.replace(trial(), message=mark), DATA))
    add(store, other, class_run())
    before = store.generation
    assert store.forget("secretname").result(SECONDS) == 1
    assert store.generation == before + 1
    assert [kept.student for kept in store.kept_runs()] == ["other"]
    with pytest.raises(LookupError):
        store.forget("secretname").result(SECONDS)
    with pytest.raises(LookupError):
        add(store, who, class_run())
    store.close()
    content = b"".join(path.read_bytes() for path in store.path.parent.glob("board.sqlite*"))
    assert b"secretname" not in content
    assert mark.encode() not in content
    assert b"other" in content


def test_who_is_forgotten_stays_out_and_leaves_no_id(store):
    key = str(uuid.uuid4())
    store.add_student(key, "cedar-17").result(SECONDS)
    store.forget("cedar-17").result(SECONDS)
    assert store.is_forgotten(key)
    with pytest.raises(StudentForgotten):
        store.add_student(key, "maple-3").result(SECONDS)
    content = b"".join(path.read_bytes() for path in store.path.parent.glob("board.sqlite*"))
    assert key.encode() not in content
    with pytest.raises(LookupError):
        store.forget_number(10**30).result(SECONDS)


def test_a_run_that_is_removed_stays_away_and_its_students_others_stay(store):
    who = student(store)
    false, honest = class_run(1.0), class_run(0.8)
    add(store, who, false, honest)
    generation = store.generation
    store.forget_run(1).result(SECONDS)
    assert store.generation > generation
    assert [kept.run for kept in store.kept_runs()] == [honest]
    assert add(store, who, false, honest) == []
    assert [kept.run for kept in store.kept_runs()] == [honest]
    assert false.id.encode() not in store.path.read_bytes()
    for sequence in (1, 0, 10**30):
        with pytest.raises(LookupError):
            store.forget_run(sequence).result(SECONDS)


def test_another_class_begins_from_nothing_and_the_first_is_kept(store):
    key = str(uuid.uuid4())
    who = store.add_student(key, "cedar-17").result(SECONDS)
    view = LiveView(store)
    add(store, who, class_run(0.5, seed=1), class_run(0.7, seed=2), class_run(optimizer="sgd"))
    before = (store.fact("code"), store.fact("teacher_key"))
    store.set_code("maple-river", new_class=True).result(SECONDS)
    assert store.fact("code") == "maple-river"
    assert store.fact("teacher_key") not in before
    view.refresh()
    assert len(view) == store.count_students() == store.count_apart() == 0
    assert store.seed_scatter(TASK) is None
    assert store.roster() == []
    # A run that comes late is the first class's, until its student joins the second one.
    add(store, who, class_run(0.8))
    again = store.add_student(key, "cedar-17").result(SECONDS)
    assert (again.number, again.name, again.class_number) == (who.number, "cedar-17", 2)
    add(store, again, class_run(0.9))
    assert [row.accuracy for row in store.rows(TASK)] == [0.9]
    assert [tuple(each) for each in store.roster()] == [(who.number, "cedar-17", 1)]
    assert [kept.class_number for kept in store.kept_runs()] == [1, 1, 1, 1, 2]


def test_each_class_has_its_own_names_and_its_own_room(store, monkeypatch):
    monkeypatch.setattr("hpt_widgets.board.store_students.MOST_STUDENTS", 2)
    key = str(uuid.uuid4())
    first = store.add_student(key, "Li").result(SECONDS)
    add(store, first, class_run(0.5))
    add(store, student(store, "Li"), class_run(0.6))
    with pytest.raises(BoardFull):
        student(store, "Wang")
    store.set_code("maple-river", new_class=True).result(SECONDS)
    add(store, student(store, "Li"), class_run(0.7))
    # Who comes over to a class that has the name gets one that nobody has in any class.
    moved = store.add_student(key, "Li").result(SECONDS)
    assert (moved.number, moved.name) == (first.number, "Li (3)")
    assert [each.name for each in store.roster()] == ["Li (3)", "Li"]
    with pytest.raises(BoardFull):
        student(store, "Wang")
    found = [(each.class_number, each.student) for each in store.kept_runs()]
    assert found == [(1, "Li (3)"), (1, "Li (2)"), (2, "Li")]


def test_a_name_that_two_classes_have_is_forgotten_in_the_later_one(store):
    for number in (1, 2):
        add(store, student(store, "Li"), class_run(number / 10))
        student(store, "Wang")
        store.set_code("maple-river", new_class=True).result(SECONDS)
    with pytest.raises(LookupError):
        store.forget("Li", 3).result(SECONDS)
    assert store.forget("Li").result(SECONDS) == 1
    assert [each.class_number for each in store.kept_runs()] == [1]
    assert store.forget_without_runs(2).result(SECONDS) == 1
    assert store.names() == {1: "Li", 2: "Wang"}
    assert store.forget("Li", 1).result(SECONDS) == 1
    assert list(store.kept_runs()) == []


def test_the_file_of_an_earlier_version_is_read_on(tmp_path):
    path = tmp_path / "board.sqlite"
    key, run = str(uuid.uuid4()), class_run(0.75)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_FORMAT)
        facts = {"format": "1", "id": "b", "code": "maple-river", "teacher_key": "k"}
        facts["generation"] = "3"
        connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        task = (TASK.key, json.dumps(TASK.to_dict()), 1.0)
        connection.execute("INSERT INTO tasks VALUES (?, ?, ?)", task)
        connection.execute("INSERT INTO students VALUES (4, ?, 'cedar', 'cedar')", (key,))
        connection.execute(
            "INSERT INTO runs VALUES (9, ?, 4, ?, '', '[0.001, 32, 0.2]', 0.75, 's', 1, ?)",
            (run.id, TASK.key, run.to_json()),
        )
        connection.commit()
    for _ in range(2):
        store = BoardStore(path)
        assert (store.fact("code"), store.fact("teacher_key")) == ("maple-river", "k")
        assert [row.accuracy for row in store.rows(TASK)] == [0.75]
        assert store.student(key).name == "cedar"
        assert [(kept.run, kept.class_number) for kept in store.kept_runs()] == [(run, 1)]
        assert add(store, store.student(key), run) == []
        store.close()
    store = BoardStore(path)
    store.set_code("cedar-lake", new_class=True).result(SECONDS)
    assert student(store, "cedar").name == "cedar"
    assert store.forget("cedar", 1).result(SECONDS) == 1
    store.close()


# The tables as the first version of the board made them.
FIRST_FORMAT = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE tasks (key TEXT PRIMARY KEY, task TEXT NOT NULL, opened REAL NOT NULL);
CREATE TABLE students (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    nickname TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE runs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    student INTEGER NOT NULL REFERENCES students (number) ON DELETE CASCADE,
    task TEXT NOT NULL,
    difference TEXT NOT NULL,
    shown TEXT NOT NULL,
    accuracy REAL,
    setting TEXT NOT NULL,
    seed INTEGER,
    run TEXT NOT NULL
);
CREATE INDEX runs_of_task ON runs (task, sequence);
CREATE INDEX settings_of_task ON runs (task, setting, seed, accuracy);
CREATE INDEX runs_of_student ON runs (student);
"""


def test_the_scatter_between_seeds_is_pooled_over_settings(store):
    who = student(store)
    assert store.seed_scatter(TASK) is None
    groups = {0.1: (0.90, 0.92, 0.97), 0.2: (0.5, 0.6), 0.3: (0.7,)}
    for rate, accuracies in groups.items():
        for seed, accuracy in enumerate(accuracies):
            add(store, who, class_run(accuracy, learning_rate=rate, seed=seed))
    # The same setting and seed once more is no new evidence.
    add(store, student(store, "other"), class_run(0.90, learning_rate=0.1, seed=0))
    deviation, freedom = store.seed_scatter(TASK)
    squares = 2 * statistics.variance(groups[0.1]) + statistics.variance(groups[0.2])
    assert freedom == 3
    assert deviation == pytest.approx((squares / 3) ** 0.5)
    # Only the better settings, where they are to be compared.
    deviation, freedom = store.seed_scatter(TASK, least=0.6)
    assert freedom == 2
    assert deviation == pytest.approx(statistics.stdev(groups[0.1]))


def test_many_threads_can_write_and_read_at_once(store):
    students = [student(store, f"s{i}") for i in range(8)]

    def work(who):
        for _ in range(20):
            add(store, who, class_run())
            assert store.names()

    threads = [threading.Thread(target=work, args=(who,)) for who in students]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    kept = list(store.kept_runs())
    assert len(kept) == 160
    assert [one.sequence for one in kept] == sorted(one.sequence for one in kept)


def test_another_process_can_forget_while_the_board_is_open(store):
    view = LiveView(store)
    add(store, student(store), class_run())
    view.refresh()
    assert len(view) == 1
    other = BoardStore(store.path)
    other.forget("cedar-17").result(SECONDS)
    other.close()
    # The board is still open, so SQLite's log is there, and must not tell the name either.
    content = b"".join(path.read_bytes() for path in store.path.parent.glob("board.sqlite*"))
    assert b"cedar-17" not in content
    view.refresh()
    assert len(view) == 0
    assert view.best is None


# Killed, and full


def test_what_was_answered_is_there_after_a_kill(tmp_path):
    path = tmp_path / "board.sqlite"
    script = textwrap.dedent(
        f"""
        import sys, uuid
        sys.path[:0] = {[str(p) for p in sys.path if "tests" in str(p)]!r}
        from pathlib import Path
        from board_tools import TASK, class_run
        from hpt_widgets.board.store import BoardStore
        store = BoardStore(Path({str(path)!r}))
        store.open_task(TASK).result()
        who = store.add_student(str(uuid.uuid4()), "cedar-17").result()
        while True:
            batch = [class_run() for _ in range(5)]
            store.add_runs(who, batch).result()
            print(*(run.id for run in batch), flush=True)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    answered = []
    try:
        for line in process.stdout:
            answered += line.split()
            if len(answered) >= 100:
                break
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        answered += process.stdout.read().rpartition("\n")[0].split()
        process.stdout.close()
    store = BoardStore(path)
    kept = {each.run.id for each in store.kept_runs()}
    store.close()
    assert len(answered) >= 100
    assert set(answered) <= kept


def test_a_full_disk_loses_nothing_and_says_so(store):
    who = student(store)
    first = class_run()
    add(store, who, first)
    # The limit of pages gives the very error that a full disk does.
    with limited_pages(store) as free_again:
        problems = []
        for _ in range(200):
            try:
                add(store, who, *(class_run() for _ in range(20)))
            except StoreError as error:
                problems.append(str(error))
                break
        assert "full" in problems[0]
        assert str(store.path) in problems[0]
        count = len(list(store.kept_runs()))
        waiting = [class_run() for _ in range(20)]
        with pytest.raises(StoreError):
            add(store, who, *waiting)
        assert len(list(store.kept_runs())) == count
        free_again()
        assert add(store, who, *waiting) == [run.id for run in waiting]
    assert first.id in {kept.run.id for kept in store.kept_runs()}


class limited_pages:  # noqa: N801
    """Let the file grow no further; `with` gives the function that ends this."""

    def __init__(self, store):
        self.store = store

    def _set(self, count):
        def job(connection):
            connection.execute(f"PRAGMA max_page_count={count}").fetchone()

        self.store.writer.submit(job).result(SECONDS)

    def __enter__(self):
        self._set(60)
        return lambda: self._set(1_000_000)

    def __exit__(self, *_):
        self._set(1_000_000)


def test_a_file_that_is_no_board_is_refused(tmp_path):
    path = tmp_path / "board.sqlite"
    path.write_bytes(b"no database at all, but long enough to look at" * 100)
    with pytest.raises(StoreError, match=r"board\.sqlite"):
        BoardStore(path)


@pytest.mark.parametrize(("language", "words"), [("en", "the format '3'"), ("zh", "格式是 '3'")])
def test_the_file_of_a_later_version_is_refused_and_left_as_it_is(tmp_path, language, words):
    hpt.use_language(language)
    path = tmp_path / "board.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT)")
        connection.execute("INSERT INTO facts VALUES ('format', '3')")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        BoardStore(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("sequence", [-1, 0, 1, 10**30])
def test_a_number_that_no_run_has_gives_none(store, sequence):
    assert store.kept_run(sequence) is None


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        BoardStore(tmp_path / "file" / "board.sqlite")


def test_the_file_is_in_the_mode_that_survives_a_kill(store):
    connection = sqlite3.connect(store.path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


# What the page shows


def test_the_live_view_follows_run_by_run(store):
    view = LiveView(store)
    who = student(store)
    add(store, who, class_run(0.5, learning_rate=1 / 3), class_run(0.9), class_run(0.7))
    view.refresh()
    assert view.columns()["accuracy"] == [0.5, 0.9, 0.7]
    assert view.columns()["values"]["learning_rate"][0] == 0.33333
    assert view.best == 2
    add(store, who, class_run(0.9), class_run(0.95))
    view.refresh()
    later = view.columns(3)
    assert later["start"] == 3
    assert later["accuracy"] == [0.9, 0.95]
    assert view.best == 5
    assert view.band.x.tolist() == [1, 2, 3, 4, 5]


def test_opening_a_task_empties_the_view(store):
    view = LiveView(store)
    add(store, student(store), class_run())
    view.refresh()
    store.open_task(dataclasses.replace(TASK, epochs=3)).result(SECONDS)
    view.refresh()
    assert len(view) == 0
    store.open_task(TASK).result(SECONDS)
    view.refresh()
    assert len(view) == 1
