"""A plain static server on this computer, for the tests and the benchmarks of the page."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder below a sub-path, as a project's pages often are."""

    sub_path = "/sub/path"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        """Return the file for an address."""
        return super().translate_path(path.removeprefix(self.sub_path))


@contextlib.contextmanager
def serve(folder: Path, handler: type[SiteHandler] = SiteHandler) -> Iterator[str]:
    """Serve a folder, and yield the address that it has below a sub-path.

    Parameters
    ----------
    folder : Path
        What to serve.
    handler : type
        What answers a request; another one does what some servers do.
    """
    answer = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("localhost", 0), answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://localhost:{server.server_port}{SiteHandler.sub_path}/"
        finally:
            server.shutdown()
