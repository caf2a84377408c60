"""A kernel that dies in mid-work: what had landed is there again when the cells are run anew."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect
from training_lab_view import TrainingLabView

pytestmark = pytest.mark.browser

IMPORT = "import itertools, os, time\nimport hpt_widgets as hpt"
TRAINING = "training = hpt.TrainingLab(training_size=2000)\ntraining"
# The eighth trial takes until the kernel was killed.
SEARCH = """numbers = itertools.count(1)
def accuracy(values):
    while next(numbers) >= 8 and not os.path.exists("killed"):
        time.sleep(0.1)
    return 0.9 - 0.1 * (values["dropout_rate"] - 0.3) ** 2
search = hpt.SearchLab(objective=accuracy)
search"""
GAME = """game = hpt.BayesLab(n_seeds=2)
game.show()
game.ask(0.0001)"""
N_TRIALS = 40


@pytest.fixture(scope="module")
def revived(lasting_notebook):
    """Return a notebook whose kernel was killed while its labs worked; all cells were run again."""
    notebook = lasting_notebook
    notebook.open_cells(IMPORT, TRAINING, SEARCH, GAME)
    notebook.run_all()
    play_a_round(game_of(notebook))
    finish_a_run(training_of(notebook))
    finish_some_trials(notebook, search_of(notebook))
    begin_a_run(notebook, training_of(notebook))

    kill_kernel(notebook)
    (notebook.server.folder / "killed").touch()
    notebook.run_all()
    return notebook


def kill_kernel(notebook):
    """Kill the kernel, read JupyterLab's notice, and wait until the new one answers."""
    os.kill(notebook.ask("os.getpid()"), signal.SIGKILL)
    notice = notebook.page.locator(".jp-Dialog")
    expect(notice).to_contain_text("restart automatically")
    notice.locator(".jp-mod-accept").click()
    expect(notice).to_have_count(0)
    notebook.wait_until_ready()


def training_of(notebook):
    return TrainingLabView(notebook.page, within=notebook.cell(1))


def search_of(notebook):
    return notebook.cell(2).locator(".hpt-lab")


def game_of(notebook):
    return notebook.cell(3).locator(".hpt-lab")


def play_a_round(root):
    root.get_by_role("textbox", name="rate to try", exact=True).fill("0.01")
    root.get_by_role("textbox", name="rate to try", exact=True).press("Enter")
    root.locator("button").filter(has_text=re.compile("^Try it$")).click()
    expect(root.locator(".hpt-status")).to_contain_text("Round 2 of 10")


def finish_a_run(lab):
    lab.type("learning rate", "0.02")
    lab.wait_for_end()


def begin_a_run(notebook, lab):
    notebook.ask("training.set(epochs=100) or 0")
    expect(lab.status).to_contain_text("Training")


def finish_some_trials(notebook, root):
    root.get_by_role("textbox", name="trials", exact=True).fill(str(N_TRIALS))
    root.get_by_role("textbox", name="trials", exact=True).press("Enter")
    root.locator("button").filter(has_text=re.compile("^start$")).click()
    notebook.wait_for_kernel("search.searches and len(search.record) >= 4")


def test_finished_runs_are_back_in_the_table(revived, screenshot):
    lab = training_of(revived)
    expect(lab.root).to_contain_text("is back (1)")
    expect(lab.root).to_contain_text("learning rate 0.02")
    screenshot(lab.root, "runs-of-a-killed-kernel")
    lab.type("learning rate", "0.03")
    lab.wait_for_end()
    rates = "[trial.hyperparameters['learning_rate'] for trial in training.runs]"
    assert revived.ask(rates) == [0.02, 0.03]


def test_a_search_goes_on_where_it_was_cut_off(revived, screenshot):
    root = search_of(revived)
    expect(root.locator(".hpt-status")).to_contain_text("What was finished by then is back")
    n_back = revived.ask("len(search.record)")
    assert 4 <= n_back < N_TRIALS
    screenshot(root, "search-of-a-killed-kernel")
    root.locator("button").filter(has_text=re.compile("^continue$")).click()
    revived.wait_for_kernel("search.state == 'ended'")
    assert revived.ask("len(search.record)") == N_TRIALS
    assert revived.ask("len(search.searches)") == 1


def test_a_game_goes_on_where_it_was_cut_off(revived, screenshot):
    root = game_of(revived)
    status = root.locator(".hpt-status")
    expect(status).to_contain_text("is back (2)")
    expect(status).to_contain_text("Round 2 of 10")
    screenshot(root, "game-of-a-killed-kernel")
    root.locator("button").filter(has_text=re.compile("^Try it$")).click()
    expect(status).to_contain_text("Round 3 of 10")
