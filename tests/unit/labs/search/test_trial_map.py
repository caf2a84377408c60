"""The map of trials: marginal distributions, sizes, and trials that it can't show."""

import itertools
import math

import pytest
from widget_tools import open_widgets, send

from hpt_widgets.labs.search.mark_encoding import (
    LARGEST_MARK,
    MapAxes,
    MarkEncoding,
    accuracy_limits,
    legend_of,
)
from hpt_widgets.labs.search.trial_map import TrialMap
from hpt_widgets.language import use_language
from hpt_widgets.search.space import (
    ARTICLE_SPACE,
    Choice,
    LogUniform,
    SearchSpace,
    Uniform,
    UniformInteger,
)
from hpt_widgets.search.trial import Trial

AXES = MapAxes.of(ARTICLE_SPACE)
MIXED = SearchSpace(
    (
        Choice("kind", ("x", "y", "z")),
        Uniform("a", 0.0, 1.0),
        LogUniform("b", 0.01, 1.0),
        UniformInteger("c", 1, 4),
        Uniform("d", 0.0, 5.0),
    )
)


def trial(learning_rate=0.01, dropout_rate=0.5, batch_size=64, score=0.9, number=0, **more):
    values = {
        "learning_rate": learning_rate,
        "dropout_rate": dropout_rate,
        "batch_size": batch_size,
    }
    return Trial(values, validation_accuracy=score, number=number, **more)


def draw(axes, trials):
    clicked = []
    made = TrialMap(axes, clicked.append)
    made.draw(trials)
    return made, clicked


def test_every_parameter_has_a_marginal_distribution():
    drawn, _ = draw(AXES, [trial(0.001), trial(0.01), trial(0.1, 0.8), trial(0.1, 0.2, 32)])
    found = {name: strip.drawn() for name, strip in drawn.marginals.items()}
    assert found == {
        "learning_rate": {0.001: 1, 0.01: 1, 0.1: 2},
        "dropout_rate": {0.2: 1, 0.5: 2, 0.8: 1},
        "batch_size": {32: 1, 64: 3},
    }
    # The highest bar fills its strip.
    assert [strip.count_scale.max for strip in drawn.marginals.values()] == [2, 2, 3]


def test_marginals_lie_along_the_axes_of_the_map_and_the_others_have_their_own():
    drawn, _ = draw(AXES, [trial()])
    top, side, below = (drawn.marginals[d.name] for d in (AXES.x, AXES.y, AXES.size))
    assert top.bars.scales["x"] is drawn.marks.scales["x"]
    assert side.bars.scales["y"] is drawn.marks.scales["y"]
    assert [axis.label for axis in below.figure.axes] == ["trials", "batch size"]
    for strip, ends in ((top, ("left", "right")), (side, ("top", "bottom"))):
        margins = [strip.figure.fig_margin[end] for end in ends]
        assert margins == [drawn.figure.fig_margin[end] for end in ends]
    # bqplot pads a figure by its largest mark, and then a bar would not be above its mark.
    assert {mark.default_size for mark in drawn.figure.marks} == {1}


def test_options_and_further_numbers_have_a_marginal_too():
    axes = MapAxes.of(MIXED)
    assert [d.name for d in axes.all] == ["a", "b", "kind", "c", "d"]
    assert axes.size.name == "c"
    values = [("x", 1), ("z", 4), ("z", 4)]
    trials = [
        Trial({"kind": kind, "a": 0.5, "b": 0.1, "c": c, "d": 2.5}, validation_accuracy=0.5)
        for kind, c in values
    ]
    drawn, _ = draw(axes, trials)
    assert drawn.marginals["kind"].drawn() == {0: 1, 2: 2}
    assert drawn.marginals["c"].drawn() == {1: 1, 4: 2}
    assert drawn.marginals["d"].drawn() == {2.5: 3}
    labels = drawn.marginals["kind"].figure.axes[1].tick_labels
    assert labels == {"0": "x", "1": "y", "2": "z"}
    assert "1 distinct values of a, 1 of b, 2 of kind, 2 of c, 1 of d" in drawn.words.value


def test_an_axis_reaches_whatever_was_tried_by_hand():
    drawn, _ = draw(AXES, [trial(1.0, 0.0, 4096), trial()])
    assert drawn.x.scale.max > 1.0
    assert drawn.y.scale.min < 0.0
    assert drawn.marginals["batch_size"].scale.scale.max > 4096
    drawn.draw([trial()])
    assert 0.1 < drawn.x.scale.max < 1.0


def test_two_maps_side_by_side_have_the_same_axes_colours_and_sizes():
    one, other = [trial(1.0, 0.0, 512, score=0.7)], [trial(), trial(0.02, score=0.95)]
    first, second = TrialMap(AXES, print), TrialMap(AXES, print)
    first.draw(one, other)
    second.draw(other, one)
    assert len(first.drawn()) == 1
    assert len(second.drawn()) == 2
    for name in ("x", "y"):
        scales = [getattr(drawn, name).scale for drawn in (first, second)]
        assert scales[0].min == scales[1].min
        assert scales[0].max == scales[1].max
    for name in ("color_scale", "size_scale"):
        ends = [(scale.min, scale.max) for scale in (getattr(m, name) for m in (first, second))]
        assert ends[0] == ends[1]


@pytest.mark.parametrize("rate", [0.0, math.nan, math.inf, True, "0.1", None])
def test_what_has_no_place_on_the_map_is_left_out(rate):
    drawn, _ = draw(AXES, [trial(rate), trial(0.05)])
    assert drawn.drawn() == [(0.05, 0.5, 0.9)]
    assert drawn.marginals["learning_rate"].drawn() == {0.05: 1}


def test_ticks_stand_on_the_grid_while_nothing_lies_outside_of_it():
    drawn, _ = draw(AXES, [trial()])
    strip = drawn.marginals["batch_size"].figure.axes[1]
    assert list(strip.tick_values) == [32, 64, 128]
    drawn.draw([trial(batch_size=512)])
    assert list(strip.tick_values) == [0, 200, 400]


def test_the_size_of_a_mark_tells_the_batch_size():
    drawn, _ = draw(AXES, [trial(batch_size=size) for size in (32, 128, 64)])
    # The largest is drawn first, so that it hides none.
    assert list(drawn.marks.size) == [128, 64, 32]
    low, high = drawn.size_scale.min, drawn.size_scale.max
    areas = [(size - low) / (high - low) for size in drawn.marks.size]
    encoding = MarkEncoding.of(AXES, [])
    assert areas == pytest.approx([encoding.area(size) for size in (128, 64, 32)])
    assert areas[0] == pytest.approx(LARGEST_MARK)
    assert areas == sorted(areas, reverse=True)


def test_a_huge_batch_leaves_small_ones_to_be_seen():
    encoding = MarkEncoding.of(AXES, [trial(batch_size=4096), trial(batch_size=1)])
    assert encoding.area(4096) == pytest.approx(LARGEST_MARK)
    assert encoding.area(1) > 30
    legend = legend_of(AXES, encoding)
    assert legend.index("> 128") < legend.index("> 4096")


def test_the_legend_shows_the_sizes_of_the_grid():
    encoding = MarkEncoding.of(AXES, [])
    legend = legend_of(AXES, encoding)
    assert "size of a mark: batch size" in legend
    for size in (32, 64, 128):
        diameter = 2 * math.sqrt(encoding.area(size) / math.pi)
        assert f"width:{diameter:.1f}px" in legend
        assert f"</span> {size}" in legend
    space = SearchSpace((Uniform("a", 0.0, 1.0), Uniform("b", 0.0, 1.0)))
    assert "size of a mark" not in legend_of(MapAxes.of(space), encoding)


def test_two_parameters_are_enough_and_one_is_not():
    axes = MapAxes.of(SearchSpace((Uniform("a", 0.0, 1.0), Uniform("b", 0.0, 1.0))))
    drawn, _ = draw(axes, [Trial({"a": 0.1, "b": 0.2}, validation_accuracy=0.5)])
    assert drawn.drawn() == [(0.1, 0.2, 0.5)]
    with pytest.raises(ValueError, match="space="):
        MapAxes.of(SearchSpace((Uniform("a", 0.0, 1.0),)))


def test_categories_go_upwards_each_in_a_band_of_its_own():
    kinds = ("relu", "tanh", "sigmoid")
    space = SearchSpace((Choice("activation", kinds), LogUniform("learning_rate", 0.001, 0.1)))
    axes = MapAxes.of(space)
    assert (axes.x.name, axes.y.name, axes.size) == ("learning_rate", "activation", None)
    trials = [
        Trial(
            {"activation": kinds[number % 3], "learning_rate": 0.01},
            validation_accuracy=0.5,
            number=number,
        )
        for number in range(1, 31)
    ]
    drawn, _ = draw(axes, trials)
    places = [place for _, place, _ in drawn.drawn()]
    assert [round(place) for place in places] == [number % 3 for number in range(1, 31)]
    assert len(set(places)) == 30
    assert {x for x, *_ in drawn.drawn()} == {0.01}
    # Every second band is shaded, over the whole width.
    assert list(drawn.bands.y) == [0.5, 0.5, 1.5, 1.5]
    assert (min(drawn.bands.x), max(drawn.bands.x)) == (drawn.x.scale.min, drawn.x.scale.max)
    names = drawn.figure.axes[1].tick_labels
    assert names == {"0": "relu", "1": "tanh", "2": "sigmoid"}
    drawn.choose(5)
    assert list(drawn.ring.y) == [
        place for place, t in zip(places, trials, strict=True) if t.number == 5
    ]


def test_an_option_that_is_no_number_has_its_place_on_the_map():
    space = SearchSpace((Choice("missing", (math.nan, 0.0, None)), Uniform("a", 0.0, 1.0)))
    trials = [
        Trial({"missing": option, "a": 0.5}, validation_accuracy=0.5, number=number)
        for number, option in enumerate((float("nan"), 0.0, None, "nan"), start=1)
    ]
    drawn, _ = draw(MapAxes.of(space), trials)
    assert [round(place) for _, place, _ in drawn.drawn()] == [0, 1, 2]


def test_trials_at_the_same_spot_lie_side_by_side_and_stay_there():
    shared = [trial(batch_size=size, number=n) for n, size in enumerate((64, 64, 64), start=1)]
    drawn, _ = draw(AXES, shared[:1])
    assert drawn.drawn() == [(0.01, 0.5, 0.9)]
    drawn.draw(shared[:2])
    two = drawn.drawn()
    drawn.draw(shared)
    three = drawn.drawn()
    assert three[:2] == two
    assert len(set(three)) == 3
    x = sorted(place for place, *_ in three)
    assert x[1] == 0.01
    # As far to the left as to the right, by factors as on the axis.
    assert x[0] * x[2] == pytest.approx(0.01**2)
    assert {y for _, y, _ in three} == {0.5}
    drawn.choose(3)
    assert (drawn.ring.x[0], drawn.ring.y[0]) == three[2][:2]


def test_27_trials_of_a_grid_are_27_marks_that_stay_near_their_spots():
    grid = [
        trial(rate, dropout, size)
        for size, dropout, rate in itertools.product(
            *(d.grid_values for d in (AXES.size, AXES.y, AXES.x))
        )
    ]
    drawn, _ = draw(AXES, grid)
    places = {(x, y) for x, y, _ in drawn.drawn()}
    assert len(places) == 27
    for spot in itertools.product(AXES.x.grid_values, AXES.y.grid_values):
        near = [
            p for p in places if abs(math.log10(p[0] / spot[0])) < 0.4 and abs(p[1] - spot[1]) < 0.1
        ]
        assert len(near) == 3


def test_whole_numbers_have_whole_ticks():
    axes = MapAxes.of(SearchSpace((UniformInteger("layers", 1, 3), Uniform("b", 0.0, 1.0))))
    drawn, _ = draw(axes, [])
    assert all(float(tick).is_integer() for tick in drawn.figure.axes[0].tick_values)


def test_the_hover_text_says_what_was_tried_where_a_mark_is_fanned_out():
    drawn, _ = draw(AXES, [trial(batch_size=size, number=n) for n, size in ((1, 32), (2, 64))])
    assert list(drawn.marks.names) == [
        "#2: learning rate 0.01, dropout rate 0.5, batch size 64",
        "#1: learning rate 0.01, dropout rate 0.5, batch size 32",
    ]
    use_language("zh")
    drawn, _ = draw(AXES, [trial(number=1)])
    assert drawn.marks.names[0].startswith("#1：学习率 0.01，")


def test_lost_trials_are_crosses_that_can_be_clicked_too():
    trials = [trial(number=1), trial(0.1, score=None, number=2, ended="failed")]
    drawn, clicked = draw(AXES, trials)
    assert len(drawn.drawn()) == len(drawn.crosses.x) == 1
    drawn.click(2)
    drawn.click(1)
    assert clicked == [2, 1]
    drawn.choose(2)
    assert list(drawn.ring.x) == [0.1]
    drawn.choose(None)
    assert list(drawn.ring.x) == []


@pytest.mark.parametrize("index", [-1, -3, 1, 99, None, 0.5, "0"])
def test_a_click_on_a_mark_that_is_not_there_is_none(index):
    drawn, clicked = draw(AXES, [trial(number=1), trial(0.1, number=2, ended="failed")])
    event = {"event": "element_click", "data": {"index": index}}
    send(drawn.marks, event)
    send(drawn.crosses, event)
    assert clicked == []


def test_colours_are_spread_over_what_is_of_interest():
    limits = accuracy_limits([trial(score=score) for score in (0.1, 0.905, 0.93)])
    assert limits == pytest.approx((0.68, 0.93))
    assert accuracy_limits([]) == (0.0, 1.0)
    # A score of 0 is one.
    assert accuracy_limits([trial(score=score) for score in (0.0, 0.05)]) == pytest.approx(
        (0.0, 0.05)
    )


def test_scores_that_are_no_accuracies_have_a_range_of_their_own():
    losses = [trial(score=-score) for score in (900.0, 12.0, 11.0, 11.0, 10.0, 10.0, 10.0)]
    low, high = accuracy_limits(losses)
    assert high == -10.0
    # The failure is left out, and all others are there.
    assert -900 < low <= -12.0
    same = accuracy_limits([trial(score=-12_000_000.0)])
    assert same[0] < same[1]


def test_a_picture_makes_no_widget():
    from hpt_widgets.labs.search.picture import draw_search

    axes = MapAxes.of(MIXED)
    values = {"kind": "y", "a": 0.5, "b": 0.1, "c": 3, "d": 2.5}
    before = set(open_widgets)
    picture = draw_search(axes, "random", [Trial(values, validation_accuracy=0.5)], [])
    assert set(open_widgets) == before
    labels = [axes.get_xlabel() for axes in picture.axes]
    assert {"a", "kind", "c", "d"} <= set(labels)
