"""The file of a record: read as far as it is whole, added to, and written anew if it is lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import IO, Final

from hpt_widgets.language import translate
from hpt_widgets.search.numbered_trials import NumberedTrials
from hpt_widgets.search.record_format import (
    COLUMNS,
    HEADER,
    Forgotten,
    Header,
    Line,
    forgotten_line,
    read_header,
    read_lines,
    trial_line,
)
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.files import append_whole, ends_with_newline, open_to_append, replace_file

# The end of a line has the trial's UUID in it: whoever finds it there finds all before it too.
_TAIL_BYTES: Final = 128


def replay(
    lines: Iterable[Line], trials: NumberedTrials
) -> Iterator[tuple[Line, Trial | Forgotten | None]]:
    """Take the lines of a file in, and say of each what it came to; None if it is damaged."""
    for line in lines:
        yield line, _apply(line.content, trials)


def _apply(content: Trial | Forgotten | None, trials: NumberedTrials) -> Trial | Forgotten | None:
    if isinstance(content, Trial):
        # Whoever restores a file may write a trial that is there already.
        return content if trials.knows(content.uuid) else trials.add(content)
    if content is None:
        return None
    found = trials.find(content.number) if content.uuid is None else None
    uuid = content.uuid if found is None else found.uuid
    if uuid is None or not trials.knows(uuid):
        return None
    trials.drop(uuid)
    return Forgotten(content.number, uuid)


def check_header(path: Path, content: bytes) -> Header:
    """Return the header of a file.

    Raises
    ------
    ValueError
        If the file is no record.
    """
    header = read_header(content.partition(b"\n")[0])
    if not header.is_record:
        expected = ",".join(COLUMNS[:3])
        raise ValueError(translate("records.not_a_record", path=path, expected=expected))
    return header


class RecordFile:
    """The file that a record lives in.

    Parameters
    ----------
    path : Path
        Where it is, or is to be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._end = 0
        self._tail = b""

    def read(self) -> bytes:
        """Return what it holds."""
        content = self.path.read_bytes()
        self._remember(len(content), content)
        return content

    def append(self, lines: list[str], missing: Callable[[NumberedTrials], list[str]]) -> int:
        """Add lines and flush them to the disk: all of them or none.

        Parameters
        ----------
        lines : list of str
            What is to be added.
        missing : callable
            Where the file is not as it was left: takes the trials that it holds, and returns
            the lines that it lacks, those of `lines` among them.

        Returns
        -------
        int
            How many lines had to be written again.

        Raises
        ------
        OSError
            If they cannot be written; the file is as it was.
        """
        while True:
            with open_to_append(self.path) as file:
                file.seek(0)
                first = file.readline()
                if not read_header(first.rstrip(b"\n")).is_0_1 or not first.endswith(b"\n"):
                    return self._append(file, first, lines, missing)
                content = first + file.read()
                if os.name == "nt":
                    file.close()  # Windows replaces no file that is open
                _upgrade(self.path, content)

    def _append(
        self,
        file: IO[bytes],
        first: bytes,
        lines: list[str],
        missing: Callable[[NumberedTrials], list[str]],
    ) -> int:
        size = file.seek(0, os.SEEK_END)
        is_new = not first.endswith(b"\n")
        self._check_is_record(first)
        needed = lines
        if not self._is_as_left(file, size) or (is_new and self._end):
            needed = missing(NumberedTrials() if is_new else self._held(file))
        text = "".join(needed).encode()
        if is_new:
            size = 0
            file.truncate(0)
            text = HEADER.encode() + text
        elif not ends_with_newline(file):
            text = b"\n" + text
        append_whole(file, text, size)
        self._remember(size + len(text), text)
        return len(set(needed) - set(lines))

    def _is_as_left(self, file: IO[bytes], size: int) -> bool:
        """Return whether what this record has read or written is still there."""
        file.seek(self._end - len(self._tail))
        return size >= self._end and file.read(len(self._tail)) == self._tail

    def _held(self, file: IO[bytes]) -> NumberedTrials:
        file.seek(0)
        trials = NumberedTrials()
        for _ in replay(read_lines(file.read()), trials):
            pass
        return trials

    def _check_is_record(self, first: bytes) -> None:
        """Refuse to add to a file of another kind that has taken this one's place."""
        if not read_header(first.rstrip(b"\n")).is_record:
            raise FileExistsError(errno.EEXIST, translate("records.in_the_way"), str(self.path))

    def _remember(self, end: int, text: bytes) -> None:
        self._end = end
        self._tail = text[-_TAIL_BYTES:]


def _upgrade(path: Path, content: bytes) -> None:
    """Replace a file of version 0.1 by one of today's, and keep the old one beside it."""
    trials = NumberedTrials()
    text = [HEADER.encode()]
    for line, outcome in replay(read_lines(content), trials):
        if isinstance(outcome, Trial):
            text.append(trial_line(outcome).encode())
        elif isinstance(outcome, Forgotten) and outcome.uuid is not None:
            text.append(forgotten_line(outcome.number, outcome.uuid).encode())
        else:  # damaged: it is reported as often as the file is read
            text.append(line.raw + b"\n")
    backup = _keep_beside(Path(os.path.realpath(path)))
    try:
        replace_file(path, b"".join(text))
    except OSError:
        backup.unlink()
        raise


def _keep_beside(path: Path) -> Path:
    """Give a file a second name, under which it stays when it is replaced."""
    names = (f"{path.name}.0.1{end}.backup" for end in chain([""], (f"-{n}" for n in count(2))))
    backup = next(path.with_name(name) for name in names if not path.with_name(name).exists())
    try:
        os.link(path, backup)
    except OSError:  # a file system without links
        shutil.copy2(path, backup)
    return backup
