"""The colours of all charts and pictures, those that move and those that stand still.

They are Okabe & Ito's (2008), which colour-blind people tell apart.
"""

from __future__ import annotations

from typing import Final

BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
ORANGE: Final = "#E69F00"
SKY_BLUE: Final = "#56B4E9"
PALETTE: Final = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY_BLUE)
# Legible on white and on black.
NEUTRAL: Final = "#808080"
