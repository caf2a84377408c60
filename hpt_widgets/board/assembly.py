"""Puts a board together from its store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hpt_widgets.board.projector import Projectors
from hpt_widgets.board.reception import Reception
from hpt_widgets.board.reference_place import has_reference
from hpt_widgets.board.server import Board, Hub
from hpt_widgets.board.store import BoardStore


def make_board(
    store: BoardStore,
    invitation: Callable[[], dict[str, Any]],
    references: Path,
    hub: Hub | None = None,
    reception: Reception | None = None,
) -> Board:
    """Return a board at work on a store.

    Parameters
    ----------
    store : BoardStore
        Where all is kept.
    invitation : callable
        Returns what the teacher's page shows of how to join.
    references : Path
        The folder of the reference records.
    hub : Hub, optional
        Whose service the board is.
    reception : Reception, optional
        With limits of its own; by default with those of `limits`.
    """
    reception = reception or Reception(store)
    known: dict[tuple[Any, ...], dict[str, Any] | None] = {}

    def summary() -> dict[str, Any] | None:
        task = store.task
        if task is None or not has_reference(references, task):
            return None
        # Slow to import, and not needed without a record.
        from hpt_widgets.board.reference import Reference

        reference = Reference(references, task)
        of = (task.key, reference.state)
        if of not in known:
            known.clear()
            known[of] = reference.summary()
        return known[of]

    return Board(store, reception, Projectors(store, reception, invitation, summary), hub)
