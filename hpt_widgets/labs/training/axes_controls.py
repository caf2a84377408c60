"""Where a reader chooses what the axes of the training lab's charts show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import choice_list
from hpt_widgets.labs.training.run_slot import X_AXES, XAxis
from hpt_widgets.language import translate

LossAxis = Literal["auto", "log", "linear"]
LOSS_AXES: Final[tuple[LossAxis, ...]] = ("auto", "log", "linear")


class AxesControls:
    """Two lists: what lies along both charts, and how the losses are drawn.

    Parameters
    ----------
    x_axis, loss_axis : str
        What is chosen at first, of `X_AXES` and `LOSS_AXES`.
    on_x_axis, on_loss_axis : callable
        Called with what is chosen.

    Attributes
    ----------
    x_axis, loss_axis : Dropdown
        The lists.
    widget : HBox
        Both.
    """

    def __init__(
        self,
        x_axis: XAxis,
        loss_axis: LossAxis,
        on_x_axis: Callable[[XAxis], None],
        on_loss_axis: Callable[[LossAxis], None],
    ) -> None:
        self.x_axis = choice_list(
            translate("training_lab.x_axis"),
            [(translate(f"training_charts.{name}"), name) for name in X_AXES],
            x_axis,
            on_x_axis,
        )
        self.loss_axis = choice_list(
            translate("training_charts.loss_axis"),
            [(translate(f"training_charts.{name}"), name) for name in LOSS_AXES],
            loss_axis,
            on_loss_axis,
        )
        self.widget = widgets.HBox([self.x_axis, self.loss_axis], layout={"flex_flow": "row wrap"})
