"""The check of a project: it reads the log, and judges the way."""

from __future__ import annotations

import os
from pathlib import Path
from types import EllipsisType
from typing import overload

from hpt_widgets.language import translate
from hpt_widgets.project.class_check import ClassCheck, check_folder
from hpt_widgets.project.hand_in import read_project
from hpt_widgets.project.history import History
from hpt_widgets.project.judges import judged
from hpt_widgets.project.project import Project
from hpt_widgets.project.verdict import NOT_YET, CheckLine, ProjectCheck
from hpt_widgets.support.argument_checks import require


@overload
def check_project(project: Project | EllipsisType) -> ProjectCheck: ...


@overload
def check_project(project: str | os.PathLike[str]) -> ProjectCheck | ClassCheck: ...


def check_project(
    project: Project | str | os.PathLike[str] | EllipsisType,
) -> ProjectCheck | ClassCheck:
    """Judge the way of a project from its log: right, wrong, or not yet, point by point.

    The score has no part in it. What a log can't prove is said below the points.

    Parameters
    ----------
    project : Project, path or ``...``
        A project; what was handed in with `Project.hand_in`, or a log (``….jsonl``, its
        ``….jsonl.seal`` beside it); a folder of such files, those in folders below it among
        them; ``...`` for a project that has not begun.

    Returns
    -------
    ProjectCheck or ClassCheck
        Of a project: true where all points are right. Of a folder: a row for each file, with
        what is wrong, and with doubts where two share a log; ``.save("projects.csv")`` writes
        it to a file.

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If there is no log at that path.
    """
    if project is ...:
        return not_begun()
    if isinstance(project, Project):
        return judged(project.name, project.history)
    require("project", project, (Project, str, os.PathLike))
    path = Path(project)
    # Of an empty text, `Path` would make the present folder.
    if path.is_dir() and os.fspath(project):
        return check_folder(path)
    if not path.is_file():
        raise ValueError(translate("project_check.no_log", path=str(project)))
    handed_in = read_project(path)
    return judged(handed_in.name, History(handed_in.reading), handed_in.exported)


def not_begun() -> ProjectCheck:
    """Return the check of a project that stands as ``...`` in its notebook."""
    line = CheckLine("log", NOT_YET, translate("project_check.not_begun"))
    return ProjectCheck(translate("project_check.no_name"), (line,))
