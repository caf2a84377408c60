"""Measuring in a process of its own, so that nothing profits from what another part left warm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def call(module: str, function: str, **arguments: Any) -> Any:
    """Call a function of a benchmark in a new process, and return what it returned.

    Arguments and result go through JSON.
    """
    code = (
        "import importlib, json, sys; module, function, arguments = json.loads(sys.argv[1]);"
        "made = getattr(importlib.import_module(module), function)(**arguments);"
        "print(); print(json.dumps(made))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps([module, function, arguments])],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    return json.loads(done.stdout.splitlines()[-1])
