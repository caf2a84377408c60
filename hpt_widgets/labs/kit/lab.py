"""What every lab is: state plus a view, drawn in matplotlib where there is no front end."""

from __future__ import annotations

import base64
import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
from IPython.core.getipython import get_ipython
from IPython.display import display

from hpt_widgets.labs.kit.labs_of_cell import register_in_cell
from hpt_widgets.labs.kit.message_queue import raise_message_limit
from hpt_widgets.labs.kit.subshell_messages import answer_beside_cells
from hpt_widgets.language import translate
from hpt_widgets.support.notebook_cells import after_each_cell, after_this_cell
from hpt_widgets.support.tidying import collect_at_rest

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

STORING: Final = "HPT_STORE_OUTPUTS"
"""The environment variable that is set where notebooks are run to be stored."""


class Lab:
    """Base of the labs.

    A subclass builds its view in `_build`, does in `_complete` what needs the view, and draws its
    static picture in `_picture`. Whatever may fail is done before this class's ``__init__`` ends:
    its last step closes the labs that the cell made before.
    Running a notebook cell again closes the labs that it had made before: no thread,
    callback or widget of theirs is left.

    Attributes
    ----------
    view : object
        What is on the screen: a plain object with a public attribute for each widget and
        chart, and ``widget``, which holds them all, but for those that take turns: a view names
        them in ``hidden_widgets``.
    """

    # Held while the lab is drawn: in a lab that changes by itself, one of its own.
    _lock: AbstractContextManager[Any] = nullcontext()
    # Whether later cells may fill what it shows.
    _follows_records = False

    def __init__(self) -> None:
        raise_message_limit()
        answer_beside_cells()
        self.is_closed = False
        self.view = self._build()
        self._root.add_class("hpt-lab")
        frame = getattr(self.view, "frame", None)
        if frame is not None:
            frame.full_window.on_new_page = self._on_new_page
        try:
            self._complete()
        except BaseException:
            self.close()
            raise
        # Behind all that may fail: a mistake in a cell leaves its earlier lab at work.
        register_in_cell(self)

    def show(self) -> None:
        """Show the lab at once; the rest of the cell goes on while it is on the screen.

        So a cell can show a lab, set it and wait for it: its sliders answer meanwhile. A lab
        that stands on a cell's last line is shown as well, but only when the cell has ended.
        Outside a notebook nothing happens.
        """
        if get_ipython() is None:
            return
        shown = display(self, display_id=True)
        if shown is not None and os.environ.get(STORING):
            # The page would make the lab anew for it, and lose focus and scroll; where an output
            # is stored, it is to be the picture of the end.
            end = after_each_cell if self._follows_records else after_this_cell
            end(lambda: shown.update(self))

    def close(self) -> None:
        """Take the lab off the screen and give back all that it holds."""
        if self.is_closed:
            return
        self.is_closed = True
        for widget in self._widgets():
            widget.close()
        collect_at_rest()

    def figure(self) -> StillPicture:
        """Draw the lab's present state in matplotlib, as a page without a kernel shows it."""
        return self._picture()

    def _require_open(self) -> None:
        """Raise a RuntimeError if the lab was closed."""
        if self.is_closed:
            raise RuntimeError(translate("lab.closed"))

    def _widgets(self) -> list[Any]:
        return widgets_within([self._root, *getattr(self.view, "hidden_widgets", ())])

    def _on_new_page(self) -> None:
        """Send all again to a page that had to ask for the lab.

        A page that is being loaded asks the kernel for each widget's state, and hears of no
        change until it has made the widget of it.
        """
        with self._lock:
            self._send_again()

    def _send_again(self) -> None:
        """Send the state of all that the lab shows."""
        if not self.is_closed:
            for widget in self._widgets():
                widget.send_state()

    @property
    def _root(self) -> Any:
        return getattr(self.view, "widget", self.view)

    def _build(self) -> Any:
        raise NotImplementedError

    def _complete(self) -> None:
        """Do what is left of the lab's construction, once its view is there."""

    def _picture(self) -> StillPicture:
        raise NotImplementedError

    def _on_display(self) -> None:
        """Begin slow work behind the lab, which has just been sent to the screen."""

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = dict(self._without_kernel())
        if not self.is_closed:
            bundle["application/vnd.jupyter.widget-view+json"] = {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self._root.model_id,
            }
            self._on_display()
        return bundle

    def _without_kernel(self) -> dict[str, str]:
        """Return what stands for the lab on a page without a kernel, by its media type."""
        picture = base64.b64encode(self.figure().png()).decode()
        return {"text/plain": f"<{type(self).__name__}>", "image/png": picture}


def widgets_within(root: Any) -> list[Any]:
    """Return a widget (or a view's) and all that it refers to, children and styles included."""
    found: dict[int, Any] = {}
    waiting = [getattr(root, "widget", root)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, widgets.Widget):
            if id(item) not in found:
                found[id(item)] = item
                # What the page is told of it: the other traits refer to no widget.
                waiting += [getattr(item, name) for name in item.keys]
        elif isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list | tuple):
            waiting += item
    return list(found.values())
