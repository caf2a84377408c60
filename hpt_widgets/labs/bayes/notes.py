"""A game, saved for the case that its kernel dies, and restored."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from hpt_widgets.labs.bayes.state import DuelState
from hpt_widgets.labs.kit.unfinished_work import RecordNote
from hpt_widgets.search.bayes.duel import N_FIRST, DuelSettings


def subject_of(settings: DuelSettings) -> str:
    """Identify the game that a cell begins: only one that began the same is restored into it."""
    return f"bayes {settings!r}"


def notes_of(game: DuelState) -> list[RecordNote]:
    """Return the note of a game; none where the reader has tried nothing yet."""
    if not game.n_rounds:
        return []
    facts = {
        "settings": dataclasses.asdict(game.settings),
        "places": list(game.yours.places[N_FIRST:]),
        "is_revealed": game.is_revealed,
    }
    return [RecordNote("", "game", facts)]


def restore_game(game: DuelState, notes: Sequence[RecordNote]) -> tuple[float, ...]:
    """Bring a game back to where its note says it stood.

    Parameters
    ----------
    game : DuelState
        As it begins; it stays so where this version can't make out the note.
    notes : sequence of RecordNote
        What a lab left.

    Returns
    -------
    tuple of float
        The places of the reader's trials that are back, from 0 to 1.
    """
    if not notes:
        return ()
    facts = notes[0].facts
    try:
        game.restore(
            DuelSettings(**facts["settings"]),
            [float(place) for place in facts["places"]],
            is_revealed=bool(facts["is_revealed"]),
        )
    except (KeyError, TypeError, ValueError):
        return ()
    return game.yours.places[N_FIRST:]
