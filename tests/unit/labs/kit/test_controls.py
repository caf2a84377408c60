"""Fields and sliders, moved and typed into as the front end does it."""

import math
import threading

import ipywidgets as widgets
import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import SECONDS
from traitlets import Bunch
from widget_tools import send

import hpt_widgets as hpt
from hpt_widgets.labs.kit import late_field
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    NumberControl,
    StepControl,
    TextControl,
    button,
    choice_list,
    disclosure,
    icon_button,
    linear_slider,
    log_slider,
)
from hpt_widgets.labs.kit.number_range import NumberRange, format_number
from hpt_widgets.labs.kit.style import STYLE

RATE = NumberRange(1e-5, 10)
BATCH = NumberRange(1, 4096, whole=True)


class Lab:
    """Takes note of what it is told, and refuses what it is told to refuse."""

    def __init__(self):
        self.told = []
        self.refusal = None

    def take(self, value):
        if self.refusal is not None:
            raise self.refusal
        self.told.append(value)


@pytest.fixture
def lab():
    return Lab()


@pytest.fixture
def rate(lab):
    slider = log_slider(-5, 1, step=0.1, base=10)
    return NumberControl("learning rate", 0.001, RATE, lab.take, slider)


@pytest.fixture
def batch(lab):
    slider = log_slider(0, 12, step=1, base=2)
    return NumberControl("batch size", 32, BATCH, lab.take, slider)


def message(control):
    shown = control.message is not None and control.message.layout.display != "none"
    return control.message.value if shown else ""


def send_again(slider):
    """Report where the handle rests, as a front end may do without a move."""
    notch = slider.widget.value
    change = Bunch(name="value", type="change", owner=slider.widget, old=notch, new=notch)
    slider.widget.notify_change(change)


class Told:
    """What a page is told of a field, each message with the thread that sent it."""

    def __init__(self, field, monkeypatch):
        self.texts, self.came = [], threading.Event()
        self.here = threading.current_thread()
        monkeypatch.setattr(field, "_send", self.take)

    def take(self, message, **_buffers):
        self.texts.append((message["state"]["value"], threading.current_thread() is self.here))
        self.came.set()


def test_a_slider_is_followed_by_its_field_a_moment_later(rate, lab, monkeypatch):
    monkeypatch.setattr(late_field, "LATER_SECONDS", 0.5)
    told = Told(rate.field, monkeypatch)
    for notch in (21, 22, 23):
        rate.slider.widget.value = notch
    assert lab.told == [0.00126, 0.00158, 0.002]
    assert rate.field.value == "0.002"
    assert told.came.wait(SECONDS)
    # One message for all of them, not on the way of what the slider sets going.
    assert told.texts == [("0.002", False)]
    told.came.clear()
    rate.slider.widget.value = 24
    assert told.came.wait(SECONDS)
    assert told.texts[1:] == [("0.00251", False)]


def test_what_a_lab_shows_in_a_field_is_told_at_once(rate, monkeypatch):
    told = Told(rate.field, monkeypatch)
    rate.show(0.5)
    assert told.texts == [("0.5", True)]


def test_where_no_thread_can_be_started_the_field_follows_at_once(rate, monkeypatch):
    def refuse(timer):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", refuse)
    told = Told(rate.field, monkeypatch)
    for notch in (21, 22):
        rate.slider.widget.value = notch
    assert told.texts == [("0.00126", True), ("0.00158", True)]


def test_it_begins_with_its_value_in_field_and_slider_and_tells_nobody(rate, lab):
    assert rate.value == 0.001
    assert rate.field.value == "0.001"
    assert rate.slider.value == pytest.approx(0.001)
    assert lab.told == []
    assert rate.message is None
    assert len(rate.widget.children) == 1


def test_a_message_is_made_once_and_used_again(rate):
    rate.field.value = "abc"
    made = rate.message
    rate.field.value = "0.5"
    assert message(rate) == ""
    rate.field.value = "xyz"
    assert "xyz" in message(rate)
    assert rate.message is made
    assert rate.widget.children[1:] == (made,)


def test_no_message_is_made_where_the_control_was_closed(rate):
    rate.widget.close()
    rate.field.value = "abc"
    assert rate.message is None


def test_a_moved_slider_is_told_and_written_in_the_field(rate, lab):
    rate.slider.value = 10**-1.3
    assert lab.told == [0.0501]
    assert rate.value == 0.0501
    assert rate.field.value == "0.0501"


def test_the_page_is_told_a_value_behind_what_it_sets_going(rate, lab, monkeypatch):
    came = threading.Event()

    def publish(_kind, data, **_rest):
        lab.told.append(data["state"])
        came.set()

    monkeypatch.setattr(rate.field.comm, "publish_msg", publish)
    rate.slider.value = 0.01
    assert came.wait(SECONDS)
    assert lab.told == [0.01, {"value": "0.01"}]
    came.clear()
    lab.refusal = ValueError("not now")
    rate.slider.value = 0.1
    assert came.wait(SECONDS)
    assert lab.told[2:] == [{"value": "0.01"}]


def test_the_batch_slider_gives_whole_numbers(batch, lab):
    batch.slider.value = 64.0
    assert lab.told == [64]
    assert isinstance(lab.told[0], int)
    assert batch.field.value == "64"


def test_a_linear_slider(lab):
    slider = linear_slider(0, 0.9, step=0.05)
    control = NumberControl("dropout rate", 0.2, NumberRange(0, 0.9), lab.take, slider)
    slider.value = 0.35
    assert lab.told == [0.35]
    control.field.value = "0"
    assert lab.told == [0.35, 0.0]
    assert slider.value == 0


@pytest.mark.parametrize(
    ("typed", "value"), [("1e-2", 0.01), (" 0.5 ", 0.5), ("１０", 10.0), ("0.00001", 1e-5)]
)
def test_a_typed_number_is_told_and_moves_the_slider(rate, lab, typed, value):
    rate.field.value = typed
    assert lab.told == [value]
    assert rate.slider.value == pytest.approx(value, rel=0.01)  # its nearest notch
    assert rate.field.value == format_number(value)


def test_any_whole_batch_size_can_be_typed(batch, lab):
    batch.field.value = "100"
    assert lab.told == [100]
    assert batch.field.value == "100"


def test_the_same_number_typed_in_other_words_changes_nothing(rate, lab):
    rate.field.value = "1e-3"
    assert lab.told == []
    assert rate.field.value == "0.001"


def test_a_handle_at_the_notch_nearest_to_what_was_typed_changes_nothing(rate, lab):
    rate.field.value = "0.05"
    assert rate.slider.value == pytest.approx(0.0501, abs=1e-4)
    send_again(rate.slider)
    assert lab.told == [0.05]
    assert rate.value == 0.05


@given(st.floats(1e-5, 10))
def test_a_slider_never_rounds_what_was_set(value):
    """The widget holds a whole number, which no browser rounds and sends back as a move."""
    slider = log_slider(-5, 1, step=0.1, base=10)
    told = []
    control = NumberControl("learning rate", 0.001, RATE, told.append, slider)
    control.show(value)
    notch = slider.widget.value
    assert isinstance(notch, int)
    assert abs(math.log10(slider.value / value)) <= 0.05 + 1e-9
    send_again(slider)
    assert (control.value, told) == (value, [])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("typed", ["x", "", "nan", "inf", "-1", "0", "1e9", "1e999", "0,1", "<b>"])
def test_a_bad_number_is_answered_beside_the_control_and_the_old_one_comes_back(
    rate, lab, typed, language
):
    hpt.use_language(language)
    rate.field.value = typed
    assert rate.field.value == "0.001"
    assert rate.value == 0.001
    assert lab.told == []
    assert RATE.in_words in message(rate)
    assert message(rate).split(">")[1].startswith(("learning rate: ", "learning rate："))
    assert "<b>" not in message(rate)
    rate.field.value = "0.1"
    assert lab.told == [0.1]
    assert message(rate) == ""


@pytest.mark.parametrize("typed", ["0", "2.5", "4097", "-3", "nan"])
def test_a_batch_size_that_is_no_whole_number_in_range(batch, lab, typed):
    batch.field.value = typed
    assert (batch.value, batch.field.value, lab.told) == (32, "32", [])
    assert "1 to 4,096" in message(batch)


def test_what_the_lab_refuses_goes_back_and_its_reason_is_shown(rate, lab):
    lab.refusal = ValueError("not with <this> network")
    rate.slider.value = 0.1
    assert rate.value == 0.001
    assert rate.field.value == "0.001"
    assert rate.slider.value == pytest.approx(0.001)
    assert "not with &lt;this&gt; network" in message(rate)


def test_show_tells_nobody_and_takes_a_message_away(rate, lab):
    rate.field.value = "x"
    rate.show(5.0)
    assert lab.told == []
    assert (rate.value, rate.field.value) == (5.0, "5")
    assert message(rate) == ""


@given(st.text(max_size=8))
def test_no_text_at_all_harms_a_field(text):
    lab = Lab()
    control = NumberControl("batch size", 32, BATCH, lab.take)
    control.field.value = text
    assert 1 <= control.value <= 4096
    assert control.field.value == str(control.value)


def test_a_step_is_told_from_field_and_slider_alike(lab):
    step = StepControl("step", 10, lab.take)
    step.slider.widget.value = 4
    assert step.field.value == "4"
    step.field.value = "7"
    assert step.slider.widget.value == 7
    assert lab.told == [4, 7]


def test_a_step_beyond_the_last_is_answered(lab):
    step = StepControl("step", 10, lab.take)
    step.show_step(3, 5)
    step.field.value = "6"
    assert "a whole number from 0 to 5" in step.message.value
    assert step.field.value == "3"
    assert lab.told == []


@pytest.mark.parametrize(("step", "last"), [(3, 5), (0, 1), (500, 500)])
def test_steps_may_become_fewer_and_more_and_nobody_is_told(lab, step, last):
    made = StepControl("step", 100, lab.take)
    made.show_step(80, 100)
    made.show_step(step, last)
    assert (made.value, made.slider.widget.value, made.slider.widget.max) == (step, step, last)
    assert lab.told == []


def test_a_readers_step_waits_while_another_thread_moves_the_handle(lab):
    lock = threading.RLock()
    step = StepControl("step", 10, lab.take, lock)
    reader = threading.Thread(target=lambda: setattr(step.slider.widget, "value", 4))

    def let_the_reader_in(_change):
        step.field.unobserve(let_the_reader_in, "value")
        reader.start()
        reader.join(0.2)
        assert lab.told == []

    step.field.observe(let_the_reader_in, "value")
    with lock:
        step.show_step(7, 10)
    reader.join()
    assert (lab.told, step.value) == ([4], 4)


def test_a_reader_is_told_from_another_thread_that_shows(lab, rate):
    reader = threading.Thread(target=lambda: setattr(rate.slider.widget, "value", 9))

    def let_the_reader_in(_change):
        rate.field.unobserve(let_the_reader_in, "value")
        reader.start()
        reader.join()

    rate.field.observe(let_the_reader_in, "value")
    rate.show(0.5)
    assert lab.told == [rate.value] == pytest.approx([rate.slider.value_at(9)], rel=1e-2)
    assert rate.slider.widget.value == 9
    assert rate.field.value == format_number(rate.value)


def test_two_threads_that_show_at_once_leave_the_control_to_the_reader(lab, rate):
    other_shows, one_has_shown = threading.Event(), threading.Event()
    other = threading.Thread(target=lambda: rate.show(0.25))

    def in_the_middle(_change):
        if threading.current_thread() is other:
            other_shows.set()
            one_has_shown.wait(60)
        else:
            other.start()
            other_shows.wait(60)

    rate.field.observe(in_the_middle, "value")
    rate.show(0.5)
    rate.field.unobserve(in_the_middle, "value")
    one_has_shown.set()
    other.join()
    rate.field.value = "0.125"
    assert lab.told == [0.125]


def test_words_for_a_screen_reader_alone_stand_in_the_label(rate):
    rate.add_hidden_label(" of <Adam>")
    assert rate.field.description_allow_html
    unseen = '<span class="hpt-unseen"> of &lt;Adam&gt;</span>'
    assert rate.field.description.endswith(unseen)
    assert ".hpt-unseen { position: absolute;" in STYLE


def test_a_list_has_a_name_and_tells_what_is_chosen():
    told = []
    made = choice_list("order", [("newest first", 1), ("best first", 2)], 1, told.append)
    assert (made.description, made.label) == ("order", "newest first")
    made.value = 2
    made.value = None  # nothing is no choice
    assert (told, made.value) == ([2], 2)


def test_what_a_button_hides_it_shows():
    content = widgets.HTML("more of it")
    opener, inside = disclosure("more", "fewer", content).children
    assert inside is content
    for description, display in (("more", "none"), ("fewer", None), ("more", "none")):
        assert (opener.description, content.layout.display or None) == (description, display)
        opener.click()


def test_a_choice_is_told_and_one_refused_goes_back(lab):
    control = ChoiceControl("optimiser", [("adam", "adam"), ("sgd", "sgd")], "adam", lab.take)
    control.dropdown.value = "sgd"
    assert lab.told == ["sgd"]
    control.show("adam")
    assert lab.told == ["sgd"]
    lab.refusal = ValueError("no")
    control.dropdown.value = "sgd"
    assert control.dropdown.value == "adam"
    assert "no" in message(control)


def press_enter(control):
    send(control.field, {"event": "submit"})


def test_a_message_that_comes_behind_enter_stays(rate):
    press_enter(rate)
    rate.field.value = "fast"
    assert "fast" in message(rate)


def test_a_text_is_parsed_and_a_bad_one_goes_back(lab):
    control = TextControl("", (1,), lambda t: tuple(map(int, t.split())), str, lab.take)
    control.field.value = "2 3"
    assert lab.told == [(2, 3)]
    assert control.field.value == "(2, 3)"
    control.field.value = "two"
    assert control.field.value == "(2, 3)"
    assert lab.told == [(2, 3)]
    assert "two" in message(control)
    control.field.value = "2  3"
    assert lab.told == [(2, 3)]


def test_a_button_calls_without_an_argument():
    calls = []
    made = button("start", "play", lambda: calls.append(None))
    made.click()
    assert calls == [None]
    assert made.tooltip == "start"


def test_a_button_of_an_icon_has_a_name_that_the_style_sheet_hides():
    calls = []
    made = icon_button("to the start", "fast-backward", lambda: calls.append(None))
    made.click()
    assert calls == [None]
    assert made.description == made.tooltip == "to the start"
    (its_class,) = made._dom_classes
    assert f".{its_class} {{ font-size: 0; }}" in STYLE
