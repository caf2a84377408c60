"""Of two values that a lab refuses, only the newer one's message is shown."""

import contextlib

import pytest
from widget_tools import text_of

import hpt_widgets as hpt


def descent_fields(lab):
    controls = lab.view.controls
    return controls.start, controls.racers["momentum"].rate, controls.numbers["momentum"]


def network_fields(lab):
    controls = lab.view.controls
    return controls.numbers["learning_rate"], controls.layers[0], controls.value


def backprop_fields(lab):
    return (*lab.view.numbers.values(), next(iter(lab.view.parameters.values())))


def knots(prediction):
    return prediction.view.form.knots


# How each is made, its fields, and what the first of them allows.
LABS = {
    "descent": (hpt.DescentLab, descent_fields, "1, 1"),
    "network": (hpt.NetworkLab, network_fields, "0.2"),
    "backprop": (hpt.BackpropLab, backprop_fields, "0.25"),
    "prediction": (lambda: hpt.prediction("2-learning-rate"), knots, "1.5"),
}


def is_shown(control):
    message = control.message
    return message is not None and message.layout.display != "none" and bool(text_of(message))


@pytest.mark.parametrize("name", LABS)
def test_one_message_is_shown_at_a_time_until_a_value_is_allowed(name):
    make, fields_of, allowed = LABS[name]
    with contextlib.closing(make()) as lab:
        fields = fields_of(lab)
        for refused in fields:
            refused.field.value = "no number"
            assert [is_shown(field) for field in fields] == [field is refused for field in fields]
        fields[0].field.value = allowed
        assert not any(is_shown(field) for field in fields)
