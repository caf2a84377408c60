"""The digit canvas without a screen: draw, read, clear, and what the pen's messages do."""

from __future__ import annotations

import threading

import bqplot
import ipywidgets as widgets
import numpy as np
import pytest
from digit_strokes import placed
from ipycanvas import Canvas

import hpt_widgets as hpt
from hpt_widgets.data.handwriting import draw_strokes, pen_for, prepare_drawing
from hpt_widgets.labs.digits.lab import CANVAS_SIZE, THINNEST_PEN
from hpt_widgets.labs.kit.lab import widgets_within

SEVEN = [[(60, 60), (220, 50), (130, 240)]]


@pytest.fixture(scope="module")
def run():
    return hpt.train(hpt.Hyperparameters(epochs=2, batch_size=64), hpt.load_mnist())


@pytest.fixture
def canvas(run):
    made = hpt.DigitCanvas(run)
    yield made
    made.close()


def one(lab, kind):
    (found,) = [w for w in widgets_within(lab.view) if isinstance(w, kind)]
    return found


def words(lab):
    return " ".join(w.value for w in widgets_within(lab.view) if type(w) is widgets.HTML)


def button(lab, name):
    buttons = [w for w in widgets_within(lab.view) if isinstance(w, widgets.Button)]
    (found,) = [w for w in buttons if w.description == name]
    return found


def send(lab, event, x=0.0, y=0.0, **more):
    """Send what the browser sends when the mouse, a finger or a key does something."""
    surface = one(lab, Canvas)
    surface._handle_frontend_event(surface, {"event": event, "x": x, "y": y, **more}, [])


def touches(*points):
    return {"touches": [{"x": x, "y": y} for x, y in points]}


def drag(lab, stroke):
    send(lab, "mouse_down", *map(float, stroke[0]))
    for x, y in stroke[1:]:
        send(lab, "mouse_move", float(x), float(y))
    send(lab, "mouse_up", *map(float, stroke[-1]))


def test_what_is_drawn_is_prepared_and_read(canvas, run):
    found = canvas.draw(SEVEN)
    strokes = [np.array(SEVEN[0], float)]
    picture = prepare_drawing(draw_strokes(strokes, CANVAS_SIZE, pen_for(strokes, THINNEST_PEN)))
    assert canvas.picture == pytest.approx(picture)
    assert found == pytest.approx(run.predict_proba(picture[None])[0])
    assert canvas.probabilities == pytest.approx(found)
    assert canvas.digit == 7
    bars = one(canvas, bqplot.Bars)
    assert np.array(bars.y) == pytest.approx(found)
    assert len({*bars.colors}) == 2
    assert bars.colors.count(bars.colors[7]) == 1
    assert "I read 7" in words(canvas)


@pytest.mark.parametrize("digit", range(10))
def test_the_mouse_draws_what_the_method_draws(canvas, run, digit):
    strokes = placed(digit, 50, 30, 170, 220)
    for stroke in strokes:
        drag(canvas, stroke)
    assert canvas.wait(20)
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


def test_nothing_is_moved_while_the_pen_is_up(canvas):
    send(canvas, "mouse_move", 10, 10)
    send(canvas, "mouse_up", 10, 10)
    assert canvas.strokes == []
    drag(canvas, [(50, 50), (60, 200)])
    send(canvas, "mouse_move", 250, 250)
    assert len(canvas.strokes) == 1
    assert canvas.strokes[0].max() == 200


def test_leaving_the_canvas_lifts_the_pen(canvas):
    send(canvas, "mouse_down", 50, 50)
    send(canvas, "mouse_move", 100, 100)
    send(canvas, "mouse_out", 300, 120)
    send(canvas, "mouse_move", 20, 20)
    (stroke,) = canvas.strokes
    assert stroke.tolist() == [[50, 50], [100, 100], [280, 120]]


def test_a_finger_draws_and_a_second_one_does_not(canvas):
    send(canvas, "touch_start", **touches((60, 60)))
    send(canvas, "touch_move", **touches((200, 60)))
    send(canvas, "touch_start", **touches((200, 60), (20, 250)))
    send(canvas, "touch_move", **touches((120, 240), (30, 250)))
    send(canvas, "touch_end", **touches())
    send(canvas, "touch_move", **touches((10, 10)))
    (stroke,) = canvas.strokes
    assert stroke.tolist() == [[60, 60], [200, 60], [120, 240]]
    assert canvas.wait(20)
    assert canvas.digit == 7


def test_clear_and_undo(canvas):
    canvas.draw(placed(4, 40, 40, 180, 200))
    button(canvas, "Undo").click()
    assert len(canvas.strokes) == 1
    button(canvas, "Clear").click()
    assert canvas.strokes == []
    assert canvas.digit is None
    assert canvas.picture is None
    assert canvas.probabilities is None
    assert not np.array(one(canvas, bqplot.Bars).y).any()
    assert "Nothing is drawn" in words(canvas)
    canvas.undo()
    assert canvas.strokes == []


def test_a_new_stroke_replaces_a_picture_that_was_read(canvas):
    canvas.read(np.eye(50))
    drag(canvas, SEVEN[0])
    assert canvas.wait(20)
    assert canvas.digit == 7
    canvas.read(np.eye(50))
    canvas.draw(SEVEN)
    assert canvas.digit == 7


def test_the_keyboard_clears_and_leaves(canvas, monkeypatch):
    focused = []
    monkeypatch.setattr(widgets.Button, "focus", lambda made: focused.append(made.description))
    monkeypatch.setattr(widgets.Label, "focus", lambda made: focused.append(made.value))
    keys = {"shift_key": False, "ctrl_key": False, "meta_key": False}
    canvas.draw(SEVEN)
    send(canvas, "key_down", key="a", **keys)
    assert canvas.digit == 7
    send(canvas, "key_down", key="Delete", **keys)
    assert canvas.digit is None
    send(canvas, "key_down", key="Tab", **keys)
    assert focused == ["Clear"]
    send(canvas, "key_down", key="Tab", **keys | {"shift_key": True})
    assert focused[1:] == ["Draw a digit with mouse or finger:"]


def test_the_canvas_has_a_name(canvas):
    paper = one(canvas, Canvas)
    assert paper.tooltip.startswith("Paper for a digit")
    # Without an empty description ipywidgets does not show it.
    assert paper.get_state()["description"] == ""


def test_a_page_that_comes_later_is_drawn_anew(canvas, monkeypatch):
    canvas.draw([[(50, 60), (70, 80), (90, 100)], [(200, 200)]])
    drawn = []
    monkeypatch.setattr(Canvas, "stroke_line", lambda _, *ends: drawn.append(ends))
    send(canvas, "client_ready")
    assert drawn == [(50, 60, 70, 80), (70, 80, 90, 100), (200, 200, 200, 200)]


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
    assert canvas.wait(20)
    assert "&lt;no&gt; time" in words(canvas)
    moody.broken = False
    drag(canvas, SEVEN[0])
    assert canvas.wait(20)
    assert "I read 7" in words(canvas)
    canvas.close()


def test_the_pen_does_not_wait_for_the_network():
    """However slow the network is, the strokes are taken at once and the last one is read."""
    asked, let_through = threading.Event(), threading.Event()

    class Slow:
        wait = False

        def predict_proba(self, rows):
            if self.wait:
                asked.set()
                assert let_through.wait(20)
            return np.full((len(rows), 10), 0.1)

    slow = Slow()
    canvas = hpt.DigitCanvas(slow)
    slow.wait = True
    drag(canvas, SEVEN[0])
    assert asked.wait(20)
    drag(canvas, [(50, 150), (200, 150)])
    assert len(canvas.strokes) == 2
    assert canvas.picture is None
    let_through.set()
    assert canvas.wait(20)
    strokes = canvas.strokes
    expected = prepare_drawing(draw_strokes(strokes, CANVAS_SIZE, pen_for(strokes)))
    assert canvas.picture == pytest.approx(expected)
    canvas.close()


def test_closing_one_canvas_leaves_the_others_at_work(run):
    first, second = hpt.DigitCanvas(run), hpt.DigitCanvas(run)
    manager = one(second, Canvas)._canvas_manager
    first.close()
    first.close()
    assert manager.comm is not None
    second.draw(SEVEN)
    assert second.digit == 7
    assert not [w for w in widgets_within(first.view) if w is not manager and w.comm is not None]
    second.close()


def test_it_is_shown_as_a_picture_where_there_is_no_kernel(canvas):
    blank = canvas.figure()
    assert len(blank.axes) == 3
    canvas.draw(SEVEN)
    drawing, seen, bars = canvas.figure().axes
    assert drawing.images[0].get_array().shape == (CANVAS_SIZE, CANVAS_SIZE)
    assert np.array(seen.images[0].get_array()) == pytest.approx(canvas.picture)
    assert [bar.get_height() for bar in bars.patches] == pytest.approx(canvas.probabilities)
    bundle = canvas._repr_mimebundle_()
    assert bundle["text/plain"] == "<DigitCanvas>"
    assert bundle["image/png"]
    canvas.read(np.eye(30, 60))
    assert canvas.figure().axes[0].images[0].get_array().shape == (30, 60)


def test_it_speaks_chinese(run):
    hpt.use_language("zh")
    canvas = hpt.DigitCanvas(run)
    assert "还没有写" in words(canvas)
    canvas.draw(SEVEN)
    assert "这是 7" in words(canvas)
    button(canvas, "清空").click()
    canvas.close()


def test_a_model_that_cannot_read_is_refused():
    with pytest.raises(TypeError, match="can't read digits"):
        hpt.DigitCanvas("model.keras")
