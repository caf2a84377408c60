"""What came out of a run, beside what the reader had predicted."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from hpt_widgets.exercises.display import COLORS, as_html
from hpt_widgets.exercises.predictions.catalog import find_prediction
from hpt_widgets.exercises.predictions.curve import CurveQuestion
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
    legend,
    legend_of_styles,
    line_of,
    shown,
)
from hpt_widgets.labs.prediction.lab import STYLE, picture_of_words, refresh_open, two_sentences
from hpt_widgets.language import translate

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

NOTHING: Final = object()


def outcome(name: str, result: Any = NOTHING) -> Outcome:
    """Show what came out beside what was predicted, and what the difference means.

    Without a prediction it shows what came out. From then on the prediction stands.

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
        One; for a chart, one for each curve that was drawn.
    view : OutcomeView
        The widgets.
    """

    view: OutcomeView

    def __init__(self, question: Question, result: Any = NOTHING) -> None:
        self.question = question
        found = kept_prediction(question)
        self._drawn: list[Any] = []
        self._found: list[Any] = []
        if isinstance(question, CurveQuestion):
            self._found = [shown(question, points) for points in question.found(result)]
            self._drawn = [] if found is None else question.checked(found.value)
            self.comparisons = [
                question.compare(curve, points, line)
                for curve, points, line in zip(
                    self._drawn, self._found, question.lines, strict=False
                )
                if curve is not None
            ]
        else:
            value = None if found is None else found.value
            given = None if result is NOTHING else result
            self.comparisons = [question.compare(value, given)]
        super().__init__()

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        if isinstance(self.question, CurveQuestion):
            came_out = _labelled("outcome", translate("prediction.in_the_chart"))
            pairs = zip(self._names(), self.comparisons, strict=True)
            said = [
                translate(
                    "prediction.labelled", label=name, words=two_sentences(c.difference, c.meaning)
                )
                for name, c in pairs
            ]
            return [came_out, *said]
        (comparison,) = self.comparisons
        lines = [_labelled("outcome", comparison.outcome)]
        if comparison.prediction:
            difference = _labelled("difference", comparison.difference)
            lines = [_labelled("yours", comparison.prediction), *lines, difference]
        return [*lines, comparison.meaning] if comparison.meaning else lines

    def _names(self) -> list[str]:
        """Return the names of the curves that are compared."""
        if not isinstance(self.question, CurveQuestion):
            return []
        return [str(self.question.lines[number].name) for number in self._numbers()]

    def _numbers(self) -> list[int]:
        return [number for number, curve in enumerate(self._drawn) if curve is not None]

    def _markup(self) -> str:
        if isinstance(self.question, CurveQuestion):
            rows = [
                f"{swatch(color_of(number))}<b>{html.escape(name)}</b> "
                f"{as_html(two_sentences(comparison.difference, comparison.meaning))}"
                for number, name, comparison in zip(
                    self._numbers(), self._names(), self.comparisons, strict=True
                )
            ]
            return "".join(f"<p>{row}</p>" for row in rows)
        return _side_by_side(self.comparisons[0])

    def _complete(self) -> None:
        self.view.show_warning(compared(self.question))
        refresh_open(self.question)

    def _build(self) -> OutcomeView:
        return OutcomeView(self.question, self._markup(), self._drawn, self._found)

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

    def __init__(self, question: Question, markup: str, drawn: list[Any], found: list[Any]) -> None:
        self.words = widgets.HTML(f'<div role="status" class="hpt-outcome">{markup}</div>')
        self.warning = widgets.HTML(layout={"display": "none"})
        self.figure: Any = None
        charts: list[Any] = []
        if isinstance(question, CurveQuestion):
            self.figure, scales = empty_chart(question)
            self.figure.marks = [
                line_of(scales, question.grid, curve, number, dashed=True)
                for number, curve in enumerate(drawn)
                if curve is not None
            ] + [
                line_of(scales, points[0], points[1], number, dashed=False)
                for number, points in enumerate(found)
            ]
            styles = legend_of_styles() if drawn else ""
            charts = [widgets.HTML(f"{styles}{legend(question)}"), self.figure]
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


def _side_by_side(comparison: Comparison) -> str:
    """Return a table with the prediction and the outcome, and what the difference means."""
    outcome_label = translate("prediction.outcome")
    if not comparison.prediction:
        return f"<p>{as_html(_labelled('outcome', comparison.outcome))}</p>"
    cells = [
        (translate("prediction.yours"), comparison.prediction),
        (outcome_label, comparison.outcome),
    ]
    if comparison.difference:
        cells.append((translate("prediction.difference"), comparison.difference))
    head = "".join(f'<th scope="col">{html.escape(label)}</th>' for label, _ in cells)
    body = "".join(f"<td>{as_html(words)}</td>" for _, words in cells)
    color = COLORS[RIGHT if comparison.is_close else WRONG]
    style = f"border-left: 4px solid {color}; padding: 0.1em 0.8em"
    return (
        f'<div style="{style}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody><tr>{body}</tr></tbody></table>"
        f"<p>{as_html(comparison.meaning)}</p></div>"
    )
