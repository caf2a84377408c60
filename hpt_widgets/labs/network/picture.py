"""The network lab as a page without a kernel shows it, drawn in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hpt_widgets.labs.kit.network_canvas import NEGATIVE, POSITIVE
from hpt_widgets.labs.network.charts import (
    BOUNDARY,
    LIMITS,
    boundary_of,
    curve_of,
    plane_colors,
    plane_of,
)
from hpt_widgets.labs.network.drawing import ANSWER, drawn_of, plot_network, unit_color
from hpt_widgets.labs.network.state import NetworkState
from hpt_widgets.language import translate
from hpt_widgets.support.colors import NEUTRAL

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


def draw_state(state: NetworkState) -> StillPicture:
    """Draw the network, its answer, and the loss so far."""
    from hpt_widgets.support.still_picture import StillPicture

    # A unit of the network's drawing is as long here as its canvas says.
    made = StillPicture(figsize=(8.6, 6.8), layout="constrained")
    rows = made.add_gridspec(2, 2, height_ratios=(1, 1.15), width_ratios=(1.2, 1))
    network = made.add_subplot(rows[0, :])
    answer, losses = made.add_subplot(rows[1, 0]), made.add_subplot(rows[1, 1])
    plot_network(drawn_of(state), network)
    (_draw_curve if state.settings.task == "curve" else _draw_plane)(answer, state)
    losses.semilogy(state.losses, color=NEUTRAL, linewidth=2)
    losses.set(xlabel=translate("network_lab.steps"), ylabel=translate("network_lab.loss"))
    losses.grid(alpha=0.3)
    return made


def _draw_curve(axes: Any, state: NetworkState) -> None:
    x, answers, parts = curve_of(state)
    axes.plot(*state.points.inputs.T, state.points.targets[:, 0], "o", color=NEUTRAL, markersize=4)
    for unit, part in enumerate(parts):
        axes.plot(x, part, "--", color=unit_color(unit), linewidth=1.5)
    axes.plot(x, answers, color=ANSWER, linewidth=3)
    across, upright = LIMITS["curve"]
    axes.set(xlim=across, ylim=upright, xlabel="x", ylabel="y")
    axes.grid(alpha=0.3)


def _draw_plane(axes: Any, state: NetworkState) -> None:
    across, upright = LIMITS["plane"]
    answers = plane_of(state)
    axes.imshow(plane_colors(answers), extent=(*across, *upright), interpolation="bilinear")
    for piece in boundary_of(answers):
        axes.plot(*piece.T, color=BOUNDARY, linewidth=2)
    for wanted, color in ((1.0, POSITIVE), (0.0, NEGATIVE)):
        inputs = state.points.inputs[state.points.targets[:, 0] == wanted]
        axes.plot(*inputs.T, "o", color=color, markeredgecolor="white", markersize=6)
    axes.set(xlim=across, ylim=upright, xlabel="$x_1$", ylabel="$x_2$")
