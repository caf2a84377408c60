"""The bank lab: search strategies compared over thousands of replays."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.labs.bank.controls import BankActions
from hpt_widgets.labs.bank.picture import draw_comparison
from hpt_widgets.labs.bank.state import (
    RESAMPLINGS,
    SEEDS,
    BankSettings,
    BankState,
    Comparison,
    ends,
)
from hpt_widgets.labs.bank.view import BankView
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.language import translate
from hpt_widgets.search.bank.replay import N_RESAMPLINGS, STRATEGIES, Strategy
from hpt_widgets.search.bank.table import FloatArray, TrialBank, shipped_bank
from hpt_widgets.support.argument_checks import (
    not_allowed,
    require,
    require_choice,
    require_whole_number,
)

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


class BankLab(Lab):
    """Search strategies, replayed thousands of times on trainings that were made once.

    Random search (with its budget, and with twice that), successive halving and Hyperband draw
    settings from the trial bank without replacement. The article's grid and runs of TPE are
    replayed as they were trained. Everything that a reader does on the screen, a method does
    without one.

    Parameters
    ----------
    bank : TrialBank, optional
        What to replay. Default: the one that the package brings along, of which
        ``hpt.load_trial_bank()`` returns all trials.
    n_resamplings : int, default 2000
        Replays of a strategy, 10 to 20,000.
    **settings
        Anything that `set` takes.

    Attributes
    ----------
    view : BankView
        The widgets and charts.

    Raises
    ------
    ValueError, TypeError
        If an argument is not known or not allowed.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> lab = hpt.BankLab(strategies=("random", "hyperband"), n_trials=10)
    >>> lab.settings.n_trials
    10
    """

    view: BankView

    def __init__(
        self, bank: TrialBank | None = None, n_resamplings: int = N_RESAMPLINGS, **settings: Any
    ) -> None:
        if bank is not None:
            require("bank", bank, TrialBank)
        count = require_whole_number("n_resamplings", n_resamplings, *ends(RESAMPLINGS))
        self._state = BankState(shipped_bank() if bank is None else bank, count)
        self._state.change(settings)
        self._comparison = self._state.compare()
        # While a cell sets it, clicks come from another thread.
        self._lock = threading.RLock()
        super().__init__()

    # -- what a reader can do, with or without a screen ------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change settings.

        Parameters
        ----------
        strategies : str or sequence of str
            What is compared: ``"random"``, ``"random_twice"``, ``"halving"``, ``"hyperband"``,
            ``"grid"``, ``"tpe"``.
        max_epochs : {9, 27}
            The longest training. TPE's trials have 9.
        n_trials : int
            The budget, in trainings of that length: 2 to 40.
        measure : {"seen", "retrained"}
            What the search has measured of its best setting, or the mean of other trainings of
            it, in full.
        n_seeds : int
            Searches of each strategy that are compared, 1 to 100.
        unit : {"trials", "epochs"}
            Of the axis of budgets.
        seed : int
            Of the draws.

        Raises
        ------
        ValueError, TypeError
            If a change is not known or not allowed; then nothing changes.
        """
        self._require_open()
        with self._lock:
            before = self._state.settings
            self._state.change(changes)
            if before != self._state.settings:
                self._comparison = self._state.compare()
            self.view.draw(self._state, self._comparison)

    @property
    def settings(self) -> BankSettings:
        """The settings in use."""
        return self._state.settings

    @property
    def comparison(self) -> Comparison:
        """What the replays came to, with the settings in use."""
        return self._comparison

    @property
    def winner(self) -> str | None:
        """The strategy of the highest mean at the end of the budget; None without two rivals."""
        return self._comparison.winner

    @property
    def seeds_needed(self) -> int | None:
        """From how many seeds on the winner comes first in 95 % of comparisons; None if never."""
        return self._comparison.seeds_needed

    def curve(self, strategy: str) -> FloatArray:
        """Return the mean best so far of a strategy.

        Parameters
        ----------
        strategy : str
            One that is compared.

        Returns
        -------
        ndarray of float, shape (n_budgets, 2)
            Budgets, in the unit of the axis, and accuracies; nan where there is none.

        Raises
        ------
        ValueError
            If it is not compared, or the bank has not enough for it.
        """
        name = require_choice("strategy", strategy, STRATEGIES)
        found = self._comparison.summaries.get(name)
        if found is None:
            options = ", ".join(self._comparison.replays)
            raise ValueError(not_allowed("strategy", strategy, "checks.choice", options=options))
        return np.stack([self._comparison.budgets, found.mean], axis=1)

    def redraw(self) -> None:
        """Replay everything with other draws: with the next seed, and after the last the first."""
        with self._lock:
            self.set(seed=(self.settings.seed + 1) % (int(SEEDS.maximum) + 1))

    # -- the view --------------------------------------------------------------------------------

    def _complete(self) -> None:
        self.view.draw(self._state, self._comparison)

    def _build(self) -> BankView:
        actions = BankActions(
            on_change=lambda **changes: self.set(**changes),
            on_strategy=lambda name, is_on: self._on_strategy(name, is_on),
            on_button=lambda name: getattr(self, name)(),
        )
        return BankView(self._state, actions)

    def _on_strategy(self, name: Strategy, is_on: bool) -> None:
        with self._lock:
            chosen = [one for one in self.settings.strategies if one != name]
            if not chosen and not is_on:
                raise ValueError(translate("bank_lab.one_stays"))
            self.set(strategies=[*chosen, name] if is_on else chosen)

    def _picture(self) -> StillPicture:
        return draw_comparison(self._comparison)
