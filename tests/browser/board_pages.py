"""Pages of the class board for a test."""

import contextlib

from tools.browser import WatchedPage


@contextlib.contextmanager
def board_pages(browser):
    """Give a function that opens the board's page; none may complain or ask elsewhere."""
    opened = []

    def open_one(board, who="teacher", width=1280, height=720, language="en", **options):
        viewport = {"width": width, "height": height}
        watched = WatchedPage(browser.new_page(viewport=viewport, **options))
        opened.append(watched)
        secret = {
            "teacher": f"teacher={board.store.fact('teacher_key')}",
            "guest": f"code={board.code}",
            "nobody": "",
        }[who]
        watched.page.goto(f"http://127.0.0.1:{board.port}/#{secret}&language={language}")
        return watched.page

    yield open_one
    for watched in opened:
        watched.page.close()
    assert [error for watched in opened for error in watched.errors] == []
    assert [url for watched in opened for url in watched.requests_elsewhere] == []
