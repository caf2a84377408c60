"""JupyterLab's dark theme, and whether words can be read in it, as WCAG 2.2 measures it."""

import contextlib
import re

from wcag import contrast, luminance

LEAST_CONTRAST = 4.5
# An element's own colour: that of letters in a chart is what they are filled with.
COLOUR = "one => getComputedStyle(one)[one instanceof SVGElement ? 'fill' : 'color']"
# What is behind an element: the first of itself and those around it that is not clear.
BACKGROUND = """one => {
    const colour = at => getComputedStyle(at).backgroundColor;
    while (colour(one) === 'rgba(0, 0, 0, 0)') one = one.parentElement;
    return colour(one);
}"""


@contextlib.contextmanager
def dark_theme(notebook):
    """Show a page in the dark theme, and in the light one again at the end."""
    notebook.use_theme("Dark")
    try:
        yield
    finally:
        notebook.use_theme("Light")


def words_of(chart, **others):
    """Return the words along a chart's axes and others, as `check_legible` takes them."""
    numbers, label = chart.locator(".tick text").first, chart.locator(".axislabel").first
    return {"axis numbers": numbers, "axis label": label, **others}


def closed_tab(lab):
    """Return the words of a lab's first tab that is not open."""
    return lab.locator(".lm-TabBar-tab:not(.lm-mod-current) .lm-TabBar-tabLabel").first


def check_legible(notebook, words):
    """Compare the colours of words with what is behind them, in a notebook that has to be dark.

    Parameters
    ----------
    notebook : NotebookPage
        The page.
    words : dict of str to Locator
        The elements, by what they are.
    """
    background = notebook.page.locator(".jp-Notebook").evaluate(BACKGROUND)
    assert luminance(channels(background)) < 0.1, f"{background} is not dark"
    colours = {
        name: (element.evaluate(COLOUR), element.evaluate(BACKGROUND))
        for name, element in words.items()
    }
    faint = {
        name: f"{colour} on {behind}"
        for name, (colour, behind) in colours.items()
        if contrast_on(colour, behind) < LEAST_CONTRAST
    }
    assert faint == {}, "hard to read"


def contrast_on(colour, background):
    """Return the contrast ratio of a colour, which may be clear in part, and an opaque one."""
    behind = channels(background)
    red, green, blue, opacity = (*channels(colour), 1)[:4]
    seen = [
        opacity * one + (1 - opacity) * other
        for one, other in zip((red, green, blue), behind, strict=True)
    ]
    return contrast(seen, behind)


def channels(colour):
    """Return the numbers of "rgb(…)" or "rgba(…)"."""
    return [float(part) for part in re.findall(r"[\d.]+", colour)]
