"""The ten digits as strokes of a pen, in a square of side 1, as many people write them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def arc(centre, radii, start, end, n=24):
    """Return points of an ellipse from one angle to another: 0 is right, 90 is down."""
    angle = np.radians(np.linspace(start, end, n))
    return np.column_stack(
        [centre[0] + radii[0] * np.cos(angle), centre[1] + radii[1] * np.sin(angle)]
    )


def line(*corners):
    """Return points along straight lines between corners."""
    corners = np.array(corners, float)
    pieces = [np.linspace(a, b, 8) for a, b in pairwise(corners)]
    return np.concatenate(pieces)


def join(*pieces):
    return np.concatenate(pieces)


DIGITS = {
    0: [arc((0.5, 0.5), (0.3, 0.45), -80, 285, 40)],
    1: [line((0.54, 0.05), (0.47, 0.95))],
    2: [
        join(
            arc((0.5, 0.3), (0.28, 0.24), -170, 40),
            line((0.71, 0.47), (0.22, 0.93), (0.82, 0.9)),
        )
    ],
    3: [
        join(
            arc((0.46, 0.28), (0.26, 0.22), -150, 90),
            arc((0.46, 0.72), (0.3, 0.23), -90, 145),
        )
    ],
    4: [
        line((0.3, 0.08), (0.18, 0.52), (0.8, 0.5)),
        line((0.7, 0.1), (0.62, 0.95)),
    ],
    5: [
        join(
            line((0.3, 0.1), (0.27, 0.46)),
            arc((0.44, 0.68), (0.28, 0.25), -125, 140),
        ),
        line((0.3, 0.1), (0.76, 0.07)),
    ],
    6: [
        join(
            arc((0.68, 0.62), (0.42, 0.56), -95, -180),
            arc((0.48, 0.7), (0.22, 0.22), 180, -175, 36),
        )
    ],
    7: [line((0.18, 0.12), (0.8, 0.1), (0.42, 0.95))],
    8: [
        join(
            arc((0.5, 0.28), (0.2, 0.2), -20, -270, 28),
            arc((0.5, 0.7), (0.24, 0.22), -90, 270, 36),
            arc((0.5, 0.28), (0.2, 0.2), 90, -20, 20),
        )
    ],
    9: [
        join(
            arc((0.46, 0.3), (0.22, 0.22), -10, -370, 36),
            line((0.68, 0.3), (0.6, 0.95)),
        )
    ],
}


def placed(digit, left, top, width, height, slant=0.0):
    """Return the strokes of a digit in a box of the canvas, in pixels; slant leans it over."""
    strokes = []
    for stroke in DIGITS[digit]:
        x, y = stroke.T
        leaning = x + slant * (0.5 - y)
        strokes.append(np.column_stack([left + width * leaning, top + height * y]))
    return strokes
