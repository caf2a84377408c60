"""A record's file: of version 0.1, shared, lost and replaced while it is open."""

from __future__ import annotations

import csv
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpt_widgets.language import use_language
from hpt_widgets.search.record_format import COLUMNS, COLUMNS_0_1, HEADER
from hpt_widgets.search.records import RecordWarning, SearchRecord
from hpt_widgets.search.trial import MOST_DIGITS, MOST_LEVELS, Trial

# Made by version 0.1 itself.
OLD_FILES = sorted((Path(__file__).parents[2] / "data" / "records-0.1").glob("*.csv"))
OLD_HEADER = "\ufeff" + ",".join(COLUMNS_0_1) + "\n"
# What 0.1 read in them.
IN_0_1: dict[str, list[tuple[int, float | None]]] = {
    "folds.csv": [(1, 0.5), (2, None), (3, None)],
    "runs.csv": [(1, 0.9), (3, 0.92), (5, 0.94), (6, 0.95)],
    "two-owners.csv": [(2, 0.91), (3, 0.92), (4, 0.93), (5, 0.94)],
}


def trial(accuracy: float | None = None, **fields: Any) -> Trial:
    return Trial({"learning_rate": 0.01}, validation_accuracy=accuracy, **fields)


def contents(record: SearchRecord) -> list[str]:
    """Return all that the trials hold, their identity among it."""
    return [
        repr(t.__dict__ | {"hyperparameters": sorted(t.hyperparameters.items(), key=str)})
        for t in record
    ]


def accuracies(record: SearchRecord) -> list[float | None]:
    return [t.validation_accuracy for t in record]


def quietly(call: Callable[[], Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RecordWarning)
        return call()


@pytest.fixture
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what only a power failure would show."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.csv"


# -- identity ----------------------------------------------------------------------------------


def test_each_trial_has_a_uuid_of_its_own_that_its_copies_keep(path: Path) -> None:
    record = SearchRecord(path=path)
    made = [trial(0.5) for _ in range(3)]
    assert len({uuid.UUID(each.uuid) for each in made}) == 3
    for each in made:
        assert record.append(each).uuid == each.uuid
    other = SearchRecord()
    for each in SearchRecord.load(path):
        other.append(each)
    saved = SearchRecord.load(other.save(path.with_name("copy.csv")))
    assert [each.uuid for each in saved] == [each.uuid for each in made]


def test_a_trial_that_is_appended_twice_is_two_trials() -> None:
    record = SearchRecord()
    once = trial(0.5)
    record.append(once)
    again = record.append(once)
    assert again.number == 2
    assert again.uuid != once.uuid
    record.forget(1)
    assert record.append(once).uuid not in (once.uuid, again.uuid)


@pytest.mark.parametrize("wrong", ["", "seven", 7, None, "c0ffee00-1234-4abc-8def"])
def test_a_uuid_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=re.escape(f"uuid={wrong!r} must be a UUID")):
        Trial(uuid=wrong)


def test_a_spreadsheet_takes_no_uuid_for_a_number(path: Path) -> None:
    SearchRecord(path=path).append(trial(uuid="12345678-1234-4123-8123-123456789012"))
    assert pd.read_csv(path)["uuid"].tolist() == ["12345678-1234-4123-8123-123456789012"]


def test_what_marks_a_whole_line_is_its_last_column() -> None:
    assert COLUMNS[-1] == COLUMNS_0_1[-1] == "ended"


# -- version 0.1 -------------------------------------------------------------------------------


@pytest.mark.parametrize("old", OLD_FILES, ids=lambda old: old.name)
def test_a_file_of_0_1_is_read_and_left_as_it_is(old: Path, path: Path) -> None:
    shutil.copy(old, path)
    found = [(t.number, t.validation_accuracy) for t in SearchRecord(path=path)]
    for (number, accuracy), (known, exact) in zip(found, IN_0_1[old.name], strict=True):
        assert number == known
        assert exact is None or accuracy == pytest.approx(exact)
    assert contents(SearchRecord.load(path)) == contents(SearchRecord.load(old))
    assert path.read_bytes() == old.read_bytes()
    assert list(path.parent.iterdir()) == [path]


def test_the_old_files_are_of_0_1() -> None:
    assert [old.name for old in OLD_FILES] == list(IN_0_1)
    assert all(old.read_bytes().startswith(OLD_HEADER.encode()) for old in OLD_FILES)


@pytest.mark.parametrize("old", OLD_FILES, ids=lambda old: old.name)
def test_the_first_append_brings_a_file_of_0_1_up_to_date_and_keeps_the_old_one(
    old: Path, path: Path
) -> None:
    shutil.copy(old, path)
    record = SearchRecord(path=path)
    before = contents(record)
    record.append(trial(0.75))
    assert path.read_text(encoding="utf-8").startswith(HEADER)
    assert contents(SearchRecord.load(path)) == contents(record)
    assert contents(record)[:-1] == before
    assert path.with_name("record.csv.0.1.backup").read_bytes() == old.read_bytes()
    assert len(pd.read_csv(path)["uuid"]) == len(path.read_bytes().splitlines()) - 1
    record.append(trial(0.5))
    assert len(list(path.parent.iterdir())) == 2


def test_forgetting_brings_a_file_of_0_1_up_to_date_too(path: Path) -> None:
    shutil.copy(next(old for old in OLD_FILES if old.name == "runs.csv"), path)
    SearchRecord(path=path).forget(3)
    assert [t.number for t in SearchRecord.load(path)] == [1, 5, 6]
    assert path.with_name("record.csv.0.1.backup").exists()


@pytest.mark.parametrize("old", OLD_FILES, ids=lambda old: old.name)
@pytest.mark.usefixtures("fast_disk")
def test_a_file_of_0_1_cut_anywhere_keeps_all_whole_trials(old: Path, tmp_path: Path) -> None:
    content = old.read_bytes()
    lines = content.splitlines(keepends=True)
    trials_in: dict[int, list[Any]] = {0: []}
    for cut in range(len(content)):
        path = tmp_path / f"{cut}" / "record.csv"
        path.parent.mkdir()
        path.write_bytes(content[:cut])
        # A line without its end is whole.
        n_whole = sum(len(b"".join(lines[: n + 1])) - 1 <= cut for n in range(len(lines)))
        if n_whole not in trials_in:
            reference = tmp_path / "whole.csv"
            reference.write_bytes(b"".join(lines[:n_whole]))
            trials_in[n_whole] = contents(SearchRecord.load(reference))
        whole = trials_in[n_whole]
        record = quietly(lambda path=path: SearchRecord(path=path))
        assert contents(record) == whole, cut
        quietly(lambda record=record: record.append(trial(0.75)))
        assert contents(record)[:-1] == whole
        assert contents(quietly(lambda path=path: SearchRecord.load(path))) == contents(record)
        assert path.read_bytes().startswith(HEADER.encode())
        if cut >= len(lines[0]):
            backup = path.with_name("record.csv.0.1.backup")
            assert backup.read_bytes() == content[:cut]
        shutil.rmtree(path.parent)


@pytest.mark.usefixtures("fast_disk")
def test_a_damaged_file_of_0_1_loses_the_damaged_lines_alone_and_goes_on_reporting_them(
    tmp_path: Path,
) -> None:
    """Bytes changed, lost, and put in, at random."""
    rng = random.Random(0)
    n_lost = 0
    for number in range(300):
        old = rng.choice(OLD_FILES)
        content = bytearray(old.read_bytes())
        header = len(OLD_HEADER.encode())
        place = rng.randrange(header, len(content))
        match rng.randrange(3):
            case 0:
                content[place] ^= 1 << rng.randrange(8)
            case 1:
                del content[place : place + rng.randrange(1, 40)]
            case _:
                content[place:place] = rng.randbytes(5)
        path = tmp_path / str(number) / "record.csv"
        path.parent.mkdir()
        path.write_bytes(content)
        with warnings.catch_warnings(record=True) as first:
            warnings.simplefilter("always")
            record = SearchRecord(path=path)
        n_lost += bool(first)
        assert len(record) >= len(IN_0_1[old.name]) - 2
        before = contents(record)
        quietly(lambda record=record: record.append(trial(0.75)))
        with warnings.catch_warnings(record=True) as second:
            warnings.simplefilter("always")
            again = SearchRecord.load(path)
        assert contents(again) == contents(record)
        assert contents(again)[:-1] == before
        assert len(second) == len(first)
        backup = path.with_name("record.csv.0.1.backup")
        assert backup.read_bytes() == bytes(content)
    assert n_lost > 100


def test_an_upgrade_that_fails_leaves_the_old_file_and_the_trial_waits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(OLD_FILES[0], path)
    before = path.read_bytes()
    record = SearchRecord(path=path)

    def full(_: Path, __: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.warns(RecordWarning, match="No space left"):
            record.append(trial(0.75))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    record.append(trial(0.5))
    assert contents(SearchRecord.load(path)) == contents(record)


def test_an_earlier_backup_is_never_written_over(path: Path) -> None:
    for _ in range(3):
        shutil.copy(OLD_FILES[0], path)
        SearchRecord(path=path).append(trial(0.75))
    backups = sorted(path.parent.glob("*.backup"))
    assert [backup.name for backup in backups] == [
        "record.csv.0.1-2.backup", "record.csv.0.1-3.backup", "record.csv.0.1.backup",
    ]  # fmt: skip
    assert {backup.read_bytes() for backup in backups} == {OLD_FILES[0].read_bytes()}


def test_a_disk_without_links_gets_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(_: object, __: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    shutil.copy(OLD_FILES[0], path)
    SearchRecord(path=path).append(trial(0.75))
    assert path.with_name("record.csv.0.1.backup").read_bytes() == OLD_FILES[0].read_bytes()


def test_two_owners_of_a_file_of_0_1_mean_the_same_trials(path: Path) -> None:
    shutil.copy(next(old for old in OLD_FILES if old.name == "runs.csv"), path)
    one, other = SearchRecord(path=path), SearchRecord(path=path)
    one.append(trial(0.1))
    other.append(trial(0.2))
    other.forget(3)
    assert accuracies(SearchRecord.load(path)) == [0.9, *accuracies(other)[1:3], 0.1, 0.2]
    assert len(list(path.parent.glob("*.backup"))) == 1


def test_equal_lines_of_0_1_are_trials_of_their_own(path: Path) -> None:
    header, first = OLD_FILES[1].read_bytes().splitlines(keepends=True)[:2]
    path.write_bytes(header + first + first)
    record = SearchRecord(path=path)
    assert len({t.uuid for t in record}) == 2
    assert contents(SearchRecord.load(path)) == contents(record)


# -- two owners --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [0, 1])
def test_forgetting_in_one_record_leaves_the_others_trials_alone(path: Path, who: int) -> None:
    owners = SearchRecord(path=path), SearchRecord(path=path)
    for owner, accuracy in zip(owners, (0.1, 0.2), strict=True):
        owner.append(trial(accuracy))
        assert owner.trials[0].number == 1
    owners[who].forget(1)
    (left,) = owners[1 - who]
    assert accuracies(SearchRecord.load(path)) == [left.validation_accuracy]
    owners[1 - who].append(trial(0.3))
    assert accuracies(SearchRecord.load(path)) == [left.validation_accuracy, 0.3]


def test_what_one_record_has_forgotten_the_other_does_not_bring_back(path: Path) -> None:
    SearchRecord(path=path).append(trial(0.1))
    one, other = SearchRecord(path=path), SearchRecord(path=path)
    one.forget(1)
    shutil.copy(path, path.with_name("copy"))  # another file with the same content
    path.with_name("copy").replace(path)
    other.append(trial(0.2))
    assert accuracies(SearchRecord.load(path)) == [0.2]


def test_numbers_that_two_owners_gave_are_told_apart_in_the_file(path: Path) -> None:
    one, other = SearchRecord(path=path), SearchRecord(path=path)
    for n in range(3):
        one.append(trial(n / 10))
        other.append(trial(n / 10 + 0.5))
    read = SearchRecord(path=path)
    assert sorted(t.number for t in read) == list(range(1, 7))
    dropped = read.trials[3]
    read.forget(dropped.number)
    assert dropped.uuid not in {t.uuid for t in SearchRecord.load(path)}
    assert len(SearchRecord.load(path)) == 5


def test_two_processes_that_add_and_forget_at_once_lose_nothing(path: Path) -> None:
    shutil.copy(OLD_FILES[1], path)
    program = (
        "import sys; from hpt_widgets.search.records import SearchRecord;"
        "from hpt_widgets.search.trial import Trial;"
        "record = SearchRecord(path=sys.argv[1]); print(flush=True); input();"
        "own = [record.append(Trial(message=sys.argv[2])) for _ in range(60)];"
        "[record.forget(trial.number) for trial in own[::2]]"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, str(path), name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("one", "other")
    ]  # fmt: skip
    for process in processes:  # both have read the file
        process.stdout.readline()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait(timeout=600) for process in processes] == [0, 0]
    for process in processes:
        process.communicate()
    messages = [t.message for t in SearchRecord.load(path)]
    assert messages.count("one") == messages.count("other") == 30
    assert len(messages) == 60 + len(IN_0_1[OLD_FILES[1].name])


# -- lost while it is open ---------------------------------------------------------------------


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_its_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def replaced_by_an_empty_record(path: Path) -> None:
    SearchRecord().save(path)


def replaced_by_another_record(path: Path) -> None:
    other = SearchRecord()
    for _ in range(20):
        other.append(trial(0.9, message="of another record"))
    other.save(path)


def written_over_by_another_record(path: Path) -> None:
    replaced_by_another_record(path.with_name("other.csv"))
    path.write_bytes(path.with_name("other.csv").read_bytes())
    path.with_name("other.csv").unlink()


LOSSES = [
    removed, emptied, cut_in_its_header, cut_short, replaced_by_an_empty_record,
    replaced_by_another_record, written_over_by_another_record,
]  # fmt: skip


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
@pytest.mark.parametrize("was_there", [False, True], ids=["new", "opened"])
def test_a_file_that_is_lost_while_open_gets_all_trials_again(
    path: Path, lose: Callable[[Path], None], was_there: bool
) -> None:
    record = SearchRecord(path=path)
    for accuracy in (0.1, 0.2, 0.3):
        record.append(trial(accuracy))
    record.forget(2)
    if was_there:
        record = SearchRecord(path=path)
    lose(path)
    foreign = (
        [t for t in quietly(lambda: SearchRecord.load(path)) if t.message] if path.exists() else []
    )
    with pytest.warns(RecordWarning, match=r"record\.csv was removed, emptied or changed"):
        record.append(trial(0.4))
    read = quietly(lambda: SearchRecord.load(path))
    assert accuracies(record) == [0.1, 0.3, 0.4]
    own = [t for t in read if not t.message]
    assert sorted(t.uuid for t in own) == sorted(t.uuid for t in record)
    # What the other program has put there stays.
    assert [t.uuid for t in read if t.message] == [t.uuid for t in foreign]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        record.append(trial(0.5))
    assert len(quietly(lambda: SearchRecord.load(path))) == len(own) + len(foreign) + 1


def test_a_listener_is_told_instead(path: Path) -> None:
    record = SearchRecord(path=path)
    heard: list[str] = []
    record.on_warning = heard.append
    record.append(trial(0.1))
    path.unlink()
    record.append(trial(0.2))
    assert len(heard) == 1
    assert "1 trial(s) of this record were missing there" in heard[0]
    use_language("zh")
    try:
        path.unlink()
        record.append(trial(0.3))
    finally:
        use_language("en")
    assert "现已重新写入" in heard[1]


def test_a_file_that_a_spreadsheet_has_written_anew_is_no_loss(path: Path) -> None:
    record = SearchRecord(path=path)
    for accuracy in (0.1, 0.2):
        record.append(trial(accuracy))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        record.append(trial(0.3))
        assert contents(SearchRecord.load(path)) == contents(record)


def test_what_was_forgotten_stays_so_in_a_file_that_was_brought_back(path: Path) -> None:
    record = SearchRecord(path=path)
    record.append(trial(0.1))
    record.append(trial(0.2))
    before = path.read_bytes()
    record.forget(1)
    path.write_bytes(before)
    with pytest.warns(RecordWarning):
        record.append(trial(0.3))
    assert accuracies(SearchRecord.load(path)) == [0.2, 0.3]


def test_a_file_of_another_kind_that_took_its_place_is_left_alone(path: Path) -> None:
    record = SearchRecord(path=path)
    record.append(trial(0.1))
    for text in ("name,mark\nAnna,1\n" * 50, "one line", "\x00"):
        path.write_text(text)
        with pytest.warns(RecordWarning, match="a file of another kind is there"):
            record.append(trial(0.2))
        assert path.read_text() == text
    path.unlink()
    with pytest.warns(RecordWarning, match="written to it again"):
        record.append(trial(0.3))
    assert contents(SearchRecord.load(path)) == contents(record)
    assert len(record) == 5


def test_a_folder_that_is_removed_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "record.csv"
    record = SearchRecord(path=path)
    record.append(trial(0.1))
    shutil.rmtree(path.parent)
    with pytest.warns(RecordWarning, match="was removed"):
        record.append(trial(0.2))
    assert contents(SearchRecord.load(path)) == contents(record)


# -- text in a spreadsheet ---------------------------------------------------------------------

DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1", " =1+1",
    "＝1+1", "＋1", "－1", "＠SUM(A1)", "'=1", '"=1', "a;=1+1", "a; +1", 'a;"=1', "a\t=1", "-",
]  # fmt: skip
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")


def cells_that_are_computed(text: str, delimiter: str) -> Iterator[str]:
    for row in csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=delimiter):
        for cell in row:
            if FORMULA.match(cell) and not re.fullmatch(r"-?[0-9.e+-]+|-?Infinity", cell):
                yield cell


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_computed_by_a_spreadsheet_and_all_is_read_as_it_was(
    path: Path, text: str, delimiter: str
) -> None:
    record = SearchRecord(path=path)
    record.append(Trial({"activation": text, text: text, "seed": (text,)}, text, message=text))
    record.append(Trial({"learning_rate": -0.5, "own": {text: [text]}}, message=f"{text};{text}"))
    for written in (path, record.save(path.with_name("saved.csv"))):
        content = written.read_text(encoding="utf-8", newline="")
        assert list(cells_that_are_computed(content, delimiter)) == []
        assert contents(SearchRecord.load(written)) == contents(record)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.sampled_from("=+-@＝;,\"' \t\r\na1"), max_size=8), st.sampled_from(",;"))
def test_no_text_of_such_signs_is_computed(tmp_path: Path, text: str, delimiter: str) -> None:
    record = SearchRecord()
    record.append(Trial({"activation": text, text or "x": text}, text or "x", message=text))
    content = record.save(tmp_path / "saved.csv").read_text(encoding="utf-8", newline="")
    assert list(cells_that_are_computed(content, delimiter)) == []
    assert contents(SearchRecord.load(tmp_path / "saved.csv")) == contents(record)


# -- what a trial and a path may be ------------------------------------------------------------


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"a": inner}
    return inner


def in_itself() -> dict[str, Any]:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    return endless


def list_in_itself() -> dict[str, Any]:
    endless: list[Any] = []
    endless.append(endless)
    return {"list": endless}


class NoText:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        (nested(2_000), "at most 50 levels of lists and dictionaries"),
        (nested(100_000), "at most 50 levels"),
        (in_itself(), "none of which holds itself"),
        (list_in_itself(), "none of which holds itself"),
        ({"n": 10**5000}, "whole numbers of at most 300 digits"),
        ({"n": [-(10**300)]}, "whole numbers of at most 300 digits"),
        ({"n": NoText()}, "an object that cannot be written as text"),
        ({NoText(): 1}, "an object that cannot be written as text"),
    ],
    ids=["deep", "very deep", "in itself", "list in itself", "long", "long list", "no text", "key"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_value_that_no_file_can_hold_is_refused_by_trial(
    values: dict[Any, Any], allowed: str, language: str
) -> None:
    use_language(language)
    try:
        with pytest.raises((ValueError, TypeError), match=r"^hyperparameters=") as caught:
            Trial(values)
    finally:
        use_language("en")
    assert len(str(caught.value)) < 400
    if language == "en":
        assert allowed in str(caught.value)


def test_what_is_just_allowed_goes_through_a_file(path: Path) -> None:
    record = SearchRecord(path=path)
    record.append(Trial({"n": 10**MOST_DIGITS - 1, "deep": nested(MOST_LEVELS - 2)}))
    assert contents(SearchRecord.load(path)) == contents(record)


@pytest.mark.parametrize("wrong", ["x" * 300, "a\0b", "folder/" + "x" * 300])
@pytest.mark.parametrize(
    "use",
    [lambda p: SearchRecord("manual", p), SearchRecord.load, SearchRecord().save],
    ids=["open", "load", "save"],
)
def test_a_path_that_no_file_can_have_is_named(
    wrong: str, use: Callable[[str], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match=r"^path='.* cannot be the name of a file here"):
        use(wrong)


def test_a_number_as_large_as_can_be_leaves_room_for_the_next_trial() -> None:
    record = SearchRecord()
    record.append(trial(0.1, number=10**15))
    assert record.append(trial(0.2)).number == 1
    assert record.append(trial(0.3)).number == 2


# -- links -------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not everybody make links")
def test_saving_to_a_link_writes_what_it_points_to(tmp_path: Path) -> None:
    target, link = tmp_path / "disk" / "record.csv", tmp_path / "record.csv"
    target.parent.mkdir()
    link.symlink_to(target)
    record = SearchRecord()
    for accuracy in (0.1, 0.2):  # there is nothing yet, and something
        record.append(trial(accuracy))
        record.save(link)
        assert link.is_symlink()
        assert contents(SearchRecord.load(target)) == contents(record)
    shutil.copy(OLD_FILES[0], target)
    SearchRecord(path=link).append(trial(0.3))
    assert link.is_symlink()
    assert sorted(p.name for p in target.parent.iterdir()) == [
        "record.csv", "record.csv.0.1.backup",
    ]  # fmt: skip


# -- many trials -------------------------------------------------------------------------------


class Counting(int):
    """A number that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counting.compared += 1
        return int(self) == other

    __hash__ = int.__hash__


def test_a_trial_is_compared_with_no_other_when_it_is_added(monkeypatch: Any) -> None:
    record = SearchRecord()
    n_trials = 2_000
    for n in range(1, n_trials + 1):
        made = trial(0.5)
        object.__setattr__(made, "number", Counting(n))
        record.append(made)
    # Each asks once whether its number is taken; in a table a few numbers share a place.
    assert Counting.compared <= 5 * n_trials
    for n in range(1, n_trials, 2):
        record.forget(n)
    assert Counting.compared <= 15 * n_trials


def test_threads_that_append_to_a_lost_file_lose_nothing(path: Path) -> None:
    record = SearchRecord(path=path)
    heard: list[str] = []
    record.on_warning = heard.append
    start = threading.Barrier(5)

    def add() -> None:
        start.wait()
        for _ in range(20):
            record.append(trial(0.5))

    def lose() -> None:
        start.wait()
        for _ in range(20):
            path.unlink(missing_ok=True)

    threads = [threading.Thread(target=work) for work in (add, add, add, add, lose)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    record.append(trial(0.6))
    assert sorted(contents(SearchRecord.load(path))) == sorted(contents(record))
    # Each of them once, and the header.
    assert path.read_bytes().count(b"\n") == len(record) + 1


def test_a_trial_with_points_of_one_number_is_read_without_them(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    SearchRecord(path=path).append(trial(0.9, history=((10, 0.25), (20, 0.75))))
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("[10.0, 0.25]", "[0.25]"), encoding="utf-8")
    (found,) = SearchRecord.load(path)
    assert found.validation_accuracy == 0.9
    assert found.history == ((20.0, 0.75),)
