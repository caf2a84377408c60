"""Where everything in a lab lies, so that it can be seen at once on a projector.

A notebook's cell gets some 930 × 600 pixels of a screen of 1280 × 720. Controls, state and charts
lie within them; tables and tabs lie below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import anywidget
import ipywidgets as widgets
from traitlets import Unicode

from hpt_widgets.labs.kit.controls import disclosure_button
from hpt_widgets.labs.kit.style import style_sheet
from hpt_widgets.language import translate

ChartHeight = Literal["half", "whole"]
CHART_HEIGHTS: Final[dict[ChartHeight, str]] = {"half": "240px", "whole": "480px"}
"""What two charts, one above the other, or a single one leave room for."""


class LabFrame:
    """A lab's layout: controls on the left, what is seen on the right, and what lies below.

    On a narrow screen the right column goes below the left one. A button in the corner fills the
    window with the lab, in larger type; Escape brings the page back.

    Parameters
    ----------
    controls : sequence of Widget
        What is moved, from top to bottom; 280 pixels wide.
    stage : sequence of Widget
        What is seen, from top to bottom. Give charts their height by `sized`.
    below : sequence of Widget, default ()
        What need not be seen at the same time: tables and tabs.
    status : Widget, optional
        The state in words, above the stage, where two lines are kept free for it.

    Attributes
    ----------
    widget : VBox
        All of it.
    full_window : FullWindowButton
        The button in the corner.
    """

    def __init__(
        self,
        *,
        controls: Sequence[Any],
        stage: Sequence[Any],
        below: Sequence[Any] = (),
        status: Any = None,
    ) -> None:
        if status is not None:
            status.add_class("hpt-state")
            stage = [status, *stage]
        self.full_window = FullWindowButton()
        left, right = _box("hpt-controls", controls), _box("hpt-stage", stage)
        parts = [style_sheet(), self.full_window, _box("hpt-columns", [left, right])]
        if below:
            parts.append(_box("hpt-below", below))
        self.widget = widgets.VBox(parts)
        self.widget.add_class("hpt-frame")


class FullWindowButton(anywidget.AnyWidget):
    """The button that fills the window with its lab; `full_window.js` is its part in the browser.

    Attributes
    ----------
    fill, leave : str
        What it says while the lab lies on the page, and while it fills the window.
    on_new_page : callable
        Called when a page that had to ask for the lab, as one that is loaded again, has drawn it.
    """

    # Its text: anywidget watches a file for changes, and keeps each widget made of it for that.
    _esm = Path(__file__).with_name("full_window.js").read_text(encoding="utf-8")

    fill = Unicode().tag(sync=True)
    leave = Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(fill=translate("lab.fill_window"), leave=translate("lab.leave_window"))
        self.add_class("hpt-corner")
        self.on_new_page: Callable[[], None] = _do_nothing
        self._is_asked_for = False
        self.on_msg(lambda _button, _content, _buffers: self._drawn())

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return what a page is told of the button, as every widget does."""
        # The page that the cell ran in is told by the opening of the comm, which is none yet.
        if key is None and self.comm is not None:
            self._is_asked_for = True
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        return state

    def _drawn(self) -> None:
        if self._is_asked_for:
            self._is_asked_for = False
            self.on_new_page()


def sized(chart: Any, height: ChartHeight) -> Any:
    """Return a chart that takes the whole height of the stage or half of it, with its new height.

    Where the lab fills the window, it grows with the window.
    """
    chart.layout.height = CHART_HEIGHTS[height]
    chart.add_class(f"hpt-{height}")
    return chart


def overlaid(more: str, fewer: str, content: Any, under: Any) -> Any:
    """Return a button, called `more` or `fewer`, that lays `content` over `under`.

    It takes the height that is left in its column. `content` is hidden at first, and scrolls by
    itself where it is longer.
    """
    content.add_class("hpt-overlay")
    place = widgets.Box([under, content])
    place.add_class("hpt-over")
    opener = disclosure_button(more, fewer, content)
    return widgets.VBox([opener, place], layout={"flex": "1 1 auto", "overflow": "visible"})


def _do_nothing() -> None:
    pass


def _box(its_class: str, children: Sequence[Any]) -> Any:
    made = widgets.VBox(list(children))
    made.add_class(its_class)
    return made
