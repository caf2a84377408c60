"""Whether a setting lies within what a search could have found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hpt_widgets.project.history import REPEATED
from hpt_widgets.training.hyperparameters import completed

# Of which a search may take fewer than the baseline and the final training, as of samples.
SAVED: Final = "epochs"


def outside(
    setting: Mapping[str, Any],
    search: Mapping[str, Any],
    baseline: Mapping[str, Any] | None = None,
) -> list[str]:
    """Return the hyperparameters by which a setting lies outside of a search.

    Parameters
    ----------
    setting : mapping of str to value
        The hyperparameters; the seed has no part in it.
    search : mapping
        The content of a search's entry: its space, and what it held fixed.
    baseline : mapping of str to value, optional
        The first baseline's hyperparameters. A search may save time by shorter trainings than
        its, and the setting that it finds be trained for as long as the baseline.

    Returns
    -------
    list of str
        Those that were searched and are out of their range, and those that the search held
        fixed at another value. None of them where the search could have found the setting.
    """
    searched = {dimension["name"]: dimension for dimension in search["space"]}
    held = {name: [value] for name, value in completed(search["hyperparameters"]).items()}
    if baseline and SAVED in held:
        held[SAVED].append(max(search["hyperparameters"][SAVED], baseline[SAVED]))
    is_grid = search["method"] == "grid"
    return [
        name
        for name, value in completed(setting).items()
        if name != REPEATED
        and not (
            _covers(searched[name], value, is_grid)
            if name in searched
            else value in held.get(name, ())
        )
    ]


def _covers(dimension: Mapping[str, Any], value: Any, is_grid: bool) -> bool:
    if "options" in dimension:
        return value in dimension["options"]
    if is_grid and dimension.get("grid"):
        return value in dimension["grid"]
    return bool(dimension["low"] <= value <= dimension["high"])
