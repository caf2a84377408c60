"""A lab that is shown while the rest of its cell goes on."""

import base64
import io

import nbformat
import numpy as np
import pytest
from executed import execute
from lab_kinds import MAKE
from PIL import Image

from hpt_widgets.app.launcher import jupyter_environment
from hpt_widgets.labs.kit import lab as lab_module
from hpt_widgets.labs.kit.lab import STORING, Lab

CELLS = (
    "import hpt_widgets as hpt\nlab = hpt.BackpropLab()\nbeginning = lab.figure().png()",
    "lab.show()\nlab.descend(200)\nprint('the cell goes on')",
    "lab.figure().png() == beginning",
    "lab",
    "record = hpt.SearchRecord('grid')\n"
    "grid = hpt.GridLab({'batch_size': [32, 64], 'dropout_rate': [0.2, 0.5]}, record)\n"
    "grid.show()",
    "trial = hpt.Trial({'batch_size': 32, 'dropout_rate': 0.5}, 'grid', validation_accuracy=0.9)\n"
    "_ = record.append(trial)",
    "grid",
)


def executed(**environment):
    """Run the cells, and return their outputs."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", jupyter_environment("en", {})["JUPYTER_PATH"])
        for name, value in environment.items():
            patch.setenv(name, value)
        execute(notebook, store_widget_state=False)
    return [cell.outputs for cell in notebook.cells]


def picture_of(output):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))))


@pytest.mark.slow
@pytest.mark.parametrize("environment", [{}, {STORING: "1"}], ids=["live", "to be stored"])
def test_the_lab_is_shown_once_and_before_the_rest_of_the_cell(environment):
    _, (shown, words), (unchanged,), (end,), (grid,), (), (filled,) = executed(**environment)
    assert shown.data["text/plain"] == "<BackpropLab>"
    assert words.text == "the cell goes on\n"
    assert unchanged.data["text/plain"] == "False"
    is_end = np.array_equal(picture_of(shown), picture_of(end))
    assert is_end == bool(environment)
    # What follows a record is stored as later cells leave it.
    is_filled = np.array_equal(picture_of(grid), picture_of(filled))
    assert is_filled == bool(environment)


def test_without_a_notebook_nothing_is_shown(capsys, monkeypatch):
    lab = MAKE["BackpropLab"]()
    begun = []
    monkeypatch.setattr(Lab, "_on_display", lambda self: begun.append(self))
    lab.show()
    assert capsys.readouterr().out == ""
    assert begun == []
    lab.close()


def test_a_live_front_end_gets_no_second_display(monkeypatch):
    """It would build the lab anew, and the reader's focus would go."""
    displays = []

    class Handle:
        def update(self, lab):
            raise AssertionError(lab)

    def display(lab, display_id):
        displays.append((lab, display_id))
        return Handle()

    monkeypatch.setattr(lab_module, "get_ipython", object)
    monkeypatch.setattr(lab_module, "display", display)
    monkeypatch.delenv(STORING, raising=False)
    lab = MAKE["BackpropLab"]()
    lab.show()
    assert displays == [(lab, True)]
    lab.close()
