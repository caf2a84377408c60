"""The place in a lab from which a student joins a class."""

import csv
import os
import socket
import threading
import time

import pytest
from board_tools import SECONDS, running_board
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.board import kept_membership
from hpt_widgets.board.csv_export import read_rows, run_of_row
from hpt_widgets.board.task import Task
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit import class_panel
from hpt_widgets.labs.kit.class_panel import FIELDS, ClassPanel
from hpt_widgets.labs.kit.lab import widgets_within

DATA = tabular_data()
WHOLE = len(DATA.y_train)
TASK = Task(data=data_fingerprint(DATA), training_size=WHOLE, name="Small")


def data_of(n_train):
    return DATA if n_train == WHOLE else DATA.take(n_train, seed=0)


@pytest.fixture
def make_panel():
    """Return a function that makes panels, each of a lab of its own; all are closed in the end."""
    panels = []

    def make():
        panels.append(ClassPanel(data_of))
        return panels[-1]

    yield make
    for made in panels:
        made.close()
        for widget in [*widgets_within(made.widget), *widgets_within(made.badge)]:
            widget.close()


@pytest.fixture
def panel(make_panel):
    return make_panel()


@pytest.fixture
def board(tmp_path):
    with running_board(tmp_path / "board.sqlite", task=TASK) as running:
        yield running


def at(board):
    return f"127.0.0.1:{board.port}"


def until(condition):
    """Wait until something on another thread has come about."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def run(accuracy=0.5, n_train=WHOLE):
    settings = {**TASK.start.to_dict(), "training_size": n_train}
    curve = ((n_train, accuracy),)
    return hpt.Trial(settings, validation_accuracy=accuracy, history=curve), n_train


def runs_in(file):
    return [run_of_row(row) for row in read_rows(file.read_bytes())]


def type_in(panel, *texts):
    for name, text in zip(FIELDS, texts, strict=True):
        panel.fields[name].value = text
    panel.buttons["join"].click()


def test_nothing_is_shown_or_sent_outside_of_a_class(panel):
    panel.send(*run())
    assert panel.message == ""
    assert panel.status.value == ""
    assert panel.buttons["leave"].layout.display == "none"


def test_a_lab_joins_and_its_runs_are_on_the_board(panel, board):
    panel.join(at(board), board.code, nickname="cedar-17")
    panel.send(*run(0.5))
    panel.send(*run(0.75), changed=True)
    until(lambda: len(board.runs()) == 2)
    assert [row.accuracy for row in board.store.rows(TASK)] == [0.5]
    assert panel.message.startswith("In the class as cedar-17. Task: “Small”. Your last run stands")
    until(lambda: "#009E73" in panel.status.value)
    assert 'role="status"' in panel.status.value
    assert panel.fields["nickname"].value == "cedar-17"


def test_a_subset_has_its_own_fingerprint(panel, board):
    small = DATA.take(40, seed=0)
    board.store.open_task(
        Task(data=data_fingerprint(small), training_size=40, name="Smaller")
    ).result(SECONDS)
    panel.join(at(board), board.code)
    panel.send(*run(0.5, n_train=40))
    until(lambda: len(board.runs()) == 1)
    assert len(list(board.store.rows(board.store.task))) == 1


def test_the_button_joins_with_what_was_typed(panel, board):
    type_in(panel, at(board), board.code.upper(), " 小明 ")
    until(lambda: "小明" in panel.status.value)
    assert board.store.names() == {1: "小明"}
    panel.buttons["leave"].click()
    assert panel.status.value == ""
    panel.send(*run())
    assert board.runs() == []


def test_an_empty_nickname_is_drawn_and_shown(panel, board):
    type_in(panel, at(board), board.code, "")
    until(lambda: board.store.names())
    assert panel.fields["nickname"].value == board.store.names()[1]


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("", "maple-river", "x"), "address"),
        (("no host", "maple-river", "x"), "address"),
        (("localhost", "maple", "x"), "code"),
        (("localhost", "maple-river", "<script>"), "nickname"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_input_is_a_message_in_the_lab_and_an_error_in_code(panel, texts, name, language):
    hpt.use_language(language)
    type_in(panel, *texts)
    assert f"{name}=" in panel.status.value
    assert 'role="alert"' in panel.status.value
    assert "<script>" not in panel.status.value
    with pytest.raises(ValueError, match=f"{name}="):
        panel.join(*texts)


def test_what_was_wrong_with_the_last_attempt_outlives_the_news_of_an_earlier_one(
    panel, board, monkeypatch
):
    monkeypatch.setattr(class_panel, "JOIN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    type_in(panel, f"127.0.0.1:{port}", board.code, "cedar-17")
    until(lambda: "No answer" in panel.status.value)
    type_in(panel, at(board), "maple", "cedar-17")
    # The first attempt is still tried again, and has something to tell each time.
    panel.send(*run())
    until(lambda: "1 run waiting" in panel.status.value)
    assert 'role="alert"' in panel.status.value
    assert "code=" in panel.status.value
    type_in(panel, at(board), board.code, "cedar-17")
    assert 'role="alert"' not in panel.status.value
    assert "In the class" in panel.status.value


def test_a_wrong_code_is_refused_in_words(panel, board):
    with pytest.raises(ValueError, match="class code"):
        panel.join(at(board), "maple-wrong", "cedar-17")
    assert "class code" in panel.status.value
    panel.send(*run())
    assert panel.message == ""
    type_in(panel, at(board), "maple-wrong", "cedar-17")
    assert 'role="alert"' in panel.status.value
    assert "class code" in panel.status.value


def test_a_code_that_is_changed_later_keeps_nobody_out_and_a_name_that_is_forgotten_is_said(
    panel, board
):
    panel.join(at(board), board.code, "cedar-17")
    board.store.set_code("maple-other").result(SECONDS)
    panel.send(*run())
    until(lambda: len(board.runs()) == 1)
    board.store.forget("cedar-17").result(SECONDS)
    panel.send(*run())
    until(lambda: "#D55E00" in panel.status.value)
    assert "off the board" in panel.message


def test_the_buttons_call_the_labs_own_methods():
    called = []
    panel = ClassPanel(data_of, lambda *texts: called.append(texts), lambda: called.append("left"))
    type_in(panel, "a", "b", " c ")
    panel.buttons["leave"].click()
    assert called == [("a", "b", "c"), "left"]


def test_a_board_that_does_not_answer_is_waited_for(panel, monkeypatch):
    monkeypatch.setattr(class_panel, "JOIN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    panel.join(f"127.0.0.1:{port}", "maple-river", "cedar-17")
    for accuracy in (0.1, 0.2, 0.3):
        panel.send(*run(accuracy))
    until(lambda: "3 runs waiting" in panel.status.value)


def test_sending_does_not_wait_for_the_fingerprint(board):
    held, asked = threading.Event(), threading.Event()

    def slow(n_train):
        asked.set()
        assert held.wait(SECONDS)
        return data_of(n_train)

    panel = ClassPanel(slow)
    panel.join(at(board), board.code)
    panel.send(*run())
    assert asked.wait(SECONDS)
    assert board.runs() == []
    held.set()
    until(lambda: len(board.runs()) == 1)
    panel.close()


def test_joining_again_leaves_the_first_class(panel, board, tmp_path):
    with running_board(tmp_path / "other.sqlite", task=TASK) as other:
        panel.join(at(other), other.code, "cedar-17")
        panel.join(at(board), board.code, "cedar-17")
        panel.send(*run())
        until(lambda: len(board.runs()) == 1)
        assert other.runs() == []


def test_closing_leaves_no_thread(board):
    panel = ClassPanel(data_of)
    panel.join(at(board), board.code)
    panel.close()
    until(lambda: not [t for t in threading.enumerate() if t.name == "hpt-class"])


# Another lab of the same reader


def typed_in(panel):
    return [panel.fields[name].value for name in FIELDS]


def is_offered(panel):
    return panel.buttons["again"].layout.display != "none"


def test_nothing_is_offered_to_who_has_joined_no_class(panel):
    assert not is_offered(panel)
    assert typed_in(panel) == ["", "", ""]
    assert panel.badge.value == ""


@pytest.mark.parametrize(
    ("language", "words", "short"),
    [
        ("en", "This lab is not in the class: its runs are not sent.", "not in the class"),
        ("zh", "这个实验台还没有加入班级，训练不会发送。", "不在班级里"),
    ],
)
def test_a_lab_that_is_made_anew_says_that_it_is_outside_and_joins_at_a_press(
    make_panel, board, language, words, short
):
    hpt.use_language(language)
    first = make_panel()
    first.join(at(board), board.code, "cedar-17")
    # As where the cell is run again, or the kernel was restarted.
    first.close()
    second = make_panel()
    assert words in second.status.value
    assert "cedar-17" in second.status.value
    assert short in second.badge.value
    assert second.message == ""
    assert typed_in(second) == [at(board), board.code, "cedar-17"]
    second.send(*run(0.25))
    second.buttons["again"].click()
    until(lambda: "#009E73" in second.status.value)
    assert words not in second.status.value
    assert not is_offered(second)
    second.send(*run(0.5))
    until(lambda: board.runs())
    assert [kept.run.trial.validation_accuracy for kept in board.runs()] == [0.5]
    assert board.store.names() == {1: "cedar-17"}


def test_who_leaves_is_not_asked_back(make_panel, board):
    first = make_panel()
    first.join(at(board), board.code, "cedar-17")
    first.leave()
    second = make_panel()
    assert not is_offered(second)
    assert typed_in(second) == ["", "", ""]
    assert second.badge.value == ""


def test_a_class_that_lets_nobody_in_any_more_is_not_offered_twice(make_panel, board):
    make_panel().join(at(board), board.code, "cedar-17")
    board.store.set_code("maple-other").result(SECONDS)
    board.store.forget_without_runs().result(SECONDS)
    second = make_panel()
    second.buttons["again"].click()
    assert "class code is not right" in second.status.value
    assert not is_offered(second)
    assert not is_offered(make_panel())


def test_a_mistyped_code_leaves_the_class_of_another_lab_to_be_joined(make_panel, board):
    make_panel().join(at(board), board.code, "cedar-17")
    type_in(make_panel(), at(board), "maple-wrong", "lake-3")
    assert typed_in(make_panel()) == [at(board), board.code, "cedar-17"]


def test_on_the_next_day_nothing_is_offered(make_panel, board, readers_folder):
    make_panel().join(at(board), board.code, "cedar-17")
    (path,) = (readers_folder / "class").glob("membership*")
    before = time.time() - kept_membership.KEPT_SECONDS
    os.utime(path, (before - 60, before - 60))
    assert not is_offered(make_panel())
    os.utime(path, (before + 600, before + 600))
    assert is_offered(make_panel())


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"address": 1, "code": "", "nickname": "x"}', "[" * 100_000,
     '{"address": "127.0.0.1", "code": "maple-river", "nickname": "<script>"}'],
)  # fmt: skip
def test_a_note_of_the_class_that_was_spoilt_is_left_alone(
    make_panel, board, readers_folder, content
):
    make_panel().join(at(board), board.code, "cedar-17")
    (path,) = (readers_folder / "class").glob("membership*")
    path.write_text(content, encoding="utf-8")
    assert not is_offered(make_panel())


@pytest.mark.skipif(os.name != "posix", reason="file permissions of Unix")
def test_only_the_reader_can_read_the_class_that_was_joined(panel, board, readers_folder):
    panel.join(at(board), board.code, "cedar-17")
    (path,) = (readers_folder / "class").glob("membership*")
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_takes_no_note_keeps_nobody_out(make_panel, board, monkeypatch):
    def refuse(*_):
        raise OSError

    monkeypatch.setattr(kept_membership, "write_whole", refuse)
    panel = make_panel()
    panel.join(at(board), board.code, "cedar-17")
    assert "In the class" in panel.status.value
    assert not is_offered(make_panel())


def test_a_readers_folder_that_is_none_keeps_nobody_out(make_panel, board, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "file"))
    panel = make_panel()
    assert not is_offered(panel)
    panel.join(at(board), board.code, "cedar-17")
    until(lambda: "In the class" in panel.status.value)
    panel.leave()
    assert panel.status.value == ""


def test_the_badge_says_in_short_what_the_line_says(panel, board):
    panel.join(at(board), board.code, "cedar-17")
    until(lambda: "in the class" in panel.badge.value)
    assert 'title="In the class as cedar-17. Task: “Small”."' in panel.badge.value
    assert "#009E73" in panel.badge.value
    panel.send(*run(), changed=True)
    until(lambda: "last run stands apart" in panel.badge.value)
    panel.leave()
    assert panel.badge.value == ""


# Without a network, and on a hub


def test_runs_are_handed_in_as_a_file_that_names_their_data(panel, tmp_path):
    file = tmp_path / "cedar-17.csv"
    with pytest.raises(ValueError, match="train one first"):
        panel.hand_in(file, [])
    ended = [(*run(0.5), False), (*run(0.75, n_train=40), True)]
    assert panel.hand_in(file, ended) == 2
    first, second = runs_in(file)
    assert (first.data, first.changed) == (TASK.data, False)
    assert (second.data, second.changed) == (data_fingerprint(DATA.take(40, seed=0)), True)
    assert TASK.difference(first) == ""
    for bad in (3, None):
        with pytest.raises(TypeError, match="path="):
            panel.hand_in(bad, ended)


@pytest.mark.parametrize("path", ["", ".", "new/"])
def test_a_path_that_is_no_files_is_refused_by_name(panel, path):
    with pytest.raises(ValueError, match=rf"path='{path}' names no file.*'cedar-17\.csv'"):
        panel.hand_in(path, [])


@pytest.mark.parametrize(("language", "words"), [("en", "must end in .csv"), ("zh", "必须以 .csv")])
@pytest.mark.parametrize("name", ["README.txt", "cedar-17", "J. Smith", "cedar.csv.bak"])
def test_a_file_that_no_board_would_read_is_refused(panel, tmp_path, name, language, words):
    hpt.use_language(language)
    with pytest.raises(ValueError, match=f"path='.*{name}' {words}.*'cedar-17.csv'"):
        panel.hand_in(tmp_path / name, [(*run(), False)])
    assert not (tmp_path / name).exists()
    # Windows, where it hides the endings, makes the second of the first.
    for kept in ("小明.csv", "小明.CSV.txt"):
        assert panel.hand_in(tmp_path / kept, [(*run(), False)]) == 1


def test_runs_that_were_handed_in_before_stay_in_the_file(panel, tmp_path):
    file = tmp_path / "cedar-17.csv"
    before, both, later = ((*run(accuracy), False) for accuracy in (0.5, 0.6, 0.7))
    panel.hand_in(file, [before, both])
    first = runs_in(file)[0]
    assert panel.hand_in(file, [both, later]) == 3
    assert [each.id for each in runs_in(file)] == [
        trial.uuid for trial, *_ in (before, both, later)
    ]
    assert runs_in(file)[0] == first
    file.write_bytes(b"")
    assert panel.hand_in(file, [later]) == 1


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8"), (",", "gb18030"), ("\t", "utf-16")]
)
def test_runs_stay_in_a_file_that_a_spreadsheet_has_saved(panel, tmp_path, separator, encoding):
    file = tmp_path / "小明.csv"
    first, second = run(0.5)[0], run(0.6)[0]
    panel.hand_in(file, [(first, WHOLE, False)])
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    with file.open("w", encoding=encoding, newline="") as opened:
        csv.writer(opened, delimiter=separator).writerows([*rows, [""] * len(rows[0])])
    assert panel.hand_in(file, [(second, WHOLE, False)]) == 2
    assert [each.id for each in runs_in(file)] == [first.uuid, second.uuid]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["notes", "record", "changed"])
def test_what_would_be_lost_with_a_file_is_not_replaced(panel, tmp_path, kind, language):
    hpt.use_language(language)
    file = tmp_path / "cedar-17.csv"
    if kind == "notes":
        file.write_text("my work", encoding="utf-8")
    elif kind == "record":
        record = hpt.SearchRecord("manual")
        record.append(run()[0])
        record.save(file)
    else:
        panel.hand_in(file, [(*run(0.5), False)])
        # As a spreadsheet writes a number where they have commas in them.
        text = file.read_text(encoding="utf-8-sig").replace(",0.5,", ',"0,5",')
        file.write_text(text, encoding="utf-8")
    before = file.read_bytes()
    with pytest.raises(ValueError, match=r"path='.*cedar-17.csv'.*'cedar-17-2.csv'"):
        panel.hand_in(file, [(*run(), False)])
    assert file.read_bytes() == before


def test_on_a_hub_nothing_has_to_be_typed(board, monkeypatch):
    class Knows:
        async def is_member(self, token):
            return token == "of the kernel"

    board.board.hub = Knows()
    monkeypatch.setenv("HPT_BOARD", f"http://{at(board)}/")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "of the kernel")
    panel = ClassPanel(data_of)
    shown = [name for name in FIELDS if panel.fields[name].layout.display != "none"]
    assert shown == ["nickname"]
    panel.fields["nickname"].value = "cedar-17"
    panel.buttons["join"].click()
    until(lambda: "cedar-17" in panel.status.value)
    panel.close()
    again = ClassPanel(data_of)
    again.buttons["again"].click()
    until(lambda: "cedar-17" in again.badge.value)
    assert sorted(board.store.names().values()) == ["cedar-17"]
    again.leave()
    again.join(nickname="maple-3")
    assert sorted(board.store.names().values()) == ["cedar-17", "maple-3"]
    again.close()


def test_without_a_hub_joining_needs_an_address(panel):
    with pytest.raises(TypeError, match="address=None"):
        panel.join()
