"""A lab's place in a class: what is sent, what waits, and what is said of it."""

import contextlib
import dataclasses
import errno
import http.client
import itertools
import json
import math
import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import Future

import pytest
from board_tools import DATA, SECONDS, TASK, running_board, trial

import hpt_widgets as hpt
from hpt_widgets.board.client import BoardAddress, NoAnswer, ask
from hpt_widgets.board.limits import RateLimit
from hpt_widgets.board.member import ClassMember
from hpt_widgets.board.reception import Reception
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.writer import StoreError


@pytest.fixture
def board(tmp_path):
    with running_board(tmp_path / "board.sqlite") as running:
        yield running


@pytest.fixture
def join():
    """Return a function that makes members; all are closed in the end."""
    members = []

    def make(address, code="maple-river", nickname="cedar-17", **options):
        options = {"first_pause": 0.01, "longest_pause": 0.05, **options}
        members.append(ClassMember(address, code, nickname, **options))
        return members[-1]

    yield make
    for member in members:
        member.close()


def at(board):
    return f"127.0.0.1:{board.port}"


def until(condition):
    """Wait until something on another thread has come about."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def ids_on(board):
    return [kept.run.id for kept in board.runs()]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


# Joining and sending


def test_runs_are_sent_as_they_end(board, join):
    member = join(at(board), board.code)
    assert member.wait_until_joined(SECONDS)
    trials = [trial(accuracy) for accuracy in (0.5, 0.6, 0.7)]
    for each in trials:
        member.send(each, DATA)
    assert member.wait(SECONDS)
    assert ids_on(board) == [each.uuid for each in trials]
    assert len(list(board.store.rows(TASK))) == 3
    assert member.waiting == 0
    assert member.task == TASK
    assert member.message == "In the class as cedar-17. Task: “A task”."


def test_the_second_of_a_nickname_hears_their_own_name(board, join, monkeypatch, tmp_path):
    join(at(board), board.code).wait_until_joined(SECONDS)
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "another reader"))
    other = join(at(board), board.code)
    other.wait_until_joined(SECONDS)
    assert other.name == "cedar-17 (2)"


def test_a_reader_who_joins_again_is_the_same_student(board, join):
    for _ in range(2):
        member = join(at(board), board.code)
        assert member.wait_until_joined(SECONDS)
        member.close()
        assert member.name == "cedar-17"
    assert board.store.names() == {1: "cedar-17"}


def test_without_a_nickname_one_is_drawn(board, join):
    member = join(at(board), board.code, None)
    assert member.wait_until_joined(SECONDS)
    assert board.store.names() == {1: member.nickname}


def test_the_nickname_of_a_class_is_kept_so_that_what_waits_finds_its_student(board, join):
    first = join(at(board), board.code, None)
    first.close()
    first.send(trial(0.5), DATA)
    first.flush()
    assert first.waiting == 1
    # As after a restart of the kernel.
    again = join(at(board), board.code, None)
    assert again.nickname == first.nickname
    until(lambda: len(board.runs()) == 1)
    assert board.store.names() == {1: first.nickname}


def test_another_class_and_a_nickname_that_is_given_count_more_than_the_one_that_is_kept(join):
    address = f"127.0.0.1:{free_port()}"
    drawn = join(address, "maple-river", None).nickname
    assert join(address, "cedar-lake", None).nickname != drawn
    assert join(address, "maple-river", "Li").nickname == "Li"
    assert join(address, "maple-river", None).nickname == "Li"


def test_a_kept_nickname_that_was_spoilt_is_drawn_anew(join, readers_folder):
    address = f"127.0.0.1:{free_port()}"
    join(address, "maple-river", None)
    (kept,) = (readers_folder / "class").glob("nickname-*.txt")
    kept.write_text("<b>", encoding="utf-8")
    assert join(address, "maple-river", None).nickname == kept.read_text(encoding="utf-8") != "<b>"


def test_sending_waits_for_nothing(join):
    # An address that takes connections and never answers.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        member = join(f"127.0.0.1:{silent.getsockname()[1]}")
        begun = threading.Event()
        done = threading.Event()

        def work():
            begun.set()
            for _ in range(100):
                member.send(trial(), DATA)
            done.set()

        threading.Thread(target=work).start()
        assert begun.wait(SECONDS)
        assert done.wait(SECONDS)
        assert member.state == "joining"
        assert member.waiting == 100


def test_the_fingerprint_is_worked_out_on_the_members_thread(board, join):
    member = join(at(board), board.code)
    found = []

    def fingerprint():
        found.append(threading.current_thread().name)
        return DATA

    member.send(trial(), fingerprint)
    assert member.wait(SECONDS)
    assert found == ["hpt-class"]
    assert board.runs()[0].run.data == DATA


def test_a_run_that_the_board_would_not_take_is_said_and_the_others_are_sent(board, join):
    member = join(at(board), board.code)
    member.send(hpt.Trial({"n_neighbors": 3}, validation_accuracy=0.5), DATA)
    member.send(trial(math.nan), DATA)
    assert member.wait(SECONDS)
    assert len(board.runs()) == 1
    assert "n_neighbors" in member.message
    assert "1 of your runs" in member.message


@pytest.mark.parametrize(
    ("settings", "sent", "words"),
    [
        ({"epochs": 3}, {}, ["epochs = 1", "epochs = 1"]),
        ({"optimizer": "sgd"}, {}, ["optimizer = adam", "optimizer = adam"]),
        ({}, {"changed": True}, ["changed while it ran", "途中改过设置"]),
        ({}, {"fingerprint": "cd" * 12}, ["other data", "1,000 个样本"]),
    ],
    ids=["epochs", "optimizer", "changed", "data"],
)
def test_a_student_is_told_why_a_run_stands_apart(board, join, settings, sent, words):
    member = join(at(board), board.code)
    member.send(trial(), DATA)
    assert member.wait(SECONDS)
    assert member.message == "In the class as cedar-17. Task: “A task”."
    member.send(trial(**settings), **{"fingerprint": DATA, **sent})
    assert member.wait(SECONDS)
    assert "stands apart" in member.message
    assert words[0] in member.message
    hpt.use_language("zh")
    assert "不参加比较" in member.message
    assert words[1] in member.message
    assert "。 " not in member.message
    # The next one is compared again.
    member.send(trial(), DATA)
    assert member.wait(SECONDS)
    assert "不参加比较" not in member.message


def test_a_run_whose_accuracy_is_not_its_curves_is_kept_and_stands_apart(board, join):
    member = join(at(board), board.code)
    member.send(dataclasses.replace(trial(0.8), validation_accuracy=1.0), DATA)
    assert member.wait(SECONDS)
    assert "not the one at the end of its curve" in member.message
    hpt.use_language("zh")
    assert "与学习曲线的终点不一致" in member.message
    assert [kept.task for kept in board.runs()] == [""]


def test_a_lab_hears_of_the_task_that_was_opened_meanwhile(board, join):
    member = join(at(board), board.code)
    member.send(trial(), DATA)
    assert member.wait(SECONDS)
    board.store.open_task(dataclasses.replace(TASK, name="Longer", epochs=2)).result(SECONDS)
    member.send(trial(), DATA)
    assert member.wait(SECONDS)
    assert "Task: “Longer”." in member.message
    assert "epochs = 2" in member.message


def test_a_run_that_was_changed_midway_says_so(board, join):
    member = join(at(board), board.code)
    member.send(trial(), DATA, changed=True)
    assert member.wait(SECONDS)
    assert board.runs()[0].run.changed


# Waiting


def test_what_cannot_be_sent_waits_and_is_sent_later(tmp_path, join):
    path, port = tmp_path / "board.sqlite", free_port()
    member = join(f"127.0.0.1:{port}")
    trials = [trial(i / 50) for i in range(45)]
    for each in trials:
        member.send(each, DATA)
    until(lambda: "45 runs waiting" in member.message)
    assert f"127.0.0.1:{port}" in member.message
    assert member.state == "joining"
    with board_at(path, port) as board:
        until(lambda: len(board.runs()) == 45)
        until(lambda: member.waiting == 0)
        assert ids_on(board) == [each.uuid for each in trials]
        assert "A task" in member.message


@contextlib.contextmanager
def board_at(path, port):
    """Run a board at a port that was free, with a class code that is known."""
    import board_tools

    with pytest.MonkeyPatch.context() as patch:
        real = board_tools.listening_socket
        patch.setattr(board_tools, "listening_socket", lambda _, share: real(port, share=share))
        patch.setattr("hpt_widgets.board.store_format.new_class_code", lambda: "maple-river")
        with running_board(path) as running:
            yield running


def test_a_killed_board_is_waited_for_and_nothing_comes_twice(tmp_path, join):
    path, port = tmp_path / "board.sqlite", free_port()
    member = join(f"127.0.0.1:{port}")
    trials = [trial(i / 50) for i in range(30)]
    for part in range(3):
        with board_at(path, port) as board:
            for each in trials[10 * part : 10 * part + 5]:
                member.send(each, DATA)
            until(lambda: member.waiting == 0)
        for each in trials[10 * part + 5 : 10 * part + 10]:
            member.send(each, DATA)
    with board_at(path, port) as board:
        until(lambda: member.waiting == 0)
        assert ids_on(board) == [each.uuid for each in trials]


def test_a_kernel_that_is_killed_leaves_its_runs_to_the_next(tmp_path, join, readers_folder):
    port = free_port()
    script = textwrap.dedent(
        f"""
        import os, sys
        sys.path[:0] = {[p for p in sys.path if "tests" in p]!r}
        from board_tools import DATA, trial
        from hpt_widgets.board.member import ClassMember
        member = ClassMember("127.0.0.1:{port}", "maple-river", "cedar-17")
        for accuracy in (0.25, 0.5, 0.75):
            member.send(trial(accuracy), DATA)
        member.flush()
        os.kill(os.getpid(), 9)
        """
    )
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -9
    with board_at(tmp_path / "board.sqlite", port) as board:
        member = join(f"127.0.0.1:{port}")
        until(lambda: len(board.runs()) == 3)
        assert member.wait_until_joined(SECONDS)
        accuracies = [kept.run.trial.validation_accuracy for kept in board.runs()]
        assert accuracies == [0.25, 0.5, 0.75]


def test_a_kernel_that_ends_keeps_the_run_that_has_just_ended(readers_folder):
    script = textwrap.dedent(
        f"""
        import sys
        sys.path[:0] = {[p for p in sys.path if "tests" in p]!r}
        from board_tools import DATA, trial
        from hpt_widgets.board.member import ClassMember
        ClassMember("127.0.0.1:{free_port()}", "maple-river", "cedar-17").send(trial(), DATA)
        """
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert len(list((readers_folder / "class").glob("*/*-*.json"))) == 1


def test_runs_for_a_board_that_has_moved_are_sent_to_its_new_address(tmp_path, join):
    path, old, new = tmp_path / "board.sqlite", free_port(), free_port()
    with board_at(path, old):
        member = join(f"127.0.0.1:{old}")
        assert member.wait_until_joined(SECONDS)
    member.send(trial(), DATA)
    member.wait(SECONDS)
    member.close()
    with board_at(path, new) as board:
        again = join(f"127.0.0.1:{new}")
        until(lambda: len(board.runs()) == 1)
        assert again.name == "cedar-17"


def test_runs_for_one_board_are_not_sent_to_another(tmp_path, join):
    member = join(f"127.0.0.1:{free_port()}")
    member.send(trial(), DATA)
    member.wait(SECONDS)
    member.close()
    with running_board(tmp_path / "other.sqlite") as board:
        other = join(at(board), board.code)
        assert other.wait_until_joined(SECONDS)
        other.wait(SECONDS)
        assert board.runs() == []


def test_a_new_board_at_the_same_address_is_joined_anew(tmp_path, join):
    port = free_port()
    with board_at(tmp_path / "first.sqlite", port):
        member = join(f"127.0.0.1:{port}")
        assert member.wait_until_joined(SECONDS)
    with board_at(tmp_path / "second.sqlite", port) as board:
        member.send(trial(), DATA)
        until(lambda: len(board.runs()) == 1)


def wait_behind(board_path, port, join, code, count):
    """Join a class, and have runs wait that ended after its board was gone; return them."""
    with board_at(board_path, port):
        member = join(f"127.0.0.1:{port}", code)
        assert member.wait_until_joined(SECONDS)
    trials = [trial((i + 1) / 50) for i in range(count)]
    for each in trials:
        member.send(each, DATA)
    until(lambda: f"{count} run" in member.message)
    member.close()
    return trials


def begin_class(path, code):
    with contextlib.closing(BoardStore(path)) as store:
        store.set_code(code, new_class=True).result(SECONDS)


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 1, "1 run of an earlier class was not sent."),
        ("en", 2, "2 runs of an earlier class were not sent."),
        ("zh", 2, "有 2 次训练属于以前的班，没有发送。"),
    ],
)
def test_what_waited_for_a_class_is_not_sent_to_the_next_one(
    tmp_path, join, language, count, words
):
    path, port = tmp_path / "board.sqlite", free_port()
    wait_behind(path, port, join, "maple-river", count)
    begin_class(path, "cedar-lake")
    hpt.use_language(language)
    with board_at(path, port) as board:
        member = join(f"127.0.0.1:{port}", "cedar-lake")
        assert member.wait_until_joined(SECONDS)
        own = trial(0.9)
        member.send(own, DATA)
        until(lambda: ids_on(board) == [own.uuid])
        assert member.wait(SECONDS)
        assert member.waiting == 0
        assert words in member.message
        assert [each.runs for each in board.store.roster()] == [1]
        # It is said once, not in each lesson from then on.
        member.close()
        again = join(f"127.0.0.1:{port}", "cedar-lake")
        assert again.wait_until_joined(SECONDS)
        assert words not in again.message


def test_a_board_that_comes_back_with_the_same_class_gets_what_waited(tmp_path, join):
    path, port = tmp_path / "board.sqlite", free_port()
    trials = wait_behind(path, port, join, "maple-river", 2)
    # Another code for the same class changes nothing.
    with contextlib.closing(BoardStore(path)) as store:
        store.set_code("cedar-lake").result(SECONDS)
    with board_at(path, port) as board:
        join(f"127.0.0.1:{port}", "cedar-lake")
        until(lambda: ids_on(board) == [each.uuid for each in trials])


def test_what_waited_for_a_board_is_kept_from_another_one_and_sent_when_it_comes_back(
    tmp_path, join
):
    path, port = tmp_path / "first.sqlite", free_port()
    trials = wait_behind(path, port, join, "maple-river", 2)
    with board_at(tmp_path / "second.sqlite", port) as board:
        other = join(f"127.0.0.1:{port}")
        assert other.wait_until_joined(SECONDS)
        assert other.wait(SECONDS)
        assert "2 runs of an earlier class were not sent." in other.message
        assert board.runs() == []
        other.close()
    with board_at(path, port) as board:
        back = join(f"127.0.0.1:{port}")
        until(lambda: ids_on(board) == [each.uuid for each in trials])
        until(lambda: back.waiting == 0)
        assert "earlier class" not in back.message


def assert_left_out(member, board, runs):
    assert member.wait_until_joined(SECONDS)
    assert member.wait(SECONDS)
    assert board.runs() == []
    assert f"{runs} of an earlier class" in member.message


def test_what_waited_at_another_address_is_kept_from_the_next_class_too(tmp_path, join):
    path, new = tmp_path / "board.sqlite", free_port()
    wait_behind(path, free_port(), join, "maple-river", 2)
    begin_class(path, "cedar-lake")
    with board_at(path, new) as board:
        member = join(f"127.0.0.1:{new}", "cedar-lake")
        assert_left_out(member, board, "2 runs")


def test_what_ends_after_a_restart_with_the_code_of_before_is_for_the_class_of_before(
    tmp_path, join
):
    path, port = tmp_path / "board.sqlite", free_port()
    with board_at(path, port):
        assert join(f"127.0.0.1:{port}").wait_until_joined(SECONDS)
    # The kernel was restarted, and the board is still gone.
    again = join(f"127.0.0.1:{port}")
    again.send(trial(), DATA)
    until(lambda: "1 run waiting" in again.message)
    again.close()
    begin_class(path, "cedar-lake")
    with board_at(path, port) as board:
        member = join(f"127.0.0.1:{port}", "cedar-lake")
        assert_left_out(member, board, "1 run")


def test_a_student_whose_other_lab_has_joined_the_next_class_goes_on_in_it(board, join):
    first = join(at(board), board.code)
    assert first.wait_until_joined(SECONDS)
    board.store.set_code("cedar-lake", new_class=True).result(SECONDS)
    assert join(at(board), "cedar-lake").wait_until_joined(SECONDS)
    first.send(trial(), DATA)
    until(lambda: len(board.runs()) == 1)
    assert [each.runs for each in board.store.roster()] == [1]


def test_a_run_that_an_earlier_version_left_waiting_is_sent(board, join, readers_folder):
    address = f"127.0.0.1:{free_port()}"
    member = join(address)
    member.send(trial(), DATA)
    until(lambda: "1 run waiting" in member.message)
    member.close()
    (old,) = (readers_folder / "class").glob("*/*-*.json")
    # No version before said in a file's name for which class it was.
    assert old.name.count(".") == 1
    at_board = join(at(board), board.code)
    assert at_board.wait_until_joined(SECONDS)
    at_board.close()
    notes = (readers_folder / "class").glob("*/member.json")
    (folder,) = {note.parent for note in notes}
    old.replace(folder / old.name)
    assert "class" not in json.loads((folder / old.name).read_text(encoding="utf-8"))
    join(at(board), board.code)
    until(lambda: len(board.runs()) == 1)


def test_what_waits_in_memory_alone_keeps_to_its_class_too(
    tmp_path, join, monkeypatch, readers_folder
):
    port = free_port()

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with board_at(tmp_path / "first.sqlite", port):
        member = join(f"127.0.0.1:{port}")
        assert member.wait_until_joined(SECONDS)
    monkeypatch.setattr("hpt_widgets.board.outbox.write_whole", refuse)
    member.send(trial(), DATA)
    until(lambda: "1 run waiting: no answer" in member.message)
    # Another board with the same code: the lab goes on there by itself.
    with board_at(tmp_path / "second.sqlite", port) as board:
        until(lambda: "1 run of an earlier class" in member.message)
        own = trial(0.5)
        member.send(own, DATA)
        until(lambda: ids_on(board) == [own.uuid])


class DroppingProxy:
    """Passes connections on, but for a third: cut before the request, or before the answer."""

    FATES = ("pass", "cut before", "pass", "pass", "cut after", "pass")

    def __init__(self, port):
        self._port = port
        self._fates = itertools.cycle(self.FATES)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.n_dropped = self.n_passed = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                with client:
                    self._serve(client)

    def _serve(self, client):
        fate = next(self._fates)
        if fate == "cut before":
            self.n_dropped += 1
            return
        with socket.create_connection(("127.0.0.1", self._port)) as board:
            client.settimeout(SECONDS)
            board.sendall(read_request(client))
            answer = b""
            while part := board.recv(65536):
                answer += part
        if fate == "cut after":
            # The board has kept the runs; the lab does not hear of it.
            self.n_dropped += 1
            return
        client.sendall(answer)
        self.n_passed += 1

    def close(self):
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(SECONDS)


def read_request(client):
    received = b""
    while b"\r\n\r\n" not in received:
        received += client.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body


def test_a_network_that_drops_a_third_of_all_requests_loses_nothing(tmp_path, join):
    def unlimited(store):
        return Reception(store, run_limit=RateLimit(100_000))

    with running_board(tmp_path / "board.sqlite", reception=unlimited) as board:
        proxy = DroppingProxy(board.port)
        try:
            member = join(f"127.0.0.1:{proxy.port}", board.code)
            trials = [trial(i / 100) for i in range(60)]
            for n_sent, each in enumerate(trials, 1):
                member.send(each, DATA)
                # Two that wait together would go in one request.
                until(lambda n=n_sent: len(board.runs()) == n and member.waiting == 0)
        finally:
            member.close()
            proxy.close()
        assert ids_on(board) == [each.uuid for each in trials]
        # Joining, and each run by itself.
        assert proxy.n_passed >= 60
        assert proxy.n_dropped >= 30


def test_a_student_who_sends_too_much_waits_as_long_as_the_board_says(tmp_path, join):
    now = [0.0]

    def reception(store):
        return Reception(store, run_limit=RateLimit(60, lambda: now[0]))

    with running_board(tmp_path / "board.sqlite", reception=reception) as board:
        member = join(at(board), board.code)
        for i in range(70):
            member.send(trial(i / 100), DATA)
        until(lambda: "60 runs a minute" in member.message)
        assert "waiting" in member.message
        # The first batch may have been shorter than twenty.
        assert 40 < len(board.runs()) <= 60
        assert len(board.runs()) + member.waiting == 70


def test_a_full_disk_of_the_board_is_said_and_waited_for(board, join):
    def limit(pages):
        def job(connection):
            connection.execute(f"PRAGMA max_page_count={pages}").fetchone()

        board.store.writer.submit(job).result(SECONDS)

    member = join(at(board), board.code)
    assert member.wait_until_joined(SECONDS)
    limit(1)
    for i in range(40):
        member.send(trial(i / 50), DATA)
    until(lambda: "disk is full" in member.message)
    # Before there is room again: then a run may land between the two counts.
    assert len(board.runs()) + member.waiting == 40
    limit(1_000_000)


def test_who_joins_a_board_on_a_full_disk_is_told_and_let_in_later(board, join, monkeypatch):
    def refuse(*_):
        future = Future()
        future.set_exception(StoreError("full"))
        return future

    with monkeypatch.context() as patch:
        patch.setattr(board.store, "add_student", refuse)
        member = join(at(board), board.code)
        until(lambda: member.message.startswith("Not in the class yet: the board's disk is full"))
    assert member.wait_until_joined(SECONDS)


def test_a_folder_that_cannot_be_written_is_said_and_the_runs_are_sent(
    board, join, monkeypatch, tmp_path
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "file"))
    member = join(f"127.0.0.1:{free_port()}")
    member.send(trial(), DATA)
    until(lambda: "cannot be kept in your folder" in member.message)
    assert member.waiting == 1
    other = join(at(board), board.code)
    other.send(trial(), DATA)
    until(lambda: len(board.runs()) == 1)
    until(lambda: other.waiting == 0)


@pytest.mark.parametrize("content", ["{", "[1]", "{}", '{"id": "another"}', "[" * 100_000])
def test_a_file_in_the_outbox_that_is_broken_does_not_hold_up_the_others(
    board, join, readers_folder, content
):
    member = join(at(board), board.code)
    assert member.wait_until_joined(SECONDS)
    member.close()
    (note,) = (readers_folder / "class").glob("*/member.json")
    (note.parent / "0000-00000000-0000-0000-0000-000000000000.json").write_text(content)
    again = join(at(board), board.code)
    again.send(trial(), DATA)
    until(lambda: len(board.runs()) == 1)
    until(lambda: again.waiting == 0)


@pytest.mark.parametrize("answer", [{"kept": None}, {"refused": ["a"]}, {"kept": [], "refused": 3}])
def test_an_answer_in_another_form_is_said_and_the_run_is_sent_later(
    board, join, monkeypatch, answer
):
    member = join(at(board), board.code)
    assert member.wait_until_joined(SECONDS)
    with monkeypatch.context() as patch:
        patch.setattr(ClassMember, "_ask", lambda *_, **__: answer)
        member.send(trial(), DATA)
        until(lambda: "Error" in member.message)
        assert member.waiting == 1
    until(lambda: len(board.runs()) == 1)
    until(lambda: member.waiting == 0)


@pytest.mark.skipif(os.name != "posix", reason="file permissions of Unix")
def test_only_the_reader_can_read_their_id(board, join, readers_folder):
    join(at(board), board.code).wait_until_joined(SECONDS)
    (path,) = (readers_folder / "class").glob("student-*.txt")
    assert path.stat().st_mode & 0o077 == 0


# What is refused


def test_a_wrong_code_is_said_in_the_readers_language(board, join):
    hpt.use_language("zh")
    member = join(at(board), "maple-wrong")
    assert not member.wait_until_joined(SECONDS)
    until(lambda: "口令" in member.message)
    assert member.state == "refused"
    member.send(trial(), DATA)
    assert member.wait(SECONDS)
    assert member.waiting == 1


@pytest.mark.parametrize(
    ("language", "count", "words", "short"),
    [
        ("en", 1, "another class or board has begun: join again with the code on the projector. "
         "1 run waits here.", "not in the class"),
        ("en", 2, "2 runs wait here.", "not in the class"),
        ("zh", 2, "请用投影上的口令重新加入。还有 2 次训练等待发送。", "不在班级里"),
    ],
)  # fmt: skip
def test_whose_class_has_made_room_for_another_hears_what_waits(
    tmp_path, join, language, count, words, short
):
    port = free_port()
    with board_at(tmp_path / "first.sqlite", port):
        member = join(f"127.0.0.1:{port}")
        assert member.wait_until_joined(SECONDS)
    hpt.use_language(language)
    with board_at(tmp_path / "second.sqlite", port) as board:
        board.store.set_code("cedar-lake").result(SECONDS)
        for _ in range(count):
            member.send(trial(), DATA)
        until(lambda: member.state == "refused")
        assert member.wait(SECONDS)
        assert member.message.endswith(words)
        assert member.short_message == short


def test_how_a_student_stands_is_said_in_two_or_three_words(tmp_path, join):
    path, port = tmp_path / "board.sqlite", free_port()
    member = join(f"127.0.0.1:{port}")
    assert member.short_message == "joining…"
    member.send(trial(), DATA)
    until(lambda: member.short_message == "1 waiting")
    with board_at(path, port) as board:
        until(lambda: member.short_message == "in the class")
        member.send(trial(optimizer="sgd"), DATA)
        until(lambda: member.short_message == "last run stands apart")
        board.store.set_code("cedar-lake", new_class=True).result(SECONDS)
        member.send(trial(), DATA)
        until(lambda: member.short_message == "another class has begun")


def test_a_forgotten_student_is_told_and_sends_nothing_more(board, join):
    member = join(at(board), board.code)
    assert member.wait_until_joined(SECONDS)
    board.store.forget("cedar-17").result(SECONDS)
    member.send(trial(), DATA)
    until(lambda: member.state == "refused")
    assert "taken you off the board" in member.message
    again = join(at(board), board.code)
    assert not again.wait_until_joined(SECONDS)
    assert board.store.names() == {}


def test_a_student_who_was_cleared_joins_again_with_the_next_run(board, join):
    member = join(at(board), board.code)
    assert member.wait_until_joined(SECONDS)
    assert board.store.forget_without_runs().result(SECONDS) == 1
    member.send(trial(), DATA)
    until(lambda: len(board.runs()) == 1)
    assert member.name == "cedar-17"


def test_a_student_who_was_cleared_needs_the_code_of_now_and_loses_no_run(board, join):
    member = join(at(board), board.code)
    assert member.wait_until_joined(SECONDS)
    board.store.set_code("maple-river").result(SECONDS)
    board.store.forget_without_runs().result(SECONDS)
    member.send(trial(), DATA)
    until(lambda: member.state == "refused")
    assert "class code is not right" in member.message
    assert member.waiting == 1
    member.close()
    join(at(board), "maple-river")
    until(lambda: len(board.runs()) == 1)


@pytest.mark.parametrize(("language", "words"), [("en", "Another class"), ("zh", "另一个班")])
def test_a_student_hears_that_the_next_class_has_begun(board, join, language, words):
    hpt.use_language(language)
    old = board.code
    member = join(at(board), old)
    assert member.wait_until_joined(SECONDS)
    board.store.set_code("maple-river", new_class=True).result(SECONDS)
    member.send(trial(), DATA)
    assert member.wait(SECONDS)
    assert words in member.message
    assert list(board.store.rows(TASK)) == []
    assert len(board.runs()) == 1
    # So does one who comes back with the code of before, and has not trained yet.
    again = join(at(board), old)
    assert again.wait_until_joined(SECONDS)
    assert words in again.message
    assert join(at(board), "maple-river").wait_until_joined(SECONDS)
    assert [each.name for each in board.store.roster()] == ["cedar-17"]


def test_what_answers_and_is_no_board_is_said(join):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client:
                        read_request(client)
                        client.sendall(b"HTTP/1.0 200 OK\r\n\r\n<html>hello</html>")

        thread = threading.Thread(target=serve)
        thread.start()
        member = join(f"127.0.0.1:{server.getsockname()[1]}")
        until(lambda: "no class board" in member.message)
        assert member.state == "joining"
        member.close()
        server.shutdown(socket.SHUT_RDWR)
        thread.join(SECONDS)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "No answer from {} (no board is open there: compare"),
        ("zh", "这个地址上没有打开的看板"),
    ],
)
def test_an_address_where_nothing_listens_is_said_in_the_readers_words(join, language, words):
    hpt.use_language(language)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    member = join(address)
    until(lambda: words.format(address) in member.message)
    assert "Errno" not in member.message


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no computer of this name"),
        (TimeoutError("timed out"), "nothing came back in time"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "Network is unreachable"),
        (http.client.BadStatusLine("x"), "x"),
    ],
)
def test_why_nothing_answered_is_said_in_words(monkeypatch, error, words):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(http.client.HTTPConnection, "request", fail)
    with pytest.raises(NoAnswer, match=f"^{words}") as caught:
        ask(BoardAddress("localhost", 1), "join", {})
    assert "Errno" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "code", "nickname", "name"),
    [
        ("", "maple-river", "x", "address"),
        ("no such host", "maple-river", "x", "address"),
        ("host:port", "maple-river", "x", "address"),
        ("host:99999", "maple-river", "x", "address"),
        ("ftp://host", "maple-river", "x", "address"),
        ("http://", "maple-river", "x", "address"),
        ("<b>", "maple-river", "x", "address"),
        (None, "maple-river", "x", "address"),
        (5, "maple-river", "x", "address"),
        ("host", "maple", "x", "code"),
        ("host", None, "x", "code"),
        ("host", "maple-river", "<b>x</b>", "nickname"),
        ("host", "maple-river", "a" * 25, "nickname"),
        ("host", "maple-river", 5, "nickname"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_input_is_refused_by_name_at_once(address, code, nickname, name, language):
    hpt.use_language(language)
    with pytest.raises((TypeError, ValueError), match=f"{name}="):
        ClassMember(address, code, nickname)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("192.168.1.5:8899", BoardAddress("192.168.1.5", 8899)),
        (" 192.168.1.5：8899 ", BoardAddress("192.168.1.5", 8899)),
        ("１９２。１６８．１．５", BoardAddress("192.168.1.5", 8899)),
        ("localhost", BoardAddress("localhost", 8899)),
        ("http://localhost:9000/", BoardAddress("localhost", 9000)),
        ("http://host/#code=maple-river", BoardAddress("host", 80)),
        (
            "https://hub.example/services/board",
            BoardAddress("hub.example", 443, "/services/board/", is_secure=True),
        ),
        ("[::1]:8899", BoardAddress("::1", 8899)),
    ],
)
def test_an_address_may_be_typed_in_any_way(typed, address):
    assert BoardAddress.parse(typed) == address
    assert BoardAddress.parse(str(address)) == address


def test_the_lab_is_told_of_every_change(board, join):
    seen = []
    member = None

    def on_change():
        if member is not None:
            seen.append((member.state, member.waiting))

    member = join(at(board), board.code, on_change=on_change)
    assert member.wait_until_joined(SECONDS)
    for _ in range(5):
        member.send(trial(), DATA)
    assert member.wait(SECONDS)
    assert seen[-1] == ("joined", 0)


def test_a_listener_that_fails_stops_nothing(board, join):
    def fail():
        raise RuntimeError("the lab is gone")

    member = join(at(board), board.code, on_change=fail)
    member.send(trial(), DATA)
    until(lambda: len(board.runs()) == 1)
