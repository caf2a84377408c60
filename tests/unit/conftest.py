"""A notebook's shell, for what is called between cells."""

import pytest


@pytest.fixture
def shell(monkeypatch):
    """Return a shell that has a kernel, as a notebook's has."""
    from IPython.core.interactiveshell import InteractiveShell

    made = InteractiveShell()
    made.kernel = "as in a notebook"
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    yield made
    made.history_manager.end_session()
