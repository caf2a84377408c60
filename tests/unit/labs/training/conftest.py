"""What the tests of the training lab share."""

import pytest
from lab_tools import digits, small

from hpt_widgets.labs.training.lab import TrainingLab

DATA = digits()


@pytest.fixture
def make_lab():
    """Return a function that makes a lab, on scikit-learn's digits by default; all are closed."""
    made = []

    def make(data=DATA, hp=None, **options):
        made.append(TrainingLab(data, hp or small(), **options))
        return made[-1]

    yield make
    for lab in made:
        lab.close()
