"""Trains the trial bank: ``make bank``, or ``python -m tools.train_bank``.

Each training is written to a journal as it ends, so that it can be broken off and killed at any
time, and goes on where it was. With ``--cluster`` the trainings run on a Dask cluster (``local``,
or a scheduler's address). When it ends, or is broken off by Ctrl-C, the bank's files are written
from the journal; ``--write`` does only that.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import hpt_widgets as hpt
import hpt_widgets.training.session as training_loop
from hpt_widgets.search.bank.plan import BankPlan
from hpt_widgets.search.bank.table import FOLDER, write_bank
from hpt_widgets.search.bank.training import BankObjective, bank_data
from hpt_widgets.search.objective import evaluate
from hpt_widgets.search.trial import Trial

PROJECT: Final = Path(__file__).resolve().parent.parent
JOURNAL: Final = PROJECT / "dist" / "trial-bank.csv"
CHUNK_SECONDS: Final = 60.0
LIBRARIES: Final = ("numpy", "tensorflow-cpu", "tensorflow", "hyperopt", "scikit-learn")


def train_here(plan: BankPlan, n_trials: int | None = None) -> None:
    """Train what is missing, one after the other, at most `n_trials` of them."""
    # Nobody watches: the loop need not return every 40 ms, which takes a third of the time.
    vars(training_loop)["CHUNK_SECONDS"] = CHUNK_SECONDS
    n_done = 0
    while n_trials is None or n_done < n_trials:
        values = plan.propose()
        if values is None:
            return
        tell(plan.record.append(evaluate(plan.objective, values, plan.method)))
        n_done += 1


def train_on_cluster(plan: BankPlan, where: str) -> None:
    """Train what is missing on a cluster."""
    from hpt_widgets.cluster.connection import opened
    from hpt_widgets.search.cluster_search import ClusterSearch

    with opened(where) as cluster:
        # A round ends where a proposal waits for what is under way.
        while plan.propose() is not None:
            ClusterSearch(plan, cluster, lambda _n_under_way, _spent: True, on_trial=tell).run()


def tell(trial: Trial) -> None:
    """Print a line for each twentieth training; a failed one is a fault, and ends the program."""
    if trial.ended == "failed":
        raise RuntimeError(trial.message)
    if trial.number % 20 == 0:
        print(f"{time.strftime('%H:%M:%S')}  {trial.number} trainings", flush=True)


def facts_of(record: hpt.SearchRecord) -> dict[str, Any]:
    """Return with which versions these were trained, and when."""
    return {
        "trained_on": max(trial.when for trial in record).date().isoformat(),
        "n_trainings": len(record),
        "is_complete": BankPlan(lambda _values: 0.0, record).propose() is None,
        "processor": platform.machine(),
        **versions(),
    }


def versions() -> dict[str, str]:
    """Return the version of Python, and of each library that counts and is installed."""
    found = {name: version_of(name) for name in LIBRARIES}
    return {"python": platform.python_version()} | {name: v for name, v in found.items() if v}


def version_of(name: str) -> str:
    """Return a library's version, nothing where it is not installed."""
    try:
        return version(name)
    except ImportError:
        return ""


def main() -> int:
    """Train the bank, or go on with it."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_bank", description=__doc__)
    parser.add_argument("--journal", type=Path, default=JOURNAL, help="where trainings are kept")
    parser.add_argument("--cluster", help="'local', or the address of a Dask scheduler")
    parser.add_argument("--write", action="store_true", help="only write the bank's files")
    arguments = parser.parse_args()
    record = hpt.SearchRecord("bank", path=arguments.journal)
    try:
        if not arguments.write:
            plan = BankPlan(BankObjective(bank_data()), record)
            if arguments.cluster:
                train_on_cluster(plan, arguments.cluster)
            else:
                train_here(plan)
    except KeyboardInterrupt:
        print("broken off; the same command goes on")
    if len(record):
        write_bank(FOLDER, record, facts_of(record))
    return 0


if __name__ == "__main__":
    sys.exit(main())
