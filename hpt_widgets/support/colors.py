"""The colours of all charts and pictures, those that move and those that stand still.

Those of the palette are Okabe & Ito's (2008), which colour-blind people tell apart.
"""

from __future__ import annotations

from typing import Final

BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
ORANGE: Final = "#E69F00"
SKY_BLUE: Final = "#56B4E9"
# Further ones, for a chart with up to eight lines of equal standing. Olive, yellow and rose are
# Tol's (2021); all are legible on white and on black.
OLIVE: Final = "#999933"
VIOLET: Final = "#7E57C2"
BROWN: Final = "#8C564B"
YELLOW: Final = "#CCBB44"
ROSE: Final = "#CC6677"
PALETTE: Final = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY_BLUE)
# Legible on white and on black.
NEUTRAL: Final = "#808080"
