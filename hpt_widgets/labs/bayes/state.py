"""The game: who has tried what, and what the methods thought before each of their trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.language import translate
from hpt_widgets.search.bayes.duel import (
    N_ROUNDS,
    DuelSettings,
    Samples,
    first_samples,
    run_method,
)
from hpt_widgets.search.bayes.objectives import HiddenObjective, objective_of

SETTINGS: Final = tuple(DuelSettings.__dataclass_fields__)
PLAYERS: Final = ("you", "gaussian_process", "tpe")
# These begin a new game: the hidden function, or where all begin, is another one.
_NEW_GAME: Final = ("objective", "seed")


@dataclass
class DuelState:
    """One game.

    Attributes
    ----------
    settings : DuelSettings
    yours : Samples
        The reader's trials. Those of the methods follow from the settings: where they change in
        mid-game, the methods have played by the new ones from the start.
    round : int
        The round that is looked at, from 0 to `n_rounds`.
    is_revealed : bool
        Whether the objective is shown.
    """

    settings: DuelSettings = field(default_factory=DuelSettings)
    yours: Samples = field(init=False)
    round: int = 0
    is_revealed: bool = False

    def __post_init__(self) -> None:
        self._begin()

    @property
    def objective(self) -> HiddenObjective:
        """What is asked."""
        return objective_of(self.settings.objective)

    @property
    def n_rounds(self) -> int:
        """How many rounds have been played."""
        return self.yours.n_rounds

    @property
    def is_over(self) -> bool:
        """Whether all trials are used."""
        return self.n_rounds == N_ROUNDS

    @property
    def x_range(self) -> NumberRange:
        """Where the objective can be asked, in the hyperparameter's own units."""
        return NumberRange(self.objective.low, self.objective.high)

    def samples(self, player: str) -> Samples:
        """Return the trials of one of `PLAYERS`."""
        if player == "you":
            return self.yours
        return run_method(player, self.settings, self.n_rounds)

    def before(self, player: str) -> Samples | None:
        """Return what a player knew before its trial of the round that is looked at.

        None where there was no such trial yet: a reader is to choose without a hint.
        """
        return self.samples(player).before_round(self.round) if self.round else None

    def ahead(self) -> list[str]:
        """Return the players with the best value; several where they are equal."""
        best = {player: self.samples(player).best for player in PLAYERS}
        return [player for player in PLAYERS if best[player] == max(best.values())]

    def change(self, changes: Mapping[str, Any]) -> None:
        """Check all changes, then make them."""
        for name, value in changes.items():
            if name not in SETTINGS:
                allowed = ", ".join(SETTINGS)
                key = "bayes_lab.unknown_setting"
                raise ValueError(translate(key, name=name, value=value, allowed=allowed))
        before, self.settings = self.settings, replace(self.settings, **changes)
        if any(getattr(before, name) != getattr(self.settings, name) for name in _NEW_GAME):
            self._begin()

    def ask(self, x: float) -> None:
        """Let the reader ask at a value of the hyperparameter; the methods take their turns."""
        name = "learning_rate" if self.objective.is_log else "x"
        checked = self.x_range.check(name, x)
        if self.is_over:
            raise ValueError(translate("bayes_lab.no_trial_left", most=N_ROUNDS))
        self.yours = self.yours.ask(self.objective, self.objective.place_of(checked))
        self.round = self.n_rounds

    def restore(
        self, settings: DuelSettings, places: Sequence[float], *, is_revealed: bool = False
    ) -> None:
        """Play the reader's trials of an earlier game again, at these places from 0 to 1."""
        if len(places) > N_ROUNDS or not all(0 <= place <= 1 for place in places):
            raise ValueError(translate("bayes_lab.no_game", places=list(places), most=N_ROUNDS))
        self.settings = settings
        self._begin()
        for place in places:
            self.yours = self.yours.ask(self.objective, place)
        self.round = self.n_rounds
        self.is_revealed = is_revealed

    def _begin(self) -> None:
        self.yours = first_samples(self.settings)
        self.round = 0
        self.is_revealed = False
