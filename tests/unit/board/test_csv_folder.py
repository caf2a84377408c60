"""A folder of CSV files as a source of runs."""

import dataclasses
from pathlib import Path

import pytest
from board_tools import DATA, SECONDS, TASK, trial

import hpt_widgets as hpt
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.csv_export import write_runs
from hpt_widgets.board.csv_folder import CsvFolder, nickname_of
from hpt_widgets.board.store import BoardStore


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
