"""Bad surroundings: no place to write, no room, no network, another locale, strict warnings."""

from __future__ import annotations

import ast
import contextlib
import errno
import html
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
from lab_tools import digits, small
from patience import SECONDS

import hpt_widgets as hpt
from hpt_widgets.data import mnist
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.search.records import RecordWarning, SearchRecord

try:
    import resource
except ImportError:  # Windows
    resource = None

PROJECT = Path(__file__).resolve().parents[2]
DATA = digits()


# All at once: strict warnings, a proxy that hangs, another locale and time zone, odd paths


@dataclass
class HangingProxy:
    """A proxy that takes every connection and never answers."""

    url: str
    n_connections: int = 0


@pytest.fixture(scope="module")
def hanging_proxy():
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = HangingProxy(f"http://127.0.0.1:{server.getsockname()[1]}")

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    taken.append(server.accept()[0])
                    proxy.n_connections += 1

        threading.Thread(target=accept, daemon=True).start()
        yield proxy
        server.shutdown(socket.SHUT_RDWR)
    for connection in taken:
        connection.close()


def proxy_variables(url):
    names = ("http_proxy", "https_proxy", "all_proxy")
    return {spelt: url for name in names for spelt in (name, name.upper())}


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """Return the variables of a locale that writes numbers with commas, where one can be made."""
    folder = tmp_path_factory.mktemp("locales")
    command = ["localedef", "-i", "de_DE", "-f", "UTF-8", "--no-archive", "de_DE.UTF-8"]
    if shutil.which("localedef") is not None:
        made = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if made.returncode == 0:
            return {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8"}
    return {"LC_ALL": "C"}


@pytest.fixture(scope="module")
def report(hanging_proxy, german, tmp_path_factory):
    """Return what `every_lab.py` says of itself in surroundings as bad as they come."""
    folder = tmp_path_factory.mktemp("my folder 我的 文件夹")
    environment = {
        **os.environ,
        **proxy_variables(hanging_proxy.url),
        **german,
        "TZ": "Asia/Kathmandu",
        "PYTHONWARNINGS": "error",
        "HPT_HOME": str(folder / "home 家"),
        "HPT_LANGUAGE": "en",
    }
    environment.pop("NO_PROXY", None)
    environment.pop("no_proxy", None)
    taken = hanging_proxy.n_connections
    answer = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("every_lab.py"))],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=3 * SECONDS,
    )
    assert answer.returncode == 0, answer.stderr
    said = json.loads(answer.stdout.splitlines()[-1])
    return {**said, "stderr": answer.stderr, "proxied": hanging_proxy.n_connections - taken}


@pytest.mark.slow
def test_every_lab_works_in_bad_surroundings(report):
    worked = dict.fromkeys(("training", "search", "sweep", "range test"), "ended")
    shown = dict.fromkeys(("descent", "backprop", "quiz", "canvas"), "shown")
    assert report["ends"] == {**worked, **shown}
    assert report["stderr"] == ""


@pytest.mark.slow
def test_the_doctor_and_a_reset_work_in_bad_surroundings(report):
    assert report["status"] == {"doctor": 0, "reset": 0}
    assert "70,000 digits" in report["said"]


@pytest.mark.slow
def test_nothing_is_asked_of_the_network_not_even_of_the_proxy(report):
    assert report["asked for"] == []
    assert report["proxied"] == 0


def test_a_download_of_mnist_by_a_proxy_that_hangs_ends(hanging_proxy, tmp_path, monkeypatch):
    before = socket.getdefaulttimeout()
    for name, value in proxy_variables(hanging_proxy.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("HPT_DATA", raising=False)
    monkeypatch.setattr(mnist, "_repository", lambda: None)
    monkeypatch.setattr(mnist, "SILENCE_SECONDS", 0.2)
    mnist._load_keras_download.cache_clear()
    taken = hanging_proxy.n_connections
    with pytest.raises(mnist.DataError, match=r"mnist\.npz.*timed out.*HPT_DATA"):
        hpt.load_mnist()
    assert hanging_proxy.n_connections > taken
    assert socket.getdefaulttimeout() == before


def test_records_are_the_same_in_every_locale_and_time_zone(report, german):
    assert report["decimal point"] == ("," if "LOCPATH" in german else ".")
    assert report["records are the same"]
    assert report["offset in minutes"] == 5 * 60 + 45


@pytest.mark.slow
def test_records_are_kept_in_a_folder_with_spaces_and_chinese_characters(report):
    folders = sorted(str(Path(name).parent) for name in report["files"])
    # Of the search lab's two searches each has a file.
    searches = ["home 家/searches"] * 2
    assert folders == sorted(["home 家/runs", *searches, "home 家/sweeps", "我的 runs"])


# No place to write


def shown_in(lab):
    """Return all text that the lab's widgets show."""
    pieces = [w.value for w in widgets_within(lab.view) if isinstance(w, widgets.HTML)]
    return html.unescape("\n".join(pieces))


def train(lab):
    lab.start()
    lab.wait()
    return lab.runs


def search(lab):
    return lab.run("random", trials=3)


def sweep(lab):
    return lab.run(learning_rate=[0.01, 0.1], seeds=1)


KINDS: dict[str, Any] = {
    "training": (lambda: hpt.TrainingLab(DATA, small()), train),
    "search": (lambda: hpt.SearchLab(DATA, hyperparameters=small(), training_size=300), search),
    "sweep": (lambda: hpt.SweepLab(DATA, small(), training_size=300), sweep),
}


@pytest.fixture(params=KINDS)
def kind(request):
    """Return a function that makes a lab which records, and one that uses it."""
    return KINDS[request.param]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lab_goes_on_where_nothing_can_be_written(kind, language, readers_folder, tmp_path):
    hpt.use_language(language)
    # A file in the way stops root too, which a read-only folder does not.
    readers_folder.write_text("in the way", encoding="utf-8")
    make, use = kind
    lab = make()
    try:
        record = use(lab)
        words = {"en": "your folder can't be written", "zh": "你的文件夹无法写入"}
        assert words[language] in shown_in(lab)
        assert lab.state == "ended"
        assert len(record) > 0
        elsewhere = record.save(tmp_path / "elsewhere" / "mine.csv")
        assert SearchRecord.load(elsewhere).trials == record.trials
    finally:
        lab.close()


# No room


class SmallDisk:
    """A disk that can be full: what is written next is taken in part, and the rest refused.

    The system's limit on the size of a file does it, so no rights are needed. Where there is
    none (Windows), a pretended disk refuses when it is told to make sure of what it has.

    Parameters
    ----------
    folder : Path
        Where it is to be.

    Attributes
    ----------
    refusal : str
        What the system says when the disk is full.
    """

    def __init__(self, folder):
        self.folder = folder
        self._patches = pytest.MonkeyPatch()
        folder.mkdir()
        self.refusal = os.strerror(errno.ENOSPC if resource is None else errno.EFBIG)

    def fill(self):
        if resource is None:
            self._patches.setattr(os, "fsync", self._refuse)
            return
        sizes = (path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        self._limit_files(max(sizes, default=0) + 100)

    def make_room(self):
        self._patches.undo()
        if resource is not None:
            self._limit_files(resource.getrlimit(resource.RLIMIT_FSIZE)[1])

    def _limit_files(self, size):
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    def _refuse(self, _descriptor):
        raise OSError(errno.ENOSPC, self.refusal)


@pytest.fixture
def disk(tmp_path, monkeypatch):
    made = SmallDisk(tmp_path / "disk")
    monkeypatch.setenv("HPT_HOME", str(made.folder))
    yield made
    made.make_room()


def test_a_disk_that_fills_up_in_mid_search_costs_nothing(disk):
    """The trials are long, so that the disk takes the first part of one and refuses the rest."""

    def objective(values):
        if len(lab.record) == 2:
            disk.fill()
        history = tuple((float(place), 1 / (place + 1)) for place in range(300))
        return hpt.Trial(values, validation_accuracy=values["learning_rate"], history=history)

    lab = hpt.SearchLab(objective=objective)
    try:
        record = lab.run("random", trials=4)
        assert lab.state == "ended"
        assert len(record) == 4
        assert disk.refusal in lab.status
        assert SearchRecord.load(record.path).trials == record.trials[:2]
        disk.make_room()
        lab.set(trials=5)
        lab.resume()
        lab.wait()
        assert disk.refusal not in lab.status
        assert len(record) == 5
        assert SearchRecord.load(record.path).trials == record.trials
    finally:
        lab.close()


@pytest.mark.parametrize("name", ["training", "sweep"])
def test_a_full_disk_is_a_message_in_the_lab_and_all_is_written_when_there_is_room(name, disk):
    make, use = KINDS[name]
    lab = make()
    try:
        (disk.folder / ("runs" if name == "training" else "sweeps")).mkdir(exist_ok=True)
        disk.fill()
        record = use(lab)
        assert lab.state == "ended"
        assert disk.refusal in shown_in(lab)
        with pytest.raises(OSError, match=rf"{disk.refusal}: '.*mine\.csv'"):
            record.save(disk.folder / "mine.csv")
        disk.make_room()
        if name == "training":
            train(lab)
        else:
            lab.set(seeds=2)
            lab.resume()
            lab.wait()
        assert disk.refusal not in shown_in(lab)
        assert SearchRecord.load(record.path).trials == record.trials
        assert SearchRecord.load(record.save(disk.folder / "mine.csv")).trials == record.trials
    finally:
        lab.close()


# Nothing that is read is ever run

MODULES = sorted((PROJECT / "hpt_widgets").rglob("*.py"))
UNPICKLERS = {"pickle", "cloudpickle", "dill", "shelve", "marshal", "jsonpickle", "yaml"}
RUNNING = {"eval", "exec", "compile", "read_pickle", "load_model"}
# Modules in which one function only unpickles.
PARTLY = {("joblib", "load")}


def dangers_in(source):
    """Return what in a source could run what it reads."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.partition(".")[0] in UNPICKLERS]
        elif isinstance(node, ast.ImportFrom) and node.module:
            module = node.module.partition(".")[0]
            partly = {(module, alias.name) for alias in node.names} & PARTLY
            if module in UNPICKLERS or partly:
                found.append(node.module)
        elif isinstance(node, ast.Call):
            found += dangers_of_call(node)
    return found


def dangers_of_call(node):
    """Return what in a call could run what it reads."""
    function = getattr(node.func, "id", getattr(node.func, "attr", ""))
    owner = getattr(getattr(node.func, "value", None), "id", None)
    # A pattern and a model have a method of this name that runs no text.
    is_harmless = function == "compile" and owner is not None
    found = [function] if function in RUNNING and not is_harmless else []
    found += [function] if (owner, function) in PARTLY else []
    for keyword in node.keywords:
        allows = keyword.arg == "allow_pickle" and getattr(keyword.value, "value", True)
        if allows or keyword.arg == "trials_save_file":
            found.append(keyword.arg)
    return found


def test_no_module_runs_what_it_reads():
    assert MODULES
    for path in MODULES:
        assert dangers_in(path.read_text(encoding="utf-8")) == [], path


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "joblib.load(path)",
        "compile(text, '', 'exec')",
        "import dill as d",
        "eval(text)",
        "pd.read_pickle(path)",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=choice)",
        "fmin(f, space, trials_save_file='x')",
    ],
)
def test_what_runs_what_it_reads_is_found(source):
    assert len(dangers_in(source)) == 1


class Trap:
    """Runs a command when it is unpickled."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return Path.touch, (self.file,)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_record_that_is_a_pickle_is_refused_and_not_run(protocol, tmp_path):
    path, sprung = tmp_path / "record.csv", tmp_path / "sprung"
    path.write_bytes(pickle.dumps(Trap(sprung), protocol=protocol))
    for read in (SearchRecord.load, lambda path: SearchRecord(path=path)):
        with pytest.raises(ValueError, match=r"record\.csv is no search record"):
            read(path)
    assert not sprung.exists()


@pytest.mark.parametrize("field", ["learning_rate", "other_hyperparameters", "history", "message"])
def test_code_in_a_records_cell_is_text(field, tmp_path):
    path, sprung = tmp_path / "record.csv", tmp_path / "sprung"
    SearchRecord(path=path).append(hpt.Trial({"learning_rate": 0.125}, message="words"))
    head, line = path.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(head.lstrip("\ufeff").split(","), line.split(","), strict=True))
    cells[field] = f"__import__('pathlib').Path('{sprung}').touch()"
    path.write_text(f"{head}\n{','.join(cells.values())}\n", encoding="utf-8")
    with contextlib.suppress(RecordWarning):
        for trial in SearchRecord.load(path):
            assert "__import__" in repr(trial)
    assert not sprung.exists()
