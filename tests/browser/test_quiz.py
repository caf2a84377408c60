"""The quiz in a real browser, answered with the keyboard alone."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_answers_by_keyboard(notebook, screenshot):
    notebook.open_cells('import hpt_widgets as hpt\nquiz = hpt.quiz("4.1")\nquiz')
    notebook.run_all()
    view = notebook.page.locator(".hpt-quiz")
    expect(view.get_by_role("button").first).to_be_visible()

    view.get_by_role("button").first.focus()
    notebook.page.keyboard.press("Space")
    feedback = view.locator(".hpt-feedback").first
    expect(feedback).not_to_be_empty()
    notebook.wait_for_kernel("quiz.chosen == {1: 1}")
    expect(view.get_by_role("button").first).to_be_focused()

    # Tab goes on to the next choice, and another answer takes the first one's place.
    said = feedback.inner_text()
    notebook.page.keyboard.press("Tab")
    notebook.page.keyboard.press("Enter")
    expect(feedback).not_to_have_text(said)
    notebook.wait_for_kernel("quiz.chosen == {1: 2}")
    screenshot(view, "quiz")
