"""The words of the laboratory in English and Chinese.

Each part of the package keeps its words in a module of this folder, both
languages side by side, so that neither can be forgotten.
"""

from __future__ import annotations

import importlib
import os
import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

LanguageCode = Literal["en", "zh"]
LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)
DEFAULT_LANGUAGE: LanguageCode = "en"
ENVIRONMENT_VARIABLE = "HPT_LANGUAGE"
# A message that shows a whole array, or a list of a hundred thousand numbers, says nothing.
LONGEST_VALUE = 200


def short_repr(value: object) -> str:
    """Return the ``repr`` of whatever a reader handed over, cut where it would be too long."""
    try:
        text = repr(value)
    except Exception:  # an object may fail at this too, and Python at a number of 5,000 digits
        return f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


class _Formatter(string.Formatter):
    """Fills in placeholders as ``str.format`` does, with ``{value!r}`` written by `short_repr`."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion == "r":
            return short_repr(value)
        return super().convert_field(value, conversion)


_formatter = _Formatter()


@dataclass(frozen=True)
class Text:
    """One sentence in both languages, with ``str.format`` placeholders.

    Attributes
    ----------
    en, zh : str
        The sentence in English and in simplified Chinese; English is shown where another is empty.
    """

    en: str
    zh: str

    def __str__(self) -> str:
        sentence: str = getattr(self, _current)
        return sentence or self.en

    def format(self, **values: object) -> str:
        """Return the sentence in the current language with its placeholders filled."""
        return _formatter.vformat(str(self), (), values)


def _validated(code: object) -> LanguageCode:
    for language in LANGUAGES:
        if isinstance(code, str) and code == language:
            return language
    allowed = [repr(language) for language in LANGUAGES]
    raise ValueError(
        f"code={short_repr(code)} is not known: use {' or '.join(allowed)}"
        f" / 没有这种语言，请用 {' 或 '.join(allowed)}"
    )


def _from_environment() -> LanguageCode:
    """Read the variable leniently: a typing error in a shell must not break every import."""
    code = os.environ.get(ENVIRONMENT_VARIABLE, DEFAULT_LANGUAGE)
    return next((language for language in LANGUAGES if language == code), DEFAULT_LANGUAGE)


_current: LanguageCode = _from_environment()


def use_language(code: str) -> None:
    """Let labs, checks, hints, quizzes and errors speak this language from now on.

    Parameters
    ----------
    code : {"en", "zh"}
        English (the default) or simplified Chinese. The environment variable
        ``HPT_LANGUAGE`` sets the language that a new kernel starts with.

    Raises
    ------
    ValueError
        If the language is not one of the two.
    """
    global _current
    _current = _validated(code)


def current_language() -> LanguageCode:
    """Return the language in use, ``"en"`` or ``"zh"``."""
    return _current


_BETWEEN = {",": Text(en=", ", zh="、"), ";": Text(en="; ", zh="；")}


def joined(sentences: Iterable[str]) -> str:
    """Put sentences in a row; Chinese has no space between them.

    Parameters
    ----------
    sentences : iterable of str
        In the current language; empty ones are left out.
    """
    return ("" if _current == "zh" else " ").join(filter(None, sentences))


def listed(items: Iterable[object], mark: str = ",") -> str:
    """Put items in a row, with the current language's commas or semicolons between them.

    Parameters
    ----------
    items : iterable of object
        As they are to be read.
    mark : {",", ";"}
        Which of the two.
    """
    return str(_BETWEEN[mark]).join(map(str, items))


def texts_of(part: str) -> dict[str, Text]:
    """Return all texts of one part of the package, by key."""
    texts: dict[str, Text] = importlib.import_module(f"{__name__}.{part}").TEXTS
    return texts


def translate(key: str, **values: object) -> str:
    """Return the text ``"part.key"`` in the current language.

    Parameters
    ----------
    key : str
        The module of this folder and the key in its ``TEXTS``, with a dot between.
    **values : object
        What the placeholders of the text stand for.

    Raises
    ------
    KeyError
        If there is no such text.
    """
    part, _, name = key.partition(".")
    return texts_of(part)[name].format(**values)


def counted(key: str, n: int, **values: object) -> str:
    """Return the text of a key about `n` things; of one, that of the key with ``_one`` behind it.

    Parameters
    ----------
    key : str
        As for `translate`.
    n : int
        How many there are: what the placeholder ``{n}`` stands for.
    **values : object
        What the other placeholders of the text stand for.
    """
    return translate(f"{key}_one" if n == 1 else key, n=n, **values)
