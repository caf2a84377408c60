"""A project of the reader's own: what it holds back, what it logs, and how its way is judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from sklearn.datasets import load_iris
from small_data import N_CLASSES, hyperparameters, tabular_data
from widget_tools import page_of

import hpt_widgets as hpt
from hpt_widgets.language import LANGUAGES
from hpt_widgets.project.history import written_spending
from hpt_widgets.project.log_content import describe_trial
from hpt_widgets.project.log_file import LogFile
from hpt_widgets.project.project import Project
from hpt_widgets.project.report import ProjectReport
from hpt_widgets.project.verdict import ProjectCheck
from hpt_widgets.search.space import Choice, LogUniform, SearchSpace, Uniform, UniformInteger
from hpt_widgets.training.session import TrainingSession

HP = hyperparameters(epochs=2, batch_size=16)
QUESTION = "Does a larger learning rate help?"
SPACE = SearchSpace(
    (LogUniform("learning_rate", 1e-3, 1e-1), Choice("activation", ("relu", "tanh")))
)
N_TEST = 60


def data_with_test(seed: int = 0) -> hpt.Dataset:
    """Return small data with a test split."""
    known, other = tabular_data(seed=seed), tabular_data(n_validation=0, n_train=N_TEST, seed=99)
    splits = {**known.splits, "test": other.splits["train"]}
    return hpt.Dataset(splits, n_classes=N_CLASSES)


DATA = data_with_test()


def project(budget: float = 100, data: hpt.Dataset = DATA, **options: Any) -> Project:
    return hpt.Project(data, QUESTION, budget, **options)


def done_well() -> Project:
    """Return a project as it should be done."""
    mine = project()
    mine.train(HP, strategy="baseline")
    record = mine.search(SPACE, "random", trials=4, hyperparameters=HP)
    assert record.best is not None
    tuned = hpt.Hyperparameters(**record.best.hyperparameters)
    mine.compare({"baseline": HP, "tuned": tuned}, seeds=5)
    mine.choose(tuned)
    opening = mine.open_test(mine.train(tuned.replace(seed=200), strategy="final"))
    mine.claim(wilson(opening.n_correct))
    return mine


def wilson(n_correct: int, n: int = N_TEST, method: str = "wilson") -> tuple[float, float]:
    found = binomtest(n_correct, n).proportion_ci(0.95, method)
    return float(found.low), float(found.high)


def report_of(mine: Project) -> ProjectReport:
    return mine.report(author="Ana", conclusion="No.")


def state(mine: Project, point: str) -> str:
    return hpt.check_project(mine)[point].state


def says(mine: Project, point: str) -> str:
    return hpt.check_project(mine)[point].message


# The log ------------------------------------------------------------------------------------------


def test_the_test_data_are_held_back() -> None:
    mine = project()
    assert list(mine.data.splits) == ["train", "validation"]
    assert not hasattr(mine.data, "x_test")
    np.testing.assert_array_equal(mine.data.x_train, DATA.x_train)


def test_a_project_that_is_done_well_is_right_in_all_points() -> None:
    mine = done_well()
    check = hpt.check_project(mine)
    assert [(line.point, line.message) for line in check.lines if line.state != "right"] == []
    assert check
    assert len(check.lines) == 10
    # A log that was handed in is judged as well as the project itself.
    handed_in = hpt.check_project(mine.log.path)
    assert isinstance(handed_in, ProjectCheck)
    assert handed_in.lines == check.lines


def test_a_project_that_has_just_begun_is_wrong_in_no_point() -> None:
    states = {line.point: line.state for line in hpt.check_project(project()).lines}
    assert set(states.values()) == {"right", "not yet"}
    assert [point for point, found in states.items() if found == "right"] == [
        "log",
        "plan",
        "splits",
    ]


def test_a_notebook_that_stands_blank_can_be_checked() -> None:
    check = hpt.check_project(...)
    assert not check
    assert "there is no project yet" in repr(check)


def test_a_space_of_something_else_is_refused() -> None:
    space = SearchSpace((LogUniform("learing_rate", 1e-3, 1e-1),))
    with pytest.raises(TypeError, match="learing_rate"):
        project().search(space, trials=1)
    assert project().history.entries("search") == []


def test_each_fit_is_logged_with_its_cost() -> None:
    mine = project()
    run = mine.train(HP.replace(seed=3), strategy="baseline")
    mine.search(SPACE, "grid", trials=2, hyperparameters=HP, training_size=39)
    table = mine.fits
    assert table["strategy"].tolist() == ["baseline", "grid", "grid"]
    assert table["seed"].tolist() == [3, 0, 0]
    assert table["validation_accuracy"][0] == run.validation_accuracy
    assert table["epochs_trained"].tolist() == [2, 2, 2]
    # Half the data cost half as much.
    assert mine.spent == pytest.approx(2 + 2 * 2 * 39 / 78)
    assert f"{mine}" == (
        f"Project my-project: {QUESTION} (4 of 100 epochs spent, the test set opened 0 times)"
    )


def test_parts_of_an_epoch_are_written() -> None:
    mine = project(budget=2.5)
    mine.train(HP.replace(epochs=1), training_size=39, strategy="baseline")
    assert "(0.5 of 2.5 epochs spent" in f"{mine}"
    spent = "Budget: 2.5 epochs over the whole training set. Spent: 0.5, in 1 training."
    assert spent in report_of(mine).html


def test_a_budget_is_written_as_its_reader_gave_it() -> None:
    mine = project(budget=12.3456)
    mine.train(HP.replace(epochs=1), training_size=39, strategy="baseline")
    assert "(0.5 of 12.3456 epochs spent" in f"{mine}"
    assert "Budget: 12.3456 epochs over the whole" in report_of(mine).html
    assert "with 12.3456 epochs, stood" in says(mine, "plan")
    assert "1 training cost 0.5 of 12.3456 epochs" in says(mine, "budget")


@pytest.mark.parametrize(
    ("spent", "budget", "words"),
    [
        (0.5, 12.3456, ("0.5", "12.3456")),
        (1 / 3, 100, ("0.3333", "100")),
        # Never more than the budget where it is kept, nor as much where it is not.
        (12.3456, 12.3456, ("12.3456", "12.3456")),
        (12.34561, 12.3456, ("12.35", "12.3456")),
        (12.344, 12.3436, ("12.344", "12.3436")),
        (60_000 + 1 / 78, 60_000, ("60,000.0128", "60,000")),
        (100 / 3, 100 / 3, ("33.33", "33.3333333")),
    ],
)
def test_what_was_spent_and_the_budget_are_told_apart(
    spent: float, budget: float, words: tuple[str, str]
) -> None:
    assert tuple(written_spending(spent, budget).values()) == words


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    """Another process does the same again: what was done is not done twice."""
    mine = project(name="restarted")
    mine.train(HP, strategy="baseline")
    record = mine.search(SPACE, "random", trials=3, hyperparameters=HP)
    table = mine.compare({"a": HP, "b": HP.replace(learning_rate=0.02)}, seeds=2)
    before = mine.log.read().entries
    again = project(name="restarted")
    assert again.search(SPACE, "random", trials=3, hyperparameters=HP).to_frame()[
        "validation_accuracy"
    ].tolist() == [trial.validation_accuracy for trial in record]
    pairs = {"a": HP, "b": HP.replace(learning_rate=0.02)}
    assert again.compare(pairs, seeds=2).equals(table)
    assert again.log.read().entries == before
    # A search that goes on proposes what an unbroken one would have.
    longer = again.search(SPACE, "random", trials=5, hyperparameters=HP)
    other = project(name="whole")
    whole = other.search(SPACE, trials=5, hyperparameters=HP, without_baseline=True)
    rates = [[t.hyperparameters["learning_rate"] for t in each] for each in (longer, whole)]
    assert rates[0] == rates[1]
    assert len(again.compare(pairs, seeds=3).dropna()) == 3
    assert len(again.fits) == 1 + 5 + 2 * 3
    assert state(again, "log") == "right"


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from test_own_project import HP, project
mine = project(name="killed")
for seed in range(100):
    mine.train(HP.replace(seed=seed))
    print(seed, flush=True)
"""


def test_a_killed_kernel_loses_nothing_that_was_logged(readers_folder: Path) -> None:
    here = str(Path(__file__).parent)
    unit = str(Path(__file__).parents[1])
    program = f"import sys; sys.path.insert(0, {unit!r})\n{PROGRAM}"
    command = [sys.executable, "-c", program, here]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        for _ in range(3):
            other.stdout.readline()
        other.kill()
    mine = project(name="killed")
    assert len(mine.fits) >= 3
    assert state(mine, "log") == "right"


ANSWERS = {
    "data": "data_with_test()",
    "question": "QUESTION",
    "budget": "100",
    "project": "hpt.Project(data, question, budget, name='chapter')",
    "hp": "HP",
    "baseline": "project.train(hp, strategy='baseline')",
    "space": "SPACE",
    # More trials than the grid has: the search is never quite finished.
    "record": "project.search(space, 'grid', trials=20, hyperparameters=hp)",
    "tuned": "hpt.Hyperparameters(**record.best.hyperparameters)",
    "table": "project.compare({'baseline': hp, 'tuned': tuned}, seeds=5)",
    "chosen": "project.choose(tuned)",
    "expected": "0.5",
    "opening": "project.open_test(project.train(chosen.replace(seed=200), strategy='final'))",
    "interval": "project.claim(wilson(opening.n_correct))",
    "report": "project.report(author='Li Wei', conclusion='No.')",
    "handed_in": "project.hand_in('Li Wei')",
}


def chapter_8(upto: str = "") -> dict[str, Any]:
    """Run all cells of the chapter, filled in, as a new kernel does; return what they made."""
    path = Path(__file__).parents[3] / "notebooks" / "en" / "08-your-project.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    blanks = [code.removesuffix(" = ...") for code in codes if code.endswith(" = ...")]
    assert blanks == list(ANSWERS)
    names = dict(globals())
    for code in codes:
        blank = code.removesuffix(" = ...")
        exec(f"{blank} = {ANSWERS[blank]}" if blank in ANSWERS else code, names)
        if blank == upto:
            break
    return names


def test_a_chapter_that_is_run_again_from_its_first_cell_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(ANSWERS, "chosen", "project.choose(project.choose(hp) and tuned)")
    chapter_8(upto="table")
    first = chapter_8()
    lines = first["project"].log.path.read_bytes()
    check = hpt.check_project(first["project"])
    assert check, check
    again = chapter_8()
    assert again["project"].log.path.read_bytes() == lines
    assert hpt.check_project(again["project"]).lines == check.lines
    assert again["chosen"] == first["tuned"]
    assert (again["opening"], again["interval"]) == (first["opening"], first["interval"])
    weights = (names["baseline"].weights for names in (first, again))
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert [path.name for path in tmp_path.glob("*.*")] == ["Li-Wei.project.jsonl"]
    handed_in = hpt.check_project(tmp_path / "Li-Wei.project.jsonl")
    assert isinstance(handed_in, ProjectCheck)
    assert (handed_in.name, handed_in.lines) == ("Li Wei", check.lines)
    # What is new after the test is judged as what it is.
    mine = again["project"]
    other = mine.train(HP, strategy="final")
    assert "1 entry of the log (a training, search or choice) follows" in says(mine, "test")
    mine.open_test(other, unchosen=True)
    assert "opened 2 times" in says(mine, "test")


def test_a_fit_is_known_by_all_that_determines_it() -> None:
    mine = project()
    fits: list[tuple[hpt.Hyperparameters, dict[str, Any]]] = [
        (HP, {}),
        (HP.replace(seed=1), {}),
        (HP.replace(learning_rate=0.02), {}),
        (HP, {"strategy": "baseline"}),
        (HP, {"training_size": 39}),
    ]
    # Twice in one kernel too, and what is compared or searched is something else.
    mine.compare({"manual": HP, "other": HP.replace(batch_size=8)}, seeds=1)
    for _ in range(2):
        for hp, options in fits:
            mine.train(hp, **options)
    assert len(mine.fits) == 2 + len(fits)


def test_a_repeated_fit_that_is_interrupted_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = project()
    mine.train(HP)
    before = mine.log.read().entries

    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(TrainingSession, "advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mine.train(HP)
    assert mine.log.read().entries == before


def test_the_choice_that_counts_is_the_last_one_before_the_test() -> None:
    mine = project()
    other = HP.replace(batch_size=8)
    for hp in (HP, HP.replace(seed=7), other, HP, HP):
        assert mine.choose(hp) is hp
    assert len(mine.history.entries("choice")) == 3
    mine.open_test(mine.train(HP))
    mine.choose(other)
    mine.choose(HP)
    assert state(mine, "test") == "right"
    mine.choose(HP.replace(batch_size=4))
    assert state(mine, "test") == "wrong"


def test_an_interval_that_was_claimed_too_early_is_claimed_again() -> None:
    mine = project()
    run = mine.train(HP)
    interval = (0.5, 0.75)
    with pytest.raises(ValueError, match=r"not been opened yet.*project\.open_test.*logged"):
        mine.claim(interval)
    assert mine.history.entries("claim") == []
    # As an earlier version logged it.
    mine.log.append("claim", {"low": interval[0], "high": interval[1]})
    mine.open_test(run, unchosen=True)
    mine.claim(interval)
    mine.claim(interval)
    assert len(mine.history.entries("claim")) == 2


def test_a_baseline_that_diverged_is_said_to_have() -> None:
    mine = project()
    run = mine.train(HP, strategy="baseline")
    accuracy = f"{100 * (run.validation_accuracy or 0):.1f} %"
    assert says(mine, "baseline") == f"it reached {accuracy} on the validation data."
    fit = mine.history.entries("fit")[0].content
    other = project(name="diverged")
    other.log.append("fit", {**fit, "ended": "diverged", "validation_accuracy": None})
    assert state(other, "baseline") == "right"
    assert says(other, "baseline").startswith("it diverged")


def test_one_setting_that_was_tried_by_hand_was_not_searched() -> None:
    mine = project()
    mine.train(HP)
    mine.train(HP, strategy="baseline")
    found = mine.search(SPACE, "random", trials=3, hyperparameters=HP).best
    assert found is not None
    mine.compare({"baseline": HP, "tuned": hpt.Hyperparameters(**found.hyperparameters)}, seeds=3)
    assert state(mine, "budgets") == "right"


def test_hand_tries_have_cost_all_of_them_whatever_they_are_called() -> None:
    mine = project()
    mine.train(HP, strategy="baseline")
    # One correction of the baseline is free, another length of it too; so is a broken-off fit.
    mine.train(HP.replace(epochs=3), strategy="baseline")
    corrected = HP.replace(batch_size=8)
    mine.train(corrected, strategy="baseline")
    found = mine.search(SPACE, "random", trials=4, hyperparameters=HP).best
    assert found is not None
    tuned = hpt.Hyperparameters(**found.hyperparameters)
    mine.train(tuned, strategy="final")
    broken_off = dict(mine.history.entries("fit")[0].content, strategy="oops", ended="stopped")
    broken_off |= {"samples": 1, "hyperparameters": HP.replace(batch_size=4).to_record()}
    mine.log.append("fit", broken_off)
    mine.compare({"baseline": corrected, "tuned": tuned}, seeds=3)
    assert state(mine, "budgets") == "right"
    rates = (0.02, 0.03)
    for rate in rates:
        mine.train(HP.replace(learning_rate=rate), strategy=f"rate {rate}")
    hand = HP.replace(learning_rate=0.03)
    mine.compare({"hand": hand, "tuned": tuned}, seeds=3)
    assert "hand 6 epochs, tuned 8 epochs" in says(mine, "budgets")
    # What was tried after the baseline had no part in its choice.
    mine.train(HP)
    mine.compare({"baseline": HP, "tuned": tuned}, seeds=3)
    assert state(mine, "budgets") == "right"


def test_an_earlier_comparison_can_be_taken_up_again() -> None:
    mine = project()
    base, tuned, other = (HP.replace(learning_rate=rate) for rate in (0.01, 0.02, 0.03))
    mine.train(base, strategy="baseline")
    mine.search(SPACE, "random", trials=1, hyperparameters=HP)
    first, second = {"baseline": base, "tuned": tuned}, {"baseline": base, "other": other}
    table = mine.compare(first, seeds=3)
    mine.compare(second, seeds=3)
    mine.choose(tuned)
    assert "none of those that were compared last (baseline, other)" in says(mine, "choice")
    assert mine.compare(first, seeds=3).equals(table)
    assert state(mine, "choice") == "right"
    mine.open_test(mine.train(tuned, strategy="final"))
    # Once the test set is open, it adds nothing.
    before = mine.log.read().entries
    mine.compare(second, seeds=3)
    mine.compare(first, seeds=3)
    assert mine.log.read().entries == before
    assert state(mine, "choice") == state(mine, "test") == "right"


def test_other_data_under_the_same_name_are_refused() -> None:
    project(name="mine")
    for other in (
        data_with_test(seed=1),
        hpt.Dataset({**DATA.splits, "test": (DATA.x_test, DATA.y_test[::-1])}),
    ):
        with pytest.raises(ValueError, match="the project 'mine' has other data"):
            project(data=other, name="mine")
    project(data=other, name="another")


@pytest.mark.parametrize("name", ["", "a/b", "..", "a b", "CON", "x" * 61, 3, None])
def test_a_name_that_is_no_name_of_a_file_is_refused(name: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="name="):
        project(name=name)
    assert project(name="鸢尾花-2").name == "鸢尾花-2"


def test_a_log_that_is_found_under_another_case_is_not_gone_on_with() -> None:
    log = project(name="Mine").log.path
    # As Windows and macOS find it.
    log.rename(log.with_name("mine.jsonl"))
    with pytest.raises(ValueError, match=r"name='mine'.* is that of the project 'Mine'"):
        project(name="mine")


def test_data_without_a_test_set_are_refused() -> None:
    with pytest.raises(ValueError, match="data has no split test"):
        hpt.Project(tabular_data(), QUESTION, 10)


def test_a_run_from_elsewhere_does_not_open_the_test_set() -> None:
    mine = project()
    for run in (hpt.train(HP, mine.data), project(name="other").train(HP)):
        with pytest.raises(ValueError, match="none of this project's"):
            mine.open_test(run)
    assert mine.history.entries("opening") == []


def test_an_opening_counts_what_is_right() -> None:
    mine = project()
    run = mine.train(HP)
    opening = mine.open_test(run, unchosen=True)
    right = run.model.predict(DATA.x_test, verbose=0).argmax(axis=1) == DATA.y_test
    assert (opening.n_correct, opening.n_samples) == (right.sum(), N_TEST)
    assert opening.accuracy == pytest.approx(right.mean())


def test_an_interrupted_fit_is_logged_too(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = project()
    advance = TrainingSession.advance

    def interrupted(session: TrainingSession, *arguments: Any) -> Any:
        if session.samples_seen:
            raise KeyboardInterrupt
        return advance(session, 1)

    monkeypatch.setattr(TrainingSession, "advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mine.train(HP)
    (fit,) = mine.history.entries("fit")
    assert (fit.content["ended"], fit.content["samples"]) == ("stopped", 16)


def test_a_trial_that_is_interrupted_costs_what_it_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = project()
    space = SearchSpace((LogUniform("learning_rate", 0.001, 0.1),))
    advance = TrainingSession.advance

    def interrupted(session: TrainingSession, *arguments: Any) -> Any:
        if len(mine.history.entries("fit")) == 1 and session.samples_seen:
            raise KeyboardInterrupt
        return advance(session, 1)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", interrupted)
        with pytest.raises(KeyboardInterrupt):
            mine.search(space, trials=3, hyperparameters=HP, without_baseline=True)
    fits = mine.history.entries("fit")
    assert [fit.content["ended"] for fit in fits] == ["finished", "stopped"]
    assert fits[1].content["samples"] == 16
    # It is none of the search's trials: the search makes up for it.
    assert len(mine.search(space, trials=3, hyperparameters=HP, without_baseline=True)) == 3
    assert len(mine.history.entries("fit")) == 4
    # Its cost counts; nobody tried it by hand.
    assert mine.spent > 3 * HP.epochs
    assert fits[1].content["broken_off_search"]


# The judgement ------------------------------------------------------------------------------------


def test_the_aim_is_changed_only_on_purpose() -> None:
    mine = project()
    assert state(project(budget=50), "plan") == "right"
    mine.train(HP)
    before = mine.log.read().entries
    with pytest.raises(ValueError, match=r"rate help\?”, 50 epochs.*200 epochs.*change_plan=True"):
        project(budget=200)
    with pytest.raises(ValueError, match=r"Logged: “Does.*Now: “Does it\?”, 50 epochs"):
        hpt.Project(DATA, "Does it?", 50)
    # Spaces and line ends are no other question.
    hpt.Project(DATA, f" {QUESTION}\n".replace("larger ", "larger\n  "), 50)
    assert mine.log.read().entries == before
    again = project(budget=200, change_plan=True)
    assert again.budget == 200
    assert state(again, "plan") == "wrong"
    assert "200 epochs" in says(again, "plan")


def test_an_overdrawn_budget_is_noticed() -> None:
    mine = project(budget=3)
    mine.train(HP)
    assert state(mine, "budget") == "right"
    mine.train(HP.replace(seed=1), beyond_budget=True)
    assert state(mine, "budget") == "wrong"
    assert "2 trainings cost 4 epochs, more than the 3" in says(mine, "budget")


def test_epochs_keep_their_fractions() -> None:
    mine = project(budget=0.5)
    assert "with 0.5 epochs" in says(mine, "plan")
    mine.train(HP.replace(epochs=1), strategy="baseline", training_size=39)
    assert "1 training cost 0.5 of 0.5 epochs" in says(mine, "budget")
    # One sample more.
    fit = mine.history.entries("fit")[0].content
    mine.log.append("fit", {**fit, "samples": 1})
    assert "2 trainings cost 0.5128 epochs, more than the 0.5" in says(mine, "budget")
    sides = {}
    for method, trials in (("random", 1), ("grid", 3)):
        options: dict[str, Any] = {"hyperparameters": HP.replace(epochs=1), "training_size": 39}
        options["beyond_budget"] = True
        best = mine.search(SPACE, method, trials=trials, **options).best
        assert best is not None
        sides[method] = hpt.Hyperparameters(**best.hyperparameters)
    mine.compare(sides, seeds=1, beyond_budget=True)
    assert "random 0.5 epochs, grid 1.5 epochs" in says(mine, "budgets")
    large = project(budget=60_000, name="large")
    assert "with 60,000 epochs" in says(large, "plan")
    large.log.append("fit", {**fit, "samples": 60_000 * 78 + 1})
    assert "cost 60,000.0128 epochs, more than the 60,000 of" in says(large, "budget")


def test_rows_in_two_splits_are_leaks() -> None:
    x = np.concatenate([DATA.x_train[:7], DATA.x_validation[:2], DATA.x_test])
    y = np.concatenate([DATA.y_train[:7], DATA.y_validation[:2], DATA.y_test])
    leaking = hpt.Dataset({**DATA.splits, "test": (x, y)}, n_classes=N_CLASSES)
    mine = project(data=leaking)
    assert state(mine, "splits") == "wrong"
    assert "7 samples (train, test); 2 samples (validation, test)" in says(mine, "splits")


def test_a_table_with_equal_rows_has_no_leaks() -> None:
    frame = load_iris(as_frame=True).frame
    assert frame.duplicated().any()
    for seed in range(10):
        data = hpt.Dataset.from_frame(frame, target="target", seed=seed)
        assert state(project(data=data, name=f"iris-{seed}"), "splits") == "right"


def test_a_baseline_after_the_search_is_noticed() -> None:
    mine = project()
    mine.search(SPACE, "random", trials=1, hyperparameters=HP, without_baseline=True)
    # At once, and not only when a baseline was trained for it in vain.
    for words in ("now any would come too late", "was trained after the search"):
        assert state(mine, "baseline") == "wrong"
        assert words in says(mine, "baseline")
        assert "another project, with another name=…: begin it with" in says(mine, "baseline")
        mine.train(HP, strategy="baseline")
    mine.open_test(mine.train(HP), unchosen=True)
    assert "data that nobody has tested on" in says(mine, "baseline")


def test_a_baseline_that_was_broken_off_does_not_count_and_hides_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = project()
    advance = TrainingSession.advance

    def interrupted(session: TrainingSession, *_: Any) -> Any:
        if session.samples_seen:
            raise KeyboardInterrupt
        return advance(session, 1)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", interrupted)
        with pytest.raises(KeyboardInterrupt):
            mine.train(HP, strategy="baseline")
    assert state(mine, "baseline") == "not yet"
    assert "broken off" in says(mine, "baseline")
    mine.search(SPACE, "random", trials=1, hyperparameters=HP)
    # Its setting stood before the search: it may be finished after it.
    other = mine.train(HP.replace(batch_size=8), strategy="baseline")
    assert state(mine, "baseline") == "wrong"
    assert "begun before the search and broken off still counts" in says(mine, "baseline")
    run = mine.train(HP, strategy="baseline")
    assert state(mine, "baseline") == "right"
    assert f"{100 * run.validation_accuracy:.1f} %" in says(mine, "baseline")
    assert other.hyperparameters.batch_size == 8


def test_unequal_budgets_are_noticed() -> None:
    mine = project()
    mine.compare({"short": HP, "long": HP.replace(epochs=4)}, seeds=3)
    assert state(mine, "budgets") == "wrong"
    assert "short 6 epochs, long 12 epochs" in says(mine, "budgets")
    mine.compare({"one": HP, "other": HP.replace(learning_rate=0.02)}, seeds=3)
    assert state(mine, "budgets") == "right"


def test_winners_of_searches_of_unequal_cost_are_noticed() -> None:
    mine = project()
    mine.train(HP, strategy="baseline")
    short = HP.replace(epochs=1)
    first = mine.search(SPACE, "random", trials=1, hyperparameters=short, seed=1).best
    second = mine.search(SPACE, "tpe", trials=5, hyperparameters=short, seed=2).best
    assert first is not None
    assert second is not None
    sides = {
        name: hpt.Hyperparameters(**trial.hyperparameters)
        for name, trial in (("random", first), ("tpe", second))
    }
    mine.compare(sides, seeds=3)
    assert state(mine, "budgets") == "wrong"
    assert "random 1 epoch, tpe 5 epochs" in says(mine, "budgets")


def test_a_comparison_that_was_broken_off_is_not_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = project()
    pair = {"one": HP, "other": HP.replace(learning_rate=0.02)}
    train = Project._fit

    def broken(self: Project, hp: hpt.Hyperparameters, *arguments: Any) -> Any:
        if hp.seed == 102:
            raise KeyboardInterrupt
        return train(self, hp, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Project, "_fit", broken)
        with pytest.raises(KeyboardInterrupt):
            mine.compare(pair, seeds=3)
    assert state(mine, "budgets") == "not yet"
    mine.compare(pair, seeds=3)
    assert state(mine, "budgets") == "right"


def test_a_fit_that_was_broken_off_is_trained_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = project()
    pair = {"one": HP, "other": HP.replace(learning_rate=0.02)}
    advance = TrainingSession.advance

    def broken(session: TrainingSession, *arguments: Any) -> Any:
        if session.hyperparameters.seed != 101:
            return advance(session, *arguments)
        if session.samples_seen:
            raise KeyboardInterrupt
        return advance(session, 1)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", broken)
        with pytest.raises(KeyboardInterrupt):
            mine.compare(pair, seeds=3)
    assert list(mine.fits["ended"]) == ["finished", "stopped"]
    table = mine.compare(pair, seeds=3)
    assert list(mine.fits["ended"]) == ["finished", "stopped", *["finished"] * 5]
    whole = mine.fits[mine.fits["ended"] == "finished"].set_index("seed")
    ours = whole[whole["strategy"] == "one"]["validation_accuracy"]
    assert dict(table["one"]) == dict(ours)


def test_settings_found_by_hand_have_cost_what_was_tried() -> None:
    mine = project()
    found = mine.search(SPACE, "random", trials=2, hyperparameters=HP, without_baseline=True).best
    assert found is not None
    for rate in (0.01, 0.02, 0.03, 0.04):
        mine.train(HP.replace(learning_rate=rate), strategy="by hand")
    searched = hpt.Hyperparameters(**found.hyperparameters)
    mine.compare({"hand": HP.replace(learning_rate=0.03), "random": searched}, seeds=3)
    assert state(mine, "budgets") == "wrong"
    assert "hand 8 epochs, random 4 epochs" in says(mine, "budgets")


@pytest.mark.parametrize(("seeds", "expected"), [(1, "wrong"), (2, "not yet")])
def test_one_or_two_seeds_are_not_enough(seeds: int, expected: str) -> None:
    mine = project()
    mine.compare({"one": HP, "other": HP.replace(learning_rate=0.02)}, seeds=seeds)
    assert state(mine, "seeds") == expected
    assert f"fresh seeds that count: {seeds} for each side" in says(mine, "seeds")
    assert ("One training alone tells nothing" in says(mine, "seeds")) == (seeds == 1)


def test_seeds_that_two_of_three_sides_lack_are_those_of_each() -> None:
    mine = project()
    rates = {"one": 0.01, "other": 0.02, "third": 0.03}
    settings = {name: HP.replace(learning_rate=rate) for name, rate in rates.items()}
    for name in ("one", "other"):
        mine.train(settings[name].replace(seed=100), strategy="peek")
    mine.compare(settings, seeds=3)
    assert "fresh seeds that count: 2 each for one, other; a" in says(mine, "seeds")
    hpt.use_language("zh")
    assert "one、other 各只有 2 个新的随机种子；" in says(mine, "seeds")


def test_a_difference_is_held_against_its_standard_error() -> None:
    mine = project(budget=1_000)
    longer = HP.replace(epochs=30)
    mine.compare({"good": longer, "hopeless": longer.replace(learning_rate=1e-6)}, seeds=5)
    assert state(mine, "seeds") == "right"
    assert "good − hopeless: +" in says(mine, "seeds")
    assert "more than chance" in says(mine, "seeds")
    # Whoever chooses the other one has to say why.
    space = SearchSpace((LogUniform("learning_rate", 1e-7, 1e-1),))
    mine.search(space, "random", trials=1, hyperparameters=longer, without_baseline=True)
    mine.choose(longer)
    assert says(mine, "choice") == "a search covers it."
    mine.choose(longer.replace(learning_rate=1e-6))
    assert state(mine, "choice") == "right"
    assert "in the comparison good was better by more than chance" in says(mine, "choice")
    alike = {"one": HP, "other": HP.replace(learning_rate=0.0101)}
    mine.compare(alike, seeds=3)
    assert state(mine, "seeds") == "not yet"
    mine.compare(alike, seeds=5)
    assert state(mine, "seeds") == "right"
    assert "can't be told apart" in says(mine, "seeds")


def test_a_seed_with_which_a_search_picked_the_setting_does_not_count() -> None:
    mine = project()
    space = SearchSpace((Choice("learning_rate", (0.01, 0.02)),))
    mine.search(
        space, "grid", trials=2, hyperparameters=HP.replace(seed=101), without_baseline=True
    )
    mine.compare({"one": HP, "other": HP.replace(learning_rate=0.02)}, seeds=3)
    assert state(mine, "seeds") == "not yet"
    assert "fresh seeds that count: 2 for each side; a standard error" in says(mine, "seeds")


def test_a_seed_that_was_looked_at_before_the_comparison_is_not_fresh() -> None:
    mine = project()
    pair = {"one": HP, "other": HP.replace(learning_rate=0.02)}
    for seed in range(100, 105):
        mine.train(HP.replace(seed=seed), strategy="peek")
    mine.compare(pair, seeds=5)
    assert state(mine, "seeds") == "wrong"
    assert "fresh seeds that count: 0 for one. Without a fresh seed" in says(mine, "seeds")
    hpt.use_language("zh")
    assert "one 只有 0 个新的随机种子：没有新的随机种子" in says(mine, "seeds")
    hpt.use_language("en")
    assert "Call project.compare(…, seeds=10)" in says(mine, "seeds")
    # No slip that cannot be made good; and what is trained after the comparison hides nothing.
    mine.train(HP.replace(seed=107), strategy="peek")
    mine.compare(pair, seeds=11)
    assert state(mine, "seeds") == "right"
    assert "(5 seeds, Welch's interval)" in says(mine, "seeds")
    mine.train(HP.replace(seed=110), strategy="final")
    assert "(5 seeds, Welch's interval)" in says(mine, "seeds")


def test_what_was_right_in_a_log_of_an_earlier_version_stays_right() -> None:
    """Such a log does not say by which version it was begun."""
    new = project()
    begin = new.history.begin
    assert begin is not None
    assert begin.content["version"] == hpt.__version__
    known = {name: value for name, value in begin.content.items() if name != "version"}
    old = LogFile(new.log.path.with_name("old.jsonl"))
    old.append("begin", {**known, "name": "old"})
    later = HP.replace(learning_rate=0.2)
    for mine in (new, project(name="old")):
        mine.train(HP, strategy="baseline")
        mine.search(SPACE, "random", trials=2, hyperparameters=HP)
        mine.train(later, strategy="baseline")
        for seed, rate in ((0, 0.02), (100, 0.03), (101, 0.03)):
            mine.train(HP.replace(seed=seed, learning_rate=rate), strategy=f"try {seed}")
        trial = mine.history.fits_of(strategy="random")[0].content["hyperparameters"]
        found = hpt.Hyperparameters(**trial)
        mine.compare({"baseline": later, "hand": HP.replace(learning_rate=0.03), "found": found})
        mine.choose(later)
    points = ("budgets", "seeds", "choice")
    assert [state(project(name="old"), point) for point in points] == ["right"] * 3
    assert [state(new, point) for point in points] != ["right"] * 3


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"learning_rate": 0.05}, "right"),
        ({"learning_rate": 0.1, "activation": "tanh", "seed": 9}, "right"),
        ({"learning_rate": 0.2}, "wrong"),
        ({"activation": "gelu", "learning_rate": 0.05}, "wrong"),
        ({"learning_rate": 0.05, "batch_size": 64}, "wrong"),
        ({"learning_rate": 0.05, "epochs": 3}, "wrong"),
        ({"learning_rate": 0.05, "schedule": "cosine"}, "wrong"),
    ],
)
def test_the_choice_must_lie_in_what_was_searched(changes: dict[str, Any], expected: str) -> None:
    mine = project()
    mine.choose(HP.replace(**changes))
    assert state(mine, "choice") == "not yet"
    mine.search(SPACE, "random", trials=1, hyperparameters=HP, without_baseline=True)
    assert state(mine, "choice") == expected
    if expected == "wrong":
        outside = [name for name in changes if name in says(mine, "choice")]
        assert len(outside) == 1


def test_a_value_that_a_log_leaves_out_is_its_default() -> None:
    mine = project()
    space = SearchSpace((Uniform("momentum", 0.5, 0.99),))
    mine.search(space, "random", trials=1, hyperparameters=HP, without_baseline=True)
    mine.choose(HP)
    assert "momentum" not in mine.history.entries("choice")[0].content["hyperparameters"]
    assert state(mine, "choice") == "right"
    mine.choose(HP.replace(momentum=0.3))
    assert state(mine, "choice") == "wrong"


def test_the_baseline_may_be_chosen_and_a_grid_holds_its_values_alone() -> None:
    mine = project()
    space = SearchSpace((UniformInteger("batch_size", 8, 32, grid=(8, 32)),))
    mine.search(space, "grid", trials=1, hyperparameters=HP, without_baseline=True)
    mine.choose(HP)
    assert state(mine, "choice") == "wrong"
    mine.choose(HP.replace(batch_size=32))
    assert state(mine, "choice") == "right"
    mine.train(HP, strategy="baseline")
    mine.choose(HP)
    assert says(mine, "choice") == "the baseline was chosen."
    # As long as what it is compared with, too; but nothing else that is called so.
    mine.choose(HP.replace(epochs=4))
    assert says(mine, "choice") == "the baseline was chosen."
    later = HP.replace(learning_rate=0.2)
    mine.train(later, strategy="baseline")
    mine.compare({"baseline": later, "other": HP}, seeds=1)
    mine.choose(later)
    assert state(mine, "choice") == "wrong"
    assert "another one was the first" in says(mine, "choice")


def test_a_setting_that_was_not_compared_is_not_to_be_chosen() -> None:
    mine = done_well()
    best = mine.search(SPACE, "random", trials=4, hyperparameters=HP).best
    assert best is not None
    pair = {"one": HP.replace(learning_rate=0.02), "other": HP.replace(learning_rate=0.03)}
    mine.compare(pair, seeds=3)
    assert state(mine, "choice") == "wrong"
    assert "(one, other)" in says(mine, "choice")
    mine.choose(pair["other"])
    assert state(mine, "choice") == "right"


def test_a_test_set_that_another_project_has_opened_is_none() -> None:
    first = project(name="first")
    first.choose(HP)
    first.open_test(first.train(HP))
    assert state(first, "test") == "right"
    second = project(name="second")
    second.choose(HP)
    second.open_test(second.train(HP))
    assert "another project had opened the same test set before" in says(second, "test")
    assert state(first, "test") == "right"
    data = data_with_test()
    other = hpt.Dataset({**data.splits, "test": data.splits["validation"]}, n_classes=N_CLASSES)
    third = project(data=other, name="third")
    third.choose(HP)
    third.open_test(third.train(HP))
    assert state(third, "test") == "right"


def test_the_test_set_is_to_be_opened_once_and_last() -> None:
    mine = done_well()
    run = mine.train(HP, strategy="more")
    assert state(mine, "test") == "wrong"
    assert "1 entry of the log (a training, search or choice) follows" in says(mine, "test")
    mine.open_test(run, unchosen=True)
    assert state(mine, "test") == "wrong"
    assert "opened 2 times" in says(mine, "test")


def test_the_test_set_is_opened_after_the_choice_and_with_it() -> None:
    mine = project()
    run = mine.train(HP)
    with pytest.raises(ValueError, match=r"opened once, and no setting .*project\.choose.*closed"):
        mine.open_test(run)
    other = project(name="other")
    other.choose(HP.replace(batch_size=8))
    with pytest.raises(ValueError, match=r"opened once, and run is of another.*still closed"):
        other.open_test(other.train(HP))
    assert [len(each.history.entries("opening")) for each in (mine, other)] == [0, 0]
    # Whoever insists may, and the check says so; what was found then is given again to anybody.
    opening = mine.open_test(run, unchosen=True)
    assert mine.open_test(run) == opening
    assert "before a setting was chosen" in says(mine, "test")
    other.open_test(other.train(HP), unchosen=True)
    assert "not the setting that was chosen" in says(other, "test")


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> dict[int, float]:
    """Return what a training with a seed reaches, to be filled in; 60 % by default."""
    scores: dict[int, float] = {}

    def described(trial: hpt.Trial, size: int) -> dict[str, Any]:
        score = scores.get(trial.hyperparameters["seed"], 0.6)
        return {**describe_trial(trial, size), "validation_accuracy": score}

    monkeypatch.setattr("hpt_widgets.project.project.describe_trial", described)
    return scores


def project_that_tests(seed: int, how: str, size: int | None = None, n_seeds: int = 3) -> Project:
    """Return a project in which a setting was tested with a seed, and was seen before somehow."""
    mine = project(name=f"tested-{seed}-{size}", budget=200)
    mine.train(HP, strategy="baseline")
    tuned = HP.replace(learning_rate=0.03)
    if how == "searched":
        space = SearchSpace((Choice("learning_rate", (0.03,)),))
        mine.search(space, "grid", trials=1, hyperparameters=HP, training_size=size)
    elif how == "by hand":
        mine.train(tuned, strategy="try", training_size=size)
    mine.compare({"baseline": HP, "tuned": tuned}, seeds=n_seeds)
    mine.choose(tuned)
    mine.open_test(mine.train(tuned.replace(seed=seed), strategy="final"))
    return mine


@pytest.mark.parametrize(
    ("how", "seed"), [("searched", 0), ("by hand", 0), ("among those compared", 101)]
)
def test_a_tested_training_that_was_seen_before_the_choice_is_noted(
    scored: dict[int, float], how: str, seed: int
) -> None:
    scored[seed] = 0.9
    (note,) = hpt.check_project(project_that_tests(seed, how)).notes
    assert f"with seed {seed}, had been seen before its setting was chosen (90.0 % on" in note
    mean = 60 if how != "among those compared" else 70
    assert f"the 3 fresh seeds reach {mean}.0 % on average" in note
    assert hpt.check_project(project_that_tests(200, how)).notes == ()


def test_one_fresh_seed_has_no_average(scored: dict[int, float]) -> None:
    scored[0] = 0.9
    (note,) = hpt.check_project(project_that_tests(0, "by hand", n_seeds=1)).notes
    assert ", where one fresh seed reaches 60.0 %" in note


@pytest.mark.parametrize("how", ["searched", "by hand"])
def test_what_was_no_luck_or_another_training_is_not_noted(
    scored: dict[int, float], how: str
) -> None:
    scored[0] = 0.9
    assert hpt.check_project(project_that_tests(0, how, size=39)).notes == ()
    scored[0] = 0.5
    assert hpt.check_project(project_that_tests(0, how)).notes == ()


def test_a_baseline_is_picked_by_hand_tries_alone(scored: dict[int, float]) -> None:
    scored |= {0: 0.8, 3: 0.9}
    for seed, n_notes in ((0, 0), (3, 1)):
        mine = project(name=f"baseline-{seed}")
        mine.train(HP, strategy="baseline")
        mine.train(HP.replace(seed=3))
        mine.compare({"baseline": HP, "other": HP.replace(batch_size=8)}, seeds=3)
        mine.choose(HP)
        mine.open_test(mine.train(HP.replace(seed=seed), strategy="final"))
        assert len(hpt.check_project(mine).notes) == n_notes


def test_a_training_that_was_seen_after_the_choice_alone_is_not_noted() -> None:
    mine = project()
    mine.choose(HP)
    mine.open_test(mine.train(HP, strategy="final"))
    assert hpt.check_project(mine).notes == ()
    # Nothing was compared: there are no fresh seeds to speak of.
    other = project(name="other")
    run = other.train(HP)
    other.choose(HP)
    other.open_test(run)
    (note,) = hpt.check_project(other).notes
    assert "fresh seeds" not in note
    # Of a setting that was never chosen the point of the test speaks.
    third = project(name="third")
    run = third.train(HP)
    third.choose(HP.replace(batch_size=8))
    third.open_test(run, unchosen=True)
    assert hpt.check_project(third).notes == ()


def test_the_interval_is_worked_out_anew() -> None:
    mine = project()
    opening = mine.open_test(mine.train(HP), unchosen=True)
    share, n = opening.accuracy, N_TEST
    reach = 1.96 * np.sqrt(share * (1 - share) / n)
    for interval, expected in (
        (wilson(opening.n_correct), "right"),
        (wilson(opening.n_correct, method="exact"), "right"),
        (tuple(round(end, 3) for end in wilson(opening.n_correct)), "right"),
        ((share - reach, min(share + reach, 1.0)), "wrong"),
        ((share, share), "wrong"),
    ):
        mine.claim(interval)
        assert state(mine, "interval") == expected
        # What was claimed is not told as the truth.
        told = f"{interval[0]:.3f} to {interval[1]:.3f} was claimed"
        assert says(mine, "interval").startswith(told)
    low, high = wilson(opening.n_correct)
    assert f"give {low:.3f} to {high:.3f}" in says(mine, "interval")
    # The right one can be read there: that it was corrected is noted, and accuses nobody.
    assert hpt.check_project(mine).notes == ()
    mine.claim((low, high))
    check = hpt.check_project(mine)
    assert check["interval"].state == "right"
    (note,) = check.notes
    assert "the interval was corrected" in note
    assert "no fault" in note
    assert check.doubts == ()
    # Whoever wrote two digits had worked it out.
    rounded = project(name="rounded")
    n_correct = rounded.open_test(rounded.train(HP), unchosen=True).n_correct
    rounded.claim((round(low, 2), round(high, 2)))
    assert state(rounded, "interval") == "right"
    assert says(rounded, "interval").endswith("rounded to two digits.")
    rounded.claim(wilson(n_correct))
    assert "rounded" not in says(rounded, "interval")
    assert hpt.check_project(rounded).notes == ()
    rounded.claim((round(low, 2) + 0.01, round(high, 2)))
    assert state(rounded, "interval") == "wrong"
    early = project(name="early")
    early.log.append("claim", {"low": 0.5, "high": 0.6})
    early.open_test(early.train(HP), unchosen=True)
    assert state(early, "interval") == "wrong"


@pytest.mark.parametrize("interval", [(0.9,), 0.9, (0.9, 0.8), (91, 97), ("a", 1), None])
def test_what_is_no_interval_is_refused(interval: Any) -> None:
    with pytest.raises(ValueError, match="interval"):
        project().claim(interval)


def test_a_forged_log_is_noticed() -> None:
    mine = done_well()
    path = mine.log.path
    content = path.read_text(encoding="utf-8")
    lines = content.splitlines()
    # The second opening of the test set is taken out, and the seal is left.
    mine.open_test(mine.train(HP), unchosen=True)
    path.write_text(content, encoding="utf-8")
    assert state(mine, "log") == "wrong"
    assert f"entries after number {len(lines)} are missing" in says(mine, "log")


def test_lines_that_were_added_by_hand_change_neither_plan_nor_budget() -> None:
    mine = project(budget=3)
    mine.train(HP)
    mine.train(HP.replace(seed=1), beyond_budget=True)
    assert state(mine, "budget") == "wrong"
    fit = mine.history.entries("fit")[0].content
    mine.log.append("fit", {**fit, "samples": -fit["samples"]})
    assert state(mine, "budget") == "wrong"
    assert "entry 4 was trained on fewer than no samples" in says(mine, "log")
    mine.log.append("begin", {"question": "Another?", "budget": 1e9})
    assert (mine.budget, mine.question) == (3, QUESTION)
    assert state(mine, "plan") == "wrong"
    assert state(mine, "budget") == "wrong"


@pytest.mark.parametrize("settings", [{}, {"one": HP.to_record()}])
def test_a_comparison_of_fewer_than_two_settings_is_none(settings: dict[str, Any]) -> None:
    mine = project()
    mine.log.append("comparison", {"key": "k", "settings": settings, "seeds": [100, 101]})
    for point in ("budgets", "seeds"):
        assert state(mine, point) == "not yet"
        assert "nothing has been compared yet" in says(mine, point)


def test_a_log_without_its_beginning_is_forged_whatever_else_it_holds() -> None:
    mine = done_well()
    lines = mine.log.path.read_text(encoding="utf-8").splitlines(keepends=True)
    mine.log.path.write_text("".join(lines[1:]), encoding="utf-8")
    assert {line.state for line in hpt.check_project(mine).lines} == {"wrong", "not yet"}
    mine.log.path.write_text("".join(lines).replace('"samples"', '"sample"'), encoding="utf-8")
    (line,) = hpt.check_project(mine).lines
    assert (line.point, line.state) == ("log", "wrong")


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such file"):
        hpt.check_project(tmp_path / "none.jsonl")
    with pytest.raises(TypeError, match="project=3"):
        hpt.check_project(3)  # type: ignore[arg-type]
    path = tmp_path / "made-up.jsonl"
    LogFile(path).append("begin", {"question": QUESTION})
    with pytest.raises(ValueError, match="lacks what a project writes"):
        hpt.check_project(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_reads_well_as_text_and_as_a_page(language: str) -> None:
    mine = done_well()
    hpt.use_language(language)
    check = hpt.check_project(mine)
    text, page = repr(check), page_of(check)
    for line in check.lines:
        assert line.title in text
        assert line.title in page
    assert len(text.splitlines()) == 1 + 10 + 1 + 5
    assert ("What no log can prove:" in text) == (language == "en")
    assert ("日志不能证明的事：" in text) == (language == "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_one_page_from_the_log(language: str, tmp_path: Path) -> None:
    hpt.use_language(language)
    mine = done_well()
    report = project().report(author="李 <雷>", conclusion="No.\n\nIt is a <tie>.")
    page = report.save(tmp_path / "new" / "report.html").read_text(encoding="utf-8")
    assert page == report.html
    assert page.count("<svg") == 2
    for word in (
        "李 &lt;雷&gt;",
        "It is a &lt;tie&gt;.",
        QUESTION,
        "tuned",
        mine.log.read().entries[-1].digest,
    ):
        assert word in page
    # It needs no other file and no network.
    for word in ("<script", "<link", "<img", "@import", "src="):
        assert word not in page
    assert ('lang="zh-CN"' in page) == (language == "zh")
    opening = mine.history.entries("opening")[0].content
    assert f"{100 * opening['n_correct'] / N_TEST:.1f}" in page
    assert "<iframe" in page_of(report)


def test_names_with_signs_of_mathematics_are_drawn_as_they_are() -> None:
    mine = project()
    mine.train(HP, strategy=r"costs $5 and \frac $")
    mine.compare({"_mine": HP, "$a$": HP.replace(batch_size=8)}, seeds=2)
    assert report_of(mine).html.count("<svg") == 2


def test_a_report_says_where_the_data_are_from_if_that_is_known(tmp_path: Path) -> None:
    assert "<code>" not in report_of(project()).html
    table = tmp_path / "flowers.csv"
    pd.DataFrame({"length": range(40), "kind": ["a", "b"] * 20}).to_csv(table, index=False)
    data = hpt.Dataset.from_csv(table, target="kind")
    told = report_of(hpt.Project(data, QUESTION, 100, name="flowers")).html
    assert "flowers.csv" in told


def test_a_report_can_be_written_at_any_time() -> None:
    assert "Nothing yet." in report_of(project()).html
