"""The files by which a school runs the workbook: container, pins, and the start on Windows."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config

from hpt_widgets.board.hub import TEACH_SCOPE
from hpt_widgets.exercises.class_rules import VARIABLES

PROJECT = Path(__file__).parents[3]
HUB = PROJECT / "deploy" / "hub"
PIN = re.compile(r"^([\w.-]+)==([^ ;\\]+)", re.MULTILINE)
INSTRUCTIONS = {"FROM", "RUN", "COPY", "ENV", "WORKDIR", "VOLUME", "EXPOSE", "CMD"}


def instructions():
    """Return the Containerfile's (name, argument) pairs."""
    text = (HUB / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines()]


def pins(name):
    return dict(PIN.findall((PROJECT / name).read_text(encoding="utf-8")))


def test_the_containerfile_holds_instructions_of_this_kind_alone():
    names = [name for name, _ in instructions()]
    assert names[0] == "FROM"
    assert set(names) == INSTRUCTIONS
    # An image by its name: which registry it comes from is the reader's own setting.
    assert dict(instructions())["FROM"] == "python:3.12-slim-trixie"


def test_what_the_container_copies_exists_and_is_no_machines_own():
    copied = [shlex.split(argument)[:-1] for name, argument in instructions() if name == "COPY"]
    for source in itertools.chain.from_iterable(copied):
        assert (PROJECT / source).exists(), source
    left_out = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "my-workbook", "**/node_modules"} <= set(left_out)


def test_what_the_container_runs_is_a_shells_language():
    commands = [argument for name, argument in instructions() if name == "RUN"]
    assert len(commands) == 4
    for command in commands:
        answer = subprocess.run(["sh", "-n", "-c", command], capture_output=True, check=False)
        assert answer.returncode == 0, answer.stderr
    (start,) = [json.loads(argument) for name, argument in instructions() if name == "CMD"]
    assert start[0] == "jupyterhub"
    assert (PROJECT / start[-1]).is_file()


def test_the_hub_has_the_versions_of_the_rest_and_its_proxy_one():
    hub = pins("requirements-hub.txt")
    assert "jupyterhub" in hub
    for name, version in {**pins("requirements-dev.txt"), **pins("requirements.txt")}.items():
        assert hub.get(name, version) == version, name
    assert set(pins("requirements.txt")) <= set(hub)
    proxy = json.loads((HUB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", proxy["configurable-http-proxy"])


def test_the_configuration_and_the_package_mean_the_same():
    text = (HUB / "jupyterhub_config.py").read_text(encoding="utf-8")
    compile(text, "jupyterhub_config.py", "exec")
    assert f'"{TEACH_SCOPE}"' in text
    for variable in VARIABLES.values():
        assert f'"{variable}"' in text
    told = set(re.findall(r"HPT_\w+", text.partition('"""')[2].partition('"""')[0]))
    read = set(re.findall(r'environ(?:\.get)?[(\[]"(HPT_\w+)"', text)) | set(VARIABLES.values())
    assert told == read


def configured(folder, **environment):
    """Return what the configuration sets, if it lies in a folder."""
    path = folder / "jupyterhub_config.py"
    code = compile((HUB / path.name).read_text(encoding="utf-8"), path.name, "exec")
    config = Config()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("HPT_")]:
            patch.delenv(name)
        for name, value in {"HPT_HUB_FOLDER": str(folder / "srv"), **environment}.items():
            patch.setenv(name, value)
        exec(code, {"get_config": lambda: config, "__file__": str(path)})
    return config


def test_the_proxy_is_found_where_the_guide_has_npm_put_it(tmp_path):
    # On the PATH, as in the container.
    assert "command" not in configured(tmp_path).ConfigurableHTTPProxy
    proxy = tmp_path / "node_modules" / ".bin" / "configurable-http-proxy"
    proxy.parent.mkdir(parents=True)
    proxy.touch()
    assert configured(tmp_path).ConfigurableHTTPProxy.command == [str(proxy)]
    for guide in ("teaching.md", "teaching.zh.md"):
        text = (PROJECT / "docs" / guide).read_text(encoding="utf-8")
        assert f"npm install --prefix {HUB.relative_to(PROJECT).as_posix()}\n" in text


def test_a_new_container_has_an_account_for_its_teacher(tmp_path):
    # JupyterHub does not start with a role for somebody who has no account.
    environment = dict(argument.split("=", 1) for name, argument in instructions() if name == "ENV")
    made = {"HPT_MAKE_ACCOUNTS": environment["HPT_MAKE_ACCOUNTS"], "HPT_TEACHERS": "wang li"}
    config = configured(tmp_path, **made)
    assert config.LocalAuthenticator.create_system_users is True
    (teacher,) = [role for role in config.JupyterHub.load_roles if role["name"] == "teacher"]
    assert teacher["users"] == ["wang", "li"]
    assert configured(tmp_path).LocalAuthenticator.create_system_users is False


@pytest.mark.skipif(os.name == "nt", reason="a hub's accounts are those of Linux")
def test_a_teacher_without_an_account_is_named_before_the_hub_fails(tmp_path, capsys):
    configured(tmp_path, HPT_TEACHERS="root nobody-of-this-name")
    said = capsys.readouterr().err
    assert "nobody-of-this-name" in said
    assert "root" not in said
    assert {"HPT_TEACHERS", "HPT_MAKE_ACCOUNTS=1"} <= set(re.findall(r"HPT_[\w=]+", said))
    configured(tmp_path, HPT_TEACHERS="nobody-of-this-name", HPT_MAKE_ACCOUNTS="1")
    configured(tmp_path, HPT_TEACHERS="root")
    assert capsys.readouterr().err == ""


def test_what_nobody_uses_ends_and_what_a_page_shows_does_not(tmp_path):
    def ends_after(**environment):
        given = configured(tmp_path, **environment).Spawner.args
        app = ServerApp()
        app.parse_command_line([*given, "--ServerApp.open_browser=False"])
        kernels = AsyncMappingKernelManager(config=app.config)
        assert not kernels.cull_connected
        assert not kernels.cull_busy
        return kernels.cull_idle_timeout, app.shutdown_no_activity_timeout

    assert ends_after() == (3 * 3600, 3 * 3600)
    assert ends_after(HPT_IDLE_HOURS="0.5") == (1800, 1800)
    assert ends_after(HPT_IDLE_HOURS="0") == (0, 0)


def test_the_example_of_a_classs_rules_in_the_guide_is_read():
    for guide in ("teaching.md", "teaching.zh.md"):
        text = (PROJECT / "docs" / guide).read_text(encoding="utf-8")
        (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
        assert set(tomllib.loads(example)) == {"solutions_from", "hints_from"}


# -- Windows --------------------------------------------------------------------------------------

START = PROJECT / "start.bat"


def test_windows_can_read_the_start():
    content = START.read_bytes()
    assert content.isascii()
    # Git writes the ends of lines that the batch interpreter needs; a copy made by other means
    # than a clone may have the other ones, but never both.
    assert b"*.bat text eol=crlf" in (PROJECT / ".gitattributes").read_bytes()
    assert content.count(b"\r\n") in {0, content.count(b"\n")}


def test_each_label_of_the_start_exists_and_each_file():
    text = START.read_text(encoding="ascii")
    labels = set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert set(re.findall(r"goto (\w+)", text)) == labels - {"next", "failed"} | {"next", "failed"}
    named = re.findall(r"tools\\([\w.]+)", text)
    assert {"set_up.py", "no_python.zh.txt"} == set(named)
    assert all((PROJECT / "tools" / name).is_file() for name in named)


def test_the_start_comes_back_from_a_python_that_is_a_batch_file():
    lines = START.read_text(encoding="ascii").splitlines()
    runs = [re.findall(r"(\w+ )(?:py -|python -c|%FOUND%)", line) for line in lines]
    found = [word for words in runs for word in words]
    assert found == ["call "] * 3


@pytest.mark.parametrize("command", ["lab", "reset", "doctor", "board"])
def test_what_the_start_names_are_commands(command, capsys):
    from hpt_widgets.__main__ import main

    assert command in START.read_text(encoding="ascii")
    with pytest.raises(SystemExit):
        main(["--help"])
    assert command in capsys.readouterr().out
