"""All claims of chapter 7, in the order in which it tests them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hpt_widgets.language import translate
from hpt_widgets.studies.claims import batch_claims, optimizer_claims, scale_claims, search_claims
from hpt_widgets.studies.claims.claim import Claim
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.support.argument_checks import require_choice

if TYPE_CHECKING:
    from hpt_widgets.studies.claims.claim_table import ClaimTable

PARTS = (search_claims, batch_claims, optimizer_claims, scale_claims)


@cache
def all_claims() -> dict[str, Claim[Any]]:
    """Return all claims by their names."""
    return {claim.name: claim for part in PARTS for claim in part.CLAIMS}


def all_experiments() -> list[Experiment]:
    """Return all experiments, each once: two claims may be judged by the same."""
    found = (claim.experiment for claim in all_claims().values() if claim.experiment is not None)
    return list({experiment.name: experiment for experiment in found}.values())


def load_claim(name: str) -> Claim[Any]:
    """Return a claim of chapter 7: its paper, its criterion, its results and its verdict.

    Parameters
    ----------
    name : str
        Its name, such as ``"goyal-2017"``; `claim_table` lists all.

    Returns
    -------
    Claim

    Raises
    ------
    ValueError
        If there is none of this name.

    Examples
    --------
    >>> load_claim("sixty-draws").verdict().outcome
    'reproduced'
    """
    claims = all_claims()
    return claims[require_choice("name", name, list(claims))]


def claim_table() -> ClaimTable:
    """Return the verdicts on all claims, made from the stored results.

    Returns
    -------
    DataFrame
        A row for each claim, in the order of the chapters; columns in the reader's language: the
        chapter, the claim, the verdict, and the estimate with its 95 % band. A notebook shows it
        whole.
    """
    import pandas as pd

    from hpt_widgets.studies.claims.claim_table import ClaimTable

    rows = [
        {
            translate("claims.column_name"): claim.name,
            translate("claims.column_chapter"): f"7.{number}",
            translate("claims.column_claim"): claim.says,
            translate("claims.column_verdict"): (verdict := claim.verdict()).word,
            translate("claims.column_figures"): verdict.figures,
        }
        for number, part in enumerate(PARTS, start=1)
        for claim in part.CLAIMS
    ]
    return ClaimTable(pd.DataFrame(rows).set_index(translate("claims.column_name")))
