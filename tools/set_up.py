"""Make ``.venv`` what the workbook needs, from whatever state it is in.

Run by ``tools/set_up.sh`` with the standard library alone. A stamp, written as
the last step, says for which folder, Python and pins ``.venv`` was made: where
it does not fit (an interrupted installation, a moved or copied folder, another
Python), ``.venv`` is built anew; where only the pins changed, it is updated.

What the checks need is pinned in a file of its own and installed only with
``--development`` (`make test`); once installed, it stays.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TextIO

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
if importlib.util.find_spec("lazy_loader") is None:
    # The package's own __init__ needs what is yet to be installed; its texts need nothing.
    package = ModuleType("hpt_widgets")
    package.__path__ = [str(PROJECT / "hpt_widgets")]
    sys.modules["hpt_widgets"] = package

from hpt_widgets.app.reader_language import language_of_reader  # noqa: E402
from hpt_widgets.language import LANGUAGES, translate, use_language  # noqa: E402

PINS = "requirements.txt"
DEVELOPMENT_PINS = "requirements-dev.txt"
STAMP_NAME = "set-up.json"
LOG_NAME = "set-up.log"
_PROXY = re.compile(r"(https?|all|pip)_proxy$", flags=re.IGNORECASE)
SUPPORTED = ("3.11", "3.12", "3.13")
# What pip reads of the reader's settings, and the variable by which uv hears of it.
UV_NAME_OF = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
}


class SetUpError(Exception):
    """A step of the set-up failed; the message is for the reader."""


@dataclass(frozen=True)
class Stamp:
    """What a finished ``.venv`` was made for.

    Attributes
    ----------
    project : str
        The project's folder.
    python : str
        The version of Python ("3.12").
    pins, package : str
        Digests of the readers' pinned set and of ``pyproject.toml``.
    development : str, default ""
        Digest of the pinned development tools, "" where they are not wanted or not there.
    """

    project: str
    python: str
    pins: str
    package: str
    development: str = ""

    @classmethod
    def read(cls, venv: Path) -> Stamp | None:
        """Return the stamp of a finished ``.venv``, None where there is no valid one."""
        try:
            return cls(**json.loads((venv / STAMP_NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, venv: Path) -> None:
        """Write the stamp in one piece."""
        unfinished = venv / f"{STAMP_NAME}.new"
        unfinished.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")
        unfinished.replace(venv / STAMP_NAME)


@dataclass(frozen=True)
class Plan:
    """What is to be done with ``.venv`` (nothing, update, build) and the line that says why."""

    action: str
    line: str = ""


def wanted_stamp(project: Path, python: str, *, development: bool = False) -> Stamp:
    """Return the stamp that ``.venv`` ought to have, were it made by this Python.

    Parameters
    ----------
    project : Path
        The project's folder.
    python : str
        The version of Python ("3.12").
    development : bool, default False
        Whether the development tools are wanted too.
    """
    return Stamp(
        project=str(project),
        python=python,
        pins=_digest(project / PINS),
        package=_digest(project / "pyproject.toml"),
        development=_digest(project / DEVELOPMENT_PINS) if development else "",
    )


def make_plan(venv: Path, wanted: Stamp, *, python_was_chosen: bool = False) -> Plan:
    """Decide what ``.venv`` needs.

    Parameters
    ----------
    venv : Path
        The virtual environment, which may be missing or broken.
    wanted : Stamp
        What it should be made for.
    python_was_chosen : bool, default False
        Whether the reader named the Python; else any supported one may stay.
    """
    if not venv.exists() and not venv.is_symlink():
        return Plan("build", translate("set_up.first"))
    stamp = Stamp.read(venv)
    if stamp is None:
        return Plan("build", translate("set_up.unfinished"))
    if stamp.project != wanted.project:
        return Plan("build", translate("set_up.moved"))
    allowed = (wanted.python,) if python_was_chosen else SUPPORTED
    if stamp.python not in allowed or version_of(python_of(venv)) != stamp.python:
        return Plan("build", translate("set_up.other_python"))
    if (stamp.pins, stamp.package) != (wanted.pins, wanted.package):
        return Plan("update", translate("set_up.changed"))
    if wanted.development not in ("", stamp.development):
        return Plan("update", translate("set_up.development"))
    return Plan("nothing")


def python_of(venv: Path) -> Path:
    """Return the path of the Python of a virtual environment."""
    return venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python"


def version_of(python: Path) -> str | None:
    """Return a Python's version ("3.12"), None where it does not run."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def carry_out(plan: Plan, project: Path, wanted: Stamp) -> None:
    """Build or update ``.venv``; the stamp is taken away first and written last."""
    venv = project / ".venv"
    stamp = wanted
    if plan.action == "build":
        remove(venv)
        with tempfile.TemporaryDirectory() as folder:
            base = getattr(sys, "_base_executable", sys.executable)
            run([base, "-m", "venv", str(venv)], {**os.environ}, Path(folder) / LOG_NAME)
    else:
        there = Stamp.read(venv) or wanted
        (venv / STAMP_NAME).unlink()
        stamp = replace(
            wanted,
            python=version_of(python_of(venv)) or wanted.python,
            # What a reader's update leaves alone is still of the pins that it was installed from.
            development=wanted.development or there.development,
        )
    install_pins(venv, *pins_of(project, wanted))
    install_package(venv, project)
    stamp.write(venv)


def pins_of(project: Path, wanted: Stamp) -> list[Path]:
    """Return the files of pins that are wanted."""
    names = [PINS, DEVELOPMENT_PINS] if wanted.development else [PINS]
    return [project / name for name in names]


def install_pins(venv: Path, pins: Path, *more: Path) -> None:
    """Install pinned sets, uv's pin in the first: by uv, several times faster, else by pip."""
    environment = pip_environment(os.environ)
    log = venv / LOG_NAME
    pip = [str(python_of(venv)), "-m", "pip", "install", "--require-hashes", "--no-input"]
    try:
        with tempfile.TemporaryDirectory() as folder:
            uv_alone = Path(folder) / "uv.txt"
            uv_alone.write_text(pin_of("uv", pins.read_text(encoding="utf-8")), encoding="utf-8")
            # Without a connection it is pip below that tries again and again.
            few_retries = {"PIP_RETRIES": "1", **environment}
            run([*pip, "--no-deps", "-r", str(uv_alone)], few_retries, log)
        install_by_uv(venv, pins, *more)
    except SetUpError:
        print(translate("set_up.without_uv"), flush=True)
        run([*pip, *_options_of(pins, *more)], environment, log)


def install_by_uv(venv: Path, *pins: Path) -> None:
    """Install pinned sets by the uv that is in `venv`, from the reader's own mirror if any."""
    environment = pip_environment(os.environ)
    settings = pip_settings(python_of(venv), environment)
    uv = [str(python_of(venv)), "-m", "uv", "pip", "install", "--require-hashes"]
    uv += ["--compile-bytecode", "--python", str(python_of(venv)), *_options_of(*pins)]
    run(uv, {**environment, **uv_environment(settings, environment)}, venv / LOG_NAME)


def _options_of(*pins: Path) -> list[str]:
    return [option for path in pins for option in ("-r", str(path))]


def install_package(venv: Path, project: Path) -> None:
    """Install the package itself, so that its folder is the one that is imported."""
    python, environment, log = str(python_of(venv)), pip_environment(os.environ), venv / LOG_NAME
    pip = [python, "-m", "pip", "install", "--no-input", "--no-deps"]
    run([*pip, "--no-build-isolation", "--editable", str(project)], environment, log)
    # Nothing that is installed so is compiled, and the first kernel would wait for it. Where it
    # cannot be written, Python does without.
    with contextlib.suppress(SetUpError):
        run([python, "-m", "compileall", "-q", str(project / "hpt_widgets")], environment, log)


def pin_of(name: str, pins: str) -> str:
    """Return one package's lines of a pinned set: its version and its hashes."""
    match = re.search(rf"^{re.escape(name)}==.*(?:\n[ \t].*)*", pins, flags=re.MULTILINE)
    if match is None:
        raise SetUpError(translate("set_up.no_pin", name=name))
    return match.group() + "\n"


def pip_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for pip: the reader's, without what leads out of ``.venv``."""
    unwanted = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "VIRTUAL_ENV"}
    kept = {name: value for name, value in environment.items() if name not in unwanted}
    return {**kept, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def pip_settings(python: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the reader's own settings of pip, from its files and its variables."""
    command = [str(python), "-m", "pip", "config", "list"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return parse_pip_settings(answer.stdout)


def parse_pip_settings(listing: str) -> dict[str, str]:
    """Read the output of ``pip config list``.

    A variable (``:env:``) wins over the section of ``pip install``, and that one
    over ``[global]``, as in pip.
    """
    settings: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in listing.splitlines():
            name, _, value = line.partition("=")
            if not name.startswith(section):
                continue
            with contextlib.suppress(ValueError, SyntaxError):
                settings[name.removeprefix(section)] = str(ast.literal_eval(value))
    return settings


def uv_environment(settings: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Translate pip's settings for uv; what the reader set for uv itself stays."""
    translated: dict[str, str] = {}
    for name, uv_name in UV_NAME_OF.items():
        value = " ".join(settings.get(name, "").split())
        if name == "find-links":
            value = value.replace(" ", ",")
        if value:
            translated[uv_name] = value
    if translated.get("UV_KEYRING_PROVIDER") not in {None, "subprocess"}:
        del translated["UV_KEYRING_PROVIDER"]
    if "UV_INDEX" in translated:
        # pip takes the best version of all indexes; the hashes say that it is the right file.
        translated["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    timeout = settings.get("timeout", settings.get("default-timeout", ""))
    if timeout:
        translated["UV_HTTP_TIMEOUT"] = timeout.partition(".")[0]
    return {name: value for name, value in translated.items() if name not in environment}


def proxy_lines(environment: Mapping[str, str]) -> list[str]:
    """Return a line that names the variables by which a proxy is set, none where none is.

    A proxy that never answers looks like a slow network. Its address is not shown, since
    there may be a password in it.
    """
    names = sorted(name for name, value in environment.items() if value and _PROXY.match(name))
    return [translate("set_up.proxy", names=", ".join(names))] if names else []


def remove(venv: Path) -> None:
    """Delete a virtual environment, or the link or file that stands in its place."""
    if venv.is_symlink() or venv.is_file():
        venv.unlink()
    elif venv.exists():
        with contextlib.suppress(FileNotFoundError):
            # First the stamp: a deletion that is interrupted leaves nothing that looks finished.
            (venv / STAMP_NAME).unlink()
        shutil.rmtree(venv)


def run(command: list[str], environment: Mapping[str, str], log: Path) -> None:
    """Run a step with its output in a log; on a terminal, count the seconds meanwhile."""
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(process, sys.stdout)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if process.returncode != 0:
            output.seek(0)
            raise SetUpError("".join(output.readlines()[-12:]).rstrip())


def wait_for(process: subprocess.Popen[bytes], screen: TextIO) -> None:
    """Wait for a step to end."""
    started = time.monotonic()
    while True:
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if screen.isatty():
                print(f"\r  {time.monotonic() - started:.0f} s ", end="", flush=True, file=screen)
        else:
            break
    if screen.isatty():
        print("\r\033[K", end="", flush=True, file=screen)


@contextlib.contextmanager
def one_at_a_time(project: Path) -> Iterator[None]:
    """Let a second set-up of the same folder wait for the first."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (project / "tools" / "set_up.py").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(translate("set_up.waiting"), flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass  # a network drive without locks: go on, as if alone
        yield


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Set up the workbook; return the exit status."""
    parser = argparse.ArgumentParser(description="Make or update .venv for the workbook.")
    parser.add_argument("--language", choices=LANGUAGES, help="of what is said meanwhile")
    parser.add_argument("--python-was-chosen", action="store_true", help="by PYTHON=...")
    parser.add_argument("--development", action="store_true", help="with what the checks need")
    options = parser.parse_args(arguments)
    use_language(options.language or language_of_reader(os.environ))
    python = "{}.{}".format(*sys.version_info[:2])
    wanted = wanted_stamp(PROJECT, python, development=options.development)
    try:
        with one_at_a_time(PROJECT):
            chosen = options.python_was_chosen
            plan = make_plan(PROJECT / ".venv", wanted, python_was_chosen=chosen)
            if plan.action != "nothing":
                print(plan.line, flush=True)
                carry_out(plan, PROJECT, wanted)
    except (SetUpError, OSError) as error:
        lines = [str(error), translate("set_up.failed"), *proxy_lines(os.environ)]
        print("\n".join(lines), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(translate("set_up.interrupted"), file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
