"""The reference record of a task: searches that go on where they were broken off."""

import dataclasses
import statistics

import numpy as np
import pytest
from patience import SECONDS
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.board.assembly import make_board
from hpt_widgets.board.reference import Reference, ReferencePlan, space_of
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.task import FREE_CHOICES, Task
from hpt_widgets.board.task_space import logarithmic_of
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.space import LogUniform

DATA = tabular_data()
TASK = Task(
    data=data_fingerprint(DATA),
    training_size=len(DATA.y_train),
    name="Small",
    epochs=2,
    free=("learning_rate", "batch_size"),
    others=hpt.Hyperparameters(hidden_units=(8,)),
)
PLAN = ReferencePlan(trials=22, repeats=2, seeds=3)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "value", "most"),
    [
        *(("trials", value, "10,000") for value in (0, -1, 10_001, 2.0, True)),
        *(("repeats", value, "100") for value in (0, -1, 101)),
        ("seeds", 0, "1,000"),
    ],
)
def test_a_plan_that_trains_nothing_or_without_an_end_is_refused(name, value, most, language):
    hpt.use_language(language)
    with pytest.raises(ValueError, match=rf"{name}={value}.*1.*{most}"):
        ReferencePlan(**{name: value})


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference")
    landed = []
    Reference(folder, TASK).train(DATA, PLAN, landed.append)
    return folder, landed


def record(folder, name):
    return SearchRecord.load(folder / TASK.key / f"{name}.csv")


def test_all_that_was_planned_is_trained_and_belongs_to_the_task(trained):
    folder, landed = trained
    assert len(landed) == PLAN.total
    files = sorted(path.name for path in (folder / TASK.key).iterdir())
    assert files == ["random-0.csv", "random-1.csv", "seeds-0.csv", "tpe-0.csv", "tpe-1.csv"]
    for method in ("random", "tpe"):
        for trial in record(folder, f"{method}-0"):
            assert trial.method == method
            values = {**TASK.start.to_record(), **trial.hyperparameters}
            assert values == trial.hyperparameters
            assert trial.validation_accuracy is not None


def test_tpes_first_trials_are_the_random_searchs_own(trained):
    folder, _ = trained
    one, other = record(folder, "random-0").trials, record(folder, "tpe-0").trials
    same = [a.hyperparameters == b.hyperparameters for a, b in zip(one, other, strict=True)]
    assert all(same[:20])
    assert not any(same[20:])


def test_the_repeats_differ(trained):
    folder, _ = trained
    first = record(folder, "random-0").trials[0].hyperparameters
    assert record(folder, "random-1").trials[0].hyperparameters != first


def test_a_training_that_was_broken_off_goes_on(trained, tmp_path):
    folder, _ = trained
    landed = []

    def stop_after_five(trial):
        landed.append(trial)
        if len(landed) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Reference(tmp_path, TASK).train(DATA, PLAN, stop_after_five)
    rest = []
    Reference(tmp_path, TASK).train(DATA, PLAN, rest.append)
    assert len(rest) == PLAN.total - 5
    for name in ("random-0", "tpe-1", "seeds-0"):
        mine = [t.hyperparameters for t in record(tmp_path, name)]
        assert mine == [t.hyperparameters for t in record(folder, name)]
    again = []
    Reference(tmp_path, TASK).train(DATA, PLAN, again.append)
    assert again == []


def test_the_summary_is_what_the_records_hold(trained):
    folder, _ = trained
    summary = Reference(folder, TASK).summary()
    curves = [record(folder, f"tpe-{i}").incumbent.to_numpy() for i in range(2)]
    assert summary["tpe"]["x"] == list(range(1, 23))
    assert summary["tpe"]["repeats"] == 2
    np.testing.assert_allclose(summary["tpe"]["mean"], np.mean(curves, axis=0), atol=1e-5)
    np.testing.assert_allclose(summary["tpe"]["low"], np.min(curves, axis=0), atol=1e-5)
    seeds = record(folder, "seeds-0")
    assert [t.hyperparameters["seed"] for t in seeds] == [0, 1, 2]
    scores = [t.validation_accuracy for t in seeds]
    assert summary["seeds"]["deviation"] == pytest.approx(statistics.stdev(scores))
    assert summary["seeds"]["freedom"] == 2


def test_without_a_record_there_is_no_summary(tmp_path):
    assert Reference(tmp_path, TASK).summary() is None


def test_the_board_reads_the_record_of_its_task(trained, tmp_path):
    folder, _ = trained
    store = BoardStore(tmp_path / "board.sqlite")
    store.open_task(TASK).result(SECONDS)
    board = make_board(store, dict, folder)
    assert board.projectors.state(True)["reference"] == Reference(folder, TASK).summary()
    store.open_task(dataclasses.replace(TASK, epochs=5)).result(SECONDS)
    board.projectors.notify()
    assert board.projectors.state(True)["reference"] is None
    store.close()


@pytest.mark.parametrize("name", FREE_CHOICES)
def test_there_are_ranges_for_whatever_is_free(name):
    task = dataclasses.replace(TASK, free=(name,))
    (dimension,) = space_of(task)
    for value in dimension.grid_values:
        assert task.start.replace(**{name: value})


def test_the_pages_axis_is_logarithmic_where_a_search_or_a_hand_goes_by_factors():
    task = dataclasses.replace(TASK, free=FREE_CHOICES)
    by_search = {one.name for one in space_of(task) if isinstance(one, LogUniform)}
    assert set(logarithmic_of(task)) == by_search | {"batch_size", "base_width"}
    assert {"learning_rate", "weight_decay", "epsilon", "initial_scale"} <= by_search


def test_a_record_is_of_the_tasks_own_data_or_none(tmp_path):
    other = DATA.take(40, seed=0)
    with pytest.raises(ValueError, match=TASK.data):
        Reference(tmp_path, TASK).train(other, PLAN)
    assert list(tmp_path.iterdir()) == []
