"""Asking a board, from a student's lab: the address as it is typed, and one request at a time."""

from __future__ import annotations

import http.client
import json
import re
import socket
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from hpt_widgets.board.network import DEFAULT_PORT
from hpt_widgets.language import texts_of, translate

TIMEOUT_SECONDS: Final = 10.0
_MOST_BYTES: Final = 1_000_000
_LONGEST_MESSAGE: Final = 300
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True)
class BoardAddress:
    """Where a board answers.

    Attributes
    ----------
    host : str
        Name or number.
    port : int
        Its port.
    prefix : str
        The path before ``join`` and ``runs``, with a slash at both ends.
    is_secure : bool
        Whether it is reached by HTTPS.
    """

    host: str
    port: int = DEFAULT_PORT
    prefix: str = "/"
    is_secure: bool = False

    @classmethod
    def parse(cls, address: object) -> BoardAddress:
        """Read an address as it stands on the projector.

        Parameters
        ----------
        address : str
            ``"192.168.1.5:8899"``, a host without a port, or a whole URL.

        Raises
        ------
        TypeError, ValueError
            If it is none; the message shows how one looks.
        """
        if not isinstance(address, str):
            raise TypeError(translate("board.address", value=address))
        # A Chinese keyboard writes a wide colon and a full stop of its own.
        plain = unicodedata.normalize("NFKC", address).replace("。", ".").strip()
        try:
            parts = urlsplit(plain if "://" in plain else f"http://{plain}")
            port = parts.port
        except ValueError:
            raise ValueError(translate("board.address", value=address)) from None
        host = parts.netloc.rpartition("@")[2]
        host = host if host.endswith("]") else re.sub(r":\d*$", "", host)
        if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
            raise ValueError(translate("board.address", value=address))
        is_secure = parts.scheme == "https"
        usual = {True: 443, False: 80}[is_secure] if "://" in plain else DEFAULT_PORT
        prefix = "/".join(part for part in parts.path.split("/") if part)
        return cls(host.strip("[]"), port or usual, f"/{prefix}/" if prefix else "/", is_secure)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.is_secure or self.prefix != "/":
            scheme = "https" if self.is_secure else "http"
            return f"{scheme}://{host}:{self.port}{self.prefix}"
        return f"{host}:{self.port}"


class NoAnswer(Exception):  # noqa: N818
    """Nothing that is a board answers at an address; it may be there later."""


@dataclass
class BoardRefusal(Exception):  # noqa: N818
    """The board answered, and does not take what was asked.

    Attributes
    ----------
    status : int
        HTTP's.
    key : str
        Which of the board's texts says why.
    values : dict
        What its placeholders stand for.
    message : str
        The same in the board's own language.
    wait : int
        After how many seconds it may be tried again; 0 where that is of no use.
    """

    status: int
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    wait: int = 0

    def __str__(self) -> str:
        if self.key in texts_of("board"):
            try:
                return translate(f"board.{self.key}", **self.values)
            except (KeyError, IndexError, ValueError, TypeError):
                pass  # another version of the board
        return self.message[:_LONGEST_MESSAGE] or f"HTTP {self.status}"


def ask(
    address: BoardAddress,
    path: str,
    values: dict[str, Any],
    timeout: float = TIMEOUT_SECONDS,
    token: str = "",
) -> dict[str, Any]:
    """Send a request to a board and return its answer.

    Parameters
    ----------
    address : BoardAddress
        The board's.
    path : str
        ``"join"`` or ``"runs"``.
    values : dict
        What is asked, as JSON can say it.
    timeout : float, default 10
        The longest silence, in seconds.
    token : str, optional
        A token of the hub whose service the board is.

    Raises
    ------
    NoAnswer
        If no board answers.
    BoardRefusal
        If it does not take the request.
    """
    kind = http.client.HTTPSConnection if address.is_secure else http.client.HTTPConnection
    connection = kind(address.host, address.port, timeout=timeout)
    try:
        headers = {"Content-Type": "application/json", "Connection": "close"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request("POST", address.prefix + path, json.dumps(values), headers)
        response = connection.getresponse()
        content = response.read(_MOST_BYTES)
        retry = response.getheader("Retry-After", "0")
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NoAnswer(_reason(error)) from error
    finally:
        connection.close()
    answer = _parsed(content)
    if response.status == 200 and "error" not in answer:
        return answer
    if not isinstance(answer.get("error"), str):
        # Something else answers there, or a proxy in between.
        raise NoAnswer(f"HTTP {response.status}")
    given = answer.get("values")
    raise BoardRefusal(
        response.status,
        answer["error"],
        given if isinstance(given, dict) else {},
        str(answer.get("message", "")),
        int(retry) if retry.isdigit() else 0,
    )


def _reason(error: Exception) -> str:
    """Return why nothing answered, in words that a student can do something about."""
    if isinstance(error, socket.gaierror):
        return translate("board.no_such_host")
    if isinstance(error, ConnectionRefusedError):
        return translate("board.nothing_listens")
    if isinstance(error, TimeoutError):
        return translate("board.too_slow")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise NoAnswer(translate("board.no_board"))
    return answer
