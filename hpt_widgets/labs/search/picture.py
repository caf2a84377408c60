"""The search lab as a page without a kernel shows it, drawn in matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.labs.search.dimension_scale import limits_of, option_label, place_of
from hpt_widgets.labs.search.groups import GROUP_COLORS, method_name, newest_with_colors
from hpt_widgets.labs.search.mark_encoding import MapAxes, MarkEncoding, size_of
from hpt_widgets.labs.search.mark_places import AxisSpan, mark_places
from hpt_widgets.labs.search.trial_map import BAND_OPACITY, PLAIN_MARK
from hpt_widgets.labs.search.trial_words import parameter_name, shortened
from hpt_widgets.language import translate
from hpt_widgets.search.comparison import Repeats, band_by_trials, distinct_values
from hpt_widgets.search.space import Choice, Dimension, LogUniform
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.colors import NEUTRAL
from hpt_widgets.support.literal_text import literal_text

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

# matplotlib counts the area of a mark in square points, of which there are fewer.
POINTS: Final = 0.5


def draw_search(
    axes: MapAxes, title: str, trials: Sequence[Trial], groups: Sequence[Repeats]
) -> StillPicture:
    """Draw one search between its marginal distributions, and the best so far of all searches.

    Parameters
    ----------
    axes : MapAxes
        What is drawn how.
    title : str
        The search's name.
    trials : sequence of Trial
        The trials of that search.
    groups : sequence of Repeats
        All searches.
    """
    from hpt_widgets.support.still_picture import StillPicture

    heights = (1, 4, *[1] * len(axes.others), 0.2)
    made = StillPicture(figsize=(10, 0.85 * sum(heights)), layout="constrained")
    grid = made.add_gridspec(len(heights), 3, width_ratios=(5, 1, 5), height_ratios=heights)
    main = made.add_subplot(grid[1, 0])
    top = made.add_subplot(grid[0, 0], sharex=main)
    side = made.add_subplot(grid[1, 1], sharey=main)
    shown = [trial for trial in trials if _is_drawable(trial, axes)]
    marks = _draw_map(main, axes, shown)
    _draw_marginal(top, axes.x, shown, upright=True)
    _draw_marginal(side, axes.y, shown, upright=False)
    for row, dimension in enumerate(axes.others, start=2):
        _draw_strip(made.add_subplot(grid[row, 0]), dimension, shown)
    colors = made.add_subplot(grid[-1, 0])
    made.colorbar(
        marks, cax=colors, orientation="horizontal", label=translate("figures.validation_accuracy")
    )
    top.set_title(_literal(title), fontsize=10)
    _draw_best(made.add_subplot(grid[:, 2]), groups)
    return made


def _is_drawable(trial: Trial, axes: MapAxes) -> bool:
    found = [place_of(d, trial.hyperparameters.get(d.name)) for d in (axes.x, axes.y)]
    return None not in found


def _draw_map(main: Any, axes: MapAxes, trials: Sequence[Trial]) -> Any:
    usable = [trial for trial in trials if trial.usable]
    encoding = MarkEncoding.of(axes, usable)
    spans = (AxisSpan.of(axes.x, trials), AxisSpan.of(axes.y, trials))
    places = mark_places(trials, axes.x, axes.y, spans)
    is_usable = np.array([trial.usable for trial in trials], bool)
    marks = main.scatter(
        *places[is_usable].T,
        c=[trial.validation_accuracy for trial in usable],
        s=[POINTS * _area(trial, axes, encoding) for trial in usable],
        cmap="viridis",
        vmin=encoding.low,
        vmax=encoding.high,
        edgecolors=NEUTRAL,
    )
    main.plot(*places[~is_usable].T, "x", color=NEUTRAL)
    main.set(xlabel=_named(axes.x), ylabel=_named(axes.y))
    _fit(main, "x", axes.x, trials)
    _fit(main, "y", axes.y, trials)
    main.grid(alpha=0.3)
    for dimension, axis, shade in ((axes.x, "x", main.axvspan), (axes.y, "y", main.axhspan)):
        if isinstance(dimension, Choice):
            main.grid(visible=False, axis=axis)
            for place in range(1, len(dimension.options), 2):
                shade(place - 0.5, place + 0.5, color=NEUTRAL, alpha=BAND_OPACITY, lw=0)
    return marks


def _fit(chart: Any, along: str, dimension: Dimension, trials: Sequence[Trial]) -> None:
    values = [trial.hyperparameters.get(dimension.name) for trial in trials]
    scale = "log" if isinstance(dimension, LogUniform) else "linear"
    chart.set(**{f"{along}scale": scale, f"{along}lim": limits_of(dimension, values)})
    if isinstance(dimension, Choice):
        labels = [_literal(option_label(option)) for option in dimension.options]
        chart.set(**{f"{along}ticks": range(len(labels)), f"{along}ticklabels": labels})


def _area(trial: Trial, axes: MapAxes, encoding: MarkEncoding) -> float:
    value = None if axes.size is None else size_of(trial, axes.size)
    return float(PLAIN_MARK) if value is None else encoding.area(value)


def _draw_strip(strip: Any, dimension: Dimension, trials: Sequence[Trial]) -> None:
    """Draw a marginal distribution with an axis of its own."""
    _draw_marginal(strip, dimension, trials, upright=True)
    strip.tick_params(labelbottom=True)
    strip.set_xlabel(_named(dimension))
    _fit(strip, "x", dimension, trials)


def _draw_marginal(
    strip: Any, dimension: Dimension, trials: Sequence[Trial], *, upright: bool
) -> None:
    counts = distinct_values(trials, dimension.name)
    places = {place_of(dimension, value): count for value, count in counts}
    places.pop(None, None)
    draw = strip.vlines if upright else strip.hlines
    if places:
        draw(list(places), 0, list(places.values()), colors=NEUTRAL)
    strip.tick_params(labelbottom=not upright, labelleft=upright)
    strip.text(
        0.98,
        0.96,
        translate("figures.distinct", count=len(counts)),
        transform=strip.transAxes,
        ha="right",
        va="top",
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
    )


def _draw_best(best: Any, groups: Sequence[Repeats]) -> None:
    shown = newest_with_colors(groups)
    for place, group in shown:
        color = GROUP_COLORS[place]
        band = band_by_trials(group.records)
        methods = {record.method for record in group.records}
        names = "/".join(method_name(method) for method in sorted(methods))
        label = translate("figures.repeats", methods=_literal(names), count=len(group.records))
        best.step(band.x, band.mean, where="post", color=color, label=label)
        if len(group.records) > 1:
            best.fill_between(
                band.x, band.lowest, band.highest, step="post", color=color, alpha=0.22
            )
    best.set(xlabel=translate("figures.trials"), ylabel=translate("figures.best_so_far"))
    best.grid(alpha=0.3)
    if shown:
        best.legend(fontsize=8)


def _named(dimension: Dimension) -> str:
    return _literal(parameter_name(dimension.name))


def _literal(text: str) -> str:
    return literal_text(shortened(text))
