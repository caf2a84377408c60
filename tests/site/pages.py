"""A page of the site in Chromium, with all that it wrote to its console and asked for."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, Page, expect

# Loading all digits and training on them, beside another process on a busy machine.
PATIENCE = 60_000
BLOCKED = "Service Worker registration blocked by Playwright"

# Notes what is written on canvases, and which of it reaches over an edge.
WATCH_CANVASES = """
(() => {
    const { prototype } = CanvasRenderingContext2D;
    const write = prototype.fillText;
    window.written = new Set();
    window.cut = new Set();
    prototype.fillText = function (words, x, y, ...rest) {
        const ink = this.measureText(words);
        const corners = [
            [x - ink.actualBoundingBoxLeft, y - ink.actualBoundingBoxAscent],
            [x + ink.actualBoundingBoxRight, y + ink.actualBoundingBoxDescent],
        ].map(([left, top]) => this.getTransform().transformPoint(new DOMPoint(left, top)));
        const { width, height } = this.canvas;
        const isWhole = (place) =>
            place.x >= 0 && place.x <= width && place.y >= 0 && place.y <= height;
        window.written.add(words);
        if (words && !corners.every(isWhole)) window.cut.add(words);
        write.call(this, words, x, y, ...rest);
    };
})()
"""

# Frames that may pass until something is written.
IS_WRITTEN = """async words => {
    for (let i = 0; i < 1200 && !window.written.has(words); i += 1) {
        await new Promise(requestAnimationFrame);
    }
    return window.written.has(words);
}"""


def missing(words: str) -> NoReturn:
    """Fail in CI, where everything has to be there; skip elsewhere."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(words)


@dataclass
class SitePage:
    """A page of the site.

    Attributes
    ----------
    page : Page
        Playwright's.
    address : str
        Where the site is.
    console : list of str
        What the page wrote to its console, and its uncaught errors.
    hosts : set of str
        The hosts that it asked for something.
    """

    page: Page
    address: str
    console: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda message: self.hear(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def hear(self, words: str) -> None:
        """Note what is written to the console, unless Playwright itself wrote it."""
        if words != BLOCKED:
            self.console.append(words)

    def open(self, place: str) -> "SitePage":
        """Go to a page of the site."""
        self.page.goto(self.address + place)
        return self

    def open_lab(self, place: str) -> "SitePage":
        """Go to a training lab, and wait until it has trained on all digits."""
        self.open(place)
        expect(self.find("#digits")).to_contain_text("50,000")
        expect(self.find("#run-digits")).to_contain_text("50,000")
        self.wait_until("ended")
        return self

    def type(self, setting: str, value: str) -> None:
        """Type a value into a field, and leave it."""
        self.find(f"#{setting}").fill(value)
        self.find(f"#{setting}").press("Enter")

    def find(self, selector: str) -> Any:
        """Return what a CSS selector finds."""
        return self.page.locator(selector)

    def wait_until(self, state: str) -> None:
        """Wait until the training lab is in a state."""
        expect(self.find("#lab")).to_have_attribute("data-state", state)

    @property
    def runs(self) -> int:
        """How many runs the table holds."""
        return self.find("#rows tr").count()


@contextlib.contextmanager
def site_pages(browser: Browser, address: str) -> Iterator[Callable[..., SitePage]]:
    """Give a function that opens a page of the site.

    At the end no page may have written to its console, unless it was to fail on purpose
    (``quiet=False``), and none may have asked another host for anything.
    """
    opened: list[tuple[SitePage, bool]] = []

    def open_one(*, quiet: bool = True, **options: Any) -> SitePage:
        # What a service worker asks for can't be changed by a test: one test alone lets it work.
        usual = {"viewport": {"width": 1280, "height": 720}, "service_workers": "block"}
        context = browser.new_context(**{**usual, **options})
        opened.append((SitePage(context.new_page(), address), quiet))
        return opened[-1][0]

    yield open_one
    own = {address.split("/")[2]}
    for one, quiet in opened:
        one.page.context.close()
        assert one.hosts <= own
        if quiet:
            assert one.console == []
