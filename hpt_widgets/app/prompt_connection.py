"""Sends each of a kernel's messages to the page at once.

By default a small message waits until the one before has been acknowledged, which Linux puts
off for up to 40 ms (Nagle's algorithm, RFC 896; delayed acknowledgements, RFC 1122, section
4.2.3.2): the answer to a slider came that much later.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection between a kernel and a page, without that delay."""

    def connect(self) -> Any:
        """Connect, and let nothing wait for an acknowledgement."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
