"""What of its curves a chart of an exercise shows."""

import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises.catalog import find
from hpt_widgets.exercises.chart import curve_of


def test_the_best_rates_of_6_e_can_be_told_from_their_neighbours():
    picture = hpt.picture("6-e").draw()
    (axes,) = picture.axes
    low, high = axes.get_ylim()
    assert low == pytest.approx(0.8)
    height = axes.get_window_extent().height
    for curve in find("6-e").charts[0].curves:
        best, second = sorted(curve_of(curve.series)[1])[:-3:-1]
        assert low < best < high
        assert (best - second) / (high - low) * height >= 3


def test_a_chart_without_a_range_shows_all():
    for chart, axes in zip(find("2-e").charts, hpt.picture("2-e").draw().axes, strict=True):
        low, high = axes.get_ylim()
        for curve in chart.curves:
            y = curve_of(curve.series)[1]
            assert low <= y.min() <= y.max() <= high


def test_charts_of_other_quantities_have_axes_of_their_own():
    first, second = hpt.picture("4.1-d").draw().axes
    assert (first.get_ylabel(), second.get_ylabel()) == ("x", "y")
    assert first.get_ylim() != second.get_ylim()


@pytest.mark.parametrize(("name", "rows"), [("3.3-e", 2), ("3.4-f", 1)])
def test_charts_that_are_compared_have_the_same_axes(name, rows):
    panels = hpt.picture(name).draw().axes
    assert {panel.get_subplotspec().get_gridspec().nrows for panel in panels} == {rows}
    assert len({(panel.get_xlim(), panel.get_ylim()) for panel in panels}) == 1
    # Every point is within them.
    for chart, panel in zip(find(name).charts, panels, strict=True):
        (low, high), (bottom, top) = panel.get_xlim(), panel.get_ylim()
        for curve in chart.curves:
            x, y = curve_of(curve.series)
            assert low <= x.min() <= x.max() <= high
            assert bottom <= y.min() <= y.max() <= top
