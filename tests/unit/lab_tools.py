"""What the tests of the labs share: small data, and a training that a test can hold."""

import threading
from contextlib import contextmanager

import ipywidgets as widgets
import numpy as np
from ipywidgets.widgets.widget import _instances as open_widgets
from patience import SECONDS
from sklearn.datasets import load_digits

import hpt_widgets as hpt
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.training.session import TrainingSession

__all__ = [
    "SECONDS",
    "Gate",
    "SmallLab",
    "bundle_of",
    "digits",
    "held_training",
    "open_widgets",
    "small",
    "training_threads",
]


def digits():
    """Return scikit-learn's digits, 8 x 8 pictures: 1,300 to train on, 497 held out."""
    bunch = load_digits()
    x, y = (bunch.images / 16).astype(np.float32), bunch.target
    return hpt.Dataset.from_arrays(x[:1300], y[:1300], validation=(x[1300:], y[1300:]))


def small(**changes):
    """Return hyperparameters of a network that learns the digits in a fraction of a second."""
    settings = {"hidden_units": (16,), "learning_rate": 0.01, "epochs": 2, **changes}
    return hpt.Hyperparameters(**settings)


def bundle_of(lab, **options):
    """Return what a lab sends to the front end when it is displayed."""
    return lab._repr_mimebundle_(**options)


class SmallLab(Lab):
    """A lab of one slider; it can fail before that is there, or behind."""

    def __init__(self, fails=False):
        self.fails = fails
        self.displays = 0
        super().__init__()

    def _build(self):
        if self.fails is True:
            raise ValueError("no such lab")
        self.slider = widgets.FloatSlider()
        return widgets.VBox([self.slider])

    def _complete(self):
        if self.fails:
            raise ValueError(f"no such lab, {self.fails}")

    def _picture(self):
        from hpt_widgets.support.still_picture import StillPicture

        return StillPicture(figsize=(1, 1))

    def _on_display(self):
        self.displays += 1


def training_threads():
    """Return the threads of the training labs."""
    return [thread for thread in threading.enumerate() if thread.name == "hpt-training"]


class Gate:
    """Holds a training before each of its chunks until the test lets it through."""

    def __init__(self):
        self.reached = threading.Event()
        self.let_through = threading.Event()

    def wait_until_reached(self):
        assert self.reached.wait(SECONDS)


@contextmanager
def held_training(monkeypatch, after_chunks=0):
    """Hold the next training, of the first lab that comes, after so many of its chunks."""
    gate, advance, count = Gate(), TrainingSession.advance, [0]

    def held_advance(session, max_steps=None):
        if count[0] == after_chunks:
            gate.reached.set()
            assert gate.let_through.wait(SECONDS)
        count[0] += 1
        return advance(session, max_steps)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", held_advance)
        try:
            yield gate
        finally:
            gate.let_through.set()
