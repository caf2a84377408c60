"""How soon the threads of a kernel take turns.

Python lets one thread of a process run at a time, and takes turns every five milliseconds. The
answer to a slider goes through four threads of the kernel (the one that receives messages, the one
that handles them, the lab's own and the one that sends), each of which may have to wait so long for
another that is not in a hurry.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Final

from hpt_widgets.support.notebook_cells import notebook_shell

TURN_SECONDS: Final = 0.0005


@cache
def shorten_turns() -> None:
    """Take turns sooner in a notebook's kernel, unless the reader has had it sooner still."""
    if notebook_shell() is not None:
        sys.setswitchinterval(min(sys.getswitchinterval(), TURN_SECONDS))
