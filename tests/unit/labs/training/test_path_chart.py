"""The chart of the weights' paths by itself."""

from __future__ import annotations

from hpt_widgets.labs.training.path_chart import PathChart, legend_bar


def test_the_chart_begins_empty_and_the_legend_tells_the_losses():
    chart = PathChart()
    assert not chart.ground.visible
    assert all("known once" in axis.label for axis in chart.figure.axes)
    assert all(axis.tick_style == {"display": "none"} for axis in chart.figure.axes)
    assert "0.25" in legend_bar(0.25, 4.0)
    assert "<span>1</span>" in legend_bar(0.25, 4.0)
