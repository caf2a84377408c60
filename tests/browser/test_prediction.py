"""Predictions in a real browser: drawn with the mouse, typed, chosen, and set beside what came."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CURVE = 'import hpt_widgets as hpt\ncurve = hpt.prediction("2-learning-rate")\ncurve'
NUMBER = 'number = hpt.prediction("0-accuracy")\nnumber'
CHOICE = 'choice = hpt.prediction("2-batch-size")\nchoice'
REAL = "[([0, 25_000, 50_000], [2.0, 0.5, 0.3])] * 4"


# What cuts an element off: parts around it that hide what goes beyond them.
HIDING = """element => {
    const box = element.getBoundingClientRect();
    const found = [];
    for (let one = element.parentElement; !one.matches('.jp-Notebook'); one = one.parentElement) {
        const edge = one.getBoundingClientRect();
        const isBeyond = box.bottom > edge.bottom + 1 || box.right > edge.right + 1;
        if (isBeyond && getComputedStyle(one).overflow !== 'visible') found.push(one.className);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def asking_notebook(lasting_notebook):
    """Return a notebook with cells that ask for a curve, a number and a choice."""
    lasting_notebook.open_cells(
        CURVE,
        f'hpt.outcome("2-learning-rate", {REAL})',
        NUMBER,
        'hpt.outcome("0-accuracy", 95.9)',
        CHOICE,
    )
    return lasting_notebook


@pytest.fixture
def asked(asking_notebook):
    """Return it with the curve asked for anew."""
    asking_notebook.run_cell(0)
    expect(asking_notebook.cell(0).locator(".hpt-prediction .hpt-chart")).to_be_visible()
    # What another test predicted is kept.
    asking_notebook.run_hidden("curve.renew()")
    return asking_notebook


def drag(page, chart, *points):
    """Draw from point to point, given as shares of the chart's plotting area."""
    box = chart.locator(".plotarea_background").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=12)
    page.mouse.up()


def test_a_curve_is_drawn_with_the_mouse_and_compared(asked, screenshot):
    lab = asked.cell(0).locator(".hpt-prediction")
    drag(asked.page, lab.locator(".hpt-chart"), (0.02, 0.2), (0.3, 0.6), (0.98, 0.8))
    asked.wait_for_kernel("curve.value is not None")
    drawn = asked.ask("[curve.value[0][i] for i in (5, 30, 55)]")
    # The axis goes from 5 down to 0.05, on a log scale.
    for value, share in zip(drawn, (0.32, 0.66, 0.76), strict=True):
        assert value == pytest.approx(5 * 10 ** (-2 * share), rel=0.35)
    assert drawn == sorted(drawn, reverse=True)
    expect(lab.get_by_role("status")).to_contain_text("0.0001 from")

    asked.run_cell(1)
    outcome = asked.cell(1).locator(".hpt-prediction")
    expect(outcome.get_by_role("status")).to_contain_text("you drew")
    expect(outcome.locator(".hpt-chart path.line")).to_have_count(5)
    expect(lab.get_by_role("button", name="predict anew")).to_be_visible()
    screenshot(outcome, "prediction-outcome")


def test_a_prediction_is_made_by_keyboard(asked, screenshot):
    lab, keys = asked.cell(0).locator(".hpt-prediction"), asked.page.keyboard
    lab.get_by_role("combobox").focus()
    keys.press("End")
    asked.wait_for_kernel("curve.view.form.which.value == 3")
    for height in ("2.3", "2.3", "2.3", "2.3", "2.3"):
        keys.press("Tab")
        keys.type(height)
        keys.press("Enter")
    asked.wait_for_kernel("curve.value and curve.value[3] is not None")
    asked.wait_for_kernel("max(curve.value[3]) < 2.31 and min(curve.value[3]) > 2.29")
    screenshot(lab, "prediction-curve")

    height = lab.get_by_role("textbox").last
    height.fill("-5")
    keys.press("Enter")
    alert = lab.get_by_role("alert")
    expect(alert).to_contain_text("-5")
    assert alert.evaluate(HIDING) == []
    screenshot(lab, "prediction-curve-refused")

    asked.run_cell(2)
    field = asked.cell(2).locator(".hpt-prediction input")
    field.fill("abc")
    keys.press("Enter")
    alert = asked.cell(2).get_by_role("alert")
    expect(alert).to_contain_text("is not a number")
    assert alert.evaluate(HIDING) == []
    screenshot(asked.cell(2).locator(".hpt-prediction"), "prediction-refused")
    # A share where a percentage is asked: kept, and asked about.
    field.fill("0.9")
    keys.press("Enter")
    asked.wait_for_kernel("number.value == 0.9")
    doubt = asked.cell(2).get_by_text("0.9 %? Or did you mean 90 %?")
    expect(doubt).to_be_visible()
    screenshot(asked.cell(2).locator(".hpt-prediction"), "prediction-number")
    field.fill("90 percent")
    keys.press("Enter")
    asked.wait_for_kernel("number.value == 90")
    expect(doubt).to_be_hidden()
    asked.run_cell(3)
    expect(asked.cell(3).get_by_role("status")).to_contain_text("too low by 5.9 points")
    expect(field).to_be_disabled()

    asked.run_cell(4)
    asked.cell(4).locator(".hpt-choice").first.focus()
    keys.press("Tab")
    keys.press("Space")
    asked.wait_for_kernel("choice.value == 2")
    expect(asked.cell(4).locator(".hpt-choice").nth(1)).to_contain_text("●")
