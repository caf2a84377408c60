"""Chapter 7.1: what papers say about searching. All of it is answered by the trial bank."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.studies.claims.bergstra_2012 import BERGSTRA_2012
from hpt_widgets.studies.claims.claim import Claim
from hpt_widgets.studies.claims.li_2018 import LI_2018
from hpt_widgets.studies.claims.recht_2016 import RECHT_2016
from hpt_widgets.studies.claims.sixty_draws import SIXTY_DRAWS

CLAIMS: Final[tuple[Claim[Any], ...]] = (SIXTY_DRAWS, BERGSTRA_2012, LI_2018, RECHT_2016)
