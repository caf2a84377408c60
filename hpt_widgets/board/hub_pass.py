"""What a kernel on a JupyterHub joins the class with, instead of an address and a code."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

BOARD_VARIABLE: Final = "HPT_BOARD"
"""The environment variable by which a hub tells its kernels where the board is."""
_TOKEN_VARIABLE: Final = "JUPYTERHUB_API_TOKEN"  # noqa: S105 - a name


@dataclass(frozen=True)
class HubPass:
    """A kernel's way to its hub's board.

    Attributes
    ----------
    address : str
        The board's, as the hub's kernels reach it.
    token : str
        The kernel's own token of the hub. It is shown to no other address than this one.
    """

    address: str
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> HubPass | None:
        """Return the pass, None where there is no hub with a board."""
        address, token = environment.get(BOARD_VARIABLE, ""), environment.get(_TOKEN_VARIABLE, "")
        return cls(address, token) if address and token else None
