"""Libraries that are opened before the package that needs them."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from hpt_widgets.support.shared_libraries import open_libraries

linux_alone = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is opened")

OPEN = """
    import pathlib, sys
    from hpt_widgets.support.shared_libraries import open_libraries
    from hpt_widgets.support.tensorflow_loader import LIBRARIES, load_tensorflow
    def is_mapped(name):
        return name in pathlib.Path("/proc/self/maps").read_text()
    assert not is_mapped("libtensorflow")
    names = open_libraries("tensorflow", LIBRARIES)
    assert names and all(is_mapped(name) for name in names), names
    assert not any(name.partition(".")[0] == "tensorflow" for name in sys.modules)
    assert float(load_tensorflow().ones(3)[0]) == 1.0
    assert open_libraries("tensorflow", LIBRARIES) == []
"""


@linux_alone
def test_tensorflow_is_imported_with_the_libraries_that_are_open():
    code = textwrap.dedent(OPEN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_cannot_be_opened_is_left_to_the_import(tmp_path, monkeypatch):
    package = tmp_path / "half_a_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "libhalf.so.1").write_text("no library")
    monkeypatch.syspath_prepend(tmp_path)
    assert open_libraries("half_a_package", "lib*.so.*") == []


def test_a_package_that_is_not_installed_has_none():
    assert open_libraries("no_such_package", "lib*.so.*") == []
