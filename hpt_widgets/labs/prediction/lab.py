"""A prediction: what a reader expects of a run, asked before it."""

from __future__ import annotations

import html
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from hpt_widgets.exercises.display import as_html
from hpt_widgets.exercises.predictions.catalog import find_prediction
from hpt_widgets.exercises.predictions.curve import CurveQuestion, to_plain
from hpt_widgets.exercises.predictions.kept import (
    KeptPrediction,
    keep,
    kept_prediction,
    was_seen,
    withdraw,
)
from hpt_widgets.exercises.predictions.prediction_file import Question
from hpt_widgets.exercises.predictions.question import ChoiceQuestion, NumberQuestion
from hpt_widgets.labs.kit.controls import (
    CHOICE_LETTERS,
    ERROR_ATTRIBUTES,
    button,
    show_message,
)
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.kit.style import style_sheet
from hpt_widgets.labs.prediction.chart import draw_still
from hpt_widgets.labs.prediction.forms import advice_for, form_for
from hpt_widgets.language import joined, translate

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

STYLE: Final = """<style>
.hpt-prediction .hpt-prompt, .hpt-prediction .hpt-outcome { font-size: 15px; line-height: 1.45;
  white-space: normal; }
.hpt-prediction .hpt-unit, .hpt-prediction div.hpt-status { font-size: 15px; line-height: 28px;
  margin-left: 6px; }
.hpt-prediction .hpt-chart { margin: 0; }
.hpt-lab.hpt-prediction .hpt-control > .hpt-message { position: static; }
.hpt-prediction .hpt-outcome table { border-collapse: collapse; margin: 4px 0; }
.hpt-prediction .hpt-outcome th, .hpt-prediction .hpt-outcome td { text-align: left;
  padding: 2px 18px 2px 0; vertical-align: top; font-size: 15px; }
</style>"""

_open: weakref.WeakSet[Prediction] = weakref.WeakSet()


def prediction(name: str) -> Prediction:
    """Ask what a run will bring, before it: a number, a choice, or a curve.

    What is answered is kept as the prediction, and may be changed until `outcome` has shown
    what came out. Nothing waits for it: the next cell runs without an answer too. What is answered
    only then is noted, and counts as no prediction.

    Parameters
    ----------
    name : str
        The id of the question, such as ``"2-learning-rate"``.

    Returns
    -------
    Prediction
        Display it in a notebook. Without a screen, use its method `Prediction.answer`.

    Raises
    ------
    ValueError
        If there is no such question; the message names the nearest ones.
    """
    return Prediction(find_prediction(name))


class Prediction(Lab):
    """A question to be answered before a run.

    Parameters
    ----------
    question : NumberQuestion, ChoiceQuestion or CurveQuestion
        What is asked.

    Attributes
    ----------
    value : object
        The prediction: a number, the number of a choice (from 1), or a list with a curve for
        each line; None while there is none.
    is_final : bool
        Whether the outcome has been seen since it was made.
    was_seen : bool
        Whether the outcome was seen when nothing had been predicted: then `value` is a note, which
        counts as no prediction.
    view : PredictionView
        The widgets.
    """

    view: PredictionView

    def __init__(self, question: Question) -> None:
        self.question = question
        self.value: Any = None
        self.is_final = False
        self.was_seen = False
        self._is_anew = False
        super().__init__()
        _open.add(self)

    def answer(self, value: Any) -> None:
        """Predict, as the field, the buttons and the mouse do; the prediction is kept.

        Parameters
        ----------
        value : float, int or sequence
            A number; the number of a choice, from 1; or for a chart a list with a curve for
            each of its lines: points (x, y) from left to right, or None.

        Raises
        ------
        TypeError, ValueError
            If the question can't be answered so, or the outcome has been seen since the
            prediction was made.
        """
        checked = self.question.checked(value)
        if not self._is_anew:
            # Another notebook may have shown the outcome since.
            self._read_what_was_seen()
        if self.is_final:
            self.refresh()
            raise ValueError(translate("prediction.is_final", id=self.question.id))
        plain = to_plain(checked) if isinstance(checked, list) else checked
        self.view.show_warning(keep(self.question, plain, is_anew=self._is_anew))
        self._is_anew = False
        self._adopt(plain)

    def skip(self) -> None:
        """Go on without a prediction: for a class that has raised its hands, say.

        After `renew` the prediction that was made before holds no more.
        """
        if self.value is not None:
            return
        if self._is_anew:
            self.view.show_warning(withdraw(self.question))
        self.view.say(translate("prediction.skipped"))

    def renew(self) -> None:
        """Let the question be answered anew, although the outcome has been seen."""
        self.is_final = self.was_seen = False
        self._is_anew = True
        self.value = None
        self._show()

    def refresh(self) -> None:
        """Show the prediction as it is kept."""
        found = self._read_what_was_seen()
        self._is_anew = False
        self._adopt(None if found is None else found.value)

    def __repr__(self) -> str:
        question = joined([translate("prediction.predict"), str(self.question.prompt)])
        return "\n".join([question, *self._details()])

    def _read_what_was_seen(self) -> KeptPrediction | None:
        found = kept_prediction(self.question)
        self.is_final = found is not None and found.is_compared
        self.was_seen = was_seen(self.question)
        return found

    def _adopt(self, plain: Any) -> None:
        is_curve = isinstance(self.question, CurveQuestion) and plain is not None
        self.value = self.question.checked(plain) if is_curve else plain
        self._show()

    def _show(self) -> None:
        self.view.form.show(self._shown())
        self.view.lock(self.is_final, is_seen=self.is_final or self.was_seen)
        if self.value is not None:
            key = "noted" if self.was_seen else "stands" if self.is_final else "kept"
            said = translate(f"prediction.{key}", prediction=words_of(self))
            self.view.say(joined([said, "" if self.is_final else missing_curves(self)]))
        elif self.was_seen:
            self.view.say(translate("prediction.seen"))
        else:
            self.view.say(advice_for(self.question))

    def _shown(self) -> Any:
        if self.value is None and isinstance(self.question, CurveQuestion):
            return [None] * len(self.question.lines)
        return self.value

    def _details(self) -> list[str]:
        """Return what can be answered, line by line."""
        question = self.question
        if isinstance(question, ChoiceQuestion):
            choices = enumerate(question.choices)
            return [f"   {CHOICE_LETTERS[place]}) {choice.text}" for place, choice in choices]
        if isinstance(question, NumberQuestion):
            unit = question.field_unit
            key = "blank" if unit is None else "blank_in_unit"
            blank = translate(f"prediction.{key}", label=question.label, unit=unit)
            return [f"   {blank}"]
        comma = translate("prediction.list_comma")
        ends = {
            f"{name}_{end}": f"{getattr(axis, f'{end}imum'):,g}"
            for name, axis in (("x", question.x), ("y", question.y))
            for end in ("min", "max")
        }
        lines = comma.join(str(line.name) for line in question.lines)
        x, y = question.x.label, question.y.label
        return [f"   {translate('prediction.axes', x=x, y=y, lines=lines, **ends)}"]

    def _complete(self) -> None:
        self.refresh()

    def _build(self) -> PredictionView:
        return PredictionView(self.question, self)

    def _picture(self) -> StillPicture:
        """Draw the chart with what was drawn; a question in words is a picture of its words."""
        if isinstance(self.question, CurveQuestion):
            return draw_still(self.question, self._shown(), [])
        return picture_of_words(repr(self))

    def _without_kernel(self) -> dict[str, str]:
        """Return the question as text: a picture can't be read aloud."""
        return {"text/plain": repr(self), "text/html": self._as_markup()}

    def _as_markup(self) -> str:
        details = self._details()
        if isinstance(self.question, ChoiceQuestion):
            items = "".join(
                f"<li>{as_html(str(choice.text))}</li>" for choice in self.question.choices
            )
            # JupyterLab numbers a list unless its style says otherwise; GitHub keeps the type.
            answers = f'<ol type="a" style="list-style-type: lower-alpha">{items}</ol>'
        else:
            answers = f"<p>{html.escape(details[0].strip())}</p>"
        return f"<p>{prompt_markup(self.question)}</p>{answers}"


class PredictionView:
    """The question on the screen.

    Parameters
    ----------
    question : NumberQuestion, ChoiceQuestion or CurveQuestion
    lab : Prediction
        Whose methods are called.

    Attributes
    ----------
    form : NumberForm, ChoiceForm or CurveSheet
        Where the answer is given.
    skip, renew : Button
        To go on without a prediction, and to predict anew.
    hidden_widgets : tuple of Widget
        What is not on the screen all the time.
    status, message, warning, widget : Widget
        How things stand, what is not allowed, what could not be kept, and all together.
    """

    def __init__(self, question: Question, lab: Prediction) -> None:
        self.form = form_for(question, lambda value: self._on_answer(lab, value))
        # The pens of a chart take turns.
        self.hidden_widgets = tuple(getattr(self.form, "pens", ()))
        self.skip = button(translate("prediction.go_on"), "", lambda: lab.skip())
        self.renew = button(translate("prediction.renew"), "", lambda: lab.renew())
        self.status = widgets.HTML()
        self.message = widgets.HTML(layout={"display": "none"})
        self.warning = widgets.HTML(layout={"display": "none"})
        self.widget = widgets.VBox(
            [
                style_sheet(),
                widgets.HTML(STYLE, layout={"height": "0px", "margin": "0"}),
                widgets.HTML(f'<div class="hpt-prompt">{prompt_markup(question)}</div>'),
                self.form.widget,
                self.message,
                widgets.HBox(
                    [self.skip, self.renew, self.status], layout={"flex_flow": "row wrap"}
                ),
                self.warning,
            ]
        )
        self.widget.add_class("hpt-prediction")

    def _on_answer(self, lab: Prediction, value: Any) -> None:
        """Take an answer; what is not allowed becomes a message below it."""
        try:
            lab.answer(value)
        except (TypeError, ValueError) as error:
            lab.refresh()
            show_message(self.message, str(error), ERROR_ATTRIBUTES)
        else:
            show_message(self.message, "", ERROR_ATTRIBUTES)

    def lock(self, is_locked: bool, *, is_seen: bool) -> None:
        """Let the prediction be changed no more, or again; what was seen can be forgotten."""
        self.form.lock(is_locked)
        self.skip.layout.display = "none" if is_seen else ""
        self.renew.layout.display = "" if is_seen else "none"

    def say(self, words: str) -> None:
        """Say how things stand."""
        self.status.value = f'<div role="status" class="hpt-status">{as_html(words)}</div>'

    def show_warning(self, message: str) -> None:
        """Show what could not be kept: a warning of Python's would reach no cell."""
        show_message(self.warning, message, ERROR_ATTRIBUTES)


def refresh_open(question: Question) -> None:
    """Let all predictions on the screen that ask a question show how it stands now."""
    for lab in list(_open):
        if lab.question.id == question.id and not lab.is_closed:
            lab.refresh()


def prompt_markup(question: Question) -> str:
    """Return the question as HTML."""
    label = translate("prediction.predict")
    return joined([f"<b>{label}</b>", as_html(str(question.prompt))])


def words_of(lab: Prediction) -> str:
    """Return the prediction of a lab in words."""
    question, value = lab.question, lab.value
    if isinstance(question, CurveQuestion):
        comma = translate("prediction.list_comma")
        ends = [
            translate(
                "prediction.drawn",
                name=line.name,
                first=f"{curve[0]:.3g}",
                last=f"{curve[-1]:.3g}",
            )
            for line, curve in zip(question.lines, value, strict=True)
            if curve is not None
        ]
        return comma.join(ends)
    if isinstance(question, NumberQuestion):
        return question.as_given(value)
    return question.words(value)


def missing_curves(lab: Prediction) -> str:
    """Say which curves are not drawn yet, while one is; else return an empty text."""
    question = lab.question
    if not isinstance(question, CurveQuestion) or lab.value is None:
        return ""
    names = names_of_undrawn(question, lab.value)
    if not names:
        return ""
    label = translate("prediction.which_curve")
    return translate("prediction.not_drawn_yet", names=names, list=label)


def names_of_undrawn(question: CurveQuestion, curves: Sequence[Any]) -> str:
    """Return the names of the lines for which there is no curve, side by side."""
    comma = translate("prediction.list_comma")
    pairs = zip(question.lines, curves, strict=True)
    return comma.join(str(line.name) for line, curve in pairs if curve is None)


def picture_of_words(words: str) -> StillPicture:
    """Return a picture of some lines of text."""
    from hpt_widgets.support.still_picture import StillPicture

    lines = words.splitlines()
    picture = StillPicture(figsize=(9, 0.3 * len(lines) + 0.2))
    picture.text(0.01, 0.5, "\n".join(lines), va="center", fontsize=9, parse_math=False)
    return picture
