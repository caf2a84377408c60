"""Each lab on a projector: what is moved and what is seen fits a notebook's cell, in full words."""

import pytest
from all_labs import CELLS, USE, cells
from playwright.sync_api import expect

from hpt_widgets.language import LANGUAGES

pytestmark = pytest.mark.browser

LABS = (
    *("training", "search", "sweep", "range_test"),
    *("descent", "backprop", "network", "canvas", "bayes", "bank", "grid"),
)
# What a screen of 1280 × 720 leaves of a notebook to the output of a cell.
WIDTH, HEIGHT = 930, 600
FRAME = """lab => {
    const box = lab.getBoundingClientRect();
    const columns = lab.querySelector('.hpt-columns').getBoundingClientRect();
    return {height: columns.bottom - box.top, beyond: lab.scrollWidth - lab.clientWidth};
}"""
# Words that are cut off, by their element's edge or by that of a chart, and ticks that touch.
CLIPPED = """lab => {
    const shown = one => one.checkVisibility({visibilityProperty: true}) &&
        one.getClientRects().length &&
        !one.closest('.hpt-below, .hpt-unseen, .mjx-chtml, mjx-container');
    const name = one => [one.tagName, one.className.baseVal ?? one.className,
        (one.textContent || one.value || '').trim().slice(0, 60)].join(' ');
    const found = [];
    for (const one of lab.querySelectorAll('.hpt-columns *')) {
        if (!shown(one) || one instanceof SVGElement) continue;
        if (getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
            found.push(`cut off: ${name(one)}`);
    }
    for (const chart of lab.querySelectorAll('.hpt-columns .hpt-chart')) {
        const edge = chart.getBoundingClientRect();
        const words = [...chart.querySelectorAll('text')].filter(
            one => shown(one) && one.textContent.trim());
        for (const one of words) {
            const box = one.getBoundingClientRect();
            const beyond = Math.max(edge.left - box.left, box.right - edge.right,
                edge.top - box.top, box.bottom - edge.bottom);
            if (beyond > 2) found.push(`beyond its chart: ${name(one)}`);
        }
        for (const axis of chart.querySelectorAll('.axis')) {
            const ticks = [...axis.querySelectorAll('.tick text')].filter(
                one => shown(one) && one.textContent.trim());
            const boxes = ticks.map(one => one.getBoundingClientRect());
            boxes.forEach((a, place) => boxes.slice(place + 1).forEach(b => {
                if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
                    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5)
                    found.push(`ticks touch: ${name(ticks[place])}`);
            }));
        }
    }
    return found;
}"""


@pytest.fixture(scope="module")
def labs(lasting_notebook):
    """Return a notebook in which every lab is shown in either language, and was used."""
    made = [(language, code) for language in LANGUAGES for code in cells(*LABS, language=language)]
    lasting_notebook.open_cells(*(code for _, code in made))
    for place, (_, code) in enumerate(made):
        lasting_notebook.run_cell(place)
        for name in LABS:
            if code == CELLS[name]:
                lasting_notebook.run_hidden(USE[name])
    return lasting_notebook


def lab_of(notebook, language, name):
    """Scroll to a lab, give it the width that it has on a projector, and return it."""
    place = LANGUAGES.index(language) * (1 + len(LABS)) + 1 + LABS.index(name)
    lab = notebook.cell(place).locator(".hpt-lab")
    expect(lab.locator(".hpt-columns")).to_be_visible()
    lab.evaluate("(lab, width) => { lab.style.width = `${width}px`; }", WIDTH)
    notebook.page.wait_for_timeout(300)  # charts are drawn anew in their new width
    return lab


def lasting_faults(lab, tries=20):
    """Return what is clipped and stays so: on a busy machine a chart is drawn late."""
    found = lab.evaluate(CLIPPED)
    while found and tries:
        lab.page.wait_for_timeout(250)
        found, tries = lab.evaluate(CLIPPED), tries - 1
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LABS)
def test_a_lab_fits_the_screen_of_a_projector(labs, name, language, screenshot):
    lab = lab_of(labs, language, name)
    screenshot(lab, f"one-screen-{name}-{language}")
    frame = lab.evaluate(FRAME)
    assert frame["height"] <= HEIGHT
    assert frame["beyond"] <= 0
    assert lasting_faults(lab) == []


def test_a_clipped_word_and_ticks_that_touch_are_found(labs):
    lab = lab_of(labs, "en", LABS[0])
    lab.evaluate(
        """lab => {
            lab.querySelector('.hpt-columns .widget-label').style.width = '20px';
            const [one, other] = lab.querySelectorAll('.hpt-chart .axis .tick');
            other.setAttribute('transform', one.getAttribute('transform'));
            lab.querySelector('.hpt-chart .axislabel').setAttribute('y', 300);
        }"""
    )
    kinds = {fault.split(":")[0] for fault in lab.evaluate(CLIPPED)}
    assert kinds == {"cut off", "ticks touch", "beyond its chart"}


@pytest.mark.parametrize("name", LABS)
def test_a_lab_fills_the_window_and_goes_back(labs, name, screenshot):
    lab = lab_of(labs, "en", name)
    button = lab.get_by_role("button", name="full window")
    page = labs.page
    before = lab.bounding_box()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    window = {"x": 0, "y": 0, **page.viewport_size}
    assert lab.bounding_box() == window
    # Nothing of the page lies over it, and its charts have grown with it.
    corners = page.evaluate(
        """([width, height]) => [[5, 5], [width - 25, 5], [5, height - 5], [width / 2, height / 2]]
            .map(place => document.elementFromPoint(...place)?.closest('.hpt-lab') !== null)""",
        [window["width"], window["height"]],
    )
    assert corners == [True] * 4
    page.wait_for_timeout(300)
    screenshot(page, f"full-window-{name}")
    assert lab.evaluate(FRAME)["height"] <= window["height"]
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_be_focused()
    page.wait_for_timeout(300)
    assert lab.bounding_box() == before
