"""Takes a picture of each lab in use on a projector's screen, in both languages and themes.

``make pictures`` runs it. The pictures go to ``docs/pictures/labs``: what a reader sees of a lab in
JupyterLab at 1280 × 720, to be looked at after each change to how labs look.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import ViewportSize

from hpt_widgets.language import LANGUAGES, LanguageCode
from tools.browser import JupyterServer, NotebookPage, jupyter_server, open_page

THEMES: Final = ("Light", "Dark")
SCREEN: Final[ViewportSize] = {"width": 1280, "height": 720}
COLORS: Final = 192
SET_UP: Final = """import hpt_widgets as hpt
hpt.use_language({language!r})
data = hpt.load_mnist()
small = data.take(2_000, seed=0)
settings = hpt.Hyperparameters(epochs=3)"""
# What makes a lab, and what uses it, so that there is something to see.
LABS: Final = {
    "training": (
        "lab = hpt.TrainingLab(data)",
        "for rate in (1e-4, 1e-2, 0.1, 1e-3):\n    lab.set(learning_rate=rate)\n    lab.wait()",
    ),
    "search": (
        "lab = hpt.SearchLab(small)",
        "lab.run('random', trials=12)\nlab.run('tpe', trials=26)",
    ),
    "grid": (
        "grid = {'learning_rate': [1e-4, 1e-3, 1e-2], 'batch_size': [32, 64, 128]}\n"
        "record = hpt.SearchRecord('grid')\n"
        "lab = hpt.GridLab(grid, record)",
        "from sklearn.model_selection import GridSearchCV\n"
        "search = GridSearchCV(hpt.KerasMLPClassifier(), grid, scoring=record.scorer, cv=3)\n"
        "search.fit(small.x_train, small.y_train)",
    ),
    "sweep": (
        "lab = hpt.SweepLab(data, training_size=2_000)",
        "lab.set(learning_rate=[1e-4, 1e-3, 1e-2, 1e-1], seeds=3)\nlab.start()\nlab.wait()",
    ),
    "range_test": ("lab = hpt.RangeTestLab(data)", "lab.run(n_updates=300)"),
    "descent": (
        "lab = hpt.DescentLab()",
        "lab.set(optimizers=['gradient_descent', 'momentum', 'adam'])\nlab.play_to(40)",
    ),
    "backprop": ("lab = hpt.BackpropLab()", "lab.go_to(3)"),
    "network": ("lab = hpt.NetworkLab()", "lab.set(task='plane')\nlab.train(400)"),
    "bayes": (
        "lab = hpt.BayesLab()",
        "for rate in (1e-4, 3e-3, 1e-2):\n    lab.ask(rate)\nlab.wait()",
    ),
    "bank": ("lab = hpt.BankLab()", "lab.set(n_seeds=5)"),
    "canvas": (
        "lab = hpt.DigitCanvas(hpt.train(settings, data).model)",
        "lab.draw([[(60, 60), (220, 50), (130, 240)]])",
    ),
    "prediction": (
        "lab = hpt.prediction('2-learning-rate')",
        "lab.answer([[(0, 2.3), (50_000, 0.3)], None, None, None])",
    ),
    "quiz": ("lab = hpt.quiz('4.1')", "lab.answer(1, 1)"),
}


def take_lab_pictures(browser: Any, folder: Path) -> None:
    """Write the pictures of all labs into a folder.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        What looks at them.
    folder : Path
        Made if need be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        with (
            tempfile.TemporaryDirectory() as place,
            jupyter_server(Path(place), language) as server,
        ):
            for theme in THEMES:
                _take(browser, server, folder, language, theme)


def _take(
    browser: Any, server: JupyterServer, folder: Path, language: LanguageCode, theme: str
) -> None:
    server.use_theme(theme)
    page = open_page(browser, server, height=SCREEN["height"])
    try:
        page.page.set_viewport_size(SCREEN)
        cells = [f"{make}\nlab" for make, _ in LABS.values()]
        page.open_cells(SET_UP.format(language=language), *cells)
        page.run_cell(0)
        for place, (name, (_, use)) in enumerate(LABS.items(), start=1):
            page.run_cell(place)
            page.run_hidden(use)
            _save(page, place, folder / f"{name}.{language}.{theme.lower()}.png")
    finally:
        page.close()


def _save(page: NotebookPage, place: int, path: Path) -> None:
    """Bring a lab to the top of the window and take the picture of the window."""
    lab = page.cell(place).locator(".hpt-lab").first
    lab.wait_for()
    lab.evaluate("one => one.scrollIntoView({block: 'start'})")
    page.page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.page.screenshot())).convert("RGB")
    # The usual choice, by median cut, would give two curves one colour.
    few = picture.quantize(COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
