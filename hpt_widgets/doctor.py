"""Moved to `hpt_widgets.app.doctor`; this name is kept for notebooks of version 0.1."""

import sys

from hpt_widgets.app import doctor

sys.modules[__name__] = doctor
