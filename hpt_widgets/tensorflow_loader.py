"""Moved to `hpt_widgets.support.tensorflow_loader`.

This name is kept for notebooks of version 0.1.
"""

import sys

from hpt_widgets.support import tensorflow_loader

sys.modules[__name__] = tensorflow_loader
