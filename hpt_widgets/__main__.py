"""The commands of ``python -m hpt_widgets``: lab, doctor, reset, board and grades."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from hpt_widgets.app.reader_language import language_of_reader
from hpt_widgets.board import commands as board_commands
from hpt_widgets.board.network import BoardError
from hpt_widgets.language import LANGUAGES, counted, translate, use_language


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command and its options; those of the command line by default.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Chinese letters shows question marks, not a traceback.
            stream.reconfigure(errors="replace")
    parser = _parser()
    options, more = parser.parse_known_args(arguments)
    if more and options.command != "lab":
        parser.error(f"unrecognized arguments: {' '.join(more)}")
    language = options.language or language_of_reader(os.environ)
    use_language(language)
    from hpt_widgets.app.workbook import WorkbookError

    try:
        if getattr(options, "student", None) is not None:
            from hpt_widgets.app.student import use_student

            use_student(options.student)
        if options.command == "lab":
            from hpt_widgets.app.launcher import open_lab

            open_lab(language, more)
            return 0
        if options.command == "reset":
            return _reset(options.chapter)
        if options.command == "board":
            return board_commands.run(options, language)
        if options.command == "grades":
            return _grades(options.folder, options.to, options.until)
        return _doctor()
    except (WorkbookError, BoardError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m hpt_widgets", description=(__doc__ or "").replace("``", "")
    )
    commands = parser.add_subparsers(dest="command", required=True)
    lab = commands.add_parser(
        "lab",
        help="open your copies of the notebooks in JupyterLab (more options are passed to it)",
        # An option of JupyterLab must not be taken for the beginning of one of ours.
        allow_abbrev=False,
    )
    doctor = commands.add_parser("doctor", help="check that all that the workbook needs is here")
    reset = commands.add_parser(
        "reset", help="bring a notebook back to the original and keep yours beside it"
    )
    grades = commands.add_parser("grades", help="gather what students have handed in")
    grades.add_argument("folder", type=Path, help="of the files of my_progress().export()")
    grades.add_argument("--to", type=Path, default=Path("grades.csv"), help="(grades.csv)")
    grades.add_argument("--until", metavar="DATE", help="what was done later does not count")
    boards = board_commands.add_parser(commands)
    for command in (lab, doctor, reset, grades, *boards):
        command.add_argument(
            "--language",
            choices=LANGUAGES,
            # An action of the board must not take away what stands in front of it.
            default=argparse.SUPPRESS if command in boards[1:] else None,
            help="what notebooks are opened in, and what is said (en or zh)",
        )
    for command in (lab, reset):
        command.add_argument(
            "--student",
            metavar="NAME",
            help="whose copies and answers they are, where several use one account",
        )
    reset.add_argument("chapter", help="the notebook's number, such as 04-1 (2 means 02)")
    return parser


def _reset(chapter: str) -> int:
    from hpt_widgets.app.workbook import reset

    copy, kept = reset(chapter)
    key = "workbook.reset" if kept is None else "workbook.reset_kept"
    print(translate(key, copy=copy, kept=kept))  # noqa: T201
    return 0


def _grades(folder: Path, to: Path, until: str | None) -> int:
    from hpt_widgets.exercises.grades import end_of, grade_folder, totals, write_grades
    from hpt_widgets.exercises.hand_in import ENDING
    from hpt_widgets.support.hand_in_folder import not_looked_into

    def complain(key: str, **values: object) -> int:
        print(translate(f"exercises.{key}", **values), file=sys.stderr)  # noqa: T201
        return 1

    if not folder.is_dir():
        return complain("no_folder", path=folder)
    try:
        end = None if until is None else end_of(until)
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    grades, problems = grade_folder(folder, until=end)
    for problem in filter(None, (*problems, not_looked_into(folder))):
        print(problem, file=sys.stderr)  # noqa: T201
    if not grades:
        return complain("not_graded", path=folder, ending=ENDING)
    try:
        write_grades(grades, to)
    except OSError as error:
        return complain("not_written", path=to, reason=error.strerror or error)
    doubtful = sum(bool(grade.doubts) for grade in grades)
    print(counted("exercises.graded", len(grades), path=to, doubtful=doubtful))  # noqa: T201
    print(translate("exercises.graded_of", **totals()))  # noqa: T201
    if end is not None:
        late = sum(grade.late or 0 for grade in grades)
        print(translate("exercises.graded_late", count=late, when=f"{end:%Y-%m-%d %H:%M}"))  # noqa: T201
    anew = sum(grade.judged_anew for grade in grades)
    others = sum(grade.not_judged_anew for grade in grades)
    print(translate("exercises.graded_proves", anew=anew, others=others))  # noqa: T201
    return 1 if problems else 0


def _doctor() -> int:
    from hpt_widgets.app.doctor import Finding, examine
    from hpt_widgets.exercises.class_rules import rules_in_force

    rules = (Finding(good, line, is_installed=False) for good, line in rules_in_force())
    wrong = []
    for finding in chain(rules, examine()):
        print(finding, flush=True)  # noqa: T201
        if not finding.good:
            wrong.append(finding)
    is_whole = not any(finding.is_installed for finding in wrong)
    key = "healthy" if not wrong else "unhealthy" if is_whole else "not_whole"
    print(translate(f"doctor.{key}"))  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
