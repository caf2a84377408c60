"""A student's name becomes a folder's: the same each time, and nobody else's."""

import pytest

from hpt_widgets.support.student_name import checked_student_name, folder_of


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Li Hua", "li hua"),
        ("  LI   hua ", "li hua"),
        ("王小明", "王小明"),
        ("Ｌｉ", "li"),
        ("José", "josé"),
        ("Jose\u0301", "josé"),
        ("WEI\u1e9e", "weiß"),
        ("①", "①"),
        ("anna-lena.2", "anna-lena.2"),
    ],
)
def test_a_plain_name_is_its_folder(name, folder):
    assert folder_of(name) == folder


@pytest.mark.parametrize(
    "name",
    [
        "../../etc",
        "a/b",
        "a\\b",
        "O'Brien",
        "...",
        "!!!",
        "con",
        "NUL.txt",
        "a" * 60,
        "😀",
        "$HOME",
    ],
)
def test_an_odd_name_stays_inside_and_has_digits_of_its_own(name):
    folder = folder_of(name)
    assert folder == folder_of(f" {name.upper()} ")
    assert not set(folder) & set("/\\:*?\"<>|'$")
    assert folder.rpartition("-")[0]
    assert len(folder) <= 50
    assert folder != folder_of(f"{name}x"[-60:])


def test_names_that_differ_in_signs_alone_have_folders_of_their_own():
    assert len({folder_of(name) for name in ("a b", "a/b", "a-b", "a:b", "!", "?")}) == 6
    assert len({folder_of(name) for name in ("Weiß", "Weiss", "①", "1", "ﬁ", "fi")}) == 6


def test_an_accent_is_part_of_its_letter_however_it_was_typed():
    assert checked_student_name("Jose\u0301") == "Jos\xe9"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb\x00", "Your name", "姓名", 3, None])
def test_what_is_no_name_is_refused_by_name(name):
    with pytest.raises((TypeError, ValueError), match="--student="):
        checked_student_name(name, "--student")
