"""A chapter that a test makes up, and pictures among the outputs of its cells."""

import base64
import io

import nbformat
import numpy as np
from PIL import Image


def write_chapter(folder, *cells):
    """Write a chapter of the English edition that is made of these cells; return its path."""
    notebook = folder / "en" / "01-made.ipynb"
    notebook.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), notebook)
    return notebook


def picture(width, height):
    """Return an output that is a picture of so many pixels."""
    encoded = encoded_png(np.zeros((height, width, 3), np.uint8))
    return nbformat.v4.new_output("display_data", {"image/png": encoded})


def encoded_png(pixels):
    """Return pixels as a notebook stores a picture."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
