"""What the search lab says in words: how far it is, what was found, how the methods compare."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence

from hpt_widgets.labs.kit.live_work import State
from hpt_widgets.labs.kit.number_range import format_number
from hpt_widgets.labs.kit.settings_text import in_a_row, with_remark
from hpt_widgets.labs.search.dimension_scale import option_label
from hpt_widgets.labs.search.form import SearchForm
from hpt_widgets.labs.search.groups import comparisons_of, conditions_differ, group_label, run_name
from hpt_widgets.labs.search.live import SearchRun, grid_size
from hpt_widgets.labs.search.trial_words import count_trials, parameter_name, settings_of
from hpt_widgets.language import joined, listed, translate
from hpt_widgets.search.comparison import Repeats
from hpt_widgets.search.halving import Bracket
from hpt_widgets.search.space import Dimension, LogUniform, SearchSpace, Uniform
from hpt_widgets.search.trial import Trial


def paragraphs(lines: Iterable[str]) -> str:
    """Write lines of plain text as paragraphs in HTML."""
    return "".join(
        f'<p style="line-height:1.4;margin:4px 0">{html.escape(line)}</p>' for line in lines
    )


def describe_state(state: State, run: SearchRun | None, space: SearchSpace) -> str:
    """Say what the lab is doing, and what the search on the map has found."""
    if state in ("ready", "warming_up") or run is None:
        return translate(f"search_lab.{state}")
    trials = count_trials(len(run.record))
    words = [translate(f"search_lab.is_{state}", name=run_name(run), trials=trials)]
    best = run.record.best
    if best is not None:
        words.append(
            translate(
                "search_lab.best",
                accuracy=best.validation_accuracy,
                number=best.number,
                settings=settings_of(best, space),
            )
        )
    failed = sum(trial.ended == "failed" for trial in run.record)
    if failed:
        trials = count_trials(failed)
        words.append(translate("search_lab.failures", trials=trials))
    return joined(words)


def describe_assumed(run: SearchRun) -> str:
    """Say what is not known of a search that goes on, and how it is taken to be; "" for nothing."""
    if not run.assumed:
        return ""
    settings = (
        f"{translate(f'search_lab.{name}')} {getattr(run.settings, name)}" for name in run.assumed
    )
    return translate("search_lab.assumed", settings=in_a_row(settings))


def describe_form(form: SearchForm, space: SearchSpace) -> list[str]:
    """Say what the fields, as they are filled in, come to."""
    values = form.values
    lines = describe_brackets(form.settings.brackets)
    lines.append(translate(f"search_lab.about_{values['method']}", grid=grid_size(space)))
    if form.is_all_startup:
        lines.append(translate("search_lab.only_startup", startup=values["n_startup_jobs"]))
    if form.n_samples is not None:
        size = values["training_size"]
        lines.append(translate("search_lab.about_size", size=size, all=form.n_samples))
    return lines


def describe_brackets(brackets: Sequence[Bracket]) -> list[str]:
    """Say what is to be trained, bracket by bracket, and what that comes to."""
    if not brackets:
        return []
    written = listed(map(rungs_of, brackets), ";")
    totals = {
        "trials": sum(bracket.n_trials for bracket in brackets),
        "epochs": sum(bracket.n_epochs for bracket in brackets),
    }
    return [translate("search_lab.about_rungs", rungs=written, **totals)]


def rungs_of(bracket: Bracket) -> str:
    """Write the rungs of a bracket: "27×1 → 9×3 → 3×9"."""
    return " → ".join(f"{rung.n_candidates}×{rung.epochs}" for rung in bracket.rungs)


def describe_space(space: SearchSpace) -> list[str]:
    """Say where a search looks."""
    return [
        translate("search_lab.ranges"),
        *(
            translate(f"search_lab.range_{kind}", name=name, **values)
            for kind, name, values in map(_range_of, space)
        ),
    ]


def _range_of(dimension: Dimension) -> tuple[str, str, dict[str, str]]:
    name = parameter_name(dimension.name)
    if not isinstance(dimension, Uniform):
        return "options", name, {"options": in_a_row(map(option_label, dimension.grid_values))}
    ends = {"low": format_number(dimension.low), "high": format_number(dimension.high)}
    return ("log" if isinstance(dimension, LogUniform) else "linear"), name, ends


def describe_progress(runs: Sequence[SearchRun], seconds_left: float | None) -> str:
    """Say how much has been searched, and how long it will take; None if it is over."""
    values = {
        "trials": count_trials(sum(len(run.record) for run in runs)),
        "seconds": sum(run.seconds for run in runs),
    }
    if seconds_left is None:
        return translate("search_lab.progress_ended", **values)
    left = "–" if math.isnan(seconds_left) else f"{seconds_left:.0f}"
    return translate("search_lab.progress", **values, left=left)


def describe_curve(trial: Trial, best: Trial | None, space: SearchSpace) -> str:
    """Say whose learning curve is shown: that of the best trial of a search, or of another."""
    key = "curve_of_best" if trial is best else "curve_of_trial"
    key = key if trial.history else "no_curve"
    settings = settings_of(trial, space)
    title = translate(f"search_lab.{key}", number=trial.number, settings=settings)
    return with_remark(title, trial.message)


def describe_comparison(groups: Sequence[Repeats]) -> list[str]:
    """Say what each kind of search reached, and whether differences exceed the seed noise."""
    found = comparisons_of(groups)
    lines = [line for line in map(_result, groups) if line]
    lines += [f"→ {comparison}" for comparison in found]
    if conditions_differ(groups):
        lines.append(f"⚠ {translate('search_lab.conditions_differ')}")
    if found:
        lines.append(translate("search_lab.statistic"))
    return lines or [translate("search_lab.nothing_to_compare")]


def _result(group: Repeats) -> str:
    best = group.best_after(group.fewest_trials)
    if not len(best):
        return ""
    values = {"name": group_label(group), "trials": group.fewest_trials, "mean": best.mean()}
    if len(best) == 1:
        return translate("search_lab.single_result", **values)
    spread = {"deviation": 100 * best.std(ddof=1), "low": best.min(), "high": best.max()}
    return translate("search_lab.group_result", **values, **spread)
