"""The digit canvas in a real browser: write with mouse, finger and keyboard, and be read."""

import re

import pytest
from digit_strokes import DIGITS, placed
from playwright.sync_api import expect

from tools.browser import PANEL

pytestmark = pytest.mark.browser

TRAIN = """import hpt_widgets as hpt
run = hpt.train(hpt.Hyperparameters(epochs=2, batch_size=64), hpt.load_mnist())"""
SHOW = "canvas = hpt.DigitCanvas(run)\ncanvas"
# Where in the canvas and how large somebody writes: left, top, width, height.
PLACES = ((40, 25, 190, 230), (150, 160, 80, 100), (90, 10, 110, 190))
# Four points each: a slow hand on a fast machine.
EVERY = 3

KERNEL = f"{PANEL}.sessionContext.session.kernel"
WHITE = """canvas => canvas.getContext("2d").getImageData(0, 0, 280, 280).data
  .filter((value, place) => place % 4 === 0 && value > 200).length"""


@pytest.fixture(scope="module")
def view(lasting_notebook):
    lasting_notebook.open_cells(TRAIN, SHOW)
    lasting_notebook.run_all()
    shown = lasting_notebook.page.locator(".hpt-lab")
    expect(paper_of(shown)).to_be_visible()
    # What can have the focus has a role, so that its name is said.
    expect(paper_of(shown)).to_have_attribute("role", "img")
    return shown


def paper_of(view):
    return view.locator(".hpt-paper")


def write(page, paper, strokes):
    """Move the mouse along the strokes."""
    box = paper.bounding_box()
    for stroke in strokes:
        points = [*stroke[:-1:EVERY], stroke[-1]]
        page.mouse.move(box["x"] + points[0][0], box["y"] + points[0][1])
        page.mouse.down()
        for x, y in points[1:]:
            page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.up()


def wait_until_read(notebook):
    """Wait until all that was drawn is read: a button may overtake a stroke's last points."""
    notebook.wait_for_kernel("not canvas.view.paper.pen_is_down and canvas.wait(20)")


def clear(view):
    view.get_by_role("button", name="Clear").click()
    expect(view.get_by_role("status")).to_have_text("Nothing is drawn yet.")


def test_digits_written_with_the_mouse_are_read(lasting_notebook, view, screenshot):
    """Each at one place; `test_handwriting` has each of them read at every place."""
    paper = paper_of(view)
    paper.scroll_into_view_if_needed()
    misread = []
    for digit in DIGITS:
        place = PLACES[digit % len(PLACES)]
        strokes = placed(digit, *place, slant=0.1)
        write(lasting_notebook.page, paper, strokes)
        lasting_notebook.wait_for_kernel(f"len(canvas.strokes) == {len(strokes)}")
        wait_until_read(lasting_notebook)
        read = lasting_notebook.ask("canvas.digit")
        if read == digit:
            expect(view.get_by_role("status")).to_contain_text(str(digit))
        else:
            misread.append((digit, read, place))
        if digit in (3, 8):
            screenshot(view, f"digit-canvas-{digit}")
        clear(view)
    assert misread == []


def test_what_the_network_sees_is_shown(lasting_notebook, view):
    # The page may still show the digit before: its words go a moment before its picture.
    nothing = lasting_notebook.ask("canvas.wait(20) and canvas.view.seen.value")
    source = re.search('src="(.+)"', nothing)[1]
    seen = view.get_by_role("img", name="What the network sees")
    expect(seen).to_have_attribute("src", source)
    write(lasting_notebook.page, paper_of(view), placed(3, *PLACES[0]))
    expect(view.get_by_role("status")).to_contain_text("I read 3")
    expect(seen).not_to_have_attribute("src", source)
    assert paper_of(view).evaluate(WHITE) > 5_000
    wait_until_read(lasting_notebook)
    clear(view)
    expect(seen).to_have_attribute("src", source)
    assert paper_of(view).evaluate(WHITE) == 0


def test_a_finger_writes_and_a_second_one_does_not(lasting_notebook, view):
    paper = paper_of(view)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    fingers = lasting_notebook.page.context.new_cdp_session(lasting_notebook.page)

    def touch(kind, *places):
        points = [
            {"x": box["x"] + x, "y": box["y"] + y, "id": finger}
            for finger, (x, y) in enumerate(places)
        ]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (60, 60))
    touch("touchMove", (140, 55))
    touch("touchMove", (220, 50))
    touch("touchStart", (220, 50), (30, 250))
    touch("touchMove", (170, 150), (40, 255))
    touch("touchMove", (130, 240), (40, 255))
    touch("touchEnd")
    expect(view.get_by_role("status")).to_contain_text("I read 7")
    lasting_notebook.wait_for_kernel("not canvas.view.paper.pen_is_down")
    [stroke] = lasting_notebook.ask("[stroke.tolist() for stroke in canvas.strokes]")
    assert len(stroke) >= 4
    assert stroke[0] == pytest.approx([60, 60], abs=2)
    assert stroke[-1] == pytest.approx([130, 240], abs=2)
    clear(view)


def test_leaving_the_canvas_lifts_the_pen(lasting_notebook, view):
    page, paper = lasting_notebook.page, paper_of(view)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    for step, (x, y) in enumerate([(50, 50), (100, 100), (330, 120), (200, 200)]):
        page.mouse.move(box["x"] + x, box["y"] + y)
        if step == 0:
            page.mouse.down()
    page.mouse.up()
    lasting_notebook.wait_for_kernel("len(canvas.strokes) == 1 and canvas.wait(20)")
    [stroke] = lasting_notebook.ask("[stroke.tolist() for stroke in canvas.strokes]")
    assert stroke[-1] == pytest.approx([280, 120], abs=3)
    assert not lasting_notebook.ask("canvas.view.paper.pen_is_down")
    # What moves over the canvas without being pressed draws nothing.
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.move(box["x"] + 60, box["y"] + 200)
    assert lasting_notebook.ask("len(canvas.strokes)") == 1
    clear(view)


def test_the_pen_does_not_wait_for_the_kernel(lasting_notebook, view):
    """What is drawn while a cell runs is on the canvas at once, and read afterwards or even then.

    (JupyterLab hands messages of widgets to a subshell of the kernel, where there is one.)
    """
    page, paper = lasting_notebook.page, paper_of(view)
    page.evaluate(f"code => {{ {KERNEL}.requestExecute({{code, store_history: false}}) }}",
                  "import threading; threading.Event().wait()")  # fmt: skip
    try:
        page.wait_for_function(f"() => {KERNEL}.status === 'busy'")
        write(page, paper, placed(3, *PLACES[0]))
        assert paper.evaluate(WHITE) > 5_000
    finally:
        page.evaluate(f"() => {KERNEL}.interrupt()")
    expect(view.get_by_role("status")).to_contain_text("I read 3")
    wait_until_read(lasting_notebook)
    clear(view)


def test_delete_wipes_the_canvas(lasting_notebook, view):
    write(lasting_notebook.page, paper_of(view), placed(3, *PLACES[0]))
    expect(view.get_by_role("status")).to_contain_text("I read 3")
    expect(paper_of(view)).to_be_focused()
    n_cells = lasting_notebook.page.locator(".jp-Cell").count()
    # The last two are JupyterLab's own, for cells.
    for key in ("Delete", "b", "a"):
        lasting_notebook.page.keyboard.press(key)
    expect(view.get_by_role("status")).to_have_text("Nothing is drawn yet.")
    assert paper_of(view).evaluate(WHITE) == 0
    assert lasting_notebook.page.locator(".jp-Cell").count() == n_cells


def test_a_picture_is_shown_and_a_stroke_replaces_it(lasting_notebook, view):
    lasting_notebook.ask("[canvas.read(__import__('numpy').eye(28))] and 0")
    lasting_notebook.page.wait_for_function(
        f"() => ({WHITE})(document.querySelector('.hpt-paper')) > 500"
    )
    write(lasting_notebook.page, paper_of(view), placed(7, *PLACES[0]))
    expect(view.get_by_role("status")).to_contain_text("I read 7")
    wait_until_read(lasting_notebook)
    view.get_by_role("button", name="Undo").click()
    expect(view.get_by_role("status")).to_have_text("Nothing is drawn yet.")
    assert paper_of(view).evaluate(WHITE) == 0


def test_the_keyboard_is_not_caught_in_the_canvas(lasting_notebook, view):
    page = lasting_notebook.page
    write(page, paper_of(view), placed(7, *PLACES[0]))
    expect(view.get_by_role("status")).to_contain_text("I read 7")
    wait_until_read(lasting_notebook)
    page.keyboard.press("Tab")
    button = view.get_by_role("button", name="Clear")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(view.get_by_role("status")).to_have_text("Nothing is drawn yet.")


def test_the_keyboard_goes_through_the_canvas_in_both_directions(lasting_notebook, view):
    page = lasting_notebook.page
    paper, clear_button = paper_of(view), view.get_by_role("button", name="Clear")
    clear_button.focus()
    page.keyboard.press("Shift+Tab")
    expect(paper).to_be_focused()
    # Before it there is the button of the full window; from there one comes out of the lab.
    page.keyboard.press("Shift+Tab")
    expect(view.get_by_role("button", name="full window")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert not view.evaluate("view => view.contains(document.activeElement)")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(paper).to_be_focused()
    page.keyboard.press("Tab")
    expect(clear_button).to_be_focused()


def test_the_drawing_is_there_again_after_the_page_is_loaded_again(lasting_notebook, view):
    write(lasting_notebook.page, paper_of(view), placed(3, *PLACES[0]))
    expect(view.get_by_role("status")).to_contain_text("I read 3")
    lasting_notebook.reload()
    expect(view.get_by_role("status")).to_contain_text("I read 3")
    lasting_notebook.page.wait_for_function(
        f"() => ({WHITE})(document.querySelector('.hpt-paper')) > 5000"
    )


@pytest.fixture
def chinese_view(lasting_notebook, view):
    """Let the canvas of all tests speak Chinese for a test."""

    def show_in(language):
        lasting_notebook.run_hidden(f"hpt.use_language({language!r})")
        lasting_notebook.run_cell(1)

    show_in("zh")
    yield view
    show_in("en")


def test_it_speaks_chinese(lasting_notebook, chinese_view, screenshot):
    expect(chinese_view.get_by_role("status")).to_have_text("还没有写。")
    write(lasting_notebook.page, paper_of(chinese_view), placed(7, *PLACES[0]))
    expect(chinese_view.get_by_role("status")).to_contain_text(re.compile(r"这是 7（\d+%）"))
    screenshot(chinese_view, "digit-canvas-chinese")
    wait_until_read(lasting_notebook)
    chinese_view.get_by_role("button", name="清空").click()
    expect(chinese_view.get_by_role("status")).to_have_text("还没有写。")
