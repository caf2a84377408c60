"""What came out of a run, beside what the reader had predicted."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from hpt_widgets.exercises.display import COLORS, as_html
from hpt_widgets.exercises.predictions.catalog import find_prediction
from hpt_widgets.exercises.predictions.curve import CurveQuestion
from hpt_widgets.exercises.predictions.curve_comparison import compare_curves
from hpt_widgets.exercises.predictions.kept import compared, kept_prediction
from hpt_widgets.exercises.predictions.prediction_file import Question
from hpt_widgets.exercises.predictions.question import Comparison
from hpt_widgets.exercises.progress import RIGHT, WRONG
from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.controls import ERROR_ATTRIBUTES, show_message
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.kit.style import style_sheet
from hpt_widgets.labs.prediction.chart import (
    color_of,
    draw_still,
    empty_chart,
    end_mark_of,
    legend,
    legend_of_styles,
    line_of,
    marked_end,
    shown,
)
from hpt_widgets.labs.prediction.lab import (
    STYLE,
    names_of_undrawn,
    picture_of_words,
    refresh_open,
)
from hpt_widgets.language import joined, translate

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

NOTHING: Final = object()


def outcome(name: str, result: Any = NOTHING) -> Outcome:
    """Show what came out beside what was predicted, and what the difference means.

    Without a prediction it shows what came out. From then on the prediction stands, and one that
    is made later is shown beside the outcome and not judged.

    Parameters
    ----------
    name : str
        The id of the question that `prediction` asked, such as ``"2-learning-rate"``.
    result : object, optional
        What came out. For a number: a number. For a choice: what the run found, or nothing
        where the question itself says what is right. For a chart: a run, a table with its
        columns, a lab (its last run counts), a pair (x, y), or a list of them, one for each
        of the chart's curves.

    Returns
    -------
    Outcome
        Display it in a notebook.

    Raises
    ------
    ValueError
        If there is no such question.
    TypeError, ValueError
        If the question can't have such a result.
    """
    return Outcome(find_prediction(name), result)


class Outcome(Lab):
    """Prediction and outcome side by side.

    Parameters
    ----------
    question : NumberQuestion, ChoiceQuestion or CurveQuestion
        What was asked.
    result : object
        What came out, as for `outcome`.

    Attributes
    ----------
    comparisons : list of Comparison
        One; for a chart, one for each curve that was predicted.
    is_late : bool
        Whether the outcome had been seen before the prediction was made.
    view : OutcomeView
        The widgets.
    """

    view: OutcomeView

    def __init__(self, question: Question, result: Any = NOTHING) -> None:
        self.question = question
        found = kept_prediction(question)
        self.is_late = found is not None and found.is_late
        self._drawn: list[Any] = []
        self._found: list[Any] = []
        if isinstance(question, CurveQuestion):
            real = question.found(result)
            self._found = [shown(question, points) for points in real]
            self._drawn = [] if found is None else question.checked(found.value)
            judged = [] if self.is_late else self._drawn
            self.comparisons = compare_curves(question, judged, real)
        else:
            value = None if found is None else found.value
            given = None if result is NOTHING else result
            comparison = question.compare(value, given)
            if self.is_late:
                late = translate("prediction.late")
                comparison = replace(comparison, difference="", meaning=late, is_close=False)
            self.comparisons = [comparison]
        super().__init__()

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        if isinstance(self.question, CurveQuestion):
            came_out = _labelled("outcome", translate("prediction.in_the_chart"))
            if self.is_late:
                return [came_out, translate("prediction.late")]
            pairs = zip(self._names(), self.comparisons, strict=True)
            said = [
                translate(
                    "prediction.labelled", label=name, words=joined([c.difference, c.meaning])
                )
                for name, c in pairs
            ]
            return [came_out, *said, *self._not_compared()]
        (comparison,) = self.comparisons
        lines = [_labelled("outcome", comparison.outcome)]
        if comparison.prediction:
            lines = [_labelled(self._label(), comparison.prediction), *lines]
        if comparison.difference:
            lines.append(_labelled("difference", comparison.difference))
        return [*lines, comparison.meaning] if comparison.meaning else lines

    def _label(self) -> str:
        """Return the key of what the reader's own is called."""
        return "note" if self.is_late else "yours"

    def _names(self) -> list[str]:
        """Return the names of the curves that are compared."""
        if not isinstance(self.question, CurveQuestion):
            return []
        return [str(self.question.lines[number].name) for number in self._numbers()]

    def _numbers(self) -> list[int]:
        return [number for number, curve in enumerate(self._drawn) if curve is not None]

    def _not_compared(self) -> list[str]:
        """Say of which curves nothing can be said, where others were drawn."""
        if not isinstance(self.question, CurveQuestion) or not self._drawn:
            return []
        names = names_of_undrawn(self.question, self._drawn)
        return [translate("prediction.not_compared", names=names)] if names else []

    def _markup(self) -> str:
        if isinstance(self.question, CurveQuestion):
            if self.is_late:
                return f"<p>{as_html(translate('prediction.late'))}</p>"
            rows = [
                f"{swatch(color_of(number))}<b>{html.escape(name)}</b> "
                f"{as_html(joined([comparison.difference, comparison.meaning]))}"
                for number, name, comparison in zip(
                    self._numbers(), self._names(), self.comparisons, strict=True
                )
            ]
            rows += [as_html(words) for words in self._not_compared()]
            return "".join(f"<p>{row}</p>" for row in rows)
        return _side_by_side(self.comparisons[0], self._label())

    def _complete(self) -> None:
        self.view.show_warning(compared(self.question))
        refresh_open(self.question)

    def _build(self) -> OutcomeView:
        styles = legend_of_styles(is_late=self.is_late) if self._drawn else ""
        return OutcomeView(self.question, self._markup(), styles, self._drawn, self._found)

    def _picture(self) -> StillPicture:
        if isinstance(self.question, CurveQuestion):
            return draw_still(self.question, self._drawn, self._found)
        return picture_of_words(repr(self))

    def _without_kernel(self) -> dict[str, str]:
        """Return words as words; only a chart is a picture."""
        if isinstance(self.question, CurveQuestion):
            return {**super()._without_kernel(), "text/plain": repr(self)}
        return {"text/plain": repr(self), "text/html": self._markup()}


class OutcomeView:
    """Prediction and outcome on the screen.

    Attributes
    ----------
    figure : Figure or None
        The chart of a curve.
    words, warning, widget : Widget
        What there is to say, what could not be kept, and all together.
    """

    def __init__(
        self, question: Question, markup: str, styles: str, drawn: list[Any], found: list[Any]
    ) -> None:
        self.words = widgets.HTML(f'<div role="status" class="hpt-outcome">{markup}</div>')
        self.warning = widgets.HTML(layout={"display": "none"})
        self.figure: Any = None
        charts: list[Any] = []
        if isinstance(question, CurveQuestion):
            self.figure, scales = empty_chart(question)
            dashed = [
                line_of(scales, question.grid, curve, number, dashed=True)
                for number, curve in enumerate(drawn)
                if curve is not None
            ]
            solid = [
                line_of(scales, points[0], points[1], number, dashed=False)
                for number, points in enumerate(found)
            ]
            ends = [
                end_mark_of(scales, points, number, end)
                for number, points in enumerate(found)
                if (end := marked_end(question, points)) is not None
            ]
            self.figure.marks = [*dashed, *solid, *ends]
            charts = [widgets.HTML(f"{styles}{legend(question, found)}"), self.figure]
        self.widget = widgets.VBox(
            [
                style_sheet(),
                widgets.HTML(STYLE, layout={"height": "0px", "margin": "0"}),
                *charts,
                self.words,
                self.warning,
            ]
        )
        self.widget.add_class("hpt-prediction")

    def show_warning(self, message: str) -> None:
        """Show what could not be kept: a warning of Python's would reach no cell."""
        show_message(self.warning, message, ERROR_ATTRIBUTES)


def _labelled(key: str, words: str) -> str:
    label = translate(f"prediction.{key}")
    return translate("prediction.labelled", label=label, words=words)


def _side_by_side(comparison: Comparison, label: str) -> str:
    """Return a table with the prediction and the outcome, and what the difference means.

    What is not judged has no difference, and no colour.
    """
    outcome_label = translate("prediction.outcome")
    if not comparison.prediction:
        return f"<p>{as_html(_labelled('outcome', comparison.outcome))}</p>"
    cells = [
        (translate(f"prediction.{label}"), comparison.prediction),
        (outcome_label, comparison.outcome),
    ]
    if comparison.difference:
        cells.append((translate("prediction.difference"), comparison.difference))
    head = "".join(f'<th scope="col">{html.escape(label)}</th>' for label, _ in cells)
    body = "".join(f"<td>{as_html(words)}</td>" for _, words in cells)
    table = f"<table><thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody></table>"
    meaning = f"<p>{as_html(comparison.meaning)}</p>" if comparison.meaning else ""
    if not comparison.difference:
        return f"<div>{table}{meaning}</div>"
    color = COLORS[RIGHT if comparison.is_close else WRONG]
    style = f"border-left: 4px solid {color}; padding: 0.1em 0.8em"
    return f'<div style="{style}">{table}{meaning}</div>'
