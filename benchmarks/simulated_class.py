"""A class without students: settings that somebody might try, and what might come of them.

The accuracies are made up (roughly MNIST's after one epoch); what carries them is real.
"""

from __future__ import annotations

import math
import random
import uuid
from typing import Any

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.task import Task
from hpt_widgets.search.trial import Trial

POINTS = 40
SEED_SCATTER = 0.0012
BATCH_SIZES = (8, 16, 32, 64, 128, 256, 512)


def settings_of_somebody(chance: random.Random) -> dict[str, Any]:
    """Return free hyperparameters as students set them: round numbers, and some daring ones."""
    rate = 10 ** chance.gauss(-2.6, 0.8)
    return {
        "learning_rate": min(max(float(f"{rate:.1g}"), 1e-5), 1.0),
        "batch_size": chance.choice(BATCH_SIZES),
        "dropout_rate": chance.choice((0.0, 0.1, 0.2, 0.2, 0.3, 0.5)),
    }


def accuracy_of(settings: dict[str, Any], chance: random.Random) -> float | None:
    """Return a validation accuracy, None where the training diverges."""
    rate, batch = settings["learning_rate"], settings["batch_size"]
    dropout = settings["dropout_rate"]
    distance = math.log10(rate / (0.0018 * math.sqrt(batch / 64)))
    error = 0.0255 + 0.004 * math.log2(1 + batch / 256) + 0.03 * dropout**2
    error += 0.022 * distance**2 if distance < 0 else 0.05 * distance**3
    error = min(error + 0.004 * abs(chance.gauss(0, 0.3)), 0.9)
    if distance > 1.6 and chance.random() < 0.5:
        return None
    return float(max(0.05, 1 - error + chance.gauss(0, SEED_SCATTER)))


def made_up_trial(task: Task, chance: random.Random, **given: object) -> Trial:
    """Return a trial of the task, as a lab would have it."""
    settings = {**settings_of_somebody(chance), **given}
    accuracy = accuracy_of(settings, chance)
    end = accuracy if accuracy is not None else 0.1
    curve = [
        (task.training_size * i / POINTS, end * _share(i / POINTS)) for i in range(1, POINTS + 1)
    ]
    values = {**task.start.to_dict(), **settings, "training_size": task.training_size}
    values["seed"] = chance.randrange(1000) if task.seed is None else task.seed
    return Trial(
        values,
        validation_accuracy=accuracy,
        validation_loss=None if accuracy is None else 3.5 * (1 - accuracy),
        seconds=0.9,
        epochs_trained=1.0,
        ended="finished" if accuracy is not None else "diverged",
        history=tuple(curve),
    )


def _share(progress: float) -> float:
    """Return how much of its last accuracy a run has; all of it at its end, as a lab's has."""
    return (1 - 0.6 * math.exp(-5 * progress)) / (1 - 0.6 * math.exp(-5))


def made_up_run(task: Task, chance: random.Random) -> ClassRun:
    """Return a run as a lab sends it."""
    identity = uuid.UUID(int=chance.getrandbits(128), version=4)
    return ClassRun(made_up_trial(task, chance), task.data, id=str(identity))
