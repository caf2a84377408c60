"""The picture that stands for a lab is matplotlib's own, drawn once."""

import io

import pytest
from matplotlib.artist import Artist

from hpt_widgets.support.still_picture import DOTS_PER_INCH, LARGE, StillPicture


def drawn(**options):
    """Return a picture with two charts, whose places depend on their labels."""
    picture = StillPicture(figsize=(6, 3), layout="constrained", **options)
    left, right = picture.subplots(1, 2)
    left.semilogx([0.001, 0.1, 10], [0.2, 0.9, 0.4], label="accuracy")
    left.set_ylabel("validation accuracy\n(two lines)")
    left.legend()
    picture.colorbar(right.imshow([[0, 1], [2, 3]]), ax=right)
    return picture


@pytest.mark.parametrize("dpi", [DOTS_PER_INCH, LARGE])
def test_it_is_what_matplotlib_saves(dpi):
    """Compare with a figure that was not drawn before, for laying out moves its charts."""
    saved = io.BytesIO()
    drawn().savefig(saved, format="png", dpi=dpi)
    assert drawn(dots_per_inch=dpi).png() == saved.getvalue()


def test_it_keeps_its_resolution_for_whoever_saves_it():
    picture = drawn(dots_per_inch=50)
    picture.png()
    assert picture.dpi == drawn().dpi != 50


def test_each_thing_in_it_is_drawn_once():
    class Counted(Artist):
        n_drawn = 0

        def draw(self, _renderer):
            self.n_drawn += 1

    counted = Counted()
    picture = drawn()
    picture.add_artist(counted)
    picture.png()
    assert counted.n_drawn == 1
