"""Figures draw Chinese on every machine."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
import warnings
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

import hpt_widgets as hpt
from hpt_widgets import language
from hpt_widgets.language import axis_labels
from hpt_widgets.support.fonts import CHINESE_FAMILY, CHINESE_FONT, use_fonts
from hpt_widgets.support.still_picture import StillPicture
from tools.make_font import gb2312


@pytest.fixture
def no_chinese_font(monkeypatch):
    """Leave matplotlib the fonts that it brings, as on a machine without any Chinese one."""
    brought = Path(mpl.get_data_path())
    own = [font for font in font_manager.fontManager.ttflist if brought in Path(font.fname).parents]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    with mpl.rc_context({"font.family": ["sans-serif"]}):
        yield


def picture(title, label="学习率 0.1"):
    made = StillPicture(figsize=(4, 3), layout="constrained")
    axes = made.subplots()
    axes.plot([0, 1], [-1, 1], label=label)
    axes.set(title=title, xlabel="样本数", ylabel="验证准确率")
    axes.legend()
    return made.png()


def test_a_chinese_figure_lacks_no_glyph_on_a_machine_without_a_chinese_font(no_chinese_font):
    hpt.use_language("zh")
    assert picture(r"学习率 $\eta = 10^{-3}$：−0.5").startswith(b"\x89PNG")


def test_without_our_font_a_glyph_would_be_missing(no_chinese_font):
    hpt.use_language("zh")
    mpl.rcParams["font.family"] = ["sans-serif"]
    made = mpl.figure.Figure()
    made.text(0.5, 0.5, "学习率")
    with pytest.warns(UserWarning, match="missing from font"):
        made.savefig(io.BytesIO(), format="png")


def test_an_english_figure_draws_the_class_names_of_a_chinese_reader(no_chinese_font):
    assert picture("confusion matrix", label="猫头鹰 0.1").startswith(b"\x89PNG")


def test_in_chinese_our_font_is_the_one_that_is_used(no_chinese_font):
    hpt.use_language("zh")
    use_fonts()
    found = font_manager.findfont(font_manager.FontProperties())
    assert Path(found) == CHINESE_FONT


def test_bold_text_says_nothing_on_stderr(no_chinese_font, caplog):
    made = StillPicture()
    made.text(0.5, 0.5, "学习率", weight="bold")
    made.png()
    assert not caplog.records


def test_in_english_the_readers_own_font_stays(no_chinese_font):
    mpl.rcParams["font.family"] = ["monospace"]
    use_fonts()
    use_fonts()
    assert mpl.rcParams["font.family"] == ["monospace", CHINESE_FAMILY]
    hpt.use_language("zh")
    use_fonts()
    assert mpl.rcParams["font.family"] == [CHINESE_FAMILY, "monospace"]


def glyphs():
    return set(TTFont(CHINESE_FONT).getBestCmap())


def test_the_font_holds_all_of_gb_2312():
    assert len(gb2312()) == 7445
    assert gb2312() - glyphs() == set()


def texts_in_chinese():
    for module in pkgutil.iter_modules(language.__path__):
        texts = importlib.import_module(f"{language.__name__}.{module.name}").TEXTS
        yield from (text.zh for text in texts.values())


def test_the_font_holds_every_character_of_the_texts():
    used = {ord(sign) for text in texts_in_chinese() for sign in text if sign.isprintable()}
    behind = set(TTFont(font_manager.findfont("DejaVu Sans")).getBestCmap())
    assert {chr(code) for code in used - glyphs() - behind} == set()


def test_the_licence_lies_beside_the_font():
    text = CHINESE_FONT.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    names = {str(record) for record in TTFont(CHINESE_FONT)["name"].names if record.nameID == 1}
    assert names == {CHINESE_FAMILY}


def test_making_pictures_warns_of_nothing(no_chinese_font):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture("a run")


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("name", axis_labels.TEXTS)
def test_a_readers_own_chart_has_its_labels_in_the_readers_language(no_chinese_font, name, code):
    hpt.use_language(code)
    figure, axes = plt.subplots()
    axes.set(xlabel=hpt.axis_label(name))
    # A letter that no font has would be a warning, and warnings are errors.
    figure.canvas.draw()
    plt.close(figure)
    assert axes.get_xlabel() == getattr(axis_labels.TEXTS[name], code)


def test_a_readers_own_font_stays_before_ours(no_chinese_font):
    hpt.use_language("zh")
    figure, axes = plt.subplots()
    axes.set_ylabel("0.5", fontfamily="monospace")
    axes.set_xlabel(hpt.axis_label("step"))
    figure.canvas.draw()
    plt.close(figure)
    assert axes.yaxis.label.get_fontfamily() == ["monospace", CHINESE_FAMILY]
    assert axes.xaxis.label.get_fontfamily()[0] == CHINESE_FAMILY


def test_the_documentation_of_the_labels_names_all():
    parameters = hpt.axis_label.__doc__.split("Returns\n")[0]
    assert sorted(re.findall(r'"(\w+)"', parameters)) == sorted(axis_labels.TEXTS)
