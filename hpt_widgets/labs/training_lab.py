"""The training lab: sliders that retrain a network while you watch."""

from __future__ import annotations

import html
import math
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from hpt_widgets.dataset import Dataset, load_mnist
from hpt_widgets.home import reader_folder
from hpt_widgets.hyperparameters import Hyperparameters, check_name, validated
from hpt_widgets.keras_code import keras_program
from hpt_widgets.labs.controls import NumberRange
from hpt_widgets.labs.lab import Lab, style_sheet
from hpt_widgets.labs.live_training import LiveTraining, State, TrainingWish
from hpt_widgets.labs.mistakes import draw_mistakes, find_mistakes
from hpt_widgets.labs.runs_table import RunsTable
from hpt_widgets.labs.settings_text import describe_settings
from hpt_widgets.labs.training_charts import X_AXES, TrainingCharts, XAxis
from hpt_widgets.labs.training_controls import RANGES, TrainingControls
from hpt_widgets.language import translate
from hpt_widgets.records import SearchRecord, Trial
from hpt_widgets.run import HistoryPoint, Run
from hpt_widgets.training import CHANGEABLE, Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABS: Final = ("runs", "mistakes", "code")
WAIT_SECONDS: Final = 120.0
# A network whose accuracy is below this many times that of guessing has learned nothing.
GUESSING: Final = 1.5


class TrainingLab(Lab):
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
    >>> lab = TrainingLab()  # doctest: +SKIP
    >>> lab.set(learning_rate=0.1)
    >>> lab.wait()
    >>> lab.runs.to_frame()
    """

    def __init__(
        self,
        data: Dataset | None = None,
        hyperparameters: Hyperparameters | None = None,
        training_size: int | None = None,
    ) -> None:
        data = load_mnist() if data is None else data
        self._live = LiveTraining(data, self)
        if "validation" not in data.splits:
            raise ValueError(translate("training_lab.no_validation"))
        self.data = data
        hp = hyperparameters or Hyperparameters()
        size = len(data.y_train) if training_size is None else training_size
        self._defaults = TrainingWish(hp, self._checked_size(size))
        self._wish = self._defaults
        self._apply_to_running = False
        self._error: Exception | None = None
        self.last_run: Run | None = None
        self.runs = SearchRecord("manual", path=_new_record_path())
        super().__init__()

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

    @property
    def status(self) -> str:
        """The state in words, as it stands on the screen."""
        return self._status_text

    def set(self, **settings: object) -> None:
        """Move sliders: change settings, and train with them at once.

        Parameters
        ----------
        **settings : object
            Any hyperparameter; ``training_size`` (int); ``apply_to_running`` (bool): whether
            changes go into the training under way; ``x_axis`` ("samples" or "seconds").

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed; nothing is changed then.
        """
        checked = {name: self._checked(name, value) for name, value in settings.items()}
        if "apply_to_running" in checked:
            self._apply_to_running = checked.pop("apply_to_running")
            self._controls.apply.value = self._apply_to_running
        if "x_axis" in checked:
            self._charts.use_x_axis(checked.pop("x_axis"))
            self._x_axis_buttons.value = self._charts.x_axis
        if checked:
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
        self._live.stop()
        self._wish = self._defaults
        for name, value in self._wish.settings().items():
            self._controls.show(name, value)
        self._live.do("reset", self._charts.clear)
        self._show_code()

    def wait(self, timeout: float = WAIT_SECONDS) -> None:
        """Wait until no training is under way; a paused one counts as none.

        Parameters
        ----------
        timeout : float
            The longest time to wait, in seconds.

        Raises
        ------
        TimeoutError
            If it takes longer.
        """
        if not self._live.wait(timeout):
            raise TimeoutError(translate("training_lab.timed_out", timeout=timeout))

    def pin(self, number: int) -> None:
        """Keep a run's curves in the charts, or let go of them if they are kept.

        Raises
        ------
        ValueError
            If there is no run of this number.
        """
        self._require_run(number)
        self._charts.pin(number, not self._charts.is_pinned(number))
        self._table.refresh()

    def forget(self, number: int) -> None:
        """Take a run out of the table and the charts.

        Raises
        ------
        ValueError
            If there is no run of this number.
        """
        self._require_run(number)
        self.runs.forget(number)
        self._charts.forget(number)
        self._table.refresh()

    def as_code(self) -> str:
        """Return the Keras program for the settings as they stand."""
        return keras_program(self.settings, self.data.n_features, self.data.n_classes)

    def close(self) -> None:
        """End the lab's training and thread, and take it off the screen."""
        if not self.is_closed:
            self._live.close()
        super().close()

    # -- settings ------------------------------------------------------------------------------

    def _checked(self, name: str, value: object) -> Any:
        if name == "apply_to_running":
            return self._one_of(name, value, (True, False))
        if name == "x_axis":
            return self._one_of(name, value, X_AXES)
        if name == "training_size":
            return self._checked_size(value)
        check_name(name)
        value = validated(name, value)
        if name in RANGES:
            return RANGES[name].check(name, value)
        return value

    def _one_of(self, name: str, value: object, allowed: tuple[object, ...]) -> Any:
        if value not in allowed or isinstance(value, int) != isinstance(allowed[0], int):
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

    def _take(self, changes: dict[str, Any]) -> None:
        """Adopt new settings, and train: in mid-run where that is wanted and possible."""
        self._require_open()
        hp_changes = {name: v for name, v in changes.items() if name != "training_size"}
        hp = self._wish.hyperparameters.replace(**hp_changes)
        self._wish = TrainingWish(hp, changes.get("training_size", self._wish.n_train))
        midway = self._apply_to_running and all(name in CHANGEABLE for name in changes)
        if midway and self._live.is_under_way:
            self._live.change(**changes)
        else:
            self._live.train(self._wish)
        self._show_code()

    def _renewed_wish(self) -> TrainingWish:
        """Return the settings as a wish of its own: the same settings can be trained twice."""
        self._wish = TrainingWish(self._wish.hyperparameters, self._wish.n_train)
        return self._wish

    def _require_open(self) -> None:
        if self.is_closed:
            raise RuntimeError(translate("training_lab.closed"))

    def _require_run(self, number: int) -> None:
        numbers = [trial.number for trial in self.runs]
        if number not in numbers:
            allowed = ", ".join(map(str, numbers)) or "–"
            raise ValueError(translate("training_lab.no_such_run", number=number, allowed=allowed))

    # -- what the training tells, on its own thread ------------------------------------------

    def on_state(self, state: State) -> None:
        """Say the new state in words."""
        self._controls.show_paused(state == "paused")
        self._say(self._describe(state))

    def on_begin(self, wish: TrainingWish) -> None:
        """Clear the stage for a new run."""
        self._charts.begin(wish)

    def on_progress(self, points: tuple[HistoryPoint, ...], progress: Progress) -> None:
        """Draw where the run stands."""
        self._charts.draw(points, progress)
        self._bar.value = progress.samples_seen / progress.total_samples
        self._progress_text.value = translate(
            "training_lab.progress",
            seen=progress.samples_seen,
            total=progress.total_samples,
            speed=progress.samples_per_second,
            left=progress.seconds_left,
        )

    def on_end(self, run: Run, wish: TrainingWish, superseded: bool) -> None:
        """Keep the run, and show what it came to."""
        if not superseded:
            self.last_run = run
        trial = self.runs.append(_trial_of(run, wish, superseded))
        self._charts.finish(wish, run.points, trial.number)
        self._table.refresh()
        if not superseded and TABS[self._tabs.selected_index or 0] == "mistakes":
            self._live.do("mistakes", self._show_mistakes)

    def on_error(self, error: Exception) -> None:
        """Say what failed."""
        self._error = error

    def _describe(self, state: State) -> str:
        if state == "ended" and self.last_run is not None:
            return describe_run(self.last_run)
        if state == "failed":
            return translate("training_lab.failed", error=self._error)
        keys = {"training": "is_training", "paused": "is_paused"}
        return translate(f"training_lab.{keys.get(state, state)}")

    def _say(self, text: str) -> None:
        self._status_text = text
        self._status.value = (
            f'<span role="status" class="hpt-status" title="{html.escape(text)}">'
            f"<b>{html.escape(text)}</b></span>"
        )

    # -- the view ------------------------------------------------------------------------------

    def _build(self) -> Any:
        self._charts = TrainingCharts()
        self._controls = TrainingControls(
            self._wish.settings(),
            len(self.data.y_train),
            self._smallest_size,
            lambda name, value: self._take({name: self._checked(name, value)}),
            self._on_button,
            lambda on: setattr(self, "_apply_to_running", on),
        )
        self._table = RunsTable(
            self.runs, self._defaults.settings(), self._charts.is_pinned, self.pin, self.forget
        )
        self._status = widgets.HTML()
        self._bar = widgets.FloatProgress(min=0, max=1, layout={"width": "100%"})
        self._progress_text = widgets.HTML(translate("training_lab.no_progress"))
        self._say(translate("training_lab.ready"))
        charts = widgets.VBox(
            [self._status, self._bar, self._head(), self._charts.widget],
            layout={"flex": "1 1 420px", "min_width": "320px", "overflow": "visible"},
        )
        left = widgets.VBox(
            [self._controls.widget, self._charts.legend],
            layout={"width": "340px", "flex": "0 0 auto", "padding": "0 14px 0 0"},
        )
        top = widgets.HBox([left, charts], layout={"flex_flow": "row wrap"})
        return widgets.VBox([style_sheet(), top, self._make_tabs()])

    def _head(self) -> Any:
        self._x_axis_buttons = widgets.ToggleButtons(
            options=[(translate(f"training_lab.{name}"), name) for name in X_AXES],
            value=self._charts.x_axis,
            tooltips=[translate("training_lab.x_axis")] * len(X_AXES),
            style={"button_width": "auto"},
        )

        def on_x_axis(change: dict[str, XAxis]) -> None:
            self._charts.use_x_axis(change["new"])

        self._x_axis_buttons.observe(on_x_axis, "value")
        return widgets.HBox(
            [self._progress_text, self._x_axis_buttons],
            layout={"justify_content": "space-between", "flex_flow": "row wrap"},
        )

    def _make_tabs(self) -> Any:
        self._mistakes_text = widgets.HTML(translate("training_lab.no_mistakes_yet"))
        self._mistakes_picture = widgets.Image(
            format="png", layout={"display": "none", "max_width": "100%"}
        )
        self._code = widgets.HTML()
        self._show_code()
        pages = [
            self._table.widget,
            widgets.VBox([self._mistakes_text, self._mistakes_picture]),
            widgets.VBox([widgets.HTML(translate("training_lab.code_intro")), self._code]),
        ]
        titles = [translate(f"training_lab.{name}") for name in TABS]
        self._tabs = widgets.Tab(pages, titles=titles, selected_index=0)
        self._tabs.observe(self._on_tab, "selected_index")
        return self._tabs

    def _on_button(self, name: str) -> None:
        if name == "pause" and self.state == "paused":
            name = "resume"
        getattr(self, name)()

    def _on_tab(self, change: dict[str, Any]) -> None:
        if change["new"] is not None and TABS[change["new"]] == "mistakes":
            self._live.do("mistakes", self._show_mistakes)

    def _show_code(self) -> None:
        code = html.escape(self.as_code())
        self._code.value = f'<pre class="hpt-code" tabindex="0">{code}</pre>'

    def _show_mistakes(self) -> None:
        run = self.last_run
        if run is None or self.is_closed:
            return
        split = self.data.splits["validation"]
        mistakes = find_mistakes(split.y, run.predict_proba(split.x))
        self._mistakes_picture.value = draw_mistakes(mistakes, split)
        self._mistakes_picture.layout.display = "block"
        self._mistakes_text.value = html.escape(
            describe_mistakes(mistakes.n_wrong, len(split.y), mistakes.frequent_pairs(3))
        )

    def _picture(self) -> Figure:
        figure = self._charts.picture()
        settings = self._wish.settings()
        names = ("learning_rate", "batch_size", "dropout_rate", "optimizer", "hidden_units")
        figure.suptitle("  ".join(f"{name}={settings[name]}" for name in names), fontsize=9)
        return figure

    def _on_display(self) -> None:
        self._live.warm_up(self._wish)


def describe_run(run: Run) -> str:
    """Say in words how a run ended and what it reached."""
    accuracy = run.validation_accuracy
    if run.ended == "diverged":
        reason = run.reason
        return reason[0].upper() + reason[1:]
    reason = translate(f"training_lab.{run.ended}")
    if math.isnan(accuracy):
        return reason
    text = translate("training_lab.ended", reason=reason, accuracy=accuracy)
    if run.ended == "finished" and accuracy < GUESSING / run.n_classes:
        text = f"{text} {translate('training_lab.guesses')}"
    return " ".join([text, *run.notes])


def describe_mistakes(n_wrong: int, total: int, pairs: list[tuple[int, int, int]]) -> str:
    """Say in words what is misread most often."""
    if n_wrong == 0:
        return translate("training_lab.none_misread", total=total)
    words = [
        translate("training_lab.misread_pair", true=true, predicted=read, count=count)
        for true, read, count in pairs
        if count
    ]
    return translate("training_lab.misread", wrong=n_wrong, total=total, pairs=", ".join(words))


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
        message=translate("training_lab.ended_superseded") if superseded else changes,
        history=tuple(history),
    )


def _new_record_path() -> str | None:
    """Return a file of the reader's folder for a lab's runs, or None where there can be none."""
    try:
        folder = reader_folder() / "runs"
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S-%f")
    return str(folder / f"training-lab-{stamp}.csv")
