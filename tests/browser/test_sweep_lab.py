"""The sweep lab and the range-test lab in a real browser, used as a reader uses them."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SET_UP = "import hpt_widgets as hpt\ndata = hpt.load_mnist()"
MAKE_SWEEP_LAB = "lab = hpt.SweepLab(data, training_size=2000)\nlab"
MAKE_RANGE_LAB = "lab = hpt.RangeTestLab(data)\nlab"
DOTS = "svg .dot"


class LabView:
    """A lab of a page, and what both have in common."""

    def __init__(self, page, chart):
        self.page = page
        self.root = page.locator(".hpt-lab")
        self.status = self.root.locator(".hpt-status")
        self.alert = self.root.get_by_role("alert")
        self.selector = chart
        self.chart = self.root.locator(chart)

    def button(self, name):
        return self.root.locator("button").filter(has_text=re.compile(f"^{name}$"))

    def field(self, label):
        return self.root.get_by_role("textbox", name=label, exact=True)

    def choose(self, label, option):
        self.root.get_by_label(label, exact=True).select_option(label=option)

    def type(self, label, text):
        self.field(label).fill(text)
        self.field(label).press("Enter")

    def wait_for_dots(self, count):
        # A new sweep has a new chart, so it is looked for each time.
        self.page.wait_for_function(
            "([dots, count]) => document.querySelectorAll(dots).length >= count",
            arg=[f"{self.selector} {DOTS}", count],
        )


@pytest.fixture(scope="module")
def mnist_notebook(lasting_notebook):
    """Return a notebook whose second cell makes a sweep lab and its third a range-test lab."""
    lasting_notebook.open_cells(SET_UP, MAKE_SWEEP_LAB, MAKE_RANGE_LAB)
    lasting_notebook.run_cell(0)
    return lasting_notebook


@pytest.fixture
def sweep_lab(mnist_notebook):
    """Return a sweep lab that nobody has touched, on the screen."""
    mnist_notebook.ask("'lab' in globals() and lab.close() or 0")
    mnist_notebook.run_cell(1)
    view = LabView(mnist_notebook.page, ".hpt-sweep-chart")
    expect(view.status).to_contain_text("Ready")
    expect(view.chart).to_be_visible()
    return view


@pytest.fixture
def range_lab(mnist_notebook):
    """Return a range-test lab that nobody has touched, on the screen."""
    mnist_notebook.ask("'lab' in globals() and lab.close() or 0")
    mnist_notebook.run_cell(2)
    view = LabView(mnist_notebook.page, ".hpt-range-test-chart")
    expect(view.status).to_contain_text("Ready")
    expect(view.chart).to_be_visible()
    return view


def test_trainings_land_while_the_reader_watches(mnist_notebook, sweep_lab, screenshot):
    sweep_lab.type("values", "0.001, 0.01, 0.1")
    sweep_lab.choose("curve for each", "batch size")
    sweep_lab.type("its values", "32, 256")
    sweep_lab.type("seeds", "2")
    expect(sweep_lab.root).to_contain_text("12 trainings")
    sweep_lab.button("start").click()
    # Dots are there before the end.
    sweep_lab.wait_for_dots(1)
    expect(sweep_lab.status).to_contain_text("Done: 12 of 12")
    expect(sweep_lab.root.locator("table.hpt-table tr")).to_have_count(4)
    expect(sweep_lab.chart.locator("path.line").first).to_be_visible()
    assert mnist_notebook.ask("len(lab.record)") == 12
    screenshot(mnist_notebook.page, "sweep-lab")
    sweep_lab.choose("what is drawn", "validation loss")
    expect(sweep_lab.status).to_be_visible()
    expect(sweep_lab.chart.locator(".axislabel").nth(1)).to_contain_text("validation loss")
    sweep_lab.wait_for_dots(12)


def test_stop_keeps_what_has_landed_and_continue_completes_it(
    mnist_notebook, sweep_lab, screenshot
):
    sweep_lab.type("seeds", "30")
    sweep_lab.button("start").click()
    sweep_lab.wait_for_dots(6)
    sweep_lab.button("stop").click()
    expect(sweep_lab.status).to_contain_text("Stopped")
    kept = mnist_notebook.ask("len(lab.record)")
    assert 3 <= kept < 150
    expect(sweep_lab.status).to_contain_text(f"{kept} of 150 trainings kept")
    screenshot(mnist_notebook.page, "sweep-lab-stopped")
    seeds = -(-kept // 5) + 1
    sweep_lab.type("seeds", str(seeds))
    sweep_lab.button("continue").click()
    expect(sweep_lab.status).to_contain_text("Done")
    assert mnist_notebook.ask("int(lab.table()['runs'].min())") == seeds


def test_what_cannot_be_used_is_answered_beside_the_field(sweep_lab):
    sweep_lab.type("values", "0.1, fast")
    expect(sweep_lab.alert).to_contain_text("fast")
    sweep_lab.choose("vary", "dropout rate")
    expect(sweep_lab.field("values")).to_have_value("0, 0.1, 0.2, 0.4, 0.6")
    expect(sweep_lab.field("dropout rate")).to_be_hidden()
    sweep_lab.button("continue").click()
    expect(sweep_lab.status).to_contain_text("no sweep to continue")


def test_a_range_test_grows_and_another_optimiser_starts_another(
    mnist_notebook, range_lab, screenshot
):
    range_lab.button("start").click()
    range_lab.wait_for_dots(20)
    expect(range_lab.status).to_contain_text("steepest at")
    range_lab.choose("optimiser", "sgd")
    rows = range_lab.root.locator("table.hpt-tests tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("optimiser sgd, batch size 32, 300 updates")
    expect(range_lab.status).to_contain_text("Done")
    assert mnist_notebook.ask("len(lab.tests)") == 2
    assert mnist_notebook.ask("lab.tests[1].suggestion > 10 * lab.tests[0].suggestion")
    screenshot(mnist_notebook.page, "range-test-lab")
    range_lab.type("lowest rate", "50")
    expect(range_lab.alert).to_contain_text("low=50")
    range_lab.button("clear").click()
    expect(range_lab.root).not_to_contain_text("diverges at")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_fit_a_narrow_window_in_the_dark(server, open_notebook_page, screenshot, language):
    server.use_theme("Dark")
    try:
        notebook = open_notebook_page(width=1000)
        code = f"{SET_UP}\nhpt.use_language({language!r})"
        sweep = "sweeps = hpt.SweepLab(data, training_size=500)\nsweeps.run(seeds=1)\nsweeps"
        ranges = "ranges = hpt.RangeTestLab(data)\nranges.run(n_updates=100)\nranges"
        notebook.open_cells(code, sweep, ranges)
    finally:
        server.use_theme("Light")
    notebook.run_all()
    labs = notebook.page.locator(".hpt-lab")
    expect(labs).to_have_count(2)
    words = {"en": ("Done", "steepest at"), "zh": ("完成", "下降最快处")}[language]
    for place, (lab, word) in enumerate(zip(labs.all(), words, strict=True)):
        expect(lab.locator(".hpt-status")).to_contain_text(word)
        lab.scroll_into_view_if_needed()
        screenshot(notebook.page, f"sweep-and-range-dark-{language}-{place}")
        outside = lab.evaluate(
            """root => [...root.querySelectorAll('input, button, .hpt-chart, .hpt-status')]
                .filter(part => part.getClientRects().length)
                .filter(part => part.getBoundingClientRect().right
                    > root.closest('.jp-OutputArea-output').getBoundingClientRect().right + 1)
                .map(part => part.className)"""
        )
        assert outside == []
