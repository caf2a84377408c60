"""The digit canvas without a screen: draw, read, clear, and what the pen's messages do."""

from __future__ import annotations

import base64
import io
import threading

import numpy as np
import pytest
from digit_strokes import placed
from matplotlib.image import imread
from patience import SECONDS
from traitlets import TraitError
from widget_tools import bundle_of, named, open_widgets, text_of

import hpt_widgets as hpt
from hpt_widgets.data.handwriting import draw_strokes, pen_for, prepare_drawing
from hpt_widgets.labs.digits.lab import THINNEST_PEN
from hpt_widgets.labs.digits.paper import CANVAS_SIZE

SEVEN = [[(60, 60), (220, 50), (130, 240)]]


@pytest.fixture(scope="module")
def run():
    return hpt.train(hpt.Hyperparameters(epochs=2, batch_size=64), hpt.load_mnist())


@pytest.fixture
def canvas(run):
    made = hpt.DigitCanvas(run)
    yield made
    made.close()


def send(canvas, strokes, **more):
    """Do what the browser does when the pen moves: send all strokes."""
    canvas.view.paper.set_state({"strokes": strokes, **more})


def drag(canvas, stroke):
    """Draw a stroke as the pen does, a point at a time."""
    before = [points.tolist() for points in canvas.strokes]
    for end in range(1, len(stroke) + 1):
        send(canvas, [*before, list(map(list, stroke[:end]))], picture="", pen_is_down=True)
    send(canvas, [*before, list(map(list, stroke))], pen_is_down=False)


def test_what_is_drawn_is_prepared_and_read(canvas, run):
    found = canvas.draw(SEVEN)
    strokes = [np.array(SEVEN[0], float)]
    picture = prepare_drawing(draw_strokes(strokes, CANVAS_SIZE, pen_for(strokes, THINNEST_PEN)))
    assert canvas.picture == pytest.approx(picture)
    assert found == pytest.approx(run.predict_proba(picture[None])[0])
    assert canvas.probabilities == pytest.approx(found)
    assert canvas.digit == 7
    bars = canvas.view.bars
    assert np.array(bars.y) == pytest.approx(found)
    assert len({*bars.colors}) == 2
    assert bars.colors.count(bars.colors[7]) == 1
    assert "I read 7" in text_of(canvas)


@pytest.mark.parametrize("digit", range(10))
def test_the_mouse_draws_what_the_method_draws(canvas, run, digit):
    strokes = placed(digit, 50, 30, 170, 220)
    for stroke in strokes:
        drag(canvas, stroke)
    assert canvas.wait(SECONDS)
    by_mouse = canvas.probabilities
    other = hpt.DigitCanvas(run)
    assert other.draw(strokes) == pytest.approx(by_mouse, abs=1e-6)
    other.close()


def test_a_picture_is_shown_and_read(canvas, run):
    data = hpt.load_mnist()
    right = 0
    for picture, label in zip(data.x_validation[:50], data.y_validation[:50], strict=True):
        canvas.read(np.kron(picture, np.ones((4, 4))))
        right += canvas.digit == label
    assert right >= 45
    assert canvas.strokes == []


def test_points_beyond_the_canvas_lie_on_its_edge(canvas):
    send(canvas, [[[50, 50], [100, 100], [300, -20]]])
    (stroke,) = canvas.strokes
    assert stroke.tolist() == [[50, 50], [100, 100], [280, 0]]


@pytest.mark.parametrize(
    "strokes",
    [
        None,
        3,
        "x",
        [[]],
        [[[1, 2], [3]]],
        [[[1, "2"]]],
        [[[1, float("nan")]]],
        [[[1, 2, 3]]],
        [[1]],
    ],
)
def test_what_is_no_stroke_is_not_taken_from_a_front_end(canvas, strokes):
    drag(canvas, SEVEN[0])
    with pytest.raises(TraitError):
        send(canvas, strokes)
    assert len(canvas.strokes) == 1
    assert canvas.wait(SECONDS)
    assert canvas.digit == 7


def test_clear_and_undo(canvas):
    canvas.draw(placed(4, 40, 40, 180, 200))
    named(canvas, "Undo").click()
    assert len(canvas.strokes) == 1
    named(canvas, "Clear").click()
    assert canvas.strokes == []
    assert canvas.digit is None
    assert canvas.picture is None
    assert canvas.probabilities is None
    assert not np.array(canvas.view.bars.y).any()
    assert "Nothing is drawn" in text_of(canvas)
    canvas.undo()
    assert canvas.strokes == []


def test_a_new_stroke_replaces_a_picture_that_was_read(canvas):
    canvas.read(np.eye(50))
    drag(canvas, SEVEN[0])
    assert canvas.wait(SECONDS)
    assert canvas.digit == 7
    canvas.read(np.eye(50))
    canvas.draw(SEVEN)
    assert canvas.digit == 7


def test_wiping_in_the_browser_is_a_clearing(canvas):
    canvas.draw(SEVEN)
    send(canvas, [], picture="", pen_is_down=False)
    assert canvas.wait(SECONDS)
    assert canvas.digit is None
    assert "Nothing is drawn" in text_of(canvas)


def test_the_canvas_has_a_name(canvas):
    assert canvas.view.paper.label.startswith("Paper for a digit")


def test_a_page_that_comes_later_gets_the_drawing(canvas):
    canvas.draw([[(50, 60), (70, 80), (90, 100)], [(200, 200)]])
    state = canvas.view.paper.get_state()
    assert state["strokes"] == [[[50, 60], [70, 80], [90, 100]], [[200, 200]]]
    assert state["picture"] == ""
    canvas.read(np.eye(20, 40))
    state = canvas.view.paper.get_state()
    assert state["strokes"] == []
    data = base64.b64decode(state["picture"].removeprefix("data:image/png;base64,"))
    assert imread(io.BytesIO(data)).shape[:2] == (140, 280)


@pytest.mark.parametrize(
    ("strokes", "error"),
    [
        ([], ValueError),
        ([[]], ValueError),
        ([[(1, 2), (3, 4)], [(1, 2, 3)]], ValueError),
        ([[(-5, -5), (-9, 3)]], ValueError),
        ([[("a", "b")]], TypeError),
    ],
)
def test_wrong_strokes_change_nothing(canvas, strokes, error):
    canvas.draw(SEVEN)
    with pytest.raises(error):
        canvas.draw(strokes)
    assert canvas.digit == 7
    assert len(canvas.strokes) == 1


def test_wrong_pixels_change_nothing(canvas):
    canvas.draw(SEVEN)
    with pytest.raises(ValueError, match="empty"):
        canvas.read(np.zeros((28, 28)))
    assert canvas.digit == 7


def test_a_doubtful_drawing_gets_two_guesses():
    class Doubtful:
        def predict_proba(self, rows):
            return np.repeat([[0, 0.1, 0, 0, 0.48, 0, 0, 0, 0, 0.42]], len(rows), axis=0)

    canvas = hpt.DigitCanvas(Doubtful())
    canvas.draw(SEVEN)
    assert canvas.answer == "Perhaps 4 (48%), or 9 (42%)?"
    canvas.close()


def test_a_failure_becomes_a_message_and_the_canvas_goes_on(run):
    class Moody:
        broken = False

        def predict_proba(self, rows):
            if self.broken:
                raise RuntimeError("<no> time")
            return run.predict_proba(rows)

    moody = Moody()
    canvas = hpt.DigitCanvas(moody)
    moody.broken = True
    drag(canvas, SEVEN[0])
    assert canvas.wait(SECONDS)
    assert "&lt;no&gt; time" in text_of(canvas)
    moody.broken = False
    drag(canvas, SEVEN[0])
    assert canvas.wait(SECONDS)
    assert "I read 7" in text_of(canvas)
    canvas.close()


def test_the_pen_does_not_wait_for_the_network():
    """However slow the network is, the strokes are taken at once and the last one is read."""
    asked, let_through = threading.Event(), threading.Event()

    class Slow:
        wait = False

        def predict_proba(self, rows):
            if self.wait:
                asked.set()
                assert let_through.wait(SECONDS)
            return np.full((len(rows), 10), 0.1)

    slow = Slow()
    canvas = hpt.DigitCanvas(slow)
    slow.wait = True
    drag(canvas, SEVEN[0])
    assert asked.wait(SECONDS)
    drag(canvas, [(50, 150), (200, 150)])
    assert len(canvas.strokes) == 2
    assert canvas.picture is None
    let_through.set()
    assert canvas.wait(SECONDS)
    strokes = canvas.strokes
    expected = prepare_drawing(draw_strokes(strokes, CANVAS_SIZE, pen_for(strokes)))
    assert canvas.picture == pytest.approx(expected)
    canvas.close()


def test_nothing_is_left_of_a_closed_canvas(run):
    before = set(open_widgets)
    first = hpt.DigitCanvas(run)
    drag(first, SEVEN[0])
    first.close()
    first.close()
    assert set(open_widgets) == before
    assert not [t for t in threading.enumerate() if t.name.startswith("hpt-digit-canvas")]


def test_it_is_shown_as_a_picture_where_there_is_no_kernel(canvas):
    blank = canvas.figure()
    assert len(blank.axes) == 3
    canvas.draw(SEVEN)
    drawing, seen, bars = canvas.figure().axes
    assert drawing.images[0].get_array().shape == (CANVAS_SIZE, CANVAS_SIZE)
    assert np.array(seen.images[0].get_array()) == pytest.approx(canvas.picture)
    assert [bar.get_height() for bar in bars.patches] == pytest.approx(canvas.probabilities)
    bundle = bundle_of(canvas)
    assert bundle["text/plain"] == "<DigitCanvas>"
    assert bundle["image/png"]
    canvas.read(np.eye(30, 60))
    assert canvas.figure().axes[0].images[0].get_array().shape == (30, 60)


def test_it_speaks_chinese(run):
    hpt.use_language("zh")
    canvas = hpt.DigitCanvas(run)
    assert "还没有写" in text_of(canvas)
    canvas.draw(SEVEN)
    assert "这是 7" in text_of(canvas)
    named(canvas, "清空").click()
    canvas.close()


def test_a_model_that_cannot_read_is_refused():
    with pytest.raises(TypeError, match="can't read digits"):
        hpt.DigitCanvas("model.keras")
