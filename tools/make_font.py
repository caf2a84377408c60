"""Makes the Chinese font of the figures: a subset of Noto Sans CJK SC under a name of its own.

``python -m tools.make_font [font]``. The source is Debian's (``apt install fonts-noto-cjk``),
or another copy of ``NotoSansCJK-Regular.ttc``. The subset holds all characters of GB 2312, so
that a reader's own class names are drawn too, and those of Latin and Greek, because a title
that mixes Chinese and formulas is drawn with one font. It has another name than the source:
else a test could not tell whether it is used where a system has the source installed.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

from hpt_widgets.support.fonts import CHINESE_FAMILY, CHINESE_FONT

DEBIAN_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SOURCE_FAMILY = "Noto Sans CJK SC"
ASCII = range(0x20, 0x7F)
LATIN_AND_GREEK = (*range(0xA0, 0x100), *range(0x391, 0x3CA))
# Signs of the figures that GB 2312 lacks.
SIGNS = "−–—…·×÷±≈≠≤≥→←↑↓∂∇∞√²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉’‘“”"
FAMILY_NAMES = {1: CHINESE_FAMILY, 3: CHINESE_FAMILY, 4: CHINESE_FAMILY, 16: CHINESE_FAMILY}
POSTSCRIPT_NAME_ID = 6


def gb2312() -> set[int]:
    """Return the code points of GB 2312: rows 1 to 87 of 94 characters each."""
    found = set()
    for row, cell in itertools.product(range(1, 88), range(1, 95)):
        try:
            found.add(ord(bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312")))
        except UnicodeDecodeError:  # not all cells are taken
            continue
    return found


def characters() -> set[int]:
    """Return the code points that the font is to hold."""
    return {*gb2312(), *ASCII, *LATIN_AND_GREEK, *map(ord, SIGNS)}


def open_source(path: Path) -> TTFont:
    """Return the simplified Chinese font of a collection, or the font that the file holds."""
    if path.suffix != ".ttc":
        return TTFont(path)
    fonts: list[TTFont] = TTCollection(path).fonts
    return next(font for font in fonts if font["name"].getDebugName(1) == SOURCE_FAMILY)


def make(source: Path, target: Path) -> None:
    """Write the subset."""
    font = open_source(source)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    _rename(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    # The same bytes each time that it is made.
    font.recalcTimestamp = False
    font.save(target)


def _rename(font: TTFont) -> None:
    plain = CHINESE_FAMILY.replace(" ", "")
    for record in list(font["name"].names):
        name = FAMILY_NAMES.get(record.nameID)
        if record.nameID == POSTSCRIPT_NAME_ID:
            name = plain
        if name is not None:
            record.string = name
    top: Any = font["CFF "].cff
    top.fontNames[0] = plain
    top[0].FullName = top[0].FamilyName = CHINESE_FAMILY


def main() -> None:
    """Make the font and say how large it is."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_font")
    parser.add_argument("font", nargs="?", type=Path, default=DEBIAN_FONT)
    make(parser.parse_args().font, CHINESE_FONT)
    print(f"{CHINESE_FONT}: {CHINESE_FONT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
