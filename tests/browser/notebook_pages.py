"""Pages of notebooks, closed at the end and without an error on their console."""

import contextlib

from tools.browser import open_page


@contextlib.contextmanager
def notebook_pages(server, browser):
    """Give a function that opens pages: ``width`` and ``height`` are those of the viewport.

    At the end no page may have written an error to its console, and their kernels are ended.
    """
    opened = []

    def open_one(**viewport):
        opened.append(open_page(browser, server, **viewport))
        return opened[-1]

    yield open_one
    for page in opened:
        page.close()
    assert [error for page in opened for error in page.errors] == []
