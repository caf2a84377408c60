"""What the teacher's pages and the READMEs name exists, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from measured import measured

from benchmarks.__main__ import PARTS
from hpt_widgets.exercises import all_exercises

PROJECT = Path(__file__).parents[3]
PAGES = {
    "en": [PROJECT / "docs" / "teaching.md", PROJECT / "README.md"],
    "zh": [PROJECT / "docs" / "teaching.zh.md", PROJECT / "README.zh.md"],
}
ALL = [page for pages in PAGES.values() for page in pages]
TEACHING = [pages[0] for pages in PAGES.values()]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A chapter's link, and what follows it up to the next one or to the end of the table's field.
CHAPTER = re.compile(r"\]\(\.\./(notebooks/\w+/[\w-]+\.ipynb)\)([^\[|]*)")
ITALIC = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
CODE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"```.*?```", re.DOTALL)
FILE = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:py|js|css|md|ipynb|yml|toml|txt)")
FOLDER = re.compile(r"(?:hpt_widgets|notebooks|tests|tools|docs|data|benchmarks)/[\w/]*")
# Examples of what a reader, or who goes on building, may make.
TO_BE_MADE = re.compile(r"09|my-workbook|mine\.csv|dice|/de/?$|/de/|\.de\.md")

every_page = pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)
every_guide = pytest.mark.parametrize("page", TEACHING, ids=lambda page: page.name)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def headings(page: Path) -> list[str]:
    return re.findall(r"^#{1,6} .+$", FENCED.sub("", read(page)), re.MULTILINE)


def headings_of_notebook(path: Path) -> set[str]:
    cells = nbformat.read(path, as_version=4).cells
    return {
        words.strip()
        for cell in cells
        if cell.cell_type == "markdown"
        for words in re.findall(r"^#{1,6} +(.+)$", cell.source, re.MULTILINE)
    }


def missing_headings(text: str) -> list[tuple[str, str]]:
    """Return what a text names in italics behind a chapter's link, and the chapter lacks."""
    return [
        (chapter, words)
        for chapter, behind in CHAPTER.findall(text)
        for words in ITALIC.findall(behind)
        if words not in headings_of_notebook(PROJECT / chapter)
    ]


def test_files_that_the_guide_to_changes_names_exist() -> None:
    text = read(PROJECT / "CONTRIBUTING.md")
    assert "hpt_widgets/training/hyperparameters.py" in text
    assert missing_files(text) == []


def missing_files(text: str) -> list[str]:
    """Return the files and folders of this project that a text names and that do not exist."""
    named = [word for code in CODE.findall(FENCED.sub("", text)) for word in code.split()]
    # The names in the READMEs' table of chapters have no ending.
    found = [word.strip('"') for word in named if not TO_BE_MADE.search(word)]
    paths = [w for w in found if "/" in w and (FILE.fullmatch(w) or FOLDER.fullmatch(w))]
    return [path for path in paths if not (PROJECT / path).exists()]


@every_page
def test_links_lead_to_files_of_the_project(page: Path) -> None:
    local = [link for link in LINK.findall(read(page)) if not re.match(r"[a-z]+:", link)]
    assert local
    assert [link for link in local if not (page.parent / link.partition("#")[0]).exists()] == []


@every_page
def test_files_that_are_named_exist(page: Path) -> None:
    assert missing_files(read(page)) == []


@every_page
def test_modules_that_are_run_exist(page: Path) -> None:
    modules = re.findall(r"-m ((?:tools|benchmarks|hpt_widgets)[\w.]*)", read(page))
    assert modules
    for module in modules:
        path = PROJECT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module
    assert set(re.findall(r"-m benchmarks (\w+)", read(page))) <= set(PARTS)


@every_guide
def test_the_cells_to_run_are_in_their_chapters(page: Path) -> None:
    assert len(CHAPTER.findall(read(page))) > 20
    assert missing_headings(read(page)) == []


@every_guide
def test_parts_that_are_named_by_their_number_exist(page: Path) -> None:
    language = "zh" if page.name.endswith(".zh.md") else "en"
    folder = PROJECT / "notebooks" / language
    known = set.union(*map(headings_of_notebook, sorted(folder.glob("*.ipynb"))))
    named = {w for w in ITALIC.findall(read(page)) if re.match(r"\d\.\d\.\d ", w)}
    assert len(named) > 8
    assert named <= known


@every_guide
def test_exercises_that_are_named_exist(page: Path) -> None:
    words = FENCED.sub("", CODE.sub("", read(page)))
    named = set(re.findall(r"(?<![\w.-])\d(?:\.\d)?-[a-z](?!\w)", words))
    assert named
    assert named <= set(all_exercises())


NEEDS = re.compile(r"^\| `(\d\d-[\w-]+)` \| ([\d,]+) MB \| (\d+) \w+ \|$", re.MULTILINE)


@every_guide
def test_what_a_chapter_needs_is_what_was_measured(page: Path) -> None:
    rows = NEEDS.findall(read(page))
    language = "zh" if page.name.endswith(".zh.md") else "en"
    chapters = (PROJECT / "notebooks" / language).glob("*.ipynb")
    assert [name for name, *_ in rows] == sorted(path.stem for path in chapters)
    for name, memory, seconds in rows:
        assert abs(number(memory) - number(measured(f"{name}: memory"))) <= 5
        assert abs(number(seconds) - number(measured(f"{name}: processor"))) <= 0.51


def number(figure: str) -> float:
    return float(figure.replace(",", ""))


@every_guide
def test_every_chapter_is_somewhere_in_the_plans(page: Path) -> None:
    language = "zh" if page.name.endswith(".zh.md") else "en"
    chapters = {path.name for path in (PROJECT / "notebooks" / language).glob("*.ipynb")}
    assert {Path(chapter).name for chapter, _ in CHAPTER.findall(read(page))} == chapters
    assert {Path(chapter).parent.name for chapter, _ in CHAPTER.findall(read(page))} == {language}


@every_guide
def test_every_chapter_has_its_memory_and_time(page: Path) -> None:
    chapters = {path.stem for path in (PROJECT / "notebooks" / "en").glob("*.ipynb")}
    rows = re.findall(
        r"^\| `([\w-]+)` \| [\d,]+ MB \| [\d.]+ (?:s|秒) \|$", read(page), re.MULTILINE
    )
    assert set(rows) == chapters


def test_both_languages_have_the_same_outline() -> None:
    english, chinese = ([len(line.split()[0]) for line in headings(page)] for page in TEACHING)
    assert english == chinese


def test_both_languages_have_the_same_tables_and_figures() -> None:
    def rows(page: Path) -> list[int]:
        return [line.count("|") for line in read(page).splitlines() if line.startswith("|")]

    def figures(page: Path) -> set[str]:
        return set(re.findall(r"(?<![\w.])\d[\d.,]*\d", CODE.sub("", LINK.sub("", read(page)))))

    english, chinese = TEACHING
    assert rows(english) == rows(chinese)
    assert figures(english) ^ figures(chinese) <= {"30", "20"}  # thirty, twenty


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_readme_leads_to_the_teachers_page(language: str) -> None:
    guide, readme = PAGES[language]
    assert f"docs/{guide.name}" in LINK.findall(read(readme))


def test_the_tests_find_what_they_look_for() -> None:
    chapter = "[1](../notebooks/en/01-background.ipynb): *A layer*, *No such part* | *else*"
    assert missing_headings(chapter) == [("notebooks/en/01-background.ipynb", "No such part")]
    assert missing_files("`tools/nothing.py` and `tools/make_slides.py`") == ["tools/nothing.py"]
    assert missing_files("`hpt_widgets/nowhere`, `hpt_widgets/labs`") == ["hpt_widgets/nowhere"]


# -- docs/architecture.md ------------------------------------------------------------------------


PACKAGE = PROJECT / "hpt_widgets"
ARCHITECTURE = PROJECT / "docs" / "architecture.md"
GROUP = re.compile(r"^ *subgraph .*$", re.MULTILINE)
LABEL = re.compile(r'\["([^"]+)"\]')


def drawn_modules(text: str) -> set[str]:
    """Return the names in the nodes of a page's picture."""
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    labels = LABEL.findall(GROUP.sub("", diagram))
    return {name for label in labels for name in label.split("<br/>")}


def test_the_architecture_draws_every_part_and_no_other():
    parts = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    drawn = drawn_modules(read(ARCHITECTURE))
    assert drawn - {"notebooks"} == parts - {"language", "support"}


def test_the_architecture_names_files_that_exist():
    named = CODE.findall(FENCED.sub("", read(ARCHITECTURE)))
    files = {name for name in named if FILE.fullmatch(name) or name.endswith("/")}
    assert len(files) > 15
    places = (PACKAGE, PROJECT, PACKAGE / "labs")
    missing = {name for name in files if not any((place / name).exists() for place in places)}
    assert missing == set()
