"""The legend of the training lab's charts: what their ends do not say already."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.settings_text import in_a_row
from hpt_widgets.labs.training.chart_scene import ChartScene, RunCurves
from hpt_widgets.language import translate

_ROW: Final = '<div style="display:flex;align-items:baseline;{}">'
_KINDS: Final = _ROW.format("flex-wrap:wrap;gap:0 14px")


def legend_html(
    runs: Sequence[RunCurves],
    settings: Sequence[str],
    pinned: Sequence[str],
    scenes: Sequence[ChartScene],
) -> str:
    """Say what lines and marks mean, what is pinned, and what was changed in mid-run.

    Parameters
    ----------
    runs : sequence of RunCurves
        The runs shown, the oldest first.
    settings : sequence of str
        What the charts only number, of each run; "" where they name it.
    pinned : sequence of str
        The colours of the runs that are pinned.
    scenes : sequence of ChartScene
        The charts.

    Returns
    -------
    str
        HTML.
    """
    rows = []
    kept = [run.label for run in runs if run.color in pinned]
    if kept:
        rows.append(_escaped("pinned", runs=in_a_row(kept)))
    for run, words in zip(runs, settings, strict=True):
        if words:
            rows.append(swatch(run.color) + _escaped("name_of", run=run.label, settings=words))
        rows += [
            swatch(run.color) + _escaped("change_of", run=_name(run, runs), change=change.text)
            for change in run.changes
        ]
    kinds = f"{_KINDS}{''.join(_kinds(scenes))}</div>"
    return kinds + "".join(f"{_ROW.format('')}{row}</div>" for row in rows)


def _kinds(scenes: Sequence[ChartScene]) -> list[str]:
    """Explain the lines, and those of the marks that are to be seen."""
    names = [
        ("training_lab.training_loss", swatch("currentColor")),
        ("training_lab.validation_loss", swatch("currentColor", dashed=True)),
    ]
    marks = {"best": "○", "above": "▲", "below": "▼", "diverged": "✚"}
    seen = [name for name in marks if any(getattr(scene, name) for scene in scenes)]
    outside = "".join(marks[name] for name in ("above", "below") if name in seen)
    if "best" in seen:
        names.append(("training_charts.best", f"{marks['best']} "))
    if outside:
        names.append(("training_charts.outside", f"{outside} "))
    if "diverged" in seen:
        names.append(("training_charts.has_diverged", f"{marks['diverged']} "))
    return [f"<span>{mark}{html.escape(translate(key))}</span>" for key, mark in names]


def _name(run: RunCurves, runs: Sequence[RunCurves]) -> str:
    return run.label if len(runs) > 1 else translate("training_charts.changed")


def _escaped(key: str, **words: str) -> str:
    return f"<span>{html.escape(translate(f'training_charts.{key}', **words))}</span>"
