"""The map of convergence of momentum on a quadratic surface, over learning rate and momentum.

Its shade says how many steps divide the error by ten in the long run: light ground is fast, dark
ground slow, and on grey ground a walk does not converge. Both axes begin at 0, where the walk is
plain gradient descent along the lower edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hpt_widgets.descent.convergence import (
    LINEAR_OPTIMIZERS,
    BestSettings,
    best_settings,
    convergence_rate,
    eigen_errors,
)
from hpt_widgets.descent.surfaces import FloatArray, Point, Surface
from hpt_widgets.labs.descent.charts import COLORS
from hpt_widgets.labs.descent.loss_scene import loss_limits
from hpt_widgets.labs.descent.race import LOWEST_DRAWN, DescentRace
from hpt_widgets.labs.descent.surface_map import NOWHERE, ground_colors
from hpt_widgets.labs.kit.map_picture import map_png
from hpt_widgets.labs.kit.number_range import format_number
from hpt_widgets.language import translate

GRID: Final = (241, 161)
SIZE: Final = (5.2, 3.2)
# With momentum every rate below 4/λmax converges for some β.
FARTHEST_RATE: Final = 4.0
DARKEST: Final = 100.0
"""Ground that needs so many times the fewest steps, or more, is darkest."""
SLOWEST_LINE: Final = 10.0
"""No line of equal speed is slower than so many times the fewest steps: they would touch."""
LARGEST_MOMENTUM: Final = 0.9999
_ROUND: Final = (1, 2, 5)
_LINES: Final = "#16324F"
# The flattest direction is solid, the steepest dashed.
STYLES: Final = ("solid", "dashed")


@dataclass(frozen=True, eq=False)
class ConvergenceMap:
    """How fast momentum converges on one quadratic surface, wherever its sliders stand.

    Attributes
    ----------
    curvatures : ndarray of shape (n_dims,)
        Eigenvalues of the Hessian, in ascending order.
    """

    curvatures: FloatArray

    @property
    def farthest_rate(self) -> float:
        """Where the axis of the learning rate ends."""
        return FARTHEST_RATE / float(self.curvatures[-1])

    @property
    def best(self) -> BestSettings:
        """The fastest settings of momentum."""
        return best_settings("momentum", float(self.curvatures[0]), float(self.curvatures[-1]))

    def steps(self) -> FloatArray:
        """Return the steps for a tenth of the error, (n_momenta, n_rates); nan where none do."""
        rates = np.linspace(0, self.farthest_rate, GRID[0])
        rates[0] = rates[1] / 100
        momenta = np.minimum(np.linspace(0, 1, GRID[1]), LARGEST_MOMENTUM)[:, None]
        return steps_for_a_tenth(convergence_rate("momentum", self.curvatures, rates, momenta))

    def draw(self, axes: Any) -> None:
        """Draw shades and lines of equal speed into matplotlib axes."""
        from matplotlib.colors import ListedColormap

        steps = np.ma.masked_invalid(self.steps())
        low = max(float(steps.min()), 0.5)
        extent = (0.0, self.farthest_rate, 0.0, 1.0)
        axes.imshow(
            np.log(np.ma.clip(steps, low, DARKEST * low)),
            cmap=ListedColormap(ground_colors(256)).with_extremes(bad=NOWHERE),
            vmin=np.log(low),
            vmax=np.log(DARKEST * low),
            extent=extent,
            origin="lower",
            aspect="auto",
        )
        lines = axes.contour(
            steps,
            levels=_levels(low, SLOWEST_LINE * low),
            extent=extent,
            colors=_LINES,
            linewidths=0.7,
            alpha=0.6,
        )
        axes.clabel(lines, fmt="%g", fontsize=8)
        # The stability limit, 2(1 + β)/λmax.
        ends = (self.farthest_rate / 2, self.farthest_rate)
        axes.plot(ends, (0, 1), color=_LINES, linewidth=1.5)
        axes.set(xlim=extent[:2], ylim=extent[2:])

    def png(self) -> bytes:
        """Return the map as a PNG that fills its axes to their edges."""
        return map_png(self.draw, SIZE)


def convergence_map(surface: Surface) -> ConvergenceMap | None:
    """Return the map of a quadratic surface, and None for one that is none or has no minimum known.

    Beside the map stand the errors, which are distances from the minimum.
    """
    if surface.condition_number is None or not surface.minima:
        return None
    curvatures = surface.curvatures(surface.start)
    if curvatures is None or curvatures[0] <= 0:
        return None
    return ConvergenceMap(curvatures)


def steps_for_a_tenth(rates: FloatArray) -> FloatArray:
    """Return how many steps of these convergence rates divide an error by ten; nan from 1 on."""
    with np.errstate(divide="ignore"):
        steps = -1 / np.log10(np.maximum(rates, 1e-12))
    return np.asarray(np.where(rates < 1, steps, np.nan), dtype=np.float64)


def place_of(name: str, race: DescentRace) -> Point | None:
    """Return where a racer stands on the map; None for those that it does not hold for."""
    rate = race.settings.learning_rates[name]
    return {"gradient_descent": (rate, 0.0), "momentum": (rate, race.settings.momentum)}.get(name)


def rates_of(race: DescentRace, curvatures: FloatArray) -> dict[str, float]:
    """Return the convergence rate of each racer that has one."""
    settings = race.settings
    return {
        name: float(
            convergence_rate(name, curvatures, settings.learning_rates[name], settings.momentum)
        )
        for name in settings.optimizers
        if name in LINEAR_OPTIMIZERS
    }


def leading_racer(race: DescentRace) -> str:
    """Return the racer whose errors are drawn: momentum if it races, else the first."""
    names = race.settings.optimizers
    return "momentum" if "momentum" in names else names[0]


def drawn_errors(race: DescentRace, name: str) -> FloatArray:
    """Return the sizes of a racer's errors by eigenvector, shape (n_dims, steps + 1), above 0."""
    errors = eigen_errors(race.paths[name], race.settings.surface).errors
    return np.maximum(np.abs(errors.T), LOWEST_DRAWN)


def error_limits(errors: FloatArray) -> tuple[float, float]:
    """Return limits of the logarithmic axis for errors of shape (n_dims, steps + 1).

    A swing passes through 0, and a step may come as near to it as chance will have it: of two
    errors in a row the larger counts.
    """
    return loss_limits(np.maximum(errors[:, 1:], errors[:, :-1]))


def draw_map(axes: Any, race: DescentRace, ground: ConvergenceMap) -> None:
    """Draw the map with the racers on it into matplotlib axes."""
    ground.draw(axes)
    for name in race.settings.optimizers:
        if place := place_of(name, race):
            x = min(place[0], ground.farthest_rate)
            axes.plot(x, place[1], "o", color=COLORS[name], markeredgecolor="black", clip_on=False)
    axes.plot(ground.best.learning_rate, ground.best.momentum, "k+", markersize=12)
    axes.set(
        xlabel=translate("descent_lab.rate_axis"), ylabel=translate("descent_lab.momentum_axis")
    )


def draw_errors(axes: Any, race: DescentRace, ground: ConvergenceMap) -> None:
    """Draw the error along each eigenvector into matplotlib axes."""
    name = leading_racer(race)
    errors = drawn_errors(race, name)
    low, high = error_limits(errors)
    for row, curvature, style in zip(errors, ground.curvatures, STYLES, strict=False):
        label = f"$\\lambda$ = {format_number(float(f'{curvature:.3g}'))}"
        axes.semilogy(np.clip(row, low, high), color=COLORS[name], linestyle=style, label=label)
    axes.set(
        xlabel=translate("descent_lab.step_axis"),
        ylabel=translate("descent_lab.error_axis"),
        ylim=(low, high),
    )
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, loc="upper right")


def _levels(low: float, high: float) -> list[float]:
    """Return 1, 2, 5, 10 … between two numbers."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    ladder = [digit * 10.0**power for power in powers for digit in _ROUND]
    return [level for level in ladder if low < level < high]
