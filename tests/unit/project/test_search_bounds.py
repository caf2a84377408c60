"""Whether a search could have found a setting."""

from __future__ import annotations

from typing import Any

import pytest

from hpt_widgets.project.search_bounds import outside

RATE = {"name": "learning_rate", "low": 0.001, "high": 0.1, "grid": [0.001, 0.01, 0.1]}
OPTIMIZER = {"name": "optimizer", "options": ["adam", "sgd"]}


def search_of(method: str = "random") -> dict[str, Any]:
    held = {"learning_rate": 0.05, "batch_size": 64, "seed": 0}
    return {"method": method, "space": [RATE, OPTIMIZER], "hyperparameters": held}


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ({"learning_rate": 0.02}, []),
        ({"learning_rate": 0.001}, []),
        ({"learning_rate": 0.2}, ["learning_rate"]),
        ({"optimizer": "sgd"}, []),
        ({"optimizer": "rmsprop"}, ["optimizer"]),
        ({"batch_size": 32}, ["batch_size"]),
        ({"seed": 7}, []),
        ({"epochs": 50}, ["epochs"]),
        ({"learning_rate": 0.2, "batch_size": 32}, ["learning_rate", "batch_size"]),
    ],
)
def test_what_was_searched_has_a_range_and_the_rest_is_held(
    setting: dict[str, Any], names: list[str]
) -> None:
    known = {"learning_rate": 0.05, "batch_size": 64, "optimizer": "adam"}
    assert sorted(outside({**known, **setting}, search_of())) == sorted(names)


@pytest.mark.parametrize(("rate", "names"), [(0.01, []), (0.02, ["learning_rate"])])
def test_a_grid_finds_its_own_values_alone(rate: float, names: list[str]) -> None:
    setting = {"learning_rate": rate, "batch_size": 64, "optimizer": "adam"}
    assert outside(setting, search_of("grid")) == names


def test_a_search_may_train_for_fewer_epochs_than_the_baseline() -> None:
    setting = {"learning_rate": 0.05, "batch_size": 64, "optimizer": "adam"}
    baseline = {"learning_rate": 0.01, "batch_size": 32, "epochs": 50}
    search = search_of()
    search["hyperparameters"]["epochs"] = 20
    assert outside({**setting, "epochs": 50}, search, baseline) == []
    assert outside({**setting, "epochs": 20}, search, baseline) == []
    assert outside({**setting, "epochs": 51}, search, baseline) == ["epochs"]
    assert outside({**setting, "epochs": 2}, search, {**baseline, "epochs": 2}) == ["epochs"]
    assert outside({**setting, "epochs": 50, "batch_size": 32}, search, baseline) == ["batch_size"]


def test_epochs_that_were_searched_have_a_range() -> None:
    setting = {"learning_rate": 0.05, "batch_size": 64, "optimizer": "adam"}
    search = search_of()
    search["space"].append({"name": "epochs", "low": 2, "high": 10})
    assert outside({**setting, "epochs": 10}, search) == []
    assert outside({**setting, "epochs": 11}, search) == ["epochs"]
