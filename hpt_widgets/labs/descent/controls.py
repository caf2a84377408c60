"""The descent lab's controls: the surface, the start, the optimisers with their rates."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets as widgets

from hpt_widgets.descent.surfaces import Point, Surface, surface_names
from hpt_widgets.descent.walk import OPTIMIZERS, SCHEDULES
from hpt_widgets.labs.descent.charts import COLORS
from hpt_widgets.labs.descent.race import RaceSettings, built_in_name
from hpt_widgets.labs.kit.control_panel import guarded, show_one_message_at_a_time
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    TextControl,
    button,
    linear_slider,
    log_slider,
)
from hpt_widgets.labs.kit.number_range import NumberRange, format_number, shortened
from hpt_widgets.language import translate


class DescentControls:
    """All that decides how the walks go.

    Parameters
    ----------
    settings : RaceSettings
        To begin with.
    on_change : callable
        Called with the settings that the reader changes, as the lab's `set` takes them.
    on_noise : callable
        Called when other noise is asked for.

    Attributes
    ----------
    surface, start, schedule : Control
    numbers : dict of str to NumberControl
        Condition number, steps, momentum and gradient noise.
    racers : dict of str to RacerControl
        One for each optimiser.
    correction : CorrectionControl
        Adam's bias correction.
    noise_button, widget : Widget
    all : list of Control
        All of them but the button.
    """

    def __init__(
        self,
        settings: RaceSettings,
        on_change: Callable[..., None],
        on_noise: Callable[[], None],
    ) -> None:
        self._on_change = on_change
        self.surface = SurfaceControl(settings.surface, lambda v: on_change(surface=v))
        self.numbers = {
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
        self.schedule = ChoiceControl(
            translate("descent_lab.schedule"),
            [(schedule_label(name), name) for name in SCHEDULES],
            settings.schedule,
            lambda v: on_change(schedule=v),
        )
        other_noise = guarded(lambda _name: on_noise(), lambda: self.all, lambda _name: True)
        self.noise_button = button(
            translate("descent_lab.another_noise"), "random", partial(other_noise, "noise")
        )
        self._n_dims = settings.surface.n_dims
        # The start can be dragged, but not by somebody who uses no mouse.
        self.start = TextControl(
            translate("descent_lab.start"),
            settings.start,
            self._parsed_start,
            write_start,
            lambda v: on_change(start=v),
            setting="start",
        )
        self.start.use_label_width("28%")
        self.racers = {name: RacerControl(name, settings, on_change) for name in OPTIMIZERS}
        self.correction = CorrectionControl(lambda v: on_change(bias_correction=v))
        racers = self.racers.values()
        self.all: list[Control] = [
            *(self.surface, self.start, *self.numbers.values(), *racers),
            *(*(racer.rate for racer in racers), self.correction, self.schedule),
        ]
        show_one_message_at_a_time(self.all)
        self.widget = self._lay_out()

    def _parsed_start(self, text: str) -> Point:
        """Read a point of the surface that is shown."""
        start, n_dims = parse_start(text), self._n_dims
        if len(start) == n_dims:
            return start
        words = {
            "label": translate("descent_lab.start"),
            "typed": shortened(text.strip()),
            "allowed": translate("surfaces.point", n_dims=n_dims),
        }
        raise ValueError(translate("descent_lab.start_count", **words))

    def show(self, settings: RaceSettings) -> None:
        """Show settings, and only the controls that matter for them."""
        surface = settings.surface
        self._n_dims = surface.n_dims
        self.surface.show(surface)
        self.start.show(settings.start)
        for name in ("steps", "momentum", "gradient_noise"):
            self.numbers[name].show(getattr(settings, name))
        is_bowl = built_in_name(surface) == "quadratic_bowl"
        if is_bowl and surface.condition_number is not None:
            self.numbers["condition_number"].show(surface.condition_number)
        self.numbers["condition_number"].widget.layout.display = "" if is_bowl else "none"
        self.noise_button.layout.display = "" if settings.gradient_noise > 0 else "none"
        self.schedule.show(settings.schedule)
        for racer in self.racers.values():
            racer.show(settings)
        self.correction.show(settings)

    def _number(self, name: str, value: float, allowed: NumberRange, slider: Any) -> NumberControl:
        label = translate(f"descent_lab.{name}")

        def change(new: Any) -> None:
            self._on_change(**{name: new})

        made = NumberControl(label, value, allowed, change, slider)
        if name == "condition_number":  # too long a name for one row with its slider
            made.use_label_width("64%")
        else:
            made.widget.add_class("hpt-row")
        return made

    def _lay_out(self) -> Any:
        condition_number, *others = (control.widget for control in self.numbers.values())
        return widgets.VBox(
            [
                self.surface.widget,
                condition_number,
                self.start.widget,
                _heading("racers"),
                *[racer.widget for racer in self.racers.values()],
                self.correction.widget,
                _heading("settings"),
                *others,
                self.noise_button,
                self.schedule.widget,
            ],
            layout={"overflow": "visible"},
        )


class SurfaceControl(ChoiceControl):
    """The list of surfaces, with a reader's own one added to it."""

    def __init__(self, surface: Surface, on_change: Callable[[Any], None]) -> None:
        options = [(translate(f"surfaces.{name}"), name) for name in surface_names()]
        label = translate("descent_lab.surface")
        super().__init__(label, options, surface_names()[0], on_change)
        self.dropdown.style.description_width = "initial"  # the names are long
        self.show(surface)

    def _write(self, value: Any) -> None:
        name = built_in_name(value)
        if name is None:
            built_in = list(self.dropdown.options)[: len(surface_names())]
            self.dropdown.options = [*built_in, (value.name, value)]
        super()._write(value if name is None else name)

    def _changed(self, value: Any, before: Any) -> None:
        self._on_change(value)  # every entry of the list is allowed
        del before


class RacerControl(Control):
    """One optimiser: whether it races, and its learning rate.

    Attributes
    ----------
    box : Checkbox
    rate : NumberControl
    """

    def __init__(self, name: str, settings: RaceSettings, on_change: Callable[..., None]) -> None:
        self._name = name
        self._racing = settings.optimizers
        self._on_settings = on_change
        self.box = widgets.Checkbox(
            description=optimizer_label(name),
            indent=False,
        )
        label = translate("descent_lab.rate_of")
        of_whom = translate("descent_lab.rate_of_optimizer", name=optimizer_label(name))
        self.rate = NumberControl(
            label,
            settings.learning_rates[name],
            NumberRange(1e-8, 1e4),
            lambda value: on_change(learning_rates={name: value}),
            log_slider(-5, 1, 0.02, 10),
            called=f"{label}{of_whom}",
        )
        self.rate.add_hidden_label(of_whom)
        self.rate.widget.add_class("hpt-rate")
        row = widgets.HBox(
            [self.box, self.rate.widget], layout={"border_left": f"6px solid {COLORS[name]}"}
        )
        row.add_class("hpt-racer")
        super().__init__(row, self._join_or_leave)
        self.box.observe(self._on_box, "value")

    def show(self, settings: Any) -> None:
        """Show whether it races, and its rate."""
        self._racing = settings.optimizers
        is_racing = self._name in settings.optimizers
        super().show(is_racing)
        self.rate.show(settings.learning_rates[self._name])
        self.rate.widget.layout.display = "" if is_racing else "none"

    def _write(self, value: Any) -> None:
        self.box.value = value

    def _on_box(self, change: dict[str, Any]) -> None:
        if not self._own_changes.are_under_way:
            self._changed(change["new"], change["old"])

    def _join_or_leave(self, joins: bool) -> None:
        others = [name for name in self._racing if name != self._name]
        if not (joins or others):
            raise ValueError(translate("descent_lab.one_stays"))
        self._on_settings(optimizers=[*others, self._name] if joins else others)

    def _changed(self, value: Any, before: Any) -> None:
        try:
            self._on_change(value)
        except (ValueError, TypeError) as error:
            super().show(before)
            self.show_error(str(error))


class CorrectionControl(Control):
    """Whether Adam corrects the bias of its means, below Adam's own row.

    Its place is kept while Adam does not race, so that nothing below moves.

    Attributes
    ----------
    box : Checkbox
    """

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self.box = widgets.Checkbox(
            description=translate("descent_lab.bias_correction"), indent=False
        )
        row = widgets.HBox([self.box], layout={"border_left": f"6px solid {COLORS['adam']}"})
        row.add_class("hpt-correction")
        super().__init__(row, on_change)
        self.box.observe(self._on_box, "value")

    def show(self, settings: Any) -> None:
        """Show whether it corrects, where Adam races."""
        super().show(settings.bias_correction)
        self.widget.layout.visibility = "visible" if "adam" in settings.optimizers else "hidden"

    def _write(self, value: Any) -> None:
        self.box.value = bool(value)

    def _on_box(self, change: dict[str, Any]) -> None:
        if not self._own_changes.are_under_way:
            self._on_change(change["new"])


def optimizer_label(name: str) -> str:
    """Return what an optimiser is called on the screen."""
    key = "momentum_optimizer" if name == "momentum" else name
    return translate(f"descent.{key}")


def schedule_label(name: str) -> str:
    """Return what a schedule is called on the screen."""
    return translate("descent.step_schedule" if name == "step" else f"descent.{name}")


def parse_start(text: str) -> tuple[float, ...]:
    """Read "-1.5, 1.5" as a point; raise a ValueError where a word is no number."""
    # Full-width digits and commas come from a Chinese keyboard.
    plain = unicodedata.normalize("NFKC", text).strip("() ")
    try:
        return tuple(float(word) for word in re.split(r"[\s,;]+", plain))
    except ValueError:
        words = {"label": translate("descent_lab.start"), "typed": shortened(text)}
        raise ValueError(translate("descent_lab.start_text", **words)) from None


def write_start(start: Point) -> str:
    """Write a point as "-1.5, 1.5"."""
    return ", ".join(format_number(float(place)) for place in start)


def _heading(key: str) -> Any:
    made = widgets.HTML(html.escape(translate(f"descent_lab.{key}")))
    made.add_class("hpt-heading")
    return made
