"""Each lab: with the keyboard alone, on a projector, in a narrow window, for a screen reader.

All labs are opened once in either language; what a test changes of them, later ones can live with.
"""

from itertools import pairwise

import pytest
from all_labs import CELLS, LABS, USE, cells
from lab_keyboard import DESCRIBE, LOOKS, controls_of, press_tab
from lab_layout import CLIPPED, FRAME, HEIGHT, OUTSIDE, OVERLAPPING, WIDTH, lasting_faults
from lab_screen_reader import PICTURES, SPEECHLESS, nameless, said_of
from notebook_pages import notebook_pages
from playwright.sync_api import expect

from hpt_widgets.language import LANGUAGES

pytestmark = pytest.mark.browser

EVERY_LAB = pytest.mark.parametrize("name", CELLS)
EVERY_LAB_WITH_A_FRAME = pytest.mark.parametrize("name", LABS)
IN_ENGLISH = pytest.mark.parametrize("language", ["en"], indirect=True)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    """Return the language that the labs speak."""
    return request.param


@pytest.fixture(scope="module")
def used_labs(language, server, browser):
    """Return a notebook in which every lab is shown and was used."""
    with notebook_pages(server, browser) as open_one:
        notebook = open_one()
        notebook.open_cells(*cells(*CELLS, language=language))
        notebook.run_all()
        notebook.wait_for_kernel("training.state == 'ready'")
        for name in CELLS:
            notebook.run_hidden(USE[name])
        yield notebook


def lab_of(notebook, name):
    """Scroll to a lab, and return it."""
    lab = notebook.cell(1 + list(CELLS).index(name)).locator(".hpt-lab")
    expect(lab).to_be_visible()
    return lab


# -- the keyboard --------------------------------------------------------------------------------


@IN_ENGLISH
@EVERY_LAB
def test_tab_goes_through_all_controls_as_one_reads(used_labs, name):
    page = used_labs.page
    controls = controls_of(lab_of(used_labs, name))
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


@IN_ENGLISH
@EVERY_LAB
def test_the_focus_is_seen(used_labs, name):
    page = used_labs.page
    controls = controls_of(lab_of(used_labs, name))
    page.evaluate("document.activeElement.blur()")
    before = [one.evaluate(LOOKS) for one in controls]
    controls[0].focus()
    after = [controls[0].evaluate(LOOKS)]
    after += [press_tab(page).evaluate(LOOKS) for _ in controls[1:]]
    looks = zip(controls, before, after, strict=True)
    assert [one.evaluate(DESCRIBE) for one, was, now in looks if was == now] == []


@IN_ENGLISH
def test_a_lab_off_the_screen_is_laid_out_all_the_same(used_labs):
    """A chart that is first drawn in a cell that JupyterLab leaves out would keep no width."""
    used_labs.page.locator(".jp-WindowedPanel-outer").evaluate("panel => panel.scrollTo(0, 0)")
    used_labs.page.wait_for_timeout(300)  # JupyterLab chooses anew what it leaves out
    cells = used_labs.page.locator(".jp-Cell:has(.hpt-lab)")
    shown = cells.evaluate_all("all => all.map(one => getComputedStyle(one).contentVisibility)")
    assert shown == ["visible"] * len(CELLS)


# -- a narrow window -----------------------------------------------------------------------------


@pytest.fixture
def narrow_window(used_labs):
    """Make the window of the labs narrow."""
    page = used_labs.page
    usual = page.viewport_size
    page.set_viewport_size({**usual, "width": 800})
    yield
    page.set_viewport_size(usual)


@pytest.fixture
def theme(language, used_labs):
    """Change to a theme of JupyterLab's, to another one in either language."""
    name = {"en": "Light", "zh": "Dark"}[language]
    used_labs.use_theme(name)
    yield name
    used_labs.use_theme("Light")


@pytest.mark.usefixtures("narrow_window")
def test_all_fit_a_narrow_window(used_labs, theme, screenshot):
    faults = {}
    for name in CELLS:
        lab = lab_of(used_labs, name)
        used_labs.page.wait_for_timeout(300)  # charts are drawn anew in their new width
        screenshot(lab, f"narrow-{theme.lower()}-{name}")
        faults[name] = lab.evaluate(OUTSIDE) + lab.evaluate(OVERLAPPING)
    assert {name: found for name, found in faults.items() if found} == {}


# -- a projector: what is moved and what is seen fits a notebook's cell, in full words -----------


SET_WIDTH = "(lab, width) => { lab.style.width = width; }"


@pytest.fixture
def projected(used_labs):
    """Return a function that gives a lab the width that it has on a projector, and the lab."""
    given = []

    def project(name):
        lab = lab_of(used_labs, name)
        expect(lab.locator(".hpt-columns")).to_be_visible()
        given.append(lab)
        lab.evaluate(SET_WIDTH, f"{WIDTH}px")
        used_labs.page.wait_for_timeout(300)  # charts are drawn anew in their new width
        return lab

    yield project
    for lab in given:
        lab.evaluate(SET_WIDTH, "")


@EVERY_LAB_WITH_A_FRAME
def test_a_lab_fits_the_screen_of_a_projector(projected, name, language, screenshot):
    lab = projected(name)
    screenshot(lab, f"one-screen-{name}-{language}")
    frame = lab.evaluate(FRAME)
    assert frame["height"] <= HEIGHT
    assert frame["beyond"] <= 0
    assert lasting_faults(lab) == []


@IN_ENGLISH
@EVERY_LAB_WITH_A_FRAME
def test_a_lab_fills_the_window_and_goes_back(used_labs, projected, name, screenshot):
    lab = projected(name)
    button = lab.get_by_role("button", name="full window")
    page = used_labs.page
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


# -- a screen reader -----------------------------------------------------------------------------


def opened(notebook, name):
    """Scroll to a lab, open what it hides, and return it."""
    lab = lab_of(notebook, name)
    openers = lab.locator("button:visible:has(.fa-caret-right)")
    for left in reversed(range(openers.count())):
        openers.first.press("Enter")
        expect(openers).to_have_count(left)
    return lab


def pages_of(lab):
    """Open one tab of the lab after the other; a lab without tabs has one page."""
    tabs = lab.get_by_role("tab")
    yield lab
    for place in range(1, tabs.count()):
        tabs.nth(place).click()
        expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
        yield lab


@EVERY_LAB
def test_every_control_has_a_name_and_a_value(used_labs, name):
    lab = opened(used_labs, name)
    for page in pages_of(lab):
        controls = said_of(page)
        assert len(controls) >= (1 if name == "grid" else 3)  # the grid is only looked at
        assert nameless(controls) == []
        assert page.locator(SPEECHLESS).locator("visible=true").count() == 0


@EVERY_LAB
def test_no_two_controls_sound_alike(used_labs, name):
    lab = opened(used_labs, name)
    for page in pages_of(lab):
        said = [one[:3] for one in said_of(page) if one[0] not in ("slider", "button")]
        assert [one for one in said if said.count(one) > 1] == []


@EVERY_LAB
def test_every_picture_has_words(used_labs, name):
    lab = opened(used_labs, name)
    for page in pages_of(lab):
        assert page.evaluate(PICTURES) == []


def test_the_canvas_says_what_it_is(used_labs):
    names = [name for role, name, *_ in said_of(opened(used_labs, "canvas")) if role == "Canvas"]
    assert names in (
        ["Paper for a digit, drawn with mouse or finger; Tab leads on, Delete wipes it"],
        ["手写区：用鼠标或手指写数字；Tab 键离开，Delete 键清空"],
    )


def test_each_rate_of_the_descent_lab_says_whose_it_is(used_labs):
    controls = said_of(opened(used_labs, "descent"))
    rates = [name for role, name, *_ in controls if role == "textbox" and name.startswith("η")]
    assert len(rates) == 3
    assert ["Adam" in rate for rate in rates].count(True) == 1


# -- the tests' own eyes -------------------------------------------------------------------------


@IN_ENGLISH
def test_a_clipped_word_and_ticks_that_touch_are_found(projected):
    lab = projected(LABS[0])
    # In one go: a chart that is drawn anew in between would be whole again.
    faults = lab.evaluate(
        f"""lab => {{
            lab.querySelector('.hpt-columns .widget-label').style.width = '20px';
            const [one, other] = lab.querySelectorAll('.hpt-chart .axis .tick');
            other.setAttribute('transform', one.getAttribute('transform'));
            lab.querySelector('.hpt-chart .axislabel').setAttribute('y', 300);
            return ({CLIPPED})(lab);
        }}"""
    )
    kinds = {fault.split(":")[0] for fault in faults}
    assert kinds == {"cut off", "ticks touch", "beyond its chart"}
