"""What tells runs apart, for the legends of still pictures.

matplotlib's own font has no Chinese, so these are English names and symbols in every language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from hpt_widgets.labs.kit.settings_text import describe_value
from hpt_widgets.labs.training.live import TrainingRequest

SYMBOLS: Final = {"learning_rate": "η"}


def labels_of(requests: Sequence[TrainingRequest]) -> list[str]:
    """Name each run, the oldest first, by the settings in which the runs differ.

    Such as ``"η = 0.01, dropout rate = 0.5"``; only the learning rate where nothing differs. Runs
    with the same settings are counted: ``"η = 0.01 (1)"``, ``"η = 0.01 (2)"``.
    """
    settings = [request.settings() for request in requests]
    if not settings:
        return []
    differing = [name for name, value in settings[0].items() if _differs(name, value, settings)]
    names = differing or ["learning_rate"]
    labels = [", ".join(f"{_name(name)} = {describe_value(s[name])}" for name in names)
              for s in settings]  # fmt: skip
    return _counted(labels)


def _differs(name: str, value: object, settings: Sequence[dict[str, object]]) -> bool:
    return any(other[name] != value for other in settings)


def _name(setting: str) -> str:
    return SYMBOLS.get(setting, setting.replace("_", " "))


def _counted(labels: Sequence[str]) -> list[str]:
    totals, seen = Counter(labels), Counter[str]()
    counted = []
    for label in labels:
        seen[label] += 1
        counted.append(f"{label} ({seen[label]})" if totals[label] > 1 else label)
    return counted
