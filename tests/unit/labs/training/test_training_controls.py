"""The training lab's sliders, fields and buttons."""

import pytest
from lab_tools import digits, small

import hpt_widgets as hpt
from hpt_widgets.labs.kit.hyperparameter_sliders import RANGES, ranges_for
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.training.controls import (
    ICONS,
    TrainingControls,
    parse_hidden_units,
    write_hidden_units,
)
from hpt_widgets.training.hyperparameters import COUNTS_WHERE, KINDS, SCHEDULES


class Told:
    def __init__(self):
        self.settings, self.buttons, self.applied = [], [], []

    def controls(self):
        return TrainingControls(
            {**small().to_dict(), "training_size": 1300}, ranges_for(digits()),
            lambda name, value: self.settings.append((name, value)),
            self.buttons.append, self.applied.append,
        )  # fmt: skip


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def controls(told):
    return told.controls()


def test_there_is_a_control_for_every_hyperparameter_and_all_are_on_the_screen(controls):
    names = {name for members in KINDS.values() for name in members} | {"training_size"}
    assert set(controls.fields) == names
    parts = (controls.widget, controls.others)
    shown = {id(widget) for part in parts for widget in widgets_within(part)}
    assert all(id(control.widget) in shown for control in controls.fields.values())


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("learning_rate", "0.5", 0.5),
        ("batch_size", "7", 7),
        ("dropout_rate", "0.35", 0.35),
        ("weight_decay", "1e-3", 1e-3),
        ("epochs", "3", 3),
        ("seed", "12", 12),
        ("training_size", "500", 500),
        ("hidden_units", "30，20", (30, 20)),
        ("momentum", "0.99", 0.99),
        ("epsilon", "1e-4", 1e-4),
        ("warm_up", "0.1", 0.1),
        ("initial_scale", "2.5", 2.5),
        ("base_width", "64", 64),
    ],
)
def test_a_typed_value_is_told_by_name(controls, told, name, typed, value):
    controls.fields[name].field.value = typed
    assert told.settings == [(name, value)]


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("optimizer", "sgd"),
        ("activation", "gelu"),
        ("schedule", "1cycle"),
        ("parametrization", "mup"),
    ],
)
def test_a_choice_is_told_by_name(controls, told, name, choice):
    controls.fields[name].dropdown.value = choice
    assert told.settings == [(name, choice)]


def shown(controls):
    """Return the fields that are on the screen of those that do not always count."""
    return {name for name in COUNTS_WHERE if controls.fields[name].widget.layout.display != "none"}


def test_only_fields_that_count_are_shown(controls):
    assert shown(controls) == {"momentum", "epsilon"}  # Adam's
    controls.fields["optimizer"].dropdown.value = "sgd"
    assert shown(controls) == set()
    controls.fields["parametrization"].dropdown.value = "mup"
    assert shown(controls) == {"base_width"}
    controls.show("optimizer", "adagrad")
    assert shown(controls) == {"base_width", "epsilon"}
    controls.show("parametrization", "standard")
    controls.show("optimizer", "nesterov")
    assert shown(controls) == {"momentum"}


@pytest.mark.parametrize(("language", "word"), [("en", "in steps"), ("zh", "阶梯式")])
def test_schedules_are_called_by_their_names(told, language, word):
    hpt.use_language(language)
    dropdown = told.controls().fields["schedule"].dropdown
    assert (word, "step") in dropdown.options
    assert [name for _, name in dropdown.options] == list(SCHEDULES)


@pytest.mark.parametrize("name", ["learning_rate", "batch_size", "dropout_rate"])
def test_the_sliders_reach_all_that_the_fields_allow(controls, name):
    control, allowed = controls.fields[name], RANGES[name]
    slider = control.slider
    assert slider.value_at(slider.widget.min) == pytest.approx(allowed.minimum)
    assert slider.value_at(slider.widget.max) == pytest.approx(allowed.maximum)
    for value in (allowed.minimum, allowed.maximum):
        controls.show(name, value)
        assert control.slider.value == pytest.approx(value)


def test_show_tells_nobody(controls, told):
    for name, value in small(seed=8, optimizer="sgd", hidden_units=(3,)).to_dict().items():
        controls.show(name, value)
    assert told.settings == []
    assert controls.fields["hidden_units"].field.value == "3"
    assert controls.fields["optimizer"].dropdown.value == "sgd"


def test_buttons_and_switch(controls, told):
    for made in controls.buttons.values():
        made.click()
    assert told.buttons == list(ICONS)
    controls.apply.value = True
    controls.apply.value = False
    assert told.applied == [True, False]


@pytest.mark.parametrize(("language", "words"), [("en", "resume"), ("zh", "继续")])
def test_the_pause_button_says_what_it_will_do(told, language, words):
    hpt.use_language(language)
    controls = told.controls()
    before = controls.buttons["pause"].description
    controls.show_paused(True)
    assert controls.buttons["pause"].description == words
    controls.show_paused(False)
    assert controls.buttons["pause"].description == before


@pytest.mark.parametrize(
    ("text", "units"),
    [("128, 64", (128, 64)), ("128-64", (128, 64)), ("(128，64)", (128, 64)), (" 5 ", (5,)),
     ("1 2、3;4", (1, 2, 3, 4))],
)  # fmt: skip
def test_hidden_units_are_read(text, units):
    assert parse_hidden_units(text) == units
    assert parse_hidden_units(write_hidden_units(units)) == units


@pytest.mark.parametrize(
    "text",
    ["", "many", "12.5", "0", "8, 0", "-5", "128, -64", "8--4", "1,2,3,4,5,6,7,8,9,10,11"],
)
def test_hidden_units_that_are_none(text):
    with pytest.raises((ValueError, TypeError), match=r"hidden.units"):
        parse_hidden_units(text)
