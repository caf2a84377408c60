"""One JupyterLab and one Chromium for all browser tests, and a fresh notebook for each."""

import os

import pytest

from tools.browser import chromium, jupyter_server, open_page
from tools.run_checks import NO_BROWSER, PROJECT, find_browser

SCREENSHOTS = PROJECT / "screenshots"


@pytest.fixture(scope="session")
def executable():
    """Return the path of Chromium; without one there is nothing to test here."""
    path = find_browser()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
def server(executable, tmp_path_factory):
    """Return a JupyterLab, opened as a reader opens it."""
    with jupyter_server(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(executable):
    """Return a Chromium without a screen."""
    with chromium(executable) as running:
        yield running


@pytest.fixture
def open_notebook_page(server, browser):
    """Return a function that opens pages: ``width`` and ``height`` are those of the viewport.

    At the end no page may have written an error to its console, and all kernels are ended.
    """
    opened = []

    def open_one(**viewport):
        opened.append(open_page(browser, server, **viewport))
        return opened[-1]

    yield open_one
    for notebook in opened:
        notebook.page.close()
    server.end_kernels()
    assert [error for notebook in opened for error in notebook.errors] == []


@pytest.fixture
def notebook(open_notebook_page):
    """Return a page of 1400 × 1300, to open a notebook in: `tools.browser.NotebookPage`."""
    return open_notebook_page()


@pytest.fixture
def screenshot():
    """Return a function that keeps a picture of a page or an element under a name."""

    def take(target, name):
        SCREENSHOTS.mkdir(exist_ok=True)
        target.screenshot(path=SCREENSHOTS / f"{name}.png")

    return take
