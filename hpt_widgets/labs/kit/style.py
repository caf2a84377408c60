"""The style sheet of the labs, which each of them carries with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets

_FOLDER: Final = Path(__file__).parent
STYLE: Final = "\n".join(
    (_FOLDER / name).read_text(encoding="utf-8") for name in ("lab.css", "frame.css")
)


def style_sheet() -> Any:
    """Return the widget that carries the labs' style sheet."""
    return widgets.HTML(
        f"<style>\n{STYLE}</style>", layout={"height": "0px", "margin": "0", "overflow": "hidden"}
    )
