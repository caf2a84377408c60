"""Pictures of the browser tests' pages: of those that fail, and of others on request only."""

from pathlib import Path
from types import SimpleNamespace

import pictures
import pytest
from playwright.sync_api import Error


class Page:
    """A page that can be pictured, or hangs."""

    url = "http://localhost/lab"

    def __init__(self, hangs=False):
        self.hangs = hangs

    def screenshot(self, path, timeout=None):
        if self.hangs:
            raise Error(f"Timeout {timeout}ms exceeded")
        path.write_bytes(b"a picture")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Return the folder of the pictures, which is not there yet."""
    monkeypatch.setattr(pictures, "SCREENSHOTS", tmp_path / "screenshots")
    return tmp_path / "screenshots"


@pytest.fixture
def item():
    """Return a test with three pages open in two contexts."""
    contexts = [SimpleNamespace(pages=[Page(), Page(hangs=True)]), SimpleNamespace(pages=[Page()])]
    stash = pytest.Stash()
    stash[pictures.OPEN_BROWSER] = SimpleNamespace(contexts=contexts)
    return SimpleNamespace(
        path=Path("tests/browser/test_board.py"),
        name="test_runs_are_told_apart[2/黑白]",
        config=SimpleNamespace(stash=stash),
    )


def report(failed):
    return SimpleNamespace(failed=failed, sections=[])


def test_a_test_pictures_its_page_on_request_only(monkeypatch, folder):
    monkeypatch.delenv("HPT_SCREENSHOTS", raising=False)
    pictures.take_picture(Page(), "lab")
    assert not folder.exists()
    monkeypatch.setenv("HPT_SCREENSHOTS", "1")
    pictures.take_picture(Page(), "lab")
    assert [path.name for path in folder.iterdir()] == ["lab.png"]


def test_a_failure_leaves_a_picture_of_each_open_page(folder, item):
    passed, failed = report(failed=False), report(failed=True)
    pictures.add_pictures_of_failure(item, passed)
    assert (passed.sections, folder.exists()) == ([], False)
    pictures.add_pictures_of_failure(item, failed)
    name = "failed-test_board-test_runs_are_told_apart-2-黑白-{}.png"
    paths = [folder / name.format(number) for number in (1, 3)]
    assert sorted(folder.iterdir()) == paths
    [(title, text)] = failed.sections
    assert title == "pictures of the open pages"
    # A page that hangs has none, and does not hide why the test failed.
    hanging = "no picture of http://localhost/lab: Timeout 20000ms exceeded"
    assert text.splitlines() == [str(paths[0]), hanging, str(paths[1])]


def test_a_failure_before_the_browser_is_open_leaves_none(folder, item):
    del item.config.stash[pictures.OPEN_BROWSER]
    failed = report(failed=True)
    pictures.add_pictures_of_failure(item, failed)
    assert (failed.sections, folder.exists()) == ([], False)
