"""Desks: a notebook with a training lab and a search lab, looked at in pages that come and go."""

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from training_lab_view import TrainingLabView

from hpt_widgets.labs.training.runs_table import ROWS_SHOWN
from hpt_widgets.search.records import SearchRecord
from tools.browser import PANEL, START_SECONDS, JupyterServer, NotebookPage, open_page

# A long training of a lab, whose end no test waits for, rests most of the time: pages that are
# waited for need the cores. As long as there is a file "hold", all of them stop half-way.
SET_UP = """import os, threading, time
import hpt_widgets as hpt
from hpt_widgets.search.runner import run_search
from hpt_widgets.search.space import ARTICLE_SPACE
from hpt_widgets.studies.sweep import Sweep, run_sweep
from hpt_widgets.training.session import TrainingSession
advance = TrainingSession.advance
def advance_and_rest(session, max_steps=None):
    progress = advance(session, max_steps)
    if threading.current_thread().name.startswith("hpt-"):
        if session.total_samples > 1_000_000:
            time.sleep(0.1)
        is_half_way = session.ended is None and 2 * session.samples_seen >= session.total_samples
        while is_half_way and os.path.exists("hold"):
            time.sleep(0.1)
    return progress
TrainingSession.advance = advance_and_rest
data = hpt.load_mnist().take(20_000, seed=0)
few = data.take(2_000, seed=0)"""
LAB = "lab = hpt.TrainingLab(data)\nlab"
SEARCH = "search = hpt.SearchLab(data, training_size=2_000)\nsearch.set(trials=300)\nsearch"
# Its trials take as long, and leave the cores to the pages and to the other lab.
IDLE_SEARCH = """def accuracy(values):
    time.sleep(0.2)
    return 0.9
search = hpt.SearchLab(objective=accuracy)
search.set(trials=300)
search"""
LONG = 100
"""Epochs of a training that no test waits for."""

# Has Jupyter draw a cell's output anew.
DRAW_ANEW = f"""cell => {{
    const output = {PANEL}.content.widgets[cell].outputArea.model;
    output.fromJSON(output.toJSON());
}}"""


@dataclass
class Desk:
    """One notebook with both labs, looked at in pages that come and go.

    Attributes
    ----------
    browser, server
        Where the pages open, and what they show.
    searching : str
        The cell of the search lab: `SEARCH` or `IDLE_SEARCH`.
    page : NotebookPage
        The page that the reader has open.
    wire : Wire
        The connection of the page that was opened first.
    harmless : tuple of str
        What the pages may write to their consoles.
    """

    browser: Browser
    server: JupyterServer
    searching: str = SEARCH
    harmless: tuple[str, ...] = ()
    page: NotebookPage = None
    wire: "Wire" = None
    _opened: list = field(default_factory=list)

    @property
    def lab(self):
        """Return the training lab as the page shows it."""
        return TrainingLabView(self.page.page)

    @property
    def search(self):
        """Return the search lab as the page shows it."""
        return self.page.cell(2).locator(".hpt-lab")

    @property
    def marks(self):
        """Return the marks of the search lab's map: one a trial, and the ring around one."""
        return self.search.locator(".hpt-trial-map").first.locator("svg .dot")

    def open(self, *more_cells):
        """Open a notebook with both labs in a page whose connection can be cut."""
        self.page = self._new_page()
        self.wire = Wire(self.page.page)
        self.page.open_cells(SET_UP, LAB, self.searching, *more_cells)
        self.make_labs()

    def make_labs(self):
        """Run the cells that make both labs, and wait until they have warmed up."""
        for cell in range(3):
            self.page.run_cell(cell)
        self.page.wait_for_kernel("not (lab.is_busy or search.is_busy)")

    def save(self):
        """Save the notebook, and return its path."""
        self.page.execute("docmanager:save")
        return self.page.page.evaluate(f"() => {PANEL}.context.path")

    def reload(self):
        """Load the page again."""
        self.page.reload()
        self._draw_what_was_not_found(self.page)

    def _draw_what_was_not_found(self, page):
        """Draw those labs again of which a page says that it cannot find them.

        ipywidgets looks for a widget for two seconds, and not again at their end: a page that was
        busy making all of them just then says so although they are there. (A reader shows
        the lab by its name in a new cell: see `00-start-here`.)
        """
        for cell in (1, 2):
            shown = page.cell(cell)
            lab = shown.locator(".hpt-lab")
            failed = shown.get_by_text("Error displaying widget")
            expect(lab.or_(failed).first).to_be_visible()
            if failed.is_visible():
                page.page.evaluate(DRAW_ANEW, cell)
                expect(lab).to_be_visible()

    def open_beside(self):
        """Save the notebook, and return a second page that shows it."""
        return self.open_path(self.save())

    def open_path(self, path):
        """Return a new page that shows a notebook of the server."""
        beside = self._new_page()
        # A workspace of its own, else JupyterLab would share its tabs with another page.
        place = f"lab/workspaces/{Path(path).stem}-{len(self._opened)}/tree"
        if self.server.front_end == "notebook":
            place = "notebooks"
        beside.page.goto(f"{self.server.url}{place}/{path}?token={self.server.token}")
        beside.wait_until_ready()
        self._draw_what_was_not_found(beside)
        return beside

    def train(self, **settings):
        """Have the lab train, as a slider would, and wait until it does."""
        words = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        self.page.ask(f"[lab.set({words})] and 0")
        expect(self.lab.status).to_contain_text("Training")

    @contextlib.contextmanager
    def holding(self):
        """Stop trainings half-way meanwhile."""
        file = self.server.folder / "hold"
        file.touch()
        try:
            yield
        finally:
            file.unlink()

    def stop(self):
        """Press stop in the training lab, and wait until it has stopped."""
        self.lab.button("stop").click()
        self.lab.wait_for_end("Stopped")
        self.page.wait_for_kernel("not lab.is_busy")

    def reload_if_stale(self):
        """Load the page again where it did not get what it missed.

        If another page looks at the same kernel, it asks for it; ipywidgets gives the kernel 4 s
        to answer, which a busy machine may not keep.
        """
        try:
            expect(self.lab.status).not_to_contain_text("Training", timeout=6_000)
        except AssertionError:
            self.reload()

    def errors(self):
        """Return what went wrong on all pages so far."""
        errors = [error for page in self._opened for error in page.errors]
        return [error for error in errors if not any(words in error for words in self.harmless)]

    def close(self):
        """End the kernel, and close all pages."""
        self.page.close()
        for page in self._opened:
            page.page.close()

    def _new_page(self):
        self._opened.append(open_page(self.browser, self.server))
        return self._opened[-1]


@contextlib.contextmanager
def desk(browser, server, *more_cells, searching=SEARCH, harmless=()):
    """Give a notebook with both labs; no page of it may have said that something is wrong."""
    opened = Desk(browser, server, searching, harmless)
    try:
        opened.open(*more_cells)
        yield opened
    finally:
        opened.close()
    assert opened.errors() == []


# Stands between a page and its kernel. (Playwright's own routes send each message to this process
# and back.)
WIRE = """(() => {
    const wire = window.hptWire = {isCut: false, ends: []};
    wire.cut = () => {
        wire.isCut = true;
        for (const end of wire.ends.splice(0)) end.close(4000);
    };
    const refused = () => {
        const end = {close() {}};
        setTimeout(() => end.onclose(new CloseEvent('close', {code: 1006})));
        return end;
    };
    const connect = (real, given) => {
        if (!given[0].includes('/api/kernels/')) return new real(...given);
        if (wire.isCut) return refused();
        const end = new real(...given);
        wire.ends.push(end);
        return end;
    };
    window.WebSocket = new Proxy(WebSocket, {construct: connect});
})()"""


class Wire:
    """The connection between a page and its kernel, which can be cut."""

    def __init__(self, page):
        self._page = page
        page.add_init_script(WIRE)

    def cut(self):
        """End the connection, and let none be made."""
        self._page.evaluate("hptWire.cut()")

    def mend(self):
        """Let connections be made again."""
        self._page.evaluate("hptWire.isCut = false")


def kept_trials(path):
    """Return the trials of a record's file."""
    return SearchRecord.load(path).trials


def wait_for_trials(path, count):
    """Wait until a record's file, which may be none yet, has so many trials."""
    wait_until(
        lambda: path.exists() and len(kept_trials(path)) >= count,
        f"fewer than {count} trials in {path}",
    )


def wait_until(is_so, complaint):
    """Ask again and again."""
    deadline = time.monotonic() + START_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.1)


def check_is_whole(page, lab):
    """Compare what a page shows of the last run with what the kernel knows of it."""
    lab.wait_for_end("Finished")
    check_rows(page, lab)
    losses = page.ask("lab.last_run.history.training_loss.tolist()")
    lab.wait_for_new_curve("")
    page.wait_for_frames()
    assert lab.drawn_losses() == pytest.approx(losses, rel=0.02)
    rate = page.ask("lab.settings.learning_rate")
    assert float(lab.field("learning rate").input_value()) == rate


def check_rows(page, lab):
    """Wait until a page, which may have just been opened, shows all runs in the table."""
    page.page.bring_to_front()
    page.cell(1)
    numbers = page.ask("[str(trial.number) for trial in lab.runs]")
    newest = numbers[::-1][:ROWS_SHOWN]
    wait_until(lambda: [row[0] for row in lab.rows()] == newest, f"no rows {newest}")


def check_can_be_used(page, lab):
    """Move a slider, and see that it trains."""
    page.page.bring_to_front()
    page.ask("[lab.set(epochs=1)] and 0")
    page.wait_for_kernel("not lab.is_busy")
    before = lab.present_curve()
    rate = lab.field("learning rate").input_value()
    lab.slider(0).focus()
    page.page.keyboard.press("PageDown")
    expect(lab.field("learning rate")).not_to_have_value(rate)
    lab.wait_for_new_curve(before)
    page.wait_for_kernel("not lab.is_busy")
    lab.wait_for_end("Finished")
