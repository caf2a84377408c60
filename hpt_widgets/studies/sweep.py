"""One hyperparameter over a list of values, a second one as series, several seeds each.

A sweep is a small grid with repeats. It asks how the result answers to a hyperparameter,
where a search asks only for the best one.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.missing_trials import train_missing
from hpt_widgets.support.argument_checks import (
    items_of,
    require,
    require_function,
    require_items,
    whole_number,
)
from hpt_widgets.training.hyperparameters import Hyperparameters, validated

if TYPE_CHECKING:
    import pandas as pd

    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.training.samples import TrainingSamples

MEASURES: Final = ("validation_accuracy", "validation_loss")
NUMBERS: Final = (
    "learning_rate",
    "batch_size",
    "dropout_rate",
    "weight_decay",
    "epochs",
    "training_size",
    "momentum",
    "epsilon",
    "warm_up",
    "initial_scale",
    "base_width",
)
"""What can be laid along an axis."""
SWEPT: Final = (
    *NUMBERS,
    "optimizer",
    "activation",
    "hidden_units",
    "schedule",
    "parametrization",
)
"""What can be varied."""
MOST_VALUES: Final = 40
MOST_SERIES: Final = 6
MOST_SEEDS: Final = 100


@dataclass(frozen=True)
class Sweep:
    """What is varied, and what stays as it is.

    Attributes
    ----------
    name : str
        The hyperparameter that is varied, one of `NUMBERS`. ``training_size``, the number
        of training samples, counts as one here.
    values : tuple of float or int
        Its values, in ascending order.
    series_name : str or None, default None
        A second one, one of `SWEPT`: each of its values makes a curve of its own.
    series : tuple, default ()
        Its values, at most six.
    seeds : tuple of int, default (0, 1, 2)
        Each combination is trained once with each of them.
    training_size : int, default 5000
        Training samples of each trial, where it is not varied.
    hyperparameters : Hyperparameters
        Everything that is not varied.

    Raises
    ------
    TypeError, ValueError
        If something is not allowed; the message names it.
    """

    name: str
    values: tuple[Any, ...]
    series_name: str | None = None
    series: tuple[Any, ...] = ()
    seeds: tuple[int, ...] = (0, 1, 2)
    training_size: int = 5_000
    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)

    def __post_init__(self) -> None:
        _check_name("name", self.name, NUMBERS)
        _set(self, "values", tuple(sorted(_checked_values(self.name, self.values, MOST_VALUES))))
        if self.series_name is None:
            _set(self, "series", ())
        else:
            others = tuple(name for name in SWEPT if name != self.name)
            _check_name("series_name", self.series_name, others)
            series = _checked_values(self.series_name, self.series, MOST_SERIES)
            _set(self, "series", series)
        listed = require_items("seeds", self.seeds)
        seeds = _checked_values("seed", listed, MOST_SEEDS, called="seeds")
        _set(self, "seeds", seeds)
        _set(self, "training_size", checked_value("training_size", self.training_size))
        if not isinstance(self.hyperparameters, Hyperparameters):
            name, value = "hyperparameters", self.hyperparameters
            raise TypeError(translate("training.not_hyperparameters", name=name, value=value))

    @classmethod
    def of(cls, varied: Mapping[str, Iterable[Any]], seeds: Iterable[int], **others: Any) -> Sweep:
        """Return the sweep of one or two hyperparameters by name, the first along the axis.

        Where only the second is a number, it takes the axis.

        Parameters
        ----------
        varied : mapping of str to iterable
            The values of each hyperparameter that is varied.
        seeds : iterable of int
            One training for each, in every combination of values.
        **others : object
            ``training_size`` and ``hyperparameters``, as for `Sweep`.

        Returns
        -------
        Sweep

        Raises
        ------
        TypeError, ValueError
            As for `Sweep`, or if there are none or more than two, or none is a number.
        """
        require("varied", varied, Mapping)
        if len(varied) not in (1, 2):
            found = ", ".join(varied) or "–"
            raise ValueError(translate("sweep.one_or_two", found=found))
        pairs = [(name, require_items(str(name), values)) for name, values in varied.items()]
        if len(pairs) == 2 and pairs[0][0] not in NUMBERS:
            pairs.reverse()
        (name, values), *rest = pairs
        if name in SWEPT and name not in NUMBERS:
            found, numbers = ", ".join(varied), ", ".join(NUMBERS)
            raise ValueError(translate("sweep.no_axis", found=found, numbers=numbers))
        series_name, series = rest[0] if rest else (None, ())
        return cls(name, values, series_name, series, require_items("seeds", seeds), **others)

    @property
    def log_scale(self) -> bool:
        """Whether its values are read better on a logarithmic axis."""
        return bool(self.values[0] > 0 and self.values[-1] / self.values[0] >= 8)

    @property
    def n_trials(self) -> int:
        """How many trainings it takes."""
        return len(self.values) * max(1, len(self.series)) * len(self.seeds)

    @property
    def training_sizes(self) -> tuple[int, ...]:
        """The training sizes of its trials."""
        if self.name == "training_size":
            return self.values
        return self.series if self.series_name == "training_size" else (self.training_size,)

    @property
    def hidden_units(self) -> tuple[tuple[int, ...], ...]:
        """The hidden layers of its trials."""
        if self.series_name == "hidden_units":
            return self.series
        return (self.hyperparameters.hidden_units,)

    def n_landed(self, record: SearchRecord) -> int:
        """How many of its trainings are in a record, which may hold others too.

        Parameters
        ----------
        record : SearchRecord
            The trials so far.

        Returns
        -------
        int
        """
        landed = {_key(trial.hyperparameters) for trial in record}
        return sum(_key(settings) in landed for settings in self.settings())

    def settings(self) -> Iterator[dict[str, Any]]:
        """Give all settings of all trials: the whole curve first, then seed after seed."""
        for seed, series, value in itertools.product(
            self.seeds, self.series or (None,), self.values
        ):
            varied = {self.name: value}
            if self.series_name is not None:
                varied[self.series_name] = series
            whole = {**self.hyperparameters.to_record(), "training_size": self.training_size}
            yield {**whole, **varied, "seed": seed}


@dataclass(frozen=True)
class Summary:
    """What the trials of one value came to.

    Attributes
    ----------
    value : float or int
        The value of the hyperparameter that is varied.
    series : object
        The value of the second one; None if there is none.
    scores : tuple of float
        One a seed, of the trainings that ended as planned.
    n_lost : int
        How many others diverged or failed.
    """

    value: Any
    series: Any
    scores: tuple[float, ...]
    n_lost: int

    @property
    def mean(self) -> float:
        """Mean over the seeds; nan where a training was lost or there is none yet.

        The mean of those that happened to survive would make a value look better than it is.
        """
        return float(np.mean(self.scores)) if self.scores and not self.n_lost else math.nan

    @property
    def standard_deviation(self) -> float:
        """Of single runs about their mean (``ddof=1``); nan for fewer than two."""
        if len(self.scores) < 2 or self.n_lost:
            return math.nan
        return float(np.std(self.scores, ddof=1))


def summarize(
    sweep: Sweep, record: SearchRecord, measure: str = "validation_accuracy"
) -> list[Summary]:
    """Sum up the trials so far, series by series and in each value by value.

    Parameters
    ----------
    sweep : Sweep
        What was varied.
    record : SearchRecord
        Its trials, all or some of them.
    measure : {"validation_accuracy", "validation_loss"}
        What is summed up.

    Returns
    -------
    list of Summary
        One for each value of each series.

    Raises
    ------
    ValueError
        If the measure is another one.
    """
    check_measure(measure)
    require("sweep", sweep, Sweep)
    require("record", record, SearchRecord)
    landed = {_key(trial.hyperparameters): trial for trial in record}
    groups: dict[tuple[Any, Any], list[Trial]] = {
        (series, value): []
        for series, value in itertools.product(sweep.series or (None,), sweep.values)
    }
    for settings in sweep.settings():
        trial = landed.get(_key(settings))
        if trial is not None:
            series = settings[sweep.series_name] if sweep.series_name else None
            groups[series, settings[sweep.name]].append(trial)
    summaries = []
    for (series, value), trials in groups.items():
        kept = [getattr(trial, measure) for trial in trials if trial.usable]
        summaries.append(Summary(value, series, tuple(kept), len(trials) - len(kept)))
    return summaries


def sweep_table(
    sweep: Sweep, record: SearchRecord, measure: str = "validation_accuracy"
) -> pd.DataFrame:
    """Return `summarize` as a table, one row for each value of each series.

    Its columns are the one or two hyperparameters, ``runs`` (that ended as planned),
    ``lost`` (that diverged or failed), ``mean`` and ``standard_deviation``.

    Parameters
    ----------
    sweep : Sweep
        What was varied.
    record : SearchRecord
        Its trials, all or some of them.
    measure : {"validation_accuracy", "validation_loss"}
        What is summed up.

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If the measure is another one.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for summary in summarize(sweep, record, measure):
        row = {} if sweep.series_name is None else {sweep.series_name: summary.series}
        row[sweep.name] = summary.value
        counts = {"runs": len(summary.scores), "lost": summary.n_lost}
        moments = {"mean": summary.mean, "standard_deviation": summary.standard_deviation}
        rows.append({**row, **counts, **moments})
    return pd.DataFrame(rows)


def run_sweep(
    sweep: Sweep,
    data: Dataset,
    *,
    record: SearchRecord | None = None,
    stop: threading.Event | None = None,
    on_trial: Callable[[Trial], object] | None = None,
) -> SearchRecord:
    """Train every combination that is not in the record yet, two at a time.

    A training is the same to the bit, whatever runs beside it; only the order in which two
    trials land may differ. Validation is measured once, at a trial's end.

    Parameters
    ----------
    sweep : Sweep
        What to vary.
    data : Dataset
        With the splits ``train`` and ``validation``. Fewer training samples are a
        stratified subset of ``train``, the same for all trials of this size.
    record : SearchRecord, optional
        Where the trials go; what it holds already is not trained again. A new one by default.
    stop : threading.Event, optional
        Once it is set, trainings under way are broken off within a chunk (about 40 ms) and
        not recorded.
    on_trial : callable, optional
        Called with each trial after it was recorded, on the thread that trained it.

    Returns
    -------
    SearchRecord
        Its trials have the method ``"sweep"`` and hold ``training_size`` too.

    Raises
    ------
    TypeError
        If an argument is something else.
    ValueError
        If there are fewer training samples than the sweep needs, or no validation split.
    """
    check_data(sweep, data)
    require_function("on_trial", on_trial)
    if record is not None:
        require("record", record, SearchRecord)
    record = SearchRecord("sweep") if record is None else record
    train_missing(
        sweep.settings(),
        _SweepRunner(data).train,
        record,
        key=_key,
        name="hpt-sweep",
        stop=stop,
        on_trial=on_trial,
    )
    return record


def check_data(sweep: Sweep, data: Dataset) -> None:
    """Raise a ValueError if a sweep asks for more than a data set or the memory has.

    Parameters
    ----------
    sweep : Sweep
        What is to be trained.
    data : Dataset
        What it is to be trained on.

    Raises
    ------
    TypeError
        If an argument is something else.
    ValueError
        If the data have no validation split, a training size is beyond what they hold or below the
        number of their classes, or a network is larger than the workbook trains.
    """
    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.training.network import check_memory

    require("sweep", sweep, Sweep)
    require("data", data, Dataset)
    if "validation" not in data.splits:
        raise ValueError(translate("search.no_validation"))
    for units in sweep.hidden_units:
        hp = sweep.hyperparameters.replace(hidden_units=units)
        check_memory(hp, data.n_features, data.n_classes)
    n_samples, n_classes = len(data.y_train), data.n_classes
    for size in sweep.training_sizes:
        if not min(n_classes, n_samples) <= size <= n_samples:
            raise ValueError(
                translate("sweep.training_size", value=size, smallest=n_classes, largest=n_samples)
            )


def check_measure(measure: str) -> None:
    """Raise a ValueError if it is none of `MEASURES`."""
    _check_name("measure", measure, MEASURES)


def checked_value(name: str, value: object) -> Any:
    """Return a hyperparameter's value in its stored form, or raise as `Hyperparameters` does."""
    if name != "training_size":
        return validated(name, value)
    number = whole_number(value)
    if number is None:
        raise TypeError(translate("training.not_a_count", field=name, value=value))
    # Whether there are as many is for the data to say.
    if number < 1:
        raise ValueError(translate("training.not_a_count", field=name, value=value))
    return number


class _SweepRunner:
    """Trains single settings, on several threads at once."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._samples: dict[int, TrainingSamples] = {}
        self._validation: tuple[Any, Any] | None = None

    def train(self, settings: dict[str, Any], is_stopped: Callable[[], bool]) -> Trial | None:
        """Return what came of it, or None if it was stopped."""
        from hpt_widgets.training.session import TrainingSession

        values = dict(settings)
        size = values.pop("training_size")
        session = TrainingSession(self._samples_of(size), Hyperparameters(**values))
        try:
            while session.ended is None:
                if is_stopped():
                    return None
                session.advance()
            # Once, at the end; the samples to train on come without any.
            run = session.result(validation=self._validation)
        finally:
            session.suspend()
        trial = Trial.from_run(run, method="sweep", hyperparameters=settings)
        return dataclasses.replace(trial, history=())  # one point is no curve

    def _samples_of(self, size: int) -> TrainingSamples:
        from hpt_widgets.data.dataset import SUBSET_SEED
        from hpt_widgets.training.samples import TrainingSamples

        data = self._data
        with self._lock:
            if self._validation is None:
                held_out = data.splits["validation"]
                self._validation = TrainingSamples.from_split(held_out, data.n_classes).train
            if size not in self._samples:
                subset = data if size == len(data.y_train) else data.take(size, seed=SUBSET_SEED)
                train = subset.splits["train"]
                self._samples[size] = TrainingSamples.from_split(train, data.n_classes)
            return self._samples[size]


def _key(settings: Mapping[str, Any]) -> tuple[Any, ...]:
    names = (*Hyperparameters.__dataclass_fields__, "training_size")
    return tuple(settings.get(name) for name in names)


def _checked_values(
    name: str, values: object, most: int, called: str | None = None
) -> tuple[Any, ...]:
    items = items_of(values)
    if items is None:
        raise TypeError(translate("sweep.values", name=name, value=values, most=most))
    checked = tuple(checked_value(name, value) for value in items)
    if not 1 <= len(checked) <= most or len(set(checked)) < len(checked):
        words = {"name": called or name, "value": list(checked)}
        raise ValueError(translate("sweep.values", most=most, **words))
    return checked


def _check_name(field_name: str, value: object, allowed: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in allowed:
        words = ", ".join(map(repr, allowed))
        raise ValueError(translate("sweep.choice", name=field_name, value=value, allowed=words))


def _set(sweep: Sweep, name: str, value: object) -> None:
    object.__setattr__(sweep, name, value)  # the dataclass is frozen


__all__ = [
    "MEASURES",
    "NUMBERS",
    "SWEPT",
    "Summary",
    "Sweep",
    "check_data",
    "check_measure",
    "checked_value",
    "run_sweep",
    "summarize",
    "sweep_table",
]
