"""The map under the weights' paths: filled contours of the loss as a PNG picture.

The loss of a plane spans orders of magnitude, so its bands are even on a logarithmic scale.
Low ground is lightest, so that paths of every colour stand out in light and dark themes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.labs.kit.map_picture import map_png
from hpt_widgets.labs.kit.ticks import log_ticks
from hpt_widgets.language import translate
from hpt_widgets.training.loss_plane import Window

N_BANDS: Final = 20
SIZE: Final = (6.4, 4.6)
GROUND: Final = ("#FFFEF4", "#E8EFF3", "#C9D6E2", "#A3B5C9", "#7C90AB")
_LINE: Final = "#46566B"
# Losses below this are drawn as this: a logarithm needs a floor.
LOWEST: Final = 1e-3


@dataclass(frozen=True, eq=False)
class LossMap:
    """The loss over a window of a plane.

    Attributes
    ----------
    window : Window
        Where it is.
    losses : ndarray, shape (n_y, n_x)
        In nats; inf where it is no number.
    """

    window: Window
    losses: NDArray[np.float64]

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest loss that is drawn."""
        finite = self.losses[np.isfinite(self.losses)]
        if not finite.size:
            return 1.0, 2.0
        low = max(float(finite.min()), LOWEST)
        return low, max(float(finite.max()), 1.01 * low)

    def draw(self, axes: Any) -> Any:
        """Draw filled contours into matplotlib axes, and return them."""
        from matplotlib.colors import LinearSegmentedColormap

        low, high = self.limits
        levels = np.geomspace(low, high, N_BANDS + 1)
        colors = LinearSegmentedColormap.from_list("ground", GROUND)(np.linspace(0, 1, N_BANDS))
        x, y = (np.linspace(*ends, n) for ends, n in zip(self._ends(), self._counts(), strict=True))
        heights = np.log(np.clip(self.losses, low, high))
        bands = np.log(levels)
        filled = axes.contourf(x, y, heights, levels=bands, colors=colors, extend="both")
        look: dict[str, Any] = {"colors": _LINE, "linewidths": 0.6, "linestyles": "solid"}
        axes.contour(x, y, heights, levels=bands[1:-1], alpha=0.55, **look)
        axes.set(xlim=self.window.x, ylim=self.window.y)
        return filled

    def draw_with_legend(self, axes: Any) -> None:
        """Draw filled contours into matplotlib axes, and beside them which shade is which loss."""
        bar = axes.figure.colorbar(
            self.draw(axes), ax=axes, label=translate("figures.training_loss")
        )
        ticks = log_ticks(*self.limits)
        bar.set_ticks(np.log(ticks), labels=[f"{tick:g}" for tick in ticks])

    def png(self) -> bytes:
        """Return the map as a PNG that fills the window to its edges."""
        return map_png(self.draw, SIZE)

    def _ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.window.x, self.window.y

    def _counts(self) -> tuple[int, int]:
        rows, columns = self.losses.shape
        return columns, rows
