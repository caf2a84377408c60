"""Trials and their record: one form for runs by hand and for every kind of search.

A record can be tied to a CSV file. Each trial then reaches the disk as it
lands, one line a trial, so that a killed kernel loses none of them.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import json
import math
import os
import shutil
import threading
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hpt_widgets.checks import (
    items_of,
    real_number,
    require,
    require_function,
    require_text,
    whole_number,
)
from hpt_widgets.language import translate

if TYPE_CHECKING:
    from hpt_widgets.fold_scorer import FoldScorer

ENDINGS = ("finished", "stopped", "diverged", "failed")
"""How a trial can end: by itself, by the reader, by numerical divergence, by an error."""

HYPERPARAMETER_COLUMNS = (
    "learning_rate",
    "batch_size",
    "dropout_rate",
    "hidden_units",
    "activation",
    "optimizer",
    "weight_decay",
    "epochs",
    "seed",
)
"""The hyperparameters with a column of their own in the file; others share one."""

# A table holds no number beyond 64 bits; in a file it can only come from an alteration.
LARGEST_NUMBER = 10**15
_OTHERS = "other_hyperparameters"
_MEASURED = (
    "validation_accuracy",
    "validation_loss",
    "fold_scores",
    "seconds",
    "epochs_trained",
    "message",
    "history",
)
_OUTCOMES = (*_MEASURED, "when")
# ``ended`` is the last column on purpose: no beginning of one of its words is
# another of its words, so a line that was cut short anywhere is recognised.
COLUMNS = ("number", "method", *HYPERPARAMETER_COLUMNS, _OTHERS, *_OUTCOMES, "ended")
_FORGOTTEN = "forgotten"
_NUMBERS = ("validation_accuracy", "validation_loss", "seconds", "epochs_trained")


class RecordWarning(UserWarning):
    """A record's file could not be read or written as a whole; the trials in memory are safe."""


@dataclass(frozen=True)
class Trial:
    """One setting of the hyperparameters and what came of it.

    Attributes
    ----------
    hyperparameters : dict of str to value
        What was set. A ``Hyperparameters`` record is accepted too. NumPy values
        become Python's, lists become tuples, and an object that has no textual
        form is kept as its ``repr``.
    method : str, default "manual"
        Who proposed it: ``"manual"``, ``"grid"``, ``"random"``, ``"tpe"``, ...
    number : int, default 0
        The place in its record, from 1; 0 stands for "not numbered yet".
    validation_accuracy : float or None, default None
        Share of the validation examples that were classified correctly, or the
        mean of `fold_scores`; None if there is none.
    validation_loss : float or None, default None
        Mean cross-entropy on the validation examples, in nats.
    fold_scores : tuple of float, default ()
        The score of each fold of a cross-validation.
    seconds : float or None, default None
        How long it took.
    epochs_trained : float or None, default None
        How many epochs were really trained (fractional when stopped).
    ended : {"finished", "stopped", "diverged", "failed"}, default "finished"
        How it ended.
    message : str, default ""
        Why, in words, where there is something to say.
    history : tuple of tuple of float, default ()
        The learning curve: (samples seen, validation accuracy) pairs; longer
        tuples are kept as they are.
    when : datetime
        When it ended; now, by default.

    Raises
    ------
    TypeError, ValueError
        If a field holds something else; the message names it.
    """

    hyperparameters: dict[str, Any] = field(default_factory=dict, hash=False)
    method: str = "manual"
    number: int = 0
    validation_accuracy: float | None = None
    validation_loss: float | None = None
    fold_scores: tuple[float, ...] = ()
    seconds: float | None = None
    epochs_trained: float | None = None
    ended: str = "finished"
    message: str = ""
    history: tuple[tuple[float, ...], ...] = ()
    when: datetime = field(default_factory=lambda: datetime.now().astimezone())

    def __post_init__(self) -> None:
        _set(self, "hyperparameters", _as_dict(self.hyperparameters))
        _check_method(self.method)
        _set(self, "number", _as_number(self.number))
        for name in _NUMBERS:
            _set(self, name, _as_float(name, getattr(self, name)))
        _set(self, "fold_scores", _as_floats("fold_scores", self.fold_scores))
        _set(self, "history", _as_points(self.history))
        require("message", self.message, str)
        require("when", self.when, datetime)
        # The name of a time zone does not survive in a file, so it is not kept here either.
        offset = self.when.utcoffset()
        zone = None if offset is None else timezone(offset)
        _set(self, "when", self.when.replace(tzinfo=zone, fold=0))
        if not isinstance(self.ended, str) or self.ended not in ENDINGS:
            allowed = ", ".join(map(repr, ENDINGS))
            raise ValueError(translate("records.ended", value=self.ended, allowed=allowed))

    @property
    def usable(self) -> bool:
        """Whether it has a validation accuracy that may be compared with others."""
        return (
            self.ended in ("finished", "stopped")
            and self.validation_accuracy is not None
            and math.isfinite(self.validation_accuracy)
        )


class SearchRecord:
    """Trials in the order in which they landed; appending is thread-safe.

    Parameters
    ----------
    method : str, default "manual"
        What the record is called; each trial carries its own method as well.
    path : str or Path, optional
        A CSV file that the record lives in: trials that it holds already are
        read, and each new one is added and flushed to the disk at once. One
        file belongs to one record at a time. A file that cannot be written gives
        a `RecordWarning`, never an exception; the trials stay in memory and are
        written when the disk accepts them again.
    on_trial : callable, optional
        Called with each trial after it was appended, on the appending thread.

    Attributes
    ----------
    on_forget : callable or None
        Called with the number of a trial after it was dropped, on the dropping thread.
    on_warning : callable or None
        Called with the message where the file cannot be written, instead of a
        `RecordWarning`: a lab shows it beside its runs. Called with ``""`` when all that
        had to wait is written.

    Raises
    ------
    TypeError
        If an argument is something else.
    ValueError
        If the file holds something that is no search record.
    """

    def __init__(
        self,
        method: str = "manual",
        path: str | os.PathLike[str] | None = None,
        on_trial: Callable[[Trial], object] | None = None,
    ) -> None:
        _check_method(method)
        require_function("on_trial", on_trial)
        self.method = method
        self.path = None if path is None else _as_path(path)
        self.on_trial = on_trial
        self.on_forget: Callable[[int], object] | None = None
        self.on_warning: Callable[[str], object] | None = None
        self._lock = threading.RLock()
        self._trials: list[Trial] = []
        self._last_number = 0
        self._unwritten: list[str] = []
        self._scorer: FoldScorer | None = None
        if self.path is not None and self.path.exists():
            self._read_leniently(self.path)

    def append(self, trial: Trial) -> Trial:
        """Add a trial and return it as stored, with its number.

        A trial without a number, or with one that is taken, gets the next free one.

        Parameters
        ----------
        trial : Trial
            What is to be kept.

        Returns
        -------
        Trial
            The same, with its number.

        Raises
        ------
        TypeError
            If it is no `Trial`.
        """
        require("trial", trial, Trial)
        with self._lock:
            trial = self._add(trial)
            if self.path is not None:
                self._unwritten.append(_line(_cells(trial)))
                self._write_waiting(self.path)
        if self.on_trial is not None:
            self.on_trial(trial)
        return trial

    def forget(self, number: int) -> None:
        """Drop a trial; its number is not used again.

        Parameters
        ----------
        number : int
            The trial's.

        Raises
        ------
        ValueError
            If there is no trial of this number.
        """
        with self._lock:
            self._drop(number)
            if self.path is not None:
                # The file is only ever added to, so a kill cannot damage older lines.
                self._unwritten.append(_line({"number": str(number), "ended": _FORGOTTEN}))
                self._write_waiting(self.path)
        if self.on_forget is not None:
            self.on_forget(number)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials, oldest first."""
        with self._lock:
            return tuple(self._trials)

    @property
    def best(self) -> Trial | None:
        """The usable trial of the highest validation accuracy (the first of equals), or None."""
        usable = [trial for trial in self.trials if trial.usable]
        return max(usable, key=_accuracy, default=None)

    @property
    def incumbent(self) -> pd.Series[float]:
        """The best validation accuracy so far after each trial, indexed by trial number.

        It is nan until the first usable trial.
        """
        trials = self.trials
        scores = [_accuracy(trial) if trial.usable else -math.inf for trial in trials]
        best = np.maximum.accumulate(np.asarray(scores, dtype=float)) if scores else np.empty(0)
        index = pd.Index([trial.number for trial in trials], name="number", dtype="int64")
        return pd.Series(np.where(np.isneginf(best), np.nan, best), index, name="incumbent")

    def to_frame(self) -> pd.DataFrame:
        """Return the trials as a table: one row a trial, one column a hyperparameter.

        A hyperparameter whose name is that of another column gets the prefix
        ``param_``. Trials that did not set a hyperparameter hold a missing value.
        """
        trials = self.trials
        names = list(dict.fromkeys(name for trial in trials for name in trial.hyperparameters))
        columns = [_column(name) for name in names]
        rows = [_row(trial) for trial in trials]
        frame = pd.DataFrame(rows, columns=["number", "method", *columns, *_OUTCOMES, "ended"])
        return frame.astype(dict.fromkeys(_NUMBERS, float))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write all trials to a CSV file (UTF-8), replacing it in one step.

        Parameters
        ----------
        path : str or path-like
            The file; its folder is made if need be.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        OSError
            If it cannot be written; what was there before is as it was.
        TypeError
            If `path` is no path.
        """
        target = _as_path(path)
        lines = [_HEADER, *(_line(_cells(trial)) for trial in self.trials)]
        try:
            _replace_file(target, "".join(lines).encode())
        except OSError as error:
            # Not the name of a file that nobody has asked for, or none at all.
            raise OSError(error.errno, error.strerror, str(target)) from error
        return target

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SearchRecord:
        """Read a record that `save` or an appended file left, without tying it to the file.

        A line that was cut short (the process was killed in mid-write) is skipped
        with a `RecordWarning`. Nothing in the file is ever executed.

        Parameters
        ----------
        path : str or path-like
            The file.

        Returns
        -------
        SearchRecord

        Raises
        ------
        OSError
            If the file cannot be read.
        ValueError
            If it is no search record.
        """
        record = cls()
        record._read(_as_path(path))
        methods = {trial.method for trial in record._trials}
        record.method = methods.pop() if len(methods) == 1 else "mixed" if methods else "manual"
        return record

    @classmethod
    def from_cv_results(
        cls, results: Mapping[str, Any], method: str = "grid", metric: str = "score"
    ) -> SearchRecord:
        """Read scikit-learn's ``cv_results_``; see `search_results.trials_from_cv_results`.

        Parameters
        ----------
        results : mapping
            What a fitted search of scikit-learn has as ``cv_results_``.
        method : str, default "grid"
            What the record calls it.
        metric : str, default "score"
            Which of its metrics is the validation accuracy.

        Returns
        -------
        SearchRecord
        """
        from hpt_widgets.search_results import trials_from_cv_results

        return cls(method)._extend(trials_from_cv_results(results, method, metric))

    @classmethod
    def from_hyperopt(
        cls, trials: Any, space: Any = None, method: str = "tpe", **options: Any
    ) -> SearchRecord:
        """Read hyperopt's ``Trials``; see `search_results.trials_from_hyperopt`.

        Parameters
        ----------
        trials : hyperopt.Trials
            What `fmin` left.
        space : SearchSpace or hyperopt expression, optional
            Of the search, to turn indices into values.
        method : str, default "tpe"
            What the record calls it.
        **options : object
            As for `search_results.trials_from_hyperopt`.

        Returns
        -------
        SearchRecord
        """
        from hpt_widgets.search_results import trials_from_hyperopt

        return cls(method)._extend(trials_from_hyperopt(trials, space, method, **options))

    @property
    def scorer(self) -> FoldScorer:
        """A ``scoring=`` for scikit-learn's searches with five folds; see `follow`."""
        if self._scorer is None:
            self._scorer = self.follow()
        return self._scorer

    def follow(self, cv: Any = 5, **options: Any) -> FoldScorer:
        """Return a ``scoring=`` that appends a search's trials to this record, live.

        Parameters
        ----------
        cv : int or splitter, default 5
            What the search has as its ``cv``.
        **options
            As for `FoldScorer`: ``scoring``, ``on_fold``.
        """
        from hpt_widgets.fold_scorer import FoldScorer

        return FoldScorer(self, cv, **options)

    def __len__(self) -> int:
        return len(self._trials)

    def __iter__(self) -> Iterator[Trial]:
        return iter(self.trials)

    def __repr__(self) -> str:
        best = self.best
        score = "" if best is None else f", best {_accuracy(best):.4f} (trial {best.number})"
        return f"SearchRecord({self.method!r}, {len(self)} trials{score})"

    def _extend(self, trials: Iterable[Trial]) -> SearchRecord:
        for trial in trials:
            self.append(trial)
        return self

    def _add(self, trial: Trial) -> Trial:
        if trial.number == 0 or any(trial.number == other.number for other in self._trials):
            trial = dataclasses.replace(trial, number=self._last_number + 1)
        self._last_number = max(self._last_number, trial.number)
        self._trials.append(trial)
        return trial

    def _drop(self, number: object) -> None:
        wanted = whole_number(number)
        kept = [trial for trial in self._trials if trial.number != wanted]
        if len(kept) == len(self._trials):
            held = ", ".join(str(trial.number) for trial in self._trials)
            held = held or translate("records.empty")
            raise ValueError(translate("records.no_such_trial", value=number, allowed=held))
        self._trials = kept

    def _read_leniently(self, path: Path) -> None:
        try:
            self._read(path)
        except OSError as error:
            _warn("not_readable", path=path, reason=error.strerror or error)

    def _read(self, path: Path) -> None:
        content = path.read_bytes()
        header, _, body = content.partition(b"\n")
        # A cell may hold a long history: more than the 131,072 characters that are the default.
        csv.field_size_limit(max(csv.field_size_limit(), len(content)))
        if _is_beginning_of_header(header):
            if header and not header.strip().endswith(COLUMNS[-1].encode()):
                _warn("line_skipped", path=path, line=1)
            for position, line in enumerate(body.split(b"\n"), start=2):
                if line.strip() and not self._read_line(line):
                    _warn("line_skipped", path=path, line=position)
        else:
            expected = ",".join(COLUMNS[:3])
            raise ValueError(translate("records.not_a_record", path=path, expected=expected))

    def _read_line(self, line: bytes) -> bool:
        """Take in one line of the file; False if it is not a whole one."""
        try:
            cells = dict(zip(COLUMNS, next(csv.reader([line.decode().rstrip("\r")])), strict=True))
            if cells["ended"] == _FORGOTTEN:
                self._drop(int(cells["number"]))
            else:
                self._add(_trial(cells))
        except (ValueError, TypeError, RecursionError, csv.Error):
            return False
        return True

    def _write_waiting(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _append_bytes(path, "".join(self._unwritten).encode())
            had_waited = len(self._unwritten) > 1
            self._unwritten.clear()
            if had_waited and self.on_warning is not None:
                self.on_warning("")
        except OSError as error:
            reason = error.strerror or error
            values = {"path": path, "reason": reason, "count": len(self._unwritten)}
            if self.on_warning is None:
                _warn("not_written", **values)
            else:
                self.on_warning(translate("records.not_written", **values))


def _replace_file(path: Path, content: bytes) -> None:
    """Write a file beside the one to be replaced, so that a full disk leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made with "x" and not by `tempfile`, whose files nobody else may read.
    temporary = path.with_name(f".{uuid.uuid4().hex}.csv")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            # Some disks say only now that they are full.
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _append_bytes(path: Path, text: bytes) -> None:
    """Add whole lines to the file and flush them to the disk; add all of them or none."""
    # Unbuffered: a closing file must not try once more to write what the disk refused.
    with path.open("ab+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if not file.readline().endswith(b"\n"):
            size = 0
            file.truncate(0)
            text = _HEADER.encode() + text
        else:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                text = b"\n" + text
        try:
            while text:
                text = text[file.write(text) :]
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, size)
            raise


def _line(cells: Mapping[str, str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([cells.get(name, "") for name in COLUMNS])
    return buffer.getvalue()


# The mark at the beginning lets spreadsheet programs read Chinese messages as UTF-8.
_HEADER = "\ufeff" + _line({name: name for name in COLUMNS})


def _is_beginning_of_header(line: bytes) -> bool:
    if codecs.BOM_UTF8.startswith(line):
        return True
    line = line.removeprefix(codecs.BOM_UTF8).strip()
    return ",".join(COLUMNS).encode().startswith(line)


def _cells(trial: Trial) -> dict[str, str]:
    own = {name: trial.hyperparameters[name] for name in _own(trial)}
    others = {name: value for name, value in trial.hyperparameters.items() if name not in own}
    cells = {name: _encode(value) for name, value in own.items()}
    cells[_OTHERS] = _encode(others) if others else ""
    for name in ("method", "number", *_MEASURED):
        value = getattr(trial, name)
        cells[name] = "" if value is None or value in ("", ()) else _encode(value)
    cells["when"] = trial.when.isoformat()
    cells["ended"] = trial.ended
    return cells


def _own(trial: Trial) -> list[str]:
    return [name for name in HYPERPARAMETER_COLUMNS if name in trial.hyperparameters]


def _trial(cells: Mapping[str, str]) -> Trial:
    own = {name: _decode(cells[name]) for name in HYPERPARAMETER_COLUMNS if cells[name]}
    others = _decode(cells[_OTHERS]) if cells[_OTHERS] else {}
    outcomes = {name: _decode(cells[name]) for name in _MEASURED if cells[name]}
    return Trial(
        hyperparameters=own | others,
        method=_decode(cells["method"]),
        number=int(cells["number"]),
        when=datetime.fromisoformat(cells["when"]),
        ended=cells["ended"],
        **outcomes,
    )


def _encode(value: object) -> str:
    """Write a value as JSON, and a string that cannot be mistaken for JSON as it is."""
    if isinstance(value, str) and _is_plain(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def _decode(text: str) -> Any:
    try:
        return plain_value(json.loads(text))
    except json.JSONDecodeError:
        return text


def _is_plain(text: str) -> bool:
    if not text or not text.isprintable() or text != text.strip():
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return True
    return False


def plain_value(value: object) -> Any:
    """Return a value in a form that a text file can hold exactly.

    NumPy values become Python's, lists become tuples, anything unknown its ``repr``.

    Parameters
    ----------
    value : object
        Any value.

    Returns
    -------
    bool, int, float, str, tuple, dict or None
    """
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(name): plain_value(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(plain_value(item) for item in value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return repr(value)


def _as_dict(value: object) -> dict[str, Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if not isinstance(value, Mapping):
        raise TypeError(translate("records.hyperparameters", value=value))
    plain: dict[str, Any] = plain_value(value)
    return plain


def _as_number(value: object) -> int:
    number = whole_number(value)
    if number is None or not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(translate("records.number", value=value, most=LARGEST_NUMBER))
    return number


def _as_float(name: str, value: object) -> float | None:
    if value is None:
        return None
    number = real_number(value)
    if number is None:
        raise TypeError(translate("records.not_a_number", name=name, value=value))
    return number


def _as_floats(name: str, values: object) -> tuple[float, ...]:
    items = items_of(values)
    numbers = [real_number(value) for value in items or ()]
    known = tuple(number for number in numbers if number is not None)
    if items is None or len(known) < len(numbers):
        raise TypeError(translate("records.not_numbers", name=name, value=values))
    return known


def _as_points(points: object) -> tuple[tuple[float, ...], ...]:
    given = items_of(points)
    if given is None or any(items_of(point) is None for point in given):
        raise TypeError(translate("records.history", value=points))
    return tuple(_as_floats("history", point) for point in given)


def _check_method(method: object) -> None:
    if not isinstance(method, str) or not method:
        raise TypeError(translate("records.method", value=method))


def _as_path(path: Any) -> Path:
    require("path", path, (str, os.PathLike))
    require_text("path", os.fspath(path))
    return Path(path)


def _accuracy(trial: Trial) -> float:
    return -math.inf if trial.validation_accuracy is None else trial.validation_accuracy


def _column(name: str) -> str:
    taken = ("number", "method", *_OUTCOMES, "ended")
    return f"param_{name}" if name in taken else name


def _row(trial: Trial) -> dict[str, Any]:
    row = {_column(name): value for name, value in trial.hyperparameters.items()}
    names: Iterable[str] = ("number", "method", *_OUTCOMES, "ended")
    return row | {name: getattr(trial, name) for name in names}


def _set(trial: Trial, name: str, value: object) -> None:
    object.__setattr__(trial, name, value)  # the dataclass is frozen


def _warn(key: str, **values: object) -> None:
    warnings.warn(translate(f"records.{key}", **values), RecordWarning, stacklevel=4)
