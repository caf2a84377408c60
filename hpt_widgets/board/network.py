"""Where the board listens, and under which address a class finds it."""

from __future__ import annotations

import errno
import socket
from typing import Final

from hpt_widgets.language import translate

DEFAULT_PORT: Final = 8899
LOOPBACK: Final = "127.0.0.1"
_EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - only where the teacher asks for it
# An address of documentation (RFC 5737): no packet is sent there.
_ANYWHERE: Final = ("192.0.2.1", 9)
# A class joins at one word of the teacher's.
_BACKLOG: Final = 512
_LAST_PORT: Final = 65_535
_SELF_GIVEN: Final = "169.254."
_VIRTUAL: Final = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vEthernet", "tun", "utun")


class BoardError(Exception):
    """The board cannot do what is asked; the message is for the teacher."""


def listening_socket(port: int, *, share: bool) -> socket.socket:
    """Return the socket that the board listens on.

    Parameters
    ----------
    port : int
        The port; 0 for a free one.
    share : bool
        Whether other computers may connect; else this one alone.

    Raises
    ------
    BoardError
        If the port is taken, or not for everybody to use.
    """
    if not 0 <= port <= _LAST_PORT:
        reason = f"0 … {_LAST_PORT}"
        raise BoardError(translate("board.port_refused", port=port, reason=reason))
    try:
        made = socket.create_server((_EVERYWHERE if share else LOOPBACK, port), backlog=_BACKLOG)
    except OSError as error:
        key = "port_taken" if error.errno == errno.EADDRINUSE else "port_refused"
        raise BoardError(translate(f"board.{key}", port=port, reason=error)) from error
    made.setblocking(False)
    return made


def local_address() -> str:
    """Return this computer's address on the network that leads elsewhere.

    A room whose network has no gateway leads nowhere: then it is another address of this
    computer, and the loopback's only where there is none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket only chooses the route.
            probe.connect(_ANYWHERE)
            address: str = probe.getsockname()[0]
        except OSError:
            return next(iter(other_addresses(LOOPBACK)), LOOPBACK)
    return address


def other_addresses(main: str) -> list[str]:
    """Return this computer's further addresses, in case `main` is not the class's network.

    Those that are least likely a class's come last: of networks between programs of this
    computer, and those that a computer gives itself where nobody else does.
    """
    import psutil

    states = psutil.net_if_stats()
    found = {
        each.address: (each.address.startswith(_SELF_GIVEN), name.startswith(_VIRTUAL))
        for name, addresses in psutil.net_if_addrs().items()
        if name in states and states[name].isup
        for each in addresses
        if each.family == socket.AF_INET and not each.address.startswith("127.")
    }
    found.pop(main, None)
    return sorted(found, key=lambda address: (*found[address], address))
