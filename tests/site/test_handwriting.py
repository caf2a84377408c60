"""From a drawing to a picture like MNIST's, in Node, against the package."""

import numpy as np
from digit_strokes import DIGITS
from references import write_json

from tools.site import package


def drawing(name, strokes):
    """Draw strokes, and return what the package makes of them."""
    pen = package.pen_for(strokes, package.THINNEST_PEN)
    ink = package.draw_strokes(strokes, package.CANVAS_SIZE, pen)
    return {
        "name": name,
        "strokes": [stroke.tolist() for stroke in strokes],
        "pen": pen,
        # The whole drawing is large: its sums by row and by column tell it apart as well.
        "ink": np.concatenate([ink.sum(axis=1), ink.sum(axis=0)]),
        "picture": package.prepare_drawing(ink).ravel(),
    }


def test_drawings_become_the_packages_pictures(run_node, tmp_path):
    size = package.CANVAS_SIZE
    drawings = [
        drawing(f"{digit} at scale {scale}", [np.asarray(s) * scale * size + 7.3 for s in strokes])
        for digit, strokes in DIGITS.items()
        for scale in (0.2, 0.9)
    ]
    drawings += [
        drawing("a dot", [np.array([[100.0, 120.0]])]),
        drawing("a stroke over the edge", [np.array([[-40.0, 10.0], [150.0, 290.0]])]),
        # With a hook: in the middle of what is the same both ways a rounding decides.
        drawing("a flat hook", [np.array([[20.0, 140.0], [260.0, 147.0], [250.0, 125.0]])]),
    ]
    write_json(
        tmp_path / "drawings.json",
        {"drawings": drawings, "size": size, "thinnest": package.THINNEST_PEN},
    )
    run_node("handwriting.test.mjs")
