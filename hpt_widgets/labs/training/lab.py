"""The training lab: sliders that retrain a network while you watch."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hpt_widgets.data.dataset import SUBSET_SEED, Dataset
from hpt_widgets.labs.kit.class_panel import ClassPanel
from hpt_widgets.labs.kit.hyperparameter_sliders import ranges_for
from hpt_widgets.labs.kit.lab_data import checked_data
from hpt_widgets.labs.kit.live_work import State
from hpt_widgets.labs.kit.settings_text import MAIN, describe_settings, in_a_row
from hpt_widgets.labs.kit.working_lab import WAIT_SECONDS, WorkingLab
from hpt_widgets.labs.training.axes_controls import LossAxis
from hpt_widgets.labs.training.controls import TrainingControls
from hpt_widgets.labs.training.kept_runs import KeptRuns
from hpt_widgets.labs.training.live import Changes, LiveTraining, TrainingRequest
from hpt_widgets.labs.training.mistakes import find_mistakes
from hpt_widgets.labs.training.noise_view import NoiseReading
from hpt_widgets.labs.training.path_view import PathOnPlane, Scope
from hpt_widgets.labs.training.progress_drawing import ProgressDrawing
from hpt_widgets.labs.training.reached_epoch import ReachedEpoch
from hpt_widgets.labs.training.run_slot import XAxis
from hpt_widgets.labs.training.settings import in_range, take_switches
from hpt_widgets.labs.training.view import TrainingView
from hpt_widgets.labs.training.words import describe_run
from hpt_widgets.language import joined, translate
from hpt_widgets.support.argument_checks import real_number, require_flag, require_seconds
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.keras_code import keras_program
from hpt_widgets.training.network import check_hyperparameters, check_memory
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import HistoryPoint, Run
from hpt_widgets.training.session import CHANGEABLE

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


class TrainingLab(WorkingLab[LiveTraining]):
    """Sliders that retrain a network live, from the same initial weights each time.

    Everything that a slider does, a method does without a screen: `set`, `start`, `pause`,
    `resume`, `step`, `stop`, `reset`, and `wait`. They return at once; the training runs on
    the lab's own thread, and the newest request wins.

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
    class_panel : ClassPanel
        The lab's place in a class; see `join`.
    state : str
        What the lab is doing: ready, warming_up, training, paused, ended or failed.
    view : TrainingView
        What is on the screen.

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

    view: TrainingView

    def __init__(
        self,
        data: Dataset | None = None,
        hyperparameters: Hyperparameters | None = None,
        training_size: int | None = None,
    ) -> None:
        self.data = checked_data(data)
        hp = Hyperparameters() if hyperparameters is None else hyperparameters
        check_hyperparameters(hp, "hyperparameters")
        check_memory(hp, self.data.n_features, self.data.n_classes)
        self._ranges = ranges_for(self.data)
        n_samples = len(self.data.y_train)
        asked = {**hp.to_dict(), "training_size": training_size}
        if training_size is None:
            asked["training_size"] = n_samples
        size = in_range(asked, self._ranges)["training_size"]
        self._defaults = self._request = TrainingRequest(hp, size)
        self._live = LiveTraining(self.data, self)
        self._new_run_note = ""  # said while a run trains that began where a change was wanted
        self.apply_to_running = False
        # Callbacks may come on any thread.
        self._settings_lock = threading.RLock()
        self._reached = ReachedEpoch()
        self.last_run: Run | None = None
        # Its number in the table, and how many samples it was trained on.
        self._last_number, self._last_n_train = 0, size
        self._kept = KeptRuns(self.data, lambda: self.is_busy or self.state == "paused")
        self._unfinished = self._kept.unfinished
        self.runs = self._kept.record
        self.class_panel = ClassPanel(self._data_of, self.join, self.leave)
        super().__init__()

    # -- what a reader asks for --------------------------------------------------------------

    @property
    def settings(self) -> Hyperparameters:
        """The hyperparameters as the sliders stand."""
        return self._request.hyperparameters

    @property
    def noise(self) -> NoiseReading | None:
        """The gradient noise scale of the last run, measured while the tab "noise" is open.

        ``lab.view.open_tab("noise")`` opens it. None as long as nothing was measured.
        """
        return self.view.noise.reading

    @property
    def training_size(self) -> int:
        """How many training samples are used."""
        return self._request.n_train

    def set(self, **settings: object) -> None:
        """Move sliders: change settings, and train with them at once.

        Parameters
        ----------
        **settings : object
            Any hyperparameter, within the range of its field (1 to 100 epochs, batch sizes up to
            4,096, …: an error names it); ``training_size`` (int); ``apply_to_running`` (bool):
            whether changes go into the training under way; ``x_axis`` ("samples", "epochs" or
            "seconds") and ``loss_axis`` ("auto", "log" or "linear"; "auto" is linear where a
            run has 5 epochs or more) of the charts; ``path_scope`` ("all" or "this"): the runs
            that the plane of `path` is laid through.

        Raises
        ------
        TypeError, ValueError
            If a setting is unknown or not allowed; nothing is changed then.
        """
        self._require_open()
        switches = take_switches(settings)
        with self._settings_lock:
            changes = in_range(settings, self._ranges)
            request = self._changed(changes)
            self._use_switches(**switches)
            if changes:
                self._train(request, changes)
                for name in changes:
                    self.view.controls.show(name, request.settings()[name])

    def use_x_axis(self, x_axis: str) -> None:
        """Draw all curves over something else.

        Parameters
        ----------
        x_axis : {"samples", "epochs", "seconds"}
            What lies along the charts.

        Raises
        ------
        ValueError
            If it is none of them.
        """
        self.set(x_axis=x_axis)

    def use_loss_axis(self, loss_axis: str) -> None:
        """Draw the losses on another axis.

        Parameters
        ----------
        loss_axis : {"auto", "log", "linear"}
            Logarithmic, linear, or what suits the runs: linear where one has 5 epochs or more.

        Raises
        ------
        ValueError
            If it is none of them.
        """
        self.set(loss_axis=loss_axis)

    def start(self) -> None:
        """Train with the settings as they stand, from the initial weights."""
        self._require_open()
        self._reached.reach(0.0)
        self._live.submit(self._renewed_request())

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
        self._reached.reach(0.0)
        self._live.step(self._renewed_request())

    def wait_for(self, epoch: float, timeout: float = WAIT_SECONDS) -> None:
        """Wait until the training under way has come so far, or there is none.

        Parameters
        ----------
        epoch : float
            How many passes over the training data, 0 or more.
        timeout : float, default 600
            The longest time to wait, in seconds.

        Raises
        ------
        TypeError, ValueError
            If an argument is no such number.
        TimeoutError
            If it takes longer.
        """
        require_seconds("timeout", timeout)
        reached = real_number(epoch)
        if reached is None or not reached >= 0:
            raise ValueError(translate("training_lab.epoch", value=epoch))
        self._reached.wait_for(reached, timeout, self._is_at_rest)

    def _is_at_rest(self) -> bool:
        return not (self._live.is_busy or self._live.is_under_way)

    def reset(self) -> None:
        """Bring settings and curves back to the beginning; the runs in the table are kept."""
        self._require_open()
        with self._settings_lock:
            self._request = self._defaults
            for name, value in self._request.settings().items():
                self.view.controls.show(name, value)
            self._live.reset(self.view.clear)
            self._show_code()

    def pin(self, number: int) -> None:
        """Keep a run's curves in the charts, or release them if they are kept.

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
        self._kept.require(number)
        if not self.view.charts.pin(number, not self.view.charts.is_pinned(number)):
            raise ValueError(translate("training_lab.not_pinned", number=number))
        self.view.table.refresh()

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
        self._kept.require(number)
        self.runs.forget(number)
        self.view.charts.forget(number)
        self.view.path.refresh()
        self.view.table.refresh()

    def show_path(self, visible: bool = True) -> None:
        """Open the view of the weights' path, or go back to the table of runs.

        Only runs that begin while it is open are recorded; hidden it costs nothing.

        Parameters
        ----------
        visible : bool, default True
            Whether it is to be seen.

        Raises
        ------
        TypeError
            If it is neither True nor False.
        """
        self._require_open()
        self.view.open_tab("path" if require_flag("visible", visible) else "runs")

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
            return self.view.path.path()
        self._kept.require(number)
        request = self.view.charts.request_of(number)
        if request is None:
            raise ValueError(translate("path_view.not_in_charts", number=number))
        return self.view.path.path(request)

    def path_figure(self) -> StillPicture:
        """Draw the paths of the recorded runs on the loss surface in matplotlib."""
        return self.view.path.picture()

    def join(
        self, address: str | None = None, code: str | None = None, nickname: str | None = None
    ) -> None:
        """Join a class: from now on runs that end are sent to its board as well.

        Training never waits for the network. What cannot be sent is kept, and tried again.

        Parameters
        ----------
        address : str
            The board's, as the projector shows it, such as ``"192.168.1.5:8899"``. On a hub
            with a board of its own, address and code are left out: ``lab.join()``.
        code : str
            The class code: two words.
        nickname : str, optional
            What the board calls you, at most 24 characters. By default a word and a number.

        Raises
        ------
        TypeError, ValueError
            If one of them can be none, or the board refuses them.
        """
        self._require_open()
        self.class_panel.join(address, code, nickname)

    def leave(self) -> None:
        """Leave the class; runs that wait are sent when you join it again."""
        self.class_panel.leave()

    def hand_in(self, path: str | os.PathLike[str]) -> int:
        """Write the runs of ``lab.runs`` to a CSV file that a class board reads without a network.

        Runs that stand in the file already, as those from before its cell was run again, stay in
        it. Unlike ``lab.runs.save`` it names the data of each run, so that the board knows with
        which runs it may be compared.

        Parameters
        ----------
        path : str or path-like
            The file. Its name is yours on the board: ``"cedar-17.csv"``. The board reads no
            file with another ending.

        Returns
        -------
        int
            How many runs the file holds.

        Raises
        ------
        TypeError, ValueError
            If the path is none or has another ending, or there is no run yet.
        OSError
            If the file cannot be read or written.
        """
        return self.class_panel.hand_in(path, self._kept.for_a_class())

    def as_code(self) -> str:
        """Return the Keras program for the settings as they stand."""
        data = self.data.as_code()
        if self.training_size < len(self.data.y_train):
            data = f"{data}.take({self.training_size}, seed={SUBSET_SEED})"
        return keras_program(self.settings, self.data.n_features, self.data.n_classes, data)

    def close(self) -> None:
        """End the lab's training and thread, and take it off the screen."""
        super().close()
        self.class_panel.close()
        self.runs.on_warning = None

    # -- settings ------------------------------------------------------------------------------

    def _changed(self, changes: dict[str, Any]) -> TrainingRequest:
        """Return the present settings with changes; their numbers are in range."""
        others = dict(changes)
        size = others.pop("training_size", self._request.n_train)
        hp = self._request.hyperparameters.replace(**others)
        if "hidden_units" in others:
            check_memory(hp, self.data.n_features, self.data.n_classes)
        return TrainingRequest(hp, size)

    def _use_switches(
        self,
        apply_to_running: bool | None = None,
        x_axis: XAxis | None = None,
        loss_axis: LossAxis | None = None,
        path_scope: Scope | None = None,
    ) -> None:
        if apply_to_running is not None:
            self.view.controls.apply.value = self.apply_to_running = apply_to_running
        if x_axis is not None:
            self.view.use_x_axis(x_axis)
        if loss_axis is not None:
            self.view.use_loss_axis(loss_axis)
        if path_scope is not None:
            self.view.path.use_scope(path_scope)

    def _train(self, request: TrainingRequest, changes: dict[str, Any]) -> None:
        """Adopt changed settings, and train: in mid-run where that is wanted and possible."""
        self._request = request
        self._new_run_note = ""
        if self.apply_to_running and all(name in CHANGEABLE for name in changes):
            if not self._live.is_under_way:
                self._reached.reach(0.0)
            self._live.change(request, {name: request.settings()[name] for name in changes})
        else:
            self._note_new_run(changes)
            self._reached.reach(0.0)
            self._live.submit(request)
        self._show_code()

    def _note_new_run(self, changes: Iterable[str]) -> None:
        """Say it where a change that was to go into the training under way can't."""
        if self.apply_to_running and self._live.is_under_way:
            names = [name for name in changes if name not in CHANGEABLE]
            words = in_a_row(translate(f"training_lab.{name}") for name in names)
            note = translate("training_lab.new_run", names=words)
            self._new_run_note = note[0].upper() + note[1:]
            self._say(self._describe("training"))

    def _renewed_request(self) -> TrainingRequest:
        """Return the settings as a request of its own: the same settings can be trained twice."""
        with self._settings_lock:
            self._new_run_note = ""
            self._request = TrainingRequest(self._request.hyperparameters, self._request.n_train)
            return self._request

    def _data_of(self, n_train: int) -> Dataset:
        """Return the samples that a run with so many of them was trained on."""
        whole = n_train == len(self.data.y_train)
        return self.data if whole else self.data.take(n_train, seed=SUBSET_SEED)

    # -- what the training calls, on its own thread ------------------------------------------

    def on_state(self, state: State) -> None:
        """Say the new state in words."""
        if state != "training":
            self._drawing.draw_the_rest()
        self.view.controls.show_paused(state == "paused")
        self._say(self._describe(state))

    def on_begin(self, request: TrainingRequest) -> None:
        """Clear the stage for a new run."""
        self._drawing.begin()
        self.view.charts.begin(request)
        self.view.path.begin(request)

    def on_change(self, changes: Changes) -> None:
        """Have a change in mid-run marked where the run stands."""
        self.view.charts.change(changes)

    def on_progress(self, points: tuple[HistoryPoint, ...], progress: Progress) -> None:
        """Draw where the run stands, unless it was drawn only just now."""
        self._reached.reach(progress.epoch)
        self._drawing.advance(points, progress)
        self.view.path.advance(progress)

    def on_error(self, error: BaseException) -> None:
        """Keep what failed, and let nobody wait for it."""
        super().on_error(error)
        self._reached.end()

    def on_end(self, run: Run, request: TrainingRequest, superseded: bool) -> None:
        """Keep the run, and show what it came to."""
        if not superseded:
            self._reached.end()
            self.last_run = run
            self._drawing.end(run)
        trial = self._kept.add(run, request, superseded=superseded)
        if not superseded:
            self._last_number, self._last_n_train = trial.number, request.n_train
            self.class_panel.send(trial, request.n_train, changed=bool(run.changes))
        try:
            self._show_end(run, request, trial.number)
            if not superseded:
                self._fill_tab()
        finally:
            # Behind what is to be seen, for the first note waits for the sum of the data.
            self._kept.note()

    def _show_end(self, run: Run, request: TrainingRequest, number: int) -> None:
        self.view.charts.finish(
            request,
            run.points,
            number,
            changes=run.changes,
            has_diverged=run.ended == "diverged",
        )
        self.view.path.finish(run, request)
        self.view.table.refresh()

    def _describe(self, state: State) -> str:
        if state == "ended" and self.last_run is not None:
            return describe_run(self.last_run)
        if state == "failed":
            return translate("training_lab.failed", error=self._failure_text())
        keys = {"training": "is_training", "paused": "is_paused"}
        words = translate(f"training_lab.{keys.get(state, state)}")
        return joined([words, self._new_run_note if state == "training" else ""])

    # -- the view ------------------------------------------------------------------------------

    def _build(self) -> TrainingView:
        controls = TrainingControls(
            self._defaults.settings(),
            self._ranges,
            self._on_setting,
            self._on_button,
            lambda is_on: setattr(self, "apply_to_running", is_on),
        )
        self._say(translate("training_lab.ready"))
        view = TrainingView(
            controls,
            self._defaults,
            self.data,
            self._kept,
            self._live,
            on_pin=self._on_pin,
            on_forget=self.forget,
            on_tab=self._on_tab,
            status=self._status_line,
            class_panel=self.class_panel.widget,
            class_badge=self.class_panel.badge,
        )
        self._drawing = ProgressDrawing(view)
        return view

    def _complete(self) -> None:
        self.runs.on_warning = self.view.table.warn
        if len(self.runs):
            self.view.table.notify(translate("lab.brought_back", count=len(self.runs)))
        else:
            self.view.table.warn(self._kept.problem)

    def _on_setting(self, name: str, value: object) -> None:
        """Train with what a control was moved to, which has checked it."""
        self._require_open()
        with self._settings_lock:
            self._train(self._changed({name: value}), {name: value})

    def _on_button(self, name: str) -> None:
        is_resumed = name == "pause" and self.state == "paused"
        super()._on_button("resume" if is_resumed else name)

    def _on_pin(self, number: int) -> None:
        try:
            self.pin(number)
        except ValueError as error:
            self.view.table.warn(str(error))

    def _on_tab(self) -> None:
        self._fill_tab()
        self._show_code()

    def _fill_tab(self) -> None:
        """Have what the open tab says of the last run worked out when nothing trains."""
        jobs = {"mistakes": self._show_mistakes, "noise": self._show_noise}
        if self.view.tab in jobs:
            self._live.do(self.view.tab, jobs[self.view.tab])

    def _show_code(self) -> None:
        """Write the program if its tab is open; behind it would only delay a slider's answer."""
        if self.view.tab == "code":
            self.view.show_code(self.as_code())

    def _show_mistakes(self) -> None:
        run = self.last_run
        if run is None or self.is_closed:
            return
        split = self.data.splits["validation"]
        probabilities = run.predict_proba(split.x)
        mistakes = find_mistakes(split.y, probabilities, self.data.class_names)
        self.view.mistakes.show(mistakes, split)

    def _show_noise(self) -> None:
        run = self.last_run
        if run is not None and not self.is_closed:
            self.view.noise.measure(run, self._last_number, self._data_of(self._last_n_train))

    def _picture(self) -> StillPicture:
        figure = self.view.charts.picture()
        # A slider may have been moved since the curves were drawn.
        settings = self.view.charts.shared_settings() or self._request.settings()
        names = [name for name in (*MAIN, "optimizer", "hidden_units") if name in settings]
        figure.suptitle(describe_settings({name: settings[name] for name in names}), fontsize=9)
        return figure

    def _on_display(self) -> None:
        self._live.prepare(self._request)
