"""The projector's page, in a real browser: live, readable, in both languages, and discreet."""

import contextlib
import dataclasses
import itertools
import re
import time
import uuid
from concurrent.futures import Future

import pytest
from board_pages import board_pages
from board_tools import DATA, SECONDS, TASK, class_run, running_board, trial
from lab_layout import CLIPPED, TOO_LARGE, WIDTH, drawn_anew, lasting_faults
from playwright.sync_api import expect

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.invitation import Invitation
from hpt_widgets.board.writer import StoreError
from hpt_widgets.language import LANGUAGES, texts_of
from tools.browser import at_rest

pytestmark = pytest.mark.browser

SIZES = [(1280, 720), (1920, 1080)]
# Longer than the ring around a new run stands: twice the same then is without it.
RING_MS = 1600
REFERENCE = {
    "tpe": {
        "x": [1, 2, 3],
        "low": [0.8, 0.85, 0.9],
        "mean": [0.82, 0.87, 0.93],
        "high": [0.84, 0.88, 0.95],
        "repeats": 3,
    },
    "random": {
        "x": [1, 2, 3],
        "low": [0.7, 0.75, 0.8],
        "mean": [0.72, 0.77, 0.81],
        "high": [0.74, 0.78, 0.85],
        "repeats": 3,
    },
    "seeds": {"deviation": 0.0025, "freedom": 7},
}


@pytest.fixture
def run_board(tmp_path):
    """Return a function that runs a board until its pages are closed, which would miss it."""
    with contextlib.ExitStack() as boards:
        yield lambda **options: boards.enter_context(
            running_board(tmp_path / "board.sqlite", **options)
        )


@pytest.fixture
def board(run_board):
    running = run_board(reference=lambda: REFERENCE)
    invite(running)
    return running


def invite(board):
    others = ("10.0.0.7:8899", "172.17.0.1:8899")
    invitation = Invitation("192.0.2.7:8899", board.code, is_shared=True, others=others)
    board.board.projectors.invitation = invitation.to_dict


@pytest.fixture
def open_page(browser, run_board):
    """Return a function that opens the board's page: see `board_pages`."""
    with board_pages(browser) as open_one:
        yield open_one


def score(page, name):
    return page.locator(f"[data-score={name}] dd")


def painted(page, canvas):
    """Return how many pixels of a canvas are not empty."""
    return page.evaluate(
        """id => {
            const canvas = document.getElementById(id);
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            let count = 0;
            for (let i = 3; i < data.length; i += 4) count += data[i] > 0;
            return count;
        }""",
        canvas,
    )


# Live


def test_a_run_appears_without_a_reload(board, open_page):
    page = open_page(board)
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    expect(score(page, "runs")).to_have_text("0")
    student, _ = board.join()
    board.send(student, class_run(0.875, learning_rate=0.25, batch_size=64))
    expect(score(page, "runs")).to_have_text("1")
    expect(score(page, "students")).to_have_text("1")
    expect(score(page, "class")).to_have_text("87.5 %")
    expect(page.locator("#run")).to_contain_text("0.25")
    expect(page.locator("#last li")).to_have_count(1)
    expect(page.locator("#last")).to_contain_text("87.5 %")


def test_the_class_is_held_against_the_searches_at_the_same_number_of_runs(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run(0.85), class_run(0.89))
    expect(page.locator("[data-score=tpe]")).to_have_text("TPE after 287.0 %")
    expect(page.locator("[data-score=class]")).to_have_text("class89.0 %")
    expect(page.locator("[data-score=random]")).to_have_text("random after 277.0 %")
    expect(score(page, "chance")).to_have_text("± 0.5")
    board.send(student, *(class_run(0.9) for _ in range(3)))
    expect(page.locator("[data-score=tpe]")).to_have_text("TPE after 393.0 %")
    board.send(student, class_run(0.99))
    expect(score(page, "runs")).to_have_text("6")
    # The class has gone on longer: its figure is that after as many runs as the searches have.
    expect(page.locator("[data-score=class]")).to_have_text("class after 390.0 %")
    expect(page.locator("#run")).to_contain_text("99.0 %")
    expect(page.locator("#race")).to_have_attribute(
        "aria-label", re.compile("After 6 runs.*99.0 %.*after 3 runs: class 90.0 %.*TPE 93.0 %")
    )


def test_runs_that_many_made_are_told_from_different_ones(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run(0.9), class_run(0.8))
    expect(page.locator("[data-score=runs]")).to_have_text("runs2")
    board.send(student, class_run(0.9), class_run(0.9))
    expect(page.locator("[data-score=runs]")).to_have_text("runs, 2 different4")


def test_the_searches_run_no_further_than_the_class(board, open_page):
    page = open_page(board)
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    expect(page.locator("[data-score=tpe]")).to_be_hidden()
    student, _ = board.join()
    board.send(student, class_run(0.85))
    expect(page.locator("[data-score=tpe]")).to_have_text("TPE after 182.0 %")
    spoken = page.locator("#race")
    expect(spoken).to_have_attribute("aria-label", re.compile("82.0 %"))
    expect(spoken).not_to_have_attribute("aria-label", re.compile("93.0 %"))


def test_dots_are_drawn_run_by_run(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    ends = [class_run(0.5, learning_rate=1e-4), class_run(0.97, learning_rate=0.5)]
    board.send(student, *ends)
    expect(score(page, "runs")).to_have_text("2")
    page.emulate_media(reduced_motion="reduce")
    before = at_rest(page, lambda: painted(page, "cloud"), RING_MS)
    board.send(student, class_run(0.8, learning_rate=0.01))
    expect(score(page, "runs")).to_have_text("3")
    assert 50 < at_rest(page, lambda: painted(page, "cloud"), RING_MS) - before < 2000


def diverged_run():
    lost = dataclasses.replace(trial(0.1), ended="diverged")
    return ClassRun(lost, DATA, id=str(uuid.uuid4()))


def test_a_run_that_diverged_is_counted_and_marked(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, diverged_run(), class_run(0.9))
    expect(score(page, "runs")).to_have_text("2")
    expect(page.locator("#cloud-legend")).to_contain_text("diverged")
    expect(page.locator("#last li").nth(1)).to_contain_text("✕")


def test_any_run_can_be_looked_at(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run(0.97, batch_size=64), class_run(0.6, batch_size=13))
    page.locator("#last li").first.get_by_role("button").click()
    expect(page.locator("#run-title")).to_have_text("Chosen run")
    expect(page.locator("#run")).to_contain_text("60.0 %")
    expect(page.locator("#run")).to_contain_text("13")
    page.keyboard.press("Escape")
    expect(page.locator("#run-title")).to_have_text("Best run")
    expect(page.locator("#run")).to_contain_text("97.0 %")


# The first spot of a canvas in the colour of a run's dot, a little within it.
DOT = """() => {
    const canvas = document.getElementById("cloud");
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const wanted = getComputedStyle(document.documentElement).getPropertyValue("--step-2");
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(wanted.trim().slice(i, i + 2), 16));
    for (let i = 0; i < data.length; i += 4) {
        const distances = [data[i] - r, data[i + 1] - g, data[i + 2] - b];
        const isNear = distances.every((distance) => Math.abs(distance) < 40);
        if (data[i + 3] > 200 && isNear)
            return { x: ((i / 4) % width) + 2, y: Math.floor(i / 4 / width) + 4 };
    }
    return null;
}"""


def test_a_dot_can_be_clicked(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run(0.9))
    expect(score(page, "runs")).to_have_text("1")

    def title_after_click():
        if place := page.evaluate(DOT):
            page.locator("#cloud").click(position=place)
        page.wait_for_timeout(100)
        return page.locator("#run-title").text_content()

    # A ring grows from a new run: what is found first need not be the dot.
    assert until(title_after_click, lambda title: title == "Chosen run") == "Chosen run"


def test_the_chart_stays_where_it_is_when_its_legend_comes(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run(0.9))
    cloud, legend = page.locator("#cloud"), page.locator("#cloud-legend")
    expect(legend).to_contain_text("32")
    place = cloud.bounding_box()
    legend.evaluate("legend => legend.replaceChildren()")
    assert cloud.bounding_box() == place


def flawless_run():
    return class_run(1.0)


# Notes what is written on canvases from now on, with where it ends.
NOTE_TEXTS = """() => {
    window.written = {};
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (words, x, y) {
        const half = this.textAlign === "center" ? this.measureText(words).width / 2 : 0;
        (window.written[this.canvas.id] ??= []).push([words, x + half - this.canvas.clientWidth]);
        return write.call(this, words, x, y);
    };
}"""


def written_on(page, canvas):
    """Return what was written on a canvas, with how far it reaches beyond the right edge."""
    return dict(page.evaluate("canvas => window.written[canvas] ?? []", canvas))


@pytest.mark.parametrize(
    "runs",
    [(diverged_run, diverged_run), (flawless_run, flawless_run), (flawless_run, diverged_run)],
)
def test_the_cloud_has_an_axis_without_any_error_to_show_on_it(board, open_page, runs):
    page = open_page(board)
    page.evaluate(NOTE_TEXTS)
    student, _ = board.join()
    board.send(student, *(run() for run in runs))
    texts = until(lambda: written_on(page, "cloud"), lambda texts: "0.01" in texts)
    assert len([words for words in texts if words.endswith("%")]) > 2
    assert page.locator("#race").get_attribute("aria-label")


def test_where_all_runs_diverged_the_best_run_says_so(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, diverged_run())
    expect(page.locator("#run")).to_have_text("All runs diverged: none has an accuracy yet.")


def test_the_last_number_of_an_axis_is_whole(run_board, open_page):
    long = {**REFERENCE, "tpe": {**REFERENCE["tpe"], "x": [1, 2, 990]}}
    board = run_board(reference=lambda: long)
    page = open_page(board)
    page.evaluate(NOTE_TEXTS)
    student, _ = board.join()
    board.send(student, class_run(0.9))
    texts = until(lambda: written_on(page, "race"), lambda texts: "1,000" in texts)
    assert texts["1,000"] <= 0


def test_another_hyperparameter_can_be_laid_along_the_axis(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run(0.9), class_run(0.8, dropout_rate=0.5))
    expect(page.locator("#cloud")).to_have_attribute("aria-label", re.compile("learning rate"))
    page.get_by_role("button", name="dropout rate").click()
    expect(page.locator("#cloud")).to_have_attribute("aria-label", re.compile("dropout rate"))
    expect(page.get_by_role("button", name="dropout rate")).to_have_attribute(
        "aria-pressed", "true"
    )


# How many pixels of a canvas have one of the page's colours.
PIXELS_OF = """([canvas, color]) => {
    const { width, height } = document.getElementById(canvas);
    const context = document.getElementById(canvas).getContext("2d");
    const { data } = context.getImageData(0, 0, width, height);
    const wanted = getComputedStyle(document.documentElement).getPropertyValue(`--${color}`);
    const parts = [1, 3, 5].map((i) => parseInt(wanted.trim().slice(i, i + 2), 16));
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
        count += parts.every((part, j) => Math.abs(data[i + j] - part) < 30) && data[i + 3] > 250;
    return count;
}"""


# A search that stands where another one does must not hide it: TPE's first trials are random.
SAME = {name: {**REFERENCE["tpe"]} for name in ("tpe", "random")}


@pytest.mark.parametrize("runs", [1, 3])
def test_the_class_and_both_searches_are_seen_where_they_coincide(run_board, open_page, runs):
    board = run_board(reference=lambda: SAME)
    student, _ = board.join()
    board.send(student, *(class_run(0.9 + i / 100) for i in range(runs)))
    page = open_page(board)
    expect(score(page, "runs")).to_have_text(str(runs))
    # But for the names that are written in the same colours.
    page.evaluate(
        """() => {
            const context = document.getElementById("race").getContext("2d");
            context.strokeText = context.fillText = () => {};
            dispatchEvent(new Event("resize"));
        }"""
    )
    page.get_by_role("button", name="Dark").click()
    for color in ("class", "tpe", "random"):
        found = until(lambda c=color: page.evaluate(PIXELS_OF, ["race", c]), lambda n: n > 4)
        assert found > 4, color


# Keeps what is written in the cloud when it is drawn, in `window.written`.
KEEP_WORDS = """() => {
    const context = document.getElementById("cloud").getContext("2d");
    const real = context.fillText.bind(context);
    const clear = context.clearRect.bind(context);
    context.clearRect = (...given) => { window.written = []; clear(...given); };
    context.fillText = (...given) => { window.written.push(given[0]); real(...given); };
}"""


def test_a_batch_size_is_read_off_at_powers_of_two(board, open_page):
    page = open_page(board)
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    page.evaluate(KEEP_WORDS)
    student, _ = board.join()
    board.send(student, *(class_run(0.9, batch_size=size) for size in (8, 100, 512)))
    page.get_by_role("button", name="batch size").click()
    numbers = until(
        lambda: [text for text in page.evaluate("window.written ?? []") if text.isdigit()],
        lambda found: "512" in found,
    )
    assert len(numbers) >= 3
    assert all(int(number).bit_count() == 1 for number in numbers)


def test_a_run_that_diverged_stands_whole_above_the_axis(board, open_page):
    student, _ = board.join()
    lost = dataclasses.replace(
        trial(0.1, learning_rate=0.5), ended="diverged", validation_accuracy=None
    )
    board.send(student, class_run(0.9), ClassRun(lost, DATA, id=str(uuid.uuid4())))
    page = open_page(board)
    expect(page.locator("#cloud-legend")).to_contain_text("diverged")
    edges = until(lambda: page.evaluate(CROSS), lambda found: found is not None)
    assert edges["bottom"] <= edges["axis"]
    assert edges["bottom"] - edges["top"] == pytest.approx(edges["right"] - edges["left"], abs=2)
    # Chosen, it is named as another run is by its accuracy.
    page.evaluate(KEEP_WORDS)
    page.locator("#last li").filter(has_text="✕").get_by_role("button").click()
    written = until(lambda: page.evaluate("window.written ?? []"), lambda it: "diverged" in it)
    assert "diverged" in written


def test_a_colour_that_stands_for_a_range_says_from_where_to_where(board, open_page):
    task = dataclasses.replace(TASK, name="Optimisers", free=("optimizer", "learning_rate"))
    board.store.open_task(task).result(SECONDS)
    student, _ = board.join()
    board.send(student, *(class_run(0.9, learning_rate=rate) for rate in (0.0002, 0.002, 0.02)))
    page = open_page(board)
    expect(score(page, "runs")).to_have_text("3")
    page.get_by_role("button", name="optimiser").click()
    ranges = page.locator("#cloud-legend span").filter(has_text="–")
    expect(ranges.first).to_be_visible()
    for words in ranges.all_inner_texts():
        low, high = map(float, words.split("–"))
        assert low < high


# The edges of what is drawn in the colour of the run's batch size in the right half, and the axis.
CROSS = """() => {
    const canvas = document.getElementById("cloud");
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const wanted = getComputedStyle(document.documentElement).getPropertyValue("--step-2");
    const parts = [1, 3, 5].map((i) => parseInt(wanted.trim().slice(i, i + 2), 16));
    let found = null;
    for (let i = 0; i < data.length; i += 4) {
        const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
        if (x < width / 2 || !parts.every((part, j) => Math.abs(data[i + j] - part) < 40)) continue;
        found ??= { left: x, right: x, top: y, bottom: y };
        found.left = Math.min(found.left, x);
        found.right = Math.max(found.right, x);
        found.bottom = y;
    }
    const letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return found && { ...found, axis: height - 1.7 * letter };
}"""


def test_a_forgotten_student_leaves_the_page_at_once(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run())
    expect(score(page, "runs")).to_have_text("1")
    board.store.forget("cedar-17").result(SECONDS)
    expect(score(page, "runs")).to_have_text("0")
    expect(page.locator("#welcome")).to_be_visible()


def test_another_task_empties_the_page(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run())
    expect(score(page, "runs")).to_have_text("1")
    other = dataclasses.replace(TASK, name="优化器", free=("optimizer", "hidden_units"), epochs=2)
    board.store.open_task(other).result(SECONDS)
    expect(page.get_by_role("heading", level=1)).to_have_text("优化器")
    expect(score(page, "runs")).to_have_text("0")
    board.send(student, class_run(0.7, optimizer="sgd", epochs=2, hidden_units=(32, 16)))
    expect(page.locator("#run")).to_contain_text("32–16")
    expect(page.locator("#run")).to_contain_text("sgd")
    # One that shares the axis with it, and not the colour.
    third = dataclasses.replace(TASK, name="Third", free=("hidden_units", "dropout_rate"))
    board.store.open_task(third).result(SECONDS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Third")
    board.send(student, class_run(0.8, hidden_units=(64,), dropout_rate=0.25))
    expect(score(page, "runs")).to_have_text("1")
    expect(page.locator("#cloud-legend")).to_contain_text("dropout rate")


# Who sees what


def test_names_are_shown_only_when_the_teacher_asks(board, open_page):
    student, _ = board.join("uncommon-name")
    board.send(student, class_run())
    page = open_page(board)
    expect(page.locator("#last li")).to_have_count(1)
    assert "uncommon-name" not in page.content()
    page.get_by_role("button", name="Names").click()
    expect(page.locator("#last")).to_contain_text("uncommon-name")
    expect(page.locator("#run")).to_contain_text("uncommon-name")
    page.get_by_role("button", name="Names").click()
    expect(page.locator("#last")).not_to_contain_text("uncommon-name")


def test_the_teachers_key_leaves_the_address_and_a_reload_still_works(board, open_page, browser):
    page = open_page(board)
    expect(page.get_by_role("button", name="Names")).to_be_visible()
    assert board.store.fact("teacher_key") not in page.url
    assert page.evaluate("history.length") <= 2
    page.reload()
    expect(page.get_by_role("button", name="Names")).to_be_visible()
    # Another window has nothing of it.
    other = browser.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Class code")).to_be_visible()
    other.close()


def test_the_teacher_sees_who_has_joined_and_removes_whom(board, open_page):
    for name, runs in {"cedar-17": 2, "maple-3": 0, "acorn-5": 1}.items():
        student, _ = board.join(name)
        if runs:
            board.send(student, *(class_run() for _ in range(runs)))
    page = open_page(board)
    expect(page.get_by_role("button", name="Students")).to_have_count(0)
    page.get_by_role("button", name="Names").click()
    page.get_by_role("button", name="Students").click()
    rows = page.locator("#students-list li")
    expect(page.locator("#students-title")).to_have_text("Students of this class: 3")
    expect(rows).to_have_text(
        [f"{name}{runs}Remove" for name, runs in (
            ("acorn-5", "1 run"), ("cedar-17", "2 runs"), ("maple-3", "0 runs")
        )]
    )  # fmt: skip
    remove = rows.nth(1).get_by_role("button")
    remove.click()
    assert board.store.count_students() == 3
    expect(remove).to_have_attribute("aria-label", "Really remove cedar-17")
    # A new run changes the list, not where the keyboard is, nor what it was about to do.
    board.send(student, class_run())
    expect(rows.nth(0)).to_contain_text("2 runs")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(rows.nth(1).get_by_role("button")).to_be_focused()
    assert sorted(board.store.names().values()) == ["acorn-5", "maple-3"]
    assert board.store.count_students() == 2


def test_the_teacher_removes_one_run_and_its_student_stays(board, open_page):
    student, _ = board.join()
    board.send(student, class_run(0.8), class_run(1.0))
    guest = open_page(board, "guest")
    page = open_page(board)
    remove = page.locator("#run-remove")
    for each in (guest, page):
        expect(each.locator("#run")).to_contain_text("100 %")
    # Not all the time: only for a run that was chosen, or while names are shown.
    expect(remove).to_be_hidden()
    page.get_by_role("button", name="Names").click()
    expect(remove).to_have_text("Remove this run")
    page.get_by_role("button", name="Names").click()
    expect(remove).to_be_hidden()
    for each in (guest, page):
        each.locator("#last li").first.get_by_role("button").click()
        expect(each.locator("#run-title")).to_have_text("Chosen run")
    expect(remove).to_be_visible()
    expect(guest.locator("#run-remove")).to_be_hidden()
    remove.click()
    expect(remove).to_have_text("Really remove")
    # What was asked of one run is not asked of another.
    page.locator("#last li").nth(1).get_by_role("button").click()
    expect(page.locator("#run")).to_contain_text("80.0 %")
    expect(remove).to_have_text("Remove this run")
    page.locator("#last li").first.get_by_role("button").click()
    expect(page.locator("#run")).to_contain_text("100 %")
    remove.press("Enter")
    remove.press("Enter")
    for each in (guest, page):
        expect(score(each, "runs")).to_have_text("1")
        expect(each.locator("#run")).to_contain_text("80.0 %")
    expect(score(page, "students")).to_have_text("1")


def test_a_removal_that_fails_is_asked_for_anew(board, open_page, monkeypatch):
    def refuse(_):
        failed = Future()
        failed.set_exception(StoreError("the disk is full"))
        return failed

    monkeypatch.setattr(board.store, "forget_number", refuse)
    board.join()
    page = open_page(board)
    page.get_by_role("button", name="Names").click()
    page.get_by_role("button", name="Students").click()
    remove = page.locator("#students-list").get_by_role("button")
    remove.click()
    expect(remove).to_have_text("Really remove")
    remove.click()
    expect(page.locator("#problem")).to_contain_text("disk is full")
    expect(remove).to_have_text("Remove")


def test_the_next_class_has_its_own_way_in_and_the_old_page_asks_for_it(board, open_page):
    student, _ = board.join()
    board.send(student, class_run())
    page = open_page(board)
    expect(score(page, "runs")).to_have_text("1")
    board.store.set_code("maple-river", new_class=True).result(SECONDS)
    expect(page.locator("#door-message")).to_contain_text("another class has begun")
    page.reload()
    expect(page.get_by_label("Class code")).to_be_visible()
    invite(board)
    page = open_page(board)
    expect(score(page, "runs")).to_have_text("0")
    expect(page.locator("#welcome-entries")).to_contain_text("maple-river")


def test_a_telephone_without_a_code_asks_the_board_for_nothing(board, open_page):
    asked = []
    page = open_page(board, "nobody")
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.reload()
    expect(page.get_by_label("Class code")).to_be_visible()
    expect(page.locator("#door-message")).to_have_text("")
    assert asked == []


def until(look, is_reached):
    """Return what is seen as soon as it is what was waited for, or at the end of the patience."""
    deadline = time.monotonic() + SECONDS
    while not is_reached(seen := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return seen


def places_in_cloud(page, axis="x"):
    """Return how far from the left, or from the top, each run begins to be what is pointed at."""
    return page.evaluate(
        """(axis) => {
            const canvas = document.getElementById("cloud");
            const { left, top, width, height } = canvas.getBoundingClientRect();
            const found = {};
            for (let x = 0; x < width; x += 6)
                for (let y = 0; y < height; y += 6) {
                    const place = { clientX: left + x, clientY: top + y };
                    canvas.dispatchEvent(new PointerEvent("pointermove", place));
                    const share = axis === "x" ? x / width : y / height;
                    const before = found[canvas.title] ?? share;
                    if (canvas.title) found[canvas.title] = Math.min(before, share);
                }
            return found;
        }""",
        axis,
    )


def test_one_odd_run_flattens_the_cloud_for_nobody(board, open_page):
    student, _ = board.join()
    board.send(student, *(class_run(0.9, learning_rate=rate) for rate in (0.001, 0.1)))
    board.send(student, class_run(0.5, learning_rate=1e-300), class_run(0.6, learning_rate=5e5))
    page = open_page(board)
    expect(score(page, "runs")).to_have_text("4")
    # The dots are there once they have been drawn.
    places = until(lambda: places_in_cloud(page), lambda found: len(found) == 4)
    assert places["learning rate 0.1: 90.0 %"] - places["learning rate 0.001: 90.0 %"] > 0.15
    odd = [places[title] for title in places if "off the axis" in title]
    assert sorted(title for title in places if "off the axis" in title) == [
        "learning rate 1e-300 (off the axis): 50.0 %",
        "learning rate 500,000 (off the axis): 60.0 %",
    ]
    assert 0 < min(odd) < 0.15
    assert 0.85 < max(odd) < 1


@pytest.mark.parametrize(("false", "shown"), [(1.0, "100 %"), (0.9999, "99.99 %")])
def test_a_run_without_an_error_lies_at_the_edge_and_flattens_nothing(
    board, open_page, false, shown
):
    page = open_page(board)
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    page.evaluate(WATCH_RACE)
    student, _ = board.join()
    board.send(student, class_run(0.7, learning_rate=0.001), class_run(0.86, learning_rate=0.01))
    board.send(student, class_run(false, learning_rate=0.1))
    expect(page.locator("#last b").first).to_have_text(shown)
    heights = until(lambda: places_in_cloud(page, "y"), lambda found: len(found) == 3)
    assert heights[f"learning rate 0.1: {shown}"] < 0.1
    assert 0.1 < heights["learning rate 0.01: 86.0 %"] < 0.4
    # Nor does it draw the searches of the race down to the ground.
    line = until(lambda: page.evaluate("window.drawn.line"), lambda found: len(found) == 5)
    bottom = page.locator("#race").bounding_box()["height"]
    assert line[2][1] < 0.6 * bottom
    assert heights["learning rate 0.001: 70.0 %"] - heights["learning rate 0.01: 86.0 %"] > 0.2


# The labels that the chart of the best so far writes, and the class's line, as they were drawn.
WATCH_RACE = """() => {
    const canvas = document.getElementById("race");
    const context = canvas.getContext("2d");
    const drawn = (window.drawn = { labels: [], line: [] });
    const at = (name, instead) => {
        const real = context[name].bind(context);
        context[name] = (...given) => { instead(...given); return real(...given); };
    };
    at("clearRect", () => { drawn.labels = []; drawn.line = []; });
    at("strokeText", (words, x, y) => {
        const { actualBoundingBoxLeft: before, actualBoundingBoxRight: after } =
            context.measureText(words);
        const [left, right] = [x - before, x + after];
        drawn.labels.push({ words, left, right, top: y - 8, bottom: y + 8 });
    });
    const blue = getComputedStyle(document.documentElement).getPropertyValue("--class").trim();
    const isClass = () => context.strokeStyle === blue;
    at("moveTo", (x, y) => isClass() && drawn.line.push([x, y]));
    at("lineTo", (x, y) => isClass() && drawn.line.push([x, y]));
}"""
COVERED = """() => {
    const { labels, line } = window.drawn;
    return labels.filter(({ left, right, top, bottom }) => line.slice(1).some(([x, y], i) => {
        const [fromX, fromY] = line[i];
        return Math.max(x, fromX) > left && Math.min(x, fromX) < right
            && Math.max(y, fromY) > top && Math.min(y, fromY) < bottom;
    })).map(({ words }) => words);
}"""


@pytest.mark.parametrize("first", [0.62, 0.85])
def test_the_names_leave_the_classs_line_free(board, open_page, first):
    page = open_page(board)
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    page.evaluate(WATCH_RACE)
    student, _ = board.join()
    for count in range(1, 14):
        board.send(student, class_run(first if count < 9 else 0.87 + count / 1000, seed=count))
        expect(page.locator("#race")).to_have_attribute(
            "aria-label", re.compile(f"After {count} runs?")
        )
        # One run alone is a dot.
        assert page.evaluate("window.drawn.line.length") > 0 or count == 1
        assert page.evaluate("window.drawn.labels.length") >= 4
        assert page.evaluate(COVERED) == [], count


def test_beside_a_name_stands_the_value_along_the_axis_whole(board, open_page):
    student, _ = board.join("A-nickname-of-24-letters")
    board.send(student, class_run(learning_rate=0.00025, batch_size=256, dropout_rate=0.35))
    page = open_page(board)
    value = page.locator("#last .value")
    expect(value).to_have_text("0.00025 · 256 · 0.35")
    page.get_by_role("button", name="Names").click()
    expect(page.locator("#last .who")).to_have_text("A-nickname-of-24-letters")
    expect(value).to_have_text("0.00025")
    page.get_by_role("button", name="dropout rate").click()
    expect(value).to_have_text("0.35")
    assert value.evaluate("cell => cell.scrollWidth <= cell.clientWidth")


def test_a_long_name_ends_in_dots_beside_the_best_run(board, open_page):
    student, _ = board.join("欧阳娜娜" * 6)
    board.send(student, class_run())
    page = open_page(board)
    page.get_by_role("button", name="Names").click()
    name = page.locator("#run .accuracy small")
    expect(name).to_have_text("欧阳娜娜" * 6)
    assert name.evaluate("box => box.scrollWidth > box.clientWidth")
    assert name.evaluate("box => getComputedStyle(box).textOverflow") == "ellipsis"
    # It has one line, and the settings below it are whole.
    assert page.locator("#run").evaluate("box => box.scrollHeight <= box.clientHeight + 1")


@pytest.mark.parametrize(
    ("language", "one", "more"),
    [
        ("en", "1 run is not of this task, and stands apart.", "3 runs are not of this task"),
        ("zh", "另有 1 次训练不符合本任务，未计入。", "另有 3 次训练不符合本任务"),
    ],
)
def test_runs_of_the_task_before_are_told_on_a_line_of_their_own(
    board, open_page, language, one, more
):
    student, _ = board.join()
    other = dataclasses.replace(TASK, training_size=2000, data="cd" * 12)
    board.store.open_task(other).result(SECONDS)
    board.store.open_task(TASK).result(SECONDS)
    page = open_page(board, language=language)
    expect(page.locator("#apart")).to_be_hidden()
    # Who forgot what the task wants trains as the task before did.
    board.send(student, class_run(data="cd" * 12, training_size=2000))
    expect(page.locator("#apart")).to_have_text(one)
    board.send(student, *(class_run(data="cd" * 12, training_size=2000) for _ in range(2)))
    expect(page.locator("#apart")).to_contain_text(more)
    expect(score(page, "runs")).to_have_text("0")
    assert page.evaluate(OUTSIDE) == []
    assert page.locator("#cloud-section").evaluate(
        "box => box.scrollHeight <= box.clientHeight + 1"
    )


def test_a_class_that_grows_moves_nothing(board, open_page):
    page = open_page(board)
    student, _ = board.join()
    board.send(student, class_run(0.85))
    expect(score(page, "runs")).to_have_text("1")
    edges = "() => document.querySelector('main').getBoundingClientRect().toJSON()"
    before = page.evaluate(edges)
    # As wide as the figures of 300 students with twenty runs each are.
    page.evaluate(
        """() => {
            const dt = document.querySelector("[data-score=runs] dt");
            dt.textContent = "runs, 5,889 different";
            document.querySelector("[data-score=runs] dd").textContent = "6,000";
            document.querySelector("[data-score=class] dt").textContent = "class after 6,000";
        }"""
    )
    assert page.evaluate(edges) == before
    # Neither do the first run that stands apart, and a disk that is full.
    board.send(student, class_run(epochs=2))
    expect(page.locator("#apart")).to_be_visible()
    assert page.evaluate(edges) == before
    board.loop.call_soon_threadsafe(board.board.projectors.report, "disk_full")
    expect(page.locator("#problem")).to_contain_text("disk is full")
    assert page.evaluate(edges) == before


def test_a_guest_sees_the_class_and_neither_names_nor_the_code(board, open_page):
    student, _ = board.join("uncommon-name")
    board.send(student, class_run())
    page = open_page(board, "guest")
    expect(score(page, "runs")).to_have_text("1")
    expect(page.get_by_role("button", name="Names")).to_have_count(0)
    assert board.code not in page.content()


def test_without_a_code_the_page_asks_for_one(board, open_page):
    page = open_page(board, "nobody")
    field = page.get_by_label("Class code")
    expect(field).to_be_visible()
    field.fill("maple wrong")
    field.press("Enter")
    expect(page.locator("#door-message")).to_have_text("The class code is not right.")
    field.fill(board.code.replace("-", " ").upper())
    field.press("Enter")
    expect(page.locator("#door")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")


def test_markup_in_a_name_stays_text(board, open_page):
    # The board refuses such a nickname; the page would not fall for it either.
    name = "<img src=x onerror=alert(1)>"
    student = board.store.add_student(str(uuid.uuid4()), name).result(SECONDS)
    board.store.add_runs(student, [class_run()]).result(SECONDS)
    board.store.open_task(dataclasses.replace(TASK, name="<b>bold</b>")).result(SECONDS)
    page = open_page(board)
    page.get_by_role("button", name="Names").click()
    expect(page.locator("#last")).to_contain_text(name)
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>bold</b>")
    assert page.locator("#last img, h1 b").count() == 0


def test_the_way_in_is_shown_before_the_first_run_and_on_request(board, open_page):
    page = open_page(board)
    expect(page.locator("#welcome-line")).to_have_text(
        f'lab.join("192.0.2.7:8899", "{board.code}")'
    )
    # Whoever fills in the lab's fields needs address and code, each by its name there.
    expect(page.locator("#welcome-entries")).to_have_text(
        f"board's address192.0.2.7:8899class code{board.code}"
    )
    expect(page.locator("#welcome-watch")).to_have_text("to watch on a telephone")
    expect(page.locator("#welcome-qr")).to_be_visible()
    assert page.locator("#welcome-qr").evaluate("image => image.naturalWidth") > 0
    # Which of the computer's addresses is the class's network, only the teacher can know.
    expect(page.locator("#welcome-others")).to_contain_text("10.0.0.7:8899, 172.17.0.1:8899")
    whole = "box => box.scrollHeight <= box.clientHeight + 1"
    assert page.locator("#cloud-section").evaluate(whole)
    student, _ = board.join()
    board.send(student, class_run())
    expect(page.locator("#welcome")).to_be_hidden()
    page.get_by_role("button", name="Join").click()
    # Latecomers need what the first screen said.
    expect(page.locator("#invitation-entries")).to_have_text(
        f"board's address192.0.2.7:8899class code{board.code}"
    )
    expect(page.locator("#invitation-how")).to_contain_text("“Join a class”")
    expect(page.locator("#invitation-others")).to_contain_text("10.0.0.7:8899")
    assert page.locator("#invitation").evaluate(whole)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#invitation")).to_be_hidden()


def test_without_searches_the_teachers_page_says_how_to_train_them(run_board, open_page):
    board = run_board()
    student, _ = board.join()
    board.send(student, class_run())
    expect(open_page(board).locator("#race-missing")).to_contain_text("board task")
    expect(open_page(board, "guest").locator("#race-missing")).to_be_hidden()


# Trouble


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Only this computer can connect"), ("zh", "只有这台电脑可以连接")],
)
def test_a_board_that_nobody_else_can_reach_says_so(board, open_page, language, said):
    invitation = Invitation("localhost:8899", board.code, is_shared=False)
    board.board.projectors.invitation = invitation.to_dict
    page = open_page(board, language=language)
    expect(page.locator("#welcome-watch")).to_contain_text(said)
    expect(page.locator("#welcome-watch")).to_contain_text("SHARE=1")
    expect(page.locator("#welcome-qr")).to_be_hidden()
    page.locator("#buttons button").first.click()
    expect(page.locator("#qr-watch")).to_contain_text(said)


def test_the_page_comes_back_with_the_board(tmp_path, browser):
    # The board's end is an error to the browser's console, so this page is not watched.
    path = tmp_path / "board.sqlite"
    page = browser.new_page()
    with running_board(path) as board:
        key, port = board.store.fact("teacher_key"), board.port
        student, _ = board.join()
        board.send(student, class_run(0.5))
        page.goto(f"http://127.0.0.1:{port}/#teacher={key}&language=en")
        expect(score(page, "runs")).to_have_text("1")
        page.get_by_role("button", name="Names").click()
        expect(page.locator("#last")).to_contain_text("cedar-17")
    expect(page.locator("#problem")).to_contain_text("does not answer")
    with pytest.MonkeyPatch.context() as patch:
        import board_tools

        real = board_tools.listening_socket
        patch.setattr(board_tools, "listening_socket", lambda _, share: real(port, share=share))
        with running_board(path) as board:
            board.send(student, class_run(0.75))
            expect(score(page, "runs")).to_have_text("2")
            expect(score(page, "class")).to_have_text("75.0 %")
            expect(page.locator("#problem")).to_be_hidden()
            # The board has forgotten that names were asked for; the page has not.
            board.join("maple-3")
            expect(page.locator("#last")).to_contain_text("cedar-17")
            page.get_by_role("button", name="Students").click()
            expect(page.locator("#students-list")).to_contain_text("maple-3")
            page.close()


def test_a_page_that_hears_nothing_says_so_until_it_does(board, open_page, monkeypatch):
    monkeypatch.setattr("hpt_widgets.board.projector.QUIET_SECONDS", 3600)
    student, _ = board.join()
    board.send(student, class_run())
    page = open_page(board, "nobody")
    page.clock.install()
    page.get_by_label("Class code").fill(board.code)
    page.get_by_label("Class code").press("Enter")
    expect(score(page, "runs")).to_have_text("1")
    expect(page.locator("#problem")).to_be_hidden()
    # The page's clock alone is put forward.
    page.clock.fast_forward(60_000)
    expect(page.locator("#problem")).to_contain_text("has not answered for a while")
    board.send(student, class_run())
    expect(score(page, "runs")).to_have_text("2")
    expect(page.locator("#problem")).to_be_hidden()


def test_a_page_that_has_to_wait_says_so_and_comes_back_by_itself(board, open_page):
    class Tries:
        seconds = 1

        def wait(self, _):
            return self.seconds

    page = open_page(board, "guest")
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    board.board.reception.tries = tries = Tries()
    # The connection is lost while somebody behind the same address guesses at the code.
    (socket,) = board.board.projectors.pages
    board.loop.call_soon_threadsafe(socket.close)
    expect(page.locator("#door-message")).to_have_text("Too many wrong codes. Wait 1 seconds.")
    tries.seconds = 0
    expect(page.locator("#door")).to_be_hidden()


def test_a_door_that_is_pressed_twice_leaves_one_socket(board, open_page):
    page = open_page(board, "nobody")
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.get_by_label("Class code").fill(board.code)
    page.evaluate(
        """for (let i = 0; i < 2; i += 1) document.getElementById("door").requestSubmit()"""
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    student, _ = board.join()
    board.send(student, class_run(0.9))
    expect(score(page, "runs")).to_have_text("1")
    first, second = sockets
    if not first.is_closed():
        first.wait_for_event("close", timeout=1000 * SECONDS)
    assert not second.is_closed()


@pytest.mark.parametrize(
    ("language", "who", "place", "said"),
    [
        ("en", "guest", "#problem", "As many pages of the board are open as it lets in"),
        ("zh", "nobody", "#door-message", "看板已打开的页面数达到上限"),
    ],
)
def test_a_board_without_room_for_another_page_says_so(
    board, open_page, monkeypatch, language, who, place, said
):
    monkeypatch.setattr("hpt_widgets.board.projector.MOST_PAGES", 0)
    page = open_page(board, who, language=language)
    if who == "nobody":
        page.locator("#code").fill(board.code)
        page.locator("#code").press("Enter")
    expect(page.locator(place)).to_contain_text(said)


def test_a_full_disk_is_said_on_the_page(board, open_page):
    board.board.projectors.problem = "disk_full"
    page = open_page(board)
    expect(page.locator("#problem")).to_contain_text("disk is full")


# Readable


# Words that are cut off, and what stands out of the screen.
CUT = """() => [...document.querySelectorAll("h1, h2, dt, dd, button, #rules, #how-to-join")]
    .filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1)
    .filter((e) => getComputedStyle(e).display !== "inline")
    .map((e) => e.textContent)"""
OUTSIDE = """() => [...document.querySelectorAll("body *")].filter((e) => {
    const { right, bottom, width } = e.getBoundingClientRect();
    return width > 1 && (right > innerWidth + 1 || bottom > innerHeight + 1);
}).map((e) => e.tagName + e.id + e.textContent.slice(0, 40))"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *, header *")]
    .filter((e) => e.childElementCount === 0 && e.textContent.trim() && e.offsetParent)
    .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
SECTIONS = """() => Object.fromEntries([...document.querySelectorAll("section")]
    .map((e) => [e.id, e.getBoundingClientRect().toJSON()]))"""


@pytest.mark.parametrize("count", [3, 200])
def test_everything_has_its_place(board, open_page, count):
    from hpt_widgets.board.limits import RateLimit

    board.board.reception.run_limit = RateLimit(10_000)
    students = [board.join(f"student-{i}")[0] for i in range(3)]
    for i in range(count // 3):
        for student in students:
            rate, batch = 10 ** (-4 + 3 * i / count), 8 * 2 ** (i % 7)
            board.send(
                student, class_run(0.9 + 0.07 * i / count, learning_rate=rate, batch_size=batch)
            )
    page = open_page(board)
    page.get_by_role("button", name="Names").click()
    expect(page.locator("#last")).to_contain_text("student-2")
    check_places(page, "en")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="昵称")).to_be_visible()
    check_places(page, "zh-CN")


def check_places(page, language):
    """On every projector all words are whole and large, and nothing lies on anything else."""
    assert page.evaluate("document.documentElement.lang") == language
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => innerWidth === width", arg=width)
        case = f"{language}, {width} × {height}"
        assert page.evaluate(CUT) == [], case
        assert page.evaluate(OUTSIDE) == [], case
        # A fiftieth of the screen's height, as large as on any other screen.
        assert page.evaluate(SMALLEST) >= height / 50, case
        assert overlapping(page.evaluate(SECTIONS)) == [], case


def overlapping(boxes):
    """Return the pairs of names whose boxes lie on one another."""
    return [
        names
        for names in itertools.combinations(boxes, 2)
        if not are_apart(*(boxes[name] for name in names))
    ]


def are_apart(one, other):
    return (
        one["right"] <= other["left"]
        or other["right"] <= one["left"]
        or one["bottom"] <= other["top"]
        or other["bottom"] <= one["top"]
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_both_themes(board, open_page, scheme):
    page = open_page(board, color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    contrasts = page.evaluate(
        """() => {
            const style = getComputedStyle(document.documentElement);
            const light = (name) => {
                const color = style.getPropertyValue(name).trim();
                const parts = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255);
                const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                const [r, g, b] = parts.map(linear);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const against = (place) => (name) => {
                const [high, low] = [light(name), light(place)].sort((a, b) => b - a);
                return (high + 0.05) / (low + 0.05);
            };
            const words = ["--ink", "--quiet", "--class", "--tpe", "--random", "--chance"];
            const marks = [0, 1, 2, 3, 4, 5, 6].map((i) => `--step-${i}`);
            return {
                words: words.map(against("--panel")),
                marks: marks.map(against("--panel")),
                focus: ["--panel", "--paper"].map((place) => against(place)("--focus")),
                rings: [against("--focus")("--paper")],
            };
        }"""
    )
    assert min(contrasts.pop("words")) >= 4.5  # WCAG AA
    for name, found in contrasts.items():
        assert min(found) >= 3, name


def test_language_and_theme_are_switched_and_kept(board, open_page):
    student, _ = board.join()
    board.send(student, class_run())
    page = open_page(board, color_scheme="light")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#run-title")).to_have_text("最好的一次")
    expect(page.locator("#last-title")).to_have_text("最近几次")
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("#run-title")).to_have_text("最好的一次")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_telephone_scrolls_down_and_never_sideways(board, open_page):
    student, _ = board.join()
    board.send(student, class_run(), class_run(0.5))
    page = open_page(board, "guest", width=360, height=740)
    expect(score(page, "runs")).to_have_text("2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#last").scroll_into_view_if_needed()
    expect(page.locator("#last li")).to_have_count(2)
    assert painted(page, "cloud") > 1000


@pytest.mark.parametrize("size", [(390, 844), (360, 740), (768, 1024), (844, 390)])
@pytest.mark.parametrize(("who", "language"), [("guest", "en"), ("teacher", "zh")])
def test_a_telephone_shows_the_best_run_whole(board, open_page, size, who, language):
    width, height = size
    page = open_page(board, who, width=width, height=height, language=language)
    expect(page.locator("#welcome")).to_be_visible()
    assert page.evaluate(STANDING_OUT) == []
    student, _ = board.join()
    board.send(student, class_run(0.875), class_run(0.5))
    expect(page.locator("#run .accuracy")).to_have_text("87.5 %")
    expect(page.locator("#last li")).to_have_count(2)
    assert page.evaluate(STANDING_OUT) == []
    assert page.evaluate(CUT) == []
    assert overlapping(page.evaluate(SECTIONS)) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.evaluate(
        """() => [".accuracy", "dl", "svg"].map((name) =>
            document.querySelector(`#run ${name}`).getBoundingClientRect().height)"""
    )
    assert min(heights) >= 30


# What is not within its part of the page, or is cut off there.
STANDING_OUT = """() => [...document.querySelectorAll("main section")].flatMap((section) => {
    const { top, bottom } = section.getBoundingClientRect();
    return [...section.querySelectorAll("*")].filter((e) => {
        const box = e.getBoundingClientRect();
        const isCut = e.id === "run" && e.scrollHeight > e.clientHeight + 1;
        return box.height && (box.top < top - 1 || box.bottom > bottom + 1 || isCut);
    }).map((e) => section.id + " " + e.tagName + e.id);
})"""


def test_everything_can_be_reached_by_keyboard(board, open_page):
    student, _ = board.join()
    board.send(student, class_run())
    page = open_page(board)
    expect(page.locator("#last li")).to_have_count(1)
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"learning rate", "batch size", "Join", "Names", "中文", "Full screen"} <= reached


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_a_keyboard_stays_where_it_is_when_words_change(board, open_page):
    student, _ = board.join()
    board.send(student, class_run(0.7))
    page = open_page(board)
    page.get_by_role("button", name="dropout rate").press("Enter")
    expect(page.get_by_role("button", name="dropout rate")).to_be_focused()
    for button in ("Names", "Dark", "中文"):
        page.get_by_role("button", name=button).press("Enter")
    expect(page.get_by_role("button", name="English")).to_be_focused()
    row = page.locator("#last li", has_text="70.0 %").get_by_role("button")
    row.focus()
    # It goes down the list with its run, and the last one takes over when it drops out.
    board.send(student, class_run(0.8))
    expect(page.locator("#last li")).to_have_count(2)
    assert focused(page).startswith("70.0 %")
    board.send(student, *(class_run(0.9) for _ in range(5)))
    expect(page.locator("#last")).not_to_contain_text("70.0 %")
    assert focused(page).startswith("80.0 %")


def test_nothing_foreign_runs_on_the_page(board, browser):
    # A script that is not the page's own is an error to the console, so this page is not watched.
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{board.port}/#code={board.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("A task")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.wasRun = true";
            document.body.append(script);
            const image = document.createElement("div");
            image.innerHTML = '<img src="data:," onerror="window.wasRun = true">';
            document.body.append(image);
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.wasRun") is None
    page.close()


# From a real lab


def test_a_run_in_a_notebook_appears_on_the_projector(run_board, notebook, open_page):
    import hpt_widgets as hpt
    from hpt_widgets.data.fingerprint import data_fingerprint

    data = hpt.load_mnist().take(500, seed=0)
    task = dataclasses.replace(TASK, data=data_fingerprint(data), training_size=500)
    board = run_board(task=task)
    invite(board)
    projector = open_page(board)
    notebook.open_cells(
        "import hpt_widgets as hpt\nlab = hpt.TrainingLab(training_size=500)\nlab.wait(120)\nlab"
    )
    notebook.run_all()
    lab = notebook.page.locator(".hpt-lab")
    lab.get_by_role("button", name="Join a class").click()
    lab.get_by_label("board's address").fill(f"127.0.0.1:{board.port}")
    lab.get_by_label("class code").fill("maple")
    lab.get_by_label("nickname").fill("小明")
    lab.get_by_role("button", name="Join", exact=True).click()
    expect(lab.get_by_role("alert").filter(has_text="class code")).to_be_visible()
    lab.get_by_label("class code").fill(board.code)
    lab.get_by_role("button", name="Join", exact=True).click()
    expect(lab).to_contain_text("In the class as 小明. Task: “A task”.")
    expect(lab.locator(".hpt-line")).to_contain_text("in the class")
    notebook.run_hidden("lab.set(learning_rate=0.02)\nlab.wait(120)")
    expect(score(projector, "runs")).to_have_text("1")
    expect(projector.locator("#run")).to_contain_text("0.02")
    projector.get_by_role("button", name="Names").click()
    expect(projector.locator("#last")).to_contain_text("小明")
    # The lab that takes its place is outside, and needs a press to be in.
    notebook.run_cell(0)
    expect(lab.locator(".hpt-line")).to_contain_text("not in the class")
    lab.get_by_role("button", name="Join again").click()
    expect(lab.locator(".hpt-line")).not_to_contain_text("not in the class")
    notebook.run_hidden("lab.set(learning_rate=0.03)\nlab.wait(120)")
    expect(score(projector, "runs")).to_have_text("2")
    expect(score(projector, "students")).to_have_text("1")


# Where all parts of a lab lie but for the words of the badge.
PLACES = """lab => [...lab.querySelectorAll('.hpt-columns *')]
    .filter(one => !one.closest('.hpt-line > :last-child'))
    .map(one => one.getBoundingClientRect()).map(({top, left, height}) => [top, left, height])"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_a_lab_stands_with_its_class_has_room_at_its_top(notebook, language, screenshot):
    def words(part, key, **values):
        return getattr(texts_of(part)[key], language).format(**values)

    notebook.open_cells("import hpt_widgets as hpt\nlab = hpt.TrainingLab()\nlab")
    notebook.run_hidden(f"import hpt_widgets as hpt\nhpt.use_language({language!r})")
    notebook.run_cell(0)
    lab = notebook.page.locator(".hpt-lab")
    expect(lab.locator(".hpt-chart svg").first).to_be_visible()
    with drawn_anew(lab):
        lab.evaluate(f"lab => {{ lab.style.width = '{WIDTH}px'; }}")
    # As long a line as a training writes there.
    numbers = {"seen": 49_984, "total": 500_000, "speed": 9_999, "left": 99}
    far = words("training_lab", "progress_minutes", **numbers)
    notebook.run_hidden(f"lab.view.progress_text.value = {far!r}")
    expect(lab.locator(".hpt-line")).to_contain_text("49,984")

    def places_at_rest():
        return at_rest(notebook.page, lambda: lab.evaluate(PLACES))

    before = places_at_rest()
    for name in ("inside", "outside", "joining", "waiting", "apart", "over"):
        short = words("board", f"short_{name}", count=100)
        notebook.run_hidden(f"lab.class_panel.badge.value = '<span>⬤ {short}</span>'")
        expect(lab.locator(".hpt-line")).to_contain_text(short)
        screenshot(lab, f"class-badge-{language}-{name}")
        assert places_at_rest() == before
        assert lasting_faults(lab, TOO_LARGE, CLIPPED) == []
