"""Predictions and outcomes as labs: what a reader does with them, without a screen."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from widget_tools import bundle_of, open_widgets, text_of

import hpt_widgets as hpt
from hpt_widgets.exercises.predictions.catalog import all_predictions, find_prediction
from hpt_widgets.exercises.predictions.curve import N_POINTS, CurveQuestion
from hpt_widgets.exercises.predictions.kept import compared
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.prediction.lab import picture_of_words

NUMBER, CHOICE, CURVE = "0-accuracy", "2-batch-size", "2-learning-rate"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
REAL = [([0, 25_000, 50_000], [2.0, 0.5, 0.3])] * 4
DRAWN = [[(0, 2.0), (25_000, 0.5), (50_000, 0.3)], None, None, None]


@pytest.fixture
def ask():
    made = []

    def ask(name):
        made.append(hpt.prediction(name))
        return made[-1]

    yield ask
    for lab in made:
        lab.close()


def status_of(lab):
    return lab.view.status.value


# ------------------------------------------------------------------ asking


@pytest.mark.parametrize(
    ("typed", "value"),
    [("93", "93"), ("93 %", "93"), ("９３．５", "93.5"), (" 93.5% ", "93.5"), ("93 percent", "93")],
)
def test_a_number_is_typed(ask, typed, value):
    lab = ask(NUMBER)
    lab.view.form.control.field.value = typed
    assert lab.value == float(value)
    assert f": {value} %." in status_of(lab)
    assert 'role="status"' in status_of(lab)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("−0.5", -0.5),
        ("－0.5", -0.5),
        ("–0.5 %", -0.5),
        ("1.5 %", 1.5),
        ("1.5%", 1.5),
        ("1 point", 1),
        ("−2 Points", -2),
        ("1.5 percentage points", 1.5),
        ("1.5 个百分点", 1.5),
        ("1.5百分点", 1.5),
        ("1e−3", 0.001),
        ("10^-3", 0.001),
        ("10⁻³", 0.001),
        ("-2 × 10^−3", -0.002),
        ("2.5·10**1", 25),
        ("1/2", 0.5),
        ("−3/4", -0.75),
        ("½", 0.5),
        ("−½", -0.5),
        ("- 0.5", -0.5),
        ("—0.5", -0.5),
        ("10^(−3)", 0.001),
        ("1 / 1,000", 0.001),
        ("约 1.5", 1.5),
        ("大约百分之 2", 2),
        ("2 个百分点左右", 2),
        ("About 1.5 %", 1.5),
        ("≈1/2", 0.5),
        ("~ −2", -2),
        ("2 or so", 2),
    ],
)
def test_a_number_is_typed_as_readers_write_it(ask, typed, value):
    lab = ask("2-structure")
    lab.view.form.control.field.value = typed
    assert lab.value == value


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("1-trained", "88 %", 0.88),
        ("1-trained", "88％", 0.88),
        ("1-trained", "0.88", 0.88),
        ("1-circle", "百分之97", 97),
        ("7.1-hyperband", "20 次训练", 20),
        ("7.2-bouthillier", "2x", 2),
        ("7.2-bouthillier", "2×", 2),
        ("2-structure", "百分之 2", 2),
        ("3.2-cost", "136次", 136),
        ("3.2-cost", "１３６ 次训练", 136),
        ("3.2-cost", "136 trainings", 136),
        ("3.4-start", "第21次", 21),
        ("4.2-digits", "6位", 6),
        ("6-early", "第10轮", 10),
        ("6-early", "10 Epochs", 10),
        ("6-cluster-pays", "1.4秒", 1.4),
        ("4.2-forgotten", "0.25倍", 0.25),
        ("7.3-defaults", "2种", 2),
        ("7.3-defaults", "3 种左右", 3),
    ],
)
def test_a_unit_may_be_said_in_other_words(ask, name, typed, value):
    lab = ask(name)
    lab.view.form.control.field.value = typed
    assert lab.value == value


@pytest.mark.parametrize(
    "typed",
    [
        *("10-3", "1/0", "1½", "1/2/3", "10^400", "3 - 1", "%", "points"),
        # Counted in something else than what is asked for.
        *("2次", "第2", "约", "about", "2 epochs"),
    ],
)
def test_what_may_mean_two_things_is_no_number(ask, typed):
    lab = ask("2-structure")
    lab.view.form.control.field.value = typed
    assert lab.value is None


def test_what_is_refused_is_quoted_as_it_was_typed(ask):
    field = ask("2-structure").view.form.control
    for typed in ("约五", "约 5x", "５次", "0,9", "0,009", "about 5,000 points", "2000/4"):
        field.field.value = typed
        assert typed in field.message.value


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("1-circle", "0.9", "0.9 %? Or did you mean 90 %?"),
        ("3.3-log", "1/2", "0.5 %? Or did you mean 50 %?"),
        ("1-circle", "1", ""),
        ("1-circle", "0", ""),
        ("1-circle", "60", ""),
        ("2-chance", "0.5", ""),
    ],
)
def test_a_percentage_below_one_is_asked_about_beside_its_field(ask, name, typed, says):
    lab = ask(name)
    doubt = lab.view.form.doubt
    assert doubt.layout.display == "none"
    lab.view.form.control.field.value = typed
    assert lab.value is not None
    assert (says in doubt.value) if says else doubt.value == ""
    assert (doubt.layout.display == "block") == bool(says)
    assert ('role="status"' in doubt.value) == bool(says)
    hpt.outcome(name, 60)
    assert doubt.layout.display == "none"


def test_of_how_many_a_number_is_stands_behind_its_field(ask):
    lab = ask("5-moved")
    assert repr(lab).endswith("read right (of 1,000): …")
    assert ">of 1,000</span>" in text_of(lab)
    for typed in ("200", "200 of 1,000", "200 个"):
        lab.view.form.control.field.value = typed
        assert (lab.value, lab.view.form.doubt.value) == (200, "")
    hpt.use_language("zh")
    assert repr(ask("5-moved")).endswith("认对（个，共 1,000 个）：…")


@pytest.mark.parametrize(
    ("typed", "says"), [("0.95", "0.95 of 1,000? Or did you mean 950"), ("1/5", "you mean 200")]
)
def test_a_share_of_a_number_of_things_is_asked_about(ask, typed, says):
    lab = ask("5-moved")
    lab.view.form.control.field.value = typed
    assert lab.value < 1
    assert says in lab.view.form.doubt.value


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("20%", "20% is a percentage; here the number itself is asked for. Did you mean 200 of"),
        ("百分之 20", "Did you mean 200 of 1,000?"),
        ("120 %", "is not a number"),
        ("%", "is not a number"),
    ],
)
def test_a_percentage_of_a_number_of_things_is_asked_about(ask, typed, says):
    lab = ask("5-moved")
    lab.view.form.control.field.value = typed
    assert lab.value is None
    assert says in lab.view.form.control.message.value


def test_thousands_may_be_set_apart(ask):
    lab = ask("1-parameters")
    lab.view.form.control.field.value = "25,450"
    assert lab.value == 25_450


@pytest.mark.parametrize("typed", ["abc", "101", "-1", "nan", "9,3"])
def test_a_number_that_cannot_be_is_answered_beside_its_field(ask, typed):
    lab = ask(NUMBER)
    lab.view.form.control.field.value = typed
    message = lab.view.form.control.message
    assert "a number from 0 to 100" in message.value
    assert message.layout.display == "block"
    assert lab.value is None
    lab.view.form.control.field.value = "90"
    assert message.layout.display == "none"


def test_a_choice_is_clicked_and_marked(ask):
    lab = ask(CHOICE)
    lab.view.form.buttons[2].click()
    assert lab.value == 3
    assert [b.description[0] for b in lab.view.form.buttons] == ["a", "b", "●", "d"]
    lab.view.form.buttons[0].click()
    assert lab.value == 1


def test_a_curve_is_drawn_with_the_mouse(ask):
    """The front end sends the whole line when the button is let go."""
    lab = ask(CURVE)
    line = lab.view.form.lines[0]
    assert lab.view.form.figure.interaction.lines is line
    drawn = np.array(line.y)
    drawn[:30] = 2.0
    line.y = drawn
    assert [curve is None for curve in lab.value] == [False, True, True, True]
    assert lab.value[0][:25] == pytest.approx(2.0, rel=0.01)
    assert len(lab.value[0]) == N_POINTS
    assert "0.0001 from 2 to" in status_of(lab)


def test_a_curve_is_typed(ask):
    lab = ask(CURVE)
    lab.view.form.which.value = 3
    assert lab.view.form.figure.interaction.lines is lab.view.form.lines[3]
    for knot in lab.view.form.knots:
        knot.field.value = "2.3"
    assert [curve is None for curve in lab.value] == [True, True, True, False]
    assert lab.value[3] == pytest.approx(2.3, rel=1e-3)


def test_a_line_of_another_length_is_put_back(ask):
    lab = ask(CURVE)
    line = lab.view.form.lines[0]
    line.y = np.array([1.0, 2.0])
    assert len(line.y) == N_POINTS
    assert lab.value is None


def test_one_may_go_on_without(ask):
    lab = ask(NUMBER)
    lab.view.skip.click()
    assert "without a prediction" in status_of(lab)
    assert hpt.outcome(NUMBER, 95.9).comparisons[0].prediction == ""
    lab.answer(90)
    assert lab.value == 90


def test_while_a_curve_is_missing_the_status_names_it(ask):
    lab = ask("5-long-run")
    assert "Not drawn yet" not in status_of(lab)
    lab.answer([[(0, 1.2), (400_000, 0.04)], None])
    assert "Not drawn yet: validation loss. Choose in the list “curve”" in status_of(lab)
    lab.answer([[(0, 1.2), (400_000, 0.04)], [(0, 1.2), (400_000, 0.1)]])
    assert "Not drawn yet" not in status_of(lab)


def test_a_curve_that_stays_missing_is_not_asked_for_when_the_outcome_was_seen(ask):
    lab = ask(CURVE)
    lab.answer(DRAWN)
    assert "Not drawn yet: 0.001, 0.01, 0.1." in status_of(lab)
    hpt.outcome(CURVE, REAL)
    assert "Not drawn yet" not in status_of(lab)


@pytest.mark.parametrize(("name", "value"), [(NUMBER, 90), (CHOICE, 4), (CURVE, DRAWN)])
def test_who_begins_anew_and_goes_on_without_has_no_prediction(ask, readers_folder, name, value):
    result = {NUMBER: 95.9, CHOICE: 32, CURVE: REAL}[name]
    lab = ask(name)
    lab.answer(value)
    hpt.outcome(name, result)
    before = (readers_folder / "progress.jsonl").read_bytes()
    lab.view.renew.click()
    lab.view.skip.click()
    assert "without a prediction" in status_of(lab)
    assert ask(name).value is None
    outcome = hpt.outcome(name, result)
    assert "your prediction" not in repr(outcome)
    assert not any(comparison.prediction for comparison in outcome.comparisons)
    assert lab.value is None
    # Nothing that was kept is lost.
    assert (readers_folder / "progress.jsonl").read_bytes().startswith(before)


def taken_back(ask):
    """Return a question whose prediction was compared, and then taken back."""
    lab = ask(NUMBER)
    lab.answer(90)
    hpt.outcome(NUMBER, 95.9)
    lab.renew()
    lab.skip()
    return lab


def test_a_prediction_that_was_taken_back_is_none_in_another_kernel(ask):
    taken_back(ask)
    code = f"import hpt_widgets as hpt; print(hpt.prediction('{NUMBER}').value); "
    code += f"print(hpt.outcome('{NUMBER}', 95.9))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["None", "what came out: 95.9 %"]
    assert done.stderr == ""


def test_who_goes_on_without_may_change_their_mind(ask):
    lab = taken_back(ask)
    lab.answer(96)
    assert not lab.was_seen
    assert hpt.outcome(NUMBER, 95.9).comparisons[0].is_close


def test_a_prediction_that_was_made_is_not_withdrawn_by_the_way(ask):
    lab = ask(NUMBER)
    lab.answer(90)
    lab.skip()
    assert ask(NUMBER).value == 90


def test_a_prediction_is_there_again_in_another_kernel(ask):
    ask(CURVE).answer([None, [(0, 2.3), (50_000, 0.2)], None, None])
    again = ask(CURVE)
    assert again.value[1][0] == pytest.approx(2.3, rel=1e-3)
    ask(NUMBER).answer(90)
    assert ask(NUMBER).view.form.control.field.value == "90"


def test_a_folder_that_cannot_be_written_is_a_message(ask, readers_folder):
    readers_folder.write_text("in the way", encoding="utf-8")
    lab = ask(NUMBER)
    lab.answer(90)
    assert "HPT_HOME" in text_of(lab)
    assert hpt.outcome(NUMBER, 95).comparisons[0].prediction == "90 %"
    readers_folder.unlink()
    lab.renew()
    lab.answer(91)
    assert "HPT_HOME" not in text_of(lab)


# ------------------------------------------------------------------ comparing


def test_the_prediction_stands_once_the_outcome_was_seen(ask):
    lab = ask(NUMBER)
    lab.answer(90)
    hpt.outcome(NUMBER, 95.9)
    assert lab.is_final
    assert lab.view.form.control.field.disabled
    with pytest.raises(ValueError, match=r"0-accuracy has been seen.*renew"):
        lab.answer(96)
    assert lab.value == 90
    lab.view.renew.click()
    assert lab.value is None
    assert not lab.view.form.control.field.disabled
    lab.answer(96)
    assert ask(NUMBER).value == 96


def test_what_another_notebook_has_shown_was_seen(ask):
    lab = ask(NUMBER)
    lab.answer(50)
    compared(find_prediction(NUMBER))  # In another notebook, of which this one knows nothing.
    with pytest.raises(ValueError, match="has been seen"):
        lab.answer(95.9)
    assert lab.value == 50
    assert lab.view.form.control.field.disabled
    lab.renew()
    lab.answer(96)
    compared(find_prediction(NUMBER))
    with pytest.raises(ValueError, match="has been seen"):
        lab.answer(95.9)


def test_what_another_notebook_has_shown_makes_an_answer_late(ask):
    lab = ask(NUMBER)
    compared(find_prediction(NUMBER))
    lab.answer(95.9)
    assert "does not count" in status_of(lab)
    assert hpt.outcome(NUMBER, 95.9).is_late


def test_a_late_curve_is_no_prediction_in_the_legend_either(ask):
    hpt.outcome(CURVE, REAL)
    ask(CURVE).answer(DRAWN)
    legend = hpt.outcome(CURVE, REAL).view.widget.children[2].value
    assert "noted afterwards" in legend
    assert "your prediction" not in legend


def test_a_locked_chart_cannot_be_drawn_on(ask):
    lab = ask(CURVE)
    lab.answer([[(0, 2), (50_000, 1)], None, None, None])
    hpt.outcome(CURVE, REAL)
    assert lab.view.form.figure.interaction is None
    before = lab.value[0].copy()
    lab.view.form.lines[0].y = np.full(N_POINTS, 0.5)
    assert lab.value[0] == pytest.approx(before)
    assert np.array(lab.view.form.lines[0].y) == pytest.approx(before)
    assert "renew" in lab.view.message.value


@pytest.mark.parametrize(("name", "value"), [(NUMBER, 95.9), (CHOICE, 1), (CURVE, DRAWN)])
def test_what_is_entered_when_the_outcome_was_seen_is_noted_and_not_judged(ask, name, value):
    result = {NUMBER: 95.9, CHOICE: 32, CURVE: REAL}[name]
    hpt.outcome(name, result)
    lab = ask(name)
    assert "seen what came out already" in status_of(lab)
    assert shown_buttons(lab) == ["renew"]
    lab.answer(value)
    assert "Noted: " in status_of(lab)
    assert "does not count" in status_of(lab)
    outcome = hpt.outcome(name, result)
    assert outcome.is_late
    for words in (outcome.view.words.value, repr(outcome)):
        assert "so it is not judged" in words
        assert not any(
            word in words for word in ("right", "as you expected", "Close", "difference")
        )
    assert "border-left" not in outcome.view.words.value
    assert lab.is_final
    # The same is a prediction where somebody begins anew.
    lab.renew()
    assert shown_buttons(lab) == ["skip"]
    lab.answer(value)
    assert "Your prediction: " in status_of(lab)
    assert hpt.outcome(name, result).comparisons[0].is_close


def shown_buttons(lab):
    buttons = {"skip": lab.view.skip, "renew": lab.view.renew}
    return [name for name, button in buttons.items() if button.layout.display != "none"]


def test_an_outcome_that_is_no_number_is_shown_and_not_coloured(ask):
    ask("2-chance").answer(1.0)
    outcome = hpt.outcome("2-chance", float("nan"))
    assert repr(outcome) == "your prediction: 1 point\nwhat came out: nan"
    assert "border-left" not in outcome.view.words.value
    assert "<p></p>" not in outcome.view.words.value
    assert "difference" not in outcome.view.words.value


def test_number_and_outcome_stand_side_by_side(ask):
    ask(NUMBER).answer(80)
    outcome = hpt.outcome(NUMBER, 95.9)
    words = text_of(outcome)
    for part in ("80 %", "95.9 %", "too low by 15.9 points", "Handwritten digits are an easy task"):
        assert part in words
        assert part in repr(outcome)
    assert bundle_of(outcome)["text/plain"] == repr(outcome)


def test_a_choice_gets_its_reason(ask):
    ask(CHOICE).answer(4)
    outcome = hpt.outcome(CHOICE, 32)
    assert not outcome.comparisons[0].is_close
    assert "only 25 steps" in text_of(outcome)


def test_curves_are_drawn_on_one_chart(ask):
    ask(CURVE).answer([[(0, 2), (50_000, 0.3)], None, None, [(0, 2), (50_000, 0.5)]])
    outcome = hpt.outcome(CURVE, REAL)
    dashed = [mark for mark in outcome.view.figure.marks if mark.line_style == "dashed"]
    assert [len(mark.x) for mark in dashed] == [N_POINTS] * 2
    assert len(outcome.view.figure.marks) == 6
    assert len(outcome.comparisons) == 2
    assert text_of(outcome).count("you drew") == 2
    (axes,) = outcome.figure().axes
    assert len(axes.lines) == 6


def test_the_outcome_names_the_curves_that_were_not_drawn(ask):
    ask("5-long-run").answer([[(0, 1.2), (400_000, 0.04)], None])
    outcome = hpt.outcome("5-long-run", ([0, 200_000, 400_000], [1.2, 0.1, 0.04]))
    assert len(outcome.comparisons) == 1
    for words in (repr(outcome), outcome.view.words.value):
        assert "Not drawn, so there is nothing to compare: validation loss." in words
    hpt.outcome(CURVE, REAL)
    assert "Not drawn" not in repr(hpt.outcome(CURVE, REAL))


def test_without_a_prediction_the_outcome_is_shown(ask):
    assert repr(hpt.outcome(NUMBER, 95.94)) == "what came out: 95.9 %"
    assert repr(hpt.outcome(CURVE, REAL)) == "what came out: in the chart"
    assert repr(hpt.outcome("2-midway")) == "what came out: Drop within a few hundred updates"


# ------------------------------------------------------------------ without a kernel


@pytest.mark.parametrize(("language", "begins"), [("en", "Predict."), ("zh", "预测。")])
def test_every_question_can_be_read_without_a_front_end(language, begins):
    hpt.use_language(language)
    signs = set()
    for name, question in all_predictions().items():
        lab = hpt.prediction(name)
        bundle = bundle_of(lab)
        if isinstance(question, CurveQuestion):
            assert lab.figure().png().startswith(b"\x89PNG"), name
        lab.close()
        assert bundle["text/plain"].startswith(begins), name
        assert bundle["text/html"].startswith(f"<p><b>{begins}</b>"), name
        assert "image/png" not in bundle, name
        signs.update(bundle["text/plain"])
    # One that the font of a picture lacks would be a warning, and warnings are errors.
    assert picture_of_words("".join(sorted(signs))).png().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", [NUMBER, CHOICE, CURVE])
def test_a_question_that_is_shown_again_reads_the_same(ask, name):
    first, again = (bundle_of(ask(name)) for _ in range(2))
    for kind in ("text/plain", "text/html"):
        assert first[kind] == again[kind]


def test_what_is_words_without_a_kernel_draws_no_picture(ask, monkeypatch):
    """It would only take the page's time."""
    shown = [ask(NUMBER), ask(CHOICE), ask(CURVE), hpt.outcome(NUMBER, 95.9), hpt.quiz("4.1")]
    monkeypatch.setattr(Lab, "figure", lambda _: pytest.fail("a picture is drawn"))
    for lab in shown:
        assert set(bundle_of(lab)) == {"text/plain", "text/html", WIDGET_VIEW}
        lab.close()


def test_what_is_stored_does_not_know_the_reader(ask):
    before = bundle_of(ask(NUMBER))
    ask(NUMBER).answer(90)
    after = bundle_of(ask(NUMBER))
    assert (after["text/plain"], after["text/html"]) == (before["text/plain"], before["text/html"])


def test_an_outcome_has_a_picture_where_there_is_a_chart():
    assert "image/png" in bundle_of(hpt.outcome(CURVE, REAL))
    number = bundle_of(hpt.outcome(NUMBER, 95.9))
    assert "image/png" not in number
    assert "95.9" in number["text/html"]


@pytest.mark.parametrize("name", [NUMBER, CHOICE, CURVE])
def test_nothing_is_left_of_what_was_closed(name):
    before = set(open_widgets)
    labs = [hpt.prediction(name), hpt.outcome(name, REAL if name == CURVE else 32)]
    if name == CURVE:
        labs[0].view.form.which.value = 2
        labs[0].view.form.which.value = 1
    for lab in labs:
        lab.close()
        assert WIDGET_VIEW not in bundle_of(lab)
    assert set(open_widgets) == before
