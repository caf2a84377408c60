"""Settings in the address while a slider is dragged, and what an address may not hold."""

import re

import pytest
from playwright.sync_api import expect

# Safari's limit, which is the lowest: a hundred times in thirty seconds.
LIMITED = """
const replace = history.replaceState.bind(history);
let written = 0;
history.replaceState = (...values) => {
    written += 1;
    if (written > 100) throw new DOMException("too often", "SecurityError");
    replace(...values);
};
"""
# A slider that is dragged to and fro for three hundred events, and then to its last place.
DRAG = """([id, place]) => {
    const slider = document.querySelector(`[data-setting="${id}"] input[type=range]`);
    const move = to => {
        slider.value = to;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
    for (let i = 0; i < 300; i += 1) move(i % 2);
    move(place);
}"""


@pytest.mark.parametrize(
    ("place", "setting", "last"),
    [("en/index.html", "dropout_rate", "0.3"), ("en/descent.html", "momentum", "0.3")],
)
def test_a_long_drag_does_not_write_the_address_too_often(open_page, place, setting, last):
    page = open_page(reduced_motion="reduce")
    page.page.add_init_script(LIMITED)
    page.open(place)
    expect(page.find("#lab")).to_be_visible()
    field = page.find(f"#{setting}")
    slider = page.find(f"[data-setting={setting}] input[type=range]")
    field.fill(last)
    field.press("Enter")
    notch = slider.input_value()
    page.page.evaluate(DRAG, [setting, notch])
    expect(field).to_have_value(last)
    newest = re.compile(f"#{setting}={last}$")
    expect(page.page).to_have_url(newest)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("start=0x10,2", "start: '0x10,2' is not a point"),
        ("optimizers=adam:0.1:7", "learning_rates['adam']='0.1:7' is not a number"),
        ("optimizers=", "optimizer='' is not allowed"),
    ],
)
def test_what_is_nearly_a_setting_is_told(open_page, settings, words):
    page = open_page(reduced_motion="reduce").open(f"en/descent.html#{settings}")
    expect(page.find("#notices")).to_contain_text(words)
    expect(page.find("#start")).to_have_value("-2.5, 1.5")
    expect(page.find("#verdicts p")).to_have_count(3)


def test_an_address_that_is_mended_takes_its_messages_along(open_page):
    page = open_page(reduced_motion="reduce").open("en/descent.html#speed=1&steps=0")
    expect(page.find("#notices p")).to_have_count(2)
    page.page.evaluate("location.hash = '#steps=70&colour=red'")
    expect(page.find("#notices p")).to_have_count(1)
    expect(page.find("#notices")).to_contain_text("'colour', which is no setting")
    page.page.evaluate("location.hash = '#steps=80'")
    expect(page.find("#notices p")).to_have_count(0)
    expect(page.find("#steps")).to_have_value("80")


@pytest.mark.parametrize(
    "settings",
    ["steps=" + 50_000 * "x", 50_000 * "a", "&".join(f"x{i}=1" for i in range(5_000))],
)
def test_a_very_long_address_is_told_in_brief(open_page, settings):
    page = open_page(reduced_motion="reduce").open(f"en/descent.html#{settings}")
    expect(page.find("#notices")).to_be_visible()
    assert len(page.find("#notices").text_content()) < 1_500
    expect(page.find("#steps")).to_have_value("100")


@pytest.mark.parametrize("place", ["en/descent.html#steps=70", "en/bank.html#n_trials=7"])
def test_skipping_to_the_lab_leaves_its_settings(open_page, place):
    page = open_page(reduced_motion="reduce").open(place)
    page.find(".skip").focus()
    expect(page.find(".skip")).to_have_text("Skip to the content")
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.id") == "main"
    name, value = place.split("#")[1].split("=")
    expect(page.find(f"#{name}")).to_have_value(value)
    expect(page.page).to_have_url(re.compile(f"#{name}={value}$"))
    expect(page.find("#notices p")).to_have_count(0)
