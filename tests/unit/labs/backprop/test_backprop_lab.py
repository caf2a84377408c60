"""The backpropagation lab without a screen: settings, steps, descent, what is drawn."""

import dataclasses
import math
import re
import threading
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from patience import SECONDS
from widget_tools import bundle_of, named, text_of

import hpt_widgets as hpt
from hpt_widgets.backprop.network import BackpropNetwork
from hpt_widgets.backprop.passes import PARAMETER_NAMES
from hpt_widgets.labs.backprop.network_drawing import HEIGHT, WIDTH
from hpt_widgets.labs.kit.network_canvas import NEGATIVE, POSITIVE, short_number, stroke_width


@pytest.fixture
def lab():
    made = hpt.BackpropLab()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_lab():
    """Return a lab for tests that change nothing of it."""
    made = hpt.BackpropLab()
    yield made
    made.close()


def drawing(lab):
    return ET.fromstring(lab.view.drawing.value)


def drawn_text(lab):
    return " ".join(element.text or "" for element in drawing(lab).iter("text"))


def test_the_passes_are_those_of_the_network(lab):
    lab.set(x1=-0.3, x2=0.8, target=0.6, w12=1.5, hidden_activation="tanh")
    network = BackpropNetwork(hidden_activation="tanh").with_parameters({"w12": 1.5})
    expected = network.backward((-0.3, 0.8), 0.6)
    assert [(s.name, s.value) for s in lab.passes] == [(s.name, s.value) for s in expected]
    assert lab.network.parameters() == network.parameters()
    assert lab.inputs == (-0.3, 0.8)
    assert lab.target == 0.6


def test_steps_forward_and_back(lab):
    assert (lab.n_done, lab.step) == (0, None)
    lab.back()
    assert lab.n_done == 0
    lab.forward()
    assert lab.step.name == "z1"
    lab.forward()
    lab.back()
    assert lab.step.name == "z1"
    lab.go_to("delta_h2")
    assert lab.step.name == "delta_h2"
    lab.go_to(26)
    lab.forward()
    assert lab.n_done == 26


@pytest.mark.parametrize("step", [-1, 27, 1.5, "z9", None, True])
def test_there_is_no_such_step(shared_lab, step):
    with pytest.raises(ValueError, match="step="):
        shared_lab.go_to(step)


def test_every_step_shows_formula_numbers_and_words(lab):
    for step in lab.passes:
        lab.forward()
        assert lab.step is step
        assert step.formula.replace(">", "&gt;") in lab.view.formula.value
        assert step.numbers.replace(">", "&gt;") in lab.view.formula.value
        assert step.explanation.split(".")[0].replace("'", "&#x27;") in lab.view.words.value


def test_what_is_not_calculated_yet_is_not_shown(lab):
    assert drawn_text(lab).count("?") == 4
    assert "J =" not in drawn_text(lab)
    lab.go_to("h2")
    assert drawn_text(lab).count("?") == 2
    assert short_number(lab.passes.step("h2").value) in drawn_text(lab)
    lab.go_to("J")
    assert "δ" not in drawn_text(lab)
    assert f"J = {short_number(lab.passes.error)}" in drawn_text(lab)
    lab.go_to("delta_h1")
    assert drawn_text(lab).count("δ") == 2
    assert "∂" not in drawn_text(lab)
    lab.go_to(26)
    assert drawn_text(lab).count("δ") == 4
    assert drawn_text(lab).count("∂") == len(PARAMETER_NAMES)


def test_edges_show_size_and_sign(lab):
    lab.set(w11=0.1, w12=-1.9)
    edges = {e.get("data-edge"): e for e in drawing(lab).iter("line") if e.get("data-edge")}
    assert len(edges) == 9
    assert edges["w11"].get("stroke") == POSITIVE
    assert edges["w12"].get("stroke") == NEGATIVE
    assert float(edges["w12"].get("stroke-width")) > 3 * float(edges["w11"].get("stroke-width"))
    assert stroke_width(1e9) == stroke_width(2.0) > stroke_width(0.0) > 0


def test_highlighted_units_are_those_of_the_step(lab):
    lab.go_to("delta_h2")
    borders = {
        e.get("data-unit"): float(e.get("stroke-width"))
        for e in drawing(lab).iter()
        if e.get("data-unit")
    }
    bold = {name for name, width in borders.items() if width > 3}
    assert bold == {"y", "h2"}


def test_the_gradient_check_appears_with_its_gradient(lab):
    gradient, numerical, mark = lab.view.gradients["v1"]
    assert (gradient.value, numerical.value, mark.value) == ("?", "", "")
    lab.go_to("grad_v1")
    value = short_number(lab.passes.gradients.by_name()["v1"])
    assert value in gradient.value
    assert numerical.value == value
    assert mark.value == "✓"
    assert lab.view.gradients["v2"][0].value == "?"


def test_a_wrong_gradient_is_marked(lab, monkeypatch):
    lab.go_to(26)
    right = lab.network.gradient_check(lab.inputs, lab.target)
    wrong = [type(c)(c.parameter, c.backpropagation + 0.01, c.numerical) for c in right]
    monkeypatch.setattr(BackpropNetwork, "gradient_check", lambda *_: wrong)
    lab.go_to(26)
    assert {cells[2].value for cells in lab.view.gradients.values()} == {"✗"}


def marks(lab):
    return {name: cells[2].value for name, cells in lab.view.gradients.items()}


def test_a_right_gradient_is_marked_so_however_large_the_error_is(lab, monkeypatch):
    lab.set(output_activation="identity", x1=10, x2=10, target=1000)
    lab.go_to(26)
    assert set(marks(lab).values()) == {"✓"}
    right = lab.network.gradient_check(lab.inputs, lab.target)
    wrong = [dataclasses.replace(c, numerical=c.numerical + 0.01) for c in right]
    monkeypatch.setattr(BackpropNetwork, "gradient_check", lambda *_: wrong)
    lab.go_to(26)
    assert "✗" in marks(lab).values()


def test_at_the_kink_of_relu_nothing_is_called_wrong(lab):
    lab.set(hidden_activation="relu", x1=0, x2=0, b1=0, b2=0, b3=0)
    lab.go_to(26)
    at_kink = {name for name, mark in marks(lab).items() if mark == "–"}
    assert at_kink == {"b1", "b2", "b3"}
    assert "ReLU has a kink" in lab.view.check_note.value
    lab.set(b1=1, b2=1, b3=1)
    assert set(marks(lab).values()) == {"✓"}
    assert lab.view.check_note.value == ""


def test_a_click_while_a_cell_takes_steps_is_served_behind_them(lab, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    step = BackpropNetwork.descent_step

    def held_step(*arguments):
        begun.set()
        assert go_on.wait(SECONDS)
        return step(*arguments)

    monkeypatch.setattr(BackpropNetwork, "descent_step", held_step)
    before = lab.network
    click = threading.Thread(
        target=lambda: (begun.wait(SECONDS), named(lab, "Undo the steps").click())
    )
    release = threading.Timer(0.2, go_on.set)
    for thread in (click, release):
        thread.start()
    lab.descend(3)
    click.join()
    assert lab.network is before
    assert len(lab.errors) == 1


def test_descent_is_the_networks_own(lab):
    lab.set(learning_rate=0.8)
    expected, errors = lab.network, [lab.passes.error]
    for _ in range(5):
        expected = expected.descent_step(0.8, lab.inputs, lab.target)
        errors.append(expected.error(lab.inputs, lab.target))
    lab.descend()
    lab.descend(4)
    assert lab.network.parameters() == pytest.approx(expected.parameters())
    assert lab.errors == pytest.approx(errors)
    assert list(lab.errors) == sorted(lab.errors, reverse=True)
    np.testing.assert_allclose(lab.view.errors.curve.line.y, errors)
    assert lab.passes.error == pytest.approx(errors[-1])


def test_reset_brings_the_network_back(lab):
    before = lab.network.parameters()
    lab.set(learning_rate=2.0)
    lab.descend(30)
    lab.reset()
    assert lab.network.parameters() == before
    assert len(lab.errors) == 1
    assert lab.learning_rate == 2.0


def test_an_edit_begins_a_new_curve_and_a_new_rate_does_not(lab):
    lab.descend(3)
    lab.set(learning_rate=0.1)
    assert len(lab.errors) == 4
    lab.set(v1=0.2)
    assert len(lab.errors) == 1
    lab.reset()
    assert lab.network.parameters()["v1"] == 0.2


def test_descent_that_diverges_is_refused(lab):
    lab.set(hidden_activation="relu", output_activation="identity", learning_rate=1000, x2=5.0)
    before = lab.network
    with pytest.raises(ValueError, match="at step 1: choose a smaller η"):
        lab.descend(100)
    assert lab.network is before
    named(lab, "Ten").click()
    assert 'role="alert"' in lab.view.outcome.value
    lab.set(learning_rate=0.001)
    lab.descend()
    assert lab.errors[1] < lab.errors[0]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"w31": 1.0}, ValueError, "w31=1.0: this lab has no such setting"),
        ({"w11": "big"}, TypeError, "w11='big'"),
        ({"w11": float("nan")}, ValueError, "w11=nan"),
        ({"x1": None}, TypeError, "x1=None"),
        ({"target": 1e9}, ValueError, "target="),
        ({"learning_rate": 0}, ValueError, "learning_rate=0"),
        ({"hidden_activation": "swish"}, ValueError, "hidden_activation='swish'"),
        ({"output_activation": "relu"}, ValueError, "output_activation='relu'"),
        ({"network": "mine"}, TypeError, "network='mine'"),
    ],
)
def test_what_is_not_allowed_changes_nothing(shared_lab, changes, error, message):
    def state():
        lab = shared_lab
        return (lab.network, lab.inputs, lab.target, lab.learning_rate, lab.passes)

    before = state()
    with pytest.raises(error, match=message):
        shared_lab.set(**{"x2": -1.0, "b1": 3.0, **changes})
    assert state() == before


@pytest.mark.parametrize("steps", [0, -1, 1.5, "3", None, True, 10**6])
def test_a_number_of_descent_steps_out_of_range(shared_lab, steps):
    with pytest.raises(ValueError, match="steps="):
        shared_lab.descend(steps)


def test_a_whole_network(lab):
    network = BackpropNetwork.random(3, hidden_activation="tanh")
    lab.set(network=network)
    assert lab.network is network
    assert named(lab, "hidden units").value == "tanh"


def test_controls_do_what_set_does(lab):
    named(lab, "input x₁").value = "-0.25"
    named(lab, "target t").value = "0.75"
    named(lab, "w₂₁").value = "1.25"
    named(lab, "c").value = "-0.5"
    named(lab, "learning rate η").value = "2"
    named(lab, "hidden units").value = "relu"
    assert lab.inputs[0] == -0.25
    assert lab.target == 0.75
    assert lab.network.hidden_weights[1, 0] == 1.25
    assert lab.network.output_bias == -0.5
    assert lab.learning_rate == 2
    assert lab.network.hidden_activation == "relu"
    named(lab, "calculation").value = "5"
    assert lab.n_done == 5
    named(lab, "One descent step").click()
    named(lab, "Ten").click()
    assert len(lab.errors) == 12
    assert re.search(r"The error went from .* after 11 descent steps", lab.view.outcome.value)
    named(lab, "Undo the steps").click()
    assert len(lab.errors) == 1


def test_nonsense_becomes_a_message_beside_its_control(lab):
    before = lab.network
    named(lab, "w₁₁").value = "much"
    assert "w₁₁: 'much' is not a number" in text_of(lab).replace("&#x27;", "'")
    assert lab.network is before
    assert named(lab, "w₁₁").value == "0.4"
    named(lab, "calculation").value = "the next"
    assert "calculation: 'the next' is not a" in text_of(lab).replace("&#x27;", "'")
    assert "w₁₁: 'much'" not in text_of(lab).replace("&#x27;", "'")
    lab.forward()


def test_vanishing_gradients_are_seen_by_changing_the_activation(lab):
    lab.set(b1=9.0, b2=9.0, b3=9.0, output_activation="identity")
    sigmoid = abs(lab.passes.hidden_deltas).max()
    lab.set(hidden_activation="relu")
    assert abs(lab.passes.hidden_deltas).max() > 100 * sigmoid


def test_the_picture_shows_what_the_lab_shows(lab):
    lab.set(w11=-1.5)
    lab.go_to(26)
    picture = [text.get_text() for text in lab.figure().axes[0].texts]
    assert sorted(picture) == sorted(e.text for e in drawing(lab).iter("text"))
    assert "w₁₁ = −1.5" in picture


def boxes_of(lab):
    """Return the rectangles of the drawing: left, top, right, bottom."""
    boxes = [
        [float(e.get(name)) for name in ("x", "y", "width", "height")]
        for e in drawing(lab).iter("rect")
    ]
    return [(x, y, x + wide, y + high) for x, y, wide, high in boxes]


def test_nothing_in_the_drawing_covers_anything_else(lab):
    lab.set(w11=-1.5, w12=-0.123, w13=-0.456, w21=-0.631, w22=-0.591, w23=-0.777, b2=-0.109)
    lab.go_to(26)
    boxes = boxes_of(lab)
    circles = [
        tuple(float(c.get(name)) for name in ("cx", "cy", "r")) for c in drawing(lab).iter("circle")
    ]
    assert len(boxes) == 9 + 4 + 4 + 1
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left < right <= WIDTH
        assert 0 <= top < bottom <= HEIGHT
        for other in boxes[:number]:
            apart = left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]
            assert apart, (boxes[number], other)
        for x, y, radius in circles:
            nearest = (min(max(x, left), right), min(max(y, top), bottom))
            assert math.dist(nearest, (x, y)) >= radius, (boxes[number], (x, y))


def test_the_axes_of_the_errors_have_few_round_numbers(lab):
    across, upright = lab.view.errors.figure.axes
    assert list(across.tick_values) == [0, 2, 4, 6, 8, 10]
    lab.descend(37)
    assert list(across.tick_values) == [0, 10, 20, 30]
    assert upright.scale.min == 0 <= min(lab.errors)
    assert max(lab.errors) <= upright.scale.max
    assert 2 <= len(upright.tick_values) <= 5
    assert upright.tick_format == "~g"
    lab.set(target=-2000, output_activation="identity")
    assert upright.scale.max > 1e6
    assert upright.tick_format == ".2~e"
    lab.set(target=lab.passes.forward.output)
    assert lab.errors == (0.0,)
    assert upright.scale.max == 1


def test_the_picture_without_a_front_end(lab):
    lab.go_to("y")
    lab.descend(3)
    assert len(bundle_of(lab)["image/png"]) > 10_000
    network, errors = lab.figure().axes
    texts = " ".join(text.get_text() for text in network.texts)
    assert f"{lab.passes.forward.output:.3g}" in texts
    assert len(errors.lines[0].get_ydata()) == 4


def test_the_lab_speaks_chinese():
    hpt.use_language("zh")
    lab = hpt.BackpropLab()
    named(lab, "学习率 η")
    lab.go_to("delta_y")
    assert "误差信号" in text_of(lab)
    lab.close()


def test_numbers_are_short():
    values = (0, 1e-17, 0.10344, -2.5, 1234.5, 1e-5, -3.2e7)
    assert [short_number(v) for v in values] == [
        "0", "0", "0.103", "−2.5", "1230", "1.0e−5", "−3.2e7",
    ]  # fmt: skip
