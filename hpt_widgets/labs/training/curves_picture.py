"""The training lab's charts as a still picture, in matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, PercentFormatter

from hpt_widgets.labs.kit.end_labels import EndLabel, spread
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.training.chart_scene import ChartScene, RunCurves, Series
from hpt_widgets.labs.training.run_slot import GHOST_OPACITY
from hpt_widgets.language import translate
from hpt_widgets.support.still_picture import StillPicture

SIZE: Final = (9.8, 3.6)
FONT_SIZE: Final = 9
MOST_MARKERS: Final = 12
# Of the height of a chart: a line of a label.
LINE_SHARE: Final = 0.065
# What is written on curves stands out from them.
_LIGHT_EDGE: Final = withStroke(linewidth=3, foreground="white")
_MARKERS: Final = {"above": "^", "below": "v", "diverged": "X", "best": "o"}


def draw_curves(
    runs: Sequence[RunCurves], loss: ChartScene, accuracy: ChartScene, x_label: str, length: float
) -> StillPicture:
    """Draw both charts side by side.

    Parameters
    ----------
    runs : sequence of RunCurves
        The oldest first.
    loss, accuracy : ChartScene
        What the charts show besides curves.
    x_label : str
        What lies along both.
    length : float
        Where both end on the right.

    Returns
    -------
    StillPicture
    """
    made = StillPicture(figsize=SIZE, layout="constrained")
    loss_axes, accuracy_axes = made.subplots(1, 2)
    for run in runs:
        look = _look(run)
        loss_axes.plot(run.training.x, run.training.y, **look)
        dashed = _with_markers(run.validation, look)
        loss_axes.plot(run.validation.x, run.validation.y, linestyle="--", **dashed)
        accuracy_axes.plot(run.accuracy.x, run.accuracy.y, **_with_markers(run.accuracy, look))
    if loss.axis.is_log:
        loss_axes.set_yscale("log")
        loss_axes.minorticks_off()
    loss_axes.set(ylabel=translate("figures.both_losses"))
    accuracy_axes.set(ylabel=translate("figures.validation_accuracy"))
    for axes, scene in ((loss_axes, loss), (accuracy_axes, accuracy)):
        axes.set(xlabel=x_label, xlim=(0.0, length), xticks=round_ticks(0.0, length))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,g}"))
        _draw_scene(axes, scene)
    loss_axes.set_yticks(loss.axis.ticks, labels=[f"{tick:g}" for tick in loss.axis.ticks])
    accuracy_axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    _draw_changes(loss_axes, loss, is_text_low=False)
    _draw_changes(accuracy_axes, accuracy, is_text_low=True)
    return made


def _look(run: RunCurves) -> dict[str, Any]:
    return {
        "color": run.color,
        "alpha": 1.0 if run.is_present else GHOST_OPACITY,
        "linewidth": 2.4 if run.is_present else 1.4,
    }


def _with_markers(series: Series, look: dict[str, Any]) -> dict[str, Any]:
    """Mark each point, where the marks leave something of the line."""
    return {**look, "marker": "o", "markersize": 4} if len(series.x) <= MOST_MARKERS else look


def _draw_scene(axes: Any, scene: ChartScene) -> None:
    axes.grid(alpha=0.3)
    axes.set_ylim(scene.axis.low, scene.axis.high)
    axes.set_yticks(scene.axis.ticks)
    for name, marker in _MARKERS.items():
        for spot in getattr(scene, name):
            look = {"markerfacecolor": "none", "markersize": 11} if name == "best" else {}
            axes.plot(
                [spot.x], [spot.y], marker, **{"markersize": 9, "color": spot.color, **look},
                clip_on=False, zorder=4, markeredgewidth=1.6,
            )  # fmt: skip
    _draw_ends(axes, scene.ends)


def _draw_ends(axes: Any, ends: Sequence[EndLabel]) -> None:
    texts = [end.text.replace(", ", ",\n").replace("，", "，\n") for end in ends]
    heights = [LINE_SHARE * (text.count("\n") + 1) for text in texts]
    places = spread([1 - end.share for end in ends], heights, 1.0)
    for end, text, place in zip(ends, texts, places, strict=True):
        where: dict[str, Any] = {"transform": axes.transAxes, "clip_on": False}
        style = "--" if end.is_dashed else "-"
        axes.plot([1.015, 1.045], [1 - place] * 2, style, color=end.color, linewidth=2.4, **where)
        axes.text(1.055, 1 - place, text, va="center", fontsize=FONT_SIZE, **where)


def _draw_changes(axes: Any, scene: ChartScene, *, is_text_low: bool) -> None:
    for row, change in enumerate(scene.changes):
        axes.axvline(change.x, color=change.color, linestyle=":", linewidth=1.6)
        height = LINE_SHARE * 1.2 * (row % 4 + 0.6)
        is_late = change.x > sum(axes.get_xlim()) / 2
        axes.annotate(
            change.text,
            (change.x, height if is_text_low else 1 - height),
            xycoords=("data", "axes fraction"),
            xytext=(-4 if is_late else 4, 0),
            textcoords="offset points",
            ha="right" if is_late else "left",
            va="center",
            fontsize=FONT_SIZE,
            path_effects=[_LIGHT_EDGE],
        )
