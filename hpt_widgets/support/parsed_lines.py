"""The lines of a file in the reader's folder, of which each is parsed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from hpt_widgets.support.home import read_content

T = TypeVar("T")


class ParsedLines(Generic[T]):
    """What the lines of a file say, as long as the file mostly grows.

    Only what was appended since the last time is parsed. A file that was changed in any other way,
    or is another one, is parsed anew.

    Parameters
    ----------
    name : str
        A file name, without a folder.
    parse : callable
        Returns what a line says; it is given the text without its end, never an empty one.
    """

    def __init__(self, name: str, parse: Callable[[str], T]) -> None:
        self._name = name
        self._parse = parse
        # Whole lines, and what they say: one value, so that neither another thread nor an exception
        # at any place comes between the two.
        self._known: tuple[bytes, list[T]] = b"", []

    def read(self) -> list[T]:
        """Return what each line says, oldest first.

        Empty lines are left out. A file that does not exist or cannot be read has none; bytes that
        are not UTF-8 are replaced.

        Raises
        ------
        ValueError
            If the file's name is not a plain one.
        """
        content = read_content(self._name)
        known, parsed = self._known
        if not content.startswith(known):
            known, parsed = b"", []
        end = content.rfind(b"\n") + 1
        parsed = parsed + self._parse_all(content[len(known) : end])
        self._known = content[:end], parsed
        # The last line may still be written.
        return parsed + self._parse_all(content[end:])

    def _parse_all(self, content: bytes) -> list[T]:
        # Lines may end as in Windows, or in an old Mac.
        text = content.decode(errors="replace").replace("\r", "\n")
        return [self._parse(line) for line in text.split("\n") if line]
