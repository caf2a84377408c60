"""A reader's arrays: labels that are names, samples to be held out, features to be scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.class_labels import encode_labels, refuse_regression
from hpt_widgets.data.dataset_checks import checked_features, checked_labels
from hpt_widgets.data.preprocessing import ArrayScaling, Scaling
from hpt_widgets.data.splitting import Shares, equal_samples, split_rows
from hpt_widgets.language import translate
from hpt_widgets.support.array_checks import checked_array

Pair = tuple[Any, Any]


@dataclass(frozen=True)
class PreparedArrays:
    """Arrays as a data set takes them.

    Attributes
    ----------
    splits : dict of str to (x, y)
        Features and labels, these from 0.
    class_names : tuple of str or None
        Where the labels were names.
    preprocessing : ArrayScaling or None
        Fitted on the training samples, where they are to be scaled.
    """

    splits: dict[str, Pair]
    class_names: tuple[str, ...] | None = None
    preprocessing: ArrayScaling | None = None


def prepare_arrays(
    given: Mapping[str, Pair | None],
    shares: Shares,
    scale: Scaling | None,
    seed: int,
    n_classes: int | None = None,
) -> PreparedArrays:
    """Encode labels that are names, hold samples out, and scale features.

    Parameters
    ----------
    given : mapping of str to (x, y) or None
        The splits that the reader gives, ``"train"`` among them.
    shares : Shares
        What to hold out of the training samples.
    scale : {"standard", "minmax"} or None
        How to scale all splits, as measured on the training samples.
    seed : int
        Of the split.
    n_classes : int, optional
        Where the reader says how many classes there are: then numbers are no measurements.

    Raises
    ------
    TypeError, ValueError
        If the arrays can't be used, or a split is given and to be held out as well.
    """
    for name, share in shares.named().items():
        if share and given.get(name) is not None:
            words = {"share": f"{name}_share", "value": share, "split": name}
            raise ValueError(translate("tables.shares_and_splits", **words))
    splits, class_names = _numbered(
        {name: pair for name, pair in given.items() if pair is not None}
    )
    if shares.validation or shares.test:
        x, y = _checked_pair(*splits.pop("train"), n_classes)
        rows = split_rows(y, shares, seed, class_names or (), equal_samples(x))
        splits = {name: (x[chosen], y[chosen]) for name, chosen in rows.items()} | splits
    if scale is None:
        return PreparedArrays(splits, class_names)
    scaling = ArrayScaling.fit(checked_features("train", splits["train"][0]), scale)
    scaled = {name: (scaling.transform(x), y) for name, (x, y) in _pairs(splits).items()}
    return PreparedArrays({**splits, **scaled}, class_names, scaling)


def _checked_pair(x: Any, y: Any, n_classes: int | None) -> Pair:
    features, labels = checked_features("train", x), checked_labels("train", y)
    if len(features) != len(labels):
        words = {"name": "train", "n_x": len(features), "n_y": len(labels)}
        raise ValueError(translate("dataset.lengths_differ", **words))
    if n_classes is None:
        refuse_regression("y", labels)
    return features, labels


def _numbered(splits: Mapping[str, Pair]) -> tuple[dict[str, Pair], tuple[str, ...] | None]:
    """Encode labels that are names, the same in all splits; leave numbers as they are."""
    labels = {name: checked_array(f"y_{name}", pair[1]) for name, pair in _pairs(splits).items()}
    if not all(values.ndim == 1 and _are_names(values) for values in labels.values()):
        return dict(splits), None
    all_labels = np.concatenate([values.astype(str) for values in labels.values()])
    numbers, names = encode_labels("y", all_labels)
    ends = np.cumsum([len(values) for values in labels.values()])[:-1]
    parts = dict(zip(labels, np.split(numbers, ends), strict=True))
    named = {name: (splits[name][0], part) for name, part in parts.items()}
    return {**splits, **named}, names


def _pairs(splits: Mapping[str, Pair]) -> dict[str, Pair]:
    """Return the splits that are pairs; what is none is refused later, by name."""
    return {n: p for n, p in splits.items() if isinstance(p, tuple | list) and len(p) == 2}


def _are_names(values: NDArray[Any]) -> bool:
    if values.dtype.kind in "USb":
        return True
    return values.dtype.kind == "O" and all(isinstance(value, str) for value in values)
