"""How a class finds the board: an address, a code of two words, and both as a QR code."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Invitation:
    """What students need to know.

    Attributes
    ----------
    address : str
        Host and port, or a whole URL where the board lies behind a proxy.
    code : str
        The class code.
    is_shared : bool
        Whether other computers can reach it.
    is_on_hub : bool, default False
        Whether labs find the board by themselves, and their hub vouches for them.
    others : tuple of str, default ()
        Further addresses of this computer, in case that one is not the class's network.
    """

    address: str
    code: str
    is_shared: bool
    is_on_hub: bool = False
    others: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The page's address."""
        return self.address if "://" in self.address else f"http://{self.address}/"

    @property
    def guest_url(self) -> str:
        """The page's address for a student's telephone; what follows ``#`` is sent nowhere."""
        # At its own address a hub asks for a login.
        page = "index.html" if self.is_on_hub else ""
        return f"{self.url}{page}#code={self.code}"

    @property
    def line(self) -> str:
        """The line of code with which a lab joins."""
        return "lab.join()" if self.is_on_hub else f'lab.join("{self.address}", "{self.code}")'

    def to_dict(self) -> dict[str, Any]:
        """Return what the teacher's page shows."""
        return {
            "address": self.address,
            "code": self.code,
            "line": self.line,
            "shared": self.is_shared,
            "hub": self.is_on_hub,
            "others": self.others,
            "qr": self.qr_picture() if self.is_shared else None,
        }

    def qr_picture(self) -> str:
        """Return the QR code as a ``data:`` address of an SVG picture."""
        picture: str = _qr(self.guest_url).svg_data_uri(border=2, dark="#000", light="#fff")
        return picture

    def qr_text(self) -> str:
        """Return the QR code in block letters, for a terminal."""
        text = io.StringIO()
        _qr(self.guest_url).terminal(text, compact=True)
        return text.getvalue()


def _qr(text: str) -> Any:
    import segno

    return segno.make(text, error="m", micro=False)
