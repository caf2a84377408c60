"""Moved to `hpt_widgets.data.handwriting`; this name is kept for notebooks of version 0.1."""

import sys

from hpt_widgets.data import handwriting

sys.modules[__name__] = handwriting
