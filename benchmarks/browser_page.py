"""A notebook page in Chromium for the parts that measure what a reader sees."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from tools.browser import NotebookPage, chromium, jupyter_server, open_page
from tools.run_checks import NO_BROWSER, find_browser

# Clocks a key press: `window.clock(element, observed, begin, isPainted)` starts at the key's
# event in the page, and ends with the frame that paints the first change that `isPainted`
# accepts. It is given the change, and what `begin` returned at the key's event.
CLOCK: Final = """() => {
    window.clockings = [];
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
            requestAnimationFrame(() => window.clockings.push(performance.now() - since));
        }).observe(observed, {
            subtree: true, childList: true, attributes: true, attributeFilter: ['d', 'src'],
        });
    };
}"""


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
    executable = find_browser()
    if executable is None:
        raise RuntimeError(NO_BROWSER)
    with chromium(executable) as browser:
        yield browser


def clock_press(notebook: NotebookPage, key: str) -> float:
    """Press a key on what has the focus, and return the milliseconds until the repaint."""
    before = notebook.page.evaluate("() => window.clockings.length")
    notebook.page.keyboard.press(key)
    notebook.page.wait_for_function(f"() => window.clockings.length > {before}")
    milliseconds: float = notebook.page.evaluate("() => window.clockings.at(-1)")
    return milliseconds
