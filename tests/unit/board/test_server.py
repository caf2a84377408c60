"""The board over HTTP and its socket, on the loopback: what is taken, and what is refused."""

import asyncio
import dataclasses
import json
import logging
import sqlite3
import threading
import uuid
import weakref
from unittest.mock import Mock

import pytest
from board_tools import DATA, SECONDS, TASK, class_run, next_message, running_board, trial

import hpt_widgets as hpt
from hpt_widgets.board.class_run import MOST_RUNS, ClassRun
from hpt_widgets.board.limits import CodeTries, RateLimit
from hpt_widgets.board.page_files import page_file
from hpt_widgets.board.projector import Projectors
from hpt_widgets.board.reception import Reception
from hpt_widgets.board.server import MOST_BODY_BYTES, Board
from hpt_widgets.board.words import WORDS


@pytest.fixture
def board(tmp_path):
    with running_board(tmp_path / "board.sqlite") as running:
        yield running


@pytest.fixture
def teacher(board):
    return {"teacher": board.store.fact("teacher_key")}


# Joining


def test_a_student_joins_and_is_told_the_task(board):
    student, answer = board.join()
    assert answer.status == 200
    assert answer.content["name"] == "cedar-17"
    assert answer.content["board"] == board.store.fact("id")
    assert answer.content["task"] == json.loads(json.dumps(TASK.to_dict()))
    assert board.store.student(student).name == "cedar-17"


def test_the_second_of_one_nickname_is_told_the_name_on_the_board(board):
    board.join()
    assert board.join()[1].content["name"] == "cedar-17 (2)"


def test_the_code_may_be_typed_with_capitals_and_spaces(board):
    code = board.code.upper().replace("-", " ")
    assert board.join(code=code)[1].status == 200


def test_a_wrong_code_is_refused_with_a_key_for_every_language(board):
    for code in ("maple-wrong", "", "枫-河", "a" * 10_000, "\ud800"):
        answer = board.join(code=code)[1]
        assert answer.status == 403
        assert answer.content["error"] == "wrong_code"
        assert "class code" in answer.content["message"]
    assert board.store.names() == {}


def test_wrong_codes_are_limited_and_those_who_have_joined_are_not_kept_out(tmp_path):
    now = [0.0]

    def reception(store):
        return Reception(store, tries=CodeTries(lambda: now[0]))

    with running_board(tmp_path / "board.sqlite", reception=reception) as board:
        student, _ = board.join()
        board.store.set_code("maple-river").result(SECONDS)
        codes = [f"acorn-{word}" for word in WORDS[1:63]]
        statuses = [board.join("guesser", code=code)[1].status for code in codes]
        assert statuses == [403] * 60 + [429] * 2
        # The right code is refused as well, or guessing would go on.
        refused = board.join("late")[1]
        assert (refused.status, refused.headers["Retry-After"]) == (429, "10")
        assert board.send(student, class_run()).status == 200
        now[0] += 10
        assert board.join("late")[1].status == 200


def test_a_class_that_types_the_code_wrong_keeps_nobody_out(board):
    board.store.set_code("maple-river").result(SECONDS)
    # Nothing, half of it, a typing error, and the code of the lesson before, forty times each.
    for code in ("", "maple", "mapel-river", "acorn-alder") * 40:
        assert board.join("mistyped", code=code)[1].status == 403
    assert board.join("late")[1].status == 200


def test_a_whole_class_joins_at_once_and_a_forger_waits(tmp_path):
    now = [0.0]

    def reception(store):
        return Reception(store, join_limit=RateLimit(60, lambda: now[0]))

    with running_board(tmp_path / "board.sqlite", reception=reception) as board:
        student, _ = board.join("first")
        statuses = [board.join(f"s{i}")[1].status for i in range(61)]
        assert statuses == [200] * 59 + [429] * 2
        refused = board.join("one more")[1]
        assert (refused.content["error"], refused.headers["Retry-After"]) == (
            "too_many_students",
            "1",
        )
        # Whoever is known takes nothing.
        assert board.join("first", student=student)[1].status == 200
        now[0] += 1
        assert board.join("one more")[1].status == 200


def test_forged_students_add_no_more_runs_than_one_place_may_send(tmp_path):
    def reception(store):
        return Reception(store, place_limit=RateLimit(30, lambda: 0.0))

    with running_board(tmp_path / "board.sqlite", reception=reception) as board:
        forged = [board.join(f"s{i}")[0] for i in range(3)]
        answers = [board.send(each, *(class_run() for _ in range(15))) for each in forged]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert answers[2].content["values"] == {"most": 6000}


@pytest.mark.parametrize(
    "nickname", ["<script>alert(1)</script>", "", "a" * 25, "=1+1", "a\u202eb", "a\nb" * 20]
)
def test_a_bad_nickname_is_refused_with_a_sentence(board, nickname):
    answer = board.join(nickname)[1]
    assert (answer.status, answer.content["error"]) == (400, "nickname_refused")
    assert board.store.names() == {}


def test_a_full_board_says_so(board, monkeypatch):
    monkeypatch.setattr("hpt_widgets.board.store_students.MOST_STUDENTS", 2)
    statuses = [board.join(f"s{i}")[1].status for i in range(3)]
    assert statuses == [200, 200, 403]


# Runs


def test_runs_are_kept_once_however_often_they_are_sent(board):
    student, _ = board.join()
    runs = [class_run(), class_run()]
    first, again = board.send(student, *runs), board.send(student, *runs)
    task = json.loads(json.dumps(board.store.task.to_dict()))
    both = {"kept": [run.id for run in runs], "refused": {}, "task": task, "is_over": False}
    assert first.content == {**both, "new": 2}
    assert again.content == {**both, "new": 0}
    assert [kept.run for kept in board.runs()] == runs


def test_a_run_that_is_none_is_refused_and_the_others_are_kept(board):
    student, _ = board.join()
    good = class_run()
    bad = json.loads(class_run().to_json())
    bad["trial"]["validation_accuracy"] = 7
    answer = board.send(student, bad, good, None, {"id": "<b>"})
    assert answer.status == 200
    assert answer.content["kept"] == [good.id]
    assert "validation_accuracy" in answer.content["refused"][bad["id"]]
    assert len(answer.content["refused"]) == 3


def test_a_student_who_never_joined_is_told_to(board):
    answer = board.send(str(uuid.uuid4()), class_run())
    assert (answer.status, answer.content["error"]) == (404, "unknown_student")
    assert answer.content["values"] == {"board": board.store.fact("id")}


def test_a_student_who_was_forgotten_is_told_so(board):
    student, _ = board.join()
    board.store.forget("cedar-17").result(SECONDS)
    for answer in (board.send(student, class_run()), board.join(student=student)[1]):
        assert (answer.status, answer.content["error"]) == (403, "forgotten_refused")
    assert board.store.names() == {}


def test_more_than_sixty_runs_a_minute_wait(tmp_path):
    now = [0.0]

    def reception(store):
        return Reception(store, run_limit=RateLimit(60, lambda: now[0]))

    with running_board(tmp_path / "board.sqlite", reception=reception) as board:
        flooding, _ = board.join("flood")
        calm, _ = board.join("calm")
        answers = [board.send(flooding, *(class_run() for _ in range(MOST_RUNS))) for _ in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429]
        assert answers[3].headers["Retry-After"] == "20"
        assert answers[3].content["error"] == "too_many_runs"
        assert board.send(calm, class_run()).status == 200
        now[0] += 20
        assert board.send(flooding, class_run()).status == 200


def test_a_wrong_code_keeps_runs_out_but_for_those_who_have_joined(board):
    assert board.send(str(uuid.uuid4()), class_run(), code="maple-wrong").status == 403
    student, _ = board.join()
    board.store.set_code("maple-river").result(SECONDS)
    assert board.send(student, class_run(), code="acorn-alder").status == 200
    assert len(board.runs()) == 1


def test_a_student_of_the_class_before_joins_the_new_one_with_its_code_alone(board):
    student, _ = board.join()
    old = board.code
    board.store.set_code("maple-river", new_class=True).result(SECONDS)
    for code, is_over in ((old, True), ("maple-river", False)):
        joined = board.join(code=code, student=student)[1].content
        assert (joined["name"], joined["is_over"]) == ("cedar-17", is_over)
        assert board.send(student, class_run(), code=code).content["is_over"] is is_over
    assert [kept.class_number for kept in board.runs()] == [1, 2]


def test_runs_for_another_class_or_another_board_are_not_kept(board):
    student, answer = board.join()
    own = {name: answer.content[name] for name in ("board", "class")}
    values = {"code": board.code, "student": student, "runs": [json.loads(class_run().to_json())]}
    for other in ({**own, "class": own["class"] + 1}, {**own, "board": "another"}, {"board": 5}):
        refused = board.post("/runs", {**values, **other})
        assert (refused.status, refused.content["error"]) == (409, "other_class")
    assert board.runs() == []
    # A lab of an earlier version does not say for which one they are.
    assert board.post("/runs", values).status == 200
    values["runs"] = [json.loads(class_run().to_json())]
    assert board.post("/runs", {**values, **own}).status == 200
    assert len(board.runs()) == 2


def test_a_student_of_the_class_before_waits_with_all_others_where_codes_are_guessed(tmp_path):
    now = [0.0]

    def reception(store):
        return Reception(store, tries=CodeTries(lambda: now[0]))

    with running_board(tmp_path / "board.sqlite", reception=reception) as board:
        student, _ = board.join()
        board.store.set_code("maple-river", new_class=True).result(SECONDS)
        for word in WORDS[1:61]:
            board.join("guesser", code=f"acorn-{word}")
        refused = board.join(student=student)[1]
        assert (refused.status, refused.content["error"]) == (429, "too_many_codes")
        now[0] += 10
        assert board.join(student=student)[1].content["is_over"] is False
        assert [each.name for each in board.store.roster()] == ["cedar-17"]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"null", b"[]", b"5", b'"x"', b"{}", b"\xff\xfe", b"[" * 20_000),
        *(b'{"code": NaN}', b'{"code": 5, "student": "x", "runs": []}'),
    ],
)
@pytest.mark.parametrize("path", ["/join", "/runs"])
def test_what_is_no_request_is_refused(board, path, body):
    answer = board.post(path, body)
    assert answer.status == 400
    assert answer.content["error"] == "bad_request"


@pytest.mark.parametrize("count", [0, MOST_RUNS + 1])
def test_a_batch_has_a_size(board, count):
    student, _ = board.join()
    assert board.send(student, *(class_run() for _ in range(count))).status == 400


def test_a_request_that_is_too_large_is_not_read(board):
    connection_ended = False
    try:
        connection_ended = board.ask(
            "POST", "/runs", b" " * (MOST_BODY_BYTES + 1), {"Content-Type": "application/json"}
        ).status in (400, 413)
    except OSError:  # the board hangs up while we are still sending
        connection_ended = True
    assert connection_ended
    assert board.join()[1].status == 200


def test_a_form_from_another_page_is_refused(board):
    student, _ = board.join()
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = board.post("/runs", {"student": student}, **{"Content-Type": content_type})
        assert answer.status == 415


def test_the_largest_batch_of_the_largest_runs_fits(board):
    student, _ = board.join()
    history = ((1e7 / 3, 1 / 3),) * 200
    runs = [
        ClassRun(
            dataclasses.replace(trial(), message="训" * 300, history=history),
            DATA,
            id=str(uuid.uuid4()),
        )
        for _ in range(MOST_RUNS)
    ]
    assert board.send(student, *runs).content["new"] == MOST_RUNS


def test_many_students_at_once_lose_nothing(board):
    students = [board.join(f"s{i}")[0] for i in range(12)]
    sent = {student: [class_run() for _ in range(10)] for student in students}

    def work(student):
        for run in sent[student]:
            assert board.send(student, run).status == 200

    threads = [threading.Thread(target=work, args=(student,)) for student in students]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert {kept.run.id for kept in board.runs()} == {
        run.id for runs in sent.values() for run in runs
    }


def test_the_board_started_again_goes_on(tmp_path):
    path = tmp_path / "board.sqlite"
    run = class_run()
    with running_board(path) as board:
        student, answer = board.join()
        board.send(student, run)
        code = board.code
    with running_board(path) as board:
        assert board.code == code
        assert board.store.fact("id") == answer.content["board"]
        assert board.send(student, run).content["new"] == 0
        assert board.send(student, class_run()).content["new"] == 1


def test_a_full_disk_is_said_to_lab_and_page_and_goes_away(board, teacher):
    student, _ = board.join()

    def limit(pages):
        def job(connection):
            connection.execute(f"PRAGMA max_page_count={pages}").fetchone()

        board.store.writer.submit(job).result(SECONDS)

    def fill():
        limit(1)
        return board.send(student, *(class_run() for _ in range(20)))

    async def talk(socket):
        state = await next_message(socket, "state")
        answers = [await asyncio.to_thread(fill) for _ in range(3)]
        problem = await next_message(socket, "problem")
        await asyncio.to_thread(limit, 1_000_000)
        await asyncio.to_thread(board.join, "maple-3")
        return state, answers, problem, await next_message(socket, "problem")

    state, answers, problem, no_problem = board.listen(teacher, talk)
    assert state["problem"] == ""
    assert answers[-1].status == 507
    assert answers[-1].content["error"] == "disk_full"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert problem["problem"] == "disk_full"
    assert no_problem["problem"] == ""


# The page and its socket


def test_no_answer_names_the_server_and_all_forbid_foreign_content(board):
    for path in ("/", "/none", "/texts.json"):
        headers = board.ask("GET", path).headers
        assert "Server" not in headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/../task.py", "/..%2ftask.py", "/page_files.py", "/.", "/..", "//etc/passwd"]
)
def test_only_the_pages_own_files_are_given_out(board, path):
    assert board.ask("GET", path).status == 404


def test_a_name_that_is_asked_for_is_not_kept():
    class Name(str):
        __slots__ = ("__weakref__",)

    for text in ("none.js", "main.js"):
        name = Name(text)
        assert (page_file(name) is None) == (text == "none.js")
        kept = weakref.ref(name)
        del name
        assert kept() is None


def test_the_page_is_told_all_and_then_what_is_new(board, teacher):
    student, _ = board.join()
    first, second = class_run(0.5, learning_rate=0.25), class_run(0.75)
    board.send(student, first)

    async def talk(socket):
        state = await next_message(socket, "state")
        await asyncio.to_thread(board.send, student, second)
        return state, await next_message(socket, "runs")

    state, news = board.listen(teacher, talk)
    assert state["teacher"] is True
    assert state["invitation"] == {"address": "here"}
    assert state["task"]["name"] == "A task"
    # What the axes of the page follow from.
    assert set(state["task"]["ranges"]) == {"learning_rate", "batch_size", "dropout_rate"}
    assert state["task"]["logarithmic"] == ["learning_rate", "batch_size"]
    assert state["accuracy"] == [0.5]
    assert state["values"]["learning_rate"] == [0.25]
    assert state["best"]["accuracy"] == 0.5
    assert state["summary"]["joined"] == 1
    assert (news["start"], news["accuracy"]) == (1, [0.75])
    assert news["best"]["accuracy"] == 0.75
    assert news["best"]["history"] == [[500.0, 0.5], [1000.0, 0.75]]


def test_a_page_hears_that_the_board_is_there_while_there_is_no_news(board, teacher, monkeypatch):
    monkeypatch.setattr("hpt_widgets.board.projector.QUIET_SECONDS", 0.01)

    async def talk(socket):
        return [await next_message(socket, kind) for kind in ("state", "here", "here")]

    for greeting in (teacher, {"code": board.code}):
        assert board.listen(greeting, talk)[1:] == 2 * [{"type": "here"}]


def test_names_are_sent_only_to_a_teacher_who_asks(board, teacher):
    student, _ = board.join("uncommon-name")
    board.send(student, class_run())

    async def talk(socket):
        messages = [await next_message(socket)]
        await socket.write_message(json.dumps({"names": True}))
        await socket.write_message(json.dumps({"run": 1}))
        while messages[-1]["type"] != "run":
            messages.append(await next_message(socket))
        return messages

    as_teacher = board.listen(teacher, talk)
    as_guest = board.listen({"code": board.code}, talk)
    assert "uncommon-name" not in json.dumps(as_teacher[0])
    names = {"type": "names", "names": {"1": "uncommon-name"}, "runs": {"1": 1}}
    assert names in as_teacher
    assert "uncommon-name" not in json.dumps(as_guest)
    assert as_guest[0]["teacher"] is False
    assert as_guest[0]["invitation"] is None
    assert as_guest[-1]["run"]["accuracy"] == 0.9


@pytest.mark.parametrize(
    "greeting", [{"code": "maple-wrong"}, {"teacher": "guess"}, {"code": 5}, {}, {"teacher": None}]
)
def test_the_socket_tells_nothing_without_code_or_key(board, greeting):
    async def talk(socket):
        return await next_message(socket), socket.close_code

    assert board.listen(greeting, talk) == (None, 4403)


def test_the_socket_lets_no_page_from_elsewhere_in(board, teacher):
    from tornado.httpclient import HTTPClientError

    async def talk(_):
        pytest.fail("let in")

    for origin in ("http://evil.example", f"http://localhost.evil:{board.port}", "null"):
        with pytest.raises(HTTPClientError) as caught:
            board.listen(teacher, talk, origin=origin)
        assert caught.value.code == 403


def test_only_the_teachers_page_may_have_a_student_forgotten(board, teacher):
    student, _ = board.join()
    board.send(student, class_run())

    async def ask(socket):
        await next_message(socket, "state")
        await socket.write_message(json.dumps({"forget": 1}))
        await socket.write_message(json.dumps({"run": 1}))
        return await next_message(socket, "run")

    async def wait(socket):
        await socket.write_message(json.dumps({"forget": 10**30}))
        # No number, though Python takes it for 1.
        await socket.write_message(json.dumps({"forget": True, "run": True}))
        await socket.write_message(json.dumps({"run": 1}))
        assert (await next_message(socket, "run"))["run"]["accuracy"] == 0.9
        assert board.store.names() == {1: "cedar-17"}
        await socket.write_message(json.dumps({"forget": 1}))
        while (state := await next_message(socket, "state"))["accuracy"]:
            pass
        return state

    assert board.listen({"code": board.code}, ask)["run"]["accuracy"] == 0.9
    assert board.store.names() == {1: "cedar-17"}
    assert board.listen(teacher, wait)["summary"]["joined"] == 0
    assert board.send(student, class_run()).content["error"] == "forgotten_refused"


def test_only_the_teachers_page_may_have_a_run_removed(board, teacher):
    student, _ = board.join()
    false = class_run(1.0)
    board.send(student, false, class_run(0.8))

    async def ask(socket):
        await next_message(socket, "state")
        await socket.write_message(json.dumps({"forget_run": 1}))
        await socket.write_message(json.dumps({"run": 1}))
        return await next_message(socket, "run")

    async def remove(socket):
        for no_number in (True, "1", 10**30):
            await socket.write_message(json.dumps({"forget_run": no_number}))
        await socket.write_message(json.dumps({"run": 1}))
        assert (await next_message(socket, "run"))["run"]["accuracy"] == 1.0
        await socket.write_message(json.dumps({"forget_run": 1}))
        while (state := await next_message(socket, "state"))["accuracy"] != [0.8]:
            pass
        return state

    assert board.listen({"code": board.code}, ask)["run"]["accuracy"] == 1.0
    assert board.listen(teacher, remove)["best"]["accuracy"] == 0.8
    # The student goes on; the run does not come back, and the lab need not keep it.
    answer = board.send(student, false, class_run(0.7)).content
    assert (answer["new"], len(answer["kept"])) == (1, 2)
    assert [kept.run.trial.validation_accuracy for kept in board.runs()] == [0.8, 0.7]


def test_a_run_that_diverged_has_no_accuracy_on_the_page_whatever_it_had_reached(board, teacher):
    student, _ = board.join()
    run = class_run(0.099)
    broken = dataclasses.replace(run.trial, ended="diverged")
    board.send(student, dataclasses.replace(run, trial=broken))

    async def ask(socket):
        await next_message(socket, "state")
        await socket.write_message(json.dumps({"run": 1}))
        return (await next_message(socket, "run"))["run"]

    details = board.listen(teacher, ask)
    assert (details["ended"], details["accuracy"]) == ("diverged", None)


def test_the_page_keeps_only_the_last_run_that_was_asked_for(board, teacher, monkeypatch):
    student, _ = board.join()
    board.send(student, *(class_run(0.5 + i / 100) for i in range(20)))
    asked, details = [], Projectors.details

    def count(projectors, sequence):
        asked.append(sequence)
        return details(projectors, sequence)

    async def talk(socket):
        await next_message(socket, "state")
        asked.clear()
        for number in (*range(1, 20),) * 30:
            await socket.write_message(json.dumps({"run": number}))
        await socket.write_message(json.dumps({"run": 20}))
        while (await next_message(socket, "run"))["run"]["sequence"] != 20:
            pass

    monkeypatch.setattr(Projectors, "details", count)
    # A guest's page is told something once a second.
    board.listen({"code": board.code}, talk)
    assert asked[-1] == 20
    assert len(asked) < 20


def test_pages_without_end_keep_neither_the_teacher_nor_another_place_out(
    board, teacher, monkeypatch
):
    monkeypatch.setattr("hpt_widgets.board.projector.MOST_PAGES_OF_A_PLACE", 1)
    guest = {"code": board.code}

    async def first_message(socket):
        return await next_message(socket), socket.close_code

    async def talk(socket):
        await next_message(socket, "state")
        refused = await asyncio.to_thread(board.listen, guest, first_message)
        return refused, await asyncio.to_thread(board.listen, teacher, first_message)

    refused, (state, _) = board.listen(guest, talk)
    assert refused == (None, 4503)
    assert state["teacher"] is True
    projectors = board.board.projectors
    projectors.pages.add(Mock(place="a", is_teacher=False))
    try:
        assert not projectors.has_room("a")
        assert projectors.has_room("b")
        monkeypatch.setattr("hpt_widgets.board.projector.MOST_PAGES", 1)
        assert not projectors.has_room("b")
    finally:
        projectors.pages.clear()


def test_a_new_code_sends_all_pages_away(board, teacher):
    async def talk(socket):
        await next_message(socket, "state")
        await asyncio.wrap_future(board.store.set_code("maple-river", new_class=True))
        while await next_message(socket) is not None:
            pass
        return socket.close_code

    for greeting in (teacher, {"code": "maple-river"}):
        assert board.listen(greeting, talk) == 4403
    assert board.listen(teacher, next_message) is None


def test_forgetting_empties_the_page_at_once(board, teacher):
    student, _ = board.join()
    board.send(student, class_run())

    async def talk(socket):
        before = await next_message(socket, "state")
        future = await asyncio.to_thread(board.store.forget, "cedar-17")
        await asyncio.wrap_future(future)
        return before, await next_message(socket, "state")

    before, after = board.listen(teacher, talk)
    assert before["accuracy"] == [0.9]
    assert after["accuracy"] == []
    assert after["best"] is None
    assert after["summary"]["joined"] == 0


def test_the_summary_follows_the_runs(board, teacher):
    student, _ = board.join()

    async def talk(socket):
        await next_message(socket, "state")
        runs = [class_run(accuracy, seed=seed) for seed, accuracy in enumerate((0.8, 0.9))]
        runs.append(class_run(optimizer="sgd"))
        await asyncio.to_thread(lambda: board.send(student, *runs))
        while True:
            summary = (await next_message(socket, "summary"))["summary"]
            if summary["band"]["x"]:
                return summary

    summary = board.listen(teacher, talk)
    assert summary["band"]["x"] == [1, 2]
    assert summary["band"]["low"] == [0.8, 0.9]
    assert summary["band"]["high"] == [0.9, 0.9]
    assert summary["scatter"]["deviation"] == pytest.approx(0.0707, abs=1e-4)
    assert summary["apart"] == 1


def test_no_address_is_written_down(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with running_board(tmp_path / "board.sqlite") as board:
        student, _ = board.join()
        board.send(student, class_run())
        board.join(code="maple-wrong")
        board.ask("GET", "/none")
    written = caplog.text + "".join(capfd.readouterr())
    written += "".join(
        path.read_bytes().decode(errors="replace") for path in tmp_path.glob("board.sqlite*")
    )
    assert "127.0.0.1" not in written


def test_a_board_lies_behind_a_prefix_too(tmp_path):
    with running_board(tmp_path / "board.sqlite", prefix="/services/board/") as board:
        body = {"code": board.code, "student": str(uuid.uuid4()), "nickname": "cedar"}
        assert board.post("/services/board/join", body).status == 200
        assert board.ask("GET", "/services/board/").status == 200
        assert board.ask("GET", "/").status == 404


def test_an_error_inside_is_no_traceback_for_a_visitor(board, monkeypatch, caplog):
    def fail(_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(board.store, "student", fail)
    answer = board.join()[1]
    assert answer.status == 500
    assert "secret" not in json.dumps(answer.content)
    assert "secret detail" in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_page_that_cannot_be_told_is_let_go_and_the_error_logged(
    board, teacher, monkeypatch, caplog
):
    def fail(_):
        raise sqlite3.OperationalError("disk I/O error")

    async def talk(socket):
        await next_message(socket, "state")
        monkeypatch.setattr(Projectors, "summary", fail)
        board.board.projectors.notify()
        return await next_message(socket)

    assert board.listen(teacher, talk) is None
    assert "disk I/O error" in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_number_that_is_too_large_is_no_run_and_no_error(board, teacher, caplog):
    async def talk(socket):
        await next_message(socket, "state")
        await socket.write_message(json.dumps({"run": 10**30}))
        return await next_message(socket, "run")

    assert board.listen(teacher, talk) == {"type": "run", "run": None}
    assert caplog.text == ""


def test_the_board_looks_around_again_after_an_error(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("hpt_widgets.board.server.LOOK_SECONDS", 0.01)
    looked_again = threading.Event()
    problems = [sqlite3.OperationalError("database is locked")]

    async def look_around(_):
        if problems:
            raise problems.pop()
        looked_again.set()

    monkeypatch.setattr(Board, "look_around", look_around)
    with running_board(tmp_path / "board.sqlite"):
        assert looked_again.wait(SECONDS)
    assert "database is locked" in caplog.text


def test_a_board_without_a_task_takes_runs_all_the_same(tmp_path):
    with running_board(tmp_path / "board.sqlite", task=None) as board:
        student, answer = board.join()
        assert answer.content["task"] is None
        assert board.send(student, class_run()).content["new"] == 1

        async def talk(socket):
            return await next_message(socket, "state")

        state = board.listen({"code": board.code}, talk)
        assert state["task"] is None
        board.store.open_task(TASK).result(SECONDS)
        assert len(list(board.store.rows(TASK))) == 1


def test_sentences_are_there_in_both_languages(board):
    hpt.use_language("zh")
    assert "口令" in board.join(code="x")[1].content["message"]
