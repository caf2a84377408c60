"""A chapter's file that cannot be read ends the tests before they begin, with the reason alone.

Else each of a hundred tests would fail of it.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# Whoever runs neither of these need not wait for it, nor mend a chapter first.
OF_CHAPTERS = (TESTS / "unit" / "exercises", TESTS / "notebooks")


def read_chapters(config: pytest.Config) -> None:
    """Read all chapters and predictions, where tests of them are asked for."""
    is_worker = hasattr(config, "workerinput")  # of pytest-xdist: who started it has done so
    if is_worker or not any(are_of_chapters(config, name) for name in config.args):
        return
    # Processes that test something else need not import them.
    from hpt_widgets.exercises.catalog import all_chapters
    from hpt_widgets.exercises.predictions.catalog import every_prediction
    from hpt_widgets.exercises.toml_table import ChapterFileError

    try:
        all_chapters()
        every_prediction()
    except ChapterFileError as error:
        pytest.exit(f"no test was run, for a chapter's file cannot be read:\n{error}", returncode=1)


def are_of_chapters(config: pytest.Config, argument: str) -> bool:
    """Tell whether an argument of pytest's, "tests/unit" or a single test, asks for such tests."""
    asked = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
    return any(
        asked.is_relative_to(folder) or folder.is_relative_to(asked) for folder in OF_CHAPTERS
    )
