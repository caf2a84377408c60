"""What a lab that trains is given to train on."""

from __future__ import annotations

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.mnist import load_mnist
from hpt_widgets.language import translate


def checked_data(data: Dataset | None, *, with_validation: bool = True) -> Dataset:
    """Return the data of a lab, MNIST where there are none.

    Parameters
    ----------
    data : Dataset or None
        What the lab was given.
    with_validation : bool, default True
        Whether the lab measures on the split ``validation``.

    Returns
    -------
    Dataset

    Raises
    ------
    TypeError
        If it is no Dataset.
    ValueError
        If the split is missing.
    """
    data = load_mnist() if data is None else data
    if not isinstance(data, Dataset):
        raise TypeError(translate("search_lab.data", value=data))
    if with_validation and "validation" not in data.splits:
        raise ValueError(translate("training_lab.no_validation"))
    return data
