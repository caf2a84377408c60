"""The descent lab: optimisers racing down a surface, with every setting on a slider."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.descent.surfaces import Point, Surface
from hpt_widgets.descent.verdict import Verdict
from hpt_widgets.descent.walk import DescentPath
from hpt_widgets.labs.descent.picture import draw_race
from hpt_widgets.labs.descent.race import DescentRace, RaceSettings
from hpt_widgets.labs.descent.view import DescentActions, DescentView
from hpt_widgets.labs.kit.frame_clock import FrameClock
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import (
    require_flag,
    require_number,
    require_seconds,
    require_whole_number,
)

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

# After a pause of the browser, the race goes on from where it was instead of leaping.
LONGEST_FRAME: Final = 0.2


class DescentLab(Lab):
    """Optimisers racing down a surface.

    Parameters
    ----------
    surface : Surface or str, optional
        One of ``hpt.surfaces`` or its name, or a surface made of your own function with
        ``hpt.surfaces.Surface.from_function``. Default ``"quadratic_bowl"``.
    **settings
        Anything that `set` takes.

    Attributes
    ----------
    view : DescentView
        The widgets and charts.

    Raises
    ------
    TypeError, ValueError
        If a setting is not known or not allowed.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> lab = hpt.DescentLab("parabola", optimizers="gradient_descent", learning_rate=0.1)
    >>> lab.set(steps=50)
    >>> lab.path("gradient_descent").points[:4].ravel().round(3).tolist()
    [2.0, 1.6, 1.28, 1.024]
    """

    view: DescentView

    def __init__(self, surface: Surface | str = "quadratic_bowl", **settings: Any) -> None:
        self._race = DescentRace.on(surface, **settings)
        self._speed = 10.0
        # While it plays, frames come from another thread than clicks.
        self._lock = threading.RLock()
        super().__init__()

    # -- what a reader can do, with or without a screen ------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change settings; the walks and all that is drawn follow at once.

        Parameters
        ----------
        surface : Surface or str
            It brings its own start and suggested learning rates.
        condition_number : float
            Of the quadratic bowl, at least 1; it chooses the bowl if another is shown.
        optimizers : str, list of str, or dict of str to float
            Who races; a dict gives the learning rates too.
        learning_rates : dict of str to float
            The learning rates of some optimisers.
        learning_rate : float
            The same for all that race.
        start : tuple of float
            The first point.
        steps, momentum, gradient_noise, seed, schedule, bias_correction
            As in `hpt_widgets.descend`.

        Raises
        ------
        TypeError, ValueError
            If a change is not known or not allowed; then nothing changes.
        """
        self._require_open()
        with self._lock:
            self._race.set(**changes)
            self.view.draw()

    @property
    def settings(self) -> RaceSettings:
        """The settings in use."""
        return self._race.settings

    @property
    def step(self) -> int:
        """The step that the playhead has come to."""
        return self._race.step

    def path(self, optimizer: str) -> DescentPath:
        """Return the whole walk of one of the racing optimisers.

        Parameters
        ----------
        optimizer : str
            Its name, one of ``hpt_widgets.descent.walk.OPTIMIZERS``.

        Returns
        -------
        DescentPath

        Raises
        ------
        ValueError
            If it does not race.
        """
        return self._race.paths[self._racing(optimizer)]

    def verdict(self, optimizer: str) -> Verdict:
        """Return what one walk is doing as of the playhead, and why.

        Parameters
        ----------
        optimizer : str
            Its name, one of ``hpt_widgets.descent.walk.OPTIMIZERS``.

        Returns
        -------
        Verdict

        Raises
        ------
        ValueError
            If it does not race.
        """
        return self._race.verdict(self._racing(optimizer))

    def show_convergence(self, visible: bool = True) -> None:
        """Open or close the panel below the charts; it holds for quadratic surfaces.

        There, a map says how fast momentum converges over learning rate and momentum, with the
        present settings on it, and a chart shows the error along each eigenvector of the Hessian.

        Parameters
        ----------
        visible : bool, optional
            Default True.

        Raises
        ------
        TypeError
            If `visible` is neither True nor False.
        """
        self._require_open()
        is_open = require_flag("visible", visible)
        with self._lock:
            self.view.convergence.open(is_open)

    def play_to(self, step: int) -> None:
        """Set the playhead to a step.

        Parameters
        ----------
        step : int
            From 0 to the number of steps.

        Raises
        ------
        ValueError
            If there is no such step.
        """
        self._require_open()
        self.pause()
        self._move_to(require_whole_number("step", step, 0, self._race.settings.steps))

    def forward(self) -> None:
        """Go one step forward."""
        self.play_to(min(self.step + 1, self._race.settings.steps))

    def back(self) -> None:
        """Go one step back."""
        at_whole_step = self._race.playhead == self.step
        self.play_to(max(self.step - int(at_whole_step), 0))

    def play(self) -> None:
        """Play from the playhead, or from the start if it is at the end.

        It returns at once; `wait` waits for the end.
        """
        self._require_open()
        if self._race.is_at_end:
            self._move_to(0)
        self._clock.start()
        self.view.show_playing(self.is_playing)

    def pause(self) -> None:
        """Stop playing; the playhead stays."""
        self._clock.stop()
        self.view.show_playing(self.is_playing)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it no longer plays; return False if that took too long.

        Parameters
        ----------
        timeout : float, optional
            Most seconds to wait. Default: no limit.

        Returns
        -------
        bool
            Whether it has stopped.

        Raises
        ------
        TypeError, ValueError
            If `timeout` is no number of seconds.
        """
        require_seconds("timeout", timeout)
        return self._clock.wait(timeout)

    def close(self) -> None:
        """Take the lab off the screen and give back all that it holds."""
        self._clock.close()
        super().close()

    @property
    def is_playing(self) -> bool:
        """Whether the race is playing."""
        return self._clock.is_running

    @property
    def speed(self) -> float:
        """Steps a second at which it plays."""
        return self._speed

    def set_speed(self, steps_a_second: float) -> None:
        """Set how fast it plays.

        Parameters
        ----------
        steps_a_second : float
            Greater than 0.

        Raises
        ------
        ValueError
            If it is no number greater than 0.
        """
        self._require_open()
        speed = require_number("steps_a_second", steps_a_second, above=0)
        with self._lock:
            self._speed = speed
            self.view.show_speed(speed)

    # -- playing ---------------------------------------------------------------------------------

    def _on_frame(self, elapsed: float) -> None:
        with self._lock:
            if not self.is_playing:  # paused, or moved by the reader, while this one waited
                return
            self._race.move_to(self._race.playhead + self._speed * min(elapsed, LONGEST_FRAME))
            if self._race.is_at_end:
                self.pause()
            self.view.draw_playhead(words=self._race.is_at_end)

    def _on_error(self, error: BaseException) -> None:
        self.view.show_error(str(error))
        self.view.show_playing(self.is_playing)

    def _move_to(self, step: float) -> None:
        with self._lock:
            self._race.move_to(step)
            self.view.draw_playhead(words=True)

    def _racing(self, optimizer: str) -> str:
        if not isinstance(optimizer, str) or optimizer not in self._race.paths:
            allowed = ", ".join(self._race.paths)
            raise ValueError(translate("descent_lab.not_racing", value=optimizer, allowed=allowed))
        return optimizer

    # -- the view --------------------------------------------------------------------------------

    def _build(self) -> DescentView:
        self._clock = FrameClock(self._on_frame, self._on_error)
        actions = DescentActions(
            on_change=lambda **changes: self.set(**changes),
            on_noise=lambda: self.set(seed=self._race.settings.seed + 1),
            on_start=self._start_from,
            on_step=lambda step: self.play_to(step),
            on_button=self._on_button,
            on_speed=lambda speed: self.set_speed(speed),
            on_pick=self._pick,
        )
        return DescentView(self._race, actions, self._clock, self._lock)

    def _pick(self, learning_rate: float, momentum: float) -> None:
        """Let momentum race with the settings that were clicked on the map."""
        others = [name for name in self._race.settings.optimizers if name != "momentum"]
        rates = {"momentum": learning_rate}
        self.set(optimizers=[*others, "momentum"], learning_rates=rates, momentum=momentum)

    def _on_button(self, name: str) -> None:
        if name == "play":
            self._toggle()
        elif name in ("to_start", "to_end"):
            self.play_to(0 if name == "to_start" else self._race.settings.steps)
        else:
            getattr(self, name)()

    def _toggle(self) -> None:
        if self.is_playing:
            self.pause()
            with self._lock:
                self.view.draw_step(words=True)
        else:
            self.play()

    def _start_from(self, start: Point) -> None:
        if start == self._race.settings.start:
            return
        try:
            self.set(start=start)
        except ValueError as error:
            self.view.show_error(str(error))

    def _picture(self) -> StillPicture:
        return draw_race(self._race, convergence=self.view.convergence.is_shown)
