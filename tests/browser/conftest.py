"""One JupyterLab and one Chromium for all browser tests, and a fresh notebook for each."""

import os
from pathlib import Path

import pytest
from notebook_pages import notebook_pages
from playwright.sync_api import expect

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
    with jupyter_server(tmp_path_factory.mktemp("jupyter"), fork_kernels=True) as running:
        yield running


@pytest.fixture(scope="session")
def browser(executable):
    """Return a Chromium without a screen."""
    with chromium(executable) as running:
        yield running


@pytest.fixture
def open_notebook_page(server, browser):
    """Return a function that opens pages, see `notebook_pages`."""
    with notebook_pages(server, browser) as open_one:
        yield open_one


@pytest.fixture(scope="session")
def kept_pages(server, browser):
    """Return a list of the one page that tests open a notebook in after one another, or of none."""
    kept = []
    yield kept
    for page in kept:
        page.close()


@pytest.fixture
def notebook(server, browser, kept_pages):
    """Return a page of 1400 × 1300, to open a notebook in: `tools.browser.NotebookPage`.

    JupyterLab has been loaded in it already, but by the first test. A test that loads the page
    again, or takes its network away, asks for `open_notebook_page`.
    """
    page = kept_pages.pop() if kept_pages else open_page(browser, server)
    yield page
    errors = [*page.errors]
    page.empty()
    kept_pages.append(page)
    assert errors == []


@pytest.fixture
def open_lab(notebook):
    """Return a function that opens what makes a lab in a language, and gives its element."""

    def open_one(made, language="en"):
        lines = ["import hpt_widgets as hpt", f"hpt.use_language({language!r})", f"lab = {made}"]
        notebook.open_cells("\n".join([*lines, "lab"]))
        notebook.run_all()
        view = notebook.page.locator(".hpt-lab")
        expect(view.locator(".hpt-chart svg").first).to_be_visible()
        return view

    return open_one


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
