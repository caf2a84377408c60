"""The descent lab in a real browser: play, pause, scrub, drag the start, move sliders."""

import pytest
from dark_theme import check_legible, dark_theme
from playwright.sync_api import expect

from tools.browser import at_rest

pytestmark = pytest.mark.browser

# Counts, in `movedFrames`, the frames in which a mark of a chart has moved.
COUNT_FRAMES = """() => {
  window.movedFrames = 0;
  let moved = false;
  const observer = new MutationObserver(() => { moved = true; });
  const looked = {subtree: true, attributes: true, attributeFilter: ['d', 'transform']};
  document.querySelectorAll('.hpt-lab .hpt-chart').forEach(e => observer.observe(e, looked));
  const frame = () => {
    window.movedFrames += moved; moved = false;
    if (window.movedFrames > 5) observer.disconnect();
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def button(view, title):
    return view.get_by_title(title, exact=True)


def shown_chart(view):
    return view.locator(".hpt-chart").locator("visible=true").first


def test_play_pause_and_scrub(lab_notebook, open_lab, screenshot):
    view = open_lab(
        "hpt.DescentLab('ravine', "
        "optimizers=['gradient_descent', 'momentum', 'nesterov', 'rmsprop', 'adam'])"
    )
    verdicts = view.locator(".hpt-verdicts")
    expect(verdicts).to_contain_text("gradient descent")
    button(view, "To the start").click()
    expect(verdicts).to_contain_text("At the start")
    lab_notebook.wait_for_kernel("lab.step == 0")

    lab_notebook.ask("lab.set_speed(5)")  # the end is 20 s away
    button(view, "Play").click()
    expect(button(view, "Pause")).to_be_visible()
    lab_notebook.page.evaluate(COUNT_FRAMES)
    lab_notebook.page.wait_for_function("window.movedFrames > 5")
    button(view, "Pause").click()
    lab_notebook.wait_for_kernel("not lab.is_playing")
    here = lab_notebook.ask("lab.step")
    assert 0 < here < 100
    lab_notebook.page.wait_for_timeout(300)
    assert lab_notebook.ask("lab.step") == here

    button(view, "One step forward").click()
    lab_notebook.wait_for_kernel(f"lab.step == {here + 1}")
    button(view, "One step back").click()
    lab_notebook.wait_for_kernel(f"lab.step == {here}")
    screenshot(view, "descent-lab-paused")

    handle = view.locator(".hpt-steps .noUi-handle")
    field = view.get_by_label("step", exact=True)
    handle.press("End")
    lab_notebook.wait_for_kernel("lab.step == 100")
    handle.press("ArrowLeft")
    lab_notebook.wait_for_kernel("lab.step == 99")
    expect(field).to_have_value("99")
    field.fill("7")
    field.press("Enter")
    lab_notebook.wait_for_kernel("lab.step == 7")
    expect(handle).to_have_attribute("aria-valuenow", "7.0")
    field.fill("101")
    field.press("Enter")
    alert = view.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("a whole number from 0 to 100")
    expect(field).to_have_value("7")


def test_drag_the_start_and_click_the_map(lab_notebook, open_lab, screenshot):
    view = open_lab("hpt.DescentLab('himmelblau', optimizers=['gradient_descent', 'adam'])")
    mouse = lab_notebook.page.mouse
    start = shown_chart(view).locator("path.dot, path.element").last
    expect(start).to_be_visible()
    lab_notebook.wait_for_frames()
    place = start.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    before = lab_notebook.ask("lab.settings.start")
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 40, y - 30, steps=8)
    mouse.up()
    lab_notebook.wait_for_kernel(f"list(lab.settings.start) != {before}")
    dragged = lab_notebook.ask("lab.settings.start")
    assert dragged[0] > before[0]
    assert dragged[1] > before[1]
    assert lab_notebook.ask("lab.path('adam').points[0].tolist()") == dragged

    chart = shown_chart(view).bounding_box()
    mouse.click(chart["x"] + 0.75 * chart["width"], chart["y"] + 0.7 * chart["height"])
    lab_notebook.wait_for_kernel(f"list(lab.settings.start) != {dragged}")
    clicked = lab_notebook.ask("lab.settings.start")
    assert clicked[0] > 0 > clicked[1]
    screenshot(view, "descent-lab-himmelblau")


def test_a_slider_redraws_the_path_and_keeps_the_playhead(lab_notebook, open_lab):
    view = open_lab("hpt.DescentLab(optimizers=['gradient_descent'])")
    lab_notebook.ask("lab.play_to(40)")
    rate = lab_notebook.ask("lab.settings.learning_rates['gradient_descent']")
    handle = view.locator(".hpt-rate .noUi-handle").locator("visible=true").first
    for _ in range(20):
        handle.press("ArrowRight")
    lab_notebook.wait_for_kernel(f"lab.settings.learning_rates['gradient_descent'] > 2 * {rate}")
    expect(view.locator(".hpt-verdicts")).to_contain_text("Diverg")
    assert lab_notebook.ask("lab.step") == 40


def test_a_typed_rate_stays_as_it_was_typed(lab_notebook, open_lab):
    view = open_lab("hpt.DescentLab(optimizers=['gradient_descent'])")
    field = view.locator(".hpt-rate input[type=text]").locator("visible=true").first
    field.fill("0.0333")
    field.press("Enter")
    lab_notebook.wait_for_kernel("lab.settings.learning_rates['gradient_descent'] == 0.0333")
    lab_notebook.page.wait_for_timeout(500)  # the slider snaps to its notch and reports that
    assert lab_notebook.ask("lab.settings.learning_rates['gradient_descent']") == 0.0333
    field.fill("fast")
    field.press("Enter")
    alert = view.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("'fast'")
    expect(field).to_have_value("0.0333")


def test_one_variable_is_a_curve(lab_notebook, open_lab, screenshot):
    view = open_lab("hpt.DescentLab(optimizers=['gradient_descent'], steps=20)")
    view.get_by_label("surface").select_option(label="parabola θ²")
    lab_notebook.wait_for_kernel("lab.settings.surface.name == 'parabola'")
    expect(shown_chart(view)).to_contain_text("J(θ)")
    button(view, "To the start").click()
    button(view, "One step forward").click()
    lab_notebook.wait_for_kernel("lab.step == 1")
    assert lab_notebook.ask("lab.path('gradient_descent').points[1, 0]") == pytest.approx(1.6)
    screenshot(view, "descent-lab-parabola")


def test_is_legible_in_the_dark_theme(lab_notebook, open_lab, screenshot):
    with dark_theme(lab_notebook):
        view = open_lab("hpt.DescentLab('saddle', gradient_noise=0.2)")
        label = view.locator(".hpt-chart .axislabel").locator("visible=true").first
        expect(label).to_be_visible()
        screenshot(view, "descent-lab-dark")
        check_legible(lab_notebook, {"axis label": label})


def test_a_click_on_the_map_of_convergence_sets_learning_rate_and_momentum(
    lab_notebook, open_lab, screenshot
):
    view = open_lab("hpt.DescentLab(condition_number=100, optimizers=['adam'])")
    chart = view.locator(".hpt-convergence .hpt-chart").first
    expect(chart).to_have_count(0)
    view.get_by_role("button", name="How fast?").click()
    ground = chart.locator("image")
    expect(ground).to_be_visible()
    box = at_rest(lab_notebook.page, ground.bounding_box)
    ground.click(position={"x": 0.5 * box["width"], "y": 0.25 * box["height"]})
    lab_notebook.wait_for_kernel("'momentum' in lab.settings.optimizers")
    # The axes go from 0 to 4/λmax and from 0 to 1.
    lab_notebook.wait_for_kernel("abs(lab.settings.learning_rates['momentum'] - 0.02) < 0.001")
    lab_notebook.wait_for_kernel("abs(lab.settings.momentum - 0.75) < 0.02")
    expect(view.locator(".hpt-convergence-words").last).to_contain_text("momentum")
    screenshot(view, "descent-convergence")
    view.get_by_role("button", name="Hide map").click()
    expect(chart).to_have_count(0)
