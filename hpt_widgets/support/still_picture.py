"""A matplotlib figure that a notebook shows by itself."""

from __future__ import annotations

import io
from typing import Any, Final

from matplotlib.figure import Figure

from hpt_widgets.support.fonts import use_fonts

DOTS_PER_INCH: Final = 80


class StillPicture(Figure):
    """A figure that is not registered with pyplot, so that drawing many leaks none.

    A notebook shows only pyplot's figures by itself; this one brings its own picture.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        use_fonts()
        super().__init__(*arguments, **options)

    def png(self) -> bytes:
        """Return the picture as the content of a PNG file."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=DOTS_PER_INCH)
        return buffer.getvalue()

    def _repr_png_(self) -> bytes:
        return self.png()
