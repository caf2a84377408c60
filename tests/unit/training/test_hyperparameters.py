import dataclasses
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hpt_widgets as hpt
from hpt_widgets.search.record_format import HYPERPARAMETER_COLUMNS as COLUMNS
from hpt_widgets.training import hyperparameters
from hpt_widgets.training.hyperparameters import (
    ADDED_SINCE_0_1,
    COUNTS_WHERE,
    KINDS,
    Hyperparameters,
    completed,
)

BAD_VALUES = [
    ("learning_rate", 0, ValueError),
    ("learning_rate", -1e-3, ValueError),
    ("learning_rate", float("nan"), ValueError),
    ("learning_rate", float("inf"), ValueError),
    ("learning_rate", "0.1", TypeError),
    ("learning_rate", True, TypeError),
    ("learning_rate", None, TypeError),
    ("learning_rate", 1 + 2j, TypeError),
    ("batch_size", 0, ValueError),
    ("batch_size", 32.0, TypeError),
    ("batch_size", True, TypeError),
    ("batch_size", np.array([32, 64]), TypeError),
    ("batch_size", 10**9, ValueError),
    ("dropout_rate", 1.0, ValueError),
    ("dropout_rate", -0.1, ValueError),
    ("dropout_rate", float("nan"), ValueError),
    ("dropout_rate", False, TypeError),
    ("weight_decay", -1.0, ValueError),
    ("weight_decay", float("nan"), ValueError),
    ("epochs", 0, ValueError),
    ("epochs", 1.5, TypeError),
    ("seed", -1, ValueError),
    ("seed", "0", TypeError),
    ("optimizer", "lion", ValueError),
    ("optimizer", 3, TypeError),
    ("activation", "softmax", ValueError),
    ("activation", None, TypeError),
    ("hidden_units", (), ValueError),
    ("hidden_units", (128, 0), ValueError),
    ("hidden_units", (128, 64.0), TypeError),
    ("hidden_units", "128", TypeError),
    ("hidden_units", {128, 64}, TypeError),
    ("hidden_units", frozenset({128, 64}), TypeError),
    ("hidden_units", (1,) * 11, ValueError),
    ("hidden_units", None, TypeError),
    ("hidden_units", True, TypeError),
    ("momentum", 1.0, ValueError),
    ("momentum", -0.1, ValueError),
    ("momentum", "0.9", TypeError),
    ("epsilon", 0, ValueError),
    ("epsilon", 1e-31, ValueError),
    ("epsilon", float("inf"), ValueError),
    ("schedule", "linear", ValueError),
    ("schedule", None, TypeError),
    ("warm_up", 1, ValueError),
    ("warm_up", -0.01, ValueError),
    ("warm_up", True, TypeError),
    ("initial_scale", 0.0, ValueError),
    ("initial_scale", 1e4, ValueError),
    ("parametrization", "ntk", ValueError),
    ("base_width", 0, ValueError),
    ("base_width", 64.0, TypeError),
]


@pytest.mark.parametrize(("field", "value", "error"), BAD_VALUES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bad_value_is_refused_by_name(field, value, error, language):
    hpt.use_language(language)
    with pytest.raises(error) as caught:
        Hyperparameters(**{field: value})
    message = str(caught.value)
    assert field in message
    assert repr(value) in message
    assert ("not allowed" in message) == (language == "en")


def test_defaults_are_the_documented_ones():
    assert Hyperparameters() == Hyperparameters(
        learning_rate=1e-3,
        batch_size=32,
        dropout_rate=0.2,
        hidden_units=(128, 64),
        activation="relu",
        optimizer="adam",
        weight_decay=0.0,
        epochs=1,
        seed=0,
        momentum=0.9,
        epsilon=1e-7,
        schedule="constant",
        warm_up=0.0,
        initial_scale=1.0,
        parametrization="standard",
        base_width=128,
    )


def test_what_0_1_did_not_have_is_written_only_where_it_was_set():
    plain, changed = Hyperparameters(), Hyperparameters(warm_up=0.1, schedule="cosine")
    assert list(plain.to_record()) == list(COLUMNS)
    assert set(changed.to_record()) == {*COLUMNS, "warm_up", "schedule"}
    assert repr(plain) == (
        "Hyperparameters(learning_rate=0.001, batch_size=32, dropout_rate=0.2, "
        "hidden_units=(128, 64), activation='relu', optimizer='adam', weight_decay=0.0, "
        "epochs=1, seed=0)"
    )
    assert repr(changed).endswith("seed=0, schedule='cosine', warm_up=0.1)")
    for hp in (plain, changed):
        assert eval(repr(hp)) == Hyperparameters(**hp.to_record()) == hp
        assert completed(hp.to_record()) == hp.to_dict()
    assert completed({"momentum": 0.5, "training_size": 3})["momentum"] == 0.5


def test_what_lets_another_count_is_one_of_its_values():
    for name, (other, values) in COUNTS_WHERE.items():
        assert name in ADDED_SINCE_0_1
        for value in values:
            assert getattr(Hyperparameters(**{other: value}), other) == value


def test_numbers_are_stored_as_pythons_own():
    hp = Hyperparameters(
        learning_rate=np.float32(0.5), batch_size=np.int64(7), hidden_units=[np.int32(9)]
    )
    assert type(hp.learning_rate) is float
    assert type(hp.batch_size) is int
    assert hp.hidden_units == (9,)
    assert type(hp.hidden_units[0]) is int


def test_a_single_number_of_units_is_one_layer():
    assert Hyperparameters(hidden_units=16).hidden_units == (16,)


def test_frozen_and_hashable():
    hp = Hyperparameters()
    with pytest.raises(dataclasses.FrozenInstanceError):
        hp.epochs = 2
    assert len({hp, Hyperparameters(), Hyperparameters(seed=1)}) == 2


def test_replace_validates_and_names_unknown_fields():
    assert Hyperparameters().replace(epochs=3).epochs == 3
    with pytest.raises(ValueError, match="epochs"):
        Hyperparameters().replace(epochs=0)
    with pytest.raises(TypeError, match="learning_rate"):
        Hyperparameters().replace(learnig_rate=0.1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "no hyperparameter called 'learing_rate'.*did you mean 'learning_rate'"),
        ("zh", "没有名为 'learing_rate' 的超参数.*是不是想写 'learning_rate'"),
    ],
)
def test_a_misspelt_name_is_answered_in_the_readers_language(language, words):
    hpt.use_language(language)
    with pytest.raises(TypeError, match=words):
        Hyperparameters(learing_rate=0.1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=words):
        Hyperparameters().replace(learing_rate=0.1)


def test_the_signature_is_the_records_own():
    names = list(inspect.signature(Hyperparameters).parameters)
    assert names == [field.name for field in dataclasses.fields(Hyperparameters)]


def test_differences_names_what_was_changed():
    changed = Hyperparameters(learning_rate=0.1, hidden_units=(8,))
    assert changed.differences(Hyperparameters()) == {"learning_rate": 0.1, "hidden_units": (8,)}


def test_every_field_belongs_to_one_of_the_three_kinds():
    sorted_fields = sorted(name for names in KINDS.values() for name in names)
    assert sorted_fields == sorted(field.name for field in dataclasses.fields(Hyperparameters))


@given(
    st.floats(min_value=1e-12, max_value=1e6),
    st.integers(1, 1_000_000),
    st.floats(0, 1, exclude_max=True),
)
def test_all_allowed_values_survive(learning_rate, batch_size, dropout_rate):
    hp = Hyperparameters(
        learning_rate=learning_rate, batch_size=batch_size, dropout_rate=dropout_rate
    )
    assert Hyperparameters(**hp.to_dict()) == hp


def test_a_valid_record_asks_for_no_words(monkeypatch):
    """What is allowed is said only of what is not allowed."""

    def translate(key, **_values):
        raise AssertionError(key)

    monkeypatch.setattr(hyperparameters, "translate", translate)
    hp = Hyperparameters(hidden_units=[3, 2], optimizer="sgd", learning_rate=np.float32(0.5))
    assert hp.replace(epochs=3).epochs == 3
    with pytest.raises(AssertionError, match="hyperparameters"):
        hp.replace(epochs=0)


def test_a_replaced_record_is_one_like_any_other():
    hp = Hyperparameters(seed=3)
    changed = hp.replace(learning_rate=np.float64(0.5), hidden_units=7)
    assert changed == Hyperparameters(learning_rate=0.5, hidden_units=(7,), seed=3)
    assert hash(changed) == hash(Hyperparameters(learning_rate=0.5, hidden_units=(7,), seed=3))
    assert type(changed.learning_rate) is float
    assert hp == Hyperparameters(seed=3)
    assert hp.replace() == hp
    with pytest.raises(dataclasses.FrozenInstanceError):
        changed.epochs = 2


def test_replace_checks_what_it_is_given_alone(monkeypatch):
    hp = Hyperparameters()
    checked = []
    real = hyperparameters.validated
    monkeypatch.setattr(
        hyperparameters, "validated", lambda name, value: checked.append(name) or real(name, value)
    )
    hp.replace(epochs=3, seed=1)
    assert checked == ["epochs", "seed"]
