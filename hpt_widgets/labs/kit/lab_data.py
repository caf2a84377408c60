"""What a lab that trains is given to train on."""

from __future__ import annotations

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.mnist import load_mnist
from hpt_widgets.language import translate


def checked_data(data: Dataset | None, *, with_validation: bool = True) -> Dataset:
    """Return the data of a lab, MNIST where none are given.

    Raises
    ------
    TypeError
        If they are no Dataset.
    ValueError
        If the lab measures on the split ``validation`` and there is none.
    """
    data = load_mnist() if data is None else data
    if not isinstance(data, Dataset):
        raise TypeError(translate("search_lab.data", value=data))
    if with_validation and "validation" not in data.splits:
        raise ValueError(translate("training_lab.no_validation"))
    return data
