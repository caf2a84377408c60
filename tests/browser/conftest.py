"""One JupyterLab and one Chromium for all browser tests, and notebooks for a test or a module."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from file_order import put_first
from notebook_pages import notebook_pages
from pictures import OPEN_BROWSER, add_pictures_of_failure, take_picture
from playwright.sync_api import expect

from hpt_widgets.app.launcher import jupyter_environment
from tools.browser import chromium, jupyter_server, open_page
from tools.kernel_server import CAN_FORK, kernel_server
from tools.run_checks import NO_BROWSER, find_browser

FOLDER = Path(__file__).parent
# By how long they take, the longest first.
FIRST = (
    *("test_training_lab.py", "test_every_lab.py", "test_interruptions.py"),
    *("test_pages_that_go.py", "test_search_lab.py", "test_front_ends.py", "test_board.py"),
)


def pytest_collection_modifyitems(config, items):
    """Put the longest files first; without a browser keep one test, which says what is missing."""
    put_first(items, FOLDER, FIRST)
    if find_browser() is None:
        here = [item for item in items if item.path.is_relative_to(FOLDER)]
        config.hook.pytest_deselected(items=here[1:])
        items[:] = [item for item in items if item not in here[1:]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Where a test fails, show what was on the screen: see `pictures`."""
    report = yield
    add_pictures_of_failure(item, report)
    return report


@pytest.fixture(scope="session")
def executable():
    """Return the path of Chromium; where there is none, CI fails and others are told how."""
    path = find_browser()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
def kernels(executable, tmp_path_factory):
    """Return the folder of a `tools.kernel_server` for all front ends; None where none can be had.

    TensorFlow is imported there, once for all kernels.
    """
    if not CAN_FORK:
        yield None
        return
    environment = jupyter_environment("en", os.environ)
    with kernel_server(tmp_path_factory.mktemp("kernels"), environment) as folder:
        yield folder


@pytest.fixture(scope="session")
def server(kernels, tmp_path_factory):
    """Return a JupyterLab, opened as a reader opens it."""
    with jupyter_server(tmp_path_factory.mktemp("jupyter"), kernels=kernels) as running:
        yield running


@pytest.fixture(scope="session")
def browser(executable, pytestconfig):
    """Return a Chromium without a screen."""
    with chromium(executable) as running:
        pytestconfig.stash[OPEN_BROWSER] = running
        yield running


@pytest.fixture(scope="module")
def new_reader(server):
    """Let no test find what was done in another file: an outcome that was seen, an answer."""
    shutil.rmtree(server.home, ignore_errors=True)


@pytest.fixture
def open_notebook_page(new_reader, server, browser):
    """Return a function that opens pages, see `notebook_pages`."""
    with notebook_pages(server, browser) as open_one:
        yield open_one


@pytest.fixture(scope="session")
def kept_pages(server, browser):
    """Return a list of the pages, none at first, that tests open notebooks in after one another."""
    kept = []
    yield kept
    for page in kept:
        page.close()


@contextlib.contextmanager
def kept_page(server, browser, kept_pages):
    """Give a page in which no notebook is open, and keep it, emptied, for a later one."""
    page = kept_pages.pop() if kept_pages else open_page(browser, server)
    yield page
    errors = [*page.errors]
    page.empty()
    kept_pages.append(page)
    assert errors == []


@pytest.fixture
def notebook(new_reader, server, browser, kept_pages):
    """Return a page of 1400 × 1300, to open a notebook in: `tools.browser.NotebookPage`.

    JupyterLab has been loaded in it already, but by the first test. A test that loads the page
    again, or takes its network away, asks for `open_notebook_page`.
    """
    with kept_page(server, browser, kept_pages) as page:
        yield page


@pytest.fixture(scope="module")
def lasting_notebook(new_reader, server, browser, kept_pages):
    """Return such a page that all tests of a module share: its kernel has to warm up only once."""
    with kept_page(server, browser, kept_pages) as page:
        yield page


@pytest.fixture(scope="module")
def lab_notebook(lasting_notebook):
    """Return a notebook that all tests of a module share, to show one lab after another in it."""
    lasting_notebook.open_cells("import hpt_widgets as hpt", "lab = eval(made)\nlab")
    lasting_notebook.run_cell(0)
    return lasting_notebook


@pytest.fixture
def open_lab(lab_notebook):
    """Return a function that shows what makes a lab in a language, and gives its element.

    The notebook calls it `lab`; the one that was shown before is closed.
    """

    def open_one(made, language="en"):
        lab_notebook.run_hidden(f"hpt.use_language({language!r})\nmade = {made!r}")
        lab_notebook.run_cell(1)
        view = lab_notebook.cell(1).locator(".hpt-lab")
        expect(view.locator(".hpt-chart svg").first).to_be_visible()
        return view

    return open_one


@pytest.fixture
def screenshot():
    """Return a function that pictures a page or an element under a name, where that is asked for.

    It is asked for by ``HPT_SCREENSHOTS=1``. Whenever a test fails, all open pages are pictured.
    """
    return take_picture
