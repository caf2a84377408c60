"""Files that are replaced as a whole, and files that several processes add to."""

from __future__ import annotations

import errno
import io
import os
import stat
import threading
from pathlib import Path

import pytest
from patience import SECONDS

import hpt_widgets as hpt
from hpt_widgets.support.files import (
    append_whole,
    ends_with_newline,
    open_to_append,
    replace_file,
)

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such links and modes")


@posix
def test_a_link_stays_one_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    target, link, to_link = tmp_path / "target", tmp_path / "link", tmp_path / "to-link"
    link.symlink_to("target")
    to_link.symlink_to(link)
    for content in (b"not there yet", b"there"):
        replace_file(to_link, content)
        assert target.read_bytes() == content
        assert link.is_symlink()
        assert to_link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, target, to_link]


@posix
def test_what_others_may_do_with_a_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, b"one")
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    path.chmod(0o640)
    replace_file(path, b"other")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "shutil.copymode"])
def test_a_file_that_cannot_be_replaced_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"other")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_whoever_waits_for_a_file_that_is_replaced_meanwhile_gets_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    path = tmp_path / "file"
    path.write_bytes(b"old")
    waits = threading.Event()
    lock = fcntl.flock

    def tell_and_lock(file: object, kind: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            waits.set()
        lock(file, kind)  # type: ignore[arg-type]

    monkeypatch.setattr("fcntl.flock", tell_and_lock)
    found: list[bytes] = []

    def add() -> None:
        with open_to_append(path) as file:
            file.seek(0)
            found.append(file.read())
            file.write(b", added to")

    thread = threading.Thread(target=add)
    with open_to_append(path):
        thread.start()
        assert waits.wait(SECONDS)
        replace_file(path, b"new")
    thread.join()
    assert found == [b"new"]
    assert path.read_bytes() == b"new, added to"


@posix
def test_a_process_that_keeps_a_file_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hpt_widgets.support.files.LOCK_SECONDS", 0.0)
    path = tmp_path / "file"
    with open_to_append(path) as kept, open_to_append(path) as file:
        file.write(b"two")
        kept.write(b" owners")
    assert path.read_bytes() == b"two owners"


@posix
def test_a_disk_without_locks_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with open_to_append(tmp_path / "file") as file:
        file.write(b"one")
    assert (tmp_path / "file").read_bytes() == b"one"


def test_whoever_needs_the_lock_is_told_that_another_has_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hpt_widgets.support.files.LOCK_SECONDS", 0.0)
    path = tmp_path / "file"
    with open_to_append(path) as kept:
        with (
            pytest.raises(TimeoutError, match="in use by another program") as caught,
            open_to_append(path, needs_lock=True),
        ):
            pytest.fail("it was opened all the same")
        assert caught.value.filename == str(path)
        kept.write(b"one")
        hpt.use_language("zh")
        with (
            pytest.raises(TimeoutError, match="正被其他程序使用"),
            open_to_append(path, needs_lock=True),
        ):
            pytest.fail("it was opened all the same")
    with open_to_append(path, needs_lock=True) as file:
        file.write(b" owner")
    assert path.read_bytes() == b"one owner"


class WindowsLocks:
    """What Windows's ``msvcrt`` does: nobody else locks, reads or writes the bytes from here on."""

    LK_UNLCK, LK_LOCK, LK_NBLCK = 0, 1, 2

    def __init__(self) -> None:
        self.held: dict[tuple[int, int], int] = {}
        self.error = errno.EACCES

    def locking(self, descriptor: int, mode: int, n_bytes: int) -> None:
        place = os.fstat(descriptor).st_ino, os.lseek(descriptor, 0, os.SEEK_CUR)
        assert n_bytes == 1
        if mode == self.LK_NBLCK:
            self.held.setdefault(place, descriptor)
        if self.held.get(place) != descriptor:
            raise OSError(self.error, "Permission denied")
        if mode == self.LK_UNLCK:
            del self.held[place]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> WindowsLocks:
    made = WindowsLocks()
    monkeypatch.setattr("hpt_widgets.support.files.fcntl", None)
    monkeypatch.setattr("hpt_widgets.support.files.msvcrt", made)
    monkeypatch.setattr("hpt_widgets.support.files.LOCK_SECONDS", 0.0)
    return made


def test_windows_has_a_lock_too(tmp_path: Path, windows: WindowsLocks) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one\n")
    with open_to_append(path, needs_lock=True) as file:
        ((_, place),) = windows.held
        assert place > 2**29, "what is read and written must not be locked itself"
        with pytest.raises(TimeoutError), open_to_append(path, needs_lock=True):
            pytest.fail("it was opened all the same")
        with open_to_append(path) as unlocked:
            unlocked.write(b"two\n")
        append_whole(file, b"three\n", 8)
    assert windows.held == {}
    assert path.read_bytes() == b"one\ntwo\nthree\n"
    with pytest.raises(OverdueError), open_to_append(path):
        raise OverdueError
    with open_to_append(path) as file:
        file.close()  # Windows replaces no file that is open, and has no lock on a closed one
        windows.held.clear()
    windows.error = errno.EINVAL  # a network drive without locks
    windows.held[path.stat().st_ino, place] = -1
    with open_to_append(path, needs_lock=True) as file:
        file.write(b"four\n")
    assert path.read_bytes().endswith(b"four\n")


class OverdueError(Exception):
    """What goes wrong while a file is open."""


class FullDisk(io.BytesIO):
    """A file of a disk that takes some bytes more, and perhaps lets nothing be cut back."""

    def __init__(self, room: int, *, can_cut: bool) -> None:
        super().__init__(b"one\n")
        self.seek(0, os.SEEK_END)
        self._room = room
        self._can_cut = can_cut

    def write(self, content: object) -> int:
        taken = bytes(content)[: self._room]  # type: ignore[call-overload]
        if not taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._room -= len(taken)
        return super().write(taken)

    def truncate(self, size: int | None = None) -> int:
        if not self._can_cut:
            raise OSError(errno.EIO, "Input/output error")
        return super().truncate(size)


@pytest.mark.parametrize("can_cut", [True, False])
def test_what_does_not_fit_is_taken_back_and_the_disks_own_error_told(can_cut: bool) -> None:
    file = FullDisk(room=2, can_cut=can_cut)
    with pytest.raises(OSError, match="No space left"):
        append_whole(file, b"other\n", 4)
    assert file.getvalue() == (b"one\n" if can_cut else b"one\not")


def test_what_does_not_fit_takes_no_line_of_anothers_along() -> None:
    """Of another process that waited no longer for the lock."""

    class Shared(FullDisk):
        def write(self, content: object) -> int:
            try:
                return super().write(content)
            except OSError:
                io.BytesIO.write(self, b"another's\n")
                raise

    file = Shared(room=2, can_cut=True)
    with pytest.raises(OSError, match="No space left"):
        append_whole(file, b"other\n", 4)
    assert file.getvalue() == b"one\notanother's\n"


def test_what_the_disk_takes_in_pieces_is_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr("os.fsync", flushed.append)
    path = tmp_path / "file"

    class Slow:
        def write(self, content: bytes) -> int:
            return file.write(content[:2])

        def fileno(self) -> int:
            return file.fileno()

    with open_to_append(path) as file:
        append_whole(Slow(), b"other\n", 0)  # type: ignore[arg-type]
        assert flushed == [file.fileno()]
    assert path.read_bytes() == b"other\n"


@pytest.mark.parametrize(
    ("content", "ends"), [(b"", True), (b"one", False), (b"one\n", True), (b"\n", True)]
)
def test_a_line_that_was_cut_short_is_noticed(tmp_path: Path, content: bytes, ends: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with open_to_append(path) as file:
        assert ends_with_newline(file) == ends
