"""Measures the chosen parts, or all: ``python -m benchmarks [part …]``.

The figures are printed and written to ``benchmarks/results.md``, with what they were
measured on.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

from benchmarks.rows import Skipped, table

# Each is a module of this folder with a TITLE, and measure(), which returns rows.
PARTS = (
    "training_loop",
    "slider_repaint",
    "drawing_cost",
    "stopping",
    "descent_lab",
    "network_lab",
    "path_view",
    "search_grid",
    "records",
    "students",
    "endurance",
    "monkey",
    "crowd",
    "cold_start",
    "cluster",
    "site_page",
    "board",
    "real_class",
    "tuning_pays",
)
RESULTS = Path(__file__).with_name("results.md")
HEAD = """# Results

Written by `make bench`. Each part says where it was measured; compare within a part.
"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    chosen = parser.parse_args().parts or PARTS
    if unknown := sorted(set(chosen) - set(PARTS)):
        parser.error(f"no such part: {', '.join(unknown)} (there are {', '.join(PARTS)})")
    # Where this is set, each kernel compiles anew what has changed since the set-up; readers do not
    # set it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(_machine(), flush=True)
    for name in chosen:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n## {module.TITLE}", flush=True)
        try:
            # What the reader has of their own is neither read nor added to.
            with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, HPT_HOME=home):
                text = table(module.measure())
        except Skipped as reason:
            # What was measured before stays.
            print(f"Skipped. {reason}", flush=True)
            continue
        print(text, flush=True)
        # What has been measured is kept, whatever becomes of the parts that follow, and what
        # another run has written meanwhile.
        own = f"## {module.TITLE}\n\n{_day()}: {_machine()}\n\n{text}\n"
        _write({**_earlier_parts(), name: own})


def _earlier_parts() -> dict[str, str]:
    """Return what was written before, so that measuring one part leaves the others."""
    if not RESULTS.exists():
        return {}
    _, *parts = RESULTS.read_text(encoding="utf-8").split("<!-- part: ")
    return dict(part.split(" -->\n", 1) for part in parts)


def _write(texts: dict[str, str]) -> None:
    parts = [f"<!-- part: {name} -->\n{texts[name].strip()}\n" for name in PARTS if name in texts]
    RESULTS.write_text("\n".join([HEAD, *parts]), encoding="utf-8")


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {_processor()}; {platform.system()}; "
        f"Python {platform.python_version()}, TensorFlow {_tensorflow_version()}, "
        f"JupyterLab {version('jupyterlab')}."
    )


def _day() -> str:
    return f"Measured on {datetime.now(UTC):%Y-%m-%d}"


def _processor() -> str:
    """Return the processor's name; `platform.processor` leaves it empty on Linux."""
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _tensorflow_version() -> str:
    from hpt_widgets.support.tensorflow_loader import load_tensorflow

    found: str = load_tensorflow().__version__
    return found


if __name__ == "__main__":
    main()
