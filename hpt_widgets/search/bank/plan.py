"""What the trial bank holds: its search space, its parts, and what is trained next.

A replayed random search, successive halving or Hyperband draws among settings that were trained
before. For that to be fair, what is trained must not depend on how it turns out: all random
settings are drawn first, and those of them that are trained for longer as well. The article's
grid is trained whole. TPE proposes from what it has seen, so whole sequences of its proposals
are trained, each on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Final, Literal

from hpt_widgets.search.objective import Objective
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import DEFAULT_STARTUP_JOBS, Search
from hpt_widgets.search.space import ARTICLE_SPACE, Choice, LogUniform, SearchSpace, Uniform
from hpt_widgets.search.trial import Trial, plain_value

Part = Literal["random", "grid", "tpe"]

N_RANDOM: Final = 384
"""Settings that were drawn at random."""
N_LONG: Final = 128
"""How many of these, each third one, are trained for `LONG_EPOCHS`."""
EPOCHS: Final = 9
LONG_EPOCHS: Final = 27
N_REPEATS: Final = 3
"""Trainings of a setting, each with a seed of its own."""
N_SEQUENCES: Final = 20
"""Runs of TPE."""
SEQUENCE_TRIALS: Final = 40
"""Proposals of one of them."""
BLOCK: Final = 16
"""Random settings that are trained between two sequences of TPE."""
DRAW_SEED: Final = 0
ROUNDED_TO: Final = 4
"""Significant digits of the random settings, which would fill the file with many more."""

BANK_SPACE: Final = SearchSpace(
    (
        LogUniform("learning_rate", 1e-4, 1.0),
        Choice("batch_size", (32, 64, 128, 256)),
        Uniform("dropout_rate", 0.0, 0.8),
        Choice("hidden_units", ((16, 8), (32, 16), (64, 32))),
        Choice("optimizer", ("sgd", "momentum", "rmsprop", "adam")),
        LogUniform("weight_decay", 1e-5, 1e-1),
    )
)
"""Where the random settings are drawn from, and where TPE looks."""

GRID_REST: Final = {"hidden_units": (64, 32), "optimizer": "adam", "weight_decay": 0.0}
"""What the article's grid does not vary."""

# A training's seed says which row it is: that of the first setting of each part.
FIRST_SEEDS: Final[dict[Part, int]] = {"random": 0, "grid": 10_000, "tpe": 20_000}


@dataclass(frozen=True)
class RowKey:
    """Which training of the bank it is.

    Attributes
    ----------
    part : {"random", "grid", "tpe"}
        What proposed the setting.
    number : int
        The setting's number in its part, from 0. TPE's sequence ``s`` has those from ``40 * s``.
    repeat : int
        From 0: a setting is trained several times, with seeds of its own.
    """

    part: Part
    number: int
    repeat: int

    @property
    def seed(self) -> int:
        """The seed of the training."""
        return FIRST_SEEDS[self.part] + N_REPEATS * self.number + self.repeat

    @property
    def epochs(self) -> int:
        """How long it is trained."""
        is_third = self.part == "random" and self.number % (N_RANDOM // N_LONG) == 0
        return LONG_EPOCHS if is_third or self.part == "grid" else EPOCHS

    @classmethod
    def of_seed(cls, seed: int) -> RowKey:
        """Return the row whose training has this seed."""
        part = max((first, part) for part, first in FIRST_SEEDS.items() if first <= seed)[1]
        return cls(part, *divmod(seed - FIRST_SEEDS[part], N_REPEATS))


@cache
def random_settings() -> tuple[dict[str, Any], ...]:
    """Return the settings drawn at random, by scikit-learn's ``ParameterSampler``."""
    from sklearn.model_selection import ParameterSampler

    drawn = ParameterSampler(BANK_SPACE.distributions(), N_RANDOM, random_state=DRAW_SEED)
    return tuple(rounded({name: values[name] for name in BANK_SPACE.names}) for values in drawn)


@cache
def grid_settings() -> tuple[dict[str, Any], ...]:
    """Return the article's 27 points, in scikit-learn's order."""
    from sklearn.model_selection import ParameterGrid

    return tuple({**point, **GRID_REST} for point in ParameterGrid(ARTICLE_SPACE.grid()))


def rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a setting with its numbers rounded to `ROUNDED_TO` digits."""
    plain: dict[str, Any] = plain_value(values)
    return {
        name: float(f"{value:.{ROUNDED_TO}g}") if isinstance(value, float) else value
        for name, value in plain.items()
    }


class BankPlan:
    """Proposes the trainings that a record still lacks, those that matter most first.

    It proposes to `search.cluster_search.ClusterSearch` as a `Search` does, or to a loop.

    Parameters
    ----------
    objective : callable
        Trains a setting.
    record : SearchRecord
        What has been trained; a training is recognised by its seed.
    """

    method = "bank"

    def __init__(self, objective: Objective, record: SearchRecord) -> None:
        self.objective = objective
        self.record = record

    @property
    def n_trials(self) -> int:
        """How many trainings the record holds."""
        return len(self.record)

    def propose(self, under_way: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any] | None:
        """Return what is to be trained next.

        Parameters
        ----------
        under_way : iterable of mappings
            What is being trained at present.

        Returns
        -------
        dict of str to value, or None
            A setting with ``epochs`` and ``seed``; None where all is trained or under way.
        """
        running = {int(values["seed"]) for values in under_way}
        held = {
            int(trial.hyperparameters["seed"]): trial
            for trial in self.record
            if trial.ended != "failed"
        }
        for key, values in self._rows(held, running):
            if key.seed not in held and key.seed not in running:
                return {**values, "epochs": key.epochs, "seed": key.seed}
        return None

    def _rows(
        self, held: Mapping[int, Trial], running: set[int]
    ) -> Iterator[tuple[RowKey, dict[str, Any]]]:
        # Broken off after any of these lines, it is a smaller bank, and a fair one: what comes
        # first does not depend on how it turned out.
        for first in range(0, N_RANDOM, BLOCK):
            yield from _repeat("random", 0, range(first, first + BLOCK))
            if first == 0:
                yield from _repeat("grid", 0)
            if first // BLOCK < N_SEQUENCES:
                yield from self._next_of_tpe(first // BLOCK, held, running)
        for repeat in range(1, N_REPEATS):
            yield from _repeat("grid", repeat)
            yield from _repeat("random", repeat)
        for sequence in range(N_SEQUENCES):
            yield from _incumbents(sequence, held)

    def _next_of_tpe(
        self, sequence: int, held: Mapping[int, Trial], running: set[int]
    ) -> Iterator[tuple[RowKey, dict[str, Any]]]:
        """Yield the sequence's next proposal, unless one is under way, or it is at its end."""
        done = _trials_of(sequence, held)
        key = _tpe_key(sequence, len(done))
        if len(done) < SEQUENCE_TRIALS and key.seed not in running:
            record = SearchRecord("tpe")
            search = Search(
                "tpe",
                BANK_SPACE,
                self.objective,
                record=record,
                seed=sequence,
                n_startup_jobs=DEFAULT_STARTUP_JOBS,
            )
            for trial in done:
                record.append(
                    Trial(
                        trial.hyperparameters,
                        "tpe",
                        validation_accuracy=trial.validation_accuracy,
                        ended=trial.ended,
                    )
                )
            proposal = search.propose()
            if proposal is not None:
                # As it was drawn: the search recognises its own proposals by their values.
                yield key, proposal


def _repeat(
    part: Part, repeat: int, numbers: Iterable[int] | None = None
) -> Iterator[tuple[RowKey, dict[str, Any]]]:
    settings = random_settings() if part == "random" else grid_settings()
    for number in range(len(settings)) if numbers is None else numbers:
        yield RowKey(part, number, repeat), settings[number]


def _incumbents(
    sequence: int, held: Mapping[int, Trial]
) -> Iterator[tuple[RowKey, dict[str, Any]]]:
    """Yield the further trainings of what was the best so far in a whole sequence."""
    trials = _trials_of(sequence, held)
    if len(trials) < SEQUENCE_TRIALS:
        return
    scores = [(trial.validation_accuracy or 0.0) if trial.usable else 0.0 for trial in trials]
    for place, (score, before) in enumerate(
        zip(scores, [0.0, *accumulate(scores, max)], strict=False)
    ):
        if score > before:
            values = {name: trials[place].hyperparameters[name] for name in BANK_SPACE.names}
            for repeat in range(1, N_REPEATS):
                yield RowKey("tpe", sequence * SEQUENCE_TRIALS + place, repeat), values


def _tpe_key(sequence: int, place: int) -> RowKey:
    return RowKey("tpe", sequence * SEQUENCE_TRIALS + place, 0)


def _trials_of(sequence: int, held: Mapping[int, Trial]) -> list[Trial]:
    """Return a sequence's trials, as far as they follow one another without a gap."""
    found = []
    for place in range(SEQUENCE_TRIALS):
        trial = held.get(_tpe_key(sequence, place).seed)
        if trial is None:
            break
        found.append(trial)
    return found
