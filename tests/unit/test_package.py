"""The rules of the house: cheap imports, no screen outside the labs, words in both languages."""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import json
import pkgutil
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

import hpt_widgets as hpt
from hpt_widgets import language
from hpt_widgets.exercises.catalog import all_chapters
from hpt_widgets.exercises.predictions.catalog import chapter_of, every_prediction
from hpt_widgets.language import LANGUAGES, Text

PROJECT = Path(__file__).resolve().parent.parent.parent
PACKAGE = PROJECT / "hpt_widgets"
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((PROJECT / "notebooks").rglob("*.ipynb"))
SCREEN = {"ipywidgets", "bqplot", "anywidget"}
HEAVY = {
    *SCREEN,
    *("tensorflow", "keras", "sklearn", "scipy", "pandas", "matplotlib", "hyperopt", "IPython"),
}
# The mathematics: NumPy alone.
NUMPY_ALONE = (
    "descent.surfaces",
    "descent.walk",
    "descent.verdict",
    "backprop.passes",
    "backprop.network",
    "backprop.steps",
    "backprop.dense_network",
    "backprop.toy_points",
)


def name_of(path):
    return path.relative_to(PROJECT).as_posix()


@functools.cache
def tree_of(path):
    """Return the syntax tree of a module or a notebook, for all tests that walk it."""
    return ast.parse(code_of(path))


@functools.cache
def imports_of(path):
    """Return every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def code_of(path):
    """Return the Python of a module, or of a notebook without its shell and magic lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    lines = "\n".join("".join(cell["source"]) for cell in cells).splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def loaded_after(code):
    """Return the top-level modules that a fresh Python has loaded after this code."""
    command = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    answer = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())


# Public names


def test_importing_the_package_and_listing_its_public_names_load_nothing_heavy():
    assert not loaded_after("import hpt_widgets; dir(hpt_widgets)") & {*HEAVY, "numpy"}


@pytest.mark.parametrize("name", hpt.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    value = getattr(hpt, name)
    assert name in dir(hpt)
    assert (value.__doc__ or "").strip()


def test_getting_the_public_names_never_loads_tensorflow():
    loaded = loaded_after("import hpt_widgets as hpt; [getattr(hpt, n) for n in hpt.__all__]")
    assert "numpy" in loaded
    assert not loaded & {"tensorflow", "keras"}


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        hpt.no_such_name  # type: ignore[attr-defined]  # noqa: B018


# The three rules


def test_only_the_labs_know_a_screen():
    others = [path for path in MODULES if PACKAGE / "labs" not in path.parents]
    assert len(others) > 100
    for path in others:
        found = {name.partition(".")[0] for name in imports_of(path)} & SCREEN
        assert not found, name_of(path)


def test_the_mathematics_needs_numpy_alone():
    modules = ", ".join(f"hpt_widgets.{module}" for module in NUMPY_ALONE)
    code = f"import {modules}, hpt_widgets as hpt; hpt.descend('beale', 'adam')"
    assert not loaded_after(code) & HEAVY


def third_parties(module, seen):
    """Return what a module of the package and those that it uses import from elsewhere."""
    seen.add(module)
    found = set()
    for name in imports_of(source_of(module)):
        first, _, rest = name.partition(".")
        if first != "hpt_widgets":
            found |= {first} - sys.stdlib_module_names
        elif rest and source_of(rest).is_file() and rest not in seen:
            found |= third_parties(rest, seen)
    return found


def source_of(module):
    path = PACKAGE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.mark.parametrize("module", NUMPY_ALONE)
def test_the_mathematics_imports_nothing_else_later_on_either(module):
    assert third_parties(module, set()) <= {"lazy_loader", "numpy"}


def test_what_a_module_imports_later_on_is_found():
    assert "scipy" in third_parties("training.loss_plane", set())
    assert {"sklearn", "numpy"} <= third_parties("search.estimator", set())


OPEN_LABS = """
import sys
import numpy as np
import hpt_widgets as hpt

def assert_without_tensorflow(name):
    loaded = {module.partition(".")[0] for module in sys.modules}
    assert not loaded & {"tensorflow", "keras"}, name

hpt.DescentLab()._repr_mimebundle_()
assert_without_tensorflow("DescentLab")
hpt.BackpropLab()._repr_mimebundle_()
assert_without_tensorflow("BackpropLab")
hpt.NetworkLab().train(10)
assert_without_tensorflow("NetworkLab")
x, y = np.zeros((20, 4)), np.arange(20) % 2
lab = hpt.TrainingLab(hpt.Dataset.from_arrays(x, y, validation=(x, y)))
lab.figure()
lab.reset()
lab.stop()
lab.wait()
assert lab.state == "ready", lab.state
assert_without_tensorflow("TrainingLab")
"""


def test_labs_open_without_tensorflow():
    """It takes seconds to import: not before a network is trained."""
    answer = subprocess.run(
        [sys.executable, "-c", OPEN_LABS], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def test_tensorflow_is_imported_in_one_way_only():
    """The other ways can hang while TensorFlow is being imported in the background."""
    assert NOTEBOOKS
    for path in (*MODULES, *NOTEBOOKS):
        imports = imports_of(path)
        assert not {name for name in imports if name.partition(".")[0] == "keras"}, name_of(path)
        assert not {n for n in imports if n.startswith("tensorflow.keras")}, name_of(path)
        if path.suffix == ".py" and path.name != "tensorflow_loader.py":
            at_once = {
                alias.name
                for node in tree_of(path).body
                if isinstance(node, ast.Import)
                for alias in node.names
            }
            assert "tensorflow" not in at_once, name_of(path)


# Nothing of this machine, no index


def test_no_file_names_a_package_index_or_a_path_of_a_machine():
    hosts = "|".join(
        re.escape(".".join(parts))
        for parts in (("pypi", "org"), ("python" + "hosted", "org"), ("anaconda", "org"))
    )
    places = "|".join(f"(?<![\\w./~-])/{place}/" for place in ("root", "work", "home/[a-z]+"))
    forbidden = re.compile(f"{hosts}|{places}")
    for path in tracked_texts():
        found = forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{name_of(path)}: {found and found.group()}"


def tracked_texts():
    """Return the project's own text files: no data, nothing that git ignores."""
    folders = ("hpt_widgets", "tests", "tools", "benchmarks", "notebooks", "docs", ".ci", ".github")
    # In a second working tree, .git is a file that says where the repository is.
    files = [path for path in PROJECT.iterdir() if path.is_file() and path.name != ".git"]
    for folder in folders:
        files += [path for path in (PROJECT / folder).rglob("*") if path.is_file()]
    suffixes = {
        *(".cff", ".csv", ".ipynb", ".json", ".md", ".py", ".pyi", ".sh", ".toml", ".txt"),
        *(".yaml", ".yml", ""),
    }
    ignored = {"__pycache__", ".ipynb_checkpoints"}
    return [
        path
        for path in files
        if path.suffix in suffixes and not ignored & set(path.relative_to(PROJECT).parts)
    ]


# Words in both languages


def parts():
    return [module.name for module in pkgutil.iter_modules(language.__path__)]


def placeholders(sentence):
    return {
        re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(sentence) if name
    }


@pytest.mark.parametrize("part", parts())
def test_every_text_is_there_in_both_languages_with_the_same_placeholders(part):
    texts = importlib.import_module(f"hpt_widgets.language.{part}").TEXTS
    assert texts
    for key, text in texts.items():
        assert isinstance(text, Text), key
        for code in LANGUAGES:
            assert getattr(text, code).strip(), f"{key}, {code}"
        assert placeholders(text.en) == placeholders(text.zh), key


def texts_within(record):
    """Return the texts that a record holds, and those of the records within it."""
    if isinstance(record, Text):
        return [record]
    if isinstance(record, tuple):
        return [text for one in record for text in texts_within(one)]
    if dataclasses.is_dataclass(record):
        values = [getattr(record, field.name) for field in dataclasses.fields(record)]
        return [text for value in values for text in texts_within(value)]
    return []


@pytest.mark.parametrize("chapter", all_chapters(), ids=lambda chapter: chapter.number)
def test_every_text_of_a_chapters_exercises_is_there_in_both_languages(chapter):
    predictions = [
        each for name, each in every_prediction().items() if chapter_of(name) == chapter.number
    ]
    texts = texts_within((*chapter.exercises, *chapter.questions, *predictions))
    assert len(texts) > 3 * len(chapter.exercises)
    for text in texts:
        for code in LANGUAGES:
            assert getattr(text, code).strip(), f"{text.en}, {code}"


def test_english_is_shown_where_another_language_has_no_text_yet():
    hpt.use_language("zh")
    assert [str(Text("rate", words)) for words in ("学习率", "")] == ["学习率", "rate"]
    assert Text("rate {value}", "").format(value=3) == "rate 3"


def test_every_text_that_is_asked_for_exists():
    there = set(parts())
    for path in (*MODULES, PROJECT / "tools" / "set_up.py"):
        for key in keys_asked_for(tree_of(path)):
            part, _, name = key.partition(".")
            assert part in there, f"{name_of(path)}: {key}"
            assert name in language.texts_of(part), f"{name_of(path)}: {key}"


def keys_asked_for(tree):
    """Return the keys of texts that a source writes out."""
    return [
        key
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "translate"
        for key in literal_keys(node.args[0])
    ]


def literal_keys(node):
    """Return the keys that are written out: one, or the two of an ``a if b else c``."""
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*literal_keys(node.body), *literal_keys(node.orelse)]
    return []
