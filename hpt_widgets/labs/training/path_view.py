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
from hpt_widgets.labs.kit.controls import choice_list
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.path_chart import (
    GHOST_OPACITY,
    INK,
    PathChart,
    axis_label,
    legend_bar,
    paths_legend,
)
from hpt_widgets.labs.training.path_map import LossMap
from hpt_widgets.labs.training.path_recorder import MOST_WEIGHTS, PathRecorder, RecordedPath
from hpt_widgets.language import translate
from hpt_widgets.support.colors import PALETTE
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
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import Run

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

Scope = Literal["all", "this"]
SCOPES: Final[tuple[Scope, ...]] = ("all", "this")
SAMPLE_SIZE: Final = 1_000
GRID: Final = 33
# The first run has no plane yet: it gets a provisional one when it has so many points.
PROVISIONAL: Final = (2, 4, 8, 16)
# A path that keeps within this share of the chart's width and height is hidden by its own ends.
LEAST_EXTENT: Final = 0.04


@dataclass(frozen=True)
class PathStage:
    """What the view needs of the lab that it is part of.

    Attributes
    ----------
    weights : callable
        Returns a copy of the present run's weights.
    color_of, label_of : callable
        Return the colour and the name of a run's curves, or None if they are no longer shown.
    do_when_idle : callable
        Takes a job that is to be done when nothing trains.
    should_yield : callable
        Returns whether a job should make room for something newer.
    """

    weights: Callable[[], Weights]
    color_of: Callable[[TrainingRequest], str | None]
    label_of: Callable[[TrainingRequest], str | None]
    do_when_idle: Callable[[Callable[[], None]], None]
    should_yield: Callable[[], bool]


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
            for path in self.recorder.paths:
                self._plot(path, self._stage.label_of(path.request) or "", axes)
            shares = None if self.plane is None else self.plane.explained
        axes.set(xlabel=axis_label(0, shares), ylabel=axis_label(1, shares))
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
        network, cancelled = paths[-1].network, self._stage.should_yield
        plane = fit_plane(matrices, network.shapes, before, cancelled)
        if plane is None:
            return False
        if not any(plane.explained):
            self._show_no_plane(plane, paths)
            return True
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

    def _show_no_plane(self, plane: LossPlane, paths: list[RecordedPath]) -> None:
        """Take map and paths away where what was recorded left the map with its first step."""
        with self._lock:
            if paths == self._in_scope():
                self.plane, self.map = plane, None
                self._drawn.clear()
                self.chart.clear()
                self.chart.label(plane.explained)
                self._write()

    @property
    def _has_no_plane(self) -> bool:
        """Whether all that was recorded is where it started."""
        if self.plane is None or self.recorder.present is not None:
            return False
        return not any(self.plane.explained)

    def _plot(self, path: RecordedPath, label: str, axes: Any) -> None:
        points = self._drawn.get(id(path), np.zeros((0, 2)))
        is_newest = path is self._newest
        look: dict[str, Any] = {"linewidth": 2.4} if is_newest else {"alpha": GHOST_OPACITY}
        color = self._stage.color_of(path.request) or INK
        axes.plot(*points.T, ".-", color=color, label=label, **look)
        axes.plot(*points[:1].T, "o", color="none", markeredgecolor=INK, markersize=12)
        size = 9 if is_newest else 6
        end: dict[str, Any] = {"markersize": size, "zorder": 3 if is_newest else 4}
        axes.plot(*points[-1:].T, "o", color=color, markeredgecolor=INK, **end)

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
                lines = [legend_bar(*self.map.limits), paths_legend(self._names()), intro, nearest]
                if self.scope == "all" and self._hides_a_path(self.map.window):
                    lines.append(translate("path_view.hidden_path"))
            elif self._has_no_plane:
                lines = [translate("path_view.no_plane", times=FARTHEST)]
                if self.scope == "this" and len(paths) > 1:
                    lines.append(translate("path_view.see_all"))
            else:
                lines = [intro]
                state = state or translate("path_view.provisional")
            if not self._has_no_plane and any(has_outlier_tail(path.vectors) for path in paths):
                lines.append(translate("path_view.left_map", times=FARTHEST))
            lines += [self._note, state]
        style = "margin:0 0 8px;line-height:1.4"
        self.text.value = "".join(f'<div style="{style}">{line}</div>' for line in lines if line)

    def _names(self) -> list[tuple[str, str]]:
        """Return the colour and the name of each path."""
        requests = [path.request for path in self.recorder.paths]
        names = [(self._stage.color_of(each), self._stage.label_of(each)) for each in requests]
        return [(color, name) for color, name in names if color and name]

    def _hides_a_path(self, window: Window) -> bool:
        """Whether a path that has ended is too short to be seen at the map's scale."""
        size = np.ptp([window.x, window.y], axis=1)
        ended = [path for path in self.recorder.paths if path is not self.recorder.present]
        drawn = [self._drawn[id(path)] for path in ended if id(path) in self._drawn]
        return any((np.ptp(points, axis=0) < LEAST_EXTENT * size).all() for points in drawn)
