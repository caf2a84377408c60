"""The descent lab in Chromium."""

import re

import pytest
from playwright.sync_api import expect


def still_page(open_page, place):
    """Open the lab for somebody who wants no motion: it does not play on its own."""
    return open_page(reduced_motion="reduce").open(place)


@pytest.mark.parametrize(("language", "words"), [("en", "Reached: within"), ("zh", "到达：自第")])
def test_it_says_what_happens_in_words(open_page, language, words):
    page = still_page(open_page, f"{language}/descent.html")
    page.find("#to-end").click()
    expect(page.find("#verdicts p")).to_have_count(3)
    for verdict in page.find("#verdicts p").all():
        expect(verdict).to_contain_text(words)


def test_every_surface_can_be_chosen(open_page):
    page = still_page(open_page, "en/descent.html")
    names = page.find("#surface option").evaluate_all("all => all.map(one => one.value)")
    assert len(names) == 8
    for name in names:
        page.find("#surface").select_option(name)
        page.find("#to-end").click()
        expect(page.find(f"[data-formula={name}]")).to_be_visible()
        expect(page.find("#verdicts p").first).not_to_be_empty()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_settings_of_six_racers_are_seen_at_once_on_a_projector(open_page, language):
    page = still_page(open_page, f"{language}/descent.html#gradient_noise=1")
    for box in page.find("[data-racer]").all():
        box.check()
    for control in page.find(".settings .control > *:visible").all():
        frame = control.bounding_box()
        assert frame["y"] + frame["height"] <= 720
    assert page.find(".settings").evaluate("one => one.scrollHeight - one.clientHeight") == 0
    height = page.find("#map").bounding_box()["height"]
    for _ in range(2):  # also with the lines of Python unfolded
        assert page.page.evaluate("document.documentElement.scrollHeight") == 720
        assert page.find("#map").bounding_box()["height"] == height
        page.find(".results summary").click()
    for formula in page.find(".formula").all():
        name = formula.get_attribute("data-formula")
        page.find("#surface").select_option(name)
        assert formula.evaluate("one => one.scrollWidth - one.clientWidth") == 0, name


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_values_and_names_of_surfaces_are_shown_whole(open_page, language, width):
    page = open_page(viewport={"width": width, "height": 740}, reduced_motion="reduce")
    page.open(
        f"{language}/descent.html#surface=rosenbrock&optimizers=adam:0.000126,momentum:1.26e-5"
    )
    for field in page.find(".settings input:not([type]):visible").all():
        cut = field.evaluate("one => one.scrollWidth - one.clientWidth")
        assert cut == 0, field.input_value()
    assert page.find("#surface").evaluate(LONGEST_OPTION) < 0


# By how much the longest name is wider than the room that the arrow leaves.
LONGEST_OPTION = """one => {
    const pen = document.createElement("canvas").getContext("2d");
    const { fontSize, fontFamily } = getComputedStyle(one);
    pen.font = `${fontSize} ${fontFamily}`;
    const widths = [...one.options].map(option => pen.measureText(option.textContent).width);
    return Math.max(...widths) + 32 - one.clientWidth;
}"""


def test_a_telephone_shows_every_verdict_whole(open_page):
    page = open_page(
        viewport={"width": 360, "height": 740}, reduced_motion="reduce", has_touch=True
    )
    page.open("en/descent.html#surface=rosenbrock")
    for box in page.find("[data-racer]").all():
        box.check()
    expect(page.find("#verdicts p")).to_have_count(6)
    assert page.find("#verdicts").evaluate("one => one.scrollHeight - one.clientHeight") == 0
    assert page.page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_larger_condition_number_makes_gradient_descent_diverge(open_page):
    page = still_page(open_page, "en/descent.html")
    page.find("#condition_number").fill("60")
    page.find("#condition_number").press("Enter")
    page.find("#to-end").click()
    expect(page.find("#kappa")).to_have_text("60")
    expect(page.find("#verdicts p").first).to_contain_text("above the stability limit 2/λmax")
    expect(page.page).to_have_url(re.compile("condition_number=60"))


def test_the_start_is_set_by_mouse_and_by_keys(open_page):
    page = still_page(open_page, "en/descent.html")
    frame = page.find("#map").bounding_box()
    page.page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 3)
    clicked = [float(x) for x in page.find("#start").input_value().split(",")]
    assert abs(clicked[0]) < 0.5
    assert clicked[1] > 0.3
    page.find("#map").press("ArrowRight")
    moved = [float(x) for x in page.find("#start").input_value().split(",")]
    assert moved[0] == pytest.approx(clicked[0] + 6 / 50, abs=1e-3)
    assert moved[1] == clicked[1]
    # At the map's edge the start is drawn whole: white, six pixels beyond it.
    page.type("start", "3, 0")
    page.find("#to-end").click()
    page.page.evaluate("new Promise(requestAnimationFrame)")
    assert page.find("#map").evaluate(BEYOND_THE_EDGE) == [255, 255, 255, 255]


BEYOND_THE_EDGE = """map => {
    const [x, y] = [map.width - 22 + 6, (10 + map.height - 36) / 2];
    return [...map.getContext("2d").getImageData(x, y, 1, 1).data];
}"""


def test_a_start_that_is_no_point_is_told(open_page):
    page = still_page(open_page, "en/descent.html")
    for typed, words in (
        ("a, b", "is not a point"),
        ("1", "one finite number a variable, 2 in all"),
    ):
        page.find("#start").fill(typed)
        page.find("#start").press("Enter")
        expect(page.find("#start-message")).to_contain_text(words)
        expect(page.find("#start")).to_have_value("-2.5, 1.5")


def test_it_plays_to_the_end_and_steps_back(open_page):
    page = still_page(open_page, "en/descent.html")
    page.find("#steps").fill("10")
    page.find("#steps").press("Enter")
    page.find("#speed").select_option("50")
    page.find("#play").click()
    expect(page.find("#at-step")).to_have_text("Step 10 of 10")
    # It changes with every frame: nobody could listen to that.
    expect(page.find("#at-step")).to_have_attribute("aria-live", "off")
    expect(page.find("#play")).to_have_text("Play")
    page.find("#back").click()
    expect(page.find("#at-step")).to_have_text("Step 9 of 10")
    page.find("#scrub").focus()
    page.page.keyboard.press("Home")
    expect(page.find("#at-step")).to_have_text("Step 0 of 10")
    expect(page.find("#verdicts p").first).to_contain_text("At the start the loss is")


def test_a_walk_that_becomes_shorter_than_what_was_played_ends_there(open_page):
    page = still_page(open_page, "en/descent.html#surface=parabola")
    page.find("#to-end").click()
    page.type("steps", "50")
    expect(page.find("#at-step")).to_have_text("Step 50 of 50")
    page.find("#back").click()
    expect(page.find("#at-step")).to_have_text("Step 49 of 50")
    page.page.evaluate("location.hash = '#surface=parabola&steps=7'")
    expect(page.find("#at-step")).to_have_text("Step 7 of 7")
    page.find("#back").click()
    expect(page.find("#at-step")).to_have_text("Step 6 of 7")


def test_a_change_is_worked_out_once(open_page):
    page = still_page(open_page, "en/descent.html")
    page.page.evaluate(
        """() => {
            window.times = 0;
            const verdicts = document.getElementById("verdicts");
            const count = (changes) => (window.times += changes.length);
            new MutationObserver(count).observe(verdicts, { childList: true });
        }"""
    )
    page.type("momentum", "0.5")
    expect(page.page).to_have_url(re.compile("momentum=0.5"))
    assert page.page.evaluate("window.times") == 1


def test_one_optimiser_always_races(open_page):
    page = still_page(open_page, "en/descent.html#optimizers=adam:0.2")
    expect(page.find("#verdicts p")).to_have_count(1)
    page.find("[data-racer=adam]").click()
    expect(page.find("#racers-message")).to_have_text("at least one optimiser must stay")
    expect(page.find("#rate-adam")).not_to_have_attribute("aria-invalid", "true")
    expect(page.find("[data-racer=adam]")).to_be_checked()
    page.find("[data-racer=nesterov]").click()
    expect(page.find("#racers-message")).to_be_hidden()
    expect(page.find("#verdicts p")).to_have_count(2)
    page.type("rate-adam", "0")
    expect(page.find("#rate-adam-message")).to_contain_text("η of Adam: '0' is not allowed")


def test_noise_is_numpys_and_can_be_another(open_page):
    page = still_page(open_page, "en/descent.html#gradient_noise=5&optimizers=gradient_descent:0.1")
    expect(page.find("#another-noise")).to_be_visible()
    page.find("#to-end").click()
    expect(page.find("#verdicts p")).to_contain_text("Shaken by noise")
    page.find("#another-noise").click()
    expect(page.page).to_have_url(re.compile("seed=1"))


def test_a_link_brings_the_race_back_and_python_opens_it(open_page):
    place = "en/descent.html#surface=rosenbrock&start=-1,2&optimizers=adam:0.05&steps=40"
    page = still_page(open_page, place)
    expect(page.find("#rate-adam")).to_have_value("0.05")
    expect(page.find("#start")).to_have_value("-1, 2")
    lines = page.find("#lines").text_content()
    assert '"rosenbrock"' in lines
    assert 'optimizers={"adam": 0.05}' in lines
    assert "start=(-1.0, 2.0)" in lines
    assert "steps=40" in lines


def test_the_lines_of_python_open_such_a_race(open_page):
    page = still_page(open_page, "en/descent.html#surface=parabola&start=1.5&momentum=0.5&steps=7")
    lines = page.find("#lines").text_content()
    names = {}
    exec(lines.replace("hpt.DescentLab(", "lab = hpt.DescentLab("), names)
    settings = names["lab"].settings
    assert settings.surface.name == "parabola"
    assert settings.start == (1.5,)
    assert settings.momentum == 0.5
    assert settings.steps == 7
    names["lab"].close()


def test_a_wrong_address_is_told(open_page):
    page = still_page(open_page, "zh/descent.html#surface=moon&start=1,2,3&optimizers=adamw")
    expect(page.find("#notices p")).to_have_count(3)
    expect(page.find("#start")).to_have_value("-2.5, 1.5")
