"""How JupyterLab's panels lie when a reader opens the workbook for the first time."""

import json

from jupyterlab_server.workspaces_handler import WorkspacesManager

from hpt_widgets.app.arrangement import ARRANGEMENT, WORKSPACE, arrange_panels


def stored(folder):
    return WorkspacesManager(str(folder)).load(WORKSPACE)["data"]


def test_the_first_workspace_is_arranged(tmp_path):
    folder = tmp_path / "not" / "there"
    arrange_panels(folder)
    assert stored(folder) == ARRANGEMENT


def test_what_a_reader_has_arranged_stays(tmp_path):
    own = {"data": {"layout-restorer:data": {}, "x": 1}, "metadata": {"id": WORKSPACE}}
    WorkspacesManager(str(tmp_path)).save(WORKSPACE, json.dumps(own))
    arrange_panels(tmp_path)
    assert stored(tmp_path) == own["data"]


def test_where_nothing_can_be_written_or_read_jupyterlab_opens_as_it_does_by_itself(tmp_path):
    (tmp_path / "file").write_text("")
    arrange_panels(tmp_path / "file" / "folder")
    arrange_panels(tmp_path)
    (workspace,) = tmp_path.glob(f"{WORKSPACE}*")
    workspace.write_text("no JSON")
    arrange_panels(tmp_path)
    assert workspace.read_text() == "no JSON"
