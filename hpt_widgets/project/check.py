"""The check of a project: it reads the log, and judges the way."""

from __future__ import annotations

import os
from pathlib import Path
from types import EllipsisType

from hpt_widgets.language import translate
from hpt_widgets.project.history import History
from hpt_widgets.project.judges import judged
from hpt_widgets.project.log_file import LogFile
from hpt_widgets.project.project import Project
from hpt_widgets.project.verdict import NOT_YET, CheckLine, ProjectCheck
from hpt_widgets.support.argument_checks import require


def check_project(project: Project | str | os.PathLike[str] | EllipsisType) -> ProjectCheck:
    """Judge the way of a project from its log: right, wrong, or not yet, point by point.

    The score has no part in it. What a log can't prove is said below the points.

    Parameters
    ----------
    project : Project, path or ``...``
        A project, or the log of one that was handed in (``….jsonl``, its ``….jsonl.seal``
        beside it); ``...`` for one that has not begun.

    Returns
    -------
    ProjectCheck
        True where all points are right.

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
    if not path.is_file():
        raise ValueError(translate("project_check.no_log", path=str(project)))
    return judged(path.stem, History(LogFile(path).read()))


def not_begun() -> ProjectCheck:
    """Return the check of a project that stands as ``...`` in its notebook."""
    line = CheckLine("log", NOT_YET, translate("project_check.not_begun"))
    return ProjectCheck("…", (line,))
