"""The map of a surface of two variables: shaded ground with lines of equal height.

The colours are uniform to the eye (equal steps in Oklab, and ever darker): low ground is nearly
white, so that paths of every colour stand out where they end, and high ground a deep blue that
sits well on a light page and on a dark one.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray, Surface
from hpt_widgets.labs.kit import map_picture

N_BANDS: Final = 18
"""The ground between two lines of equal height is one of so many bands."""
SHADE_POWER: Final = 1.5
"""Shades follow the relative height to this power, so that much of the low ground is light."""
GRID: Final = (161, 131)
SIZE: Final = (6.4, 4.6)
NOWHERE: Final = "#D0D0D0"
"""Where the function has no value."""
_LINES: Final = "#16324F"
# The ends of the palette as lightness, chroma and hue (degrees) in Oklab.
_LOWEST: Final = (0.975, 0.03, 105.0)
_HIGHEST: Final = (0.36, 0.12, 275.0)
# From Oklab to linear sRGB: B. Ottosson, "A perceptual color space for image processing" (2020).
_TO_CONES: Final = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_TO_RGB: Final = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def ground_colors(n: int) -> list[str]:
    """Return so many colours in hexadecimal, from the lowest ground to the highest.

    Lightness falls and the hue turns from yellow over green to blue; neighbours are all equally
    far apart in Oklab.
    """
    share = np.linspace(0, 1, 2001)
    light, chroma, hue = (
        low + share * (high - low) for low, high in zip(_LOWEST, _HIGHEST, strict=True)
    )
    angle = np.radians(hue)
    lab = np.stack([light, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1)
    lengths = np.sqrt((np.diff(lab, axis=0) ** 2).sum(axis=1))
    travelled = np.concatenate([[0.0], lengths.cumsum()])
    wanted = np.linspace(0, travelled[-1], n)
    even = np.stack([np.interp(wanted, travelled, part) for part in lab.T], axis=-1)
    linear = ((even @ _TO_CONES.T) ** 3) @ _TO_RGB.T
    parts = np.clip(np.where(linear <= 0.0031308, 12.92 * linear, _gamma(linear)), 0, 1)
    return [
        f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue in np.rint(255 * parts).astype(int)
    ]


def _gamma(linear: FloatArray) -> FloatArray:
    return np.asarray(1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)


def grid(surface: Surface) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x, y and the values of shape (len(y), len(x)) over the window."""
    (x_low, x_high), (y_low, y_high) = surface.window
    x = np.linspace(x_low, x_high, GRID[0])
    y = np.linspace(y_low, y_high, GRID[1])
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return x, y, surface.function(points)


def relative_heights(values: FloatArray) -> FloatArray:
    """Return values from 0 to 1, the third root of their share of the whole height.

    So bands are narrow in the valleys, where the walks end, and wide on the slopes. What is no
    finite number stays none.
    """
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    shares = (values - low) / ((high - low) or 1.0)
    return np.asarray(np.cbrt(np.where(np.isfinite(shares), shares, np.nan)))


def draw_ground(axes: Any, surface: Surface) -> None:
    """Draw shades and lines of equal height into matplotlib axes."""
    from matplotlib.colors import ListedColormap

    x, y, values = grid(surface)
    heights = np.ma.masked_invalid(relative_heights(values))
    half_x, half_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    colors = ListedColormap(ground_colors(256)).with_extremes(bad=NOWHERE)
    axes.imshow(
        heights**SHADE_POWER,
        cmap=colors,
        vmin=0,
        vmax=1,
        extent=(x[0] - half_x, x[-1] + half_x, y[0] - half_y, y[-1] + half_y),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
    )
    levels = np.linspace(0, 1, N_BANDS + 1)[1:-1]
    if heights.count() and heights.max() > 0:
        axes.contour(x, y, heights, levels=levels, colors=_LINES, linewidths=0.6, alpha=0.35)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])


def map_png(surface: Surface) -> bytes:
    """Return the map as a PNG that fills the window to its edges."""
    return map_picture.map_png(lambda axes: draw_ground(axes, surface), SIZE)
