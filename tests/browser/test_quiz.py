"""The quiz in a real browser, answered with the keyboard alone."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_answers_by_keyboard(notebook, screenshot):
    notebook.open_cells(
        'import hpt_widgets as hpt\nquiz = hpt.quiz("4.1")\n'
        # What another test answered is shown again.
        "quiz.renew()\nquiz",
        'again = hpt.quiz("4.1")\nagain',
    )
    notebook.run_cell(0)
    view = notebook.cell(0).locator(".hpt-quiz")
    expect(view.get_by_role("button").first).to_be_visible()
    expect(view.get_by_role("button", name="answer anew")).to_be_hidden()

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

    # Whoever comes back finds the answers.
    said = feedback.inner_text()
    notebook.run_cell(1)
    again = notebook.cell(1).locator(".hpt-quiz")
    expect(again.locator(".hpt-feedback").first).to_have_text(said)
    expect(again.get_by_role("button").nth(1)).to_contain_text(said[0])
    screenshot(again, "quiz-again")
    again.get_by_role("button", name="answer anew").press("Enter")
    expect(again.locator(".hpt-feedback")).to_have_count(1)
    expect(again.locator(".hpt-feedback")).to_contain_text("0 of 6 answered")
