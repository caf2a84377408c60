"""One runner for all ways to search the same space: grid, random, TPE, halving, Hyperband.

Each finished trial reaches the record (and its file) as it lands. A search can be
stopped or killed at any time and continued later: what it proposes next depends on
the seed and on the trials in the record, and on nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from hpt_widgets.cluster.connection import check_where, opened
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.language import translate
from hpt_widgets.search.cluster_search import ClusterSearch
from hpt_widgets.search.halving import (
    DEFAULT_FACTOR,
    DEFAULT_MAX_EPOCHS,
    RESOURCE,
    RUNG_METHODS,
    Bracket,
    brackets_of,
    check_factor,
    next_fit,
    require_candidates,
)
from hpt_widgets.search.library_results import hyperopt_trials
from hpt_widgets.search.objective import Objective, SearchStopped, TrainingObjective, evaluate
from hpt_widgets.search.own_trials import OwnTrials, UntriedPoints
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import (
    finite_number,
    require,
    require_function,
    whole_number,
)
from hpt_widgets.training.hyperparameters import Hyperparameters

METHODS = ("grid", "random", "tpe")
"""The methods that give every trial the same training."""
ALL_METHODS = (*METHODS, *RUNG_METHODS)
DEFAULT_STARTUP_JOBS = 20
"""hyperopt's own default: TPE's first 20 trials are drawn at random."""


class Search:
    """A search that takes one trial after another.

    Parameters
    ----------
    method : {"grid", "random", "tpe", "halving", "hyperband"}
        ``"grid"`` takes the combinations in scikit-learn's order, ``"random"`` draws
        with hyperopt's ``rand.suggest``, ``"tpe"`` is the tree-structured Parzen
        estimator (Bergstra et al. 2011), hyperopt's ``tpe.suggest``. ``"halving"`` and
        ``"hyperband"`` train the random search's settings for few epochs, and the best of
        them for more (see `hpt_widgets.search.halving`). Each training is a trial with its
        ``epochs`` among its hyperparameters; a promoted setting is trained anew, from its
        beginning and with the same seed. The record's ``best`` is then the best of the last
        rung reached.
    space : SearchSpace
        Where to look.
    objective : callable
        Takes a dictionary of hyperparameters and returns the validation accuracy (to be
        maximised) or a `Trial`. An exception makes a failed trial, nan or an
        infinity a diverged one; the search goes on either way.
    record : SearchRecord, optional
        Where the trials go, and the trials so far: those of the same method that have a
        place in the space are this search's own. A new record by default.
    seed : int, default 0
        Decides every draw. Proposal number ``i`` has a seed of its own, made from
        `seed` and ``i``, so that a continued search proposes what an unbroken one would.
        On a cluster a grid and a random search try the same set, in the order in which
        trials land; TPE then proposes from what has landed (see `propose`), so that its
        proposals differ from those of one process.
    n_startup_jobs : int, default 20
        How many of TPE's first trials are random ones: with the same seed they are the
        random search's own.
    max_epochs : int, default 9
        Epochs of the last rung of ``"halving"`` and ``"hyperband"``; the objective finds those
        of a trial under ``"epochs"``.
    factor : int, default 3
        By how much there are fewer settings and more epochs from rung to rung; 2 or more.

    Raises
    ------
    ValueError, TypeError
        If an argument is something else; the message names it.
    """

    def __init__(
        self,
        method: str,
        space: SearchSpace,
        objective: Objective,
        *,
        record: SearchRecord | None = None,
        seed: int = 0,
        n_startup_jobs: int = DEFAULT_STARTUP_JOBS,
        max_epochs: int = DEFAULT_MAX_EPOCHS,
        factor: int = DEFAULT_FACTOR,
    ) -> None:
        if not isinstance(method, str) or method not in ALL_METHODS:
            allowed = ", ".join(map(repr, ALL_METHODS))
            raise ValueError(translate("search.method", value=method, allowed=allowed))
        require("space", space, SearchSpace)
        require_function("objective", objective, optional=False)
        if record is not None:
            require("record", record, SearchRecord)
        self.method = method
        self.space = space
        self.objective = objective
        self.record = SearchRecord(method) if record is None else record
        self.seed = _whole("seed", seed)
        self.n_startup_jobs = _whole("n_startup_jobs", n_startup_jobs)
        self.max_epochs = _whole("max_epochs", max_epochs, least=1)
        self.factor = check_factor(factor)
        self._n_candidates: int | None = None
        if self.is_in_rungs:
            brackets_of(method, None, self.max_epochs, self.factor)
            if RESOURCE in space.names:
                raise ValueError(translate("search.own_epochs", method=method))
        self._domain: Any = None
        self._drawn: list[dict[str, Any]] = []
        self._points: Any = None
        self._own_trials = OwnTrials(self.record, method, space)
        self._untried = UntriedPoints(self._own_trials, repeats=method != "grid")

    @property
    def is_in_rungs(self) -> bool:
        """Whether the method is ``"halving"`` or ``"hyperband"``."""
        return self.method in RUNG_METHODS

    @property
    def brackets(self) -> tuple[Bracket, ...]:
        """The rungs to come to; none for the other methods."""
        if not self.is_in_rungs:
            return ()
        return brackets_of(self.method, self._n_candidates, self.max_epochs, self.factor)

    @property
    def trials(self) -> list[Trial]:
        """The trials of this method in the record, as far as they have a place in the space."""
        return self._own.in_order()

    @property
    def n_trials(self) -> int:
        """How many these are."""
        return len(self._own)

    @property
    def seconds(self) -> float:
        """What these trials have cost together."""
        return self._own.seconds

    @property
    def _own(self) -> OwnTrials:
        self._own_trials.update()
        return self._own_trials

    def propose(self, under_way: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any] | None:
        """Return what comes next after the trials so far; None when there is no more.

        That is so at the end of a grid, and of the last rung.

        Parameters
        ----------
        under_way : sequence of mappings, default ()
            What is being tried at present, elsewhere. A grid and a random search skip it.
            TPE counts it among the worse trials, as hyperopt does with jobs that run: the
            next proposal keeps away from where an outcome is due. A rung waits for it: None.
        """
        if self.is_in_rungs:
            names = self.space.names
            return next_fit(self.brackets, self._draw, self.trials, under_way, names)
        n_taken = self.n_trials + len(under_way)
        if self.method == "tpe" and n_taken >= self.n_startup_jobs:
            return self._suggest(under_way)
        points = self._grid_point if self.method == "grid" else self._draw
        values = self._untried.first_untried(points, under_way)
        return None if values is None else dict(values)

    def step(self) -> Trial | None:
        """Try the next proposal and record it; None when there is no more.

        Raises
        ------
        SearchStopped
            If the objective was stopped in mid-trial.
        """
        values = self.propose()
        if values is None:
            return None
        return self.record.append(evaluate(self.objective, values, self.method))

    def run(
        self,
        trials: int | None = None,
        seconds: float | None = None,
        *,
        stop: threading.Event | None = None,
        on_trial: Callable[[Trial], object] | None = None,
        where: Any = None,
    ) -> SearchRecord:
        """Search until the budget is used up, and return the record.

        The budget counts the trials that are in the record already, so the same call
        completes a search that was broken off.

        Parameters
        ----------
        trials : int, optional
            The search has this many trials in the end. Left out, a grid is
            searched to its end; random search and TPE then need `seconds`. For ``"halving"``
            it is the number of settings in the first rung, `factor` or more; by default as
            many as bring one to the last rung (9 of 9 epochs). ``"hyperband"`` takes none: its
            brackets follow from `max_epochs` and `factor`.
        seconds : float, optional
            No trial begins after the trials have cost this much together, those under way
            included.
        stop : threading.Event, optional
            Once it is set, no further trial begins.
        on_trial : callable, optional
            Called with each trial after it was recorded.
        where : str, Cluster or distributed.Client, optional
            Where trials run: in this process, one after the other, by default; ``"local"``
            for a cluster that is started for this search and ended with it; the address of a
            scheduler; or a `hpt_widgets.Cluster` that is open. A trial whose worker ends is
            tried again on another one. ``"halving"`` and ``"hyperband"`` run here only.

        Returns
        -------
        SearchRecord
            The one that the search was given, or its own.

        Raises
        ------
        ValueError
            If there is no budget, or one that is no positive number.
        ClusterError
            If the cluster is not there or not fit; what has landed is in the record.
        """
        self._check_budget(trials, seconds)
        require_function("on_trial", on_trial)
        if self.is_in_rungs:
            self._n_candidates, trials = trials, None
            if where is not None:
                raise ValueError(translate("search.here_only", method=self.method, value=where))
        if where is not None:
            self._run_on_cluster(where, trials, seconds, stop, on_trial)
            return self.record
        while not (stop is not None and stop.is_set()) and self._within(trials, seconds):
            try:
                trial = self.step()
            except SearchStopped:
                break
            if trial is None:
                break
            if on_trial is not None:
                on_trial(trial)
        return self.record

    def _check_budget(self, trials: int | None, seconds: float | None) -> None:
        if trials is None and seconds is None and self.method in ("random", "tpe"):
            raise ValueError(translate("search.no_budget", method=self.method))
        if trials is not None:
            _whole("trials", trials, least=1)
            if self.method == "hyperband":
                raise ValueError(translate("search.no_candidates", value=trials))
            if self.method == "halving":
                require_candidates("trials", trials, self.factor)
        if seconds is not None and not (finite_number(seconds) or 0.0) > 0:
            raise ValueError(translate("search.seconds", value=seconds))

    def _run_on_cluster(
        self,
        where: Any,
        trials: int | None,
        seconds: float | None,
        stop: threading.Event | None,
        on_trial: Callable[[Trial], object] | None,
    ) -> None:
        def has_room(n_under_way: int, spent: float) -> bool:
            return self._within(trials, seconds, n_under_way, spent)

        check_where(where)
        if has_room(0, 0.0):
            with opened(where) as cluster:
                ClusterSearch(self, cluster, has_room, stop, on_trial).run()

    def _within(
        self,
        trials: int | None,
        seconds: float | None,
        n_under_way: int = 0,
        spent: float = 0.0,
    ) -> bool:
        if trials is not None and self.n_trials + n_under_way >= trials:
            return False
        return seconds is None or self.seconds + spent < seconds

    def _grid_point(self, number: int) -> dict[str, Any] | None:
        """Return this combination in scikit-learn's order, None behind the last one."""
        from sklearn.model_selection import ParameterGrid

        if self._points is None:
            self._points = ParameterGrid(self.space.grid())
        return self._points[number] if number < len(self._points) else None

    def _draw(self, number: int) -> dict[str, Any]:
        """Return the random proposal of this number, which depends on nothing else."""
        import hyperopt

        while len(self._drawn) <= number:
            here = len(self._drawn)
            arguments = ([here], self._hyperopt_domain(), hyperopt.Trials())
            documents = hyperopt.rand.suggest(*arguments, proposal_seed(self.seed, here))
            self._drawn.append(self._values(documents))
        return self._drawn[number]

    def _suggest(self, under_way: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        import hyperopt

        trials = self.trials
        number = len(trials) + len(under_way)
        history = hyperopt_trials(self.space, trials, under_way)
        documents = hyperopt.tpe.suggest(
            [number],
            self._hyperopt_domain(),
            history,
            proposal_seed(self.seed, number),
            n_startup_jobs=self.n_startup_jobs,
            verbose=False,
        )
        return self._values(documents)

    def _hyperopt_domain(self) -> Any:
        import hyperopt

        if self._domain is None:
            self._domain = hyperopt.Domain(lambda _: 0.0, self.space.hyperopt())
        return self._domain

    def _values(self, documents: list[dict[str, Any]]) -> dict[str, Any]:
        drawn = documents[0]["misc"]["vals"]
        return {dim.name: dim.from_hyperopt(drawn[dim.name][0]) for dim in self.space}


def run_search(
    method: str,
    space: SearchSpace,
    objective: Objective | Dataset,
    *,
    trials: int | None = None,
    seconds: float | None = None,
    record: SearchRecord | None = None,
    seed: int = 0,
    n_startup_jobs: int = DEFAULT_STARTUP_JOBS,
    max_epochs: int = DEFAULT_MAX_EPOCHS,
    factor: int = DEFAULT_FACTOR,
    hyperparameters: Hyperparameters | None = None,
    stop: threading.Event | None = None,
    on_trial: Callable[[Trial], object] | None = None,
    where: Any = None,
) -> SearchRecord:
    """Search once: `Search` and `Search.run` in one call.

    Parameters
    ----------
    method : {"grid", "random", "tpe", "halving", "hyperband"}
        How to search.
    space : SearchSpace
        Where to search.
    objective : callable or Dataset
        As for `Search`; for a data set, a `TrainingObjective` on it.
    trials, seconds, stop, on_trial, where
        As for `Search.run`.
    record, seed, n_startup_jobs, max_epochs, factor
        As for `Search`.
    hyperparameters : Hyperparameters, optional
        With a data set: everything that the search does not vary.

    Returns
    -------
    SearchRecord
        Its ``best`` is the winner.

    Examples
    --------
    >>> from hpt_widgets.search.space import SearchSpace, Uniform
    >>> space = SearchSpace((Uniform("x", -1.0, 1.0),))
    >>> record = run_search("random", space, lambda values: 1 - values["x"] ** 2, trials=5)
    >>> len(record)
    5
    """
    if isinstance(objective, Dataset):
        objective = TrainingObjective(objective, hyperparameters, stop=stop)
    search = Search(
        method,
        space,
        objective,
        record=record,
        seed=seed,
        n_startup_jobs=n_startup_jobs,
        max_epochs=max_epochs,
        factor=factor,
    )
    return search.run(trials, seconds, stop=stop, on_trial=on_trial, where=where)


def proposal_seed(seed: int, number: int) -> int:
    """Return the seed of proposal `number` (from 0) in a search with this seed.

    Parameters
    ----------
    seed : int
        The search's.
    number : int
        How many proposals came before.

    Returns
    -------
    int
        From 0 to 2³¹ - 1.
    """
    return int(np.random.SeedSequence((seed, number)).generate_state(1)[0] >> 1)


def _whole(name: str, value: object, least: int = 0) -> int:
    number = whole_number(value)
    if number is None or number < least:
        raise ValueError(translate("search.whole", name=name, value=value, least=least))
    return number
