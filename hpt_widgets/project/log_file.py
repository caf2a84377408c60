"""The log of a project: lines that are only added, each with the digest of the one before.

Beside the log lies its seal: the number and the digest of the newest line, so that lines which
are cut off at the end are noticed too. Nothing here is secret: whoever writes log and seal anew
as a whole leaves no trace.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from hpt_widgets.support.files import append_whole, open_to_append, replace_file

# Before the first line.
START: Final = "0" * 64
SEAL_SUFFIX: Final = ".seal"
NO_SEAL: Final = "no_seal"
# Some editors put it before what they save.
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


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
    kind : {"edited", "removed", "moved", "end", "seal", "label", "no_seal"}
        A line was changed; lines are missing; lines stand elsewhere; the end is missing; the seal
        does not belong to the log; the first line of a file to hand in was changed; there is no
        seal, which shows nothing but that it was not handed in.
    number : int
        The line at which it shows.
    """

    kind: str
    number: int


# The number and the digest of the newest line.
Seal = tuple[int, str]


@dataclass(frozen=True)
class Reading:
    """What a log holds.

    Attributes
    ----------
    entries : tuple of Entry
        All lines that are whole, in the order of the file.
    faults : tuple of Fault
        Empty where the log is whole.
    n_torn : int
        Lines that were never finished, as a kernel leaves them that is killed while it writes.
    sealed_until : int, optional
        The line up to which the seal shows that none is missing, where that is neither the last
        one nor the one before it.
    """

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    n_torn: int
    sealed_until: int | None = None

    @property
    def alterations(self) -> tuple[Fault, ...]:
        """The faults that show that the log was altered."""
        return tuple(fault for fault in self.faults if fault.kind != NO_SEAL)


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
        # Two lines after the same one would look like a forgery.
        with open_to_append(self.path, needs_lock=True) as file:
            file.seek(0)
            held = file.read()
            last = _last_entry(held)
            number, previous = (last.number + 1, last.digest) if last else (1, START)
            entry = _entry(number, kind, when, content, previous)
            gap = b"\n" if held and not held.endswith(b"\n") else b""
            append_whole(file, gap + _line(entry), len(held))
            # A seal that does not belong to the log stays as it is, so that it goes on telling.
            if _is_sealed(last, held, self._seal()):
                seal = {"number": entry.number, "digest": entry.digest}
                self._write_seal(seal, file, len(held))
        return entry

    def _write_seal(self, seal: dict[str, Any], file: IO[bytes], size: int) -> None:
        """Write the seal of a new line; where that fails, take the line back."""
        try:
            replace_file(self.seal_path, json.dumps(seal).encode())
        except OSError:
            # Whoever is told that nothing was written tries again: it would be there twice.
            with contextlib.suppress(OSError):
                file.truncate(size)
            raise

    def read(self) -> Reading:
        """Read the log, and look for signs that it was altered."""
        return read_log(*self.content())

    def content(self) -> tuple[bytes, Seal | None]:
        """Return the lines as they stand in the file, and the seal; None where there is none."""
        if not self.path.exists():
            return b"", self._seal()
        try:
            # While nobody writes: between a line and its seal the two differ.
            with open_to_append(self.path) as file:
                file.seek(0)
                return file.read(), self._seal()
        except OSError:  # a log that was handed in, in a folder where nobody may write
            return self.path.read_bytes(), self._seal()

    def _seal(self) -> Seal | None:
        return read_seal(self.seal_path)


def read_seal(path: Path) -> Seal | None:
    """Return the number and the digest in the file of a seal; None where it is none."""
    try:
        return checked_seal(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return None


def checked_seal(found: Any) -> Seal | None:
    """Return the number and the digest of a seal as JSON had it; None for anything else."""
    try:
        return int(found["number"]), str(found["digest"])
    except (ValueError, TypeError, LookupError, OverflowError):
        return None


def read_log(content: bytes, seal: Seal | None) -> Reading:
    """Read the lines of a log, and look for signs that it was altered.

    Parameters
    ----------
    content : bytes
        The lines.
    seal : (int, str) or None
        The number and the digest of the newest line, as the seal has them.

    Returns
    -------
    Reading
    """
    lines = [line for line in lines_of(content) if line.strip()]
    parsed = [_parsed(line) for line in lines]
    entries = tuple(entry for entry in parsed if entry is not None)
    n_torn = len(parsed) - len(entries)
    links = tuple(_broken_links(entries))
    sealed_until = _sealed_until(entries, seal)
    if sealed_until is not None and not links:
        return Reading(entries, (), n_torn, sealed_until)
    return Reading(entries, (*links, *_broken_seal(entries, seal)), n_torn)


def lines_of(content: bytes) -> list[bytes]:
    """Return the lines of a file, without what an editor has put before them."""
    return content.removeprefix(_BYTE_ORDER_MARK).split(b"\n")


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


def _sealed_until(entries: tuple[Entry, ...], seal: Seal | None) -> int | None:
    """Return the line of a seal that stays behind the log by more than one line.

    That is what a folder leaves in which the log was brought up to date and the seal was not.
    In an unbroken chain it shows that nothing up to its line was cut.
    """
    behind = [entry for entry in entries[:-2] if (entry.number, entry.digest) == seal]
    return behind[0].number if behind else None


def _broken_seal(entries: tuple[Entry, ...], seal: Seal | None) -> Iterable[Fault]:
    last = entries[-1].number if entries else 0
    # A kernel that is killed between a line and its seal leaves the seal one line behind.
    if seal is None:
        if last > 1:
            yield Fault(NO_SEAL, last)
        return
    number, digest = seal
    if number > last:
        yield Fault("end", last)
    elif number < last - 1 or digest not in {e.digest for e in entries if e.number == number}:
        yield Fault("seal", number)


def _is_sealed(last: Entry | None, held: bytes, seal: Seal | None) -> bool:
    """Return whether a seal belongs to the log that a file holds."""
    if last is None or seal is None:
        return seal is None and (last is None or last.number == 1)
    near = ((last.number, last.digest), (last.number - 1, last.previous))
    # All lines are read only where the seal is none of the two that it should be.
    return seal in near or read_log(held, seal).sealed_until is not None


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
    texts = (entry.kind, entry.when, entry.previous, entry.digest)
    return entry if is_sound and all(isinstance(text, str) for text in texts) else None


def _entry(number: int, kind: str, when: str, content: dict[str, Any], previous: str) -> Entry:
    # As it will be read: tuples are lists there.
    plain = json.loads(json.dumps(content))
    unsigned = Entry(number, kind, when, plain, previous, "")
    return Entry(number, kind, when, plain, previous, _digest(unsigned))


def _digest(entry: Entry) -> str:
    return digest_of([entry.number, entry.previous, entry.when, entry.kind, entry.content])


def digest_of(value: Any) -> str:
    """Return the SHA-256 sum of what JSON can hold, the same in whatever order its keys stand."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _line(entry: Entry) -> bytes:
    text = json.dumps(dict(entry.__dict__), ensure_ascii=False)
    return text.encode(errors="surrogatepass") + b"\n"
