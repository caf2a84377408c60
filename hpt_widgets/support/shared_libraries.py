"""Opens a package's shared libraries while other threads go on, before the package is imported.

Python holds its lock while an import opens a library, and for TensorFlow's, which are 800 MB, that
is half a second in which no other thread moves. The same function of the C library, called through
ctypes, lets them go on; the import then finds the libraries open.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def open_libraries(package: str, pattern: str) -> list[str]:
    """Open libraries that lie in a package's folder; nothing of the package is imported.

    On other systems than Linux nothing is done. What can't be opened is left to the import, which
    says why.

    Parameters
    ----------
    package : str
        Name of an installed package.
    pattern : str
        Which files of its folder they are, such as ``"lib*.so.*"``.

    Returns
    -------
    list of str
        The names of the files that are open now.
    """
    if sys.platform != "linux" or package in sys.modules:
        return []
    specification = importlib.util.find_spec(package)
    folders = (specification and specification.submodule_search_locations) or []
    files = [file for folder in folders for file in sorted(Path(folder).glob(pattern))]
    return [file.name for file in files if _open(file)]


def _open(file: Path) -> bool:
    # Not `ctypes.CDLL(file)`, which keeps Python's lock.
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    return dlopen(os.fsencode(file), os.RTLD_NOW | os.RTLD_LOCAL) is not None
