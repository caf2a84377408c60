"""Hyperparameters and errors in words, as they stand in legends, tables and status lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hpt_widgets.labs.kit.number_range import format_number
from hpt_widgets.language import texts_of, translate

# Spoken of in every legend; the others only where they differ from what the lab began with.
MAIN = ("learning_rate", "batch_size", "dropout_rate")
NAMED_CHOICES = ("schedule", "parametrization")


def describe_value(value: object) -> str:
    """Write one value as a reader would: 0.001, 128-64, adam."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return format_number(value)
    if isinstance(value, tuple | list):
        return "-".join(str(item) for item in value)
    return str(value)


def describe_setting(name: str, value: object) -> str:
    """Write a setting's value: a choice that has words of its own in the menu, as it stands there.

    Parameters
    ----------
    name : str
        The hyperparameter.
    value : object
        One of its values; a record may hold one that no menu has.
    """
    written = describe_value(value)
    words = texts_of("training_lab").get(f"{name}_{written}") if name in NAMED_CHOICES else None
    return written if words is None else str(words)


def describe_settings(settings: Mapping[str, object]) -> str:
    """Write some settings in a row: "learning rate 0.001, batch size 32"."""
    return in_a_row(
        f"{translate(f'training_lab.{k}')} {describe_setting(k, v)}" for k, v in settings.items()
    )


def in_a_row(words: Iterable[str]) -> str:
    """Put words in a row, with the commas of the reader's language between them."""
    return translate("lab.comma").join(words)


def with_remark(words: str, remark: str) -> str:
    """Put a remark behind some words, in the brackets of the reader's language."""
    if not remark:
        return words
    return translate("lab.with_remark", words=words, remark=remark)


def words_of_error(error: BaseException) -> str:
    """Say what was raised, without the full stop that follows it."""
    return str(error).strip().rstrip(".") or type(error).__name__
