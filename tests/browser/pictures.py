"""Pictures of the screen: where a test has failed, and with ``HPT_SCREENSHOTS=1`` where it asks.

They go to the folder ``screenshots`` of the project, which continuous integration hands out after
a failure.
"""

import os
import re

import pytest
from playwright.sync_api import Browser, Error

from tools.run_checks import PROJECT

SCREENSHOTS = PROJECT / "screenshots"
VARIABLE = "HPT_SCREENSHOTS"
OPEN_BROWSER = pytest.StashKey[Browser]()
"""Where pytest's configuration keeps the browser of the tests, once it is open."""
SECONDS = 20
"""How long a picture of a failure may take: what failed may be a page that hangs."""


def take_picture(target, name):
    """Picture a page or an element under a name, if the reader of the tests wants such pictures.

    Nothing looks at them otherwise, and they take a fiftieth of the tests' time.
    """
    if os.environ.get(VARIABLE):
        _picture(target, name)


def add_pictures_of_failure(item, report):
    """If a test has failed, picture every open page, and name the pictures in its report."""
    browser = item.config.stash.get(OPEN_BROWSER, None)
    if browser is None or not report.failed:
        return
    test = re.sub(r"[^\w.-]+", "-", f"{item.path.stem}-{item.name}").strip("-")
    pages = [page for context in browser.contexts for page in context.pages]
    paths = []
    for number, page in enumerate(pages, start=1):
        try:
            paths.append(_picture(page, f"failed-{test}-{number}", timeout=1000 * SECONDS))
        except Error as error:  # the test's own failure is what is to be told
            paths.append(f"no picture of {page.url}: {error.message}")
    report.sections.append(("pictures of the open pages", "\n".join(map(str, paths))))


def _picture(target, name, **options):
    path = SCREENSHOTS / f"{name}.png"
    SCREENSHOTS.mkdir(exist_ok=True)
    target.screenshot(path=path, **options)
    return path
