"""What tells runs apart: short names for the ends of their curves, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hpt_widgets.labs.kit.end_labels import count_lines
from hpt_widgets.labs.kit.settings_text import describe_setting, in_a_row
from hpt_widgets.labs.training.live import Changes, TrainingRequest
from hpt_widgets.language import translate

# What there is room for beside a chart; else runs are numbered.
MOST_LINES: Final = 2
MOST_LINES_IN_ALL: Final = 10
# Of one, the label says "epoch" and "unit".
COUNTED: Final = ("epochs", "hidden_units")

ChangedValues = Mapping[str, tuple[str, str]]
"""By the name of each setting that was changed, its old value and its new, in words."""


@dataclass(frozen=True)
class ChangeInWords:
    """One moment at which settings of a running training were changed.

    Attributes
    ----------
    samples : int
        After how many samples.
    values : ChangedValues
        What was changed.
    """

    samples: int
    values: ChangedValues

    @property
    def text(self) -> str:
        """The old values and the new: "rate 0.02 → 0.0005"."""
        return describe_changed(self.values)


def labels_of(
    requests: Sequence[TrainingRequest], numbers: Sequence[int], changes: Sequence[Changes] = ()
) -> list[str]:
    """Name each run by the settings in which the runs differ.

    Such as ``"rate 0.01, dropout 0.5"``; only the learning rate of a run that is alone. Runs with
    the same settings are numbered, and so are all where a name would be too long: ``"run 1"``.

    Parameters
    ----------
    requests : sequence of TrainingRequest
        What was trained, the oldest first.
    numbers : sequence of int
        The number of each run, as the table has it.
    changes : sequence of Changes, optional
        What was changed in each run.

    Returns
    -------
    list of str
    """
    named = _told_apart(_differences(requests, changes), numbers)
    return [_numbered(number) for number in numbers] if _are_too_long(named) else named


def spelled_out(
    requests: Sequence[TrainingRequest], numbers: Sequence[int], changes: Sequence[Changes] = ()
) -> list[str]:
    """Return the settings that the numbers of `labels_of` stand for; "" where it names them."""
    plain = _differences(requests, changes)
    return plain if _are_too_long(_told_apart(plain, numbers)) else [""] * len(plain)


def shared_settings(
    requests: Sequence[TrainingRequest], changes: Sequence[Changes]
) -> dict[str, object]:
    """Return the settings that all of these runs have alike, from beginning to end."""
    values = [_values(run, made) for run, made in zip(requests, changes, strict=True)]
    return {
        name: value
        for name, value in requests[0].settings().items()
        if len({run[name] for run in values}) == 1 and len(values[0][name]) == 1
    }


def _are_too_long(labels: Sequence[str]) -> bool:
    lines = [count_lines(label) for label in labels]
    return any(count > MOST_LINES for count in lines) or sum(lines) > MOST_LINES_IN_ALL


def _differences(requests: Sequence[TrainingRequest], changes: Sequence[Changes]) -> list[str]:
    """Return the settings of each run in which the runs differ; "" where they are all alike."""
    all_changes = list(changes) or [()] * len(requests)
    values = [_values(run, made) for run, made in zip(requests, all_changes, strict=True)]
    if not values:
        return []
    differing = [name for name in values[0] if len({run[name] for run in values}) > 1]
    if not differing and len(values) > 1:
        return [""] * len(values)
    names = differing or ["learning_rate"]
    return [in_a_row(_in_words(name, run[name]) for name in names) for run in values]


def describe_changes(request: TrainingRequest, changes: Changes) -> list[ChangeInWords]:
    """Say what each change in mid-run was, from which value to which."""
    now, said = request.settings(), []
    for samples, changed in changes:
        values = {
            name: (describe_setting(name, now[name]), describe_setting(name, value))
            for name, value in changed.items()
        }
        said.append(ChangeInWords(samples, values))
        now = {**now, **changed}
    return said


def describe_changed(values: ChangedValues) -> str:
    """Say what was changed from which value to which: "rate 0.02 → 0.0005, dropout 0 → 0.5"."""
    return in_a_row(_in_words(name, pair) for name, pair in values.items())


def _values(request: TrainingRequest, changes: Changes) -> dict[str, tuple[str, ...]]:
    """Return the values, in words, that each setting had: the first, and the last if another."""
    first = request.settings()
    last = {**first}
    for _, changed in changes:
        last.update(changed)
    return {
        name: tuple(dict.fromkeys(describe_setting(name, one) for one in (value, last[name])))
        for name, value in first.items()
    }


def _in_words(name: str, values: tuple[str, ...]) -> str:
    old, *new = values
    value = translate("run_labels.changed", old=old, new=new[0]) if new else old
    key = f"{name}_one" if value == "1" and name in COUNTED else name
    return translate(f"run_labels.{key}", value=value)


def _numbered(number: int) -> str:
    return translate("run_labels.numbered", number=number)


def _told_apart(labels: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Add its number to each label that several runs have."""
    totals, told = Counter(labels), []
    for label, number in zip(labels, numbers, strict=True):
        run = _numbered(number)
        if label and totals[label] > 1:
            run = translate("run_labels.one_of_several", label=label, run=run)
        told.append(run if totals[label] > 1 else label)
    return told
