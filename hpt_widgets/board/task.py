"""What a class tunes together: the data, what is given, and what is free."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.language import LANGUAGES, texts_of, translate
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import items_of, require, require_text, whole_number
from hpt_widgets.training.hyperparameters import Hyperparameters, completed, validated

LONGEST_NAME: Final = 60
# The epochs are the budget of a run, and the seed has a rule of its own.
FREE_CHOICES: Final = tuple(
    name for name in Hyperparameters.__dataclass_fields__ if name not in ("epochs", "seed")
)
DEFAULT_FREE: Final = ("learning_rate", "batch_size", "dropout_rate")
_KEY_DIGITS: Final = 16
# A spreadsheet that has saved a file may have rounded one of the two.
_ROUNDING: Final = 1e-4


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a class tunes together. Runs of one task may be compared; others stand apart.

    Attributes
    ----------
    data : str
        The fingerprint of the data that are trained on; see `fingerprint.data_fingerprint`.
    training_size : int
        How many training samples they have.
    name : str
        What the projector's page calls it, at most 60 characters.
    epochs : int, default 1
        Epochs of every run.
    seed : int or None, default None
        The seed of every run; None lets each run have its own.
    free : tuple of str, default ("learning_rate", "batch_size", "dropout_rate")
        The hyperparameters that are tuned; any but ``epochs`` and ``seed``.
    others : Hyperparameters
        The values of all that is not free. What it says of free hyperparameters, of the
        epochs and of the seed is not used.

    Raises
    ------
    TypeError, ValueError
        If a field holds something else; the message names it.
    """

    data: str
    training_size: int
    name: str
    epochs: int = 1
    seed: int | None = None
    free: tuple[str, ...] = DEFAULT_FREE
    others: Hyperparameters = field(default_factory=Hyperparameters)

    def __post_init__(self) -> None:
        require_text("data", self.data)
        if (whole_number(self.training_size) or 0) < 1:
            raise ValueError(translate("board.training_size", value=self.training_size))
        require_text("name", self.name)
        if len(self.name) > LONGEST_NAME or not self.name.isprintable():
            raise ValueError(translate("board.task_name", value=self.name, most=LONGEST_NAME))
        validated("epochs", self.epochs)
        if self.seed is not None:
            validated("seed", self.seed)
        require("others", self.others, Hyperparameters)
        object.__setattr__(self, "free", _checked_free(self.free))
        # Two tasks that differ in nothing that counts are equal.
        fixed = {
            name: value for name, value in self.others.to_dict().items() if name in self.fixed_names
        }
        object.__setattr__(self, "others", Hyperparameters(**fixed))  # type: ignore[arg-type]

    @property
    def shown_name(self) -> str:
        """Its name; that which a task has without one is said in the present language."""
        by_default = default_names()
        return translate("board.page_default_task") if self.name in by_default else self.name

    @property
    def fixed_names(self) -> tuple[str, ...]:
        """The hyperparameters that every run has to leave at the task's value."""
        return tuple(name for name in FREE_CHOICES if name not in self.free)

    @property
    def start(self) -> Hyperparameters:
        """Settings that belong to the task, to begin with."""
        return self.others.replace(epochs=self.epochs, seed=self.seed or 0)

    @property
    def key(self) -> str:
        """The same 16 digits for tasks whose runs may be compared, whatever they are called."""
        values = self.to_dict()
        del values["name"]
        text = json.dumps(values, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS]

    def difference(self, run: ClassRun) -> str:
        """Return what keeps a run from being compared with those of the task.

        Parameters
        ----------
        run : ClassRun
            Any run.

        Returns
        -------
        str
            ``"data"``, ``"changed"`` (settings were changed in mid-run), ``"ended"`` (it was
            stopped or failed before its epochs were over), ``"curve"`` (its accuracy is not the
            last of its curve, as that of a lab always is, or it has no curve) or the name of a
            hyperparameter; empty where nothing does.
        """
        values = completed(run.trial.hyperparameters)
        if run.data != self.data:
            # A file of runs does not say on which data; the number of samples has to do.
            known = values.get("training_size", self.training_size)
            if run.data or known != self.training_size:
                return "data"
        if run.changed:
            return "changed"
        if run.trial.ended not in ("finished", "diverged"):
            return "ended"
        if not _is_end_of_its_curve(run.trial):
            return "curve"
        for name in (*FREE_CHOICES, "epochs", "seed"):
            if name not in values:
                return name
        wanted = {name: getattr(self.others, name) for name in self.fixed_names}
        wanted["epochs"] = self.epochs
        if self.seed is not None:
            wanted["seed"] = self.seed
        return next((name for name, value in wanted.items() if values[name] != value), "")

    def to_dict(self) -> dict[str, Any]:
        """Return the task as values that JSON can say."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        # As version 0.1 wrote them, where what it did not have is at its default.
        others = self.others.to_record()
        values["others"] = {name: others[name] for name in self.fixed_names if name in others}
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Task:
        """Return the task that `to_dict` gave.

        Raises
        ------
        TypeError, ValueError
            If it is none.
        """
        require("task", values, Mapping)
        names = {f.name for f in dataclasses.fields(cls)}
        if unknown := set(values) - names:
            raise ValueError(translate("board.unknown_field", name=min(map(str, unknown))))
        others = values.get("others", {})
        require("others", others, Mapping)
        given = {**values, "others": Hyperparameters().replace(**others)}
        return cls(**given)


def default_names() -> tuple[str, ...]:
    """Return what a task without a name of its own is called in each language."""
    text = texts_of("board")["page_default_task"]
    return tuple(getattr(text, language) for language in LANGUAGES)


def _is_end_of_its_curve(trial: Trial) -> bool:
    """Return whether an accuracy, where there is one, is that at the end of a curve.

    A mean over folds is not: a task compares single trainings, each of which has a curve.
    """
    accuracy = trial.validation_accuracy
    if accuracy is None:
        return True
    is_single = bool(trial.history) and not trial.fold_scores
    return is_single and abs(accuracy - trial.history[-1][1]) <= _ROUNDING


def _checked_free(free: object) -> tuple[str, ...]:
    names = items_of(free)
    if not names or not all(name in FREE_CHOICES for name in names):
        allowed = ", ".join(FREE_CHOICES)
        raise ValueError(translate("board.free", value=free, allowed=allowed))
    # Their order says nothing.
    return tuple(name for name in FREE_CHOICES if name in names)
