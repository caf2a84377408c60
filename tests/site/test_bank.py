"""The bank explorer's replays, words and settings, against the package's."""

from dataclasses import asdict

import numpy as np
import pytest
from references import write_json
from small_bank import small_bank

import hpt_widgets as hpt
from hpt_widgets.labs.bank.charts import LATE, race_limits
from hpt_widgets.labs.bank.state import BankState
from hpt_widgets.labs.bank.words import notes, status_text
from hpt_widgets.language import use_language
from hpt_widgets.search.bank import replay as replays
from tools.site import package
from tools.site.bank import bank_counts, bank_facts, bank_tables
from tools.site.facts import texts

N_REPLAYS = 12
N_MANY = 2_000
BANKS = {
    "shipped": package.shipped_bank,
    "small": small_bank,
    "once": lambda: small_bank(n_random=23, n_sequences=0, n_repeats=1),
}
# The longest training, the budget, what is measured.
SETTINGS = [
    {"max_epochs": epochs, "n_trials": n_trials, "measure": measure}
    for epochs in package.MAX_EPOCHS
    for n_trials in (2, 12, 20, 40)
    for measure in package.MEASURES
]
DRAWN = [
    {"max_epochs": 9, "n_trials": 20, "measure": "seen"},
    {"max_epochs": 27, "n_trials": 8, "measure": "seen"},
    {"max_epochs": 9, "n_trials": 12, "measure": "retrained"},
]


class RecordedDraw(replays.Draw):
    """Keeps what it has drawn."""

    made: dict = {}  # noqa: RUF012  (one for all: a replay makes its own draw)

    def settings(self, count):
        """Draw settings, and note them."""
        self.made.update(n_replays=self.n_replays, settings=super().settings(count))
        return self.made["settings"]

    def repeats(self, count):
        """Draw trainings, and note them."""
        self.made.update(n_replays=self.n_replays, repeats=super().repeats(count))
        return self.made["repeats"]


@pytest.fixture(scope="module")
def banks():
    """Return the banks that are replayed, by name."""
    return {name: make() for name, make in BANKS.items()}


def write_tables(folder, name, bank):
    """Write a bank as the build does, and return where its tables are."""
    tables = bank_tables(bank)
    file = f"{name}.bin"
    (folder / file).write_bytes(b"".join(one.astype("<u2").tobytes() for one in tables.values()))
    return {"file": file, "shapes": {key: one.shape for key, one in tables.items()}}


def replay_cases(banks):
    """Yield replays with what was drawn for them."""
    for name, bank in banks.items():
        for strategy in package.STRATEGIES:
            for settings in SETTINGS:
                RecordedDraw.made = {"settings": [], "repeats": [], "n_replays": N_REPLAYS}
                found = replays.replay(bank, strategy, n_resamplings=N_REPLAYS, **settings)
                made = {"settings": [], "repeats": [], **RecordedDraw.made}
                case = {"bank": name, "strategy": strategy, "settings": settings, "draw": made}
                yield {**case, "replay": None if found is None else replay_record(found)}


def replay_record(found):
    return {
        "budgets": found.budgets,
        "values": found.values,
        "n_drawn": found.n_drawn,
        "n_settings": found.n_settings,
        "is_used_up": found.is_used_up,
        "is_nearly_used_up": found.is_nearly_used_up,
    }


def summary_cases():
    """Yield means with their bands, and which searches came together."""
    values = np.random.default_rng(1).uniform(0.8, 0.9, (30, 5))
    values[:, 0] = np.nan
    for n_seeds in (1, 4):
        mean, low, high = replays.mean_band(values, n_seeds, seed=2)
        size = (package.N_GROUPS, n_seeds)
        groups = np.random.default_rng(2).integers(len(values), size=size)
        case = {"values": values, "n_seeds": n_seeds, "groups": groups if n_seeds > 1 else None}
        yield {**case, "mean": mean, "low": low, "high": high}


def share_cases():
    """Yield shares of first places, and the draws by which they came about."""
    rng = np.random.default_rng(4)
    # Few values, so that many comparisons end in a tie.
    finals = [rng.integers(9_000, 9_004, n) / 10_000 for n in (40, 25, 40)]
    for n_seeds in (1, 3):
        expected = replays.first_shares(finals, n_seeds, seed=5, n_comparisons=200)
        again = np.random.default_rng((5, n_seeds))
        draws = [again.integers(len(one), size=(200, n_seeds)) for one in finals]
        case = {"finals": finals, "n_seeds": n_seeds, "n_comparisons": 200}
        yield {**case, "draws": draws, "expected": expected}


def needed_cases():
    """Return shares by number of seeds, and from how many seeds on they are high enough."""
    count = len(package.SEED_COUNTS)
    rows = [[1.0] * count, [0.5] * count, [0.5] * (count - 2) + [0.97] * 2]
    rows.append([0.96, 0.9, *[0.99] * (count - 2)])
    return [(row, replays.seeds_needed(row)) for row in rows]


def comparisons(banks):
    """Yield what the lab says of comparisons of many kinds, in both languages."""
    changes = [
        ("shipped", {}),
        ("shipped", {"n_seeds": 20, "strategies": ["random", "hyperband"]}),
        ("shipped", {"max_epochs": 27, "n_trials": 40}),
        ("shipped", {"strategies": "tpe"}),
        ("small", {"n_trials": 40, "n_seeds": 100, "unit": "epochs"}),
        ("small", {"n_trials": 16, "strategies": ["random_twice", "halving", "tpe"]}),
        ("once", {"measure": "retrained"}),
    ]
    for name, changed in changes:
        state = BankState(banks[name], n_resamplings=60)
        state.change(changed)
        compared = state.compare()
        for language in package.LANGUAGES:
            use_language(language)
            yield {
                "language": language,
                "compared": comparison_record(compared),
                "held": bank_counts(banks[name]),
                "status": status_text(compared),
                "notes": notes(state, compared),
                "limits": limits_of(compared),
            }


def comparison_record(compared):
    """Return a comparison as the page's other thread sends it."""
    found = {}
    for name, summary in compared.summaries.items():
        one = compared.replays[name]
        found[name] = {
            **asdict(summary),
            "nDrawn": one.n_drawn,
            "nSettings": one.n_settings,
            "isUsedUp": one.is_used_up,
            "isNearlyUsedUp": one.is_nearly_used_up,
        }
    return {
        "settings": asdict(compared.settings),
        "budgets": compared.budgets,
        "found": found,
        "winner": compared.winner,
        "chances": {compared.winner: compared.winners_share},
        "seedsNeeded": compared.seeds_needed,
    }


def limits_of(compared):
    low, _ = race_limits(compared)
    late = compared.budgets >= LATE * compared.budgets[-1]
    summaries = compared.summaries.values()
    least = min((np.nanmin(one.mean[late]) for one in summaries), default=0.0)
    most = max((np.nanmax(one.high) for one in summaries), default=1.0)
    return {"low": low, "least": least, "most": most}


def many_replays(bank):
    """Yield means, spreads and bands of thousands of replays with NumPy's draws."""
    for strategy in ("random", "random_twice", "halving", "hyperband", "grid"):
        for settings in DRAWN:
            found = replays.replay(bank, strategy, n_resamplings=N_MANY, **settings)
            if found is None:
                continue
            mean, low, high = replays.mean_band(found.values, 1)
            spread = found.values.std(axis=0)
            case = {"strategy": strategy, "settings": settings, "n": N_MANY, "spread": spread}
            yield {**case, "mean": mean, "low": low, "high": high}


def xoshiro(state, count):
    """Return numbers of xoshiro128** as its paper defines it."""
    mask = 0xFFFFFFFF

    def rotated(value, by):
        return (value << by | value >> (32 - by)) & mask

    a, b, c, d = state
    found = []
    for _ in range(count):
        found.append(rotated(b * 5 & mask, 7) * 9 & mask)
        shifted = b << 9 & mask
        c, d = c ^ a, d ^ b
        a, b = a ^ d, b ^ c
        c, d = c ^ shifted, rotated(d, 11)
    return found


def test_replays_words_and_settings_are_the_packages(run_node, tmp_path, banks, monkeypatch):
    monkeypatch.setattr(replays, "Draw", RecordedDraw)
    cases = list(replay_cases(banks))
    monkeypatch.undo()
    ended = [case["replay"] for case in cases]
    assert any(one is None for one in ended)
    assert any(one is not None and one["is_used_up"] for one in ended)
    said = list(comparisons(banks))
    limits = [{**one["compared"], **one["limits"]} for one in said if one["compared"]["found"]]
    reference = {
        "banks": {name: write_tables(tmp_path, name, bank) for name, bank in banks.items()},
        "cases": cases,
        "summaries": list(summary_cases()),
        "shares": list(share_cases()),
        "needed": needed_cases(),
        "comparisons": said,
        "limits": limits,
        "texts": {language: texts(language) for language in package.LANGUAGES},
        "drawn": {
            "replays": list(many_replays(banks["shipped"])),
            "xoshiro": xoshiro((1, 2, 3, 4), 20),
        },
    }
    write_json(tmp_path / "bank.json", reference)
    run_node("bank.test.mjs")


def test_the_tables_are_the_scores_to_the_digit(banks):
    for bank in banks.values():
        tables = bank_tables(bank)
        for part in package.BANK_PARTS:
            for epochs in package.MAX_EPOCHS:
                counts = tables[f"{part}-{epochs}"]
                scores = bank.scores(part, epochs)
                assert np.array_equal(counts / package.BANK_VALIDATION, scores)
        known = np.isfinite(bank.sequences)
        assert np.array_equal(tables["tpe"][known] / package.BANK_VALIDATION, bank.sequences[known])


def test_defaults_ranges_and_sliders_are_the_labs(banks):
    facts = bank_facts()
    lab = hpt.BankLab(banks["small"], n_resamplings=10)
    counted = {"n_resamplings": package.N_RESAMPLINGS}
    assert facts["defaults"] == {**asdict(lab.settings), **counted}
    for name, allowed in facts["ranges"].items():
        ends = (int(allowed["minimum"]), int(allowed["maximum"]))
        for value, beyond in zip(ends, (ends[0] - 1, ends[1] + 1), strict=True):
            if name == "n_resamplings":
                with pytest.raises(ValueError, match=name):
                    hpt.BankLab(banks["small"], n_resamplings=beyond)
                continue
            lab.set(**{name: value})
            with pytest.raises(ValueError, match=name):
                lab.set(**{name: beyond})
    assert set(facts["sliders"]) == {"n_trials", "n_seeds"}
    lab.close()
