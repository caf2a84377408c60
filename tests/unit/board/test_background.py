"""What a board does in the background goes on after an error, and says it."""

import asyncio

from board_tools import SECONDS

from hpt_widgets.board.background import repeat


def repeated(outcomes):
    """Do one after the other; those that are exceptions are raised."""

    async def run():
        left, is_done = iter(outcomes), asyncio.Event()

        async def look():
            outcome = next(left, None)
            if isinstance(outcome, Exception):
                raise outcome
            if outcome is None:
                is_done.set()

        task = asyncio.create_task(repeat(look, 0.0))
        await asyncio.wait_for(is_done.wait(), SECONDS)
        task.cancel()

    asyncio.run(run())


def test_an_error_is_logged_and_the_next_time_comes(caplog):
    repeated([ZeroDivisionError("a mistake")])
    assert "a mistake" in caplog.text


def test_an_error_that_stays_is_logged_once_until_it_has_gone(caplog):
    repeated([OSError("locked"), OSError("locked"), OSError("full"), "well", OSError("full")])
    assert [str(record.exc_info[1]) for record in caplog.records] == ["locked", "full", "full"]
