"""A worker of Dask that serves no web pages."""

from __future__ import annotations

from typing import Any

from distributed import Worker


class WorkerWithoutHttp(Worker):  # type: ignore[misc]
    """A worker that answers nobody but those who hold the cluster's keys."""

    def start_http_server(self, *arguments: Any, **options: Any) -> None:
        """Start none: a page would show names and stacks of tasks to any user of the machine."""
