"""Starts the kernels of the workbook's notebooks with `hpt_widgets.app.early_imports`."""

from __future__ import annotations

import sys
from typing import Final

from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

EXTENSION: Final = "hpt_widgets.app.early_imports"
# Another Python's kernel may lack the extension.
OF_THIS_PYTHON: Final = [sys.executable, "-m", "ipykernel_launcher"]


class EarlyKernelManager(ServerKernelManager):
    """Jupyter's own manager of a kernel, which has it import early what its notebook needs."""

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Return the command that starts the kernel."""
        command = super().format_kernel_cmd(extra_arguments)
        if command[: len(OF_THIS_PYTHON)] == OF_THIS_PYTHON:
            command.append(f"--IPKernelApp.extra_extensions={EXTENSION}")
        return command
