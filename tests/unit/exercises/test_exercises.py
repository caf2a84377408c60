"""What holds for every exercise: starters, solutions, hints, and nonsense."""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import itertools
import re
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from widget_tools import page_of

import hpt_widgets as hpt
from hpt_widgets import exercises
from hpt_widgets.exercises import all_exercises, answers, calls
from hpt_widgets.exercises.catalog import all_chapters
from hpt_widgets.exercises.chapter_file import Chapter
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.display import NOT_ANSWERED, as_html
from hpt_widgets.exercises.exercise import KINDS, Exercise, Wrong
from hpt_widgets.exercises.progress import RIGHT, WRONG

ALL = list(all_exercises().values())
every_exercise = pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)


def run(code: str, name: str) -> Any:
    """Run an exercise's code as a notebook's cell would, and end the labs that it opens."""
    names: dict[str, Any] = {"np": np, "hpt": hpt}
    if "data." in code or "(data" in code:
        names["data"] = hpt.load_mnist()
    exec(code, names)
    for value in names.values():
        if isinstance(value, hpt.TrainingLab | hpt.NetworkLab):
            value.close()
    return names[name]


# ---------------------------------------------------------------- every exercise


# Their solutions train: test_the_solution_is_right does that once.
TRAINED = ("1-e", "2-c", "2-e", "2-g", "3.1-d", "3.4-g", "5-e")


@pytest.mark.parametrize(
    "exercise",
    [
        # Sixteen trainings with batches of a few digits.
        pytest.param(e, id=e.id, marks=[pytest.mark.slow] if e.id == "3.4-g" else [])
        for e in ALL
    ],
)
def test_the_solution_is_right(exercise: Exercise) -> None:
    code = hpt.solution(exercise.id)
    verdict = hpt.check(exercise.id, run(repr(code), exercise.answer_name))
    assert verdict.state == RIGHT, verdict
    assert verdict


@every_exercise
def test_the_untouched_cell_is_not_answered(exercise: Exercise) -> None:
    verdict = hpt.check(exercise.id, run(exercise.starter, exercise.answer_name))
    assert verdict.state == NOT_ANSWERED
    assert not verdict
    assert f'hpt.hint("{exercise.id}")' in repr(verdict)
    # Only a starter with a gap can be told to fill it.
    assert ("Replace the `...`" in repr(verdict)) == ("..." in exercise.starter)
    assert exercise.starter.count("\n") < 15
    assert exercise.kind in KINDS


@every_exercise
def test_there_are_hints_in_steps(exercise: Exercise) -> None:
    assert len(exercise.hints) >= 2
    exercises._hints_given.clear()
    given_hints = [hpt.hint(exercise.id) for _ in range(len(exercise.hints) + 1)]
    assert [h.message for h in given_hints[:-1]] == [text.en for text in exercise.hints]
    assert given_hints[-1] == given_hints[-2]
    assert hpt.hint(exercise.id, 1) == given_hints[0]
    assert hpt.hint(exercise.id) == given_hints[1]


def texts_in(path: Path) -> list[dict[str, str]]:
    """Return the arguments of each ``Text(...)`` that a module writes out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = []
    for node in calls:
        if isinstance(node.func, ast.Name) and node.func.id == "Text":
            # What is put together is looked at in the judgements, where it is whole.
            with contextlib.suppress(ValueError):
                texts.append({w.arg or "": ast.literal_eval(w.value) for w in node.keywords})
    return texts


def judgements_in(module: ModuleType) -> list[Judgement]:
    return [value for value in vars(module).values() if isinstance(value, Judgement)]


def texts_of_judgements(module: ModuleType) -> list[dict[str, str]]:
    texts = [
        text
        for judgement in judgements_in(module)
        for text in (
            judgement.otherwise,
            *(way.text for way in (*judgement.accepted, *judgement.mistakes)),
        )
    ]
    return [{"en": text.en, "zh": text.zh} for text in texts]


def texts_of_chapter(chapter: Chapter) -> list[dict[str, str]]:
    """Return what a chapter's file says to readers."""
    texts = [text for e in chapter.exercises for text in (e.title, *e.hints)]
    charts = [chart for exercise in chapter.exercises for chart in exercise.charts]
    charts += [chart for question in chapter.questions for chart in question.charts]
    for chart in charts:
        texts += [chart.x, chart.y, chart.alt, *([chart.title] if chart.title else [])]
        texts += [curve.name for curve in chart.curves]
    for question in chapter.questions:
        texts.append(question.prompt)
        texts += [text for choice in question.choices for text in (choice.text, choice.feedback)]
    return [{"en": text.en, "zh": text.zh} for text in texts]


@pytest.mark.parametrize("chapter", all_chapters(), ids=lambda chapter: chapter.number)
def test_the_texts_are_in_two_languages(chapter: Chapter) -> None:
    (name,) = {exercise.judge.__module__ for exercise in chapter.exercises}
    module = sys.modules[name]
    said = texts_in(Path(str(module.__file__))) + texts_of_judgements(module)
    assert said
    for text in said + texts_of_chapter(chapter):
        # A choice of a quiz may be a bare number or formula, the same in both languages.
        if text["en"] != text["zh"]:
            assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text["en"]), text
            has_words = re.search("[A-Za-z]{2}", text["en"])
            assert not has_words or re.search("[\u4e00-\u9fff]", text["zh"]), text
            assert not re.search("[\u4e00-\u9fff][,;:?!]", text["zh"]), text
        holes = [sorted(re.findall(r"{[^}]*}", text[code])) for code in ("en", "zh")]
        assert holes[0] == holes[1], text


ALL_JUDGEMENTS = [
    (f"{module.__name__[-4:]} {name}", judgement)
    for module in map(sys.modules.get, sorted({exercise.judge.__module__ for exercise in ALL}))
    if module is not None
    for name, judgement in vars(module).items()
    if isinstance(judgement, Judgement)
]
every_judgement = pytest.mark.parametrize(
    "judgement", [j for _, j in ALL_JUDGEMENTS], ids=[name for name, _ in ALL_JUDGEMENTS]
)


@every_judgement
def test_cases_are_many_and_the_smallest_comes_first(judgement: Judgement) -> None:
    assert len(judgement.cases) >= 20
    sizes = [len(repr(case)) for case in judgement.cases]
    assert sizes[0] < sizes[-1]


@every_judgement
def test_a_known_mistake_is_told_as_itself(judgement: Judgement) -> None:
    """What makes the mistake is wrong, and is given this text, with its placeholders filled."""
    try:
        judgement.check(judgement.right)
    except Wrong:
        pytest.skip("its functions take a case, not what a reader's function is given")
    for mistake in judgement.mistakes:
        with pytest.raises(Wrong) as caught:
            judgement.check(mistake.function)
        fixed = max(re.split(r"{[^}]*}", mistake.text.en), key=len)
        assert fixed in str(caught.value)


ACCEPTED = [
    pytest.param(judgement, way, id=f"{name} {index}")
    for name, judgement in ALL_JUDGEMENTS
    for index, way in enumerate(judgement.accepted)
]


@pytest.mark.parametrize(("judgement", "way"), ACCEPTED)
def test_an_accepted_way_is_right_with_its_remark(judgement: Judgement, way: Mistake) -> None:
    assert judgement.check(judgement.right) is None
    assert judgement.check(way.function) is way.text
    # Nothing fills a placeholder of it.
    assert "{" not in way.text.en + way.text.zh


def nonsense() -> dict[str, Any]:
    def raises(*arguments: Any) -> Any:
        raise ZeroDivisionError("on purpose")

    def leaves(*arguments: Any) -> Any:
        raise SystemExit(1)

    def recurses(*arguments: Any) -> Any:
        return recurses(*arguments)

    def generates(*arguments: Any) -> Any:
        while True:
            yield 1.0

    class Hostile:
        def __repr__(self) -> str:
            raise RuntimeError("no")

        def __array__(self, *arguments: Any, **options: Any) -> Any:
            raise RuntimeError("no")

        def __eq__(self, other: object) -> bool:
            raise RuntimeError("no")

        __hash__ = None  # type: ignore[assignment]

    return {
        "None": None,
        "text": "0.1",
        "bytes": b"0.1",
        "True": True,
        "nan": float("nan"),
        "infinity": float("inf"),
        "huge": 10**400,
        "complex": 1 + 2j,
        "empty list": [],
        "ragged": [[1, 2], [3]],
        "dict": {"a": 1},
        "type": dict,
        "endless values": itertools.count(),
        "matrix": np.ones((3, 4, 5)),
        "array of objects": np.array([object()]),
        "hostile object": Hostile(),
        "function that raises": raises,
        "function that leaves": leaves,
        "function that recurses": recurses,
        "function with endless values": generates,
        "function without arguments": lambda: 1,
        "function that returns None": lambda *_: [].sort(),
        "function that returns text": lambda *_: "done",
        "function that returns nan": lambda *_: float("nan"),
        "function that returns a pair": lambda *_: (np.inf, "x"),
        "function that returns an empty list": lambda *_: [],
        "function that returns a dict": lambda *_: {"theta": 1},
        "function that returns a hostile object": lambda *_: Hostile(),
        "function that returns a huge array": lambda *_: np.zeros((3, 50, 50)),
    }


@pytest.fixture
def few_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take fewer values of what has no end, and fewer calls: each of them is traced."""
    for module in (answers, calls):
        monkeypatch.setattr(module, "MAXIMUM_ITEMS", 1_000)
    monkeypatch.setattr(calls, "DEEPEST_RECURSION", 1_000)


def test_what_has_no_end_is_left_in_time() -> None:
    verdict = hpt.check("4.1-a", nonsense()["function with endless values"])
    assert verdict.state == WRONG
    assert "had not ended" in verdict.message


@pytest.mark.usefixtures("few_are_taken")
@every_exercise
def test_nonsense_gets_a_sentence(exercise: Exercise) -> None:
    sentences = set()
    for name, answer in nonsense().items():
        verdict = hpt.check(exercise.id, answer)
        assert verdict.state == WRONG, name
        assert len(verdict.message) > 10, name
        assert "Traceback" not in verdict.message, name
        # No placeholder is left; a reader's dict may be repeated.
        assert not re.search(r"{\w+[}:!]", re.sub(r"{[\d.]+:", "", verdict.message)), name
        assert page_of(verdict), name
        sentence = without_values(verdict.message)
        if sentence not in sentences:
            sentences.add(sentence)
            assert_is_judged_in_chinese(exercise, answer, name)


def without_values(message: str) -> str:
    """Return a message without what it repeats of an answer: what differs is another text."""
    return re.sub(r"`[^`]*`|[\d.]+", "", message)


def assert_is_judged_in_chinese(exercise: Exercise, answer: Any, name: str) -> None:
    """A verdict's text is that of the language in which it was judged."""
    hpt.use_language("zh")
    # What is kept of an answer has no language: it is not kept once more.
    message = exercises.judged(exercise, answer).message
    assert re.search("[\u4e00-\u9fff]", message), (name, message)
    hpt.use_language("en")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@every_exercise
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=anything)
def test_any_value_gets_a_verdict(exercise: Exercise, value: Any) -> None:
    for answer in (value, lambda *_: value):
        verdict = hpt.check(exercise.id, answer)
        assert verdict.state in (WRONG, RIGHT, NOT_ANSWERED)
        assert verdict.message


@pytest.mark.parametrize("exercise", [e for e in ALL if e.id not in TRAINED], ids=lambda e: e.id)
def test_a_right_answer_is_deterministic(exercise: Exercise) -> None:
    answer = run(exercise.solution, exercise.answer_name)
    first, second = (hpt.check(exercise.id, answer) for _ in range(2))
    assert repr(first) == repr(second)
    assert page_of(first) == page_of(second)


# ---------------------------------------------------------------- the public functions


@pytest.mark.parametrize("wanted", ["4.1-bb", "4-1-b", "41b", "", "nothing of the kind", None, 4.1])
@pytest.mark.parametrize("function", [hpt.hint, hpt.solution, lambda id_: hpt.check(id_, 1)])
def test_an_unknown_exercise_is_named(function: Any, wanted: Any) -> None:
    with pytest.raises(ValueError) as caught:
        function(wanted)
    assert f"exercise={wanted!r}" in str(caught.value)
    assert "4.1-b" in str(caught.value)


def test_what_is_offered_for_an_unknown_id_stands_in_the_chapters() -> None:
    retired = [name for name, found in all_exercises().items() if found.retired]
    for wanted in ("9-z", "", retired[0][:-1]):
        with pytest.raises(ValueError) as caught:
            hpt.hint(wanted)
        offered = str(caught.value).partition(":")[2].rstrip("?").split(", ")
        assert offered
        assert not {name.strip() for name in offered} & set(retired)


def test_case_and_blanks_of_an_id_do_not_matter() -> None:
    assert hpt.hint(" 4.1-B ", 1).id == "4.1-b"


@pytest.mark.parametrize("number", [0, -1, 4, 1.5, "1", True])
def test_a_hint_that_does_not_exist_is_named(number: Any) -> None:
    with pytest.raises(ValueError, match=r"number=.*from 1 to 3"):
        hpt.hint("4.1-a", number)


def test_a_hint_says_which_of_how_many_it_is() -> None:
    assert repr(hpt.hint("4.1-a", 2)).startswith("? 4.1-a: hint 2 of 3. Begin with a list")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_last_hint_says_what_is_left(language: str) -> None:
    hpt.use_language(language)
    words = 'hpt.solution("4.1-a")'
    assert [words in repr(hpt.hint("4.1-a", number)) for number in (1, 2, 3)] == [
        False,
        False,
        True,
    ]


def test_a_solution_is_shown_as_code() -> None:
    bundle = hpt.solution("4.1-b")._repr_mimebundle_()
    assert bundle["text/plain"] == "largest_rate = 2 / 20"
    assert bundle["text/markdown"] == "```python\nlargest_rate = 2 / 20\n```"


def test_a_verdict_follows_the_language() -> None:
    assert repr(hpt.check("4.1-b", 0.1)).startswith("✓ 4.1-b: right. The limit is")
    hpt.use_language("zh")
    assert repr(hpt.check("4.1-b", 0.1)).startswith("✓ 4.1-b：正确。稳定界限是")
    assert repr(hpt.check("4.1-b", ...)) == (
        '… 4.1-b：尚未作答。把 `...` 换成你的答案，再运行一次；需要帮助时用 `hpt.hint("4.1-b")`。'
    )
    assert "提示 1/3" in repr(hpt.hint("4.1-b", 1))


def test_html_is_escaped() -> None:
    markup = page_of(hpt.check("4.1-b", "<script>alert(1)</script>"))
    assert "<script>" not in markup
    assert "<code>&#x27;&lt;script&gt;" in markup


def test_html_shows_code_and_emphasis() -> None:
    assert as_html("the *ratio* of `a * b`") == "the <em>ratio</em> of <code>a * b</code>"
    assert as_html("使*比*相等") == "使<strong>比</strong>相等"
    assert as_html("2 * 3 * 4") == "2 * 3 * 4"


# ---------------------------------------------------------------- a reader's function


def test_a_function_that_never_ends_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", 0.2)

    def endless(*arguments: Any) -> Any:
        n = 0
        while True:
            n += 1

    tracing = sys.gettrace()
    verdict = hpt.check("4.1-a", endless)
    assert sys.gettrace() is tracing
    assert verdict.state == WRONG
    assert "(1.0, 0.5, 1)" in verdict.message
    assert "0.2 s" in verdict.message


def walk_down(start: float, learning_rate: float, steps: int) -> list[float]:
    """Answer 4.1-a."""
    return [start * (1 - 2 * learning_rate) ** n for n in range(steps + 1)]


def test_each_call_of_a_judgement_has_the_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", 0.2)
    began: list[float] = []

    def slow(start: float, learning_rate: float, steps: int) -> list[float]:
        began.append(time.thread_time())
        while len(began) <= 3 and time.thread_time() < began[-1] + 0.15:
            pass
        return walk_down(start, learning_rate, steps)

    assert hpt.check("4.1-a", slow)
    assert len(began) > 3


@pytest.mark.parametrize("as_debugged", [False, True])
def test_a_later_call_is_interrupted_too_and_so_is_one_that_asks_for_a_check(
    monkeypatch: pytest.MonkeyPatch, as_debugged: bool
) -> None:
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", 0.2)
    began: list[int] = []

    def endless_at_last(start: float, learning_rate: float, steps: int) -> list[float]:
        began.append(steps)
        while len(began) == 3:
            hpt.check("4.1-b", 0.1)
        return walk_down(start, learning_rate, steps)

    seen: set[str] = set()
    before = sys.gettrace()  # where coverage is measured so
    if as_debugged:
        sys.settrace(lambda frame, *_: seen.add(frame.f_code.co_name))
    tracing = sys.gettrace()
    try:
        verdict = hpt.check("4.1-a", endless_at_last)
        assert sys.gettrace() is tracing
    finally:
        sys.settrace(before)
    assert verdict.state == WRONG
    assert "0.2 s" in verdict.message
    assert ("judged" in seen, "call" in seen) == (as_debugged, as_debugged)


def test_what_the_workbook_does_is_not_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that it holds would never be let go of, and a file stay open."""
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", 0.1)
    broken_off: list[str] = []

    def endless(*arguments: Any) -> Any:
        try:
            while True:
                hpt.check("4.1-b", 0.1)
        except BaseException as error:
            frames = traceback.extract_tb(error.__traceback__)
            broken_off.extend(frame.filename for frame in frames)
            raise

    assert "0.1 s" in hpt.check("4.1-a", endless).message
    assert {*broken_off} == {__file__, calls.__file__}


def test_the_workbook_has_no_more_than_the_time_for_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", 0.1)
    monkeypatch.setattr(calls, "WAITING_ALLOWED", 0.3)

    def long(*_: Any) -> Any:
        return hpt.descend(hpt.surfaces.parabola, learning_rate=1e-9, steps=100_000)

    assert "0.1 s" in hpt.check("4.1-a", long).message


def endless_by_exec() -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec("def endless(*_):\n    while True:\n        pass\n", names)
    endless: Callable[..., Any] = names["endless"]
    return endless


@pytest.mark.parametrize(
    "endless",
    [
        lambda *_: statistics.mean(itertools.count()),
        lambda *_: sum(map(Fraction, itertools.count())),
        endless_by_exec(),
        functools.singledispatch(endless_by_exec()),
    ],
    ids=["statistics", "fractions", "exec", "wrapped"],
)
def test_what_others_do_for_a_reader_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, endless: Callable[..., Any]
) -> None:
    monkeypatch.setattr(calls, "SECONDS_ALLOWED", 0.1)
    assert "0.1 s" in hpt.check("4.1-a", endless).message


def test_an_endless_loop_cannot_hide_behind_except(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "WAITING_ALLOWED", 0.2)

    def endless(*arguments: Any) -> Any:
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                continue

    assert "hardly computed" in hpt.check("4.1-a", endless).message


def test_an_error_in_the_readers_function_is_told_in_words() -> None:
    def broken(start: float, learning_rate: float, steps: int) -> Any:
        return undefined_name  # type: ignore[name-defined]  # noqa: F821

    message = hpt.check("4.1-a", broken).message
    assert "(1.0, 0.5, 1)" in message
    assert "NameError: name 'undefined_name' is not defined" in message


def test_a_readers_keyboard_interrupt_gets_through() -> None:
    def interrupted(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hpt.check("4.1-a", interrupted)


def test_arguments_are_safe_from_the_readers_function() -> None:
    def greedy(output_delta: float, output_weights: np.ndarray, hidden: np.ndarray) -> Any:
        output_weights *= output_delta * hidden * (1 - hidden)
        hidden[:] = 0
        return output_weights

    first, second = (hpt.check("4.2-a", greedy).message for _ in range(2))
    assert "What it returns is right" in first
    assert first == second


@pytest.mark.parametrize(
    "exercise",
    [e for e in ALL if e.kind in ("code", "repair") and e.id not in TRAINED],
    ids=lambda e: e.id,
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_changes_an_argument_is_told_so(exercise: Exercise, language: str) -> None:
    hpt.use_language(language)
    solution = run(exercise.solution, exercise.answer_name)
    spoiled = []

    def spoils(*arguments: Any) -> Any:
        kept = [a if callable(a) else copy.deepcopy(a) for a in arguments]
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                argument += 1
                spoiled.append(argument)
            elif isinstance(argument, list | dict):
                argument.clear()
                spoiled.append(argument)
        return solution(*kept)

    verdict = hpt.check(exercise.id, spoils)
    # Where only numbers are given, there is nothing to change.
    assert verdict.state == (WRONG if spoiled else RIGHT)
    told = re.search("chang(es|ed)|改动了", verdict.message)
    assert bool(told) == bool(spoiled), verdict.message


def test_the_checks_know_no_screen_and_no_tensorflow() -> None:
    code = (
        "import sys, hpt_widgets as hpt; assert hpt.check('4.1-b', 0.1); hpt.my_progress();"
        "print([m for m in ('ipywidgets', 'bqplot', 'tensorflow') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.decode().strip() == "[]"


# Beside those of the chapters: by the kind of the exercise.
FILES_OF_KINDS = (
    *("test_designs.py", "test_readings.py", "test_repairs.py", "test_trained_answers.py"),
)


def test_answers_to_every_exercise_are_tried() -> None:
    """Right ones, and those that students give: whether a judge knows them, no other test says."""
    folder = Path(__file__).parent
    files = [*folder.glob("test_exercises_*.py"), *(folder / name for name in FILES_OF_KINDS)]
    tried = "\n".join(file.read_text(encoding="utf-8") for file in files)
    missing = [exercise.id for exercise in ALL if f'"{exercise.id}"' not in tried]
    assert not missing, (
        f"no test answers {', '.join(missing)}: write right answers and typical wrong ones into"
        " tests/unit/exercises/test_exercises_….py of the chapter"
    )


def test_every_chapter_with_exercises_has_a_quiz() -> None:
    assert all(chapter.exercises and chapter.questions for chapter in all_chapters())
    folder = Path(exercises.__file__).parent / "chapters"
    names = {
        kind: {path.stem for path in folder.glob(f"chapter_*.{kind}")} for kind in ("py", "toml")
    }
    assert names["py"] == names["toml"]
    assert len(names["py"]) == len(all_chapters())
