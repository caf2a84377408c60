"""Puts the page together: pages from templates, scripts, words, digits, the kernel."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from tools.site import package
from tools.site.bank import bank_facts, write_bank
from tools.site.chapters import GLOSSARY, Chapter, read_chapter, read_chapters
from tools.site.digits import write_packs
from tools.site.facts import all_facts, as_module, texts, write_noise
from tools.site.formulas import to_mathml

PROJECT: Final = Path(__file__).resolve().parents[2]
SOURCE: Final = PROJECT / "site"
# How far the page is from the workbook, over ten seeds: `make bench` measures it.
ACCURACY: Final = SOURCE / "accuracy.json"
OUTPUT: Final = PROJECT / "dist" / "site"
HTML_LANGUAGES: Final[dict[str, str]] = {
    **{code: str(code) for code in package.LANGUAGES},
    "zh": "zh-Hans",
}
PAGES: Final = (
    ("training", "index.html"),
    ("descent", "descent.html"),
    ("bank", "bank.html"),
    ("chapters", "chapters/index.html"),
)
# What finds a chapter: kept for offline reading from the first visit on.
LIST_OF_CHAPTERS: Final = ("/chapters/index.html", "/chapters/search.json")
# Words that one page alone needs: the others carry them not.
WORDS_OF_BANK: Final = ("bank_lab", "bank_page")
# The lab in which a chapter's matter can be tried, by the chapter's name; some have none.
LAB_OF: Final = {
    "00-start-here": "index.html",
    "01-background": "index.html",
    "02-hyperparameters": "index.html",
    "03-1-manual-search": "index.html",
    "03-2-grid-search": "bank.html",
    "03-3-random-search": "bank.html",
    "03-4-bayesian-optimization": "bank.html",
    "04-1-gradient-descent": "descent.html",
    "05-mnist-project": "index.html",
    "06-going-further": "index.html",
    "07-1-searching": "bank.html",
    "07-2-batch-size-and-chance": "index.html",
    "07-3-optimizers": "index.html",
    "07-4-schedules-and-width": "index.html",
}
# All of it from the page's own host alone; WebAssembly may be compiled.
POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)


@dataclass(frozen=True)
class Page:
    """A page in one language.

    Attributes
    ----------
    kind : str
        Which template it is made of.
    address : str
        Below its language's folder.
    language : str
        "en" or "zh".
    """

    kind: str
    address: str
    language: str

    @property
    def home(self) -> str:
        """The way from the page to its language's folder."""
        return "../" * self.address.count("/")

    @property
    def root(self) -> str:
        """The way from the page to the folder of all."""
        return "../" + self.home

    @property
    def other(self) -> str:
        """The way from the page to the same one in the other language."""
        return f"{self.root}{other_language(self.language)}/{self.address}"


def other_language(language: str) -> str:
    """Return the language that a page's link leads to."""
    return "zh" if language == "en" else "en"


def build(output: Path = OUTPUT) -> None:
    """Write the whole page into a folder, which is emptied before.

    Parameters
    ----------
    output : Path
        The folder; any web server can serve it, at any address.
    """
    packs = write_packs(output / "data")
    write_noise(output / "data")
    for child in output.iterdir():
        if child.name != "data":
            shutil.rmtree(child) if child.is_dir() else child.unlink()
    facts = {**all_facts(), "packs": packs}
    shutil.copytree(SOURCE / "source", output / "assets")
    (output / "assets" / "facts.js").write_text(as_module(facts), encoding="utf-8")
    # The explorer has facts of its own, which no other page loads.
    facts["bank"] = bank_facts()
    write_bank(output / "assets" / "bank", package.shipped_bank(), facts["bank"])
    editions: dict[str, list[Chapter]] = {
        language: read_edition(language) for language in package.LANGUAGES
    }
    for language, chapters in editions.items():
        write_chapter_files(output / language / "chapters", chapters)
        for page, content in rendered_pages(facts, language, editions):
            path = output / page.language / page.address
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    door = environment().get_template("index.html").render(policy=POLICY)
    (output / "index.html").write_text(door, encoding="utf-8")
    write_service_worker(output)


def read_edition(language: str) -> list[Chapter]:
    """Read what can be read in one language: the chapters, and behind them the glossary."""
    folder = PROJECT / "notebooks" / language
    return [*read_chapters(folder), read_chapter(folder / GLOSSARY)]


def write_service_worker(output: Path) -> None:
    """Write the script that keeps the page: its version changes with any file of the page."""
    script = output / "assets" / "service-worker.js"
    digest = hashlib.sha256(script.read_bytes())
    kept: dict[str, list[str]] = {"files": [], "later": []}
    for path in sorted(output.rglob("*")):
        address = path.relative_to(output).as_posix()
        if not path.is_file() or path == script or address == "service-worker.js":
            continue
        digest.update(f"{address} ".encode() + path.read_bytes())
        kept["later" if is_large(address) else "files"].append(address)
    built = json.dumps({"version": digest.hexdigest()[:16], **kept}, indent=1)
    code = f"const BUILT = {built};\n{script.read_text(encoding='utf-8')}"
    (output / "service-worker.js").write_text(code, encoding="utf-8")
    script.unlink()


def is_large(address: str) -> bool:
    """Say whether a file is kept once somebody has had it: digits and chapters, not their list."""
    is_of_chapters = "/chapters/" in address and not address.endswith(LIST_OF_CHAPTERS)
    return address.startswith("data/") or is_of_chapters


def environment() -> jinja2.Environment:
    """Return what renders the templates; whatever is not safe is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(SOURCE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def rendered_pages(
    facts: dict[str, Any], language: str, editions: dict[str, list[Chapter]]
) -> Iterator[tuple[Page, str]]:
    """Yield all pages in one language, with what stands in them."""
    templates = environment()
    chapters, others = editions[language], editions[other_language(language)]
    words = texts(language)
    for kind, address in PAGES:
        page = Page(kind, address, language)
        values = page_values(page, words)
        template = templates.get_template(f"{kind}.html")
        own = {"facts": facts, "chapters": chapters, "usual_titles": usual_titles(chapters)}
        yield page, template.render(**values, **own, accuracy=measured_accuracy())
    template = templates.get_template("chapter.html")
    for before, chapter, after, other in zip(
        [None, *chapters[:-1]], chapters, [*chapters[1:], None], others, strict=True
    ):
        page = Page("chapter", f"chapters/{chapter.name}.html", language)
        around = {
            "before": before,
            "chapter": chapter,
            "after": after,
            "lab_address": LAB_OF.get(chapter.name),
            "other_anchors": [section.anchor for section in other.sections],
        }
        # Of all words it needs the page's own.
        values = page_values(page, words) | {"texts": as_data_block({"page": words["page"]})}
        yield page, template.render(**values, **around)


def serving_command() -> str:
    """Return a command, for the project's folder, that serves the page on this computer.

    The Python is the one that runs now: many systems have none that is called ``python``.
    """
    python = Path(sys.executable)
    inside = python.is_relative_to(PROJECT)
    named = shlex.quote(str(python.relative_to(PROJECT) if inside else python))
    return f"{named} -m http.server --directory {OUTPUT.relative_to(PROJECT)} 8000"


def measured_accuracy() -> dict[str, Any] | None:
    """Return the figures that the page gives of its difference; None before they are measured."""
    if not ACCURACY.exists():
        return None
    figures: dict[str, Any] = json.loads(ACCURACY.read_text(encoding="utf-8"))
    return figures


def usual_titles(chapters: list[Chapter]) -> set[str]:
    """Return the headings that most chapters have: they tell nothing about one."""
    titles = [{section.title for section in chapter.sections} for chapter in chapters]
    counts = Counter(title for own in titles for title in own)
    return {title for title, count in counts.items() if count > len(chapters) / 2}


def write_chapter_files(folder: Path, chapters: list[Chapter]) -> None:
    """Write the chapters' pictures, and what is searched through."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    for chapter in chapters:
        for name, content in chapter.pictures.items():
            (pictures / name).write_bytes(content)
    sections = [
        {
            "chapter": chapter.title,
            "title": section.title,
            "address": f"{chapter.name}.html#{section.anchor}",
            "words": " ".join(" ".join(section.words).split()),
        }
        for chapter in chapters
        for section in chapter.sections
    ]
    text = json.dumps(sections, ensure_ascii=False)
    (folder / "search.json").write_text(text, encoding="utf-8")


def page_values(page: Page, words: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return what every template may name."""
    return {
        "t": partial(translated, words),
        "named": lambda names: [(name, name) for name in names],
        "options": lambda name, values: [(v, words["bank_lab"][f"{name}_{v}"]) for v in values],
        "texts": as_data_block(words_of(page, words)),
        "formulas": surface_formulas(),
        "optimizer_name": lambda name: words["descent"][optimizer_key(name)],
        "schedules": [(name, words["descent"][schedule_key(name)]) for name in package.SCHEDULES],
        "policy": POLICY,
        "kind": page.kind,
        "pages": PAGES,
        "home": page.home,
        "root": page.root,
        "other_page": page.other,
        "html_language": HTML_LANGUAGES[page.language],
        "other_html_language": HTML_LANGUAGES[other_language(page.language)],
    }


def words_of(page: Page, words: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return the words that a page's scripts say."""
    return {
        part: table
        for part, table in words.items()
        if page.kind == "bank" or part not in WORDS_OF_BANK
    }


def optimizer_key(name: str) -> str:
    """Return the key of an optimiser's name: "momentum" alone is an error's text."""
    return "momentum_optimizer" if name == "momentum" else name


def schedule_key(name: str) -> str:
    """Return the key of a schedule's name."""
    return "step_schedule" if name == "step" else name


def surface_formulas() -> dict[str, Any]:
    """Return the formula of each surface, set; the bowl's condition number can be changed."""
    found = {name: to_mathml(made.formula) for name, made in package.SURFACES.items()}
    bowl = found["quadratic_bowl"]
    kappa = f"<mn>{package.SURFACES['quadratic_bowl'].condition_number:g}</mn>"
    if bowl.count(kappa) != 1:
        raise ValueError(f"the bowl's formula does not hold {kappa} once: {bowl}")
    found["quadratic_bowl"] = bowl.replace(kappa, kappa.replace("<mn>", '<mn id="kappa">'))
    return {name: Markup(formula) for name, formula in found.items()}


def translated(words: dict[str, dict[str, str]], key: str, **values: object) -> str:
    """Return the text ``part.key`` with its placeholders filled."""
    part, _, name = key.partition(".")
    text = words[part][name]
    return package.Text(en=text, zh=text).format(**values)


def as_data_block(values: object) -> Any:
    """Write values as JSON that may stand in a script element."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))
