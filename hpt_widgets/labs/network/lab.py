"""The network lab: a small network is drawn, trained, and seen to bend its answer."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.backprop.dense_network import DenseNetwork
from hpt_widgets.backprop.toy_points import ToyPoints
from hpt_widgets.labs.kit.frame_clock import FrameClock
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.network.controls import NetworkActions
from hpt_widgets.labs.network.picture import draw_state
from hpt_widgets.labs.network.state import MOST_LAYERS, NetworkSettings, NetworkState
from hpt_widgets.labs.network.view import NetworkView
from hpt_widgets.support.argument_checks import require_seconds, require_whole_number

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

# A frame of the animation shows so many steps further on.
STEPS_A_FRAME: Final = 10
# While a cell trains; a browser draws hardly more.
SECONDS_BETWEEN_FRAMES: Final = 1 / 30
MOST_STEPS: Final = 100_000
# How many units a new layer begins with.
UNITS_OF_NEW_LAYER: Final = 3


class NetworkLab(Lab):
    """A small network, drawn, that learns a curve or two classes while one watches.

    Parameters
    ----------
    **settings
        Anything that `set` takes. Default: one input, three hidden units with tanh, a sine.

    Attributes
    ----------
    view : NetworkView
        The widgets and charts.

    Raises
    ------
    ValueError, TypeError
        If a setting is not known or not allowed.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> lab = hpt.NetworkLab(task="plane", data="circles", hidden_units=(4,))
    >>> lab.train(500)
    >>> lab.losses[-1] < lab.losses[0]
    True
    """

    view: NetworkView

    def __init__(self, **settings: Any) -> None:
        self._state = NetworkState()
        self._state.change(settings)
        # While it trains, frames come from another thread than clicks.
        self._lock = threading.RLock()
        super().__init__()

    # -- what a reader can do, with or without a screen ------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change settings.

        Parameters
        ----------
        task : {"curve", "plane"}
            One input and one output, or two inputs and two classes; it brings its own data
            and layers.
        data : str
            ``"sine"``, ``"bump"``, ``"steps"`` or ``"line"``; in the plane ``"circles"``,
            ``"spirals"``, ``"corners"`` or ``"two_groups"``.
        noise : float
            Standard deviation of the points' noise, 0 to 1.
        hidden_units : sequence of int
            Of at most four hidden layers, 1 to 8 units each.
        activation : {"identity", "relu", "sigmoid", "tanh"}
            Of the hidden units.
        learning_rate : float
            η, 0.0001 to 10.
        seed : int
            Of the points and of the first weights.
        x1, x2 : float
            The inputs whose way through the network is shown, -1 to 1.
        added_class : {0, 1}
            Of the points that are added by a click in the plane.

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
    def settings(self) -> NetworkSettings:
        """The settings in use."""
        return self._state.settings

    @property
    def network(self) -> DenseNetwork:
        """The network as it is now."""
        return self._state.network

    @property
    def points(self) -> ToyPoints:
        """The points that it learns."""
        return self._state.points

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss before the first step and after each one, since the network began."""
        return tuple(self._state.losses)

    @property
    def accuracy(self) -> float | None:
        """The share of points on the right side of the boundary, 0 to 1; None on a curve."""
        return self._state.accuracy

    @property
    def parameters(self) -> dict[str, float]:
        """Each weight and bias by its name, such as ``"w1_12"`` or ``"b2_1"``.

        The first number is the layer's; a weight leads from the unit of the second number to
        that of the third.
        """
        return self._state.parameters

    def set_weight(self, name: str, value: float) -> None:
        """Give one weight or bias another value.

        Parameters
        ----------
        name : str
            One of `parameters`.
        value : float
            -100 to 100.

        Raises
        ------
        ValueError, TypeError
            If there is no such weight, or the value is not allowed.
        """
        self._require_open()
        with self._lock:
            self._state.set_weight(name, value)
            self.view.draw(self._state)

    def choose_weight(self, name: str) -> None:
        """Mark a weight or bias in the drawing, and put it under the slider.

        Parameters
        ----------
        name : str
            One of `parameters`.

        Raises
        ------
        ValueError
            If there is no such weight.
        """
        self._require_open()
        with self._lock:
            self.view.controls.choose(name, self._state)
            self.view.draw_training(self._state, words=True)

    def add_point(self, x: float, y: float) -> None:
        """Add a point to learn.

        Parameters
        ----------
        x, y : float
            On the curve an input and its target; in the plane two inputs, whose class is the
            setting ``added_class``. From -2 to 2.

        Raises
        ------
        ValueError, TypeError
            If a number is not allowed, or there are 300 points already.
        """
        self._require_open()
        with self._lock:
            self._state.add_point(x, y)
            self.view.draw(self._state)

    def add_layer(self) -> None:
        """Add a hidden layer behind the others; the network begins anew."""
        with self._lock:
            units = self.settings.hidden_units
            if len(units) < MOST_LAYERS:
                self.set(hidden_units=(*units, UNITS_OF_NEW_LAYER))

    def remove_layer(self) -> None:
        """Take the last hidden layer away; the network begins anew."""
        with self._lock:
            self.set(hidden_units=self.settings.hidden_units[:-1])

    def new_points(self) -> None:
        """Take other points and other first weights."""
        with self._lock:
            self.set(seed=self.settings.seed + 1)

    def train(self, steps: int = 1) -> None:
        """Take steps of gradient descent on all points; where the lab is shown, it is seen.

        Parameters
        ----------
        steps : int, optional
            1 to 100,000. Default 1.

        Raises
        ------
        ValueError
            If ``steps`` is not allowed, or the loss grows beyond all bounds; the network stays
            as it was before that.
        """
        self._require_open()
        left = require_whole_number("steps", steps, 1, MOST_STEPS)
        drawn_at = time.monotonic()
        with self._lock:
            try:
                while left > 0:
                    self._state.train(min(left, STEPS_A_FRAME))
                    left -= STEPS_A_FRAME
                    if left > 0 and time.monotonic() - drawn_at > SECONDS_BETWEEN_FRAMES:
                        self.view.draw_training(self._state, words=False)
                        drawn_at = time.monotonic()
            finally:
                self.view.draw_training(self._state, words=True)

    def restart(self) -> None:
        """Begin with the first weights again."""
        self._require_open()
        with self._lock:
            self._state.restart()
            self.view.draw(self._state)

    def play(self) -> None:
        """Train on and on, until `pause`; it returns at once."""
        self._require_open()
        self._clock.start()
        self.view.controls.show_playing(self.is_playing)

    def pause(self) -> None:
        """Stop training; the network stays as it is."""
        self._clock.stop()
        self.view.controls.show_playing(self.is_playing)
        with self._lock:  # what followed more slowly catches up
            self.view.draw_training(self._state, words=True)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it no longer trains; return False if that took too long.

        Parameters
        ----------
        timeout : float, optional
            Most seconds to wait. Default: no limit.

        Raises
        ------
        TypeError, ValueError
            If `timeout` is no number of seconds.
        """
        require_seconds("timeout", timeout)
        return self._clock.wait(timeout)

    @property
    def is_playing(self) -> bool:
        """Whether it trains on and on."""
        return self._clock.is_running

    def close(self) -> None:
        """Take the lab off the screen and give back all that it holds."""
        self._clock.close()
        super().close()

    # -- training --------------------------------------------------------------------------------

    def _on_frame(self, _elapsed: float) -> None:
        with self._lock:
            if self.is_playing:
                self._state.train(STEPS_A_FRAME)
                self.view.draw_training(self._state, words=False)

    def _on_error(self, error: BaseException) -> None:
        with self._lock:
            self.view.draw_training(self._state, words=True)
            self.view.show_error(str(error))
        self.view.controls.show_playing(self.is_playing)

    # -- the view --------------------------------------------------------------------------------

    def _build(self) -> NetworkView:
        self._clock = FrameClock(self._on_frame, self._on_error)
        actions = NetworkActions(
            on_change=lambda **changes: self.set(**changes),
            on_button=self._on_button,
            on_weight=lambda name, value: self.set_weight(name, value),
            on_chosen=lambda name: self.choose_weight(name),
            on_point=self._on_point,
        )
        return NetworkView(self._state, actions, self._clock)

    def _on_button(self, name: str) -> None:
        try:
            if name == "play":
                (self.pause if self.is_playing else self.play)()
            elif name == "step":
                self.train(1)
            else:
                getattr(self, name)()
        except ValueError as error:
            self.view.show_error(str(error))

    def _on_point(self, x: float, y: float) -> None:
        try:
            self.add_point(x, y)
        except ValueError as error:
            self.view.show_error(str(error))

    def _picture(self) -> StillPicture:
        return draw_state(self._state)
