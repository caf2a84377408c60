"""Asks for a verdict in both languages, and sees that each is said in whole sentences."""

import re
from typing import Any

import hpt_widgets as hpt
from hpt_widgets.exercises.display import Verdict

# What a reader wrote or is to write stands between these; the rest is prose.
CODE = re.compile(r"`[^`]*`|\"[^\"]*\"|\[[^\]]*\]|'[^']*'")
SHOUTING = re.compile(r"[A-Z]{2,}")
SMALL_LETTER = re.compile(r"[a-z]{2,}")
CHINESE = re.compile(r"[一-鿿]")


def numbers_and_code(message: str) -> set[str]:
    """Return what is the same in all languages: code as readers write it, and decimal numbers."""
    return set(re.findall(r"`[^`]*`|\d*\.\d+", message))


def check_in_both_languages(exercise: str, answer: Any) -> Verdict:
    """Return the English verdict on an answer, once both have been read."""
    hpt.use_language("zh")
    chinese = hpt.check(exercise, answer)
    hpt.use_language("en")
    english = hpt.check(exercise, answer)
    assert chinese.state == english.state
    assert numbers_and_code(chinese.message) == numbers_and_code(english.message)
    assert CHINESE.search(chinese.message)
    assert not CHINESE.search(CODE.sub("", english.message))
    assert not SMALL_LETTER.match(english.message), "a sentence begins with a capital letter"
    for message in (chinese.message, english.message):
        assert not SHOUTING.search(CODE.sub("", message)), message
        quotes_python = re.search(r"\w+Error", message)  # whose messages end as they like
        assert quotes_python or message.endswith((".", "?", "。", "？", "`")), message
    return english
