"""The page without a network: what is kept, when it is renewed, and what is left to others."""

import re
import shutil

import pytest
from pages import site_pages
from playwright.sync_api import expect

from tools.site.build import write_service_worker
from tools.site.server import SiteHandler, serve

IS_KEPT = """async address => {
    await navigator.serviceWorker.ready;
    for (let i = 0; i < 1200; i += 1) {
        if (await caches.match(address)) return true;
        await new Promise(later => setTimeout(later, 50));
    }
    return false;
}"""
VERSION = re.compile('"version": "([0-9a-f]+)"')


class CleanAddresses(SiteHandler):
    """Redirects a page to its address without ".html", and lets a browser keep all for long."""

    def do_GET(self):
        """Answer a request."""
        if self.path.endswith(".html"):
            self.send_response(301)
            self.send_header("Location", self.path.removesuffix(".html"))
            self.end_headers()
        else:
            super().do_GET()

    def translate_path(self, path):
        """Return the file for an address."""
        file = super().translate_path(path)
        return f"{file}.html" if path.endswith(("/bank", "/descent", "/index")) else file

    def end_headers(self):
        """Say how long an answer may be kept."""
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()


class Forgetful(SiteHandler):
    """Has a browser ask for everything anew."""

    def end_headers(self):
        """Forbid to keep an answer."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


@pytest.fixture
def own_site(site, tmp_path):
    """Return a copy of the page that a test may change."""
    return shutil.copytree(site, tmp_path / "site")


@pytest.fixture
def open_kept(browser, own_site, request):
    """Return a function that opens a page of the copy, where the browser may keep it."""
    handler = getattr(request, "param", SiteHandler)
    with serve(own_site, handler) as address, site_pages(browser, address) as open_one:
        yield lambda place: open_one(service_workers="allow", quiet=False).open(place)


def wait_until_kept(page, place):
    """Wait until the browser has kept a file of the page."""
    assert page.page.evaluate(IS_KEPT, page.address + place)


def build_again(site):
    """Write the service worker anew, as a build does after a change; return its version."""
    worker = site / "service-worker.js"
    code = worker.read_text()
    (site / "assets" / "service-worker.js").write_text(code[code.index("// Keeps the page") :])
    write_service_worker(site)
    return VERSION.search(worker.read_text())[1]


def test_after_the_first_visit_it_needs_no_network(open_kept):
    page = open_kept("en/index.html")
    expect(page.find("#digits")).to_contain_text("work offline")
    page.page.context.set_offline(True)
    # What was not kept is out of reach, so there really is no network.
    asked = "fetch('../data/noise-15.bin').then(() => true, () => false)"
    assert page.page.evaluate(asked) is False
    page.open_lab("zh/index.html")
    page.open("en/descent.html")
    expect(page.find("#verdicts p")).to_have_count(3)
    page.open("en/bank.html")
    expect(page.find("#rows tr")).to_have_count(6)
    for language, asked in (("en", "momentum"), ("zh", "动量")):
        page.open(f"{language}/chapters/index.html")
        page.find("#search").fill(asked)
        expect(page.find("#found li").first).to_be_visible()
    page.open("")
    expect(page.page).to_have_url(re.compile("/en/index.html$"))


def test_a_chapter_that_was_read_first_of_all_is_kept_with_its_pictures(open_kept):
    page = open_kept("en/chapters/04-1-gradient-descent.html")
    pictures = page.find("article img").evaluate_all("all => all.map(one => one.src)")
    assert pictures
    for picture in pictures:
        wait_until_kept(page, picture.removeprefix(page.address))
    page.page.context.set_offline(True)
    page.page.reload()
    # Also those that are folded or far below.
    page.find("article img").evaluate_all("all => all.forEach(one => (one.loading = 'eager'))")
    for picture in page.find("article img").all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    page.open("en/descent.html")
    expect(page.find("#verdicts p")).to_have_count(3)


@pytest.mark.parametrize("open_kept", [Forgetful], indirect=True)
def test_what_another_program_answers_at_the_same_address_is_its_own(open_kept, own_site):
    other = own_site / "other.txt"
    page = open_kept("en/descent.html")
    wait_until_kept(page, "index.html")
    page.page.reload()
    for answer in ("one", "two"):
        other.write_text(answer)
        assert page.page.evaluate("fetch('../other.txt').then(got => got.text())") == answer
    (own_site / "index.html").write_text("<title>Another program</title>")
    page.open("")
    expect(page.page).to_have_title("Another program")


@pytest.mark.parametrize("open_kept", [CleanAddresses], indirect=True)
def test_a_server_that_redirects_pages_does_not_lock_the_reader_out(open_kept):
    page = open_kept("en/descent.html")
    wait_until_kept(page, "en/descent.html")
    for place in ("en/descent.html", "zh/index.html"):
        page.open(place)
        expect(page.find("#lab")).to_be_visible()


@pytest.mark.parametrize("open_kept", [CleanAddresses], indirect=True)
def test_a_new_version_keeps_the_servers_files_and_not_the_browsers_old_ones(open_kept, own_site):
    page = open_kept("en/descent.html")
    wait_until_kept(page, "assets/style.css")
    (own_site / "assets" / "style.css").write_text("body {}")
    version = build_again(own_site)
    page.page.reload()
    kept = f"""async () => {{
        const found = await caches.open("hyperparameter-workbook-{version}");
        for (let i = 0; i < 1200; i += 1) {{
            const style = await found.match(new URL("../assets/style.css", location));
            if (style) return style.text();
            await new Promise(later => setTimeout(later, 50));
        }}
    }}"""
    assert page.page.evaluate(kept) == "body {}"


def test_a_file_that_changes_gives_another_version(own_site):
    before = VERSION.search((own_site / "service-worker.js").read_text())[1]
    (own_site / "assets" / "style.css").write_text("body {}")
    assert build_again(own_site) != before
