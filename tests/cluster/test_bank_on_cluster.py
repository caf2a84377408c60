"""The trial bank trained by two workers: each row once, and each of TPE's runs in its order."""

from objectives import bank_row
from small_bank import DAY, small_bank

import hpt_widgets as hpt
from hpt_widgets.search.bank.plan import N_RANDOM, N_SEQUENCES, BankPlan, RowKey
from tools.train_bank import train_on_cluster


def test_what_a_bank_lacks_is_trained_once(cluster):
    lacking = {
        *(RowKey("random", number, repeat) for number in (3, 100, 383) for repeat in range(3)),
        *(RowKey("tpe", number, repeat) for number in range(794, 800) for repeat in range(3)),
    }
    record = hpt.SearchRecord("bank")
    for row in small_bank(N_RANDOM, N_SEQUENCES).rows:
        if row.key not in lacking:
            record.append(row.to_trial(DAY))
    n_before = len(record)
    plan = BankPlan(bank_row, record)
    train_on_cluster(plan, cluster)
    assert plan.propose() is None
    keys = [RowKey.of_seed(trial.hyperparameters["seed"]) for trial in record.trials[n_before:]]
    assert len(set(keys)) == len(keys)
    first = [key for key in keys if key.repeat == 0]
    assert set(first) == {key for key in lacking if key.repeat == 0}
    assert [key.number for key in first if key.part == "tpe"] == [*range(794, 800)]
