"""What the check of a project advises: whoever follows it has that point right, and spoils none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from scipy.stats import binomtest
from small_data import N_CLASSES, hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.language import LANGUAGES
from hpt_widgets.project.log_file import LogFile
from hpt_widgets.project.project import Project
from hpt_widgets.project.verdict import ProjectCheck
from hpt_widgets.search.space import Choice, SearchSpace

HP: Final = hyperparameters(epochs=1, batch_size=32)
OTHER: Final = HP.replace(learning_rate=0.02)
PAIR: Final = {"one": HP, "other": OTHER}
SPACE: Final = SearchSpace((Choice("learning_rate", (0.01, 0.02)),))
SPLITS: Final = tabular_data().splits
DATA: Final = hpt.Dataset({**SPLITS, "test": SPLITS["validation"]}, n_classes=N_CLASSES)

Step = Callable[[Project], object]


def begun(budget: float = 1_000) -> Project:
    return hpt.Project(DATA, "Does a larger learning rate help?", budget)


def baseline(mine: Project) -> None:
    mine.train(HP, strategy="baseline")


def broken_off(mine: Project) -> None:
    """Log a baseline that its reader broke off."""
    mine.train(HP, strategy="tried")
    fit = mine.history.entries("fit")[0].content
    mine.log.append("fit", {**fit, "strategy": "baseline", "ended": "stopped"})


def search(mine: Project) -> None:
    mine.search(SPACE, "grid", trials=2, hyperparameters=HP)


def compare(seeds: int) -> Step:
    return lambda mine: mine.compare(PAIR, seeds=seeds)


def half_compared(mine: Project) -> None:
    """Log that three seeds are compared, where only one of them is trained."""
    mine.compare(PAIR, seeds=1)
    content = mine.history.entries("comparison")[0].content
    mine.log.append("comparison", {**content, "seeds": [100, 101, 102]})


def choose(hp: hpt.Hyperparameters) -> Step:
    return lambda mine: mine.choose(hp)


def open_test(mine: Project) -> None:
    mine.open_test(mine.train(HP, strategy="final"))


def claim(mine: Project) -> None:
    opening = mine.history.entries("opening")[0].content
    found = binomtest(opening["n_correct"], opening["n_samples"]).proportion_ci(0.95, "wilson")
    mine.claim((float(found.low), float(found.high)))


COMPARED: Final[tuple[Step, ...]] = (baseline, search, compare(5))


@pytest.mark.parametrize(
    ("point", "done", "words", "advised"),
    [
        ("budget", (), "nothing has been trained", (baseline,)),
        ("baseline", (), "train a baseline first", (baseline,)),
        ("baseline", (compare(1),), "train a baseline first", (baseline,)),
        ("baseline", (broken_off,), "train the same setting once more", (baseline,)),
        ("baseline", (broken_off, search), "train the same setting once more", (baseline,)),
        ("budgets", (baseline,), "seeds=5", (compare(5),)),
        ("budgets", (baseline, half_compared), "again, as before", (compare(3),)),
        ("seeds", (baseline,), "seeds=5", (compare(5),)),
        ("seeds", (baseline, compare(1)), "seeds=5", (compare(5),)),
        ("seeds", (baseline, compare(2)), "seeds=5", (compare(5),)),
        ("seeds", (baseline, compare(3)), "from 5 on", (compare(5),)),
        ("choice", (baseline,), "project.choose(hp)", (choose(HP),)),
        ("choice", (baseline, search, compare(5)), "(one, other)", (choose(OTHER),)),
        ("choice", (baseline, choose(OTHER)), "in which the chosen setting lies", (search,)),
        ("choice", (choose(OTHER),), "train a baseline first", (baseline, search)),
        ("test", (), "when all points above are done", (*COMPARED, choose(HP), open_test)),
        ("test", COMPARED, "when all points above are done", (choose(HP), open_test)),
        ("test", (*COMPARED, choose(HP)), "project.open_test(run)", (open_test,)),
        ("interval", (*COMPARED, choose(HP)), "before the test set", (open_test, claim)),
        ("interval", (*COMPARED, choose(HP), open_test), "project.claim((low", (claim,)),
    ],
)
def test_what_is_advised_makes_the_point_right_and_no_other_wrong(
    point: str, done: tuple[Step, ...], words: str, advised: tuple[Step, ...]
) -> None:
    mine = begun()
    for step in done:
        step(mine)
    before = hpt.check_project(mine)
    # One seed is taken for a mistake, which can be made good too.
    is_one_seed = "One training alone" in before[point].message
    assert before[point].state == ("wrong" if is_one_seed else "not yet")
    assert words in before[point].message
    for step in advised:
        step(mine)
    after = hpt.check_project(mine)
    assert after[point].state == "right", after[point]
    was_wrong = {line.point for line in before.lines if line.state == "wrong"}
    assert {line.point for line in after.lines if line.state == "wrong"} <= was_wrong


def test_a_log_without_its_seal_is_whole_once_it_is_handed_in_as_advised(tmp_path: Path) -> None:
    mine = begun()
    baseline(mine)
    copy = tmp_path / "copy" / "mine.jsonl"
    copy.parent.mkdir()
    shutil.copy(mine.log.path, copy)
    for path, state in ((copy, "not yet"), (mine.hand_in("Ana", tmp_path / "ana.jsonl"), "right")):
        check = hpt.check_project(path)
        assert isinstance(check, ProjectCheck)
        assert check["log"].state == state


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seeds", [0, 1, 2, 3])
def test_after_the_test_nothing_is_advised_that_would_follow_it(seeds: int, language: str) -> None:
    mine = begun()
    if seeds:
        mine.compare(PAIR, seeds=seeds)
    mine.open_test(mine.train(HP), unchosen=True)
    hpt.use_language(language)
    check = hpt.check_project(mine)
    another = {"en": "data that nobody has tested on", "zh": "还没有人测试过的数据"}[language]
    is_compared = ("budgets",) if seeds else ()
    for point in {"baseline", "budgets", "seeds", "choice"} - set(is_compared):
        line = check[point]
        assert line.state == "wrong"
        assert another in line.message
        for call in ("train(", "search(", "compare(", "choose("):
            assert f"project.{call}" not in line.message
    # That of the interval can be done still.
    claim(mine)
    assert hpt.check_project(mine)["interval"].state == "right"


def test_what_was_open_in_a_log_of_an_earlier_version_stays_open() -> None:
    """It does not say by which version it was begun; nothing is advised there either."""
    new = begun()
    begin = new.history.begin
    assert begin is not None
    known = {name: value for name, value in begin.content.items() if name != "version"}
    LogFile(new.log.path.with_name("old.jsonl")).append("begin", {**known, "name": "old"})
    old = hpt.Project(DATA, new.question, new.budget, name="old")
    for mine in (new, old):
        mine.search(SPACE, "grid", trials=2, hyperparameters=HP, without_baseline=True)
        mine.compare(PAIR, seeds=2)
        mine.open_test(mine.train(HP), unchosen=True)
    points = ("baseline", "seeds", "choice")
    for mine, state in ((new, "wrong"), (old, "not yet")):
        lines = [hpt.check_project(mine)[point] for point in points]
        assert [line.state for line in lines] == [state] * 3
        assert all("data that nobody has tested on" in line.message for line in lines)
        assert "opened before a setting was chosen" in hpt.check_project(mine)["test"].message


def test_what_was_trained_under_another_name_is_no_baseline() -> None:
    mine = begun()
    mine.train(HP)
    message = hpt.check_project(mine)["baseline"].message
    assert "What was trained so far is called “manual”, and does not count" in message
