"""A chapter's slides in Chromium: their keys."""

import nbformat
import pytest

from tools.make_slides import make_slides

NOTE = "HTMLElement.prototype.requestFullscreen = () => { document.title = 'full'; };"


@pytest.mark.parametrize("key", ["f", "F"])
def test_a_small_f_and_a_capital_one_fill_the_screen(browser, tmp_path, key):
    cells = [nbformat.v4.new_markdown_cell("# 1 Title")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01-made.ipynb")
    slides = make_slides(tmp_path / "01-made.ipynb", tmp_path / "slides")
    page = browser.new_page()
    page.add_init_script(NOTE)
    page.goto(slides.as_uri())
    page.keyboard.press(key)
    page.wait_for_function("document.title === 'full'")
    page.close()
