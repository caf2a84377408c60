"""The command ``board``: started, killed, started again, and what is done to it meanwhile."""

import contextlib
import csv
import http.client
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass

import pytest
from board_tools import SECONDS, TASK, class_run

import hpt_widgets as hpt
from hpt_widgets.__main__ import main
from hpt_widgets.board.store import BoardStore
from hpt_widgets.support.own_command import own_command

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of Unix")


@dataclass
class Process:
    """A board in a process of its own."""

    process: subprocess.Popen
    address: str
    code: str
    said: str

    def post(self, path, values):
        connection = http.client.HTTPConnection(self.address, timeout=SECONDS)
        with contextlib.closing(connection):
            body = json.dumps(values)
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def join(self, student, nickname="cedar-17"):
        return self.post("/join", {"code": self.code, "student": student, "nickname": nickname})

    def send(self, student, *runs):
        given = [json.loads(run.to_json()) for run in runs]
        return self.post("/runs", {"code": self.code, "student": student, "runs": given})


@contextlib.contextmanager
def started(folder, *options, port=0):
    """Start a board, and end it as Ctrl-C does unless the test has ended it before."""
    command = [sys.executable, "-m", "hpt_widgets", "board", "--no-browser", "--folder", folder]
    process = subprocess.Popen(
        [*map(str, command), "--port", str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(SECONDS, process.kill)
    watchdog.start()
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        said = "".join(lines)
        found = re.search(r'join\("([^"]+)", "([^"]+)"\)', said)
        assert found, said
        yield Process(process, found[1], found[2], said)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) in (0, -signal.SIGKILL)
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def folder(tmp_path):
    """Return a board's folder with a task in it."""
    store = BoardStore(tmp_path / "class" / "board.sqlite")
    store.open_task(TASK).result(SECONDS)
    store.close()
    return tmp_path / "class"


def opened(folder):
    return contextlib.closing(BoardStore(folder / "board.sqlite"))


def test_a_board_that_is_killed_twice_loses_nothing(folder):
    student, sent = str(uuid.uuid4()), []
    port, code = 0, None
    for _ in range(3):
        with started(folder, port=port) as board:
            port = int(board.address.rpartition(":")[2])
            assert code in (None, board.code)
            code = board.code
            assert board.join(student)[1]["name"] == "cedar-17"
            for _ in range(5):
                run = class_run()
                assert board.send(student, run)[0] == 200
                sent.append(run.id)
            # All that was sent before is known.
            assert board.send(student, run)[1]["new"] == 0
            board.process.send_signal(signal.SIGKILL)
            board.process.wait(SECONDS)
    with opened(folder) as store:
        assert [kept.run.id for kept in store.kept_runs()] == sent


def test_the_board_says_how_to_join_and_who_can(folder):
    with started(folder) as board:
        assert f"localhost:{board.address.rpartition(':')[2]}/#teacher=" in board.said
        assert "Only this computer" in board.said
        assert "A task" in board.said
        assert str(folder) in board.said
    with started(folder, "--language", "zh") as board:
        assert "只有这台电脑" in board.said
    # By a school's own name it is reached from elsewhere too.
    with started(folder, "--new-code", "--url", "http://board.school.example:8899") as other:
        assert other.code != board.code
        assert other.address == "http://board.school.example:8899/"
        # What forwards that address runs here: nobody else is let in.
        forwarded = "Only this computer can connect, and what forwards http://board.school"
        assert forwarded in other.said
        assert "Every computer" not in other.said
    with started(folder, "--url", "https://board.school.example/", "--language", "zh") as other:
        assert "以及把 https://board.school.example/ 转发到这里的程序可以连接" in other.said
    with started(folder, "--share", "--url", "http://board.school.example:8899") as other:
        assert "Whoever reaches this address can connect." in other.said


def test_a_name_is_forgotten_while_the_board_is_open(folder, capsys):
    student = str(uuid.uuid4())
    with started(folder) as board:
        board.join(student)
        board.send(student, class_run(), class_run())
        assert main(["board", "forget", "cedar-17", "--folder", str(folder)]) == 0
        assert "cedar-17 and 2 runs" in capsys.readouterr().out
        assert board.send(student, class_run())[1]["error"] == "forgotten_refused"
        # Nor does the same lab come back by joining.
        assert board.join(student)[1]["error"] == "forgotten_refused"
    with opened(folder) as store:
        assert list(store.kept_runs()) == []


def test_of_two_classes_the_one_that_is_asked_for_loses_the_name(folder, capsys):
    with opened(folder) as store:
        for number in (1, 2):
            if number == 2:
                store.set_code("another", new_class=True).result(SECONDS)
            who = store.add_student(str(uuid.uuid4()), "cedar-17").result(SECONDS)
            store.add_runs(who, [class_run() for _ in range(number)]).result(SECONDS)
            store.add_student(str(uuid.uuid4()), f"idle-{number}").result(SECONDS)
    command = ["board", "forget", "--class-number", "1", "--folder", str(folder)]
    assert main([*command, "cedar-17"]) == 0
    assert "cedar-17 and 1 runs" in capsys.readouterr().out
    assert main([*command, "--without-runs"]) == 0
    assert "1 students without a run" in capsys.readouterr().out
    with opened(folder) as store:
        assert [kept.class_number for kept in store.kept_runs()] == [2, 2]
        assert sorted(store.names().values()) == ["cedar-17", "idle-2"]
    assert main([*command, "cedar-17"]) == 1


def test_those_who_never_sent_a_run_are_cleared_and_may_come_back(folder, capsys):
    students = [str(uuid.uuid4()) for _ in range(3)]
    with started(folder) as board:
        for student in students:
            board.join(student)
        board.send(students[0], class_run())
        assert main(["board", "forget", "--without-runs", "--folder", str(folder)]) == 0
        assert "2 students without a run" in capsys.readouterr().out
        assert board.send(students[1], class_run())[1]["error"] == "unknown_student"
        assert board.join(students[1], "maple-3")[1]["name"] == "maple-3"
        assert board.send(students[0], class_run())[0] == 200
    with pytest.raises(SystemExit):
        main(["board", "forget", "--folder", str(folder)])


def test_a_new_code_keeps_the_class_and_a_new_class_begins_from_nothing(folder, tmp_path, capsys):
    student = str(uuid.uuid4())
    with started(folder) as board:
        board.join(student)
        board.send(student, class_run(0.5))
        first = board
    with started(folder, "--new-code") as board:
        assert board.code != first.code
        assert key_in(board.said) != key_in(first.said)
        board.code = first.code
        assert board.send(student, class_run(0.6))[1]["is_over"] is False
    with started(folder, "--new-class") as board:
        # Late runs of the class before stay with it.
        assert board.send(student, class_run(0.7))[1]["is_over"] is True
        assert board.join(str(uuid.uuid4()), "maple-3")[0] == 200
        with opened(folder) as store:
            assert list(store.rows(TASK)) == []
            assert [each.name for each in store.roster()] == ["maple-3"]
        assert main(["board", "new-class", "--folder", str(folder)]) == 0
        assert "Class 3 has begun" in capsys.readouterr().out
        assert board.join(str(uuid.uuid4()))[1]["error"] == "wrong_code"
    path = tmp_path / "runs.csv"
    assert main(["board", "export", str(path), "--folder", str(folder)]) == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["class"] for row in csv.DictReader(file)] == ["1", "1", "1"]


def test_a_board_without_searches_says_how_to_train_them(folder):
    with started(folder) as board:
        assert f"`{own_command()} board task`" in board.said
    record = folder / "reference" / TASK.key
    record.mkdir(parents=True)
    with started(folder) as board:
        assert "board task" in board.said
    (record / "seeds-0.csv").write_text("")
    with started(folder) as board:
        assert "board task" not in board.said


def key_in(said):
    return re.search(r"#teacher=(\w+)", said)[1]


def test_files_are_read_while_the_board_is_open(folder, tmp_path):
    from board_tools import trial

    hpt.SearchRecord("manual", path=tmp_path / "files" / "小明.csv").append(trial(0.75))
    student = str(uuid.uuid4())
    with started(folder, "--csv", str(tmp_path / "files")) as board, opened(folder) as store:
        board.join(student)
        deadline = time.monotonic() + SECONDS
        while not list(store.kept_runs()) and time.monotonic() < deadline:
            board.join(student)
        assert [kept.student for kept in store.kept_runs()] == ["小明"]


def test_the_folder_is_read_again_after_an_error(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("hpt_widgets.board.csv_folder.LOOK_SECONDS", 0.01)
    looks = []

    def take_in(_):
        looks.append(len(looks))
        if len(looks) == 1:
            raise sqlite3.OperationalError("database is locked")
        if len(looks) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return []

    monkeypatch.setattr("hpt_widgets.board.csv_folder.CsvFolder.take_in", take_in)
    watchdog = threading.Timer(SECONDS, os.kill, (os.getpid(), signal.SIGINT))
    watchdog.start()
    where = ["--folder", str(folder), "--csv", str(tmp_path)]
    try:
        assert main(["board", "--no-browser", "--port", "0", *where]) == 0
    finally:
        watchdog.cancel()
    assert len(looks) >= 2


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process")
def test_a_full_disk_is_a_sentence_and_goes_away(folder):
    student = str(uuid.uuid4())
    with started(folder) as board:
        board.join(student)
        first = class_run()
        assert board.send(student, first)[0] == 200
        # No file of that process may grow.
        limits = resource.prlimit(board.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(board.process.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
        waiting = [class_run() for _ in range(20)]
        status, answer = board.send(student, *waiting)
        assert (status, answer["error"]) == (507, "disk_full")
        assert "disk" in answer["message"]
        resource.prlimit(board.process.pid, resource.RLIMIT_FSIZE, limits)
        assert board.send(student, *waiting)[1]["new"] == 20
    with opened(folder) as store:
        assert len(list(store.kept_runs())) == 21


def test_a_port_that_is_taken_ends_with_a_sentence(folder, capsys):
    with started(folder) as board:
        port = board.address.rpartition(":")[2]
        command = ["board", "--no-browser", "--port", port, "--folder", str(folder)]
        assert main(command) == 1
        assert f"port {port} is taken" in capsys.readouterr().err
        # The board that is open goes on with its code.
        assert main([*command, "--new-code"]) == 1
        assert board.join(str(uuid.uuid4()))[0] == 200


def test_export_writes_a_file_and_says_how_many(folder, tmp_path, capsys):
    with opened(folder) as store:
        who = store.add_student(str(uuid.uuid4()), "cedar-17").result(SECONDS)
        store.add_runs(who, [class_run(), class_run()]).result(SECONDS)
    path = tmp_path / "runs.csv"
    assert main(["board", "--folder", str(folder), "export", str(path)]) == 0
    assert f"2 runs were written to {path}" in capsys.readouterr().out
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 3


def test_what_cannot_be_done_is_said_in_a_sentence(folder, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    where = ["--folder", str(folder)]
    for command, words in (
        (["board", "forget", "nobody", *where], "nobody"),
        (["board", "export", str(tmp_path / "file" / "x.csv"), *where], "x.csv"),
        (["board", "export", "x.csv", "--folder", str(tmp_path / "file")], "file"),
        (["board", "--prefix", "a b", *where], "--prefix='a b' must be a path"),
        (["board", "--prefix", "/a/../b", *where], "--prefix="),
        (["board", "--prefix", "/板", *where], "--prefix="),
        (["board", "--url", "foo", *where], "--url='foo' must be the whole address"),
        (["board", "--url", "http://a b/", *where], "--url="),
        (["board", "--url", "http://a/课堂/", *where], "in ASCII alone"),
        (["board", "--url", "ftp://a/", *where], "--url="),
        (["board", "--url", "http://a/?x=1", *where], "--url="),
        (["board", "--csv", str(tmp_path / "file"), *where], "file' is a file"),
        (["board", "--prefix", "a b", "--language", "zh", *where], "--prefix='a b' 必须是"),
        (["board", "--url", "foo", "--language", "zh", *where], "--url='foo' 必须是"),
        (["board", "--csv", str(tmp_path / "file"), "--language", "zh", *where], "是一个文件"),
        (["board", "task", "--epochs", "0", "--no-reference", *where], "epochs"),
        (["board", "task", "--training-size", "0", "--no-reference", *where], "n=0"),
    ):
        assert main(command) == 1
        assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "words"), [("en", "there is no board in"), ("zh", "里没有看板")]
)
def test_a_folder_without_a_board_stays_without_one(tmp_path, capsys, language, words):
    place = tmp_path / "mistyped"
    for action in (
        ["export", str(tmp_path / "new" / "runs.csv")],
        ["forget", "cedar-17"],
        ["forget", "--without-runs"],
        ["new-class"],
    ):
        command = ["board", *action, "--folder", str(place), "--language", language]
        assert main(command) == 1
        said = capsys.readouterr()
        assert words in said.err
        assert str(place) in said.err
        assert said.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_board_without_students_says_so(folder, capsys):
    assert main(["board", "forget", "nobody", "--folder", str(folder)]) == 1
    assert "'nobody' on the board: nobody has joined yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("trials", value) for value in ("0", "100000000")),
        *(("repeats", value) for value in ("-1", "0", "1000")),
        *(("epochs", "0"), ("seed", "-1"), ("training-size", "0"), ("name", "a" * 61)),
    ],
)
def test_a_slip_leaves_the_classs_task_as_it_was(folder, capsys, option, value):
    command = ["board", "task", "--training-size", "7", f"--{option}={value}"]
    assert main([*command, "--folder", str(folder)]) == 1
    said = capsys.readouterr()
    assert value in said.err
    assert said.out == ""
    with opened(folder) as store:
        assert store.task == TASK
    assert not (folder / "reference").exists()


def test_a_task_without_a_name_is_called_in_the_language_of_the_day(tmp_path, capsys):
    command = ["board", "task", "--no-reference", "--folder", str(tmp_path), "--language"]
    for first, name in (("en", "Who finds the best setting?"), ("zh", "谁能找到最好的设置？")):
        assert main([*command, first]) == 0
        assert name in capsys.readouterr().out
        with started(tmp_path) as board:
            assert "Task: Who finds the best setting?" in board.said
        with started(tmp_path, "--language", "zh") as board:
            assert "任务：谁能找到最好的设置？" in board.said


def test_the_teachers_own_folder_is_the_default(readers_folder, capsys):
    assert main(["board", "task", "--no-reference", "--name", "第一课", "--language", "zh"]) == 0
    assert "第一课" in capsys.readouterr().out
    with opened(readers_folder / "board") as store:
        assert store.task.name == "第一课"
        assert store.task.training_size == 50_000


def test_a_task_is_opened_as_the_options_say(folder):
    command = ["board", "task", "--no-reference", "--training-size", "500", "--seed", "3"]
    command += ["--epochs", "2", "--free", "optimizer", "learning_rate", "--folder", str(folder)]
    assert main(command) == 0
    with opened(folder) as store:
        task = store.task
        assert (task.training_size, task.seed, task.epochs) == (500, 3, 2)
        assert task.free == ("learning_rate", "optimizer")


def test_the_searches_are_as_many_and_as_long_as_the_options_say(folder, capsys):
    command = ["board", "task", "--training-size", "100", "--trials", "2", "--repeats", "1"]
    assert main([*command, "--folder", str(folder)]) == 0
    # Eight seeds of one setting, and two trials of random search and of TPE.
    said = capsys.readouterr().out
    assert "(12 runs;" in said
    for line in ("  1: one setting, seed 0 ", "  8: one setting, seed 7 ", "  12: TPE "):
        assert line in said
    assert "manual" not in said
    assert "The reference record is complete." in said
    with opened(folder) as store:
        kept = folder / "reference" / store.task.key
    lengths = {path.stem: len(hpt.SearchRecord.load(path)) for path in kept.iterdir()}
    assert lengths == {"seeds-0": 8, "random-0": 2, "tpe-0": 2}
