"""The backpropagation lab: a 2-3-1 network calculated one number at a time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.backprop.network import BackpropNetwork
from hpt_widgets.backprop.passes import Backpropagation, BackpropStep
from hpt_widgets.labs.backprop.error_chart import error_limits
from hpt_widgets.labs.backprop.network_drawing import plot_network
from hpt_widgets.labs.backprop.state import BackpropState
from hpt_widgets.labs.backprop.view import BackpropActions, BackpropView, scene_of
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_whole_number
from hpt_widgets.support.colors import NEUTRAL

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

MOST_STEPS: Final = 10_000


class BackpropLab(Lab):
    """The forward and backward passes of a 2-3-1 network, one calculation at a time.

    Parameters
    ----------
    **settings
        Anything that `set` takes. Default: ``BackpropNetwork()``, the inputs (0.5, 1),
        the target 0.2 and the learning rate 0.5.

    Attributes
    ----------
    view : BackpropView
        The widgets and charts.

    Raises
    ------
    ValueError, TypeError
        If a setting is not known or not allowed.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> lab = hpt.BackpropLab(target=0.9)
    >>> lab.descend(20)
    >>> lab.errors[-1] < lab.errors[0]
    True
    """

    view: BackpropView

    def __init__(self, **settings: Any) -> None:
        self._state = BackpropState()
        self._state.change(settings)
        # While a cell takes steps, clicks come from another thread.
        self._lock = threading.RLock()
        super().__init__()

    # -- what a reader can do, with or without a screen ------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change settings; all that depends on them is calculated anew at once.

        Parameters
        ----------
        x1, x2, target : float
            The one example.
        learning_rate : float
            η of the descent steps, 1e-6 to 10,000.
        hidden_activation, output_activation : str
            As for `hpt_widgets.BackpropNetwork`.
        w11, …, w23, b1, b2, b3, v1, v2, v3, c : float
            Parameters of the network.
        network : BackpropNetwork
            A whole network.

        Raises
        ------
        ValueError, TypeError
            If a change is not known or not allowed; then nothing changes.
        """
        self._require_open()
        with self._lock:
            self._state.change(changes)
            self.view.draw(self._state)

    @property
    def network(self) -> BackpropNetwork:
        """The network as it is now."""
        return self._state.network

    @property
    def inputs(self) -> tuple[float, float]:
        """The example's x₁ and x₂."""
        return self._state.inputs

    @property
    def target(self) -> float:
        """The example's target t."""
        return self._state.target

    @property
    def learning_rate(self) -> float:
        """η of the descent steps."""
        return self._state.learning_rate

    @property
    def passes(self) -> Backpropagation:
        """All calculations for the present network and example."""
        return self._state.passes

    @property
    def errors(self) -> tuple[float, ...]:
        """J before the first descent step and after each one, since the last change by hand."""
        return tuple(self._state.errors)

    @property
    def n_done(self) -> int:
        """How many calculations are shown, 0 to 26."""
        return self._state.n_done

    @property
    def step(self) -> BackpropStep | None:
        """The last calculation shown, None before the first."""
        return self._state.step

    def go_to(self, step: int | str) -> None:
        """Show the calculations up to one of them.

        Parameters
        ----------
        step : int or str
            How many calculations, or the name of the last one, such as ``"delta_h1"``.

        Raises
        ------
        ValueError
            If there is no such step.
        """
        self._require_open()
        names = [calculation.name for calculation in self.passes]
        if isinstance(step, str) and step in names:
            step = names.index(step) + 1
        n_done = require_whole_number("step", step, 0, len(names))
        with self._lock:
            self._state.n_done = n_done
            self.view.draw_step(self._state)

    def forward(self) -> None:
        """Make the next calculation."""
        with self._lock:
            self.go_to(min(self.n_done + 1, len(self.passes)))

    def back(self) -> None:
        """Take the last calculation back."""
        with self._lock:
            self.go_to(max(self.n_done - 1, 0))

    def descend(self, steps: int = 1) -> None:
        """Take steps of gradient descent on the one example.

        Parameters
        ----------
        steps : int, optional
            How many, 1 to 10,000. Default 1.

        Raises
        ------
        ValueError
            If ``steps`` is not allowed, or the error would grow beyond all bounds; the
            network stays as it was then.
        """
        self._require_open()
        count = require_whole_number("steps", steps, 1, MOST_STEPS)
        with self._lock:
            self._state.descend(count)
            self.view.draw(self._state)

    def reset(self) -> None:
        """Bring back the network as it was before the first descent step."""
        self._require_open()
        with self._lock:
            self._state.reset()
            self.view.draw(self._state)

    def _build(self) -> BackpropView:
        actions = BackpropActions(
            on_setting=lambda name, value: self.set(**{name: value}),
            on_step=lambda step: self.go_to(step),
            on_button=self._on_button,
        )
        return BackpropView(self._state, actions)

    def _on_button(self, name: str) -> None:
        if name in ("to_start", "to_end"):
            self.go_to(0 if name == "to_start" else len(self.passes))
        elif name in ("descend_once", "descend_ten"):
            try:
                self.descend(1 if name == "descend_once" else 10)
            except ValueError as error:
                self.view.show_error(str(error))
        else:
            getattr(self, name)()

    def _picture(self) -> StillPicture:
        from hpt_widgets.support.still_picture import StillPicture

        made = StillPicture(figsize=(12.0, 5.3), layout="constrained")
        network, errors = made.subplots(1, 2, width_ratios=(2.5, 1))
        plot_network(scene_of(self._state), network)
        errors.plot(self.errors, marker="o", color=NEUTRAL, clip_on=False)
        steps, highest = error_limits(self.errors)
        errors.set(
            xlabel=translate("figures.descent_steps"),
            ylabel=translate("figures.error"),
            xlim=(0, steps),
            ylim=(0, highest),
        )
        errors.xaxis.get_major_locator().set_params(integer=True)
        errors.grid(alpha=0.3)
        return made
