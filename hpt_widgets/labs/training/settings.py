"""What a training lab can be told, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.labs.training.axes_controls import LOSS_AXES
from hpt_widgets.labs.training.path_view import SCOPES
from hpt_widgets.labs.training.run_slot import X_AXES
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import did_you_mean
from hpt_widgets.training.hyperparameters import Hyperparameters

HYPERPARAMETER_NAMES: Final = tuple(Hyperparameters.__dataclass_fields__)
SWITCHES: Final = {
    "apply_to_running": (True, False),
    "x_axis": X_AXES,
    "loss_axis": LOSS_AXES,
    "path_scope": SCOPES,
}
"""The settings that begin no training, and what each may be."""


def take_switches(settings: dict[str, object]) -> dict[str, Any]:
    """Remove those settings that begin no training, and return them, checked.

    Parameters
    ----------
    settings : dict
        All that was asked for; what is returned is taken out of it.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If one of them is not allowed.
    """
    return {
        name: _one_of(name, settings.pop(name), allowed)
        for name, allowed in SWITCHES.items()
        if name in settings
    }


def in_range(settings: Mapping[str, Any], ranges: Mapping[str, NumberRange]) -> dict[str, Any]:
    """Return settings as they are trained with.

    Parameters
    ----------
    settings : mapping
        Hyperparameters, and ``training_size``.
    ranges : mapping of str to NumberRange
        Of those that are numbers.

    Returns
    -------
    dict

    Raises
    ------
    TypeError, ValueError
        If a name is unknown or a number is not allowed.
    """
    for name in settings:
        if name not in ranges and name not in HYPERPARAMETER_NAMES:
            names = (*HYPERPARAMETER_NAMES, "training_size", *SWITCHES)
            message = translate("training_lab.unknown_setting", name=name, allowed=", ".join(names))
            raise TypeError(message + did_you_mean(name, names))
    return {
        name: ranges[name].check(name, value) if name in ranges else value
        for name, value in settings.items()
    }


def _one_of(name: str, value: object, allowed: tuple[object, ...]) -> Any:
    # An array compares element by element, and 1 equals True.
    if not isinstance(value, type(allowed[0])) or value not in allowed:
        words = ", ".join(map(repr, allowed))
        raise ValueError(
            translate("training_lab.wrong_setting", name=name, value=value, allowed=words)
        )
    return value
