"""The bank lab as a page without a kernel shows it, drawn in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hpt_widgets.labs.bank.charts import COLORS, SEED_TICKS, drawn, race_limits
from hpt_widgets.labs.bank.state import Comparison
from hpt_widgets.labs.bank.words import status_text
from hpt_widgets.language import translate
from hpt_widgets.search.bank.replay import SEED_COUNTS, SURE
from hpt_widgets.support.colors import NEUTRAL

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


def draw_comparison(compared: Comparison) -> StillPicture:
    """Draw the best so far of each strategy, and how often each comes first."""
    from hpt_widgets.support.still_picture import StillPicture

    made = StillPicture(figsize=(8.6, 6.4), layout="constrained")
    rows = made.add_gridspec(2, 1, height_ratios=(1.7, 1))
    race, shares = made.add_subplot(rows[0]), made.add_subplot(rows[1])
    race.set_title(status_text(compared), fontsize=9, wrap=True)
    _draw_race(race, compared)
    _draw_shares(shares, compared)
    return made


def _draw_race(chart: Any, compared: Comparison) -> None:
    bottom, top = race_limits(compared)
    for name in compared.replays:
        x, mean, low, high = drawn(compared, name, bottom)
        label = translate(f"bank_lab.{name}")
        look = {"color": COLORS[name]}
        chart.plot(x, mean, drawstyle="steps-post", linewidth=2.5, label=label, **look)
        chart.fill_between(x, low, high, step="post", alpha=0.16, linewidth=0, **look)
    chart.set_xlim(0.0, compared.budgets[-1])
    chart.set_ylim(bottom, top)
    chart.set_xlabel(translate(f"bank_lab.budget_{compared.settings.unit}"))
    chart.set_ylabel(translate("bank_lab.accuracy"))
    chart.yaxis.set_major_formatter("{x:.1%}")
    chart.grid(alpha=0.3)
    if compared.replays:
        chart.legend(fontsize=8, loc="lower right")


def _draw_shares(chart: Any, compared: Comparison) -> None:
    for name, shares in compared.shares.items():
        label = translate(f"bank_lab.{name}")
        chart.plot(SEED_COUNTS, shares, color=COLORS[name], linewidth=2, label=label)
    chart.axhline(SURE, color=NEUTRAL, linestyle="--", linewidth=1)
    chart.axvline(compared.settings.n_seeds, color=NEUTRAL, linestyle=":", linewidth=1.5)
    chart.set_xscale("log")
    chart.set_xticks(SEED_TICKS, [str(tick) for tick in SEED_TICKS])
    chart.minorticks_off()
    chart.set(xlim=(0.95, SEED_COUNTS[-1]), ylim=(0.0, 1.02))
    chart.set_xlabel(translate("bank_lab.seeds"))
    chart.set_ylabel(translate("bank_lab.comes_first"))
    chart.grid(alpha=0.3)
    if compared.shares:
        chart.legend(fontsize=8, loc="center right")
