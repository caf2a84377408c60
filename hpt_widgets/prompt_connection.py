"""Moved to `hpt_widgets.app.prompt_connection`; this name is kept for notebooks of version 0.1."""

import sys

from hpt_widgets.app import prompt_connection

sys.modules[__name__] = prompt_connection
