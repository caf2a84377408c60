"""What stops a reader in the middle: kernels that end, pages that go, connections that break.

JupyterLab and Notebook 7 keep a lab in the kernel, whatever becomes of the page; Voilà begins
anew with each page. `00-start-here` says so to the reader.
"""

import contextlib
import os
import re
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect
from training_lab_view import TrainingLabView

from hpt_widgets.labs.training.runs_table import ROWS_SHOWN
from hpt_widgets.search.records import SearchRecord
from tools.browser import (
    COMMANDS,
    PANEL,
    START_SECONDS,
    VIEWPORT,
    JupyterServer,
    NotebookPage,
    WatchedPage,
    jupyter_server,
    open_page,
    voila_server,
)

pytestmark = pytest.mark.browser

SET_UP = """import threading
import hpt_widgets as hpt
from hpt_widgets.search.runner import run_search
from hpt_widgets.search.space import ARTICLE_SPACE
from hpt_widgets.studies.sweep import Sweep, run_sweep
data = hpt.load_mnist().take(20_000, seed=0)
few = data.take(2_000, seed=0)"""
LAB = "lab = hpt.TrainingLab(data)\nlab"
SEARCH = "search = hpt.SearchLab(data, training_size=2_000)\nsearch.set(trials=300)\nsearch"
# What a thread of the reader's own does in the kernel once the page is closed.
BEHIND = """import os, time
def behind():
    while not os.path.exists("closed"):
        time.sleep(0.05)
    lab.stop()
    lab.wait()
    lab.set(learning_rate=0.02, epochs=2)
threading.Thread(target=behind, daemon=True).start()"""
# Only the lab's own thread tells what is true by now.
OLD_LINE = """line = lab.view.status
def tell_an_old_line(key=None, drop_defaults=False):
    state = type(line).get_state(line, key, drop_defaults)
    is_asked_for = not threading.current_thread().name.startswith("hpt-")
    return {**state, "value": "an old line"} if is_asked_for else state
line.get_state = tell_an_old_line"""
OUR_THREADS = "[t.name for t in threading.enumerate() if t.name.startswith('hpt-')]"
LONG, SHORT = 100, 10
"""Epochs of a training that no test waits for, and of one that lasts a few seconds."""

TRIES_TO_LOAD = 6

# Notebook's shortcuts say it when another plugin's settings arrive before their own.
NOTEBOOKS_OWN_ERROR = "Cannot read properties of undefined (reading 'schema')"
# What ipywidgets throws when a control of a kernel that is gone is moved.
GONE = "Cannot send"
# It marks every part of a widget whose kernel is gone with a broken link.
BROKEN_LINKS = ".jupyter-widgets-disconnected"


@pytest.fixture(scope="module")
def notebook_server(executable, tmp_path_factory):
    """Return a running Notebook 7."""
    with jupyter_server(
        tmp_path_factory.mktemp("notebook"), front_end="notebook", fork_kernels=True
    ) as running:
        yield running


@dataclass
class Desk:
    """One notebook with both labs, looked at in pages that come and go.

    Attributes
    ----------
    browser, server
        Where the pages open, and what they show.
    page : NotebookPage
        The page that the reader has open.
    wire : Wire
        The connection of the page that was opened first.
    """

    browser: Browser
    server: JupyterServer
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
        self.page.open_cells(SET_UP, LAB, SEARCH, *more_cells)
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
        self._load_until_found(self.page)

    def _load_until_found(self, page):
        """Load a page again as long as it says that it cannot find a widget.

        ipywidgets looks for a widget for two seconds, and not again at their end: a page that was
        busy making all of them just then says so although they are there.
        """
        for _ in range(TRIES_TO_LOAD):
            if not any(self._says_not_found(page, cell) for cell in (1, 2)):
                return
            page.page.reload()
            page.wait_until_ready()

    def _says_not_found(self, page, cell):
        shown = page.cell(cell)
        failed = shown.get_by_text("Error displaying widget")
        expect(shown.locator(".hpt-lab").or_(failed).first).to_be_visible()
        return failed.is_visible()

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
        self._load_until_found(beside)
        return beside

    def train(self, **settings):
        """Have the lab train, as a slider would, and wait until it does."""
        words = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        self.page.ask(f"[lab.set({words})] and 0")
        expect(self.lab.status).to_contain_text("Training")

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
            expect(self.lab.status).not_to_contain_text("Training", timeout=20_000)
        except AssertionError:
            self.reload()

    def close(self):
        """End the kernel, close all pages and return what went wrong on them."""
        self.page.close()
        for page in self._opened:
            page.page.close()
        return [error for page in self._opened for error in page.errors]

    def _new_page(self):
        self._opened.append(open_page(self.browser, self.server))
        return self._opened[-1]


@contextlib.contextmanager
def desk(browser, server, *more_cells, harmless=()):
    """Give a notebook with both labs; no page of it may have said that something is wrong."""
    opened = Desk(browser, server)
    try:
        opened.open(*more_cells)
        yield opened
    finally:
        errors = opened.close()
    assert [error for error in errors if not any(words in error for words in harmless)] == []


def interrupt(page):
    """Press the button that interrupts the kernel."""
    page.page.locator('[data-command="notebook:interrupt-kernel"]').first.click()


def wait_for_interrupt(page, outputs):
    """Wait until a cell was interrupted and the kernel takes the next request."""
    expect(outputs).to_contain_text("KeyboardInterrupt")
    # What was asked before that is refused.
    page.page.wait_for_function(
        f"""async () => (await {PANEL}.sessionContext.session.kernel.requestExecute(
            {{code: '', silent: true, store_history: false}}).done).content.status === 'ok'"""
    )


def begin_cell(page, index):
    """Run a cell without waiting for its end, and return its outputs."""
    page.page.evaluate(
        f"""index => {{
            const notebook = {PANEL}.content;
            notebook.activeCellIndex = index;
            notebook.deselectAll();
            void {COMMANDS}.execute('notebook:run-cell');
        }}""",
        index,
    )
    return page.cell(index).locator(".jp-Cell-outputArea")


def kept_trials(path):
    """Return the trials of a record's file."""
    return SearchRecord.load(path).trials


def wait_for_trials(path, count, page=None):
    """Wait until a record's file, which may be none yet, has so many trials.

    A page whose connection can be cut has to be given, so that it can go on meanwhile.
    """
    wait_until(
        lambda: path.exists() and len(kept_trials(path)) >= count,
        f"fewer than {count} trials in {path}",
        page,
    )


def wait_until(is_so, complaint, page=None):
    """Ask again and again, and let a page, if there is one, go on meanwhile."""
    wait = (
        time.sleep if page is None else lambda seconds: page.page.wait_for_timeout(1000 * seconds)
    )
    deadline = time.monotonic() + START_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, complaint
        wait(0.1)


def check_is_whole(page, lab):
    """Compare what a page shows of the last run with what the kernel knows of it."""
    lab.wait_for_end("Finished")
    check_rows(page, lab)
    losses = page.ask("lab.last_run.history.training_loss.tolist()")
    assert lab.drawn_losses() == pytest.approx(losses, rel=0.02)
    rate = page.ask("lab.settings.learning_rate")
    assert float(lab.field("learning rate").input_value()) == rate


def check_rows(page, lab):
    """Wait until a page, which may have just been opened, shows all runs in the table."""
    page.page.bring_to_front()
    page.cell(1)
    numbers = page.ask("[str(trial.number) for trial in lab.runs]")
    newest = numbers[::-1][:ROWS_SHOWN]
    wait_until(lambda: [row[0] for row in lab.rows()] == newest, f"no rows {newest}", page)


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
    lab.wait_for_end("Finished")
    page.wait_for_kernel("not lab.is_busy")


# ---------------------------------------------------------------- the kernel is interrupted

WAITING = {
    "lab": "lab.set(learning_rate=0.001, epochs=100)\nlab.wait()",
    "search": "search.run('random', trials=300)",
}
WORKING = {
    "train": "print('begun')\nhpt.train(hpt.Hyperparameters(epochs=100), data)",
    "search": "kept = hpt.SearchRecord('random', path='search.csv')\n"
    "run_search('random', ARTICLE_SPACE, few, trials=500, record=kept)",
    "sweep": "kept = hpt.SearchRecord('sweep', path='sweep.csv')\n"
    "plan = Sweep.of({'learning_rate': [1e-3, 1e-2, 1e-1]}, range(20), training_size=2_000)\n"
    "run_sweep(plan, data, record=kept)",
}
CELLS = (*WAITING.values(), *WORKING.values())


@pytest.fixture(scope="module")
def jupyterlab(server, browser):
    """Return a JupyterLab whose notebook has both labs, and cells that take long."""
    with desk(browser, server, *CELLS) as opened:
        yield opened


def test_an_interrupt_leaves_what_runs_behind_the_notebook(jupyterlab):
    page, lab = jupyterlab.page, jupyterlab.lab
    page.ask("[search.start()] and 0")
    jupyterlab.train(epochs=LONG)
    page.wait_for_kernel("len(search.record) > 1")
    interrupt(page)
    landed = page.ask("len(search.record)")
    page.wait_for_kernel(f"len(search.record) > {landed} + 1")
    assert page.ask("[lab.state, search.state]") == ["training", "searching"]
    lab.wait_for_progress()
    jupyterlab.stop()
    assert lab.rows()[0][-1] == "stopped"
    page.ask("[search.stop(), search.wait()] and 0")
    assert page.ask("{trial.ended for trial in search.record} == {'finished'}")


@pytest.mark.parametrize("name", WAITING)
def test_a_cell_that_waits_ends_when_it_is_interrupted_and_its_lab_goes_on(
    jupyterlab, screenshot, name
):
    page, lab = jupyterlab.page, jupyterlab.lab
    number = page.ask("len(search.searches)")
    outputs = begin_cell(page, 3 + CELLS.index(WAITING[name]))
    if name == "lab":
        expect(lab.status).to_contain_text("Training")
    else:
        expect(jupyterlab.search.locator(".hpt-status")).to_contain_text("Searching")
    interrupt(page)
    wait_for_interrupt(page, outputs)
    screenshot(page.page, f"interrupted-{name}")
    if name == "lab":
        assert page.ask("lab.state") == "training"
        page.cell(1)
        lab.wait_for_progress()
        jupyterlab.stop()
        check_can_be_used(page, lab)
    else:
        assert page.ask("[search.state, len(search.searches)]") == ["searching", number + 1]
        page.wait_for_kernel("len(search.record) > 3")
        jupyterlab.search.locator("button").filter(has_text=re.compile("^stop$")).click()
        expect(jupyterlab.search.locator(".hpt-status")).to_contain_text("Stopped")
        count = page.ask("len(search.record)")
        page.ask(f"[search.set(trials={count} + 2), search.resume(), search.wait()] and 0")
        assert page.ask("[t.number for t in search.record]") == list(range(1, count + 3))


@pytest.mark.parametrize("name", WORKING)
def test_a_cell_that_works_itself_ends_and_leaves_no_thread(jupyterlab, name):
    page = jupyterlab.page
    expected = page.ask("hpt.train(hpt.Hyperparameters(), few).validation_accuracy")
    outputs = begin_cell(page, 3 + CELLS.index(WORKING[name]))
    file = page.server.folder / f"{name}.csv"
    if name == "train":
        expect(outputs).to_contain_text("begun")
    else:
        wait_for_trials(file, 2, page)
    interrupt(page)
    wait_for_interrupt(page, outputs)
    page.wait_for_kernel(f"not {OUR_THREADS}")
    # The network that was interrupted is not that of the next training.
    again = "hpt.train(hpt.Hyperparameters(), few).validation_accuracy"
    assert page.ask(again) == expected
    if name == "train":
        return
    # Every trial that had landed is on the disk, and the same call goes on from there.
    numbers = page.ask("[trial.number for trial in kept]")
    assert (
        [trial.number for trial in kept_trials(file)] == numbers == list(range(1, len(numbers) + 1))
    )
    assert {trial.ended for trial in kept_trials(file)} == {"finished"}
    if name == "search":
        assert len(numbers) < 500
        page.ask(
            f"len(run_search('random', ARTICLE_SPACE, few, trials={len(numbers)} + 2, record=kept))"
        )
        proposed = "[t.hyperparameters['learning_rate'] for t in {}]"
        quick = f"run_search('random', ARTICLE_SPACE, lambda _: 0.5, trials={len(numbers)} + 2)"
        assert page.ask(proposed.format("kept")) == page.ask(proposed.format(quick))
    else:
        assert len(numbers) < page.ask("plan.n_trials")


# ---------------------------------------------------------------- the page goes and comes


@pytest.fixture(params=["jupyterlab", "notebook_7"])
def front_end(request):
    """Return both front ends, one after the other, with a notebook that has both labs."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def notebook_7(notebook_server, browser):
    """Return a Notebook 7 whose notebook has both labs."""
    with desk(browser, notebook_server, harmless=(NOTEBOOKS_OWN_ERROR,)) as opened:
        yield opened


def test_a_reload_finds_the_labs_at_work(front_end, screenshot):
    page = front_end.page
    page.ask("[search.set(trials=300), search.start()] and 0")
    front_end.train(epochs=LONG)
    front_end.reload()
    lab = front_end.lab
    page.cell(1)
    before = lab.present_curve()
    lab.wait_for_new_curve(before)
    expect(lab.status).to_contain_text("Training")
    front_end.stop()
    page.ask("[search.stop(), search.wait()] and 0")
    expect(front_end.marks).to_have_count(page.ask("len(search.record)") + 1)
    screenshot(page.page, f"reloaded-{page.server.front_end}")
    page.cell(1)
    check_can_be_used(page, lab)
    check_is_whole(page, lab)


def test_a_page_is_told_what_changed_while_it_was_loaded(front_end):
    """The page is given an old status line, as if a new one had come just then, and been missed."""
    page = front_end.page
    page.ask("[lab.set(epochs=1), lab.wait()] and 0")
    page.run_hidden(OLD_LINE)
    front_end.reload()
    page.cell(1)
    expect(front_end.lab.status).to_contain_text("Finished")
    page.run_hidden("del line.get_state")


def test_two_pages_show_one_lab(front_end, screenshot):
    page = front_end.page
    beside = front_end.open_beside()
    page.cell(1)
    beside.cell(1)
    here, there = front_end.lab, TrainingLabView(beside.page)
    expect(there.status).to_be_visible()
    page.ask(f"[lab.set(epochs={LONG})] and 0")
    here.type("learning rate", "0.003")
    expect(there.field("learning rate")).to_have_value("0.003")
    there.type("dropout rate", "0.35")
    expect(here.field("dropout rate")).to_have_value("0.35")
    for lab in (here, there):
        expect(lab.status).to_contain_text("Training")
        lab.wait_for_new_curve(lab.present_curve())
    there.button("stop").click()
    here.wait_for_end("Stopped")
    assert here.rows() == there.rows()
    screenshot(beside.page, f"second-page-{page.server.front_end}")
    front_end.train(epochs=SHORT, learning_rate=0.01)
    beside.page.close()
    check_is_whole(page, here)
    check_can_be_used(page, here)


def test_a_page_that_was_closed_in_mid_training_finds_all_of_it(front_end, screenshot):
    """No page is there when the run ends, nor when the kernel begins the next one."""
    page = front_end.page
    file = Path(page.ask("str(lab.runs.path)"))
    count = page.ask("len(lab.runs)")
    page.run_hidden(BEHIND)
    front_end.train(epochs=LONG, learning_rate=0.005)
    path = front_end.save()
    page.page.close()
    (page.server.folder / "closed").touch()
    wait_for_trials(file, count + 2)
    assert [trial.ended for trial in kept_trials(file)[-2:]] == ["stopped", "finished"]

    front_end.page = page = front_end.open_path(path)
    page.cell(1)
    lab = front_end.lab
    check_is_whole(page, lab)
    newest, before = lab.rows()[:2]
    assert ("learning rate 0.02" in newest[1], newest[-1]) == (True, "finished")
    assert ("learning rate 0.005" in before[1], before[-1]) == (True, "stopped")
    assert any("learning rate 0.005" in hint for hint in lab.hints())
    screenshot(page.page, f"opened-again-{page.server.front_end}")
    check_can_be_used(page, lab)


def test_voila_begins_anew_with_each_page(executable, browser, tmp_path):
    """What had landed is on the disk all the same."""
    cells = [
        "import hpt_widgets as hpt",
        "search = hpt.SearchLab(objective=lambda values: 0.9)\nsearch.set(trials=6)\nsearch",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path = tmp_path / "search.ipynb"
    nbformat.write(notebook, path)
    with voila_server(tmp_path, path) as address:
        shown = WatchedPage(browser.new_page(viewport=VIEWPORT))
        shown.page.goto(address)
        status = shown.page.locator(".hpt-status")
        shown.page.locator("button").filter(has_text=re.compile("^start$")).click()
        expect(status).to_contain_text("Done")
        shown.page.reload()
        expect(status).to_contain_text("Ready")
        shown.page.close()
    [file] = (tmp_path / "home" / "searches").glob("*.csv")
    assert len(kept_trials(file)) == 6


# ---------------------------------------------------------------- the connection breaks


class Wire:
    """The connection between a page and its kernel, which can be cut."""

    def __init__(self, page):
        self._is_cut = False
        self._ends = []
        page.route_web_socket(re.compile("/api/kernels/"), self._connect)

    def _connect(self, here):
        if self._is_cut:
            here.close()
            return
        self._ends.append((here, here.connect_to_server()))

    def cut(self):
        """End the connection, and let none be made."""
        self._is_cut = True
        for here, there in self._ends:
            there.close()
            here.close()
        self._ends.clear()

    def mend(self):
        """Let connections be made again."""
        self._is_cut = False


def wait_for_connection(page, status):
    page.page.wait_for_function(
        f"status => {PANEL}.sessionContext.session.kernel.connectionStatus === status", arg=status
    )


@pytest.fixture(scope="module")
def doomed(server, browser):
    """Return a JupyterLab whose connection the tests cut, and whose kernel they end."""
    with desk(browser, server, harmless=(GONE,)) as opened:
        yield opened


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside-another-page"])
def test_a_cut_connection_heals(doomed, beside):
    """Jupyter keeps what a page missed only if no other page looks at the same kernel."""
    page, lab = doomed.page, doomed.lab
    other = doomed.open_beside() if beside else None
    if other is not None:
        # What the kernel sends while a page is still making its widgets is lost to it.
        check_rows(other, TrainingLabView(other.page))
    file = Path(page.ask("str(lab.runs.path)"))
    count = page.ask("len(lab.runs)")
    doomed.train(epochs=SHORT, learning_rate=0.004)
    lab.wait_for_progress()
    doomed.wire.cut()
    wait_for_connection(page, "connecting")
    wait_for_trials(file, count + 1, page)
    expect(lab.status).to_contain_text("Training")
    doomed.wire.mend()
    wait_for_connection(page, "connected")
    if other is not None:
        doomed.reload_if_stale()
    check_is_whole(page, lab)
    check_can_be_used(page, lab)
    if other is not None:
        check_is_whole(other, TrainingLabView(other.page))
        other.page.close()


# ---------------------------------------------------------------- the kernel ends


@pytest.mark.parametrize("end", ["killed", "restarted"])
def test_what_has_landed_outlives_the_kernel(doomed, screenshot, end):
    page, lab = doomed.page, doomed.lab
    check_can_be_used(page, lab)
    page.ask("[search.set(trials=300), search.start()] and 0")
    doomed.train(epochs=LONG)
    page.wait_for_kernel("len(search.record) > 2")
    files = page.ask("[str(lab.runs.path), str(search.record.path)]")
    rows, n_marks = lab.rows(), doomed.marks.count() - 1
    if end == "killed":
        os.kill(page.ask("__import__('os').getpid()"), signal.SIGKILL)
        notice = page.page.locator(".jp-Dialog")
        expect(notice).to_contain_text("appears to have died. It will restart automatically.")
        screenshot(page.page, "kernel-killed")
        notice.locator(".jp-mod-accept").click()
        page.wait_until_ready()
    else:
        page.restart_kernel()

    runs, trials = map(kept_trials, files)
    best = [f"{max(accuracy for _, accuracy in run.history):.1%}" for run in runs]
    kept = [[str(run.number), score] for run, score in zip(runs, best, strict=True)]
    assert [[row[0], row[2]] for row in rows] == kept[::-1]
    assert {run.ended for run in runs} <= {"finished", "stopped"}
    assert [trial.number for trial in trials] == list(range(1, len(trials) + 1))
    assert len(trials) >= n_marks
    assert {trial.ended for trial in trials} == {"finished"}

    # What is left on the screen says that it is dead, and is.
    page.cell(1)
    expect(lab.root.locator(BROKEN_LINKS).filter(visible=True).first).to_be_visible()
    curve = lab.present_curve()
    lab.slider(0).focus()
    page.page.keyboard.press("PageUp")
    assert not page.ask("'lab' in globals()")
    assert lab.present_curve() == curve

    doomed.make_labs()
    expect(page.page.locator(BROKEN_LINKS)).to_have_count(0)
    page.cell(1)
    check_can_be_used(page, lab)
    page.ask("[search.run('random', trials=3)] and 0")
    expect(doomed.search.locator(".hpt-status")).to_contain_text("Done")
    screenshot(page.page, f"kernel-{end}-and-run-again")
