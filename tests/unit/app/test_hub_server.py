"""A student's server on a hub is what ``make lab`` opens, where the hub says."""

from __future__ import annotations

import sys

import pytest

from hpt_widgets.app import hub_server, workbook
from hpt_widgets.app.hub_server import command, hub_arguments, prepared_folder
from hpt_widgets.app.workbook import COPIES_VARIABLE, START, workbook_folder


@pytest.fixture
def copies(tmp_path, monkeypatch):
    monkeypatch.setenv(COPIES_VARIABLE, str(tmp_path / "workbook"))
    return tmp_path / "workbook"


def test_the_copies_lie_where_the_hub_says(copies):
    assert workbook_folder("zh") == copies / "zh"
    assert prepared_folder("zh") == copies / "zh"
    assert (copies / "zh" / START).is_file()


def test_a_home_folder_is_meant_by_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv(COPIES_VARIABLE, "~/workbook")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert workbook_folder("en") == tmp_path / "workbook" / "en"


def test_where_there_is_no_room_the_server_starts_in_the_home(tmp_path, monkeypatch, capsys):
    obstacle = tmp_path / "a file"
    obstacle.write_text("in the way")
    monkeypatch.setenv(COPIES_VARIABLE, str(obstacle))
    monkeypatch.setattr(hub_server.Path, "home", lambda: tmp_path)
    assert prepared_folder("en") == tmp_path
    assert str(obstacle) in capsys.readouterr().err
    assert workbook.PROJECT not in tmp_path.parents


def test_the_server_is_the_hubs_and_its_arguments_are_make_labs(copies, tmp_path):
    arguments = hub_arguments(tmp_path, ["--debug"])
    assert f"--ServerApp.root_dir={tmp_path}" in arguments
    assert any(one.endswith("PromptConnection") for one in arguments)
    others = ("--ServerApp.ip", "--LabApp.log_level", "--MultiKernelManager")
    assert not any(one.startswith(others) for one in arguments)
    assert arguments[-1] == "--debug"
    line, environment = command({"HPT_LANGUAGE": "zh", "KEPT": "yes"})
    assert line[:3] == [sys.executable, "-m", "jupyterhub.singleuser"]
    assert f"--ServerApp.root_dir={copies / 'zh'}" in line
    assert environment["KEPT"] == "yes"
    assert "zh" in environment["JUPYTER_CONFIG_PATH"]
