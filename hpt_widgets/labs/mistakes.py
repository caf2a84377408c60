"""Moved to `hpt_widgets.labs.training.mistakes`; this name is kept for notebooks of version 0.1."""

import sys

from hpt_widgets.labs.training import mistakes

sys.modules[__name__] = mistakes
