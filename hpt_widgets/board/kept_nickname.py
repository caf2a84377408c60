"""The nickname that a reader had last in a class, kept for the next time."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from hpt_widgets.board.class_folder import class_folder, digest_of, write_whole
from hpt_widgets.board.words import checked_nickname

_PREFIX: Final = "nickname-"


def kept_nickname(board: str) -> str | None:
    """Return the nickname that the reader had last in a class, None where there was none.

    Parameters
    ----------
    board : str
        The class code, which a board keeps when its address changes; where a hub needs none,
        the address.
    """
    with contextlib.suppress(OSError, ValueError):
        return checked_nickname(_nickname_path(board).read_text(encoding="utf-8"))
    return None


def keep_nickname(board: str, nickname: str) -> None:
    """Note the nickname for `kept_nickname`; where that cannot be written, the next one is drawn.

    Parameters
    ----------
    board : str
        As for `kept_nickname`.
    nickname : str
        The reader's, checked.
    """
    with contextlib.suppress(OSError):
        path = _nickname_path(board)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, nickname)


def _nickname_path(board: str) -> Path:
    return class_folder() / f"{_PREFIX}{digest_of(board)}.txt"
