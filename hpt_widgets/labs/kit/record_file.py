"""Where a lab keeps what a reader does in it."""

from __future__ import annotations

import secrets
from datetime import datetime

from hpt_widgets.language import translate
from hpt_widgets.support.home import reader_folder


def new_record_path(kind: str, name: str) -> tuple[str | None, str]:
    """Return a new file in such a folder of the reader's, or None and why there is none.

    Its name is `name`, the date and the time.
    """
    try:
        folder = reader_folder() / kind
        folder.mkdir(exist_ok=True)
    except OSError as error:
        return None, translate("lab.not_kept", reason=error.strerror or error)
    # Some clocks tick only every few milliseconds: two labs may begin within one tick.
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    return str(folder / f"{name}-{stamp}-{secrets.token_hex(3)}.csv"), ""
