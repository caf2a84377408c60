"""The fonts of the figures: a Chinese one travels with the package.

It is a subset of Noto Sans CJK SC (SIL Open Font License 1.1, ``OFL.txt``) with all characters
of GB 2312, made by ``tools/make_font.py``.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Final

from hpt_widgets.language import current_language

CHINESE_FAMILY: Final = "Workbook Sans SC"
CHINESE_FONT: Final = Path(__file__).with_name("WorkbookSansSC-Regular.otf")


def use_fonts() -> None:
    """Let matplotlib find the Chinese font, in the order that the reader's language needs.

    In Chinese it stands before the others: behind them, a title that mixes Chinese and a
    formula would be drawn with boxes. In English it is asked for what the others lack, such as
    a reader's own class names.
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    known = font_manager.fontManager
    if CHINESE_FAMILY not in known.get_font_names():
        known.addfont(CHINESE_FONT)
        # One weight serves for bold too: else matplotlib says on stderr that it found none.
        regular = next(font for font in known.ttflist if font.name == CHINESE_FAMILY)
        known.ttflist.append(dataclasses.replace(regular, weight="bold"))
    others = [name for name in mpl.rcParams["font.family"] if name != CHINESE_FAMILY]
    is_first = current_language() == "zh"
    families = [CHINESE_FAMILY, *others] if is_first else [*others, CHINESE_FAMILY]
    if mpl.rcParams["font.family"] != families:
        mpl.rcParams["font.family"] = families


def use_fonts_in_open_chart() -> None:
    """Let the chart that pyplot is at use them too, whose texts were made with those before."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_fignums():
        return
    import matplotlib as mpl
    from matplotlib.text import Text

    families = mpl.rcParams["font.family"]
    usual = [name for name in families if name != CHINESE_FAMILY]
    for text in pyplot.gcf().findobj(Text):
        own = text.get_fontfamily()
        if CHINESE_FAMILY not in own:
            text.set_fontfamily(families if own == usual else [*own, CHINESE_FAMILY])
