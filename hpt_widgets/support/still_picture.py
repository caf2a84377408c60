"""A matplotlib figure that a notebook shows by itself."""

from __future__ import annotations

import io
from typing import Any, Final

from matplotlib.figure import Figure

from hpt_widgets.support.fonts import use_fonts

DOTS_PER_INCH: Final = 80
"""Of the labs' pictures, which stand for a screen that is as large."""
LARGE: Final = 100
"""Of charts that a class reads from its seats; JupyterLab makes smaller what is too wide."""


class StillPicture(Figure):
    """A figure that is not registered with pyplot, so that drawing many leaks none.

    A notebook shows only pyplot's figures by itself; this one brings its own picture.
    """

    def __init__(self, *arguments: Any, dots_per_inch: int = DOTS_PER_INCH, **options: Any) -> None:
        use_fonts()
        super().__init__(*arguments, **options)
        self._dots_per_inch = dots_per_inch

    def png(self) -> bytes:
        """Return the picture as the content of a PNG file."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        buffer = io.BytesIO()
        dpi_before = self.dpi
        canvas: Any = FigureCanvasAgg(self)
        self.dpi = self._dots_per_inch
        try:
            # `savefig` would draw all of it twice, the first time to lay it out.
            canvas.print_png(buffer)
        finally:
            self.dpi = dpi_before
        return buffer.getvalue()

    def _repr_png_(self) -> bytes:
        return self.png()
