"""A page exported from an executed notebook shows every lab, though no kernel is behind it."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser

import nbformat
import numpy as np
import pytest
from executed import execute
from nbconvert import HTMLExporter
from PIL import Image

from hpt_widgets.app.launcher import jupyter_environment
from hpt_widgets.exercises import all_quizzes
from tools.execute_notebooks import CELL_TIMEOUT, tidy

SET_UP = """import hpt_widgets as hpt
from sklearn.datasets import load_digits
bunch = load_digits()
images = (bunch.images / 16).astype("float32")
data = hpt.Dataset.from_arrays(
    images[:1300], bunch.target[:1300], validation=(images[1300:], bunch.target[1300:]))
def accuracy(values):
    return hpt.Trial(dict(values), validation_accuracy=1 - values["dropout_rate"])
class Seven:
    def predict_proba(self, rows):
        return [[0, 0, 0, 0, 0, 0, 0, 1, 0, 0]] * len(rows)"""
LABS = {
    "training": "hpt.TrainingLab(data)",
    "descent": "hpt.DescentLab()",
    "backprop": "hpt.BackpropLab()",
    "search": "lab = hpt.SearchLab(objective=accuracy)\nlab.run('random', trials=4)\nlab",
    "sweep": "hpt.SweepLab(data)",
    "range-test": "hpt.RangeTestLab(data)",
    "canvas": "lab = hpt.DigitCanvas(Seven())\nlab.draw([[(60, 60), (220, 50), (130, 240)]])\nlab",
}
QUIZ = 'hpt.quiz("4.1")'


class OutputsOfCells(HTMLParser):
    """Collects the pictures and the words of each cell's outputs."""

    def __init__(self):
        super().__init__()
        self.pictures, self.words, self.scripts = {}, {}, []
        self._cell = None
        self._depth = 0  # of "div" within the outputs
        self._in_script = False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if found := re.fullmatch("cell-id=(.+)", attributes.get("id") or ""):
            self._cell = found[1]
        if tag == "script":
            self._in_script = True
            self.scripts.append(attributes.get("type") or "")
        begins = "jp-Cell-outputWrapper" in (attributes.get("class") or "")
        if tag == "div" and (begins or self._depth):
            self._depth += 1
        if tag == "img" and self._depth:
            self.pictures.setdefault(self._cell, []).append(attributes["src"])

    def handle_endtag(self, tag):
        self._in_script = self._in_script and tag != "script"
        if tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, text):
        if self._depth and not self._in_script:
            self.words[self._cell] = self.words.get(self._cell, "") + text


def executed_notebook():
    sources = {"set-up": SET_UP, **LABS, "quiz": QUIZ}
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in sources.items()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    # As JupyterLab saves it: the widgets' views, but not their state.
    execute(notebook, timeout=CELL_TIMEOUT, store_widget_state=False)
    return notebook


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPT_HOME", str(tmp_path_factory.mktemp("reader")))
        patch.setenv("JUPYTER_PATH", jupyter_environment("en", {})["JUPYTER_PATH"])
        return executed_notebook()


@pytest.fixture(scope="module", params=["as saved", "as stored"])
def page(request, notebook):
    """Return what a reader's own notebook becomes, then what a notebook of ours does."""
    copy = nbformat.from_dict(notebook)
    text, _ = HTMLExporter().from_notebook_node(copy if request.param == "as saved" else tidy(copy))
    parser = OutputsOfCells()
    parser.feed(text)
    return parser


@pytest.mark.parametrize("name", LABS)
def test_a_lab_is_a_picture(page, name):
    (source,) = page.pictures[name]
    kind, content = source.split(",", 1)
    assert kind == "data:image/png;base64"
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("L"))
    assert min(picture.shape) > 150
    assert picture.std() > 5, "something is drawn"
    assert re.fullmatch(r"\s*Out\s*\[\d+\]:\s*", page.words[name]), "no words in its place"


def test_the_quiz_is_readable(page):
    for question in all_quizzes()["4.1"]:
        for choice in question.choices:
            assert str(choice.text).replace("`", "") in page.words["quiz"]


def test_nothing_waits_for_a_kernel(page):
    assert not any("widget" in kind for kind in page.scripts)
    assert not any("rror displaying widget" in words for words in page.words.values())
