"""Each lab: with the keyboard alone, on a projector, in a narrow window, for a screen reader.

All labs are made once in either language, on one page; what a test changes of them, later ones can
live with. What is dear to find out of a lab is found out once, and several tests look at it.
"""

import functools
from dataclasses import dataclass
from itertools import pairwise

import pytest
from all_labs import CELLS, LABS, USE, cells
from lab_keyboard import tab_through
from lab_layout import (
    CLIPPED,
    FRAME_HEIGHT,
    OUTSIDE,
    OVERLAPPING,
    SHORT_SLIDERS,
    TOO_LARGE,
    WATCH_CHARTS,
    WIDTH,
    drawn_anew,
    lasting_faults,
    wait_for_charts,
)
from lab_screen_reader import PICTURES, SPEECHLESS, nameless, said_of
from playwright.sync_api import expect

from hpt_widgets.language import LANGUAGES, texts_of
from tools.browser import PANEL

pytestmark = pytest.mark.browser

# Where a slider is the way to choose a value out of many.
WITH_LONG_SLIDERS = ("training", "range_test", "bayes", "bank")
EVERY_LAB = pytest.mark.parametrize("name", CELLS)
EVERY_LAB_WITH_A_FRAME = pytest.mark.parametrize("name", LABS)
IN_ENGLISH = pytest.mark.parametrize("language", ["en"], indirect=True)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    """Return the language that the labs speak."""
    return request.param


@pytest.fixture(scope="module")
def notebook_of_labs(lasting_notebook):
    """Return a notebook with a cell for every lab; none of these has been run."""
    lasting_notebook.open_cells(*cells(*CELLS))
    lasting_notebook.run_cell(0)
    return lasting_notebook


@pytest.fixture(scope="module")
def used_labs(language, notebook_of_labs):
    """Return the notebook in which every lab is shown and was used."""
    notebook_of_labs.run_hidden(f"hpt.use_language({language!r})")
    for place in range(len(CELLS)):
        notebook_of_labs.run_cell(1 + place)
    notebook_of_labs.wait_for_kernel("training.state == 'ready'")
    for name in CELLS:
        notebook_of_labs.run_hidden(USE[name])
    return notebook_of_labs


def lab_of(notebook, name):
    """Scroll to a lab, and return it."""
    lab = notebook.cell(1 + list(CELLS).index(name)).locator(".hpt-lab")
    expect(lab).to_be_visible()
    return lab


# -- the keyboard --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tabbed(used_labs):
    """Return a function that gives a lab's controls, and where Tab went: see `tab_through`."""
    return functools.cache(lambda name: tab_through(lab_of(used_labs, name)))


@IN_ENGLISH
@EVERY_LAB
def test_tab_goes_through_all_controls_as_one_reads(tabbed, name):
    controls, focused = tabbed(name)
    assert [one.words for one in focused] == [one.words for one in controls]
    # Along a row or down a column, and from a column's end to the top of one further right.
    backward = [
        (one.words, following.words)
        for one, following in pairwise(controls)
        if following.box["bottom"] <= one.box["top"] and following.box["right"] <= one.box["left"]
    ]
    assert backward == []


@IN_ENGLISH
@EVERY_LAB
def test_the_focus_is_seen(tabbed, name):
    looks = zip(*tabbed(name), strict=True)
    assert [resting.words for resting, focused in looks if resting.looks == focused.looks] == []


@IN_ENGLISH
def test_a_lab_off_the_screen_is_laid_out_all_the_same(used_labs):
    """A chart that is first drawn in a cell that JupyterLab leaves out would keep no width."""
    used_labs.page.locator(".jp-WindowedPanel-outer").evaluate("panel => panel.scrollTo(0, 0)")
    used_labs.page.wait_for_timeout(300)  # JupyterLab chooses anew what it leaves out
    cells = used_labs.page.locator(".jp-Cell:has(.hpt-lab)")
    shown = cells.evaluate_all("all => all.map(one => getComputedStyle(one).contentVisibility)")
    assert shown == ["visible"] * len(CELLS)


@IN_ENGLISH
def test_no_part_of_a_slider_asks_for_a_layer_of_its_own(used_labs):
    """Each would be held against all that is drawn after it, in every frame."""
    parts = used_labs.page.locator(
        ", ".join(f".hpt-lab .noUi-{name}" for name in ("connect", "origin", "handle"))
    )
    looks = "one => [getComputedStyle(one).willChange, getComputedStyle(one).backfaceVisibility]"
    found = parts.evaluate_all(f"all => all.map({looks})")
    assert len(found) > 20
    assert [one for one in found if one != ["auto", "visible"]] == []


# -- a narrow window -----------------------------------------------------------------------------


@pytest.fixture
def narrow_window(used_labs):
    """Make the window of the labs narrow."""
    page = used_labs.page
    usual = page.viewport_size
    page.evaluate(f"({WATCH_CHARTS})(document)")
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
        wait_for_charts(lab)
        faults[name] = lasting_faults(lab, OUTSIDE, OVERLAPPING)
        screenshot(lab, f"narrow-{theme.lower()}-{name}")
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
        with drawn_anew(lab):
            lab.evaluate(SET_WIDTH, f"{WIDTH}px")
        return lab

    yield project
    for lab in given:
        lab.evaluate(SET_WIDTH, "")


@EVERY_LAB_WITH_A_FRAME
def test_a_lab_fits_the_screen_of_a_projector(projected, name, language, screenshot):
    lab = projected(name)
    screenshot(lab, f"one-screen-{name}-{language}")
    assert lasting_faults(lab, TOO_LARGE, CLIPPED) == []
    if name in WITH_LONG_SLIDERS:
        assert lasting_faults(lab, SHORT_SLIDERS) == []


@IN_ENGLISH
@EVERY_LAB_WITH_A_FRAME
def test_a_lab_fills_the_window_and_goes_back(used_labs, name, screenshot):
    lab = lab_of(used_labs, name)
    button = lab.get_by_role("button", name="full window")
    page = used_labs.page
    before = lab.bounding_box()
    with drawn_anew(lab):
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
    screenshot(page, f"full-window-{name}")
    assert lab.evaluate(FRAME_HEIGHT) <= window["height"]
    with drawn_anew(lab):
        page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_be_focused()
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


def pages_of(notebook, lab):
    """Open one tab of the lab after the other; a lab without tabs has one page."""
    tabs = lab.get_by_role("tab")
    yield lab
    for place in range(1, tabs.count()):
        tabs.nth(place).click()
        expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
        notebook.ask("0")  # behind what the kernel shows there
        yield lab


@dataclass(frozen=True)
class Heard:
    """What a screen reader finds on one page of a lab.

    Attributes
    ----------
    controls : list of tuple
        What it says of each control, see `said_of`.
    speechless : int
        How many things are shown that it could say nothing of.
    wordless : list of str
        The pictures without words.
    """

    controls: list
    speechless: int
    wordless: list


@pytest.fixture(scope="module")
def heard(used_labs):
    """Return a function that gives what is `Heard` on each page of a lab."""

    def listen(name):
        return [
            Heard(
                said_of(page),
                page.locator(SPEECHLESS).locator("visible=true").count(),
                page.evaluate(PICTURES),
            )
            for page in pages_of(used_labs, opened(used_labs, name))
        ]

    return functools.cache(listen)


@EVERY_LAB
def test_every_control_has_a_name_and_a_value(heard, name):
    for page in heard(name):
        assert len(page.controls) >= (1 if name == "grid" else 3)  # the grid is only looked at
        assert nameless(page.controls) == []
        assert page.speechless == 0


@EVERY_LAB
def test_no_two_controls_sound_alike(heard, name):
    for page in heard(name):
        said = [one[:3] for one in page.controls if one[0] not in ("slider", "button")]
        assert [one for one in said if said.count(one) > 1] == []


@EVERY_LAB
def test_every_picture_has_words(heard, name):
    assert [page.wordless for page in heard(name) if page.wordless] == []


def test_the_canvas_says_what_it_is(heard, language):
    [page] = heard("canvas")
    paper = getattr(texts_of("digit_canvas")["paper"], language)
    assert [name for _, name, *_ in page.controls].count(paper) == 1


def test_each_rate_of_the_descent_lab_says_whose_it_is(heard):
    controls = heard("descent")[0].controls
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


# Of each lab on the page: whether the numbers of its cells take room beside it, what lies over
# them, and whether JupyterLab leaves it out where it is not in sight.
AROUND_LABS = """() => [...document.querySelectorAll('.hpt-frame')].map(lab => {
    const around = selector => {
        const found = [];
        for (let at = lab.parentElement; at; at = at.parentElement) {
            found.push(...at.querySelectorAll(`:scope > ${selector}`));
        }
        return found;
    };
    const shown = one => getComputedStyle(one).display !== 'none';
    const cell = lab.closest('.jp-Cell');
    return [
        around('.jp-OutputPrompt').filter(shown).length,
        around('.jp-OutputArea-promptOverlay').filter(shown).length,
        getComputedStyle(cell).contentVisibility,
    ];
})"""


def test_a_lab_takes_the_room_of_the_prompt_also_in_an_output_widget(notebook):
    notebook.open_cells(
        "import ipywidgets as widgets, hpt_widgets as hpt\nhpt.DescentLab()",
        "within = widgets.Output()\nwith within:\n    display(hpt.DescentLab())\nwithin",
    )
    notebook.run_all()
    expect(notebook.page.locator(".hpt-frame .hpt-chart svg").nth(1)).to_be_attached()
    expect(notebook.page.locator(".hpt-frame")).to_have_count(2)
    assert notebook.page.evaluate(AROUND_LABS) == [[0, 0, "visible"]] * 2


IN_A_BOX = """import ipywidgets as widgets, hpt_widgets as hpt
widgets.VBox([hpt.DescentLab().view.widget])"""
IN_INTERACT = """@widgets.interact(condition_number=(1, 100))
def shown(condition_number=10):
    display(hpt.DescentLab(condition_number=condition_number))"""
OUT_OF_SIGHT = "for line in range(200):\n    print(line)"


def test_a_lab_in_a_readers_box_is_drawn_also_out_of_sight(notebook):
    notebook.open_cells(OUT_OF_SIGHT, IN_A_BOX, IN_INTERACT)
    notebook.run_all()
    notebook.page.evaluate(f"() => {PANEL}.content.scrollToItem(0, 'start')")
    expect(notebook.page.locator(".hpt-frame .hpt-chart svg").nth(1)).to_be_attached()
    expect(notebook.page.locator(".hpt-frame")).to_have_count(2)
    around = notebook.page.evaluate(AROUND_LABS)
    assert [visibility for _, _, visibility in around] == ["visible"] * 2
