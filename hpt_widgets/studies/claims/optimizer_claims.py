"""Chapter 7.3: what papers say about optimisers and how they are compared."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.studies.claims.choi import CHOI, CHOI_SPACE
from hpt_widgets.studies.claims.claim import Claim
from hpt_widgets.studies.claims.kingma import KINGMA
from hpt_widgets.studies.claims.tuning_budgets import SCHMIDT, SIVAPRASAD

CLAIMS: Final[tuple[Claim[Any], ...]] = (KINGMA, CHOI, CHOI_SPACE, SIVAPRASAD, SCHMIDT)
