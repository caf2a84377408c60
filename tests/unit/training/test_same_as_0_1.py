"""With what was added since 0.1 at its defaults, every run is to the bit what it was."""

import pytest
from loop_of_0_1 import SLOTS, OldLoop
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.training.hyperparameters import ACTIVATIONS, ADDED_SINCE_0_1, Hyperparameters

DATA = tabular_data()
CASES = [
    *(hyperparameters(optimizer=name, seed=3, epochs=3) for name in SLOTS),
    *(hyperparameters(activation=name, dropout_rate=0.5, batch_size=17) for name in ACTIVATIONS),
    *(
        hyperparameters(optimizer=name, weight_decay=0.3, hidden_units=(9, 7, 5), batch_size=200)
        for name in SLOTS
    ),
    hyperparameters(learning_rate=0.7, optimizer="momentum", dropout_rate=0.0, hidden_units=(5,)),
]


@pytest.mark.parametrize("hp", CASES, ids=repr)
def test_a_run_is_that_of_0_1_to_the_bit(hp):
    run = hpt.train(hp, DATA)
    weights, sums = OldLoop(hp, DATA).train()
    for ours, theirs in zip(run.weights, weights, strict=True):
        assert ours.tobytes() == theirs.tobytes()
    # The rows of an epoch are means since the row before.
    for epoch, total in enumerate(sums):
        rows = [p for p in run.points if epoch * 78 < p.samples <= (epoch + 1) * 78]
        before = [epoch * 78, *(p.samples for p in rows)]
        parts = [(p.samples - b) * p.training_loss for p, b in zip(rows, before, strict=False)]
        assert sum(parts) == pytest.approx(total, rel=1e-12)


def test_what_was_added_is_what_0_1_could_not_say():
    assert set(ADDED_SINCE_0_1) == set(Hyperparameters.__dataclass_fields__) - {
        "learning_rate", "batch_size", "dropout_rate", "hidden_units", "activation", "optimizer",
        "weight_decay", "epochs", "seed",
    }  # fmt: skip
    assert set(Hyperparameters().to_record()).isdisjoint(ADDED_SINCE_0_1)
