"""What JupyterLab and its kernels are started with."""

from __future__ import annotations

import os
import subprocess
import sys

from hpt_widgets.app.launcher import jupyter_environment
from hpt_widgets.support.process_memory import N_HEAPS


def test_a_kernels_threads_share_few_heaps_unless_the_reader_has_set_how_many() -> None:
    assert jupyter_environment("en", {})["MALLOC_ARENA_MAX"] == str(N_HEAPS)
    assert jupyter_environment("en", {"MALLOC_ARENA_MAX": "7"})["MALLOC_ARENA_MAX"] == "7"


def test_what_it_adds_are_texts_that_a_process_can_have() -> None:
    environment = {**os.environ, **jupyter_environment("zh", os.environ)}
    code = "import os; print(os.environ['MALLOC_ARENA_MAX'], os.environ['HPT_LANGUAGE'])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [environment["MALLOC_ARENA_MAX"], "zh"]
