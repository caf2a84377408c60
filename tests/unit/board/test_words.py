"""Class codes and nicknames."""

import pytest

import hpt_widgets as hpt
from hpt_widgets.board.words import (
    WORDS,
    checked_code,
    checked_nickname,
    new_class_code,
    new_nickname,
)


def test_the_words_are_short_small_letters_and_all_different():
    assert len(WORDS) == len(set(WORDS)) >= 256
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    assert all(3 <= len(word) <= 9 for word in WORDS)


def test_a_new_code_is_two_different_words_and_hard_to_guess():
    codes = {new_class_code() for _ in range(200)}
    assert len(codes) > 190
    for code in codes:
        first, second = code.split("-")
        assert first != second
        assert {first, second} <= set(WORDS)
        assert checked_code(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "maple-river",
        " Maple River ",
        "MAPLE_RIVER",
        "maple–river",
        "ｍａｐｌｅ－ｒｉｖｅｒ",
        "maple  river",
    ],
)
def test_a_code_may_be_typed_in_any_way(typed):
    assert checked_code(typed) == "maple-river"


@pytest.mark.parametrize("typed", ["", "maple", "a b c", "枫 河", "12-34", None, 5, b"maple-river"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_no_code_is_refused(typed, language):
    hpt.use_language(language)
    with pytest.raises((TypeError, ValueError), match="code="):
        checked_code(typed)


@pytest.mark.parametrize(
    ("typed", "nickname"),
    [
        ("cedar-17", "cedar-17"),
        ("  小明  ", "小明"),
        ("Zoë  Müller", "Zoë Müller"),
        ("a.b_c-d", "a.b_c-d"),
        ("O'Neil", "O'Neil"),
        ("D’Souza-O'Neil 2", "D’Souza-O'Neil 2"),
        ("7", "7"),
        ("हिन्दी", "हिन्दी"),
        ("ᠮᠣᠩᠭᠤᠯ\u180b", "ᠮᠣᠩᠭᠤᠯ\u180b"),
        ("a" * 24, "a" * 24),
    ],
)
def test_a_nickname_may_be_of_any_script(typed, nickname):
    assert checked_nickname(typed) == nickname


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "   ",
            "a" * 25,
            "<b>x</b>",
            "a&b",
            "=1+1",
            "-x",
            "@x",
            "a\x00b",
            "a\u202eb",
            "a\u200bb",
            "\u3164",
            "\uffa0\u115f",
            "cedar\u1160",
            "cedar\ufe0f",
            "\U00013441",
            "cedar\u180b",
            "ᠮᠣ\u180b\u180b",
            "ᠮᠣ\u180e",
            "cedar\U00016fe4",
        ),
        *("'ab", "ab'", "a''b", "a' b", "1'2", "a’-b", "a`b"),
        *('a"b', "a/b", "a\\b", "🌲", None, 5, b"cedar", ["cedar"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_no_nickname_is_refused(typed, language):
    hpt.use_language(language)
    with pytest.raises((TypeError, ValueError), match="nickname="):
        checked_nickname(typed)


def test_a_new_nickname_is_one():
    for _ in range(50):
        made = new_nickname()
        assert checked_nickname(made) == made
