"""A notebook page in Chromium for the parts that measure what a reader sees."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Locator

from tools.browser import PATIENCE, NotebookPage, chromium, jupyter_server, open_page
from tools.run_checks import NO_BROWSER, find_browser

# Lets `CLOCK` know whether a change is made within a frame: to be run before the page's scripts.
FRAMES: Final = """(() => {
    const request = window.requestAnimationFrame.bind(window);
    const { port1, port2 } = new MessageChannel();
    window.isInFrame = false;
    port1.onmessage = () => { window.isInFrame = false; };
    window.requestAnimationFrame = callback => request(time => {
        if (!window.isInFrame) {
            window.isInFrame = true;
            port2.postMessage(null);  // is handled when the frame has been painted
        }
        callback(time);
    });
})()"""
# Clocks a key press: `window.clock(element, observed, begin, isPainted)` starts at the key's
# event in the page, and ends with the frame that paints the first change that `isPainted`
# accepts. It is given the change, and what `begin` returned at the key's event. `frameEnds` has
# the end of that frame, when a message posted from it comes; `clockings` the next frame, which
# calls `answered`. Nothing asks for frames meanwhile: each would take its share of the time.
CLOCK: Final = """() => {
    window.clockings = [];
    window.frameEnds = [];
    window.answered = () => {};
    const { port1, port2 } = new MessageChannel();
    let posted = null;
    port1.onmessage = () => window.frameEnds.push(performance.now() - posted);
    const isPaintedBy = since => {
        posted = since;
        port2.postMessage(null);
        requestAnimationFrame(() => {
            window.clockings.push(performance.now() - since);
            window.answered();
        });
    };
    window.clock = (element, observed, begin, isPainted) => {
        let pressed = null, state = null;
        element.addEventListener('keydown', () => {
            state = begin();
            pressed = performance.now();
        }, true);
        new MutationObserver(records => {
            if (pressed === null || !records.some(record => isPainted(record, state))) return;
            const since = pressed;
            pressed = null;
            // A change between two frames is painted with the next one.
            if (window.isInFrame === false) requestAnimationFrame(() => isPaintedBy(since));
            else isPaintedBy(since);
        }).observe(observed, {
            subtree: true, childList: true, attributes: true, attributeFilter: ['d', 'src'],
        });
    };
}"""

AWAIT_ANSWER: Final = """patience => {
    window.answer = new Promise((done, fail) => {
        window.answered = done;
        setTimeout(() => fail(new Error('the key was not answered')), patience);
    });
}"""

# Counts the painted frames a second in which one of these attributes, in some elements, changed.
CHANGED_FRAMES: Final = """(elements, [attributes, seconds]) => new Promise(done => {
    let changed = false, frames = 0;
    const observer = new MutationObserver(() => { changed = true; });
    const looked = {subtree: true, attributes: true, attributeFilter: attributes};
    elements.forEach(element => observer.observe(element, looked));
    const begun = performance.now();
    const frame = () => {
        frames += changed;
        changed = false;
        const passed = (performance.now() - begun) / 1000;
        if (passed < seconds) requestAnimationFrame(frame);
        else { observer.disconnect(); done(frames / passed); }
    };
    requestAnimationFrame(frame);
})"""


def count_changed_frames(elements: Locator, attributes: Sequence[str], seconds: float) -> float:
    """Return the frames a second in which attributes within some elements have changed."""
    frames: float = elements.evaluate_all(CHANGED_FRAMES, [list(attributes), seconds])
    return frames


@contextlib.contextmanager
def notebook_page() -> Iterator[NotebookPage]:
    """Open a page with a JupyterLab of its own behind it.

    Raises
    ------
    RuntimeError
        If there is no Chromium.
    """
    with notebook_pages(1) as (page,):
        yield page


@contextlib.contextmanager
def notebook_pages(count: int) -> Iterator[list[NotebookPage]]:
    """Open pages, as windows side by side, with one JupyterLab behind them.

    Raises
    ------
    RuntimeError
        If there is no Chromium.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyter_server(Path(folder)) as server,
        open_chromium() as browser,
    ):
        pages = [open_page(browser, server) for _ in range(count)]
        yield pages
        for page in pages:
            page.close()


@contextlib.contextmanager
def open_chromium() -> Iterator[Browser]:
    """Open a browser.

    Raises
    ------
    RuntimeError
        If there is no Chromium.
    """
    executable = find_browser(as_readers=True)
    if executable is None:
        raise RuntimeError(NO_BROWSER)
    with chromium(executable) as browser:
        yield browser


def clock_press(notebook: NotebookPage, key: str) -> float:
    """Press a key on what has the focus, and return the milliseconds until the next frame.

    That is the one after the frame with the change.
    """
    page = notebook.page
    page.evaluate(AWAIT_ANSWER, PATIENCE)
    page.keyboard.press(key)
    page.evaluate("() => window.answer")
    milliseconds: float = page.evaluate("() => window.clockings.at(-1)")
    return milliseconds


def last_frame_end(notebook: NotebookPage) -> float:
    """Return the milliseconds until the end of the frame with the change, of the last press."""
    milliseconds: float = notebook.page.evaluate("() => window.frameEnds.at(-1)")
    return milliseconds
