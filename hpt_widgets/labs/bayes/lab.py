"""The lab of Bayesian optimisation: a hidden function, asked by the reader and by two methods."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.labs.bayes.controls import BayesActions
from hpt_widgets.labs.bayes.live import LiveManyDuels, compared
from hpt_widgets.labs.bayes.notes import notes_of, restore_game, subject_of
from hpt_widgets.labs.bayes.picture import draw_duel
from hpt_widgets.labs.bayes.state import PLAYERS, DuelState
from hpt_widgets.labs.bayes.view import BayesView
from hpt_widgets.labs.bayes.words import status_text
from hpt_widgets.labs.kit.live_work import State
from hpt_widgets.labs.kit.unfinished_work import UnfinishedWork
from hpt_widgets.labs.kit.working_lab import WorkingLab
from hpt_widgets.language import joined, translate
from hpt_widgets.search.bayes.duel import N_SEEDS, DuelSettings, ManyDuels, Samples
from hpt_widgets.support.argument_checks import (
    real_number,
    require_choice,
    require_flag,
    require_whole_number,
)

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

MOST_SEEDS: Final = 200


class BayesLab(WorkingLab[LiveManyDuels]):
    """A function that hides until it is asked: you, a Gaussian process and TPE look for its top.

    All begin from the same three random trials and have ten more. Everything that a reader does
    on the screen, a method does without one.

    Parameters
    ----------
    n_seeds : int, default 20
        With how many seeds the two methods and random search are compared beside the run, from 2
        to 200.
    **settings
        Anything that `set` takes.

    Attributes
    ----------
    view : BayesView
        The widgets and charts.

    Raises
    ------
    TypeError, ValueError
        If a setting is not known or not allowed.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> lab = hpt.BayesLab(objective="forrester")
    >>> lab.ask(0.75)
    >>> len(lab.samples("you").values), len(lab.samples("tpe").values)
    (4, 4)
    """

    view: BayesView

    def __init__(self, n_seeds: int = N_SEEDS, **settings: Any) -> None:
        count = require_whole_number("n_seeds", n_seeds, 2, MOST_SEEDS)
        self._game = DuelState()
        self._game.change(settings)
        # A game waits for its reader: a kernel that ends as it should cuts nothing off.
        self._unfinished = UnfinishedWork(subject_of(self._game.settings), lambda: False)
        self._brought_back = restore_game(self._game, self._unfinished.left_over())
        self._many: dict[DuelSettings, ManyDuels] = {}
        self._is_compared = False
        # What the thread has computed is drawn while the reader clicks.
        self._lock = threading.RLock()
        self._live = LiveManyDuels(count, self)
        super().__init__()

    # -- what a reader can do, with or without a screen ------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change settings.

        Parameters
        ----------
        objective : {"mnist", "two_hills", "forrester", "cliff"}
            What is hidden: the measured validation accuracy of the MNIST network over the
            learning rate, or a function of x from 0 to 1. Another one begins a new game.
        acquisition : {"expected_improvement", "probability_of_improvement", "upper_bound"}
            Where the Gaussian process goes: to the largest value of this.
        kappa : float
            Of the upper bound, 0 to 10 standard deviations.
        n_startup_jobs : int
            TPE draws at random until there are so many trials, 1 to 100. Default 3, hyperopt's
            own default is 20.
        seed : int
            Of the first three trials and of TPE's draws; another one begins a new game.

        Raises
        ------
        ValueError
            If a change is not known or not allowed; then nothing changes.
        """
        self._require_open()
        with self._lock:
            self._game.change(changes)
            self._save_and_draw()
        if self._is_compared:
            self.compare()

    @property
    def settings(self) -> DuelSettings:
        """The settings in use."""
        return self._game.settings

    @property
    def round(self) -> int:
        """The round that is looked at, from 0."""
        return self._game.round

    @property
    def n_rounds(self) -> int:
        """How many rounds have been played, at most ten."""
        return self._game.n_rounds

    @property
    def is_revealed(self) -> bool:
        """Whether the objective is shown."""
        return self._game.is_revealed

    @property
    def aimed_at(self) -> float:
        """The value of the hyperparameter at which `ask` would ask."""
        return float(self.view.controls.aims[self._game.objective.is_log].value)

    def samples(self, player: str) -> Samples:
        """Return the trials of a player, the three that all begin with first.

        Parameters
        ----------
        player : {"you", "gaussian_process", "tpe"}

        Returns
        -------
        Samples

        Raises
        ------
        ValueError
            If there is no such player.
        """
        return self._game.samples(require_choice("player", player, PLAYERS))

    @property
    def many(self) -> ManyDuels | None:
        """The comparison over many seeds, where it has been made for these settings."""
        return self._many.get(compared(self.settings))

    def aim(self, x: float) -> None:
        """Choose where to ask next, without asking yet.

        Parameters
        ----------
        x : float
            The learning rate, or x.

        Raises
        ------
        TypeError, ValueError
            If it is no number within the objective's range.
        """
        self._require_open()
        is_log = self._game.objective.is_log
        checked = self._game.x_range.check("learning_rate" if is_log else "x", x)
        with self._lock:
            self.view.controls.show("learning_rate" if is_log else "x", checked)
            self.view.draw_aim(self._game)

    def ask(self, x: float | None = None) -> None:
        """Ask the objective; the Gaussian process and TPE take their turns as well.

        Where a killed kernel's game was brought back and its cell asks the same once more, in
        the same order, those trials are there already.

        Parameters
        ----------
        x : float, optional
            The learning rate, or x. Default: what the field says.

        Raises
        ------
        TypeError, ValueError
            If it is no number within the objective's range, or all ten trials are used.
        """
        self._require_open()
        with self._lock:
            if x is not None and self._is_back(x):
                return
            self._brought_back = ()
            self._game.ask(self.aimed_at if x is None else x)
            if x is not None:
                self.aim(x)
            self._save_and_draw()

    def look_at(self, round_number: int) -> None:
        """Show what everyone did in an earlier round, and what the methods knew before it.

        Parameters
        ----------
        round_number : int
            From 0, before the first trial, to the number of rounds played.

        Raises
        ------
        ValueError
            If it has not been played.
        """
        self._require_open()
        with self._lock:
            played = self.n_rounds
            self._game.round = require_whole_number("round_number", round_number, 0, played)
            self._draw()

    def reveal(self, shown: bool = True) -> None:
        """Show the objective, or hide it again.

        Parameters
        ----------
        shown : bool, default True

        Raises
        ------
        TypeError
            If it is neither True nor False.
        """
        self._require_open()
        is_shown = require_flag("shown", shown)
        with self._lock:
            self._game.is_revealed = is_shown
            self._save_and_draw()

    def new_game(self) -> None:
        """Begin again, from other random trials."""
        self.set(seed=self.settings.seed + 1)

    def compare(self) -> None:
        """Compare the methods over many seeds, behind the lab; `wait` waits for it.

        A lab that is shown does so by itself.
        """
        self._require_open()
        self._is_compared = True
        if self.many is None:
            self._live.submit(self.settings)
        else:
            self._live.stop()

    # -- what the comparison calls, on its own thread ---------------------------------------------

    def on_many(self, settings: DuelSettings, many: ManyDuels) -> None:
        """Keep a comparison, and show it where it still suits the settings."""
        with self._lock:
            self._many[settings] = many
            if not self.is_closed:
                self.view.draw_many(self._game, self.many)

    def on_state(self, state: State) -> None:
        """Say what the lines of the race are."""
        with self._lock:
            if not self.is_closed:
                self._say_race(state)

    # -- the view --------------------------------------------------------------------------------

    def _build(self) -> BayesView:
        actions = BayesActions(
            on_change=lambda **changes: self.set(**changes),
            on_aim=lambda x: self.aim(x),
            on_point=self._on_point,
            on_round=lambda number: self.look_at(number),
            on_button=self._on_button,
        )
        return BayesView(self._game, actions, self._status_line)

    def _complete(self) -> None:
        self._draw()
        if self._brought_back:
            back = translate("lab.brought_back", count=self._game.n_rounds)
            self._say(joined([back, self._status_text]))

    def _is_back(self, x: float) -> bool:
        """Whether a trial is the next of those that were brought back; it is then gone over."""
        if not self._brought_back:
            return False
        place, *others = self._brought_back
        if real_number(x) is None or self._game.objective.place_of(x) != place:
            return False
        self._brought_back = tuple(others)
        return True

    def _save_and_draw(self) -> None:
        if self._unfinished is not None:
            self._unfinished.note(notes_of(self._game))
        self._draw()

    def _draw(self) -> None:
        self.view.draw(self._game, self.many)
        self._say(status_text(self._game))
        self._say_race(self.state)

    def _say_race(self, state: State) -> None:
        if state == "failed":
            self._say(translate("bayes_lab.failed", error=self._failure_text()))
        is_busy = state == "searching" and self.many is None
        key = "race_busy" if is_busy else "race_many" if self.many else "race_run"
        self.view.say_race(key, self._live.n_seeds)

    def _on_point(self, place: float) -> None:
        if self._game.is_over:
            self._say(joined([status_text(self._game), translate("bayes_lab.over_again")]))
            return
        x = float(f"{self._game.objective.x_at(place):.3g}")
        limits = self._game.x_range
        self._brought_back = ()
        self.ask(min(max(x, limits.minimum), limits.maximum))

    def _on_button(self, name: str) -> None:
        if name == "reveal":
            self.reveal(not self.is_revealed)
        else:
            super()._on_button(name)

    def _picture(self) -> StillPicture:
        return draw_duel(self._game, self.many)

    def _on_display(self) -> None:
        self.compare()
