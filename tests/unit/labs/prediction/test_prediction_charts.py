"""The charts of predictions: what is seen of a curve that is a point, and the pens."""

from __future__ import annotations

import numpy as np
import pytest
from widget_tools import text_of

import hpt_widgets as hpt
from hpt_widgets.labs.prediction.sheet import CurveSheet

CURVE = "1-three-rates"
RUN = ([10_016, 50_000], [1.0, 0.5])
LEAVES, POINT = ([64], [231_286]), ([64], [2.3])


@pytest.mark.parametrize(
    ("real", "marker", "sign", "height"),
    [
        (LEAVES, "triangle-up", "^", 20),
        (([64, 128], [2.3, np.inf]), "triangle-up", "^", 20),
        (POINT, "circle", "o", 2.3),
    ],
)
def test_a_curve_without_a_line_is_a_marker(real, marker, sign, height):
    outcome = hpt.outcome(CURVE, [RUN, RUN, real])
    *_, last_line, mark = outcome.view.figure.marks
    assert (mark.marker, list(mark.x), list(mark.y)) == (marker, real[0][-1:], [height])
    assert mark.colors == last_line.colors
    assert not mark.apply_clip
    (axes,) = outcome.figure().axes
    assert [line.get_marker() for line in axes.lines] == ["None", "None", sign]
    assert axes.lines[2].get_ydata()[-1] == height
    assert not axes.lines[2].get_clip_on()


def test_the_legend_says_which_curve_leaves_the_chart():
    outcome = hpt.outcome(CURVE, [RUN, RUN, LEAVES])
    assert "3 (leaves the chart)" in text_of(outcome)
    (axes,) = outcome.figure().axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["0.00001", "0.001", "3 (leaves the chart)"]
    assert "(leaves" not in text_of(hpt.outcome(CURVE, [RUN, RUN, POINT]))
    hpt.use_language("zh")
    assert "3（超出了图）" in text_of(hpt.outcome(CURVE, [RUN, RUN, LEAVES]))


def test_what_is_beyond_the_chart_is_judged_as_it_was_and_not_as_it_is_drawn():
    hpt.prediction(CURVE).answer([None, None, [(0, 2.3), (50_000, 2.3)]])
    outcome = hpt.outcome(CURVE, [RUN, RUN, LEAVES])
    assert "it was above 20, beyond this chart" in text_of(outcome)


def test_a_locked_chart_gives_no_pen_to_another_curve():
    lab = hpt.prediction(CURVE)
    form = lab.view.form
    assert isinstance(form, CurveSheet)
    lab.answer([[(0, 2.3), (50_000, 1.5)], None, [(0, 2.3), (50_000, 20)]])
    hpt.outcome(CURVE, [RUN, RUN, LEAVES])
    form.which.value = 2
    assert form.figure.interaction is None
    # Their heights can be looked at all the same.
    assert form.knots[-1].field.value == "20"
    lab.view.renew.click()
    assert form.figure.interaction is form.pens[2]
    form.which.value = 1
    assert form.figure.interaction is form.pens[1]
    lab.close()
