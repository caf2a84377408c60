"""Encryption between processes, in which a connection that breaks harms no other.

Where a write fails because its peer has ended, Python (seen with 3.13.5) leaves the error in a
queue of OpenSSL's that all connections of a thread share. The next one to read takes it for its
own and closes. OpenSSL asks its users to empty the queue beforehand (manual page of
`SSL_get_error`).
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from functools import cache
from typing import Any

from distributed import Security


class ErrorClearingSecurity(Security):  # type: ignore[misc]
    """Keys of a cluster whose sockets leave no error behind for one another."""

    def get_connection_args(self, role: str) -> dict[str, Any]:
        """Return how to connect in a role, as Dask asks for it."""
        return _with_error_clearing_socket(super().get_connection_args(role))

    def get_listen_args(self, role: str) -> dict[str, Any]:
        """Return how to listen in a role, as Dask asks for it."""
        return _with_error_clearing_socket(super().get_listen_args(role))


class ErrorClearingSocket(ssl.SSLSocket):
    """A socket that takes its errors along."""

    def do_handshake(self, *arguments: Any) -> None:
        """Agree on the keys."""
        with _clearing_errors():
            super().do_handshake(*arguments)

    def send(self, *arguments: Any) -> int:
        """Send bytes; return how many."""
        with _clearing_errors():
            return super().send(*arguments)

    def recv_into(self, *arguments: Any) -> int:
        """Receive bytes into a buffer; return how many."""
        with _clearing_errors():
            return super().recv_into(*arguments)


@contextlib.contextmanager
def _clearing_errors() -> Iterator[None]:
    try:
        yield
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        raise  # no failure: to be tried again
    except OSError:
        _empty_error_queue()
        raise


def _empty_error_queue() -> None:
    """Let OpenSSL forget this thread's errors; Python does so after a cipher it doesn't know."""
    with contextlib.suppress(ssl.SSLError):
        _some_context().set_ciphers("none of this name")


@cache
def _some_context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _with_error_clearing_socket(arguments: dict[str, Any]) -> dict[str, Any]:
    context = arguments["ssl_context"]
    if context is not None:
        context.sslsocket_class = ErrorClearingSocket
    return arguments
