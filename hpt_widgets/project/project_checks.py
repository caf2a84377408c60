"""What a project refuses: names, settings, other data, another question or budget."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hpt_widgets.language import listed, translate
from hpt_widgets.project.history import setting_key
from hpt_widgets.support.argument_checks import require, require_text
from hpt_widgets.support.student_name import is_device
from hpt_widgets.training.hyperparameters import Hyperparameters

LONGEST_NAME: Final = 60


def checked_project_name(name: object) -> str:
    """Return the name of a project, or raise an error that says what is allowed."""
    require_text("name", name)
    text = str(name)
    has_signs = not all(sign.isalnum() or sign in "-_" for sign in text)
    if len(text) > LONGEST_NAME or has_signs or is_device(text):
        raise ValueError(translate("project.name", value=name, most=LONGEST_NAME))
    return text


def checked_settings(settings: object) -> dict[str, Hyperparameters]:
    """Return the settings of a comparison, or raise an error that says what is allowed."""
    if not isinstance(settings, Mapping) or len(settings) < 2:
        raise ValueError(translate("project.settings", value=settings))
    for name, hp in settings.items():
        require_text("settings", name)
        require(f"settings[{name!r}]", hp, Hyperparameters)
    keys = [setting_key(hp.to_record()) for hp in settings.values()]
    if len(set(keys)) < len(keys):
        raise ValueError(translate("project.same_settings", names=listed(settings)))
    return dict(settings)


def require_same_project(
    begin: Mapping[str, Any], name: str, sums: Mapping[str, Any], path: Path
) -> None:
    """Raise an error if a log is that of "Mine" where "mine" is meant, or for other data.

    Parameters
    ----------
    begin : mapping
        What the log says of its beginning.
    name : str
        Of the project that is to go on with it.
    sums : mapping
        The fingerprints of that project's data, by their names in the log.
    path : Path
        The log's.

    Raises
    ------
    ValueError
        If they differ.
    """
    known = begin.get("name")
    # Windows and macOS take "Mine" and "mine" for one file.
    if isinstance(known, str) and known != name and known.casefold() == name.casefold():
        raise ValueError(translate("project.other_name", value=name, name=known, path=path))
    if any(begin.get(key) != value for key, value in sums.items()):
        raise ValueError(translate("project.other_data", name=name, path=path))


def other_plan_message(name: str, logged: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return what is said where another question or budget is given than the logged one."""
    words = {f"logged_{key}": value for key, value in logged.items()}
    return translate("project.other_plan", name=name, **words, **given)
