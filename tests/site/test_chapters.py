"""The chapters to read: every word, picture and prediction of the notebooks, and nothing unsafe."""

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect

from tools.run_checks import PROJECT
from tools.site import package
from tools.site.chapters import clean_html, read_chapters


@pytest.fixture(scope="module", params=package.LANGUAGES)
def edition(request):
    """Return the notebooks of an edition, and the chapters that are made of them."""
    folder = PROJECT / "notebooks" / request.param
    notebooks = [nbformat.read(path, 4) for path in sorted(folder.glob("*.ipynb"))]
    return notebooks, read_chapters(folder)


def test_every_cell_is_there(edition):
    for notebook, chapter in zip(*edition, strict=True):
        parts = [part for group in chapter.groups for part in group]
        assert {part.cell for part in parts} == {cell.id for cell in notebook.cells}
        code = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
        assert [part.cell for part in parts if part.kind == "code"] == code


def test_every_stored_picture_is_there(edition):
    for notebook, chapter in zip(*edition, strict=True):
        stored = sum(
            "image/png" in output.get("data", {})
            for cell in notebook.cells
            for output in cell.get("outputs", [])
        )
        assert len(chapter.pictures) == stored
        for content in chapter.pictures.values():
            assert content.startswith(b"\x89PNG")


def test_every_prediction_can_be_made(edition):
    for notebook, chapter in zip(*edition, strict=True):
        asked = sum(
            cell.source.startswith("hpt.prediction(")
            if cell.cell_type == "code"
            else len(re.findall(r"(?m)^\*\*(?:Predict\.|预测。)\*\*", cell.source))
            for cell in notebook.cells
        )
        made = [group for group in chapter.groups if group[0].kind == "predict"]
        assert len(made) == asked
        for group in made:
            assert "text" not in {part.kind for part in group}  # no other text is hidden


def test_each_choice_of_a_quiz_unfolds_to_what_is_said_of_it(edition):
    """The notebooks promise it; what is right can't be seen before."""
    language = "en" if edition[1][0].title.startswith("0 Start") else "zh"
    quizzes = package.all_quizzes()
    shown = [(chapter, quiz) for chapter in edition[1] if (quiz := quiz_of(chapter))]
    assert len(shown) == len(quizzes)
    for (_, folded), questions in zip(shown, quizzes.values(), strict=True):
        choices = [choice for question in questions for choice in question.choices]
        found = re.findall(r'<details class="choice"><summary>(.*?)</summary><p>(.*?)</p>', folded)
        assert len(found) == len(choices)
        for (text, said), choice in zip(found, choices, strict=True):
            assert text[3:] == package.as_html(getattr(choice.text, language))
            assert said.endswith(package.as_html(getattr(choice.feedback, language)))
            assert said.startswith("✓" if choice.right else "✗")


def quiz_of(chapter):
    """Return a chapter's quiz; "" if it has none."""
    parts = [part.html for group in chapter.groups for part in group]
    return "".join(part for part in parts if 'class="choice"' in part)


def test_what_is_folded_in_a_notebook_is_an_explanation(edition):
    """The page folds it by itself, and shows no mark of the notebook's own fold."""
    for notebook, chapter in zip(*edition, strict=True):
        folded = sum(
            cell.source.count("<details>")
            for cell in notebook.cells
            if cell.cell_type == "markdown"
        )
        parts = [part for group in chapter.groups for part in group]
        assert sum(part.kind == "explain" for part in parts) >= folded
        for part in parts:
            assert "&lt;details" not in part.html
            assert "&lt;summary" not in part.html
            assert "&lt;/details" not in part.html


def test_no_formula_is_left_as_it_was_written(edition):
    for chapter in edition[1]:
        for group in chapter.groups:
            for part in group:
                if part.kind != "code":
                    assert "\\frac" not in part.html
                    assert not re.search(r"\$[^$<]*\\[a-z]", part.html), part.html


def test_every_picture_is_described_in_words(edition):
    for chapter in edition[1]:
        html = "".join(part.html for group in chapter.groups for part in group)
        described = re.findall(r'<img [^>]*alt="([^"]*)"', html)
        assert len(described) == len(chapter.pictures)
        for words in described:
            assert re.search(r"\w", words)
            assert not words.startswith("&lt;"), words


def test_outputs_lose_what_a_page_must_not_hold():
    stored = (
        '<style scoped>td {color: red}</style><table border="1" class="dataframe" onclick="x()">'
        '<td colspan="2" style="x">1 &lt; 2<br></td></table><script>alert(1)</script>'
        '<img src="http://example.org/x.png"><b>kept</b>'
        '<blockquote lang="en" style="x">said</blockquote><p>of it</p>'
        "<details open><summary>more</summary>folded</details>"
    )
    expected = (
        '<table><td colspan="2">1 &lt; 2<br></td></table><b>kept</b>'
        '<blockquote lang="en">said</blockquote><p>of it</p>'
        "<details><summary>more</summary>folded</details>"
    )
    assert clean_html(stored) == expected


@pytest.mark.parametrize("language", package.LANGUAGES)
def test_the_search_has_the_signs_that_a_reader_sees(site, language):
    sections = json.loads((site / language / "chapters" / "search.json").read_text("utf-8"))
    words = "".join(section["words"] for section in sections)
    assert not re.search(r"&(#\d+|amp|quot|lt|gt);|\u2061", words)
    assert '"identity"' in words
    assert "max ( 0" in words


def test_a_prediction_is_kept_and_the_outcome_shown_when_asked_for(open_page):
    page = open_page().open("en/chapters/01-background.html")
    prediction = page.find(".predict textarea").first
    outcome = page.find(".predict details").first
    expect(outcome.locator(".output, .explain").first).to_be_hidden()
    prediction.fill("black, white, black")
    # At once: a tab may be closed while the cursor is still in the field.
    assert page.page.evaluate("Object.values(localStorage)") == ["black, white, black"]
    outcome.locator("summary").click()
    expect(outcome.locator(".output, .explain").first).to_be_visible()
    feedback = page.find(".choice p").first
    expect(feedback).to_be_hidden()
    page.find(".choice summary").first.click()
    expect(feedback).to_be_visible()
    page.page.reload()
    expect(page.find(".predict textarea").first).to_have_value("black, white, black")
    # On paper outcomes are open, a quiz is not, and what can't be used there is left out.
    page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.page.emulate_media(media="print")
    for folded in page.find(".predict details").all():
        expect(folded).to_have_attribute("open", "")
    expect(feedback).to_be_hidden()
    expect(page.find("header")).to_be_hidden()
    expect(page.find("article")).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.find(".predict textarea").first).to_be_visible()
    expect(page.find(".predict textarea").nth(1)).to_be_hidden()
    page.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.find(".predict details[open]")).to_have_count(0)


def test_a_prediction_that_can_not_be_kept_is_told(open_page):
    page = open_page()
    page.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }})"
    )
    page.open("zh/chapters/01-background.html")
    page.find(".predict textarea").first.fill("黑、白、黑")
    page.find("h1").click()
    expect(page.find("#notices")).to_contain_text("离开后你的预测就没有了")


@pytest.mark.parametrize(
    ("language", "usual", "own"),
    [("en", "Exercises", "1.1 Neural networks"), ("zh", "小测验", "1.1 人工神经网络")],
)
def test_the_list_of_chapters_leaves_out_what_most_chapters_have(open_page, language, usual, own):
    page = open_page().open(f"{language}/chapters/index.html")
    expect(page.find("#all")).to_contain_text(own)
    expect(page.find("#all")).not_to_contain_text(usual)


@pytest.mark.parametrize(("language", "asked"), [("en", "momentum ravine"), ("zh", "过拟合")])
def test_the_chapters_can_be_searched(open_page, language, asked):
    page = open_page().open(f"{language}/chapters/index.html")
    page.find("#search").fill(asked)
    expect(page.find("#found li").first).to_be_visible()
    expect(page.find("#all")).to_be_hidden()
    page.find("#found a").first.click()
    expect(page.find("article")).to_contain_text(asked.split()[0])
    page.open(f"{language}/chapters/index.html")
    counts = {
        "en": {
            "xyzzy": "0 sections",
            "Pandas": "1 section",
            "rate": r"\d+ sections; the first 30 .*",
        },
        "zh": {
            "xyzzy": "找到 0 节",
            "Pandas": "找到 1 节",
            "学习率": r"找到 \d+ 节，这里列出前 30 节.*",
        },
    }
    for words, said in counts[language].items():
        page.find("#search").fill(words)
        expect(page.find("#found-words")).to_have_text(re.compile(f"^{said}$"))


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_the_way_to_the_other_language_keeps_the_place(open_page, language, other):
    page = open_page().open(f"{language}/chapters/04-1-gradient-descent.html")
    titles = page.find("article :is(h1, h2, h3)[id]")
    titles.nth(9).evaluate("one => one.scrollIntoView()")
    page.find(".contents .language").click()
    expect(page.find("html")).to_have_attribute("lang", re.compile(other))
    expect(titles.nth(9)).to_be_in_viewport()
    assert titles.nth(9).evaluate("one => one.getBoundingClientRect().top") < 200
    # From the page's top, where the header is, to what was asked for.
    page.find("header .language").click()
    expect(page.find("html")).to_have_attribute("lang", re.compile(language))
    expect(titles.nth(9)).to_be_in_viewport()


@pytest.mark.parametrize("language", package.LANGUAGES)
def test_every_page_to_read_opens_without_an_error(open_page, site, language):
    """A heading may be called what a script looks for; `open_page` fails on what is written."""
    page = open_page()
    for path in sorted((site / language / "chapters").glob("*.html")):
        page.open(f"{language}/chapters/{path.name}")
        assert page.console == [], path.name


def test_no_heading_of_a_chapter_looks_like_a_part_of_a_lab(site, source):
    """What the style sheet says of a lab's parts must not hold for a heading of the same name."""
    style = (source / "source" / "style.css").read_text(encoding="utf-8")
    styled = set(re.findall(r"(?<![\w-])#([a-z][a-z-]*)[^;{}]*{", style))
    assert {"map", "search"} & styled == {"map"}
    for language in package.LANGUAGES:
        for path in (site / language / "chapters").glob("*.html"):
            headings = re.findall(r'<h[1-6] id="([^"]*)"', path.read_text(encoding="utf-8"))
            assert not styled & set(headings), path


def test_a_chapter_can_be_read_on_a_telephone(open_page, screenshot):
    page = open_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    for name in ("02-hyperparameters", "04-2-backpropagation"):
        page.open(f"zh/chapters/{name}.html")
        assert page.page.evaluate("document.documentElement.scrollWidth") == 360
        screenshot(page.page, f"site-chapter-{name}")
    sections = page.find(".folded-contents")
    expect(sections.locator("a").first).to_be_hidden()
    sections.locator("summary").click()
    sections.locator("a").last.click()
    expect(page.find("article h2").last).to_be_in_viewport()
    # Some font that is there and has a formula's measures; none is fetched.
    fonts = page.find("math").first.evaluate("one => getComputedStyle(one).fontFamily")
    assert '"DejaVu Math TeX Gyre"' in fonts.split(", ")
