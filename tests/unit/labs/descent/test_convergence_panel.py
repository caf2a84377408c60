"""The panel below the descent lab: the map of convergence and the errors by eigenvector."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from widget_tools import named, send

import hpt_widgets as hpt
from hpt_widgets.descent.convergence import best_settings, convergence_rate, eigen_errors
from hpt_widgets.descent.surfaces import SURFACES
from hpt_widgets.labs.descent.charts import COLORS
from hpt_widgets.labs.descent.convergence_map import (
    NOWHERE,
    convergence_map,
    error_limits,
    steps_for_a_tenth,
)


@pytest.fixture
def lab():
    made = hpt.DescentLab("quadratic_bowl", condition_number=25, steps=60)
    made.set(optimizers={"gradient_descent": 0.05, "momentum": 0.02, "adam": 0.1})
    made.show_convergence()
    yield made
    made.close()


def panel(lab):
    return lab.view.convergence


def click(lab, x, y):
    """Click on the map, as bqplot reports it."""
    send(panel(lab).ground, {"event": "element_click", "data": {"click_x": x, "click_y": y}})


# What the map says --------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_so_many_steps_divide_the_error_by_ten(rate):
    steps = float(steps_for_a_tenth(np.array(rate)))
    assert rate**steps == pytest.approx(0.1)


def test_where_nothing_converges_there_are_no_steps():
    assert np.isnan(steps_for_a_tenth(np.array([1.0, 1.3]))).all()


@pytest.mark.parametrize("kappa", [1, 10, 1000])
def test_the_map_holds_the_rate_of_its_settings_and_is_fastest_at_the_cross(kappa):
    ground = convergence_map(hpt.surfaces.quadratic_bowl(kappa))
    steps = ground.steps()
    n_momenta, n_rates = steps.shape
    momenta = np.linspace(0, 1, n_momenta)
    rates = np.linspace(0, 4 / kappa, n_rates)
    for row, column in ((0, n_rates // 4), (n_momenta // 2, n_rates // 2), (-2, 5)):
        factor = convergence_rate("momentum", [1, kappa], rates[column], momenta[row])
        assert steps[row, column] == pytest.approx(float(steps_for_a_tenth(factor)), nan_ok=True)
    assert ground.best == best_settings("momentum", 1, kappa)
    fastest = np.unravel_index(np.nanargmin(steps), steps.shape)
    assert rates[fastest[1]] == pytest.approx(ground.best.learning_rate, abs=0.05 / kappa)
    assert momenta[fastest[0]] == pytest.approx(ground.best.momentum, abs=0.02)


def test_the_picture_is_grey_where_momentum_diverges():
    picture = Image.open(io.BytesIO(convergence_map(hpt.surfaces.ravine).png())).convert("RGB")
    width, height = picture.size

    def color_at(rate_share, momentum):
        place = (int(rate_share * width), int((1 - momentum) * (height - 1)))
        return "#{:02X}{:02X}{:02X}".format(*picture.getpixel(place))

    # The axis ends at 4/λmax; the limit is 2(1 + β)/λmax.
    assert color_at(0.6, 0.1) == NOWHERE
    assert color_at(0.9, 0.7) == NOWHERE
    assert color_at(0.4, 0.1) != NOWHERE
    assert color_at(0.8, 0.7) != NOWHERE


def test_only_quadratic_surfaces_have_a_map():
    quadratic = {name for name, surface in SURFACES.items() if convergence_map(surface)}
    assert quadratic == {"parabola", "quadratic_bowl", "ravine"}


def test_a_surface_whose_minimum_is_not_known_has_none(lab):
    """Errors are distances from it."""
    unknown = replace(hpt.surfaces.get_surface("quadratic_bowl"), minima=(), name="mine")
    assert convergence_map(unknown) is None
    lab.set(surface=unknown)
    assert not panel(lab).is_shown
    lab.set(momentum=0.5)
    assert lab.settings.momentum == 0.5
    lab.set(surface="ravine")
    assert panel(lab).is_shown


# The panel ----------------------------------------------------------------------------------


def test_the_racers_stand_where_the_sliders_do(lab):
    racers = panel(lab).racers
    np.testing.assert_array_equal(racers.x, [0.05, 0.02])
    np.testing.assert_array_equal(racers.y, [0, 0.9])
    assert racers.colors == [COLORS["gradient_descent"], COLORS["momentum"]]
    named(lab, "momentum β").value = "0.4"
    np.testing.assert_array_equal(racers.y, [0, 0.4])
    lab.set(learning_rates={"momentum": 7.0})
    assert racers.x[1] == 4 / 25, "at the edge, where it is beyond the map"
    lab.set(optimizers="adam")
    assert len(racers.x) == 0


def test_a_new_condition_number_draws_a_new_map(lab):
    before = panel(lab).ground.image.value
    lab.set(condition_number=100)
    assert panel(lab).ground.image.value != before
    assert panel(lab).ground.x[1] == pytest.approx(0.04)
    best = best_settings("momentum", 1, 100)
    assert (panel(lab).best.x[0], panel(lab).best.y[0]) == (best.learning_rate, best.momentum)


def test_the_words_are_the_rates_of_those_who_have_one(lab):
    lab.set(optimizers={"momentum": 0.02, "nesterov": 0.2, "adam": 0.1})
    words = panel(lab).words.value
    factor = convergence_rate("momentum", [1, 25], 0.02, 0.9)
    steps = round(float(steps_for_a_tenth(factor)))
    assert f"multiplies the error by {factor:.3g}: {steps} steps" in words
    beyond = convergence_rate("nesterov", [1, 25], 0.2, 0.9)
    assert beyond > 1
    assert (
        f"Does not converge: in the long run a step multiplies the error by {beyond:.3g}" in words
    )
    assert "Adam" not in words


def test_a_click_on_the_map_lets_momentum_race_there(lab):
    lab.set(optimizers="adam")
    click(lab, 0.0612345, 0.4444)
    assert lab.settings.optimizers == ("momentum", "adam")
    assert lab.settings.learning_rates["momentum"] == 0.061
    assert lab.settings.momentum == 0.44
    np.testing.assert_array_equal((panel(lab).racers.x, panel(lab).racers.y), ([0.061], [0.44]))


@pytest.mark.parametrize(("x", "y"), [(None, 0.5), (0.0, 0.5), (-0.1, 0.5), ("a", "b")])
def test_a_click_beside_the_map_changes_nothing(lab, x, y):
    before = lab.settings
    click(lab, x, y)
    assert lab.settings is before


def test_a_click_at_the_upper_edge_takes_the_largest_momentum_of_the_slider(lab):
    click(lab, 0.01, 1.0)
    assert lab.settings.momentum == 0.99


def test_the_curves_are_the_errors_of_momentum_or_of_the_first(lab):
    for optimizers, name in ((["adam", "momentum"], "momentum"), (["adam", "rmsprop"], "rmsprop")):
        lab.set(optimizers=optimizers)
        errors = eigen_errors(lab.path(name), lab.settings.surface).errors
        for place, curve in enumerate(panel(lab).curves):
            assert curve.colors == [COLORS[name]]
            drawn = np.abs(errors[:, place])
            seen = drawn >= panel(lab).errors.axes[1].scale.min
            np.testing.assert_allclose(curve.y[seen], drawn[seen])
    assert "λ = 1" in panel(lab).legend.value
    assert "λ = 25" in panel(lab).legend.value


def test_on_one_variable_there_is_one_curve(lab):
    lab.set(surface="parabola")
    flattest, steepest = panel(lab).curves
    assert len(flattest.y) == 61
    assert len(steepest.y) == 0


def test_a_step_that_chances_upon_0_does_not_stretch_the_axis():
    assert error_limits(np.array([[1.0, 1e-12, 0.5, 0.3]]))[0] == 0.1


# Open and closed ----------------------------------------------------------------------------


def test_it_is_closed_at_first_and_draws_nothing():
    lab = hpt.DescentLab()
    assert not panel(lab).is_open
    assert len(panel(lab).racers.x) == 0
    named(lab, "How fast? Map of convergence, and the error by eigenvalue").click()
    assert panel(lab).is_shown
    assert len(panel(lab).racers.x) == 2
    lab.show_convergence(False)
    assert not panel(lab).is_open
    lab.close()


def test_it_is_gone_while_the_surface_is_not_quadratic(lab):
    lab.set(surface="rosenbrock")
    assert panel(lab).widget.layout.display == "none"
    assert not panel(lab).is_shown
    lab.set(surface="ravine")
    assert panel(lab).is_shown
    assert panel(lab).ground.x[1] == pytest.approx(4 / 50)


@pytest.mark.parametrize("surface", ["parabola", "ravine", "beale"])
def test_the_picture_has_it_where_it_is_shown(lab, surface):
    lab.set(surface=surface)
    axes = lab._picture().axes
    assert len(axes) == (2 if surface == "beale" else 4)
    if surface == "ravine":
        assert axes[2].get_xlabel() == "learning rate η"
        assert [line.get_linestyle() for line in axes[3].lines] == ["-", "--"]
