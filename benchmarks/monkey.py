"""A long afternoon: an hour of random events over one lab of each kind.

The labs are all open in one process. An event is what a front end would send: a button is
pressed, a field gets a value that may make no sense, a slider moves, a tab is turned, a chart is
clicked. Now and then a lab is closed and another takes its place, as when its cell is run again.
The events are the same each time; ``HPT_MONKEY_MINUTES`` says for how long (60 by default). What
is found in less than an hour is printed only.
"""

from __future__ import annotations

import gc
import logging
import math
import os
import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import bqplot
import ipywidgets as widgets
import psutil

import hpt_widgets as hpt
from benchmarks.rows import Row, Skipped, table
from hpt_widgets.labs.kit.controls import NumberControl
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.number_range import format_number
from hpt_widgets.support.process_memory import release_free_memory

TITLE = "An hour of random events"
SEED: Final = 0
WHOLE: Final = 60.0
MINUTES: Final = float(os.environ.get("HPT_MONKEY_MINUTES", WHOLE))
# What is loaded and grown once is there by then.
SETTLED_AFTER: Final = MINUTES / 6
PAUSES: Final = (0, 0.01, 0.05, 0.2)  # seconds
SHARE_CLOSED: Final = 0.004
SHARE_OF_NONSENSE: Final = 0.3
NONSENSE: Final = (
    *("", " ", "abc", "-1", "0", "1e999", "nan", "1,5", "12345678901234567890", "<b>1</b>"),
    *("０.１", "1e-30", "(1,", "一百", "64, 32", "0.5; 2", "\x00", "9" * 400),
)
SMALL: Final = {"hidden_units": (32,), "training_size": 1_000, "epochs": 1}
REST: Final = 10  # seconds in which idle threads end
SETTLING: Final = 1.0  # seconds between two looks at the memory
MEGABYTE: Final = 1e6


@dataclass
class Afternoon:
    """What happened.

    Attributes
    ----------
    events : int
        How many there were.
    errors : list of str
        What was raised or logged as an error.
    disagreements : set of str
        Controls whose field or slider showed another value than they had, with nothing at work.
    memory : list of float
        Resident memory at the end of each minute, in MB. What runs then is stopped before, since a
        study of a thousand trainings has its queue, and a small network is trained last.
    """

    events: int = 0
    errors: list[str] = field(default_factory=list)
    disagreements: set[str] = field(default_factory=set)
    memory: list[float] = field(default_factory=list)


class ErrorListener(logging.Handler):
    """Keeps what is logged as an error, and what ends a thread."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.errors = errors
        logging.getLogger().addHandler(self)
        threading.excepthook = self._thread_failed

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was logged."""
        self.errors.append(record.getMessage())

    def _thread_failed(self, failure: threading.ExceptHookArgs) -> None:
        self.errors.append("".join(traceback.format_exception(failure.exc_value)))


def makers() -> dict[str, Callable[[], Any]]:
    """Return how a lab of each kind is made."""
    data = hpt.load_mnist()
    small = data.take(1_000, seed=0)
    model = hpt.build_model(hpt.Hyperparameters(hidden_units=(16,)))
    return {
        "training": lambda: hpt.TrainingLab(data),
        "search": lambda: hpt.SearchLab(small),
        "sweep": lambda: hpt.SweepLab(small, training_size=500),
        "range test": lambda: hpt.RangeTestLab(small),
        "descent": hpt.DescentLab,
        "backprop": hpt.BackpropLab,
        "network": hpt.NetworkLab,
        "bayes": lambda: hpt.BayesLab(n_seeds=2),
        "bank": lambda: hpt.BankLab(n_resamplings=50),
        "prediction": lambda: hpt.prediction("2-learning-rate"),
        "canvas": lambda: hpt.DigitCanvas(model),
        "quiz": lambda: hpt.quiz("4.1"),
    }


def measure() -> list[Row]:
    """Let the monkey loose."""
    afternoon = Afternoon()
    ErrorListener(afternoon.errors)
    threads_before = set(threading.enumerate())
    make = makers()
    labs = {name: shown(maker) for name, maker in make.items()}
    _play(afternoon, make, labs)
    for lab in labs.values():
        lab.close()
    del lab
    labs.clear()
    time.sleep(REST)
    left = [t.name for t in threading.enumerate() if t not in threads_before and ours(t)]
    for error in sorted({*afternoon.errors, *afternoon.disagreements}):
        print(error, flush=True)
    rows = _rows(afternoon, left)
    if MINUTES < WHOLE:
        print(table(rows))
        raise Skipped(f"What {MINUTES:g} minutes found is not written down.")
    return rows


def shown(maker: Callable[[], Any]) -> Any:
    """Make a lab and show it, as the last line of a cell does."""
    lab = maker()
    lab._repr_mimebundle_()
    return lab


def ours(thread: threading.Thread) -> bool:
    """Return whether a thread is one of the package's."""
    return thread.name.startswith("hpt")


def _play(afternoon: Afternoon, make: dict[str, Callable[[], Any]], labs: dict[str, Any]) -> None:
    chance = random.Random(SEED)
    started = time.monotonic()
    while (passed := time.monotonic() - started) < 60 * MINUTES:
        if passed >= 60 * (len(afternoon.memory) + 1):
            _look(afternoon, labs)
            note = f"minute {len(afternoon.memory)}: {afternoon.memory[-1]:.0f} MB, "
            print(f"{note}{afternoon.events} events, {len(afternoon.errors)} errors", flush=True)
        name = chance.choice(sorted(labs))
        try:
            if chance.random() < SHARE_CLOSED:
                labs[name].close()
                labs[name] = shown(make[name])
            else:
                _touch(labs[name], chance)
        except Exception:
            afternoon.errors.append(f"{name}: {traceback.format_exc()}")
        afternoon.events += 1
        time.sleep(chance.choice(PAUSES))
    _look(afternoon, labs)


def _look(afternoon: Afternoon, labs: dict[str, Any]) -> None:
    """Note how controls and memory are, with nothing at work."""
    _stop_all(labs)
    afternoon.disagreements |= _disagreements()
    afternoon.memory.append(_memory(labs))


def _stop_all(labs: dict[str, Any]) -> None:
    """Stop what the labs have at work, and wait until it has ended."""
    working = [lab for lab in labs.values() if hasattr(lab, "stop") or hasattr(lab, "pause")]
    for lab in working:
        (lab.stop if hasattr(lab, "stop") else lab.pause)()
    for lab in working:
        lab.wait()


def _touch(lab: Any, chance: random.Random) -> None:
    """Do something to a widget of the lab that can be seen and used."""
    usable = [widget for widget in widgets_within(lab.view) if isinstance(widget, KINDS)]
    usable = [w for w in usable if not getattr(w, "disabled", False) and w.comm is not None]
    if usable:
        _use(chance.choice(usable), chance)


def _use(widget: Any, chance: random.Random) -> None:
    if isinstance(widget, widgets.Button):
        widget.click()
    elif isinstance(widget, widgets.Text):
        widget.value = _text(widget.value, chance)
    elif isinstance(widget, widgets.Checkbox | widgets.ToggleButton):
        widget.value = not widget.value
    elif isinstance(widget, widgets.Tab):
        widget.selected_index = chance.randrange(len(widget.children))
    elif isinstance(widget, bqplot.Image):
        place = {"click_x": chance.uniform(-3, 3), "click_y": chance.uniform(-3, 3)}
        widget._handle_custom_msg({"event": "element_click", "data": place}, [])
    elif isinstance(widget, widgets.IntSlider):
        widget.value = chance.randint(widget.min, widget.max)
    else:
        widget.index = chance.randrange(len(widget.options))


KINDS: Final = (
    *(widgets.Button, widgets.Text, widgets.Checkbox, widgets.ToggleButton, widgets.Tab),
    *(widgets.IntSlider, widgets.Dropdown, widgets.RadioButtons, widgets.ToggleButtons),
    bqplot.Image,
)


def _text(present: str, chance: random.Random) -> str:
    """Return a number near the present one, or nonsense."""
    try:
        number = float(present)
    except ValueError:
        number = 0.0
    if number == 0 or chance.random() < SHARE_OF_NONSENSE:
        return chance.choice(NONSENSE)
    return f"{number * chance.choice((0.1, 0.5, 2, 10)):g}"


def _memory(labs: dict[str, Any]) -> float:
    """Return what is held, in MB, without what is free and only waits to be used again.

    What the training lab is to keep would be taken for growth: a last run of up to twenty million
    weights, and the paths of the runs in its charts, 32 MB each. So its charts are emptied, and a
    small network is the last; then it trains with the settings that it had.
    """
    training = labs["training"]
    before = {**training.settings.to_dict(), "training_size": training.training_size}
    training.reset()
    training.set(**SMALL)
    training.wait()
    memory = _resident_at_rest()
    training.set(**before)
    return memory


def _resident_at_rest() -> float:
    """Return what is held, in MB, once it falls no further: some of it is let go of late."""
    least = math.inf
    while True:
        gc.collect()
        release_free_memory()
        now = float(psutil.Process().memory_info().rss) / MEGABYTE
        if now > least - 1:
            return min(now, least)
        least = now
        time.sleep(SETTLING)


def _disagreements() -> set[str]:
    """Say of which controls the field or the slider shows another value than they have."""
    found = set()
    for control in gc.get_objects():
        # What is no control may not like to be asked for its class.
        if not issubclass(type(control), NumberControl) or control.slider is None:
            continue
        shown = (control.field.value, control.slider.widget.value)
        held = (format_number(control.value), control.slider.nearest(control.value))
        if control.field.comm is not None and shown != held:
            found.add(f"{control.field.description}: shows {shown}, has {held}")
    return found


def _rows(afternoon: Afternoon, left: list[str]) -> list[Row]:
    settled = afternoon.memory[max(0, round(SETTLED_AFTER) - 1) :]
    how = f"{afternoon.events:,} events in {MINUTES:g} minutes, a lab of each kind"
    return [
        Row("errors", float(len(afternoon.errors)), "errors", how, "≤ 0"),
        Row("controls that show another value than they have",
            float(len(afternoon.disagreements)), "values", "looked for every minute", "≤ 0"),
        Row("threads that are left", float(len(left)), "threads",
            f"{REST} s after the labs were closed; {', '.join(left)}", "≤ 0"),
        Row("memory more than when it had settled", max(settled) - settled[0], "MB",
            f"the most after minute {round(SETTLED_AFTER)}, against that minute", "≤ 50"),
        Row("memory at the end", settled[-1], "MB", "resident"),
    ]  # fmt: skip
