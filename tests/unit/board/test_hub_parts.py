"""What of the hub needs no hub: its variables, its pass, and what the board does with a token.

The hub itself is started in ``tests/hub`` (`make test-hub`).
"""

import sys

import pytest
from board_tools import SECONDS, TASK, class_run, running_board

from hpt_widgets.__main__ import main
from hpt_widgets.board.hub import HubService
from hpt_widgets.board.hub_pass import HubPass
from hpt_widgets.board.invitation import Invitation
from hpt_widgets.board.member import ClassMember
from hpt_widgets.board.network import BoardError
from hpt_widgets.board.reception import Refusal

TOKEN = "the token of a student"
SERVICE = {
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:8899",
    "JUPYTERHUB_SERVICE_PREFIX": "/services/board/",
    "JUPYTERHUB_API_TOKEN": "of the service",
}


class KnowsOneToken:
    """A hub of one student."""

    def __init__(self):
        self.is_there = True

    async def is_member(self, token):
        if not self.is_there:
            raise Refusal(503, "hub_silent", 1)
        return token == TOKEN

    def handlers(self, _):
        return []

    def settings(self):
        return {}


@pytest.fixture
def hub():
    return KnowsOneToken()


@pytest.fixture
def board(tmp_path, hub):
    with running_board(tmp_path / "board.sqlite", hub=hub) as running:
        yield running


def member(board, token):
    options = {"first_pause": 0.01, "longest_pause": 0.05}
    return ClassMember(f"127.0.0.1:{board.port}", "", "cedar-17", token=token, **options)


def test_a_token_that_the_hub_knows_needs_no_code(board):
    joined = member(board, TOKEN)
    assert joined.wait_until_joined(SECONDS)
    joined.send(class_run().trial, TASK.data)
    assert joined.wait(SECONDS)
    assert [kept.student for kept in board.runs()] == ["cedar-17"]
    joined.close()


@pytest.mark.parametrize("kind", ["Bearer", "token"])
def test_both_kinds_of_header_are_read(board, kind):
    given = {"code": "", "student": "0" * 32, "nickname": "x"}
    assert board.post("/join", given, Authorization=f"{kind} {TOKEN}").status == 200
    other = {**given, "student": "1" * 32}
    assert board.post("/join", other, Authorization=f"Basic {TOKEN}").status == 403


def test_another_token_is_refused_in_words(board):
    refused = member(board, "another")
    assert not refused.wait_until_joined(SECONDS)
    assert "ask your teacher" in refused.message
    refused.close()


def test_a_hub_that_is_silent_is_asked_again(board, hub):
    hub.is_there = False
    waiting = member(board, TOKEN)
    assert waiting.wait(SECONDS)
    assert "does not answer" in waiting.message
    hub.is_there = True
    assert waiting.wait_until_joined(SECONDS)
    waiting.close()


def test_the_code_goes_on_working_beside_the_hub(board):
    _, answer = board.join()
    assert answer.status == 200
    _, answer = board.join(code="maple-wrong")
    assert answer.status == 403


def test_without_a_hub_a_token_says_nothing(tmp_path):
    with running_board(tmp_path / "board.sqlite") as board:
        given = {"code": "", "student": "0" * 32, "nickname": "x"}
        answer = board.post("/join", given, Authorization=f"Bearer {TOKEN}")
        assert answer.content["error"] == "wrong_code"


def test_a_pass_needs_the_boards_address_and_does_not_show_its_token():
    assert HubPass.from_environment({"JUPYTERHUB_API_TOKEN": TOKEN}) is None
    assert HubPass.from_environment({"HPT_BOARD": "http://here/"}) is None
    found = HubPass.from_environment({"HPT_BOARD": "http://here/", "JUPYTERHUB_API_TOKEN": TOKEN})
    assert found == HubPass("http://here/", TOKEN)
    assert TOKEN not in repr(found)


def test_the_hubs_variables_say_where_to_listen():
    assert HubService.from_environment(SERVICE) == HubService("127.0.0.1", 8899, "/services/board/")
    for missing in ("JUPYTERHUB_SERVICE_URL", "JUPYTERHUB_API_TOKEN"):
        with pytest.raises(BoardError, match="--hub"):
            HubService.from_environment({**SERVICE, missing: ""})


@pytest.mark.parametrize(("language", "word"), [("en", "deploy/hub"), ("zh", "Hub")])
def test_without_a_hub_the_option_is_explained(tmp_path, capsys, monkeypatch, language, word):
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    options = ["board", "--hub", "--folder", str(tmp_path), "--language", language]
    assert main(options) == 1
    assert word in capsys.readouterr().err


def test_a_missing_jupyterhub_is_named(tmp_path, capsys, monkeypatch):
    # As if it were not installed.
    monkeypatch.setitem(sys.modules, "jupyterhub.services.auth", None)
    for name, value in SERVICE.items():
        monkeypatch.setenv(name, value)
    assert main(["board", "--hub", "--folder", str(tmp_path), "--language", "en"]) == 1
    assert "jupyterhub has to be installed" in capsys.readouterr().err


def test_on_a_hub_the_line_is_short_and_a_telephone_passes_the_login_by():
    made = Invitation("https://hub.example/services/board/", "maple-river", True, is_on_hub=True)
    assert made.line == "lab.join()"
    assert made.guest_url == "https://hub.example/services/board/index.html#code=maple-river"
