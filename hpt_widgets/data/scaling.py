"""Whether features are of a size that a network learns well from."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from hpt_widgets.data.split import PixelSplit, Split
from hpt_widgets.language import translate

# The pixels of MNIST have 0.33 from 0 to 1, and 85 from 0 to 255; standardised columns have 1.
LARGEST_SIZE: Final = 3.0
SAMPLES_LOOKED_AT: Final = 1_000


def typical_size(split: Split) -> float:
    """Return the root mean square of a split's features, from a thousand of its samples.

    Parameters
    ----------
    split : Split
        Pixels that are kept as bytes count as what is read of them, from 0 to 1.

    Returns
    -------
    float
        0 where there are no samples.
    """
    stored = split.stored[:: max(1, len(split.stored) // SAMPLES_LOOKED_AT)]
    if not stored.size:
        return 0.0
    size = math.sqrt(np.square(stored, dtype=np.float64).mean())
    return size / 255 if isinstance(split, PixelSplit) else size


def unscaled_note(size: float) -> str:
    """Say in the current language that features are unscaled; empty where they are not.

    Parameters
    ----------
    size : float
        Their `typical_size`.
    """
    return translate("dataset.unscaled", size=size) if size > LARGEST_SIZE else ""
