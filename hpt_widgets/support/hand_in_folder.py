"""A folder of what a class has handed in: which of its files are looked into, and which are not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from hpt_widgets.language import translate
from hpt_widgets.support.hand_in_path import is_hidden

Kind = Literal["project", "progress"]
# A second download is ``name.project (1).jsonl``; some systems put ``.txt`` behind a name, or in
# the place of its ending.
_NAMES: Final[dict[Kind, re.Pattern[str]]] = {
    "project": re.compile(r"\.jsonl|\.project[^.]*(\.txt|\.json)?$", re.IGNORECASE),
    "progress": re.compile(r"\.json(?!l)|\.progress[^.]*(\.txt)?$", re.IGNORECASE),
}
# The pages that belong to projects, the tables of the class, what Windows puts into folders, and
# what a program leaves there as long as it has a file open.
_PASSED_OVER: Final = re.compile(
    r"\.html?$|^(grades|projects)\.csv$|^(thumbs\.db|desktop\.ini)$|^~", re.IGNORECASE
)
_MOST_NAMED: Final = 30


def handed_in_files(folder: Path, kind: Kind) -> list[Path]:
    """Return the files that are looked into, by name: whatever was made of that on its way.

    Parameters
    ----------
    folder : Path
        Where the class's files are; those in folders below it count too.
    kind : {"project", "progress"}
        What is looked for.

    Returns
    -------
    list of Path
        Links that lead nowhere are among them, so that whoever reads them can name them.
    """
    return [path for path in _visible(folder) if _NAMES[kind].search(path.name)]


def not_looked_into(folder: Path) -> str:
    """Return a sentence that names the files of no kind; empty where there is none.

    Parameters
    ----------
    folder : Path
        As for `handed_in_files`.
    """
    others = (
        path
        for path in _visible(folder)
        if not any(name.search(path.name) for name in _NAMES.values())
    )
    names = names_to_tell(others, folder)
    if not names:
        return ""
    values = {"count": len(names), "names": shortened(names)}
    return translate("hand_in_folder.not_looked_into", **values)


def names_to_tell(paths: Iterable[Path], folder: Path) -> list[str]:
    """Return the names of files, without what is a folder, or nobody's work.

    Parameters
    ----------
    paths : iterable of Path
        What nobody has looked into.
    folder : Path
        From here on they are named.
    """
    return [
        path.relative_to(folder).as_posix()
        for path in paths
        if _may_be_file(path) and not _PASSED_OVER.search(path.name)
    ]


def shortened(names: Sequence[str], most: int = _MOST_NAMED) -> str:
    """Return names with commas between, the first of many, thirty by default."""
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


def _visible(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if _may_be_file(path) and not is_hidden(path, folder):
            yield path


def _may_be_file(path: Path) -> bool:
    """Whether it is a file, or cannot be looked at: no folder, pipe or device."""
    return os.path.isfile(path) or not os.path.exists(path)  # noqa: PTH110, PTH113 - never raise
