"""The bank lab in a real browser: strategies are taken out, seeds added, a bad budget refused."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_strategies_and_seeds_are_chosen_on_the_screen(lab_notebook, open_lab, screenshot):
    view = open_lab("hpt.BankLab()")
    expect(view).to_contain_text("Best on average")
    screenshot(view, "bank-lab")
    view.get_by_role("checkbox", name="random ×2").press("Space")
    lab_notebook.wait_for_kernel("'random_twice' not in lab.settings.strategies")
    for chart in range(2):  # the best so far, and how often each comes first
        names = view.locator(".hpt-ends").nth(chart)
        expect(names).not_to_contain_text("random ×2")
        expect(names).to_contain_text("Hyperband")

    field = view.get_by_label("seeds to compare", exact=True)
    field.fill("20")
    field.press("Enter")
    lab_notebook.wait_for_kernel("lab.settings.n_seeds == 20")
    expect(view).to_contain_text("nine in ten means of 20 searches")
    view.get_by_label("longest training").select_option("27 epochs")
    lab_notebook.wait_for_kernel("lab.settings.max_epochs == 27")
    expect(view).to_contain_text("TPE is not shown")
    view.get_by_role("button", name="Draw anew").click()
    lab_notebook.wait_for_kernel("lab.settings.seed == 1")
    screenshot(view, "bank-lab-27")

    field = view.get_by_label("budget in full trainings", exact=True)
    field.fill("41")
    field.press("Enter")
    alert = view.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("41")
    assert lab_notebook.ask("lab.settings.n_trials") == 20
