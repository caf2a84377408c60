"""The trainings that claims are judged by, and the files that keep what they came to."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.missing_trials import Settings, train_missing
from hpt_widgets.training.hyperparameters import Hyperparameters

if TYPE_CHECKING:
    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.training.randomness import Seeds
    from hpt_widgets.training.samples import TrainingSamples
    from hpt_widgets.training.session import TrainingSession

FOLDER: Final = Path(__file__).with_name("results")
FACTS: Final = FOLDER / "facts.json"
"""Of each experiment, on what machine, when and with which versions it was run."""
SUBSET: Final = ("training_size", "subset_seed")
"""What a setting has beside hyperparameters: how many training digits, and which ones."""


@dataclass(frozen=True)
class Experiment:
    """A list of trainings.

    Attributes
    ----------
    name : str
        That of its file in ``results/``.
    settings : callable
        Gives the settings of each training: hyperparameters by name, with the seed, and
        ``training_size`` (50,000 by default) and ``subset_seed`` (0) for the digits.
    minutes : float
        How long all of it takes on two cores.
    train : callable, optional
        Takes the data and the settings of one training and returns its `Trial`; `train_once`
        by default.
    """

    name: str
    settings: Callable[[], Iterator[Settings]]
    minutes: float
    train: Callable[[Dataset, Settings], Trial] | None = None

    @property
    def path(self) -> Path:
        """Where its results are kept."""
        return FOLDER / f"{self.name}.csv"

    def load(self) -> SearchRecord:
        """Return the stored results, one trial for each training.

        Raises
        ------
        OSError
            If they are missing.
        """
        return _stored(self.path)

    def facts(self) -> dict[str, Any]:
        """Return on what machine, when and with which versions they were stored."""
        found: dict[str, dict[str, Any]] = json.loads(FACTS.read_text(encoding="utf-8"))
        return found[self.name]

    def run(
        self,
        record: SearchRecord | None = None,
        *,
        on_trial: Callable[[Trial], object] | None = None,
    ) -> SearchRecord:
        """Train what is not in the record yet, two at a time.

        Parameters
        ----------
        record : SearchRecord, optional
            Where the trials go. A new one by default.
        on_trial : callable, optional
            Called with each trial after it was recorded, on the thread that trained it.

        Returns
        -------
        SearchRecord
        """
        from hpt_widgets.data.mnist import load_mnist

        record = SearchRecord(self.name) if record is None else record
        train_on = partial(self.train or train_once, load_mnist())
        train_missing(
            self.settings(),
            lambda settings, _is_stopped: train_on(settings),
            record,
            key=settings_key,
            name="hpt-claims",
            on_trial=on_trial,
        )
        return record


def train_once(data: Dataset, settings: Settings, seeds: Seeds | None = None) -> Trial:
    """Train one setting, and measure it once, at its end.

    Parameters
    ----------
    data : Dataset
        MNIST.
    settings : dict of str to value
        As for `Experiment`.
    seeds : Seeds, optional
        For each kind of chance in the training; all are the seed of the settings by default.

    Returns
    -------
    Trial
        Its history is empty; one that diverged has no accuracy.
    """
    return train_and_watch(data, settings, lambda _session, _samples: (), seeds)


def train_and_watch(
    data: Dataset,
    settings: Settings,
    watch: Callable[[TrainingSession, TrainingSamples], Iterable[tuple[float, float]]],
    seeds: Seeds | None = None,
) -> Trial:
    """Train one setting, and measure it at its end and wherever a watcher does.

    Parameters
    ----------
    data, settings, seeds
        As for `train_once`.
    watch : callable
        Takes the session and the samples that it is trained on, each time that some steps have
        been made, and returns what the history of the trial goes on with.

    Returns
    -------
    Trial
    """
    from hpt_widgets.training.samples import TrainingSamples
    from hpt_widgets.training.session import TrainingSession

    chosen = subset(data, settings)
    samples = TrainingSamples.from_split(chosen.splits["train"], data.n_classes)
    held_out = TrainingSamples.from_split(data.splits["validation"], data.n_classes).train
    session = TrainingSession(samples, hyperparameters_of(settings), seeds)
    history: list[tuple[float, float]] = []
    try:
        while session.ended is None:
            session.advance()
            history.extend(watch(session, samples))
        run = session.result(validation=held_out)
    finally:
        session.suspend()
    trial = Trial.from_run(run, method="claim", hyperparameters=settings)
    return dataclasses.replace(trial, history=tuple(history))


def subset(data: Dataset, settings: Mapping[str, Any]) -> Dataset:
    """Return the training digits that settings name; all others stay."""
    size = settings.get("training_size", len(data.y_train))
    if size == len(data.y_train):
        return data
    return data.take(size, seed=settings.get("subset_seed", 0))


def hyperparameters_of(settings: Mapping[str, Any]) -> Hyperparameters:
    """Return the hyperparameters among settings."""
    return Hyperparameters(
        **{name: value for name, value in settings.items() if name not in SUBSET}
    )


@cache
def _stored(path: Path) -> SearchRecord:
    return SearchRecord.load(path)


def settings_key(settings: Mapping[str, Any]) -> frozenset[tuple[str, Any]]:
    """Return what tells settings from others, in whatever order they stand."""
    return frozenset(settings.items())
