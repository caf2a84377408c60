"""What the bank lab says: who comes first, from how many seeds on, and how far the bank reaches."""

from __future__ import annotations

from collections.abc import Sequence

from hpt_widgets.labs.bank.state import BankState, Comparison
from hpt_widgets.language import counted, translate
from hpt_widgets.search.bank.plan import EPOCHS, N_RANDOM, N_SEQUENCES
from hpt_widgets.search.bank.replay import STRATEGIES, SURE


def status_text(compared: Comparison) -> str:
    """Return who comes first, and how sure that is."""
    winner, share = compared.winner, compared.winners_share
    if winner is None or share is None:
        return translate("bank_lab.no_rivals")
    mean = float(compared.replays[winner].finals.mean())
    n_seeds = compared.settings.n_seeds
    values = {
        "winner": translate(f"bank_lab.{winner}"),
        "accuracy": _percent(mean, 2),
        "share": _percent(share),
        "sure": _percent(SURE),
    }
    said = counted("bank_lab.first", n_seeds, **values)
    needed = compared.seeds_needed
    key = "needed_never" if needed is None else "needed_one" if needed == 1 else "needed"
    return said + translate(f"bank_lab.{key}", count=needed, n=n_seeds, **values)


def notes(state: BankState, compared: Comparison) -> list[str]:
    """Return what a reader should know of the bank and of these replays."""
    return [
        _said_of_band(compared),
        # What may mislead comes first: a reader may have to scroll to the rest.
        *_used_up(compared),
        *_missing(compared),
        *_said_of_grid(compared),
        _said_of_bank(state),
    ]


def _said_of_band(compared: Comparison) -> str:
    key = "band_one" if compared.settings.n_seeds == 1 else "band_mean"
    return translate(f"bank_lab.{key}", n=compared.settings.n_seeds)


def _said_of_grid(compared: Comparison) -> list[str]:
    is_race = "grid" in compared.replays and len(compared.replays) > 1
    return [translate("bank_lab.grid_is_narrow")] if is_race else []


def _missing(compared: Comparison) -> list[str]:
    chosen = compared.settings
    lacking = [name for name in chosen.strategies if name not in compared.replays]
    said = []
    if "tpe" in lacking and chosen.max_epochs != EPOCHS:
        said.append(translate("bank_lab.tpe_is_short", epochs=EPOCHS))
        lacking.remove("tpe")
    if lacking:
        key = "lacking_again" if chosen.measure == "retrained" else "lacking"
        said.append(translate(f"bank_lab.{key}", names=_names(lacking)))
    return said


def _used_up(compared: Comparison) -> list[str]:
    found = compared.replays
    ended = [name for name in found if found[name].is_used_up]
    nearly = [name for name in found if found[name].is_nearly_used_up and name not in ended]
    said = []
    if ended:
        said.append(translate("bank_lab.used_up", names=_names(ended)))
    if nearly:
        most = max(found[name].n_drawn / found[name].n_settings for name in nearly)
        share = _percent(most)
        said.append(translate("bank_lab.nearly_used_up", names=_names(nearly), share=share))
    return said


def _said_of_bank(state: BankState) -> str:
    bank = state.bank
    counts = {part: len(bank.scores(part, 1)) for part in ("random", "grid")}
    n_long = len(bank.scores("random", 27))
    said = translate(
        "bank_lab.bank",
        trainings=len(bank.rows),
        random=counts["random"],
        long=n_long,
        grid=counts["grid"],
        sequences=len(bank.sequences),
    )
    if counts["random"] < N_RANDOM or len(bank.sequences) < N_SEQUENCES:
        said += translate("bank_lab.unfinished", random=N_RANDOM, sequences=N_SEQUENCES)
    return said


def _percent(share: float, decimals: int = 0) -> str:
    return translate("bank_lab.percent", value=f"{100 * share:.{decimals}f}")


def _names(strategies: Sequence[str]) -> str:
    ordered = [name for name in STRATEGIES if name in strategies]
    return translate("bank_lab.comma").join(translate(f"bank_lab.{name}") for name in ordered)
