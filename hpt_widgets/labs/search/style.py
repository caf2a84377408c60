"""How the search lab and the grid lab look in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Final

STYLE: Final = f"<style>{Path(__file__).with_name('search.css').read_text('utf-8')}</style>"
"""The rules of ``search.css``, as HTML."""
