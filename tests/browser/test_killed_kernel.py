"""A kernel that dies in mid-work: what had landed is there again when the cell is run anew."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect
from training_lab_view import TrainingLabView

pytestmark = pytest.mark.browser

TRAINING = """import os
import hpt_widgets as hpt
lab = hpt.TrainingLab(training_size=2000)
lab"""
SEARCH = """import os, time
import hpt_widgets as hpt
def accuracy(values):
    time.sleep(0.1)
    return 0.9 - 0.1 * (values["dropout_rate"] - 0.3) ** 2
lab = hpt.SearchLab(objective=accuracy)
lab"""

GAME = """import os
import hpt_widgets as hpt
lab = hpt.BayesLab(n_seeds=2)
lab.show()
lab.ask(0.0001)"""


def kill_kernel(notebook):
    """Kill the kernel, read JupyterLab's notice, and wait until the new one answers."""
    os.kill(notebook.ask("os.getpid()"), signal.SIGKILL)
    notice = notebook.page.locator(".jp-Dialog")
    expect(notice).to_contain_text("restart automatically")
    notice.locator(".jp-mod-accept").click()
    expect(notice).to_have_count(0)
    notebook.wait_until_ready()


def test_finished_runs_are_back_in_the_table(notebook, screenshot):
    notebook.open_cells(TRAINING)
    notebook.run_all()
    lab = TrainingLabView(notebook.page)
    lab.type("learning rate", "0.02")
    lab.wait_for_end()
    notebook.ask("lab.set(epochs=100) or 0")
    expect(lab.status).to_contain_text("Training")

    kill_kernel(notebook)
    notebook.run_all()
    expect(lab.root).to_contain_text("is back (1)")
    expect(lab.root).to_contain_text("learning rate 0.02")
    screenshot(lab.root, "runs-of-a-killed-kernel")
    lab.type("learning rate", "0.03")
    lab.wait_for_end()
    rates = "[trial.hyperparameters['learning_rate'] for trial in lab.runs]"
    assert notebook.ask(rates) == [0.02, 0.03]


def test_a_search_goes_on_where_it_was_cut_off(notebook, screenshot):
    notebook.open_cells(SEARCH)
    notebook.run_all()
    root = notebook.page.locator(".hpt-lab")
    root.get_by_role("textbox", name="trials", exact=True).fill("40")
    root.get_by_role("textbox", name="trials", exact=True).press("Enter")
    root.locator("button").filter(has_text=re.compile("^start$")).click()
    notebook.wait_for_kernel("lab.searches and len(lab.record) >= 4")

    kill_kernel(notebook)
    notebook.run_all()
    status = root.locator(".hpt-status")
    expect(status).to_contain_text("What was finished by then is back")
    n_back = notebook.ask("len(lab.record)")
    assert 4 <= n_back < 40
    screenshot(root, "search-of-a-killed-kernel")
    root.locator("button").filter(has_text=re.compile("^continue$")).click()
    notebook.wait_for_kernel("lab.state == 'ended'")
    assert notebook.ask("len(lab.record)") == 40
    assert notebook.ask("len(lab.searches)") == 1


def test_a_game_goes_on_where_it_was_cut_off(notebook, screenshot):
    notebook.open_cells(GAME)
    notebook.run_all()
    root = notebook.page.locator(".hpt-lab")
    status = root.locator(".hpt-status")
    root.get_by_role("textbox", name="rate to try", exact=True).fill("0.01")
    root.get_by_role("textbox", name="rate to try", exact=True).press("Enter")
    root.locator("button").filter(has_text=re.compile("^Try it$")).click()
    expect(status).to_contain_text("Round 2 of 10")

    kill_kernel(notebook)
    notebook.run_all()
    expect(status).to_contain_text("is back (2)")
    expect(status).to_contain_text("Round 2 of 10")
    screenshot(root, "game-of-a-killed-kernel")
    root.locator("button").filter(has_text=re.compile("^Try it$")).click()
    expect(status).to_contain_text("Round 3 of 10")
