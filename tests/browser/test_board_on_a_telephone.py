"""The projector's page on a telephone, and where names are long: nothing is cut or lost."""

import dataclasses
import re
import time

import pytest
from board_pages import board_pages
from board_tools import SECONDS, TASK, class_run, running_board
from playwright.sync_api import expect

from hpt_widgets.board.task import default_names

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (1280, 720)]
CURVE = {"x": [1, 2, 3], "low": [0.8, 0.8, 0.8], "mean": [0.8, 0.81, 0.82], "high": [0.9, 0.9, 0.9]}
REFERENCE = {
    **{method: {**CURVE, "repeats": 3} for method in ("tpe", "random")},
    "seeds": {"deviation": 0.009, "freedom": 7},
}
LONG = ("名" * 24, "w" * 24)
# The labels of the race as they are drawn, each with its edges, and how wide the chart is.
WATCH = """() => {
    const canvas = document.getElementById("race");
    const context = canvas.getContext("2d");
    const real = context.strokeText.bind(context);
    window.labels = [];
    context.strokeText = (words, x, y) => {
        const { actualBoundingBoxLeft: before, actualBoundingBoxRight: after } =
            context.measureText(words);
        window.labels.push([words, x - before, canvas.clientWidth - x - after]);
        return real(words, x, y);
    };
}"""


@pytest.fixture
def board(tmp_path):
    task = dataclasses.replace(TASK, name=default_names()[0])
    place = tmp_path / "board.sqlite"
    with running_board(place, task=task, reference=lambda: REFERENCE) as running:
        yield running


@pytest.fixture
def open_page(board, browser):
    """Return a function that opens the teacher's page of a size and in a language."""
    with board_pages(browser) as open_one:
        yield lambda width, height, language: open_one(
            board, width=width, height=height, language=language
        )


def until(is_so):
    """Wait until something is so: the page's policy keeps Playwright from asking in it."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_with_names_shown_nothing_lies_beside_the_screen(board, open_page, language):
    student, _ = board.join(LONG[0])
    board.send(student, class_run(0.85), class_run(0.86))
    for width in (390, 360):
        page = open_page(width, 844, language)
        page.locator("#buttons button").nth(1).click()
        expect(page.locator("#buttons button")).to_have_count(6)
        expect(page.locator("#last .who").first).to_have_text(LONG[0])
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
def test_two_long_names_are_told_apart_beside_their_buttons(board, open_page, size, language):
    for name in (*LONG, *LONG):
        board.join(name)
    page = open_page(*size, language)
    page.locator("#buttons button").nth(1).click()
    page.locator("#buttons button").nth(2).click()
    names = page.locator("#students-list span")
    expect(names).to_have_count(4)
    expected = sorted([*LONG, *(f"{name} (2)" for name in LONG)])
    assert sorted(names.all_text_contents()) == expected
    for name in names.all():
        assert name.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        expect(name).to_have_attribute("title", name.text_content())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
def test_no_label_of_the_race_is_cut(board, open_page, size, language):
    page = open_page(*size, language)
    expect(page.locator("[data-score=chance] dd")).to_have_text("± 1.8")
    page.evaluate(WATCH)
    student, _ = board.join()
    board.send(student, *(class_run(0.84 + i / 1000) for i in range(12)))
    expect(page.locator("[data-score=runs] dd")).to_have_text("12")
    until(lambda: page.evaluate("window.labels.some(([words]) => words.endsWith('%'))"))
    cut = page.evaluate("window.labels.filter(([, left, right]) => left < 0 || right < 0)")
    assert cut == []


@pytest.mark.parametrize(
    ("best", "shown"), [(0.873, "87.3 %"), (1.0, "100.0 %"), (0.999, "99.90 %")]
)
def test_the_figures_at_the_top_have_as_many_decimals_as_one_another(board, open_page, best, shown):
    student, _ = board.join()
    board.send(student, class_run(best))
    page = open_page(1280, 720, "en")
    expect(page.locator("[data-score=class] dd")).to_have_text(shown)
    decimals = len(shown.partition(".")[2])
    for name in ("tpe", "random"):
        words = page.locator(f"[data-score={name}] dd").text_content()
        assert len(words.partition(".")[2]) == decimals


def test_runs_that_many_made_are_explained(board, open_page):
    student, _ = board.join()
    board.send(student, class_run(0.9), class_run(0.9))
    for language, words in (("en", "same settings and seed"), ("zh", "只算一次")):
        page = open_page(1280, 720, language)
        runs = page.locator("[data-score=runs]")
        expect(runs).to_have_attribute("title", re.compile(words))
    other = dataclasses.replace(TASK, epochs=2)
    board.store.open_task(other).result(SECONDS)
    expect(runs).to_have_attribute("title", "")


def test_a_task_without_a_name_is_called_in_the_pages_language(board, open_page):
    page = open_page(1280, 720, "zh")
    expect(page.locator("#task")).to_have_text("谁能找到最好的设置？")
    page.locator("#buttons button").nth(-2).click()
    expect(page.locator("#task")).to_have_text("Who finds the best setting?")


def test_a_short_value_axis_has_more_than_one_number(board, open_page):
    page = open_page(1280, 720, "en")
    written = """() => {
        const context = document.getElementById("race").getContext("2d");
        const real = context.fillText.bind(context);
        window.written = [];
        context.fillText = (words, ...place) => {
            window.written.push(words);
            return real(words, ...place);
        };
    }"""
    page.evaluate(written)
    student, _ = board.join()
    board.send(student, *(class_run(0.845 + i / 1000) for i in range(12)))
    expect(page.locator("[data-score=runs] dd")).to_have_text("12")
    ticks = "new Set(window.written.filter((words) => /^\\d+ %$/.test(words))).size"
    until(lambda: page.evaluate(ticks) >= 2)
