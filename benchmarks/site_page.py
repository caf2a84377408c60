"""The page that needs nothing installed, beside the workbook: ready, epoch, repaint, frames."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from playwright.sync_api import Browser, Page

import hpt_widgets as hpt
from benchmarks.browser_page import notebook_page, open_chromium
from benchmarks.own_process import call
from benchmarks.rows import Row
from benchmarks.slider_repaint import IDLE, LAB, clock_lab, median_at_rest
from tools.site.build import ACCURACY, build
from tools.site.server import serve

TITLE = "The page that needs nothing installed"
OPENINGS: Final = 7
EPOCHS: Final = 5
PRESSES: Final = 40
SEEDS: Final = 10
PLAYED_SECONDS: Final = 5
# Clocks from a key's event to the end of the frame that paints the first point of the new run:
# the page marks that frame, and a message to itself arrives when it has been handed over.
CLOCK: Final = """
window.clockings = [];
let pressed = null;
addEventListener('keydown', () => { pressed = performance.now(); }, true);
const mark = performance.mark.bind(performance);
performance.mark = (name, ...rest) => {
    if (name === 'first-point' && pressed !== null) {
        const since = pressed;
        pressed = null;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.clockings.push(performance.now() - since);
        port2.postMessage(null);
    }
    return mark(name, ...rest);
};
"""
FRAMES: Final = """seconds => new Promise(done => {
    const times = [];
    const frame = now => {
        times.push(now);
        if (now - times[0] < 1000 * seconds) requestAnimationFrame(frame);
        else done(times.slice(1).map((time, i) => time - times[i]));
    };
    requestAnimationFrame(frame);
})"""
# What choosing each of the surfaces takes, until its map is drawn and can be painted.
SURFACES: Final = """list => [...list.options].map(option => {
    list.value = option.value;
    const chosen = performance.now();
    list.dispatchEvent(new Event('change', {bubbles: true}));
    return performance.now() - chosen;
})"""
RACE: Final = (
    "en/descent.html#surface=ravine&steps=2000&optimizers="
    "gradient_descent:0.036,momentum:0.009,nesterov:0.009,adagrad:0.36,rmsprop:0.07,adam:0.14"
)


def measure() -> list[Row]:
    """Measure the page, and the workbook beside it where there is something to compare."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_chromium() as browser,
    ):
        build(Path(folder))
        with serve(Path(folder)) as address:
            ready = time_ready(browser, address)
            page = open_trained(browser, address)
            epochs = time_epochs(page)
            rest, training = time_slider(page)
            accuracies = page_accuracies(page)
            page.context.close()
            frames = time_frames(browser, address)
            surfaces = time_surfaces(browser, address)
    keep_accuracies(accuracies)
    loop = call("benchmarks.training_loop", "time_loop", batch_size=32, validate=True)["epoch"]
    lab = time_lab()
    epoch = statistics.median(epochs)
    how = f"keydown to the end of the frame with the new curve's first point; {PRESSES} presses"
    return [
        Row("ready: the first digits are here", statistics.median(ready) / 1000, "s",
            f"from the address to the start of the first training; median of {OPENINGS}", "≤ 1.5"),
        Row("an epoch on the page", epoch, "s",
            f"50,000, batch 32, Adam, validated 5 times; median of {EPOCHS}"),
        Row("the same epoch in the workbook's loop", loop, "s", "in the same run"),
        Row("the page's epoch is", epoch / loop, "times the loop's", "", "≤ 1.5"),
        Row("slider to repaint, at rest: median", statistics.median(rest), "ms", how, "≤ 33"),
        Row("slider to repaint, at rest: 95th percentile", percentile(rest), "ms", how),
        Row("slider to repaint, while training: median", statistics.median(training), "ms", how,
            "≤ 33"),
        Row("slider to repaint, while training: 95th percentile", percentile(training), "ms", how),
        Row("the workbook's lab, at rest: median", lab, "ms", "in the same run, by its own clock"),
        Row("the descent lab plays", 1000 / statistics.mean(frames), "frames/s",
            f"six optimisers, {PLAYED_SECONDS} s", "≥ 59"),
        Row("its frames: 95th percentile", percentile(frames), "ms", "from one to the next"),
        Row("another surface: the slowest", max(surfaces), "ms",
            f"of {len(surfaces)}, from the choice until its map can be painted"),
    ]  # fmt: skip


def percentile(values: list[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(values, 95))


def time_ready(browser: Browser, address: str) -> list[float]:
    """Return milliseconds from asking for the page until its first digits are unpacked."""
    times = []
    for _ in range(OPENINGS):
        page = open_trained(browser, address)
        times.append(page.evaluate("performance.getEntriesByName('ready')[0].startTime"))
        page.context.close()
    return times


def open_trained(browser: Browser, address: str) -> Page:
    """Open the training lab in a browser that has seen nothing, and wait for all digits."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.add_init_script(CLOCK)
    page.goto(address + "en/index.html")
    page.locator("#run-digits", has_text="50,000").wait_for()
    wait_until(page, "ended")
    return page


def wait_until(page: Page, state: str) -> None:
    """Wait until the lab is in a state."""
    page.locator(f"#lab[data-state={state}]").wait_for()


def run(page: Page, change: Callable[[], Any]) -> dict[str, float]:
    """Change something that trains anew, wait for the end, and return what the run came to."""
    change()
    wait_until(page, "ended")
    kept = page.locator("#lab").evaluate("lab => ({...lab.dataset})")
    return {name: float(kept[name]) for name in ("seconds", "accuracy")}


def time_epochs(page: Page) -> list[float]:
    """Return seconds that runs of one epoch took."""
    return [run(page, page.locator("#start").click)["seconds"] for _ in range(EPOCHS)]


def time_slider(page: Page) -> tuple[list[float], list[float]]:
    """Return milliseconds of presses while nothing is trained, and in the midst of trainings."""
    times: dict[str, list[float]] = {"rest": [], "training": []}
    page.locator("[data-setting=learning_rate] input[type=range]").focus()
    for number in range(-2, PRESSES):  # the first two are for warming up
        key, back = ("ArrowRight", "ArrowLeft")[:: 1 if number % 2 else -1]
        rest = press(page, key)
        training = press(page, back)
        wait_until(page, "ended")
        if number >= 0:
            times["rest"].append(rest)
            times["training"].append(training)
    return times["rest"], times["training"]


def press(page: Page, key: str) -> float:
    """Press a key, and return the milliseconds to the end of the frame with the first point."""
    before = page.evaluate("clockings.length")
    page.keyboard.press(key)
    while page.evaluate("clockings.length") == before:
        page.wait_for_timeout(40)
    milliseconds: float = page.evaluate("clockings.at(-1)")
    return milliseconds


def time_frames(browser: Browser, address: str) -> list[float]:
    """Return milliseconds from frame to frame while the descent lab plays."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(address + RACE)
    page.locator("#verdicts p").first.wait_for()
    page.locator("#speed").select_option("50")
    intervals: list[float] = page.evaluate(FRAMES, PLAYED_SECONDS)
    context.close()
    return intervals


def time_surfaces(browser: Browser, address: str) -> list[float]:
    """Return milliseconds that the descent lab works when a surface is chosen, for each of them."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + "en/descent.html")
    page.locator("#verdicts p").first.wait_for()
    milliseconds: list[float] = page.locator("#surface").evaluate(SURFACES)
    context.close()
    return milliseconds


def time_lab() -> float:
    """Return the median milliseconds of the workbook's own lab at rest."""
    with notebook_page() as notebook:
        notebook.open_cells(LAB)
        notebook.run_all()
        notebook.wait_for_kernel(IDLE)
        lab = notebook.page.locator(".hpt-lab")
        clock_lab(notebook, lab)
        return median_at_rest(notebook, lab, PRESSES)


def page_accuracies(page: Page) -> list[float]:
    """Return the validation accuracy of one epoch for each seed."""
    page.locator("#reset").click()
    seed = page.locator("#seed")

    def train(number: int) -> float:
        if number == 0:
            return run(page, page.locator("#start").click)["accuracy"]
        seed.fill(str(number))
        return run(page, lambda: seed.press("Enter"))["accuracy"]

    return [train(number) for number in range(SEEDS)]


def keep_accuracies(page: list[float]) -> None:
    """Write what the page says of its difference from the workbook."""
    workbook = call(__name__, "workbook_accuracies")
    differences = [100 * abs(one - other) for one, other in zip(page, workbook, strict=True)]
    kept = {
        "seeds": SEEDS,
        "page": statistics.mean(page),
        "workbook": statistics.mean(workbook),
        "difference": abs(statistics.mean(page) - statistics.mean(workbook)) * 100,
        "largest": max(differences),
        "page_runs": page,
    }
    ACCURACY.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def workbook_accuracies() -> list[float]:
    """Return the workbook's own validation accuracy of one epoch for each seed."""
    trainer = hpt.Trainer(hpt.load_mnist())
    runs = (trainer.train(hpt.Hyperparameters(seed=seed)) for seed in range(SEEDS))
    return [run.validation_accuracy for run in runs]
