"""The backpropagation lab in a real browser: step through the passes, edit, descend."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def drawing_of(view):
    return view.get_by_role("img", name="The network with its values")


@pytest.fixture(scope="module")
def notebook(lasting_notebook):
    """Return a notebook whose second cell makes a lab."""
    lasting_notebook.open_cells("import hpt_widgets as hpt", "lab = hpt.BackpropLab()\nlab")
    lasting_notebook.run_cell(0)
    return lasting_notebook


@pytest.fixture
def view(notebook):
    """Return a lab that nobody has touched, on the screen."""
    notebook.run_cell(1)
    shown = notebook.page.locator(".hpt-lab")
    expect(drawing_of(shown)).to_be_visible()
    return shown


def test_step_through_both_passes(notebook, view, screenshot):
    drawing, words = drawing_of(view), view.locator(".hpt-words")
    expect(words).to_contain_text("Predict h₁")
    onward = view.get_by_title("Next calculation", exact=True)
    onward.focus()
    for step in range(1, 11):
        notebook.page.keyboard.press("Enter")
        expect(words).to_contain_text(f"{step} of 26")
    expect(words).to_contain_text("backward")
    expect(words).to_contain_text("error signal")
    expect(drawing).to_contain_text("δ = 0.103")
    # MathJax has made a formula of the LaTeX.
    expect(view.locator(".hpt-formula mjx-container").first).to_be_visible()
    screenshot(view, "backprop-lab-delta")
    view.get_by_title("One calculation back", exact=True).click()
    expect(drawing).not_to_contain_text("δ")
    view.get_by_title("To the last calculation", exact=True).click()
    expect(drawing).to_contain_text("∂")
    expect(view.get_by_text("✓")).to_have_count(13)
    field = view.get_by_label("calculation", exact=True)
    expect(field).to_have_value("26")
    field.fill("3")
    field.press("Enter")
    expect(words).to_contain_text("3 of 26")
    view.locator(".hpt-steps .noUi-handle").press("ArrowRight")
    expect(words).to_contain_text("4 of 26")


def test_edit_and_descend(notebook, view, screenshot):
    field = view.get_by_label("w₁₁", exact=True)
    field.fill("-1.5")
    field.press("Enter")
    notebook.wait_for_kernel("lab.network.hidden_weights[0, 0] == -1.5")
    expect(drawing_of(view)).to_contain_text("w₁₁ = −1.5")

    view.get_by_role("button", name="One descent step").click()
    view.get_by_role("button", name="Ten").click()
    notebook.wait_for_kernel("len(lab.errors) == 12")
    errors = notebook.ask("list(lab.errors)")
    assert errors == sorted(errors, reverse=True)
    expect(view).to_contain_text("after 11 descent step")
    view.get_by_title("To the last calculation", exact=True).click()
    expect(view.locator(".hpt-words")).to_contain_text("26 of 26")
    screenshot(view, "backprop-lab-descended")


def test_nonsense_becomes_a_message(notebook, view):
    field = view.get_by_label("target t", exact=True)
    field.fill("soon")
    field.press("Enter")
    expect(view.get_by_role("alert").locator("visible=true")).to_contain_text("'soon'")
    expect(field).to_have_value("0.2")
    view.get_by_label("hidden units").select_option("tanh")
    notebook.wait_for_kernel("lab.network.hidden_activation == 'tanh'")
