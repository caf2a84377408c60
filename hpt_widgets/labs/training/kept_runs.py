"""The runs of a training lab: a record in the reader's folder, found again when a kernel died."""

from __future__ import annotations

from collections.abc import Callable

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit.record_file import new_record_path
from hpt_widgets.labs.kit.settings_text import describe_settings
from hpt_widgets.labs.kit.unfinished_work import RecordNote, UnfinishedWork
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.language import LANGUAGES, translate
from hpt_widgets.language.training_lab import TEXTS
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import whole_number
from hpt_widgets.training.run import Run


class KeptRuns:
    """What a reader has trained in a lab.

    Parameters
    ----------
    data : Dataset
        What the lab trains on: only runs on the same are brought back.
    is_under_way : callable
        Tells whether a training is under way, be it paused.

    Attributes
    ----------
    record : SearchRecord
        The runs: those that a killed kernel left, or none yet.
    problem : str
        Why the record is in no file, in words; empty where it is in one.
    unfinished : UnfinishedWork
        The note of the record.
    """

    def __init__(self, data: Dataset, is_under_way: Callable[[], bool]) -> None:
        self._n_samples = len(data.y_train)
        self.unfinished = UnfinishedWork(
            f"training {data.n_features} {data.n_classes} {self._n_samples}",
            is_under_way,
            # The runs themselves say with which settings they were trained.
            lambda: {"data": data_fingerprint(data)},
        )
        self.record, self.problem = self._open_record()
        self._last_number = self._n_changes_seen = 0

    def number_to_come(self) -> int:
        """Look at what has been added since the last call; return what the next run to end gets."""
        changes = self.record.changes_since(self._n_changes_seen)
        self._n_changes_seen += len(changes)
        self._last_number = max([self._last_number, *(trial.number for trial, _ in changes)])
        return self._last_number + 1

    def add(self, run: Run, request: TrainingRequest, *, superseded: bool) -> Trial:
        """Keep a run that has ended, superseded if a newer one took its place."""
        message = _message_of(run, superseded)
        trial = Trial.from_run(run, hyperparameters=request.record(), message=message)
        return self.record.append(trial)

    def note(self) -> None:
        """Write down where the record is, for the case that the kernel dies.

        The first time this waits for the sum of the data.
        """
        if self.record.path is not None:
            self.unfinished.note([RecordNote(str(self.record.path), self.record.method)])

    def require(self, number: object) -> None:
        """Raise a ValueError if there is no run of this number."""
        numbers = [trial.number for trial in self.record]
        if whole_number(number) not in numbers:
            allowed = ", ".join(map(str, numbers)) or "–"
            raise ValueError(translate("training_lab.no_such_run", number=number, allowed=allowed))

    def for_a_class(self) -> list[tuple[Trial, int, bool]]:
        """Return the runs that a class board may take; see `ClassPanel.hand_in`."""
        whole = self._n_samples
        return [
            # Only a run whose settings were changed has something to say of its way.
            (trial, trial.hyperparameters.get("training_size", whole), bool(trial.message))
            for trial in self.record.trials
            if not _is_superseded(trial)
        ]

    def _open_record(self) -> tuple[SearchRecord, str]:
        """Return the record that a killed kernel left, or a new one and why it is not kept."""
        for note in self.unfinished.left_over():
            record = note.open()
            if record is not None and len(record):
                return record, ""
        path, problem = new_record_path("runs", "training-lab")
        return SearchRecord("manual", path=path), problem


def _is_superseded(trial: Trial) -> bool:
    """Return whether a newer setting took a run's place, in whichever language it was noted."""
    words = TEXTS["ended_superseded"]
    said = (getattr(words, code) for code in LANGUAGES)
    return trial.message.startswith(tuple(filter(None, said)))


def _message_of(run: Run, superseded: bool) -> str:
    """Say what happened to a run on its way; nothing where it was only trained."""
    words = [translate("training_lab.ended_superseded")] if superseded else []
    for samples, changed in run.changes:
        changes = describe_settings(changed)
        words.append(translate("training_lab.changed_midway", samples=samples, changes=changes))
    return " ".join(words)
