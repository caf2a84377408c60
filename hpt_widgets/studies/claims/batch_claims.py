"""Chapter 7.2: what papers say about batch sizes, dropout and chance."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.studies.claims import (
    bouthillier,
    goyal,
    goyal_warm_up,
    large_batches,
    srivastava,
)
from hpt_widgets.studies.claims.claim import Claim

CLAIMS: Final[tuple[Claim[Any], ...]] = (
    bouthillier.BOUTHILLIER,
    goyal.GOYAL,
    goyal_warm_up.WARM_UPS,
    large_batches.KESKAR,
    large_batches.SHALLUE,
    srivastava.RATE,
    srivastava.SIZE,
    srivastava.ERROR,
)
