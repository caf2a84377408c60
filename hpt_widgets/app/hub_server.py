"""The Jupyter server of one student on a JupyterHub: ``python -m hpt_widgets.app.hub_server``.

It is what ``make lab`` opens, under the hub's login: the student's own copies of the notebooks,
in the language that ``HPT_LANGUAGE`` names. `deploy/hub` has the hub start it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from hpt_widgets.app.launcher import jupyter_arguments, jupyter_environment
from hpt_widgets.app.reader_language import language_of_reader
from hpt_widgets.app.workbook import WorkbookError, refresh, workbook_folder
from hpt_widgets.language import LanguageCode, use_language

# Where the server listens is the hub's to say, and the log is for the hub's. Where many share a
# machine, a kernel that is only looked at imports nothing.
_OF_THE_HUB: Final = (
    "--ServerApp.ip",
    "--ServerApp.log_level",
    "--LabApp.log_level",
    "--MultiKernelManager.kernel_manager_class",
)


def hub_arguments(folder: Path, more: Sequence[str] = ()) -> list[str]:
    """Return the arguments of ``jupyterhub-singleuser``.

    Parameters
    ----------
    folder : Path
        The folder of the student's copies.
    more : sequence of str, default ()
        Further arguments, of the hub.
    """
    own = (one for one in jupyter_arguments(folder, more) if one not in more)
    return [*(one for one in own if one.partition("=")[0] not in _OF_THE_HUB), *more]


def prepared_folder(language: LanguageCode) -> Path:
    """Return the folder of the student's copies, brought up to date.

    Where there is no room for them the server still starts, in the student's home: there the
    student can make some.
    """
    try:
        refresh(language)
        return workbook_folder(language)
    except WorkbookError as error:
        print(error, file=sys.stderr, flush=True)  # noqa: T201
        return Path.home()


def command(
    environment: Mapping[str, str], more: Sequence[str] = ()
) -> tuple[list[str], dict[str, str]]:
    """Return the command that runs the server, and its environment.

    Parameters
    ----------
    environment : mapping of str to str
        What the hub has given this process.
    more : sequence of str, default ()
        Further arguments of the hub.
    """
    language = language_of_reader(environment)
    use_language(language)
    arguments = hub_arguments(prepared_folder(language), more)
    told = {**environment, **jupyter_environment(language, environment)}
    return [sys.executable, "-m", "jupyterhub.singleuser", *arguments], told


def main() -> None:
    """Become the server."""
    arguments, environment = command(os.environ, sys.argv[1:])
    os.execve(arguments[0], arguments, environment)  # noqa: S606 - the hub ends this very process


if __name__ == "__main__":
    main()
