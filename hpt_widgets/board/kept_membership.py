"""With what a reader joined a class last, kept for the labs and kernels that come after."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from hpt_widgets.board.class_folder import class_folder, write_whole
from hpt_widgets.board.words import checked_nickname

KEPT_SECONDS: Final = 12 * 3600.0
"""How long it is remembered: a day at school, and no longer than that."""
_NAME: Final = "membership.json"


@dataclass(frozen=True)
class Membership:
    """With what a reader joined a class.

    Attributes
    ----------
    address, code : str
        As the reader typed them; both empty on a hub with a board of its own.
    nickname : str
        What the board calls the reader.
    """

    address: str
    code: str
    nickname: str


def kept_membership() -> Membership | None:
    """Return with what the reader joined last; None where that is long ago or was ended."""
    with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
        path = _path()
        if abs(time.time() - path.stat().st_mtime) < KEPT_SECONDS:
            found = Membership(**json.loads(path.read_text(encoding="utf-8")))
            if isinstance(found.address, str) and isinstance(found.code, str):
                checked_nickname(found.nickname)
                return found
    return None


def keep_membership(membership: Membership) -> None:
    """Note it for `kept_membership`, where that can be written."""
    with contextlib.suppress(OSError):
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(membership)))


def forget_membership() -> None:
    """Let no later lab be offered to join again."""
    with contextlib.suppress(OSError):
        _path().unlink(missing_ok=True)


def _path() -> Path:
    return class_folder() / _NAME
