"""The search lab in a real browser, used as a reader uses it."""

import re

import pytest
from dark_theme import check_legible, closed_tab, dark_theme, words_of
from playwright.sync_api import expect

from tools.browser import at_rest

pytestmark = pytest.mark.browser

# What searches without TensorFlow.
QUICK = """import math, time
def accuracy(values):
    time.sleep(pause)
    score = 0.95 - 0.05 * (math.log10(values["learning_rate"]) + 2) ** 2
    score -= 0.1 * (values["dropout_rate"] - 0.3) ** 2
    return hpt.Trial(dict(values), validation_accuracy=score, history=((100, 0.5), (200, score)))
pause = 0.05"""
QUICK_LAB = "hpt.SearchLab(objective=accuracy)"
MARKS = "svg .dot"


class SearchLabView:
    """The search lab of a page."""

    def __init__(self, root):
        self.page = root.page
        self.root = root
        self.status = self.root.locator(".hpt-status")
        self.alert = self.root.get_by_role("alert")
        self.map = self.root.locator(".hpt-trial-map").nth(0)
        self.curve = self.root.locator(".hpt-learning-curve")

    def button(self, name):
        return self.root.locator("button").filter(has_text=re.compile(f"^{name}$"))

    def field(self, label):
        return self.root.get_by_role("textbox", name=label, exact=True)

    def type(self, label, text):
        self.field(label).fill(text)
        self.field(label).press("Enter")

    def wait_for_marks(self, count):
        # One mark more is the ring around the chosen trial.
        self.page.wait_for_function(
            "([map, marks, count]) => map.querySelectorAll(marks).length - 1 >= count",
            arg=[self.map.element_handle(), MARKS, count],
        )


@pytest.fixture(scope="module")
def quick_notebook(lab_notebook):
    """Return a notebook to show labs in, some of which search without TensorFlow."""
    lab_notebook.run_hidden(QUICK)
    return lab_notebook


@pytest.fixture
def lab(quick_notebook, open_lab):
    """Return a lab that nobody has touched, on the screen."""
    view = SearchLabView(open_lab(QUICK_LAB))
    expect(view.status).to_contain_text("Ready")
    expect(view.map).to_be_visible()
    return view


def test_trials_land_while_the_reader_watches_and_stop_keeps_them(quick_notebook, lab, screenshot):
    lab.type("trials", "200")
    lab.button("start").click()
    lab.wait_for_marks(3)
    assert quick_notebook.ask("lab.state") == "searching"
    expect(lab.root.get_by_text(re.compile(r"\d+ s left"))).to_be_visible()
    lab.button("stop").click()
    expect(lab.status).to_contain_text("Stopped")
    kept = quick_notebook.ask("len(lab.record)")
    assert 3 <= kept < 200
    expect(lab.status).to_contain_text(f"{kept} trials kept")
    expect(lab.map.locator(MARKS)).to_have_count(kept + 1)
    screenshot(quick_notebook.page, "search-lab-stopped")

    lab.type("trials", str(kept + 5))
    lab.button("continue").click()
    expect(lab.status).to_contain_text("Done")
    assert quick_notebook.ask("len(lab.record)") == kept + 5
    expect(lab.map.locator(MARKS)).to_have_count(kept + 6)


def test_hover_shows_a_trial_and_a_click_its_learning_curve(quick_notebook, lab, screenshot):
    lab.type("trials", "6")
    lab.button("start").click()
    expect(lab.status).to_contain_text("Done")
    # The first mark is drawn at the bottom: a later one might cover it.
    mark = lab.map.locator(MARKS).nth(5)
    mark.hover()
    # The marks carry their numbers too, unseen.
    tooltip = lab.page.locator("td").filter(has_text=re.compile(r"^#\d+: learning rate"))
    tooltip = tooltip.locator("visible=true")
    expect(tooltip).to_be_visible()
    number = int(tooltip.inner_text()[1:].split(":")[0])
    screenshot(quick_notebook.page, "search-lab-hover")
    mark.click()
    expect(lab.root.get_by_text(re.compile(r"Learning curve of"))).to_contain_text(f"no. {number}:")
    expect(lab.curve.locator(".dot")).to_have_count(2)


def test_a_grid_tries_three_values_and_random_search_27(quick_notebook, lab, screenshot):
    quick_notebook.ask("[globals().update(pause=0), lab.run('grid')] and 0")
    expect(lab.root).to_contain_text("3 distinct learning rates")
    quick_notebook.ask(
        "[lab.run('random', trials=27, repeats=3), lab.run('grid', repeats=3)] and 0"
    )
    expect(lab.root).to_contain_text("27 distinct learning rates")
    lab.root.get_by_role("tab", name="comparison").click()
    expect(lab.root).to_contain_text("seed noise")
    screenshot(quick_notebook.page, "search-lab-comparison")


def middles(marks, axis):
    """Return where marks lie along an axis of the page, "x" or "y"."""
    length = {"x": "width", "y": "height"}[axis]
    boxes = [mark.bounding_box() for mark in marks.all()]
    return [box[axis] + box[length] / 2 for box in boxes if box["width"] < 40]


def ends(path, axis):
    """Return where a path begins and ends along an axis of the page, its stroke left out."""
    x, y, right, bottom = path.evaluate(
        """path => {
            const box = path.getBBox(), to = path.getScreenCTM();
            const corners = [[box.x, box.y], [box.x + box.width, box.y + box.height]];
            return corners.flatMap(([x, y]) => [x * to.a + to.e, y * to.d + to.f]);
        }"""
    )
    return {"x": (x, right), "y": (y, bottom)}[axis]


def test_each_bar_of_the_marginals_stands_in_line_with_its_marks(quick_notebook, lab):
    quick_notebook.ask("[globals().update(pause=0), lab.run('grid')] and 0")
    expect(lab.map.locator(MARKS)).to_have_count(28)
    quick_notebook.wait_for_frames()
    for number, axis in ((0, "x"), (1, "y")):
        comb = lab.root.locator(f".hpt-marginal-{number}").nth(0).locator("path.line").first
        # Those of a spot lie side by side, with the spot in their middle.
        places = sorted(middles(lab.map.locator(MARKS), axis))
        outermost = (sum(places[:9]) / 9, sum(places[-9:]) / 9)
        assert ends(comb, axis) == pytest.approx(outermost, abs=2)
    spots = list(zip(*(middles(lab.map.locator(MARKS), axis) for axis in "xy"), strict=True))
    assert len({(round(x), round(y)) for x, y in spots}) == 27
    lab.root.get_by_role("tab", name="all hyperparameters").click()
    strip = lab.root.locator(".hpt-marginal-2").nth(0)
    expect(strip).to_contain_text("batch size")
    ticks = strip.locator(".axis").filter(has_text="128").locator(".tick text")
    expect(ticks).to_have_text(["32", "64", "128"])


ODD_NAMES = ("learning rate", "学习率 <b>", "<img src=x onerror='window.harmed=1'>", "x" * 300)
ODD = f"""from hpt_widgets.search.space import Uniform
space = hpt.SearchSpace(tuple(Uniform(name, 0, 1) for name in {ODD_NAMES!r}))
record = hpt.SearchRecord("<b>mine</b>")
for value, times in ((0.2, 1), (0.5, 2), (0.9, 4)):
    for place in range(times):
        values = dict.fromkeys(space.names, value) | {{space.names[1]: 0.1 * place}}
        record.append(hpt.Trial(values, validation_accuracy=value, history=((1, value),)))"""
ODD_LAB = "hpt.SearchLab(objective=lambda values: 0.5, space=space, records=[record])"
# The corners of a path on the page.
CORNERS = """path => path.getAttribute("d").match(/-?[\\d.]+(e-?\\d+)?/g).map(Number).reduce(
    (all, number, place) => place % 2 ? all.concat([[all.pop(), number]]) : all.concat(number), [])
    .map(([x, y]) => new DOMPoint(x, y).matrixTransform(path.getScreenCTM()))
    .map(({x, y}) => [x, y])"""


def test_any_name_is_shown_and_its_bars_are_as_high_as_they_count(
    quick_notebook, open_lab, screenshot
):
    quick_notebook.run_hidden(ODD)
    lab = SearchLabView(open_lab(ODD_LAB))
    expect(lab.map.locator(MARKS)).to_have_count(8)
    middle = at_rest(lab.page, lambda: middles(lab.map.locator(MARKS), "x"))
    places = sorted({round(place) for place in middle})
    assert len(places) == 3
    strip = lab.root.locator(".hpt-marginal-0").nth(0)
    corners = strip.locator("path.line").first.evaluate(CORNERS)
    bars = list(zip(corners[::3], corners[1::3], strict=True))
    assert [foot[0] for foot, _ in bars] == pytest.approx(places, abs=2)
    count_axis = strip.locator(".axis").filter(has_text="trials").locator(".tick")
    heights = {
        int(tick.locator("text").text_content()): tick.locator("line").first.bounding_box()["y"]
        for tick in count_axis.all()
    }
    assert heights.keys() == {0, 4}
    unit = (heights[0] - heights[4]) / 4
    for (foot, tip), count in zip(bars, (1, 2, 4), strict=True):
        assert foot[1] == pytest.approx(heights[0], abs=2)
        assert foot[1] - tip[1] == pytest.approx(count * unit, abs=2)
    lab.root.get_by_role("tab", name="all hyperparameters").click()
    expect(lab.root.locator(".hpt-marginal-2").nth(0)).to_be_visible()
    # Words that look like markup are words, on the axes, in the lists, the table and when hovered.
    label = lab.root.locator(".hpt-marginal-2 .axislabel").filter(has_text=ODD_NAMES[2])
    expect(label.first).to_be_visible()
    shown = " ".join(lab.root.locator(".axislabel").all_text_contents())
    assert all(name in shown for name in ODD_NAMES[:3])
    assert ODD_NAMES[3] not in lab.root.text_content()
    expect(lab.root).to_contain_text("1: <b>mine</b>")
    expect(lab.root.locator("table.hpt-table th").nth(3)).to_have_text(ODD_NAMES[2])
    lab.map.locator(MARKS).nth(2).hover()
    tooltip = lab.page.locator("td").filter(has_text=ODD_NAMES[1]).locator("visible=true")
    expect(tooltip).to_be_visible()
    assert not lab.page.evaluate("window.harmed")
    screenshot(quick_notebook.page, "search-lab-odd-names")


def test_tpes_densities_are_drawn(quick_notebook, lab, screenshot):
    quick_notebook.ask(
        "[globals().update(pause=0), lab.run('tpe', trials=30, n_startup_jobs=10)] and 0"
    )
    lab.root.get_by_role("tab", name="TPE's densities").click()
    charts = lab.root.locator(".hpt-density")
    expect(charts).to_have_count(3)
    for chart in charts.all():
        expect(chart).to_be_visible()
        expect(chart.locator(".dot")).to_have_count(30)
        # The curves have the room of the chart: one made out of sight would have none.
        curve = chart.locator("path.line").first
        expect(curve).to_be_visible()
        assert at_rest(lab.page, curve.bounding_box)["width"] > 150
    expect(lab.root).to_contain_text("The best 2 of 30 trials make l(x)")
    expect(lab.root).to_contain_text("next: learning rate")
    screenshot(quick_notebook.page, "search-lab-densities")


def test_what_cannot_be_used_is_answered_beside_the_field(quick_notebook, lab):
    lab.type("trials", "0")
    expect(lab.alert).to_contain_text("trials: '0' is not allowed")
    expect(lab.field("trials")).to_have_value("27")
    lab.button("continue").click()
    expect(lab.alert).to_contain_text("Nothing was done")
    lab.button("continue").click()
    expect(lab.status).to_contain_text("no search to continue")


def test_where_it_searches_is_read_whole_under_more_settings(lab):
    lab.button("more settings").click()
    ranges = lab.root.locator(".hpt-overlay").get_by_text("dropout rate: 0.2 to 0.8")
    expect(ranges).to_be_visible()
    text = lab.root.locator(".hpt-overlay .hpt-legend")
    assert text.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    lab.button("fewer settings").click()


def test_the_other_tabs_show_the_grid_all_hyperparameters_and_what_mattered(
    quick_notebook, lab, screenshot
):
    quick_notebook.ask("[globals().update(pause=0), lab.run('grid')] and 0")
    lab.root.get_by_role("tab", name="grid").click()
    cells = lab.root.locator("table.hpt-grid td")
    expect(cells).to_have_count(27)
    assert all("%" in text for text in cells.all_inner_texts())
    expect(lab.root.locator(".hpt-controls")).to_contain_text("at the edge of the grid")
    screenshot(quick_notebook.page, "search-lab-grid")
    lab.root.get_by_role("tab", name="all hyperparameters").click()
    chart = lab.root.locator(".hpt-parallel")
    expect(chart).to_be_visible()
    # 27 trials and their edges, the chosen one, and the four axes.
    expect(chart.locator("path.line")).to_have_count(2 * 27 + 1 + 4)
    expect(chart.locator("path.line").nth(10)).to_be_visible()
    assert chart.locator("path.line").nth(10).bounding_box()["width"] > 300
    screenshot(quick_notebook.page, "search-lab-parallel")
    lab.root.get_by_role("tab", name="importance").click()
    rows = lab.root.locator("table.hpt-importance tr")
    expect(rows.nth(0)).to_contain_text("learning rate")
    expect(rows).to_have_count(3)
    screenshot(quick_notebook.page, "search-lab-importance")


def test_trains_the_network_and_takes_runs_by_hand(quick_notebook, open_lab, screenshot):
    lab = SearchLabView(open_lab("hpt.SearchLab()"))
    lab.type("trials", "6")
    lab.button("start").click()
    expect(lab.status).to_contain_text("Done")
    expect(lab.map.locator(MARKS)).to_have_count(7)
    assert quick_notebook.ask("lab.record.best.validation_accuracy > 0.5")
    # Runs by hand are a search too, and are drawn as they land.
    quick_notebook.run_hidden(
        "by_hand = hpt.TrainingLab(training_size=1000)\nlab.add(by_hand.runs)"
    )
    for count, rate in ((2, 0.01), (3, 0.001)):
        quick_notebook.ask(f"[by_hand.set(learning_rate={rate}), by_hand.wait()] and 0")
        expect(lab.map.locator(MARKS)).to_have_count(count)
    expect(lab.root).to_contain_text("2: manual search")
    screenshot(quick_notebook.page, "search-lab-trained")


def test_is_legible_in_the_dark_theme_and_in_chinese(quick_notebook, open_lab, screenshot):
    with dark_theme(quick_notebook):
        lab = SearchLabView(open_lab(QUICK_LAB, "zh"))
        quick_notebook.run_hidden("pause = 0\nlab.set(trials=6)")
        lab.button("开始").click()
        expect(lab.status).to_contain_text("搜索完成")
        expect(lab.map.locator(MARKS)).to_have_count(7)
        quick_notebook.run_hidden("lab.add(hpt.SearchRecord('manual'))")
        expect(lab.root).to_contain_text("手动调参")
        screenshot(quick_notebook.page, "search-lab-dark-zh")
        legend = lab.root.locator(".hpt-legend").first
        words = words_of(lab.map, status=lab.status, legend=legend, tab=closed_tab(lab.root))
        check_legible(quick_notebook, words)
