"""Takes the README's pictures from the real labs, in a real browser, and one of each lab.

Run it with ``make pictures``. The pictures go to ``docs/pictures``.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PIL import Image

from tools.browser import NotebookPage, chromium, jupyter_server, open_page
from tools.lab_pictures import take_lab_pictures
from tools.run_checks import NO_BROWSER, PROJECT, find_browser

PICTURES: Final = PROJECT / "docs" / "pictures"
FRAME_SECONDS: Final = 0.15
GIF_WIDTH: Final = 880
COLORS: Final = 128

TRAINING_CELL: Final = """import hpt_widgets as hpt

hpt.use_language({language!r})
lab = hpt.TrainingLab(hpt.load_mnist())
for learning_rate in ({rates}):
    lab.set(learning_rate=learning_rate)
    lab.wait()
lab"""
DESCENT_CELL: Final = """import hpt_widgets as hpt

hpt.use_language({language!r})
lab = hpt.DescentLab()
lab"""


def main() -> int:
    """Take all pictures and return the exit status."""
    executable = find_browser(as_readers=True)
    if executable is None:
        print(NO_BROWSER)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyter_server(Path(folder)) as server,
        chromium(executable) as browser,
    ):
        for language, ending in (("en", ""), ("zh", ".zh")):
            picture, training, descent = (
                PICTURES / f"{name}{ending}.{kind}"
                for name, kind in (
                    ("training-lab", "png"),
                    ("training-lab", "gif"),
                    ("descent-lab", "gif"),
                )
            )
            cell = TRAINING_CELL.format(language=language, rates="1e-4, 1e-2, 0.1, 1e-3")
            with shown(browser, server, cell) as page:
                lab(page).screenshot(path=picture)
            cell = TRAINING_CELL.format(language=language, rates="1e-4,")
            with shown(browser, server, cell) as page:
                film(page, training, turn_learning_rate, frames=40)
            with shown(browser, server, DESCENT_CELL.format(language=language)) as page:
                film(page, descent, play, frames=40)
    with chromium(executable) as browser:
        take_lab_pictures(browser, PICTURES / "labs")
    return 0


@contextlib.contextmanager
def shown(browser: Any, server: Any, cell: str) -> Iterator[NotebookPage]:
    """Run a cell, wait until its lab is on the screen and drawn, and close the page at the end."""
    page = open_page(browser, server, height=1200)
    try:
        page.open_cells(cell)
        page.run_all()
        lab(page).wait_for()
        page.page.wait_for_timeout(7000)
        yield page
    finally:
        page.close()


def lab(page: NotebookPage) -> Any:
    """Return the lab on the page."""
    return page.page.locator(".hpt-lab").first


def turn_learning_rate(page: NotebookPage, frame: int) -> None:
    """Press the slider's key now and then, as a reader would."""
    if frame % 13 == 2:
        handle = page.page.locator(".hpt-lab .noUi-handle").first
        handle.focus()
        for _ in range(5):
            page.page.keyboard.press("ArrowRight")


def play(page: NotebookPage, frame: int) -> None:
    """Press the play button once."""
    if frame == 1:
        page.page.locator(".hpt-lab button .fa-play").first.click()


def film(page: NotebookPage, path: Path, act: Any, frames: int) -> None:
    """Take a picture every now and then while something is done, and join them to a GIF."""
    taken = []
    for frame in range(frames):
        act(page, frame)
        taken.append(Image.open(io.BytesIO(lab(page).screenshot())))
        page.page.wait_for_timeout(FRAME_SECONDS * 1000)
    height = round(taken[0].height * GIF_WIDTH / taken[0].width)
    small = [picture.convert("RGB").resize((GIF_WIDTH, height)) for picture in taken]
    # One palette for all frames: colours that changed from frame to frame would flicker.
    # The usual choice, by median cut, would give two curves one colour.
    palette = small[-1].quantize(COLORS, method=Image.Quantize.MAXCOVERAGE)
    reduced = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in small]
    reduced[0].save(
        path,
        save_all=True,
        append_images=reduced[1:],
        duration=round(2 * FRAME_SECONDS * 1000),
        loop=0,
        optimize=True,
    )


if __name__ == "__main__":
    sys.exit(main())
