"""A place of their own for each of the students who use one account of a computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from hpt_widgets.app.workbook import COPIES_VARIABLE, WorkbookError, workbook_folder
from hpt_widgets.language import translate
from hpt_widgets.support.home import ENVIRONMENT_VARIABLE, reader_folder
from hpt_widgets.support.student_name import folder_of

STUDENTS: Final = "students"
STUDENT_VARIABLE: Final = "HPT_STUDENT"
"""Whose folders the two others name, so that a terminal in a student's own lab goes back first."""


def use_student(name: str) -> None:
    """Have this process, and the kernels that it starts, keep a student's work apart.

    The reader's folder becomes ``students/NAME`` in the present one, and so does that of the
    copies of the notebooks: the variables ``HPT_HOME`` and ``HPT_WORKBOOK`` are set. Where they
    are those of a student already, as in a terminal of that student's lab, the new folders lie
    beside the old ones.

    Parameters
    ----------
    name : str
        The student's, at most 60 characters. Capitals make no difference.

    Raises
    ------
    WorkbookError
        If the name can be none, or the folders cannot be made.
    """
    try:
        folder = folder_of(name, "--student")
        home = _shared(reader_folder()) / STUDENTS / folder
        home.mkdir(parents=True, exist_ok=True)
    except (TypeError, ValueError) as error:
        raise WorkbookError(str(error)) from None
    except OSError as error:
        values = {"reason": error, "variable": ENVIRONMENT_VARIABLE}
        raise WorkbookError(translate("workbook.nowhere_to_write", **values)) from None
    copies = _shared(workbook_folder().parent) / STUDENTS / folder
    os.environ[ENVIRONMENT_VARIABLE] = str(home)
    os.environ[COPIES_VARIABLE] = str(copies)
    os.environ[STUDENT_VARIABLE] = folder


def _shared(folder: Path) -> Path:
    """Return the folder that students share, of one that may be a student's."""
    # A folder of another's making may be called "students" too.
    is_of_student = folder.parts[-2:] == (STUDENTS, os.environ.get(STUDENT_VARIABLE))
    return folder.parent.parent if is_of_student else folder
