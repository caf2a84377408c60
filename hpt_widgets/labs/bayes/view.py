"""The lab of Bayesian optimisation on the screen."""

from __future__ import annotations

import html
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.bayes.charts import (
    COLORS,
    REST,
    DensityChart,
    ProcessChart,
    RaceChart,
    WorthChart,
    YourChart,
)
from hpt_widgets.labs.bayes.controls import BayesActions, BayesControls
from hpt_widgets.labs.bayes.state import DuelState
from hpt_widgets.labs.bayes.words import many_text, round_texts
from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.frame import LabFrame
from hpt_widgets.language import translate
from hpt_widgets.search.bayes.duel import ManyDuels

_STYLE: Final = """<style>
.hpt-lab .hpt-bayes-charts { display: grid; gap: 0 8px; overflow: visible;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.hpt-lab .hpt-bayes-charts > * { overflow: visible; min-width: 0; margin: 0; }
.hpt-lab .hpt-bayes-heading { height: 20px; margin: 0 0 0 8px; }
.hpt-lab .hpt-bayes-heading * { line-height: 20px !important; }
.hpt-lab .hpt-bayes-heading .widget-html-content { font-size: var(--hpt-text); white-space: nowrap;
  overflow: hidden; text-overflow: ellipsis; }
.hpt-lab .hpt-bayes-heading span[aria-hidden] { display: inline-block !important;
  width: 16px !important; margin: 0 5px 3px 0 !important; }
.hpt-lab .hpt-bayes-heading b { font-weight: 600; margin-right: 10px; }
.hpt-lab .hpt-bayes-words p { font-size: var(--hpt-text); line-height: 1.3 !important;
  white-space: normal; margin: 0 0 5px; }
.hpt-lab .hpt-bayes-buttons > button { flex: 1 1 auto; padding: 0 6px; }
@container hpt-frame (min-width: 560px) {
  /* Beside the field: below it is the button that is to be pressed again. */
  .hpt-lab .hpt-bayes-aim > .hpt-message { top: 18px; left: calc(100% + 8px); right: auto;
    width: 250px; }
}
@container hpt-frame (max-width: 719px) {
  .hpt-lab .hpt-bayes-charts { grid-template-columns: minmax(0, 1fr); }
}
.hpt-full .hpt-bayes-top { height: calc(38vh - 62px) !important; }
.hpt-full .hpt-bayes-middle { height: calc(32vh - 50px) !important; }
.hpt-full .hpt-bayes-bottom { height: calc(30vh - 50px) !important; }
.hpt-full .hpt-bayes-heading { height: 28px; }
.hpt-full .hpt-bayes-heading * { line-height: 28px !important; }
</style>"""


class BayesView:
    """All widgets of the lab; it draws the state that it is given and keeps none.

    Parameters
    ----------
    state : DuelState
        What to show.
    actions : BayesActions
        What to call when the reader does something.
    status : Widget
        The line that says how the game stands.

    Attributes
    ----------
    controls : BayesControls
    yours, race, process, densities : YourChart, RaceChart, ProcessChart, DensityChart
    worths : dict of str to WorthChart
        By method.
    headings : dict of str to HTML
        What stands above each chart.
    words : HTML
        What each player did.
    status, widget : Widget
    """

    def __init__(self, state: DuelState, actions: BayesActions, status: Any) -> None:
        self.status = status
        self.controls = BayesControls(state, actions)
        self.yours, self.race = YourChart(actions.on_point), RaceChart()
        self.process, self.densities = ProcessChart(), DensityChart()
        self.worths = {name: WorthChart(name) for name in ("gaussian_process", "tpe")}
        self.words = widgets.HTML()
        self.words.add_class("hpt-bayes-words")
        charts: dict[str, Any] = {
            "you": self.yours,
            "race": self.race,
            "gaussian_process": self.process,
            "tpe": self.densities,
            "worth": self.worths["gaussian_process"],
            "ratio": self.worths["tpe"],
        }
        self.headings = {name: _heading() for name in charts}
        # It takes what height the controls leave, and scrolls where it says more.
        said = widgets.Box([self.words])
        said.add_class("hpt-over")
        stage = widgets.Box(
            [widgets.VBox([self.headings[name], chart.figure]) for name, chart in charts.items()]
        )
        stage.add_class("hpt-bayes-charts")
        own_style = widgets.HTML(_STYLE, layout={"display": "none"})
        self.frame = LabFrame(
            controls=[self.controls.widget, said], stage=[own_style, stage], status=status
        )
        self.widget = self.frame.widget

    @property
    def charts(self) -> list[Any]:
        """All charts but the race, which looks at many games."""
        return [self.yours, self.process, self.densities, *self.worths.values()]

    def draw(self, state: DuelState, many: ManyDuels | None) -> None:
        """Show everything anew."""
        self.controls.show_state(state)
        for chart in self.charts:
            chart.draw(state)
        self.draw_aim(state)
        self._draw_headings(state)
        self.draw_many(state, many)

    def draw_aim(self, state: DuelState) -> None:
        """Show where the reader is about to ask."""
        aim = self.controls.aims[state.objective.is_log]
        self.yours.draw_aim(state.objective.place_of(aim.value))

    def draw_many(self, state: DuelState, many: ManyDuels | None) -> None:
        """Show the race, with the medians over many seeds where they are there."""
        self.race.draw(state, many)
        texts = round_texts(state) or [translate("bayes_lab.hint")]
        if many is not None and state.is_over:
            texts = [many_text(many), *texts]
        self.words.value = "".join(f"<p>{html.escape(text)}</p>" for text in texts)

    def say_race(self, key: str, n_seeds: int) -> None:
        """Say whose the lines of the race are, and below it what is dashed."""
        players = "".join(
            f"{swatch(COLORS[name])}<b>{html.escape(translate(f'bayes_lab.{short}'))}</b>"
            for name, short in (
                ("you", "you"),
                ("gaussian_process", "process_short"),
                ("tpe", "tpe"),
                ("random", "random"),
            )
        )
        self.headings["race"].value = players
        self.race.say(translate(f"bayes_lab.{key}", n=n_seeds))

    def _draw_headings(self, state: DuelState) -> None:
        method = state.settings.acquisition
        words = {
            "you": (("heading_you", COLORS["you"]),),
            "gaussian_process": (("heading_gaussian_process", COLORS["gaussian_process"]),),
            "tpe": (("heading_good", COLORS["tpe"]), ("heading_rest", REST)),
            "worth": ((f"heading_{method}", COLORS["gaussian_process"]),),
            "ratio": (("ratio", COLORS["tpe"]),),
        }
        for name, parts in words.items():
            self.headings[name].value = "".join(
                f"{swatch(color)}<b>{html.escape(translate(f'bayes_lab.{key}'))}</b>"
                for key, color in parts
            )


def _heading() -> Any:
    made = widgets.HTML()
    made.add_class("hpt-bayes-heading")
    return made
