"""The lines of a file in the reader's folder, of which each is parsed once."""

from __future__ import annotations

import threading
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

    Raises
    ------
    ValueError
        If `name` is not a plain file name; when it is read.
    """

    def __init__(self, name: str, parse: Callable[[str], T]) -> None:
        self._name = name
        self._parse = parse
        self._lock = threading.Lock()
        # Whole lines, and what they say.
        self._content = b""
        self._parsed: list[T] = []

    def read(self) -> list[T]:
        """Return what each line says, oldest first.

        Empty lines are left out. A file that does not exist or cannot be read has none; bytes that
        are not UTF-8 are replaced.
        """
        content = read_content(self._name)
        with self._lock:
            if not content.startswith(self._content):
                self._content, self._parsed = b"", []
            end = content.rfind(b"\n") + 1
            self._parsed += self._parse_all(content[len(self._content) : end])
            self._content = content[:end]
            # The last line may still be written.
            return self._parsed + self._parse_all(content[end:])

    def _parse_all(self, content: bytes) -> list[T]:
        lines = content.decode(errors="replace").replace("\r\n", "\n").split("\n")
        return [self._parse(line) for line in lines if line]
