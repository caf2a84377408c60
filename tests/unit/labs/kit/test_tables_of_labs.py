"""No lab is left out of the tables by which tests and pictures go through all of them."""

import importlib

import pytest
from lab_kinds import MAKE

import hpt_widgets as hpt
from hpt_widgets.labs.kit.lab import Lab

PUBLIC = {name: getattr(hpt, name) for name in hpt.__all__}
LABS = [name for name, one in PUBLIC.items() if isinstance(one, type) and issubclass(one, Lab)]
# What has nothing that could be asked of a closed one.
ONLY_SHOWN = ("GridLab", "quiz", "prediction", "outcome")
# The table, the file that it is in, and which labs it has to have.
TABLES = [
    ("MAKE", "tests/unit/lab_kinds.py", LABS),
    ("STATES", "tests/unit/test_bad_input_in_labs.py", list(MAKE)),
    ("OWN_TASKS", "tests/unit/test_bad_input_in_labs.py", list(MAKE)),
    ("SETTINGS", "tests/unit/labs/kit/test_labs_without_screen.py", list(MAKE)),
    ("BUTTONS", "tests/unit/labs/kit/test_labs_without_screen.py", list(MAKE)),
    (
        "ASKED_OF_CLOSED",
        "tests/unit/labs/kit/test_closed_labs.py",
        [name for name in MAKE if name not in ONLY_SHOWN],
    ),
]
# These go by names of their own; a lab is found in the code that makes it.
TABLES_OF_CELLS = [
    ("CELLS", "tests/browser/all_labs.py"),
    ("LABS", "tools/lab_pictures.py"),
]


def table_of(name, file):
    return getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), name)


def complaint(missing, name, file):
    return f"no entry for {', '.join(missing)} in {name} ({file})"


@pytest.mark.parametrize(("name", "file", "wanted"), TABLES, ids=[name for name, *_ in TABLES])
def test_each_lab_has_an_entry(name, file, wanted):
    missing = [lab for lab in wanted if lab not in table_of(name, file)]
    assert not missing, complaint(missing, name, file)


@pytest.mark.parametrize(("name", "file"), TABLES_OF_CELLS)
def test_each_lab_has_a_cell_that_makes_it(name, file):
    code = str(list(table_of(name, file).values()))
    missing = [lab for lab in LABS if f"hpt.{lab}(" not in code]
    assert not missing, complaint(missing, name, file)


def test_the_labs_are_found():
    assert {"TrainingLab", "DigitCanvas"} <= set(LABS)
    assert complaint(["DiceLab"], *TABLES[0][:2]) == (
        "no entry for DiceLab in MAKE (tests/unit/lab_kinds.py)"
    )
