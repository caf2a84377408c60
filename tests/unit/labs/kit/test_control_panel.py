"""Fields and buttons together: what is said of an entry, and the press that comes behind it."""

import pytest
from widget_tools import send, text_of

import hpt_widgets as hpt
from hpt_widgets.labs.kit.control_panel import ControlPanel
from hpt_widgets.labs.kit.controls import ChoiceControl, NumberControl, log_slider
from hpt_widgets.labs.kit.number_range import NumberRange

ICONS = {"start": "play", "stop": "stop"}


@pytest.fixture
def pressed():
    return []


@pytest.fixture
def panel(pressed):
    return make_panel(pressed)


def make_panel(pressed):
    def refuse(_choice):
        raise ValueError("not here")

    fields = {
        "learning_rate": NumberControl(
            "learning rate", 0.001, NumberRange(1e-5, 1), lambda _: None, log_slider(-5, 0, 0.1, 10)
        ),
        "batch_size": NumberControl(
            "batch size", 32, NumberRange(1, 4096, whole=True), lambda _: None
        ),
        "optimizer": ChoiceControl("optimiser", [("a", "a"), ("b", "b")], "a", refuse),
    }
    return ControlPanel(fields, "range_test_lab", ICONS, pressed.append, ("start",))


@pytest.fixture
def rate(panel):
    return panel.fields["learning_rate"]


def message(control):
    shown = control.message is not None and control.message.layout.display != "none"
    return control.message.value if shown else ""


def press_enter(control):
    send(control.field, {"event": "submit"})


def test_one_message_is_shown_at_a_time(panel, rate):
    rate.field.value = "fast"
    panel.fields["batch_size"].field.value = "many"
    assert message(rate) == ""
    assert "many" in message(panel.fields["batch_size"])


@pytest.mark.parametrize(
    "act",
    [
        lambda panel: setattr(panel.fields["learning_rate"].field, "value", "0.02"),
        lambda panel: setattr(panel.fields["batch_size"].field, "value", "64"),
        lambda panel: setattr(panel.fields["learning_rate"].slider, "value", 0.1),
        lambda panel: panel.show("batch_size", 64),
        lambda panel: panel.buttons["stop"].click(),
        lambda panel: press_enter(panel.fields["learning_rate"]),
    ],
    ids=["its field", "another field", "a slider", "a method", "a button", "the old value again"],
)
def test_a_message_goes_with_the_next_thing_that_a_reader_does(panel, rate, pressed, act):
    rate.field.value = "fast"
    assert "fast" in message(rate)
    act(panel)
    assert message(rate) == ""
    panel.buttons["start"].click()
    assert pressed[-1] == "start"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("learning rate: &#x27;5&#x27; is not allowed", "press again to use 0.001.")),
        (
            "zh",
            ("learning rate：“5”不可用；须为 0.00001 到 1 之间的数", "或再按一次，沿用 0.001。"),
        ),
    ],
)
def test_a_press_behind_an_entry_that_was_refused_says_so_and_does_nothing(
    pressed, language, words
):
    hpt.use_language(language)
    panel = make_panel(pressed)
    panel.fields["learning_rate"].field.value = "5"
    panel.buttons["start"].click()
    assert pressed == []
    for part in words:
        assert part in text_of(panel)
    panel.buttons["start"].click()
    assert pressed == ["start"]
    assert message(panel.fields["learning_rate"]) == ""


def test_each_entry_that_is_refused_holds_a_press_back(panel, rate, pressed):
    for typed in ("5", "6"):
        rate.field.value = typed
        panel.buttons["start"].click()
    assert pressed == []
    rate.field.value = "0.5"
    panel.buttons["start"].click()
    assert pressed == ["start"]


def test_a_button_that_uses_no_field_does_its_work_at_once(panel, rate, pressed):
    rate.field.value = "5"
    panel.buttons["stop"].click()
    assert pressed == ["stop"]


def test_a_choice_that_was_refused_holds_nothing_back(panel, pressed):
    panel.fields["optimizer"].dropdown.value = "b"
    assert "not here" in message(panel.fields["optimizer"])
    panel.buttons["start"].click()
    assert pressed == ["start"]
