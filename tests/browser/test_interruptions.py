"""What stops a reader in the middle: kernels that are interrupted or end, connections that break.

For pages that go and come see `test_pages_that_go`.
"""

import os
import re
import signal
from pathlib import Path

import pytest
from desks import (
    LONG,
    check_can_be_used,
    check_is_whole,
    check_rows,
    desk,
    kept_trials,
    wait_for_trials,
)
from playwright.sync_api import expect
from shown_first import SHOWN_FIRST, check_it_answers_while_its_cell_waits
from training_lab_view import TrainingLabView

from hpt_widgets.labs.training.runs_table import ROWS_SHOWN
from tools.browser import PANEL

pytestmark = pytest.mark.browser

OUR_THREADS = "[t.name for t in threading.enumerate() if t.name.startswith('hpt-')]"
# What ipywidgets throws when a control of a kernel that is gone is moved.
GONE = "Cannot send"
# It marks every part of a widget whose kernel is gone with a broken link.
BROKEN_LINKS = ".jupyter-widgets-disconnected"


def begin(page, cell):
    """Run one of the cells that take long, and return its outputs without waiting for its end."""
    place = place_of(cell)
    page.begin_cell(place)
    return page.cell(place).locator(".jp-Cell-outputArea")


def place_of(cell):
    return 3 + CELLS.index(cell)  # behind the desk's own cells


def interrupt(page):
    """Press the button that interrupts the kernel, and wait until it has been sent."""
    with page.page.expect_response(re.compile(r"/interrupt(\?|$)")):
        page.page.locator('[data-command="notebook:interrupt-kernel"]').first.click()


def wait_until_it_answers(page):
    """Wait until a kernel that had nothing to do when it was interrupted answers again.

    An interrupt that meets a request swallows its reply (ipykernel's `dispatch_shell`), so whoever
    asks without a limit at that moment waits for ever.
    """
    page.page.wait_for_timeout(500)  # from the server to the kernel
    page.page.wait_for_function(
        f"""() => Promise.race([
            {PANEL}.sessionContext.session.kernel.requestExecute(
                {{code: '', silent: true, store_history: false}}
            ).done.then(reply => reply.content.status === 'ok'),
            new Promise(resolve => setTimeout(resolve, 2_000, false)),
        ])"""
    )


def wait_for_interrupt(page, outputs):
    """Wait until a cell was interrupted and the kernel takes the next request."""
    expect(outputs).to_contain_text("KeyboardInterrupt")
    # What was asked before that is refused.
    page.page.wait_for_function(
        f"""async () => (await {PANEL}.sessionContext.session.kernel.requestExecute(
            {{code: '', silent: true, store_history: false}}).done).content.status === 'ok'"""
    )


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
FIRST = SHOWN_FIRST.format(epochs=LONG, size=20_000)
CELLS = (*WAITING.values(), *WORKING.values(), FIRST)


@pytest.fixture(scope="module")
def jupyterlab(new_reader, server, browser):
    """Return a JupyterLab whose notebook has both labs, and cells that take long."""
    with desk(browser, server, *CELLS) as opened:
        yield opened


def test_an_interrupt_leaves_what_runs_behind_the_notebook(jupyterlab):
    page, lab = jupyterlab.page, jupyterlab.lab
    page.ask("[search.start()] and 0")
    jupyterlab.train(epochs=LONG)
    page.wait_for_kernel("len(search.record) > 1")
    interrupt(page)
    wait_until_it_answers(page)
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
    outputs = begin(page, WAITING[name])
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


def test_a_lab_that_is_shown_first_answers_while_its_cell_waits(jupyterlab):
    """As in Notebook, see `test_front_ends`."""
    check_it_answers_while_its_cell_waits(jupyterlab.page, place_of(FIRST))
    jupyterlab.page.run_hidden("first.close()")  # pages that are loaded later need not make it


@pytest.mark.parametrize("name", WORKING)
def test_a_cell_that_works_itself_ends_and_leaves_no_thread(jupyterlab, name):
    page = jupyterlab.page
    expected = page.ask("hpt.train(hpt.Hyperparameters(), few).validation_accuracy")
    outputs = begin(page, WORKING[name])
    file = page.server.folder / f"{name}.csv"
    if name == "train":
        expect(outputs).to_contain_text("begun")
    else:
        wait_for_trials(file, 2)
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


# ---------------------------------------------------------------- the connection breaks


def wait_for_connection(page, status):
    page.page.wait_for_function(
        f"status => {PANEL}.sessionContext.session.kernel.connectionStatus === status", arg=status
    )


@pytest.fixture(scope="module")
def doomed(jupyterlab):
    """Return it for tests that cut its connection and end its kernel, which its page may note."""
    assert jupyterlab.errors() == []
    jupyterlab.harmless += (GONE,)
    return jupyterlab


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
    page.cell(1)
    before = lab.present_curve()
    with doomed.holding():
        doomed.train(epochs=2, learning_rate=0.004)
        lab.wait_for_new_curve(before)
        doomed.wire.cut()
    wait_for_connection(page, "connecting")
    wait_for_trials(file, count + 1)
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
    page.cell(1)
    page.ask("[lab.set(epochs=1), lab.wait()] and 0")  # a run for the table
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
    assert [[row[0], row[2]] for row in rows] == kept[::-1][:ROWS_SHOWN]
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
    for cell in (1, 2):
        expect(page.cell(cell).locator(BROKEN_LINKS)).to_have_count(0)
    page.cell(1)
    check_can_be_used(page, lab)
    page.ask("[search.run('random', trials=3)] and 0")
    expect(doomed.search.locator(".hpt-status")).to_contain_text("Done")
    screenshot(page.page, f"kernel-{end}-and-run-again")
