"""Node for the page's arithmetic, a built page, and what the package says of the same things."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from file_order import put_first
from pages import PATIENCE, missing, site_pages
from pictures import OPEN_BROWSER, add_pictures_of_failure, take_picture
from playwright.sync_api import expect

from hpt_widgets.language import use_language
from tools.browser import chromium
from tools.run_checks import NO_BROWSER, find_browser
from tools.site.build import SOURCE, build
from tools.site.server import serve

FOLDER = Path(__file__).parent
NO_NODE = "no Node here (Debian: apt install nodejs)"
BUILD_SECONDS = 600
# One process builds the page for the first file; meanwhile the other trains for the second one.
FIRST = ("test_training_page.py", "test_training.py")


def pytest_collection_modifyitems(config, items):
    """Put the longest files first; without Node keep one test, which says what is missing."""
    put_first(items, FOLDER, FIRST)
    if shutil.which("node") is None:
        here = [item for item in items if item.path.is_relative_to(FOLDER)]
        config.hook.pytest_deselected(items=here[1:])
        items[:] = [item for item in items if item not in here[1:]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Where a test fails, show what was on the screen: see `pictures`."""
    report = yield
    add_pictures_of_failure(item, report)
    return report


@pytest.fixture(autouse=True)
def english_afterwards():
    """Leave the language as it was."""
    yield
    use_language("en")


@pytest.fixture(scope="session", autouse=True)
def node():
    """Return the path of Node; where there is none, CI fails and others are told how."""
    path = shutil.which("node")
    if path is None:
        missing(NO_NODE)
    return path


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of a page that was built for the tests, once for all their processes."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, begun, ended = (shared / name for name in ("site", "site-begun", "site-ended"))
    try:
        begun.mkdir()
    except FileExistsError:
        wait_for(ended)
    else:
        try:
            build(folder)
            # Browsers take the scripts for modules because the page says so; Node reads this.
            (folder / "package.json").write_text('{"type": "module"}')
        finally:
            ended.mkdir()
    assert (folder / "package.json").exists(), "the process that was to build the page has failed"
    return folder


def wait_for(path):
    """Wait until another process has made a file or a folder."""
    deadline = time.monotonic() + BUILD_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, f"nobody has made {path}"
        time.sleep(0.1)


@pytest.fixture
def run_node(node, request, tmp_path):
    """Return a function that runs a file of Node tests on what has been put into `tmp_path`."""

    def run(name):
        # Only now: what is put there is worked out while another process builds the page.
        site = request.getfixturevalue("site")
        ran = subprocess.run(
            [node, "--test", str(FOLDER / name)],
            env={**os.environ, "SITE": str(site), "REFERENCE": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        # A file without a single test passes too.
        assert "# pass 0" not in ran.stdout

    return run


@pytest.fixture(scope="session")
def address(site):
    """Return the address of the built page on a plain static server, below a sub-path."""

    with serve(site) as found:
        yield found


@pytest.fixture(scope="session")
def browser(pytestconfig):
    """Return a Chromium without a screen."""
    path = find_browser()
    if path is None:
        missing(NO_BROWSER)
    with chromium(path) as running:
        # Nothing here has to wait for a kernel or for TensorFlow.
        expect.set_options(timeout=PATIENCE)
        pytestconfig.stash[OPEN_BROWSER] = running
        yield running


@pytest.fixture(scope="session")
def source():
    """Return the folder that the page is built from."""
    return SOURCE


@pytest.fixture
def open_page(browser, address):
    """Return a function that opens a page of the site, see `site_pages`."""
    with site_pages(browser, address) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def lasting_lab(browser, address):
    """Return a training lab that all tests of a module share: its digits are loaded once."""
    with site_pages(browser, address) as open_one:
        page = open_one(permissions=["clipboard-read", "clipboard-write"])
        yield page.open_lab("en/index.html")


@pytest.fixture
def lab(lasting_lab):
    """Return that lab with its settings as they were, and quick runs."""
    lasting_lab.find("#reset").click()
    lasting_lab.find("#apply").uncheck()
    lasting_lab.type("training_size", "4000")
    lasting_lab.wait_until("ended")
    return lasting_lab


@pytest.fixture
def screenshot():
    """Return a function that pictures a page where that is asked for, see `pictures`."""
    return take_picture
