"""What all tests share: a reader's folder and a language of their own."""

import gc
import itertools
import sys

import pytest
from chapters_first import read_chapters
from hypothesis import HealthCheck, settings

import hpt_widgets as hpt
from hpt_widgets.support.tensorflow_loader import without_collection_of_garbage

# What these compare is shown when it differs, as in the tests themselves.
pytest.register_assert_rewrite(
    *("bad_values", "board_pages", "board_tools", "dark_theme", "desks", "exercise_prose"),
    *("lab_tools", "measured", "notebook_pages", "pages", "running_hub", "shown_first"),
    *("small_data", "widget_tools"),
)
# For this one jsonschema builds, in each process that reads a notebook, a grammar of addresses that
# no notebook holds; without it, it goes without.
sys.modules.setdefault("rfc3987_syntax", None)
# The same examples each time, however busy the machine is: a failure is never one of chance.
settings.register_profile(
    "checks", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("checks")


def pytest_configure(config):
    """Say at once which chapter cannot be read."""
    read_chapters(config)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage meanwhile: nearly all that is imported and collected stays."""
    with without_collection_of_garbage():
        collected = yield
        gc.freeze()
    return collected


@pytest.fixture(scope="session")
def readers_folders(tmp_path_factory):
    """Return paths at which there is nothing yet: to make a folder takes longer than most tests."""
    parent = tmp_path_factory.mktemp("readers")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def readers_folder(readers_folders, monkeypatch):
    """Keep what a test writes out of the real reader's folder."""
    folder = next(readers_folders)
    monkeypatch.setenv("HPT_HOME", str(folder))
    return folder


@pytest.fixture(scope="module", autouse=True)
def lasting_objects_are_no_garbage():
    """Spare the collector what earlier files have left: TensorFlow alone takes it half a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def english():
    """Start and leave every test in English."""
    hpt.use_language("en")
    yield
    hpt.use_language("en")
