"""The state of the bank lab, without a screen: what is compared, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.language import translate
from hpt_widgets.search.bank.plan import EPOCHS, SEQUENCE_TRIALS
from hpt_widgets.search.bank.replay import (
    MAX_EPOCHS,
    MEASURES,
    N_RESAMPLINGS,
    SEED_COUNTS,
    STRATEGIES,
    Measure,
    Replay,
    Strategy,
    budgets_of,
    first_shares,
    mean_band,
    replay,
    seeds_needed,
)
from hpt_widgets.search.bank.table import FloatArray, TrialBank
from hpt_widgets.support.argument_checks import (
    not_allowed,
    require_choice,
    require_items,
    require_whole_number,
    whole_number,
)

UNITS: Final = ("trials", "epochs")
N_TRIALS: Final = NumberRange(2, SEQUENCE_TRIALS, whole=True)
N_SEEDS: Final = NumberRange(1, SEED_COUNTS[-1], whole=True)
SEEDS: Final = NumberRange(0, 10**6, whole=True)
NUMBERS: Final = {"n_trials": N_TRIALS, "n_seeds": N_SEEDS, "seed": SEEDS}
RESAMPLINGS: Final = NumberRange(10, 20_000, whole=True)


@dataclass(frozen=True)
class BankSettings:
    """All that a reader chooses.

    Attributes
    ----------
    strategies : tuple of str
        What is compared, in the order of `STRATEGIES`.
    max_epochs : {9, 27}
        The longest training.
    n_trials : int
        The budget, in trainings of that length.
    measure : {"seen", "retrained"}
        What the search saw, or what other trainings of its winner come to.
    n_seeds : int
        Searches of each strategy that are compared.
    unit : {"trials", "epochs"}
        Of the axis of budgets.
    seed : int
        Of the draws.
    """

    strategies: tuple[Strategy, ...] = STRATEGIES
    max_epochs: int = EPOCHS
    n_trials: int = 20
    measure: Measure = "seen"
    n_seeds: int = 1
    unit: str = "trials"
    seed: int = 0


SETTINGS: Final = tuple(BankSettings.__dataclass_fields__)


@dataclass(frozen=True)
class Summary:
    """What is drawn and said of one strategy.

    Attributes
    ----------
    mean, low, high : ndarray of float, shape (n_budgets,)
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Comparison:
    """What the replays came to, for one choice of settings.

    Attributes
    ----------
    settings : BankSettings
    replays : dict of str to Replay
        Of the strategies for which the bank has enough.
    """

    settings: BankSettings
    replays: dict[Strategy, Replay]

    @property
    def budgets(self) -> FloatArray:
        """In the unit of the axis."""
        chosen = self.settings
        scale = chosen.max_epochs if chosen.unit == "trials" else 1
        return budgets_of(chosen.n_trials, chosen.max_epochs) / scale

    @cached_property
    def summaries(self) -> dict[Strategy, Summary]:
        """What is drawn of each strategy."""
        settings = self.settings
        return {
            name: Summary(*mean_band(found.values, settings.n_seeds, settings.seed))
            for name, found in self.replays.items()
        }

    @cached_property
    def rivals(self) -> tuple[Strategy, ...]:
        """Those that last to the end of the budget."""
        return tuple(name for name, found in self.replays.items() if not found.is_used_up)

    @property
    def winner(self) -> Strategy | None:
        """The one of the highest mean at the end of the budget; None without two rivals."""
        if len(self.rivals) < 2:
            return None
        return max(self.rivals, key=lambda name: float(self.replays[name].finals.mean()))

    @cached_property
    def shares(self) -> dict[Strategy, FloatArray]:
        """In which share of comparisons each comes first, for each of `SEED_COUNTS`."""
        if len(self.rivals) < 2:
            return {}
        table = np.array([self._shares_of(count) for count in SEED_COUNTS])
        return {name: table[:, place] for place, name in enumerate(self.rivals)}

    @cached_property
    def winners_share(self) -> float | None:
        """In which share of comparisons of `n_seeds` searches each the winner comes first."""
        winner = self.winner
        if winner is None:
            return None
        return float(self._shares_of(self.settings.n_seeds)[self.rivals.index(winner)])

    @property
    def seeds_needed(self) -> int | None:
        """From how many seeds on the winner comes first in 95 % of comparisons."""
        winner = self.winner
        return None if winner is None else seeds_needed(self.shares[winner].tolist())

    def _shares_of(self, n_seeds: int) -> FloatArray:
        finals = [self.replays[name].finals for name in self.rivals]
        return first_shares(finals, n_seeds, self.settings.seed)


@dataclass
class BankState:
    """The bank, the settings, and what has been replayed so far.

    Attributes
    ----------
    bank : TrialBank
    n_resamplings : int
        Replays of a strategy.
    settings : BankSettings
    """

    bank: TrialBank
    n_resamplings: int = N_RESAMPLINGS
    settings: BankSettings = field(default_factory=BankSettings)
    _kept: dict[tuple[Any, ...], Replay | None] = field(default_factory=dict)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Check all changes, then make them."""
        for name, value in changes.items():
            if name not in SETTINGS:
                allowed = ", ".join(SETTINGS)
                key = "bank_lab.unknown_setting"
                raise ValueError(translate(key, name=name, value=value, allowed=allowed))
        self.settings = replace(self.settings, **{n: _checked(n, v) for n, v in changes.items()})

    def compare(self) -> Comparison:
        """Replay what has not been replayed with these settings yet."""
        found = {name: self._replay(name) for name in self.settings.strategies}
        return Comparison(self.settings, {name: r for name, r in found.items() if r is not None})

    def _replay(self, strategy: Strategy) -> Replay | None:
        chosen = self.settings
        asked = (strategy, chosen.max_epochs, chosen.n_trials, chosen.measure, chosen.seed)
        if asked not in self._kept:
            if len(self._kept) > len(STRATEGIES) * 4:
                self._kept.clear()
            self._kept[asked] = replay(
                self.bank,
                strategy,
                max_epochs=chosen.max_epochs,
                n_trials=chosen.n_trials,
                measure=chosen.measure,
                n_resamplings=self.n_resamplings,
                seed=chosen.seed,
            )
        return self._kept[asked]


def _checked(name: str, value: Any) -> Any:
    """Return a setting in its stored form, or raise."""
    if name == "strategies":
        return _strategies(value)
    if name == "max_epochs":
        number = whole_number(value)
        if number not in MAX_EPOCHS:
            options = ", ".join(map(str, MAX_EPOCHS))
            raise ValueError(not_allowed(name, value, "checks.choice", options=options))
        return number
    if name == "measure":
        return require_choice(name, value, MEASURES)
    if name == "unit":
        return require_choice(name, value, UNITS)
    return require_whole_number(name, value, *ends(NUMBERS[name]))


def _strategies(value: Any) -> tuple[Strategy, ...]:
    names = (value,) if isinstance(value, str) else require_items("strategies", value)
    chosen = {require_choice("strategies", name, STRATEGIES) for name in names}
    if not chosen:
        options = ", ".join(STRATEGIES)
        raise ValueError(not_allowed("strategies", value, "checks.choices", options=options))
    return tuple(name for name in STRATEGIES if name in chosen)


def ends(allowed: NumberRange) -> tuple[int, int]:
    """Return the least and the most of a range of whole numbers."""
    return int(allowed.minimum), int(allowed.maximum)
