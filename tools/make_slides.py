"""Makes slides of the stored notebooks (`make slides`); some: ``python -m tools.make_slides F``.

What is stored is what is shown: outputs and the labs' pictures, nothing is run. Each step has a
slide: the question with the code that it is about, then the code with its output, then the
explanation, so that a class can predict before it sees. A second picture has a slide of its own,
and so has one beside more code, rows and words than leave it room. Exercises have their tasks,
without their checks.

Each chapter is one file that asks nothing of any network: pictures, style and script are in it,
and formulas are set already.
"""

from __future__ import annotations

import argparse
import base64
import math
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from hpt_widgets.language import LANGUAGES, Text
from tools.site.chapters import EMPTY_TAGS, Chapter, Part, read_chapter

PROJECT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = PROJECT / "dist" / "slides"
SOURCES: Final = PROJECT / "tools" / "slides"
ENDING: Final = ".slides.html"
HTML_LANGUAGES: Final[dict[str, str]] = {**{code: str(code) for code in LANGUAGES}, "zh": "zh-CN"}
# A cell that only judges, asks or counts has nothing to show to a class.
UNSHOWN: Final = re.compile(r"hpt\.(check|quiz|my_progress)\(")
# Of these, what they show is shown, and not their code.
QUIET: Final = re.compile(r"hpt\.(prediction|outcome)\(")
# So many letters are read from the last row; a Chinese one is as wide as two.
MOST_LETTERS: Final = 650
# So many lines of code, table and words leave room for a picture whose labels can be read.
MOST_LINES: Final = 8
# So few, such as a line that was printed, stay below a picture in any case.
FEW_LINES: Final = 2
LETTERS_A_LINE: Final = 80
WORDS: Final = {
    "slides": Text(en="Slides", zh="幻灯片"),
    "sections": Text(en="Sections", zh="目录"),
    "next": Text(en="Next slide", zh="下一张"),
    "previous": Text(en="Previous slide", zh="上一张"),
    "keys": Text(
        en="Space or → goes on, ← goes back, F fills the screen.",
        zh="按空格键或 → 键前进，按 ← 键后退，按 F 键全屏。",
    ),
}


@dataclass
class Slide:
    """One slide.

    Attributes
    ----------
    kind : {"text", "predict", "code", "explain"}
        What it is; code has its outputs with it.
    html : str
        Safe to put on a page.
    title : str
        Of the section that it begins; else empty.
    """

    kind: str
    html: str
    title: str = ""


def slides_of(chapter: Chapter) -> list[Slide]:
    """Return the slides of a chapter, in their order."""
    slides: list[Slide] = []
    hidden = _unshown_cells(chapter)
    for part in (part for group in chapter.groups for part in group):
        if part.cell in hidden or (part.kind == "code" and QUIET.match(_source(part))):
            continue
        if part.kind == "output" and slides and slides[-1].kind == "code":
            _show(slides, part)
        elif part.kind in ("code", "output"):
            if slides and slides[-1].kind == "predict":
                # What is asked about is seen with the question; what comes of it, after that.
                slides[-1].html += part.html
            slides.append(Slide("code", part.html))
        elif part.kind == "predict" and slides and slides[-1].kind == "text":
            _ask(slides, part)
        else:
            slides += _text_slides(part)
    return slides


def _show(slides: list[Slide], part: Part) -> None:
    """Put an output below its code; a picture goes where it is not small."""
    above = slides[-1].html
    if "<img" in part.html:
        is_apart = "<img" in above or _lines(above) > MOST_LINES
    else:
        below = _lines(part.html)
        is_apart = "<img" in above and below > FEW_LINES and _lines(above) + below > MOST_LINES
    if is_apart:
        slides.append(Slide("code", part.html))
    else:
        slides[-1].html += part.html


def _ask(slides: list[Slide], part: Part) -> None:
    """Put a question below the words that lead to it, where there is room."""
    before = slides[-1]
    if _letters(before.html) + _letters(part.html) > MOST_LETTERS:
        slides += _text_slides(part)
        return
    question = f'<div class="question">{part.html}</div>'
    slides[-1] = Slide("predict", before.html + question, before.title)


def _unshown_cells(chapter: Chapter) -> set[str]:
    code = [part for group in chapter.groups for part in group if part.kind == "code"]
    return {part.cell for part in code if UNSHOWN.match(_source(part))}


def _source(part: Part) -> str:
    return re.sub(r"<[^>]+>", "", part.html).strip()


def _text_slides(part: Part) -> Iterator[Slide]:
    """Divide a text where a heading begins, and where it is longer than a slide."""
    blocks: list[str] = []
    title, size = "", 0
    for block in top_level_blocks(part.html):
        heading = re.match(r"<h[1-3][ >]", block)
        letters = _letters(block)
        if blocks and (heading or size + letters > MOST_LETTERS):
            yield Slide(part.kind, "".join(blocks), title)
            blocks, title, size = [], "", 0
        if heading:
            title = re.sub(r"<[^>]+>", "", block).strip()
        blocks.append(block)
        size += letters
    if blocks:
        yield Slide(part.kind, "".join(blocks), title)


def _lines(html: str) -> int:
    """Return about how many lines code, rows of tables and words take."""
    code = [re.sub("<[^>]+>", "", pre) for pre in re.findall(r"<pre.*?</pre>", html, re.S)]
    rest = re.sub(r"<pre.*?</pre>|<table.*?</table>|<style.*?</style>", "", html, flags=re.S)
    n_lines = sum(text.strip().count("\n") + 1 for text in code)
    words = re.sub(r"<[^>]+>", "", rest).strip()
    return n_lines + html.count("<tr") + math.ceil(_letters(words) / LETTERS_A_LINE)


def _letters(block: str) -> int:
    words = re.sub(r"<[^>]+>", "", block)
    return sum(2 if ord(letter) >= 0x2E80 else 1 for letter in words)


def top_level_blocks(html: str) -> list[str]:
    """Return the elements that stand side by side in a piece of HTML."""
    divider = _Divider()
    divider.feed(html)
    divider.close()
    lines = html.splitlines(keepends=True)
    starts = [sum(map(len, lines[: line - 1])) + column for line, column in divider.starts]
    return [html[a:b] for a, b in zip(starts, [*starts[1:], len(html)], strict=True)]


class _Divider(HTMLParser):
    """Notes where elements begin that lie in no other one."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: list[tuple[int, int]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if self._depth == 0:
            self.starts.append(self.getpos())
        self._depth += tag not in {*EMPTY_TAGS, "img", "hr"}

    def handle_startendtag(self, _tag: str, _: list[tuple[str, str | None]]) -> None:
        if self._depth == 0:
            self.starts.append(self.getpos())

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag not in EMPTY_TAGS


def make_slides(path: Path, folder: Path) -> Path:
    """Write the slides of one notebook.

    Parameters
    ----------
    path : Path
        The notebook, in the folder of its language.
    folder : Path
        Where the slides go, made if need be.

    Returns
    -------
    Path
        The page, to be opened in a browser.
    """
    language = path.parent.name if path.parent.name in LANGUAGES else "en"
    chapter = read_chapter(path)
    slides = slides_of(chapter)
    for slide in slides:
        slide.html = _with_pictures(slide.html, chapter)
    page = folder / f"{path.stem}{ENDING}"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(_page(chapter.title, slides, language), encoding="utf-8")
    return page


def _with_pictures(html: str, chapter: Chapter) -> str:
    def embedded(found: re.Match[str]) -> str:
        picture = chapter.pictures[found[1]]
        width, height = struct.unpack(">II", picture[16:24])  # of a PNG file's header
        # Known before it is decoded: by it the page works out how large all on a slide can be.
        size = f'style="--width: {width}; --height: {height}"'
        return f'src="data:image/png;base64,{base64.b64encode(picture).decode()}" {size}'

    # A link to another chapter leads to its slides; the glossary has none.
    html = re.sub(r'<a [^>]*href="glossary\.html[^"]*"[^>]*>(.*?)</a>', r"\1", html)
    html = re.sub(r'href="([\w-]+)\.html', rf'href="\1{ENDING}', html)
    # A slide that is hidden would have none of its pictures yet.
    html = html.replace(' loading="lazy"', "")
    return re.sub(r'src="pictures/([^"]+)"', embedded, html)


def _page(title: str, slides: Iterable[Slide], language: str) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SOURCES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("page.html").render(
        title=title,
        slides=[(slide.kind, Markup(slide.html), slide.title) for slide in slides],
        language=HTML_LANGUAGES[language],
        words={name: getattr(text, language) for name, text in WORDS.items()},
        style=Markup((SOURCES / "deck.css").read_text(encoding="utf-8")),
        script=Markup((SOURCES / "deck.js").read_text(encoding="utf-8")),
    )


def main() -> int:
    """Make the slides and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_slides", description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="(default: all, both languages)")
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="FOLDER")
    arguments = parser.parse_args()
    every = [p for one in LANGUAGES for p in sorted((PROJECT / "notebooks" / one).glob("*.ipynb"))]
    for path in arguments.notebooks or every:
        place = path.resolve().parent.name
        folder = arguments.to / place if place in LANGUAGES else arguments.to
        print(make_slides(path.resolve(), folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
