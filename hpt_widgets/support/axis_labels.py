"""Words for a reader's own charts, in the reader's language."""

from __future__ import annotations

from hpt_widgets.language import translate
from hpt_widgets.language.axis_labels import TEXTS
from hpt_widgets.support.argument_checks import require_choice
from hpt_widgets.support.fonts import use_fonts, use_fonts_in_open_chart


def axis_label(name: str) -> str:
    """Return what a chart writes along an axis, and let matplotlib draw it.

    Parameters
    ----------
    name : str
        What is drawn, as code calls it: "batch_size", "dropout_rate", "epochs", "error",
        "grid_search", "learning_rate", "random_search", "run", "scale", "step", "step_length",
        "trial" or "validation_accuracy".

    Returns
    -------
    str
        In the language of `use_language`. In Chinese, matplotlib uses the font of the workbook
        from then on.

    Raises
    ------
    ValueError
        If `name` is none of these.

    Examples
    --------
    >>> axis_label("validation_accuracy")
    'validation accuracy'
    """
    require_choice("name", name, tuple(TEXTS))
    use_fonts()
    use_fonts_in_open_chart()
    return translate(f"axis_labels.{name}")
