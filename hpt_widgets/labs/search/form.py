"""What a reader has filled in: the settings of the searches to come, checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.labs.search.live import SearchSettings
from hpt_widgets.language import translate
from hpt_widgets.search.halving import (
    DEFAULT_FACTOR,
    DEFAULT_MAX_EPOCHS,
    RUNG_METHODS,
    check_rungs,
    require_candidates,
)
from hpt_widgets.search.runner import ALL_METHODS
from hpt_widgets.support.argument_checks import require_choice

DEFAULT_SIZE: Final = 5_000
"""Training samples of a trial: with them it takes about 0.2 s on one core.

Nearly half of that goes into its learning curve: the validation samples are measured five times.
"""
DEFAULTS: Final = {
    "method": "random",
    "budget": "trials",
    "trials": 27,
    "seconds": 10.0,
    "seed": 0,
    "repeats": 1,
    "n_startup_jobs": 20,
    "epochs": 1,
    "max_epochs": DEFAULT_MAX_EPOCHS,
    "factor": DEFAULT_FACTOR,
}
BUDGETS: Final = ("trials", "seconds")
CHOICES: Final = {"method": ALL_METHODS, "budget": BUDGETS}
RANGES: Final = {
    "trials": NumberRange(1, 1000, whole=True),
    "seconds": NumberRange(0.1, 3600),
    "repeats": NumberRange(1, 20, whole=True),
    "seed": NumberRange(0, 2**31 - 1, whole=True),
    "n_startup_jobs": NumberRange(0, 1000, whole=True),
    "epochs": NumberRange(1, 100, whole=True),
    "max_epochs": NumberRange(2, 100, whole=True),
    "factor": NumberRange(2, 10, whole=True),
}
OF_TRAINING: Final = ("training_size", "epochs")


class SearchForm:
    """The values of the search lab's fields, without a screen.

    Parameters
    ----------
    data : Dataset or None
        What a trial trains on; None where the reader searches an objective of their own.
    training_size : int or None
        Training samples of a trial; by default 5,000, or all where there are fewer.

    Attributes
    ----------
    values : dict of str to value
        What is filled in.
    ranges : dict of str to NumberRange
        What may be filled in, where it is a number.

    Raises
    ------
    TypeError, ValueError
        If `training_size` is not allowed.
    """

    def __init__(self, data: Dataset | None, training_size: int | None = None) -> None:
        self.values: dict[str, Any] = dict(DEFAULTS)
        self.ranges: dict[str, NumberRange] = dict(RANGES)
        self.n_samples: int | None = None
        if data is None:
            del self.ranges["epochs"]
            self.values.update(dict.fromkeys(OF_TRAINING))
            return
        self.n_samples = len(data.y_train)
        smallest = min(data.n_classes, self.n_samples)
        self.ranges["training_size"] = NumberRange(smallest, self.n_samples, whole=True)
        size = min(DEFAULT_SIZE, self.n_samples) if training_size is None else training_size
        self.values["training_size"] = self._checked("training_size", size)

    @property
    def settings(self) -> SearchSettings:
        """How the next search will go about it."""
        method = self.values["method"]
        values = {**self.values, **self._budget_of(method)}
        for name in ("budget", "repeats"):
            del values[name]
        if method in RUNG_METHODS:
            values["epochs"] = None
        return SearchSettings(**values)

    def fill_in(self, settings: Mapping[str, object]) -> dict[str, Any]:
        """Check settings and set the fields; None leaves a field as it is.

        Returns
        -------
        dict of str to value
            What was set, the unit of the budget included.

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed; nothing is changed then.
        """
        if settings.get("trials") is not None and settings.get("seconds") is not None:
            raise ValueError(translate("search_lab.two_budgets", **settings))
        checked = {
            name: self._checked(name, value)
            for name, value in settings.items()
            if value is not None
        }
        for name in BUDGETS:
            if name in checked:
                checked["budget"] = name
        self._check_last_seed({**self.values, **checked})
        self._check_rungs({**self.values, **checked}, settings)
        self.values.update(checked)
        return checked

    def allows(self, settings: SearchSettings) -> bool:
        """Whether a search may go about it so in this lab; another's data may have been larger."""
        try:
            for name in ("method", *self.ranges):
                value = getattr(settings, name, None)
                if value is not None:
                    self._checked(name, value)
        except (TypeError, ValueError):
            return False
        return True

    def complete(self, settings: SearchSettings, assumed: Sequence[str] = ()) -> SearchSettings:
        """Fill in what a record from the disk does not hold, `assumed` among it."""
        in_rungs = settings.method in RUNG_METHODS
        return dataclasses.replace(
            settings,
            **{name: self.values[name] for name in assumed},
            training_size=settings.training_size or self.values["training_size"],
            epochs=None if in_rungs else settings.epochs or self.values["epochs"],
            max_epochs=settings.max_epochs or self.values["max_epochs"],
            factor=settings.factor or self.values["factor"],
        )

    def with_budget(self, settings: SearchSettings, assumed: Sequence[str] = ()) -> SearchSettings:
        """Return the settings of a search that goes on, with the budget as it stands.

        Raises
        ------
        ValueError
            If a search in rungs could not begin with so few trials.
        """
        complete = self.complete(settings, assumed)
        if settings.method == "halving":
            factor = complete.factor or self.values["factor"]
            require_candidates("trials", self.values["trials"], factor)
        return dataclasses.replace(complete, **self._budget_of(settings.method))

    @property
    def is_all_startup(self) -> bool:
        """Whether TPE would have no trial left beyond its random ones."""
        values = self.values
        return bool(
            values["method"] == "tpe"
            and values["budget"] == "trials"
            and values["trials"] <= values["n_startup_jobs"]
        )

    def _budget_of(self, method: str) -> dict[str, Any]:
        """Return the budget as it stands, for a method that need not be the form's."""
        unit = "trials" if method == "halving" else self.values["budget"]
        counted = () if method == "hyperband" else (unit,)
        return {name: self.values[name] if name in counted else None for name in BUDGETS}

    def _check_last_seed(self, values: Mapping[str, Any]) -> None:
        """Raise a ValueError if the seeds, which count up, would leave their range."""
        most = int(self.ranges["seed"].maximum)
        if values["seed"] + values["repeats"] - 1 > most:
            raise ValueError(translate("search_lab.last_seed", most=most, **values))

    def _check_rungs(self, values: Mapping[str, Any], given: Mapping[str, object]) -> None:
        """Raise a ValueError if a method in rungs could not go about it like that."""
        method = values["method"]
        if method not in RUNG_METHODS:
            return
        if given.get("seconds") is not None:
            raise ValueError(
                translate("search_lab.no_seconds", method=method, seconds=given["seconds"])
            )
        if method == "hyperband" and given.get("trials") is not None:
            raise ValueError(translate("search.no_candidates", value=given["trials"]))
        check_rungs(values["max_epochs"], values["factor"])
        if method == "halving":
            require_candidates("trials", values["trials"], values["factor"])

    def _checked(self, name: str, value: object) -> Any:
        if name in CHOICES:
            return require_choice(name, value, CHOICES[name])
        if name not in self.ranges:
            allowed = ", ".join(["method", *self.ranges])
            raise ValueError(translate("search_lab.unknown_setting", name=name, allowed=allowed))
        return self.ranges[name].check(name, value)
