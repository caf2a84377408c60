"""What a project refuses unless its reader insists, and what it says of a report in part."""

from __future__ import annotations

import html
from typing import Any, Final

import pytest
from small_data import N_CLASSES, hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.project.project import Project
from hpt_widgets.search.space import Choice, LogUniform, SearchSpace, UniformInteger

HP: Final = hyperparameters(epochs=2, batch_size=16)
PAIR: Final = {"one": HP, "other": HP.replace(learning_rate=0.02)}
SPACE: Final = SearchSpace((LogUniform("learning_rate", 1e-3, 1e-1),))
SPLITS: Final = tabular_data().splits
DATA: Final = hpt.Dataset({**SPLITS, "test": SPLITS["validation"]}, n_classes=N_CLASSES)


def begun(budget: float = 100, name: str = "my-project") -> Project:
    return hpt.Project(DATA, "Does a larger learning rate help?", budget, name=name)


def kinds(mine: Project) -> list[str]:
    return [entry.kind for entry in mine.history.reading.entries]


# The budget ---------------------------------------------------------------------------------------


def test_a_training_beyond_the_budget_is_refused_before_it_starts() -> None:
    mine = begun(budget=3)
    mine.train(HP)
    before = kinds(mine)
    with pytest.raises(ValueError, match=r"costs 2 epochs, and 1 of 3 are left.*beyond_budget"):
        mine.train(HP.replace(seed=1))
    assert kinds(mine) == before
    # What the log has costs nothing, half the data half as much.
    mine.train(HP)
    mine.train(HP, training_size=39)
    assert mine.spent == 3
    mine.train(HP.replace(seed=1), beyond_budget=True)
    check = hpt.check_project(mine)
    assert check["budget"].state == "wrong"
    assert "more than the 3 of the budget" in check["budget"].message
    # Of a budget that is overspent nothing is left, and not less than that.
    with pytest.raises(ValueError, match=r"costs 2 epochs, and 0 of 3 are left"):
        mine.train(HP.replace(seed=2))


def test_a_search_beyond_the_budget_is_refused_before_it_starts() -> None:
    mine = begun(budget=9)
    mine.train(HP, strategy="baseline")
    before = kinds(mine)
    with pytest.raises(ValueError, match=r"costs 8 epochs, and 7 of 9 are left.*room for trials=3"):
        mine.search(SPACE, trials=4, hyperparameters=HP)
    assert kinds(mine) == before
    mine.search(SPACE, trials=2, hyperparameters=HP)
    # It goes on: only what is missing costs.
    with pytest.raises(ValueError, match=r"costs 4 epochs, and 3 of 9 are left.*room for trials=3"):
        mine.search(SPACE, trials=4, hyperparameters=HP)
    assert len(mine.search(SPACE, trials=3, hyperparameters=HP)) == 3
    with pytest.raises(ValueError, match=r"costs 2 epochs, and 1 of 9 are left.*fewer trials"):
        mine.search(SPACE, trials=4, hyperparameters=HP)
    assert len(mine.search(SPACE, trials=4, hyperparameters=HP, beyond_budget=True)) == 4
    assert hpt.check_project(mine)["budget"].state == "wrong"
    # Whoever runs the cell again is not stopped.
    assert len(mine.search(SPACE, trials=4, hyperparameters=HP)) == 4


@pytest.mark.parametrize(
    ("dimension", "method", "options"),
    [
        # A grid ends where its values do.
        (Choice("learning_rate", (0.01, 0.02)), "grid", {"trials": 1_000}),
        # The shortest trainings might be drawn.
        (UniformInteger("epochs", 1, 50), "random", {"trials": 2}),
        (Choice("epochs", (1, 9)), "random", {"trials": 2}),
        (UniformInteger("epochs", 1, 9, grid=(1, 2)), "grid", {"trials": 2}),
        (Choice("learning_rate", (0.01, 0.02)), "random", {"trials": 2, "training_size": 39}),
    ],
)
def test_a_search_that_may_keep_the_budget_is_not_refused(
    dimension: Any, method: str, options: dict[str, Any]
) -> None:
    mine = begun(budget=4)
    options = {**options, "hyperparameters": HP, "without_baseline": True}
    record = mine.search(SearchSpace((dimension,)), method, **options)
    assert len(record) == 2


def test_a_search_over_epochs_that_must_overspend_is_refused() -> None:
    space = SearchSpace((UniformInteger("epochs", 3, 50),))
    with pytest.raises(ValueError, match=r"costs 6 epochs, and 4 of 4 are left"):
        begun(budget=4).search(space, trials=2, hyperparameters=HP, without_baseline=True)


def test_a_comparison_beyond_the_budget_is_refused_before_it_starts() -> None:
    mine = begun(budget=17)
    with pytest.raises(ValueError, match=r"costs 20 epochs, and 17 of 17 are left.*seeds=4"):
        mine.compare(PAIR, seeds=5)
    assert kinds(mine) == ["begin"]
    mine.compare(PAIR, seeds=3)
    with pytest.raises(ValueError, match=r"costs 8 epochs, and 5 of 17 are left.*seeds=4"):
        mine.compare(PAIR, seeds=5)
    mine.compare(PAIR, seeds=5, beyond_budget=True)
    assert hpt.check_project(mine)["budget"].state == "wrong"
    assert len(mine.compare(PAIR, seeds=5)) == 5
    # Fewer than three seeds are none to suggest.
    with pytest.raises(ValueError, match="Compare fewer settings"):
        begun(budget=9, name="small").compare(PAIR, seeds=5)


# The baseline -------------------------------------------------------------------------------------


def test_a_search_before_any_baseline_is_refused_before_it_starts() -> None:
    mine = begun()
    mine.train(HP, strategy="try")
    before = kinds(mine)
    with pytest.raises(ValueError, match=r"no baseline yet.*strategy='baseline'.*without_baseline"):
        mine.search(SPACE, trials=2, hyperparameters=HP)
    assert kinds(mine) == before
    assert len(mine.search(SPACE, trials=1, hyperparameters=HP, without_baseline=True)) == 1
    # It is too late now: whoever goes on is not asked again.
    assert len(mine.search(SPACE, trials=2, hyperparameters=HP)) == 2
    assert hpt.check_project(mine)["baseline"].state == "wrong"


@pytest.mark.parametrize(
    "name", ["base line", "Baseline", "BASE-LINE", "baselin", "baselines", "bsaeline", "基线"]
)
def test_a_training_that_is_nearly_called_baseline_is_asked_about(name: str) -> None:
    mine = begun()
    with pytest.raises(ValueError, match=r"does not count .*; did you mean 'baseline'\?"):
        mine.train(HP, strategy=name)
    assert kinds(mine) == ["begin"]
    # What an earlier version has logged is trained again.
    mine.train(HP, strategy="tried")
    fit = mine.history.entries("fit")[0].content
    mine.log.append("fit", {**fit, "strategy": name})
    mine.train(HP, strategy=name)
    assert mine.spent == 4


@pytest.mark.parametrize("name", ["baseline 2", "longer baseline", "base", "line", "final", "试试"])
def test_any_other_name_may_be_given(name: str) -> None:
    mine = begun()
    mine.train(HP, strategy=name)
    assert mine.fits["strategy"].tolist() == [name]


# The report ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "author, conclusion"),
        ({"author": "Ana", "conclusion": " \n"}, "conclusion"),
        ({"conclusion": "No."}, "author"),
        ({"author": "…", "conclusion": "…"}, "author, conclusion"),
        ({"author": "Ana", "conclusion": "“……”。"}, "conclusion"),
        ({"author": "\u3000", "conclusion": "不"}, "author"),
    ],
)
def test_a_report_in_part_is_made_and_says_what_it_lacks(
    given: dict[str, str], missing: str
) -> None:
    mine = begun()
    with pytest.warns(UserWarning, match=f"it lacks: {missing}[.]"):
        page = html.unescape(mine.report(**given).html)
    assert "<h2>Conclusion</h2>" in page
    assert ("<p>The conclusion is missing: project.report" in page) == ("conclusion" in missing)
    assert ("author missing" in page) == ("author" in missing)
    check = hpt.check_project(mine)
    (note,) = check.notes
    assert f"still open: the report was made without {missing};" in note
    assert note in page
    assert note in repr(check)
    # It is logged once, and the page names the last entry.
    with pytest.warns(UserWarning, match="lacks"):
        mine.report(**given)
    assert kinds(mine) == ["begin", "report"]
    whole = mine.report(author="Ana", conclusion="No.").html
    assert mine.log.read().entries[-1].digest in whole
    assert "missing" not in whole
    assert hpt.check_project(mine).notes == ()


def test_one_of_a_kind_is_written_as_one() -> None:
    mine = begun()
    assert "one entry so far" in hpt.check_project(mine)["log"].message
    mine.train(HP)
    check = hpt.check_project(mine)
    assert check["log"].message.startswith("2 entries, one for each thing")
    assert check["budget"].message == "1 training cost 2 of 100 epochs."
    assert "Spent: 2, in 1 training." in mine.report(author="Ana", conclusion="No.").html
