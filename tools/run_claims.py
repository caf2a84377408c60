"""Makes anew the results by which chapter 7 judges claims: ``make claims``.

Each training is written to a journal as it ends, so that a run can be broken off and goes on where
it was; when an experiment is whole, its results are stored in the package. Names of experiments
choose some of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import hpt_widgets as hpt
import hpt_widgets.training.session as training_loop
from hpt_widgets.studies.claims.catalog import all_experiments
from hpt_widgets.studies.claims.experiment import FACTS, Experiment
from hpt_widgets.support.files import replace_file
from tools.train_bank import CHUNK_SECONDS, PROJECT, versions

JOURNALS: Final = PROJECT / "dist" / "claims"


def run(experiment: Experiment, folder: Path) -> hpt.SearchRecord:
    """Train what an experiment lacks; its journal is in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    record = hpt.SearchRecord(experiment.name, path=folder / f"{experiment.name}.csv")
    n_all = sum(1 for _ in experiment.settings())

    def tell(trial: hpt.Trial) -> None:
        if trial.ended == "failed":
            raise RuntimeError(trial.message)
        if len(record) % 20 == 0 or len(record) == n_all:
            print(f"{time.strftime('%H:%M:%S')}  {len(record)} of {n_all}", flush=True)

    return experiment.run(record, on_trial=tell)


def store(experiment: Experiment, record: hpt.SearchRecord) -> None:
    """Write the results of a whole experiment into the package, with what it was run on."""
    experiment.path.unlink(missing_ok=True)
    record.save(experiment.path)
    kept = json.loads(FACTS.read_text(encoding="utf-8")) if FACTS.exists() else {}
    kept[experiment.name] = facts_of(record)
    text = json.dumps(dict(sorted(kept.items())), indent=2, ensure_ascii=False)
    replace_file(FACTS, f"{text}\n".encode())


def facts_of(record: hpt.SearchRecord) -> dict[str, Any]:
    """Return when, on what and with which versions a record was made."""
    return {
        "run_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "trainings": len(record),
        "core_minutes": round(sum(trial.seconds or 0.0 for trial in record) / 60, 1),
        **versions(),
    }


def main() -> int:
    """Run all experiments, or those that are named."""
    experiments = {one.name: one for one in all_experiments()}
    parser = argparse.ArgumentParser(prog="python -m tools.run_claims", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="all by default")
    parser.add_argument("--journals", type=Path, default=JOURNALS, help="where trainings are kept")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in experiments]:
        parser.error(
            f"no such experiment: {', '.join(unknown)}; there are {', '.join(experiments)}"
        )
    # Nobody watches: the loop need not return every 40 ms.
    vars(training_loop)["CHUNK_SECONDS"] = CHUNK_SECONDS
    for name in arguments.names or experiments:
        print(f"{name}: about {experiments[name].minutes:g} minutes on two cores", flush=True)
        started = time.monotonic()
        try:
            store(experiments[name], run(experiments[name], arguments.journals))
        except KeyboardInterrupt:
            print("broken off; the same command goes on")
            return 1
        print(f"{name}: {(time.monotonic() - started) / 60:.1f} minutes", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
