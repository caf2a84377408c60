"""Numbers as readers type them: with a unit, thousands set apart, as a power or a fraction."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hpt_widgets.language import LANGUAGES, Text

# No thousands begin with 0: "0,009" has a decimal comma, which no field takes.
_THOUSANDS: Final = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
# The minus sign that the workbook prints, and the dashes that stand for it elsewhere.
_MINUS: Final = str.maketrans(dict.fromkeys("−–—‐", "-"))
_RAISED: Final = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_POWER: Final = re.compile(
    r"(?P<sign>-?)((?P<digits>\d+(\.\d+)?)\s*[*·⋅×x]\s*)?10\s*(\^|\*\*)\s*"
    r"(?P<open>\()?\s*(?P<power>[+-]?\d{1,3})\s*(?(open)\))"
)
_FRACTION: Final = re.compile(r"(-?\d{1,15}(?:\.\d+)?)\s*[/⁄]\s*(\d{1,15}(?:\.\d+)?)")
# A prediction is an estimate, and may say so.
_ESTIMATED: Final = re.compile(
    r"^(?:大约|大概|差不多|约|about|around|roughly|approximately|approx\.?|ca\.|~|≈)\s*(?=[-\d.第百])"
    r"|(?<=[\d%次轮个位倍步层张名种秒点])\s*(?:左右|上下|or so)$",
    re.IGNORECASE,
)
# What is counted stands behind its number, in Chinese always.
_COUNTED: Final = re.compile(
    r"^第\s*(?=\d)|(?<=\d)\s*(?:次(?:训练|试验)?|[轮个位倍步层张名种秒]|times"
    r"|(?:training|trial|run|epoch|digit|decimal|place|step|layer|second)s?)$",
    re.IGNORECASE,
)
_SIGN_APART: Final = re.compile(r"^-\s+(?=[\d.])")
_PERCENT_BEFORE: Final = re.compile(r"^百分之\s*(?=[\d.])")
_PERCENT: Final = ("%", "percent", "per cent")
_PERCENTAGE: Final = Text(en="%", zh="%")
_ALSO: Final = {
    "%": _PERCENT,
    "points": ("percentage points", "percentage point", "point", "百分点", *_PERCENT),
    "times": ("x", "×"),
}
"""What stands for a unit besides its own words."""


def plain_number(text: str, unit: Text | None = None) -> str:
    """Return what was typed as Python writes a number; what is no number stays as it was typed.

    Parameters
    ----------
    text : str
        ``"25,450"``, ``"96 %"``, ``"−0.5"``, ``"10^-3"``, ``"1/2"``, ``"about 5"``, ``"第 21 次"``;
        full-width digits as well.
    unit : Text, optional
        What may stand behind it, in any language.
    """
    plain = _without_unit(_ESTIMATED.sub("", _in_plain_signs(text)), unit)
    if all(_THOUSANDS.fullmatch(part.strip()) for part in plain.split("/") if "," in part):
        plain = plain.replace(",", "")
    if power := _POWER.fullmatch(plain):
        return f"{power['sign']}{power['digits'] or 1}e{power['power']}"
    if fraction := _FRACTION.fullmatch(plain):
        above, below = map(float, fraction.groups())
        return repr(above / below) if below else plain
    return plain


def is_number(plain: str) -> bool:
    """Return whether Python reads it as a number."""
    try:
        float(plain)
    except ValueError:
        return False
    return True


def share(text: str) -> str:
    """Return what was typed as `plain_number` does, a percentage as its hundredth: 88 % is 0.88."""
    percent = percentage(text)
    return plain_number(text) if percent is None else repr(percent / 100)


def percentage(text: str) -> float | None:
    """Return the 88 of what was typed as 88 %; None for what is no percentage."""
    found = plain_number(text, _PERCENTAGE)
    is_percentage = found != plain_number(text) and is_number(found)
    return float(found) if is_percentage else None


def _in_plain_signs(text: str) -> str:
    # Unicode's plain form of 10³ would be 103, and of 1½ 11/2.
    raised = _RAISED.sub(lambda found: f"^{found[0]}", text)
    apart = "".join(f" {sign}" if _is_fraction(sign) else sign for sign in raised)
    plain = unicodedata.normalize("NFKC", apart).translate(_MINUS).strip()
    return _SIGN_APART.sub("-", plain)


def _is_fraction(sign: str) -> bool:
    return unicodedata.decomposition(sign).startswith("<fraction>")


def _without_unit(plain: str, unit: Text | None) -> str:
    if unit is None:
        return _COUNTED.sub("", plain)
    if unit.en in ("%", "points"):
        plain = _PERCENT_BEFORE.sub("", plain)
    else:
        plain = _COUNTED.sub("", plain)
    words = {getattr(unit, code) for code in LANGUAGES} - {""}
    endings = sorted({*words, *_ALSO.get(unit.en, ())}, key=len, reverse=True)
    for ending in endings:
        if plain.casefold().endswith(ending):
            return plain[: -len(ending)].strip()
    return plain
