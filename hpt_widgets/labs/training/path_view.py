"""The view of the network's own path: where its weights go on the loss surface.

`PathView` records runs while it is open, draws their paths as they train, and works out the
plane and the map under them when nothing trains.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.charts import figure
from hpt_widgets.labs.kit.controls import choice_list
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.path_map import GROUND, LossMap
from hpt_widgets.labs.training.path_recorder import MOST_WEIGHTS, PathRecorder, RecordedPath
from hpt_widgets.labs.training.run_labels import labels_of
from hpt_widgets.language import translate
from hpt_widgets.support.colors import NEUTRAL, PALETTE
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.loss_plane import (
    FARTHEST,
    FloatArray,
    LossPlane,
    PlaneLoss,
    Weights,
    Window,
    fit_plane,
    has_outlier_tail,
    is_within_reach,
    network_loss,
    points_on_map,
    window_around,
)
from hpt_widgets.training.network import count_parameters, layer_sizes
from hpt_widgets.training.run import Run
from hpt_widgets.training.session import Progress

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

Scope = Literal["all", "this"]
SCOPES: Final[tuple[Scope, ...]] = ("all", "this")
SAMPLE_SIZE: Final = 1_000
GRID: Final = 33
# The first run has no plane yet: it gets a provisional one when it has so many points.
PROVISIONAL: Final = (2, 4, 8, 16)
HEIGHT: Final = "430px"
MOST_TICKS: Final = 8
EMPTY_ENDS: Final = (-1.0, 1.0)
# A path that keeps within this share of the chart's width and height is hidden by its own ends.
LEAST_EXTENT: Final = 0.04
_INK: Final = "#202020"
# What the chart shows where there is no map: ink stands out on it in light and dark themes.
_NO_MAP: Final = "#F0F0F0"
PRESENT_WIDTH: Final = 3.2
GHOST_WIDTH: Final = 2.0
GHOST_OPACITY: Final = 0.75


@dataclass(frozen=True)
class PathStage:
    """What the view needs of the lab that it is part of.

    Attributes
    ----------
    weights : callable
        Returns a copy of the present run's weights.
    color_of : callable
        Returns the colour of a run's curves, or None if they are no longer shown.
    do_when_idle : callable
        Takes a job that is to be done when nothing trains.
    is_needed : callable
        Returns whether a job should make room for something newer.
    """

    weights: Callable[[], Weights]
    color_of: Callable[[TrainingRequest], str | None]
    do_when_idle: Callable[[Callable[[], None]], None]
    is_needed: Callable[[], bool]


@dataclass(frozen=True, eq=False)
class PathOnPlane:
    """One run's path, as it is drawn.

    Attributes
    ----------
    samples : ndarray of int, shape (n_points,)
        Training samples seen at each point; 0 at the start.
    points : ndarray, shape (n_points, 2)
        Where it is in the plane.
    losses : ndarray, shape (n_points,)
        The loss of the real weights there, on the map's sample and without dropout.
    plane_losses : ndarray, shape (n_points,)
        The loss of the plane's own networks at `points`, which is what the map shows.
    explained : (float, float)
        Which share of the variation each axis of the plane keeps.
    """

    samples: NDArray[np.int64]
    points: NDArray[np.float64]
    losses: NDArray[np.float64]
    plane_losses: NDArray[np.float64]
    explained: tuple[float, float]


class PathView:
    """Records, projects and draws the paths of runs; costs nothing while it is closed.

    `begin`, `advance` and `finish` are called on the thread that trains.

    Parameters
    ----------
    data : Dataset
        The map's loss is measured on a fixed sample of its training split.
    stage : PathStage
        The lab that it is part of.

    Attributes
    ----------
    is_open : bool
        Whether runs are recorded. What was recorded is kept while it is closed.
    scope : {"all", "this"}
        Which runs the plane is laid through; `use_scope` changes it.
    plane : LossPlane or None
        The plane as it is; a provisional one as long as `map` is None.
    map : LossMap or None
        The loss over it.
    recorder : PathRecorder
        The paths.
    chart : PathChart
        What they are drawn on.
    text : HTML
        What is said of them beside it.
    scope_choice : Dropdown
        Where a reader chooses `scope`.
    """

    def __init__(self, data: Dataset, stage: PathStage) -> None:
        self._data = data
        self._stage = stage
        self._sample: tuple[FloatArray, NDArray[np.int64]] | None = None
        self._lock = threading.RLock()
        self.recorder = PathRecorder()
        self._drawn: dict[int, NDArray[np.float64]] = {}  # by the id of the RecordedPath
        self._newest: RecordedPath | None = None
        self._note = ""
        self.is_open = False
        self.scope: Scope = "all"
        self.plane: LossPlane | None = None
        self.map: LossMap | None = None
        self.chart = PathChart()
        self.scope_choice = choice_list(
            translate("path_view.plane_of"),
            [(translate(f"path_view.{name}"), name) for name in SCOPES],
            self.scope,
            self.use_scope,
        )
        self.text = widgets.HTML()
        self.text.add_class("hpt-legend")
        beside = widgets.VBox(
            [self.scope_choice, self.text],
            layout={"flex": "1 1 240px", "min_width": "220px", "padding": "8px 0 0 14px"},
        )
        self.widget = widgets.HBox([self.chart.figure, beside], layout={"flex_flow": "row wrap"})
        self._write()

    # -- what a reader asks for --------------------------------------------------------------

    def use_scope(self, scope: Scope) -> None:
        """Lay the plane through all runs, or through the newest alone.

        Raises
        ------
        ValueError
            If it is neither "all" nor "this".
        """
        if scope not in SCOPES:
            allowed = ", ".join(map(repr, SCOPES))
            raise ValueError(translate("path_view.not_a_scope", value=scope, allowed=allowed))
        if scope != self.scope:
            self.scope = scope
            self.scope_choice.value = scope
            self._stage.do_when_idle(self.draw_map)

    def path(self, request: TrainingRequest | None = None) -> PathOnPlane:
        """Return a run's path in the plane as it is, by default the newest run's.

        Raises
        ------
        ValueError
            If no such run is recorded.
        """
        with self._lock:
            found = [path for path in self.recorder.paths if request in (None, path.request)]
            plane = self.plane
            if not found or plane is None:
                raise ValueError(translate("path_view.nothing_recorded"))
            path = found[-1]
            samples, vectors = np.array(path.samples), path.matrix()
        features, labels = self._fixed_sample()
        activation = path.network.activation
        points = plane.project(vectors)
        on_plane = PlaneLoss(plane, activation, features, labels)
        losses = [network_loss(w, activation, features, labels) for w in path.weights(vectors)]
        plane_losses = [on_plane.at(x, y) for x, y in points]
        return PathOnPlane(
            samples, points, np.array(losses), np.array(plane_losses), plane.explained
        )

    def picture(self) -> StillPicture:
        """Draw the same in matplotlib."""
        from hpt_widgets.support.still_picture import StillPicture

        made = StillPicture(figsize=(8.0, 5.0), layout="constrained")
        axes = made.subplots()
        with self._lock:
            if self.map is not None:
                self.map.draw_with_legend(axes)
            labels = labels_of([path.request for path in self.recorder.paths])
            for path, label in zip(self.recorder.paths, labels, strict=True):
                self._plot(path, label, axes)
            shares = self.plane.explained if self.plane is not None else (0.0, 0.0)
        for place, (name, share) in enumerate(zip(("x", "y"), shares, strict=True), start=1):
            axes.set(**{f"{name}label": translate(f"path_view.axis_{place}", share=share)})
        if self.recorder.paths:
            axes.legend(fontsize=8)
        return made

    # -- what the training calls -------------------------------------------------------------

    def begin(self, request: TrainingRequest) -> None:
        """Begin to record a run, if the view is open."""
        with self._lock:
            self.recorder.present = None
            self._sync()
            if not self.is_open:
                return
            self._note = ""
            n_weights = self._count_weights(request.hyperparameters)
            if n_weights > MOST_WEIGHTS:
                self._note = translate(
                    "path_view.too_large", n_weights=n_weights, most=MOST_WEIGHTS
                )
            else:
                if self.recorder.begin(request, self._stage.weights()):
                    self._note = translate("path_view.other_network")
                    self._forget_plane()
                self._newest = self.recorder.present
                self._project(self.recorder.paths[-1])
            self._draw()

    def advance(self, progress: Progress) -> None:
        """Append a point to the present path where there is a row of the history."""
        path = self.recorder.present
        if path is None or not self.is_open or not progress.recorded:
            return
        with self._lock:
            if not path.offer(progress.samples_seen, self._stage.weights):
                return
            if self.map is None and len(path.vectors) in PROVISIONAL:
                self._lay_provisional_plane(path)
            self._project(path)
            self._draw_path(path)

    def finish(self, run: Run, request: TrainingRequest) -> None:
        """Record where a run ended, and have the map worked out when nothing trains."""
        with self._lock:
            samples = run.points[-1].samples if run.points else 0
            if self.recorder.finish(request, samples, run.weights):
                self._sync()
                self._draw()
                self._write(translate("path_view.mapping"))
                self._stage.do_when_idle(self.draw_map)

    def refresh(self) -> None:
        """Take runs out of the picture whose curves are no longer in the charts."""
        with self._lock:
            self._sync()
            self._draw()

    def draw_map(self) -> None:
        """Lay the plane through the recorded runs, and draw the loss over it.

        As soon as anything else is requested it gives up, and takes its place in the queue.
        """
        if not self.compute_map():
            self._stage.do_when_idle(self.draw_map)

    def compute_map(self) -> bool:
        """Draw the map; return False if it was cancelled."""
        with self._lock:
            paths = self._in_scope()
            matrices = [path.matrix() for path in paths]
            before = self.plane
        if not paths:
            return True
        network, cancelled = paths[-1].network, self._stage.is_needed
        plane = fit_plane(matrices, network.shapes, before, cancelled)
        if plane is None:
            return False
        window = window_around([points_on_map(plane, matrix) for matrix in matrices])
        features, labels = self._fixed_sample()
        surface = PlaneLoss(plane, network.activation, features, labels)
        losses = surface.over(*window.grid(GRID), cancelled)
        if losses is None or cancelled():
            return False
        drawn = LossMap(window, losses)
        picture = drawn.png()
        with self._lock:
            if paths != self._in_scope():
                return False
            self.plane, self.map = plane, drawn
            self._drawn.clear()
            for path in self.recorder.paths:
                self._project(path)
            self.chart.show_ground(picture, window)
            self._draw()
        return True

    # -- parts ---------------------------------------------------------------------------------

    def _plot(self, path: RecordedPath, label: str, axes: Any) -> None:
        points = self._drawn.get(id(path), np.zeros((0, 2)))
        is_newest = path is self._newest
        look: dict[str, Any] = {"linewidth": 2.4} if is_newest else {"alpha": GHOST_OPACITY}
        color = self._stage.color_of(path.request) or _INK
        axes.plot(*points.T, ".-", color=color, label=label, **look)
        axes.plot(*points[:1].T, "o", color="none", markeredgecolor=_INK, markersize=12)
        size = 9 if is_newest else 6
        end: dict[str, Any] = {"markersize": size, "zorder": 3 if is_newest else 4}
        axes.plot(*points[-1:].T, "o", color=color, markeredgecolor=_INK, **end)

    def _in_scope(self) -> list[RecordedPath]:
        paths = self.recorder.paths
        return list(paths) if self.scope == "all" else paths[-1:]

    def _count_weights(self, hp: Hyperparameters) -> int:
        return count_parameters(layer_sizes(hp, self._data.n_features, self._data.n_classes))

    def _fixed_sample(self) -> tuple[FloatArray, NDArray[np.int64]]:
        if self._sample is None:
            n_samples = min(SAMPLE_SIZE, len(self._data.y_train))
            chosen = self._data.take(n_samples, seed=0)
            flat = np.asarray(chosen.x_train, np.float32).reshape(n_samples, -1)
            self._sample = flat, np.asarray(chosen.y_train)
        return self._sample

    def _sync(self) -> None:
        """Keep the runs that the charts show, so that colours always mean the same run."""
        paths = self.recorder.paths
        shown = [path.request for path in paths if self._stage.color_of(path.request) is not None]
        if len(shown) == len(paths):
            return
        self.recorder.keep(shown)
        self._drawn = {
            id(p): self._drawn[id(p)] for p in self.recorder.paths if id(p) in self._drawn
        }
        if not self.recorder.paths:
            self._forget_plane()

    def _forget_plane(self) -> None:
        self.plane = self.map = self._newest = None
        self._drawn.clear()
        self.chart.clear()

    def _lay_provisional_plane(self, path: RecordedPath) -> None:
        self.plane = fit_plane([path.matrix()], path.network.shapes, self.plane)
        self._drawn.pop(id(path), None)

    def _project(self, path: RecordedPath) -> None:
        if self.plane is None:
            return
        drawn = self._drawn.get(id(path))
        if drawn is None or len(drawn) + 1 != len(path.vectors):
            drawn = points_on_map(self.plane, path.vectors)
        elif is_within_reach(path.vectors[0], path.vectors[-1]):
            drawn = np.concatenate([drawn, self.plane.project(path.vectors[-1:])])
        self._drawn[id(path)] = drawn

    def _draw(self) -> None:
        """Draw everything but the map."""
        for path in self.recorder.paths:
            self._draw_path(path)
        colors = {self._stage.color_of(path.request) for path in self.recorder.paths}
        for color in PALETTE:
            if color not in colors:
                self.chart.draw_path(color, np.zeros((0, 2)), present=False)
        self._draw_ends()
        self._write()

    def _draw_ends(self) -> None:
        ends = {}
        for path in self.recorder.paths:
            points, color = self._drawn.get(id(path)), self._stage.color_of(path.request)
            if path is not self._newest and points is not None and color is not None:
                ends[color] = points[-1]
        self.chart.draw_ends(ends)

    def _draw_path(self, path: RecordedPath) -> None:
        points = self._drawn.get(id(path))
        color = self._stage.color_of(path.request)
        if points is None or color is None:
            return
        if self.plane is not None:
            self.chart.label(self.plane.explained)
        ground = self.map.window if self.map is not None else None
        # A path that the plane is not laid through may lead out of the picture.
        if path in self._in_scope() and (ground is None or not ground.contains(points)):
            shown = [self._drawn[id(p)] for p in self._in_scope() if id(p) in self._drawn]
            self.chart.show_all(shown, ground)
        self.chart.draw_path(color, points, present=path is self._newest)

    def _write(self, state: str = "") -> None:
        paths = self.recorder.paths
        if not paths:
            lines = [self._note or translate("path_view.empty")]
        else:
            n_weights = paths[-1].vectors[0].size
            n_samples = min(SAMPLE_SIZE, len(self._data.y_train))
            intro = translate("path_view.intro", n_weights=n_weights, n_samples=n_samples)
            if self.map is not None and self.plane is not None:
                rest = max(0.0, 1 - sum(self.plane.explained))
                nearest = translate("path_view.nearest", rest=rest)
                lines = [legend_bar(*self.map.limits), intro, nearest]
                if self._hides_a_path(self.map.window):
                    lines.append(translate("path_view.hidden_path"))
            else:
                lines = [intro]
                state = state or translate("path_view.provisional")
            if any(has_outlier_tail(path.vectors) for path in paths):
                lines.append(translate("path_view.left_map", times=FARTHEST))
            lines += [self._note, state]
        style = "margin:0 0 8px;line-height:1.4"
        self.text.value = "".join(f'<div style="{style}">{line}</div>' for line in lines if line)

    def _hides_a_path(self, window: Window) -> bool:
        """Whether a path that has ended is too short to be seen at the map's scale."""
        size = np.ptp([window.x, window.y], axis=1)
        ended = [path for path in self.recorder.paths if path is not self.recorder.present]
        drawn = [self._drawn[id(path)] for path in ended if id(path) in self._drawn]
        return any((np.ptp(points, axis=0) < LEAST_EXTENT * size).all() for points in drawn)


class PathChart:
    """The map with the paths on it, in bqplot."""

    def __init__(self) -> None:
        self.figure, scales = figure(
            "", "", height=HEIGHT, x_limits=EMPTY_ENDS, y_limits=EMPTY_ENDS
        )
        self.figure.layout.flex = "3 1 480px"
        self.figure.layout.width = "auto"
        self.figure.layout.max_width = "860px"
        self.figure.padding_x = self.figure.padding_y = 0
        pair = {"x": scales.x, "y": scales.y}
        self.ground = bqplot.Image(
            image=widgets.Image(value=b""), scales=pair, x=[0, 0], y=[0, 0], visible=False
        )
        self.lines = {color: self._line(color, pair) for color in PALETTE}
        look = {"x": [], "y": [], "scales": pair, "stroke": _INK, "stroke_width": 2}
        # A ring does not hide a path that hardly leaves its start.
        self.start = bqplot.Scatter(default_size=240, fill=False, **look)
        self.head = bqplot.Scatter(default_size=130, **look)
        self.ends = bqplot.Scatter(default_size=60, **look)
        self.figure.marks = [
            self.ground, *self.lines.values(), self.start, self.head, self.ends,
        ]  # fmt: skip
        self.figure.background_style = {"fill": _NO_MAP}
        for drawn_axis in self.figure.axes:
            drawn_axis.grid_lines = "none"
            drawn_axis.tick_format = "~g"
        self._explained: tuple[float, float] | None = None
        self.clear()

    def label(self, explained: tuple[float, float] | None) -> None:
        """Say on the axes which share of the variation they keep."""
        for place, drawn_axis in enumerate(self.figure.axes):
            # Numbers along a direction that is not known would mean nothing.
            drawn_axis.tick_style = {"display": "none" if explained is None else "inline"}
            if explained is None:
                drawn_axis.label = translate("path_view.axis_unknown")
            elif explained != self._explained:
                key = f"path_view.axis_{place + 1}"
                drawn_axis.label = translate(key, share=explained[place])
        self._explained = explained

    def show_ground(self, picture: bytes, window: Window) -> None:
        """Put a map under the paths, and show all of it and no more."""
        before = self.ground.image
        with self.ground.hold_sync():
            # A layout of its own would outlive the picture.
            self.ground.image = widgets.Image(value=picture, layout=before.layout)
            self.ground.x, self.ground.y = list(window.x), list(window.y)
            self.ground.visible = True
        before.close()
        self._show(window)

    def show_all(self, paths: list[NDArray[np.float64]], ground: Window | None) -> None:
        """Make room for paths that lead out of the map."""
        corners = [] if ground is None else [np.transpose([ground.x, ground.y])]
        self._show(window_around([*paths, *corners], margin=0.1))

    def draw_path(self, color: str, points: NDArray[np.float64], *, present: bool) -> None:
        """Show one run's path; the present one has a head, and a start that all share."""
        line = self.lines[color]
        with line.hold_sync():
            line.x, line.y = points[:, 0], points[:, 1]
            line.stroke_width = PRESENT_WIDTH if present else GHOST_WIDTH
            line.opacities = [1.0 if present else GHOST_OPACITY]
        if present:
            _move(self.start, points[:1])
            self.head.colors = [color]
            _move(self.head, points[-1:])

    def draw_ends(self, ends: dict[str, NDArray[np.float64]]) -> None:
        """Mark where earlier runs ended, by their colours."""
        with self.ends.hold_sync():
            self.ends.colors = list(ends) or [_INK]
            _move(self.ends, np.reshape(list(ends.values()), (-1, 2)))

    def clear(self) -> None:
        """Take everything off the chart."""
        self.ground.visible = False
        self.draw_ends({})
        for color in self.lines:
            self.draw_path(color, np.zeros((0, 2)), present=False)
        for mark in (self.start, self.head):
            _move(mark, np.zeros((0, 2)))
        self.label(None)

    def _line(self, color: str, pair: dict[str, Any]) -> Any:
        return bqplot.Lines(
            x=[], y=[], scales=pair, colors=[color], marker="circle", marker_size=26
        )

    def _show(self, window: Window) -> None:
        for drawn_axis, ends in zip(self.figure.axes, (window.x, window.y), strict=True):
            scale = drawn_axis.scale
            if (scale.min, scale.max) != ends:
                with scale.hold_sync():
                    scale.min, scale.max = ends
                drawn_axis.tick_values = round_ticks(*ends, MOST_TICKS)


def _move(mark: Any, points: NDArray[np.float64]) -> None:
    with mark.hold_sync():
        mark.x, mark.y = points[:, 0], points[:, 1]


def legend_bar(low: float, high: float) -> str:
    """Return a bar in HTML that shows which shade is which loss."""
    middle = (low * high) ** 0.5
    numbers = "".join(f"<span>{value:.3g}</span>" for value in (low, middle, high))
    return (
        f"{translate('path_view.loss')}"
        f'<div aria-hidden="true" style="height:14px;max-width:260px;border:1px solid {NEUTRAL};'
        f'background:linear-gradient(to right,{",".join(GROUND)})"></div>'
        f'<div style="display:flex;justify-content:space-between;max-width:260px">{numbers}</div>'
    )
