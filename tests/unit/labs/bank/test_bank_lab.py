"""The bank lab, moved by its methods and by its widgets."""

import re
import threading

import numpy as np
import pytest
from patience import SECONDS
from small_bank import bank_of, small_bank

import hpt_widgets as hpt
from hpt_widgets.labs.bank.charts import drawn, race_limits
from hpt_widgets.labs.bank.state import BankState
from hpt_widgets.search.bank.replay import SEED_COUNTS, STRATEGIES, first_shares, replay
from hpt_widgets.search.bank.table import TrialBank

BANK = small_bank()


@pytest.fixture
def lab():
    made = hpt.BankLab(BANK, n_resamplings=200)
    yield made
    made.close()


def words(lab):
    return lab.view.words.value


def test_it_compares_all_strategies_at_first(lab):
    assert tuple(lab.comparison.replays) == STRATEGIES
    assert lab.winner in STRATEGIES
    finals = {name: found.finals.mean() for name, found in lab.comparison.replays.items()}
    assert finals[lab.winner] == max(finals.values())


def test_its_curves_are_those_of_the_replays(lab):
    lab.set(n_trials=7, unit="epochs", seed=3)
    found = replay(BANK, "hyperband", n_trials=7, n_resamplings=200, seed=3)
    curve = lab.curve("hyperband")
    assert curve[:, 0].tolist() == found.budgets.tolist()
    assert curve[:, 1] == pytest.approx(found.values.mean(axis=0), nan_ok=True)
    lab.set(unit="trials")
    assert lab.curve("hyperband")[-1, 0] == 7


def test_what_is_drawn_is_what_was_found(lab):
    for name in STRATEGIES:
        bottom, top = race_limits(lab.comparison)
        x, mean, low, high = drawn(lab.comparison, name, bottom)
        assert len(x) >= 3
        line, band = lab.view.race.lines[name], lab.view.race.bands[name]
        assert line.x == pytest.approx(x)
        assert line.y == pytest.approx(np.clip(mean, bottom, top))
        assert band.y == pytest.approx(np.clip([low, high], bottom, top))
        assert (low <= mean + 1e-12).all()
        assert (mean <= high + 1e-12).all()


def test_a_box_takes_a_strategy_out_and_the_last_one_stays(lab):
    for name in STRATEGIES[:-1]:
        lab.view.controls.strategies[name].box.value = False
    assert lab.settings.strategies == ("tpe",)
    assert len(lab.view.race.lines["random"].x) == 0
    box = lab.view.controls.strategies["tpe"].box
    box.value = False
    assert box.value is True
    assert "at least one strategy" in lab.view.controls.strategies["tpe"].message.value
    assert lab.winner is None
    assert "Choose two strategies" in lab.view.status.value


def test_more_seeds_make_the_band_narrower_and_the_winner_surer(lab):
    lab.set(strategies=["random", "random_twice"])
    widths, shares = [], []
    for n_seeds in (1, 20):
        lab.set(n_seeds=n_seeds)
        summary = lab.comparison.summaries["random"]
        widths.append(summary.high[-1] - summary.low[-1])
        shares.append(lab.comparison.winners_share)
    assert widths[1] < widths[0] / 3
    assert lab.winner == "random_twice"
    assert shares[0] < shares[1]
    assert lab.view.shares.chosen.x.tolist() == [20, 20]


def test_the_number_of_seeds_that_is_enough_is_said():
    steep = np.linspace(0.1, 0.9, 40)[:, None, None] * np.ones((1, 1, 9))
    lab = hpt.BankLab(bank_of(steep), n_resamplings=500, strategies=["random", "random_twice"])
    lab.set(n_trials=2)
    finals = [lab.comparison.replays[name].finals for name in ("random", "random_twice")]
    surest = [first_shares(finals, count)[1] >= 0.95 for count in SEED_COUNTS]
    assert lab.seeds_needed == SEED_COUNTS[surest.index(True)]
    assert f"from {lab.seeds_needed} seeds on" in lab.view.status.value
    lab.close()


def test_it_says_what_the_bank_has_and_lacks(lab):
    assert "96 random settings (32 of them for 27 epochs)" in words(lab)
    assert "3 runs of TPE" in words(lab)
    assert "still growing" in words(lab)
    lab.set(max_epochs=27, n_trials=20)
    assert "TPE is not shown" in words(lab)
    assert "tpe" not in lab.comparison.replays
    # 32 settings are too few for a second bracket of 27, and for twice 20 trials.
    assert "no more settings: random ×2, halving, Hyperband" in words(lab)
    assert "up to 62% of the bank" in words(lab)


def test_without_a_second_training_nothing_can_be_retrained():
    lab = hpt.BankLab(small_bank(n_repeats=1), n_resamplings=20)
    lab.set(measure="retrained")
    assert "trained once only: random, random ×2, halving, Hyperband, grid, TPE" in words(lab)
    assert lab.comparison.replays == {}
    assert lab.figure().png().startswith(b"\x89PNG")
    lab.close()


def test_an_empty_bank_is_no_fault():
    lab = hpt.BankLab(TrialBank((), BANK.trained_on))
    assert "0 trainings" in words(lab)
    assert lab.winner is None
    assert lab.figure().png().startswith(b"\x89PNG")
    lab.close()


def test_the_shipped_bank_is_replayed():
    lab = hpt.BankLab(strategies=("random", "random_twice"), n_trials=3, n_resamplings=100)
    assert set(lab.comparison.replays) == {"random", "random_twice"}
    assert np.isfinite(lab.curve("random")[-1]).all()
    lab.close()


def test_what_is_shown_belongs_to_settings_that_two_threads_change_at_once(lab, monkeypatch):
    begun, changed, compare = threading.Event(), threading.Event(), BankState.compare

    def held_once(state):
        found = compare(state)
        if not begun.is_set():
            begun.set()
            changed.wait(0.3)  # in vain: the other one is kept out
        return found

    def click():
        begun.wait(SECONDS)
        lab.set(n_trials=3)
        changed.set()

    monkeypatch.setattr(BankState, "compare", held_once)
    thread = threading.Thread(target=click)
    thread.start()
    lab.set(n_seeds=5)
    thread.join()
    assert (lab.settings.n_seeds, lab.settings.n_trials) == (5, 3)
    assert lab.comparison.settings == lab.settings


def test_another_draw_gives_other_replays_of_the_same_law(lab):
    before = lab.comparison.replays["random"].finals
    lab.view.controls.buttons["redraw"].click()
    after = lab.comparison.replays["random"].finals
    assert (before != after).any()
    spread = np.hypot(before.std(), after.std()) / np.sqrt(200)
    assert before.mean() == pytest.approx(after.mean(), abs=4 * spread)
    lab.set(seed=10**6)
    lab.view.controls.buttons["redraw"].click()
    assert lab.settings.seed == 0


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"n_trials": 41}, "n_trials=41"),
        ({"strategies": []}, "strategies"),
        ({"max_epochs": 10}, "9, 27"),
        ({"speed": 1}, "speed=1"),
        ({"n_seeds": 3, "unit": "hours"}, "trials, epochs"),
    ],
)
def test_what_is_not_allowed_changes_nothing(lab, changes, word):
    before = lab.settings
    with pytest.raises(ValueError, match=word):
        lab.set(**changes)
    assert lab.settings == before


def test_a_curve_that_is_not_compared_is_refused(lab):
    lab.set(strategies="grid")
    with pytest.raises(ValueError, match="strategy='tpe'"):
        lab.curve("tpe")


def test_it_speaks_chinese(readers_folder):
    hpt.use_language("zh")
    lab = hpt.BankLab(BANK, n_resamplings=50)
    assert "试验库共有" in words(lab)
    assert re.search(r"平均最好的策略：\S+（\d+\.\d\d%）.+名列第一", lab.view.status.value)
    lab.close()
