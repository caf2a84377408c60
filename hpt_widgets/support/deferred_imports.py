"""Puts off the import of modules that another import asks for and hardly ever uses.

The standard library's ``importlib.util.LazyLoader`` would do it too, but imports as soon as
anybody asks where the module's file is, which TensorFlow does of all modules.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_lock = threading.Lock()


@contextmanager
def deferred(names: Iterable[str]) -> Iterator[None]:
    """Import these modules later, however often they are imported inside.

    Who imports one inside gets a stand-in, which imports the module when something of it is used.
    Whoever imports it afterwards gets the module itself.

    Parameters
    ----------
    names : iterable of str
        Full names of modules. Those that are imported already, or not installed, are left alone.
    """
    stand_ins = [_StandIn(name) for name in names if _can_be_deferred(name)]
    for stand_in in stand_ins:
        sys.modules.setdefault(stand_in.__name__, stand_in)
    try:
        yield
    finally:
        for stand_in in stand_ins:
            _take_away(stand_in)


class _StandIn(ModuleType):
    """Stands for a module until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        # What `inspect` asks of every module is no use of it.
        if name.startswith("__") and name != "__path__":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} yet")
        return getattr(_imported(self), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(_imported(self), name, value)

    def __dir__(self) -> list[str]:
        return dir(_imported(self))


def _can_be_deferred(name: str) -> bool:
    if name in sys.modules:
        return False
    try:
        # Imports the packages above it.
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def _imported(stand_in: _StandIn) -> ModuleType:
    _take_away(stand_in)
    return importlib.import_module(stand_in.__name__)


def _take_away(stand_in: _StandIn) -> None:
    with _lock:
        if sys.modules.get(stand_in.__name__) is stand_in:
            del sys.modules[stand_in.__name__]
