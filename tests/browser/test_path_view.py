"""The view of the weights' path in a real browser: recorded and drawn while it is open."""

import re

import pytest
from dark_theme import check_legible, dark_theme, words_of
from playwright.sync_api import expect
from training_lab_view import TrainingLabView

pytestmark = pytest.mark.browser

# Of a fifth of the data, a run has as many points, and is over sooner.
IMPORT = "import hpt_widgets as hpt\ndata = hpt.load_mnist().take(10_000, seed=0)"
MAKE_LAB = "lab = hpt.TrainingLab(data)\nlab"
IDLE = "not lab.is_busy"

# Of every path in the chart: its colour, its points and the rectangle that it takes on the page.
PATHS = """chart => [...chart.querySelectorAll('path.line')].map(path => ({
    color: getComputedStyle(path).stroke,
    width: parseFloat(getComputedStyle(path).strokeWidth),
    points: (path.getAttribute('d') || '').match(/-?[\\d.]+(e-?\\d+)?,-?[\\d.]+(e-?\\d+)?/g) || [],
})).filter(path => path.points.length > 1)"""

# Notes how long the thickest path was at each frame that was painted, until it had six lengths.
WATCH = """chart => {
    window.lengths = [];
    const read = eval(%r);
    const look = () => {
        const paths = read(chart).sort((one, other) => other.width - one.width);
        window.lengths.push(paths.length ? paths[0].points.length : 0);
        if (new Set(window.lengths).size < 6) requestAnimationFrame(look);
    };
    look();
}"""


class PathViewOnPage:
    """The path tab of a lab on a page."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.lab = TrainingLabView(notebook.page)
        self.chart = self.lab.root.locator(".hpt-chart").nth(2)
        self.words = self.lab.root.locator(".hpt-legend").nth(1)

    def train(self, rate, n_runs):
        """Type a learning rate, and wait until its run is recorded and its map drawn."""
        self.lab.type("learning rate", str(rate))
        self.notebook.wait_for_kernel(f"len(lab.runs) == {n_runs} and {IDLE}")
        self.notebook.wait_for_frames()

    def paths(self):
        return self.chart.evaluate(PATHS)

    def curve_color(self, number):
        """Return the colour of a run's curves in the charts of loss and accuracy."""
        color = self.notebook.ask(f"lab.view.charts.color_of(lab.view.charts.request_of({number}))")
        return rgb(color)


def rgb(color):
    """Return "#0072B2" as a browser's computed style writes it."""
    parts = [int(color[place : place + 2], 16) for place in (1, 3, 5)]
    return f"rgb({', '.join(map(str, parts))})"


@pytest.fixture(scope="module")
def warm_notebook(lasting_notebook):
    """Return a notebook whose second cell makes a lab, with TensorFlow loaded."""
    lasting_notebook.open_cells(IMPORT, MAKE_LAB)
    lasting_notebook.run_all()
    lasting_notebook.wait_for_kernel(f"lab.state == 'ready' and {IDLE}")
    return lasting_notebook


@pytest.fixture
def view(warm_notebook):
    """Return the path tab of a lab that nobody has touched, opened by a click."""
    made = path_view_of_new_lab(warm_notebook)
    expect(made.lab.status).to_contain_text("Ready")
    made.lab.open_tab("path")
    expect(made.words).to_contain_text("Move a slider or press start")
    return made


def path_view_of_new_lab(notebook):
    notebook.run_cell(1)
    notebook.wait_for_kernel(f"lab.state == 'ready' and {IDLE}")
    return PathViewOnPage(notebook)


def test_two_learning_rates_side_by_side_on_their_loss_surface(warm_notebook, view, screenshot):
    page = warm_notebook.page
    # A chart that is made in a hidden tab has its size as soon as the tab is opened.
    box = view.chart.bounding_box()
    assert box["width"] > 400
    assert box["height"] > 300
    expect(view.chart.locator(".tick text").locator("visible=true")).to_have_count(0)

    view.chart.evaluate(WATCH % PATHS)
    warm_notebook.ask("[lab.set(learning_rate=0.002, epochs=100)] and 0")
    # It grows before the reader's eyes: it is seen in many lengths, and never shrinks.
    page.wait_for_function("new Set(window.lengths).size === 6")
    view.lab.button("stop").click()
    view.lab.wait_for_end("Stopped")
    warm_notebook.wait_for_kernel(IDLE)
    lengths = page.evaluate("window.lengths")
    assert lengths == sorted(lengths)

    # The surface lies behind it, and the axes say what they keep.
    ground = view.chart.locator("image")
    expect(ground).to_be_visible()
    assert ground.get_attribute("href").startswith(("blob:", "data:"))
    shares = warm_notebook.ask("list(lab.path().explained)")
    expect(view.chart).to_contain_text(f"({shares[0]:.0%} of the variation)")
    expect(view.chart).to_contain_text(f"({shares[1]:.0%} of the variation)")
    expect(view.chart.locator(".tick text").first).to_be_visible()
    [path] = view.paths()
    assert len(path["points"]) == len(warm_notebook.ask("lab.path().samples.tolist()"))
    screenshot(view.lab.root, "path-view-one-run")

    warm_notebook.ask("[lab.set(learning_rate=0.01, epochs=1)] and 0")
    warm_notebook.wait_for_kernel(f"len(lab.runs) == 2 and {IDLE}")
    expect(view.words).not_to_contain_text("Working out")
    warm_notebook.wait_for_frames()
    ghost, present = sorted(view.paths(), key=lambda path: path["width"])
    assert ghost["color"] == view.curve_color(1)
    assert present["color"] == view.curve_color(2)
    assert ghost["color"] != present["color"]
    # The runs' paths begin at the same place, and go different ways.
    first_of_ghost, first_of_present = ghost["points"][0], present["points"][0]
    assert as_numbers(first_of_ghost) == pytest.approx(as_numbers(first_of_present), abs=0.5)
    assert ghost["points"][-1] != present["points"][-1]
    screenshot(view.lab.root, "path-view-two-runs")


def as_numbers(point):
    return [float(part) for part in point.split(",")]


def test_the_drawn_path_is_the_recorded_one(warm_notebook, view):
    view.train(0.005, 1)
    drawn = [as_numbers(point) for point in view.paths()[0]["points"]]
    recorded = warm_notebook.ask("lab.path().points.tolist()")
    assert len(drawn) == len(recorded)
    for place, sign in ((0, 1), (1, -1)):  # upwards is smaller on a page
        pixels = [point[place] for point in drawn]
        values = [point[place] for point in recorded]
        assert as_shares(pixels, sign) == pytest.approx(as_shares(values), abs=0.01)


def as_shares(numbers, sign=1):
    """Return numbers as shares of the way from their least to their greatest."""
    turned = [sign * number for number in numbers]
    return [(number - min(turned)) / (max(turned) - min(turned)) for number in turned]


def test_this_run_alone_is_seen_from_close_by(warm_notebook, view):
    view.train(0.03, 1)
    view.train(0.0002, 2)
    expect(view.words).to_contain_text("hardly leaves the ring")
    small = longest_side(view.chart, view.curve_color(2))
    view.lab.field("plane through").select_option(label="this run")
    warm_notebook.wait_for_kernel(f"lab.view.path.scope == 'this' and {IDLE}")
    expect(view.words).not_to_contain_text("hardly leaves the ring")
    warm_notebook.wait_for_frames()
    assert longest_side(view.chart, view.curve_color(2)) > 5 * small


def longest_side(chart, color):
    """Return the longest side, in pixels, of the rectangle around a path."""
    points = next(path["points"] for path in chart.evaluate(PATHS) if path["color"] == color)
    x, y = zip(*(as_numbers(point) for point in points), strict=True)
    return max(max(x) - min(x), max(y) - min(y))


def test_a_closed_tab_records_nothing(warm_notebook, view):
    view.train(0.005, 1)
    before = view.words.inner_html()
    view.lab.open_tab("runs")
    warm_notebook.wait_for_kernel("not lab.view.path.is_open")
    view.train(0.01, 2)
    assert warm_notebook.ask("[p.request.hyperparameters.learning_rate for p in "
                             "lab.view.path.recorder.paths]") == [0.005]  # fmt: skip
    view.lab.open_tab("path")
    warm_notebook.wait_for_kernel("lab.view.path.is_open")
    assert [path["color"] for path in view.paths()] == [view.curve_color(1)]
    assert view.words.inner_html() == before
    # What begins from now on is recorded again.
    view.train(0.02, 3)
    assert {path["color"] for path in view.paths()} == {view.curve_color(1), view.curve_color(3)}


@pytest.fixture
def in_chinese(warm_notebook):
    """Have labs that are made while a test lasts speak Chinese."""
    warm_notebook.run_hidden("hpt.use_language('zh')")
    yield
    warm_notebook.run_hidden("hpt.use_language('en')")


@pytest.mark.usefixtures("in_chinese")
def test_is_legible_in_the_dark_theme_and_in_chinese(warm_notebook, screenshot):
    with dark_theme(warm_notebook):
        view = path_view_of_new_lab(warm_notebook)
        warm_notebook.run_hidden("lab.show_path()\nlab.set(learning_rate=0.002)\nlab.wait()")
        warm_notebook.run_hidden("lab.set(learning_rate=0.01)\nlab.wait()")
        warm_notebook.wait_for_kernel(IDLE)
        expect(view.chart).to_contain_text(re.compile(r"第一主成分（占变化的 \d+%）"))
        expect(view.words).to_contain_text("109,386 个权重")
        assert len(view.paths()) == 2
        screenshot(view.lab.root, "path-view-dark-zh")
        words = words_of(view.chart, legend=view.words)
        check_legible(warm_notebook, words)
