"""A drawing becomes a picture as MNIST has them, wherever and however large it was drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from digit_strokes import DIGITS, placed
from scipy import ndimage

import hpt_widgets as hpt
from hpt_widgets.data.handwriting import draw_strokes, pen_for, prepare_drawing, resize
from hpt_widgets.labs.digits.digit_reader import DigitReader

N_READ = 600
CANVAS = 280


@pytest.fixture(scope="module")
def run():
    hp = hpt.Hyperparameters(hidden_units=(64,), learning_rate=0.003, batch_size=128, epochs=3)
    return hpt.train(hp, hpt.load_mnist())


@pytest.fixture(scope="module")
def samples():
    data = hpt.load_mnist()
    return data.x_validation[:N_READ], data.y_validation[:N_READ]


def share_right(run, pictures, labels):
    return float((run.predict_proba(np.array(pictures)).argmax(axis=1) == labels).mean())


def blown_up(picture):
    """Return a digit at the size of the canvas, as SciPy interpolates it."""
    return ndimage.zoom(picture, CANVAS / 28, order=1)


def shrunk_and_shifted(large, random):
    """Return a digit at half its size, anywhere on the canvas."""
    canvas = np.zeros((CANVAS, CANVAS))
    top, left = random.integers(0, CANVAS // 2, 2)
    canvas[top : top + 140, left : left + 140] = large[::2, ::2]
    return canvas


PENS = [
    (ndimage.grey_dilation, 5, 0.02),
    (ndimage.grey_dilation, 9, 0.03),
    (ndimage.grey_erosion, 5, 0.02),
    (ndimage.grey_erosion, 9, 0.04),
]


@pytest.fixture(scope="module")
def drawn(samples):
    """Return what is made of each sample on the canvas: it takes longest to blow them up."""
    random = np.random.default_rng(1)
    made = {name: [] for name in ("moved", "unprepared", *((pen, n) for pen, n, _ in PENS))}
    for picture in samples[0]:
        large = blown_up(picture)
        canvas = shrunk_and_shifted(large, random)
        made["moved"].append(prepare_drawing(canvas))
        made["unprepared"].append(canvas.reshape(28, 10, 28, 10).mean(axis=(1, 3)))
        for pen, pixels, _ in PENS:
            made[pen, pixels].append(prepare_drawing(pen(large, (pixels, pixels))))
    return made


# The picture itself


def test_pictures_of_mnist_come_out_as_they_went_in(samples):
    """Their makers did the same to them, so hardly anything is left to do."""
    difference = [np.abs(prepare_drawing(picture) - picture).mean() for picture in samples[0]]
    assert np.mean(difference) < 0.001
    assert np.median(difference) < 1e-3


def test_the_centre_of_mass_is_where_mnist_has_it(samples):
    """Held against SciPy's; of MNIST's own digits all lie within half a pixel of 14."""
    own = np.array([ndimage.center_of_mass(picture) for picture in samples[0]])
    assert np.abs(own - 14).max() <= 0.51
    random = np.random.default_rng(0)
    for picture in samples[0][:100]:
        canvas = shrunk_and_shifted(blown_up(picture), random)
        found = ndimage.center_of_mass(prepare_drawing(canvas))
        assert np.abs(np.array(found) - 14).max() <= 0.51


def test_the_digit_fills_a_box_of_20_with_its_proportions_kept():
    tall = np.zeros((100, 300))
    tall[10:90, 200:220] = 7.0
    prepared = prepare_drawing(tall)
    assert prepared.shape == (28, 28)
    assert prepared.dtype == np.float32
    rows, columns = np.flatnonzero(prepared.any(axis=1)), np.flatnonzero(prepared.any(axis=0))
    assert (len(rows), len(columns)) == (20, 5)
    assert prepared.max() == 1
    assert prepared.min() == 0


def test_a_lopsided_drawing_stays_whole():
    """Its centre of mass cannot come into the middle without cutting something off."""
    flag = np.zeros((200, 200))
    flag[:40, :] = 1
    flag[40:, :2] = 0.3
    prepared = prepare_drawing(flag)
    assert np.ptp(np.flatnonzero(prepared.any(axis=1))) + 1 == 20


@pytest.mark.parametrize("pixels", [np.uint8(255) * np.eye(40, dtype=np.uint8), np.eye(40, 40) > 0])
def test_only_the_ratios_of_the_values_count(pixels):
    assert prepare_drawing(pixels) == pytest.approx(prepare_drawing(np.eye(40) / 9))


def test_scaling_down_takes_the_mean_of_each_area():
    picture = np.random.default_rng(0).random((60, 90))
    expected = picture.reshape(20, 3, 30, 3).mean(axis=(1, 3))
    assert resize(picture, (20, 30)) == pytest.approx(expected)
    uneven = resize(picture, (7, 13))
    assert uneven.mean() == pytest.approx(picture.mean())


@pytest.mark.parametrize(
    ("pixels", "error", "words"),
    [
        (np.zeros((28, 28)), ValueError, "empty"),
        (np.ones(784), ValueError, r"shape \(784,\)"),
        (np.ones((280, 280, 4)), ValueError, "one channel"),
        (np.ones((0, 5)), ValueError, r"shape \(0, 5\)"),
        (np.full((5, 5), np.nan), ValueError, "nan"),
        (np.array([[0.0, np.inf]]), ValueError, "inf"),
        (np.array([[0.0, -1.0]]), ValueError, "-1.0"),
        (np.array([["a", "b"]]), TypeError, "numbers"),
    ],
)
def test_what_is_no_drawing_is_refused(pixels, error, words):
    with pytest.raises(error, match=words):
        prepare_drawing(pixels)


# Strokes


def test_a_stroke_covers_the_area_of_a_round_pen():
    picture = draw_strokes([[(60, 100), (200, 150)]], CANVAS, 20)
    length = math.hypot(140, 50)
    assert picture.sum() == pytest.approx(20 * length + math.pi * 10**2, rel=0.002)
    # On its line, and just beside its edge.
    assert picture[125, 130] == 1
    assert draw_strokes([[(50, 50)]], CANVAS, 30).sum() == pytest.approx(math.pi * 15**2, rel=0.01)


def test_strokes_lie_where_their_points_are():
    picture = draw_strokes([[(100, 30), (100, 250)]], CANVAS, 10)
    row, column = ndimage.center_of_mass(picture)
    assert (column, row) == pytest.approx((99.5, 139.5), abs=0.01)
    outside = draw_strokes([[(-50, 10), (40, 10)], [(400, 400)]], CANVAS, 10)
    assert outside[10, 0] == 1
    assert outside[:, 60:].sum() == 0


@pytest.mark.parametrize(
    ("stroke", "error"),
    [
        ([], ValueError),
        ([1, 2], ValueError),
        ([(1, 2, 3)], ValueError),
        ([(1, 2), (3,)], ValueError),
        ([(1, math.nan)], ValueError),
        ([("a", "b")], TypeError),
    ],
)
def test_what_is_no_stroke_is_refused(stroke, error):
    with pytest.raises(error):
        draw_strokes([stroke], CANVAS, 10)


def test_a_smaller_digit_is_written_with_a_thinner_pen():
    small, large = (placed(8, 10, 10, size, size) for size in (60, 180))
    assert pen_for(large) == pytest.approx(3 * pen_for(small))
    assert pen_for([np.array([(5.0, 5.0)])], thinnest=8) == 8


# What the network makes of it


@pytest.mark.slow
def test_shifted_and_shrunk_digits_are_read_as_well_as_the_originals(run, samples, drawn):
    pictures, labels = samples
    original = share_right(run, pictures, labels)
    assert original > 0.94
    assert share_right(run, drawn["moved"], labels) > original - 0.01
    # Without the preparation the network is lost.
    assert share_right(run, drawn["unprepared"], labels) < 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("pen", "pixels", "lost"), PENS)
def test_thicker_and_thinner_pens_are_read_nearly_as_well(run, samples, drawn, pen, pixels, lost):
    """On the canvas a digit of MNIST has strokes about 25 pixels wide."""
    pictures, labels = samples
    assert share_right(run, drawn[pen, pixels], labels) > share_right(run, pictures, labels) - lost


@pytest.mark.parametrize("digit", DIGITS)
def test_digits_written_with_strokes_are_read(run, digit):
    pictures = []
    for left, top, width, height in ((30, 20, 200, 240), (150, 170, 70, 90), (90, 10, 110, 200)):
        for slant in (0.0, 0.2):
            strokes = placed(digit, left, top, width, height, slant)
            pictures.append(prepare_drawing(draw_strokes(strokes, CANVAS, pen_for(strokes))))
    assert share_right(run, pictures, np.full(len(pictures), digit)) >= 5 / 6


# Whom to ask


def test_a_run_a_keras_model_and_a_classifier_are_asked_alike(run, samples):
    pictures = samples[0][:5]
    found = DigitReader(run)(pictures)
    assert found.shape == (5, 10)
    assert DigitReader(run.model)(pictures) == pytest.approx(found, abs=1e-5)

    class Classifier:
        def predict_proba(self, rows):
            assert rows.shape[1] == 784
            return run.predict_proba(rows)

    assert DigitReader(Classifier())(pictures) == pytest.approx(found)


def test_a_model_that_takes_pictures_is_asked_with_pictures(samples):
    import tensorflow as tf

    layers = [
        tf.keras.Input((28, 28, 1)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(10, "softmax"),
    ]
    model = tf.keras.Sequential(layers)
    expected = model.predict(samples[0][:3, :, :, None], verbose=0)
    assert DigitReader(model)(samples[0][:3]) == pytest.approx(expected, abs=1e-6)


class Oracle:
    """A classifier that always gives the same."""

    def __init__(self, answer):
        self.answer = answer

    def predict_proba(self, rows):
        return np.repeat([self.answer], len(rows), axis=0)


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [
        (None, TypeError, "NoneType"),
        (Oracle, TypeError, "can't read digits"),
        (Oracle([0.5, 0.5]), ValueError, r"\(1, 2\), not \(1, 10\)"),
        (Oracle([math.nan] * 10), ValueError, "diverged"),
        (Oracle(np.arange(10) - 3), ValueError, "softmax"),
        (Oracle(np.full(10, 0.2)), ValueError, "add up to 2"),
    ],
)
def test_who_cannot_read_is_refused(model, error, words):
    with pytest.raises(error, match=words):
        DigitReader(model)


def test_a_network_for_other_pictures_is_refused():
    tiny = hpt.Dataset.from_arrays(np.eye(20), np.arange(20) % 10)
    run = hpt.train(hpt.Hyperparameters(hidden_units=(4,)), tiny)
    with pytest.raises(ValueError, match="784"):
        DigitReader(run)
    with pytest.raises(ValueError, match="784"):
        DigitReader(run.model)
