import math

import numpy as np
import pytest
from matplotlib import pyplot as plt
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.training.network import initial_weights
from hpt_widgets.training.run import HistoryPoint, Run

COLUMNS = [
    "samples",
    "epoch",
    "seconds",
    "training_loss",
    "validation_loss",
    "validation_accuracy",
]
POINTS = (
    HistoryPoint(10, 0.1, 0.5, 2.0, 1.8, 0.5),
    HistoryPoint(20, 0.2, 0.6, 1.5, 1.2, 0.9),
    HistoryPoint(30, 0.3, 0.7, 1.25, 1.0, 0.75),
    HistoryPoint(40, 0.4, 0.8, 1.125),
)


def run_of(points=POINTS, **changes):
    settings = {
        "hyperparameters": hyperparameters(),
        "points": points,
        "weights": initial_weights((12, 8, 6, 3), 0),
        "ended": "finished",
        "seconds": 0.8,
        "n_features": 12,
        "n_classes": 3,
        **changes,
    }
    return Run(**settings)


def test_history_has_a_row_a_point():
    history = run_of().history
    assert list(history.columns) == COLUMNS
    assert history["samples"].tolist() == [10, 20, 30, 40]
    assert history["training_loss"].tolist() == [2.0, 1.5, 1.25, 1.125]
    assert math.isnan(history["validation_loss"].iloc[-1])


def test_a_runs_figures():
    run = run_of()
    assert run.samples_seen == 40
    assert run.training_loss == 1.125
    assert run.validation_loss == 1.0
    assert run.validation_accuracy == 0.75
    assert run.best_validation_accuracy == 0.9


def test_a_run_without_rows():
    run = run_of(points=())
    assert run.samples_seen == 0
    assert list(run.history.columns) == COLUMNS
    assert len(run.history) == 0
    assert math.isnan(run.training_loss)
    assert math.isnan(run.validation_loss)
    assert math.isnan(run.validation_accuracy)
    assert math.isnan(run.best_validation_accuracy)


@pytest.mark.parametrize(
    ("ended", "loss", "words", "chinese"),
    [
        ("finished", 0.1, "finished", "已完成"),
        ("stopped", 0.1, "stopped by hand", "手动停止"),
        ("diverged", math.nan, "no longer a number", "不是一个数"),
        ("diverged", math.inf, "no longer a number", "不是一个数"),
        # A network that guesses among three classes has a loss of log(3).
        ("diverged", 2e4, "a network that guesses has 1.1", "瞎猜时只有 1.1"),
    ],
)
def test_the_reason_is_in_words_of_the_current_language(ended, loss, words, chinese):
    run = run_of(points=(HistoryPoint(10, 0.1, 0.5, loss),), ended=ended)
    assert words in run.reason
    hpt.use_language("zh")
    assert chinese in run.reason


def test_model_has_the_runs_weights_and_optimiser():
    weights = initial_weights((12, 8, 6, 3), 99)
    run = run_of(weights=weights)
    for ours, theirs in zip(weights, run.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert run.model is run.model
    assert type(run.model.optimizer).__name__ == "Adam"


def test_plot_draws_what_was_measured():
    open_before = plt.get_fignums()
    loss_axes, accuracy_axes = run_of().plot().axes
    training, validation = loss_axes.lines
    assert training.get_xdata().tolist() == [10, 20, 30, 40]
    assert training.get_ydata().tolist() == [2.0, 1.5, 1.25, 1.125]
    assert validation.get_ydata().tolist() == [1.8, 1.2, 1.0]
    assert accuracy_axes.lines[0].get_ydata().tolist() == [0.5, 0.9, 0.75]
    # Within a factor of two each tick of a logarithmic axis would read "1.5 × 10⁰".
    assert loss_axes.get_yscale() == "linear"
    assert [t.get_text() for t in loss_axes.get_legend().get_texts()] == [
        "training loss",
        "validation loss",
    ]
    assert plt.get_fignums() == open_before


def test_losses_that_lie_far_apart_are_drawn_on_a_logarithmic_axis():
    points = (HistoryPoint(10, 0.1, 0.5, 2.0), HistoryPoint(20, 0.2, 1.0, 0.02))
    assert run_of(points=points).plot().axes[0].get_yscale() == "log"


@pytest.mark.parametrize(
    "points",
    [
        (),
        (HistoryPoint(10, 0.1, 0.5, math.nan),),
        (HistoryPoint(10, 0.1, 0.5, math.inf, math.nan, 0.1),),
        (HistoryPoint(10, 0.1, 0.5, 0.0),),
    ],
)
def test_plot_of_nothing_finite_can_be_drawn(points, tmp_path):
    run_of(points=points).plot().savefig(tmp_path / "run.png")


def test_a_changed_setting_does_not_change_what_a_run_started_with():
    session = hpt.Trainer(tabular_data()).session(hyperparameters())
    session.advance(1)
    session.change(learning_rate=0.5)
    run = session.result()
    assert run.hyperparameters == hyperparameters()
    assert "learning_rate=0.01" in run.as_code()


def test_the_plot_is_shown_by_a_notebook():
    picture = run_of().plot()
    assert picture._repr_png_().startswith(b"\x89PNG")
