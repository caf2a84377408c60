"""The sweep lab and the range-test lab in a real browser, used as a reader uses them."""

import re

import pytest
from dark_theme import check_legible, dark_theme, words_of
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SWEEP_LAB = "hpt.SweepLab(data, training_size=2000)"
RANGE_LAB = "hpt.RangeTestLab(data)"
SWEEP_CHART, RANGE_CHART = ".hpt-sweep-chart", ".hpt-range-test-chart"
DOTS = "svg .dot"


class LabView:
    """A lab of a page, and what both have in common."""

    def __init__(self, root, chart):
        self.page = root.page
        self.root = root
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
def mnist_notebook(lab_notebook):
    """Return a notebook to show labs in, with the data."""
    lab_notebook.run_hidden("data = hpt.load_mnist()")
    return lab_notebook


@pytest.fixture
def sweep_lab(mnist_notebook, open_lab):
    """Return a sweep lab that nobody has touched, on the screen."""
    return ready(open_lab(SWEEP_LAB), SWEEP_CHART)


@pytest.fixture
def range_lab(mnist_notebook, open_lab):
    """Return a range-test lab that nobody has touched, on the screen."""
    return ready(open_lab(RANGE_LAB), RANGE_CHART)


def ready(lab, chart):
    view = LabView(lab, chart)
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
    expect(range_lab.alert).to_contain_text("lowest rate: 50")
    range_lab.button("clear").click()
    expect(range_lab.root).not_to_contain_text("diverges at")


@pytest.mark.parametrize(
    ("made", "chart", "run", "ended"),
    [
        (SWEEP_LAB, SWEEP_CHART, "lab.run(seeds=1)", "完成"),
        (RANGE_LAB, RANGE_CHART, "lab.run(n_updates=100)", "下降最快处"),
    ],
    ids=["sweep", "range_test"],
)
def test_both_are_legible_in_the_dark_theme_and_in_chinese(
    mnist_notebook, open_lab, screenshot, made, chart, run, ended
):
    with dark_theme(mnist_notebook):
        view = LabView(open_lab(made, "zh"), chart)
        mnist_notebook.run_hidden(run)
        expect(view.status).to_contain_text(ended)
        screenshot(view.root, f"{chart.strip('.')}-dark-zh")
        words = words_of(
            view.chart, status=view.status, legend=view.root.locator(".hpt-legend").first
        )
        check_legible(mnist_notebook, words)
