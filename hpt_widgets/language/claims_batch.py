"""The claims of chapter 7.2, about batch sizes, dropout and chance."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {}
