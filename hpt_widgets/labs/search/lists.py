"""The two lists above the maps: which search is on the map, and which beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from hpt_widgets.labs.kit.own_changes import OwnChanges
from hpt_widgets.labs.search.groups import run_name
from hpt_widgets.labs.search.live import SearchRun
from hpt_widgets.language import translate

# A list shows nothing at all where its value is None.
NOTHING = ("–", 0)


class SearchLists:
    """Two lists of all searches to choose from.

    Parameters
    ----------
    on_shown, on_beside : callable
        Called with the number of the search that a reader chose, or None for none.
    """

    def __init__(
        self, on_shown: Callable[[int | None], None], on_beside: Callable[[int | None], None]
    ) -> None:
        self._own_changes = OwnChanges()
        self.shown = self._list("shown", on_shown)
        self.beside = self._list("beside", on_beside)
        self.widget = widgets.HBox(
            [self.shown, self.beside],
            layout={"flex_flow": "row wrap", "width": "100%", "overflow": "visible"},
        )

    def fill(
        self, searches: Sequence[SearchRun], shown: SearchRun | None, beside: SearchRun | None
    ) -> None:
        """Offer these searches, and show which two are chosen, without calling back."""
        options = (NOTHING, *((run_name(run), run.number) for run in searches))
        with self._own_changes:
            for made, run in ((self.shown, shown), (self.beside, beside)):
                if made.options != options:
                    made.options = options
                made.value = 0 if run is None else run.number

    def _list(self, key: str, on_choice: Callable[[int | None], None]) -> Any:
        made = widgets.Dropdown(
            options=(NOTHING,),
            description=translate(f"search_lab.{key}"),
            style={"description_width": "initial"},
            layout={"width": "auto", "flex": "1 1 260px", "min_width": "220px"},
        )

        def on_change(change: dict[str, Any]) -> None:
            if not self._own_changes.are_under_way:
                on_choice(change["new"] or None)

        made.observe(on_change, "value")
        return made
