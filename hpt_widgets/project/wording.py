"""Sentences about how many there are of something."""

from __future__ import annotations

from hpt_widgets.language import translate


def counted(key: str, n: int, **words: object) -> str:
    """Return the text of a key about `n` things; of one, that of the key with ``_one`` behind it.

    Parameters
    ----------
    key : str
        As for `translate`.
    n : int
        How many there are.
    **words : object
        What the other placeholders of the text stand for.
    """
    return translate(f"{key}_one" if n == 1 else key, n=n, **words)
