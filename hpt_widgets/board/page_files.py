"""The projector's page: its files, its texts, and the headers that keep it to itself."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final

from hpt_widgets.language import LANGUAGES, texts_of

FOLDER: Final = Path(__file__).with_name("page")
_CONTENT_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
TEXTS_NAME: Final = "texts.json"
_TEXT_PREFIX: Final = "page_"
# Nothing from elsewhere, nothing inline, no frame around it. The QR code is a data: picture.
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def page_file(name: str) -> tuple[bytes, str] | None:
    """Return a file of the page and its content type; None where there is none of this name.

    Parameters
    ----------
    name : str
        Such as ``"main.js"``; ``"texts.json"`` holds the texts in both languages.
    """
    return _page_files().get(name)


# Not by name: anybody in the network may ask for as many names as they like.
@functools.cache
def _page_files() -> dict[str, tuple[bytes, str]]:
    """Read all files of the page; only what lies in the folder itself is the page's."""
    files = {
        path.name: (path.read_bytes(), _CONTENT_TYPES[path.suffix])
        for path in FOLDER.iterdir()
        if path.suffix in _CONTENT_TYPES
    }
    texts = json.dumps(_texts(), ensure_ascii=False).encode()
    return {**files, TEXTS_NAME: (texts, "application/json")}


def _texts() -> dict[str, dict[str, str]]:
    texts = {
        key.removeprefix(_TEXT_PREFIX): text
        for key, text in texts_of("board").items()
        if key.startswith(_TEXT_PREFIX)
    }
    return {
        language: {key: getattr(text, language) for key, text in texts.items()}
        for language in LANGUAGES
    }
