"""The claims of chapter 7.4, about schedules, width and initial weights."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {}
