"""Opens JupyterLab on the reader's own copies of the notebooks."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from hpt_widgets.app.arrangement import arrange_panels
from hpt_widgets.app.workbook import START, refresh, workbook_folder
from hpt_widgets.language import ENVIRONMENT_VARIABLE, LanguageCode, translate
from hpt_widgets.support.own_command import own_command
from hpt_widgets.support.process_memory import N_HEAPS, N_HEAPS_SETTING

_CONFIGURATION = Path(__file__).resolve().parent / "jupyter_config"
WORKSPACES = "--LabApp.workspaces_dir"
# Where a reader has made warnings errors, a kernel would be stopped by these of its own.
_KERNELS_OWN_WARNINGS = (
    "ignore:There is no current event loop:DeprecationWarning",
    "ignore:For consistency across implementations:PendingDeprecationWarning",
)


def open_lab(language: LanguageCode, more: Sequence[str] = ()) -> None:
    """Refresh the reader's copies and run JupyterLab on them until it is stopped.

    Parameters
    ----------
    language : {"en", "zh"}
        The edition.
    more : sequence of str, default ()
        Further arguments for JupyterLab; they win over those given here.

    Raises
    ------
    hpt_widgets.app.workbook.WorkbookError
        If the notebooks are missing, or there is no place for the copies.
    SystemExit
        With JupyterLab's exit status, where that is not 0.
    """
    refreshed = refresh(language)
    for key, names in (("updated", refreshed.updated), ("kept", refreshed.kept)):
        if names:
            print(translate(f"workbook.{key}", names=", ".join(names), command=own_command()))  # noqa: T201
    folder = workbook_folder(language)
    print(translate("workbook.opening", folder=folder), flush=True)  # noqa: T201
    # Before Jupyter is imported, since it reads them then; the kernels inherit them.
    os.environ.update(jupyter_environment(language, os.environ))
    if sys.warnoptions:
        # Errors are for the reader's own code: JupyterLab would be stopped by its own warnings.
        warnings.simplefilter("default")
    from jupyterlab.labapp import LabApp

    arguments = jupyter_arguments(folder, more)
    if workspaces := _value_of(WORKSPACES, arguments):
        arrange_panels(Path(workspaces))
    LabApp.launch_instance(arguments)


def jupyter_arguments(folder: Path, more: Sequence[str] = ()) -> list[str]:
    """Return the arguments with which JupyterLab opens a folder.

    It listens on this computer only and keeps its token, asks nobody for news or
    updates, restores no tabs of the reader's other projects, sends each of a
    kernel's messages at once, and has kernels import early what their notebook needs.

    Parameters
    ----------
    folder : Path
        The folder of the reader's copies.
    more : sequence of str, default ()
        Further arguments, put last; one of those given here makes room for its own.
    """
    import zmq

    arguments = [
        # Of its log only the addresses to open are left, which are always shown.
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        "--ServerApp.ip=localhost",
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{START}",
        f"{WORKSPACES}={folder / '.workspaces'}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # JupyterLab needs no Voilà, which would have it print the warnings of its own parts.
        "--ServerApp.jpserver_extensions={'voila.server_extension': False}",
        "--ServerApp.kernel_websocket_connection_class="
        "hpt_widgets.app.prompt_connection.PromptConnection",
        "--MultiKernelManager.kernel_manager_class="
        "hpt_widgets.app.kernel_manager.EarlyKernelManager",
    ]
    if zmq.has("curve"):
        # What a kernel and the page say to each other is not for others on the same computer.
        arguments.append("--KernelManager.transport_encryption=auto")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container root is the only user, and JupyterLab would refuse to start.
        arguments.append("--allow-root")
    # JupyterLab refuses an option that is given twice.
    given = {argument.partition("=")[0] for argument in more}
    return [*(one for one in arguments if one.partition("=")[0] not in given), *more]


def jupyter_environment(language: LanguageCode, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what JupyterLab and its kernels need in their environment.

    The kernel named python3 has to be this Python's: whatever kernel of that
    name the reader has elsewhere comes later on the path. With
    ``PYTHONWARNINGS=error`` a kernel still starts and ends. On Linux its threads
    share few heaps from the start, where the reader has not set how many: that saves memory.

    Parameters
    ----------
    language : {"en", "zh"}
        The edition.
    environment : mapping of str to str
        The variables so far, usually ``os.environ``.
    """
    data = Path(sys.prefix) / "share" / "jupyter"
    warnings_of_reader = environment.get("PYTHONWARNINGS")
    needed = (
        {}
        if not warnings_of_reader
        else {"PYTHONWARNINGS": ",".join((warnings_of_reader, *_KERNELS_OWN_WARNINGS))}
    )
    return {
        **needed,
        N_HEAPS_SETTING: environment.get(N_HEAPS_SETTING, str(N_HEAPS)),
        ENVIRONMENT_VARIABLE: language,
        "JUPYTER_PATH": _with_first(data, environment.get("JUPYTER_PATH")),
        "JUPYTER_CONFIG_PATH": _with_first(
            _CONFIGURATION / language, environment.get("JUPYTER_CONFIG_PATH")
        ),
    }


def _value_of(option: str, arguments: Sequence[str]) -> str:
    """Return what an option is set to that is among the arguments, in one of them or in two."""
    place = next(i for i, one in enumerate(arguments) if one.partition("=")[0] == option)
    _, is_one, value = arguments[place].partition("=")
    return value if is_one else next(iter(arguments[place + 1 :]), "")


def _with_first(folder: Path, path: str | None) -> str:
    return os.pathsep.join([str(folder), *([path] if path else [])])
