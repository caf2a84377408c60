"""What is called after a cell, and before one, in a shell like a notebook's."""

import pytest

from hpt_widgets.support.notebook_cells import (
    after_each_cell,
    after_this_cell,
    before_each_cell,
    when_idle,
)


def run(shell, source):
    shell.run_cell(source).raise_error()


def test_after_this_cell_is_once_and_when_it_has_ended(shell):
    order = []
    shell.push({"after_this_cell": after_this_cell, "order": order})
    run(shell, "after_this_cell(lambda: order.append('after')); order.append('in the cell')")
    run(shell, "order.append('next cell')")
    assert order == ["in the cell", "after", "next cell"]


def test_after_each_cell_is_after_this_one_and_all_later_ones(shell):
    order = []
    shell.push({"after_each_cell": after_each_cell, "order": order})
    run(shell, "after_each_cell(lambda: order.append('after')); order.append('in the cell')")
    run(shell, "order.append('next cell')")
    assert order == ["in the cell", "after", "next cell", "after"]


def test_before_each_cell_is_told_its_source_until_the_block_ends(shell):
    heard = []
    with before_each_cell(heard.append):
        run(shell, "a = 1")
        run(shell, "a = 2")
    run(shell, "a = 3")
    assert heard == ["a = 1", "a = 2"]


def test_before_each_cell_ends_with_an_error_too(shell):
    heard = []
    with pytest.raises(ImportError), before_each_cell(heard.append):
        raise ImportError
    run(shell, "a = 1")
    assert heard == []


def test_when_idle_waits_for_the_last_cell_of_many(shell, timers):
    order = []
    shell.push({"when_idle": when_idle, "order": order, "timers": timers})
    run(shell, "when_idle(lambda: order.append('called'), 5, order.append)")
    assert [timer.seconds for timer in timers] == [5]
    # It rings while the next cell runs, too late to be cancelled.
    run(shell, "timers[0].ring()")
    assert timers[0].is_cancelled
    assert order == ["timers[0].ring()"]
    timers[1].ring()
    assert order == ["timers[0].ring()", "called"]
    timers[1].ring()
    run(shell, "a = 1")
    assert order == ["timers[0].ring()", "called"]
    assert len(timers) == 2


def test_a_timer_that_cannot_be_started_disturbs_no_cell(shell, monkeypatch, capsys):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    shell.push({"when_idle": when_idle})
    run(shell, "when_idle(print, 5, print)")
    assert "RuntimeError" not in "".join(capsys.readouterr())


def test_a_cell_that_begins_meanwhile_is_told(shell, timers):
    order = []
    shell.push({"when_idle": when_idle})
    shell.push({"call": lambda: run(shell, "a = 1"), "order": order})
    run(shell, "when_idle(call, 5, order.append)")
    timers[0].ring()
    assert order == ["a = 1"]


@pytest.mark.parametrize("terminal", [None, object()], ids=["Python", "IPython in a terminal"])
def test_outside_a_notebook_nothing_is_called(monkeypatch, terminal):
    monkeypatch.setattr("IPython.get_ipython", lambda: terminal)
    heard = []
    after_this_cell(lambda: heard.append("after"))
    when_idle(lambda: heard.append("idle"), 0, heard.append)
    with before_each_cell(heard.append):
        pass
    assert heard == []
