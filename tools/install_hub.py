"""Adds to ``.venv`` and ``deploy/hub`` what the hub's tests need (`make test-hub`)."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from hpt_widgets.app.reader_language import language_of_reader
from hpt_widgets.language import LANGUAGES, translate, use_language
from tools import set_up

PINS = set_up.PROJECT / "requirements-hub.txt"
FOLDER = set_up.PROJECT / "deploy" / "hub"
# Nothing that a package brings is run while it is installed.
NPM = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock",
       "--ignore-scripts")  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Install what is missing; return the exit status."""
    parser = argparse.ArgumentParser(description="Add JupyterHub to .venv, and its proxy.")
    parser.add_argument("--language", choices=LANGUAGES, help="of what is said")
    language = parser.parse_args(arguments).language
    use_language(language or language_of_reader(os.environ))
    try:
        with set_up.one_at_a_time(set_up.PROJECT):
            set_up.install_by_uv(set_up.PROJECT / ".venv", PINS)
    except (set_up.SetUpError, OSError) as error:
        print("\n".join([str(error), *set_up.proxy_lines(os.environ)]), file=sys.stderr)
        return 1
    npm = shutil.which(NPM[0])
    if npm is None:
        print(translate("set_up.needs_npm"), file=sys.stderr)
        return 1
    return subprocess.run([npm, *NPM[1:]], cwd=FOLDER, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
