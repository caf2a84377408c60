"""The board as a service of a JupyterHub: whoever has an account there needs no class code.

A kernel shows its server's token, and the hub says whether its owner may use the board. A browser
logs in with the hub; a teacher (see `TEACH_SCOPE`) gets the teacher's page, anybody else the
guests'. Neither tokens nor login names are kept. `deploy/hub` has the hub's side of it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import tornado.web

from hpt_widgets.board.network import BoardError
from hpt_widgets.board.reception import Refusal
from hpt_widgets.board.store import BoardStore
from hpt_widgets.language import translate

TEACH_SCOPE: Final = "custom:board:teach"
"""The scope of those who see the teacher's page."""
HUB_SECONDS: Final = 5
"""After a hub that does not answer: when a lab is to try again."""
_CALLBACK: Final = "oauth_callback"


@dataclass(frozen=True)
class HubService:
    """Where the hub has the board listen.

    Attributes
    ----------
    host : str
        Name or number.
    port : int
        Its port.
    prefix : str
        Where the board lies on the hub's own address, with a slash at both ends.
    url : str
        The whole public address where the hub knows it; else empty.
    """

    host: str
    port: int
    prefix: str
    url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> HubService:
        """Read what a hub tells the services that it starts.

        Raises
        ------
        BoardError
            If no hub has started this process, or it gave the service no address.
        """
        parts = urlsplit(environment.get("JUPYTERHUB_SERVICE_URL", ""))
        prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX", "")
        if not parts.hostname or not parts.port or not environment.get("JUPYTERHUB_API_TOKEN"):
            raise BoardError(translate("board.no_hub"))
        url = environment.get("JUPYTERHUB_PUBLIC_URL", "")
        return cls(parts.hostname, parts.port, prefix or "/", url)


class JupyterHub:
    """Asks the hub that has started the board.

    Parameters
    ----------
    store : BoardStore
        The board's.

    Raises
    ------
    BoardError
        If the package jupyterhub is missing.
    """

    def __init__(self, store: BoardStore) -> None:
        try:
            from jupyterhub.services.auth import HubOAuth
        except ImportError:
            raise BoardError(translate("board.no_jupyterhub")) from None
        self._store = store
        self._auth = HubOAuth.instance()

    async def is_member(self, token: str) -> bool:
        """Return whether the owner of a hub's token may use the board.

        Raises
        ------
        Refusal
            If the hub does not answer.
        """
        try:
            user = await self._auth.user_for_token(token, sync=False)
        except tornado.web.HTTPError:
            raise Refusal(503, "hub_silent", HUB_SECONDS) from None
        return user is not None and bool(self._auth.check_scopes(self._auth.access_scopes, user))

    def handlers(self, prefix: str) -> list[tuple[Any, ...]]:
        """Return the way in for browsers: what lies at the prefix itself, and the login's end."""
        from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated

        store = self._store

        class EntranceHandler(HubOAuthenticated, tornado.web.RequestHandler):  # type: ignore[misc]
            """Sends whoever is logged in on to the page, with the key that belongs to them."""

            @tornado.web.authenticated
            def get(self) -> None:
                """Redirect; what follows ``#`` is sent to no server."""
                user = self.get_current_user()
                teaches = TEACH_SCOPE in user.get("scopes", ())
                key = f"teacher={store.fact('teacher_key')}"
                self.redirect(f"index.html#{key if teaches else 'code=' + store.fact('code')}")

        return [
            (prefix, EntranceHandler),
            (f"{prefix}{_CALLBACK}", HubOAuthCallbackHandler),
        ]

    @staticmethod
    def settings() -> dict[str, Any]:
        """Return the web application's settings for the login; a new start asks for another."""
        return {"cookie_secret": secrets.token_bytes(32)}
