"""The training lab in Chromium: clicks, keys, touch, both languages, and what goes wrong."""

import re

import pytest
from digit_strokes import DIGITS
from pages import IS_WRITTEN, WATCH_CANVASES
from playwright.sync_api import expect

from tools.browser import at_rest

LANGUAGES = ("en", "zh")
# For what does not depend on how much is trained: else all digits are, while a test goes on.
FEW = "training_size=1000"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_trains_at_once_and_then_on_all_digits(open_page, language):
    page = open_page().open_lab(f"{language}/index.html")
    accuracy = re.search(r"(\d\d\.\d)%", page.find("#status").text_content())
    assert float(accuracy[1]) > 95
    expect(page.find("#rows tr")).to_have_count(2)  # the first digits, then all of them
    # Where nothing differs from the defaults, the main settings stand.
    expect(page.find("#rows tr").first).to_contain_text("0.001")
    label = page.find("#loss-chart").get_attribute("aria-label")
    assert "50,000" in label
    assert "95." in label or "96." in label
    # Its loss is what the chart reads for the validation at the end.
    page.find("#loss-chart").press("End")
    loss = page.find("#rows td:nth-child(4)").first.text_content()
    words = {"en": "validation loss", "zh": "验证损失"}[language]
    expect(page.find("#loss-chart + [role=status]")).to_contain_text(f"{words} {loss}")


def test_a_key_on_a_slider_trains_again_and_the_last_curve_stays(lab):
    before = lab.runs
    lab.find("[data-setting=learning_rate] input[type=range]").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(lab.find("#learning_rate")).to_have_value("0.00126")
    expect(lab.find("#legend li").first).to_contain_text("learning rate 0.00126")
    expect(lab.find("#legend li").nth(1)).to_have_text("earlier: learning rate 0.001")
    expect(lab.page).to_have_url(re.compile("#learning_rate=0.00126"))
    expect(lab.find("#rows tr")).to_have_count(before + 1)
    expect(lab.find("#lines")).to_contain_text("lab.set(learning_rate=0.00126")


# All rows at once: the page writes them anew, and a row that is gone has no lines.
LINES_OF = """
selector => [...document.querySelectorAll(selector)].map(element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getClientRects().length;
})
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_runs_has_room_also_for_one_that_blew_up(open_page, language):
    page = open_page().open(f"{language}/index.html#learning_rate=10&{FEW}")
    page.wait_until("ended")
    page.find("#runs-tab").click()
    panel = "document.querySelector('#runs')"
    assert page.page.evaluate(f"{panel}.scrollWidth <= {panel}.clientWidth")
    # No word of how it ended is broken into single letters.
    last = "#rows td:last-child" if language == "en" else "#runs-table tr > :last-child"
    lines = page.page.evaluate(LINES_OF, last)
    assert lines
    assert set(lines) == {1}
    page.type("epochs", "100")
    page.type("learning_rate", "0.001")
    expect(page.find("#progress")).to_have_text(re.compile(r"^[2-9]\d,\d{3}\b"))
    page.type("batch_size", "64")
    superseded = "replaced by a newer training" if language == "en" else "被新的训练取代"
    expect(page.find("#rows tr").first).to_contain_text(superseded)
    assert page.page.evaluate(f"{panel}.scrollWidth <= {panel}.clientWidth")


def test_a_typed_value_that_is_not_allowed_is_told_and_the_lab_goes_on(lab):
    before = lab.runs
    lab.type("batch_size", "0")
    expect(lab.find("#batch_size-message")).to_have_text(
        "batch size: '0' is not allowed; it should be a whole number from 1 to 4,096"
    )
    lab.type("hidden_units", "0")
    expect(lab.find("#hidden_units-message")).to_contain_text("hidden units: (0,) is not allowed")
    lab.type("seed", "99999999999999999999")
    expect(lab.find("#seed-message")).to_contain_text("random seed: '99999999999999999999' is")
    expect(lab.find("#batch_size")).to_have_value("32")
    expect(lab.find("#batch_size")).to_have_attribute("aria-invalid", "true")
    lab.type("batch_size", "256")
    expect(lab.find("#batch_size-message")).to_be_hidden()
    expect(lab.find("#batch_size")).not_to_have_attribute("aria-invalid", re.compile(""))
    expect(lab.find("#rows tr")).to_have_count(before + 1)


def test_it_pauses_steps_goes_on_and_stops(lab):
    lab.type("epochs", "100")
    lab.wait_until("training")
    lab.find("#pause").click()
    lab.wait_until("paused")
    expect(lab.find("#pause")).to_have_text("resume")
    expect(lab.find("#status")).to_have_text("Paused.")
    # The chunk of steps that was under way arrives behind the button.
    lab.find("#step").click()
    before = at_rest(lab.page, lambda: seen(lab), 2000)
    for steps in (1, 2):
        lab.find("#step").click()
        expect(lab.find("#progress")).to_contain_text(f"{before + 32 * steps:,} of")
        expect(lab.find("#status")).to_have_text("Paused.")
    lab.find("#pause").click()
    lab.wait_until("training")
    lab.find("#stop").click()
    lab.wait_until("ended")
    expect(lab.find("#status")).to_contain_text("Stopped. Validation accuracy")
    expect(lab.find("#rows tr").first).to_contain_text("stopped")


def seen(lab):
    """How many samples the line below the charts says."""
    return int(lab.find("#progress").text_content().split(" of")[0].replace(",", ""))


def test_a_running_training_takes_a_new_learning_rate_with_it(lab):
    lab.page.evaluate(WATCH_CANVASES)
    lab.find("#apply").check()
    lab.type("epochs", "100")
    lab.wait_until("training")
    lab.type("learning_rate", "0.01")
    # While it trains: the legend and the chart say what was changed, as the workbook's lab does.
    change = re.compile(r"learning rate 0\.001, .*; after [\d,]+ samples: rate 0\.001 → 0\.01$")
    expect(lab.find("#legend li").first).to_have_text(change)
    assert lab.page.evaluate(IS_WRITTEN, "rate 0.001 → 0.01")
    lab.wait_until("training")
    lab.find("#stop").click()
    lab.wait_until("ended")
    expect(lab.find("#rows tr").first).to_contain_text(
        re.compile(r"after [\d,]+ samples: learning rate 0.01")
    )


# Changes a setting while the page hears from its other thread: `when` names what it hears.
CHANGE_WHEN = """
window.Worker = class extends Worker {
    constructor(...values) {
        super(...values);
        this.addEventListener("message", ({ data: { kind, ended } }) => {
            if (kind !== "progress" || (ended ? "ended" : "training") !== window.when) return;
            window.when = null;
            document.getElementById("apply").checked = true;
            const field = document.getElementById("learning_rate");
            field.value = window.rate;
            field.dispatchEvent(new Event("change"));
        });
    }
};
[window.when, window.rate] = ["training", "0.002"];
"""


def test_a_change_in_a_runs_last_moment_begins_another_one(open_page):
    page = open_page()
    page.page.add_init_script(CHANGE_WHEN)
    page.open("en/index.html#epochs=20&hidden_units=8")
    expect(page.find("#digits")).to_contain_text("All 50,000")
    page.wait_until("ended")
    # Who has changed something is at work: no run on all digits begins by itself.
    expect(page.find("#rows tr")).to_have_count(1)
    expect(page.find("#rows tr").first).to_contain_text("samples: learning rate 0.002")
    page.type("training_size", "1000")
    page.wait_until("ended")
    page.page.evaluate("[window.when, window.rate] = ['ended', '0.003']")
    page.find("#start").click()
    expect(page.find("#rows tr")).to_have_count(4)
    newest, before = page.find("#rows tr").nth(0), page.find("#rows tr").nth(1)
    expect(newest).to_contain_text("learning rate 0.003")
    expect(newest).not_to_contain_text("samples:")
    expect(before).not_to_contain_text("0.003")


def test_a_learning_rate_that_is_far_too_large_ends_the_run_with_a_sentence(lab):
    before = lab.find("#loss-chart").bounding_box()
    lab.type("learning_rate", "10")
    expect(lab.find("#status")).to_contain_text("try a smaller learning rate")
    expect(lab.find("#rows tr").first).to_contain_text("diverged")
    # Whatever is said above it and named below it, the chart keeps its place.
    assert lab.find("#loss-chart").bounding_box() == before
    for rate in ("0.03", "0.02", "0.004", "0.00001"):
        lab.type("learning_rate", rate)
        lab.wait_until("ended")
    expect(lab.find("#legend li")).to_have_count(6)
    assert lab.find("#legend").evaluate("one => one.scrollHeight - one.clientHeight") == 0
    assert lab.find("#loss-chart").bounding_box() == before


def test_a_digit_that_is_drawn_is_read_by_the_network_just_trained(lab):
    lab.type("epochs", "6")
    lab.wait_until("ended")
    draw(lab, 2)
    expect(lab.find(".answer")).to_have_text(re.compile(r"^I read 2 \(\d+%\)\.$"))
    expect(lab.find("meter").nth(2)).to_have_class("first")
    lab.find(".paper").press("Delete")
    expect(lab.find(".answer")).to_have_text("Nothing is drawn yet.")
    draw(lab, 7)
    expect(lab.find(".answer")).to_have_text(re.compile(r"7"))
    lab.find(".undo").click()
    expect(lab.find(".answer")).to_have_text("Nothing is drawn yet.")


def draw(lab, digit):
    """Draw a digit with the mouse."""
    frame = lab.find(".paper").bounding_box()
    mouse = lab.page.mouse
    for stroke in DIGITS[digit]:
        places = [
            (frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in stroke
        ]
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place)
        mouse.up()


def test_a_second_finger_draws_nothing(open_page):
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.open(f"en/index.html#{FEW}")
    page.find(".paper").scroll_into_view_if_needed()
    frame = page.find(".paper").bounding_box()
    hand = page.page.context.new_cdp_session(page.page)

    def touch(kind, places):
        points = [
            {"x": frame["x"] + x * frame["width"], "y": frame["y"] + y * frame["height"], "id": i}
            for i, (x, y) in enumerate(places)
        ]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", [(0.3, 0.2)])
    touch("touchMove", [(0.3, 0.5)])
    touch("touchStart", [(0.3, 0.5), (0.8, 0.8)])
    touch("touchMove", [(0.3, 0.8), (0.9, 0.9)])
    touch("touchEnd", [])
    expect(page.find(".answer")).not_to_have_text("Nothing is drawn yet.")
    page.find(".undo").tap()
    expect(page.find(".answer")).to_have_text("Nothing is drawn yet.")


def test_the_mistakes_are_shown_and_described(lab):
    lab.find("#draw-tab").focus()
    lab.page.keyboard.press("ArrowRight")
    said = re.compile(r"^Run \d+: [\d,]+ of 10,000 validation samples are misread")
    expect(lab.find("#mistakes-words")).to_have_text(said)
    pictures = lab.find("#misread canvas")
    expect(pictures).to_have_count(15)
    assert re.fullmatch(r"\d read as \d, \d+%", pictures.first.get_attribute("aria-label"))
    lab.find("#draw-tab").click()


def test_reset_brings_the_defaults_back_and_keeps_the_table(lab):
    before = lab.runs
    lab.type("learning_rate", "0.01")
    lab.wait_until("ended")
    draw(lab, 2)
    expect(lab.find(".answer")).to_contain_text("%")
    lab.find("#reset").click()
    expect(lab.find("#learning_rate")).to_have_value("0.001")
    expect(lab.find("#legend li")).to_have_count(0)
    # Above and below empty charts nothing is said of a run.
    expect(lab.find("#status")).to_have_text("Ready: move a slider or press start.")
    expect(lab.find("#progress")).to_have_text("No training yet.")
    expect(lab.find("#run-digits")).to_be_empty()
    assert lab.runs == before + 1
    expect(lab.page).not_to_have_url(re.compile("#"))
    # Nor does a network that is no longer shown read digits, or answer for mistakes.
    expect(lab.find(".answer")).to_have_text("Train a network first, then it can read.")
    expect(lab.find("meter.first")).to_have_count(0)
    expect(lab.find("#mistakes-words")).to_contain_text("When a run ends, its mistakes")
    expect(lab.find("#misread canvas")).to_have_count(0)
    lab.find(".clear").click()


def test_the_lines_and_the_link_can_be_copied(lab):
    lab.type("seed", "3")
    lab.find("#code-tab").click()
    lab.find("#copy-lines").click()
    expect(lab.find("#copy-answer")).to_have_text("Copied.")
    assert "seed=3" in lab.page.evaluate("navigator.clipboard.readText()")
    lab.find("#copy-link").click()
    assert "seed=3" in lab.page.evaluate("navigator.clipboard.readText()").split("#")[1]
    lab.find("#draw-tab").click()


def test_every_control_has_a_name_and_is_reached_by_keys(lab):
    controls = lab.find("input:visible, select:visible, button:visible, [tabindex='0']:visible")
    nameless = controls.evaluate_all(
        f"all => all.filter(one => !({NAME_OF})(one)).map(one => one.outerHTML)"
    )
    assert nameless == []
    lab.find(".skip").focus()
    reached = set()
    for _ in range(45):
        lab.page.keyboard.press("Tab")
        reached.add(lab.page.evaluate("document.activeElement.id"))
    assert {"theme", "learning_rate", "optimizer", "apply", "start", "reset", "draw-tab"} <= reached


# The accessible name, as far as this page gives names.
NAME_OF = """one => one.ariaLabel || one.textContent.trim() ||
    [...(one.labels ?? [])].map(label => label.textContent.trim()).join('')
    || document.getElementById(one.getAttribute('aria-labelledby'))?.textContent"""


def test_a_link_carries_the_settings_also_into_the_other_language(open_page):
    page = open_page().open(f"en/index.html#hidden_units=32,16&optimizer=rmsprop&{FEW}")
    expect(page.find("#hidden_units")).to_have_value("32, 16")
    page.find(".language").click()
    expect(page.find("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.find("#hidden_units")).to_have_value("32, 16")
    expect(page.find("#optimizer")).to_have_value("rmsprop")


def test_a_wrong_address_is_told_and_the_rest_of_it_taken(open_page):
    wrong = "learning_rate=-1&speed=9&seed=99999999999999999999"
    page = open_page().open(f"en/index.html#{wrong}&batch_size=64&{FEW}")
    expect(page.find("#notices")).to_contain_text("seed=99999999999999999999 is not allowed")
    expect(page.find("#notices")).to_contain_text("learning_rate=-1 is not allowed")
    expect(page.find("#notices")).to_contain_text("'speed', which is no setting")
    expect(page.find("#batch_size")).to_have_value("64")


# -- every reader ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["en/index.html", "zh/index.html", "en/descent.html", "zh/descent.html"]
)
def test_it_fits_a_telephone_in_both_themes_and_a_projector(open_page, place, screenshot):
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.page.add_init_script(WATCH_CANVASES)
    # Its axis ends at 100,000: a wide number at the edge.
    if "index" in place:
        page.open(f"{place}#epochs=100&{FEW}")
        assert page.page.evaluate(IS_WRITTEN, "100,000")
    else:
        page.open(place)
    name = place.replace("/", "-")
    for scheme in ("light", "dark"):
        page.page.emulate_media(color_scheme=scheme)
        page.find("select").first.tap()
        width = page.page.evaluate("document.documentElement.scrollWidth")
        assert width == 360, f"a telephone scrolls sideways, {scheme}"
        screenshot(page.page, f"site-telephone-{scheme}-{name}")
    page.page.emulate_media(color_scheme="light")
    page.page.set_viewport_size({"width": 1280, "height": 720})
    for panel in page.find(".lab > .panel").all():
        frame = panel.bounding_box()
        assert frame["y"] + frame["height"] <= 720, "a projector does not show all of the lab"
        assert frame["x"] + frame["width"] <= 1280, "a projector does not show all of the lab"
    screenshot(page.page, f"site-projector-{name}")
    assert page.page.evaluate("[written.size > 0, ...cut]") == [True]


def test_the_theme_that_is_chosen_stays(open_page):
    page = open_page().open(f"en/index.html#{FEW}")
    page.find("#theme").click()
    expect(page.find("html")).to_have_attribute("data-theme", "dark")
    page.open("zh/descent.html")
    expect(page.find("html")).to_have_attribute("data-theme", "dark")


# -- what goes wrong ------------------------------------------------------------------------------


def test_blocked_storage_is_told_when_it_matters(open_page):
    page = open_page()
    page.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }})"
    )
    page.open(f"en/index.html#{FEW}")
    page.wait_until("ended")
    expect(page.find("#notices p")).to_have_count(0)
    page.find("#theme").click()
    expect(page.find("#notices")).to_contain_text("lets the page remember nothing")


def test_an_altered_file_is_not_used_and_the_rest_works(open_page, site):
    page = open_page(quiet=False)
    altered = (site / "data" / "digits-1.bin").read_bytes()
    page.page.route(
        "**/digits-2.bin",
        lambda route: route.fulfill(body=altered) if is_get(route) else route.continue_(),
    )
    page.open("en/index.html")
    expect(page.find("#notices")).to_contain_text("digits-2.bin is not the file")
    expect(page.find("#digits")).to_contain_text("12,000 of 50,000")
    page.find("#start").click()
    expect(page.find("#run-digits")).to_contain_text("keeps the 12,000")
    page.wait_until("ended")
    expect(page.find("#status")).to_contain_text("Finished.")


def is_get(route):
    return route.request.method == "GET"


def test_a_missing_first_file_is_told(open_page):
    page = open_page(quiet=False)
    page.page.route("**/digits-0.bin", lambda route: route.fulfill(status=404))
    page.open("zh/index.html")
    expect(page.find("#notices")).to_contain_text("无法加载 digits-0.bin（HTTP 404）")
    expect(page.find("#status")).to_contain_text("没有第一批样本")
    expect(page.find("#start")).to_be_disabled()


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ("", "kernel could not be loaded"),
        ("WebAssembly.validate = () => false", "no WebAssembly with SIMD"),
        ("delete window.WebAssembly", "no WebAssembly with SIMD"),
    ],
)
def test_a_kernel_that_does_not_load_is_told(open_page, lacks, sentence):
    page = open_page(quiet=False)
    page.page.route("**/kernel.wasm", lambda route: route.fulfill(status=404))
    page.page.add_init_script(lacks)
    page.open("en/index.html")
    expect(page.find("#status")).to_contain_text(sentence)
    expect(page.find("#start")).to_be_disabled()


def test_from_a_file_it_says_how_to_open_it(open_page, site):
    page = open_page(quiet=False)
    page.page.goto((site / "en" / "index.html").as_uri())
    expect(page.find("#no-modules")).to_contain_text("python3 -m http.server")
    expect(page.find("#no-modules")).to_be_visible()
    page.hosts.clear()


def test_without_scripts_it_says_so(open_page):
    page = open_page(java_script_enabled=False, quiet=False).open("en/index.html")
    expect(page.find("#no-script")).to_be_visible()
    expect(page.find("#no-script")).to_contain_text("need JavaScript")
    # How to serve the page is the answer to another question.
    expect(page.find("#no-modules")).to_be_hidden()


def test_the_door_leads_to_the_readers_language(open_page):
    page = open_page(locale="zh-CN").open("")
    expect(page.page).to_have_url(re.compile("/zh/index.html$"))
    page = open_page(locale="fr-FR").open("")
    expect(page.page).to_have_url(re.compile("/en/index.html$"))


def test_the_arrow_keys_read_a_chart(lab):
    chart, said = lab.find("#accuracy-chart"), lab.find("#accuracy-chart + [role=status]")
    chart.focus()
    lab.page.keyboard.press("End")
    expect(said).to_contain_text(re.compile(r"\d\d\.\d+%"))
    at_the_end = said.text_content()
    lab.page.keyboard.press("Home")
    expect(said).not_to_have_text(at_the_end)
    for _ in range(51):
        lab.page.keyboard.press("ArrowRight")
    expect(said).to_have_text(at_the_end)
    lab.page.keyboard.press("Escape")
    expect(said).to_have_text("")
    assert "arrow keys" in chart.get_attribute("aria-description")
    # With the role of a picture, a screen reader would keep these keys to itself.
    expect(chart).to_have_attribute("role", "application")


def test_a_tap_reads_a_chart_until_something_else_is_tapped(open_page):
    page = open_page(has_touch=True, viewport={"width": 390, "height": 844})
    page.open(f"zh/index.html#{FEW}")
    page.wait_until("ended")
    said = page.find("#loss-chart + [role=status]")
    page.find("#loss-chart").tap()
    expect(said).to_contain_text("训练")
    page.find("#start").focus()
    expect(said).to_have_text("")


def test_without_a_clipboard_there_is_a_field_with_the_link_to_copy(open_page):
    page = open_page()
    # As over HTTP, from another computer.
    page.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.open(f"en/index.html#seed=3&{FEW}")
    page.find("[role=tab]").last.click()
    page.find("#copy-link").click()
    expect(page.find("#copy-answer")).to_contain_text("copy it yourself")
    field = page.find("#copy-answer + input")
    expect(field).to_have_value(re.compile("/en/index.html#.*seed=3"))
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert field.evaluate(selected) == field.input_value()
