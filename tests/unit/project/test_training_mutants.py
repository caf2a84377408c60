"""The list of what is broken on purpose keeps up with the training loop."""

import pytest

from tools.training_mutants import MUTANTS, PROJECT, TESTS, TRAINING


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_is_to_be_broken_stands_once_in_its_file(mutant):
    code = (PROJECT / TRAINING / mutant.file).read_text(encoding="utf-8")
    assert code.count(mutant.right) == 1
    assert mutant.wrong != mutant.right
    compile(code.replace(mutant.right, mutant.wrong), mutant.file, "exec")


def test_the_tests_that_are_to_notice_are_there():
    assert [name for name in TESTS if not (PROJECT / name).is_file()] == []
