"""The training lab in a real browser, moved as a reader moves it."""

import re

import pytest
from dark_theme import check_legible, closed_tab, dark_theme, words_of
from playwright.sync_api import expect
from training_lab_view import TrainingLabView

pytestmark = pytest.mark.browser

IMPORT = "import threading, gc, ipywidgets\nimport hpt_widgets as hpt\ndata = hpt.load_mnist()"
MAKE_LAB = "lab = hpt.TrainingLab(data)\nlab"
MAKE_OTHER_LAB = MAKE_LAB.replace("lab", "other")
IDLE = "not lab.is_busy"
N_WIDGETS = "len(ipywidgets.widgets.widget._instances)"
N_THREADS = "sum(t.name == 'hpt-training' for t in threading.enumerate())"
LEARNING_RATE, BATCH_SIZE, DROPOUT_RATE = range(3)
# Of the lines of a chart those that have more than one point.
DRAWN = "path.line[d*=L]"


@pytest.fixture(scope="module")
def warm_notebook(lasting_notebook):
    """Return a notebook whose second cell makes a lab, and its third another; both are warm."""
    lasting_notebook.open_cells(IMPORT, MAKE_LAB, MAKE_OTHER_LAB)
    lasting_notebook.run_cell(0)
    lasting_notebook.run_cell(1)
    lasting_notebook.wait_for_kernel(f"lab.state == 'ready' and {IDLE}")
    return lasting_notebook


@pytest.fixture
def lab(warm_notebook):
    """Return a lab that nobody has touched, on the screen."""
    return fresh_lab(warm_notebook)


def fresh_lab(notebook):
    notebook.run_cell(1)
    view = TrainingLabView(notebook.page)
    expect(view.status).to_contain_text("Ready")
    expect(view.slider(0)).to_be_visible()
    notebook.wait_for_kernel(IDLE)
    return view


@pytest.fixture(scope="module")
def untrained_lab(warm_notebook):
    """Return such a lab for tests in a row that all leave it as it was."""
    return fresh_lab(warm_notebook)


@pytest.fixture
def other_lab(warm_notebook, lab):
    """Return a second lab, on the screen below the first one while a test lasts."""
    warm_notebook.run_cell(2)
    warm_notebook.wait_for_kernel(f"other.state == 'ready' and {IDLE}")
    yield TrainingLabView(warm_notebook.page, number=1)
    warm_notebook.ask("other.close()")
    warm_notebook.execute("notebook:clear-cell-output")


def test_a_press_behind_an_entry_that_is_refused_trains_nothing(warm_notebook, lab):
    lab.field("learning rate").fill("a hundredth")
    lab.button("start").click()
    expect(lab.alert.locator("visible=true")).to_contain_text("press again to use 0.001")
    expect(lab.field("learning rate")).to_have_value("0.001")
    assert warm_notebook.ask("(lab.state, len(lab.runs))") == ["ready", 0]
    lab.button("start").click()
    expect(lab.alert.locator("visible=true")).to_have_count(0)
    lab.wait_for_end()


def test_a_key_on_a_slider_trains_and_draws(warm_notebook, lab, screenshot):
    assert lab.present_curve() == ""
    lab.slider(LEARNING_RATE).focus()
    warm_notebook.page.keyboard.press("ArrowRight")
    first = lab.wait_for_new_curve("")
    lab.wait_for_end()
    expect(lab.field("learning rate")).to_have_value("0.00126")
    screenshot(warm_notebook.page, "training-lab-one-run")

    # The curve on the screen is the run that was recorded, not just any curve.
    losses = warm_notebook.ask("lab.last_run.history.training_loss.tolist()")
    assert lab.present_curve() != first
    assert lab.drawn_losses() == pytest.approx(losses, rel=0.02)
    accuracy = warm_notebook.ask("lab.last_run.validation_accuracy")
    expect(lab.status).to_contain_text(f"{accuracy:.1%}")

    # The first run stays as a ghost behind the second one.
    warm_notebook.page.keyboard.press("ArrowLeft")
    lab.wait_for_end()
    warm_notebook.wait_for_kernel("len(lab.runs) == 2")
    expect(lab.ends.get_by_text("rate 0.00126", exact=True)).to_be_visible()
    expect(lab.ends.get_by_text("rate 0.001", exact=True)).to_be_visible()
    assert sum(not curve["dashed"] for curve in lab.curves()) == 2


# Notes what changes in the page's head, the notebook's toolbar and the status bar.
NOTE_CHANGES_AROUND = """() => {
    window.changesAround = [];
    const describe = record => `${record.type} ${record.attributeName} ${record.target.nodeName}`;
    window.observerAround = new MutationObserver(
        records => window.changesAround.push(...records.map(describe)));
    const looked = {subtree: true, childList: true, attributes: true, characterData: true};
    for (const element of [document.head, document.querySelector('#jp-bottom-panel'),
            ...document.querySelectorAll('.jp-NotebookPanel-toolbar')]) {
        window.observerAround.observe(element, looked);
    }
}"""
CHANGES_AROUND = "() => { window.observerAround.disconnect(); return window.changesAround; }"


def test_nothing_around_the_notebook_is_redrawn_before_a_slider_is_answered(warm_notebook, lab):
    """JupyterLab's own signs of a busy kernel took a frame of their own before the answer's."""
    page = warm_notebook.page
    lab.slider(LEARNING_RATE).focus()
    changes = []
    for _ in range(2):
        before = lab.present_curve()
        page.evaluate(NOTE_CHANGES_AROUND)
        page.keyboard.press("ArrowRight")
        lab.wait_for_new_curve(before)
        changes.append(set(page.evaluate(CHANGES_AROUND)))
        warm_notebook.wait_for_kernel(IDLE)
        lab.wait_for_end()
    # What comes with one press alone is another's: JupyterLab saves every two minutes, and says so.
    assert changes[0] & changes[1] == set()


def test_the_editors_hear_nothing_of_what_a_slider_writes_in_its_field(warm_notebook, lab):
    """Each would look for its own selection then, and have the page laid out once more."""
    page = warm_notebook.page
    page.evaluate(
        """() => {
            window.heard = [];
            document.addEventListener('selectionchange', event => {
                if (event.target.nodeName === 'INPUT') window.heard.push(event.target.value);
            });
        }"""
    )
    field = lab.field("learning rate")
    before = field.input_value()
    lab.slider(LEARNING_RATE).focus()
    page.keyboard.press("ArrowRight")
    expect(field).not_to_have_value(before)
    lab.wait_for_end()
    assert page.evaluate("() => window.heard") == []


def test_the_mouse_moves_a_slider(warm_notebook, lab):
    lab.drag(DROPOUT_RATE, [0.5, 0.75])
    lab.wait_for_new_curve("")
    lab.wait_for_end()
    moved = warm_notebook.ask("lab.settings.dropout_rate")
    assert 0.6 <= moved <= 0.75
    assert float(lab.field("dropout rate").input_value()) == moved
    assert warm_notebook.ask("lab.last_run.hyperparameters.dropout_rate") == moved


def test_after_a_wild_drag_the_last_value_wins(warm_notebook, lab, screenshot):
    shares = [0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.5] * 6
    lab.drag(LEARNING_RATE, [*shares, 0.3])
    lab.wait_for_end()
    warm_notebook.wait_for_kernel(f"lab.state == 'ended' and {IDLE}")

    screenshot(warm_notebook.page, "training-lab-wild-drag")
    rate = warm_notebook.ask("lab.settings.learning_rate")
    assert 1e-4 < rate < 1e-2
    assert float(lab.field("learning rate").input_value()) == rate
    assert any(hint.startswith(f"learning rate {rate:g},") for hint in lab.hints())
    newest, *older = lab.rows()
    assert newest[1] == f"learning rate {rate:g}"
    assert newest[-1] == "finished"
    # Only the last request was trained to its end; the others gave way to it, or diverged at once.
    assert {row[-1] for row in older} <= {"stopped", "diverged"}
    for row in older:
        assert row[-1] == "diverged" or "replaced by a newer training" in row[1]
    losses = warm_notebook.ask("lab.last_run.history.training_loss.tolist()")
    assert lab.drawn_losses() == pytest.approx(losses, rel=0.03)


def test_what_cells_set_is_trained_and_nothing_else(warm_notebook, lab):
    """The page must not report the place of a handle as a move of the reader's."""
    rates = [0.002, 0.003, 0.005, 0.012]
    settings = "batch_size=250, dropout_rate=0.12, training_size=5_000"
    code = "\n".join(f"lab.set({settings}, learning_rate={rate})\nlab.wait()" for rate in rates)
    warm_notebook.run_hidden(code)
    warm_notebook.page.wait_for_timeout(500)  # for whatever the page still has to say
    warm_notebook.wait_for_kernel(IDLE)
    trained = warm_notebook.ask(
        "lab.runs.to_frame()[['learning_rate', 'batch_size', 'dropout_rate']].values.tolist()"
    )
    assert trained == [[rate, 250, 0.12] for rate in rates]


def test_stop_ends_a_run_and_keeps_it(warm_notebook, lab):
    start_long_run(lab)
    lab.button("stop").click()
    lab.wait_for_end("Stopped")
    warm_notebook.wait_for_kernel(IDLE)
    assert 0 < lab.progress() < 5_000_000
    assert lab.rows()[0][-1] == "stopped"
    assert lab.rows()[0][1] == "epochs 100"
    assert warm_notebook.ask(N_THREADS) <= 1


def test_a_run_of_the_smallest_batches_begins_and_stops(warm_notebook, lab):
    lab.drag(BATCH_SIZE, [0])
    # While the kernel is busy the page keeps a slider's last place back, though no click.
    warm_notebook.wait_for_kernel("lab.settings.batch_size == 1")
    expect(lab.status).to_contain_text("Training")
    lab.button("stop").click()
    lab.wait_for_end("Stopped")


def start_long_run(lab):
    """Begin a training that no test is willing to wait for."""
    lab.root.get_by_text("more hyperparameters").click()
    lab.type("epochs", "100")
    expect(lab.status).to_contain_text("Training")


@pytest.mark.parametrize(
    ("label", "text", "named"),
    [
        ("learning rate", "abc", "learning rate: "),
        ("learning rate", "0", "learning rate: "),
        ("learning rate", "nan", "learning rate: "),
        ("batch size", "0", "batch size: "),
        ("batch size", "5000", "4,096"),
        ("batch size", "2.5", "whole"),
        ("dropout rate", "1", "0.9"),
        ("dropout rate", "", "dropout rate: "),
    ],
)
def test_what_cannot_be_used_is_answered_beside_the_field(
    warm_notebook, untrained_lab, label, text, named
):
    lab = untrained_lab
    expect(lab.alert).to_have_count(0)
    before = lab.field(label).input_value()
    lab.type(label, text)
    expect(lab.alert).to_contain_text(named)
    expect(lab.field(label)).to_have_value(before)
    # Beside: closer to its own field than any other field is.
    below = lab.alert.bounding_box()["y"] - lab.field(label).bounding_box()["y"]
    assert 0 < below < 90
    # What stood there before needs no message, nor a training.
    lab.type(label, before)
    expect(lab.alert).to_have_count(0)
    assert warm_notebook.ask("[lab.state, len(lab.runs)]") == ["ready", 0]


def test_the_lab_goes_on_after_a_bad_value(warm_notebook, lab, screenshot):
    lab.type("batch size", "many")
    expect(lab.alert).to_be_visible()
    screenshot(warm_notebook.page, "training-lab-bad-value")
    lab.type("batch size", "100")
    expect(lab.alert).to_have_count(0)
    lab.wait_for_end()
    assert warm_notebook.ask("lab.last_run.hyperparameters.batch_size") == 100
    # The slider goes in powers of two; it takes the nearest place and leaves the value alone.
    expect(lab.field("batch size")).to_have_value("100")
    lab.type("batch size", "4096")
    warm_notebook.wait_for_kernel(f"len(lab.runs) == 2 and {IDLE}")
    assert warm_notebook.ask("lab.last_run.hyperparameters.batch_size") == 4096
    expect(lab.slider(BATCH_SIZE)).to_have_attribute("aria-valuenow", "12.0")


def test_changes_can_go_into_the_running_training(warm_notebook, lab):
    start_long_run(lab)
    lab.root.get_by_label("apply to the running training").check()
    warm_notebook.wait_for_kernel("lab.apply_to_running")
    lab.slider(LEARNING_RATE).focus()
    seen = lab.progress()
    warm_notebook.page.keyboard.press("ArrowRight")
    expect(lab.field("learning rate")).to_have_value("0.00126")
    for _ in range(3):
        lab.wait_for_progress()
    lab.button("stop").click()
    lab.wait_for_end("Stopped")
    warm_notebook.wait_for_kernel(IDLE)
    [row] = lab.rows()
    assert "learning rate 0.00126" in row[1]
    [[samples, changed]] = warm_notebook.ask("lab.last_run.changes")
    assert samples >= seen
    assert changed == {"learning_rate": 0.00126}


def test_pause_one_step_and_resume(warm_notebook, lab, screenshot):
    start_long_run(lab)
    lab.button("pause").click()
    expect(lab.status).to_contain_text("Paused")
    warm_notebook.wait_for_kernel(IDLE)
    held = lab.progress()
    lab.button("one step").click()
    expect(lab.root.get_by_text(f"{held + 32:,} of")).to_be_visible()
    warm_notebook.wait_for_kernel(IDLE)
    assert warm_notebook.ask("lab.state") == "paused"
    screenshot(warm_notebook.page, "training-lab-paused")
    lab.button("resume").click()
    expect(lab.status).to_contain_text("Training")
    expect(lab.button("pause")).to_be_visible()
    assert lab.wait_for_progress() > held + 32
    lab.button("stop").click()
    lab.wait_for_end("Stopped")


def test_reset_brings_back_the_beginning(warm_notebook, lab):
    lab.type("learning rate", "0.01")
    lab.wait_for_end()
    lab.button("reset").click()
    expect(lab.field("learning rate")).to_have_value("0.001")
    warm_notebook.wait_for_kernel(IDLE)
    expect(lab.ends).to_have_text("")
    expect(lab.loss_chart.locator(DRAWN)).to_have_count(0)
    assert len(lab.rows()) == 1


def test_the_columns_of_the_runs_are_straight(warm_notebook, lab):
    for number, settings in enumerate(("", "batch_size=512, hidden_units=(64, 32, 16)"), start=1):
        warm_notebook.ask(f"[lab.set({settings}), lab.start(), lab.wait()] and 0")
        warm_notebook.wait_for_kernel(f"len(lab.runs) == {number} and {IDLE}")
    expect(lab.button("forget").nth(1)).to_be_visible()
    head, *rows = lab.columns()
    assert len(rows) == 2
    assert [[round(x) for x in row] for row in rows] == [[round(x) for x in head]] * 2


def test_pin_and_forget(warm_notebook, lab, screenshot):
    for number, rate in enumerate(["0.01", "0.003"], start=1):
        lab.type("learning rate", rate)
        warm_notebook.wait_for_kernel(f"len(lab.runs) == {number} and {IDLE}")
    expect(lab.button("forget").nth(1)).to_be_visible()
    lab.button("pin").nth(1).click()
    expect(lab.legend).to_contain_text("pinned: rate 0.01")
    expect(lab.button("unpin")).to_be_visible()
    screenshot(warm_notebook.page, "training-lab-pinned")

    lab.button("reset").click()
    expect(lab.ends).not_to_contain_text("0.003")
    expect(lab.ends).to_contain_text("validation")  # one run is left
    warm_notebook.wait_for_kernel(IDLE)
    warm_notebook.wait_for_frames()
    assert sum(not curve["dashed"] for curve in lab.curves()) == 1

    lab.button("forget").nth(1).click()
    warm_notebook.wait_for_kernel("len(lab.runs) == 1")
    assert [row[1] for row in lab.rows()] == ["learning rate 0.003"]
    expect(lab.loss_chart.locator(DRAWN)).to_have_count(0)


def test_lists_and_messages_stay_in_sight_however_long_legend_and_fields_are(
    warm_notebook, lab, screenshot
):
    many = "[(16, 0), (32, 0.1), (64, 0.2), (128, 0.3), (256, 0.4), (512, 0.5)]"
    run = "lab.set(batch_size=b, dropout_rate=d, hidden_units=(b, 8)); lab.wait()"
    warm_notebook.run_hidden(f"lab.set(training_size=500)\nfor b, d in {many}: {run}")
    expect(lab.legend).to_contain_text("dropout 0.5")
    screenshot(warm_notebook.page, "training-lab-long-legend")
    assert lab.legend.evaluate("legend => legend.scrollHeight > legend.clientHeight")
    lab.field("x axis").select_option("epochs")
    expect(lab.loss_chart.locator(".axislabel").first).to_have_text("epochs")
    expect(lab.field("x axis")).to_be_in_viewport()

    lab.button("more hyperparameters").click()
    for label in ("weight decay", "initial scale"):
        lab.type(label, "x")
        expect(lab.alert).to_be_visible()
        # Its widget may be made anew meanwhile.
        within = (
            "alert => alert.getBoundingClientRect().bottom"
            " <= alert.closest('.hpt-overlay')?.getBoundingClientRect().bottom"
        )
        while not lab.alert.evaluate(within):
            warm_notebook.page.wait_for_timeout(50)


def test_tabs_show_mistakes_and_code(warm_notebook, lab, screenshot):
    lab.type("learning rate", "0.01")
    lab.wait_for_end()
    lab.open_tab("mistakes")
    for words in ("confusion matrix", "true → read as, and how certain the network was"):
        picture = lab.root.get_by_role("img", name=words)
        expect(picture).to_be_visible()
        warm_notebook.page.wait_for_function(
            "image => image.complete && image.naturalWidth > 400", arg=picture.element_handle()
        )
    text = lab.root.get_by_text("validation samples are misread").inner_text()
    wrong = int(re.match(r"([\d,]+) of 10,000", text)[1].replace(",", ""))
    accuracy = warm_notebook.ask("lab.last_run.validation_accuracy")
    assert wrong == round((1 - accuracy) * 10_000)
    screenshot(warm_notebook.page, "training-lab-mistakes")

    lab.open_tab("show as code")
    code = lab.root.locator(".hpt-code")
    expect(code).to_contain_text("0.01")
    assert code.inner_text().strip() == warm_notebook.ask("lab.as_code()").strip()
    lab.type("dropout rate", "0.35")
    expect(code).to_contain_text("0.35")
    screenshot(warm_notebook.page, "training-lab-code")


def test_a_tab_tells_the_gradient_noise_scale(warm_notebook, lab, screenshot):
    lab.open_tab("gradient noise")
    said = lab.root.get_by_role("status").filter(has_text="gradient noise scale")
    expect(said).to_contain_text("When a run ends")
    lab.type("batch size", "100")
    lab.wait_for_end()
    expect(said).to_contain_text("Run 1, trained with batch size 100: gradient noise scale ≈")
    expect(said).to_contain_text("Measured on 2,000 of the training samples")
    shown = float(re.search(r"≈ ([\d,.]+) samples", said.inner_text())[1].replace(",", ""))
    measured = (
        "__import__('hpt_widgets.studies.noise_scale', fromlist=['']).gradient_noise_scale("
        "lab.last_run, data).batch_size"
    )
    assert shown == float(f"{warm_notebook.ask(measured):.1g}")
    screenshot(warm_notebook.page, "training-lab-noise")


def test_running_the_cell_again_leaves_nothing_behind(warm_notebook, lab):
    notebook = warm_notebook
    widgets = notebook.ask(N_WIDGETS)
    for _ in range(5):
        notebook.run_cell(1)
        expect(lab.status).to_contain_text("Ready")
        # Each is left in the middle of a long training.
        notebook.ask("[lab.set(epochs=100)] and 0")
        notebook.wait_for_kernel("lab.state == 'training'")
    assert notebook.ask(N_WIDGETS) == widgets
    assert notebook.ask(N_THREADS) == 1
    assert notebook.page.locator(".hpt-lab").count() == 1
    lab.button("stop").click()
    lab.wait_for_end("Stopped")
    assert notebook.ask("len(lab.runs)") == 1
    notebook.wait_for_kernel(f"{N_THREADS} == 0")


def test_two_labs_do_not_mix(warm_notebook, lab, other_lab):
    left, right = lab, other_lab
    left.type("learning rate", "0.01")
    right.type("dropout rate", "0.5")
    left.wait_for_end()
    right.wait_for_end()
    assert [row[1] for row in left.rows()] == ["learning rate 0.01"]
    assert [row[1] for row in right.rows()] == ["dropout rate 0.5"]
    for name, view in (("lab", left), ("other", right)):
        losses = warm_notebook.ask(f"{name}.last_run.history.training_loss.tolist()")
        assert view.drawn_losses() == pytest.approx(losses, rel=0.02)
    expect(left.field("dropout rate")).to_have_value("0.2")
    expect(right.field("learning rate")).to_have_value("0.001")


def test_is_legible_in_the_dark_theme(warm_notebook, screenshot):
    with dark_theme(warm_notebook):
        lab = fresh_lab(warm_notebook)
        lab.type("learning rate", "0.01")
        lab.wait_for_end()
        screenshot(warm_notebook.page, "training-lab-dark")
        tab = closed_tab(lab.root)
        words = words_of(lab.loss_chart, status=lab.status, legend=lab.legend, tab=tab)
        check_legible(warm_notebook, words)
