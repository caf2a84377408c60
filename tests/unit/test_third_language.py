"""A language that is being added reads as English where its own texts are missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import hpt_widgets as hpt
from hpt_widgets import language
from hpt_widgets.exercises.display import Hint, Verdict
from hpt_widgets.labs.kit.settings_text import describe_settings, in_a_row, with_remark
from hpt_widgets.labs.prediction.typed_number import plain_number
from hpt_widgets.labs.training.words import describe_mistakes, describe_run
from hpt_widgets.language import LANGUAGES, Text
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.run import Run

MODULES = sorted(Path(hpt.__file__).parent.rglob("*.py"))
RUN = Run(
    Hyperparameters(), (), [], "stopped", 1.0, 4, 2, notes=("the batch was clipped", "batch_size=7")
)
SAID: dict[str, Callable[[], object]] = {
    "settings": lambda: describe_settings({"learning_rate": 0.1, "batch_size": 32}),
    "a list": lambda: in_a_row(["one", "two"]),
    "a remark": lambda: with_remark("trial 3", "diverged"),
    "a run": lambda: describe_run(RUN),
    "mistakes": lambda: describe_mistakes(3, 50, [("4", "9", 2), ("1", "7", 1)], has_pictures=True),
    "a verdict": lambda: Verdict("1-a", "right", "Well done."),
    "a hint": lambda: Hint("1-a", "hint", "Look again.", 1, 2),
    "a question": lambda: hpt.prediction("2-learning-rate"),
    "an outcome": lambda: hpt.outcome("2-divergence"),
}
SIGNS = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a language of which no text is there yet."""
    monkeypatch.setattr(Text, "de", "", raising=False)
    for module in ("hpt_widgets.language", "hpt_widgets.labs.prediction.typed_number"):
        monkeypatch.setattr(f"{module}.LANGUAGES", (*LANGUAGES, "de"))


@pytest.mark.parametrize("what", SAID)
@pytest.mark.usefixtures("german")
def test_what_is_said_in_a_third_language_has_no_chinese_signs(what: str) -> None:
    english = repr(SAID[what]())
    hpt.use_language("zh")
    assert SIGNS.search(repr(SAID[what]())) or what == "a list"
    hpt.use_language("de")
    assert not SIGNS.search(english)
    assert repr(SAID[what]()) == english


@pytest.mark.usefixtures("german")
def test_numbers_may_have_a_unit_in_a_third_language(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = Text("trainings", "次")
    assert plain_number("12 次", unit) == plain_number("12 trainings", unit) == "12"
    # That one has no text yet takes nothing away.
    assert plain_number("12", unit) == "12"
    monkeypatch.setattr(Text, "de", "läufe")
    assert plain_number("12 Läufe", unit) == "12"


def test_no_module_asks_whether_the_language_is_english() -> None:
    """All other languages would get what is Chinese."""
    assert len(MODULES) > 100
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        compared = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
        for node in compared:
            sides = ast.unparse(node)
            asks = "current_language()" in sides or "_current" in sides
            assert not (asks and language.DEFAULT_LANGUAGE in re.findall(r"'(\w+)'", sides)), path
