"""How this project's commands are written on the system at hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parents[2]
_ENVIRONMENT: Final = ".venv"


def own_command() -> str:
    """Return what stands in front of a command, such as ``board task``.

    Returns
    -------
    str
        In the project's own environment what the guides write for its folder, ``start.bat`` on
        Windows; in any other one the Python that runs now, by its whole path.
    """
    if Path(sys.prefix).resolve() != _PROJECT / _ENVIRONMENT:
        python = sys.executable or "python"
        return f'"{python}" -m hpt_widgets' if " " in python else f"{python} -m hpt_widgets"
    if os.name == "nt":
        return "start.bat"
    return f"{_ENVIRONMENT}/bin/python -m hpt_widgets"
