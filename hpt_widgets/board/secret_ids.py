"""Ids that only the board can work out, and digests that tell an id again without showing it."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from typing import Final

SECRET_BYTES: Final = 32
_ID_BYTES: Final = 16
_FILES: Final = uuid.UUID("0f7a3bb0-6f0b-4a7f-8d5c-3f1f0a1d4c11")


def digest_of(text: str) -> str:
    """Return what tells an id again and does not show it: it is a lab's secret."""
    return hashlib.sha256(text.encode()).hexdigest()


def secret_id(secret: str, text: str) -> str:
    """Return a UUID that follows from a text, for whoever knows the board's secret alone."""
    made = hmac.digest(secret.encode(), text.encode(), "sha256")
    return str(uuid.UUID(bytes=made[:_ID_BYTES], version=4))


def id_of_file(secret: str, board_id: str, name: str) -> str:
    """Return the id of the student who hands in files of a name.

    Parameters
    ----------
    secret, board_id : str
        The board's.
    name : str
        The file's, without its ending.
    """
    # By way of the id that boards of before gave: so theirs could be brought up to date.
    return secret_id(secret, digest_of(str(uuid.uuid5(_FILES, board_id + name))))
