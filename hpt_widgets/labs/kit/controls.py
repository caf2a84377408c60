"""Controls that are shared by the labs: a typed field and a slider for one value.

The field carries the control's name and value, for readers and for screen readers alike. A
slider's handle has no name, and only its notch for a value, so none stands without a field.
What can't be used becomes a message beside the control, and the value that was there stays. A
button that would use that value instead does nothing at first: see `control_panel`.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.late_field import LateField
from hpt_widgets.labs.kit.number_range import NumberRange, format_number
from hpt_widgets.labs.kit.own_changes import OwnChanges
from hpt_widgets.language import translate

# A field has a margin of 2 pixels on each side; at full width its border would be cut off.
FIELD_WIDTH: Final = "calc(100% - 6px)"
# The default width of a label cuts "learning rate" short.
LABEL_STYLE: Final = {"description_width": "58%"}
# What the choices of a question are called by.
CHOICE_LETTERS: Final = "abcdefgh"
# Darker than the red itself on white, and lighter on black.
_RED: Final = "color-mix(in srgb, #c62828 70%, var(--jp-ui-font-color0, black))"
MESSAGE_STYLE: Final = f"color:{_RED};font-size:14px;line-height:1.3;white-space:normal"
ERROR_ATTRIBUTES: Final = f'role="alert" style="{MESSAGE_STYLE}"'


class NotchedSlider:
    """A slider whose handle rests at notches, each of which stands for a number.

    The widget only counts notches. A browser rounds the value of a FloatSlider or
    FloatLogSlider to a notch of its own and reports that as a move, late enough to undo
    whatever was set meanwhile; a whole number it leaves alone.

    Parameters
    ----------
    minimum, maximum : float
        What the first and the last notch stand for; exponents if there is a `base`.
    step : float
        From one notch to the next.
    base : float, optional
        Where it is given, notches multiply instead of adding.
    """

    def __init__(
        self, minimum: float, maximum: float, step: float, base: float | None = None
    ) -> None:
        self._minimum, self._step, self._base = minimum, step, base
        self.widget = widgets.IntSlider(
            min=0,
            max=round((maximum - minimum) / step),
            continuous_update=True,
            readout=False,
            layout={"width": FIELD_WIDTH},
        )

    @property
    def value(self) -> float:
        """What the notch that the handle rests at stands for; set, the nearest one is taken."""
        return self.value_at(self.widget.value)

    @value.setter
    def value(self, value: float) -> None:
        self.widget.value = self.nearest(value)

    def value_at(self, notch: int) -> float:
        """Return what a notch stands for."""
        place = self._minimum + notch * self._step
        return float(place if self._base is None else self._base**place)

    def nearest(self, value: float) -> int:
        """Return the notch nearest to a value; one beyond the ends belongs to the end."""
        last: int = self.widget.max
        if self._base is None:
            place = value
        else:
            place = math.log(value, self._base) if value > 0 else self._minimum
        return min(max(round((place - self._minimum) / self._step), 0), last)


class Control:
    """One named value of a lab.

    Parameters
    ----------
    widget : Widget
        What is shown.
    on_change : callable
        Called with the new value when the reader changes it, not when `show` does.

    Attributes
    ----------
    widget : VBox
        The control with its message.
    message : HTML or None
        What is wrong, laid under the field and hidden while nothing is; None until a message is
        first needed: most controls never need one, and a page takes its time for each widget.
    before_news : callable
        Called before a message is shown, and when the reader has given a value that is allowed.
    labels : dict of str to str
        What settings are called on the screen, by their names in Python: its own, and in a panel
        those of the other fields, which a refusal may name too.
    """

    def __init__(self, widget: Any, on_change: Callable[[Any], None]) -> None:
        self.message: Any = None
        self.widget = widgets.VBox([widget])
        self.widget.add_class("hpt-control")
        self.before_news: Callable[[], None] = lambda: None
        self.labels: dict[str, str] = {}
        self._on_change = on_change
        self._own_changes = OwnChanges()

    def show(self, value: Any) -> None:
        """Show a value without calling `on_change`."""
        with self._own_changes:
            self._write(value)
        self.show_error("")

    def show_error(self, message: str) -> None:
        """Show a message beside the control; an empty one takes it away."""
        if message:
            self.before_news()
            self._add_message()
        if self.message is not None:
            show_message(self.message, message, ERROR_ATTRIBUTES)

    def hold_back(self) -> bool:
        """Return whether a press that would use the value is to wait: see `TextControl`."""
        return False

    def _add_message(self) -> None:
        if self.message is None and self.widget.comm is not None:  # else the lab was closed
            self.message = widgets.HTML(layout={"display": "none"})
            self.message.add_class("hpt-message")
            self.widget.children = (*self.widget.children, self.message)

    def _write(self, value: Any) -> None:
        raise NotImplementedError

    def _changed(self, value: Any, before: Any) -> None:
        """Call `on_change`; if that refuses the value, show why, and the old one."""
        try:
            self._on_change(value)
        except (ValueError, TypeError) as error:
            self._refuse(str(error), before)
        else:
            self.show_error("")
            self.before_news()

    def _refuse(self, reason: str, value: Any) -> str:
        """Show why a reader's value can't be used, and the one that stays; return these words."""
        words = _by_label(reason, self.labels)
        self.show(value)
        self.show_error(words)
        return words


class TextControl(Control):
    """A field whose text the lab itself understands.

    Parameters
    ----------
    label : str
        What it is called on the screen.
    value : object
        The value to begin with.
    parse : callable
        Makes a value of the text, or raises a ValueError or TypeError.
    write : callable
        Makes a text of a value.
    on_change : callable
        Called with the new value.
    below : Widget, optional
        What stands below the field.
    setting : str, optional
        The name that Python calls it by. A refusal says `label` instead.

    Attributes
    ----------
    field : LateField
        The field.
    value : object
        The value in use.
    """

    def __init__(
        self,
        label: str,
        value: Any,
        parse: Callable[[str], Any],
        write: Callable[[Any], str],
        on_change: Callable[[Any], None],
        below: Any = None,
        setting: str = "",
    ) -> None:
        self._parse = parse
        self._text_of = write
        self._refusal = ""  # why the last entry can't be used, until a press has waited for it
        self.value = value
        self.field = LateField(
            description=label,
            continuous_update=False,
            style=LABEL_STYLE,
            layout={"width": FIELD_WIDTH},
        )
        super().__init__(
            self.field if below is None else widgets.VBox([self.field, below]), on_change
        )
        self.labels = {setting: label} if setting else {}
        self.field.observe(self._on_field, "value")
        self.field.on_msg(self._on_enter)
        self.show(value)

    def use_label_width(self, width: str) -> None:
        """Give the label so much of the width, such as "28%", and the field the rest."""
        self.field.style.description_width = width

    def add_hidden_label(self, words: str) -> None:
        """Add words to the label that a screen reader says, and that are not seen."""
        label, unseen = html.escape(self.field.description), html.escape(words)
        self.field.description_allow_html = True
        self.field.description = f'{label}<span class="hpt-unseen">{unseen}</span>'

    def show_error(self, message: str) -> None:
        """Show a message beside the control; an empty one takes it away."""
        self._refusal = ""
        super().show_error(message)

    def hold_back(self) -> bool:
        """Return whether a press that would use the value is to wait; it is then said why.

        That is so once for each entry that was refused: the field shows the value that stays, and
        whoever presses again has seen it.
        """
        refusal = self._refusal
        if refusal:
            value = self._text_of(self.value)
            self.show_error(translate("controls.held_back", refusal=refusal, value=value))
        return bool(refusal)

    def _refuse(self, reason: str, value: Any) -> str:
        self._refusal = super()._refuse(reason, value)
        return self._refusal

    def _write(self, value: Any) -> None:
        self.value = value
        # Meanwhile a reader may have set another one, on another thread.
        self.field.value = self._text_of(self.value)

    def _on_field(self, change: dict[str, Any]) -> None:
        if self._own_changes.are_under_way:
            return
        try:
            value = self._parse(change["new"])
        except (ValueError, TypeError) as error:
            self._refuse(str(error), self.value)
        else:
            self._adopt(value)

    def _on_enter(self, _field: Any, content: dict[str, Any], _buffers: Any) -> None:
        """Take the message away: whoever types the old value again changes nothing in the field.

        The page says that Enter was pressed before it sends a new value.
        """
        if content.get("event") == "submit":
            self.show_error("")

    def _adopt(self, value: Any) -> None:
        """Show the reader's value, and call `on_change` if it is another one than before."""
        before = self.value
        # The field's own message waits: what the value sets going is under way before it.
        with self.field.hold_sync():
            self.show(value)
            if value != before:
                self._changed(value, before)


def _by_label(reason: str, labels: Mapping[str, str]) -> str:
    """Return a refusal with settings called as on the screen: "low=1" becomes "lowest rate: 1"."""
    for name, label in labels.items():
        words = translate("controls.by_label", label=label, rest="")
        reason = re.sub(rf"(?<!\w){re.escape(name)}=", words.replace("\\", r"\\"), reason)
    return reason


class NumberControl(TextControl):
    """A typed field over a slider, both for the same number.

    Parameters
    ----------
    label : str
        What the field is called on the screen.
    value : float or int
        The value to begin with.
    allowed : NumberRange
        What may be typed.
    on_change : callable
        Called with the new number, which `allowed` allows.
    slider : NotchedSlider, optional
        A slider for the same number; what is typed needn't be one of its notches.
    called : str, optional
        What it is called in messages. Default: as on the screen.
    setting : str, optional
        As in `TextControl`.

    Attributes
    ----------
    slider : NotchedSlider or None
        The slider.
    """

    def __init__(
        self,
        label: str,
        value: float,
        allowed: NumberRange,
        on_change: Callable[[Any], None],
        slider: NotchedSlider | None = None,
        called: str = "",
        setting: str = "",
    ) -> None:
        self._allowed = allowed
        self.slider = slider
        super().__init__(
            label,
            value,
            lambda text: self._allowed.parse(called or label, text),
            format_number,
            on_change,
            None if slider is None else slider.widget,
            setting,
        )
        self.field.add_class("hpt-number")
        if slider is not None:
            slider.widget.observe(self._on_slider, "value")

    def _write(self, value: Any) -> None:
        super()._write(value)
        if self.slider is not None:
            self.slider.value = self.value

    def _on_slider(self, change: dict[str, Any]) -> None:
        slider, notch = self.slider, change["new"]
        # A typed 0.05 must not become 0.0501 because the handle rests at the notch next to it.
        if (
            slider is not None
            and not self._own_changes.are_under_way
            and notch != slider.nearest(self.value)
        ):
            with self.field.later:
                self._adopt(self._rounded(slider.value_at(notch)))

    def _rounded(self, value: float) -> float | int:
        """Three digits are enough, and readable."""
        return round(value) if self._allowed.whole else float(f"{value:.3g}")


class StepControl(NumberControl):
    """Which step of many is shown: a typed field and a slider side by side.

    Parameters
    ----------
    label : str
        What the field is called on the screen.
    last : int
        The last step; the first is 0.
    on_change : callable
        Called with the step that the reader goes to.
    lock : context manager, optional
        Held while the reader's step is taken, where another thread calls `show_step`.
    """

    def __init__(
        self,
        label: str,
        last: int,
        on_change: Callable[[int], None],
        lock: AbstractContextManager[Any] | None = None,
    ) -> None:
        self._lock = nullcontext() if lock is None else lock
        self._last = last
        allowed = NumberRange(0, last, whole=True)
        super().__init__(label, 0, allowed, on_change, linear_slider(0, last, 1))
        self.field.style.description_width = "initial"
        self.widget.add_class("hpt-steps")
        self.widget.layout.flex = "1 1 230px"

    def show_step(self, step: int, last: int) -> None:
        """Show a step, and how many there are, without calling `on_change`."""
        self._last = last
        self._allowed = replace(self._allowed, maximum=last)
        self.show(step)

    def _write(self, value: Any) -> None:
        if self.slider is not None:
            self.slider.widget.max = self._last
        super()._write(value)

    def _on_field(self, change: dict[str, Any]) -> None:
        with self._lock:
            super()._on_field(change)

    def _on_slider(self, change: dict[str, Any]) -> None:
        with self._lock:
            super()._on_slider(change)


class ChoiceControl(Control):
    """A list to choose from.

    Parameters
    ----------
    label : str
        What it is called on the screen.
    options : list of (str, value)
        What is shown, and what it stands for.
    value : object
        The choice to begin with.
    on_change : callable
        Called with the new choice.

    Attributes
    ----------
    dropdown : Dropdown
        The list.
    """

    def __init__(
        self,
        label: str,
        options: list[tuple[str, Any]],
        value: Any,
        on_change: Callable[[Any], None],
    ) -> None:
        self.dropdown = widgets.Dropdown(
            options=options,
            value=value,
            description=label,
            style=LABEL_STYLE,
            layout={"width": FIELD_WIDTH},
        )
        super().__init__(self.dropdown, on_change)
        self.dropdown.observe(self._on_dropdown, "value")

    def _write(self, value: Any) -> None:
        self.dropdown.value = value

    def _on_dropdown(self, change: dict[str, Any]) -> None:
        new, old = change["new"], change["old"]
        if self._own_changes.are_under_way:
            return
        if new is None:  # nothing is no choice
            self.dropdown.value = old
        elif old is not None:
            self._changed(new, old)


def observe_choice(choice: Any, on_choice: Callable[[Any], None]) -> None:
    """Call with what is newly chosen from a list or a row of buttons; nothing is no choice."""

    def changed(change: dict[str, Any]) -> None:
        if change["new"] is None:
            choice.value = change["old"]
        elif change["old"] is not None:
            on_choice(change["new"])

    choice.observe(changed, "value")


def choice_list(
    label: str, options: list[tuple[str, Any]], value: Any, on_choice: Callable[[Any], None]
) -> Any:
    """Return a list to choose from that is as wide as its words.

    Unlike a row of buttons of ipywidgets, it tells a screen reader its name and what is chosen.
    """
    made = widgets.Dropdown(
        options=options,
        value=value,
        description=label,
        style={"description_width": "initial"},
        layout={"width": "fit-content", "max_width": "100%"},
    )
    observe_choice(made, on_choice)
    return made


def log_slider(
    minimum_exponent: float, maximum_exponent: float, step: float, base: float
) -> NotchedSlider:
    """Return a slider whose steps multiply; it reports while it moves."""
    return NotchedSlider(minimum_exponent, maximum_exponent, step, base)


def linear_slider(minimum: float, maximum: float, step: float) -> NotchedSlider:
    """Return a slider whose steps add; it reports while it moves."""
    return NotchedSlider(minimum, maximum, step)


def show_message(place: Any, message: str, attributes: str) -> None:
    """Show plain text in a widget of HTML, with such `attributes`; an empty message hides it."""
    place.value = f"<span {attributes}>{html.escape(message)}</span>" if message else ""
    place.layout.display = "block" if message else "none"


def button(label: str, icon: str, on_click: Callable[[], None], tooltip: str = "") -> Any:
    """Return a button that calls `on_click` without an argument; `icon` is Font Awesome's name."""
    made = widgets.Button(
        description=label, icon=icon, tooltip=tooltip or label, layout={"width": "auto"}
    )
    made.on_click(lambda _button: on_click())
    return made


def choice_button(label: str, on_click: Callable[[], object]) -> Any:
    """Return a button for one of the choices of a question; a long label takes several lines.

    Radio buttons would be moved through with the arrow keys, and those JupyterLab takes for
    itself to go from cell to cell.
    """
    made = widgets.Button(description=label, layout={"align_self": "flex-start"})
    made.add_class("hpt-choice")
    made.on_click(lambda _button: on_click())
    return made


def icon_button(name: str, icon: str, on_click: Callable[[], None]) -> Any:
    """Return a button that shows an icon only; its name is there for screen readers and hovering.

    The labs' style sheet hides the text. Without one, a button would be called by its
    icon, which is a letter of a private alphabet.
    """
    made = button(name, icon, on_click)
    made.add_class("hpt-icon-button")
    made.layout.width = "44px"
    return made


def disclosure_button(more: str, fewer: str, content: Any) -> Any:
    """Return a button, called `more` or `fewer`, that shows and hides the content.

    It is hidden at first. ipywidgets' Accordion does not open by the keyboard.
    """

    def show(visible: bool) -> None:
        content.layout.display = "" if visible else "none"
        opener.description = opener.tooltip = fewer if visible else more
        opener.icon = "caret-down" if visible else "caret-right"

    opener = button(more, "caret-right", lambda: show(content.layout.display == "none"))
    show(False)
    return opener


def disclosure(more: str, fewer: str, content: Any) -> Any:
    """Return a `disclosure_button` with its content below it."""
    opener = disclosure_button(more, fewer, content)
    return widgets.VBox([opener, content], layout={"overflow": "visible"})
