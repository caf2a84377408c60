"""A reader's words in a matplotlib figure."""

from __future__ import annotations


def literal_text(text: str) -> str:
    r"""Return a text as matplotlib writes it literally.

    Between two dollar signs it would see mathematics, and hide a label that begins with "_".

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    str

    Examples
    --------
    >>> print(literal_text("costs $5 and $6"))
    costs \$5 and \$6
    >>> literal_text("_mine")
    ' _mine'
    """
    line = text.replace("$", r"\$")
    return f" {line}" if line.startswith("_") else line
