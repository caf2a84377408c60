"""What a network gets wrong: its confusion matrix and its most certain errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.dataset import Split
from hpt_widgets.language import translate

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

PICTURES_SHOWN: Final = 15
PICTURES_IN_A_ROW: Final = 5
CLASSES_WITH_NUMBERS: Final = 12
LONGEST_NAME: Final = 12
# Names that are longer stand upright below the columns, and are smaller above the samples.
SHORT_NAME: Final = 3
# Of one of the two pictures, in inches.
WIDTH: Final = 5.0
HEIGHT: Final = 4.2
DOTS_PER_INCH: Final = 90
# In points; a number of four digits just fits into its square.
COUNT_SIZE: Final = 9.5
NAME_SIZE: Final = 12.0
LONG_NAME_SIZE: Final = 7.0


@dataclass(frozen=True)
class Mistakes:
    """A network's errors on some samples.

    Attributes
    ----------
    confusion : ndarray of int, shape (n_classes, n_classes)
        How many samples of each true class (row) were read as each class (column).
    worst : ndarray of int, shape (n_shown,)
        Which misread samples the network was most certain of.
    predicted : ndarray of int, shape (n_samples,)
        What each sample was read as.
    confidence : ndarray of float, shape (n_samples,)
        The probability that the network gave to what it read.
    class_names : tuple of str
        What each class is called; empty where they are numbers.
    """

    confusion: NDArray[np.int64]
    worst: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float32]
    class_names: tuple[str, ...] = ()

    def name(self, number: int) -> str:
        """Return what a class is called, cut where it would be too long for a picture."""
        name = self.class_names[number] if self.class_names else str(number)
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"

    @property
    def n_wrong(self) -> int:
        """How many samples were misread."""
        return int(self.confusion.sum() - np.trace(self.confusion))

    def frequent_pairs(self, count: int) -> list[tuple[int, int, int]]:
        """Return the most frequent errors as (true class, class read, times)."""
        errors = self.confusion - np.diag(np.diag(self.confusion))
        order = np.argsort(errors, axis=None, kind="stable")[::-1][:count]
        pairs = [divmod(int(place), len(errors)) for place in order]
        return [(row, column, int(errors[row, column])) for row, column in pairs]


def find_mistakes(
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float32],
    class_names: tuple[str, ...] = (),
) -> Mistakes:
    """Compare what a network read with what is true.

    Parameters
    ----------
    labels : ndarray of int, shape (n_samples,)
        The true classes.
    probabilities : ndarray of float, shape (n_samples, n_classes)
        What the network gives to each class; nan counts as 0.
    class_names : tuple of str
        What each class is called. By default its number.

    Raises
    ------
    ValueError
        If these are no arrays of these shapes, or a label is no class.
    """
    _check_arrays(labels, probabilities)
    probabilities = np.nan_to_num(probabilities)
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    n_classes = probabilities.shape[1]
    counts = np.bincount(labels * n_classes + predicted, minlength=n_classes**2)
    wrong = np.flatnonzero(predicted != labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:PICTURES_SHOWN]
    matrix = counts.reshape(n_classes, n_classes)
    return Mistakes(matrix, worst, predicted, confidence, class_names)


def _check_arrays(labels: object, probabilities: object) -> None:
    is_table = isinstance(probabilities, np.ndarray) and probabilities.ndim == 2
    if not is_table or probabilities.dtype.kind != "f":  # type: ignore[attr-defined]
        raise ValueError(translate("training_lab.probabilities", value=probabilities))
    n_samples, n_classes = probabilities.shape  # type: ignore[attr-defined]
    is_fitting = isinstance(labels, np.ndarray) and labels.shape == (n_samples,)
    if (
        not is_fitting
        or labels.dtype.kind not in "iu"  # type: ignore[attr-defined]
        or not ((labels >= 0) & (labels < n_classes)).all()  # type: ignore[operator]
    ):
        words = {"n": n_samples, "highest": n_classes - 1}
        raise ValueError(translate("training_lab.labels", value=labels, **words))


def draw_mistakes(mistakes: Mistakes, samples: Split) -> bytes:
    """Draw the confusion matrix, and the worst samples where they are pictures, as a PNG."""
    pictures = samples.stored.ndim == 3
    figure = _figure(2 * WIDTH if pictures else WIDTH)
    matrix: Any = figure
    if pictures:
        parts: Any = figure.subfigures(1, 2)
        matrix, worst = parts
        _draw_samples(worst, mistakes, samples)
    axes = matrix.subplots()
    _draw_confusion(axes, mistakes)
    names = {"xlabel": "predicted_class", "ylabel": "true_class", "title": "confusion_matrix"}
    axes.set(**{place: translate(f"figures.{name}") for place, name in names.items()})
    return figure.png()


def draw_confusion(mistakes: Mistakes) -> bytes:
    """Draw the confusion matrix alone and without words, the true classes downwards, as a PNG."""
    figure = _figure(WIDTH)
    _draw_confusion(figure.subplots(), mistakes)
    return figure.png()


def draw_worst(mistakes: Mistakes, samples: Split) -> bytes:
    """Draw the worst samples alone, which must be pictures, as a PNG."""
    figure = _figure(WIDTH)
    _draw_samples(figure, mistakes, samples)
    return figure.png()


def _figure(width: float) -> StillPicture:
    from hpt_widgets.support.still_picture import StillPicture

    size = (width, HEIGHT)
    return StillPicture(figsize=size, layout="constrained", dots_per_inch=DOTS_PER_INCH)


def _draw_confusion(axes: Any, mistakes: Mistakes) -> None:
    confusion = mistakes.confusion
    errors = np.where(np.eye(len(confusion), dtype=bool), 0, confusion)
    axes.imshow(errors, cmap="Oranges")
    classes = range(len(confusion))
    if len(confusion) > CLASSES_WITH_NUMBERS:
        return
    names = [mistakes.name(number) for number in classes]
    axes.set_yticks(classes, names)
    axes.set_xticks(classes, names, rotation=90 if max(map(len, names)) > SHORT_NAME else 0)
    limit = errors.max() / 2
    for row in classes:
        for column in classes:
            count = confusion[row, column]
            if count:
                color = "white" if errors[row, column] > limit else "black"
                weight = "bold" if row == column else "normal"
                axes.text(
                    column, row, f"{count}", ha="center", va="center",
                    fontsize=COUNT_SIZE, color=color, weight=weight,
                )  # fmt: skip


def _draw_samples(figure: Any, mistakes: Mistakes, samples: Split) -> None:
    rows = PICTURES_SHOWN // PICTURES_IN_A_ROW
    pictures = samples.x  # made here, once for all of them
    for place, axes in enumerate(figure.subplots(rows, PICTURES_IN_A_ROW).flat):
        axes.axis("off")
        if place < len(mistakes.worst):
            sample = mistakes.worst[place]
            axes.imshow(pictures[sample], cmap="gray_r")
            true, read = (mistakes.name(each[sample]) for each in (samples.y, mistakes.predicted))
            size = NAME_SIZE if max(len(true), len(read)) <= SHORT_NAME else LONG_NAME_SIZE
            words = f"{true} → {read}\n{mistakes.confidence[sample]:.0%}"
            axes.set_title(words, fontsize=size, pad=3)
