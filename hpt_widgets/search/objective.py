"""What a search tries out: an objective, and the one that trains the network."""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections.abc import Callable
from typing import Any

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import real_number, require
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.trainer import Trainer

Objective = Callable[[dict[str, Any]], "float | Trial"]


class SearchStopped(Exception):  # noqa: N818
    """An objective raises this when it was stopped in mid-trial; the trial is not recorded."""


class TrainingObjective:
    """Train the network once with what a search proposes, and measure it on validation data.

    Parameters
    ----------
    data : Dataset
        With the splits ``train`` and ``validation``.
    hyperparameters : Hyperparameters, optional
        Everything that the search does not vary.
    stop : threading.Event, optional
        Once it is set, the training ends within a chunk (about 40 ms) and is not recorded.
    on_progress : callable, optional
        Called with the `Progress` of the training as it goes.

    Raises
    ------
    TypeError
        If an argument is something else.
    ValueError
        If the data set has no validation split.
    """

    def __init__(
        self,
        data: Dataset,
        hyperparameters: Hyperparameters | None = None,
        *,
        stop: threading.Event | None = None,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> None:
        require("data", data, Dataset)
        if "validation" not in data.splits:
            raise ValueError(translate("search.no_validation"))
        if hyperparameters is not None:
            require("hyperparameters", hyperparameters, Hyperparameters)
        self.data = data
        self.hyperparameters = Hyperparameters() if hyperparameters is None else hyperparameters
        self.stop = stop
        self.on_progress = on_progress

    def __call__(self, values: dict[str, Any]) -> Trial:
        """Return the trial, with its learning curve."""
        session = Trainer(self.data).session(self.hyperparameters.replace(**values))
        try:
            while session.ended is None:
                if self.stop is not None and self.stop.is_set():
                    raise SearchStopped
                progress = session.advance()
                if self.on_progress is not None:
                    self.on_progress(progress)
            run = session.result()
        finally:
            session.suspend()
        return Trial.from_run(run)

    def __getstate__(self) -> dict[str, Any]:
        # An event and a callback mean something in their own process only; on a cluster the
        # search passes a stop on.
        if self.on_progress is not None:
            raise TypeError(translate("cluster.on_progress"))
        return {**self.__dict__, "stop": None}


def evaluate(objective: Objective, values: dict[str, Any], method: str) -> Trial:
    """Try values out and return the trial, whatever becomes of it.

    Raises
    ------
    SearchStopped
        If the objective was stopped in mid-trial.
    """
    started = time.perf_counter()
    try:
        outcome = _as_trial(objective(dict(values)))
    except SearchStopped:
        raise
    except (Exception, SystemExit) as error:  # a reader's objective may call `sys.exit`
        outcome = Trial(ended="failed", message=f"{type(error).__name__}: {error}")
    seconds = time.perf_counter() - started
    return dataclasses.replace(
        outcome,
        hyperparameters={**outcome.hyperparameters, **values},
        method=method,
        number=0,
        seconds=seconds if outcome.seconds is None else outcome.seconds,
    )


def _as_trial(outcome: float | Trial) -> Trial:
    if isinstance(outcome, Trial):
        return outcome
    accuracy = real_number(outcome)
    if accuracy is None:
        raise TypeError(translate("search.not_a_score", value=outcome))
    return Trial(
        validation_accuracy=accuracy, ended="finished" if math.isfinite(accuracy) else "diverged"
    )
