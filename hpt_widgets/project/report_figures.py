"""The figures of a project's report, as SVG that needs no other file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.project.history import History, settings_of
from hpt_widgets.project.log_file import Entry
from hpt_widgets.support.colors import NEUTRAL, PALETTE
from hpt_widgets.support.literal_text import literal_text

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


def progress_figure(history: History) -> str:
    """Draw the validation accuracy of each fit over what all have cost by then.

    Parameters
    ----------
    history : History
        With at least one fit.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    picture = _picture()
    axes = picture.subplots()
    fits = history.entries("fit")
    costs = np.cumsum([fit.content["samples"] for fit in fits]) / history.n_train
    for color, (name, places) in zip(_colors(), _by_strategy(fits).items(), strict=False):
        accuracies = [_percent(fits[place]) for place in places]
        axes.plot(costs[places], accuracies, "o", ms=4, color=color, label=literal_text(name))
    best = np.fmax.accumulate([_percent(fit) for fit in fits])
    label = translate("figures.best_so_far")
    axes.step(costs, best, where="post", color=NEUTRAL, lw=1, zorder=0, label=label)
    budget = float(history.plan["budget"])
    if costs[-1] > 0.5 * budget:
        label = translate("project_report.budget_line")
        axes.axvline(budget, color=NEUTRAL, ls="--", lw=1, label=label)
    axes.set(xlabel=translate("project_report.epochs_spent"), ylabel=_accuracy_label())
    # Within the axes it would lie on some of the points.
    picture.legend(fontsize=8, loc="outside lower center", ncols=4)
    axes.grid(alpha=0.3)
    return _svg(picture)


def comparison_figure(sides: dict[str, list[float]]) -> str:
    """Draw each seed's validation accuracy, and mean and standard error of each side.

    Parameters
    ----------
    sides : dict of str to list of float
        Validation accuracies, from 0 to 1, by the side's name.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    picture = _picture(0.5 * len(sides) + 1.2)
    axes = picture.subplots()
    rows = range(len(sides))
    for row, color, values in zip(rows, _colors(), sides.values(), strict=False):
        percent = 100 * np.array(values)
        error = percent.std(ddof=1) / np.sqrt(len(percent)) if len(percent) > 1 else 0.0
        axes.plot(percent, np.full(len(percent), row) + 0.15, "o", ms=4, color=color, alpha=0.6)
        axes.errorbar(percent.mean(), row - 0.15, xerr=error, fmt="D", ms=5, color=color, capsize=4)
    names = [literal_text(name) for name in sides]
    axes.set(yticks=list(rows), yticklabels=names)
    axes.set_xlabel(translate("project_report.accuracy_of_seeds"))
    axes.set_ylim(len(sides) - 0.5, -0.5)
    axes.grid(axis="x", alpha=0.3)
    return _svg(picture)


def _picture(height: float = 3.2) -> StillPicture:
    from hpt_widgets.support.still_picture import StillPicture

    return StillPicture(figsize=(7, height), layout="constrained")


def _svg(picture: Any) -> str:
    buffer = io.StringIO()
    picture.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _colors() -> list[str]:
    """Return a colour for each side; from the seventh on all are grey."""
    return [*PALETTE, *[NEUTRAL] * 100]


def _by_strategy(fits: list[Entry]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, fit in enumerate(fits):
        places.setdefault(fit.content["strategy"], []).append(place)
    return places


def _percent(fit: Entry) -> float:
    accuracy = fit.content["validation_accuracy"]
    return float("nan") if accuracy is None else 100 * float(accuracy)


def _accuracy_label() -> str:
    return translate("project_report.accuracy_percent")


def setting_of(entry: Entry) -> str:
    """Return an entry's setting in one line, without its seed."""
    values = settings_of(entry)
    return ", ".join(f"{name}={value!r}" for name, value in values.items() if name != "seed")
