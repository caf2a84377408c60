"""Node for the page's arithmetic, a built page, and what the package says of the same things."""

import functools
import http.server
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from tools.browser import chromium
from tools.run_checks import NO_BROWSER, find_browser
from tools.site.build import SOURCE, build

FOLDER = Path(__file__).parent
NO_NODE = "no Node here (Debian: apt install nodejs)"


def pytest_collection_modifyitems(config, items):
    """Without Node keep one test only, so that one line says what is missing."""
    if shutil.which("node") is None:
        here = [item for item in items if item.path.is_relative_to(FOLDER)]
        config.hook.pytest_deselected(items=here[1:])
        items[:] = [item for item in items if item not in here[1:]]


def missing(words):
    """Fail in CI, where everything has to be there; skip elsewhere."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(words)


@pytest.fixture(scope="session", autouse=True)
def node():
    """Return the path of Node; where there is none, CI fails and others are told how."""
    path = shutil.which("node")
    if path is None:
        missing(NO_NODE)
    return path


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of a page that was built for the tests."""
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    # Browsers take the scripts for modules because the page says so; Node reads this.
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


@pytest.fixture
def run_node(node, site, tmp_path):
    """Return a function that runs a file of Node tests on what has been put into `tmp_path`."""

    def run(name):
        ran = subprocess.run(
            [node, "--test", str(FOLDER / name)],
            env={**os.environ, "SITE": str(site), "REFERENCE": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        # A file without a single test passes too.
        assert "# pass 0" not in ran.stdout

    return run


@pytest.fixture(scope="session")
def address(site):
    """Return the address of the built page on a plain static server, below a sub-path."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

        def translate_path(self, path):
            return super().translate_path(path.removeprefix("/sub/path"))

    handler = functools.partial(Quiet, directory=site)
    server = http.server.ThreadingHTTPServer(("localhost", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/sub/path/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    """Return a Chromium without a screen."""
    path = find_browser()
    if path is None:
        missing(NO_BROWSER)
    with chromium(path) as running:
        yield running


@pytest.fixture(scope="session")
def source():
    """Return the folder that the page is built from."""
    return SOURCE
