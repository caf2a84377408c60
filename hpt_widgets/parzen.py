"""Moved to `hpt_widgets.search.parzen`; this name is kept for notebooks of version 0.1."""

import sys

from hpt_widgets.search import parzen

sys.modules[__name__] = parzen
