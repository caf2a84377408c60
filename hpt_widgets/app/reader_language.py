"""Which language a reader is spoken to before they have chosen one."""

from __future__ import annotations

from collections.abc import Mapping

from hpt_widgets.language import (
    DEFAULT_LANGUAGE,
    ENVIRONMENT_VARIABLE,
    LANGUAGES,
    LanguageCode,
)


def language_of_reader(environment: Mapping[str, str]) -> LanguageCode:
    """Return the language for these environment variables.

    ``HPT_LANGUAGE`` counts first. Else it is Chinese where the locale for messages
    (``LC_ALL``, ``LC_MESSAGES`` or ``LANG``, in this order) or the first entry of
    ``LANGUAGE`` is Chinese, and English everywhere else.

    Parameters
    ----------
    environment : mapping of str to str
        The environment variables, usually ``os.environ``.

    Returns
    -------
    {"en", "zh"}
        The language.
    """
    chosen = environment.get(ENVIRONMENT_VARIABLE, "")
    for language in LANGUAGES:
        if chosen == language:
            return language
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    if locale.startswith("zh") or environment.get("LANGUAGE", "").startswith("zh"):
        return "zh"
    return DEFAULT_LANGUAGE
