"""Adds to ``.venv`` what searches on a cluster need (`make cluster`)."""

from __future__ import annotations

import argparse
import os
import sys

from hpt_widgets.app.reader_language import language_of_reader
from hpt_widgets.cluster import connection as cluster
from hpt_widgets.language import LANGUAGES, use_language
from tools import set_up

PINS = set_up.PROJECT / "requirements-cluster.txt"


def main(arguments: list[str] | None = None) -> int:
    """Install what is missing; return the exit status."""
    parser = argparse.ArgumentParser(description="Add Dask to .venv.")
    parser.add_argument("--language", choices=LANGUAGES, help="of what is said")
    language = parser.parse_args(arguments).language
    use_language(language or language_of_reader(os.environ))
    try:
        with set_up.one_at_a_time(set_up.PROJECT):
            set_up.install_by_uv(set_up.PROJECT / ".venv", PINS)
    except (set_up.SetUpError, OSError) as error:
        print("\n".join([str(error), *set_up.proxy_lines(os.environ)]), file=sys.stderr)
        return 1
    print(cluster.notice(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
