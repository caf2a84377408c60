"""Drawn curves as they are judged: coarse but right, and typical wrong beliefs."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import hpt_widgets as hpt
from hpt_widgets.exercises.predictions.catalog import every_prediction, find_prediction
from hpt_widgets.exercises.predictions.curve import (
    N_POINTS,
    PARTS,
    CurveQuestion,
    smoothed,
    with_knot,
)
from hpt_widgets.exercises.predictions.curve_comparison import compare_curves
from hpt_widgets.exercises.predictions.prediction_file import read_predictions
from hpt_widgets.exercises.toml_table import ChapterFileError

# What the chapters' runs give, at a few places.
STEPS = [10_016, 20_000, 30_016, 40_000, 50_000]
WITH_001 = (STEPS, [0.274, 0.199, 0.170, 0.149, 0.141])
LAYERS = [1, 2, 4, 7, 10, 13, 16, 20]
EPOCHS = [1, 2, 4, 8, 16, 32]
REAL = {
    "1-three-rates": [(STEPS, [2.18, 2.02, 1.85, 1.68, 1.52]), WITH_001, ([64], [231_286])],
    "1-fit": [
        ([32, 2352, 6948, 13_852, 20_756, 30_000], [2.29, 2.18, 1.82, 1.75, 1.61, 1.41]),
        ([500, 3000, 7500, 14_000, 21_000, 30_000], [2.26, 2.05, 1.90, 1.78, 1.69, 1.62]),
        (
            [32, 800, 2352, 4596, 9256, 13_852, 20_756, 30_000],
            [2.39, 0.7, 0.291, 0.0733, 0.0153, 0.007, 0.00275, 0.0009],
        ),
        (
            [500, 3000, 4500, 7500, 14_000, 21_000, 30_000],
            [1.5, 0.472, 0.402, 0.424, 0.463, 0.499, 0.531],
        ),
    ],
    "2-learning-rate": [
        (STEPS, [0.936, 0.515, 0.398, 0.347, 0.315]),
        WITH_001,
        (STEPS, [0.249, 0.253, 0.234, 0.212, 0.202]),
        (STEPS, [2.31, 2.32, 2.31, 2.33, 2.32]),
    ],
    "2-overfitting": [
        (
            [32, 1000, 4480, 9088, 18_320, 27_568, 36_928, 50_800, 60_000],
            [2.35, 0.9, 0.267, 0.152, 0.034, 0.0165, 0.00415, 0.0017, 0.0015],
        ),
        (
            [2000, 6000, 12_000, 24_000, 34_000, 46_000, 60_000],
            [0.51, 0.365, 0.28, 0.284, 0.3, 0.32, 0.335],
        ),
    ],
    "3.2-between": [
        (
            [0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1],
            [0.802, 0.840, 0.864, 0.871, 0.864, 0.852, 0.819, 0.689, 0.362],
        )
    ],
    "4.2-depth": [
        (LAYERS, [0.219, 0.0469, 2.55e-3, 3.91e-5, 4.89e-7, 6.73e-9, 8.05e-11, 2e-13]),
        (LAYERS, [0.903, 0.771, 0.722, 0.738, 0.543, 0.477, 0.358, 0.129]),
        (LAYERS, [1.04, 1.3, 1.68, 2.37, 2.9, 3.5, 2.89, 2.64]),
    ],
    "5-long-run": [
        (
            [320, 4000, 25_024, 57_520, 120_000, 182_510, 245_020, 337_500, 400_000],
            [2.14, 0.5, 0.235, 0.11, 0.0664, 0.0601, 0.0461, 0.0349, 0.0325],
        ),
        (
            [10_016, 40_000, 70_000, 100_000, 160_020, 250_000, 340_000, 400_000],
            [0.292, 0.138, 0.12, 0.0952, 0.0859, 0.0851, 0.0884, 0.0968],
        ),
    ],
    "6-range-curve": [
        (
            [1e-5, 4e-5, 1.7e-4, 3.5e-4, 7e-4, 1.4e-3, 2.8e-3, 5.9e-3, 8.1e-3, 0.024, 0.049, 0.098],
            [2.37, 2.31, 2.19, 2.02, 1.71, 1.18, 0.914, 0.796, 0.742, 0.827, 1.42, 3.1],
        )
    ],
    "6-dropout-epochs": [
        (EPOCHS, [0.501, 0.392, 0.304, 0.283, 0.294, 0.336]),
        (EPOCHS, [0.671, 0.432, 0.314, 0.273, 0.250, 0.311]),
        (EPOCHS, [1.23, 0.693, 0.430, 0.314, 0.272, 0.301]),
    ],
}


def curve_question(name: str) -> CurveQuestion:
    question = find_prediction(name)
    assert isinstance(question, CurveQuestion)
    return question


def judged(name, curves, real=None):
    """Return the comparison of each curve that is drawn."""
    question = curve_question(name)
    return compare_curves(question, question.checked(curves), question.found(real or REAL[name]))


def alone(name, number, points, real=None):
    """Return the comparison of the curve with a number, counted from 0, drawn by itself."""
    curves: list = [None] * len(curve_question(name).lines)
    curves[number] = points
    (comparison,) = judged(name, curves, real)
    return comparison


def side_of(name, number, comparison):
    """Return which of the meanings of a line a comparison has."""
    meaning = curve_question(name).lines[number].meaning
    sides = [
        side
        for side in ("close", "low", "high")
        if comparison.meaning == str(getattr(meaning, side))
    ]
    return sides[0] if sides else ""  # fmt: skip


# ------------------------------------------------------------------ coarse, and right


def sketched(question, points):
    """Return a real curve as far as a reader can know it, from guessing at the beginning on."""
    x, y = question.within(points)
    heights = question.y.share_of(y)
    if len(x) == 1:
        x, heights = np.array([x[0], question.x.maximum]), np.array([1.0, 1.0])
    places = question.x.share_of(x)
    if places[0] > 0 and not question.x.log:
        guessing = question.y.share_of(np.array([2.3]))
        places, heights = np.r_[0, places], np.r_[guessing, heights]
    if places[-1] < 1:
        # A learning rate that goes on growing.
        places, heights = np.r_[places, 1], np.r_[heights, 1]
    return question.y.value_at(np.interp(np.linspace(0, 1, N_POINTS), places, heights))


def flat(question):
    return question.y.value_at(np.full(N_POINTS, 0.5))


def typed(question, curve):
    made = flat(question)
    for knot, place in enumerate(question.knots):
        made = with_knot(question, made, knot, float(f"{curve[place]:.2g}"))
    return made


WAYS = {
    "as it is": lambda question, curve: curve,
    "typed": typed,
    "with the mouse": lambda question, curve: smoothed(
        question, flat(question), curve, is_new=True
    ),
    "with a fast mouse": lambda question, curve: smoothed(
        question, flat(question), curve[np.arange(N_POINTS) // 5 * 5], is_new=True
    ),
    "too late": lambda question, curve: curve[np.maximum(np.arange(N_POINTS) - 2, 0)],
    "with a trembling hand": lambda question, curve: question.y.value_at(
        question.y.share_of(curve) + 0.015 * np.sin(np.arange(N_POINTS) / 3)
    ),
}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("way", WAYS)
def test_a_real_curve_that_is_drawn_coarsely_is_right(name, way):
    question = curve_question(name)
    curves = [sketched(question, points) for points in question.found(REAL[name])]
    drawn = [WAYS[way](question, curve) for curve in curves]
    for number, comparison in enumerate(judged(name, drawn)):
        assert comparison.is_close, comparison
        assert side_of(name, number, comparison) == "close"
        assert comparison.difference.startswith("Close")


def test_every_question_that_asks_for_a_curve_is_tried():
    asked = {n for n, question in every_prediction().items() if isinstance(question, CurveQuestion)}
    missing, gone = sorted(asked - set(REAL)), sorted(set(REAL) - asked)
    assert not missing, f"give REAL (in this file) the curves of a run of {', '.join(missing)}"
    assert not gone, f"no prediction asks for the curves of {', '.join(gone)} in REAL"


# ------------------------------------------------------------------ the shape


@pytest.mark.parametrize(
    ("name", "number", "points", "words", "side"),
    [
        ("1-fit", 3, [(0, 2.3), (2500, 0.6), (30_000, 0.2)],
         "You drew it falling to the end; it turned up at about 4,500 (samples seen).", "low"),
        ("1-fit", 3, [(0, 2.3), (5000, 0.42), (30_000, 0.42)], "hardly any rise", "low"),
        ("1-fit", 3, [(0, 2.3), (5000, 0.42), (30_000, 2)],
         "You drew its end at 2; it ended at 0.531.", "high"),
        ("1-fit", 0, [(0, 2.3), (30_000, 2.3)], "hardly any fall; it fell from 2.2", "high"),
        ("1-fit", 0, [(0, 2.3), (5000, 1), (30_000, 0.45)], "its end at 0.45", "low"),
        ("1-fit", 1, [(0, 2.3), (30_000, 2.3)], "hardly any fall", "high"),
        ("1-three-rates", 0, [(0, 2.3), (50_000, 2.3)], "hardly any fall", "high"),
        ("2-overfitting", 1, [(0, 2.3), (8000, 0.35), (30_000, 0.2), (60_000, 0.13)],
         "falling to the end; it turned up at about 12,000", "low"),
        ("2-overfitting", 1, [(0, 2.3), (8000, 0.35), (50_000, 0.22), (60_000, 0.3)],
         "turning up at 50,000 (samples seen); it did so at about 12,000.", "low"),
        ("5-long-run", 1, [(0, 2.3), (50_000, 0.14), (150_000, 0.09), (400_000, 0.062)],
         "its end at 0.062; it ended at 0.0968", "low"),
        ("5-long-run", 0, [(0, 0.04), (400_000, 0.035)], "hardly any fall", "high"),
        ("5-long-run", 1, [(0, 0.12), (400_000, 0.12)], "hardly any fall", "high"),
        ("6-dropout-epochs", 0, [(1, 0.5), (8, 0.28), (32, 0.26)], "falling to the end", "low"),
        ("6-range-curve", 0, [(1e-5, 2.3), (3e-4, 2.1), (0.01, 0.8), (10, 0.8)],
         "hardly any rise", "low"),
        ("6-range-curve", 0, [(1e-5, 2.3), (1e-3, 2), (0.1, 0.7), (1, 5), (10, 20)],
         "turning up at 0.1 (learning rate); it did so at about 0.0081", "low"),
        ("6-range-curve", 0,
         [(1e-5, 2.3), (3e-4, 2.3), (0.008, 0.7), (0.09, 0.75), (0.3, 5), (10, 20)],
         "turning up at 0.1 (learning rate); it did so at about 0.0081", "low"),
        ("6-range-curve", 0,
         [(1e-5, 2.3), (3e-4, 2.3), (0.008, 0.7), (0.09, 0.75), (0.3, 5), (1, 5), (3, 0.72),
          (10, 20)],
         "turning up at 0.1 (learning rate); it did so at about 0.0081", "low"),
        ("4.2-depth", 1, [(1, 1), (20, 1)], "its end at 1; it ended at 0.129", "high"),
        ("4.2-depth", 2, [(1, 1), (20, 0.1)], "its end at 0.1; it ended at 2.64", "low"),
    ],
)  # fmt: skip
def test_a_typical_wrong_belief_is_told_what_it_lacks(name, number, points, words, side):
    comparison = alone(name, number, points)
    assert not comparison.is_close
    assert words in comparison.difference
    assert side_of(name, number, comparison) == side


@pytest.mark.parametrize(
    ("name", "number", "points"),
    [
        ("6-dropout-epochs", 1,
         [(1, 0.67), (2, 0.43), (4, 0.31), (8, 0.27), (16, 0.25), (32, 0.27)]),
        ("1-three-rates", 0, [(0, 2.3), (50_000, 1.95)]),
    ],
)  # fmt: skip
def test_a_rise_or_a_fall_that_can_be_seen_is_one(name, number, points):
    assert alone(name, number, points).is_close


def test_the_curve_that_ends_lower_must_be_the_one_that_does():
    wins = [(0, 2.3), (2000, 0.4), (10_000, 0.2), (50_000, 0.12)]
    second = [(0, 2.3), (2000, 0.5), (10_000, 0.32), (50_000, 0.2)]
    name = "2-learning-rate"
    right, too_high = judged(name, [None, wins, second, None])
    assert right.is_close
    assert too_high.is_close
    first, other = judged(name, [None, second, wins, None])
    assert first.difference == (
        "You drew it ending above the curve “0.01”; it ended below that one."
    )
    assert side_of(name, 1, first) == "high"
    assert "below the curve “0.001”" in other.difference
    assert side_of(name, 2, other) == "low"
    hpt.use_language("zh")
    assert "在曲线“0.01”之上" in judged(name, [None, second, wins, None])[0].difference


def test_ends_that_nobody_can_tell_apart_may_be_in_any_order():
    near = [(STEPS, [2.0, 1.0, 0.5, 0.3, end]) for end in (0.200, 0.204, 0.4, 2.3)]
    drawn = [[(0, 2.3), (30_000, 0.5), (50_000, end)] for end in (0.23, 0.2)]
    assert all(c.is_close for c in judged("2-learning-rate", [*drawn, None, None], near))


def test_a_run_with_other_settings_is_judged_by_what_it_did():
    """The sentences hold for the stored run: of another one they would say what is not so."""
    falls_on = [([2000, 10_000, 30_000, 60_000], [0.5, 0.3, 0.2, 0.15])] * 2
    falling = [(0, 2.3), (10_000, 0.3), (60_000, 0.15)]
    comparison = alone("2-overfitting", 1, falling, falls_on)
    assert comparison.is_close
    assert "did you change a setting?" in comparison.meaning


# ------------------------------------------------------------------ one curve beside another


def real_curve(name, number):
    return [list(point) for point in zip(*REAL[name][number], strict=True)]


@pytest.mark.parametrize(
    ("name", "exact", "number", "points", "side"),
    [
        ("4.2-depth", 0, 1, [(1, 1), (12, 1e-14), (20, 1e-14)], "low"),
        ("4.2-depth", 1, 2, [(1, 1), (20, 0.05)], "low"),
        ("2-learning-rate", 1, 2, [(0, 2.3), (2000, 0.4), (10_000, 0.2), (50_000, 0.12)], "low"),
        ("6-dropout-epochs", 0, 2, [(1, 1.2), (4, 0.5), (32, 0.36)], "high"),
    ],
)
def test_a_curve_that_is_exact_has_no_part_in_the_fault_of_another(
    name, exact, number, points, side
):
    curves: list = [None] * len(REAL[name])
    curves[exact], curves[number] = real_curve(name, exact), points
    in_order = judged(name, curves)
    right, wrong = in_order if exact < number else reversed(in_order)
    assert right.is_close
    assert not wrong.is_close
    assert side_of(name, number, wrong) == side


def test_curves_of_one_height_are_not_one_below_the_other():
    same = [(0, 2.3), (4000, 0.4), (10_000, 0.25), (50_000, 0.17)]
    winner, other = judged("2-learning-rate", [None, same, same, None])
    assert not winner.is_close
    assert winner.difference == (
        "You drew its end at 0.17; it ended at 0.141, below the curve “0.01”."
    )
    assert side_of("2-learning-rate", 2, other) == "low"


def test_a_curve_that_was_not_drawn_has_its_place_all_the_same():
    wins = [(0, 2.3), (2000, 0.4), (10_000, 0.2), (50_000, 0.12)]
    comparison = alone("2-learning-rate", 2, wins)
    assert not comparison.is_close
    assert comparison.difference.endswith("above the curve “0.001”.")
    hpt.use_language("zh")
    assert "在曲线“0.001”之上" in alone("2-learning-rate", 2, wins).difference


def test_curves_that_should_cross_must_begin_in_their_order():
    above = [(1, 0.64), (2, 0.46), (4, 0.34), (8, 0.29), (16, 0.3), (32, 0.34)]
    below = [(1, 0.6), (2, 0.42), (4, 0.31), (8, 0.27), (16, 0.25), (32, 0.31)]
    first, second = judged("6-dropout-epochs", [above, below, None])
    assert first.difference == (
        "You drew it beginning above the curve “0.25”; it began below that one."
    )
    assert side_of("6-dropout-epochs", 0, first) == "high"
    assert side_of("6-dropout-epochs", 1, second) == "low"


@pytest.mark.parametrize(
    ("name", "number", "training", "validation", "word"),
    [
        ("5-long-run", 1,
         [(0, 2.3), (10_000, 0.3), (50_000, 0.14), (100_000, 0.1), (200_000, 0.075),
          (320_000, 0.04), (400_000, 0.055)],
         [(0, 2.3), (10_000, 0.3), (50_000, 0.14), (100_000, 0.1), (200_000, 0.08),
          (400_000, 0.07)], "nearer to"),
        ("1-fit", 1, [(0, 2.3), (3000, 1.2), (30_000, 0.72)], [(0, 5), (30_000, 3.1)],
         "farther from"),
    ],
)  # fmt: skip
def test_two_curves_must_end_as_far_apart_as_they_did(name, number, training, validation, word):
    rest: list = [None] * (len(REAL[name]) - 2)
    first, second = judged(name, [training, validation, *rest])
    assert first.is_close
    assert not second.is_close
    assert f"ending {word} the curve “" in second.difference
    assert alone(name, number, validation).is_close


def test_two_curves_that_are_exchanged_are_in_the_wrong_order():
    real: list = REAL["5-long-run"]
    training, validation = (list(zip(*points, strict=True)) for points in real)
    _, second = judged("5-long-run", [validation, training])
    assert "below the curve “training loss”; it ended above" in second.difference


# ------------------------------------------------------------------ what is said, and what is not


@pytest.mark.parametrize(
    ("name", "number", "points", "fact", "side"),
    [
        # Whoever drew what a sentence says does not get it.
        ("6-dropout-epochs", 2, [(1, 1.2), (8, 0.6), (16, 0.4), (32, 0.2)],
         "Farthest apart at 8 (epochs): you drew 0.6, it was 0.314.", ""),
        ("2-overfitting", 1, [(0, 2.3), (12_000, 0.28), (40_000, 0.36), (60_000, 0.25)],
         "You drew it falling again; it went on rising.", ""),
        ("1-fit", 0, [(0, 2.3), (10_000, 1), (30_000, 2.3)],
         "You drew it rising again; it went on falling, to 1.41.", ""),
        ("1-fit", 3, [(0, 2.3), (30_000, 2.3)],
         "You drew hardly any fall; it fell to 0.402 before it turned up.", ""),
        ("1-fit", 3, [(0, 0.3), (30_000, 0.6)], "You drew hardly any fall", ""),
        ("2-overfitting", 1, [(0, 2.3), (6000, 1), (60_000, 1)], "hardly any rise at the end", ""),
        ("3.2-between", 0, [(0.001, 0.8), (0.01, 0.86), (0.03, 0.8), (0.05, 0.6), (0.1, 0.1)],
         "Farthest apart at 0.1 (learning rate): you drew 0.1, it was 0.362.", ""),
        # An end that is two or three times too high is no praise.
        ("2-overfitting", 0, [(0, 2.3), (10_000, 0.15), (30_000, 0.02), (60_000, 0.0042)],
         "Farthest apart at", ""),
        # Too high at the end is told about the end.
        ("6-dropout-epochs", 0, [(1, 0.5), (8, 0.28), (32, 0.8)], "Farthest apart at 32", "high"),
        ("1-three-rates", 1, [(0, 2.3), (5000, 0.35), (10_000, 0.25), (50_000, 0.6)],
         "Farthest apart at 50,000", "high"),
        ("2-learning-rate", 3, [(0, 2.3), (5000, 1.6), (50_000, 1.36)],
         "You drew its end at 1.36; it ended at 2.32.", "low"),
    ],
)  # fmt: skip
def test_a_sentence_is_for_who_has_wrong_what_it_speaks_of(name, number, points, fact, side):
    comparison = alone(name, number, points)
    assert not comparison.is_close
    assert fact in comparison.difference
    assert side_of(name, number, comparison) == side
    assert side or comparison.meaning == ""
    hpt.use_language("zh")
    assert alone(name, number, points).difference[-1] == "。"


def test_who_dips_too_deep_has_the_turn_and_the_end_right():
    comparison = alone("1-fit", 3, [(0, 2.3), (5000, 0.05), (30_000, 0.5)])
    assert comparison.meaning == "You have the end right; it is the way there that differs."


def test_only_what_is_steep_is_called_steep():
    flat = alone("2-overfitting", 1, [(0, 2.3), (12_000, 0.28), (40_000, 0.36), (60_000, 0.336)])
    assert flat.is_close
    assert flat.difference.startswith("Close on the whole, least so at 2,000")
    falling = [(0, 2.3), (2500, 0.9), (4600, 0.3), (9300, 0.03), (14_000, 0.007), (30_000, 0.0009)]
    steep = [([500, 4000, 5000, 14_000, 30_000], [2.3, 2.2, 0.05, 0.007, 0.0009])] * 4
    assert "steep it is at 4" in alone("1-fit", 2, falling, steep).difference


@pytest.mark.parametrize(
    ("name", "number", "points", "real"),
    [
        ("1-three-rates", 2, [(0, 2.3), (50_000, 2.3)], ([10_016, 50_000], [2.31, 2.32])),
        ("2-learning-rate", 3, [(0, 2.3), (50_000, 2.3)], (STEPS, [0.27, 0.2, 0.17, 0.15, 0.14])),
        ("1-fit", 2, [(0, 2.3), (5000, 0.06), (30_000, 0.001)], ([500], [1.5])),
    ],
)
def test_of_a_run_that_ends_elsewhere_the_sentences_do_not_speak(name, number, points, real):
    comparison = alone(name, number, points, [real] * len(REAL[name]))
    assert "did you change a setting?" in comparison.meaning


def test_where_the_stored_runs_end_is_known_of_every_curve():
    for name, found in REAL.items():
        question = curve_question(name)
        for line, (_, heights) in zip(question.lines, found, strict=True):
            stored, real = question.y.share_of(np.array([line.stored_end, heights[-1]]))
            assert stored == pytest.approx(real, abs=question.close / 4)


# ------------------------------------------------------------------ the end, and the way there


@pytest.mark.parametrize(
    ("name", "number", "points"),
    [
        ("2-learning-rate", 1, [(0, 2.3), (10_833, 0.6), (20_000, 0.2), (50_000, 0.141)]),
        ("1-fit", 2, [(0, 2.3), (5000, 0.002), (9000, 0.0012), (30_000, 0.0009)]),
        ("2-overfitting", 0, [(0, 2.3), (30_000, 0.3), (60_000, 0.0015)]),
    ],
)
def test_who_has_the_end_right_is_told_nothing_about_the_end(name, number, points):
    comparison = alone(name, number, points)
    assert not comparison.is_close
    assert comparison.difference.startswith("Farthest apart at")
    assert comparison.meaning == "You have the end right; it is the way there that differs."


def test_a_sentence_about_the_end_is_for_the_side_on_which_the_end_is():
    # Farthest apart in the middle, where it is too low; at the end it is too high.
    points = [(0, 2.3), (2000, 0.01), (9000, 0.01), (30_000, 0.005)]
    comparison = alone("1-fit", 2, points)
    assert comparison.difference.startswith("Farthest apart at 2,000")
    assert side_of("1-fit", 2, comparison) == "high"


def test_who_has_the_end_right_and_lacks_something_is_told_both():
    points = [(1, 1.2), (4, 0.9), (16, 0.45), (32, 0.33)]
    best = [(1, 0.5), (8, 0.28), (32, 0.27)]
    _, comparison = judged("6-dropout-epochs", [best, None, points])
    assert comparison.difference.startswith("Farthest apart at ")
    assert comparison.difference.endswith("You drew it ending above the curve “0”; "
                                          "it ended below that one.")  # fmt: skip
    assert side_of("6-dropout-epochs", 2, comparison) == "high"


# ------------------------------------------------------------------ beyond the chart


@pytest.mark.parametrize(
    "points",
    [
        [(0, 2.3), (1500, 20), (50_000, 20)],
        [(0, 2.3), (12_500, 20), (50_000, 20)],
        [(0, 20), (50_000, 20)],
    ],
)
def test_who_lets_a_curve_leave_the_chart_at_once_is_right(points):
    comparison = alone("1-three-rates", 2, points)
    assert comparison.is_close
    assert side_of("1-three-rates", 2, comparison) == "close"


@pytest.mark.parametrize(
    "points",
    [
        [(0, 20), (5000, 0.05), (50_000, 0.05)],
        [(0, 12), (50_000, 0.06)],
        [(0, 2.3), (50_000, 2.3)],
        [(0, 2.3), (50_000, 20)],
    ],
)
def test_where_a_curve_begins_is_no_sign_that_it_leaves(points):
    comparison = alone("1-three-rates", 2, points)
    assert not comparison.is_close
    assert comparison.outcome == "above 20, beyond this chart"
    assert "it was above 20, beyond this chart." in comparison.difference
    assert side_of("1-three-rates", 2, comparison) == "low"
    hpt.use_language("zh")
    assert "实际是 20 以上，超出了图。" in alone("1-three-rates", 2, points).difference


def test_an_end_beyond_the_chart_is_told_in_words_of_its_own():
    x = np.linspace(500, 30_000, 60)
    comparison = alone("1-fit", 0, [(0, 2.3), (30_000, 1.5)], [(x, np.exp(x / 3000))] * 4)
    assert "it ended above 5, beyond this chart." in comparison.difference
    hpt.use_language("zh")
    comparison = alone("1-fit", 0, [(0, 2.3), (30_000, 1.5)], [(x, np.exp(x / 3000))] * 4)
    assert "实际在 5 以上，超出了图。" in comparison.difference


def test_a_curve_below_the_chart_is_said_to_be(tmp_path):
    real = [([0, 30_000, 60_000], [0.1, 1e-6, 1e-6])] * 2
    comparison = alone("2-overfitting", 0, [(0, 0.1), (60_000, 0.1)], real)
    assert comparison.outcome == "below 0.001, beyond this chart"


def test_a_curve_that_ends_early_is_compared_as_far_as_it_goes():
    ended = [([0, 25_000], [2.0, 0.5])] * 4
    assert alone("2-learning-rate", 0, [(0, 2), (25_000, 0.5), (50_000, 5)], ended).is_close
    # One point, which no place of the drawn curve may hit.
    one = [([2.5], [0.5])] * 4
    assert "it was 0.5" in alone("2-learning-rate", 0, [(0, 2), (50_000, 2)], one).difference
    for nothing in ([], [math.nan], [math.inf]):
        none = [(nothing, nothing)] * 4
        assert "no point" in alone("2-learning-rate", 0, [(0, 2), (50_000, 2)], none).difference


def test_the_scale_is_no_part_of_what_an_axis_shows():
    assert curve_question("6-dropout-epochs").x.quantity == "epochs"
    assert curve_question("4.2-depth").x.quantity == "layers on the way back"
    hpt.use_language("zh")
    assert curve_question("6-dropout-epochs").x.quantity == "训练轮数"


# ------------------------------------------------------------------ whatever is drawn and found

SHARES = st.sampled_from([0.0, 1.0]) | st.floats(0, 1)
BEYOND = st.sampled_from([0.0, -1.0, 1e9, math.inf, -math.inf, math.nan])


def points_of(question, *, may_leave_the_chart):
    """Return a strategy for points of which many lie on the edges of the chart."""
    heights = SHARES.map(lambda share: float(question.y.value_at(np.array([share]))[0]))
    if may_leave_the_chart:
        heights |= BEYOND
    places = SHARES.map(lambda share: float(question.x.value_at(np.array([share]))[0]))
    return st.dictionaries(places, heights, max_size=6).map(lambda found: sorted(found.items()))


def curves_of(question, *, may_leave_the_chart):
    """Return a strategy for the points of all lines."""
    points = points_of(question, may_leave_the_chart=may_leave_the_chart)
    return st.tuples(*[points] * len(question.lines))


@pytest.mark.parametrize("name", REAL)
def test_whatever_is_drawn_and_found_is_compared(name):
    question = curve_question(name)

    # Made once for all examples: to make a strategy takes longer than to draw from it.
    @given(
        drawn=curves_of(question, may_leave_the_chart=False),
        found=curves_of(question, may_leave_the_chart=True),
    )
    def compare(drawn, found):
        assume(any(drawn))
        real = [tuple(zip(*points, strict=True)) or ([], []) for points in found]
        for comparison in judged(name, [points or None for points in drawn], real):
            assert comparison.difference or comparison.meaning

    compare()


def test_a_curve_that_is_drawn_down_to_0_is_compared():
    comparison = alone("3.2-between", 0, [(0.0001, 0.2), (0.003, 0.9), (1, 0.0)])
    assert not comparison.is_close
    assert comparison.difference.startswith("Farthest apart at 0.001")
    for end in (0.0, -1.0, -math.inf):
        real = [([0.001, 0.003, 0.1], [0.8, 0.86, end])]
        assert alone("3.2-between", 0, [(0.001, 0.8), (0.1, 0.0)], real).difference


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Close all the way: no difference can be seen."), ("zh", "一路都很接近，看不出差别。")],
)
def test_of_a_curve_on_the_real_one_no_two_equal_numbers_are_told(language, words):
    hpt.use_language(language)
    points = list(zip(*REAL["3.2-between"][0], strict=True))
    comparison = alone("3.2-between", 0, points)
    assert comparison.difference == words
    off = [(x, y - 0.01) for x, y in points]
    assert "0.792" in alone("3.2-between", 0, off).difference


def test_of_a_table_without_an_axis_the_missing_columns_are_named():
    question = curve_question("2-overfitting")
    table = pd.DataFrame({"seen": [1, 2], "loss": [3.0, 4.0]})
    with pytest.raises(TypeError, match="a table with the columns samples and training_loss,"):
        question.found(table)
    hpt.use_language("zh")
    with pytest.raises(TypeError, match="含有 samples 和 training_loss 两列的表"):
        question.found(table)


# ------------------------------------------------------------------ the file

LINE = """
[[predictions]]
id = "7-curve"
question = { en = "Draw.", zh = "请画。" }
[predictions.curve]
order = ["end"]
x = { label = "samples", minimum = 0, maximum = 60 }
y = { label = "loss", minimum = 0.01, maximum = 10, log = true }
[[predictions.curve.lines]]
name = "first"
meaning = { close = "c", low = "l", high = "h" }
turns_up = true
falls = true
ends_within = 2
low_is_about = ["turn"]
stored_end = 0.5
"""


def read(folder, text):
    file = folder / "chapter_07.toml"
    file.write_text(text, encoding="utf-8")
    return read_predictions(file, "7")


def test_a_line_says_what_is_asked_besides_its_height(tmp_path):
    (question,) = read(tmp_path, LINE)
    assert isinstance(question, CurveQuestion)
    (line,) = question.lines
    assert question.order == ("end",)
    assert (line.turns_up, line.falls, line.ends_within) == (True, True, 2)
    assert (line.low_is_about, line.high_is_about) == (("turn",), PARTS)
    assert (line.beside, line.stored_end) == (None, 0.5)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ends_within = 2", "ends_within = 1", "line 1: ends_within must be above 1, got 1"),
        ("minimum = 0.01, maximum = 10, log = true", "minimum = 0, maximum = 10",
         "ends_within needs a y axis above 0, got minimum 0"),
        ('["turn"]', '["low"]', "low_is_about must be an array of start, middle, end, fall, turn"),
        ('["turn"]', '"turn"', "low_is_about must be an array"),
        ('["end"]', '["turn"]', "order must be an array of start, end, got"),
        ("falls = true", "beside = 1", "beside must be the number of another line, got 1"),
        ("turns_up = true", "turns_up = 1", "turns_up must be true or false"),
        ("falls = true", "rises = true", "rises is unknown"),
    ],
)  # fmt: skip
def test_a_fault_in_what_is_asked_is_named(tmp_path, old, new, fault):
    with pytest.raises(ChapterFileError, match=fault):
        read(tmp_path, LINE.replace(old, new))
