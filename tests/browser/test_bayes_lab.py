"""The lab of Bayesian optimisation in a real browser: a click asks, the others follow."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_click_asks_and_the_methods_follow(lab_notebook, open_lab, screenshot):
    view = open_lab("hpt.BayesLab()")
    expect(view).to_contain_text("Where would you sample next?")
    # What takes the clicks: it comes behind the words, and a click on it waits until it stands.
    sheet = view.locator(".hpt-bayes-top").first.locator("image").last
    expect(sheet).to_be_visible()
    box = sheet.bounding_box()
    sheet.click(position={"x": 0.6 * box["width"], "y": 0.4 * box["height"]})
    lab_notebook.wait_for_kernel("lab.n_rounds == 1")
    rate = lab_notebook.ask("lab.aimed_at")
    assert 1e-3 < rate < 1e-1
    expect(view).to_contain_text("Round 1 of 10")
    expect(view).to_contain_text("TPE drew 24 places")
    lab_notebook.wait_for_kernel("lab.many is not None")
    expect(view.locator(".hpt-bayes-top").nth(1)).to_contain_text("median, 20 seeds")

    screenshot(view, "bayes-lab-first")
    view.get_by_label("rate to try", exact=True).fill("0.003")
    view.get_by_label("rate to try", exact=True).press("Enter")
    view.get_by_role("button", name="Try it").press("Enter")
    lab_notebook.wait_for_kernel("lab.n_rounds == 2")
    view.get_by_label("acquisition").select_option("upper conf. bound")
    view.get_by_role("button", name="Show objective").click()
    lab_notebook.wait_for_kernel("lab.is_revealed")
    expect(view.get_by_role("button", name="Hide objective")).to_be_visible()
    screenshot(view, "bayes-lab")

    view.get_by_label("κ of the bound", exact=True).fill("much")
    view.get_by_label("κ of the bound", exact=True).press("Enter")
    alert = view.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("'much'")


def test_a_whole_game_in_chinese(lab_notebook, open_lab, screenshot):
    view = open_lab("hpt.BayesLab()", "zh")
    lab_notebook.run_hidden("lab.set(objective='two_hills')")
    lab_notebook.run_hidden("[lab.ask(x / 10) for x in range(10)]; lab.wait(120)")
    expect(view).to_contain_text("这一局领先")
    expect(view).to_contain_text("20 个种子，十回合后的中位数")
    screenshot(view, "bayes-lab-zh")


@pytest.mark.parametrize(
    ("language", "label", "button", "said"),
    [
        ("en", "rate to try", "Try it", "press again to use 0.00316"),
        ("zh", "要试的学习率", "试一次", "或再按一次，沿用 0.00316"),
    ],
)
def test_a_rate_that_is_refused_takes_no_round(
    lab_notebook, open_lab, screenshot, language, label, button, said
):
    view = open_lab("hpt.BayesLab(n_seeds=2)", language)
    field, press = view.get_by_label(label, exact=True), view.get_by_role("button", name=button)
    field.fill("5")
    press.click()
    alert = view.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text(said)
    expect(field).to_have_value("0.00316")
    screenshot(view, f"bayes-lab-refused-{language}")
    assert lab_notebook.ask("lab.n_rounds") == 0
    field.fill("0.5")
    press.click()
    lab_notebook.wait_for_kernel("lab.n_rounds == 1")
    expect(alert).to_have_count(0)
    assert lab_notebook.ask("lab.aimed_at") == 0.5
    field.fill("much")
    field.press("Tab")
    expect(alert).to_contain_text(label)
    press.click()
    expect(alert).to_contain_text("0.5")
    assert lab_notebook.ask("lab.n_rounds") == 1
    press.click()
    lab_notebook.wait_for_kernel("lab.n_rounds == 2")
