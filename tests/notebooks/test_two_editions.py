"""Both editions hold the same lesson, each in its own language."""

from __future__ import annotations

import re

import editions
import pytest
from editions import codes, headings, label, pair, read, shared, texts

from hpt_widgets.language import LANGUAGES

CHAPTERS = editions.names()
FILES = editions.files()
START = "00-start-here.ipynb"
LANGUAGE_CALL = re.compile(r'use_language\("(en|zh)"\)')


def test_there_are_notebooks():
    assert {"00-start-here.ipynb", "02-hyperparameters.ipynb"} <= set(CHAPTERS)


@pytest.mark.parametrize("name", CHAPTERS)
def test_both_editions_have_the_same_cells(name):
    english, chinese = pair(name)
    ids = [[cell.id for cell in book.cells] for book in (english, chinese)]
    alone = [
        f"{code}/{name} alone has the cells {', '.join(own)}"
        for code, these, others in (("en", *ids), ("zh", *reversed(ids)))
        if (own := [one for one in these if one not in others])
    ]
    assert not alone, "; ".join(alone)
    assert ids[0] == ids[1], f"{name}: the cells stand in another order"
    for one, other in zip(english.cells, chinese.cells, strict=True):
        kinds = [(cell.cell_type, cell.metadata) for cell in (one, other)]
        assert kinds[0] == kinds[1], f"{name}: cell {one.id} is of another kind, or has other tags"


@pytest.mark.parametrize("name", CHAPTERS)
def test_both_editions_have_the_same_code(name):
    english, chinese = pair(name)
    for one, other in shared(codes(english), codes(chinese)):
        assert one.source == LANGUAGE_CALL.sub('use_language("en")', other.source), one.id


@pytest.mark.parametrize("path", FILES, ids=label)
def test_the_first_code_cell_chooses_the_language_of_the_edition(path):
    first, *others = codes(read(path))
    assert LANGUAGE_CALL.findall(first.source) == [path.parent.name]
    assert not any("use_language" in cell.source for cell in others)


@pytest.mark.parametrize("name", CHAPTERS)
def test_headings_have_the_same_levels_and_numbers(name):
    def outline(notebook):
        number = re.compile(r"\d[\d.]*(-[a-z])?(?= )")
        return [
            (level, match.group() if (match := number.match(words)) else None)
            for level, words in headings(notebook)
        ]

    english, chinese = pair(name)
    assert outline(english) == outline(chinese)


@pytest.mark.parametrize("path", FILES, ids=label)
def test_no_markdown_is_in_the_wrong_language(path):
    language = path.parent.name
    found = {
        cell.id: wrong
        for cell in texts(read(path))
        if (wrong := editions.wrong_language(cell.source, language))
    }
    assert found == {}


@pytest.mark.parametrize("path", FILES, ids=label)
def test_what_is_bold_does_not_show_its_asterisks(path):
    found = {
        cell.id: shown
        for cell in texts(read(path))
        if (shown := editions.unclosed_bold(cell.source))
    }
    assert found == {}


@pytest.mark.parametrize("path", FILES, ids=label)
def test_chinese_is_stressed_in_bold_not_in_italics(path):
    found = {
        cell.id: slanted
        for cell in texts(read(path))
        if (slanted := editions.slanted_chinese(cell.source))
    }
    assert found == {}


@pytest.mark.parametrize("name", CHAPTERS)
def test_terms_are_translated_as_the_glossary_says(name):
    glossary = editions.glossary()
    english, chinese = pair(name)
    found = {
        one.id: missing
        for one, other in shared(texts(english), texts(chinese))
        if (missing := editions.untranslated(one.source, other.source, glossary))
    }
    assert found == {}


@pytest.mark.parametrize("name", CHAPTERS)
def test_numbers_are_the_same_in_both_texts(name):
    def numbers(source):
        return sorted(re.findall(r"(?<![\w.])\d+(?:[.,]\d+)*", editions.prose(source)))

    english, chinese = pair(name)
    for one, other in shared(texts(english), texts(chinese)):
        lost = set(numbers(one.source)) - set(numbers(other.source))
        # Chinese writes small counts as words or figures as it sounds better.
        assert {figure for figure in lost if len(figure) > 2} == set(), one.id


@pytest.mark.parametrize("path", FILES, ids=label)
def test_links_lead_somewhere(path):
    assert editions.dead_links(path) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_notebook_links_to_every_other(language):
    """A chapter that exists is not called missing."""
    source = "\n".join(cell.source for cell in texts(read(editions.NOTEBOOKS / language / START)))
    linked = {target for _, target in editions.LINK.findall(source)}
    assert {name for name in CHAPTERS if name != START} <= linked


@pytest.mark.parametrize("path", FILES, ids=label)
def test_every_chapter_leads_to_the_glossary(path):
    """It lies in the edition's own folder, so that a reader's copies have it too."""
    linked = {target for _, target in editions.LINK.findall(texts(read(path))[-1].source)}
    assert editions.GLOSSARY_NAME in linked


def test_both_editions_have_the_same_glossary():
    assert editions.glossary("en") == editions.glossary("zh")


def test_the_glossary_holds_each_term_once_and_in_order():
    english, chinese = zip(*editions.glossary(), strict=True)
    assert list(english) == sorted(set(english), key=str.lower)
    assert len(set(chinese)) == len(chinese)
    # Names stay as they are.
    names = {word for word, same in zip(english, chinese, strict=True) if word == same}
    assert names <= {
        *("AdaGrad", "Adam", "Hyperband", "ImageNet", "ReLU", "ResNet-50", "RMSProp", "sigmoid"),
        *("softmax", "tanh", "Transformer"),
    }
    assert all(editions.CHINESE.search(word) for word in set(chinese) - names)
    assert not any(editions.CHINESE.search(word) for word in english)


def test_the_glossary_says_what_each_term_means_and_where_it_is_explained():
    """Both editions name the same section, and there is one of that number."""
    numbers = {
        words.partition(" ")[0]
        for name in CHAPTERS
        for _, words in headings(read(editions.NOTEBOOKS / "en" / name))
    }
    pattern = re.compile(r"(.+?)(?: \(|（)([\d.]+)[)）]")
    one, other = (
        [pattern.fullmatch(text) for text in editions.meanings(code)] for code in LANGUAGES
    )
    assert all(one)
    assert all(other)
    assert [match[2] for match in one] == [match[2] for match in other]
    assert {match[2] for match in one} <= numbers
    assert not any(editions.CHINESE.search(match[1]) for match in one)
    assert all(editions.CHINESE.search(match[1]) for match in other)


def test_the_rules_find_what_they_look_for(tmp_path):
    assert editions.wrong_language("A sentence.\n\n一句话。", "en") == ["一句话。"]
    forgotten = "The loss is still falling when the time is up."
    assert editions.wrong_language(f"损失还在下降。\n\n{forgotten}", "zh") == [forgotten]
    assert editions.wrong_language("损失还在下降，The loss is still falling fast now。", "zh")
    assert not editions.wrong_language("学习率（learning rate）用 `hpt.hint(1)` 查看。", "zh")
    assert not editions.wrong_language("见 [*A title of no fewer words*](https://a.org)。", "zh")
    assert editions.unclosed_bold("**怎么做？**先看数据。") == ["怎么做？"]
    assert editions.unclosed_bold("这叫**“轮”**。") == ["“轮”"]
    assert not editions.unclosed_bold("**怎么做？** 先看**数据**（`x`）。**记住：** 一**轮**。")
    assert editions.slanted_chinese("**轮**，*同一个*轮，*k* 倍，`*轮*`") == ["同一个"]
    glossary = [
        ("learning rate", "学习率"),
        ("loss", "损失"),
        ("learning rate schedule", "学习率调度"),
    ]
    assert editions.untranslated("The learning rate.", "学习速度。", glossary)
    assert not editions.untranslated("Learning rates.", "学习率。", glossary)
    assert not editions.untranslated("The `loss`.", "函数。", glossary)
    assert editions.untranslated("A learning rate schedule.", "学习率。", glossary)
    path = tmp_path / "one.ipynb"
    links = "[a](one.ipynb#A-title) [b](two.ipynb) [c](#No-title) [d](https://example.org)"
    made = editions.nbformat.v4.new_notebook(
        cells=[editions.nbformat.v4.new_markdown_cell(f"# A title\n\n{links}")]
    )
    editions.nbformat.write(made, path)
    assert editions.dead_links(path) == ["two.ipynb", "#No-title"]
