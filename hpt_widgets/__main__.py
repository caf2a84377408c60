"""The commands ``lab``, ``doctor``, ``reset`` and ``board`` of ``python -m hpt_widgets``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from hpt_widgets.app.reader_language import language_of_reader
from hpt_widgets.board import commands as board_commands
from hpt_widgets.board.network import BoardError
from hpt_widgets.language import LANGUAGES, translate, use_language


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
        if options.command == "lab":
            from hpt_widgets.app.launcher import open_lab

            open_lab(language, more)
            return 0
        if options.command == "reset":
            return _reset(options.chapter)
        if options.command == "board":
            return board_commands.run(options, language)
        return _doctor()
    except (WorkbookError, BoardError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hpt_widgets", description=__doc__)
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
    boards = board_commands.add_parser(commands)
    for command in (lab, doctor, reset, *boards):
        command.add_argument(
            "--language",
            choices=LANGUAGES,
            # An action of the board must not take away what stands in front of it.
            default=argparse.SUPPRESS if command in boards[1:] else None,
            help="of the notebooks and of what is said",
        )
    reset.add_argument("chapter", help="the notebook's number, such as 04-1")
    return parser


def _reset(chapter: str) -> int:
    from hpt_widgets.app.workbook import reset

    copy, kept = reset(chapter)
    key = "workbook.reset" if kept is None else "workbook.reset_kept"
    print(translate(key, copy=copy, kept=kept))  # noqa: T201
    return 0


def _doctor() -> int:
    from hpt_widgets.app.doctor import examine

    healthy = True
    for finding in examine():
        print(finding, flush=True)  # noqa: T201
        healthy = healthy and finding.good
    print(translate("doctor.healthy" if healthy else "doctor.unhealthy"))  # noqa: T201
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
