"""The charts of the best so far: which groups are drawn, and in which colours."""

import pytest

from hpt_widgets.labs.search.groups import CHOSEN_COLOR, GROUP_COLORS
from hpt_widgets.labs.search.learning_curve import LearningCurve
from hpt_widgets.labs.search.progress_charts import TWO_LINES, ProgressCharts
from hpt_widgets.search.comparison import Repeats
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial


def record_of(*scores):
    record = SearchRecord("random")
    for score in scores:
        record.append(Trial({}, "random", validation_accuracy=score, seconds=2.0))
    return record


def group_of(name, *scores):
    return Repeats(name, (record_of(*scores),))


@pytest.fixture
def charts():
    return ProgressCharts()


def test_of_seven_groups_the_newest_five_are_drawn_and_keep_their_colours(charts):
    groups = [group_of(f"group {place}", 0.1 + 0.1 * place) for place in range(7)]
    charts.draw(groups[:5], startup=0)
    assert charts.drawn_best(2) == [pytest.approx(0.3)]
    assert "group 0" in charts.legend.value
    assert "older" not in charts.legend.value
    charts.draw(groups, startup=0)
    # Groups 5 and 6 take the colours of groups 0 and 1; the others are as they were.
    drawn = [charts.drawn_best(place)[0] for place in range(len(GROUP_COLORS))]
    assert drawn == pytest.approx([0.6, 0.7, 0.3, 0.4, 0.5])
    legend = charts.legend.value
    assert [f"group {place}" in legend for place in range(7)] == [False] * 2 + [True] * 5
    assert "2 older" in legend
    assert legend.index(GROUP_COLORS[0]) < legend.index("group 5") < legend.index("group 6")


def test_a_long_legend_has_a_second_line(charts):
    """Of five groups the last one had no name: it lay below the line."""
    names = ["random search", "grid search", "TPE", "successive halving", "Hyperband"]
    groups = [group_of(name, 0.5) for name in names]
    charts.draw(groups, startup=0)
    assert TWO_LINES in charts.widget.get_state()["_dom_classes"]
    charts.draw(groups[:3], startup=0)
    assert TWO_LINES not in charts.widget.get_state()["_dom_classes"]


def test_what_is_gone_is_wiped_off(charts):
    charts.draw([group_of("one", 0.5), group_of("other", 0.6)], startup=0)
    charts.draw([group_of("one", 0.5)], startup=0)
    assert charts.drawn_best(0) == [0.5]
    assert charts.drawn_best(1) == []
    assert "other" not in charts.legend.value


def test_only_repeats_have_a_band_between_the_best_and_the_worst_seed(charts):
    repeats = Repeats("repeats", (record_of(0.5, 0.7), record_of(0.6, 0.6)))
    charts.draw([repeats, group_of("one", 0.5, 0.9)], startup=0)
    band, none = (charts.trial_marks[place].band for place in (0, 1))
    assert charts.drawn_best(0) == pytest.approx([0.55, 0.65])
    assert sorted(set(band.y)) == [0.5, 0.6, 0.7]
    assert len(none.y) == 0


@pytest.mark.parametrize("unit", [1000.0, 1.0, 1e-5])
def test_the_axis_of_scores_that_are_no_accuracies_fits_them(charts, unit):
    scores = [-9 * unit, -5 * unit, -4 * unit, -3 * unit, -2.5 * unit, -2 * unit]
    charts.draw([group_of("losses", *scores)], startup=0)
    axis = charts.by_trials.axes[1].scale
    assert axis.min < -5 * unit
    assert -2 * unit < axis.max
    assert axis.max - axis.min < 8 * unit


def test_the_start_up_is_shaded_as_far_as_the_trials_go(charts):
    charts.draw([group_of("tpe", *[0.5] * 30)], startup=20)
    assert max(charts.startup_shade.x) == 20.5
    assert "first 20 trials" in charts.note.value
    charts.draw([group_of("tpe", *[0.5] * 7)], startup=20)
    assert max(charts.startup_shade.x) == 7.5
    charts.draw([group_of("random", 0.5)], startup=0)
    assert len(charts.startup_shade.x) == 0
    assert charts.note.value == ""


def test_trials_are_counted_in_whole_numbers(charts):
    for count in (1, 2, 3, 7):
        charts.draw([group_of("random", *[0.5] * count)], startup=0)
        ticks = charts.by_trials.axes[0].tick_values
        assert all(float(tick).is_integer() for tick in ticks)
        assert len(ticks) >= 2
        assert charts.by_trials.axes[0].scale.max == count
        assert charts.by_seconds.axes[0].scale.max == 2.0 * count


def test_a_learning_curve_fits_its_axes():
    curve = LearningCurve()
    history = ((1000, 0.2), (2000, float("nan")), (3000, 0.8))
    curve.draw(Trial({}, validation_accuracy=0.8, history=history), "title <1>")
    assert curve.drawn() == [0.2, 0.8]
    across, upright = (axis.scale for axis in curve.figure.axes)
    assert across.max == 3000
    assert upright.min < 0.2 < 0.8 < upright.max
    assert curve.title.value == "title &lt;1&gt;"
    curve.draw(None, "")
    assert curve.drawn() == []


def test_the_colour_of_the_chosen_trial_is_no_groups():
    assert LearningCurve().curve.line.colors == [CHOSEN_COLOR]
    assert CHOSEN_COLOR not in GROUP_COLORS
