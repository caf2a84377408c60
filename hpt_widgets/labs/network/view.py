"""The network lab on the screen: controls, the network, its answer, and the loss."""

from __future__ import annotations

import html
import time
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import MESSAGE_STYLE
from hpt_widgets.labs.kit.frame import LabFrame
from hpt_widgets.labs.kit.frame_clock import FrameClock
from hpt_widgets.labs.network.charts import CurveChart, LossChart, PlaneChart
from hpt_widgets.labs.network.controls import NetworkActions, NetworkControls
from hpt_widgets.labs.network.drawing import draw_network, drawn_of
from hpt_widgets.labs.network.state import NetworkState
from hpt_widgets.language import translate

# While it trains, words and fields change only this often: nobody reads faster.
SECONDS_BETWEEN_WORDS: Final = 0.25
# A browser takes the longer for the drawing, the more lines it has. So that the answer still moves
# thirty times a second, the drawing of a large network follows more slowly.
SECONDS_PER_WEIGHT: Final = 0.001
# Nor does anybody see weights and losses move more often than this.
SECONDS_BETWEEN_DRAWINGS: Final = 1 / 16

_STYLE: Final = """<style>
.hpt-lab .hpt-net { margin: 0; }
.hpt-lab .hpt-net svg { display: block; width: 100%; max-height: 232px; }
.hpt-lab .hpt-flow line[data-edge] { animation: hpt-flow 0.7s linear 4; }
@keyframes hpt-flow {
  from { stroke-dasharray: 13 7; stroke-dashoffset: 20; }
  to { stroke-dasharray: 13 7; stroke-dashoffset: 0; }
}
@media (prefers-reduced-motion: reduce) {
  .hpt-lab .hpt-flow line[data-edge] { animation: none; }
}
.hpt-lab .hpt-net-charts { display: grid; gap: 0 8px; overflow: visible;
  grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); }
.hpt-lab .hpt-net-side { overflow: visible; min-width: 0; }
.hpt-lab .hpt-net-words { margin: 2px 0 0; }
.hpt-lab .hpt-net-words * { font-size: var(--hpt-text); line-height: 1.32 !important;
  white-space: normal; margin: 0 0 4px; }
.hpt-lab .hpt-net-state { font-size: var(--hpt-large) !important; min-height: 2.6em; }
.hpt-lab .hpt-net-pair { overflow: visible; align-items: center; }
.hpt-lab .hpt-net-pair > button { flex: 0 0 auto; }
.hpt-lab .hpt-net-pair > .hpt-control { flex: 1 1 0; width: auto; min-width: 0; }
.hpt-lab .hpt-net-heading { margin: 0 2px; flex: 1 1 auto; }
.hpt-lab .hpt-net-heading * { font-size: var(--hpt-text); font-weight: 600;
  line-height: 1.4 !important; white-space: normal; }
.hpt-lab .hpt-net-row > .widget-vbox { flex-direction: row; align-items: center;
  overflow: visible; }
.hpt-lab .hpt-net-row .widget-text { flex: 0 0 auto; width: 75% !important; }
.hpt-lab .hpt-net-row .widget-text > label { flex: 0 0 auto; width: 68% !important; }
.hpt-lab .hpt-net-row .widget-text > input { padding: 0 4px; }
.hpt-lab .hpt-net-row .widget-hslider { flex: 1 1 0; width: auto !important; min-width: 0;
  margin: 0 6px 0 8px; overflow: visible; }
.hpt-lab .hpt-net-row .slider-container { flex: 1 1 0; min-width: 0; }
@container hpt-frame (max-width: 719px) {
  .hpt-lab .hpt-net-charts { grid-template-columns: minmax(0, 1fr); }
}
.hpt-full .hpt-net svg { max-height: 40vh; }
.hpt-full .hpt-net-answer { height: calc(60vh - 60px) !important; }
.hpt-full .hpt-net-loss { height: calc(40vh - 60px) !important; }
</style>"""


class NetworkView:
    """All widgets of the lab; it draws the state that it is given and keeps none.

    Parameters
    ----------
    state : NetworkState
        What to show.
    actions : NetworkActions
        What to call when the reader does something.
    clock : FrameClock
        Of the training.

    Attributes
    ----------
    controls : NetworkControls
    curve, plane : CurveChart, PlaneChart
        The one that suits the task is on the screen.
    losses : LossChart
    drawing, words, widget : Widget
    charts : Box
        The answer and, beside it, the loss with the words.
    clock : FrameClock
    """

    def __init__(self, state: NetworkState, actions: NetworkActions, clock: FrameClock) -> None:
        self._words_written_at = self._network_drawn_at = 0.0
        self._followed: tuple[float, ...] = ()
        self.clock = clock
        self.controls = NetworkControls(state, actions)
        self.curve, self.plane = CurveChart(actions.on_point), PlaneChart(actions.on_point)
        self.losses = LossChart()
        self.drawing, self.words = widgets.HTML(), widgets.HTML()
        self.drawing.add_class("hpt-net")
        self.words.add_class("hpt-net-words")
        self._side = widgets.VBox([self.losses.figure, self.words])
        self._side.add_class("hpt-net-side")
        self.charts = widgets.Box()
        self.charts.add_class("hpt-net-charts")
        own_style = widgets.HTML(_STYLE, layout={"display": "none"})
        self.frame = LabFrame(
            controls=[self.controls.widget],
            stage=[own_style, clock.widget, self.drawing, self.charts],
        )
        self.widget = self.frame.widget
        self.draw(state)

    @property
    def hidden_widgets(self) -> list[Any]:
        """Widgets that may not be part of `widget`."""
        return [self.curve.figure, self.plane.figure, *self.plane.pictures]

    def draw(self, state: NetworkState) -> None:
        """Show everything anew."""
        chart = self._chart(state)
        chart.draw(state)
        # A chart that is only hidden has no size, and complains of it in the browser's console.
        if self.charts.children[:1] != (chart.figure,):
            self.charts.children = (chart.figure, self._side)
        self.controls.show(state)
        # Values are seen to run through the network for a moment, whenever others go in.
        followed = (*state.settings.probe[0],)
        self.draw_training(state, words=True, flows=followed != self._followed)
        self._followed = followed

    def draw_training(self, state: NetworkState, *, words: bool, flows: bool = False) -> None:
        """Show what a step changes: the answer at once, all else with the words or in time."""
        self._chart(state).draw_answer(state)
        now = time.monotonic()
        n_weights = sum(kernel.size for kernel in state.network.weights)
        pause = max(SECONDS_BETWEEN_DRAWINGS, n_weights * SECONDS_PER_WEIGHT)
        if words or now - self._network_drawn_at > pause:
            self._network_drawn_at = now
            drawn = drawn_of(state, self.controls.weight.value)
            self.drawing.value = draw_network(drawn, flows=flows)
            self.losses.draw(state.losses)
        if words or now - self._words_written_at > SECONDS_BETWEEN_WORDS:
            self._words_written_at = now
            self.words.value = words_of(state, is_spoken=words)
            self.controls.show_weight(state)

    def show_error(self, message: str) -> None:
        """Show a message in the place of the state."""
        text = html.escape(message)
        self.words.value = f'<p role="alert" style="{MESSAGE_STYLE}">{text}</p>'

    def _chart(self, state: NetworkState) -> CurveChart | PlaneChart:
        return self.curve if state.settings.task == "curve" else self.plane


def words_of(state: NetworkState, *, is_spoken: bool) -> str:
    """Return where the training stands, and what is seen, in HTML.

    Spoken words are read out by a screen reader: those of a training under way would follow one
    another faster than they are said.
    """
    task, accuracy = state.settings.task, state.accuracy
    said = translate(
        f"network_lab.state_{task}",
        step=state.n_steps,
        loss=f"{state.losses[-1]:.3g}",
        share="" if accuracy is None else f"{accuracy:.0%}",
    )
    hints = [translate(f"network_lab.hint_{task}")]
    if state.settings.activation == "identity" or not state.settings.hidden_units:
        hints.insert(0, translate(f"network_lab.is_{'line' if task == 'curve' else 'plane'}"))
    rest = "".join(f"<p>{html.escape(hint)}</p>" for hint in hints)
    role = ' role="status"' if is_spoken else ""
    return f'<p class="hpt-net-state"{role}>{html.escape(said)}</p>{rest}'
