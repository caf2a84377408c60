"""The log of a project: lines that are only added, each with the digest of the one before.

Beside the log lies its seal: the number and the digest of the newest line, so that lines which
are cut off at the end are noticed too. Nothing here is secret: whoever writes log and seal anew
as a whole leaves no trace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hpt_widgets.support.files import append_whole, open_to_append, replace_file

# Before the first line.
START: Final = "0" * 64
SEAL_SUFFIX: Final = ".seal"


@dataclass(frozen=True)
class Entry:
    """One line of a log.

    Attributes
    ----------
    number : int
        Its place, from 1.
    kind : str
        What happened, such as ``"fit"``.
    when : str
        When it was written, in ISO 8601.
    content : dict of str to object
        What there is to know of it.
    previous, digest : str
        SHA-256 sums of the line before and of this one.
    """

    number: int
    kind: str
    when: str
    content: dict[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True)
class Fault:
    """What shows that a log was altered.

    Attributes
    ----------
    kind : {"edited", "removed", "moved", "end", "seal"}
        A line was changed; lines are missing; lines stand elsewhere; the end is missing; the seal
        does not belong to the log.
    number : int
        The line at which it shows.
    """

    kind: str
    number: int


@dataclass(frozen=True)
class Reading:
    """What a log holds.

    Attributes
    ----------
    entries : tuple of Entry
        All lines that are whole, in the order of the file.
    faults : tuple of Fault
        Empty where nothing shows that it was altered.
    n_torn : int
        Lines that were never finished, as a kernel leaves them that is killed while it writes.
    """

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    n_torn: int


class LogFile:
    """The log of one project; several kernels may add to it.

    Parameters
    ----------
    path : Path
        Where it is, or is to be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def seal_path(self) -> Path:
        """Where the number and the digest of the newest line are kept."""
        return self.path.with_name(self.path.name + SEAL_SUFFIX)

    def append(self, kind: str, content: dict[str, Any]) -> Entry:
        """Add a line, and flush it to the disk.

        Parameters
        ----------
        kind : str
            What happened.
        content : dict of str to object
            What JSON can hold.

        Returns
        -------
        Entry
            The line as written.

        Raises
        ------
        OSError
            If it can't be written; the file is as it was.
        """
        when = datetime.now().astimezone().isoformat(timespec="milliseconds")
        with open_to_append(self.path) as file:
            file.seek(0)
            held = file.read()
            last = _last_entry(held)
            number, previous = (last.number + 1, last.digest) if last else (1, START)
            entry = _entry(number, kind, when, content, previous)
            gap = b"\n" if held and not held.endswith(b"\n") else b""
            append_whole(file, gap + _line(entry), len(held))
            # A seal that does not belong to the log stays as it is, so that it goes on telling.
            if _is_sealed(last, self._seal()):
                seal = {"number": entry.number, "digest": entry.digest}
                replace_file(self.seal_path, json.dumps(seal).encode())
        return entry

    def read(self) -> Reading:
        """Read the log, and look for signs that it was altered."""
        if not self.path.exists():
            return _reading(b"", self._seal())
        try:
            # While nobody writes: between a line and its seal the two differ.
            with open_to_append(self.path) as file:
                file.seek(0)
                return _reading(file.read(), self._seal())
        except OSError:  # a log that was handed in, in a folder where nobody may write
            return _reading(self.path.read_bytes(), self._seal())

    def _seal(self) -> tuple[int, str] | None:
        try:
            found = json.loads(self.seal_path.read_bytes())
            return int(found["number"]), str(found["digest"])
        except (OSError, ValueError, TypeError, KeyError):
            return None


def _reading(content: bytes, seal: tuple[int, str] | None) -> Reading:
    lines = [line for line in content.split(b"\n") if line.strip()]
    parsed = [_parsed(line) for line in lines]
    entries = tuple(entry for entry in parsed if entry is not None)
    faults = [*_broken_links(entries), *_broken_seal(entries, seal)]
    return Reading(entries, tuple(faults), len(parsed) - len(entries))


def _broken_links(entries: Iterable[Entry]) -> Iterable[Fault]:
    number, digest = 0, START
    for entry in entries:
        if entry.digest != _digest(entry):
            yield Fault("edited", entry.number)
        elif entry.number > number + 1:
            yield Fault("removed", entry.number)
        elif entry.number <= number:
            yield Fault("moved", entry.number)
        elif entry.previous != digest:
            yield Fault("edited", number)
        number, digest = entry.number, entry.digest


def _broken_seal(entries: tuple[Entry, ...], seal: tuple[int, str] | None) -> Iterable[Fault]:
    last = entries[-1].number if entries else 0
    # A kernel that is killed between a line and its seal leaves the seal one line behind.
    if seal is None:
        if last > 1:
            yield Fault("seal", last)
        return
    number, digest = seal
    if number > last:
        yield Fault("end", last)
    elif number < last - 1 or digest not in {e.digest for e in entries if e.number == number}:
        yield Fault("seal", number)


def _is_sealed(last: Entry | None, seal: tuple[int, str] | None) -> bool:
    """Return whether a seal is that of the last line, or of the one before it."""
    if last is None or seal is None:
        return seal is None and (last is None or last.number == 1)
    return seal in ((last.number, last.digest), (last.number - 1, last.previous))


def _last_entry(content: bytes) -> Entry | None:
    end = len(content)
    while end > 0:
        start = content.rfind(b"\n", 0, end) + 1
        entry = _parsed(content[start:end])
        if entry is not None:
            return entry
        end = start - 1
    return None


def _parsed(line: bytes) -> Entry | None:
    """Return what a line holds, None where it is not whole."""
    try:
        found = json.loads(line)
        entry = Entry(**{name: found[name] for name in Entry.__dataclass_fields__})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_sound = isinstance(entry.number, int) and isinstance(entry.content, dict)
    return entry if is_sound and isinstance(entry.kind, str) else None


def _entry(number: int, kind: str, when: str, content: dict[str, Any], previous: str) -> Entry:
    # As it will be read: tuples are lists there.
    plain = json.loads(json.dumps(content))
    unsigned = Entry(number, kind, when, plain, previous, "")
    return Entry(number, kind, when, plain, previous, _digest(unsigned))


def _digest(entry: Entry) -> str:
    signed = [entry.number, entry.previous, entry.when, entry.kind, entry.content]
    text = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _line(entry: Entry) -> bytes:
    text = json.dumps(dict(entry.__dict__), ensure_ascii=False)
    return text.encode(errors="surrogatepass") + b"\n"
