"""How a project's way is judged, point by point, from its log alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import counted, listed, translate
from hpt_widgets.project.baseline import (
    first_baseline,
    is_baseline,
    is_begun_in_time,
    is_called_baseline,
    is_in_time,
)
from hpt_widgets.project.comparison import LoggedComparison, last_comparison
from hpt_widgets.project.confidence import agrees, agrees_when_rounded, interval_of
from hpt_widgets.project.doubts import doubts_of_file
from hpt_widgets.project.history import (
    BUDGET_DIGITS,
    History,
    accuracies,
    planned_samples,
    setting_key,
    settings_of,
    written_epochs,
    written_spending,
)
from hpt_widgets.project.log_file import Entry, Fault
from hpt_widgets.project.notes import notes_of
from hpt_widgets.project.search_bounds import outside
from hpt_widgets.project.tries import fresh_fits, search_costs, singles
from hpt_widgets.project.verdict import NOT_YET, RIGHT, WRONG, CheckLine, ProjectCheck
from hpt_widgets.search.comparison import LEAST_REPEATS, welch_interval
from hpt_widgets.training.hyperparameters import completed

if TYPE_CHECKING:
    from numpy.typing import NDArray

# From so many seeds on, a difference that can't be told from chance may be reported as that.
ENOUGH_FOR_A_TIE: Final = 5
# Budgets that differ by less are equal: a trial may diverge, a grid ends where it ends.
SAME_BUDGET: Final = 0.02

# What comes of lines that no project has written.
_NONSENSE: Final = (
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    ArithmeticError,
    RuntimeError,
)

Outcome = tuple[str, str]


def judged(name: str, history: History, exported: str = "") -> ProjectCheck:
    """Judge what a log tells.

    Parameters
    ----------
    name : str
        Of the project, or of who handed it in.
    history : History
        What the log tells.
    exported : str, default ""
        When it was handed in.

    Returns
    -------
    ProjectCheck

    Raises
    ------
    ValueError
        If its lines lack what a project writes, and nothing shows that they were altered.
    """
    doubts = doubts_of_file(history, exported)
    try:
        return ProjectCheck(name, judge(history), doubts, notes_of(history))
    except _NONSENSE as error:
        if _alterations(history):
            return ProjectCheck(name, (judge_log(history),), doubts)
        reason = json.dumps(str(error), ensure_ascii=False)
        raise ValueError(translate("project_check.no_project", name=name, reason=reason)) from error


def judge(history: History) -> tuple[CheckLine, ...]:
    """Judge all points.

    Parameters
    ----------
    history : History
        What the log tells.

    Returns
    -------
    tuple of CheckLine
    """
    first = judge_log(history)
    if history.begin is None:
        return (first, *(CheckLine(point, *_say(NOT_YET, "no_begin")) for point in POINTS))
    return (first, *(_line(point, history) for point in POINTS))


def judge_log(history: History) -> CheckLine:
    """Judge whether the log is whole."""
    return CheckLine("log", *_log(history))


def _line(point: str, history: History) -> CheckLine:
    """Judge a point; what is open when the test set is opened can't be made good after it."""
    state, message = POINTS[point](history)
    if state == NOT_YET and point in _BEFORE_TEST and history.entries("opening"):
        state, message = _too_late(history, "open_at_test")
    return CheckLine(point, state, message)


def _too_late(history: History, key: str) -> Outcome:
    """Say that a point can't become right any more; in logs of before it stays what it was."""
    state = NOT_YET if history.has_early_rules else WRONG
    return _say(state, key, another=_another_project(history))


def _another_project(history: History) -> str:
    """Say how to begin anew where a project can't become right any more."""
    key = "another_test" if history.entries("opening") else "another"
    return translate(f"project_check.{key}")


def _say(state: str, key: str, **words: Any) -> Outcome:
    return state, translate(f"project_check.{key}", **words)


def _count(state: str, key: str, n: int, **words: Any) -> Outcome:
    return state, counted(f"project_check.{key}", n, **words)


# The log, the plan, the data ----------------------------------------------------------------------


def _log(history: History) -> Outcome:
    reading = history.reading
    if not reading.entries and not reading.faults:
        return _say(NOT_YET, "log_empty")
    alterations = _alterations(history)
    if alterations:
        found = _sentences(
            translate(f"project_check.fault_{fault.kind}", number=fault.number)
            for fault in alterations
        )
        return _say(WRONG, "log_altered", faults=found)
    if reading.faults:
        return _say(NOT_YET, "log_unsealed")
    n_torn = reading.n_torn
    torn = counted("project_check.log_torn", n_torn) if n_torn else ""
    return _count(RIGHT, "log_whole", len(reading.entries), torn=torn)


def _alterations(history: History) -> list[Fault]:
    """Return what shows that a log was altered, lines of numbers that cannot be among it."""
    samples = ((fit.number, fit.content.get("samples")) for fit in history.entries("fit"))
    negative = [Fault("samples", n) for n, count in samples if _is_negative(count)]
    return [*history.reading.alterations, *negative]


def _is_negative(count: object) -> bool:
    return isinstance(count, int | float) and count < 0


def _plan(history: History) -> Outcome:
    first_fit = _first(history.entries("fit"))
    changes = [e for e in history.entries("begin", "changed") if e != history.begin]
    late = [e for e in changes if first_fit and e.number > first_fit.number]
    plan = {**history.plan, "budget": written_epochs(history.plan["budget"], BUDGET_DIGITS)}
    if late:
        return _say(WRONG, "plan_changed", when=_minute(late[0]), **plan)
    return _say(RIGHT, "plan_kept" if first_fit else "plan_stands", **plan)


def _budget(history: History) -> Outcome:
    if not history.entries("fit"):
        return _say(NOT_YET, "no_fits")
    budget, spent = history.plan["budget"], history.spent
    state, key = (RIGHT, "budget_kept") if spent <= budget else (WRONG, "over")
    return _count(state, key, len(history.entries("fit")), **written_spending(spent, budget))


def _splits(history: History) -> Outcome:
    begin = history.entries("begin")[0].content
    others = [fit for fit in history.entries("fit") if fit.content["data"] != begin["data"]]
    if others:
        return _count(WRONG, "other_data", len(others))
    shared = begin["shared"]
    if shared:
        found = _sentences(
            counted("project_check.leak", n, pair=pair) for pair, n in shared.items()
        )
        return _say(WRONG, "leaks", found=found)
    return _say(RIGHT, "no_leaks", **begin["sizes"])


# What was tried -----------------------------------------------------------------------------------


def _baseline(history: History) -> Outcome:
    baseline = first_baseline(history)
    if baseline is None:
        return _missing_baseline(history)
    if not is_in_time(history, baseline):
        return _say(WRONG, "late_baseline", another=_way_out_of_late(history))
    if baseline.content["ended"] == "diverged":
        return _say(RIGHT, "baseline_diverged")
    accuracy = baseline.content["validation_accuracy"]
    return _say(RIGHT, "baseline", accuracy=100 * (accuracy or 0.0))


def _way_out_of_late(history: History) -> str:
    """Say which baseline still counts; where none does, how to begin anew."""
    if is_begun_in_time(history) and not history.entries("opening"):
        return translate("project_check.finish_baseline")
    return _another_project(history)


def _missing_baseline(history: History) -> Outcome:
    """Say what to train for a baseline, or that any comes too late now."""
    if is_begun_in_time(history):
        return _say(NOT_YET, "open_baseline")
    if history.entries("search"):
        return _too_late(history, "too_late_baseline")
    others = dict.fromkeys(fit.content["strategy"] for fit in singles(history))
    called = listed(f"“{name}”" for name in others)
    hint = translate("project_check.called_otherwise", names=called) if others else ""
    return _say(NOT_YET, "no_baseline", hint=hint)


def _equal_budgets(history: History) -> Outcome:
    found = last_comparison(history)
    if found is None:
        return _say(NOT_YET, "no_comparison")
    sides = found.sides
    missing = [side.name for side in sides if len(side.fits) < len(found.seeds)]
    if missing:
        return _say(NOT_YET, "comparison_open", names=listed(missing))
    costs = {s.name: sum(map(planned_samples, s.fits)) / history.n_train for s in sides}
    if not _are_equal(costs.values()):
        return _say(WRONG, "unequal_fits", costs=_costs(costs))
    searched = search_costs(history, found)
    if not _are_equal(searched.values()):
        return _say(WRONG, "unequal_searches", costs=_costs(searched))
    return _say(
        RIGHT, "equal_budgets", cost=written_epochs(next(iter(costs.values()))), n=len(costs)
    )


def _seeds(history: History) -> Outcome:
    found = last_comparison(history)
    if found is None:
        return _say(NOT_YET, "no_comparison")
    results = _results(history, found)
    fewest = min(map(len, results.values()))
    late = WRONG if history.entries("opening") and not history.has_early_rules else NOT_YET
    if fewest < LEAST_REPEATS:
        key = {0: "no_seed", 1: "one_seed"}.get(fewest, "few_seeds")
        state = WRONG if fewest < 2 else late
        advice = _advice(history, "more_seeds", _more_seeds(found, fewest))
        fresh = _fresh_seeds(results, fewest)
        return _say(state, key, fresh=fresh, least=LEAST_REPEATS, advice=advice)
    best = _best(results)
    sentences, is_told = _differences(results, best)
    words = {"found": sentences, "n": fewest}
    if is_told:
        return _say(RIGHT, "told", **words)
    if fewest >= ENOUGH_FOR_A_TIE:
        return _say(RIGHT, "tie", **words)
    advice = _advice(history, "seeds_for_a_tie", _more_seeds(found, fewest))
    return _say(late, "not_told", **words, advice=advice)


def _advice(history: History, key: str, more: str = "") -> str:
    """Say what to do; after the test, that it is too late for it."""
    if history.entries("opening"):
        return _too_late(history, "open_at_test")[1]
    return translate(f"project_check.{key}", least=LEAST_REPEATS, enough=ENOUGH_FOR_A_TIE) + more


def _results(history: History, found: LoggedComparison) -> dict[str, NDArray[np.float64]]:
    """Return the accuracies of each side with fresh seeds."""
    fresh = {side.name: fresh_fits(history, side) for side in found.sides}
    return {name: np.array(accuracies(fits)) for name, fits in fresh.items()}


def _best(results: dict[str, NDArray[np.float64]]) -> str:
    return max(results, key=lambda name: float(results[name].mean()))


def _fresh_seeds(results: dict[str, NDArray[np.float64]], fewest: int) -> str:
    """Say how many fresh seeds the sides have, or those of them that have the fewest."""
    names = [name for name, values in results.items() if len(values) == fewest]
    key = "fresh_several" if len(names) > 1 else "fresh_one"
    key = "fresh_all" if len(names) == len(results) else key
    return translate(f"project_check.{key}", names=listed(names), n=fewest)


def _more_seeds(found: LoggedComparison, fewest: int) -> str:
    """Say how many seeds to compare with, where some had been seen before."""
    n_trained = min(len(side.fits) for side in found.sides)
    n_seen = n_trained - fewest
    if n_seen <= 0:
        return ""
    wanted = ENOUGH_FOR_A_TIE + n_seen
    wanted = max(wanted, len(found.seeds) + 1)
    return counted("project_check.seen_seeds", n_seen, wanted=wanted)


def _differences(results: dict[str, NDArray[np.float64]], best: str) -> tuple[str, bool]:
    """Say how much better the best is than each other one, and whether each can be told."""
    sentences, told = [], []
    for name, values in results.items():
        if name != best:
            low, high = welch_interval(values, results[best])
            difference = results[best].mean() - values.mean()
            is_told = low > 0 or high < 0
            key = "larger" if is_told else "not_larger"
            numbers = {"difference": difference, "low": low, "high": high}
            points = {what: _signed(100 * value) for what, value in numbers.items()}
            words = {"best": best, "other": name, **points}
            sentences.append(translate(f"project_check.{key}", **words))
            told.append(is_told)
    return _sentences(sentences), all(told)


def _signed(points: float) -> str:
    return f"{points:+.2f}".replace("-", "−")


# The choice and the test --------------------------------------------------------------------------


def _choice(history: History) -> Outcome:
    choice = _first(reversed(history.entries("choice")))
    found = last_comparison(history)
    if choice is None:
        names = listed(side.name for side in found.sides) if found else ""
        return _say(NOT_YET, "no_choice_of" if found else "no_choice", names=names)
    setting = settings_of(choice)
    if found and setting_key(setting) not in {side.setting for side in found.sides}:
        return _say(WRONG, "uncompared", names=listed(side.name for side in found.sides))
    lost = _lost_to(history, found, setting_key(setting)) if found else ""
    if is_baseline(history, setting):
        return _say(RIGHT, "baseline_chosen", lost=lost)
    searches = [entry.content for entry in history.entries("search")]
    baseline = first_baseline(history)
    if not searches:
        # A search would leave no time for a baseline.
        return _say(NOT_YET, "no_search" if baseline else "no_search_no_baseline")
    known_baseline = settings_of(baseline) if baseline else None
    misfits = min((outside(setting, search, known_baseline) for search in searches), key=len)
    if misfits and is_called_baseline(history, setting):
        return _say(WRONG, "later_baseline", advice=_advice(history, "first_baseline"))
    if misfits:
        known = completed(setting)
        values = listed(f"{name}={known[name]!r}" for name in misfits)
        return _say(WRONG, "outside", values=values)
    return _say(RIGHT, "inside", lost=lost)


def _lost_to(history: History, found: LoggedComparison, chosen: str) -> str:
    """Say which side was better than the chosen one by more than chance; empty where none was."""
    results = _results(history, found)
    own = next(side.name for side in found.sides if side.setting == chosen)
    if min(map(len, results.values())) < LEAST_REPEATS:
        return ""
    best = _best(results)
    low, _ = welch_interval(results[own], results[best])
    return translate("project_check.lost", best=best) if low > 0 else ""


def _test(history: History) -> Outcome:
    openings = history.entries("opening")
    if not openings:
        # Opened before that, it would close the way to all that is still open.
        is_open = any(POINTS[point](history)[0] == NOT_YET for point in _BEFORE_TEST)
        return _say(NOT_YET, "closed_yet" if is_open else "closed")
    first = openings[0]
    if len(openings) > 1:
        times = listed(_minute(entry) for entry in openings)
        return _say(WRONG, "opened_again", n=len(openings), times=times)
    later = [
        entry
        for entry in history.entries("fit", "search", "comparison", "choice", "changed")
        if entry.number > first.number
    ]
    if later:
        return _count(WRONG, "not_last", len(later))
    choice = _first(reversed(history.entries("choice")))
    if choice is None:
        return _say(WRONG, "opened_unchosen")
    if setting_key(settings_of(choice)) != setting_key(settings_of(first)):
        return _say(WRONG, "other_setting")
    if first.content.get("elsewhere"):
        return _count(WRONG, "opened_elsewhere", first.content["elsewhere"])
    return _say(RIGHT, "opened_once", when=_minute(first))


def _interval(history: History) -> Outcome:
    opening, claim = _first(history.entries("opening")), _first(reversed(history.entries("claim")))
    if claim is None:
        return _say(NOT_YET, "no_claim" if opening else "no_claim_yet")
    if opening is None or claim.number < opening.number:
        return _say(WRONG, "early_claim")
    n_correct, n = opening.content["n_correct"], opening.content["n_samples"]
    words = {"low": claim.content["low"], "high": claim.content["high"]}
    words |= {"correct": n_correct, "n": n}
    if agrees(claim, opening):
        return _say(RIGHT, "interval", **words)
    if agrees_when_rounded(claim, opening):
        return _say(RIGHT, "rounded_interval", **words)
    expected_low, expected_high = interval_of(n_correct, n)
    words |= {"expected_low": expected_low, "expected_high": expected_high}
    return _say(WRONG, "wrong_interval", **words)


def _minute(entry: Entry) -> str:
    return entry.when[:16].replace("T", " ")


def _first(entries: Iterable[Entry]) -> Entry | None:
    return next(iter(entries), None)


def _are_equal(costs: Iterable[float]) -> bool:
    pairs = itertools.combinations(costs, 2)
    return all(abs(a - b) <= SAME_BUDGET * max(a, b) for a, b in pairs)


def _costs(costs: dict[str, float]) -> str:
    return listed(_cost(name, written_epochs(cost)) for name, cost in costs.items())


def _cost(name: str, cost: str) -> str:
    return translate(f"project_check.{'cost_one' if cost == '1' else 'cost'}", name=name, cost=cost)


def _sentences(parts: Iterable[str]) -> str:
    return listed(parts, ";")


# Whatever makes one of these right is a training or a choice, and those end with the test.
_BEFORE_TEST: Final = ("baseline", "budgets", "seeds", "choice")

POINTS: Final[dict[str, Callable[[History], Outcome]]] = {
    "plan": _plan,
    "budget": _budget,
    "splits": _splits,
    "baseline": _baseline,
    "budgets": _equal_budgets,
    "seeds": _seeds,
    "choice": _choice,
    "test": _test,
    "interval": _interval,
}
