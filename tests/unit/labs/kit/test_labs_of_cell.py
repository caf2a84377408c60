"""Running a notebook cell again closes the labs that it had made before."""

import gc
import weakref

import pytest
from lab_tools import SmallLab, digits, open_widgets, small, training_threads

import hpt_widgets as hpt
from hpt_widgets.labs.kit import labs_of_cell
from hpt_widgets.labs.search.grid_lab import GridView
from hpt_widgets.labs.search.view import SearchView
from hpt_widgets.labs.training.lab import TrainingLab

DATA = digits()


@pytest.fixture
def run_cell(monkeypatch):
    """Make labs as the named cell of a notebook would; each call is a new execution."""
    monkeypatch.setattr(labs_of_cell, "labs_of_cell", {})
    executions = iter(range(1000))

    def run(cell, make, count=1):
        execution = str(next(executions))
        monkeypatch.setattr(labs_of_cell, "current_cell", lambda: (cell, execution))
        return [make() for _ in range(count)]

    return run


def test_running_a_cell_again_closes_what_it_made_before(run_cell):
    (first,) = run_cell("a", SmallLab)
    (other,) = run_cell("b", SmallLab)
    second, third = run_cell("a", SmallLab, count=2)
    assert first.is_closed
    assert not any(lab.is_closed for lab in (other, second, third))
    run_cell("a", SmallLab)
    assert second.is_closed
    assert third.is_closed
    assert not other.is_closed


def test_a_mistake_in_a_cell_leaves_its_earlier_lab_and_harms_no_later_one(run_cell):
    (first,) = run_cell("a", SmallLab)
    with pytest.raises(ValueError, match="no such lab"):
        run_cell("a", lambda: SmallLab(fails=True))
    assert not first.is_closed
    (second,) = run_cell("a", SmallLab)
    assert first.is_closed
    assert not second.is_closed


def test_a_lab_that_fails_at_the_end_leaves_the_earlier_one_and_nothing_of_its_own(run_cell):
    (first,) = run_cell("a", SmallLab)
    gc.collect()
    before = len(open_widgets)
    with pytest.raises(ValueError, match="behind its view"):
        run_cell("a", lambda: SmallLab(fails="behind its view"))
    assert not first.is_closed
    assert len(open_widgets) == before
    first.close()


RECORD = hpt.SearchRecord("manual")
RECORD.append(hpt.Trial({"learning_rate": 0.1, "batch_size": 32}, validation_accuracy=0.5))
GRID = {"learning_rate": [0.1, 0.2], "batch_size": [32, 64]}


@pytest.mark.parametrize(
    ("make", "drawing"),
    [
        (lambda: hpt.SearchLab(objective=lambda _: 0.5, records=[RECORD]), SearchView),
        (lambda: hpt.GridLab(GRID, RECORD), GridView),
    ],
    ids=["SearchLab", "GridLab"],
)
def test_a_record_that_cannot_be_drawn_leaves_the_earlier_lab(run_cell, monkeypatch, make, drawing):
    (first,) = run_cell("a", make)
    draw = drawing.draw

    def fail(view, *what, **options):
        draw(view, *what, **options)
        if what[0]:
            raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(drawing, "draw", fail)
        with pytest.raises(ZeroDivisionError):
            run_cell("a", make)
    assert not first.is_closed
    first.close()
    # Nobody listens to it any more.
    assert RECORD.on_trial is None


def test_without_a_notebook_labs_are_left_alone():
    assert labs_of_cell.current_cell() == (None, "")
    first, second = SmallLab(), SmallLab()
    assert not first.is_closed
    for lab in (first, second):
        lab.close()


def test_what_a_cell_showed_before_is_no_longer_kept_by_the_notebook(run_cell, shell):
    seen = []
    for _ in range(5):
        (shell.user_ns["lab"],) = run_cell("a", SmallLab)
        seen.append(weakref.ref(shell.user_ns["lab"]))
        # As a cell whose last line is the lab; IPython keeps the last three as _, __ and ___, too.
        shell.run_cell("lab", store_history=True)
    gc.collect()
    assert [lab() is None for lab in seen] == [True, True, False, False, False]
    assert list(shell.user_ns["Out"].values()) == [shell.user_ns["lab"]]
    shell.user_ns["lab"].close()


def test_what_a_reader_has_named_stays_and_so_do_other_outputs(run_cell, shell):
    (shell.user_ns["mine"],) = run_cell("a", SmallLab)
    for code in ("mine", "6 * 7", "mine.is_closed"):
        shell.run_cell(code, store_history=True)
    run_cell("a", SmallLab)
    assert shell.user_ns["mine"].is_closed
    assert list(shell.user_ns["Out"].values()) == [42, False]


class Kernel:
    """What a lab asks a kernel for."""

    def __init__(self, parent):
        self.parent = parent

    def get_parent(self, channel):
        assert channel == "shell"
        return self.parent


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ({"metadata": {"cellId": "abc"}, "header": {"msg_id": "m1"}}, ("abc", "m1")),
        ({"metadata": {}, "header": {"msg_id": "m1"}}, (None, "m1")),
        (None, (None, "")),
    ],
)
def test_the_cell_is_the_one_that_the_front_end_names(monkeypatch, parent, expected):
    class Shell:
        kernel = Kernel(parent)

    monkeypatch.setattr(labs_of_cell, "get_ipython", Shell)
    assert labs_of_cell.current_cell() == expected


@pytest.mark.slow
def test_twenty_runs_of_a_cell_leave_one_lab(run_cell):
    run_cell("warm up", lambda: TrainingLab(DATA, small()))[0].close()
    gc.collect()
    before = len(open_widgets)
    (lab,) = run_cell("a", lambda: TrainingLab(DATA, small(epochs=1), training_size=64))
    lab.start()
    lab.wait()
    one_lab = len(open_widgets) - before
    references = []
    for _ in range(20):
        (lab,) = run_cell("a", lambda: TrainingLab(DATA, small(epochs=1), training_size=64))
        lab.start()
        references.append(weakref.ref(lab))
    lab.wait()
    assert len(open_widgets) - before == one_lab
    assert len(training_threads()) <= 1
    lab.close()
    del lab
    gc.collect()
    assert [reference for reference in references if reference() is not None] == []
    assert len(open_widgets) == before
    assert training_threads() == []
