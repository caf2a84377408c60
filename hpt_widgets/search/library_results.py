"""Trials read from what scikit-learn and hyperopt leave behind, and given back to hyperopt."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import require_text

if TYPE_CHECKING:
    from hpt_widgets.search.space import SearchSpace


def trials_from_cv_results(
    results: Mapping[str, Any], method: str = "grid", metric: str = "score"
) -> list[Trial]:
    """Read scikit-learn's ``cv_results_``, one trial a combination.

    Parameters
    ----------
    results : mapping
        The attribute ``cv_results_`` of a finished `GridSearchCV` or `RandomizedSearchCV`.
    method : str, default "grid"
        What the trials are to be called.
    metric : str, default "score"
        The name of the metric, where the search had several.

    Returns
    -------
    list of Trial
        The seconds are those of all folds together, fitting and scoring. A
        combination of which a fold failed (a score of nan) counts as failed.

    Raises
    ------
    TypeError, ValueError
        If it is no ``cv_results_``.
    """
    require_text("metric", metric)
    if not isinstance(results, Mapping):
        raise TypeError(translate("search.cv_results", value=type(results).__name__, name="params"))
    for name in ("params", f"mean_test_{metric}", "mean_fit_time", "mean_score_time"):
        if name not in results:
            raise ValueError(
                translate("search.cv_results", value=type(results).__name__, name=name)
            )
    pattern = re.compile(rf"split\d+_test_{re.escape(metric)}")
    folds = [np.asarray(scores) for name, scores in results.items() if pattern.fullmatch(name)]
    seconds = np.add(results["mean_fit_time"], results["mean_score_time"]) * max(1, len(folds))
    return [
        Trial(
            dict(values),
            method=method,
            validation_accuracy=float(mean),
            fold_scores=tuple(float(scores[i]) for scores in folds),
            seconds=float(seconds[i]),
            ended="finished" if math.isfinite(mean) else "failed",
        )
        for i, (values, mean) in enumerate(
            zip(results["params"], results[f"mean_test_{metric}"], strict=True)
        )
    ]


def accuracy_of_result(result: Mapping[str, Any]) -> float | None:
    """Return the accuracy in what an objective returned to hyperopt.

    It is ``result["validation_accuracy"]`` or ``result["accuracy"]`` where the
    objective put one there, else minus the loss, since the usual objective
    returns minus the accuracy as the loss to be minimised; None without a loss.

    Parameters
    ----------
    result : mapping
        With hyperopt's ``loss`` and ``status``.

    Returns
    -------
    float or None
    """
    for name in ("validation_accuracy", "accuracy"):
        if name in result:
            return float(result[name])
    loss = result.get("loss")
    return None if loss is None else -float(loss)


def trials_from_hyperopt(
    trials: Any,
    space: Any = None,
    method: str = "tpe",
    accuracy: Callable[[Mapping[str, Any]], float | None] = accuracy_of_result,
) -> list[Trial]:
    """Read hyperopt's ``Trials``.

    Parameters
    ----------
    trials : hyperopt.Trials
        What was handed to `fmin`.
    space : dict or SearchSpace, optional
        The space that `fmin` searched. With it, values are read as the objective
        saw them (integers, the options of a choice); without it, as hyperopt keeps
        them (floats, indices).
    method : str, default "tpe"
        What the trials are to be called.
    accuracy : callable, optional
        Takes the result of an objective (a mapping) and returns the accuracy; see
        `accuracy_of_result` for the default. An objective that minimises the
        error rate needs ``lambda result: 1 - result["loss"]``.

    Returns
    -------
    list of Trial
        Trials that did not come to an end (status "fail", a raised exception)
        count as failed.

    Raises
    ------
    TypeError
        If it is no ``Trials``.
    """
    if not hasattr(trials, "trials"):
        raise TypeError(translate("search.hyperopt_trials", value=trials))
    documents = getattr(trials, "_dynamic_trials", trials.trials)
    return [_trial_of(document, space, method, accuracy) for document in documents]


def _trial_of(
    document: Mapping[str, Any],
    space: Any,
    method: str,
    accuracy: Callable[[Mapping[str, Any]], float | None],
) -> Trial:
    result, misc = document["result"], document["misc"]
    chosen = {name: values[0] for name, values in misc["vals"].items() if len(values)}
    score = accuracy(result) if result.get("status") == "ok" else None
    begun, done = document.get("book_time"), document.get("refresh_time")
    # hyperopt's clock has milliseconds only.
    seconds = (done - begun).total_seconds() if begun and done else None
    finished = score is not None and math.isfinite(score)
    return Trial(
        _values(chosen, space),
        method=method,
        validation_accuracy=score,
        seconds=seconds,
        ended="finished" if finished else "failed",
        message=": ".join(misc.get("error", ())),
    )


def _values(chosen: dict[str, Any], space: Any) -> dict[str, Any]:
    if space is None:
        return chosen
    if hasattr(space, "dimensions"):
        return {dim.name: dim.from_hyperopt(chosen[dim.name]) for dim in space}
    import hyperopt

    values = hyperopt.space_eval(space, chosen)
    return dict(values) if isinstance(values, Mapping) else chosen


def hyperopt_trials(
    space: SearchSpace, trials: Iterable[Trial], under_way: Iterable[Mapping[str, Any]] = ()
) -> Any:
    """Return hyperopt's ``Trials`` as `fmin` would have left them after these trials.

    Trials that are not usable (failed, diverged) get the status "fail", which TPE
    ranks behind all others, and so it does with those under way.

    Parameters
    ----------
    space : SearchSpace
        Where the trials are points.
    trials : iterable of Trial
        In the order in which they were made.
    under_way : iterable of mappings, default ()
        What is being tried at present.

    Returns
    -------
    hyperopt.Trials
    """
    import hyperopt

    made = hyperopt.Trials()
    running = [dict(values) for values in under_way]
    points = [*(trial.hyperparameters for trial in trials), *running]
    miscs = [_misc(space, number, point) for number, point in enumerate(points)]
    results = [_result(trial) for trial in trials]
    results += [{"status": hyperopt.STATUS_RUNNING} for _ in running]
    numbers = list(range(len(miscs)))
    documents = made.new_trial_docs(numbers, [None] * len(miscs), results, miscs)
    for number, document in enumerate(documents):
        is_running = number >= len(documents) - len(running)
        document["state"] = hyperopt.JOB_STATE_RUNNING if is_running else hyperopt.JOB_STATE_DONE
    made.insert_trial_docs(documents)
    made.refresh()
    return made


def _result(trial: Trial) -> dict[str, Any]:
    if not trial.usable or trial.validation_accuracy is None:
        return {"status": "fail"}
    return {"status": "ok", "loss": -trial.validation_accuracy}


def _misc(space: SearchSpace, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
    raw = {dim.name: dim.to_hyperopt(values[dim.name]) for dim in space}
    return {
        "tid": number,
        "cmd": None,
        "workdir": None,
        "idxs": {name: [number] for name in raw},
        "vals": {name: [value] for name, value in raw.items()},
    }
