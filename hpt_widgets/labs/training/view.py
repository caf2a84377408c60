"""The training lab on the screen: sliders, curves, words, and the tabs below them."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.frame import LabFrame, overlaid
from hpt_widgets.labs.training.charts import TrainingCharts
from hpt_widgets.labs.training.controls import TrainingControls
from hpt_widgets.labs.training.kept_runs import KeptRuns
from hpt_widgets.labs.training.live import LiveTraining, TrainingRequest
from hpt_widgets.labs.training.mistakes_view import MistakesView
from hpt_widgets.labs.training.noise_view import NoiseView
from hpt_widgets.labs.training.path_view import PathStage, PathView
from hpt_widgets.labs.training.runs_table import RunsTable
from hpt_widgets.labs.training.words import describe_progress
from hpt_widgets.language import translate
from hpt_widgets.training.progress import Progress

TABS: Final = ("runs", "mistakes", "path", "noise", "code")


class TrainingView:
    """All widgets of the lab.

    Parameters
    ----------
    controls : TrainingControls
        The sliders and buttons.
    defaults : TrainingRequest
        What the lab begins with.
    data : Dataset
        What is trained on.
    kept : KeptRuns
        The runs of the table.
    live : LiveTraining
        Whose weights the path follows.
    on_pin, on_forget : callable
        Called with the number of a run whose button is pressed.
    on_tab : callable
        Called when another tab was opened.
    status : Widget
        The line that says what the lab is doing.
    class_panel, class_badge : Widget
        The lab's place in a class, and how it stands there in a few words.

    Attributes
    ----------
    widget : VBox
        All of it.
    status, progress_text, code : HTML
        What the lab is doing, how far it is, and the Keras program.
    bar : FloatProgress
        How far the training is, from 0 to 1.
    x_axis, loss_axis : Dropdown
        What lies along the charts, and how the losses are drawn.
    frame : LabFrame
        Where all of it lies.
    tabs : Tab
        The pages below, in the order of `TABS`.
    controls, charts, table, mistakes, path, noise
        The parts, each with public widgets of its own.
    """

    def __init__(
        self,
        controls: TrainingControls,
        defaults: TrainingRequest,
        data: Dataset,
        kept: KeptRuns,
        live: LiveTraining,
        *,
        on_pin: Callable[[int], None],
        on_forget: Callable[[int], None],
        on_tab: Callable[[], None],
        status: Any,
        class_panel: Any,
        class_badge: Any,
    ) -> None:
        self.controls = controls
        self.status = status
        self.charts = TrainingCharts(defaults, kept.number_to_come)
        self.table = RunsTable(
            kept.record, defaults.settings(), self.charts.is_pinned, on_pin, on_forget
        )
        self.mistakes = MistakesView()
        do_path_job = partial(live.do, "path")
        stage = PathStage(
            live.weights,
            self.charts.color_of,
            self.charts.label_of,
            do_path_job,
            live.should_yield,
        )
        self.path = PathView(data, stage)
        self.noise = NoiseView(partial(live.do, "noise slice"))
        self.code = widgets.HTML()
        self.bar = widgets.FloatProgress(min=0, max=1, layout={"width": "auto", "height": "14px"})
        self.progress_text = widgets.HTML(translate("training_lab.no_progress"))
        self.progress_text.add_class("hpt-one-line")
        self.x_axis, self.loss_axis = self.charts.axes.x_axis, self.charts.axes.loss_axis
        self.tabs = self._make_tabs(on_tab)
        self.frame = self._lay_out(class_panel, class_badge)
        self.widget = self.frame.widget

    @property
    def hidden_widgets(self) -> list[Any]:
        """Widgets that may not be part of `widget`."""
        return [self.charts.loss.hidden_axis]

    @property
    def tab(self) -> str:
        """The tab that is open, one of `TABS`."""
        return TABS[self.tabs.selected_index or 0]

    def open_tab(self, name: str) -> None:
        """Turn to one of `TABS`."""
        self.tabs.selected_index = TABS.index(name)

    def use_x_axis(self, x_axis: Any) -> None:
        """Choose from the list what all curves are drawn over."""
        self.x_axis.value = x_axis

    def use_loss_axis(self, loss_axis: Any) -> None:
        """Choose from the list how the losses are drawn."""
        self.loss_axis.value = loss_axis

    def show_progress(self, progress: Progress) -> None:
        """Move the bar, and say how far the training is."""
        self.bar.value = progress.samples_seen / progress.total_samples
        self.progress_text.value = describe_progress(progress)

    def show_code(self, code: str) -> None:
        """Write the Keras program."""
        name = html.escape(translate("training_lab.program"), quote=True)
        self.code.value = (
            f'<pre class="hpt-code" tabindex="0" role="region" aria-label="{name}">'
            f"{html.escape(code)}</pre>"
        )

    def clear(self) -> None:
        """Bring charts and progress back to the beginning."""
        self.charts.clear()
        self.path.refresh()
        self.bar.value = 0.0
        self.progress_text.value = translate("training_lab.no_progress")

    def _lay_out(self, class_panel: Any, class_badge: Any) -> LabFrame:
        charts = self.charts
        more, fewer = (translate(f"training_lab.{name}") for name in ("more", "fewer"))
        under_others = widgets.VBox([charts.axes.widget, charts.legend])
        under_others.add_class("hpt-list-over-legend")
        others = overlaid(more, fewer, self.controls.others, under_others)
        # The badge takes its room from a line that is there anyway: nothing moves when it comes.
        line = widgets.HBox([self.progress_text, class_badge])
        line.add_class("hpt-line")
        return LabFrame(
            status=self.status,
            controls=[self.controls.widget, others],
            stage=[self.bar, line, charts.loss.widget, charts.accuracy.widget],
            below=[self.tabs, class_panel],
        )

    def _make_tabs(self, on_tab: Callable[[], None]) -> Any:
        code = widgets.VBox([widgets.HTML(translate("training_lab.code_intro")), self.code])
        parts = (self.table, self.mistakes, self.path, self.noise)
        pages = [*(part.widget for part in parts), code]
        titles = [translate(f"training_lab.{name}") for name in TABS]
        tabs = widgets.Tab(pages, titles=titles, selected_index=0)

        def turned(_change: object) -> None:
            self.path.is_open = self.tab == "path"
            on_tab()

        tabs.observe(turned, "selected_index")
        return tabs
