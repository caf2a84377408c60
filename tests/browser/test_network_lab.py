"""The network lab in a real browser: train, add a point by a click, move a weight."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def button(view, title):
    return view.get_by_title(title, exact=True)


def test_the_boundary_moves_while_it_trains(lab_notebook, open_lab, screenshot):
    view = open_lab(
        "hpt.NetworkLab(task='plane', data='circles', hidden_units=(6,), learning_rate=1.0)"
    )
    ground = view.locator(".hpt-chart image").first
    before = ground.get_attribute("href")
    button(view, "Train").click()
    expect(button(view, "Pause")).to_be_visible()
    expect(ground).not_to_have_attribute("href", before)
    lab_notebook.wait_for_kernel("lab.losses[-1] < 0.1")
    button(view, "Pause").click()
    lab_notebook.wait_for_kernel("not lab.is_playing")
    expect(view).to_contain_text("100% of the points on the right side")
    # The boundary is a line of many pieces.
    expect(view.locator(".hpt-net-answer path.line").first).to_have_attribute(
        "d", re.compile(r"^M.*L.*L")
    )
    screenshot(view, "network-lab-circles")

    count = lab_notebook.ask("len(lab.points.inputs)")
    chart = view.locator(".hpt-net-answer").bounding_box()
    lab_notebook.page.mouse.click(
        chart["x"] + 0.7 * chart["width"], chart["y"] + 0.2 * chart["height"]
    )
    lab_notebook.wait_for_kernel(f"len(lab.points.inputs) == {count + 1}")
    x, y = lab_notebook.ask("lab.points.inputs[-1].tolist()")
    assert x > 0.2
    assert y > 0.2


def test_a_weight_is_chosen_and_moved(lab_notebook, open_lab, screenshot):
    view = open_lab("hpt.NetworkLab()")
    field = view.get_by_label("its value", exact=True)
    expect(field).not_to_have_value("")
    before = field.input_value()
    view.get_by_label("weight or bias").select_option("layer 2: w₃₁")
    # The value of the weight that was chosen would take the place of what is typed before it comes.
    expect(field).not_to_have_value(before)
    field.fill("-1.5")
    field.press("Enter")
    lab_notebook.wait_for_kernel("lab.parameters['w2_31'] == -1.5")
    expect(view.locator('line[data-edge="w2_31"]')).to_have_attribute("stroke-width", "5.6")
    button(view, "One layer more").click()
    expect(view.get_by_role("img", name="A network of 1–3–3–1 units")).to_be_visible()
    view.get_by_label("learning rate η", exact=True).fill("fast")
    view.get_by_label("learning rate η", exact=True).press("Enter")
    alert = view.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("'fast'")
    screenshot(view, "network-lab-curve")
