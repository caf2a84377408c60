"""The range test, held against the same schedule in plain Keras."""

import math

import numpy as np
import pytest
from small_data import N_CLASSES, N_FEATURES, hyperparameters, tabular_data, untraced

from hpt_widgets.studies.range_test import (
    RangeTest,
    RangeTestSession,
    first_divergence,
    range_test,
    smooth,
    steepest_descent,
)
from hpt_widgets.support.still_picture import StillPicture
from hpt_widgets.training.network import build_model

DATA = tabular_data()


def keras_losses(hp, rates):
    """Train with Keras's own step, one batch a rate, in the order of the trainer's epochs."""
    model = untraced(build_model(hp, N_FEATURES, N_CLASSES))
    x, y = DATA.splits["train"].x, DATA.splits["train"].y
    losses, epoch = [], 0
    while len(losses) < len(rates):
        order = np.random.default_rng((hp.seed, epoch)).permutation(len(y))
        for first in range(0, len(y), hp.batch_size):
            if len(losses) == len(rates):
                break
            batch = order[first : first + hp.batch_size]
            model.optimizer.learning_rate = rates[len(losses)]
            model.reset_metrics()
            losses.append(float(model.train_on_batch(x[batch], y[batch])[0]))
        epoch += 1
    return np.array(losses)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam"])
def test_the_losses_are_those_of_the_same_schedule_in_keras(optimizer):
    hp = hyperparameters(optimizer=optimizer, dropout_rate=0.0, batch_size=32, seed=4)
    test = range_test(hp, DATA, 1e-4, 0.1, 40)
    assert test.ended == "finished"
    assert test.learning_rates == pytest.approx([1e-4 * 1000 ** (k / 39) for k in range(40)])
    assert test.losses == pytest.approx(keras_losses(hp, test.learning_rates), rel=2e-4)


def test_a_test_that_diverged_says_where_however_it_did():
    rates = np.geomspace(1e-3, 1.0, 5)
    losses = np.array([2.3, 2.2, 2.1, 2.0, math.nan])
    test = RangeTest(hyperparameters(), rates, losses, "diverged", 100)
    assert first_divergence(test.smoothed) is None
    assert test.diverged_at == 1.0
    assert RangeTest(hyperparameters(), rates, losses, "stopped", 100).diverged_at is None


def test_it_does_not_depend_on_the_learning_rate_nor_on_the_epochs_of_its_hyperparameters():
    one = range_test(hyperparameters(), DATA, 1e-4, 0.1, 30)
    other = range_test(hyperparameters(learning_rate=5.0, epochs=7), DATA, 1e-4, 0.1, 30)
    assert one.losses.tobytes() == other.losses.tobytes()


def test_it_is_the_same_however_it_is_cut_up():
    whole = range_test(hyperparameters(), DATA, 1e-4, 0.1, 50)
    session = RangeTestSession(hyperparameters(), DATA, 1e-4, 0.1, 50)
    shares = []
    while session.ended is None:
        shares.append(session.progress)
        session.advance(seconds=0)
        session.suspend()
    assert shares == pytest.approx(np.arange(50) / 50)
    assert session.progress == 1
    assert session.result().losses.tobytes() == whole.losses.tobytes()
    with pytest.raises(RuntimeError, match="ended"):
        session.advance()


def test_it_ends_where_the_loss_runs_away():
    hp = hyperparameters(optimizer="sgd", dropout_rate=0.0)
    seen = []
    test = range_test(hp, DATA, 1e-3, 1e5, 400, on_progress=seen.append)
    assert test.ended == "diverged"
    assert len(test.losses) < 400
    assert test.suggestion < test.lowest_at < test.diverged_at <= test.learning_rates[-1]
    assert seen[-1].losses.tobytes() == test.losses.tobytes()
    # Not an update earlier, and not later.
    assert first_divergence(test.smoothed) is not None
    assert first_divergence(smooth(test.losses[:-1], 400)) is None


def test_one_that_ends_in_peace_did_not_diverge():
    test = range_test(hyperparameters(), DATA, 1e-5, 1e-3, 30)
    assert test.diverged_at is None
    assert test.ended == "finished"


def test_the_suggestion_is_the_steepest_place_on_the_logarithmic_axis():
    """A loss that falls as a logistic curve of log(rate) is steepest at its middle."""
    rates = np.geomspace(1e-5, 1, 400)
    middle = 3e-3
    losses = 2.3 / (1 + (rates / middle) ** 1.5)
    # The same curve is steepest elsewhere when it is taken over the rate itself.
    assert rates[np.gradient(losses, rates).argmin()] < 0.7 * middle
    assert steepest_descent(rates, losses) == pytest.approx(middle, rel=0.03)
    # What comes behind the lowest loss does not count, however steep it is.
    noisy = np.where(rates > 0.3, 5.0, losses)
    noisy[-1] = 3.0
    assert steepest_descent(rates, noisy) == pytest.approx(middle, rel=0.03)


def test_smoothing_takes_the_noise_away_and_moves_nothing():
    noise = np.random.default_rng(0).normal(size=500)
    truth = np.linspace(2.0, 1.0, 500)
    smoothed = smooth(truth + 0.3 * noise, 500)
    assert np.abs(smoothed - truth)[20:-20].max() < 0.25
    assert np.std(smoothed - truth) < 0.3 / 4
    # The weights of a Gaussian of 2 % of the updates, written out.
    weights = np.exp(-0.5 * (np.arange(-40, 41) / 10) ** 2)
    window = (truth + 0.3 * noise)[210:291]
    assert smoothed[250] == pytest.approx((weights / weights.sum()) @ window)


def test_a_loss_that_is_no_number_counts_as_the_largest():
    losses = np.array([2.0, 1.0, 9.0, math.nan])
    assert smooth(losses, 20) == pytest.approx(smooth(np.array([2.0, 1.0, 9.0, 9.0]), 20))


def test_four_times_the_lowest_is_a_divergence():
    assert first_divergence(np.array([2.0, 1.0, 4.0, 4.1, 1.0])) == 3
    assert first_divergence(np.array([2.0, 1.0, 4.0])) is None
    assert first_divergence(np.empty(0)) is None


def test_a_test_is_smoothed_only_once():
    """A chart that is drawn asks for it again and again."""
    test = RangeTest(hyperparameters(), np.array([0.1, 1]), np.array([2.0, 1]), "finished", 20)
    assert test.smoothed is test.smoothed


def test_a_test_without_updates_suggests_nothing():
    nothing = RangeTest(hyperparameters(), np.empty(0), np.empty(0), "stopped", 100)
    assert math.isnan(nothing.suggestion)
    assert math.isnan(nothing.lowest_at)
    assert nothing.diverged_at is None


def test_the_table_and_the_picture_hold_what_was_found():
    test = range_test(hyperparameters(), DATA, 1e-4, 0.1, 30)
    frame = test.to_frame()
    assert list(frame) == ["learning_rate", "loss", "smoothed"]
    assert frame["loss"].to_numpy() == pytest.approx(test.losses)
    figure = test.plot()
    assert isinstance(figure, StillPicture)
    drawn = [line.get_ydata() for line in figure.axes[0].lines]
    assert any(len(y) == 30 and np.allclose(y, test.smoothed) for y in drawn)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"low": 0.0}, "0.0"),
        ({"low": "small"}, "small"),
        ({"low": 0.1, "high": 0.1}, "low=0.1 must be less than high=0.1"),
        ({"high": math.inf}, "inf"),
        ({"n_updates": 19}, "n_updates=19"),
        ({"n_updates": 30.0}, "n_updates=30.0"),
        ({"n_updates": True}, "n_updates=True"),
    ],
)
def test_what_is_not_allowed_is_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        range_test(hyperparameters(), DATA, **arguments)


def test_only_hyperparameters_and_a_dataset_will_do():
    with pytest.raises(TypeError, match="hp="):
        range_test({"optimizer": "sgd"}, DATA)
    with pytest.raises(TypeError, match="data="):
        range_test(hyperparameters(), [1, 2])


def test_losses_of_zero_are_drawn_too(tmp_path):
    """A network that knows one class only has no others."""
    rates = np.geomspace(1e-3, 1.0, 5)
    test = RangeTest(hyperparameters(), rates, np.zeros(5), "finished", 5)
    test.plot().savefig(tmp_path / "test.png")
