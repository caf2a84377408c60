"""A small trial bank of made-up learning curves, for tests that replay one."""

from datetime import datetime

import numpy as np

from hpt_widgets.search.bank.plan import (
    N_REPEATS,
    SEQUENCE_TRIALS,
    RowKey,
    grid_settings,
    random_settings,
)
from hpt_widgets.search.bank.table import BankRow, TrialBank

DAY = datetime(2026, 1, 2)
NOISE = 0.004


def made_up_curve(epochs, worth, rng):
    """Return a curve that rises towards `worth`, with noise after each epoch."""
    rise = 1 - 0.5 / np.arange(1, epochs + 1)
    curve = np.clip(worth * rise + rng.normal(0, NOISE, epochs), 0, 1)
    return tuple(np.round(curve, 4).tolist())


def rows_of(part, numbers, settings, rng, n_repeats=N_REPEATS):
    """Return rows of a part; each setting has a worth of its own."""
    rows = []
    for number in numbers:
        worth = rng.uniform(0.5, 0.95)
        for repeat in range(n_repeats):
            key = RowKey(part, number, repeat)
            curve = made_up_curve(key.epochs, worth, rng)
            values = settings[number % len(settings)]
            rows.append(BankRow(key, dict(values), "finished", 0.5, curve))
    return rows


def small_bank(n_random=96, n_sequences=3, n_repeats=N_REPEATS, seed=0):
    """Return a bank with so many random settings, the grid, and so many runs of TPE."""
    rng = np.random.default_rng(seed)
    drawn = random_settings()
    rows = [
        *rows_of("random", range(n_random), drawn, rng, n_repeats),
        *rows_of("grid", range(27), grid_settings(), rng, n_repeats),
        *rows_of("tpe", range(n_sequences * SEQUENCE_TRIALS), drawn, rng, n_repeats),
    ]
    return TrialBank(tuple(rows), DAY)


def bank_of(scores):
    """Return a bank of random settings with these curves, (n_settings, n_repeats, 9)."""
    drawn = random_settings()
    # Settings that are trained for 9 epochs.
    numbers = [number for number in range(len(drawn)) if RowKey("random", number, 0).epochs == 9]
    rows = [
        BankRow(RowKey("random", number, repeat), dict(drawn[number]), "finished", 0.5, tuple(one))
        for number, curves in zip(numbers, np.asarray(scores).tolist(), strict=False)
        for repeat, one in enumerate(curves)
    ]
    return TrialBank(tuple(rows), DAY)
