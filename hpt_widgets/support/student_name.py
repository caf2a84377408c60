"""A student's name, as it stands in a file to hand in and in the name of a folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_text

LONGEST_NAME: Final = 60
# Guides and help write these where a name is to stand, and they are copied as they are.
_PLACEHOLDERS: Final = frozenset(
    (
        "name",
        "your name",
        "their name",
        "my name",
        "姓名",
        "名字",
        "你的姓名",
        "你的名字",
        "您的姓名",
    )
)
_LONGEST_FOLDER: Final = 40
_DIGITS: Final = 6
# What Windows calls its devices: neither a file nor a folder can have such a name.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def checked_student_name(name: str, parameter: str = "name") -> str:
    """Return a name with single spaces, and each letter with its accents as one character (NFC).

    A Mac may type ``é`` as two characters, which look the same.

    Parameters
    ----------
    name : str
        One line of at most 60 characters.
    parameter : str, default "name"
        What an error is to name.

    Raises
    ------
    TypeError, ValueError
        If it can be none, or is what guides write in a name's place (``"your name"``).
    """
    require_text(parameter, name)
    shown = unicodedata.normalize("NFC", " ".join(name.split()))
    values = {"parameter": parameter, "value": name, "most": LONGEST_NAME}
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise ValueError(translate("student_name.refused", **values))
    if shown.casefold() in _PLACEHOLDERS:
        raise ValueError(translate("student_name.placeholder", **values))
    return shown


def folder_of(name: str, parameter: str = "name") -> str:
    """Return the name of a folder for a name: the same however it is typed, and of no other one.

    It is the same for names that `same_name` makes alike. A name in which something had to be
    replaced or cut has some digits of its own at the end.

    Parameters
    ----------
    name, parameter
        As for `checked_student_name`, and the same errors.
    """
    wanted = same_name(checked_student_name(name, parameter))
    made = re.sub(r"[^\w .-]+", "-", wanted)[:_LONGEST_FOLDER].strip("-. ")
    if made == wanted and not is_device(made):
        return made
    digits = hashlib.sha256(wanted.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
    return f"{made or 'student'}-{digits}"


def same_name(name: str) -> str:
    """Return a name in the form that all ways to type it share.

    Capitals, spaces at the ends, full-width letters and the way of writing an accent make no
    difference. Everything else does: ``"Weiß"`` and ``"Weiss"``, ``"①"`` and ``"1"`` may be two.

    Parameters
    ----------
    name : str
        Any text.
    """
    usual = "".join(_of_usual_width(character) for character in name)
    small = unicodedata.normalize("NFC", usual).lower()
    # Of some capitals the small letter is two characters.
    return unicodedata.normalize("NFC", " ".join(small.split()))


def _of_usual_width(character: str) -> str:
    is_other_width = unicodedata.decomposition(character).startswith(("<wide>", "<narrow>"))
    return unicodedata.normalize("NFKC", character) if is_other_width else character


def is_device(name: str) -> bool:
    """Return whether Windows keeps a name for a device, so that no file can have it."""
    return _DEVICES.fullmatch(name.casefold()) is not None
