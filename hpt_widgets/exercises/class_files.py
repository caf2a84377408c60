"""The files that a class has handed in: reading them, and which of one student's counts."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from hpt_widgets.exercises.doubts import shortened_names, whole_entries
from hpt_widgets.exercises.hand_in import HandedIn, read_progress
from hpt_widgets.language import translate
from hpt_widgets.support.hand_in_folder import handed_in_files
from hpt_widgets.support.moments import moment_of
from hpt_widgets.support.student_name import same_name

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def read_folder(folder: Path) -> tuple[dict[str, HandedIn], list[str]]:
    """Read what a class has handed in.

    Parameters
    ----------
    folder : Path
        The folder of the files; those in folders below it count too.

    Returns
    -------
    found : dict of str to HandedIn
        What each file holds, by its name from the folder on.
    problems : list of str
        What could not be read, in words.
    """
    found: dict[str, HandedIn] = {}
    problems = []
    for path in handed_in_files(folder, "progress"):
        try:
            found[path.relative_to(folder).as_posix()] = read_progress(path)
        except OSError as error:
            reason = error.strerror or str(error)
            problems.append(translate("exercises.file_not_read", path=path, reason=reason))
        except ValueError as error:
            problems.append(str(error))
    return found, problems


def doubts_of_counted_files(found: dict[str, HandedIn]) -> dict[str, list[str]]:
    """Return what is to be said of others of a file's name, for each of the files that count.

    Of several files of one name in one folder the newest counts, where it has all that the
    others have; those with other entries, maybe another student's, count too.

    Parameters
    ----------
    found : dict of str to HandedIn
        What the files hold, by name.
    """
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file, handed_in in found.items():
        groups[str(PurePosixPath(file).parent), same_name(handed_in.name)].append(file)
    doubts_by_file = {}
    for files in groups.values():
        held_by_newest = _held_by_newest(files, found)
        for newest, held in held_by_newest.items():
            twice = [file for file in held if _are_same(found[file], found[newest])]
            of_its_name = {
                "doubt_twice": twice,
                "doubt_older": [file for file in held if file not in twice],
                "doubt_same_name": [file for file in held_by_newest if file != newest],
            }
            doubts_by_file[newest] = [
                translate(f"exercises.{key}", files=shortened_names(names))
                for key, names in of_its_name.items()
                if names
            ]
    return doubts_by_file


def _held_by_newest(files: list[str], found: dict[str, HandedIn]) -> dict[str, list[str]]:
    """Return the files of one name that count, and which others each of them contains."""
    # Of one moment it is the first download, whose name has no number.
    files.sort(key=lambda file: (len(file), file))
    files.sort(key=lambda file: moment_of(found[file].exported) or _LONG_AGO, reverse=True)
    entries = {file: whole_entries(found[file]) for file in files}
    held: dict[str, list[str]] = {}
    for file in files:
        newest = next((newer for newer in held if entries[file] <= entries[newer]), None)
        if newest is None:
            held[file] = []
        else:
            held[newest].append(file)
    return held


def _are_same(one: HandedIn, other: HandedIn) -> bool:
    return one.exported == other.exported and whole_entries(one) == whole_entries(other)
