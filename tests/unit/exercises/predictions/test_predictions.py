"""What is asked before a run: how it is read, answered, kept, and compared with what came out."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises import progress
from hpt_widgets.exercises.predictions.catalog import (
    all_predictions,
    chapter_of,
    every_prediction,
    find_prediction,
)
from hpt_widgets.exercises.predictions.curve import (
    N_POINTS,
    CurveQuestion,
    smoothed,
    to_plain,
    with_knot,
)
from hpt_widgets.exercises.predictions.curve_comparison import compare_curves
from hpt_widgets.exercises.predictions.kept import (
    compared,
    keep,
    kept_prediction,
    predicted_ids,
    was_seen,
    withdraw,
)
from hpt_widgets.exercises.predictions.prediction_file import read_predictions
from hpt_widgets.exercises.predictions.question import ChoiceQuestion, NumberQuestion
from hpt_widgets.exercises.toml_table import ChapterFileError
from hpt_widgets.language import LANGUAGES

GOOD = """
[[predictions]]
id = "7-number"
question = { en = "How many?", zh = "多少？" }
[predictions.number]
label = { en = "steps", zh = "步数" }
minimum = 1
maximum = 1000
close_factor = 2
meaning.close = "c"
meaning.low = "l"
meaning.high = "h"

[[predictions]]
id = "7-choice"
question = { en = "Which?", zh = "哪个？" }
[[predictions.choices]]
text = "one"
value = 0.1
meaning = { en = "No.", zh = "不对。" }
[[predictions.choices]]
text = "two"
value = 0.2
meaning = { en = "Yes.", zh = "对。" }
right = true

[[predictions]]
id = "7-curve"
question = { en = "Draw.", zh = "请画。" }
[predictions.curve]
x = { label = "samples", minimum = 0, maximum = 60, column = "samples" }
y = { label = "loss", minimum = 0.01, maximum = 10, log = true, column = "validation_loss" }
[[predictions.curve.lines]]
name = "first"
meaning = { close = "c", low = "l", high = "h" }
[[predictions.curve.lines]]
name = "second"
column = "training_loss"
meaning = { close = "c", low = "l", high = "h" }
"""


@pytest.fixture
def questions(tmp_path):
    return read(tmp_path, GOOD)


def read(folder, text):
    file = folder / "chapter_07.toml"
    file.write_text(text, encoding="utf-8")
    return read_predictions(file, "7")


@pytest.fixture
def number(questions):
    return questions[0]


@pytest.fixture
def choice(questions):
    return questions[1]


@pytest.fixture
def curve(questions):
    return questions[2]


# ------------------------------------------------------------------ the files


def test_the_chapters_have_predictions_of_all_kinds_with_words_in_both_languages():
    kinds = {type(question) for question in all_predictions().values()}
    assert kinds == {NumberQuestion, ChoiceQuestion, CurveQuestion}
    for question in all_predictions().values():
        for language in LANGUAGES:
            hpt.use_language(language)
            texts = [str(question.prompt), *meanings(question)]
            assert all(text.strip().endswith((".", "。", "?", "？", "）", ")")) for text in texts)


def meanings(question):
    if isinstance(question, ChoiceQuestion):
        return [str(choice.meaning) for choice in question.choices]
    owners = [question] if isinstance(question, NumberQuestion) else question.lines
    return [str(getattr(o.meaning, key)) for o in owners for key in ("close", "low", "high")]


def test_a_file_is_read_in_its_order(questions):
    assert [question.id for question in questions] == ["7-number", "7-choice", "7-curve"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "7-number"', 'id = "8-number"', r"prediction 1.*id must be 7- and a name"),
        ('id = "7-choice"', 'id = "7-number"', "an id stands here twice"),
        ('question = { en = "Which?", zh = "哪个？" }', "", "prediction 2.*question is missing"),
        ("right = true", "", r"prediction 2 \(7-choice\).*exactly one of them right"),
        ("minimum = 1\n", 'minimum = "1"\n', "number.*minimum must be a number"),
        ("close_factor = 2", "", "number.*close must be a number"),
        ('meaning.low = "l"', "", "meaning.*low is missing"),
        ("minimum = 0.01", "minimum = 0", r"curve, y.*above 0 on a log scale"),
        ("[predictions.number]", "[predictions.numbers]", "numbers is unknown"),
        ("[[predictions.choices]]", "shown = [1, 1]\n[[predictions.choices]]", "shown must be"),
        ("[[predictions.choices]]", "shown = [2]\n[[predictions.choices]]", "shown must be"),
        ("[[predictions.choices]]", "shown = 2\n[[predictions.choices]]", "shown must be"),
        ("[predictions.number]", "shown = [1]\n[predictions.number]", "shown is for choices"),
        ("close_factor = 2", 'close_factor = 2\nof = 9\nunit = "%"', "of stands instead of a unit"),
        ("id", "=", "no valid TOML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, old, new, fault):
    with pytest.raises(ChapterFileError, match=fault) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith("chapter_07.toml")


def test_an_answer_of_two_kinds_is_refused(tmp_path):
    both = GOOD.replace('[[predictions.choices]]\ntext = "one"', "[predictions.curve]\nlines = []\n"
                        '[[predictions.choices]]\ntext = "one"')  # fmt: skip
    with pytest.raises(ChapterFileError, match="must be one of number, choices, curve"):
        read(tmp_path, both)


@pytest.mark.parametrize("name", ["2-learning", "9-x", "", None, 3])
def test_an_unknown_prediction_is_named_with_its_neighbours(name):
    with pytest.raises(ValueError, match="is no prediction") as caught:
        find_prediction(name)
    assert f"name={name!r}" in str(caught.value)
    assert "2-learning-rate" in str(caught.value)


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("predicted", "found", "words", "meaning"),
    [
        (10, 10, "exactly right", "c"),
        (10, 19, "too low by a factor of 1.9", "c"),
        (10, 20, "too low by a factor of 2", "c"),
        (10, 30, "too low by a factor of 3", "l"),
        (30, 10, "too high by a factor of 3", "h"),
        # Beside "2.8" and "0.4", which are rounded, three digits could be held against them.
        (0.4, 2.768, "too low by a factor of 6.9", "l"),
        (10, 12_340, "too low by a factor of 1,234", "l"),
        (10, 1_234, "too low by a factor of 120", "l"),
        (10.4, 10, "too high by a factor of 1.04", "c"),
    ],
)
def test_numbers_are_compared_by_their_ratio(number, predicted, found, words, meaning):
    comparison = number.compare(predicted, found)
    assert (comparison.difference, comparison.meaning) == (words, meaning)
    assert comparison.is_close == (meaning == "c")


def number_question(name: str) -> NumberQuestion:
    question = find_prediction(name)
    assert isinstance(question, NumberQuestion)
    return question


@pytest.mark.parametrize(
    ("name", "predicted", "found", "begins"),
    [
        ("0-accuracy", 0.96, 95.9, "0.96 % is next to nothing. Did you mean 96 %?"),
        ("0-accuracy", 1, 98.5, "1 % is next to nothing. Did you mean 100 %?"),
        ("0-accuracy", 0.1, 95.9, "Did you mean 10 %? Then it was too low. Handwritten"),
        ("1-circle", 0.9, 59.4, "Did you mean 90 %? Then it was too high. Without an activation"),
        ("3.3-log", 0.5, 9.1, "It is the length"),
        ("3.3-log", 0.1, 9.1, "0.1 % is next to nothing. Did you mean 10 %?"),
        ("1-circle", 1, 59.4, "With as many points"),
        ("0-accuracy", 0.0, 95.9, "Handwritten"),
        ("0-accuracy", 1.5, 95.9, "Handwritten"),
    ],
)
def test_a_share_where_a_percentage_is_asked_is_taken_for_what_it_may_mean(
    name, predicted, found, begins
):
    comparison = number_question(name).compare(predicted, found)
    assert not comparison.is_close
    assert comparison.meaning.startswith(begins)


@pytest.mark.parametrize(
    ("name", "predicted", "found", "words", "is_close"),
    [
        ("0-accuracy", 95.9, 95.9, "exactly right", True),
        ("0-accuracy", 95.9, 95.94, "exactly right", True),
        ("0-accuracy", 93, 96, "too low by 3 points", True),
        ("0-accuracy", 92.9, 96, "too low by 3.1 points", False),
        ("0-accuracy", 99.5, 96, "too high by 3.5 points", False),
        # What is said and what is judged are both of the outcome as it is written: 95.6, 60 and 6.
        ("2-batch-rate", 95.5, 95.551, "too low by 0.1 points", True),
        ("2-batch-rate", 94.6, 95.58, "too low by 1 point", True),
        ("1-circle", 50, 59.6, "too low by 10 points", True),
        ("1-circle", 49.5, 59.6, "too low by 10.5 points", False),
        ("1-circle", 60.4, 59.6, "as good as exactly right", True),
        ("6-early", 2.6, 6, "too low by 3.4", False),
        # Nothing is exactly right that does not count as right.
        ("1-bend", 0.501, 0.5, "too high by 0.001", False),
        ("1-bend", 0.5, 0.5000001, "exactly right", True),
        ("2-guessing-loss", 2.3026, math.log(10), "as good as exactly right", True),
        ("2-guessing-loss", 2.3, math.log(10), "exactly right", True),
        ("2-chance", 1, 1.04, "exactly right", True),
        ("4.1-condition", 9.9, 9.8918, "as good as exactly right", True),
        ("4.1-condition", 15, 9.98, "too high by a factor of 1.5", True),
        ("4.1-condition", 10, 0.0005, "too high by a factor of 20,000", False),
        ("4.1-condition", 10, 1e-300, "too high by a factor of 1e+301", False),
        ("2-chance", 0, 1, "too low by 1 point", False),
        ("1-parameters", 25_000, 25_450, "too low by 450", False),
        ("1-parameters", 10_000_000, 25_450, "too high by 9,974,550", False),
    ],
)
def test_numbers_are_compared_by_their_difference(name, predicted, found, words, is_close):
    comparison = number_question(name).compare(predicted, found)
    assert (comparison.difference, comparison.is_close) == (words, is_close)


@pytest.mark.parametrize(
    ("name", "found", "written"),
    [
        ("7.3-budget", -0.04, "0.0 points"),
        ("7.4-smith", -0.004, "0.00 points"),
        ("7.4-smith", -0.006, "-0.01 points"),
    ],
)
def test_an_outcome_of_nothing_has_no_sign(name, found, written):
    assert number_question(name).compare(None, found).outcome == written
    assert number_question(name).as_given(-0.0) == "0 points"


@pytest.mark.parametrize(
    ("name", "predicted", "written"),
    [
        ("0-accuracy", 0.97, "0.97 %"),
        ("3.3-log", 0.5, "0.5 %"),
        ("0-accuracy", 90.0, "90 %"),
        ("2-chance", 1, "1 point"),
        ("2-chance", 1.5, "1.5 points"),
        ("7.1-hyperband", 1, "1 training"),
        ("7.1-hyperband", 2, "2 trainings"),
        ("2-structure", -0.5, "-0.5 points"),
        ("1-parameters", 25_450, "25,450"),
        ("2-guessing-loss", 2.302585, "2.302585"),
    ],
)
def test_a_prediction_is_written_with_the_digits_that_were_given(name, predicted, written):
    assert number_question(name).compare(predicted, 3.14159).prediction == written


def test_neither_tempting_answer_counts_as_the_best_rate():
    """The circle at 0.001, and the lowest point of the range test at 0.008."""
    question = number_question("6-range-best")
    assert "The circle" in question.compare(0.001, 0.003).meaning
    assert "The lowest point" in question.compare(0.008, 0.003).meaning
    assert all(question.compare(value, 0.003).is_close for value in (0.002, 0.006))


def test_no_question_has_a_formula():
    """It is shown as it is written: what is between dollars would stay so."""
    for question in all_predictions().values():
        for text in (question.prompt.en, question.prompt.zh):
            assert "$" not in text, question.id


def test_a_number_has_its_unit_as_each_language_sets_it():
    question = number_question("0-accuracy")
    assert question.compare(None, 95.94).outcome == "95.9 %"
    hpt.use_language("zh")
    assert question.compare(None, 95.94).outcome == "95.9%"
    assert question.compare(90, 95.94).difference == "偏低 5.9 个百分点"
    assert question.doubt_about(0.96) == "是 0.96%，还是 96%？"
    assert number_question("2-chance").compare(None, 1).outcome == "1.0 个百分点"


def test_of_a_number_of_things_it_is_said_how_many_there_are():
    question = number_question("5-moved")
    comparison = question.compare(900, 217.0)
    assert comparison.prediction == "900 of 1,000"
    assert comparison.outcome == "217 of 1,000"
    assert comparison.difference == "too high by 683"
    hpt.use_language("zh")
    assert question.compare(900, 217.0).outcome == "1,000 个中的 217 个"
    assert question.compare(900, 217.0).difference == "偏高 683 个"
    assert question.doubt_about(0.2) == "是 1,000 个中的 0.2 个，还是 1,000 个中的 200 个？"


@pytest.mark.parametrize(
    ("predicted", "begins"),
    [
        (0.2, "0.2 of 1,000 is next to nothing. Did you mean 200 of 1,000? Then you were close"),
        (0.95, "A fifth is left"),
        (0.4, "Did you mean 400 of 1,000? Then it was too high."),
        (1, "A fifth is left"),
    ],
)
def test_a_share_of_a_number_of_things_is_told_by_what_it_means(predicted, begins):
    assert number_question("5-moved").compare(predicted, 217.0).meaning.startswith(begins)


@pytest.mark.parametrize("found", [math.nan, math.inf])
def test_a_run_without_a_number_is_shown_and_not_judged(number, found):
    comparison = number.compare(10, found)
    assert (comparison.prediction, comparison.outcome) == ("10", str(found))
    assert comparison.meaning == ""


def test_a_number_may_be_numpys_or_tensorflows(number):
    class Tensor:
        def numpy(self):
            return np.float32(20)

    for value in (np.float32(20), np.array(20), np.int64(20), Tensor()):
        assert number.compare(10, value).outcome == "20"


@pytest.mark.parametrize("value", [0, 1001, math.nan, "5", None, True])
def test_a_number_out_of_range_is_refused(number, value):
    with pytest.raises(ValueError, match=r"value=.*1 to 1,000"):
        number.checked(value)


# ------------------------------------------------------------------ choices


def test_a_choice_is_compared_with_what_is_right(choice):
    comparison = choice.compare(2)
    assert comparison.is_close
    assert (comparison.difference, comparison.meaning) == ("as you expected", "Yes.")
    comparison = choice.compare(1)
    assert not comparison.is_close
    assert (comparison.prediction, comparison.outcome) == ("one", "two")
    assert comparison.meaning == "No."


def test_a_choice_is_compared_with_what_the_run_found(choice):
    assert choice.compare(2, np.float64(0.2)).is_close
    comparison = choice.compare(2, 0.1)
    assert not comparison.is_close
    assert comparison.outcome == "one"
    assert "did you change a setting?" in comparison.meaning


def test_a_result_that_nobody_could_choose_is_shown_as_it_is(choice):
    comparison = choice.compare(2, 0.3)
    assert comparison.outcome == "0.3"
    assert not comparison.is_close


# ------------------------------------------------------------------ curves


def test_a_curve_of_points_is_straight_on_the_screen(curve):
    first, second = curve.checked([[(0, 10), (60, 0.01)], None])
    assert second is None
    # From 10 to 0.01 on a log scale: the middle is their geometric mean.
    assert first[N_POINTS // 2] == pytest.approx(math.sqrt(10 * 0.01))
    assert curve.checked([first, None])[0] == pytest.approx(first)


def test_a_curve_is_kept_within_the_chart(curve):
    first, _ = curve.checked([[(0, 1e6), (60, 1e-6)], None])
    assert (first[0], first[-1]) == (10, 0.01)


def run_of(samples, training, validation):
    columns = {"samples": samples, "training_loss": training, "validation_loss": validation}
    return type("Run", (), {"history": pd.DataFrame(columns)})()


def test_the_result_may_be_a_run_a_table_or_points(curve):
    run = run_of([30, 60], [1.0, 0.5], [math.nan, 0.7])
    for result in (run, run.history, type("Lab", (), {"last_run": run})()):
        first, second = curve.found(result)
        assert [list(part) for part in first] == [[60], [0.7]]
        assert [list(part) for part in second] == [[30, 60], [1.0, 0.5]]
    # A pair of lists is one curve, for as many lines as there are.
    assert [[list(part) for part in points] for points in curve.found(([1, 2], [3, 4]))] == [
        [[1, 2], [3, 4]]
    ] * 2
    pairs = curve.found([([1, 2], [3, 4]), ([5, 6], [7, 8])])
    assert [[list(part) for part in points] for points in pairs] == [
        [[1, 2], [3, 4]],
        [[5, 6], [7, 8]],
    ]


def test_a_comparison_says_where_the_curves_part(curve):
    drawn = curve.checked([[(0, 1), (60, 1)], None])
    x = np.array([0.0, 30.0, 60.0])
    (comparison,) = compare_curves(curve, drawn, [(x, np.array([1.0, 0.1, 1.0]))] * 2)
    assert comparison.difference == "Farthest apart at 30 (samples): you drew 1, it was 0.1."
    assert (comparison.meaning, comparison.is_close) == ("h", False)
    (near,) = compare_curves(curve, drawn, [(x, np.array([1.0, 0.9, 1.0]))] * 2)
    assert near.difference == (
        "Close all the way, least so at 30 (samples): you drew 1, it was 0.9."
    )
    assert (near.meaning, near.is_close) == ("c", True)


def test_the_steps_of_a_fast_mouse_are_smoothed_and_the_rest_is_left(curve):
    before = curve.checked([[(0, 1), (60, 1)], None])[0]
    drawn = before.copy()
    drawn[20:30], drawn[30:40] = 0.1, 5.0
    made = smoothed(curve, before, drawn)
    moved = (drawn != before).nonzero()[0]
    rest = np.setdiff1d(np.arange(N_POINTS), moved)
    assert made[rest] == pytest.approx(before[rest])
    steps = np.abs(np.diff(np.log10(made)))
    assert steps.max() < 0.6 * np.abs(np.diff(np.log10(drawn))).max()
    assert smoothed(curve, made, made) == pytest.approx(made)


@pytest.mark.parametrize(
    ("is_new", "first", "last", "ends"),
    [
        (True, 20, 40, (0.1, 5.0)),
        (False, 20, 40, (1.0, 1.0)),
        (False, 2, 58, (0.1, 5.0)),
        (False, 2, 40, (0.1, 1.0)),
    ],
)
def test_a_curve_goes_on_to_the_ends_that_the_mouse_came_close_to(curve, is_new, first, last, ends):
    before = curve.checked([[(0, 1), (60, 1)], None])[0]
    drawn = before.copy()
    middle = (first + last) // 2
    drawn[first:middle], drawn[middle : last + 1] = 0.1, 5.0
    made = smoothed(curve, before, drawn, is_new=is_new)
    assert (made[0], made[-1]) == pytest.approx(ends)


def test_a_stroke_that_stops_early_goes_on_as_steep_as_it_was(curve):
    flat = curve.checked([[(0, 1), (60, 1)], None])[0]
    drawn = flat.copy()
    drawn[10:50] = np.geomspace(0.5, 5, 40)
    made = np.log10(smoothed(curve, flat, drawn, is_new=True))
    assert made[53] == pytest.approx(np.log10(5) + 4 / 39, abs=0.01)
    assert made[60] == pytest.approx(np.log10(5) + 6 / 39, abs=0.01)
    assert made[0] == pytest.approx(np.log10(0.5) - 6 / 39, abs=0.01)


def test_what_is_no_height_is_drawn_at_the_edge(curve):
    before = curve.checked([[(0, 1), (60, 1)], None])[0]
    drawn = before.copy()
    drawn[10:20], drawn[40:50] = -3.0, math.nan
    made = smoothed(curve, before, drawn)
    assert np.isfinite(made).all()
    assert made.min() == pytest.approx(0.01)


def test_a_typed_height_moves_the_curve_up_to_the_next_knots(curve):
    flat = curve.checked([[(0, 1), (60, 1)], None])[0]
    made = with_knot(curve, flat, 2, 0.1)
    assert made[curve.knots] == pytest.approx([1, 1, 0.1, 1, 1])
    assert made[[0, 15, 45, 60]] == pytest.approx(1)
    assert made[22] < 1


# ------------------------------------------------------------------ what is kept


def test_a_prediction_is_kept_until_it_is_compared(number, readers_folder):
    assert kept_prediction(number) is None
    assert keep(number, 5) == ""
    assert keep(number, 7) == ""
    kept = kept_prediction(number)
    assert (kept.value, kept.is_compared) == (7, False)
    compared(number)
    compared(number)
    kept = kept_prediction(number)
    assert (kept.value, kept.is_compared) == (7, True)
    lines = (readers_folder / progress.FILE_NAME).read_text(encoding="utf-8").splitlines()
    states = [(entry["state"], entry["value"]) for entry in map(json.loads, lines)]
    assert states == [("predicted", 5), ("predicted", 7), ("compared", 7)]


def test_what_is_predicted_when_the_outcome_was_seen_is_late(choice, readers_folder):
    assert not was_seen(choice)
    assert compared(choice) == compared(choice) == ""
    assert was_seen(choice)
    assert kept_prediction(choice) is None
    keep(choice, 2)
    kept = kept_prediction(choice)
    assert (kept.value, kept.is_compared, kept.is_late) == (2, False, True)
    compared(choice)
    kept = kept_prediction(choice)
    assert (kept.is_compared, kept.is_late) == (True, True)
    assert predicted_ids() == set()
    # Whoever begins anew, with another class say, predicts.
    keep(choice, 1, is_anew=True)
    kept = kept_prediction(choice)
    assert (kept.value, kept.is_compared, kept.is_late) == (1, False, False)
    assert predicted_ids() == {"7-choice"}
    lines = (readers_folder / progress.FILE_NAME).read_text(encoding="utf-8").splitlines()
    states = [(e["item"], e["state"], e.get("value")) for e in map(json.loads, lines)]
    # No state is new, so that none of these is a broken line for a teacher's earlier version.
    assert states == [
        ("outcome-7-choice", "compared", None),
        ("prediction-7-choice", "predicted", 2),
        ("prediction-7-choice", "compared", 2),
        ("outcome-7-choice", "predicted", None),
        ("prediction-7-choice", "predicted", 1),
    ]


def test_a_prediction_that_was_compared_is_not_late_when_it_is_made_anew(number):
    keep(number, 5)
    compared(number)
    keep(number, 7, is_anew=True)
    assert not kept_prediction(number).is_late
    assert predicted_ids() == {"7-number"}


def test_a_prediction_that_was_taken_back_is_none(number, readers_folder):
    assert withdraw(number) == ""
    assert not (readers_folder / progress.FILE_NAME).exists()
    keep(number, 5)
    compared(number)
    withdraw(number)
    withdraw(number)
    assert kept_prediction(number) is None
    assert predicted_ids() == {"7-number"}
    states = [(entry.state, entry.value) for entry in progress.entries()]
    assert states == [("predicted", 5), ("compared", 5), ("predicted", None)]
    # It is a prediction to versions that know nothing of this: one that answers no question.
    with pytest.raises(ValueError, match="value=None"):
        number.checked(progress.entries()[-1].value)
    compared(number)
    keep(number, 6)
    assert kept_prediction(number).is_late


def test_what_was_noted_and_taken_back_never_was_a_prediction(number):
    compared(number)
    keep(number, 5)
    withdraw(number)
    assert kept_prediction(number) is None
    assert predicted_ids() == set()


def test_where_nothing_can_be_written_a_prediction_is_taken_back_all_the_same(
    number, readers_folder
):
    keep(number, 5)
    (readers_folder / progress.FILE_NAME).unlink()
    readers_folder.rmdir()
    readers_folder.write_text("in the way", encoding="utf-8")
    keep(number, 5)
    assert "HPT_HOME" in withdraw(number)
    assert kept_prediction(number) is None


def test_curves_are_kept_as_they_were_drawn(curve):
    drawn = curve.checked([[(0, 10), (60, 0.01)], None])
    keep(curve, to_plain(drawn))
    first, second = curve.checked(kept_prediction(curve).value)
    assert first == pytest.approx(drawn[0], rel=1e-3)
    assert second is None


def test_what_no_longer_answers_the_question_is_none(choice):
    progress.remember(f"prediction-{choice.id}", progress.PREDICTED, 3)
    assert kept_prediction(choice) is None


def test_a_kept_choice_stays_what_it_was_when_the_choices_are_shown_in_another_order(
    choice, tmp_path, readers_folder
):
    keep(choice, 2)
    shown = GOOD.replace("[[predictions.choices]]", "shown = [2, 1]\n[[predictions.choices]]", 1)
    turned = read(tmp_path, shown)[1]
    assert [str(c.text) for c in turned.choices] == ["two", "one"]
    assert kept_prediction(turned).value == 1
    assert turned.words(1) == choice.words(2)
    assert turned.compare(kept_prediction(turned).value).is_close
    # Seen beside its outcome, and predicted anew, it is kept by the same number as ever.
    compared(turned)
    keep(turned, 2)
    lines = (readers_folder / progress.FILE_NAME).read_text(encoding="utf-8").splitlines()
    states = [(entry["state"], entry["value"]) for entry in map(json.loads, lines)]
    assert states == [("predicted", 2), ("compared", 2), ("predicted", 1)]
    assert kept_prediction(choice).value == 1


def test_the_numbers_that_choices_are_kept_by_are_an_order(choice):
    assert choice.kept_as == (1, 2)
    with pytest.raises(ValueError, match="an order of 1 to 2"):
        ChoiceQuestion(choice.id, choice.prompt, choice.choices, (1, 3))


RETIRED, NEW = "7.2-warm-up", "7.2-constant"


def test_a_question_that_was_replaced_keeps_its_answers_to_itself():
    """Readers' copies of an earlier version go on asking it."""
    assert RETIRED in every_prediction()
    assert RETIRED not in all_predictions()
    old = find_prediction(RETIRED)
    keep(old, 1)
    assert kept_prediction(old).value == 1
    assert hpt.outcome(RETIRED).comparisons[0].is_close
    # The number of a choice is no number of points.
    assert kept_prediction(find_prediction(NEW)) is None
    n_asked = sum(chapter_of(name) == "7.2" for name in all_predictions())
    for made, name in enumerate((RETIRED, NEW), start=1):
        keep(find_prediction(name), 1)
        (state,) = (row[2] for row in hpt.my_progress().rows if row[:2] == ("7.2", "predictions"))
        assert state == f"{made} of {n_asked + 1} made"


@pytest.mark.parametrize(
    ("name", "found", "prediction"),
    [
        ("3.1-pair", "won back", 3),
        ("3.1-pair", "better", 2),
        ("3.1-single", [False, False], 1),
        ("3.1-single", [True, False], 2),
        ("3.2-noise", 0, 3),
        ("3.2-noise", -1, 2),
        ("6-noise-pair", False, 2),
        ("6-noise-pair", True, 1),
        ("6-warm-up", [1, False], 2),
        ("6-warm-up", [0, False], 1),
    ],
)
def test_what_a_run_that_varies_gave_decides_what_came_out(name, found, prediction):
    """Not what came out in the stored run."""
    question = find_prediction(name)
    assert isinstance(question, ChoiceQuestion)
    comparison = question.compare(prediction, found)
    assert comparison.is_close
    assert comparison.outcome == question.words(prediction)
    others = [i for i in range(1, len(question.choices) + 1) if i != prediction]
    assert not any(question.compare(other, found).is_close for other in others)
    is_usual = question.choices[prediction - 1].right
    said = str(question.choices[prediction - 1].meaning) if is_usual else "If not, it is chance."
    assert comparison.meaning.endswith(said)
    assert not is_usual or "In the stored run" in said


def test_where_nothing_can_be_written_a_prediction_holds_as_long_as_the_kernel(
    number, readers_folder
):
    readers_folder.write_text("in the way", encoding="utf-8")
    assert "HPT_HOME" in keep(number, 5)
    assert kept_prediction(number).value == 5
    readers_folder.unlink()
    assert keep(number, 6) == ""
    assert kept_prediction(number).value == 6


def test_where_nothing_can_be_written_an_outcome_was_seen_all_the_same(number, readers_folder):
    readers_folder.write_text("in the way", encoding="utf-8")
    # Nobody has anything to lose: no message.
    assert compared(number) == ""
    keep(number, 5)
    assert kept_prediction(number).is_late
    assert predicted_ids() == set()
    readers_folder.unlink()
    keep(number, 6, is_anew=True)
    assert not kept_prediction(number).is_late


def test_my_progress_counts_the_predictions_of_each_chapter():
    rows = {row[:2]: row[2] for row in hpt.my_progress().rows}
    assert rows["2", "predictions"] == "not answered"
    keep(find_prediction("2-chance"), 1.0)
    keep(find_prediction("2-chance"), 2.0)
    keep(find_prediction("2-batch-size"), 1)
    rows = {row[:2]: row[2] for row in hpt.my_progress().rows}
    assert re.fullmatch(r"2 of \d+ made", rows["2", "predictions"])
    assert rows["1", "predictions"] == "not answered"
    assert rows["2", "quiz"] == "not answered"
