"""What the benchmarks print and keep; the figures themselves are nobody's to assert."""

import ast
import importlib
import os
import random
import sys

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from benchmarks import __main__ as benchmarks
from benchmarks import cluster as part
from benchmarks import crowd, students
from benchmarks.rows import Row, table
from benchmarks.simulated_class import made_up_run
from hpt_widgets.board.task import Task
from hpt_widgets.cluster import connection as cluster


@pytest.mark.parametrize(
    ("value", "target", "verdict"),
    [
        (60, "≤ 60", "reached"),
        (60.1, "≤ 60", "missed"),
        (4, "≥ 4", "reached"),
        (3.9, "≥ 4", "missed"),
        (3.9, "", ""),
    ],
)
def test_a_row_says_whether_its_target_is_reached(value, target, verdict):
    assert Row("speed", value, "times", target=target).verdict == verdict


def test_the_table_is_markdown():
    lines = table([Row("speed", 5.25, "times", "median of 3", "≥ 4")]).splitlines()
    assert lines[2] == "| speed | 5.25 | times | ≥ 4 | reached | median of 3 |"
    assert {line.count("|") for line in lines} == {7}


def test_every_part_can_be_measured():
    for name in benchmarks.PARTS:
        assert callable(importlib.import_module(f"benchmarks.{name}").measure)


def test_measuring_one_part_keeps_the_others(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(benchmarks, "RESULTS", tmp_path / "results.md")
    for name, value in (("training_loop", 1.0), ("stopping", 2.0), ("stopping", 3.0)):
        module = importlib.import_module(f"benchmarks.{name}")
        monkeypatch.setattr(module, "measure", lambda value=value: [Row("time", value, "s")])
        monkeypatch.setattr(sys, "argv", ["benchmarks", name])
        benchmarks.main()
    text = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| time | 1 |" in text
    assert "| time | 3 |" in text
    assert "| time | 2 |" not in text
    assert "TensorFlow" in text
    assert "| time | 3 |" in capsys.readouterr().out


def test_two_that_measure_side_by_side_keep_what_the_other_wrote(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmarks, "RESULTS", tmp_path / "results.md")
    quick = importlib.import_module("benchmarks.stopping")
    slow = importlib.import_module("benchmarks.training_loop")

    def measure_beside_the_other():
        monkeypatch.setattr(sys, "argv", ["benchmarks", "stopping"])
        benchmarks.main()
        return [Row("slow", 1.0, "s")]

    monkeypatch.setattr(quick, "measure", lambda: [Row("quick", 2.0, "s")])
    monkeypatch.setattr(slow, "measure", measure_beside_the_other)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "training_loop"])
    benchmarks.main()
    text = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| slow | 1 |" in text
    assert "| quick | 2 |" in text


def test_a_part_that_lacks_something_is_one_line_and_keeps_what_was_measured(
    tmp_path, monkeypatch, capsys
):
    results = tmp_path / "results.md"
    monkeypatch.setattr(benchmarks, "RESULTS", results)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "cluster"])
    monkeypatch.setattr(part, "measure", lambda: [Row("speed", 3.0, "trials/s")])
    benchmarks.main()
    kept = results.read_text(encoding="utf-8")
    monkeypatch.undo()
    monkeypatch.setattr(benchmarks, "RESULTS", results)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "cluster"])
    monkeypatch.setattr(cluster, "is_available", lambda: False)
    benchmarks.main()
    assert "| speed | 3 |" in kept
    assert results.read_text(encoding="utf-8") == kept
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Skipped" in line]
    assert "make cluster" in line


def test_a_cluster_pays_where_its_time_is_that_of_one_process():
    length = part.pays_from(opening=20.0, extra=0.02, n_trials=40)
    assert 40 * length == pytest.approx(20 + 40 * (length + 0.02) / 2)


def test_a_kernel_says_what_it_needed(monkeypatch):
    monkeypatch.setenv("HPT_HOME", "a reader's folder")
    lean = students.need_of(notebook("pass"))
    needy = students.need_of(
        notebook(
            "held = bytes(range(256)) * 1_000_000",
            "del held",
            "import time",
            "end = time.process_time() + 1",
            "while time.process_time() < end: pass",
        )
    )
    assert needy.megabytes - lean.megabytes == pytest.approx(256, rel=0.15)
    assert needy.processor_seconds - lean.processor_seconds > 0.9
    assert needy.seconds > 1
    assert os.environ["HPT_HOME"] == "a reader's folder"


def test_a_chapter_that_fails_is_not_measured():
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        students.need_of(notebook("1 / 0"))


def notebook(*lines):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("\n".join(lines))])


@pytest.mark.parametrize("seed", [None, 7])
def test_the_runs_of_a_simulated_class_belong_to_its_task(seed):
    task = Task(data="ab" * 12, training_size=50_000, name="A task", seed=seed)
    chance = random.Random(0)
    runs = [made_up_run(task, chance) for _ in range(200)]
    assert {task.difference(run) for run in runs} == {""}
    # Those that diverged among them.
    assert {run.trial.ended for run in runs} == {"finished", "diverged"}


def test_an_unknown_part_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "speed"])
    with pytest.raises(SystemExit):
        benchmarks.main()
    assert "no such part: speed" in capsys.readouterr().err


def test_the_crowd_has_a_name_for_all_that_the_chapters_labs_are_made_of():
    makers = list(crowd.lab_makers())
    assert {"hpt.TrainingLab(data)", "hpt.DescentLab(own, steps=60)", "hpt.quiz('6')"} <= {*makers}
    known = names_in(crowd.SET_UP, ast.Store) | {"hpt"}
    assert names_in("\n".join(makers), ast.Load) <= known


def names_in(code, context):
    nodes = ast.walk(ast.parse(code))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
