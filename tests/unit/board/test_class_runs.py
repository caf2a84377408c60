"""A class's runs after the lesson, as a record for all charts."""

import dataclasses

import numpy as np
import pytest
from board_tools import DATA, SECONDS, TASK, class_run, trial

import hpt_widgets as hpt
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.csv_export import export_runs
from hpt_widgets.board.store import BoardStore


@pytest.fixture
def exported(tmp_path):
    store = BoardStore(tmp_path / "board.sqlite")
    store.open_task(TASK).result(SECONDS)
    for name, accuracies in {"cedar-17": (0.5, 0.9), "小明": (0.7,)}.items():
        who = store.add_student(f"00000000-0000-0000-0000-{len(name):012}", name).result(SECONDS)
        store.add_runs(who, [class_run(each) for each in accuracies]).result(SECONDS)
    odd = dataclasses.replace(
        trial(0.8, optimizer="sgd"), message='=HYPERLINK("x")', ended="stopped"
    )
    store.add_runs(who, [ClassRun(odd, DATA)]).result(SECONDS)
    export_runs(store, tmp_path / "runs.csv")
    kept = [each.run.trial for each in store.kept_runs()]
    store.close()
    return tmp_path / "runs.csv", kept


def test_the_file_comes_back_as_the_runs_that_were_sent(exported):
    path, kept = exported
    runs = hpt.ClassRuns(path)
    assert isinstance(runs, hpt.SearchRecord)
    assert [dataclasses.replace(each, number=0) for each in runs] == kept
    assert [each.hyperparameters for each in runs] == [each.hyperparameters for each in kept]
    assert runs.students == {1: "cedar-17", 2: "cedar-17", 3: "小明", 4: "小明"}
    assert runs.tasks == {1: "A task", 2: "A task", 3: "A task", 4: ""}
    np.testing.assert_array_equal(runs.incumbent, [0.5, 0.9, 0.9, 0.9])


def test_the_runs_of_one_task_and_of_one_student(exported):
    path, _ = exported
    assert len(hpt.ClassRuns(path, task="A task")) == 3
    assert len(hpt.ClassRuns(path, task="Another")) == 0
    own = hpt.ClassRuns(path).of("小明")
    assert [each.validation_accuracy for each in own] == [0.7, 0.8]
    with pytest.raises(ValueError, match=r"student='nobody'.*cedar-17, 小明"):
        hpt.ClassRuns(path).of("nobody")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "is not there: name the file"), ("zh", "不存在：请写")]
)
def test_a_file_that_is_missing_is_named_in_the_readers_language(tmp_path, language, words):
    hpt.use_language(language)
    with pytest.raises(FileNotFoundError, match=rf"path='.*none\.csv'.*{words}"):
        hpt.ClassRuns(tmp_path / "none.csv")
    words = {"en": "cannot be read", "zh": "无法读取"}[language]
    with pytest.raises(OSError, match=words):
        hpt.ClassRuns(tmp_path)


def test_the_runs_of_one_class_and_a_file_from_before_there_were_several(exported, tmp_path):
    path, _ = exported
    text = path.read_text(encoding="utf-8-sig")
    rows = text.splitlines()
    place = rows[0].split(",").index("class")
    assert place == 4
    runs = hpt.ClassRuns(path)
    assert set(runs.classes.values()) == {1}
    assert len(hpt.ClassRuns(path, class_number=1)) == 4
    assert len(hpt.ClassRuns(path, class_number=2)) == 0
    for value, error in ((0, ValueError), ("1", TypeError)):
        with pytest.raises(error, match="class_number"):
            hpt.ClassRuns(path, class_number=value)
    # Its first columns hold no commas, so that one can be taken out like this.
    old = [",".join(c for i, c in enumerate(row.split(",")) if i != place) for row in rows]
    (tmp_path / "old.csv").write_text("\n".join(old), encoding="utf-8")
    assert hpt.ClassRuns(tmp_path / "old.csv").classes == {1: 1, 2: 1, 3: 1, 4: 1}


def test_a_file_that_a_spreadsheet_has_saved_again_is_read(exported, tmp_path):
    path, kept = exported
    text = path.read_text(encoding="utf-8-sig").replace("\n", "\r\n")
    again = tmp_path / "again.csv"
    again.write_bytes(text.encode("utf-8"))
    assert len(hpt.ClassRuns(again)) == len(kept)


@pytest.mark.parametrize(
    "content", [b"", b"number,method\n1,manual\n", b"\xff\xfe\x00", "学生\n".encode("gb18030")]
)
def test_what_is_no_export_is_refused(tmp_path, content):
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"runs\.csv"):
        hpt.ClassRuns(path)


def test_a_row_that_was_altered_is_named(exported):
    path, _ = exported
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[2] = lines[2].replace("finished", "exploded")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        hpt.ClassRuns(path)


@pytest.mark.parametrize("value", [None, 5, b"x", []])
def test_what_is_no_path_is_refused(value):
    with pytest.raises(TypeError, match="path"):
        hpt.ClassRuns(value)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        hpt.ClassRuns(tmp_path / "none.csv")


def test_a_lab_shows_them(exported):
    from hpt_widgets.search.comparison import band_by_trials

    runs = hpt.ClassRuns(exported[0], task="A task")
    assert band_by_trials([runs]).mean.tolist() == [0.5, 0.9, 0.9]
    assert runs.to_frame().shape[0] == 3
