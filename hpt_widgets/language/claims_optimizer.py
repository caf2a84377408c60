"""The claims of chapter 7.3, about optimisers and how they are compared."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {}
