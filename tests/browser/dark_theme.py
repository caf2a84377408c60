"""JupyterLab's dark theme, and whether words can be read in it, as WCAG 2.2 measures it."""

import contextlib
import re

LEAST_CONTRAST = 4.5
# An element's own colour: that of letters in a chart is what they are filled with.
COLOUR = "one => getComputedStyle(one)[one instanceof SVGElement ? 'fill' : 'color']"
BACKGROUND = "one => getComputedStyle(one).backgroundColor"


@contextlib.contextmanager
def dark_theme(notebook):
    """Show a page in the dark theme, and in the light one again at the end."""
    notebook.use_theme("Dark")
    try:
        yield
    finally:
        notebook.use_theme("Light")


def check_legible(notebook, words):
    """Compare the colours of words with the notebook's background, which has to be a dark one.

    Parameters
    ----------
    notebook : NotebookPage
        The page.
    words : dict of str to Locator
        The elements, by what they are.
    """
    background = notebook.page.locator(".jp-Notebook").evaluate(BACKGROUND)
    assert luminance(channels(background)) < 0.1, f"{background} is not dark"
    colours = {name: element.evaluate(COLOUR) for name, element in words.items()}
    faint = {
        name: colour
        for name, colour in colours.items()
        if contrast(colour, background) < LEAST_CONTRAST
    }
    assert faint == {}, f"hard to read on {background}"


def contrast(colour, background):
    """Return the contrast ratio of a colour and an opaque background, as WCAG 2.2 defines it."""
    behind = channels(background)
    red, green, blue, opacity = (*channels(colour), 1)[:4]
    seen = [
        opacity * one + (1 - opacity) * other
        for one, other in zip((red, green, blue), behind, strict=True)
    ]
    dark, light = sorted((luminance(seen), luminance(behind)))
    return (light + 0.05) / (dark + 0.05)


def channels(colour):
    """Return the numbers of "rgb(…)" or "rgba(…)"."""
    return [float(part) for part in re.findall(r"[\d.]+", colour)]


def luminance(rgb):
    """Return the relative luminance of red, green and blue up to 255, as WCAG 2.2 defines it."""
    shares = [channel / 255 for channel in rgb]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
