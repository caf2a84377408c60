"""What the training lab says: how a run ended, how far it is, and what the network misreads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from hpt_widgets.labs.kit.settings_text import in_a_row
from hpt_widgets.language import joined, translate
from hpt_widgets.studies.noise_scale import NoiseScale
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import Run

# From so many seconds on, what is left is given in minutes.
MINUTES_FROM: Final = 120.0
# A network that has come less than this share of the way from guessing to no error at all has
# learned nothing.
GUESSING: Final = 0.05


def describe_run(run: Run) -> str:
    """Say in words how a run ended and what it reached."""
    notes = [_as_sentence(note) for note in run.notes]
    # Two lines are to be seen: a note may well say why the network only guesses.
    return joined([_outcome(run), *notes, _advice(run)])


def describe_progress(progress: Progress) -> str:
    """Say in words how far a training is, how fast, and how long it will take."""
    key, left = "training_lab.progress", progress.seconds_left
    if progress.ended is not None:
        key = "training_lab.progress_done"
    elif left >= MINUTES_FROM:
        key, left = "training_lab.progress_minutes", left / 60
    return translate(
        key,
        seen=progress.samples_seen,
        total=progress.total_samples,
        speed=progress.samples_per_second,
        left=left,
    )


def describe_mistakes(
    n_wrong: int, total: int, pairs: list[tuple[str, str, int]], *, has_pictures: bool
) -> str:
    """Say in words what is misread most often, of how many samples.

    `pairs` are the true class, what it is taken for, and how often; `has_pictures` is whether the
    worst samples are shown below.
    """
    if n_wrong == 0:
        return translate("training_lab.none_misread", total=total)
    words = [
        translate(f"training_lab.{_pair_key(count)}", true=true, predicted=read, count=count)
        for true, read, count in pairs
        if count
    ]
    text = translate("training_lab.misread", wrong=n_wrong, total=total, pairs=in_a_row(words))
    return joined([text, translate("training_lab.pictures_misread") if has_pictures else ""])


def _pair_key(count: int) -> str:
    return "misread_pair_once" if count == 1 else "misread_pair"


def describe_noise(
    number: int, batch_sizes: Sequence[int], has_diverged: bool, scale: NoiseScale | None
) -> tuple[str, str]:
    """Say in words how noisy a run's gradients are, and what that means ("" where nothing is)."""
    if has_diverged:
        return translate("training_lab.noise_diverged", number=number), ""
    if scale is None or not 0 < scale.variance < math.inf or math.isnan(scale.batch_size):
        return translate("training_lab.noise_undefined", number=number), ""
    run = {"number": number, "batch_size": " → ".join(map(str, batch_sizes))}
    n_samples = scale.n_samples
    if math.isinf(scale.batch_size):
        return translate("training_lab.noise_drowns", n_samples=n_samples, **run), ""
    # Of one run, six draws of 2,000 digits gave from 1,600 to 4,200.
    rounded = float(f"{scale.batch_size:.1g}")
    return (
        translate("training_lab.noise_scale", scale=f"{rounded:,.10g}", **run),
        translate("training_lab.noise_meaning", n_samples=n_samples),
    )


def _outcome(run: Run) -> str:
    if run.ended == "diverged":
        return _as_sentence(run.reason)
    accuracy = run.validation_accuracy
    reason = translate(f"training_lab.{run.ended}")
    if math.isnan(accuracy):
        return reason
    return translate("training_lab.ended", reason=reason, accuracy=accuracy)


def _advice(run: Run) -> str:
    """Say what may be wrong with a run that has learned nothing."""
    guess = 1 / run.n_classes
    has_learned = not run.validation_accuracy < guess + GUESSING * (1 - guess)
    if run.ended != "finished" or has_learned:
        return ""
    return translate("training_lab.guesses")


def _as_sentence(text: str) -> str:
    # A name such as batch_size stays as it is written in code.
    first = text.split("=")[0].split(" ")[0]
    text = text if "_" in first else text[0].upper() + text[1:]
    if text[-1] in ".。!！":
        return text
    return text + translate("lab.full_stop")
