"""One JupyterLab and one Chromium for all browser tests, and a fresh notebook for each."""

import contextlib
import os
from pathlib import Path

import pytest

from tools.browser import chromium, jupyter_server, open_page
from tools.run_checks import NO_BROWSER, PROJECT, find_browser

FOLDER = Path(__file__).parent
SCREENSHOTS = PROJECT / "screenshots"


def pytest_collection_modifyitems(config, items):
    """Without a browser keep one test only, so that one line says what is missing."""
    if find_browser() is None:
        here = [item for item in items if item.path.is_relative_to(FOLDER)]
        config.hook.pytest_deselected(items=here[1:])
        items[:] = [item for item in items if item not in here[1:]]


@pytest.fixture(scope="session")
def executable():
    """Return the path of Chromium; where there is none, CI fails and others are told how."""
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


@contextlib.contextmanager
def notebook_pages(server, browser):
    """Give a function that opens pages: ``width`` and ``height`` are those of the viewport.

    At the end no page may have written an error to its console, and their kernels are ended.
    """
    opened = []

    def open_one(**viewport):
        opened.append(open_page(browser, server, **viewport))
        return opened[-1]

    yield open_one
    for page in opened:
        page.close()
    assert [error for page in opened for error in page.errors] == []


@pytest.fixture
def open_notebook_page(server, browser):
    """Return a function that opens pages, see `notebook_pages`."""
    with notebook_pages(server, browser) as open_one:
        yield open_one


@pytest.fixture
def notebook(open_notebook_page):
    """Return a page of 1400 × 1300, to open a notebook in: `tools.browser.NotebookPage`."""
    return open_notebook_page()


@pytest.fixture(scope="module")
def lasting_notebook(server, browser):
    """Return such a page that all tests of a module share: its kernel has to warm up only once."""
    with notebook_pages(server, browser) as open_one:
        yield open_one()


@pytest.fixture
def screenshot():
    """Return a function that keeps a picture of a page or an element under a name."""

    def take(target, name):
        SCREENSHOTS.mkdir(exist_ok=True)
        target.screenshot(path=SCREENSHOTS / f"{name}.png")

    return take
