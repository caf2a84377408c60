"""What a project's log tells: its plan, fits, searches, comparisons, choices, openings, claims."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hpt_widgets.project.log_file import Entry, Reading
from hpt_widgets.training.hyperparameters import completed

BASELINE: Final = "baseline"
# What does not belong to a setting: it is how often it is repeated.
REPEATED: Final = "seed"
# A budget is the reader's own number, and is written as that.
BUDGET_DIGITS: Final = 9
REPORT_PARTS: Final = ("author", "conclusion")
"""What a report has in its reader's own words; the log says whether each was there."""


@dataclass(frozen=True)
class History:
    """The entries of a log by their kinds, in their order.

    Attributes
    ----------
    reading : Reading
        All that the log holds, and what is wrong with it.
    """

    reading: Reading

    def entries(self, *kinds: str) -> list[Entry]:
        """Return the entries of these kinds."""
        return [entry for entry in self.reading.entries if entry.kind in kinds]

    @property
    def begin(self) -> Entry | None:
        """How the project was begun; None in an empty log."""
        return next(iter(self.entries("begin")), None)

    @property
    def has_early_rules(self) -> bool:
        """Whether the log was begun before logs named their version, when the check asked for less.

        What was right to readers of such a log stays right.
        """
        return self.begin is not None and "version" not in self.begin.content

    @property
    def plan(self) -> dict[str, Any]:
        """Question and budget as they stand now."""
        plan: dict[str, Any] = {}
        # A project begins once: whatever else calls itself a beginning was added by hand.
        for entry in [*self.entries("begin")[:1], *self.entries("changed")]:
            plan |= {name: entry.content.get(name) for name in ("question", "budget")}
        return plan

    @property
    def n_train(self) -> int:
        """Samples in the training split."""
        return int(self.begin.content["sizes"]["train"]) if self.begin else 0

    @property
    def spent_samples(self) -> int:
        """What all fits have cost, in samples."""
        return sum(max(entry.content["samples"], 0) for entry in self.entries("fit"))

    @property
    def spent(self) -> float:
        """What all fits have cost, in epochs over the whole training split."""
        return self.spent_samples / self.n_train if self.n_train else 0.0

    def fits_of(self, **wanted: Any) -> list[Entry]:
        """Return the fits that have these values, such as ``strategy="baseline"``."""
        return [
            entry
            for entry in self.entries("fit")
            if all(entry.content.get(name) == value for name, value in wanted.items())
        ]

    def searches_of(self, setting: str) -> list[str]:
        """Return the keys of the searches that tried a setting."""
        keys = {
            entry.content["search"]: None
            for entry in self.entries("fit")
            if entry.content.get("search") and setting_key(settings_of(entry)) == setting
        }
        return list(keys)


def settings_of(entry: Entry) -> dict[str, Any]:
    """Return the hyperparameters of an entry."""
    found = entry.content.get("hyperparameters")
    return dict(found) if isinstance(found, Mapping) else {}


def setting_key(hyperparameters: Mapping[str, Any]) -> str:
    """Return what all repeats of a setting have in common: everything but the seed.

    A log leaves out what has its default and was not there in version 0.1.
    """
    kept = {name: value for name, value in completed(hyperparameters).items() if name != REPEATED}
    return json.dumps(kept, sort_keys=True)


def planned_samples(entry: Entry) -> int:
    """Return how many samples a fit was to be trained on, even if it diverged before."""
    return int(settings_of(entry).get("epochs", 0)) * int(entry.content["training_size"])


def is_whole(fit: Entry) -> bool:
    """Return whether a fit went to its end: one that the reader broke off says nothing."""
    return fit.content["ended"] in ("finished", "diverged")


def accuracies(entries: Iterable[Entry]) -> list[float]:
    """Return the validation accuracies of fits; one that diverged counts as 0."""
    return [
        float(entry.content["validation_accuracy"] or 0.0)
        if entry.content["ended"] != "diverged"
        else 0.0
        for entry in entries
    ]


def written_epochs(number: float, digits: int = 4) -> str:
    """Write a number of epochs with so many digits that count, all before the point among them."""
    digits = max(digits, len(str(int(number))) + 1)
    return f"{number:,.{digits}g}"


def written_spending(spent: float, budget: float) -> dict[str, str]:
    """Write what was spent and the budget, so that what is more looks like more."""
    for digits in (4, 6, 9, 17):
        texts = written_epochs(spent, digits), written_epochs(budget, max(digits, BUDGET_DIGITS))
        shown = [float(text.replace(",", "")) for text in texts]
        if (shown[0] <= shown[1]) == (spent <= budget):
            break
    return {"spent": texts[0], "budget": texts[1]}
