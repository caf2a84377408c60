"""Records of trials: one form for runs by hand and for every kind of search.

A record can be tied to a CSV file. Each trial then reaches the disk as it
lands, one line a trial, so that a killed kernel loses none of them.
"""

from __future__ import annotations

import errno
import math
import os
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hpt_widgets.language import translate
from hpt_widgets.search.halving import best_so_far
from hpt_widgets.search.numbered_trials import NumberedTrials
from hpt_widgets.search.record_file import RecordFile, check_header, replay
from hpt_widgets.search.record_format import (
    HEADER,
    OUTCOME_COLUMNS,
    forgotten_line,
    read_lines,
    trial_line,
)
from hpt_widgets.search.trial import NUMBER_FIELDS, Trial, check_method
from hpt_widgets.support.argument_checks import (
    require,
    require_function,
    require_text,
    whole_number,
)
from hpt_widgets.support.files import replace_file

if TYPE_CHECKING:
    from hpt_widgets.search.fold_scorer import FoldScorer
    from hpt_widgets.search.scored_fold import UnfinishedTrial


class RecordWarning(UserWarning):
    """A record's file could not be read or written as a whole, or had to be written again.

    The trials in memory are safe.
    """


class SearchRecord:
    """Trials in the order in which they landed; appending is thread-safe.

    Parameters
    ----------
    method : str, default "manual"
        What the record is called; each trial carries its own method as well.
    path : str or Path, optional
        A CSV file that the record lives in: trials that it holds already are
        read, and each new one is added and flushed to the disk at once. Several
        records may share a file: none of them touches the others' trials, and
        each sees those that were there when it was opened. A file of version 0.1
        is brought up to date before the first trial is added, and kept beside it
        under a name that ends in ``.backup``. A file that was removed, emptied or
        replaced meanwhile gets all trials again. A file that cannot be written gives
        a `RecordWarning`, never an exception; the trials stay in memory and are
        written when the disk accepts them again.
    on_trial : callable, optional
        Called with each trial after it was appended, on the appending thread.

    Attributes
    ----------
    on_fold : callable or None
        Called without arguments after each fold that a `scorer` has scored, on its thread.
    on_forget : callable or None
        Called with the number of a trial after it was dropped, on the dropping thread.
    on_warning : callable or None
        Called with the message where the file cannot be written, or had to be written again,
        instead of a `RecordWarning`: a lab shows it beside its runs. Called with ``""`` when
        all that had to wait is written.

    Raises
    ------
    TypeError
        If an argument is something else.
    ValueError
        If the file holds something that is no search record, or `path` is too long for a
        file or holds a null character.
    """

    def __init__(
        self,
        method: str = "manual",
        path: str | os.PathLike[str] | None = None,
        on_trial: Callable[[Trial], object] | None = None,
    ) -> None:
        check_method(method)
        require_function("on_trial", on_trial)
        self.method = method
        self.path = None if path is None else _as_path(path)
        self.on_trial = on_trial
        self.on_fold: Callable[[], object] | None = None
        self.on_forget: Callable[[int], object] | None = None
        self.on_warning: Callable[[str], object] | None = None
        # Whoever has both has taken the file's first: a slow disk keeps no reader of the trials.
        self._lock = threading.RLock()
        self._file_lock = threading.RLock()
        self._trials = NumberedTrials()
        self._file = None if self.path is None else RecordFile(self.path)
        self._unwritten: list[str] = []
        self._has_failed = False
        self._scorer: FoldScorer | None = None
        self._scorers: list[FoldScorer] = []
        if self._file is not None and self._file.path.exists():
            self._read_leniently(self._file)

    def append(self, trial: Trial) -> Trial:
        """Add a trial and return it as stored, with its number.

        A trial without a number, or with one that is taken, gets the next free one. One that
        the record has had already (by its `uuid`) is another trial, with a `uuid` of its own.

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
            trial = self._trials.add(trial)
            if self._file is not None:
                self._unwritten.append(trial_line(trial))
        if self._file is not None:
            self._write_waiting(self._file)
        if self.on_trial is not None:
            self.on_trial(trial)
        return trial

    def forget(self, number: int) -> None:
        """Drop a trial; no other one is given its number, unless it comes with it.

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
            found = self._trials.find(whole_number(number))
            if found is None:
                held = ", ".join(str(trial.number) for trial in self._trials.in_order)
                held = held or translate("records.empty")
                raise ValueError(translate("records.no_such_trial", value=number, allowed=held))
            self._trials.drop(found.uuid)
            if self._file is not None:
                # The file is only ever added to, so a kill cannot damage older lines.
                self._unwritten.append(forgotten_line(found.number, found.uuid))
        if self._file is not None:
            self._write_waiting(self._file)
        if self.on_forget is not None:
            self.on_forget(number)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials, oldest first."""
        for scorer in self._scorers:
            scorer.settle()
        with self._lock:
            return self._trials.in_order

    def changes_since(self, n_seen: int) -> list[tuple[Trial, bool]]:
        """Return what was added and dropped, so that nobody need look through all trials again.

        Parameters
        ----------
        n_seen : int
            How many changes the caller has seen.

        Returns
        -------
        list of (Trial, bool)
            The changes since: True for a trial that was added, False for one that was dropped.
        """
        with self._lock:
            return self._trials.changes_since(n_seen)

    @property
    def best(self) -> Trial | None:
        """The usable trial of the highest validation accuracy (the first of equals), or None.

        Of the trials of successive halving and Hyperband only those of the last rung that was
        reached are compared, the ones with the most epochs; see `halving.best_so_far`.
        """
        found = best_so_far(self.trials)
        return found[-1] if found else None

    @property
    def incumbent(self) -> pd.Series[float]:
        """The best validation accuracy so far after each trial, indexed by trial number.

        It is nan until the first usable trial. The best is what `best` would have been then:
        where a new rung begins, it may be less than before.
        """
        trials = self.trials
        scores = [math.nan if best is None else _accuracy(best) for best in best_so_far(trials)]
        index = pd.Index([trial.number for trial in trials], name="number", dtype="int64")
        return pd.Series(np.array(scores, dtype=float), index, name="incumbent")

    def to_frame(self) -> pd.DataFrame:
        """Return the trials as a table: one row a trial, one column a hyperparameter.

        A hyperparameter whose name is that of another column gets the prefix
        ``param_``. Trials that did not set a hyperparameter hold a missing value.
        """
        trials = self.trials
        names = list(dict.fromkeys(name for trial in trials for name in trial.hyperparameters))
        columns = [_column(name) for name in names]
        rows = [_row(trial) for trial in trials]
        frame = pd.DataFrame(
            rows, columns=["number", "method", *columns, *OUTCOME_COLUMNS, "ended"]
        )
        return frame.astype(dict.fromkeys(NUMBER_FIELDS, float))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write all trials to a CSV file (UTF-8), replacing it in one step.

        A symbolic link stays one: the file that it points to is replaced.

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
        TypeError, ValueError
            If `path` is no path.
        """
        target = _as_path(path)
        lines = [HEADER, *(trial_line(trial) for trial in self.trials)]
        try:
            replace_file(target, "".join(lines).encode())
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
            If it is no search record, or `path` cannot be the name of a file.
        """
        record = cls()
        record._read(RecordFile(_as_path(path)))
        methods = {trial.method for trial in record}
        record.method = methods.pop() if len(methods) == 1 else "mixed" if methods else "manual"
        return record

    @classmethod
    def from_cv_results(
        cls, results: Mapping[str, Any], method: str = "grid", metric: str = "score"
    ) -> SearchRecord:
        """Read scikit-learn's ``cv_results_``; see `library_results.trials_from_cv_results`.

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
        from hpt_widgets.search.library_results import trials_from_cv_results

        return cls(method)._extend(trials_from_cv_results(results, method, metric))

    @classmethod
    def from_hyperopt(
        cls, trials: Any, space: Any = None, method: str = "tpe", **options: Any
    ) -> SearchRecord:
        """Read hyperopt's ``Trials``; see `library_results.trials_from_hyperopt`.

        Parameters
        ----------
        trials : hyperopt.Trials
            What `fmin` left.
        space : SearchSpace or hyperopt expression, optional
            Of the search, to turn indices into values.
        method : str, default "tpe"
            What the record calls it.
        **options : object
            As for `library_results.trials_from_hyperopt`.

        Returns
        -------
        SearchRecord
        """
        from hpt_widgets.search.library_results import trials_from_hyperopt

        return cls(method)._extend(trials_from_hyperopt(trials, space, method, **options))

    @property
    def scorer(self) -> FoldScorer:
        """A ``scoring=`` for scikit-learn's searches, whatever their ``cv``; see `follow`."""
        if self._scorer is None:
            self._scorer = self.follow()
        return self._scorer

    def follow(self, cv: Any = None, **options: Any) -> FoldScorer:
        """Return a ``scoring=`` that appends a search's trials to this record, live.

        Parameters
        ----------
        cv : int or splitter, optional
            How many folds a combination has, where no search tells it: for `cross_val_score`,
            or a loop of the reader's own.
        **options
            As for `FoldScorer`: ``scoring``, ``on_fold``.
        """
        from hpt_widgets.search.fold_scorer import FoldScorer

        scorer = FoldScorer(self, cv, **options)
        scorer.on_change = self._tell_of_fold
        self._scorers.append(scorer)
        return scorer

    @property
    def unfinished(self) -> tuple[UnfinishedTrial, ...]:
        """What scikit-learn's searches are at: combinations of which a fold is missing."""
        return tuple(trial for scorer in self._scorers for trial in scorer.unfinished)

    def _tell_of_fold(self) -> None:
        if self.on_fold is not None:
            self.on_fold()

    def __len__(self) -> int:
        return len(self.trials)

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

    def _read_leniently(self, file: RecordFile) -> None:
        try:
            self._read(file)
        except OSError as error:
            _warn("not_readable", path=file.path, reason=error.strerror or error)

    def _read(self, file: RecordFile) -> None:
        content = file.read()
        header = check_header(file.path, content)
        if not header.is_whole and content:
            _warn("line_skipped", path=file.path, line=1)
        for line, outcome in replay(read_lines(content), self._trials):
            if outcome is None:
                _warn("line_skipped", path=file.path, line=line.place)

    def _write_waiting(self, file: RecordFile) -> None:
        with self._file_lock:
            try:
                n_restored = self._write(file)
            except OSError as error:
                self._has_failed = True
                values = {"path": file.path, "count": len(self._unwritten)}
                self._tell("not_written", reason=error.strerror or error, **values)
                return
            had_failed, self._has_failed = self._has_failed, False
            if n_restored:
                self._tell("restored", path=file.path, count=n_restored)
            elif had_failed and self.on_warning is not None:
                self.on_warning("")

    def _write(self, file: RecordFile) -> int:
        """Write what waits, and return how many lines had to be written again."""
        waiting = self._take_unwritten()
        if not waiting:  # another thread has written it while this one waited for the lock
            return 0
        try:
            return file.append(waiting, lambda held: self._lines_missing_in(held, waiting))
        except BaseException:
            with self._lock:
                self._unwritten[:0] = waiting
            raise

    def _take_unwritten(self) -> list[str]:
        with self._lock:
            taken, self._unwritten = self._unwritten, []
        return taken

    def _lines_missing_in(self, held: NumberedTrials, waiting: list[str]) -> list[str]:
        """Return what a file with these trials lacks; what another record dropped stays so.

        Parameters
        ----------
        held : NumberedTrials
            What the file has.
        waiting : list of str
            What was to be written. It gets what has landed since, which is among what is returned
            and must not be written once more.
        """
        with self._lock:
            waiting += self._take_unwritten()
            dropped = self._trials.dropped.items()
            trials = self._trials.in_order
            return [
                *(trial_line(trial) for trial in trials if not held.knows(trial.uuid)),
                *(forgotten_line(number, uuid) for uuid, number in dropped if uuid in held),
            ]

    def _tell(self, key: str, **values: object) -> None:
        if self.on_warning is None:
            _warn(key, stacklevel=6, **values)
        else:
            self.on_warning(translate(f"records.{key}", **values))


def _as_path(path: Any) -> Path:
    require("path", path, (str, os.PathLike))
    require_text("path", os.fspath(path))
    try:
        Path(path).lstat()
    except ValueError as error:  # a null character, or one that no file's name can hold
        raise ValueError(translate("records.path", value=path, reason=error)) from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            reason = error.strerror
            raise ValueError(translate("records.path", value=path, reason=reason)) from None
    return Path(path)


def _accuracy(trial: Trial) -> float:
    return -math.inf if trial.validation_accuracy is None else trial.validation_accuracy


def _column(name: str) -> str:
    taken = ("number", "method", *OUTCOME_COLUMNS, "ended")
    return f"param_{name}" if name in taken else name


def _row(trial: Trial) -> dict[str, Any]:
    row = {_column(name): value for name, value in trial.hyperparameters.items()}
    names: Iterable[str] = ("number", "method", *OUTCOME_COLUMNS, "ended")
    return row | {name: getattr(trial, name) for name in names}


def _warn(key: str, *, stacklevel: int = 5, **values: object) -> None:
    warnings.warn(translate(f"records.{key}", **values), RecordWarning, stacklevel=stacklevel)
