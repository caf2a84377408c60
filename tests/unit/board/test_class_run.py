"""A run on its way to the board: what is taken, what is left out, and what is refused."""

import dataclasses
import itertools
import json
import math
import uuid

import pytest
from board_tools import DATA, class_run, trial
from hypothesis import given, settings
from hypothesis import strategies as st

import hpt_widgets as hpt
from hpt_widgets.board.class_run import MOST_BYTES, MOST_POINTS, ClassRun, thinned
from hpt_widgets.search.records import SearchRecord


def altered(**changes):
    """Return a run as JSON gives it, with some of its trial's values changed."""
    values = json.loads(class_run().to_json())
    values["trial"].update(changes)
    return values


def test_a_run_survives_json():
    run = class_run(hidden_units=(32, 16), learning_rate=0.1 + 0.2)
    again = ClassRun.from_json(run.to_json())
    assert again == run
    assert again.trial.hyperparameters == run.trial.hyperparameters


def test_numbers_that_are_not_finite_travel_as_none():
    run = ClassRun(
        hpt.Trial(
            ended="diverged",
            validation_accuracy=math.nan,
            validation_loss=math.inf,
            history=((1, 0.5), (2, math.nan)),
            fold_scores=(0.5, math.nan),
        )
    )
    assert run.trial.validation_accuracy is None
    assert run.trial.validation_loss is None
    assert run.trial.history == ((1.0, 0.5),)
    assert run.trial.fold_scores == (0.5,)
    assert ClassRun.from_json(run.to_json()) == run


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    points = tuple((float(i), i / 5000) for i in range(5000))
    left = thinned(points)
    assert len(left) == MOST_POINTS
    assert (left[0], left[-1]) == (points[0], points[-1])
    steps = [after[0] - before[0] for before, after in itertools.pairwise(left)]
    assert max(steps) - min(steps) <= 1
    run = ClassRun(dataclasses.replace(trial(), history=points))
    assert len(run.trial.history) == MOST_POINTS
    assert len(run.to_json()) < MOST_BYTES


def test_a_short_curve_is_left_as_it_is():
    points = tuple((float(i), 0.5) for i in range(MOST_POINTS))
    assert thinned(points) == points


def test_a_message_is_cut_and_holds_no_line_breaks():
    run = ClassRun(dataclasses.replace(trial(), message="a\nb\x00\ud800" + "c" * 1000))
    assert run.trial.message.startswith("a b  c")
    assert len(run.trial.message) == 300
    run.to_json().encode()


def test_the_id_of_a_trial_is_the_same_from_a_file_and_whatever_its_number(tmp_path):
    record = SearchRecord("manual", path=tmp_path / "runs.csv")
    record.append(hpt.Trial(method="grid"))
    kept = record.append(dataclasses.replace(trial(), message="说明", fold_scores=(0.5, math.nan)))
    loaded = SearchRecord.load(tmp_path / "runs.csv").trials[1]
    assert kept.uuid == loaded.uuid
    assert ClassRun(loaded).id == kept.uuid


def test_a_run_is_known_by_its_trial_and_not_by_its_values():
    one = trial()
    assert ClassRun(one).id == ClassRun(dataclasses.replace(one, number=7)).id
    assert ClassRun(one).id != ClassRun(trial()).id


@pytest.mark.parametrize(
    "changes",
    [
        {"validation_accuracy": 1.5},
        {"validation_accuracy": -0.1},
        {"validation_accuracy": "0.9"},
        {"validation_accuracy": True},
        {"validation_loss": -1},
        {"seconds": 1e30},
        {"epochs_trained": -1},
        {"ended": "exploded"},
        {"ended": None},
        {"method": ""},
        {"method": "m" * 25},
        {"method": "a\nb"},
        {"when": "yesterday"},
        {"when": 5},
        {"message": ["x"]},
        {"history": [[1, 2, 3], [4]]},
        {"history": [[1]]},
        {"history": "curve"},
        {"fold_scores": [0.5] * 51},
        {"fold_scores": [None]},
        {"hyperparameters": []},
        {"hyperparameters": {"learning_rate": -1}},
        {"hyperparameters": {"learning_rate": "0.1"}},
        {"hyperparameters": {"optimizer": "=cmd|' /C calc'!A0"}},
        {"hyperparameters": {"hidden_units": [1] * 20}},
        {"hyperparameters": {"hidden_units": 5}},
        {"hyperparameters": {"nesterov": 0.9}},
        {"hyperparameters": {"training_size": 0}},
        {"hyperparameters": {"training_size": 1.5}},
        {"number": 3},
        {"other": 3},
    ],
)
def test_what_is_no_run_is_refused_with_a_sentence(changes):
    with pytest.raises((TypeError, ValueError)) as caught:
        ClassRun.from_dict(altered(**changes))
    assert len(str(caught.value)) > 10


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {},
        {"trial": {}},
        {**altered(), "more": 1},
        {**altered(), "id": "5"},
        {**altered(), "id": ""},
        {**altered(), "id": None},
        {**altered(), "data": "x"},
        {**altered(), "data": None},
        {**altered(), "changed": 1},
        {**altered(), "trial": None},
    ],
)
def test_what_is_no_payload_is_refused(values):
    with pytest.raises((TypeError, ValueError)):
        ClassRun.from_dict(values)


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 10_000, '{"id": NaN}', '{"id": 1' + "0" * 9000 + "}", "x" * 20_001]
)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ValueError):
        ClassRun.from_json(text)


def test_the_longest_run_of_a_lab_is_not_too_long():
    settings = {"hidden_units": (10_000,) * 10, "learning_rate": 1 / 3e5, "dropout_rate": 1 / 3}
    longest = dataclasses.replace(
        trial(**settings),
        message="训" * 1000,
        fold_scores=(1 / 3,) * 50,
        history=((1e7 / 3, 1 / 3),) * 5000,
    )
    assert len(ClassRun(longest).to_json().encode()) < MOST_BYTES


def test_a_run_of_too_many_bytes_is_refused():
    far = ((-1.2345678901234567e-300,) * 2,) * 200
    message = "".join(map(chr, range(0x10000, 0x1000C)))
    heavy = dataclasses.replace(
        trial(), history=far, fold_scores=(-1.2345678901234567e-300,) * 50, message=message
    )
    run = ClassRun(heavy)
    text = run.to_json()
    assert len(text.encode()) < MOST_BYTES
    with pytest.raises(ValueError, match="20,000"):
        ClassRun.from_json(text + " " * MOST_BYTES)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["manual", "finished", "adam", str(uuid.UUID(int=7)), DATA]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = sorted(json.loads(class_run().to_json())["trial"])


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(FIELDS), json_values, min_size=1))
def test_whatever_stands_in_a_run_it_is_taken_whole_or_refused(changes):
    values = altered(**changes)
    try:
        run = ClassRun.from_dict(values)
    except (TypeError, ValueError):
        return
    assert ClassRun.from_json(run.to_json()) == run
