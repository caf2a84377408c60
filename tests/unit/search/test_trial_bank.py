"""What the bank plans, keeps and gives back, and whether it can be trained again."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from small_bank import small_bank

import hpt_widgets as hpt
from hpt_widgets.search.bank.plan import (
    BANK_SPACE,
    N_LONG,
    N_RANDOM,
    SEQUENCE_TRIALS,
    BankPlan,
    RowKey,
    grid_settings,
    random_settings,
)
from hpt_widgets.search.bank.replay import STRATEGIES, replay
from hpt_widgets.search.bank.table import (
    FACTS_FILE,
    FOLDER,
    GUESSING,
    TRIALS_FILE,
    BankRow,
    TrialBank,
    read_bank,
    write_bank,
)
from hpt_widgets.search.bank.training import BankObjective, bank_data
from hpt_widgets.search.runner import Search
from tools.train_bank import facts_of, train_here


def quick(values):
    """Return a trial with a made-up curve, in no time."""
    height = 0.9 - 0.05 * abs(np.log10(values["learning_rate"]) + 2)
    history = tuple((float(e), height - 0.1 / e) for e in range(1, values["epochs"] + 1))
    return hpt.Trial(
        dict(values), validation_accuracy=history[-1][1], history=history, seconds=0.25
    )


def settings_of(record):
    return [trial.hyperparameters for trial in record]


def test_a_seed_says_which_row_it_is():
    keys = [
        RowKey(part, number, repeat)
        for part, count in (("random", N_RANDOM), ("grid", 27), ("tpe", 800))
        for number in range(count)
        for repeat in range(3)
    ]
    assert len({key.seed for key in keys}) == len(keys)
    assert [RowKey.of_seed(key.seed) for key in keys] == keys


def test_which_settings_are_trained_for_longer_is_drawn_before_any_is_trained():
    lengths = [RowKey("random", number, 0).epochs for number in range(N_RANDOM)]
    assert lengths.count(27) == N_LONG
    assert lengths.count(9) == N_RANDOM - N_LONG
    assert len({repr(values) for values in random_settings()}) == N_RANDOM
    assert all(BANK_SPACE.can_place(values) for values in random_settings())
    assert len(grid_settings()) == 27


def test_it_goes_on_where_it_was_broken_off(tmp_path):
    whole = BankPlan(quick, hpt.SearchRecord("bank"))
    train_here(whole, 70)
    path = tmp_path / "journal.csv"
    for _ in range(2):  # killed once, and begun again
        train_here(BankPlan(quick, hpt.SearchRecord("bank", path=path)), 35)
    assert settings_of(hpt.SearchRecord.load(path)) == settings_of(whole.record)
    parts = [RowKey.of_seed(values["seed"]).part for values in settings_of(whole.record)]
    assert parts == ["random"] * 16 + ["grid"] * 27 + ["tpe"] * 27


def test_what_is_under_way_elsewhere_is_not_proposed_again():
    plan = BankPlan(quick, hpt.SearchRecord("bank"))
    under_way = []
    for _ in range(50):
        under_way.append(plan.propose(under_way))
    seeds = [values["seed"] for values in under_way]
    assert len(set(seeds)) == 50
    # A sequence waits for what it has proposed: the next settings are trained meanwhile.
    parts = [RowKey.of_seed(seed).part for seed in seeds]
    assert parts.count("tpe") == 1


def test_what_failed_is_trained_again():
    plan = BankPlan(quick, hpt.SearchRecord("bank"))
    first = plan.propose()
    plan.record.append(hpt.Trial(first, ended="failed", message="the worker ended"))
    assert plan.propose() == first
    with pytest.raises(RuntimeError, match="no luck"):
        train_here(BankPlan(unlucky, hpt.SearchRecord("bank")))


def unlucky(_values):
    raise OSError("no luck")


def test_a_sequence_proposes_what_a_search_by_tpe_does():
    plan = BankPlan(quick, hpt.SearchRecord("bank"))
    train_here(plan, 16 + 27 + 25)
    proposed = [
        {name: trial.hyperparameters[name] for name in BANK_SPACE.names}
        for trial in plan.record.trials[-25:]
    ]
    search = Search("tpe", BANK_SPACE, quick, seed=0)
    for values in proposed:
        assert search.propose() == values
        outcome = quick({**values, "epochs": 9, "seed": 0})
        search.record.append(replace(outcome, hyperparameters=values, method="tpe"))
    assert len({values["learning_rate"] for values in proposed}) == 25


def test_the_best_of_a_whole_sequence_are_trained_again():
    rows = [row for row in small_bank(n_random=N_RANDOM, n_sequences=20).rows
            if row.key.part != "tpe" or row.key.repeat == 0]  # fmt: skip
    record = TrialBank(tuple(rows), small_bank().trained_on).record()
    plan = BankPlan(quick, record)
    asked = []
    while values := plan.propose(asked):
        asked.append(values)
    curves = {row.key: row.curve for row in rows}
    expected = []
    for sequence in range(20):
        numbers = range(sequence * SEQUENCE_TRIALS, (sequence + 1) * SEQUENCE_TRIALS)
        finals = [curves[RowKey("tpe", number, 0)][-1] for number in numbers]
        for number, best in zip(numbers, np.maximum.accumulate(finals), strict=True):
            if finals.index(best) == number - numbers[0]:
                expected += [RowKey("tpe", number, repeat) for repeat in (1, 2)]
    assert [RowKey.of_seed(values["seed"]) for values in asked] == expected


def test_a_bank_is_read_as_it_was_written(tmp_path):
    bank = small_bank(n_random=9, n_sequences=1)
    diverged = BankRow(RowKey("random", 9, 0), dict(random_settings()[9]), "diverged", 0.1, (0.3,))
    trials = [*bank.record(), diverged.to_trial(bank.trained_on)]
    trials.append(replace(trials[0], ended="failed"))
    write_bank(tmp_path, trials, {"trained_on": "2026-01-02"})
    again = read_bank(tmp_path)
    by_key = {row.key: row for row in (*bank.rows, diverged)}
    assert {row.key: row for row in again.rows} == by_key
    assert again.trained_on == bank.trained_on
    assert again.scores("random", 9)[9].tolist() == [[0.3, *[GUESSING] * 8]]
    frame = again.record().to_frame()
    assert len(frame) == len(by_key)
    assert set(frame["method"]) == {"random", "grid", "tpe"}


def test_a_run_of_tpe_that_begins_with_a_divergence_is_guessing_until_then():
    """It is not trained again, for it was never better than nothing."""
    whole = small_bank(n_random=0, n_sequences=1)
    first = RowKey("tpe", 0, 0)
    rows = [
        replace(row, ended="diverged", curve=()) if row.key == first else row
        for row in whole.rows
        if row.key == first or row.key.number > 0
    ]
    sequence = TrialBank(tuple(rows), whole.trained_on).sequences[0]
    assert sequence[0].tolist() == [GUESSING] * 3
    np.testing.assert_array_equal(sequence[1:], whole.sequences[0, 1:])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("part", "quasi"),
        ("number", "-"),
        ("learning_rate", "fast"),
        ("hidden_units", "x"),
        ("ended", "stopped"),
        ("correct", "9000"),
        ("correct", "10001"),
        ("seconds", ""),
    ],
)
def test_an_altered_line_is_named(tmp_path, column, value):
    write_bank(tmp_path, small_bank(3, 0).record(), {"trained_on": "2026-01-02"})
    path = tmp_path / TRIALS_FILE
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[4][column] = value
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    with pytest.raises(ValueError, match=r"trials\.csv.* 6"):
        read_bank(tmp_path)


@pytest.mark.parametrize("bad", [b"\xff", b"\0", b'"', b"\rx", b"9" * 200_000])
def test_a_line_that_is_no_text_is_named_too(tmp_path, bad):
    write_bank(tmp_path, small_bank(3, 0).record(), {"trained_on": "2026-01-02"})
    path = tmp_path / TRIALS_FILE
    lines = path.read_bytes().splitlines()
    lines[5] = bad + lines[5]
    path.write_bytes(b"\n".join(lines[:6]) + b"\n")
    with pytest.raises(ValueError, match=r"trials\.csv, line 6: this is no row"):
        read_bank(tmp_path)


@pytest.mark.parametrize("first", [b"", b"9", b"9" * 200_000, b"part,number\n", b"\0"])
@pytest.mark.parametrize("limit", [131_072, 1_000_000])
def test_a_first_line_without_the_columns_is_named_too(tmp_path, first, limit):
    """Whatever the longest cell is that `csv` reads: other readers of the process raise it."""
    write_bank(tmp_path, small_bank(3, 0).record(), {"trained_on": "2026-01-02"})
    path = tmp_path / TRIALS_FILE
    path.write_bytes(first)
    before = csv.field_size_limit(limit)
    try:
        with pytest.raises(ValueError, match=r"trials\.csv, line 1: this is no row"):
            read_bank(tmp_path)
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize(
    "facts", [b"\xff", b"{", b"[]", b"{}", b'{"trained_on": 3}', b'{"trained_on": "Monday"}']
)
def test_altered_facts_are_named(tmp_path, facts):
    write_bank(tmp_path, small_bank(3, 0).record(), {"trained_on": "2026-01-02"})
    (tmp_path / FACTS_FILE).write_bytes(facts)
    with pytest.raises(ValueError, match=r"facts\.json does not say when"):
        read_bank(tmp_path)


def test_the_facts_say_how_it_was_trained(tmp_path):
    record = small_bank(3, 0).record()
    facts = facts_of(record)
    write_bank(tmp_path, record, facts)
    kept = json.loads((tmp_path / FACTS_FILE).read_text())
    assert kept == facts
    assert kept["trained_on"] == "2026-01-02"
    assert kept["is_complete"] is False
    assert kept["numpy"] == np.__version__


def test_the_file_holds_what_the_plan_proposes():
    for row in read_bank(FOLDER).rows:
        if row.key.part != "tpe":
            settings = random_settings() if row.key.part == "random" else grid_settings()
            assert row.values == settings[row.key.number]


def test_the_bank_that_travels_with_the_package_is_whole():
    record = hpt.load_trial_bank()
    plan = BankPlan(quick, record)
    assert plan.propose() is None
    facts = json.loads((FOLDER / FACTS_FILE).read_text())
    assert facts["is_complete"] is True
    assert facts["n_trainings"] == len(record)
    bank = read_bank(FOLDER)
    assert bank.scores("random", 9).shape == (N_RANDOM, 3, 9)
    assert bank.scores("random", 27).shape == (N_LONG, 3, 27)
    assert bank.scores("grid", 27).shape == (27, 3, 27)
    assert bank.sequences.shape == (20, SEQUENCE_TRIALS, 3)
    for strategy in STRATEGIES:
        assert replay(bank, strategy, measure="retrained", n_resamplings=10) is not None


def test_all_trials_are_those_of_the_file():
    record = hpt.load_trial_bank()
    rows = read_bank(FOLDER).rows
    assert [trial.hyperparameters["seed"] for trial in record] == [row.key.seed for row in rows]
    assert record.trials == hpt.load_trial_bank().trials
    for trial in record:
        assert trial.ended == "diverged" or len(trial.history) == trial.hyperparameters["epochs"]


@pytest.mark.slow
def test_three_rows_are_trained_anew():
    # Those that learn nothing go up and down by chance.
    rows = [
        row for row in read_bank(FOLDER).rows if row.ended == "finished" and row.curve[-1] > 0.9
    ]
    objective = BankObjective(bank_data())
    for row in (rows[0], rows[len(rows) // 2], rows[-1]):
        values = {**row.values, "epochs": row.key.epochs, "seed": row.key.seed}
        curve = [accuracy for _, accuracy in objective(values).history]
        # The same here to the last digit. Another processor adds up in another order: what it
        # trains comes close, and ever less so.
        assert curve[0] == pytest.approx(row.curve[0], abs=0.01)
        assert curve == pytest.approx(row.curve, abs=0.03)
