"""The threads of a real kernel take turns sooner once a lab is there."""

import sys

from jupyter_client.manager import start_new_kernel

import hpt_widgets as hpt
from hpt_widgets.labs.kit.thread_turns import TURN_SECONDS

CELL = """
import sys
import hpt_widgets as hpt
before = sys.getswitchinterval()
lab = hpt.BackpropLab()
lengths = before, sys.getswitchinterval()
"""


def test_a_lab_lets_threads_wait_less_for_each_other():
    manager, client = start_new_kernel()
    try:
        reply = client.execute_interactive(CELL, user_expressions={"lengths": "lengths"})
        answer = reply["content"]["user_expressions"]["lengths"]["data"]["text/plain"]
        before, after = map(float, answer.strip("()").split(","))
        assert after == TURN_SECONDS < before
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_outside_a_notebook_nothing_changes():
    before = sys.getswitchinterval()
    hpt.BackpropLab().close()
    assert sys.getswitchinterval() == before
