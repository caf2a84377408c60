"""The workbook's chapters as pages to read: stored pictures, formulas set, predictions to make."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import mistune
import nbformat
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tools.site.formulas import to_mathml
from tools.site.quizzes import quiz_html
from tools.site.words import TEXTS

# What the chapters link to beside each other.
GLOSSARY: Final = "glossary.md"
# How a prediction and its answer begin, in both languages.
PREDICT: Final = ("**Predict.**", "**预测。**")
EXPLAIN: Final = ("**Explain.**", "**解释。**")
# A cell that asks; its stored output has the question.
ASKS: Final = re.compile(r"hpt\.prediction\(")
# A cell that shows a quiz, and the chapter that it is of.
QUIZ: Final = re.compile(r'hpt\.quiz\("([^"]+)"\)')
# An explanation that is folded in the notebook: between these lines.
FOLDED: Final = re.compile(r"<details>\s*<summary><b>(.+?)</b>.*</summary>")
UNFOLDED: Final = "</details>"
# What Python writes of a picture that nobody has described: "<Figure size 600x300 with 1 Axes>".
NO_DESCRIPTION: Final = re.compile(r"<.*>")
# Stands between a function and what it is of, in formulas; it is not to be seen.
FUNCTION_APPLICATION: Final = "\u2061"
# What stored outputs may keep; all else, styles above all, is dropped with its attributes.
KEPT_TAGS: Final = frozenset(
    {
        *("table", "thead", "tbody", "tr", "td", "th"),
        *("p", "div", "span", "pre", "br", "ul", "ol", "li", "blockquote"),
        *("details", "summary"),
        *("b", "i", "em", "strong", "small", "code"),
    }
)
KEPT_ATTRIBUTES: Final = frozenset({"colspan", "rowspan", "scope", "type", "start", "lang"})
DROPPED_WHOLE: Final = frozenset({"style", "script"})
EMPTY_TAGS: Final = frozenset({"br"})
# To make them anew for each piece of code takes as long as to use them.
_LEXER: Final = PythonLexer()
_FORMATTER: Final[HtmlFormatter[str]] = HtmlFormatter(cssclass="code")


@dataclass
class Section:
    """A heading of a chapter, and the words below it.

    Attributes
    ----------
    title : str
        Without marks.
    anchor : str
        Its id on the page.
    level : int
        1 for the chapter's own.
    words : list of str
        What can be searched for.
    """

    title: str
    anchor: str
    level: int
    words: list[str] = field(default_factory=list)


@dataclass
class Part:
    """A piece of a chapter on the page: its kind, its HTML, and the cell that it is of.

    Attributes
    ----------
    kind : {"text", "predict", "code", "output", "explain"}
        A prediction is a text with a field for an answer behind it.
    html : str
        Safe to put on a page.
    cell : str
        The cell's id.
    """

    kind: str
    html: str
    cell: str


@dataclass
class Chapter:
    """A chapter in one language.

    Attributes
    ----------
    name : str
        The notebook's, without its ending.
    title : str
        Its first heading.
    groups : list of list of Part
        Parts that belong together: what a prediction hides until it has been made is one group.
    sections : list of Section
        Its headings, the chapter's own first.
    pictures : dict of str to bytes
        PNG files by name.
    """

    name: str
    title: str = ""
    groups: list[list[Part]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def has_cells(self) -> bool:
        """Whether there is something to run in the workbook; the glossary has nothing."""
        return any(part.kind == "code" for group in self.groups for part in group)


def read_chapters(folder: Path) -> list[Chapter]:
    """Read all chapters of an edition, in their order.

    Parameters
    ----------
    folder : Path
        Of the notebooks.

    Returns
    -------
    list of Chapter
    """
    return [read_chapter(path) for path in sorted(folder.glob("*.ipynb"))]


def read_chapter(path: Path) -> Chapter:
    """Read one notebook, or a page of Markdown as a notebook of one cell."""
    return _Reader(path).chapter


def _cells(path: Path) -> list[Any]:
    if path.suffix == ".md":
        return [nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"), id=path.stem)]
    return list(nbformat.read(path, as_version=4).cells)


class _Reader:
    """Turns one notebook into a chapter."""

    def __init__(self, path: Path) -> None:
        self.chapter = Chapter(path.stem)
        self._language = path.parent.name
        self._markdown = _markdown(self)
        parts = [part for cell in _cells(path) for part in self._parts(cell)]
        self.chapter.groups = list(_grouped(parts))
        self.chapter.title = self.chapter.sections[0].title

    def heading(self, title: str, level: int) -> str:
        """Note a heading, and return its id."""
        anchor = re.sub(r"[^\w]+", "-", title.lower()).strip("-") or "section"
        taken = {section.anchor for section in self.chapter.sections}
        unique, number = anchor, 2
        while unique in taken:
            unique, number = f"{anchor}-{number}", number + 1
        self.chapter.sections.append(Section(title, unique, level))
        return unique

    def _note(self, words: str) -> None:
        if self.chapter.sections:
            self.chapter.sections[-1].words.append(words)

    def _parts(self, cell: Any) -> Iterator[Part]:
        if cell.cell_type == "markdown":
            yield from self._texts(cell)
        elif cell.cell_type == "code":
            yield Part("code", _code(cell.source), cell.id)
            if quiz := QUIZ.fullmatch(cell.source):
                yield Part("output", quiz_html(quiz[1], self._language), cell.id)
                return
            kind = "predict" if ASKS.match(cell.source) else "output"
            for number, output in enumerate(cell.outputs):
                shown = self._output(output, f"{self.chapter.name}-{cell.id}-{number}.png")
                if shown:
                    yield Part(kind, shown, cell.id)

    def _texts(self, cell: Any) -> Iterator[Part]:
        """Split a text where a prediction or an explanation begins, and behind the latter."""
        kind, paragraphs, is_folded = "text", list[str](), False
        for paragraph in re.split(r"\n{2,}", cell.source):
            fold = FOLDED.fullmatch(paragraph)
            begins = "explain" if fold else _beginning(paragraph)
            if begins or (kind == "explain" and not is_folded):
                if paragraphs:
                    yield self._text(kind, paragraphs, cell.id)
                kind, paragraphs = begins or "text", []
            if fold:
                is_folded, paragraph = True, f"**{fold[1]}**"
            elif paragraph == UNFOLDED:
                is_folded = False
                continue
            paragraphs.append(paragraph)
        if paragraphs:
            yield self._text(kind, paragraphs, cell.id)

    def _text(self, kind: str, paragraphs: list[str], cell: str) -> Part:
        source = "\n\n".join(paragraphs)
        part = Part(kind, str(self._markdown(source)), cell)
        self._note(_words_of(part.html))
        return part

    def _output(self, output: Any, picture: str) -> str:
        data = output.get("data", {})
        if "image/png" in data:
            self.chapter.pictures[picture] = base64.b64decode(data["image/png"])
            words = html.escape(self._words_for_picture(data.get("text/plain", "")), quote=True)
            return f'<img src="pictures/{picture}" alt="{words}" loading="lazy">'
        if "text/html" in data:
            return f'<div class="rich">{clean_html(data["text/html"])}</div>'
        if "text/latex" in data:
            latex = data["text/latex"].strip("$").replace(r"\displaystyle", "").strip()
            return to_mathml(latex, display=True)
        words = output.get("text") or data.get("text/plain", "")
        return f"<pre>{html.escape(words.rstrip())}</pre>" if words.strip() else ""

    def _words_for_picture(self, stored: str) -> str:
        """Return a picture's own description; of one that has a type's name alone, its section."""
        words: str = " ".join(stored.split())
        if words and not NO_DESCRIPTION.fullmatch(words):
            return words
        words = getattr(TEXTS["stored_picture"], self._language)
        return words.format(section=self.chapter.sections[-1].title)


def _words_of(shown: str) -> str:
    """Return what a reader sees of a piece of HTML, for the search: signs, and not their names."""
    words = html.unescape(re.sub(r"<[^>]+>", " ", shown))
    return words.replace(FUNCTION_APPLICATION, "")


def _beginning(paragraph: str) -> str:
    if paragraph.startswith(PREDICT):
        return "predict"
    return "explain" if paragraph.startswith(EXPLAIN) else ""


def _grouped(parts: list[Part]) -> Iterator[list[Part]]:
    """Put together what a prediction is about: the outputs up to its explanation."""
    group: list[Part] = []
    for part in parts:
        if part.kind == "predict" or (group and part.kind == "text"):
            if group:
                yield group
            group = []
        if part.kind == "predict":
            group = [part]
        elif group:
            group.append(part)
            if part.kind == "explain":
                yield group
                group = []
        else:
            yield [part]
    if group:
        yield group


def _code(source: str) -> str:
    return str(highlight(source, _LEXER, _FORMATTER))


# -- Markdown -------------------------------------------------------------------------------------


class _Renderer(mistune.HTMLRenderer):
    """Writes headings with ids, and links between chapters as links between pages."""

    def __init__(self, reader: _Reader) -> None:
        super().__init__(escape=True)
        self._reader = reader

    def heading(self, text: str, level: int, **_: Any) -> str:
        title = html.unescape(re.sub(r"<[^>]+>", "", text))
        return f'<h{level} id="{self._reader.heading(title, level)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        url = re.sub(r"^([\w-]+)\.(?:ipynb|md)", r"\1.html", url)
        return super().link(text, url, title)

    def block_math(self, text: str) -> str:
        return to_mathml(text.strip(), display=True)

    def inline_math(self, text: str) -> str:
        return to_mathml(text)

    def block_code(self, code: str, info: str | None = None) -> str:
        if info and info.split()[0] == "python":
            return _code(code)
        return super().block_code(code, info)


def _markdown(reader: _Reader) -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Renderer(reader), plugins=["table", "math"])


# -- stored outputs -------------------------------------------------------------------------------


class _Cleaner(HTMLParser):
    """Keeps an output's structure and words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._dropping = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED_WHOLE:
            self._dropping += 1
        elif tag in KEPT_TAGS:
            kept = [
                f' {name}="{html.escape(value or "", quote=True)}"'
                for name, value in attributes
                if name in KEPT_ATTRIBUTES
            ]
            self.kept.append(f"<{tag}{''.join(kept)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in DROPPED_WHOLE:
            self._dropping -= 1
        elif tag in KEPT_TAGS - EMPTY_TAGS:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.kept.append(html.escape(data, quote=False))


def clean_html(text: str) -> str:
    """Return a stored output without styles, scripts and whatever else a page must not hold.

    Parameters
    ----------
    text : str
        HTML of any origin.

    Returns
    -------
    str
    """
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return "".join(cleaner.kept)
