"""The file of the trial bank, and what is read from it."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.search.bank.plan import (
    BANK_SPACE,
    EPOCHS,
    FIRST_SEEDS,
    N_REPEATS,
    SEQUENCE_TRIALS,
    Part,
    RowKey,
)
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.files import replace_file

FloatArray = NDArray[np.float64]

FOLDER: Final = Path(__file__).with_name("trial_bank")
TRIALS_FILE: Final = "trials.csv"
FACTS_FILE: Final = "facts.json"
"""With which versions, and when, the bank was trained."""
N_VALIDATION: Final = 10_000
"""Digits of the validation split: the file counts those that were classified right."""
GUESSING: Final = 0.1
"""What a training that diverges counts as: it is like one that has learned nothing."""
COLUMNS: Final = ("part", "number", "repeat", *BANK_SPACE.names, "ended", "seconds", "correct")
# All who read the bank agree on what tells its trials apart.
_NAMESPACE: Final = uuid.UUID("5a0c9a52-6c59-4c1e-8a53-7bb5b4b3a1a9")


@dataclass(frozen=True)
class BankRow:
    """One training.

    Attributes
    ----------
    key : RowKey
        Which one it is.
    values : dict of str to value
        The hyperparameters that the bank varies.
    ended : {"finished", "diverged"}
        How it ended.
    seconds : float
        How long it took, beside other work.
    curve : tuple of float
        The validation accuracy after each epoch, 0 to 1; where it diverged, before that.
    """

    key: RowKey
    values: dict[str, Any]
    ended: str
    seconds: float
    curve: tuple[float, ...]

    @classmethod
    def from_trial(cls, trial: Trial) -> BankRow:
        """Return the row of a training that `training.BankObjective` made."""
        values = {name: trial.hyperparameters[name] for name in BANK_SPACE.names}
        curve = tuple(accuracy for _, accuracy in trial.history)
        key = RowKey.of_seed(int(trial.hyperparameters["seed"]))
        return cls(key, values, trial.ended, trial.seconds or 0.0, curve)

    def to_trial(self, when: datetime) -> Trial:
        """Return the row as a trial; its history has a pair (epoch, accuracy) for each epoch."""
        return Trial(
            {**self.values, "epochs": self.key.epochs, "seed": self.key.seed},
            method=self.key.part,
            validation_accuracy=self.curve[-1] if self.curve else None,
            seconds=self.seconds,
            epochs_trained=float(len(self.curve)),
            ended=self.ended,
            history=tuple((float(epoch), score) for epoch, score in enumerate(self.curve, 1)),
            when=when,
            uuid=str(uuid.uuid5(_NAMESPACE, str(self.key.seed))),
        )


@dataclass(frozen=True)
class TrialBank:
    """All trainings of the bank, or of a part of it.

    Attributes
    ----------
    rows : tuple of BankRow
    trained_on : datetime
        The day of the last one.
    """

    rows: tuple[BankRow, ...]
    trained_on: datetime

    def scores(self, part: Part, epochs: int) -> FloatArray:
        """Return what settings came to after each epoch.

        Parameters
        ----------
        part : {"random", "grid"}
            What proposed the settings.
        epochs : int
            Only those that are trained for so long, or longer.

        Returns
        -------
        ndarray of float, shape (n_settings, n_repeats, epochs)
            Validation accuracies, 0.1 from where a training diverged on. There are as many
            repeats as all of these settings have.
        """
        settings: defaultdict[int, dict[int, FloatArray]] = defaultdict(dict)
        for row in self.rows:
            if row.key.part == part and row.key.epochs >= epochs:
                settings[row.key.number][row.key.repeat] = _padded(row.curve, epochs)
        found = [settings[number] for number in sorted(settings) if 0 in settings[number]]
        n_repeats = min((_n_leading(curves) for curves in found), default=1)
        stacked = [[curves[repeat] for repeat in range(n_repeats)] for curves in found]
        return np.array(stacked, float).reshape(len(found), n_repeats, epochs)

    @cached_property
    def sequences(self) -> FloatArray:
        """What TPE's proposals came to: (n_sequences, 40 proposals, 3 repeats).

        Only whole sequences. What was not trained again is nan: only those proposals are that
        were the best so far. One that diverged is not either, and counts as guessing.
        """
        found: defaultdict[int, FloatArray] = defaultdict(
            lambda: np.full((SEQUENCE_TRIALS, N_REPEATS), np.nan)
        )
        for row in self.rows:
            if row.key.part == "tpe":
                sequence, place = divmod(row.key.number, SEQUENCE_TRIALS)
                trainings = found[sequence][place]
                trainings[row.key.repeat] = _padded(row.curve, EPOCHS)[-1]
                if row.ended == "diverged":
                    trainings[np.isnan(trainings)] = GUESSING
        whole = [found[one] for one in sorted(found) if np.isfinite(found[one][:, 0]).all()]
        return np.array(whole, float).reshape(len(whole), SEQUENCE_TRIALS, N_REPEATS)

    def record(self) -> SearchRecord:
        """Return all trainings as trials of a record."""
        record = SearchRecord("bank")
        for row in self.rows:
            record.append(row.to_trial(self.trained_on))
        return record


def load_trial_bank() -> SearchRecord:
    """Load the trial bank: trainings of many settings, measured after each epoch.

    It holds 384 random settings, 128 of them trained for longer, and the article's grid, each
    with three seeds, and 20 runs of TPE, of which what was the best so far has three seeds.
    Nothing is downloaded.

    Returns
    -------
    SearchRecord
        A trial for each training. Its method is ``"random"``, ``"grid"`` or ``"tpe"``, and its
        history has a pair (epoch, validation accuracy) for each epoch.

    Raises
    ------
    OSError
        If the bank's file is missing.
    ValueError
        If the file has been altered; the message names the line.

    Examples
    --------
    >>> record = load_trial_bank()
    >>> {trial.method for trial in record} <= {"random", "grid", "tpe"}
    True
    """
    return shipped_bank().record()


@lru_cache(maxsize=1)
def shipped_bank() -> TrialBank:
    """Return the bank that the package brings along."""
    return read_bank(FOLDER)


def read_bank(folder: Path) -> TrialBank:
    """Read a bank's files.

    Raises
    ------
    OSError
        If one is missing.
    ValueError
        If a line, or the facts, hold something else; the message names the file and the line.
    """
    trained_on = _read_day(folder / FACTS_FILE)
    return TrialBank(tuple(_read_rows(folder / TRIALS_FILE)), trained_on)


def write_bank(folder: Path, trials: Iterable[Trial], facts: Mapping[str, Any]) -> None:
    """Write the trainings of a journal as a bank's file, in the order of their seeds.

    Parameters
    ----------
    folder : Path
        Of the file.
    trials : iterable of Trial
        What has been trained; those that failed are left out.
    facts : mapping
        With which versions it was trained, and ``trained_on`` when.
    """
    rows = [BankRow.from_trial(trial) for trial in trials if trial.ended != "failed"]
    lines = [",".join(COLUMNS)]
    lines += [_line(row) for row in sorted(rows, key=lambda row: row.key.seed)]
    replace_file(folder / TRIALS_FILE, "".join(f"{line}\n" for line in lines).encode())
    replace_file(folder / FACTS_FILE, (json.dumps(dict(facts), indent=2) + "\n").encode())


def _read_day(path: Path) -> datetime:
    """Return the day on which a bank was trained, from the file of its facts."""
    try:
        return datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["trained_on"])
    except (ValueError, KeyError, TypeError):  # neither UTF-8 nor JSON, or without a day
        raise ValueError(translate("bank.facts_altered", path=path)) from None


def _read_rows(path: Path) -> list[BankRow]:
    content = path.read_bytes()
    try:
        reader = csv.DictReader(io.StringIO(content.decode(), newline=""))
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        raise ValueError(translate("bank.altered", path=path, line=line)) from None
    rows: list[BankRow] = []
    last = 0
    try:
        _check_columns(reader)
        last = reader.line_num
        for cells in reader:
            rows.append(_row(cells))
            last = reader.line_num
    except (csv.Error, KeyError, ValueError, TypeError, AttributeError, StopIteration):
        # Not the reader's own count: an error of its own may come before it.
        raise ValueError(translate("bank.altered", path=path, line=last + 1)) from None
    return rows


def _check_columns(reader: csv.DictReader[str]) -> None:
    if tuple(reader.fieldnames or ()) != COLUMNS:  # reads the first line
        raise ValueError


def _line(row: BankRow) -> str:
    cells = (
        *(row.key.part, row.key.number, row.key.repeat),
        *map(_cell, row.values.values()),
        *(row.ended, f"{row.seconds:.2f}"),
        " ".join(str(round(accuracy * N_VALIDATION)) for accuracy in row.curve),
    )
    return ",".join(map(str, cells))


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, tuple) else value


def _row(cells: Mapping[str, str]) -> BankRow:
    key = RowKey(_part(cells["part"]), int(cells["number"]), int(cells["repeat"]))
    correct = [int(count) for count in cells["correct"].split()]
    ended = cells["ended"]
    is_whole = len(correct) == key.epochs if ended == "finished" else ended == "diverged"
    if not is_whole or any(not 0 <= count <= N_VALIDATION for count in correct):
        raise ValueError
    values = {
        "learning_rate": float(cells["learning_rate"]),
        "batch_size": int(cells["batch_size"]),
        "dropout_rate": float(cells["dropout_rate"]),
        "hidden_units": tuple(map(int, cells["hidden_units"].split())),
        "optimizer": cells["optimizer"],
        "weight_decay": float(cells["weight_decay"]),
    }
    curve = tuple(count / N_VALIDATION for count in correct)
    return BankRow(key, values, ended, float(cells["seconds"]), curve)


def _part(name: str) -> Part:
    return next(part for part in FIRST_SEEDS if part == name)


def _padded(curve: tuple[float, ...], epochs: int) -> FloatArray:
    shown = curve[:epochs]
    return np.array([*shown, *[GUESSING] * (epochs - len(shown))])


def _n_leading(curves: Mapping[int, object]) -> int:
    """Return how many repeats there are without a gap."""
    return next(count for count in range(N_REPEATS + 1) if count not in curves)
