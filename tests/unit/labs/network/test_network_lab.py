"""The network lab without a screen: settings, points, weights, training, what is drawn."""

import io
import threading
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from patience import SECONDS
from widget_tools import bundle_of, named, send, text_of

import hpt_widgets as hpt
from hpt_widgets.backprop.dense_network import DenseNetwork
from hpt_widgets.backprop.toy_points import CURVES, PLANES
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.network_canvas import NEGATIVE, POSITIVE
from hpt_widgets.labs.network import lab as lab_module
from hpt_widgets.labs.network import view as view_module
from hpt_widgets.labs.network.charts import (
    MOST_LOSSES,
    boundary_of,
    curve_of,
    end_of_axis,
    plane_colors,
    plane_of,
)
from hpt_widgets.labs.network.drawing import BOX_WIDTH, UNIT_COLORS, places_of, value_words
from hpt_widgets.labs.network.state import MOST_LAYERS, MOST_UNITS, NetworkState
from hpt_widgets.support.colors import NEUTRAL


@pytest.fixture
def lab():
    made = hpt.NetworkLab()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_lab():
    """Return a lab for tests that change nothing of it."""
    made = hpt.NetworkLab()
    yield made
    made.close()


def drawing(lab):
    return ET.fromstring(lab.view.drawing.value)


# Training -----------------------------------------------------------------------------------


def test_training_is_the_networks_own(lab):
    lab.set(learning_rate=0.2)
    expected, points = lab.network, lab.points
    losses = [expected.loss(points.inputs, points.targets)]
    for _ in range(20):
        expected = expected.descent_step(0.2, points.inputs, points.targets)
        losses.append(expected.loss(points.inputs, points.targets))
    lab.train(15)
    lab.train(5)
    for one, other in zip(lab.network.weights, expected.weights, strict=True):
        np.testing.assert_allclose(one, other)
    assert lab.losses == pytest.approx(losses)
    np.testing.assert_allclose(lab.view.losses.line.y, losses)


def test_two_classes_are_trained_with_cross_entropy(lab):
    lab.set(task="plane", data="two_groups")
    points = lab.points
    assert lab.network.output_activation == "sigmoid"
    expected = lab.network.loss(points.inputs, points.targets, "cross_entropy")
    assert lab.losses == (pytest.approx(expected),)
    lab.train(300)
    assert lab.losses[-1] < 0.1 * lab.losses[0]
    assert "100% of the points" in lab.view.words.value


@pytest.mark.parametrize("data", ["circles", "corners"])
def test_a_bend_is_needed_to_part_what_no_line_parts(data):
    bent = hpt.NetworkLab(task="plane", data=data, hidden_units=(8,), learning_rate=1.0)
    bent.train(1500)
    straight = hpt.NetworkLab(
        task="plane", data=data, hidden_units=(8,), learning_rate=1.0, activation="identity"
    )
    straight.train(1500)
    assert bent.losses[-1] < 0.1
    assert straight.losses[-1] > 0.5
    for lab in (bent, straight):
        lab.close()


def test_without_an_activation_the_answer_is_a_straight_line(lab):
    lab.set(activation="identity", hidden_units=(4, 4))
    lab.train(200)
    x, answer, _ = curve_of(state_of(lab))
    slopes = np.diff(answer) / np.diff(x)
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-9)
    assert "straight line" in text_of(lab)
    # It is the line that least squares would choose.
    best = np.polyfit(lab.points.inputs[:, 0], lab.points.targets[:, 0], 1)
    lab.train(5000)
    _, answer, _ = curve_of(state_of(lab))
    np.testing.assert_allclose(answer, np.polyval(best, x), atol=1e-3)


def state_of(lab):
    """Return a state with the lab's network, made by its public parts alone."""
    state = NetworkState(lab.settings)
    state.network, state.points = lab.network, lab.points
    return state


def test_a_rate_that_is_too_large_stops_with_a_message(lab):
    lab.set(learning_rate=10, activation="relu")
    with pytest.raises(ValueError, match="learning rate 10"):
        lab.train(2000)
    assert np.isfinite(lab.losses).all()
    named(lab, "Step").click()
    assert 'role="alert"' in lab.view.words.value
    lab.set(learning_rate=0.01)
    lab.restart()
    lab.train(5)
    assert lab.losses[-1] < lab.losses[0]


def test_a_training_from_a_cell_is_seen_while_it_goes_on(lab, monkeypatch):
    monkeypatch.setattr(lab_module, "SECONDS_BETWEEN_FRAMES", -1.0)
    seen = []
    lab.view.curve.answer.observe(lambda change: seen.append(change["new"]), "y")
    lab.train(95)
    assert len(lab.losses) == 96
    assert len(seen) == 10


def test_a_screen_reader_is_told_of_the_end_and_not_of_every_frame(lab, monkeypatch):
    monkeypatch.setattr(lab_module, "SECONDS_BETWEEN_FRAMES", -1.0)
    monkeypatch.setattr(view_module, "SECONDS_BETWEEN_WORDS", -1.0)
    said = []
    lab.view.words.observe(lambda change: said.append(change["new"]), "value")
    lab.train(50)
    assert len(said) == 5
    assert ['role="status"' in words for words in said] == [False] * 4 + [True]
    assert "Step 50:" in said[-1]


def test_the_drawing_of_a_large_network_follows_more_slowly_and_ends_right(lab, monkeypatch):
    lab.set(task="plane", hidden_units=(8, 8))
    monkeypatch.setattr(lab_module, "SECONDS_BETWEEN_FRAMES", -1.0)
    monkeypatch.setattr(view_module, "SECONDS_PER_WEIGHT", 1000.0)
    answers, drawings = [], []
    lab.view.plane.ground.observe(answers.append, "image")
    lab.view.drawing.observe(drawings.append, "value")
    lab.train(50)
    assert len(answers) == 5
    assert len(drawings) == 1
    (written,) = [e.text for e in drawing(lab).iter("text") if e.get("font-size") == "14"][-1:]
    assert float(written) == pytest.approx(
        lab.network.forward([[0.5, -0.5]]).outputs[0, 0], abs=0.005
    )


def test_a_pause_leaves_words_and_drawing_where_the_training_is(lab):
    lab.play()
    while len(lab.losses) < 100:
        threading.Event().wait(0.01)
    lab.pause()
    assert lab.wait(SECONDS)
    assert f"Step {len(lab.losses) - 1:,}:" in lab.view.words.value
    assert lab.view.losses.line.x[-1] == len(lab.losses) - 1


def test_the_accuracy_is_the_share_on_the_right_side(lab):
    assert lab.accuracy is None
    lab.set(task="plane", data="two_groups")
    lab.train(300)
    assert lab.accuracy == 1.0
    lab.set(added_class=0)
    for _ in range(40):
        lab.add_point(0.5, 0.5)
    assert lab.accuracy == pytest.approx(160 / 200)


def test_it_trains_on_and_on_without_a_browser(lab):
    lab.play()
    assert lab.is_playing
    while len(lab.losses) < 50:
        assert lab.is_playing
        threading.Event().wait(0.01)
    lab.pause()
    assert lab.wait(SECONDS)
    steps = len(lab.losses)
    assert not lab.is_playing
    assert len(lab.losses) == steps


def test_it_stops_by_itself_where_the_loss_grows_beyond_all_bounds(lab):
    lab.set(learning_rate=10, activation="relu", hidden_units=(8, 8))
    lab.play()
    assert lab.wait(SECONDS)
    assert not lab.is_playing
    assert 'role="alert"' in lab.view.words.value
    assert named(lab, "Train")


# Settings -----------------------------------------------------------------------------------


def test_another_task_brings_its_data_and_layers(lab):
    lab.set(task="plane")
    assert lab.settings.data == "circles"
    assert lab.network.layer_sizes == (2, *lab.settings.hidden_units, 1)
    lab.set(task="curve", data="bump", hidden_units=(2, 2))
    assert lab.settings.data == "bump"
    assert lab.network.layer_sizes == (1, 2, 2, 1)


def test_layers_and_units_are_added(lab):
    lab.train(10)
    lab.add_layer()
    assert lab.network.layer_sizes == (1, 3, 3, 1)
    assert len(lab.losses) == 1, "a new network begins anew"
    for _ in range(MOST_LAYERS):
        lab.add_layer()
    assert len(lab.settings.hidden_units) == MOST_LAYERS
    for _ in range(MOST_LAYERS + 1):
        lab.remove_layer()
    assert lab.network.layer_sizes == (1, 1)
    assert len(drawing(lab).findall("circle")) == 2


def test_a_new_activation_keeps_the_weights(lab):
    lab.train(10)
    weights = lab.network.weights
    lab.set(activation="relu")
    assert lab.network.activation == "relu"
    np.testing.assert_array_equal(lab.network.weights[0], weights[0])
    assert len(lab.losses) == 1


def test_a_new_rate_goes_on_from_where_it_is(lab):
    lab.train(10)
    lab.set(learning_rate=0.05, x1=0.25)
    assert len(lab.losses) == 11


def test_the_same_seed_gives_the_same_lab(lab):
    lab.new_points()
    other = hpt.NetworkLab(seed=1)
    np.testing.assert_array_equal(lab.points.targets, other.points.targets)
    np.testing.assert_array_equal(lab.network.weights[0], other.network.weights[0])
    other.close()


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"task": "cube"}, ValueError, "task='cube'"),
        ({"data": "circles"}, ValueError, "data='circles'"),
        ({"noise": 2}, ValueError, "noise=2"),
        ({"noise": "much"}, TypeError, "noise='much'"),
        ({"hidden_units": 3}, TypeError, "hidden_units=3"),
        ({"hidden_units": (9,)}, ValueError, "hidden_units=9"),
        ({"hidden_units": (1,) * 5}, ValueError, "at most 4 hidden layers"),
        ({"activation": "swish"}, ValueError, "activation='swish'"),
        ({"learning_rate": 0}, ValueError, "learning_rate=0"),
        ({"seed": -1}, ValueError, "seed=-1"),
        ({"x1": 1.5}, ValueError, "x1=1.5"),
        ({"added_class": 2}, ValueError, "added_class=2"),
        ({"epochs": 3}, ValueError, "epochs=3: the network lab has no such setting"),
    ],
)
def test_what_is_not_allowed_changes_nothing(shared_lab, changes, error, message):
    before, network, points = shared_lab.settings, shared_lab.network, shared_lab.points
    with pytest.raises(error, match=message):
        shared_lab.set(**{"x2": 0.125, **changes})
    assert shared_lab.settings is before
    assert (shared_lab.network, shared_lab.points) == (network, points)


@pytest.mark.parametrize("steps", [0, -1, 1.5, "3", None, True, 10**6])
def test_a_number_of_steps_out_of_range(shared_lab, steps):
    with pytest.raises(ValueError, match="steps="):
        shared_lab.train(steps)


# Weights and points -------------------------------------------------------------------------


def test_every_parameter_has_a_name(lab):
    lab.set(hidden_units=(3, 2))
    names = list(lab.parameters)
    assert len(names) == len(set(names)) == 3 + 3 + 6 + 2 + 2 + 1
    assert lab.parameters["w2_31"] == lab.network.weights[1][2, 0]
    assert lab.parameters["b2_2"] == lab.network.biases[1][1]


def test_a_weight_is_set(lab):
    lab.train(5)
    before = lab.parameters
    lab.set_weight("w1_12", 2.5)
    after = lab.parameters
    assert {name for name in after if after[name] != before[name]} == {"w1_12"}
    assert lab.network.weights[0][0, 1] == 2.5
    assert len(lab.losses) == 1
    with pytest.raises(ValueError, match="name='w9_11'"):
        lab.set_weight("w9_11", 1.0)
    with pytest.raises(ValueError, match="w1_12=1000"):
        lab.set_weight("w1_12", 1000)


def test_a_point_is_added_by_method_and_by_click(lab):
    lab.add_point(0.25, -0.75)
    assert lab.points.inputs[-1].tolist() == [0.25]
    assert lab.points.targets[-1].tolist() == [-0.75]
    lab.set(task="plane", added_class=0)
    count = len(lab.points.inputs)
    click = {"event": "element_click", "data": {"click_x": -0.5, "click_y": 0.123}}
    send(lab.view.plane.paper, click)
    assert len(lab.points.inputs) == count + 1
    assert lab.points.inputs[-1].tolist() == [-0.5, 0.12]
    assert lab.points.targets[-1, 0] == 0
    assert lab.view.plane.points.x[-1] == -0.5
    with pytest.raises(ValueError, match="x=9"):
        lab.add_point(9, 0)
    while len(lab.points.inputs) < 300:
        lab.add_point(0.0, 0.0)
    with pytest.raises(ValueError, match="300 points"):
        lab.add_point(0.0, 0.0)
    send(lab.view.plane.paper, click)
    assert "300 points" in lab.view.words.value


# View ---------------------------------------------------------------------------------------


def test_controls_do_what_set_does(lab):
    named(lab, "learning rate η").value = "0.05"
    named(lab, "noise").value = "0.2"
    named(lab, "units in layer 1").value = "5"
    named(lab, "activation").value = "relu"
    named(lab, "data").value = "steps"
    named(lab, "input x to follow").value = "-0.5"
    settings = lab.settings
    assert (settings.learning_rate, settings.noise, settings.x1) == (0.05, 0.2, -0.5)
    assert (settings.hidden_units, settings.activation) == ((5,), "relu")
    assert settings.data == "steps"
    named(lab, "One layer more").click()
    assert lab.settings.hidden_units == (5, 3)
    named(lab, "One layer fewer").click()
    named(lab, "Other points and weights").click()
    assert lab.settings.seed == 1
    named(lab, "Step").click()
    assert len(lab.losses) == 2
    named(lab, "Restart").click()
    assert len(lab.losses) == 1
    named(lab, "task").value = "plane"
    assert lab.settings.data == "circles"
    assert named(lab, "data").value == "circles"
    named(lab, "a click adds").value = 0
    assert lab.settings.added_class == 0
    named(lab, "weight or bias").value = "b1_2"
    named(lab, "its value").value = "0.75"
    assert lab.parameters["b1_2"] == 0.75


def test_the_chosen_weight_is_marked_and_stays_chosen(lab):
    lab.choose_weight("w2_31")
    assert named(lab, "weight or bias").value == "w2_31"
    marked = [e for e in drawing(lab).iter("line") if e.get("stroke") == NEUTRAL]
    assert len(marked) == 1
    lab.train(3)
    assert float(named(lab, "its value").value) == pytest.approx(lab.parameters["w2_31"], rel=6e-3)
    lab.set(hidden_units=(1,))
    assert named(lab, "weight or bias").value == "w1_11", "it is there no longer"
    with pytest.raises(ValueError, match="name='w2_31'"):
        lab.choose_weight("w2_31")


def test_nonsense_becomes_a_message_beside_its_control(lab):
    before = lab.settings
    named(lab, "learning rate η").value = "fast"
    assert "learning rate η: 'fast' is not a number" in text_of(lab).replace("&#x27;", "'")
    assert lab.settings is before


def test_edges_show_size_and_sign(lab):
    lab.set_weight("w1_11", -1.9)
    lab.set_weight("w1_12", 0.1)
    edges = {e.get("data-edge"): e for e in drawing(lab).iter("line") if e.get("data-edge")}
    assert len(edges) == 6
    assert edges["w1_11"].get("stroke") == NEGATIVE
    assert edges["w1_12"].get("stroke") == POSITIVE
    assert float(edges["w1_11"].get("stroke-width")) > 2 * float(edges["w1_12"].get("stroke-width"))


def test_the_values_that_flow_are_those_of_the_input_that_is_followed(lab):
    lab.set(x1=0.25)
    values = [layer[0] for layer in lab.network.forward([[0.25]]).values]
    written = [e.text.replace("−", "-") for e in drawing(lab).iter("text")]
    numbers = [float(text) for text in written if text not in ("x", "y")]
    assert numbers == pytest.approx([0.25, *values[0], *values[1]], abs=0.005)
    assert lab.view.curve.probe.x.tolist() == [0.25, 0.25]


def test_values_are_seen_to_run_when_others_go_in_and_not_while_it_trains(lab):
    lab.set(x1=-0.25)
    assert drawing(lab).get("class") == "hpt-flow"
    lab.set(learning_rate=0.1)
    assert drawing(lab).get("class") is None
    lab.set(task="plane")
    assert drawing(lab).get("class") == "hpt-flow"
    lab.train(3)
    assert drawing(lab).get("class") is None


@pytest.mark.parametrize("sizes", [[1, 1], [2, 8, 8, 8, 8, 1], [2, 3, 1]])
def test_no_unit_stands_on_another(sizes):
    places = places_of(sizes)
    assert [len(layer) for layer in places] == sizes
    flat = [place for layer in places for place in layer]
    for number, (x, y) in enumerate(flat):
        assert all(np.hypot(x - a, y - b) > 26 for a, b in flat[:number])


def test_what_is_drawn_is_the_answer(lab):
    lab.train(50)
    line, parts = lab.view.curve.answer, lab.view.curve.parts
    expected = lab.network.forward(np.asarray(line.x)[:, None]).outputs[:, 0]
    np.testing.assert_allclose(line.y, expected)
    assert parts.y.shape[0] == 3
    inside = np.abs(parts.y).max(axis=0) < 3.5
    total = parts.y.sum(axis=0) + lab.network.biases[1][0]
    np.testing.assert_allclose(total[inside], expected[inside], atol=1e-9)


def test_the_plane_is_coloured_by_the_answer(lab):
    from matplotlib.image import imread

    lab.set(task="plane", data="two_groups")
    lab.train(300)
    picture = imread(io.BytesIO(lab.view.plane.ground.image.value))[..., :3] * 255
    np.testing.assert_allclose(picture, plane_colors(plane_of(state_of(lab))), atol=1)
    red, blue = picture[..., 0], picture[..., 2]
    assert blue[0, -1] > red[0, -1], "class 1 is above on the right"
    assert red[-1, 0] > blue[-1, 0]
    before = lab.view.plane.ground.image
    lab.train(1)
    assert lab.view.plane.ground.image is not before, "bqplot looks at another picture only"


@pytest.mark.parametrize("data", list(PLANES))
def test_on_the_boundary_both_classes_are_as_likely(lab, data):
    lab.set(task="plane", data=data, hidden_units=(8,), learning_rate=0.5)
    lab.train(200)
    pieces = boundary_of(plane_of(state_of(lab)))
    assert pieces
    for piece in pieces:
        np.testing.assert_allclose(lab.network.forward(piece).outputs, 0.5, atol=0.04)
    drawn = lab.view.plane.boundary
    # bqplot keeps a single line as it would be alone.
    rows = [np.atleast_2d(values) for values in (drawn.x, drawn.y)]
    for x, y, piece in zip(*rows, pieces, strict=True):
        np.testing.assert_array_equal(
            np.unique(np.stack([x, y], 1), axis=0), np.unique(piece, axis=0)
        )


def test_where_one_class_has_the_whole_plane_there_is_no_boundary(lab):
    lab.set(task="plane", hidden_units=())
    lab.set_weight("w1_11", 0)
    lab.set_weight("w1_21", 0)
    lab.set_weight("b1_1", 3)
    assert boundary_of(plane_of(state_of(lab))) == []
    assert lab.view.plane.boundary.x.size == 0
    assert lab.figure()


def test_a_long_training_is_drawn_with_few_points_its_ends_among_them(lab):
    lab.train(3 * MOST_LOSSES)
    line = lab.view.losses.line
    assert len(line.x) <= MOST_LOSSES + 1
    assert (line.x[0], line.x[-1]) == (0, 3 * MOST_LOSSES)
    np.testing.assert_array_equal(line.y, [lab.losses[int(step)] for step in line.x])


def test_the_loss_before_the_first_step_is_seen(lab):
    assert lab.view.losses.line.marker == "circle"
    lab.train(1)
    assert lab.view.losses.line.marker is None


def test_each_unit_has_a_colour_of_its_own():
    assert len(set(UNIT_COLORS)) == MOST_UNITS
    assert not {POSITIVE, NEGATIVE} & set(UNIT_COLORS)


@pytest.mark.parametrize("value", [-0.987, 0.5, -12.345, 1234.5, -99999.0])
@pytest.mark.parametrize("radius", [13.5, 23])
def test_a_value_fits_its_circle(value, radius):
    words, size = value_words(value, radius)
    assert 0.6 * size * len(words) <= (2 * radius if radius > 16 else BOX_WIDTH) - 3.5
    assert abs(value) > 1 or size >= 12
    assert float(words.replace("−", "-")) == pytest.approx(value, rel=0.01, abs=0.06)


def test_the_input_that_is_followed_is_called_as_in_the_drawing(lab):
    assert named(lab, "input x to follow")
    lab.set(task="plane")
    assert named(lab, "input x₁ to follow")


def test_only_the_chart_of_the_task_is_on_the_screen(lab):
    assert lab.view.curve.figure in lab.view.charts.children
    lab.set(task="plane")
    assert lab.view.plane.figure in lab.view.charts.children
    assert lab.view.curve.figure not in lab.view.charts.children


@pytest.mark.parametrize(("task", "names"), [("curve", CURVES), ("plane", PLANES)])
def test_the_picture_without_a_front_end(task, names):
    lab = hpt.NetworkLab(task=task)
    lab.train(20)
    assert len(bundle_of(lab)["image/png"]) > 10_000
    network, answer, losses = lab.figure().axes
    assert len(network.texts) > 4
    assert answer.lines
    assert len(losses.lines[0].get_ydata()) == 21
    assert set(names) == {value for _, value in named(lab, "data").options}
    lab.close()


def test_the_lab_speaks_chinese():
    hpt.use_language("zh")
    lab = hpt.NetworkLab()
    named(lab, "学习率 η")
    named(lab, "激活函数")
    assert "损失" in text_of(lab)
    lab.close()


def test_closing_leaves_no_widget_and_no_thread():
    before = set(threading.enumerate())  # some of other tests may be ending
    lab = hpt.NetworkLab()
    lab.play()
    lab.close()
    assert not lab.is_playing
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if thread.name.startswith("hpt-animation")]
    for root in (lab.view, *lab.view.hidden_widgets):
        assert all(widget.comm is None for widget in widgets_within(root))


def test_its_network_is_the_one_that_backpropagation_is_explained_by(lab):
    assert isinstance(lab.network, DenseNetwork)


def test_a_page_that_sends_no_weight_breaks_nothing(lab):
    lab.view.controls.weight.set_state({"index": None})
    lab.train(2)
    lab.restart()
    shown = float(lab.view.controls.value.field.value)
    assert shown == pytest.approx(lab.parameters["w1_11"], rel=0.01)


def test_the_axis_of_steps_seldom_changes_and_always_has_room():
    ends = [end_of_axis(steps) for steps in range(2_000)]
    assert all(end >= steps for steps, end in enumerate(ends))
    assert all(end - steps <= steps / 5 for steps, end in enumerate(ends) if steps > 10)
    assert len(set(ends)) < 100
    assert [end_of_axis(steps) for steps in (0, 10, 11, 100, 101, 1_000)] == [
        *(10, 10, 12, 100, 120, 1_000)
    ]
