"""The training lab: sliders that retrain a network while you watch."""

from __future__ import annotations

import html
import math
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.controls import NumberRange, choice_list
from hpt_widgets.labs.kit.hyperparameter_sliders import RANGES
from hpt_widgets.labs.kit.lab import style_sheet
from hpt_widgets.labs.kit.lab_data import checked_data
from hpt_widgets.labs.kit.record_file import new_record_path
from hpt_widgets.labs.kit.settings_text import describe_settings
from hpt_widgets.labs.kit.unfinished_work import RecordNote, UnfinishedWork
from hpt_widgets.labs.kit.working_lab import WorkingLab
from hpt_widgets.labs.training.charts import X_AXES, TrainingCharts
from hpt_widgets.labs.training.controls import TrainingControls
from hpt_widgets.labs.training.live import SUBSET_SEED, LiveTraining, State, TrainingWish
from hpt_widgets.labs.training.mistakes import find_mistakes
from hpt_widgets.labs.training.mistakes_view import MistakesView
from hpt_widgets.labs.training.path_view import SCOPES, PathOnPlane, PathStage, PathView
from hpt_widgets.labs.training.runs_table import RunsTable
from hpt_widgets.labs.training.words import describe_progress, describe_run
from hpt_widgets.language import translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import whole_number
from hpt_widgets.training.hyperparameters import Hyperparameters, validated
from hpt_widgets.training.keras_code import keras_program
from hpt_widgets.training.network import check_hyperparameters, check_memory
from hpt_widgets.training.run import HistoryPoint, Run
from hpt_widgets.training.session import CHANGEABLE, Progress

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

HYPERPARAMETER_NAMES: Final = tuple(Hyperparameters.__dataclass_fields__)
TABS: Final = ("runs", "mistakes", "path", "code")
# Drawing more often would keep the page too busy to answer the next move of a slider.
REDRAW_SECONDS: Final = 0.06
SWITCHES: Final = ("training_size", "apply_to_running", "x_axis", "path_scope")


class TrainingLab(WorkingLab[LiveTraining]):
    """Sliders that retrain a network live, from the same initial weights each time.

    Everything that a slider does, a method does without a screen: `set`, `start`, `pause`,
    `resume`, `step`, `stop`, `reset`, and `wait`. They return at once; the training runs on
    the lab's own thread, and the newest wish wins.

    Parameters
    ----------
    data : Dataset, optional
        Trained on ``train``, measured on ``validation``. By default MNIST.
    hyperparameters : Hyperparameters, optional
        The settings to begin with. By default those of `Hyperparameters`.
    training_size : int, optional
        Training samples to use, a stratified subset. By default all.

    Attributes
    ----------
    runs : SearchRecord
        The runs that have ended, with the method "manual"; each is written to the reader's
        folder as it ends.
    last_run : Run or None
        The run that ended last, with its weights.

    Raises
    ------
    TypeError, ValueError
        If `data` is no Dataset or has no validation split, or a setting is not allowed.

    Examples
    --------
    >>> lab = TrainingLab()
    >>> lab.set(learning_rate=0.01)
    >>> lab.wait()
    >>> lab.runs.to_frame()["learning_rate"].tolist()
    [0.01]
    """

    def __init__(
        self,
        data: Dataset | None = None,
        hyperparameters: Hyperparameters | None = None,
        training_size: int | None = None,
    ) -> None:
        data = checked_data(data)
        hp = Hyperparameters() if hyperparameters is None else hyperparameters
        check_hyperparameters(hp, "hyperparameters")
        self._live = LiveTraining(data, self)
        self.data = data
        for name, value in hp.to_dict().items():
            self._checked(name, value)
        size = len(data.y_train) if training_size is None else training_size
        self._defaults = TrainingWish(hp, self._checked_size(size))
        self._wish = self._defaults
        self._apply_to_running = False
        # Callbacks may come on any thread.
        self._settings_lock = threading.RLock()
        self._error: BaseException | None = None
        self._drawn_at = 0.0
        self._undrawn: tuple[tuple[HistoryPoint, ...], Progress] | None = None
        self.last_run: Run | None = None
        subject = f"training {data.n_features} {data.n_classes} {len(data.y_train)}"
        self._unfinished = UnfinishedWork(subject, lambda: self.is_busy or self.state == "paused")
        self.runs, problem = self._open_record(self._unfinished)
        super().__init__()
        self.runs.on_warning = self._table.warn
        if len(self.runs):
            self._table.notify(translate("lab.brought_back", count=len(self.runs)))
        else:
            self._table.warn(problem)

    # -- what a reader asks for --------------------------------------------------------------

    @property
    def settings(self) -> Hyperparameters:
        """The hyperparameters as the sliders stand."""
        return self._wish.hyperparameters

    @property
    def training_size(self) -> int:
        """How many training samples are used."""
        return self._wish.n_train

    @property
    def state(self) -> State:
        """What the lab is doing: ready, warming_up, training, paused, ended or failed."""
        return self._live.state

    def set(self, **settings: object) -> None:
        """Move sliders: change settings, and train with them at once.

        Parameters
        ----------
        **settings : object
            Any hyperparameter; ``training_size`` (int); ``apply_to_running`` (bool): whether
            changes go into the training under way; ``x_axis`` ("samples" or "seconds");
            ``path_scope`` ("all" or "this"): the runs that the plane of `path` is laid through.

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed; nothing is changed then.
        """
        self._require_open()
        checked = {name: self._checked(name, value) for name, value in settings.items()}
        if "apply_to_running" in checked:
            self._apply_to_running = checked.pop("apply_to_running")
            self._controls.apply.value = self._apply_to_running
        if "x_axis" in checked:
            self._charts.use_x_axis(checked.pop("x_axis"))
            self._x_axis_choice.value = self._charts.x_axis
        if "path_scope" in checked:
            self._path_view.use_scope(checked.pop("path_scope"))
        if checked:
            with self._settings_lock:
                self._take(checked)
                for name, value in checked.items():
                    self._controls.show(name, value)

    def start(self) -> None:
        """Train with the settings as they stand, from the initial weights."""
        self._require_open()
        self._live.train(self._renewed_wish())

    def pause(self) -> None:
        """Hold the training under way."""
        self._require_open()
        self._live.pause()

    def resume(self) -> None:
        """Go on with a paused training."""
        self._require_open()
        self._live.resume()

    def step(self) -> None:
        """Take a single update of the weights, and hold."""
        self._require_open()
        self._live.step(self._renewed_wish())

    def stop(self) -> None:
        """End the training under way; what it came to is kept."""
        self._require_open()
        self._live.stop()

    def reset(self) -> None:
        """Bring settings and curves back to the beginning; the runs in the table are kept."""
        self._require_open()
        with self._settings_lock:
            self._wish = self._defaults
            for name, value in self._wish.settings().items():
                self._controls.show(name, value)
            self._live.reset(self._clear_stage)
            self._show_code()

    def pin(self, number: int) -> None:
        """Keep a run's curves in the charts, or let go of them if they are kept.

        Parameters
        ----------
        number : int
            Of the run, as the table has it.

        Raises
        ------
        ValueError
            If there is no run of this number, or it can't be pinned: its curves have made
            room for newer ones, or only one place is left for new runs.
        """
        self._require_run(number)
        if not self._charts.pin(number, not self._charts.is_pinned(number)):
            raise ValueError(translate("training_lab.not_pinned", number=number))
        self._table.refresh()

    def forget(self, number: int) -> None:
        """Take a run out of the table and the charts.

        Parameters
        ----------
        number : int
            Of the run, as the table has it.

        Raises
        ------
        ValueError
            If there is no run of this number.
        """
        self._require_run(number)
        self.runs.forget(number)
        self._charts.forget(number)
        self._path_view.refresh()
        self._table.refresh()

    def show_path(self, visible: bool = True) -> None:
        """Open the view of the weights' path, or go back to the table of runs.

        Only runs that begin while it is open are recorded; hidden it costs nothing.

        Parameters
        ----------
        visible : bool, default True
            Whether it is to be seen.
        """
        self._require_open()
        self._tabs.selected_index = TABS.index("path" if visible else "runs")

    def path(self, number: int | None = None) -> PathOnPlane:
        """Return the path of a run's weights in the plane of the path view.

        Parameters
        ----------
        number : int, optional
            Number of the run in the table. By default the newest run that was recorded.

        Raises
        ------
        ValueError
            If no such run was recorded: see `show_path`.
        """
        if number is None:
            return self._path_view.path()
        self._require_run(number)
        wish = self._charts.wish_of(number)
        if wish is None:
            raise ValueError(translate("path_view.not_in_charts", number=number))
        return self._path_view.path(wish)

    def path_figure(self) -> StillPicture:
        """Draw the paths of the recorded runs on the loss surface in matplotlib."""
        return self._path_view.picture()

    def as_code(self) -> str:
        """Return the Keras program for the settings as they stand."""
        data = self.data.as_code()
        if self.training_size < len(self.data.y_train):
            data = f"{data}.take({self.training_size}, seed={SUBSET_SEED})"
        return keras_program(self.settings, self.data.n_features, self.data.n_classes, data)

    def close(self) -> None:
        """End the lab's training and thread, and take it off the screen."""
        super().close()
        self.runs.on_warning = None

    # -- settings ------------------------------------------------------------------------------

    def _checked(self, name: str, value: object) -> Any:
        if name == "apply_to_running":
            return self._one_of(name, value, (True, False))
        if name == "x_axis":
            return self._one_of(name, value, X_AXES)
        if name == "path_scope":
            return self._one_of(name, value, SCOPES)
        if name == "training_size":
            return self._checked_size(value)
        if name not in HYPERPARAMETER_NAMES:
            allowed = ", ".join((*HYPERPARAMETER_NAMES, *SWITCHES))
            raise TypeError(translate("training_lab.unknown_setting", name=name, allowed=allowed))
        checked: Any = validated(name, value)
        if name == "hidden_units":
            hp = Hyperparameters(hidden_units=checked)
            check_memory(hp, self.data.n_features, self.data.n_classes)
        if name in RANGES:
            return RANGES[name].check(name, checked)
        return checked

    def _one_of(self, name: str, value: object, allowed: tuple[object, ...]) -> Any:
        # An array compares element by element, and 1 equals True.
        if not isinstance(value, type(allowed[0])) or value not in allowed:
            words = ", ".join(map(repr, allowed))
            raise ValueError(
                translate("training_lab.wrong_setting", name=name, value=value, allowed=words)
            )
        return value

    def _checked_size(self, value: object) -> int:
        sizes = NumberRange(self._smallest_size, len(self._live.data.y_train), whole=True)
        return int(sizes.check("training_size", value))

    @property
    def _smallest_size(self) -> int:
        return min(self._live.data.n_classes, len(self._live.data.y_train))

    def _on_setting(self, name: str, value: object) -> None:
        with self._settings_lock:
            self._take({name: self._checked(name, value)})

    def _take(self, changes: dict[str, Any]) -> None:
        """Adopt new settings, and train: in mid-run where that is wanted and possible."""
        self._require_open()
        hp_changes = {name: v for name, v in changes.items() if name != "training_size"}
        hp = self._wish.hyperparameters.replace(**hp_changes)
        self._wish = TrainingWish(hp, changes.get("training_size", self._wish.n_train))
        if self._apply_to_running and all(name in CHANGEABLE for name in changes):
            self._live.change(self._wish, changes)
        else:
            self._live.train(self._wish)
        self._show_code()

    def _renewed_wish(self) -> TrainingWish:
        """Return the settings as a wish of its own: the same settings can be trained twice."""
        with self._settings_lock:
            self._wish = TrainingWish(self._wish.hyperparameters, self._wish.n_train)
            return self._wish

    def _require_run(self, number: int) -> None:
        numbers = [trial.number for trial in self.runs]
        if whole_number(number) not in numbers:
            allowed = ", ".join(map(str, numbers)) or "–"
            raise ValueError(translate("training_lab.no_such_run", number=number, allowed=allowed))

    def _open_record(self, unfinished: UnfinishedWork) -> tuple[SearchRecord, str]:
        """Return the record that a killed kernel left, or a new one and why it is not kept."""
        for note in unfinished.take_over():
            record = note.open()
            if record is not None and len(record):
                return record, ""
        path, problem = new_record_path("runs", "training-lab")
        return SearchRecord("manual", path=path), problem

    # -- what the training tells, on its own thread ------------------------------------------

    def on_state(self, state: State) -> None:
        """Say the new state in words."""
        if state != "training":
            self._draw_the_rest()
        self._controls.show_paused(state == "paused")
        self._say(self._describe(state))

    def on_begin(self, wish: TrainingWish) -> None:
        """Clear the stage for a new run."""
        self._undrawn = None
        self._drawn_at = -math.inf
        self._charts.begin(wish)
        self._path_view.begin(wish)

    def on_progress(self, points: tuple[HistoryPoint, ...], progress: Progress) -> None:
        """Draw where the run stands, unless it was drawn only just now."""
        self._undrawn = (points, progress)
        if self._drawn_at == -math.inf:
            # The answer to a slider's move: bar and words wait until it is on the screen.
            self._charts.draw(points, progress)
            self._drawn_at = time.monotonic()
        if progress.ended or time.monotonic() - self._drawn_at >= REDRAW_SECONDS:
            self._draw_the_rest()
            self._drawn_at = time.monotonic()
        self._path_view.advance(progress)

    def _draw_the_rest(self) -> None:
        """Draw what `on_progress` left out, where nothing may follow it."""
        if self._undrawn is not None:
            points, progress = self._undrawn
            self._undrawn = None
            self._charts.draw(points, progress)
            self._bar.value = progress.samples_seen / progress.total_samples
            self._progress_text.value = describe_progress(progress)

    def on_end(self, run: Run, wish: TrainingWish, superseded: bool) -> None:
        """Keep the run, and show what it came to."""
        if not superseded:
            self.last_run = run
            self._undrawn = None
        trial = self.runs.append(_trial_of(run, wish, superseded))
        if self.runs.path is not None and self._unfinished is not None:
            self._unfinished.note([RecordNote(str(self.runs.path), self.runs.method)])
        self._charts.finish(wish, run.points, trial.number)
        self._path_view.finish(run, wish)
        self._table.refresh()
        if not superseded and TABS[self._tabs.selected_index or 0] == "mistakes":
            self._live.do("mistakes", self._show_mistakes)

    def on_error(self, error: BaseException) -> None:
        """Say what failed."""
        self._error = error

    def _describe(self, state: State) -> str:
        if state == "ended" and self.last_run is not None:
            return describe_run(self.last_run)
        if state == "failed":
            error = str(self._error).strip() or type(self._error).__name__
            return translate("training_lab.failed", error=error.rstrip("."))
        keys = {"training": "is_training", "paused": "is_paused"}
        return translate(f"training_lab.{keys.get(state, state)}")

    def _clear_stage(self) -> None:
        """Bring charts and progress back to the beginning, on the worker's thread."""
        self._charts.clear()
        self._path_view.refresh()
        self._bar.value = 0.0
        self._progress_text.value = translate("training_lab.no_progress")

    # -- the view ------------------------------------------------------------------------------

    def _build(self) -> Any:
        self._charts = TrainingCharts(self._defaults)
        self._controls = TrainingControls(
            self._wish.settings(),
            len(self.data.y_train),
            self._smallest_size,
            self._on_setting,
            self._on_button,
            lambda on: setattr(self, "_apply_to_running", on),
        )
        self._table = RunsTable(
            self.runs,
            self._defaults.settings(),
            self._charts.is_pinned,
            self._on_pin,
            self.forget,
        )
        self._bar = widgets.FloatProgress(min=0, max=1, layout={"width": "100%"})
        self._progress_text = widgets.HTML(translate("training_lab.no_progress"))
        self._say(translate("training_lab.ready"))
        charts = widgets.VBox(
            [self._status_line, self._bar, self._head(), self._charts.widget],
            layout={"flex": "1 1 420px", "min_width": "320px", "overflow": "visible"},
        )
        left = widgets.VBox(
            [self._controls.widget, self._charts.legend],
            layout={"width": "340px", "flex": "0 0 auto", "padding": "0 14px 0 0"},
        )
        top = widgets.HBox([left, charts], layout={"flex_flow": "row wrap"})
        return widgets.VBox([style_sheet(), top, self._make_tabs()])

    def _head(self) -> Any:
        self._x_axis_choice = choice_list(
            translate("training_lab.x_axis"),
            [(translate(f"training_lab.{name}"), name) for name in X_AXES],
            self._charts.x_axis,
            self._charts.use_x_axis,
        )
        return widgets.HBox(
            [self._progress_text, self._x_axis_choice],
            layout={"justify_content": "space-between", "flex_flow": "row wrap"},
        )

    def _make_tabs(self) -> Any:
        live = self._live
        self._path_view = PathView(
            self.data,
            PathStage(
                live.weights, self._charts.color_of, partial(live.do, "path"), live.is_wanted
            ),
        )
        self._mistakes = MistakesView()
        self._code = widgets.HTML()
        pages = [
            self._table.widget,
            self._mistakes.widget,
            self._path_view.widget,
            widgets.VBox([widgets.HTML(translate("training_lab.code_intro")), self._code]),
        ]
        titles = [translate(f"training_lab.{name}") for name in TABS]
        self._tabs = widgets.Tab(pages, titles=titles, selected_index=0)
        self._tabs.observe(self._on_tab, "selected_index")
        self._show_code()
        return self._tabs

    def _on_button(self, name: str) -> None:
        if name == "pause" and self.state == "paused":
            name = "resume"
        getattr(self, name)()

    def _on_pin(self, number: int) -> None:
        try:
            self.pin(number)
        except ValueError as error:
            self._table.warn(str(error))

    def _on_tab(self, change: dict[str, Any]) -> None:
        tab = None if change["new"] is None else TABS[change["new"]]
        self._path_view.is_open = tab == "path"
        if tab == "mistakes":
            self._live.do("mistakes", self._show_mistakes)
        self._show_code()

    def _show_code(self) -> None:
        """Write the program if its tab is open; behind it would only delay a slider's answer."""
        if TABS[self._tabs.selected_index or 0] != "code":
            return
        code = html.escape(self.as_code())
        name = html.escape(translate("training_lab.program"), quote=True)
        self._code.value = (
            f'<pre class="hpt-code" tabindex="0" role="region" aria-label="{name}">{code}</pre>'
        )

    def _show_mistakes(self) -> None:
        run = self.last_run
        if run is None or self.is_closed:
            return
        split = self.data.splits["validation"]
        self._mistakes.show(find_mistakes(split.y, run.predict_proba(split.x)), split)

    def _picture(self) -> StillPicture:
        figure = self._charts.picture()
        settings = self._wish.settings()
        names = ("learning_rate", "batch_size", "dropout_rate", "optimizer", "hidden_units")
        figure.suptitle("  ".join(f"{name}={settings[name]}" for name in names), fontsize=9)
        return figure

    def _on_display(self) -> None:
        self._live.warm_up(self._wish)


def _trial_of(run: Run, wish: TrainingWish, superseded: bool) -> Trial:
    changes = " ".join(
        translate(
            "training_lab.changed_midway", samples=samples, changes=describe_settings(changed)
        )
        for samples, changed in run.changes
    )
    history = [
        (point.samples, point.validation_accuracy)
        for point in run.points
        if not math.isnan(point.validation_accuracy)
    ]
    return Trial(
        hyperparameters=wish.settings(),
        method="manual",
        validation_accuracy=run.validation_accuracy,
        validation_loss=run.validation_loss,
        seconds=run.seconds,
        epochs_trained=run.points[-1].epoch if run.points else 0.0,
        ended=run.ended,
        message=f"{translate('training_lab.ended_superseded')} {changes}".strip()
        if superseded
        else changes,
        history=tuple(history),
    )
