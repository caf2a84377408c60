"""The labs in Notebook and in Voilà, and what JupyterLab asks of the network: nothing."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from all_labs import cells
from playwright.sync_api import Page, expect
from shown_first import SHOWN_FIRST, check_it_answers_while_its_cell_waits
from training_lab_view import TrainingLabView

from hpt_widgets.search.records import SearchRecord
from tools.browser import (
    PANEL,
    PATIENCE,
    VIEWPORT,
    WatchedPage,
    jupyter_server,
    open_page,
    voila_server,
)
from tools.run_checks import PROJECT

pytestmark = pytest.mark.browser

LABS = ("training", "descent", "backprop", "search", "quiz", "canvas")
# Quick to show: what Voilà's own page does need not be seen with a training.
QUICK_SEARCH = (
    "import hpt_widgets as hpt",
    "search = hpt.SearchLab(objective=lambda values: 0.9)\nsearch.set(trials=6)\nsearch",
)
# Notebook's shortcuts say it when another plugin's settings arrive before their own.
NOTEBOOKS_OWN_ERROR = "Cannot read properties of undefined (reading 'schema')"
# Voilà's own page takes its icons from there; without a network it has none.
VOILA_ICONS = "https://cdn.jsdelivr.net/npm/@fortawesome/"
# What Voilà says without that network, and of JupyterLab's extensions that it has no place for.
VOILAS_OWN_ERRORS = ("ERR_INTERNET_DISCONNECTED", "The getter for the shared module")


@pytest.fixture(scope="module")
def notebook_page(kernels, browser, tmp_path_factory):
    """Return a page of Notebook 7 in which all labs are shown."""
    folder = tmp_path_factory.mktemp("notebook")
    with jupyter_server(folder, front_end="notebook", kernels=kernels) as server:
        shown = open_page(browser, server)
        shown.take_network_away()
        shown.open_cells(*cells(*LABS), SHOWN_FIRST.format(epochs=100, size=50_000))
        for place in range(1 + len(LABS)):
            shown.run_cell(place)
        yield shown
        assert set(shown.errors) <= {NOTEBOOKS_OWN_ERROR}
        assert shown.requests_elsewhere == []
        shown.close()


@pytest.fixture(scope="module")
def voila_page(executable, browser, tmp_path_factory):
    """Return a page of Voilà in which all labs are shown; its kernel imports TensorFlow itself."""
    folder = tmp_path_factory.mktemp("voila")
    # Voilà shows a page when all its cells have ended.
    path = write_notebook(folder, *cells(*LABS), SHOWN_FIRST.format(epochs=1, size=1_000))
    with voila_server(folder, path) as address:
        shown = WatchedPage(browser.new_page(viewport=VIEWPORT))
        shown.take_network_away()
        shown.page.goto(address)
        yield shown
        assert [e for e in shown.errors if not any(own in e for own in VOILAS_OWN_ERRORS)] == []
        assert [url for url in shown.requests_elsewhere if not url.startswith(VOILA_ICONS)] == []
        shown.page.close()


@dataclass(frozen=True)
class ShownSearch:
    """A page with a search, and the reader's folder of the server that shows it."""

    page: Page
    home: Path


@pytest.fixture(scope="module")
def voila_search(kernels, browser, tmp_path_factory):
    """Return a page of Voilà in which a search is shown."""
    folder = tmp_path_factory.mktemp("voila-search")
    path = write_notebook(folder, *QUICK_SEARCH)
    with voila_server(folder, path, kernels=kernels) as address:
        shown = WatchedPage(browser.new_page(viewport=VIEWPORT))
        shown.page.goto(address)
        yield ShownSearch(shown.page, folder / "home")
        shown.page.close()


def write_notebook(folder, *sources):
    """Write a notebook of these code cells for Voilà, and return its path."""
    code = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=code)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path = folder / "labs.ipynb"
    nbformat.write(notebook, path)
    return path


@pytest.fixture(params=["notebook_page", "voila_page"])
def shown(request):
    """Return the page of one front end after the other."""
    return request.getfixturevalue(request.param)


def lab_of(shown, name):
    """Scroll to a lab, and return it."""
    place = LABS.index(name)
    if hasattr(shown, "cell"):
        lab = shown.cell(place + 1).locator(".hpt-lab")
    else:
        lab = shown.page.locator(".hpt-lab").nth(place)
    lab.scroll_into_view_if_needed()
    return lab


def button(lab, title):
    return lab.get_by_title(title, exact=True)


def test_a_slider_trains(shown, screenshot, request):
    root = lab_of(shown, "training")
    lab = TrainingLabView(shown.page, within=root.locator("xpath=.."))
    expect(lab.status).to_contain_text("Ready")
    lab.slider(0).focus()
    # Notebook keeps the arrow keys for itself unless one types; JupyterLab and Voilà do not.
    shown.page.keyboard.press("PageUp")
    lab.wait_for_new_curve("")
    lab.wait_for_end()
    expect(lab.field("learning rate")).to_have_value("0.00316")
    screenshot(shown.page, f"front-end-{request.node.callspec.id}-training")


def test_a_lab_fills_the_window_and_goes_back(shown, screenshot, request):
    lab = lab_of(shown, "training")
    fill = lab.get_by_role("button", name="full window")
    before = lab.bounding_box()
    fill.click()
    expect(fill).to_have_attribute("aria-pressed", "true")
    assert lab.bounding_box() == {"x": 0, "y": 0, **shown.page.viewport_size}
    screenshot(shown.page, f"front-end-{request.node.callspec.id}-full-window")
    shown.page.keyboard.press("Escape")
    expect(fill).to_have_attribute("aria-pressed", "false")
    assert lab.bounding_box() == before


def test_a_descent_plays(shown, screenshot, request):
    lab = lab_of(shown, "descent")
    handle = lab.locator(".hpt-steps .noUi-handle")
    button(lab, "To the start").click()
    expect(handle).to_have_attribute("aria-valuenow", "0.0")
    expect(lab.locator(".hpt-verdicts")).to_contain_text("At the start")
    button(lab, "Play").click()
    expect(lab.locator(".hpt-verdicts")).not_to_contain_text("At the start")
    expect(handle).not_to_have_attribute("aria-valuenow", "0.0")
    button(lab, "Pause").click()
    expect(button(lab, "Play")).to_be_visible()
    screenshot(shown.page, f"front-end-{request.node.callspec.id}-descent")


def test_the_backward_pass_steps(shown, screenshot, request):
    lab = lab_of(shown, "backprop")
    drawing = lab.get_by_role("img", name="The network with its values")
    onward = button(lab, "Next calculation")
    onward.focus()
    for step in range(1, 11):
        shown.page.keyboard.press("Enter")
        expect(lab.locator(".hpt-words")).to_contain_text(f"{step} of 26")
    expect(lab.locator(".hpt-words")).to_contain_text("backward")
    expect(drawing).to_contain_text("δ = 0.103")
    expect(lab.locator(".hpt-formula mjx-container").first).to_be_visible()
    screenshot(shown.page, f"front-end-{request.node.callspec.id}-backprop")


def test_a_search_ends(shown, screenshot, request):
    lab = lab_of(shown, "search")
    field = lab.get_by_role("textbox", name="trials", exact=True)
    field.fill("6")
    field.press("Enter")
    lab.locator("button").filter(has_text="start").first.click()
    expect(lab.locator(".hpt-status")).to_contain_text("Done")
    # One mark more is the ring around the chosen trial.
    expect(lab.locator(".hpt-trial-map").first.locator("svg .dot")).to_have_count(7)
    screenshot(shown.page, f"front-end-{request.node.callspec.id}-search")


def test_a_digit_is_written(shown, screenshot, request):
    lab = lab_of(shown, "canvas")
    paper = lab.locator(".hpt-paper")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    shown.page.mouse.move(box["x"] + 60, box["y"] + 60)
    shown.page.mouse.down()
    for x, y in ((140, 55), (220, 50), (130, 240)):
        shown.page.mouse.move(box["x"] + x, box["y"] + y)
    shown.page.mouse.up()
    expect(lab.get_by_role("status")).to_contain_text("I read 7")
    paper.press("Delete")
    expect(lab.get_by_role("status")).to_have_text("Nothing is drawn yet.")
    screenshot(shown.page, f"front-end-{request.node.callspec.id}-canvas")


def test_a_quiz_judges(shown, screenshot, request):
    quiz = lab_of(shown, "quiz")
    quiz.get_by_role("button").first.click()
    expect(quiz.locator(".hpt-feedback").first).to_contain_text("Not")
    screenshot(shown.page, f"front-end-{request.node.callspec.id}-quiz")


def test_a_lab_that_is_shown_first_answers_while_its_cell_waits(notebook_page):
    """As in JupyterLab, see `test_interruptions`."""
    check_it_answers_while_its_cell_waits(notebook_page, 1 + len(LABS))


def test_voila_shows_a_lab_that_is_shown_first_once(voila_page):
    labs = voila_page.page.locator(".hpt-lab")
    expect(labs).to_have_count(1 + len(LABS))
    lab = TrainingLabView(voila_page.page, number=len(LABS))
    lab.root.scroll_into_view_if_needed()
    expect(lab.status).to_contain_text("Finished")
    assert lab.present_curve() != ""


def test_voila_begins_anew_with_each_page(voila_search):
    """What had landed is on the disk all the same."""
    page = voila_search.page
    status = page.locator(".hpt-status")
    page.locator("button").filter(has_text=re.compile("^start$")).click()
    expect(status).to_contain_text("Done")
    page.reload()
    expect(status).to_contain_text("Ready")
    [file] = (voila_search.home / "searches").glob("*.csv")
    assert len(SearchRecord.load(file).trials) == 6


@pytest.mark.parametrize("front_end", ["notebook_page", "voila_search"])
def test_nobody_comes_in_without_the_token(front_end, browser, request):
    """A browser that has never been let in is asked for the token."""
    known = request.getfixturevalue(front_end).page
    page = urlsplit(known.url)
    place = f"{page.scheme}://{page.netloc}{page.path}"
    stranger = browser.new_context()
    for address in (place, f"{place}?token=wrong"):
        answer = stranger.request.get(address, max_redirects=0, timeout=PATIENCE)
        login = answer.status == 302 and "/login" in answer.headers["location"]
        assert login or answer.status == 403, address
    stranger.close()
    assert known.context.request.get(place, max_redirects=0, timeout=PATIENCE).ok


def outputs_of(notebook, kind):
    """Return how many outputs of a kind all cells have, shown or not."""
    return notebook.page.evaluate(
        f"""kind => [...{PANEL}.content.model.cells]
            .flatMap(cell => cell.type === 'code' ? cell.outputs.toJSON() : [])
            .filter(output => output.output_type === kind).length""",
        kind,
    )


def test_jupyterlab_needs_no_network(open_notebook_page, screenshot):
    """Nor does it say that something is wrong, though other front ends are installed beside it."""
    notebook = open_notebook_page()
    notebook.take_network_away()
    path = PROJECT / "notebooks" / "en" / "00-start-here.ipynb"
    notebook.open_copy(path)
    notebook.run_all()
    assert outputs_of(notebook, "error") == 0
    assert outputs_of(notebook, "display_data") > 0
    lab = TrainingLabView(notebook.page, number=1)  # before it stands a prediction
    lab.wait_for_end()
    lab.root.scroll_into_view_if_needed()
    before = lab.present_curve()
    lab.slider(0).focus()
    notebook.page.keyboard.press("ArrowRight")
    lab.wait_for_new_curve(before)
    lab.wait_for_end()
    screenshot(notebook.page, "no-network")
    assert notebook.requests_elsewhere == []
    assert notebook.errors == []
    expect(notebook.page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
