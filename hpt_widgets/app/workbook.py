"""The reader's own copies of the notebooks.

A reader works in copies, so that an update never collides with their work and
a chapter can be brought back to the original. A copy that the reader has not
changed follows its original; one that they have changed is never overwritten.
The originals are stored with their outputs, for the web and for the checks; the
copies have none, so that what comes out is not seen before it is predicted.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hpt_widgets.language import LanguageCode, current_language, translate
from hpt_widgets.support.files import replace_file
from hpt_widgets.support.home import ENVIRONMENT_VARIABLE, expanded, reader_folder

PROJECT = Path(__file__).resolve().parents[2]
FOLDER_NAME = "my-workbook"
COPIES_VARIABLE = "HPT_WORKBOOK"
RECORD_NAME = ".originals.json"
START = "00-start-here.ipynb"


class WorkbookError(Exception):
    """The notebooks cannot be prepared as asked; the message is for the reader."""


@dataclass
class Refreshed:
    """What became of each of the reader's copies, by file name.

    Attributes
    ----------
    created : list of str
        New in the reader's folder.
    updated : list of str
        Replaced by a newer original; the reader had changed nothing.
    kept : list of str
        Changed by the reader while the original changed too; the reader's stays.
    """

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def originals_folder(language: LanguageCode | None = None) -> Path:
    """Return the folder of the notebooks as they come with the project.

    Parameters
    ----------
    language : {"en", "zh"}, optional
        The edition; the current language by default.

    Raises
    ------
    WorkbookError
        If the package is installed without the notebooks.
    """
    folder = PROJECT / "notebooks" / (language or current_language())
    if not folder.is_dir():
        raise WorkbookError(translate("workbook.no_notebooks", folder=folder))
    return folder


def workbook_folder(language: LanguageCode | None = None) -> Path:
    """Return the folder of the reader's copies, and create it if need be.

    Parameters
    ----------
    language : {"en", "zh"}, optional
        The edition; the current language by default.

    Returns
    -------
    Path
        A folder inside the one that ``HPT_WORKBOOK`` names, where it is set; else inside
        the project, or, where the project cannot be written in, inside the reader's own
        folder.

    Raises
    ------
    WorkbookError
        If none can be written in.
    """
    edition = language or current_language()
    chosen = os.environ.get(COPIES_VARIABLE, "").strip()
    parents = (Path(chosen),) if chosen else (PROJECT / FOLDER_NAME, None)
    for parent in parents:
        try:
            folder = expanded(parent or reader_folder() / FOLDER_NAME).absolute() / edition
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError as error:
            reason = str(error)
    variable = COPIES_VARIABLE if chosen else ENVIRONMENT_VARIABLE
    raise WorkbookError(translate("workbook.nowhere_to_write", reason=reason, variable=variable))


def refresh(language: LanguageCode | None = None) -> Refreshed:
    """Make the reader's copies, and let unchanged ones follow their originals.

    A notebook that JupyterLab has saved counts as changed by the reader.

    Parameters
    ----------
    language : {"en", "zh"}, optional
        The edition; the current language by default.

    Returns
    -------
    Refreshed
        What was created, updated, and kept although its original has changed.

    Raises
    ------
    WorkbookError
        If a copy cannot be written, as on a full disk; each is whole or as it was.
    """
    originals, copies = originals_folder(language), workbook_folder(language)
    record = _read_record(copies)
    before = dict(record)
    refreshed = Refreshed()
    with _refusals_of_the_disk(copies):
        for original in _files_of(originals):
            name = original.relative_to(originals).as_posix()
            _refresh_one(original, copies / name, name, record, refreshed)
        if record != before:
            # Else a disk without room stops nobody from going on with the copies that are there.
            _write_record(copies, record)
    return refreshed


def reset(chapter: str, language: LanguageCode | None = None) -> tuple[Path, Path | None]:
    """Bring a copy back to the original, and keep the reader's version beside it.

    Parameters
    ----------
    chapter : str
        The number of a notebook (``"04-1"``, or ``"4.1"``), or more of its name.
    language : {"en", "zh"}, optional
        The edition; the current language by default.

    Returns
    -------
    copy : Path
        The copy, now the same as the original.
    kept : Path or None
        Where the reader's version is now; None where there was nothing to keep.

    Raises
    ------
    WorkbookError
        If no notebook, or more than one, has that number, or the copy cannot be written.
    """
    originals, copies = originals_folder(language), workbook_folder(language)
    original = _find(chapter, originals)
    copy = copies / original.name
    kept = None
    content = content_of_copy(original)
    with _refusals_of_the_disk(copies):
        if copy.exists() and copy.read_bytes() not in (content, original.read_bytes()):
            kept = _keep_aside(copy)
        replace_file(copy, content)
        record = _read_record(copies)
        record[original.name] = _digest(content)
        _write_record(copies, record)
    return copy, kept


@contextmanager
def _refusals_of_the_disk(copies: Path) -> Iterator[None]:
    """Say in words what the disk refuses."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        message = translate("workbook.not_written", folder=copies, reason=reason)
        raise WorkbookError(message) from error


def _refresh_one(
    original: Path, copy: Path, name: str, record: dict[str, str], refreshed: Refreshed
) -> None:
    content = content_of_copy(original)
    wanted = _digest(content)
    if not copy.exists():
        replace_file(copy, content)
        refreshed.created.append(name)
    elif (found := _digest(copy.read_bytes())) == wanted:
        pass
    elif found in (record.get(name), _digest(original.read_bytes())):
        # Of the original with its outputs, as version 0.1 made its copies, too.
        replace_file(copy, content)
        refreshed.updated.append(name)
    else:
        if record.get(name) != wanted:
            refreshed.kept.append(name)
        return
    record[name] = wanted


def content_of_copy(original: Path) -> bytes:
    """Return what a reader's copy of a file begins with: a notebook without its outputs.

    Parameters
    ----------
    original : Path
        A file of an edition. What is no notebook is copied as it is.
    """
    content = original.read_bytes()
    if original.suffix != ".ipynb":
        return content
    try:
        notebook = json.loads(content)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for cell in cells:
            cell.update(outputs=[], execution_count=None)
    except (ValueError, TypeError, KeyError, AttributeError):
        return content
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n".encode()


def _files_of(folder: Path) -> list[Path]:
    """Return the files that belong to an edition, hidden ones left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
    )


def _find(chapter: str, originals: Path) -> Path:
    wanted = chapter.strip().removesuffix(".ipynb")
    notebooks = sorted(originals.glob("*.ipynb"))
    exact = [path for path in notebooks if path.stem == wanted]
    found = exact or _beginning_with(wanted, notebooks)
    if not found and (number := re.fullmatch(r"(\d)(?:[.-](\d))?", wanted)):
        # As chapters and sections are called in words: 2 for 02, 4.1 for 04-1.
        found = _beginning_with(f"0{number[1]}{f'-{number[2]}' if number[2] else ''}", notebooks)
    if wanted and len(found) == 1:
        return found[0]
    names = "\n".join(f"  {path.stem}" for path in (found or notebooks))
    raise WorkbookError(translate("workbook.which_chapter", chapter=chapter, names=names))


def _beginning_with(number: str, notebooks: list[Path]) -> list[Path]:
    return [path for path in notebooks if path.stem.startswith(f"{number}-")]


def _keep_aside(copy: Path) -> Path:
    """Move a file to a numbered name of its own that did not exist before."""
    number = 1
    while True:
        aside = copy.with_name(f"{copy.stem}.mine-{number}{copy.suffix}")
        try:
            aside.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return copy.replace(aside)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_record(copies: Path) -> dict[str, str]:
    """Return the digest of each copy's original; without one, a copy counts as the reader's."""
    try:
        record = json.loads((copies / RECORD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write_record(copies: Path, record: dict[str, str]) -> None:
    replace_file(copies / RECORD_NAME, json.dumps(record, indent=1, sort_keys=True).encode())
