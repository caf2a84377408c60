"""Chapter 7.3: what papers say about optimisers and how they are compared."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.studies.claims.claim import Claim

CLAIMS: Final[tuple[Claim[Any], ...]] = ()
