"""A folder of CSV files as a source of runs."""

import contextlib
import dataclasses
import sqlite3
import uuid
from concurrent.futures import Future
from pathlib import Path

import pytest
from board_tools import DATA, SECONDS, TASK, trial

import hpt_widgets as hpt
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.csv_export import write_runs
from hpt_widgets.board.csv_folder import CsvFolder, nickname_of
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.writer import StoreError


@pytest.fixture
def store(tmp_path):
    opened = BoardStore(tmp_path / "board.sqlite")
    opened.open_task(TASK).result(SECONDS)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "files"
    made.mkdir()
    return made


def save(path, *accuracies):
    record = hpt.SearchRecord("manual", path=path)
    for accuracy in accuracies:
        record.append(trial(accuracy))
    return record


def test_each_file_is_a_student(store, folder):
    save(folder / "cedar-17.csv", 0.5, 0.6)
    save(folder / "小明.CSV", 0.7)
    assert CsvFolder(folder, store).take_in() == []
    kept = [(each.student, each.run.trial.validation_accuracy) for each in store.kept_runs()]
    assert kept == [("cedar-17", 0.5), ("cedar-17", 0.6), ("小明", 0.7)]
    assert len(list(store.rows(TASK))) == 3


def test_a_file_that_grows_is_read_again_and_nothing_comes_twice(store, folder):
    source = CsvFolder(folder, store)
    record = save(folder / "cedar-17.csv", 0.5)
    source.take_in()
    source.take_in()
    record.append(trial(0.9))
    source.take_in()
    assert [row.accuracy for row in store.rows(TASK)] == [0.5, 0.9]
    # Another start of the board reads all files once more.
    CsvFolder(folder, store).take_in()
    assert len(list(store.rows(TASK))) == 2
    assert store.names() == {1: "cedar-17"}


def test_the_next_class_begins_without_the_files_of_the_one_before(store, folder):
    record = save(folder / "cedar-17.csv", 0.5)
    CsvFolder(folder, store).take_in()
    store.set_code("maple-river", new_class=True).result(SECONDS)
    # The board is started anew, and reads all files once more.
    source = CsvFolder(folder, store)
    assert source.take_in() == []
    assert store.roster() == []
    record.append(trial(0.9))
    source.take_in()
    assert [tuple(each) for each in store.roster()] == [(1, "cedar-17", 1)]
    assert [row.accuracy for row in store.rows(TASK)] == [0.9]
    assert [each.class_number for each in store.kept_runs()] == [1, 2]


def test_a_run_that_came_over_the_network_too_is_one(store, folder):
    record = save(folder / "cedar-17.csv", 0.5, 0.6)
    who = store.add_student("00000000-0000-0000-0000-000000000001", "maple-3").result(SECONDS)
    store.add_runs(who, [ClassRun(record.trials[0], DATA)]).result(SECONDS)
    CsvFolder(folder, store).take_in()
    assert sorted(row.accuracy for row in store.rows(TASK)) == [0.5, 0.6]


def test_what_cannot_be_read_is_said_and_the_rest_is_read(store, folder):
    (folder / "a.csv").write_text("not,a,record\n1,2,3\n")
    (folder / "b.csv").write_bytes(b"\xff\xfe\x00garbage")
    (folder / "c.csv").mkdir()
    (folder / ".hidden.csv").write_text("x")
    save(folder / "d.csv", 0.5)
    problems = CsvFolder(folder, store).take_in()
    assert len(problems) == 3
    assert all(f"{name}.csv" in problem for name, problem in zip("abc", problems, strict=True))
    assert len(list(store.rows(TASK))) == 1


def test_a_file_that_is_locked_for_a_while_is_named_once_and_read_later(store, folder, monkeypatch):
    save(folder / "a.csv", 0.5)
    source = CsvFolder(folder, store)

    def locked(path):
        raise PermissionError(13, "in use by another program", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", locked)
        (problem,) = source.take_in()
        assert "in use by another program" in problem
        assert source.take_in() == []
    assert source.take_in() == []
    assert len(list(store.rows(TASK))) == 1


def test_what_is_to_be_said_outlasts_a_full_disk(store, folder, monkeypatch):
    (folder / "aaa.csv").write_text("nonsense")
    save(folder / "bbb.csv", 0.5)
    source = CsvFolder(folder, store)

    def refuses(student, runs):
        raise StoreError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "add_runs", refuses)
        for _ in range(2):
            with pytest.raises(StoreError):
                source.take_in()
    (problem,) = source.take_in()
    assert "aaa.csv" in problem
    assert len(list(store.rows(TASK))) == 1
    assert source.take_in() == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "within 60 s; it is tried again"), ("zh", "60 秒内没有写完")]
)
def test_a_disk_that_is_slow_with_one_file_costs_no_other(
    store, folder, monkeypatch, language, words
):
    hpt.use_language(language)
    save(folder / "aaa.csv", 0.5)
    save(folder / "bbb.csv", 0.6)
    source, add_runs = CsvFolder(folder, store), store.add_runs
    # As one that is not on the disk in time.
    late: Future = Future()
    late.set_exception(TimeoutError())

    def slow_with_the_first(student, runs):
        return late if student.name == "aaa" else add_runs(student, runs)

    with monkeypatch.context() as patch:
        patch.setattr(store, "add_runs", slow_with_the_first)
        (problem,) = source.take_in()
        assert "aaa.csv" in problem
        assert words in problem
        assert [row.accuracy for row in store.rows(TASK)] == [0.6]
        assert source.take_in() == []
    assert source.take_in() == []
    assert sorted(row.accuracy for row in store.rows(TASK)) == [0.5, 0.6]


def test_a_student_who_is_forgotten_meanwhile_costs_no_other_file(store, folder, monkeypatch):
    save(folder / "cedar.csv", 0.5)
    save(folder / "maple.csv", 0.6)
    add_runs = store.add_runs

    def forget_cedar(student, runs):
        if student.name == "cedar":
            store.forget("cedar").result(SECONDS)
        return add_runs(student, runs)

    monkeypatch.setattr(store, "add_runs", forget_cedar)
    source = CsvFolder(folder, store)
    (problem,) = source.take_in()
    assert "cedar.csv" in problem
    assert "deleted" in problem
    assert list(store.names().values()) == ["maple"]
    assert [row.accuracy for row in store.rows(TASK)] == [0.6]
    # Nor are they brought back by the next look.
    assert source.take_in() == []
    assert list(store.names().values()) == ["maple"]


def test_a_line_that_was_cut_short_waits_for_its_rest(store, folder):
    save(folder / "cedar.csv", 0.5, 0.6)
    whole = (folder / "cedar.csv").read_bytes()
    (folder / "cedar.csv").write_bytes(whole[:-20])
    source = CsvFolder(folder, store)
    assert source.take_in() == []
    assert [row.accuracy for row in store.rows(TASK)] == [0.5]
    (folder / "cedar.csv").write_bytes(whole)
    source.take_in()
    assert [row.accuracy for row in store.rows(TASK)] == [0.5, 0.6]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "2 of its lines are no run"), ("zh", "有 2 行不是")]
)
def test_runs_of_another_kind_are_left_out_and_said(store, folder, language, words):
    hpt.use_language(language)
    record = save(folder / "cedar.csv", 0.5)
    record.append(hpt.Trial({"n_neighbors": 3}, validation_accuracy=0.9))
    record.append(dataclasses.replace(trial(0.7), validation_accuracy=12.0))
    (problem,) = CsvFolder(folder, store).take_in()
    assert "cedar.csv" in problem
    assert words in problem
    assert "n_neighbors" in problem
    assert len(list(store.kept_runs())) == 1


def hand_in(folder, name, runs, writer=None):
    """Write a file as ``lab.hand_in`` does, perhaps give it another name, and return its path."""
    path = folder / f"{writer or name}.csv"
    write_runs(runs, path)
    return path.rename(folder / f"{name}.csv")


def names_of_runs(store):
    return [each.student for each in store.kept_runs()]


def test_a_copy_takes_the_runs_away_from_nobody_and_is_told(store, folder):
    runs = [ClassRun(trial(accuracy), DATA) for accuracy in (0.5, 0.6)]
    hand_in(folder, "adam", runs, writer="zoe")
    hand_in(folder, "zoe", runs)
    (problem,) = CsvFolder(folder, store).take_in()
    assert names_of_runs(store) == ["zoe", "zoe"]
    said = "adam.csv: runs that are on the board already, as those of zoe: 2 of 2;"
    assert said in problem


@pytest.mark.parametrize(
    ("language", "words"), [("en", "of adam: 1 of 2;"), ("zh", "2 次训练有 1 次已在看板上")]
)
def test_runs_of_two_who_share_a_lab_are_told_and_come_when_the_first_goes(
    store, folder, language, words
):
    hpt.use_language(language)
    runs = [ClassRun(trial(accuracy), DATA) for accuracy in (0.5, 0.6)]
    hand_in(folder, "adam", runs[:1])
    hand_in(folder, "zoe", runs)
    source = CsvFolder(folder, store)
    (problem,) = source.take_in()
    assert "zoe.csv" in problem
    assert words in problem
    assert names_of_runs(store) == ["adam", "zoe"]
    # It is said once, also where something else has changed meanwhile.
    store.open_task(TASK).result(SECONDS)
    assert source.take_in() == []
    store.forget("adam").result(SECONDS)
    assert source.take_in() == []
    assert names_of_runs(store) == ["zoe", "zoe"]
    assert source.take_in() == []


def test_a_file_under_another_name_than_it_was_written_with_is_told(store, folder):
    hand_in(folder, "adam", [ClassRun(trial(0.5), DATA)], writer="zoe")
    (problem,) = CsvFolder(folder, store).take_in()
    assert "adam.csv was written under the name zoe" in problem
    assert names_of_runs(store) == ["adam"]
    # At the next start all is as it was.
    assert CsvFolder(folder, store).take_in() == []


def test_what_a_spreadsheet_or_a_download_makes_of_a_name_is_no_other_name(store, folder):
    for name, writer in (("0312", "312"), ("007 (2)", "7"), ("zoe (1)", "zoe")):
        hand_in(folder, name, [ClassRun(trial(0.5), DATA)], writer=writer)
    assert CsvFolder(folder, store).take_in() == []
    # Whose name it is to the letter comes first.
    runs = [ClassRun(trial(0.6), DATA)]
    hand_in(folder, "ben (1)", runs, writer="ben")
    hand_in(folder, "ben", runs)
    (problem,) = CsvFolder(folder, store).take_in()
    said = "ben (1).csv: runs that are on the board already, as those of ben: 1 of 1;"
    assert said in problem


def test_after_a_restart_nobody_is_advised_to_remove_who_has_the_runs_of_a_forgotten_one(
    store, folder
):
    runs = [ClassRun(trial(accuracy), DATA) for accuracy in (0.5, 0.6)]
    hand_in(folder, "adam", runs, writer="zoe")
    source = CsvFolder(folder, store)
    source.take_in()
    hand_in(folder, "zoe", runs)
    source.take_in()
    store.forget("adam").result(SECONDS)
    source.take_in()
    assert names_of_runs(store) == ["zoe", "zoe"]
    (problem,) = CsvFolder(folder, store).take_in()
    assert "adam.csv" in problem
    assert "deleted from the board" in problem


def test_a_run_that_was_removed_is_not_read_again(store, folder):
    hand_in(folder, "zoe", [ClassRun(trial(accuracy), DATA) for accuracy in (0.5, 0.6)])
    CsvFolder(folder, store).take_in()
    store.forget_run(1).result(SECONDS)
    assert CsvFolder(folder, store).take_in() == []
    assert [row.accuracy for row in store.rows(TASK)] == [0.6]


def test_other_files_are_named_once_and_a_hidden_ending_is_read(store, folder):
    path = hand_in(folder, "0312", [ClassRun(trial(0.5), DATA)])
    path.rename(folder / "0312.csv.txt")
    (folder / "wrong.txt").write_text("x")
    (folder / "older").mkdir()
    source = CsvFolder(folder, store)
    (problem,) = source.take_in()
    assert problem.endswith(
        "(or .csv.txt) are read, none in folders below it; not looked into (1): wrong.txt"
    )
    assert names_of_runs(store) == ["0312"]
    (folder / "runs.xlsx").write_text("x")
    (problem,) = source.take_in()
    assert problem.endswith("not looked into (1): runs.xlsx")
    assert source.take_in() == []
    # What a system has left there is nobody's, and many names would be read by nobody.
    for name in ("Thumbs.db", "desktop.ini", *(f"{n:03}.pdf" for n in range(100))):
        (folder / name).touch()
    (problem,) = source.take_in()
    assert "(100): 000.pdf, " in problem
    assert problem.endswith("029.pdf, …")


def test_files_in_a_folder_below_are_named_since_all_have_one_name_there(store, folder):
    hand_in(folder / "zoe_17", "runs", [ClassRun(trial(0.5), DATA)])
    hand_in(folder / ".trash", "runs", [ClassRun(trial(0.6), DATA)])
    (problem,) = CsvFolder(folder, store).take_in()
    assert problem.endswith("not looked into (1): zoe_17/runs.csv")
    assert list(store.rows(TASK)) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_foreign_file_is_named_once(store, folder, language):
    folder.mkdir(exist_ok=True)
    path = folder / "grades of 3b.csv"
    path.write_text("name;grade\nzoe;1\n", encoding="utf-8")
    hpt.use_language(language)
    (problem,) = CsvFolder(folder, store).take_in()
    assert problem.count(str(path)) == 1
    assert "number,method" in problem


def test_a_file_without_a_run_is_named_until_it_has_one(store, folder):
    path = hand_in(folder, "zoe", [ClassRun(trial(0.5), DATA)])
    whole = path.read_bytes()
    source = CsvFolder(folder, store)
    for content in (b"", whole.splitlines(keepends=True)[0]):
        path.write_bytes(content)
        (problem,) = source.take_in()
        assert problem == f"{path} holds no run yet"
        assert source.take_in() == []
    path.write_bytes(whole)
    assert source.take_in() == []
    assert [row.accuracy for row in store.rows(TASK)] == [0.5]


def test_what_cannot_be_looked_at_costs_no_words_about_the_others(store, folder, monkeypatch):
    (folder / "a.csv").write_text("x")
    (folder / "notes.txt").write_text("x")

    def refused(path, **options):
        raise PermissionError(13, "Permission denied", str(path))

    # As of a link into a folder that one may not look into; the files themselves are read.
    monkeypatch.setattr(Path, "is_file", refused)
    first, second = CsvFolder(folder, store).take_in()
    assert "a.csv" in first
    assert "notes.txt" in second


def id_that_was_guessable(store, name):
    """Return the id that boards of before gave to the student of a file."""
    return str(
        uuid.uuid5(uuid.UUID("0f7a3bb0-6f0b-4a7f-8d5c-3f1f0a1d4c11"), store.fact("id") + name)
    )


def test_the_id_of_a_file_cannot_be_worked_out_from_what_all_know(store, folder):
    hand_in(folder, "zoe", [ClassRun(trial(0.5), DATA)])
    CsvFolder(folder, store).take_in()
    assert names_of_runs(store) == ["zoe"]
    assert store.student(id_that_was_guessable(store, "zoe")) is None


def test_a_board_of_before_goes_on_with_the_students_of_its_files(tmp_path, folder):
    path = tmp_path / "before.sqlite"
    runs = [ClassRun(trial(accuracy), DATA) for accuracy in (0.5, 0.6, 0.7)]
    lab = str(uuid.uuid4())
    with contextlib.closing(BoardStore(path)) as store:
        for student_id in (id_that_was_guessable(store, name) for name in ("zoe", "gone")):
            who = store.add_student(student_id, "a name").result(SECONDS)
            store.add_runs(who, runs[:1]).result(SECONDS)
        store.add_student(lab, "cedar").result(SECONDS)
        store.forget("a name (2)").result(SECONDS)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM facts WHERE name = 'secret'")
    hand_in(folder, "zoe", runs[:2])
    hand_in(folder, "gone", runs[2:])
    for _ in range(2):  # it is brought up to date once
        with contextlib.closing(BoardStore(path)) as store:
            (problem,) = CsvFolder(folder, store).take_in()
            assert "gone.csv" in problem
            assert store.names() == {1: "a name", 3: "cedar"}
            assert names_of_runs(store) == ["a name", "a name"]
            assert store.student(id_that_was_guessable(store, "zoe")) is None
            assert store.student(lab).number == 3


def test_a_folder_that_is_not_there_yet_has_no_runs(store, tmp_path):
    assert CsvFolder(tmp_path / "later", store).take_in() == []


@pytest.mark.parametrize(
    ("stem", "nickname"),
    [
        ("cedar-17", "cedar-17"),
        ("Li Ming (copy)", "Li-Ming-copy"),
        ("=1+1", "1-1"),
        ("<b>x", "b-x"),
        ("a" * 60, "a" * 24),
        ("---", "file"),
        ("小明", "小明"),
        ("O'Neil", "O'Neil"),
        ("D’Souza", "D’Souza"),
        ("it's 'quoted'", "it-s-quoted"),
        ("'", "file"),
        ("a" * 23 + "'bc", "a" * 23),
        ("a" * 22 + " bc", "a" * 22 + "-b"),
    ],
)
def test_any_file_name_gives_a_nickname(stem, nickname):
    assert nickname_of(stem) == nickname


def test_a_file_that_is_handed_in_names_its_data_and_what_was_changed(store, folder):
    own, other, changed = (trial(accuracy) for accuracy in (0.5, 0.6, 0.7))
    runs = [ClassRun(own, DATA), ClassRun(other, "cd" * 12), ClassRun(changed, DATA, changed=True)]
    assert write_runs(runs, folder / "cedar-17.csv") == 3
    assert CsvFolder(folder, store).take_in() == []
    assert [row.accuracy for row in store.rows(TASK)] == [0.5]
    kept = {each.run.id: (each.student, each.run.data) for each in store.kept_runs()}
    assert kept[other.uuid] == ("cedar-17", "cd" * 12)
    CsvFolder(folder, store).take_in()
    assert len(list(store.kept_runs())) == 3


def test_a_row_that_was_altered_costs_no_other(store, folder):
    path = folder / "cedar-17.csv"
    write_runs([ClassRun(trial(0.5), DATA), ClassRun(trial(0.6), DATA)], path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace("0.5", "fifty", 1), "utf-8")
    (problem,) = CsvFolder(folder, store).take_in()
    assert "1 of its lines" in problem
    assert [row.accuracy for row in store.rows(TASK)] == [0.6]


@pytest.mark.parametrize(("language", "words"), [("en", "cut short"), ("zh", "不完整")])
def test_a_row_that_is_cut_short_is_said_in_words(store, folder, language, words):
    hpt.use_language(language)
    path = hand_in(folder, "cedar", [ClassRun(trial(0.5), DATA), ClassRun(trial(0.6), DATA)])
    path.write_bytes(path.read_bytes()[:-120])
    (problem,) = CsvFolder(folder, store).take_in()
    assert words in problem
    assert [row.accuracy for row in store.rows(TASK)] == [0.5]
