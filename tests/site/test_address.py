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
        ("start=0x10,2", "start='0x10,2' is not a point"),
        ("optimizers=adam:0.1:7", "learning_rates['adam']='0.1:7' is not a number"),
        ("optimizers=", "optimizer='' is not allowed"),
    ],
)
def test_what_is_nearly_a_setting_is_told(open_page, settings, words):
    page = open_page(reduced_motion="reduce").open(f"en/descent.html#{settings}")
    expect(page.find("#notices")).to_contain_text(words)
    expect(page.find("#start")).to_have_value("-2.5, 1.5")
    expect(page.find("#verdicts p")).to_have_count(3)
