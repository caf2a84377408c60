"""A fault in a chapter's file is reported with the file, the place in it and the field."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hpt_widgets.exercises import all_exercises
from hpt_widgets.exercises.catalog import all_chapters
from hpt_widgets.exercises.chapter_file import chapter_number, read_chapter
from hpt_widgets.exercises.toml_table import ChapterFileError
from hpt_widgets.language import Text

PROJECT = Path(__file__).parents[3]
GOOD = """
[[exercises]]
id = "7.1-a"
kind = "compute"
title = { en = "A title", zh = "标题" }
answer_name = "answer"
starter = "answer = ..."
solution = '''
import math

answer = math.pi
'''
[[exercises.hints]]
en = "First."
zh = "第一。"
[[exercises.hints]]
en = "Second."
zh = "第二。"

[[questions]]
prompt = { en = "Which?", zh = "哪个？" }
[[questions.choices]]
text = "1"
feedback = { en = "No.", zh = "不对。" }
[[questions.choices]]
text = "2"
feedback.en = "Yes."
feedback.zh = "对。"
right = true
"""


def judge(answer: Any) -> Text:
    raise NotImplementedError


def read(folder: Path, text: str, name: str = "chapter_07_1.toml") -> Any:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_chapter(path, {"7.1-a": judge})


def test_a_file_becomes_exercises_and_questions(tmp_path: Path) -> None:
    chapter = read(tmp_path, GOOD)
    assert chapter.number == "7.1"
    (exercise,) = chapter.exercises
    assert exercise.id == "7.1-a"
    assert exercise.title == Text(en="A title", zh="标题")
    assert exercise.starter == "answer = ..."
    assert exercise.solution == "import math\n\nanswer = math.pi"
    assert exercise.hints == (Text(en="First.", zh="第一。"), Text(en="Second.", zh="第二。"))
    assert exercise.judge is judge
    (question,) = chapter.questions
    assert question.prompt.zh == "哪个？"
    assert [choice.text for choice in question.choices] == [Text("1", "1"), Text("2", "2")]
    assert [choice.feedback.en for choice in question.choices] == ["No.", "Yes."]
    assert [choice.right for choice in question.choices] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("answer_name", "answer_nam", "exercise 1: answer_name is missing"),
        ("answer_name", "level = 2\nanswer_name", "exercise 1: level is unknown; allowed are id,"),
        ('"7.1-a"', '"7.2-a"', "exercise 1: id must be 7.1-a, 7.1-b, …, got '7.2-a'"),
        ('"7.1-a"', '"7.1-b"', r"exercise 1 \(7.1-b\): id '7.1-b' has no judge"),
        ('"answer = ..."', "5", r"exercise 1 \(7.1-a\): starter must be a text, got 5"),
        ('zh = "标题"', 'zh = ""', r"exercise 1 \(7.1-a\), title: zh must be a text, got ''"),
        ('"compute"', '"riddle"', r"exercise 1 \(7.1-a\): kind must be one of read, .*'riddle'"),
        ('kind = "compute"', "", "exercise 1: kind is missing"),
        ('kind = "compute"', 'kind = "read"\nretired = 1', "retired must be true or false"),
        (
            "[[exercises.hints]]",
            '[[exercises.charts]]\nx = "x"\ny = "y"\nalt = "a"\n[[exercises.hints]]',
            r"exercise 1 \(7.1-a\), chart 1: curves or a matrix must be there",
        ),
        (
            "[[exercises.hints]]",
            '[[exercises.charts]]\nx = "x"\ny = "y"\nalt = "a"\nmatrix = "none"\n'
            "[[exercises.hints]]",
            "chart 1: matrix must be one of",
        ),
        ('"第二。"', "2", r"exercise 1 \(7.1-a\), hint 2: zh must be a text, got 2"),
        ('[[exercises.hints]]\nen = "Second."\nzh = "第二。"', "", "hints must be two or more"),
        (
            '{ en = "Which?", zh = "哪个？" }',
            '{ en = "Which?" }',
            "question 1, prompt: zh is missing",
        ),
        (
            '{ en = "Which?", zh = "哪个？" }',
            "[1]",
            r"question 1, prompt: expected a table, got \[1\]",
        ),
        ('feedback.zh = "对。"', "", "question 1, choice 2, feedback: zh is missing"),
        ("right = true", 'right = "yes"', "question 1, choice 2: right must be true or false"),
        ("right = true", "", "question 1: choices are wrong: .*exactly one of them right"),
        ("right = true", "rigth = true", "question 1, choice 2: rigth is unknown"),
        ("[[questions]]", "[questions]", "questions must be an array of tables"),
        ("right = true", "right = yes", "no valid TOML"),
        ("[[exercises]]", "[[exercise]]", "no valid TOML|exercise is unknown"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(ChapterFileError, match=f"^chapter_07_1.toml.*({words})"):
        read(tmp_path, GOOD.replace(old, new, 1))


def test_an_exercise_is_neither_forgotten_nor_doubled(tmp_path: Path) -> None:
    exercise, mark, quiz = GOOD.partition("[[questions]]")
    with pytest.raises(ChapterFileError, match=r"missing: \['7\.1-a'\]"):
        read(tmp_path, mark + quiz)
    with pytest.raises(ChapterFileError, match="must stand here once"):
        read(tmp_path, exercise + exercise + mark + quiz)


def test_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChapterFileError, match=r"quiz\.toml: a chapter's file is named like"):
        read(tmp_path, GOOD, "quiz.toml")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("chapter_04_1.toml", "4.1"),
        ("chapter_00.toml", "0"),
        ("chapter_12.toml", "12"),
        ("chapter_04_1.py", None),
    ],
)
def test_the_name_of_a_file_is_its_chapters_number(name: str, number: str | None) -> None:
    assert chapter_number(name) == number


def test_chapters_come_in_their_order() -> None:
    numbers = [chapter.number for chapter in all_chapters()]
    assert numbers == sorted(numbers, key=lambda number: [int(n) for n in number.split(".")])
    assert list(all_exercises()) == sorted(all_exercises())


def test_the_files_travel_in_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = pytest.importorskip("hatchling.build")
    monkeypatch.chdir(PROJECT)
    with zipfile.ZipFile(tmp_path / build.build_wheel(str(tmp_path))) as wheel:
        packed = {name for name in wheel.namelist() if re.search(r"chapters/\w+\.toml$", name)}
    assert len(packed) == len(all_chapters())
