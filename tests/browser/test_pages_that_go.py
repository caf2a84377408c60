"""Pages that go and come while labs work: loaded again, closed, or two of them at once.

JupyterLab and Notebook 7 keep a lab in the kernel, whatever becomes of the page; Voilà begins
anew with each page (`test_front_ends`). `00-start-here` says so to the reader.
"""

from pathlib import Path

import pytest
from desks import (
    IDLE_SEARCH,
    LONG,
    check_can_be_used,
    check_is_whole,
    desk,
    kept_trials,
    wait_for_trials,
)
from playwright.sync_api import expect
from training_lab_view import TrainingLabView

from tools.browser import jupyter_server

pytestmark = pytest.mark.browser

# What a thread of the reader's own does in the kernel once the page is closed.
BEHIND = """def behind():
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
# Notebook's shortcuts say it when another plugin's settings arrive before their own.
NOTEBOOKS_OWN_ERROR = "Cannot read properties of undefined (reading 'schema')"


@pytest.fixture(scope="module")
def jupyterlab(new_reader, server, browser):
    """Return a JupyterLab whose notebook has both labs."""
    with desk(browser, server, searching=IDLE_SEARCH) as opened:
        yield opened


@pytest.fixture(scope="module")
def notebook_7(kernels, browser, tmp_path_factory):
    """Return a Notebook 7 whose notebook has both labs."""
    folder = tmp_path_factory.mktemp("notebook")
    with (
        jupyter_server(folder, front_end="notebook", kernels=kernels) as server,
        desk(browser, server, searching=IDLE_SEARCH, harmless=(NOTEBOOKS_OWN_ERROR,)) as opened,
    ):
        yield opened


@pytest.fixture(params=["jupyterlab", "notebook_7"])
def front_end(request):
    """Return both front ends, one after the other, with a notebook that has both labs."""
    return request.getfixturevalue(request.param)


def test_a_reload_finds_the_labs_at_work(front_end, screenshot):
    page = front_end.page
    page.ask("[search.start()] and 0")
    front_end.train(epochs=LONG)
    front_end.reload()
    lab = front_end.lab
    page.cell(1)
    standing = lab.wait_for_new_curve("")
    lab.wait_for_new_curve(standing)
    expect(lab.status).to_contain_text("Training")
    front_end.stop()
    page.ask("[search.stop(), search.wait()] and 0")
    expect(front_end.marks).to_have_count(page.ask("len(search.record)") + 1)
    screenshot(page.page, f"reloaded-{page.server.front_end}")
    page.cell(1)
    check_can_be_used(page, lab)
    check_is_whole(page, lab)


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
    page.wait_for_kernel("not lab.is_busy")
    beside.ask("0")  # behind what the kernel told this page, which may be the slower one
    assert here.rows() == there.rows()
    screenshot(beside.page, f"second-page-{page.server.front_end}")
    front_end.train(epochs=2, learning_rate=0.01)
    beside.page.close()
    check_is_whole(page, here)


def test_a_page_that_was_closed_in_mid_training_finds_all_of_it(front_end, screenshot):
    """No page is there when the run ends, nor when the kernel begins the next one.

    The page that is opened then is given an old status line, as if a new one had come just while
    it was loaded, and been missed; it is told the true one.
    """
    page = front_end.page
    file = Path(page.ask("str(lab.runs.path)"))
    count = page.ask("len(lab.runs)")
    page.run_hidden(BEHIND)
    front_end.train(epochs=LONG, learning_rate=0.005)
    page.run_hidden(OLD_LINE)
    path = front_end.save()
    page.page.close()
    (page.server.folder / "closed").touch()
    wait_for_trials(file, count + 2)
    assert [trial.ended for trial in kept_trials(file)[-2:]] == ["stopped", "finished"]

    front_end.page = page = front_end.open_path(path)
    page.cell(1)
    lab = front_end.lab
    check_is_whole(page, lab)
    page.run_hidden("del line.get_state")
    newest, before = lab.rows()[:2]
    assert ("learning rate 0.02" in newest[1], newest[-1]) == (True, "finished")
    assert ("learning rate 0.005" in before[1], before[-1]) == (True, "stopped")
    assert any("learning rate 0.005" in hint for hint in lab.hints())
    screenshot(page.page, f"opened-again-{page.server.front_end}")
    check_can_be_used(page, lab)
