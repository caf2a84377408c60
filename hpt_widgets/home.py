"""Moved to `hpt_widgets.support.home`; this name is kept for notebooks of version 0.1."""

import sys

from hpt_widgets.support import home

sys.modules[__name__] = home
