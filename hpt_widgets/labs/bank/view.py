"""The bank lab on the screen."""

from __future__ import annotations

import html
from typing import Final

import ipywidgets as widgets

from hpt_widgets.labs.bank.charts import HEIGHTS, RaceChart, SharesChart
from hpt_widgets.labs.bank.controls import BankActions, BankControls
from hpt_widgets.labs.bank.state import BankState, Comparison
from hpt_widgets.labs.bank.words import notes, status_text
from hpt_widgets.labs.kit.frame import LabFrame

_STYLE: Final = f"""<style>
.hpt-lab .hpt-bank-strategies {{ display: grid; gap: 0 6px; overflow: visible;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }}
.hpt-lab .hpt-bank-strategies > * {{ overflow: visible; min-width: 0; margin: 0; }}
.hpt-lab .hpt-bank-words p {{ font-size: var(--hpt-text); line-height: 1.3 !important;
  white-space: normal; margin: 0 0 5px; }}
.hpt-full .hpt-bank-race {{ height: calc(62vh - 76px) !important; }}
.hpt-full .hpt-bank-shares {{ height: calc(38vh - 76px) !important; }}
@container hpt-frame (max-width: 719px) {{
  .hpt-lab .hpt-bank-race {{ min-height: {HEIGHTS["race"]}px; }}
}}
</style>"""


class BankView:
    """All widgets of the lab; it draws what it is given and keeps nothing.

    Parameters
    ----------
    state : BankState
        To begin with.
    actions : BankActions
        What to call when the reader does something.

    Attributes
    ----------
    controls : BankControls
    race, shares : RaceChart, SharesChart
    status, words : HTML
        Who comes first; and what to know of the bank.
    widget : Widget
    """

    def __init__(self, state: BankState, actions: BankActions) -> None:
        self.controls = BankControls(state.settings, actions)
        self.race, self.shares = RaceChart(), SharesChart()
        self.status, self.words = widgets.HTML(), widgets.HTML()
        self.words.add_class("hpt-bank-words")
        # It takes what height the controls leave, and scrolls where it says more.
        said = widgets.Box([self.words])
        said.add_class("hpt-over")
        own_style = widgets.HTML(_STYLE, layout={"display": "none"})
        self.frame = LabFrame(
            controls=[self.controls.widget, said],
            stage=[own_style, self.race.labels.widget, self.shares.labels.widget],
            status=self.status,
        )
        self.widget = self.frame.widget

    def draw(self, state: BankState, compared: Comparison) -> None:
        """Show everything anew."""
        self.controls.show_settings(state.settings)
        self.race.draw(compared)
        self.shares.draw(compared)
        said = html.escape(status_text(compared))
        self.status.value = f'<span role="status" class="hpt-status">{said}</span>'
        texts = notes(state, compared)
        self.words.value = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
