"""Slides of a chapter: questions before answers, and nothing from the network unless wanted."""

from __future__ import annotations

import itertools
import re
import sys

import nbformat
import pytest

from tools import make_slides
from tools.make_slides import PACKAGES, PROJECT, slide_types

CHAPTER = PROJECT / "notebooks" / "en" / "01-background.ipynb"


def notebook(*cells):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    return nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])


def test_sections_stand_side_by_side_and_steps_below_one_another():
    made = notebook(
        ("markdown", "# 1 Title"),
        ("markdown", "## Section\n\n**Predict.** What?"),
        ("code", "1 + 1"),
        ("code", "2 + 2"),
        ("markdown", "**Explain.** That."),
        ("markdown", "### Part"),
        ("code", 'hpt.check("1-a", unit)'),
        ("code", 'hpt.quiz("1")'),
    )
    assert list(slide_types(made)) == [
        "slide", "slide", "subslide", "-", "subslide", "subslide", "skip", "skip",
    ]  # fmt: skip


def test_an_answer_is_never_on_the_slide_of_its_question():
    chapter = nbformat.read(CHAPTER, as_version=4)
    shown = [
        (cell, kind)
        for cell, kind in zip(chapter.cells, slide_types(chapter), strict=True)
        if kind != "skip"
    ]
    for (asked, _), (_, kind) in itertools.pairwise(shown):
        if "**Predict.**" in asked.source:
            assert kind != "-"


def test_the_slides_hold_the_stored_pictures_and_no_check(tmp_path):
    page = make_slides.make_slides(CHAPTER, tmp_path / "new" / "folder")
    text = page.read_text(encoding="utf-8")
    assert page.name == "01-background.slides.html"
    assert "What is a neural network" in text
    assert text.count("data:image/png;base64") >= 4
    assert "not answered yet" not in text
    n_sections = len(re.findall("<section", text))
    assert n_sections > 30


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_its_language(tmp_path, language):
    (chapter,) = (PROJECT / "notebooks" / language).glob("01-*.ipynb")
    page = make_slides.make_slides(chapter, tmp_path).read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page


def test_offline_slides_load_no_script_from_the_network(tmp_path):
    modules = tmp_path / "node_modules"
    for name, script in PACKAGES.items():
        (modules / name / script).parent.mkdir(parents=True)
        (modules / name / script).write_text("")
    page = make_slides.make_slides(CHAPTER, tmp_path / "slides", modules)
    text = page.read_text(encoding="utf-8")
    loaded = re.findall(r'(?:<script[^>]* src|<link[^>]* href)="([^"]+)"', text)
    assert loaded
    assert not [url for url in loaded if url.startswith("http")]
    for url in loaded:
        if url.endswith(("require.js", "jquery.min.js")):
            assert (page.parent / url).is_file()
    assert '"../node_modules/reveal.js/dist/reveal.js"' in text
    assert "unpkg" not in text


def test_a_missing_package_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"jquery, mathjax, requirejs, reveal\.js"):
        make_slides.make_slides(CHAPTER, tmp_path, tmp_path / "nothing")


def test_it_says_where_the_slides_are(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["make_slides", str(CHAPTER), "--to", str(tmp_path)])
    assert make_slides.main() == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "01-background.slides.html")
