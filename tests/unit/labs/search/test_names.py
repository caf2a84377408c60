"""Names that a reader gives: every one that a space or a record takes is drawn and shown."""

import re
from html.parser import HTMLParser

import pytest
from widget_tools import bundle_of, text_of

import hpt_widgets as hpt
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.settings_text import describe_settings, describe_value
from hpt_widgets.labs.search.dimension_scale import option_label
from hpt_widgets.labs.search.mark_encoding import MapAxes
from hpt_widgets.labs.search.trial_map import TrialMap
from hpt_widgets.labs.search.trial_words import (
    LONGEST_WORD,
    describe_values,
    parameter_name,
    shortened,
)
from hpt_widgets.language import texts_of
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.space import Choice, SearchSpace, Uniform
from hpt_widgets.search.trial import Trial
from hpt_widgets.training.hyperparameters import Hyperparameters

MARKUP = '<i onclick="run()">\'&amp;</i>'
NAMES = [
    "learning rate",
    "学习率",
    MARKUP,
    "x" * 300,
    " ",
    "hpt-chart",
    "a\tb\nc",
    "\ud800\x00",
    r"$\frac$ {value} %s",
]  # fmt: skip
OWN_TAGS = {
    "b", "br", "caption", "div", "p", "pre", "small", "span", "style", "table", "td", "th", "tr"
}  # fmt: skip


class Tags(HTMLParser):
    """Collects the tags of a text, and their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def lab_of(names, **more):
    space = SearchSpace(tuple(Uniform(name, 0.0, 1.0) for name in names))
    return hpt.SearchLab(objective=lambda values: min(values.values()), space=space, **more)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_readers_own_schedules_are_called_as_the_reader_does(language):
    hpt.use_language(language)
    space = SearchSpace((Choice("schedule", ("step", "plateau")), Uniform("learning_rate", 0, 1)))
    lab = hpt.SearchLab(objective=lambda values: values["learning_rate"], space=space)
    lab.run("grid", trials=6)
    assert len(lab.record.trials) == 6
    assert " step" in describe_values({"schedule": "step"})
    for value in (None, 3, ["a"], "plateau"):
        assert describe_settings({"schedule": value}).endswith(describe_value(value))


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_css_class_is_one_whatever_a_hyperparameter_is_called(name):
    lab = lab_of([name, "other", "third"])
    lab.run("tpe", trials=4, n_startup_jobs=2)
    lab.view.open_tab("parallel")
    classes = [
        word for widget in widgets_within(lab.view) for word in getattr(widget, "_dom_classes", ())
    ]
    strips = [word for word in classes if word.startswith("hpt-marginal")]
    assert sorted(strips) == sorted(2 * [f"hpt-marginal-{n}" for n in range(3)])
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", word) for word in classes)
    counts = lab.view.map.drawn_counts()
    assert counts == {name: [1] * 4, "other": [1] * 4, "third": [1] * 4}
    lab.close()


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_text_wherever_it_is_shown(name):
    record = SearchRecord(MARKUP)
    record.append(Trial({name: 0.5, "other": 0.5}, validation_accuracy=0.5, message=MARKUP))
    lab = lab_of([name, "other"], records=[record])
    lab.run("tpe", trials=3, n_startup_jobs=2)
    text = text_of(lab) + text_of(lab.view.densities.charts_box)
    tags = Tags(text).found
    assert {tag for tag, _ in tags} <= OWN_TAGS
    assert not any("onclick" in attributes for _, attributes in tags)
    text.encode()  # what can't be encoded can't be sent to the browser
    lab.close()


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")
@pytest.mark.parametrize("name", [*NAMES, "_hidden"], ids=ascii)
def test_the_still_picture_writes_names_literally(name):
    record = SearchRecord(name)
    record.append(Trial({name: 0.5, "b": 0.5, "c": "$^$"}, validation_accuracy=0.5))
    space = SearchSpace((Uniform(name, 0, 1), Uniform("b", 0, 1), Choice("c", ("$^$", "_"))))
    lab = hpt.SearchLab(objective=lambda _: 0.5, space=space, records=[record])
    assert bundle_of(lab)["image/png"]
    map_axes, _, _, strip, _, best = lab.figure().axes
    written = shortened(name).replace("$", r"\$")
    assert map_axes.get_xlabel().strip() == written.strip()
    assert [label.get_text().strip() for label in strip.get_xticklabels()] == [r"\$^\$", "_"]
    [label] = best.get_legend().get_texts()
    assert label.get_text().strip() == f"{written} (1)".strip()
    lab.close()


def test_a_name_that_the_lab_itself_uses_is_not_translated():
    for name in texts_of("training_lab"):
        known = name in Hyperparameters.__dataclass_fields__ or name == "training_size"
        assert known or parameter_name(name) == name
    assert parameter_name("learning_rate") == "learning rate"
    drawn = TrialMap(MapAxes.of(SearchSpace((Uniform("more", 0, 1), Uniform("b", 0, 1)))), print)
    assert drawn.figure.axes[0].label == "more"
    drawn.draw([Trial({"more": 0.1, "b": 0.2}, validation_accuracy=0.5, number=1)])
    assert list(drawn.marks.names) == ["#1: more 0.1, b 0.2"]


def test_a_long_name_leaves_room_for_the_chart():
    names = ("a" * 200 + "1", "a" * 200 + "2")
    shown = [shortened(name) for name in names]
    assert {len(name) for name in shown} == {LONGEST_WORD}
    assert shown[0] != shown[1]
    lab = lab_of(names)
    lab.run("random", trials=2)
    assert names[0] not in text_of(lab)
    assert all(name in text_of(lab) for name in shown)
    assert [axis.label for axis in lab.view.map.figure.axes] == shown
    lab.close()


def test_an_option_is_text_too():
    space = SearchSpace(
        (Uniform("a", 0, 1), Uniform("b", 0, 1), Choice("kind", (MARKUP, "y" * 300)))
    )
    lab = hpt.SearchLab(objective=lambda _: 0.5, space=space)
    lab.run("grid", trials=4)
    assert {tag for tag, _ in Tags(text_of(lab)).found} <= OWN_TAGS
    assert "y" * 300 not in text_of(lab)
    labels = lab.view.map.marginals["kind"].figure.axes[1].tick_labels
    assert list(labels.values()) == [option_label(MARKUP), option_label("y" * 300)]
    lab.close()
