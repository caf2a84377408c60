"""How JupyterLab's panels lie when a reader opens the workbook for the first time.

On a projector's 1280 pixels the notebook needs all that the list of chapters leaves: that list is
just as wide as their names, and the empty bar on the right is not shown. What a reader moves is
kept, as JupyterLab does it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

WORKSPACE: Final = "default"
"""The workspace that JupyterLab opens where its address names none."""
ARRANGEMENT: Final[dict[str, Any]] = {
    "layout-restorer:data": {
        "left": {"collapsed": False, "visible": True, "current": "filebrowser", "widgets": []},
        "right": {"collapsed": True, "visible": False, "widgets": []},
        # Shares of the width: the list, the notebook, and what is not shown.
        "relativeSizes": [0.215, 0.785, 0],
    }
}


def arrange_panels(folder: Path) -> None:
    """Write the first workspace into JupyterLab's folder of workspaces, unless there is one.

    Parameters
    ----------
    folder : Path
        The folder, which need not exist. Where it can't be written, nothing happens: JupyterLab
        opens as it does by itself.
    """
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    manager = WorkspacesManager(str(folder))
    try:
        if not manager.load(WORKSPACE)["data"]:
            content = {"data": ARRANGEMENT, "metadata": {"id": WORKSPACE}}
            manager.save(WORKSPACE, json.dumps(content))
    except (OSError, ValueError):
        return
