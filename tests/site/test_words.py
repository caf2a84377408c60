"""The page's words, numbers and settings, against the package's."""

import json
import re
import string
from dataclasses import asdict

import numpy as np

import hpt_widgets as hpt
from hpt_widgets.language import use_language
from hpt_widgets.training import hyperparameters
from tools.run_checks import PROJECT
from tools.site import package
from tools.site.build import ACCURACY
from tools.site.facts import PARTS, all_facts, texts
from tools.site.words import BANK_TEXTS, TEXTS

NUMBERS = [0, 1, -1, 0.5, 2.5, 12.25, 0.125, 1e-5, 0.00123456, 99999.4, 123456.789, 1e21, 1e-300]
SPECIFICATIONS = [".3g", "g", ".2e", ",.0f", ".1f", ".1%", ",.10g"]
# What stands for a placeholder; its name says what kind of value it is.
SAMPLE = {"value": "abc", "name": "learning_rate", "allowed": "a number", "digit": 7, "true": 3}


def filled_texts(language):
    """Return every text of the page with values for its placeholders, as Python fills it."""
    use_language(language)
    found = []
    for part, table in texts(language).items():
        for key, words in table.items():
            fields = [field for field in string.Formatter().parse(words) if field[1]]
            values = {name: value_for(name, spec) for _, name, spec, _ in fields}
            full = package.Text(en=words, zh=words).format(**values)
            found.append((f"{part}.{key}", values, full))
    return found


def value_for(name, specification):
    return 1234.5 if specification else SAMPLE.get(name, "x")


def programs():
    for optimizer in package.OPTIMIZERS:
        for changes in ({}, {"dropout_rate": 0.0, "weight_decay": 1e-5, "hidden_units": (7,)}):
            hp = hpt.Hyperparameters(optimizer=optimizer, learning_rate=0.1, **changes)
            yield {"values": hp.to_dict(), "program": package.keras_program(hp)}


def changes_in_mid_run(language):
    """Return trainings whose settings were changed, and how the package says it."""
    use_language(language)
    request = package.TrainingRequest(hpt.Hyperparameters(), 10_000)
    moments = [
        (100, {"learning_rate": 0.02}),
        (350, {"learning_rate": 0.0005, "dropout_rate": 0.0}),
        (5_000, {"batch_size": 256}),
        (5_250, {"optimizer": "sgd", "batch_size": 8}),
        (6_000, {"weight_decay": 1e-6}),
    ]
    for count in range(len(moments) + 1):
        said = package.describe_changes(request, moments[:count])
        placed = [package.Change(one.samples, one.values, "") for one in said]
        merged = package.merged_changes(placed, request.total_samples)
        expected = [(one.x, one.text) for one in merged]
        yield request.record(), moments[:count], request.total_samples, expected


def refusals(language):
    """Return what may be typed into fields and is not allowed, and what the package says to it."""
    use_language(language)
    ranges = [
        package.NumberRange(1, 4096, whole=True),
        package.NumberRange(1e-8, 10),
        package.NumberRange(0, 0.9),
        package.NumberRange(0, 200),
    ]
    for allowed in ranges:
        for typed in ("", "a, b", "-1", "1e9", "２５６７８", 50 * "7", "9" * 20):
            try:
                allowed.parse("a field", typed)
            except ValueError as error:
                yield asdict(allowed), typed, str(error)


def notches(slider, whole):
    for notch in range(slider["notches"] + 1):
        place = slider["minimum"] + notch * slider["step"]
        value = place if slider["base"] is None else slider["base"] ** place
        yield round(value) if whole else float(f"{value:.3g}")


ALLOWED = [
    ("learning_rate", "1e-2", 0.01),
    ("learning_rate", " .5 ", 0.5),
    ("hidden_units", "(128, 64)", [128, 64]),
    ("hidden_units", "128-64", [128, 64]),
    ("hidden_units", "１２８，６４", [128, 64]),
    ("optimizer", "rmsprop", "rmsprop"),
    ("seed", "2147483647", 2147483647),
]
REFUSED = [
    ("learning_rate", "0"),
    ("learning_rate", "NaN"),
    ("learning_rate", "0x10"),
    ("learning_rate", ""),
    ("batch_size", "1.5"),
    ("dropout_rate", "0.95"),
    ("hidden_units", ""),
    ("hidden_units", "0"),
    ("hidden_units", "-5"),
    ("hidden_units", "1,1,1,1,1,1,1,1,1,1,1"),
    ("optimizer", "adamw"),
    ("training_size", "60000"),
]


def test_the_accuracies_that_the_page_gives_do_not_contradict_their_difference():
    figures = json.loads(ACCURACY.read_text(encoding="utf-8"))
    for language in package.LANGUAGES:
        words = getattr(TEXTS["about_difference"], language).format(**figures)
        here, there = map(float, re.findall(r"([\d.]+)%", words))
        # The digits are those of three decimals of a percent: what is said is what one subtracts.
        assert f"{here - there:.3f}" in words
        assert f"{100 * (figures['page'] - figures['workbook']):.3f}" in words


def test_numbers_texts_settings_and_programs_are_the_packages(run_node, tmp_path):
    sliders = all_facts()["sliders"]
    values = {
        "texts": {language: texts(language) for language in package.LANGUAGES},
        "filled": {language: filled_texts(language) for language in package.LANGUAGES},
        "formatted": [(n, s, format(n, s)) for n in NUMBERS for s in SPECIFICATIONS],
        "shown": [(n, package.shown(float(n))) for n in NUMBERS],
        "floats": [(n, repr(float(n))) for n in NUMBERS],
        "programs": list(programs()),
        "typed": {name: list(refusals(name)) for name in package.LANGUAGES},
        "changes": {name: list(changes_in_mid_run(name)) for name in package.LANGUAGES},
        "allowed": ALLOWED,
        "refused": REFUSED,
        "sliders": sliders,
        "notches": {name: list(notches(s, name == "batch_size")) for name, s in sliders.items()},
    }
    (tmp_path / "words.json").write_text(json.dumps(values), encoding="utf-8")
    run_node("words.test.mjs")


def test_every_text_that_a_script_asks_for_is_there(source):
    asked = set()
    for path in (source / "source").rglob("*.js"):
        asked |= set(re.findall(r"\btext\(\s*\"([a-z_]+\.[a-z_0-9]+)\"", path.read_text()))
    known = {f"{part}.{key}" for part, table in texts("en").items() for key in table}
    assert len(asked) > 30
    assert asked <= known


def test_every_text_of_the_page_is_used(source):
    scripts = [*(source / "source").rglob("*.js"), *(source / "templates").glob("*.html")]
    everything = "".join(path.read_text() for path in scripts)
    everything += (PROJECT / "tools" / "site" / "chapters.py").read_text()
    titles = {f"{kind}_title" for kind in ("training", "descent", "bank", "chapters")}
    named = re.findall(r'page\.(\w+)|TEXTS\["(\w+)"\]', everything)
    used = {one or other for one, other in named} | titles
    assert set(TEXTS) - used == set()
    assert set(BANK_TEXTS) - set(re.findall(r"bank_page\.(\w+)", everything)) == set()


def test_both_languages_fill_in_the_same_values():
    for key, words in [*TEXTS.items(), *BANK_TEXTS.items()]:
        fields = [{f[1] for f in string.Formatter().parse(w) if f[1]} for w in (words.en, words.zh)]
        assert fields[0] == fields[1], key


def test_defaults_and_ranges_are_the_packages():
    facts = all_facts()
    assert facts["defaults"] == hpt.Hyperparameters().to_record()
    assert set(PARTS) <= set(texts("en"))
    for name, allowed in facts["ranges"].items():
        if name in facts["defaults"]:  # the smallest and the largest value that the lab takes
            for value in (allowed["minimum"], allowed["maximum"]):
                hpt.Hyperparameters(**{name: value})
    assert np.isclose(facts["optimizer_constants"]["epsilon"], 1e-7)


def test_the_page_has_the_packages_optimisers_but_for_those_that_are_named():
    here = [*package.OPTIMIZERS, *package.OPTIMIZERS_LEFT_OUT]
    assert sorted(here) == sorted(hyperparameters.OPTIMIZERS)


def test_what_the_page_has_no_setting_for_stands_where_its_network_does():
    facts = all_facts()
    defaults = hpt.Hyperparameters().to_dict()
    without = {name: value for name, value in defaults.items() if name not in facts["defaults"]}
    assert without == package.FIXED_SETTINGS


def test_the_descent_lab_begins_as_the_packages_does():
    lab = hpt.DescentLab()
    facts = all_facts()["descent"]
    assert facts["first_surface"] == lab.settings.surface.name
    assert facts["speed"] == lab.speed
    assert facts["speed"] in facts["speeds"]
    # The page's Adam always corrects its means.
    kept = {**facts["defaults"], "bias_correction": True}
    assert {name: getattr(lab.settings, name) for name in kept} == kept
    lab.close()


def test_every_setting_of_the_page_can_be_changed_there(source):
    settings = (source / "source" / "training-settings.js").read_text(encoding="utf-8")
    table = settings.split("export const SETTINGS = {")[1].split("\n};")[0]
    named = re.findall(r"^  (\w+):", table, re.MULTILINE)
    assert sorted(named) == sorted([*all_facts()["defaults"], "training_size"])
