"""The log of a project: added to by several kernels, and what shows that it was altered."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpt_widgets.project import log_file
from hpt_widgets.project.log_file import LogFile
from hpt_widgets.support import files


@pytest.fixture
def log(tmp_path: Path) -> LogFile:
    """Return a log of six entries."""
    log = LogFile(tmp_path / "projects" / "mine.jsonl")
    for number in range(6):
        log.append("fit", {"accuracy": number / 7, "units": (8, 6), "words": "准确率 ½\u2028"})
    return log


def lines_of(log: LogFile) -> list[bytes]:
    return log.path.read_bytes().splitlines(keepends=True)


def kinds_of_faults(log: LogFile) -> set[str]:
    return {fault.kind for fault in log.read().faults}


def test_what_was_written_is_read(log: LogFile) -> None:
    reading = log.read()
    assert [entry.number for entry in reading.entries] == [1, 2, 3, 4, 5, 6]
    assert reading.faults == ()
    assert reading.n_torn == 0
    assert reading.entries[3].content == {
        "accuracy": 3 / 7,
        "units": [8, 6],
        "words": "准确率 ½\u2028",
    }


def test_a_log_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "none.jsonl")
    assert log.read().entries == ()
    assert log.read().faults == ()
    assert not log.path.exists()


def edited(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b"0.42857", b"0.92857") for line in lines]


def edited_with_its_digest(lines: list[bytes]) -> list[bytes]:
    """Write the fourth line anew as an honest log would have it, after the same third."""
    entry = json.loads(lines[3])
    made = log_entry_like(entry, {**entry["content"], "accuracy": 0.99})
    return [*lines[:3], made, *lines[4:]]


def log_entry_like(entry: dict[str, object], content: dict[str, object]) -> bytes:
    signed = [entry["number"], entry["previous"], entry["when"], entry["kind"], content]
    text = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return json.dumps({**entry, "content": content, "digest": digest}).encode() + b"\n"


@pytest.mark.parametrize(
    ("forge", "kinds"),
    [
        (edited, {"edited"}),
        (edited_with_its_digest, {"edited"}),
        (lambda lines: [*lines[:5], lines[5].replace(b"0.71", b"0.99")], {"edited"}),
        (lambda lines: lines[1:], {"removed"}),
        (lambda lines: lines[:2] + lines[3:], {"removed"}),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], {"removed", "moved"}),
        (lambda lines: [*lines, lines[2]], {"moved", "end"}),
        (lambda lines: lines[:5], {"end"}),
        (lambda lines: lines[:0], {"end"}),
        (lambda lines: [*lines[:2], lines[2][:40] + b"\n", *lines[3:]], {"removed"}),
        (lambda lines: [*lines[:5], lines[5][:40]], {"end"}),
    ],
)
def test_a_forged_log_is_noticed(
    log: LogFile, forge: Callable[[list[bytes]], list[bytes]], kinds: set[str]
) -> None:
    log.path.write_bytes(b"".join(forge(lines_of(log))))
    assert kinds <= kinds_of_faults(log)
    # What is added later does not mend it.
    log.append("fit", {})
    assert kinds_of_faults(log)


def test_a_log_that_was_taken_away_is_noticed(log: LogFile) -> None:
    log.path.unlink()
    assert kinds_of_faults(log) == {"end"}


def test_a_seal_that_is_gone_or_of_another_log_is_noticed(log: LogFile, tmp_path: Path) -> None:
    seal = log.seal_path.read_bytes()
    log.seal_path.unlink()
    assert kinds_of_faults(log) == {"no_seal"}
    # Whoever handed the log in without it has altered nothing.
    assert log.read().alterations == ()
    other = LogFile(tmp_path / "other.jsonl")
    for _ in range(6):
        other.append("fit", {})
    log.seal_path.write_bytes(other.seal_path.read_bytes())
    assert kinds_of_faults(log) == {"seal"}
    log.seal_path.write_bytes(seal)
    assert kinds_of_faults(log) == set()


def test_a_line_that_a_killed_kernel_left_unfinished_is_no_forgery(log: LogFile) -> None:
    content = log.path.read_bytes()
    log.path.write_bytes(content + lines_of(log)[4][:57])
    reading = log.read()
    assert len(reading.entries) == 6
    assert (reading.faults, reading.n_torn) == ((), 1)
    log.append("fit", {"accuracy": 1.0})
    reading = log.read()
    assert [entry.number for entry in reading.entries] == [1, 2, 3, 4, 5, 6, 7]
    assert (reading.faults, reading.n_torn) == ((), 1)


def test_what_an_editor_puts_before_and_between_the_lines_is_no_forgery(log: LogFile) -> None:
    log.path.write_bytes(b"\xef\xbb\xbf" + log.path.read_bytes().replace(b"\n", b"\r\n"))
    reading = log.read()
    assert (len(reading.entries), reading.faults, reading.n_torn) == (6, (), 0)


@pytest.mark.parametrize("name", ["kind", "when", "previous", "digest"])
def test_a_line_of_nonsense_is_none(log: LogFile, name: str) -> None:
    lines = lines_of(log)
    lines[2] = json.dumps({**json.loads(lines[2]), name: [1]}).encode() + b"\n"
    log.path.write_bytes(b"".join(lines))
    assert len(log.read().entries) == 5
    assert kinds_of_faults(log) == {"removed"}


def test_a_kernel_that_was_killed_before_the_seal_is_no_forger(log: LogFile) -> None:
    seal = log.seal_path.read_bytes()
    log.append("fit", {})
    log.seal_path.write_bytes(seal)
    assert log.read().faults == ()
    log.append("fit", {})
    assert log.read().faults == ()


def test_a_seal_that_a_synchronised_folder_left_behind_is_no_forgery(log: LogFile) -> None:
    seal = log.seal_path.read_bytes()
    for _ in range(3):
        log.append("fit", {})
    content = log.path.read_bytes()
    log.seal_path.write_bytes(seal)
    reading = log.read()
    assert (reading.faults, reading.sealed_until) == ((), 6)
    # The next line heals it, and from then on all is noticed again.
    log.append("fit", {})
    reading = log.read()
    assert (reading.faults, reading.sealed_until) == ((), None)
    log.path.write_bytes(content)
    assert kinds_of_faults(log) == {"end"}
    # Where the chain is broken, such a seal proves nothing and stays as it is.
    lines = content.splitlines(keepends=True)
    log.path.write_bytes(b"".join([*lines[:7], *lines[8:]]))
    log.seal_path.write_bytes(seal)
    log.append("fit", {})
    assert kinds_of_faults(log) == {"removed", "seal"}
    assert log.seal_path.read_bytes() == seal


def test_a_log_that_another_kernel_keeps_is_left_whole(
    log: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = log.path.read_bytes()
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.0)
    with files.open_to_append(log.path), pytest.raises(OSError, match=r"mine\.jsonl"):
        log.append("fit", {})
    assert log.path.read_bytes() == before


def test_a_line_whose_seal_cannot_be_written_is_taken_back(
    log: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = log.path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(log_file, "replace_file", full)
        with pytest.raises(OSError, match="No space left"):
            log.append("opening", {})
    assert log.path.read_bytes() == before
    log.append("opening", {})
    assert (len(log.read().entries), log.read().faults) == (7, ())


def test_two_kernels_add_to_one_log(log: LogFile) -> None:
    def add(kernel: int) -> None:
        own = LogFile(log.path)
        for number in range(10):
            own.append("fit", {"kernel": kernel, "number": number})

    threads = [threading.Thread(target=add, args=(kernel,)) for kernel in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reading = log.read()
    assert reading.faults == ()
    assert [entry.number for entry in reading.entries] == list(range(1, 37))


NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(contents=st.lists(st.dictionaries(st.text(), JSON, max_size=3), min_size=1, max_size=4))
def test_whatever_is_logged_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, contents: list[dict[str, object]]
) -> None:
    log = LogFile(tmp_path_factory.mktemp("log") / "any.jsonl")
    for content in contents:
        log.append("fit", content)
    reading = log.read()
    assert reading.faults == ()
    assert [entry.content for entry in reading.entries] == contents
