"""The notebooks of both editions, as the rules read them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from hpt_widgets.language import LANGUAGES
from tools.run_checks import PROJECT

NOTEBOOKS = PROJECT / "notebooks"
GLOSSARY_NAME = "glossary.md"

# Blank notebooks for a project of the reader's own: their steps stand instead of a lesson's.
PROJECTS = ("08-your-project",)

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
CODE_OR_FORMULA = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
BOLD = re.compile(r"(.?)\*\*([^*\n]+)\*\*(?=(.?))")
ITALIC = re.compile(r"(?<!\*)\*(?!\*)([^*\n]+)\*(?!\*)")
TITLE = re.compile(r"\[\*[^*\n]+\*\]")
HEADING = re.compile(r"^(#{1,6}) +(.+)$", re.MULTILINE)


def names() -> list[str]:
    """Return the names of all notebooks, whichever edition has them."""
    return sorted({path.name for code in LANGUAGES for path in (NOTEBOOKS / code).glob("*.ipynb")})


def files() -> list[Path]:
    """Return the files of all notebooks."""
    return [path for code in LANGUAGES for path in sorted((NOTEBOOKS / code).glob("*.ipynb"))]


def label(path: Path) -> str:
    """Name a notebook's file in a test's id."""
    return f"{path.parent.name}/{path.stem}"


@cache
def read(path: Path) -> NotebookNode:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def pair(name: str) -> tuple[NotebookNode, NotebookNode]:
    """Return a chapter's English and Chinese notebook."""
    english, chinese = (read(NOTEBOOKS / code / name) for code in LANGUAGES)
    return english, chinese


def shared(
    cells: list[NotebookNode], others: list[NotebookNode]
) -> list[tuple[NotebookNode, NotebookNode]]:
    """Return the cells of both editions in pairs; that one lacks some, one test alone says."""
    by_id = {cell.id: cell for cell in others}
    return [(cell, by_id[cell.id]) for cell in cells if cell.id in by_id]


def texts(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the Markdown cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def codes(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(source: str) -> str:
    """Leave code, formulas and the targets of links out of a Markdown text."""
    return LINK.sub(r"\1", CODE_OR_FORMULA.sub(" ", source))


def headings(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return level and words of each heading, in order."""
    sources = (CODE_OR_FORMULA.sub(" ", cell.source) for cell in texts(notebook))
    return [(len(marks), words) for source in sources for marks, words in HEADING.findall(source)]


def glossary(language: str = "en") -> list[tuple[str, str]]:
    """Return the rows of an edition's glossary: an English term and its translation."""
    rows = glossary_of((NOTEBOOKS / language / GLOSSARY_NAME).read_text(encoding="utf-8"))
    return rows if language == "en" else [(english, chinese) for chinese, english in rows]


def glossary_of(markdown: str) -> list[tuple[str, str]]:
    """Return the first two columns of a glossary's table: a term and its translation."""
    return [(term, translation) for term, translation, _ in _glossary_rows(markdown)]


def meanings(language: str) -> list[str]:
    """Return what an edition's glossary says of each term, its section included."""
    text = (NOTEBOOKS / language / GLOSSARY_NAME).read_text(encoding="utf-8")
    return [meaning for *_, meaning in _glossary_rows(text)]


def _glossary_rows(markdown: str) -> list[list[str]]:
    table = markdown.partition("| --- | --- | --- |\n")[2]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def untranslated(english: str, chinese: str, glossary: list[tuple[str, str]]) -> list[str]:
    """Return the terms of an English text that its Chinese twin renders in another way.

    A term counts as rendered by its translation or by the English term itself. Longer
    terms are looked for first: a "learning rate schedule" is no "learning rate".
    """
    english, chinese = prose(english).lower(), chinese.lower()
    missing = []
    for term, translation in sorted(glossary, key=lambda row: -len(row[0])):
        pattern = rf"\b{re.escape(term.lower())}(s|es)?\b"
        english, n_found = re.subn(pattern, " ", english)
        if n_found and translation.lower() not in chinese and term.lower() not in chinese:
            missing.append(f"{term} ({translation})")
    return missing


def wrong_language(source: str, language: str) -> list[str]:
    """Return the paragraphs of a Markdown text that are in the other language."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", source) if part.strip()]
    if language == "en":
        return [part for part in paragraphs if CHINESE.search(part)]
    # A Chinese paragraph may name things in English, and works by their titles in italics, but it
    # has no English sentence.
    sentence = re.compile(r"(?:\b[A-Za-z]+\b[ ,;:]+){5,}\b[A-Za-z]+\b")
    return [
        part
        for part in paragraphs
        if sentence.search(prose(TITLE.sub("", part)))
        or (len(words_of(part)) > 3 and not CHINESE.search(part))
    ]


def unclosed_bold(source: str) -> list[str]:
    """Return what is meant to be bold, but shows its asterisks.

    CommonMark wants a space where the inner side of ``**`` is punctuation and the outer a letter.
    """
    found = BOLD.findall(CODE_OR_FORMULA.sub("`", source))
    return [
        words
        for before, words, after in found
        if (_is_punctuation(words[0]) and _is_letter(before))
        or (_is_punctuation(words[-1]) and _is_letter(after))
    ]


def slanted_chinese(source: str) -> list[str]:
    """Return what is in italics and has Chinese characters, which read badly slanted."""
    found = ITALIC.findall(CODE_OR_FORMULA.sub("`", source))
    return [words for words in found if CHINESE.search(words)]


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def _is_letter(sign: str) -> bool:
    return bool(sign) and not sign.isspace() and not _is_punctuation(sign)


def words_of(source: str) -> list[str]:
    """Return the English words of a text's prose."""
    return re.findall(r"[A-Za-z]{2,}", prose(source))


def anchor(words: str) -> str:
    """Return the fragment by which JupyterLab links to a heading."""
    return words.strip().replace(" ", "-")


def dead_links(path: Path) -> list[str]:
    """Return the relative links of a notebook or a Markdown file that lead nowhere.

    A link out of the edition's own folder is dead too: readers have copies of that folder.
    """
    notebook = read(path)
    found = []
    for cell in texts(notebook):
        for _, target in LINK.findall(cell.source):
            if not re.match(r"[a-z]+:", target) and not _leads_somewhere(path, target):
                found.append(target)
    return found


def _leads_somewhere(path: Path, target: str) -> bool:
    name, _, fragment = target.partition("#")
    aim = (path.parent / name).resolve() if name else path
    if not aim.is_file() or not aim.is_relative_to(path.parent.resolve()):
        return False
    if not fragment:
        return True
    return fragment in {anchor(words) for _, words in headings(read(aim))}
