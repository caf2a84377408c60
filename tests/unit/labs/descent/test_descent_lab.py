"""The descent lab without a screen: settings, playhead, playing, what is drawn."""

import html
import threading
import time
from dataclasses import replace

import ipywidgets as widgets
import numpy as np
import pytest
from patience import SECONDS
from widget_tools import bundle_of, named, send, text_of

import hpt_widgets as hpt
from hpt_widgets.descent.surfaces import SURFACES, Surface
from hpt_widgets.descent.verdict import describe
from hpt_widgets.descent.walk import OPTIMIZERS, descend, race
from hpt_widgets.labs.descent import lab as lab_module
from hpt_widgets.labs.descent.charts import (
    COLORS,
    MapChart,
    powers_of_ten,
    round_to_pixel,
)
from hpt_widgets.labs.descent.controls import optimizer_label
from hpt_widgets.labs.descent.loss_scene import loss_limits, loss_scene
from hpt_widgets.labs.descent.race import DescentRace, suggested_rates
from hpt_widgets.labs.descent.surface_map import (
    ground_colors,
    map_png,
    relative_heights,
)
from hpt_widgets.labs.kit import frame_clock
from hpt_widgets.labs.kit.controls import show_message
from hpt_widgets.labs.kit.frame_clock import FrameClock
from hpt_widgets.labs.kit.lab import widgets_within


@pytest.fixture
def lab():
    made = hpt.DescentLab()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_lab():
    """Return a lab for tests that change nothing of it."""
    made = hpt.DescentLab()
    yield made
    made.close()


def paths_of(lab):
    return {name: lab.path(name) for name in lab.settings.optimizers}


def test_the_paths_are_those_of_descend(lab):
    lab.set(surface="rosenbrock", optimizers=["adam", "momentum"], steps=80, gradient_noise=1.0)
    lab.set(learning_rates={"adam": 0.2, "momentum": 0.0004}, momentum=0.8, seed=4)
    lab.set(start=(-1.0, 2.0), schedule="cosine")
    alone = descend(
        "rosenbrock",
        "adam",
        start=(-1.0, 2.0),
        learning_rate=0.2,
        steps=80,
        momentum=0.8,
        gradient_noise=1.0,
        seed=4,
        schedule="cosine",
    )
    np.testing.assert_allclose(lab.path("adam").points, alone.points)
    with pytest.raises(ValueError, match="'rmsprop' is not racing: choose from momentum, adam"):
        lab.path("rmsprop")


def test_the_articles_example_in_the_lab():
    lab = hpt.DescentLab("parabola", optimizers="gradient_descent", learning_rate=0.1, start=2)
    assert lab.path("gradient_descent").points[:4].ravel() == pytest.approx([2, 1.6, 1.28, 1.024])
    lab.close()


def test_a_new_surface_brings_its_start_and_rates(lab):
    lab.set(surface="beale")
    assert lab.settings.start == hpt.surfaces.beale.start
    assert lab.settings.learning_rates == suggested_rates(hpt.surfaces.beale)


def test_a_new_condition_number_keeps_start_and_rates(lab):
    lab.set(start=(1.0, 1.0), learning_rate=0.15)
    lab.set(condition_number=12)
    assert lab.verdict("gradient_descent").state.value == "reached"
    lab.set(condition_number=20)
    assert lab.settings.start == (1.0, 1.0)
    assert lab.settings.learning_rates["gradient_descent"] == 0.15
    assert lab.path("gradient_descent").diverged_at is not None
    assert lab.settings.surface.condition_number == 20


def test_a_condition_number_chooses_the_bowl(lab):
    lab.set(surface="beale")
    lab.set(condition_number=7)
    assert lab.settings.surface.name == "quadratic_bowl"
    lab.set(surface="quadratic_bowl", condition_number=9)
    assert lab.settings.surface.condition_number == 9


def test_optimizers_with_their_rates(lab):
    lab.set(optimizers={"rmsprop": 0.03, "adagrad": 0.4})
    assert lab.settings.optimizers == ("adagrad", "rmsprop")
    assert lab.path("adagrad").learning_rate == 0.4
    lab.set(learning_rate=0.01)
    assert {lab.path(name).learning_rate for name in ("adagrad", "rmsprop")} == {0.01}


@pytest.mark.parametrize("surface", SURFACES)
def test_suggested_rates_suit_every_surface(surface):
    ground = SURFACES[surface]
    start = [c + 1e-3 for c in ground.start]
    for name, path in race(ground, suggested_rates(ground), start=start, steps=200).items():
        assert path.diverged_at is None, name
        assert path.losses.min() < 0.9 * path.losses[0], name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"surface": "alps"}, "surface='alps'"),
        ({"condition_number": 0.5}, "condition_number=0.5"),
        ({"surface": "ravine", "condition_number": 5}, "condition_number=5"),
        ({"optimizers": []}, "optimizers="),
        ({"optimizers": ["sgd"]}, "optimizers="),
        ({"optimizers": None}, "optimizers=None"),
        ({"optimizers": 3}, "optimizers=3"),
        ({"learning_rates": {"sgd": 1}}, "learning_rates="),
        ({"learning_rates": 0.1}, "learning_rates=0.1"),
        ({"learning_rate": 0}, "learning_rate=0"),
        ({"learning_rate": "fast"}, "learning_rate='fast'"),
        ({"start": (1,)}, "start="),
        ({"steps": 0}, "steps=0"),
        ({"momentum": 1}, "momentum=1"),
        ({"gradient_noise": -1}, "gradient_noise=-1"),
        ({"schedule": "linear"}, "schedule='linear'"),
        ({"batch_size": 32}, "batch_size=32: the descent lab has no such setting"),
    ],
)
def test_what_is_not_allowed_changes_nothing(shared_lab, changes, message):
    before, paths = shared_lab.settings, shared_lab.path("adam")
    with pytest.raises(ValueError, match=message):
        shared_lab.set(**{"steps": 33, **changes})
    assert shared_lab.settings is before
    assert shared_lab.path("adam") is paths


# Playhead -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"learning_rates": {"adam": 0.123}}, {"gradient_descent", "momentum"}),
        ({"optimizers": ["adam", "rmsprop"]}, {"adam"}),
        ({"start": (0.5, 0.25)}, set()),
        ({"momentum": 0.5}, set()),
        ({"steps": 40}, set()),
        ({"gradient_noise": 0.1}, set()),
        ({"condition_number": 7}, set()),
    ],
)
def test_only_whom_a_change_touches_walks_anew(lab, change, kept):
    lab.set(optimizers=["gradient_descent", "momentum", "adam"])
    before = paths_of(lab)
    lab.set(**change)
    after = paths_of(lab)
    assert {name for name in after if after[name] is before.get(name)} == kept
    settings = lab.settings
    for name, path in after.items():
        alone = descend(
            settings.surface,
            name,
            start=settings.start,
            learning_rate=settings.learning_rates[name],
            steps=settings.steps,
            momentum=settings.momentum,
            gradient_noise=settings.gradient_noise,
            seed=settings.seed,
        )
        np.testing.assert_array_equal(path.points, alone.points)


def test_a_value_of_another_type_is_checked_though_it_is_equal(lab):
    lab.set(learning_rates={"adam": 1.0})
    with pytest.raises(ValueError, match="learning_rate"):
        lab.set(learning_rates={"adam": True})


def test_a_change_keeps_the_playhead(lab):
    lab.play_to(40)
    lab.set(learning_rate=0.02)
    assert lab.step == 40
    lab.set(steps=30)
    assert lab.step == 30
    lab.set(steps=90)
    assert lab.step == 90, "at the end it stays at the end"


def test_steps_forward_and_back(lab):
    lab.play_to(0)
    lab.back()
    assert lab.step == 0
    lab.forward()
    lab.forward()
    assert lab.step == 2
    lab.back()
    assert lab.step == 1
    lab.play_to(100)
    lab.forward()
    assert lab.step == 100


@pytest.mark.parametrize("step", [-1, 101, 2.5, "3", None, True])
def test_there_is_no_such_step(shared_lab, step):
    with pytest.raises(ValueError, match="step="):
        shared_lab.play_to(step)


def test_the_verdict_is_that_of_the_playhead(lab):
    lab.set(learning_rates={"gradient_descent": 0.21}, steps=60)
    lab.play_to(0)
    assert "At the start" in text_of(lab)
    lab.play_to(30)
    verdict = lab.verdict("gradient_descent")
    assert verdict == describe(lab.path("gradient_descent"), lab.settings.surface, 30)
    assert verdict.state.value == "diverging"
    assert "above the stability limit 2/λmax = 0.2" in text_of(lab)


def test_playing_comes_to_the_end_without_a_browser(lab):
    lab.set(steps=20)
    lab.set_speed(200)
    lab.play()
    assert lab.is_playing
    assert lab.wait(SECONDS)
    assert not lab.is_playing
    assert lab.step == 20


def test_pausing_keeps_the_playhead(lab):
    lab.set(steps=2000)
    lab.set_speed(20)
    lab.play()
    while lab.step == 0:
        time.sleep(0.01)
    lab.pause()
    assert lab.wait(SECONDS)
    assert 0 < lab.step < 2000
    here = lab.step
    lab.set(learning_rate=0.05)
    assert lab.step == here


def test_pause_in_mid_frame_waits_for_it_and_the_step_still_answers(lab, monkeypatch):
    in_frame, go_on, has_drawn = threading.Event(), threading.Event(), threading.Event()
    draw_step = lab.view.draw_step

    def hold_the_first_frame(**how):
        if threading.current_thread() is reader:
            has_drawn.set()
        elif not in_frame.is_set():
            in_frame.set()
            go_on.wait(SECONDS)
        draw_step(**how)

    lab.set(steps=300)
    lab.play_to(0)
    reader = threading.Thread(target=lab.view.buttons["play"].click)
    monkeypatch.setattr(lab.view, "draw_step", hold_the_first_frame)
    lab.play()
    assert in_frame.wait(SECONDS)
    reader.start()
    assert not has_drawn.wait(0.5)
    go_on.set()
    reader.join(SECONDS)
    assert has_drawn.is_set()
    assert not lab.is_playing
    assert lab.wait(SECONDS)
    lab.view.step.slider.widget.value = 300
    assert lab.step == 300


def test_a_change_while_it_plays_goes_on_playing(lab):
    lab.set(steps=300)
    lab.set_speed(100)
    lab.play()
    for rate in np.linspace(0.01, 0.1, 20):
        lab.set(learning_rate=float(rate))
    assert lab.is_playing
    assert lab.wait(SECONDS)
    assert lab.step == 300


class ClockByHand:
    """A clock whose frames the test makes."""

    def __init__(self, on_frame, _on_error):
        self.frame = on_frame
        self.is_running = False
        self.widget = widgets.Box([])

    def start(self):
        self.is_running = True

    def stop(self):
        self.is_running = False

    close = stop


def test_a_frame_that_waited_while_the_reader_moved_the_playhead_moves_it_no_more(monkeypatch):
    made = []

    def make(*arguments):
        made.append(ClockByHand(*arguments))
        return made[-1]

    monkeypatch.setattr(lab_module, "FrameClock", make)
    lab = hpt.DescentLab(steps=300)
    (clock,) = made
    lab.play()
    clock.frame(0.2)
    assert lab.step > 0
    lab.play_to(5)
    clock.frame(0.2)
    assert lab.step == 5
    lab.close()


def test_the_list_of_speeds_offers_one_that_a_cell_has_set(lab):
    speeds = named(lab, "speed")
    lab.set_speed(7)
    assert (speeds.value, speeds.label, lab.speed) == (7, "7 steps/s", 7)
    speeds.value = 10.0
    assert lab.speed == 10
    lab.set_speed(8.5)
    assert [speed for _, speed in speeds.options] == [2, 5, 8.5, 10, 20, 50]
    assert (speeds.value, lab.speed) == (8.5, 8.5)


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan"), "fast", None])
def test_speed_out_of_range(shared_lab, speed):
    with pytest.raises(ValueError, match="steps_a_second="):
        shared_lab.set_speed(speed)


def test_the_clock_waits_for_a_slow_browser(monkeypatch):
    """While nothing is acknowledged, no more than a few frames go out before a timeout."""
    monkeypatch.setattr(frame_clock, "ANSWER_TIMEOUT_SECONDS", 600.0)
    frames = threading.Semaphore(0)
    clock = FrameClock(lambda _elapsed: frames.release(), lambda _error: None)
    clock.start()
    for _ in range(frame_clock.MOST_FRAMES_IN_FLIGHT):
        assert frames.acquire(timeout=SECONDS)
    assert not frames.acquire(timeout=0.3)
    clock.drawn.value = clock.sent.value
    assert frames.acquire(timeout=SECONDS)
    clock.close()


def test_the_clock_reports_an_error_and_stops():
    errors = []

    def fail(_elapsed):
        raise RuntimeError("no paint left")

    clock = FrameClock(fail, errors.append)
    clock.start()
    assert clock.wait(SECONDS)
    assert [str(error) for error in errors] == ["no paint left"]
    assert not clock.is_running
    clock.close()


# View ---------------------------------------------------------------------------------------


def test_controls_do_what_set_does(lab):
    named(lab, "steps").value = "60"
    named(lab, "momentum β").value = "0.5"
    named(lab, "gradient noise").value = "1.5"
    named(lab, "condition number κ").value = "4"
    assert lab.settings.steps == 60
    assert lab.settings.momentum == 0.5
    assert lab.settings.gradient_noise == 1.5
    assert lab.settings.surface.condition_number == 4
    seed = lab.settings.seed
    named(lab, "other noise").click()
    assert lab.settings.seed == seed + 1
    named(lab, "RMSProp").value = True
    assert "rmsprop" in lab.settings.optimizers
    named(lab, "surface").value = "himmelblau"
    assert lab.settings.surface is hpt.surfaces.himmelblau
    named(lab, "schedule").value = "cosine"
    assert lab.path("adam").schedule == "cosine"
    named(lab, "step").value = "7"
    assert lab.step == 7
    named(lab, "speed").value = 50.0
    assert lab.speed == 50.0


def test_adams_bias_correction_is_a_switch(lab):
    corrected = lab.path("adam").points
    named(lab, "bias correction").value = False
    assert lab.settings.bias_correction is False
    without = lab.path("adam").points
    alone = descend(
        "quadratic_bowl",
        "adam",
        learning_rate=lab.settings.learning_rates["adam"],
        bias_correction=False,
    )
    np.testing.assert_array_equal(without, alone.points)
    first, then = (np.linalg.norm(points[1] - points[0]) for points in (corrected, without))
    assert then == pytest.approx(first * 0.1 / np.sqrt(0.001), rel=1e-4)
    lab.set(bias_correction=True)
    assert named(lab, "bias correction").value is True
    np.testing.assert_array_equal(lab.path("adam").points, corrected)


def test_the_switch_is_there_only_for_adam_and_keeps_its_place(lab):
    row = lab.view.controls.correction.widget
    assert row.layout.visibility == "visible"
    lab.set(optimizers=["momentum"])
    assert row.layout.visibility == "hidden"
    assert row.layout.display is None
    lab.set(optimizers=["momentum", "adam"])
    assert row.layout.visibility == "visible"


def test_set_moves_the_controls(lab):
    lab.set(steps=77, momentum=0.3, optimizers={"rmsprop": 0.04}, schedule="step")
    assert named(lab, "steps").value == "77"
    assert named(lab, "momentum β").value == "0.3"
    assert named(lab, "RMSProp").value is True
    assert named(lab, "Adam").value is False
    assert named(lab, "schedule").value == "step"
    assert named(lab, "step").value == "77"


def test_nonsense_becomes_a_message_beside_its_control(lab):
    before = lab.settings
    rate = 'η<span class="hpt-unseen"> of gradient descent</span>'
    for label, text in (("steps", "many"), ("steps", "0"), ("momentum β", "2"), (rate, "-1")):
        named(lab, label).value = text
        assert 'role="alert"' in text_of(lab)
        assert lab.settings is before
        lab.set()  # showing the settings anew takes the message away
        assert 'role="alert"' not in text_of(lab)
        before = lab.settings


def test_the_last_racer_cannot_leave(lab):
    lab.set(optimizers="adam")
    named(lab, "Adam").value = False
    assert lab.settings.optimizers == ("adam",)
    assert named(lab, "Adam").value is True
    assert "at least one optimiser must stay" in text_of(lab)


def test_a_bad_rate_is_told_by_its_name_on_the_screen(lab):
    field = lab.view.controls.racers["adam"].rate
    field.field.value = "fast"
    assert field.message.value.count("η of Adam: &#x27;fast&#x27; is not a number") == 1


def test_what_happens_to_all_is_said_before_the_reasons(lab):
    lab.set(surface="rosenbrock", optimizers=list(OPTIMIZERS))
    verdicts = {name: lab.verdict(name) for name in OPTIMIZERS}
    said = lab.view.verdicts.value
    places = [said.index(html.escape(one.happening)) for one in verdicts.values()]
    # A name that a reason begins with stands there once.
    reasons = [
        said.index(
            f"<b>{optimizer_label(name)}</b> "
            f"{html.escape(one.reason.removeprefix(optimizer_label(name) + ' '))}"
        )
        for name, one in verdicts.items()
        if one.reason
    ]
    assert any(one.reason.startswith(f"{optimizer_label(name)} ") for name, one in verdicts.items())
    assert places == sorted(places)
    assert reasons == sorted(reasons)
    assert reasons[0] > places[-1]
    lab.set(optimizers="momentum")
    assert html.escape(str(lab.verdict("momentum"))) in lab.view.verdicts.value


def test_a_sliders_nearest_notch_is_no_change(lab):
    rate = 0.0333
    lab.set(learning_rates={"gradient_descent": rate})
    slider = lab.view.controls.racers["gradient_descent"].rate.slider
    assert slider.value == pytest.approx(rate, rel=0.05)
    assert lab.settings.learning_rates["gradient_descent"] == rate
    slider.widget.value += 1
    assert lab.settings.learning_rates["gradient_descent"] == pytest.approx(slider.value, rel=1e-2)


def test_what_is_drawn_is_the_path(lab):
    lab.play_to(30)
    path = lab.path("momentum")
    row = list(lab.settings.optimizers).index("momentum")
    drawn = lab.view.map.paths
    np.testing.assert_allclose(drawn.paths.x[row], path.points[:, 0])
    np.testing.assert_allclose(drawn.trails.y[row], path.points[:31, 1])
    assert drawn.heads.x[row] == path.points[30, 0]
    assert drawn.trails.colors[row] == COLORS["momentum"]
    losses = lab.view.losses.paths
    np.testing.assert_allclose(losses.trails.y[row], path.losses[:31])
    assert lab.view.losses.playhead.x.tolist() == [30, 30]


def test_between_two_steps_the_head_is_between_two_points():
    race = DescentRace.on("quadratic_bowl")
    race.move_to(10.25)
    chart = MapChart(print)
    chart.draw(race)
    points = race.paths["gradient_descent"].points
    expected = 0.75 * points[10] + 0.25 * points[11]
    heads = chart.paths.heads
    np.testing.assert_allclose([heads.x[0], heads.y[0]], expected)
    assert race.step == 10


def test_dragging_and_clicking_move_the_start(lab):
    start = lab.view.map.start.mark
    with start.hold_trait_notifications():
        start.x, start.y = np.array([1.0]), np.array([-0.5])
    assert lab.settings.start == (1.0, -0.5)
    np.testing.assert_allclose(lab.path("adam").points[0], (1.0, -0.5))
    click = {"event": "element_click", "data": {"click_x": -1.5, "click_y": 0.25}}
    send(lab.view.map.ground, click)
    assert lab.settings.start == (-1.5, 0.25)
    assert start.x.tolist() == [-1.5]


def test_one_variable_is_a_curve_with_tangents(lab):
    lab.set(surface="parabola", optimizers="gradient_descent", learning_rate=0.1)
    assert lab.view.curve.figure in lab.view.charts.children
    assert lab.view.map.figure not in lab.view.charts.children
    tangents = lab.view.curve.tangents
    for step in (0, 3):
        lab.play_to(step)
        theta = lab.path("gradient_descent").points[step, 0]
        x, y = (ends.ravel() for ends in (tangents.x, tangents.y))
        assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(2 * theta)
        assert y.mean() == pytest.approx(theta**2)
    lab.view.curve.start.mark.x = np.array([-1.0])
    assert lab.settings.start == (-1.0,)


def test_the_map_is_drawn_anew_only_when_the_ground_changes(lab):
    picture = lab.view.map.ground.image
    lab.set(learning_rate=0.02, steps=50, start=(1.0, 1.0))
    lab.play_to(3)
    assert lab.view.map.ground.image is picture
    lab.set(condition_number=50)
    assert lab.view.map.ground.image is not picture


def test_a_diverging_walk_leaves_the_charts_drawable(lab):
    lab.set(learning_rate=5.0, optimizers=list(OPTIMIZERS), steps=300)
    for marks in (lab.view.map.paths, lab.view.losses.paths):
        for mark in (marks.paths, marks.trails, marks.heads):
            assert np.isfinite(mark.x).all()
            assert np.isfinite(mark.y).all()
            assert abs(mark.x).max() < 1000
    assert (lab.view.losses.paths.paths.y > 0).all()


def test_a_readers_own_function():
    own = Surface.from_function(lambda x, y: x**2 + abs(y) - 3, name="mine", start=(1, 1))
    lab = hpt.DescentLab(own, optimizers=["adam"])
    assert named(lab, "surface").value is own
    assert (lab.view.losses.paths.paths.y > 0).all()
    lab.set(surface="beale")
    lab.set(surface=own)
    assert lab.settings.surface is own
    lab.close()


@pytest.mark.parametrize("name", ["beale", "quadratic_bowl", "<b>bold</b>", "学习 率"])
def test_a_readers_surface_is_its_own_whatever_it_is_called(name):
    """One with a built-in surface's name was shown as that, and hid it."""
    own = Surface.from_function(lambda x, y: x**2 + y**2, name=name)
    lab = hpt.DescentLab(own)
    surfaces = named(lab, "surface")
    assert surfaces.value is own
    assert surfaces.label == name
    assert "<b>bold" not in text_of(lab)
    assert lab.view.controls.numbers["condition_number"].widget.layout.display == "none"
    surfaces.value = "beale"
    assert lab.settings.surface is hpt.surfaces.beale
    surfaces.value = "quadratic_bowl"
    assert lab.settings.surface.condition_number == 10
    assert lab.view.controls.numbers["condition_number"].widget.layout.display == ""
    lab.close()


def test_loss_axis():
    low, high = loss_limits(np.array([[5.0, 2e-3], [5.0, 1e40]]))
    assert low <= 2e-3
    assert 5e3 <= high <= 1e5
    assert powers_of_ten(1e-3, 10).tolist() == pytest.approx([10, 1, 0.1, 0.01, 1e-3])
    assert len(powers_of_ten(1e-12, 1e3)) <= 8
    assert loss_limits(np.array([[1.5e308, 1e300]]))[1] == 1e308  # 10**309 is no number


def test_a_loss_beyond_the_chart_leaves_it_where_a_mark_says_so(lab):
    """It was drawn along the edge, as if it stood still there."""
    lab.set(optimizers=["gradient_descent", "adagrad"], start=(1.11, 0.75))
    lab.set(learning_rates={"gradient_descent": 0.25})
    losses = lab.view.losses
    scale = losses.figure.axes[1].scale
    flown, fallen = losses.paths.paths.y
    crossed = int(losses.departures["above"].x[0])
    assert flown[crossed] <= scale.max < 1e3 * scale.max < flown[-1]
    assert fallen[-1] < scale.min <= fallen[int(losses.departures["below"].x[0])]
    for edge, name in (("above", "gradient_descent"), ("below", "adagrad")):
        assert losses.departures[edge].colors == [COLORS[name]]
    assert losses.figure.axes[0].label == "step (▲ ▼ goes on outside)"
    picture = lab.figure().axes[1]
    assert picture.get_xlabel() == losses.figure.axes[0].label
    marks = [line for line in picture.lines if line.get_marker() in ("^", "v")]
    assert [line.get_ydata()[0] for line in marks] == [scale.max, scale.min]

    lab.set(surface="rosenbrock")
    assert not len(losses.departures["above"].x)
    assert losses.figure.axes[0].label == "step"


def test_a_loss_that_is_low_for_a_moment_has_no_mark():
    heights = np.full((3, 101), 1.0)
    heights[0, 50], heights[1, 50:60], heights[2, :] = 1e-13, 1e-13, 1e-13
    departures = loss_scene(heights).departures
    assert [departure.racer for departure in departures["below"]] == [1, 2]
    assert departures["below"][1].step == 0


def test_the_picture_without_a_front_end(lab):
    lab.play_to(10)
    bundle = bundle_of(lab)
    assert len(bundle["image/png"]) > 10_000
    place, losses = lab.figure().axes
    assert place.get_xlabel() == "$x$"
    walked = [line.get_xdata() for line in losses.lines if len(line.get_xdata()) == 11]
    assert len(walked) == 3
    lab.set(surface="parabola")
    assert lab.figure().axes[0].get_xlabel() == "$\\theta$"


def test_the_map_survives_a_function_with_holes():
    holes = Surface.from_function(lambda x, y: np.log(x) + y, start=(1.0, 1.0))
    assert map_png(holes).startswith(b"\x89PNG")
    flat = Surface.from_function(lambda x, y: 1.0 + 0 * (x + y))
    assert map_png(flat).startswith(b"\x89PNG")


def test_the_lab_speaks_chinese():
    hpt.use_language("zh")
    lab = hpt.DescentLab()
    named(lab, "曲面")
    named(lab, "条件数 κ")
    assert "到达" in text_of(lab)
    lab.close()


def test_closing_leaves_no_widget_and_no_thread():
    before = set(threading.enumerate())  # some of other tests may be ending
    lab = hpt.DescentLab()
    lab.set(steps=2000)
    lab.play()
    lab.close()
    assert not lab.is_playing
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if thread.name.startswith("hpt-animation")]
    for root in (lab.view, *lab.view.hidden_widgets):
        assert all(widget.comm is None for widget in widgets_within(root))


def test_the_start_can_be_typed_and_follows_what_is_dragged(lab):
    field = lab.view.controls.start.field
    field.value = "（1.5， -0.5）"
    assert lab.settings.start == (1.5, -0.5)
    assert field.value == "1.5, -0.5"
    lab.view.map.start.mark.x, lab.view.map.start.mark.y = [0.25], [1.0]
    assert field.value == "0.25, 1"
    lab.set(surface="parabola")
    field.value = "-1"
    assert lab.settings.start == (-1.0,)


@pytest.mark.parametrize("typed", ["", "a, b", "1", "1, 2, 3", "nan, 0", "1, inf"])
def test_a_start_that_is_no_point_is_answered_and_the_old_one_comes_back(shared_lab, typed):
    control = shared_lab.view.controls.start
    before, shown = shared_lab.settings.start, control.field.value
    if control.message is not None:  # it says something of an earlier text
        show_message(control.message, "", "")
    control.field.value = typed
    assert "start: " in control.message.value
    assert (shared_lab.settings.start, control.field.value) == (before, shown)


def test_a_start_of_too_few_numbers_is_named_as_it_was_typed(lab):
    control = lab.view.controls.start
    control.field.value = "3"
    words = "start: '3' is not allowed; it takes one finite number a variable, 2 in all"
    assert words in html.unescape(control.message.value)


def test_where_the_minimum_is_unknown_no_walk_falls_to_nothing(lab):
    """Of walks below 0 the lowest loss is 1 % of the fall above where the axis begins."""
    known = hpt.surfaces.get_surface("quadratic_bowl")
    lowered = replace(
        known, function=lambda point: known.function(point) - 1, minima=(), name="mine"
    )
    lab.set(surface=lowered, optimizers=["gradient_descent", "momentum"])
    losses = np.stack(
        [path.losses for path in (lab.path("gradient_descent"), lab.path("momentum"))]
    )
    fallen = losses[0, 0] - losses.min()
    heights = DescentRace(lab.settings).heights()
    np.testing.assert_allclose(heights, losses - losses.min() + 0.01 * fallen)
    axis = lab.view.losses.figure.axes[1].label
    assert axis == lab.figure().axes[1].get_ylabel() == "loss − lowest + 1%"
    assert "cross" not in lab.view.hint.value
    lab.set(surface="quadratic_bowl")
    assert lab.view.losses.figure.axes[1].label == "loss above the minimum"
    assert "cross" in lab.view.hint.value


def test_a_dragged_start_is_written_in_short_numbers(lab):
    lab.set(surface="himmelblau")
    start = lab.view.map.start.mark
    with start.hold_trait_notifications():
        start.x, start.y = np.array([-3.0241731]), np.array([1.8821404])
    assert lab.settings.start == (-3.02, 1.88)
    assert lab.view.controls.start.field.value == "-3.02, 1.88"
    # The mark stays in the reader's hand: it is moved by no more than a pixel.
    assert (start.x[0], start.y[0]) == (-3.0241731, 1.8821404)
    send(
        lab.view.map.ground, {"event": "element_click", "data": {"click_x": 1.23456, "click_y": 0}}
    )
    assert lab.settings.start == (1.23, 0.0)
    assert start.x[0] == 1.23


@pytest.mark.parametrize(
    ("place", "window", "rounded"),
    [
        (0.123456, (-1, 1), 0.12),
        (-3.02417, (-5.12, 5.12), -3.02),
        (123.456, (0, 4000), 120),
        (1.23456e-4, (0, 1e-3), 1.23e-4),
    ],
)
def test_places_are_rounded_to_what_a_mouse_can_point_at(place, window, rounded):
    assert round_to_pixel(place, window) == pytest.approx(rounded, rel=1e-12)
    assert abs(rounded - place) <= (window[1] - window[0]) / 400


def test_the_axes_have_few_round_numbers(lab):
    for surface in SURFACES:
        lab.set(surface=surface)
        is_curve = SURFACES[surface].n_dims == 1
        chart = lab.view.curve if is_curve else lab.view.map
        for axis in chart.figure.axes:
            ticks = list(axis.tick_values)
            assert 3 <= len(ticks) <= 6
            assert axis.scale.min <= ticks[0] < ticks[-1] <= axis.scale.max
            assert all(len(f"{tick:g}") <= 5 for tick in ticks)


def oklab(color):
    """Return lightness and the two colour axes, by Ottosson's formulas of 2020."""
    parts = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    opponents = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return opponents @ np.cbrt(cones @ linear)


@pytest.mark.parametrize("n", [5, 17])
def test_the_colours_of_the_ground_are_uniform_to_the_eye(n):
    places = np.array([oklab(color) for color in ground_colors(n)])
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert steps.max() / steps.min() < 1.1, "equal steps, but for rounding to 256 shades"
    assert (np.diff(places[:, 0]) < 0).all(), "ever darker"
    assert places[0, 0] > 0.95
    assert places[-1, 0] < 0.4


def test_heights_are_relative_to_the_highest_and_the_lowest():
    heights = relative_heights(np.array([-1.0, 0.0, 7.0, np.nan, np.inf]))
    np.testing.assert_allclose(heights[:3], [0, 0.5, 1])
    assert np.isnan(heights[3:]).all()
    np.testing.assert_array_equal(relative_heights(np.full(3, 5.0)), 0)


def test_paths_on_a_map_have_a_pale_road_below_them(lab):
    paths = lab.view.map.paths
    assert paths.marks[0] is paths.road
    np.testing.assert_array_equal(paths.road.x, paths.paths.x)
    assert paths.road.stroke_width > paths.trails.stroke_width
    assert lab.view.losses.paths.road not in lab.view.losses.figure.marks
