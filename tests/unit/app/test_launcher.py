"""What JupyterLab and its kernels are started with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyterlab.labapp import LabApp

from hpt_widgets.app import launcher
from hpt_widgets.app.launcher import jupyter_environment, open_lab
from hpt_widgets.app.workbook import Refreshed
from hpt_widgets.support.process_memory import N_HEAPS


def test_a_kernels_threads_share_few_heaps_unless_the_reader_has_set_how_many() -> None:
    assert jupyter_environment("en", {})["MALLOC_ARENA_MAX"] == str(N_HEAPS)
    assert jupyter_environment("en", {"MALLOC_ARENA_MAX": "7"})["MALLOC_ARENA_MAX"] == "7"


def test_what_it_adds_are_texts_that_a_process_can_have() -> None:
    environment = {**os.environ, **jupyter_environment("zh", os.environ)}
    code = "import os; print(os.environ['MALLOC_ARENA_MAX'], os.environ['HPT_LANGUAGE'])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [environment["MALLOC_ARENA_MAX"], "zh"]


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the arguments of each JupyterLab that is started, instead of starting it."""
    arguments: list[list[str]] = []
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(launcher, "refresh", lambda _language: Refreshed())
    monkeypatch.setattr(launcher, "workbook_folder", lambda _language: tmp_path)
    monkeypatch.setattr(LabApp, "launch_instance", arguments.append)
    return arguments


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ([], ".workspaces"),
        (["--LabApp.workspaces_dir={}"], "mine"),
        (["--LabApp.workspaces_dir", "{}"], "mine"),
    ],
)
def test_the_first_workspace_lies_where_jupyterlab_looks(
    tmp_path: Path, started: list[list[str]], given: list[str], chosen: str
) -> None:
    open_lab("en", [one.format(tmp_path / "mine") for one in given])
    assert len(started) == 1
    assert len(list((tmp_path / chosen).iterdir())) == 1


def test_an_option_without_its_value_is_left_to_jupyterlab_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[list[str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    open_lab("en", ["--LabApp.workspaces_dir"])
    assert started[0][-1] == "--LabApp.workspaces_dir"
    assert list(tmp_path.iterdir()) == []
