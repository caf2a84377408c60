"""From a key press on a slider to the first repaint, in JupyterLab in Chromium."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Final

import numpy as np
from playwright.sync_api import Locator

from benchmarks.browser_page import CLOCK, FRAMES, clock_press, last_frame_end, notebook_page
from benchmarks.rows import Row
from tools.browser import NotebookPage

TITLE = "Slider to repaint"
PRESSES: Final = 40
USUAL_PRESSES: Final = 5
FRAME_END: Final = "keydown to a message posted from the frame with the new curve's first point"
NEXT_FRAME: Final = "keydown to the frame after the one with the new curve's first point"
# Milliseconds after a run in which the page is left alone.
SETTLING: Final = 300
LAB: Final = "import hpt_widgets as hpt\nlab = hpt.TrainingLab()\nlab"
IDLE: Final = "lab.state in ('ready', 'ended') and not lab.is_busy"
# A curve that begins anew has fewer points than there were in its path, or is the first there.
LENGTHS: Final = """() => new Map([...lab.querySelectorAll('.hpt-chart path.line')].map(
    path => [path, (path.getAttribute('d') || '').split(',').length]))"""
NEW_CURVE: Final = """(record, lengths) => {
    const paths = [record.target, ...record.addedNodes].filter(node => node.matches)
        .flatMap(node => node.matches('path.line') ? [node]
            : record.type === 'childList' ? [...node.querySelectorAll('path.line')] : []);
    return paths.some(path => {
        const now = (path.getAttribute('d') || '').split(',').length;
        const before = lengths.get(path) || 1;
        return now > 1 && (before === 1 || now < before);
    });
}"""
MIDWAY: Final = (
    r"() => /[1-3]\d,\d{3} of 50,000/.test(document.querySelector('.hpt-lab').innerText)"
)
# What most notebooks do: build, compile, fit and plot in the callback of a slider.
USUAL: Final = """
import matplotlib.pyplot as plt
import tensorflow as tf
from ipywidgets import FloatLogSlider, interact
x, y = DATA

def train(learning_rate):
    layers = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), layers.Flatten(),
        layers.Dense(128, "relu"), layers.Dropout(0.2), layers.Dense(64, "relu"),
        layers.Dropout(0.2), layers.Dense(10, "softmax")])
    model.compile(tf.keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    losses = []
    record = tf.keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: losses.append(logs["loss"]))
    model.fit(x, y, batch_size=32, epochs=1, verbose=0, callbacks=[record])
    plt.plot(losses)
    plt.show()

_ = interact(train, learning_rate=FloatLogSlider(value=1e-3, min=-5, max=1))
"""


def measure() -> list[Row]:
    """Clock the lab at rest and while it trains, and the usual way."""
    with notebook_page() as notebook:
        rest, training = time_lab(notebook)
    with notebook_page() as notebook:
        usual = time_usual_way(notebook)
    rows = []
    for name, presses in (("at rest", rest), ("while training", training)):
        for until, times, how, median, most in (
            ("end of the frame", [press.frame_end for press in presses], FRAME_END, 33, 60),
            ("next frame", [press.next_frame for press in presses], NEXT_FRAME, 50, 80),
        ):
            how = f"{how}; {PRESSES} presses"
            high = float(np.percentile(times, 95))
            rows += [
                Row(f"the lab, {name}, {until}: median", statistics.median(times), "ms", how,
                    f"≤ {median}"),
                Row(f"the lab, {name}, {until}: 95th percentile", high, "ms", how, f"≤ {most}"),
            ]  # fmt: skip
    slow = statistics.median(usual)
    return [
        *rows,
        Row("the usual way: median", slow, "ms",
            "keydown to the frame with the new picture: interact around build, compile, fit of "
            f"one epoch (50,000, batch 32) and a plot; {USUAL_PRESSES} presses"),
        Row("times sooner than the usual way",
            slow / statistics.median(press.next_frame for press in rest), "times",
            "median by median, the lab at rest", "≥ 50"),
    ]  # fmt: skip


@dataclass(frozen=True)
class Press:
    """When a key press was answered.

    Attributes
    ----------
    frame_end, next_frame : float
        Milliseconds from the key to the end of the frame with the answer, and to the next one.
    """

    frame_end: float
    next_frame: float


def time_press(notebook: NotebookPage, key: str) -> Press:
    """Press a key on what has the focus."""
    next_frame = clock_press(notebook, key)
    return Press(last_frame_end(notebook), next_frame)


def time_lab(notebook: NotebookPage) -> tuple[list[Press], list[Press]]:
    """Return the presses while nothing is trained, and in the midst of trainings."""
    notebook.page.add_init_script(FRAMES)
    notebook.open_cells(LAB)
    notebook.run_all()
    notebook.wait_for_kernel(IDLE)
    page = notebook.page
    clock_lab(notebook, page.locator(".hpt-lab"))
    times: dict[str, list[Press]] = {"rest": [], "training": []}
    for number in range(-2, PRESSES):  # the first two are for warming up
        key = "ArrowRight" if number % 2 else "ArrowLeft"
        back = "ArrowLeft" if number % 2 else "ArrowRight"
        page.wait_for_timeout(SETTLING)  # the table and the legend of the run before
        rest = time_press(notebook, key)
        page.wait_for_function(MIDWAY)
        training = time_press(notebook, back)
        notebook.wait_for_kernel(IDLE)
        if number >= 0:
            times["rest"].append(rest)
            times["training"].append(training)
    return times["rest"], times["training"]


def clock_lab(notebook: NotebookPage, lab: Locator) -> None:
    """Set the clock at a training lab's first slider, and the focus on it."""
    notebook.page.evaluate(CLOCK)
    lab.evaluate(
        f"""lab => window.clock(lab.querySelector('.noUi-handle'),
            lab.querySelector('.hpt-chart'), {LENGTHS}, {NEW_CURVE})"""
    )
    lab.locator(".noUi-handle").first.focus()


def median_at_rest(notebook: NotebookPage, lab: Locator, presses: int) -> float:
    """Return the median milliseconds of some presses, with the kernel's ``lab`` at rest.

    The clock has to be set already, see `clock_lab`.
    """
    notebook.ask("lab.reset()")
    notebook.wait_for_kernel(IDLE)
    lab.locator(".noUi-handle").first.focus()
    times = []
    for number in range(-2, presses):  # the first two are for warming up
        notebook.page.wait_for_timeout(SETTLING)
        taken = clock_press(notebook, "ArrowRight" if number % 2 else "ArrowLeft")
        notebook.wait_for_kernel(IDLE)
        if number >= 0:
            times.append(taken)
    return statistics.median(times)


def time_usual_way(notebook: NotebookPage) -> list[float]:
    """Return milliseconds of presses on a slider of ``interact``."""
    data = "import hpt_widgets as hpt\ndata = hpt.load_mnist()\nDATA = data.x_train, data.y_train"
    notebook.open_cells(data, USUAL)
    notebook.run_all()
    page = notebook.page
    page.locator(".jp-OutputArea img").wait_for()
    page.evaluate(CLOCK)
    page.evaluate(
        """() => window.clock(document.querySelector('.noUi-handle'),
            document.querySelector('.widget-interact'), () => null,
            record => [...record.addedNodes].some(node => node.matches &&
                (node.matches('img') || node.querySelector('img'))))"""
    )
    page.locator(".noUi-handle").focus()
    return [
        clock_press(notebook, "ArrowRight" if number % 2 else "ArrowLeft")
        for number in range(USUAL_PRESSES)
    ]
