"""The trial bank for the page: a file of counts, and a module that says how to read it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.site import package
from tools.site.facts import as_module

SCORES_FILE: Final = "scores.bin"
FACTS_FILE: Final = "facts.js"
# What stands for a training of TPE's proposals that was not made.
NOT_TRAINED: Final = 0xFFFF
# The strategies that race in rungs.
RUNG_STRATEGIES: Final = ("halving", "hyperband")

Counts = NDArray[np.uint16]


def write_bank(folder: Path, bank: package.TrialBank, facts: dict[str, Any]) -> None:
    """Write what the page's explorer loads when it is opened.

    Parameters
    ----------
    folder : Path
        Where to; it is made if it is not there.
    bank : TrialBank
        What is replayed.
    facts : dict
        What `bank_facts` returns.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = bank_tables(bank)
    content = b"".join(table.astype("<u2").tobytes() for table in tables.values())
    (folder / SCORES_FILE).write_bytes(content)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    whole = {
        "scores": {
            "file": SCORES_FILE,
            "integrity": f"sha256-{digest}",
            "not_trained": NOT_TRAINED,
            "whole": package.BANK_VALIDATION,
            "shapes": {name: table.shape for name, table in tables.items()},
        },
        **facts,
        "held": bank_counts(bank),
    }
    (folder / FACTS_FILE).write_text(as_module(whole), encoding="utf-8")


def bank_tables(bank: package.TrialBank) -> dict[str, Counts]:
    """Return the tables that a replay draws from, as counts of digits that were read right.

    Parameters
    ----------
    bank : TrialBank

    Returns
    -------
    dict of str to ndarray of uint16
        ``"random-9"`` and the like, (n_settings, n_repeats, epochs); ``"tpe"``, (n_sequences,
        n_proposals, n_repeats).
    """
    tables = {
        f"{part}-{epochs}": _counts(bank.scores(part, epochs))
        for part in package.BANK_PARTS
        for epochs in package.MAX_EPOCHS
    }
    return {**tables, "tpe": _counts(bank.sequences)}


def _counts(scores: NDArray[np.float64]) -> Counts:
    known = np.isfinite(scores)
    counts = np.rint(np.where(known, scores, 0) * package.BANK_VALIDATION)
    found: Counts = np.where(known, counts, NOT_TRAINED).astype(np.uint16)
    return found


def bank_facts() -> dict[str, Any]:
    """Return what does not depend on what the bank holds."""
    sliders, ranges = package.bank_controls()
    return {
        "defaults": {**asdict(package.BankSettings()), "n_resamplings": package.N_RESAMPLINGS},
        "ranges": {name: asdict(allowed) for name, allowed in ranges.items()},
        "sliders": sliders,
        "strategies": package.STRATEGIES,
        "measures": package.MEASURES,
        "units": package.UNITS,
        "max_epochs": package.MAX_EPOCHS,
        "tpe_epochs": package.TPE_EPOCHS,
        "brackets": brackets(),
        "steps_a_trial": package.STEPS_A_TRIAL,
        "much": package.MUCH,
        "band": package.BAND,
        "n_groups": package.N_GROUPS,
        "n_comparisons": package.N_COMPARISONS,
        "seed_counts": package.SEED_COUNTS,
        "sure": package.FIRST_SURE,
        "late": package.LATE,
        "colors": package.BANK_COLORS,
    }


def brackets() -> dict[str, dict[int, list[list[tuple[int, int]]]]]:
    """Return each rung's settings and epochs, by strategy and by the longest training."""
    return {
        name: {
            epochs: [
                [(rung.n_candidates, rung.epochs) for rung in bracket.rungs]
                for bracket in package.brackets_of(name, None, epochs, package.DEFAULT_FACTOR)
            ]
            for epochs in package.MAX_EPOCHS
        }
        for name in RUNG_STRATEGIES
    }


def bank_counts(bank: package.TrialBank) -> dict[str, int]:
    """Return how much the bank holds, and how much of it is planned."""
    return {
        "trainings": len(bank.rows),
        "random": len(bank.scores("random", 1)),
        "long": len(bank.scores("random", package.MAX_EPOCHS[-1])),
        "grid": len(bank.scores("grid", 1)),
        "sequences": len(bank.sequences),
        "planned_random": package.N_RANDOM,
        "planned_sequences": package.N_SEQUENCES,
    }
