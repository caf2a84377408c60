"""The hub of `deploy/hub`, started for real: its servers, its board, and who may do what."""

import time

import requests
from running_hub import SECONDS, TEACHER

from hpt_widgets.board.store import BoardStore

JOIN = """
import hpt_widgets as hpt
data = hpt.load_mnist()
lab = hpt.TrainingLab(data, training_size=1000)
lab.wait()
lab.join(nickname="cedar-17")
"""
TRAIN = """
import time
before = len(lab.runs)
lab.set(learning_rate=0.01)
lab.wait()
deadline = time.monotonic() + 300
while (len(lab.runs) == before or lab.class_panel.waiting) and time.monotonic() < deadline:
    time.sleep(0.05)
print(len(lab.runs) - before, lab.class_panel.waiting, lab.class_panel.message)
"""


def board_store(hub):
    return BoardStore(hub.folder / "hub" / "board" / "board.sqlite")


def wait_for_runs(store):
    """Return the board's runs; the last one may be on its way to the lab's outbox still."""
    deadline = time.monotonic() + SECONDS
    while not (kept := list(store.kept_runs())) and time.monotonic() < deadline:
        time.sleep(0.1)
    return kept


def post(hub, path, values, **headers):
    url = f"{hub.url}services/board/{path}"
    answer = requests.post(url, json=values, headers=headers, timeout=SECONDS)
    return answer.status_code, answer.json()


# -- a student's server ---------------------------------------------------------------------------


def test_a_student_finds_the_notebooks_in_the_chosen_language(hub, kernel):
    place = hub.start_server("ana")
    names = {entry["name"] for entry in hub.ask("GET", f"{place}api/contents")["content"]}
    assert "00-start-here.ipynb" in names
    first = hub.ask("GET", f"{place}api/contents/00-start-here.ipynb")["content"]["cells"][0]
    assert "从这里开始" in first["source"]
    copies = hub.folder / "homes" / "ana" / "workbook"
    assert [folder.name for folder in copies.iterdir()] == ["zh"]


def test_the_menus_are_chinese_for_who_wants_them(hub, kernel):
    def locale(name):
        plugin = "@jupyterlab/translation-extension:plugin"
        found = hub.ask("GET", f"{hub.start_server(name)}lab/api/settings/{plugin}")
        return found["schema"]["properties"]["locale"]["default"]

    hub.start_server("ben", language="en")
    assert (locale("ana"), locale("ben")) == ("zh_CN", "default")


def test_each_process_of_a_student_has_its_memory_and_no_more(hub, kernel):
    limit = "import resource; print(resource.getrlimit(resource.RLIMIT_DATA)[0])"
    most = int(kernel.run(limit))
    assert most == 3 * 2**30
    greedy = hub.start_kernel("ana")
    assert greedy.run(f"x = bytearray({most})").startswith("MemoryError")
    assert kernel.run("print(1 + 1)") == "2\n"


def test_messages_are_sent_at_once(hub, kernel):
    from hpt_widgets.app.hub_server import hub_arguments

    arguments = hub_arguments(hub.folder)
    assert any(one.endswith("PromptConnection") for one in arguments)
    assert not any(one.startswith("--ServerApp.ip=") for one in arguments)


def test_solutions_are_closed_until_the_class_may_see_them(kernel):
    said = kernel.run("import hpt_widgets as hpt; print(hpt.solution('0-a'))")
    assert "2099-01-01" in said
    assert "784" not in said


# -- the board ------------------------------------------------------------------------------------


def test_a_kernel_joins_with_its_own_token_and_its_runs_are_on_the_board(hub, kernel):
    assert kernel.run(JOIN) == ""
    said = kernel.run(TRAIN)
    # The kernel speaks the language that its student has chosen.
    assert said.startswith("1 0 已加入班级，名字是 cedar-17"), said
    store = board_store(hub)
    try:
        assert list(store.names().values()) == ["cedar-17"]
        kept = wait_for_runs(store)
    finally:
        store.close()
    assert [run.student for run in kept] == ["cedar-17"]
    assert kept[0].run.trial.hyperparameters["learning_rate"] == 0.01
    # No login name is anywhere in the board's files.
    folder = hub.folder / "hub" / "board"
    assert not [path for path in folder.iterdir() if b"ana" in path.read_bytes().split(b"\0")]


def test_a_token_that_the_hub_does_not_know_is_refused(hub):
    given = {"code": "", "student": "0" * 32, "nickname": "nobody"}
    status, answer = post(hub, "join", given, Authorization="Bearer wrong")
    assert (status, answer["error"]) == (403, "hub_refused")
    status, answer = post(hub, "join", given)
    assert (status, answer["error"]) == (403, "wrong_code")


def test_the_board_belongs_to_whoever_may_use_it(hub):
    made = hub.ask("POST", "hub/api/users/ana/tokens", {"scopes": ["read:users!user=ana"]})
    given = {"code": "", "student": "0" * 32, "nickname": "nobody"}
    status, answer = post(hub, "join", given, Authorization=f"Bearer {made['token']}")
    assert (status, answer["error"]) == (403, "hub_refused")


def test_a_browser_is_sent_to_the_login_and_then_to_its_own_page(hub):
    entrance = f"{hub.url}services/board/"
    nobody = requests.get(entrance, timeout=SECONDS)
    assert "/hub/login" in nobody.url
    store = board_store(hub)
    try:
        key, code = store.fact("teacher_key"), store.fact("code")
    finally:
        store.close()
    teacher = hub.log_in(TEACHER).get(entrance, timeout=SECONDS)
    assert teacher.url == f"{entrance}index.html#teacher={key}"
    assert "<canvas" in teacher.text
    student = hub.log_in("ana").get(entrance, timeout=SECONDS)
    assert student.url == f"{entrance}index.html#code={code}"


def test_nothing_went_wrong_behind_the_scenes(hub):
    assert "Traceback" not in (hub.folder / "hub.log").read_text(errors="replace")
