"""What is read off a picture or a table: right answers in many forms, and misreadings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from widget_tools import bundle_of

import hpt_widgets as hpt
from hpt_widgets.exercises import all_exercises, picture
from hpt_widgets.exercises.chapters import (
    chapter_03_3,
    chapter_04_2,
    chapter_05,
    chapter_06,
    chapter_07_1,
    chapter_07_2,
    chapter_07_3,
    chapter_07_4,
)
from hpt_widgets.exercises.chart import Picture, all_series, curve_of
from hpt_widgets.exercises.exercise import Wrong
from hpt_widgets.exercises.readings import FLAWS, Reading, choice, flaw_words
from hpt_widgets.language import listed

RIGHT: dict[str, dict[str, Any]] = {
    "0-d": {"best": "D", "guesses": "C", "too slow": "B"},
    "3.3-e": {"A": "uniform", "B": "grid", "C": "tpe", "D": "loguniform"},
    "3.4-f": {"tpe": "B", "random": "A", "other seed": "C", "first guided": 13},
    "4.2-d": {"A": "hidden slope", "B": "output slope", "C": "weight", "D": "input"},
    "5-f": {"most confused": (4, 9), "worst read": 5, "least sure": 9},
    "6-e": {"best 16": 0.016, "best 64": 0.064, "edge": 256, "rule": "linear"},
}
every_reading = pytest.mark.parametrize("id_", RIGHT)


def upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


@every_reading
def test_a_right_reading_is_taken_in_any_form(id_: str) -> None:
    right = RIGHT[id_]
    forms: list[Any] = [
        right,
        dict(sorted(right.items())),
        MappingProxyType(right),
        pd.Series(right),
        {key.upper(): value for key, value in right.items()},
        {f" {key} ": f" {v} " if isinstance(v, str) else v for key, v in right.items()},
        {key: upper(value) for key, value in right.items()},
        {key: np.str_(v) if isinstance(v, str) else v for key, v in right.items()},
        {key: np.array(v) for key, v in right.items()},
    ]
    for form in forms:
        assert hpt.check(id_, form), form


@every_reading
def test_what_is_no_reading_is_told(id_: str) -> None:
    right = RIGHT[id_]
    name = next(iter(right))
    told = {"5-f": "most confused", "6-e": "number"}.get(id_, "choose from")
    for answer, words in (
        (list(right.values()), "Expected a dict with the keys"),
        ({**right, "more": 1}, "Expected a dict with the keys"),
        ({key: v for key, v in right.items() if key != name}, "Expected a dict with the keys"),
        (",".join(right), "Expected a dict with the keys"),
        ({**right, name: "Z"}, told),
        ({**right, name: print}, told),
        ({**right, name: -3.5}, told if id_ != "6-e" else "is not it"),
    ):
        verdict = hpt.check(id_, answer)
        assert verdict.state == "wrong"
        assert words in verdict.message
    for given in (..., (..., ...)) if id_ == "5-f" else (...,):
        assert hpt.check(id_, {**right, name: given}).state == "not answered"


@pytest.mark.parametrize(
    ("id_", "change", "words"),
    [
        ("0-d", {"best": "A"}, "A is ahead at first"),
        ("0-d", {"best": "B"}, '"best": B is not it'),
        ("0-d", {"best": "C"}, "how wrong the answers are"),
        ("0-d", {"guesses": "B"}, "it learns"),
        ("0-d", {"guesses": "A"}, '"guesses": A is not it'),
        ("0-d", {"too slow": "C"}, "more time would not help"),
        ("0-d", {"too slow": "A"}, "first to arrive"),
        ("3.3-e", {"A": "loguniform", "D": "uniform"}, "four in five lie in the right half"),
        ("3.3-e", {"C": "loguniform", "D": "tpe"}, "crowd"),
        ("3.3-e", {"B": "uniform"}, "B: uniform is not it"),
        ("3.3-e", {"D": "grid"}, "D: grid is not it"),
        ("3.3-e", {"D": "uniform"}, "push nine in ten"),
        ("3.4-f", {"tpe": "A", "random": "B"}, "scatter as much as the first"),
        ("3.4-f", {"tpe": "C", "other seed": "B"}, '"tpe": C is not it'),
        ("3.4-f", {"random": "C", "other seed": "A"}, '"random": C is not it'),
        ("3.4-f", {"other seed": "A"}, "one by one"),
        ("3.4-f", {"first guided": 21}, '"first guided": 21 is not it'),
        ("3.4-f", {"first guided": 12}, '"first guided": 12 is not it'),
        ("3.4-f", {"first guided": "13"}, "without quotation marks"),
        ("4.2-d", {"A": "output slope", "B": "hidden slope"}, "three numbers at each place differ"),
        ("4.2-d", {"B": "hidden slope"}, "all six quotients are equal"),
        ("4.2-d", {"C": "hidden slope"}, "never negative"),
        ("4.2-d", {"D": "weight"}, "rows differ"),
        ("4.2-d", {"C": "input"}, 'C: "input" is not it'),
        ("6-e", {"edge": 16}, "top well inside"),
        ("6-e", {"edge": 64}, "turns down before its last rate"),
        ("6-e", {"rule": "square root"}, "is a factor of 4"),
        # Who reads the numbers so concludes the rule from them.
        ("6-e", {"best 64": 0.032, "rule": "square root"}, '"best 64": 0.032 is not it'),
        ("6-e", {"rule": "none"}, "moves to the right"),
        ("6-e", {"best 16": 0.064}, "beyond the top of its curve"),
        ("6-e", {"best 64": 0.128}, "beyond the top of its curve"),
        ("6-e", {"best 16": 0.915}, "0.915 is the accuracy of a highest point"),
        ("6-e", {"best 64": 91.5}, "91.5 is the accuracy of a highest point"),
        ("6-e", {"best 16": 0.001}, '"best 16": 0.001 is not it'),
        ("6-e", {"best 64": None}, '"best 64" is `None`'),
        ("5-f", {"most confused": (9, 4)}, "its order is not"),
        ("5-f", {"most confused": (9, 9)}, "a digit 9 that is read as 9 is no mistake"),
        ("6-e", {"edge": 0.128}, 'choose from "16", "64", "256".'),
        ("6-e", {"rule": None}, 'choose from "linear", "square root", "none".'),
        ("6-e", {"rule": "sqrt"}, "is a factor of 4"),
        ("6-e", {"rule": 64}, 'choose from "linear", "square root", "none".'),
        ("5-f", {"most confused": (2, 7)}, "another pair has"),
        ("5-f", {"most confused": (5, 8)}, "the digit 5 was read as 8 59 times; another pair has"),
        ("5-f", {"most confused": [9]}, "a pair of digits"),
        ("5-f", {"most confused": (9, 14)}, "a pair of digits"),
        ("5-f", {"most confused": {4, 9}}, "a set has no order"),
        ("5-f", {"most confused": ("4", "9")}, "\"most confused\": `'4'` is text"),
        ("5-f", {"worst read": 1}, "there is a digit that is read worse"),
        ("5-f", {"least sure": 8}, "right less often"),
        ("5-f", {"least sure": 1}, "Count within a column"),
    ],
)
def test_a_misreading_is_told_what_it_overlooks(id_: str, change: Any, words: str) -> None:
    verdict = hpt.check(id_, {**RIGHT[id_], **change})
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_other_forms_of_pairs_digits_and_words() -> None:
    right = RIGHT["5-f"]
    for pair in ([4, 9], np.array([4, 9]), iter([4, 9]), (4.0, 9.0)):
        assert hpt.check("5-f", {**right, "most confused": pair})
    for digit in ("5", 5.0, np.int64(5), np.array(5)):
        assert hpt.check("5-f", {**right, "worst read": digit})
    chinese = {"A": "隐藏层斜率", "B": "输出层斜率", "C": "权重", "D": "输入"}
    assert hpt.check("4.2-d", chinese)
    assert hpt.check("3.3-e", {**RIGHT["3.3-e"], "D": "log-uniform"})
    # A Chinese keyboard may write letters of full width, a programmer names with underscores.
    assert hpt.check("0-d", {"best": "Ｄ", "guesses": "Ｃ", "too_slow": "Ｂ"})
    assert hpt.check("4.2-d", {**RIGHT["4.2-d"], "A": "hidden_slope", "B": "Output Slope"})
    assert hpt.check("4.2-d", {**RIGHT["4.2-d"], "A": "hidden-slope", "B": "Output-slope"})
    assert choice("rule", "square-root", ["square root"]) == "square root"
    assert hpt.check("3.4-f", {**RIGHT["3.4-f"], "first guided": 13.0})
    # A sign is no hyphen.
    with pytest.raises(Wrong):
        choice("digit", -5, ["5"])


READINGS = {
    "3.3-e": chapter_03_3.SEARCHES,
    "4.2-d": chapter_04_2.FORGOTTEN,
    "6-e": chapter_06.SWEEP,
    "7.1-c": chapter_07_1.UNFAIR,
    "7.2-c": chapter_07_2.UNFAIR,
    "7.2-d": chapter_07_2.SUPPORTED,
    "7.3-b": chapter_07_3.FLAWS,
    "7.4-a": chapter_07_4.SUPPORT,
    "7.4-d": chapter_07_4.UNFAIR,
}
NO_MEANINGS = {"只有一次"}
NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
# A word in quotation marks, and in round brackets what it means; or the other way round.
MEANING_BEHIND = re.compile(r'`"([a-z ]+)"`(?:（([^）]+)）| \(([^)]+)\))')
MEANING_BEFORE = re.compile(r'([\u4e00-\u9fff]+)(?: \$[^$]+\$)?（`"([a-z ]+)"`）')


def tasks(language: str) -> dict[str, str]:
    """Return the task of each exercise that is read off, as its notebook has it."""
    found = {}
    for path in sorted((NOTEBOOKS / language).glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for part in re.split("^### ", "".join(cell["source"]), flags=re.MULTILINE)[1:]:
                found[part.split()[0]] = part
    return found


def printed_meanings(task: str) -> list[tuple[str, str]]:
    behind = [(word, zh or en) for word, zh, en in MEANING_BEHIND.findall(task)]
    behind = [(word, meaning) for word, meaning in behind if meaning not in NO_MEANINGS]
    return [*behind, *((word, meaning) for meaning, word in MEANING_BEFORE.findall(task))]


def takes(reading: Reading, right: str, word: str) -> bool:
    name = next(name for name, one in reading.right.items() if one == right)
    answer = {**dict.fromkeys(reading.numbers, 0.0), **reading.right, name: word}
    try:
        reading.check({**answer, **{n: sum(b) / 2 for n, b in reading.numbers.items()}})
    except Wrong:
        return False
    return True


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("id_", READINGS)
def test_a_word_that_the_task_prints_as_the_meaning_is_taken(id_: str, language: str) -> None:
    reading = READINGS[id_]
    printed = [
        (word, meaning)
        for word, meaning in printed_meanings(tasks(language)[id_])
        if word in reading.right.values()
    ]
    assert printed or language == "en"
    for word, meaning in printed:
        # The words before a bracket may belong to a longer sentence.
        ends = [meaning[start:] for start in range(len(meaning))]
        assert any(takes(reading, word, end) for end in ends), (word, meaning)


def test_what_a_choice_is_of_may_stand_around_it() -> None:
    for words in ({"rule": "线性规则"}, {"rule": "the linear rule"}, {"rule": "Linear Rule"}):
        assert hpt.check("6-e", {**RIGHT["6-e"], **words})
    for words in ({"tpe": "图B"}, {"tpe": "图 B"}, {"tpe": "panel B"}, {"tpe": "Panel b"}):
        assert hpt.check("3.4-f", {**RIGHT["3.4-f"], **words})
    assert hpt.check("0-d", {"best": "曲线 D", "guesses": "C", "too slow": "curve B"})
    for value in ("图", "图D", "rule", ""):
        with pytest.raises(Wrong, match="choose from"):
            choice("tpe", value, ["A", "B", "C"])


def test_chinese_messages_name_a_choice_in_chinese_too() -> None:
    hpt.use_language("zh")
    forgotten = hpt.check("4.2-d", {**RIGHT["4.2-d"], "C": "input"}).message
    assert forgotten.startswith('C：漏掉的不是输入（"input"）。')
    unfair = hpt.check("7.1-c", {**chapter_07_1.UNFAIR.right, "B": "预算不等"}).message
    assert unfair.startswith('B：毛病不是预算不等（"budget"）。')
    unfair = hpt.check("7.2-c", {**chapter_07_2.UNFAIR.right, "C": "selection"}).message
    assert unfair.startswith('C：毛病不是挑选（"selection"）。')


def test_chinese_messages_set_lists_with_chinese_commas() -> None:
    hpt.use_language("zh")
    picked = hpt.check("3.4-f", {**RIGHT["3.4-f"], "tpe": "Z"}).message
    assert picked.endswith('请从 "A"、"B"、"C" 中选。')
    keys = hpt.check("2-f", {}).message
    assert '键是 "batch_size"、"epochs"、"training_size"；' in keys
    sizes = hpt.check("6-f", {"training_size": 5_000, "seeds": 15}).message
    assert "测量过的有 1,000、4,000、16,000。" in sizes
    assert listed(["a", "b"], ";") == "a；b"
    hpt.use_language("en")
    assert (listed(["a", 2]), listed(["a", 2], ";")) == ("a, 2", "a; 2")


# ---------------------------------------------------------------- what the pictures show


def test_the_curves_show_what_is_asked() -> None:
    losses = {name: curve_of(f"0-d {name}")[1] for name in "ABCD"}
    assert losses["D"][-3:].max() < min(losses[name][-3:].min() for name in "ABC")
    assert (abs(losses["C"][5:] - 2.3) < 0.1).all()
    assert (losses["B"][3:] > losses["A"][3:]).all()
    assert (losses["B"][3:] > losses["D"][3:]).all()
    assert losses["B"][-1] < losses["B"][-4] - 0.01
    assert losses["A"][3] < losses["D"][3]


def test_the_searches_show_what_is_asked() -> None:
    rates = {name: curve_of(f"3.3-e {name}")[0] for name in "ABCD"}
    assert all(len(rates[name]) == 27 for name in "ABCD")
    assert len(set(rates["B"])) == 3
    assert np.mean(rates["A"] < 0.01) < 0.2
    assert 0.3 < np.mean(rates["D"] < 0.01) < 0.7
    dropout = {name: curve_of(f"3.3-e {name}")[1] for name in "CD"}
    assert np.mean(dropout["C"] < 0.4) > 0.55 > np.mean(dropout["D"] < 0.4) + 0.1


def test_two_searches_part_where_one_begins_to_think() -> None:
    random, tpe, other = (curve_of(f"3.4-f {name}")[1] for name in "ABC")
    same = random == tpe
    assert same[:12].all()
    assert not same[12:20].any()
    assert not (other[:12] == random[:12]).any()
    assert np.median(tpe[12:]) > np.median(random[12:]) + 0.05


def test_the_sweep_shows_what_is_asked() -> None:
    best = {}
    for size in (16, 64, 256):
        rates, means = curve_of(f"6-e {size}")
        best[size] = rates[means.argmax()]
        inside = np.sort(means)
        assert size == 64 or inside[-1] > inside[-2] + 0.004
    assert best == {16: 0.016, 64: 0.064, 256: rates[-1]}


def test_the_matrix_shows_what_is_asked() -> None:
    counts = np.array(all_series()[chapter_05.MATRIX])
    assert counts.sum() == 10_000
    assert counts.shape == (10, 10)
    wrong = np.sort((counts * (1 - np.eye(10, dtype=int))).ravel())
    recall = np.sort(counts.diagonal() / counts.sum(axis=1))
    precision = np.sort(counts.diagonal() / counts.sum(axis=0))
    # The answers must not hang by a hair.
    assert wrong[-1] > wrong[-2] + 5
    assert recall[1] > recall[0] + 0.01
    assert precision[1] > precision[0] + 0.01


def test_the_quotients_of_the_gradient_checks_are_right() -> None:
    network, x = hpt.BackpropNetwork(), np.array([-0.4, 1.6])
    passes = network.backward(x, 0.9)
    hidden, output = np.array(passes.forward.hidden_values), passes.forward.output
    shape = np.ones((2, 3))
    missing = {
        "A": shape / (hidden * (1 - hidden)),
        "B": shape / (output * (1 - output)),
        "C": shape / network.output_weights,
        "D": shape / x[:, None],
    }
    checks = network.gradient_check(x, 0.9)
    true = np.array([check.numerical for check in checks[:6]]).reshape(2, 3)
    slopes = passes.output_delta * network.output_weights * hidden * (1 - hidden)
    np.testing.assert_allclose(np.outer(x, slopes), true, rtol=1e-6)
    shown = {
        "A": [[5.233, 4.748, 4.589]] * 2,
        "B": [[4.197] * 3] * 2,
        "C": [[1.111, -1.429, 2]] * 2,
        "D": [[-2.5] * 3, [0.625] * 3],
    }
    for name, quotients in missing.items():
        np.testing.assert_allclose(quotients, shown[name], atol=6e-4)


# ---------------------------------------------------------------- pictures


WITH_CHARTS = [exercise for exercise in all_exercises().values() if exercise.charts]


@pytest.mark.parametrize("exercise", WITH_CHARTS, ids=lambda exercise: exercise.id)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_picture_is_drawn_and_described(exercise: Any, language: str) -> None:
    hpt.use_language(language)
    bundle = bundle_of(picture(exercise.id))
    assert set(bundle) == {"text/plain", "text/html", "image/png"}
    assert len(bundle["text/plain"]) > 60
    assert f'alt="{bundle["text/plain"]}"' in bundle["text/html"].replace("&#x27;", "'")
    assert "__" not in bundle["text/plain"]


def test_a_picture_speaks_the_readers_language() -> None:
    charts = WITH_CHARTS[0].charts

    def labels() -> tuple[str, str]:
        axes = Picture(charts).draw().axes[0]
        return axes.get_xlabel(), axes.get_ylabel()

    assert labels() == ("samples", "training loss")
    hpt.use_language("zh")
    assert labels() == ("已训练样本数", "训练损失")


@pytest.mark.parametrize(
    "reading",
    [chapter_07_1.UNFAIR, chapter_07_2.UNFAIR, chapter_07_3.FLAWS, chapter_07_4.UNFAIR],
)
def test_chapter_7_has_one_table_of_the_words_for_what_is_unfair(reading: Reading) -> None:
    for name, right in reading.right.items():
        (row,) = (row for row in FLAWS if right in row)
        # What a number of times counts, each section says: see below.
        for word in set(row) - {"次数"}:
            reading.check({**reading.right, name: word})


def test_a_word_means_what_a_section_asks_about() -> None:
    assert flaw_words(("budget", "runs"))["次数"] == "runs"
    assert flaw_words(("tries", "length"))["次数"] == "tries"
    assert flaw_words(("budget", "epochs"))["轮数"] == "epochs"
    assert flaw_words(("budget", "runs"))["轮数"] == "budget"
    with pytest.raises(Wrong, match="choose from"):
        chapter_07_4.UNFAIR.check({**chapter_07_4.UNFAIR.right, "B": "budget"})


def test_an_exercise_without_a_picture_names_those_that_have_one() -> None:
    with pytest.raises(ValueError, match=r"exercise='0-b' has no picture.*0-d"):
        picture("0-b")
