"""One hub for all tests."""

import pytest
from running_hub import running_hub


@pytest.fixture(scope="session")
def hub(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPT_HOME", "none of the students'")
        with running_hub(tmp_path_factory.mktemp("hub")) as running:
            yield running


@pytest.fixture(scope="session")
def kernel(hub):
    """A student's kernel, in Chinese."""
    hub.start_server("ana", language="zh")
    return hub.start_kernel("ana")
