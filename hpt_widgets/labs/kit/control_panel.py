"""The fields and buttons of a lab, side by side.

A press takes the focus from a field, and only then does the page send what was typed there: first
the text, then the press. Where the text is refused, the press was meant for a value that there is
not, and must not run with another one that the reader never sees.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import Control, button
from hpt_widgets.language import texts_of, translate


class ControlPanel:
    """The fields and buttons of a lab. One message is shown at a time, until the next news.

    Parameters
    ----------
    fields : dict of str to Control
        By the name of the setting.
    part : str
        The part of the texts that has the words of the buttons, and for some a tooltip.
    icons : dict of str to str
        Font Awesome's name of each button's icon, by the name of what the button does.
    on_button : callable
        Called with the name of a button.
    uses_fields : collection of str
        The buttons that use the fields' values: see `guarded`.

    Attributes
    ----------
    fields : dict
        The same.
    buttons : dict of str to Button
        By the name of what they do.
    button_row : HBox
        The buttons side by side.
    widget : Widget
        All of it; by default the fields, and the buttons below them.
    """

    def __init__(
        self,
        fields: dict[str, Control],
        part: str,
        icons: dict[str, str],
        on_button: Callable[[str], None],
        uses_fields: Collection[str],
    ) -> None:
        self.fields = fields
        pressed = guarded(on_button, fields.values, uses_fields.__contains__)
        self.buttons = {name: _button(part, name, icon, pressed) for name, icon in icons.items()}
        show_one_message_at_a_time(fields.values())
        labels = {name: label for field in fields.values() for name, label in field.labels.items()}
        for field in fields.values():
            field.labels = labels
        row = widgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"})
        self.button_row = row
        self.widget = widgets.VBox(
            [*(control.widget for control in fields.values()), row],
            layout={"overflow": "visible"},
        )

    def show(self, name: str, value: Any) -> None:
        """Show a setting's value without calling what a reader's change calls."""
        self.clear_errors()
        self.fields[name].show(value)

    def clear_errors(self) -> None:
        """Take the messages away: something else has happened since."""
        clear_errors(self.fields.values())


def guarded(
    on_button: Callable[[str], None],
    controls: Callable[[], Iterable[Control]],
    uses_fields: Callable[[str], bool],
) -> Callable[[str], None]:
    """Return what a lab's buttons call with their name, instead of `on_button`.

    Parameters
    ----------
    on_button : callable
        Does what a button does.
    controls : callable
        Returns the lab's controls.
    uses_fields : callable
        Whether a button uses the fields' values. Where an entry was refused, the first press of
        such a button only says so.
    """

    def pressed(name: str) -> None:
        if uses_fields(name):
            waits = [control.hold_back() for control in controls()]
            if any(waits):
                return
        clear_errors(controls())
        on_button(name)

    return pressed


def show_one_message_at_a_time(controls: Iterable[Control]) -> None:
    """Let the message of one control take away those of the others; so does a value it allows."""
    together = list(controls)
    for control in together:
        control.before_news = partial(clear_errors, together)


def clear_errors(controls: Iterable[Control]) -> None:
    """Take the messages of some controls away."""
    for control in controls:
        control.show_error("")


def _button(part: str, name: str, icon: str, pressed: Callable[[str], None]) -> Any:
    tooltip = f"{name}_tooltip"
    return button(
        translate(f"{part}.{name}"),
        icon,
        lambda: pressed(name),
        translate(f"{part}.{tooltip}") if tooltip in texts_of(part) else "",
    )
