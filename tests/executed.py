"""Runs a notebook in a real kernel, which listens on socket files."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config


def execute(notebook: NotebookNode, **options: Any) -> None:
    """Run all cells; the notebook holds their outputs then.

    Kernels that start at the same moment can choose the same port, and then one of them dies.
    """
    # The name of a socket may have some hundred characters, so no folder of a test's.
    with tempfile.TemporaryDirectory(prefix="kernels-") as folder:
        files = {"transport": "ipc", "ip": str(Path(folder) / "kernel")}
        config = Config() if sys.platform == "win32" else Config(ConnectionFileMixin=files)
        NotebookClient(notebook, kernel_name="python3", config=config, **options).execute()
