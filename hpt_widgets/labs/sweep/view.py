"""The sweep lab on the screen: fields, the chart of the sweep, and its table."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import choice_list
from hpt_widgets.labs.kit.frame import LabFrame, overlaid
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.settings_text import describe_settings
from hpt_widgets.labs.sweep.chart import SweepChart
from hpt_widgets.labs.sweep.controls import FIXED, SweepControls
from hpt_widgets.labs.sweep.live import SweepRun
from hpt_widgets.labs.sweep.words import write_table
from hpt_widgets.language import counted, translate
from hpt_widgets.studies.sweep import MEASURES, Summary, Sweep

STYLE: Final = """<style>
.hpt-sweep .hpt-legend .widget-html-content { line-height: 1.45; }
.hpt-sweep .hpt-controls .hpt-legend p { margin: 4px 0; }
.hpt-full .hpt-sweep-chart { height: calc(100vh - 260px) !important; }
</style>"""


class SweepView:
    """All widgets of the lab.

    Parameters
    ----------
    controls : SweepControls
        The fields and buttons.
    measure : {"validation_accuracy", "validation_loss"}
        What is drawn.
    on_measure : callable
        Called with what is to be drawn instead.
    status : Widget
        The line that says what the lab is doing.

    Attributes
    ----------
    widget : VBox
        All of it.
    status, progress_text, meaning, table : HTML
        What the lab is doing, how far it is, what the fields come to, and the means.
    bar : FloatProgress
        How far the sweep is, from 0 to 1.
    measure : Dropdown
        What is drawn.
    controls, chart
        The parts, each with public widgets of its own; `new_chart` makes another chart.
    """

    chart: SweepChart

    def __init__(
        self,
        controls: SweepControls,
        measure: str,
        on_measure: Callable[[str], None],
        status: Any,
    ) -> None:
        self.controls = controls
        self.status = status
        self.bar = widgets.FloatProgress(min=0, max=1, layout={"width": "auto", "height": "14px"})
        self.table = widgets.HTML()
        self.meaning, self.progress_text = widgets.HTML(), widgets.HTML()
        for made in (self.meaning, self.progress_text):
            made.add_class("hpt-legend")
        self.measure = choice_list(
            translate("sweep_lab.measure"),
            [(translate(f"sweep_lab.{name}"), name) for name in MEASURES],
            measure,
            on_measure,
        )
        self._chart_box: Any = widgets.VBox([], layout={"overflow": "visible"})
        head = widgets.HBox(
            [self.progress_text, self.measure], layout={"justify_content": "space-between"}
        )
        words = (translate("sweep_lab.fixed"), translate("sweep_lab.hide_fixed"))
        self.frame = LabFrame(
            controls=[controls.widget, overlaid(*words, controls.fixed, self.meaning)],
            stage=[self.bar, head, self._chart_box],
            below=[widgets.HTML(STYLE, layout={"display": "none"}), self.table],
            status=status,
        )
        self.widget = self.frame.widget
        self.widget.add_class("hpt-sweep")

    def show_settings(self, sweep: Sweep, fixed: dict[str, Any]) -> None:
        """Fill in the fields, and say what they come to."""
        self.controls.show_varied(sweep.name, sweep.values, sweep.series_name, sweep.series)
        self.controls.show("seeds", len(sweep.seeds))
        for name in FIXED:
            self.controls.show(name, fixed[name])
        same = {name: fixed[name] for name in FIXED if name not in (sweep.name, sweep.series_name)}
        lines = [
            counted("sweep_lab.about", len(sweep.seeds), trials=sweep.n_trials),
            translate("sweep_lab.same", settings=describe_settings(same)),
        ]
        self.meaning.value = "".join(
            f'<p style="margin:4px 0">{html.escape(line)}</p>' for line in lines
        )

    def new_chart(self, sweep: Sweep, measure: str) -> None:
        """Draw this sweep from now on."""
        before = self._chart_box.children
        self.chart = SweepChart(sweep, measure)
        self._chart_box.children = [self.chart.widget]
        for chart in before:
            for widget in widgets_within(chart):
                widget.close()

    def draw(self, run: SweepRun, summaries: Sequence[Summary], *, is_training: bool) -> None:
        """Show a sweep as far as it has come."""
        self.chart.draw(summaries)
        self.table.value = write_table(run.sweep, summaries, self.chart.measure)
        self.bar.value = run.n_landed / run.sweep.n_trials
        left = run.seconds_left if is_training else None
        key = "sweep_lab.progress_ended" if left is None else "sweep_lab.progress"
        self.progress_text.value = translate(
            key, done=run.n_landed, total=run.sweep.n_trials, seconds=run.seconds, left=left
        )
