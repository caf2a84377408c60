"""A clone that a reader may not write in: copies and unpacked digits go to the reader's folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
# What root runs as here: root may write anywhere.
NOBODY = 65534
CODE = """
import json, os
from pathlib import Path
import hpt_widgets as hpt
from hpt_widgets.app.workbook import refresh, workbook_folder
from hpt_widgets.support.home import reader_folder

def inside(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())

created = refresh("en").created
data = hpt.load_mnist()
print(json.dumps({
    "package": hpt.__file__,
    "created": created,
    "workbook": str(workbook_folder("en")),
    "own": inside(reader_folder()),
    "shape": data.x_test.shape,
    "mapped": "mnist-pixels.npy" in Path("/proc/self/maps").read_text(),
}))
"""


@pytest.fixture
def clone() -> Iterator[Path]:
    """What a clone has, without the right to write in it, and a folder of the reader's."""
    # Not `tmp_path`, in which nobody else may look.
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        project = root / "clone"
        for part in ("hpt_widgets", "notebooks/en", "data/mnist"):
            ignored = shutil.ignore_patterns("__pycache__", "*.npy", ".*")
            shutil.copytree(PROJECT / part, project / part, ignore=ignored)
        shutil.copy(PROJECT / "pyproject.toml", project)
        own = root / "own"
        own.mkdir()
        if os.geteuid() == 0:
            os.chown(own, NOBODY, NOBODY)
        for path in [project, *project.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield project
        for path in [project, *project.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what a process has mapped")
def test_a_reader_works_in_a_clone_that_is_read_only(clone: Path) -> None:
    own = clone.parent / "own"
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-c", CODE],
            cwd=clone,
            env={"PATH": os.environ["PATH"], "HOME": str(own), "HPT_HOME": str(own / "folder"),
                 "PYTHONPATH": str(clone)},
            capture_output=True,
            text=True,
            check=False,
            **as_nobody,
        )  # fmt: skip
    except PermissionError:
        pytest.skip("nobody else may run this Python")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["package"].startswith(str(clone))
    assert "02-hyperparameters.ipynb" in found["created"]
    assert found["workbook"] == str(own / "folder" / "my-workbook" / "en")
    assert "mnist-pixels.npy" in found["own"]
    assert found["mapped"] is True
    assert found["shape"] == [10_000, 28, 28]
    assert not list(clone.rglob("*.npy"))
    assert not (clone / "my-workbook").exists()
