"""The descent lab: optimisers racing down a surface, with every setting on a slider."""

from __future__ import annotations

import html
import re
import threading
import time
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.descent.surfaces import Point, Surface, surface_names
from hpt_widgets.descent.verdict import Verdict
from hpt_widgets.descent.walk import OPTIMIZERS, SCHEDULES, DescentPath
from hpt_widgets.labs.descent.charts import COLORS, CurveChart, LossChart, MapChart, loss_limits
from hpt_widgets.labs.descent.race import DescentRace, RaceSettings, checked_step
from hpt_widgets.labs.descent.surface_map import draw_contours
from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    NumberRange,
    StepControl,
    TextControl,
    button,
    choice_list,
    format_number,
    icon_button,
    linear_slider,
    log_slider,
)
from hpt_widgets.labs.kit.frame_clock import FrameClock
from hpt_widgets.labs.kit.lab import Lab, style_sheet, widgets_within
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import finite_number, require_seconds

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

SPEEDS: Final = (2.0, 5.0, 10.0, 20.0, 50.0)
# After a pause of the browser, the race goes on from where it was instead of leaping.
LONGEST_FRAME: Final = 0.2
# While it plays, the words change only this often: nobody reads faster.
SECONDS_BETWEEN_WORDS: Final = 0.25

_STYLE: Final = """<style>
.hpt-lab .hpt-verdicts { font-size: 15px; }
.hpt-lab .hpt-verdicts p { margin: 5px 0 !important; line-height: 1.35 !important;
  white-space: normal; }
.hpt-lab .hpt-heading { font-size: 14px; font-weight: 600; }
.hpt-lab .hpt-heading * { line-height: 1.3 !important; }
.hpt-lab .hpt-rate > .widget-vbox { flex-direction: row; padding-left: 34px; }
.hpt-lab .hpt-rate .widget-text { width: 118px !important; flex: 0 0 auto; }
.hpt-lab .hpt-rate .widget-text label { width: 20px !important; }
.hpt-lab .hpt-rate .widget-hslider { width: auto !important; flex: 1 1 0; margin-left: 8px; }
.hpt-lab .bqplot text.axislabel { fill: var(--jp-ui-font-color1, #333) !important; }
</style>"""


class DescentLab(Lab):
    """Optimisers racing down a surface.

    Parameters
    ----------
    surface : Surface or str, optional
        One of ``hpt.surfaces`` or its name, or a surface made of your own function with
        ``hpt.surfaces.Surface.from_function``. Default ``"quadratic_bowl"``.
    **settings
        Anything that `set` takes.

    Raises
    ------
    ValueError
        If a setting is not known or not allowed.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> lab = hpt.DescentLab("parabola", optimizers="gradient_descent", learning_rate=0.1)
    >>> lab.set(steps=50)
    >>> lab.path("gradient_descent").points[:4].ravel().round(3).tolist()
    [2.0, 1.6, 1.28, 1.024]
    """

    def __init__(self, surface: Surface | str = "quadratic_bowl", **settings: Any) -> None:
        self._race = DescentRace.on(surface, **settings)
        self._speed = 10.0
        self._last_words = 0.0
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
        steps, momentum, gradient_noise, seed, schedule
            As in `hpt_widgets.descend`.

        Raises
        ------
        ValueError
            If a change is not known or not allowed; then nothing changes.
        """
        with self._lock:
            self._race.set(**changes)
            self._show()

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
        self.pause()
        self._move_to(checked_step(step, self._race.settings.steps))

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
        if self._race.is_at_end:
            self._move_to(0)
        self._clock.start()
        self._show_playing()

    def pause(self) -> None:
        """Stop playing; the playhead stays."""
        self._clock.stop()
        self._show_playing()

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
        for chart in (self._map, self._curve):  # one of them is not on the screen
            for widget in widgets_within(chart.figure):
                widget.close()

    @property
    def is_playing(self) -> bool:
        """Whether the race is playing."""
        return self._clock.is_running

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
        speed = finite_number(steps_a_second)
        if speed is None or speed <= 0:
            raise ValueError(translate("descent_lab.speed", value=steps_a_second))
        self._speed = speed
        if self._speed in SPEEDS:
            self._speed_choice.value = self._speed

    # -- playing ---------------------------------------------------------------------------------

    def _on_frame(self, elapsed: float) -> None:
        with self._lock:
            step = self._race.playhead + self._speed * min(elapsed, LONGEST_FRAME)
            self._race.move_to(step)
            if self._race.is_at_end:
                self.pause()
            self._show_playhead(words=self._race.is_at_end)

    def _on_error(self, error: BaseException) -> None:
        self._complain(str(error))
        self._show_playing()

    def _move_to(self, step: float) -> None:
        with self._lock:
            self._race.move_to(step)
            self._show_playhead(words=True)

    def _racing(self, optimizer: str) -> str:
        if not isinstance(optimizer, str) or optimizer not in self._race.paths:
            allowed = ", ".join(self._race.paths)
            raise ValueError(translate("descent_lab.not_racing", value=optimizer, allowed=allowed))
        return optimizer

    # -- view --------------------------------------------------------------------------------------

    def _build(self) -> Any:
        self._map = MapChart(self._start_from)
        self._curve = CurveChart(self._start_from)
        self._losses = LossChart()
        self._verdicts = widgets.HTML(layout={"width": "100%"})
        self._verdicts.add_class("hpt-verdicts")
        self._hint = widgets.HTML()
        self._formula = widgets.HTMLMath()
        for chart, least in ((self._map, "340px"), (self._curve, "340px"), (self._losses, "270px")):
            chart.figure.layout.min_width = least
            chart.figure.layout.flex = "1 1 0%"
            chart.figure.layout.width = "auto"
        self._charts = widgets.HBox(
            layout={"width": "100%", "flex_flow": "row wrap", "overflow": "visible"}
        )
        stage = widgets.VBox(
            [self._charts, self._build_player(), self._verdicts, self._hint],
            layout={"flex": "1 1 620px", "min_width": "340px", "overflow": "visible"},
        )
        controls = self._build_controls()
        view = widgets.HBox(
            [style_sheet(), widgets.HTML(_STYLE, layout={"display": "none"}), controls, stage],
            layout={"width": "100%", "flex_flow": "row wrap", "overflow": "visible"},
        )
        self._show()
        return view

    def _build_player(self) -> Any:
        self._clock = FrameClock(self._on_frame, self._on_error)
        self._play_button = icon_button(translate("descent_lab.play"), "play", self._toggle)
        # A frame may be moving the handle while the reader does.
        self._playhead = StepControl(translate("descent_lab.scrub"), 1, self.play_to, self._lock)
        self._speed_choice = choice_list(
            translate("descent_lab.speed_label"),
            [(translate("descent_lab.steps_a_second", speed=s), s) for s in SPEEDS],
            self._speed,
            self.set_speed,
        )
        actions: list[tuple[str, str, Callable[[], None]]] = [
            ("to_start", "fast-backward", lambda: self.play_to(0)),
            ("back", "step-backward", self.back),
            ("forward", "step-forward", self.forward),
            ("to_end", "fast-forward", lambda: self.play_to(self._race.settings.steps)),
        ]
        made = [
            icon_button(translate(f"descent_lab.{key}"), icon, action)
            for key, icon, action in actions
        ]
        buttons = [*made[:2], self._play_button, *made[2:]]
        return widgets.HBox(
            [self._clock.widget, *buttons, self._playhead.widget, self._speed_choice],
            layout={"width": "100%", "flex_flow": "row wrap", "align_items": "center"},
        )

    def _build_controls(self) -> Any:
        settings = self._race.settings
        self._surface_choice = _SurfaceChoice(settings.surface, lambda v: self.set(surface=v))
        self._common = {
            "condition_number": self._number(
                "condition_number", 10.0, NumberRange(1, 1000), log_slider(0, 2, 0.02, 10)
            ),
            "steps": self._number(
                "steps", settings.steps, NumberRange(1, 2000, whole=True), linear_slider(1, 300, 1)
            ),
            "momentum": self._number(
                "momentum", settings.momentum, NumberRange(0, 0.999), linear_slider(0, 0.99, 0.01)
            ),
            "gradient_noise": self._number(
                "gradient_noise",
                settings.gradient_noise,
                NumberRange(0, 1000),
                linear_slider(0, 10, 0.1),
            ),
        }
        schedules = [(translate(f"descent.{_schedule_key(name)}"), name) for name in SCHEDULES]
        self._schedule = ChoiceControl(
            translate("descent_lab.schedule"),
            schedules,
            settings.schedule,
            lambda v: self.set(schedule=v),
        )
        self._noise_button = button(
            translate("descent_lab.another_noise"),
            "random",
            lambda: self.set(seed=self._race.settings.seed + 1),
        )
        # The start can be dragged, but not by somebody who uses no mouse.
        self._start = TextControl(
            translate("descent_lab.start"),
            settings.start,
            parse_start,
            write_start,
            lambda v: self.set(start=v),
        )
        self._racers = {name: _Racer(name, self) for name in OPTIMIZERS}
        common = [control.widget for control in self._common.values()]
        return widgets.VBox(
            [
                self._surface_choice.widget,
                self._formula,
                common[0],
                self._start.widget,
                _heading("racers"),
                *[racer.widget for racer in self._racers.values()],
                _heading("settings"),
                *common[1:],
                self._noise_button,
                self._schedule.widget,
            ],
            layout={
                "flex": "0 1 310px",
                "min_width": "280px",
                "padding": "0 18px 0 0",
                "overflow": "visible",
            },
        )

    def _number(self, name: str, value: float, allowed: NumberRange, slider: Any) -> NumberControl:
        label = translate(f"descent_lab.{name}")

        def change(new: Any) -> None:
            self.set(**{name: new})

        return NumberControl(name, label, value, allowed, change, slider)

    def _start_from(self, start: Point) -> None:
        if start == self._race.settings.start:
            return
        try:
            self.set(start=start)
        except ValueError as error:
            self._complain(str(error))

    def _complain(self, message: str) -> None:
        self._hint.value = f'<span role="alert">{html.escape(message)}</span>'

    def _toggle(self) -> None:
        if self.is_playing:
            self.pause()
            self._show_step(words=True)
        else:
            self.play()

    # -- showing -----------------------------------------------------------------------------------

    def _show(self) -> None:
        """Draw everything that depends on the settings."""
        settings = self._race.settings
        self._chart.draw(self._race)
        self._losses.draw(self._race)
        flat = settings.surface.n_dims == 1
        # A chart that is only hidden has no size, and complains of it in the browser's console.
        charts = (self._chart.figure, self._losses.figure)
        if self._charts.children != charts:
            self._charts.children = charts
        self._hint.value = translate("descent_lab.hint_1d" if flat else "descent_lab.hint_2d")
        self._show_settings(settings)
        self._show_step(words=True)

    def _show_settings(self, settings: RaceSettings) -> None:
        surface = settings.surface
        formula = html.escape(surface.formula)
        self._formula.value = f"$\\small {formula}$" if formula else ""
        self._surface_choice.show(surface)
        self._start.show(settings.start)
        for name in ("steps", "momentum", "gradient_noise"):
            self._common[name].show(getattr(settings, name))
        is_bowl = surface.name == "quadratic_bowl"
        if is_bowl and surface.condition_number is not None:
            self._common["condition_number"].show(surface.condition_number)
        self._common["condition_number"].widget.layout.display = "" if is_bowl else "none"
        self._noise_button.layout.display = "" if settings.gradient_noise > 0 else "none"
        self._schedule.show(settings.schedule)
        for racer in self._racers.values():
            racer.show(settings)

    def _show_playhead(self, *, words: bool) -> None:
        self._chart.draw_heads(self._race)
        self._losses.draw_heads(self._race)
        self._show_step(words=words)

    def _show_step(self, *, words: bool) -> None:
        self._playhead.show_step(self._race.step, self._race.settings.steps)
        now = time.monotonic()
        if words or now - self._last_words > SECONDS_BETWEEN_WORDS:
            self._last_words = now
            self._verdicts.value = "".join(self._verdict_html(name) for name in self._race.paths)

    def _show_playing(self) -> None:
        key = "pause" if self.is_playing else "play"
        self._play_button.icon = key
        self._play_button.description = translate(f"descent_lab.{key}")
        self._play_button.tooltip = self._play_button.description

    @property
    def _chart(self) -> MapChart | CurveChart:
        return self._curve if self._race.settings.surface.n_dims == 1 else self._map

    def _verdict_html(self, name: str) -> str:
        verdict = self._race.verdict(name)
        label = html.escape(optimizer_label(name))
        text = html.escape(str(verdict))
        return f"<p>{swatch(COLORS[name])}<b>{label}</b> {text}</p>"

    # -- static picture ----------------------------------------------------------------------------

    def _picture(self) -> StillPicture:
        from hpt_widgets.support.still_picture import StillPicture

        made = StillPicture(figsize=(10.5, 4.4), layout="constrained")
        place, losses = made.subplots(1, 2, width_ratios=(1.25, 1))
        self._picture_place(place)
        heights, step = self._race.heights(), self._race.step
        low, high = loss_limits(heights)
        for name, row in zip(self._race.paths, heights, strict=True):
            clipped = np.clip(row, low, high)
            losses.semilogy(clipped, color=COLORS[name], alpha=0.4, linewidth=1.2)
            losses.semilogy(clipped[: step + 1], color=COLORS[name], linewidth=2.4)
            losses.plot(step, clipped[step], "o", color=COLORS[name], markeredgecolor="black")
        losses.axvline(step, color="gray", linestyle="--", linewidth=1)
        losses.set(xlabel="step", ylabel="$J - J_{min}$", ylim=(low, high))
        losses.grid(alpha=0.3)
        return made

    def _picture_place(self, axes: Any) -> None:
        settings, step = self._race.settings, self._race.step
        surface = settings.surface
        flat = surface.n_dims == 1
        if flat:
            x = np.linspace(*surface.window[0], 301)
            axes.plot(x, surface.function(x[:, None]), color="gray", linewidth=2)
            bottom, top = axes.get_ylim()
            axes.set(xlabel="$\\theta$", ylabel="$J(\\theta)$", ylim=(bottom, top))
            axes.set_xlim(*surface.window[0])
        else:
            draw_contours(axes, surface)
            axes.set(xlabel="$x$", ylabel="$y$")
        for name, path in self._race.paths.items():
            x = path.points[:, 0]
            y = path.losses if flat else path.points[:, 1]
            rate = format_number(settings.learning_rates[name])
            label = f"{name.replace('_', ' ')}, $\\eta$ = {rate}"
            axes.plot(x, y, color=COLORS[name], alpha=0.4, linewidth=1.2)
            axes.plot(x[: step + 1], y[: step + 1], color=COLORS[name], linewidth=2.4, label=label)
            axes.plot(x[step], y[step], "o", color=COLORS[name], markeredgecolor="black")
        axes.legend(fontsize=8, loc="upper right")


class _SurfaceChoice(ChoiceControl):
    """The list of surfaces, with a reader's own one added to it."""

    def __init__(self, surface: Surface, on_change: Callable[[Any], None]) -> None:
        options = [(translate(f"surfaces.{name}"), name) for name in surface_names()]
        label = translate("descent_lab.surface")
        super().__init__(label, options, surface_names()[0], on_change)
        self.dropdown.style.description_width = "initial"  # the names are long
        self.show(surface)

    def _write(self, value: Any) -> None:
        if value.name in surface_names():
            super()._write(value.name)
            return
        built_in = list(self.dropdown.options)[: len(surface_names())]
        self.dropdown.options = [*built_in, (value.name, value)]
        super()._write(value)

    def _changed(self, value: Any, before: Any) -> None:
        self._on_change(value)  # every entry of the list is allowed
        del before


class _Racer(Control):
    """One optimiser: whether it races, and its learning rate."""

    def __init__(self, name: str, lab: DescentLab) -> None:
        self._lab = lab
        self._name = name
        self._box = widgets.Checkbox(
            description=optimizer_label(name),
            indent=False,
            layout={"width": "100%", "margin": "0"},
        )
        self._rate = NumberControl(
            f"learning_rates[{name!r}]",
            translate("descent_lab.rate_of"),
            lab.settings.learning_rates[name],
            NumberRange(1e-8, 1e4),
            lambda value: lab.set(learning_rates={name: value}),
            log_slider(-5, 1, 0.02, 10),
        )
        self._rate.add_hidden_label(
            translate("descent_lab.rate_of_optimizer", name=optimizer_label(name))
        )
        self._rate.widget.add_class("hpt-rate")
        mark = widgets.HTML(swatch(COLORS[name]), layout={"width": "36px"})
        super().__init__(
            widgets.VBox([widgets.HBox([mark, self._box]), self._rate.widget]), self._race
        )
        self._box.observe(self._on_box, "value")

    def show(self, settings: Any) -> None:
        """Show whether it races, and its rate."""
        racing = self._name in settings.optimizers
        super().show(racing)
        self._rate.show(settings.learning_rates[self._name])
        self._rate.widget.layout.display = "" if racing else "none"

    def _write(self, value: Any) -> None:
        self._box.value = value

    def _on_box(self, change: dict[str, Any]) -> None:
        if not self._showing:
            self._changed(change["new"], change["old"])

    def _race(self, racing: bool) -> None:
        others = [name for name in self._lab.settings.optimizers if name != self._name]
        self._lab.set(optimizers=[*others, self._name] if racing else others)

    def _changed(self, value: Any, before: Any) -> None:
        try:
            self._on_change(value)
        except (ValueError, TypeError) as error:
            super().show(before)
            self.show_error(str(error))


def optimizer_label(name: str) -> str:
    """Return what an optimiser is called on the screen."""
    key = "momentum_optimizer" if name == "momentum" else name
    return translate(f"descent.{key}")


def parse_start(text: str) -> tuple[float, ...]:
    """Read "-1.5, 1.5" as a point; raise a ValueError where a word is no number."""
    # Full-width digits and commas come from a Chinese keyboard.
    plain = unicodedata.normalize("NFKC", text).strip("() ")
    try:
        return tuple(float(word) for word in re.split(r"[\s,;]+", plain))
    except ValueError:
        raise ValueError(translate("descent_lab.start_text", value=text)) from None


def write_start(start: Point) -> str:
    """Write a point as "-1.5, 1.5"."""
    return ", ".join(format_number(float(place)) for place in start)


def _schedule_key(name: str) -> str:
    return "step_schedule" if name == "step" else name


def _heading(key: str) -> Any:
    made = widgets.HTML(html.escape(translate(f"descent_lab.{key}")))
    made.add_class("hpt-heading")
    return made
