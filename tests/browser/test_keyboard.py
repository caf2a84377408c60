"""Each lab with the keyboard alone, off the screen, and in a narrow window of either theme."""

from itertools import pairwise

import pytest
from all_labs import CELLS, cells
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

EVERY_LAB = pytest.mark.parametrize("name", CELLS)

# What a key can be pressed on, in the order in which it stands in the page.
CONTROLS = """lab => {
    const kinds = 'a[href], button, input, select, textarea, summary, [contenteditable=true],'
        + '[tabindex]';
    return [...lab.querySelectorAll(kinds)].filter(one => !one.disabled
        && (one.tabIndex >= 0 || one.isContentEditable) && one.getClientRects().length
        && one.checkVisibility({visibilityProperty: true}));
}"""
# How an element differs from its surroundings; a caret does not show where the focus is.
LOOKS = """one => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle === 'none' ? '' : style.outline;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join(' | ');
}"""
DESCRIBE = """one => [one.tagName, one.className, one.innerText || one.value || ''].join(' ')"""
FOCUSED = "() => document.activeElement"
# Whatever stands out by more than its own margin of 2 pixels a side is cut off. (The pages of
# the tabs scroll.)
OUTSIDE = """lab => {
    const edge = lab.closest('.jp-OutputArea-output').getBoundingClientRect().right;
    const parts = 'input, button, select, img, svg.bqplot, .hpt-chart, .hpt-status, .hpt-words';
    return [...lab.querySelectorAll(parts)]
        .filter(part => part.getClientRects().length && !part.closest('.widget-tab'))
        .map(part => ['outside', String(part.className.baseVal ?? part.className),
            part.getBoundingClientRect().right - edge])
        .filter(([, , beyond]) => beyond > 4);
}"""
# Leaves of the page that lie on one another: controls, charts and words.
OVERLAPPING = """lab => {
    const kinds = 'input, button, select, .bqplot.figure, .widget-hslider, .widget-html-content,'
        + ' .widget-label';
    const parts = [...lab.querySelectorAll(kinds)].filter(part => {
        const box = part.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && !part.closest('.widget-tab')
            && !part.closest('.hpt-ends')  // they name the curves where these end
            && part.checkVisibility({visibilityProperty: true});
    });
    const found = [];
    parts.forEach((one, place) => parts.slice(place + 1).forEach(other => {
        if (one.contains(other) || other.contains(one)) return;
        const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 3 && high > 3)
            found.push(['overlap', one.className + ' ' + (one.innerText || one.title || ''),
                other.className + ' ' + (other.innerText || other.title || ''), wide, high]);
    }));
    return found;
}"""


@pytest.fixture(scope="module")
def all_labs(lasting_notebook):
    """Return a notebook in which every lab is shown."""
    lasting_notebook.open_cells(*cells(*CELLS))
    lasting_notebook.run_all()
    lasting_notebook.wait_for_kernel("training.state == 'ready'")
    return lasting_notebook


def lab_of(notebook, name):
    """Scroll to a lab, and return it."""
    lab = notebook.cell(1 + list(CELLS).index(name)).locator(".hpt-lab")
    expect(lab).to_be_visible()
    return lab


def controls_of(lab):
    """Return the elements that a key can be pressed on, in the order of the page."""
    found = lab.evaluate_handle(CONTROLS)
    return [one.as_element() for one in found.get_properties().values()]


def press_tab(page):
    """Press Tab, and return what has the focus then."""
    before = page.evaluate_handle(FOCUSED)
    page.keyboard.press("Tab")
    # Out of the canvas it is the kernel that leads.
    page.wait_for_function("before => document.activeElement !== before", arg=before, timeout=5000)
    return page.evaluate_handle(FOCUSED).as_element()


@EVERY_LAB
def test_tab_goes_through_all_controls_as_one_reads(all_labs, name):
    page = all_labs.page
    controls = controls_of(lab_of(all_labs, name))
    controls[0].focus()
    visited = [controls[0], *(press_tab(page) for _ in controls[1:])]
    wanted, reached = ([one.evaluate(DESCRIBE) for one in some] for some in (controls, visited))
    assert reached == wanted
    # Along a row or down a column, and from a column's end to the top of one further right.
    boxes = [one.bounding_box() for one in controls]
    backward = [
        (wanted[place], wanted[place + 1])
        for place, (one, following) in enumerate(pairwise(boxes))
        if following["y"] + following["height"] <= one["y"]
        and following["x"] + following["width"] <= one["x"]
    ]
    assert backward == []


@EVERY_LAB
def test_the_focus_is_seen(all_labs, name):
    page = all_labs.page
    controls = controls_of(lab_of(all_labs, name))
    page.evaluate("document.activeElement.blur()")
    before = [one.evaluate(LOOKS) for one in controls]
    controls[0].focus()
    after = [controls[0].evaluate(LOOKS)]
    after += [press_tab(page).evaluate(LOOKS) for _ in controls[1:]]
    looks = zip(controls, before, after, strict=True)
    assert [one.evaluate(DESCRIBE) for one, was, now in looks if was == now] == []


def test_a_lab_off_the_screen_is_laid_out_all_the_same(all_labs):
    """A chart that is first drawn in a cell that JupyterLab leaves out would keep no width."""
    all_labs.page.locator(".jp-WindowedPanel-outer").evaluate("panel => panel.scrollTo(0, 0)")
    all_labs.page.wait_for_timeout(300)  # JupyterLab chooses anew what it leaves out
    cells = all_labs.page.locator(".jp-Cell:has(.hpt-lab)")
    shown = cells.evaluate_all("all => all.map(one => getComputedStyle(one).contentVisibility)")
    assert shown == ["visible"] * len(CELLS)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_all_fit_a_narrow_window(server, open_notebook_page, screenshot, theme):
    server.use_theme(theme)
    try:
        notebook = open_notebook_page(width=800)
        language = {"Light": "en", "Dark": "zh"}[theme]
        notebook.open_cells(*cells(*CELLS, language=language))
    finally:
        server.use_theme("Light")
    notebook.run_all()
    notebook.wait_for_kernel("training.state == 'ready'")
    faults = {}
    for name in CELLS:
        lab = lab_of(notebook, name)
        notebook.page.wait_for_timeout(300)  # charts are drawn anew in their new width
        screenshot(lab, f"narrow-{theme.lower()}-{name}")
        faults[name] = lab.evaluate(OUTSIDE) + lab.evaluate(OVERLAPPING)
    assert {name: found for name, found in faults.items() if found} == {}
