"""What mutmut says is read rightly."""

from tools.run_mutants import read_results, share_found, summary

LISTING = """
    hpt_widgets.descent.walk.x_descend__mutmut_1: killed
    hpt_widgets.descent.walk.x_descend__mutmut_2: survived
    hpt_widgets.descent.walk.x\u01c1_Adam\u01c1move__mutmut_3: timeout
    hpt_widgets.backprop.passes.x_gates__mutmut_1: no tests
    hpt_widgets.backprop.passes.x_gates__mutmut_2: not checked
    hpt_widgets.descent.surfaces.x__parabola__mutmut_1: survived
"""


def test_only_what_was_tried_and_can_be_counts():
    results = read_results(LISTING)
    assert len(results) == 4
    assert share_found(results) == 0.5
    assert [*summary(results)] == [
        "hpt_widgets.backprop.passes.x_gates__mutmut_1: no tests",
        "hpt_widgets.descent.walk.x_descend__mutmut_2: survived",
        "hpt_widgets.backprop.passes: 0 of 1 found (0%)",
        "hpt_widgets.descent.walk: 2 of 3 found (67%)",
        "all: 2 of 4 found (50.0%)",
    ]


def test_nothing_tried_is_nothing_found():
    assert share_found({}) == 0
