"""What two searches by machine came to on the very task of a class, to be held against it.

The record is trained before the lesson: random search and TPE, several of each, and one setting
with several seeds. Each trial is kept as it lands, so a training that was broken off goes on
where it was.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hpt_widgets.board.page_numbers import page_number
from hpt_widgets.board.reference_place import reference_folder
from hpt_widgets.board.task import Task
from hpt_widgets.board.task_space import space_of
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.language import translate
from hpt_widgets.search.comparison import band_by_trials
from hpt_widgets.search.objective import TrainingObjective
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import DEFAULT_STARTUP_JOBS, Search
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import whole_number

METHODS: Final = ("random", "tpe")
DEFAULT_TRIALS: Final = 40
DEFAULT_REPEATS: Final = 3
DEFAULT_SEEDS: Final = 8
# A class of 2,000 that trains five times each has no more runs. What is beyond is a slip.
MOST_TRIALS: Final = 10_000
MOST_REPEATS: Final = 100
MOST_SEEDS: Final = 1_000
_SEEDS: Final = "seeds"


@dataclass(frozen=True)
class ReferencePlan:
    """How much is trained for a reference record.

    Attributes
    ----------
    trials : int, default 40
        Of each search, from 1 to 10,000.
    repeats : int, default 3
        Searches of each method, which differ in their seed; from 1 to 100.
    seeds : int, default 8
        Trainings of one setting that differ in their seed; from 1 to 1,000.

    Raises
    ------
    ValueError
        If one of them is something else.
    """

    trials: int = DEFAULT_TRIALS
    repeats: int = DEFAULT_REPEATS
    seeds: int = DEFAULT_SEEDS

    def __post_init__(self) -> None:
        ends = {"trials": MOST_TRIALS, "repeats": MOST_REPEATS, "seeds": MOST_SEEDS}
        for name, most in ends.items():
            value = getattr(self, name)
            if not 1 <= (whole_number(value) or 0) <= most:
                values = {"name": name, "value": value, "least": 1, "most": most}
                raise ValueError(translate("board.plan_number", **values))

    @property
    def total(self) -> int:
        """How many trials there are in the end."""
        return self.seeds + self.repeats * len(METHODS) * self.trials


class Reference:
    """The reference record of one task.

    Parameters
    ----------
    folder : Path
        Where the records of all tasks lie.
    task : Task
        The task.
    """

    def __init__(self, folder: Path, task: Task) -> None:
        self.task = task
        self._folder = reference_folder(folder, task)

    def train(
        self,
        data: Dataset,
        plan: ReferencePlan,
        on_trial: Callable[[Trial], object] = lambda _: None,
    ) -> None:
        """Train what the plan lacks.

        Parameters
        ----------
        data : Dataset
            The task's.
        plan : ReferencePlan
            How much.
        on_trial : callable, optional
            Called with each trial.

        Raises
        ------
        ValueError
            If the data are not the task's: the record would be of something else.
        """
        if (found := data_fingerprint(data)) != self.task.data:
            raise ValueError(translate("board.other_data", found=found, wanted=self.task.data))
        objective = TrainingObjective(data, self.task.start)
        self._train_seeds(objective, plan.seeds, on_trial)
        for repeat in range(plan.repeats):
            by_chance = self._search("random", repeat, objective, plan.trials, on_trial)
            self._search("tpe", repeat, objective, plan.trials, on_trial, by_chance)

    def _train_seeds(
        self, objective: TrainingObjective, count: int, on_trial: Callable[[Trial], object]
    ) -> None:
        record = self._record(_SEEDS, 0)
        known = {trial.hyperparameters["seed"] for trial in record}
        for seed in range(count):
            if seed not in known:
                on_trial(record.append(dataclasses.replace(objective({"seed": seed}), number=0)))

    def _search(
        self,
        method: str,
        repeat: int,
        objective: TrainingObjective,
        trials: int,
        on_trial: Callable[[Trial], object],
        by_chance: SearchRecord | None = None,
    ) -> SearchRecord:
        record = self._record(method, repeat)
        # TPE's first trials are the random search's own, and are not trained once more.
        shared = by_chance.trials[: min(trials, DEFAULT_STARTUP_JOBS)] if by_chance else ()
        for trial in shared[len(record) :]:
            on_trial(record.append(dataclasses.replace(trial, method=method, number=0)))
        search = Search(method, space_of(self.task), objective, record=record, seed=repeat)
        return search.run(trials, on_trial=on_trial)

    def _record(self, name: str, repeat: int) -> SearchRecord:
        self._folder.mkdir(parents=True, exist_ok=True)
        return SearchRecord(name, path=self._folder / f"{name}-{repeat}.csv")

    # -- reading -------------------------------------------------------------------------------

    @property
    def state(self) -> tuple[tuple[str, float], ...]:
        """What changes with the files, so that they are read again only then."""
        return tuple((path.name, path.stat().st_mtime) for path in sorted(self._paths("*")))

    def summary(self) -> dict[str, Any] | None:
        """Return the curves of each method and the scatter between seeds, for the page.

        Returns
        -------
        dict or None
            By method ``x``, ``low``, ``mean``, ``high`` (the best validation accuracy so far
            after x trials) and ``repeats``; ``seeds`` has ``deviation`` and ``freedom``. None
            where nothing was trained.
        """
        found: dict[str, Any] = {}
        for method in METHODS:
            records = [r for r in map(SearchRecord.load, self._paths(method)) if len(r)]
            if records:
                found[method] = _curves(records)
        if scatter := self._scatter():
            found[_SEEDS] = scatter
        return found or None

    def _scatter(self) -> dict[str, Any] | None:
        for path in self._paths(_SEEDS):
            scores = [t.validation_accuracy or 0.0 for t in SearchRecord.load(path) if t.usable]
            if len(scores) > 1:
                return {"deviation": statistics.stdev(scores), "freedom": len(scores) - 1}
        return None

    def _paths(self, name: str) -> Iterator[Path]:
        return iter(sorted(self._folder.glob(f"{name}-*.csv")))


def _curves(records: list[SearchRecord]) -> dict[str, Any]:
    band = band_by_trials(records)
    return {
        "x": [int(x) for x in band.x],
        "low": [page_number(value) for value in band.lowest],
        "mean": [page_number(value) for value in band.mean],
        "high": [page_number(value) for value in band.highest],
        "repeats": len(records),
    }
