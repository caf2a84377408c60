"""A teacher who runs what a plan names, and no more, meets no unknown name."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

import nbformat
import pytest

from hpt_widgets.exercises import all_exercises

PROJECT = Path(__file__).parents[3]
GUIDES = [PROJECT / "docs" / "teaching.md", PROJECT / "docs" / "teaching.zh.md"]
# A chapter's link in a table, and the parts of it that follow up to the next link or field.
CHAPTER = re.compile(r"\]\(\.\./(notebooks/\w+/[\w-]+\.ipynb)\)([^\[|]*)")
PART = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
UP_TO = re.compile(r"\s*(?:to|到)\s*")
TO_THE_END = re.compile(r"\s*(?:on|起)")
# A teacher is told to run a chapter's first two code cells before the lesson, and the cell that
# loads the digits where that is another one.
N_OPENING = 2
LOADING = "data = hpt.load_mnist()"
ADDING = re.compile(r"^(## (?:Add an exercise|增加一道练习))$", re.MULTILINE)
EXERCISE_ID = re.compile(r"(?<![\w.])\d(?:\.\d)?-[a-z](?!\w)")
HEADING = re.compile(r"^#{2,6} +(.+)$", re.MULTILINE)


def sections(path: Path) -> list[tuple[str, list[str]]]:
    """Return a chapter's headings in their order, each with its code."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            found[-1][1].append(cell.source)
        else:
            found += [(words.strip(), []) for words in HEADING.findall(cell.source)]
    return found


def parts_to_run(passage: str, order: list[str]) -> list[int]:
    """Return the places of the headings that a passage names, ranges filled in."""
    chosen: list[int] = []
    named = list(PART.finditer(passage))
    for i, part in enumerate(named):
        place = order.index(part[1])
        gap = passage[named[i - 1].end() : part.start()] if i else ""
        chosen += range(chosen[-1] + 1, place) if UP_TO.fullmatch(gap) else []
        chosen.append(place)
        if TO_THE_END.match(passage, part.end()):
            chosen += range(place + 1, len(order))
    return chosen


def unknown_names(cells: list[str]) -> set[str]:
    """Return the names that cells use and that none of them, nor one before, has made."""
    # A notebook knows one name more than Python.
    known, unknown = {*dir(builtins), "display"}, set()
    for cell in cells:
        nodes = list(ast.walk(ast.parse(cell)))
        names = [node for node in nodes if isinstance(node, ast.Name)]
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                known |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler):
                known.add(str(node.name))
            elif isinstance(node, ast.arg):
                known.add(node.arg)
        known |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        unknown |= {name.id for name in names} - known
    return unknown


def missing(passage: str, path: Path) -> set[str]:
    """Return what is not defined where only the parts named in a passage are run."""
    all_sections = sections(path)
    places = parts_to_run(passage, [words for words, _ in all_sections])
    every_cell = [code for _, codes in all_sections for code in codes]
    loading = [code for code in every_cell if LOADING in code][:1]
    opening = [*every_cell[:N_OPENING], *loading]
    chosen = [code for place in places for code in all_sections[place][1]]
    return unknown_names(opening + chosen)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_what_a_plan_runs_is_enough(guide: Path) -> None:
    rows = [line for line in guide.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    passages = [found for row in rows for found in CHAPTER.findall(row) if PART.search(found[1])]
    assert len(passages) > 15
    unknown = [(name, missing(text, PROJECT / name)) for name, text in passages]
    assert [found for found in unknown if found[1]] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_homework_is_an_exercise_that_the_chapters_have(guide: Path) -> None:
    # Behind the plans stands how to add one, with an example that is still to be made.
    plans, heading, _ = re.split(ADDING, guide.read_text(encoding="utf-8"), maxsplit=1)
    assert heading
    named = set(EXERCISE_ID.findall(plans))
    assert named
    assert named <= {name for name, found in all_exercises().items() if not found.retired}


def test_a_part_that_needs_an_earlier_one_is_found() -> None:
    path = PROJECT / "notebooks" / "en" / "01-background.ipynb"
    assert missing("*A unit with several inputs*, *Ten probabilities*", path) == {
        "untrained",
        "model",
    }
    assert missing("*A picture* to *Ten probabilities*", path) == set()
