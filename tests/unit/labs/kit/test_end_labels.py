"""Labels at the ends of curves: in their order, near their curves, and never one on another."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpt_widgets.labs.kit.charts import MARGIN, figure
from hpt_widgets.labs.kit.end_labels import (
    LINE_HEIGHT,
    TEXT_WIDTH,
    WIDTH,
    EndLabel,
    EndLabels,
    count_lines,
    spread,
    text_width,
)

HEIGHT = 235


@given(
    st.lists(st.tuples(st.floats(0, 200), st.floats(5, 30)), max_size=6).filter(
        lambda labels: sum(height for _, height in labels) <= 200
    )
)
def test_labels_never_overlap_and_stay_within_their_room(labels):
    wanted, heights = [w for w, _ in labels], [h for _, h in labels]
    places = spread(wanted, heights, 200)
    spans = sorted((p - h / 2, p + h / 2) for p, h in zip(places, heights, strict=True))
    for (_, end), (begin, _) in itertools.pairwise(spans):
        assert begin >= end - 1e-6
    assert all(begin >= -1e-6 and end <= 200 + 1e-6 for begin, end in spans)
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    assert order == sorted(order, key=lambda place: (places[place], order.index(place)))


def test_labels_that_have_room_stand_where_they_want():
    assert spread([20, 150, 80], [17, 17, 34], 200) == [20, 150, 80]


def test_labels_that_want_the_same_place_stand_below_one_another():
    places = spread([100, 100], [17, 17], 200)
    assert abs(places[1] - places[0]) == 17
    assert 80 < min(places) <= 100 <= max(places) < 120


def test_too_many_labels_keep_apart_and_stand_out_below():
    assert spread([0, 0, 0], [20, 20, 20], 30) == [10, 30, 50]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("adam", 1),
        ("dropout 0.5", 1),
        ("rmsprop, rate 0.001", 2),
        ("学习率 0.0001", 1),
        ("学习率 0.0001，批大小 128", 2),
        ("x" * 30, 3),
    ],
)
def test_lines_are_counted_as_a_browser_breaks_them(text, lines):
    assert count_lines(text) == lines


def test_bold_letters_need_more_room():
    label = EndLabel(0.5, "512-256 units", "red")
    assert label.n_lines == 1
    assert EndLabel(0.5, "512-256 units", "red", is_bold=True).n_lines == 2


def test_chinese_letters_are_twice_as_wide():
    assert text_width("学习") == pytest.approx(28)
    assert text_width("学习") > text_width("abc")


def shown(labels):
    chart, _ = figure("x", "y")
    strip = EndLabels(chart, HEIGHT)
    strip.show(labels)
    return chart, strip


def tops(strip):
    return [float(top) for top in re.findall(r"top:([\d.]+)%", strip.text.value)]


def test_a_label_stands_as_high_as_its_curve_ends():
    chart, strip = shown([EndLabel(0.75, "adam", "#123456"), EndLabel(0.25, "sgd", "#654321")])
    assert tops(strip) == [25, 75]
    assert chart.fig_margin == {**MARGIN, "right": WIDTH}
    assert strip.widget.children == (chart, strip.text)
    assert TEXT_WIDTH < WIDTH
    for words in ("adam", "sgd", "#123456", "#654321"):
        assert words in strip.text.value


def test_labels_of_curves_that_end_alike_are_a_line_apart():
    _, strip = shown([EndLabel(0.5, "adam", "red"), EndLabel(0.5, "sgd", "blue")])
    room = HEIGHT - MARGIN["top"] - MARGIN["bottom"]
    first, second = tops(strip)
    assert abs(first - second) == pytest.approx(100 * LINE_HEIGHT / room, abs=0.1)


def test_the_newest_is_bold_the_hint_is_there_and_nothing_is_read_as_html():
    _, strip = shown(
        [EndLabel(2.0, "<b>", "red", is_bold=True, hint='"all" of it', is_dashed=True)]
    )
    assert tops(strip)[0] < 10
    assert "&lt;b&gt;" in strip.text.value
    assert 'title="&quot;all&quot; of it"' in strip.text.value
    assert "font-weight:600" in strip.text.value
    assert "dashed red" in strip.text.value
    strip.show([])
    assert strip.text.value == ""


def test_a_curve_that_hardly_moves_sends_no_new_label():
    _, strip = shown([EndLabel(0.5, "adam", "red")])
    before = strip.text.value
    strip.show([EndLabel(0.5004, "adam", "red")])
    assert strip.text.value == before
    strip.show([EndLabel(0.6, "adam", "red")])
    assert strip.text.value != before
