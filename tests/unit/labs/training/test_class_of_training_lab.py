"""A training lab in a class: what it sends, and that training does not wait."""

import time
from dataclasses import replace
from uuid import uuid4

import pytest
from board_tools import running_board
from lab_tools import SECONDS, digits, small

import hpt_widgets as hpt
from hpt_widgets.board.csv_export import read_rows, run_of_row
from hpt_widgets.board.task import Task
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.language.training_lab import TEXTS

DATA = digits()
TASK = Task(
    data=data_fingerprint(DATA),
    training_size=len(DATA.y_train),
    name="Digits",
    epochs=2,
    others=small(),
)


@pytest.fixture
def board(tmp_path):
    with running_board(tmp_path / "board.sqlite", task=TASK) as running:
        yield running


@pytest.fixture
def lab():
    made = hpt.TrainingLab(DATA, small())
    yield made
    made.close()


def until(condition):
    """Wait until something on another thread has come about."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def train(lab, **settings):
    lab.set(**settings)
    lab.wait(SECONDS)


def test_runs_of_the_task_are_compared_and_others_stand_apart(lab, board):
    train(lab, learning_rate=0.02)
    lab.join(f"127.0.0.1:{board.port}", board.code, nickname="cedar-17")
    train(lab, learning_rate=0.03)
    train(lab, optimizer="sgd")
    until(lambda: len(board.runs()) == 2)
    (row,) = board.store.rows(TASK)
    sent, apart = board.runs()
    trial = lab.runs.trials[1]
    assert row.accuracy == trial.validation_accuracy
    assert sent.run.trial.hyperparameters == trial.hyperparameters
    assert sent.run.trial.history[-1] == trial.history[-1]
    assert apart.task == ""
    assert lab.class_panel.message.startswith("In the class as cedar-17. Task: “Digits”.")
    assert f"the task wants optimizer = {small().optimizer}" in lab.class_panel.message


def test_a_subset_is_another_task(lab, board):
    lab.join(f"127.0.0.1:{board.port}", board.code)
    train(lab, training_size=200)
    until(lambda: len(board.runs()) == 1)
    assert board.runs()[0].run.data == data_fingerprint(DATA.take(200, seed=0))
    assert board.runs()[0].task == ""


def test_training_goes_on_without_a_board(lab):
    lab.join("127.0.0.1:9", "maple-river", "cedar-17")
    for rate in (0.01, 0.02, 0.03):
        train(lab, learning_rate=rate)
    assert len(lab.runs) == 3
    until(lambda: "3 runs waiting" in lab.class_panel.status.value)


def test_all_runs_of_the_record_are_handed_in_those_of_a_killed_kernel_too(lab, tmp_path):
    train(lab, learning_rate=0.02)
    changed = replace(lab.runs.trials[0], uuid=str(uuid4()), number=0, message="at 100: …")
    for words in TEXTS["ended_superseded"].en, TEXTS["ended_superseded"].zh:
        lab.runs.append(replace(changed, uuid=str(uuid4()), message=f"{words} at 100: …"))
    # As the record of a kernel that was killed brings them back: the panel never saw them.
    lab.runs.append(changed)
    file = tmp_path / "cedar-17.csv"
    assert lab.hand_in(file) == 2
    whole, other = (run_of_row(row) for row in read_rows(file.read_bytes()))
    assert (whole.id, whole.data, whole.changed) == (lab.runs.trials[0].uuid, TASK.data, False)
    assert (other.id, other.data, other.changed) == (changed.uuid, TASK.data, True)


def test_a_run_whose_settings_were_changed_says_so_in_the_file(lab, tmp_path):
    lab.apply_to_running = True
    lab.set(epochs=20)
    lab.wait_for(epoch=1)
    lab.set(learning_rate=0.03)
    lab.wait_for(epoch=2)  # a stop drops a change that has not been taken up
    lab.stop()
    lab.wait(SECONDS)
    lab.hand_in(tmp_path / "cedar-17.csv")
    (row,) = read_rows((tmp_path / "cedar-17.csv").read_bytes())
    assert run_of_row(row).changed


def test_bad_input_leaves_the_lab_at_work(lab):
    for arguments in (("", "maple-river"), ("localhost", "x"), ("localhost", "a-b", "<b>")):
        with pytest.raises(ValueError, match="="):
            lab.join(*arguments)
    train(lab, learning_rate=0.02)
    assert len(lab.runs) == 1


def test_a_closed_lab_joins_nothing(board):
    lab = hpt.TrainingLab(DATA, small())
    lab.join(f"127.0.0.1:{board.port}", board.code)
    lab.close()
    with pytest.raises(RuntimeError):
        lab.join(f"127.0.0.1:{board.port}", board.code)
