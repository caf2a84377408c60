"""A program that uses one lab of every kind and two of the commands, and says what happened.

Run by `test_surroundings.py` in surroundings that are as bad as they come. Its last line is
a JSON object.
"""

import contextlib
import io
import json
import locale
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from patience import SECONDS

# From the start on: whatever asks for the network, Python says so.
asked_for = []
LOOPBACK = {"127.0.0.1", "::1", "localhost", None, ""}


def listen_to_audit(event, arguments):
    """Take note of a connection or a name that is asked for beyond this computer."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host not in LOOPBACK:
        asked_for.append([event, str(host)])


def show(lab):
    """Do what a notebook does with the last value of a cell."""
    lab._repr_mimebundle_()


def use(lab):
    """Show a lab, start it where it has something to start, and say how it ended."""
    show(lab)
    if hasattr(lab, "start"):
        lab.start()
        lab.wait(SECONDS)
    show(lab)
    return getattr(lab, "state", "shown")


def use_all_labs():
    """Return how each lab ended."""
    import hpt_widgets as hpt

    data = hpt.load_mnist().take(400, seed=0)
    quick = {"hidden_units": (8,), "learning_rate": 0.01}
    hp = hpt.Hyperparameters(**quick)
    search = hpt.SearchLab(data, hyperparameters=hp, training_size=200)
    search.set(trials=2)
    sweep = hpt.SweepLab(data, hp, training_size=200)
    sweep.set(learning_rate=[0.01, 0.1], seeds=1)
    training = hpt.TrainingLab(data, hp)
    labs: dict[str, Any] = {
        "training": training,
        "search": search,
        "sweep": sweep,
        "range test": hpt.RangeTestLab(data),
        "descent": hpt.DescentLab(),
        "backprop": hpt.BackpropLab(),
        "quiz": hpt.quiz("4.1"),
    }
    ends = {name: use(lab) for name, lab in labs.items()}
    search.run("tpe", trials=2)
    model = training.last_run.model
    canvas = hpt.DigitCanvas(model)
    ends["canvas"] = use(canvas)
    labs["quiz"].answer(1, 1)
    hpt.check("4.1-b", 0.1)
    saved = hpt.SearchRecord.load(training.runs.save("我的 runs/mine.csv"))
    kept = hpt.SearchRecord.load(training.runs.path)
    for lab in (*labs.values(), canvas):
        lab.close()
    (trial,) = training.runs
    return {
        "ends": ends,
        "records are the same": saved.trials == kept.trials == training.runs.trials,
        "offset in minutes": trial.when.utcoffset() / timedelta(minutes=1),
        "files": sorted(str(p.relative_to(Path.cwd())) for p in Path.cwd().rglob("*.csv")),
    }


def use_commands():
    """Return the exit status of each command, and what the doctor says."""
    from hpt_widgets.__main__ import main
    from hpt_widgets.app import workbook

    # Not the project's own folder: the reader's copies are there.
    workbook.PROJECT = Path.cwd() / "project"
    notebook = workbook.PROJECT / "notebooks" / "en" / "00-start-here.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text("{}", encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = {name: main([name, *more]) for name, more in (("doctor", []), ("reset", ["00"]))}
    return {"status": status, "said": said.getvalue()}


if __name__ == "__main__":
    sys.addaudithook(listen_to_audit)
    locale.setlocale(locale.LC_ALL, "")
    report = {
        **use_all_labs(),
        **use_commands(),
        "decimal point": locale.localeconv()["decimal_point"],
        "asked for": asked_for,
    }
    sys.stdout.write(json.dumps(report))
