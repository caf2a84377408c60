"""A run on its way from a student's lab to the board: a trial, its id, and how JSON says it.

Nothing that arrives is trusted: a run is read strictly, bounded in size, and never unpickled.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.search.trial import NUMBER_FIELDS, Trial
from hpt_widgets.support.argument_checks import require
from hpt_widgets.training.hyperparameters import Hyperparameters, validated

MOST_POINTS: Final = 200
MOST_BYTES: Final = 20_000
MOST_RUNS: Final = 20
"""Runs in one request."""
MOST_FOLDS: Final = 50
LONGEST_MESSAGE: Final = 300
LONGEST_METHOD: Final = 24
LARGEST_TRAINING_SIZE: Final = 10**9
MOST_SECONDS: Final = 1e7
MOST_EPOCHS: Final = 1e6
# What the labs set beside the hyperparameters.
TRAINING_SIZE: Final = "training_size"

_FINGERPRINT = re.compile(r"[0-9a-f]{0,64}")
# The number is the record's own. What tells a trial from others travels as the run's id.
_FIELDS = tuple(f.name for f in dataclasses.fields(Trial) if f.name not in ("number", "uuid"))


@dataclass(frozen=True)
class ClassRun:
    """A student's run as the board takes it.

    Attributes
    ----------
    trial : Trial
        The run. Its number in the student's own record is left out, its learning curve
        is thinned to 200 points, and numbers that are not finite become None.
    data : str, default ""
        The fingerprint of the data; empty where it is not known (a run from a file).
    changed : bool, default False
        Whether settings were changed in mid-run: its values then tell only how it began.
    id : str
        A UUID, the same however often the run is sent; by default one that follows from what
        the trial holds.

    Raises
    ------
    TypeError, ValueError
        If it is no run that a board takes; the message says why.
    """

    trial: Trial
    data: str = ""
    changed: bool = False
    id: str = ""

    def __post_init__(self) -> None:
        require("trial", self.trial, Trial)
        require("data", self.data, str)
        require("changed", self.changed, bool)
        require("id", self.id, str)
        if not _FINGERPRINT.fullmatch(self.data):
            raise ValueError(translate("board.fingerprint", value=self.data))
        object.__setattr__(self, "id", _checked_id(self.id or self.trial.uuid))
        object.__setattr__(self, "trial", _reduced(self.trial, self.id))
        _check_trial(self.trial)

    def to_json(self) -> str:
        """Return the run as JSON, without the ``NaN`` that only Python reads.

        Raises
        ------
        ValueError
            If it has more than 20,000 bytes.
        """
        trial = {name: getattr(self.trial, name) for name in _FIELDS}
        trial["when"] = self.trial.when.isoformat()
        values = {"id": self.id, "data": self.data, "changed": self.changed, "trial": trial}
        text = json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        _check_size(text)
        return text

    @classmethod
    def from_json(cls, text: str) -> ClassRun:
        """Read what `to_json` wrote.

        Parameters
        ----------
        text : str
            JSON of at most 20,000 bytes.

        Raises
        ------
        TypeError, ValueError
            If it is no run that a board takes.
        """
        _check_size(text)
        try:
            return cls.from_dict(json.loads(text, parse_constant=refuse_constant))
        except RecursionError:
            raise ValueError(translate("board.not_a_run", reason="{[{[…")) from None

    @classmethod
    def from_dict(cls, values: Any) -> ClassRun:
        """Read a run that was parsed already; see `from_json`."""
        if not isinstance(values, Mapping) or set(values) != {"id", "data", "changed", "trial"}:
            raise ValueError(translate("board.not_a_run", reason="id, data, changed, trial"))
        given = values["trial"]
        if not isinstance(given, Mapping) or not set(given) <= set(_FIELDS) or "when" not in given:
            raise ValueError(translate("board.not_a_run", reason="trial"))
        if not isinstance(values["id"], str) or not values["id"]:
            raise ValueError(translate("board.run_id", value=values["id"]))
        require("when", given["when"], str)
        trial = Trial(**{**given, "when": datetime.fromisoformat(given["when"])})
        return cls(trial, values["data"], values["changed"], values["id"])


def thinned(points: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    """Return at most 200 points of a curve, evenly spread, the first and the last among them."""
    if len(points) <= MOST_POINTS:
        return points
    places = np.linspace(0, len(points) - 1, MOST_POINTS).round().astype(int)
    return tuple(points[place] for place in places)


def _reduced(trial: Trial, identity: str) -> Trial:
    """Return a trial in the form in which it travels."""
    numbers: dict[str, Any] = {name: _finite(getattr(trial, name)) for name in NUMBER_FIELDS}
    numbers["uuid"] = identity
    curve = [point[:2] for point in trial.history if all(map(math.isfinite, point[:2]))]
    return dataclasses.replace(
        trial,
        number=0,
        fold_scores=tuple(score for score in trial.fold_scores if math.isfinite(score)),
        history=thinned(tuple(curve)),
        message="".join(c if c.isprintable() else " " for c in trial.message[:LONGEST_MESSAGE]),
        **numbers,
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _check_trial(trial: Trial) -> None:
    for name, value in trial.hyperparameters.items():
        _check_hyperparameter(name, value)
    bounds = {"validation_accuracy": 1.0, "seconds": MOST_SECONDS, "epochs_trained": MOST_EPOCHS}
    for name in NUMBER_FIELDS:
        value, most = getattr(trial, name), bounds.get(name, math.inf)
        if value is not None and not 0 <= value <= most:
            raise ValueError(translate("board.out_of_range", name=name, value=value, most=most))
    fits = {
        "fold_scores": len(trial.fold_scores) <= MOST_FOLDS,
        "history": all(len(point) == 2 for point in trial.history),
        "method": len(trial.method) <= LONGEST_METHOD and trial.method.isprintable(),
    }
    for name, fit in fits.items():
        if not fit:
            raise ValueError(translate("board.not_a_run", reason=name))


def _check_hyperparameter(name: str, value: object) -> None:
    if name == TRAINING_SIZE:
        if type(value) is not int or not 1 <= value <= LARGEST_TRAINING_SIZE:
            raise ValueError(translate("board.training_size", value=value))
    elif name not in Hyperparameters.__dataclass_fields__ or validated(name, value) != value:
        raise ValueError(translate("board.unknown_hyperparameter", name=name))


def _checked_id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError(translate("board.run_id", value=text)) from None


def _check_size(text: str) -> None:
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise ValueError(translate("board.too_large", most=MOST_BYTES))


def refuse_constant(name: str) -> float:
    """Raise a ValueError for ``NaN`` and its like, which Python's JSON has and no other."""
    raise ValueError(translate("board.not_a_run", reason=name))
