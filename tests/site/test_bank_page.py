"""The bank explorer in Chromium."""

import re

import pytest
from playwright.sync_api import expect


def explorer(open_page, place, **options):
    """Open the explorer, and wait until it has replayed."""
    page = open_page(**options).open(place)
    wait_until_replayed(page)
    return page


def wait_until_replayed(page):
    """Wait until what is shown belongs to what is set."""
    expect(page.find("#lab")).to_have_attribute("data-state", "ready")


@pytest.mark.parametrize(
    ("language", "status"),
    [("en", r"Best on average: \w+ \("), ("zh", "在此预算下，平均最好的策略：.+（")],
)
def test_it_replays_at_once_and_says_who_comes_first(open_page, language, status, screenshot):
    page = explorer(open_page, f"{language}/bank.html")
    expect(page.find("#status")).to_have_text(re.compile(status))
    expect(page.find("#rows tr")).to_have_count(6)
    expect(page.find(".winner")).to_have_count(1)
    expect(page.find("#notes p").last).not_to_be_empty()
    assert page.page.evaluate("document.documentElement.scrollHeight") == 720
    for panel in page.find(".lab > .panel").all():
        frame = panel.bounding_box()
        assert frame["y"] + frame["height"] <= 720
        assert panel.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    assert page.find(".settings").evaluate("one => one.scrollHeight - one.clientHeight") == 0
    screenshot(page.page, f"site-bank-projector-{language}")


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("zh", "light")])
def test_a_telephone_shows_it_without_scrolling_sideways(open_page, language, scheme, screenshot):
    telephone = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
    page = explorer(open_page, f"{language}/bank.html", color_scheme=scheme, **telephone)
    page.find("[data-strategy=grid]").tap()
    wait_until_replayed(page)
    expect(page.find("#rows tr")).to_have_count(5)
    assert page.page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.find("#notes").evaluate("one => one.scrollHeight - one.clientHeight") == 0
    screenshot(page.page, f"site-bank-telephone-{language}")


def test_every_control_replays_and_stands_in_the_address(open_page):
    page = explorer(open_page, "en/bank.html#n_resamplings=50")
    page.find("[data-setting=n_trials] input[type=range]").focus()
    page.page.keyboard.press("ArrowRight")
    expect(page.find("#n_trials")).to_have_value("21")
    page.type("n_seeds", "10")
    page.find("#max_epochs").select_option("27")
    page.find("#measure").select_option("retrained")
    page.find("#unit").select_option("epochs")
    page.find("[data-strategy=grid]").uncheck()
    page.find("#redraw").click()
    wait_until_replayed(page)
    expect(page.find("#status")).to_contain_text("With 10 seeds each")
    expect(page.find("#notes")).to_contain_text("TPE is not shown")
    changed = "max_epochs=27&n_trials=21&n_seeds=10&measure=retrained&unit=epochs"
    strategies = "strategies=random,random_twice,halving,hyperband,tpe"
    whole = f"#{strategies}&{changed}&n_resamplings=50&seed=1"
    expect(page.page).to_have_url(re.compile(re.escape(whole) + "$"))


def test_other_draws_give_other_figures_and_the_same_seed_the_same(open_page):
    page = explorer(open_page, "en/bank.html#n_resamplings=50&strategies=random,halving")
    first = page.find("#rows").inner_text()
    page.find("#redraw").click()
    expect(page.find("#rows")).not_to_have_text(first, use_inner_text=True)
    page.open("en/descent.html")
    page.open("en/bank.html#n_resamplings=50&strategies=random,halving")
    expect(page.find("#rows")).to_have_text(first, use_inner_text=True)


def test_one_strategy_always_stays(open_page):
    page = explorer(open_page, "en/bank.html#strategies=tpe")
    expect(page.find("#status")).to_contain_text("Choose two strategies")
    page.find("[data-strategy=tpe]").click()
    expect(page.find("#strategies-message")).to_have_text("at least one strategy must stay")
    expect(page.find("[data-strategy=tpe]")).to_be_checked()
    page.find("[data-strategy=random]").check()
    expect(page.find("#strategies-message")).to_be_hidden()
    expect(page.find("#rows tr")).to_have_count(2)


def test_a_number_that_is_not_allowed_is_told_and_the_lab_goes_on(open_page):
    page = explorer(open_page, "zh/bank.html#n_resamplings=50")
    page.type("n_trials", "41")
    expect(page.find("#n_trials-message")).to_have_text(
        "预算（完整训练次数）：“41”不可用；须为 2 到 40 之间的整数"
    )
    expect(page.find("#n_trials")).to_have_value("20")
    page.type("n_trials", "5")
    expect(page.find("#n_trials-message")).to_be_hidden()
    wait_until_replayed(page)


def test_a_wrong_address_is_told_and_the_rest_of_it_taken(open_page):
    page = explorer(open_page, "en/bank.html#strategies=luck&n_seeds=500&colour=red&n_trials=6")
    expect(page.find("#notices p")).to_have_count(3)
    expect(page.find("#notices")).to_contain_text("strategies='luck' is not allowed: one of random")
    expect(page.find("#n_trials")).to_have_value("6")
    expect(page.find("[data-strategy]:checked")).to_have_count(6)


def test_a_link_leads_into_the_other_language_and_python_opens_it(open_page):
    page = explorer(open_page, "en/bank.html#strategies=random,hyperband&n_trials=7&unit=epochs")
    lines = page.find("#lines").text_content()
    page.find(".language").click()
    expect(page.find("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.find("#n_trials")).to_have_value("7")
    expect(page.find("[data-strategy]:checked")).to_have_count(2)
    names = {}
    exec(lines.replace("hpt.BankLab(", "lab = hpt.BankLab("), names)
    settings = names["lab"].settings
    assert settings.strategies == ("random", "hyperband")
    assert settings.n_trials == 7
    assert settings.unit == "epochs"
    names["lab"].close()


def test_all_is_named_and_reached_by_keys(open_page):
    page = explorer(open_page, "en/bank.html#n_resamplings=50")
    wanted = {"max_epochs", "n_trials", "unit", "n_seeds", "measure", "n_resamplings", "redraw"}
    for name in wanted - {"redraw"}:
        assert page.find(f"label[for={name}]").inner_text().strip()
    page.find("[data-strategy=random]").focus()
    reached = set()
    for _ in range(20):
        page.page.keyboard.press("Tab")
        reached.add(page.page.evaluate("document.activeElement.id"))
    assert wanted | {"notes"} <= reached
    for chart in page.find("canvas").all():
        assert chart.get_attribute("aria-label")
        assert chart.get_attribute("role") == "application"
        assert chart.get_attribute("aria-describedby") == "status"
    headings = page.find("#ranking [scope=row]").all_inner_texts()
    assert {"TPE", "grid"} <= set(headings)


def test_the_pointer_reads_the_charts(open_page):
    page = explorer(open_page, "en/bank.html#n_resamplings=50")
    for chart in ("race", "shares"):
        before = page.find(f"#{chart}").screenshot()
        frame = page.find(f"#{chart}").bounding_box()
        page.page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
        expect(page.find(f"#{chart}")).to_be_visible()
        page.page.evaluate("new Promise(requestAnimationFrame)")
        assert page.find(f"#{chart}").screenshot() != before


def test_an_altered_bank_is_not_used(open_page):
    page = open_page(quiet=False)
    page.page.route("**/scores.bin", lambda route: route.fulfill(body=b"\0" * 100))
    page.open("zh/bank.html")
    expect(page.find("#lab")).to_have_attribute("data-state", "failed")
    expect(page.find("#status")).to_contain_text("无法加载 scores.bin")


def test_no_other_page_waits_for_the_explorer(open_page):
    asked = []
    page = open_page()
    page.page.on("request", lambda request: asked.append(request.url))
    page.open("en/index.html#training_size=1000")
    page.wait_until("ended")
    assert any(url.endswith("digits-0.bin") for url in asked)
    assert [url for url in asked if "/bank" in url] == []
