"""Chapter 7.4: what papers say about schedules, width and initial weights."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.studies.claims.claim import Claim

CLAIMS: Final[tuple[Claim[Any], ...]] = ()
