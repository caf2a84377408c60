"""What the labs share whose work goes on behind them."""

from types import SimpleNamespace

import ipywidgets as widgets
import pytest
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.record_file import new_record_path
from hpt_widgets.labs.kit.working_lab import WorkingLab


class Work:
    """Work that is under way until somebody closes it."""

    def __init__(self):
        self.is_busy = True
        self.waited = []

    def wait(self, timeout=None):
        self.waited.append(timeout)
        return not self.is_busy

    def close(self):
        self.is_busy = False


class SmallLab(WorkingLab):
    def __init__(self):
        self._live = Work()
        super().__init__()

    def start(self):
        self._require_open()

    def _build(self):
        self._say("<ready>")
        status = self._status_line
        return SimpleNamespace(widget=widgets.VBox([status]), status=status)


@pytest.fixture
def lab():
    made = SmallLab()
    yield made
    made.close()


def test_it_says_its_state_in_words_that_are_no_markup(lab):
    assert lab.status == "<ready>"
    assert "&lt;ready&gt;" in lab.view.status.value
    assert 'role="status"' in lab.view.status.value


def test_waiting_takes_as_long_as_allowed_and_then_says_so(lab):
    assert lab.is_busy
    for language, words in (
        ("en", "still at work after timeout=0.5 s"),
        ("zh", "等待 timeout=0.5"),
    ):
        hpt.use_language(language)
        with pytest.raises(TimeoutError, match=words):
            lab.wait(0.5)
    lab.live.is_busy = False
    assert lab.wait(1) is None
    assert lab.live.waited == [0.5, 0.5, 1]


def test_a_closed_lab_ends_its_work_and_asks_to_be_made_again(lab):
    lab.start()
    lab.close()
    lab.close()
    assert not lab.is_busy
    assert lab.is_closed
    with pytest.raises(RuntimeError, match="run its cell again"):
        lab.start()


def test_a_record_has_a_file_of_its_own_in_the_readers_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "mine"))
    paths = [new_record_path("runs", "lab") for _ in range(50)]
    assert len({path for path, _ in paths}) == 50
    path, problem = paths[0]
    assert problem == ""
    assert path.startswith(str(tmp_path / "mine" / "runs" / "lab-"))
    assert (tmp_path / "mine" / "runs").is_dir()


def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "file"))
    path, problem = new_record_path("runs", "lab")
    assert path is None
    assert "can't be written" in problem
    hpt.use_language("zh")
    assert "无法写入" in new_record_path("runs", "lab")[1]


@pytest.mark.parametrize("make", [hpt.TrainingLab, hpt.SearchLab, hpt.SweepLab])
def test_a_lab_whose_records_cannot_be_kept_says_so(make, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "file"))
    lab = make(tabular_data())
    try:
        if make is not hpt.TrainingLab:
            lab.start()
            lab.wait()
        texts = [w.value for w in widgets_within(lab.view) if isinstance(w, widgets.HTML)]
        assert any("not kept" in text for text in texts)
    finally:
        lab.close()
