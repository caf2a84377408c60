"""Slides of a chapter: questions before answers, in one file that asks nothing of a network."""

from __future__ import annotations

import re
import sys

import nbformat
import pytest
from made_chapter import picture, write_chapter

from hpt_widgets.language import LANGUAGES
from tools import make_slides
from tools.make_slides import MOST_LETTERS, MOST_LINES, PROJECT, slides_of, top_level_blocks
from tools.site.chapters import read_chapter

CHAPTERS = {
    language: PROJECT / "notebooks" / language / "01-background.ipynb" for language in LANGUAGES
}


def chapter(tmp_path, *cells):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    return read_chapter(write_chapter(tmp_path, *(make[kind](source) for kind, source in cells)))


def written(tmp_path, language):
    page = make_slides.make_slides(CHAPTERS[language], tmp_path / "new" / language)
    return page, page.read_text(encoding="utf-8")


def test_each_step_has_a_slide_and_checks_have_none(tmp_path):
    made = chapter(
        tmp_path,
        ("markdown", "# 1 Title"),
        ("markdown", "## Section\n\nWords.\n\n**Predict.** What?"),
        ("code", "1 + 1"),
        ("markdown", "**Explain.** That.\n\nMore words."),
        ("markdown", "### Part"),
        ("code", 'hpt.check("1-a", unit)'),
        ("code", 'hpt.quiz("1")'),
    )
    slides = slides_of(made)
    assert "What?" in slides[1].html
    assert slides[2].html in slides[1].html  # the code that the question is about
    found = [(slide.kind, slide.title) for slide in slides]
    assert found == [
        ("text", "1 Title"),
        ("predict", "Section"),
        ("code", ""),
        ("explain", ""),
        ("text", ""),
        ("text", "Part"),
    ]


def test_a_second_picture_has_a_slide_of_its_own_and_no_output_is_lost(tmp_path):
    code = nbformat.v4.new_code_cell("show()")
    code.outputs = [text("one"), picture(30, 20), text("two"), picture(30, 20), text("three")]
    notebook = write_chapter(tmp_path, nbformat.v4.new_markdown_cell("# 1 Title"), code)
    _, first, second = slides_of(read_chapter(notebook))
    assert (first.kind, second.kind) == ("code", "code")
    assert re.findall("show|one|<img|two|three", first.html) == ["show", "one", "<img", "two"]
    assert re.findall("show|one|<img|two|three", second.html) == ["<img", "three"]
    page = make_slides.make_slides(notebook, tmp_path)
    sizes = re.findall(r'style="--width: (\d+); --height: (\d+)"', page.read_text("utf-8"))
    assert sizes == [("30", "20")] * 2


def test_a_picture_below_long_code_has_a_slide_of_its_own(tmp_path):
    for n_lines, n_slides in ((MOST_LINES, 2), (MOST_LINES + 1, 3)):
        code = nbformat.v4.new_code_cell("\n".join(f"line_{i} = {i}" for i in range(n_lines)))
        code.outputs = [picture(30, 20), text("below")]
        notebook = write_chapter(tmp_path, nbformat.v4.new_markdown_cell("# 1 Title"), code)
        slides = slides_of(read_chapter(notebook))
        assert len(slides) == n_slides
        assert slides[-1].html.index("<img") < slides[-1].html.index("below")


@pytest.mark.parametrize(("n_code", "n_rows", "n_slides"), [(5, 3, 2), (5, 4, 3), (8, 2, 2)])
def test_a_picture_has_a_table_beside_it_where_both_have_room(tmp_path, n_code, n_rows, n_slides):
    for order in (1, -1):
        rows = "<table>" + "<tr><td>1</td></tr>" * n_rows + "</table>"
        table = nbformat.v4.new_output("display_data", {"text/html": rows})
        code = nbformat.v4.new_code_cell("\n".join(f"line_{i} = {i}" for i in range(n_code)))
        code.outputs = [picture(30, 20), table][::order]
        notebook = write_chapter(tmp_path, nbformat.v4.new_markdown_cell("# 1 Title"), code)
        slides = slides_of(read_chapter(notebook))
        assert "".join(slide.html for slide in slides).count("<tr") == n_rows
        if order == 1 or n_code + n_rows <= MOST_LINES:
            assert len(slides) == n_slides


def text(words):
    return nbformat.v4.new_output("display_data", {"text/plain": words})


def test_a_long_text_is_divided_between_its_paragraphs(tmp_path):
    for words in ("words " * 50, "字" * 150):
        made = chapter(tmp_path, ("markdown", "# 1 Title\n\n" + "\n\n".join([words] * 5)))
        slides = slides_of(made)
        assert len(slides) == 3
        assert "".join(slide.html for slide in slides).count("<p>") == 5
    assert 600 < MOST_LETTERS < 900


def test_elements_side_by_side_are_told_from_those_within():
    html = '<p>a<br>b</p>\n<ul><li><p>c</p></li></ul>\n<hr />\n<img src="x"><p>d</p>'
    assert [block.strip() for block in top_level_blocks(html)] == [
        "<p>a<br>b</p>", "<ul><li><p>c</p></li></ul>", "<hr />", '<img src="x">', "<p>d</p>",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_is_on_the_slide_of_its_question(language):
    slides = slides_of(read_chapter(CHAPTERS[language]))
    asked = [i for i, slide in enumerate(slides) if slide.kind == "predict"]
    assert len(asked) > 3
    for place in asked:
        assert "<img" not in slides[place].html
        assert slides[place + 1].kind != "explain"


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-CN")])
def test_the_page_holds_all_that_it_shows(tmp_path, language, tag):
    page, text = written(tmp_path, language)
    assert page.name == "01-background.slides.html"
    assert f'<html lang="{tag}">' in text
    assert text.count("data:image/png;base64") >= 4
    assert text.count("<math") >= 10
    assert "hpt.check" not in text
    assert len(re.findall("<section", text)) > 40
    loaded = re.findall(r'(?:src|href)="([^"]{0,80})', text)
    assert len(loaded) > 4
    assert not re.search(r"<(?:script|img|iframe|link)[^>]+(?:src|href)=\"(?!data:)", text)
    assert not re.search(r"@import|url\(|\bimport\b.*from", text.partition("<body>")[0])


def test_a_link_to_a_chapter_leads_to_its_slides(tmp_path):
    _, text = written(tmp_path, "en")
    links = re.findall(r'href="([\w-]+\.slides\.html)', text)
    assert links
    names = {path.stem for path in CHAPTERS["en"].parent.glob("*.ipynb")}
    assert {link.removesuffix(".slides.html") for link in links} <= names


def test_it_says_where_the_slides_are(tmp_path, monkeypatch, capsys):
    arguments = ["make_slides", *map(str, CHAPTERS.values()), "--to", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert make_slides.main() == 0
    said = capsys.readouterr().out.split()
    assert said == [str(tmp_path / one / "01-background.slides.html") for one in LANGUAGES]
