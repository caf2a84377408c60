"""A chapter's slides in Chromium: their keys, and what there is room for."""

import re

import nbformat
import pytest
from made_chapter import picture, write_chapter

from tools.make_slides import make_slides

NOTE = "HTMLElement.prototype.requestFullscreen = () => { document.title = 'full'; };"


@pytest.mark.parametrize("key", ["f", "F"])
def test_a_small_f_and_a_capital_one_fill_the_screen(browser, tmp_path, key):
    notebook = write_chapter(tmp_path, nbformat.v4.new_markdown_cell("# 1 Title"))
    slides = make_slides(notebook, tmp_path / "slides")
    page = browser.new_page()
    page.add_init_script(NOTE)
    page.goto(slides.as_uri())
    page.keyboard.press(key)
    page.wait_for_function("document.title === 'full'")
    page.close()


@pytest.fixture
def slides_with_pictures(tmp_path):
    """Return the address of three slides: a title, code with a wide picture, a square picture."""
    code = nbformat.v4.new_code_cell("\n".join(f"line_{number} = {number}" for number in range(8)))
    code.outputs = [picture(800, 300), picture(400, 400)]
    notebook = write_chapter(tmp_path, nbformat.v4.new_markdown_cell("# 1 Title"), code)
    return make_slides(notebook, tmp_path / "slides").as_uri()


def test_code_and_its_picture_fit_on_a_slide_and_the_picture_is_large(
    browser, slides_with_pictures
):
    """At once: the next slide is shown before its picture can have been decoded."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(slides_with_pictures)
    sizes = []
    for number in (2, 3):
        page.keyboard.press("ArrowRight")
        slide = page.locator("section.is-shown")
        assert slide.get_attribute("id") == str(number)
        assert slide.evaluate("slide => slide.scrollHeight <= slide.clientHeight + 1")
        box = slide.locator("img").bounding_box()
        sizes.append((box["width"], box["height"]))
    page.close()
    (wide, low), (square, high) = sizes
    assert wide / low == pytest.approx(800 / 300, rel=0.01)
    assert square == pytest.approx(high, rel=0.01)
    assert wide > 800
    assert high > 500


def test_each_slide_is_printed_on_a_page_whether_it_was_looked_at_or_not(
    browser, slides_with_pictures
):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(slides_with_pictures)
    page.keyboard.press("ArrowRight")
    printed = page.pdf(format="A4", landscape=True)
    page.close()
    assert len(re.findall(rb"/Type /Page\b", printed)) == 3
