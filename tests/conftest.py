"""What all tests share: a reader's folder and a language of their own."""

import pytest
from hypothesis import settings

import hpt_widgets as hpt

# How long an example takes says more of the machine than of the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(autouse=True)
def readers_folder(tmp_path, monkeypatch):
    """Keep what a test writes out of the real reader's folder."""
    folder = tmp_path / "reader"
    monkeypatch.setenv("HPT_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def english():
    """Start and leave every test in English."""
    hpt.use_language("en")
    yield
    hpt.use_language("en")
