"""Tune a neural network by hand and by search, and watch it learn.

Importing this package is cheap: each public name is loaded on first use, and
TensorFlow only when something is really trained. The names stand in ``__init__.pyi``.
"""

import sys

# Before anything else: another Python lacks what the rest is written in, or has no TensorFlow.
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    _found = "{}.{}".format(*sys.version_info[:2])
    _message = (
        f"the workbook needs Python 3.11, 3.12 or 3.13, and this is {_found} / "
        f"本教程需要 Python 3.11、3.12 或 3.13，而这是 {_found}"
    )
    # A command (python -m hpt_widgets) ends with that line, without a traceback.
    raise SystemExit(_message) if sys.argv[:1] == ["-m"] else ImportError(_message)

import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
