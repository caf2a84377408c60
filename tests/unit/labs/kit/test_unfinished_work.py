"""What a lab had recorded when its kernel died is there again when its cell is run anew."""

import errno
import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from lab_tools import digits, small

import hpt_widgets as hpt
from hpt_widgets.labs.bayes.lab import BayesLab
from hpt_widgets.labs.bayes.notes import restore_game
from hpt_widgets.labs.bayes.state import DuelState
from hpt_widgets.labs.kit import labs_of_cell, unfinished_work
from hpt_widgets.labs.kit.unfinished_work import FOLDER, RecordNote, UnfinishedWork
from hpt_widgets.labs.search.lab import SearchLab
from hpt_widgets.labs.sweep.lab import SweepLab
from hpt_widgets.labs.training.lab import TrainingLab
from hpt_widgets.search.bayes.duel import N_FIRST
from hpt_widgets.search.records import SearchRecord
from tools.kernel_server import CAN_FORK, program_server

HERE = Path(__file__).parents[2]
DATA = digits()
CELL = "a"
PRELUDE = f"""
import os, sys, threading, time
sys.path.insert(0, {str(HERE)!r})
from hpt_widgets.labs.kit import labs_of_cell
from hpt_widgets.labs.kit.unfinished_work import RecordNote, UnfinishedWork
labs_of_cell.current_cell = lambda: ({CELL!r}, "1")
"""
# Notes alone need no TensorFlow.
NOTE = """
is_busy = False
work = UnfinishedWork("training", lambda: is_busy, lambda: {"data": "abc", "sizes": [2, 3]})
taken_over = work.left_over()
work.take_over()
work.note([RecordNote("runs.csv", "manual", {"sizes": [16, 8]})])
"""
NOTED = (RecordNote("runs.csv", "manual", {"sizes": (16, 8)}),)
TRAIN = """
from lab_tools import digits, small
from hpt_widgets.labs.training.lab import TrainingLab
lab = TrainingLab(digits(), small())
lab.set(learning_rate=0.02)
lab.wait()
lab.set(epochs=100, batch_size=1, hidden_units=(256,))
while lab.state != "training":
    time.sleep(0.01)
"""
DIE = "os._exit(1)"
PYTHON = [sys.executable, "-c"]


@pytest.fixture(scope="module", autouse=True)
def processes_share_an_import():
    """Fork the kernels, where that can be done, from a process that has imported TensorFlow."""
    if not CAN_FORK:
        yield
        return
    before = PYTHON[:]
    with program_server() as command:
        PYTHON[:] = command
        yield
    PYTHON[:] = before


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give the reader's folder to this process and to the kernels that it starts."""
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(labs_of_cell, "labs_of_cell", {})
    use_cell(monkeypatch, CELL)
    return tmp_path / "home"


def use_cell(monkeypatch, cell, execution="1"):
    monkeypatch.setattr(labs_of_cell, "current_cell", lambda: (cell, execution))


def other_digits():
    """Return as many digits as `digits`, of which one pixel is another."""
    x = DATA.x_train.copy()
    x[0, 0, 0] += 0.5
    validation = (DATA.x_validation, DATA.y_validation)
    return hpt.Dataset.from_arrays(x, DATA.y_train, validation=validation)


def run_kernel(*parts):
    """Run these lines in a process of their own, to its end, whatever that is."""
    code = "\n".join(textwrap.dedent(part) for part in (PRELUDE, *parts))
    return subprocess.run([*PYTHON, code], check=False, timeout=600)


def notes_in(home):
    return sorted((home / FOLDER).glob("*.json"))


def left_over(subject="training", data="abc"):
    """Return what a lab of the cell, run in a new kernel, takes over."""
    labs_of_cell.labs_of_cell.clear()
    work = UnfinishedWork(subject, lambda: True, lambda: {"data": data, "sizes": (2, 3)})
    found = work.left_over()
    work.take_over()
    return found


@pytest.mark.slow
def test_a_killed_kernels_runs_are_back(home):
    run_kernel(TRAIN, DIE)
    other = TrainingLab(other_digits(), small())
    assert len(other.runs) == 0
    other.close()
    labs_of_cell.labs_of_cell.clear()
    lab = TrainingLab(DATA, small())
    (trial,) = lab.runs
    assert trial.hyperparameters["learning_rate"] == 0.02
    assert trial.ended == "finished"
    assert "1" in lab.view.table.message.value
    with pytest.raises(ValueError, match="1"):
        lab.pin(1)  # its curves went with the kernel
    lab.set(learning_rate=0.03)
    lab.wait()
    kept = SearchRecord.load(lab.runs.path)
    assert [t.hyperparameters["learning_rate"] for t in kept] == [0.02, 0.03]
    assert [t.number for t in kept] == [1, 2]
    lab.forget(1)
    assert [t.number for t in lab.runs] == [2]
    lab.close()
    assert notes_in(home) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "n_back"),
    [
        pytest.param("", 1, id="ended in mid-run"),
        pytest.param("lab.pause(); lab.wait()", 1, id="ended while paused"),
        pytest.param("lab.stop(); lab.wait()", 0, id="ended with nothing under way"),
    ],
)
def test_a_kernel_that_ends_leaves_what_it_cuts_off(lines, n_back):
    run_kernel(TRAIN, lines)
    lab = TrainingLab(DATA, small())
    assert len(lab.runs) == n_back
    lab.close()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(("is_busy = True",), NOTED, id="ended in mid-run"),
        pytest.param((), (), id="ended with nothing under way"),
        pytest.param((DIE,), NOTED, id="killed"),
        pytest.param(("work.settle()", DIE), (), id="closed by the reader, then killed"),
    ],
)
def test_only_what_was_cut_off_comes_back(home, lines, expected):
    run_kernel(NOTE, *lines)
    assert left_over() == expected
    assert len(notes_in(home)) == len(expected)


def test_another_cell_another_place_and_another_subject_start_anew(monkeypatch):
    run_kernel(NOTE, DIE)
    assert left_over("search") == ()
    use_cell(monkeypatch, "b")
    assert left_over() == ()
    use_cell(monkeypatch, CELL)
    monkeypatch.setenv("JPY_SESSION_NAME", "another.ipynb")
    assert left_over() == ()
    monkeypatch.delenv("JPY_SESSION_NAME")
    first_of_two = SweepLab(DATA)
    assert UnfinishedWork("training", lambda: True).left_over() == ()
    first_of_two.close()
    assert left_over() == NOTED


def test_a_kernel_that_lives_keeps_its_runs(home):
    """Two kernels can have the same notebook open."""
    with subprocess.Popen(
        [sys.executable, "-c", PRELUDE + NOTE + "print(flush=True); time.sleep(600)"],
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout.readline()
        assert left_over() == ()
        assert len(notes_in(home)) == 1
        other.kill()
    assert left_over() == NOTED


def test_a_number_that_another_process_got_since_counts_for_nothing(home):
    run_kernel(NOTE, DIE)
    (note,) = notes_in(home)
    key = note.stem.rpartition("-")[0]
    note.rename(note.with_name(f"{key}-{os.getppid()}.json"))
    assert left_over() == NOTED


def test_work_on_other_data_stays_where_it_is():
    run_kernel(NOTE, DIE)
    assert left_over(data="abd") == ()
    assert left_over() == NOTED


def test_a_note_of_an_older_version_is_read_on(home):
    run_kernel(NOTE, DIE)
    (note,) = notes_in(home)
    content = json.loads(note.read_text())
    content.pop("details", None)
    key, *_, process = note.stem.split("-")
    note.with_name(f"{key}-{process}.json").write_text(json.dumps(content))
    note.unlink()
    assert left_over() == NOTED


def test_a_kernel_of_another_computer_is_gone_when_its_work_lies_still(home, tmp_path):
    """The reader's folder may be on a disk that several computers share."""
    record = tmp_path / "runs.csv"
    record.touch()
    there = f'unfinished_work.platform.node = lambda: "another"; os.chdir({str(tmp_path)!r})'
    run_kernel("from hpt_widgets.labs.kit import unfinished_work", there, NOTE, DIE)
    (note,) = notes_in(home)
    long_ago = time.time() - 2 * unfinished_work.QUIET_SECONDS
    content = note.read_text().replace("runs.csv", record.as_posix())
    note.write_text(content)
    assert left_over() == ()
    os.utime(note, (long_ago, long_ago))
    assert left_over() == ()  # its record has just got a trial
    os.utime(record, (long_ago, long_ago))
    assert [each.path for each in left_over()] == [record.as_posix()]
    assert note not in notes_in(home)


@pytest.mark.slow
def test_runs_survive_two_deaths_in_a_row(home):
    run_kernel(NOTE, DIE)
    run_kernel(NOTE, "assert taken_over", DIE)
    assert len(notes_in(home)) == 1
    assert left_over() == NOTED


@pytest.mark.parametrize("content", ["", "null", "[]", '{"records": 7}', '{"records": [{}]}'])
def test_a_damaged_note_is_cleared_away(home, content):
    run_kernel(NOTE, DIE)
    (note,) = notes_in(home)
    note.write_text(content)
    assert left_over() == ()
    assert notes_in(home) == []


@pytest.mark.slow
def test_a_note_that_cannot_be_taken_over_in_writing_is_kept(home, monkeypatch):
    """Else a second death would lose what it says."""
    run_kernel(NOTE, DIE)
    before = notes_in(home)

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(unfinished_work, "replace_file", full)
        assert left_over() == NOTED
    assert notes_in(home) == before
    assert left_over() == NOTED


def test_a_record_that_is_gone_or_is_none_is_not_opened(tmp_path):
    path = tmp_path / "runs.csv"
    note = RecordNote(str(path), "manual")
    assert note.open() is None
    path.write_text("no record")
    assert note.open() is None


def test_a_lab_that_no_cell_made_leaves_no_note(home, monkeypatch):
    monkeypatch.setattr(labs_of_cell, "current_cell", lambda: (None, ""))
    work = UnfinishedWork("training", lambda: True)
    work.note(NOTED)
    assert work.left_over() == ()
    assert notes_in(home) == []


def test_a_folder_that_cannot_be_written_costs_the_note_only(home):
    home.write_text("a file where the folder should be")
    work = UnfinishedWork("training", lambda: True)
    work.note(NOTED)
    assert work.left_over() == ()
    work.take_over()
    work.settle()


SEARCH = """
from hpt_widgets.labs.search.lab import SearchLab

calls = []

def plain(values):
    calls.append(values)
    time.sleep(0.02 if len(calls) < 4 else 600)
    return 0.5 + values["dropout_rate"] / 4

lab = SearchLab(objective=plain)
lab.set(method="tpe", trials=8, seed=5, repeats=2, n_startup_jobs=2)
lab.start()
# The fourth begins when the third is in its file.
while len(calls) < 4:
    time.sleep(0.01)
"""


def plain(values):
    return 0.5 + values["dropout_rate"] / 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "trials", "length"), [("tpe", 8, 8), ("halving", 4, 5), ("hyperband", None, 22)]
)
def test_a_killed_search_is_back_and_goes_on_as_if_unbroken(method, trials, length):
    told = f'method="{method}"' if trials is None else f'method="{method}", trials={trials}'
    run_kernel(SEARCH.replace('method="tpe", trials=8', told), DIE)
    lab = SearchLab(objective=plain)
    assert [len(record) for record in lab.records] == [3, 0]
    assert lab.state == "stopped"
    assert "3" in lab.status
    settings = lab.settings
    assert (settings.method, settings.trials, settings.seed) == (method, trials, 5)
    lab.resume()
    lab.wait()
    assert [len(record) for record in lab.records] == [length, length]
    unbroken = SearchLab(objective=plain)
    unbroken.run(method, trials, seed=5, repeats=2, n_startup_jobs=2)
    for one, other in zip(lab.records, unbroken.records, strict=True):
        assert [t.hyperparameters for t in one] == [t.hyperparameters for t in other]
    lab.close()
    unbroken.close()


def test_a_search_without_a_single_trial_is_not_worth_a_word():
    run_kernel(
        """
        from hpt_widgets.labs.search.lab import SearchLab

        def plain(values):
            time.sleep(600)

        lab = SearchLab(objective=plain)
        lab.start()
        """,
        DIE,
    )
    lab = SearchLab(objective=plain)
    assert lab.searches == []
    assert lab.state == "ready"
    lab.close()


def another(values):
    return 1.0 - plain(values)


@pytest.mark.slow
def test_a_search_of_something_else_is_not_back():
    run_kernel(SEARCH, DIE)
    for other in ({"objective": another}, {"data": DATA}):
        labs_of_cell.labs_of_cell.clear()
        lab = SearchLab(**other)
        assert lab.searches == []
        lab.close()
    labs_of_cell.labs_of_cell.clear()
    lab = SearchLab(objective=plain)
    assert len(lab.searches) == 2
    lab.close()


SEARCH_OF_TRAININGS = """
from lab_tools import digits, small
from hpt_widgets.labs.search.lab import SearchLab
from hpt_widgets.labs.search.live import LiveSearch
from hpt_widgets.search.trial import Trial

LiveSearch.search = lambda *_: None
lab = SearchLab(digits(), hyperparameters=small(), training_size=1300)
lab.set(method="tpe", trials=8, n_startup_jobs=2)
lab.start()
for rate in (0.01, 0.02, 0.03):
    values = {"learning_rate": rate, "batch_size": 32, "dropout_rate": 0.1}
    lab.record.append(Trial(values, "tpe", validation_accuracy=rate))
"""


def n_searches_back(data, hp):
    labs_of_cell.labs_of_cell.clear()
    lab = SearchLab(data, hyperparameters=hp)
    lab.close()
    return len(lab.searches)


def test_a_search_of_other_trainings_is_not_back():
    """Else one record would have trials of both."""
    run_kernel(SEARCH_OF_TRAININGS, DIE)
    assert n_searches_back(DATA, small(optimizer="sgd")) == 0
    assert n_searches_back(other_digits(), small()) == 0
    assert n_searches_back(DATA, small()) == 1


def test_an_older_versions_search_of_more_samples_than_there_are_is_left_out(home):
    run_kernel(SEARCH_OF_TRAININGS, DIE)
    (note,) = notes_in(home)
    content = json.loads(note.read_text())
    content.pop("details", None)
    note.write_text(json.dumps(content))
    assert n_searches_back(DATA.take(600, seed=0), small()) == 0


@pytest.mark.slow
def test_a_killed_sweep_is_back_and_goes_on():
    run_kernel(
        """
        from lab_tools import digits, small
        from hpt_widgets.labs.sweep.lab import SweepLab

        lab = SweepLab(digits(), small(), training_size=200)
        lab.set(learning_rate=[0.001, 0.01], hidden_units=[(16,), (24, 8)], seeds=[3, 4])
        lab.start()
        # The second is in its file when the third is there.
        while len(lab.record) < 3:
            time.sleep(0.005)
        """,
        DIE,
    )
    lab = SweepLab(DATA, small(), training_size=200)
    n_back = len(lab.record)
    assert 2 <= n_back <= 8
    assert lab.state == "stopped"
    assert str(n_back) in lab.status
    assert lab.sweep.series == ((16,), (24, 8))
    assert lab.sweep.seeds == (3, 4)
    lab.resume()
    lab.wait()
    assert len(lab.record) == 8
    assert {(t.hyperparameters["hidden_units"], t.hyperparameters["seed"]) for t in lab.record} == {
        (units, seed) for units in ((16,), (24, 8)) for seed in (3, 4)
    }
    lab.close()


GAME = """
import hpt_widgets as hpt

lab = hpt.BayesLab(n_seeds=2, objective="forrester")
lab.ask(0.3)
lab.set(acquisition="upper_bound", kappa=0.5)
lab.ask(0.75)
lab.reveal()
"""


def game(**settings):
    labs_of_cell.labs_of_cell.clear()
    return BayesLab(n_seeds=2, **{"objective": "forrester", **settings})


def test_a_killed_game_is_back_and_goes_on():
    run_kernel(GAME, DIE)
    lab = game()
    assert lab.samples("you").places[N_FIRST:] == (0.3, 0.75)
    assert (lab.settings.acquisition, lab.settings.kappa) == ("upper_bound", 0.5)
    assert lab.is_revealed
    assert "is back (2)" in lab.status
    assert "Round 2 of 10" in lab.status
    lab.ask(0.5)
    assert lab.samples("you").places[N_FIRST:] == (0.3, 0.75, 0.5)
    lab.close()
    assert game().n_rounds == 0


def test_what_a_lab_takes_over_outlives_the_lab_before_it(home, monkeypatch):
    """The note of both has the same name, and the earlier lab takes its own away."""
    first = game()
    first.ask(0.5)
    run_kernel(GAME, DIE)
    assert len(notes_in(home)) == 2
    use_cell(monkeypatch, CELL, "2")
    with monkeypatch.context() as patch:
        patch.setattr(BayesLab, "_draw", lambda _lab: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            BayesLab(n_seeds=2, objective="forrester")
    assert not first.is_closed
    assert len(notes_in(home)) == 2
    lab = BayesLab(n_seeds=2, objective="forrester")
    assert first.is_closed
    (note,) = notes_in(home)
    (kept,) = json.loads(note.read_text())["records"]
    assert tuple(kept["facts"]["places"]) == lab.samples("you").places[N_FIRST:] == (0.3, 0.75)
    lab.close()
    assert notes_in(home) == []


def test_a_cell_that_asks_again_what_is_back_plays_no_round_twice():
    run_kernel(GAME, DIE)
    lab = game()
    for x in (0.3, 0.6, 0.75):
        lab.ask(x)
    assert lab.samples("you").places[N_FIRST:] == (0.3, 0.75, 0.6, 0.75)
    with pytest.raises(ValueError, match="x=3"):
        lab.ask(3)
    lab.close()


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="ended by its reader"),
        pytest.param(("lab.new_game()", DIE), id="begun anew, then killed"),
        pytest.param(("lab.close()", DIE), id="closed, then killed"),
    ],
)
def test_a_game_that_is_done_with_is_not_back(lines):
    run_kernel(GAME, *lines)
    lab = game()
    assert lab.n_rounds == 0
    lab.close()


def test_a_game_that_began_otherwise_is_not_back():
    run_kernel(GAME, DIE)
    lab = game(objective="cliff")
    assert lab.n_rounds == 0
    lab.close()


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"settings": {"objective": "none"}, "places": (), "is_revealed": False},
        {"settings": {}, "places": (2.0,), "is_revealed": False},
        {"settings": {}, "places": (0.5,) * 11, "is_revealed": False},
        {"settings": {}, "places": ("middle",), "is_revealed": False},
    ],
)
def test_a_game_that_cannot_be_made_out_begins_anew(facts):
    state = DuelState()
    assert restore_game(state, [RecordNote("", "game", facts)]) == ()
    assert state.n_rounds == 0
