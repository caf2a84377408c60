"""Chapter 7.4: what papers say about schedules, width and initial weights."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.studies.claims.claim import Claim
from hpt_widgets.studies.claims.glorot import GLOROT_2010
from hpt_widgets.studies.claims.smith import SMITH_2018
from hpt_widgets.studies.claims.yang import YANG_2022

CLAIMS: Final[tuple[Claim[Any], ...]] = (SMITH_2018, YANG_2022, GLOROT_2010)
