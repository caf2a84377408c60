"""The descent lab as a page without a kernel shows it, drawn in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.labs.descent.charts import COLORS
from hpt_widgets.labs.descent.controls import optimizer_label
from hpt_widgets.labs.descent.convergence_map import convergence_map, draw_errors, draw_map
from hpt_widgets.labs.descent.loss_scene import loss_scene
from hpt_widgets.labs.descent.race import DescentRace
from hpt_widgets.labs.descent.surface_map import draw_ground
from hpt_widgets.labs.kit.number_range import format_number
from hpt_widgets.language import translate

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

_EDGE_MARKERS: Final = {"above": "^", "below": "v"}


def draw_race(race: DescentRace, *, convergence: bool = False) -> StillPicture:
    """Draw the walks on their surface, and their losses, as far as the playhead.

    With `convergence`, draw the map of convergence and the errors by eigenvector below them.
    """
    from hpt_widgets.support.still_picture import StillPicture

    fast = convergence_map(race.settings.surface) if convergence else None
    made = StillPicture(figsize=(10.5, 8.0 if fast else 4.4), layout="constrained")
    panels = made.subplots(2 if fast else 1, 2, width_ratios=(1.25, 1), squeeze=False)
    _draw_walks(panels[0, 0], race)
    _draw_losses(panels[0, 1], race)
    if fast:
        draw_map(panels[1, 0], race, fast)
        draw_errors(panels[1, 1], race, fast)
    return made


def _draw_walks(axes: Any, race: DescentRace) -> None:
    surface, step = race.settings.surface, race.step
    is_curve = surface.n_dims == 1
    if is_curve:
        x = np.linspace(*surface.window[0], 301)
        axes.plot(x, surface.function(x[:, None]), color="gray", linewidth=2)
        axes.set(xlabel="$\\theta$", ylabel="$J(\\theta)$", ylim=axes.get_ylim())
        axes.set_xlim(*surface.window[0])
    else:
        draw_ground(axes, surface)
        axes.set(xlabel="$x$", ylabel="$y$")
    for name, path in race.paths.items():
        x = path.points[:, 0]
        y = path.losses if is_curve else path.points[:, 1]
        rate = format_number(race.settings.learning_rates[name])
        label = translate("figures.descent", optimizer=optimizer_label(name), rate=rate)
        if not is_curve:  # a pale road, on dark ground as on light
            axes.plot(x, y, color="white", alpha=0.7, linewidth=4.5)
        axes.plot(x, y, color=COLORS[name], alpha=0.4, linewidth=1.2)
        axes.plot(x[: step + 1], y[: step + 1], color=COLORS[name], linewidth=2.4, label=label)
        axes.plot(x[step], y[step], "o", color=COLORS[name], markeredgecolor="black")
    axes.legend(fontsize=8, loc="upper right")


def _draw_losses(axes: Any, race: DescentRace) -> None:
    scene, step = loss_scene(race.heights()), race.step
    for name, row in zip(race.paths, scene.rows, strict=True):
        axes.semilogy(row, color=COLORS[name], alpha=0.4, linewidth=1.2)
        axes.semilogy(row[: step + 1], color=COLORS[name], linewidth=2.4)
        axes.plot(step, row[step], "o", color=COLORS[name], markeredgecolor="black")
    racers = list(race.paths)
    for edge, leaving in scene.departures.items():
        look = {"marker": _EDGE_MARKERS[edge], "markeredgecolor": "black", "clip_on": False}
        for departure in leaving:
            color = COLORS[racers[departure.racer]]
            axes.plot(departure.step, scene.height_of(edge), color=color, zorder=3, **look)
    axes.axvline(step, color="gray", linestyle="--", linewidth=1)
    is_known = bool(race.settings.surface.minima)
    label = "$J - J_{min}$" if is_known else translate(f"descent_lab.{race.loss_axis}")
    axes.set(xlabel=scene.step_label, ylabel=label, ylim=(scene.low, scene.high))
    axes.grid(alpha=0.3)
