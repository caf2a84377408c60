"""The bank lab in a real browser: strategies are taken out, seeds added, a bad budget refused."""

import pytest
from lab_layout import FRAME, HEIGHT, WIDTH, lasting_faults
from playwright.sync_api import expect

from hpt_widgets.language import LANGUAGES

pytestmark = pytest.mark.browser


def test_strategies_and_seeds_are_chosen_on_the_screen(notebook, open_lab, screenshot):
    view = open_lab("hpt.BankLab()")
    expect(view).to_contain_text("Best on average")
    screenshot(view, "bank-lab")
    view.get_by_role("checkbox", name="random ×2").press("Space")
    notebook.wait_for_kernel("'random_twice' not in lab.settings.strategies")
    expect(view.locator(".hpt-ends")).not_to_contain_text("random ×2")

    field = view.get_by_label("seeds to compare", exact=True)
    field.fill("20")
    field.press("Enter")
    notebook.wait_for_kernel("lab.settings.n_seeds == 20")
    expect(view).to_contain_text("nine in ten means of 20 searches")
    view.get_by_label("longest training").select_option("27 epochs")
    notebook.wait_for_kernel("lab.settings.max_epochs == 27")
    expect(view).to_contain_text("TPE is not shown")
    view.get_by_role("button", name="Draw anew").click()
    notebook.wait_for_kernel("lab.settings.seed == 1")
    screenshot(view, "bank-lab-27")

    field = view.get_by_label("budget in full trainings", exact=True)
    field.fill("41")
    field.press("Enter")
    alert = view.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("41")
    assert notebook.ask("lab.settings.n_trials") == 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_a_projector(notebook, open_lab, screenshot, language):
    view = open_lab("hpt.BankLab()", language)
    view.evaluate("(lab, width) => { lab.style.width = `${width}px`; }", WIDTH)
    notebook.page.wait_for_timeout(300)  # charts are drawn anew in their new width
    screenshot(view, f"bank-lab-projector-{language}")
    frame = view.evaluate(FRAME)
    assert frame["height"] <= HEIGHT
    assert frame["beyond"] <= 0
    assert lasting_faults(view) == []
