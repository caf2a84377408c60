"""How this project's commands are written on the system at hand."""

import shlex
import subprocess
import sys

import pytest

from hpt_widgets.support import own_command as module
from hpt_widgets.support.own_command import own_command


@pytest.mark.parametrize(
    ("system", "written"), [("nt", "start.bat"), ("posix", ".venv/bin/python -m hpt_widgets")]
)
def test_in_the_projects_own_environment_it_is_what_the_guides_write(
    monkeypatch, tmp_path, system, written
):
    monkeypatch.setattr(module, "_PROJECT", tmp_path.resolve())
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    # Not the module's own os, which is everybody's.
    monkeypatch.setattr(module, "os", type("System", (), {"name": system}))
    assert own_command() == written


def test_elsewhere_it_runs_as_it_is_written(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    command = [*shlex.split(own_command()), "--help"]
    found = subprocess.run(command, capture_output=True, check=False)
    assert found.returncode == 0
    monkeypatch.setattr(sys, "executable", "/a folder/python")
    assert own_command() == '"/a folder/python" -m hpt_widgets'
