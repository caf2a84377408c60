"""Tune a neural network by hand and by search, and watch it learn.

Importing this package is cheap: each public name is loaded on first use, and
TensorFlow only when something is really trained. The names stand in ``__init__.pyi``.
"""

import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
