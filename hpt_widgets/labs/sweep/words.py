"""What the sweep lab says of its results: the best settings, and the table of means."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from hpt_widgets.labs.kit.settings_text import describe_settings, describe_value
from hpt_widgets.language import translate
from hpt_widgets.studies.sweep import Summary, Sweep


def best_of(summaries: Sequence[Summary], measure: str) -> Summary | None:
    """Return the summary with the best mean; None while no trial has a result."""
    known = [summary for summary in summaries if not math.isnan(summary.mean)]
    if not known:
        return None
    choose = min if measure == "validation_loss" else max
    return choose(known, key=lambda summary: summary.mean)


def describe_best(sweep: Sweep, best: Summary, measure: str) -> str:
    """Say in words which settings did best by a measure, and how well."""
    settings = {sweep.name: best.value}
    if sweep.series_name is not None:
        settings[sweep.series_name] = best.series
    return translate(
        "sweep_lab.best",
        score=_score(best.mean, measure),
        settings=describe_settings(settings),
        runs=len(best.scores),
    )


def write_table(sweep: Sweep, summaries: Sequence[Summary], measure: str) -> str:
    """Write the means with their standard deviations as HTML: a row a value, a column a series."""
    found = {(summary.series, summary.value): summary for summary in summaries}
    columns = sweep.series or (None,)
    heads = [translate(f"training_lab.{sweep.name}")]
    if sweep.series_name is None:
        heads.append(translate(f"sweep_lab.{measure}"))
    else:
        heads += [describe_settings({sweep.series_name: series}) for series in columns]
    rows = ["".join(f"<th>{html.escape(head)}</th>" for head in heads)]
    for value in sweep.values:
        cells = [_write_cell(found[series, value], measure) for series in columns]
        row = (describe_value(value), *cells)
        rows.append("".join(f'<td style="white-space:nowrap">{cell}</td>' for cell in row))
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    note = html.escape(translate("sweep_lab.table_note"))
    return f'<table class="hpt-table">{body}</table><p class="hpt-legend">{note}</p>'


def _write_cell(summary: Summary, measure: str) -> str:
    if summary.n_lost:
        return html.escape(translate("sweep_lab.lost", count=summary.n_lost))
    if not summary.scores:
        return "–"
    deviation = summary.standard_deviation
    if math.isnan(deviation):
        return _score(summary.mean, measure)
    spread = f"{deviation:.3f}" if measure == "validation_loss" else f"{100 * deviation:.1f}"
    return f"{_score(summary.mean, measure)} ± {spread}"


def _score(value: float, measure: str) -> str:
    return f"{value:.3f}" if measure == "validation_loss" else f"{value:.1%}"
