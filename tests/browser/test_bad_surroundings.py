"""The launcher, a kernel and a page in bad surroundings, and who else could come in.

Warnings are errors, a proxy takes every connection and never answers, the project lies in a
folder with spaces and Chinese characters, and the browser writes numbers with commas.
"""

import contextlib
import http.client
import ipaddress
import shutil
import socket
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect
from training_lab_view import TrainingLabView

from hpt_widgets.search.records import SearchRecord
from tools.browser import VIEWPORT, NotebookPage, launched_lab
from tools.run_checks import PROJECT

pytestmark = pytest.mark.browser

DESCENT = "import hpt_widgets as hpt\nhpt.use_language('en')\nlab = hpt.DescentLab()\nlab"
TRAINING = "training = hpt.TrainingLab(training_size=2000)\ntraining"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("my folder 我的 文件夹")


@pytest.fixture(scope="module")
def project(folder):
    """Return a copy of the project in such a folder, without its data."""
    copy = folder / "project 项目"
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("hpt_widgets", "notebooks/en"):
        shutil.copytree(PROJECT / name, copy / name, ignore=ignored)
    return copy


@pytest.fixture(scope="module")
def server(folder, project):
    """Return what ``python -m hpt_widgets lab`` opens there."""
    with socket.create_server(("127.0.0.1", 0)) as proxy, pytest.MonkeyPatch.context() as patch:
        # Connections wait in the line of the socket: nobody takes them, nobody answers.
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.setenv(name, address)
            patch.setenv(name.upper(), address)
        for name in ("no_proxy", "NO_PROXY"):
            patch.delenv(name, raising=False)
        patch.setenv("PYTHONWARNINGS", "error")
        patch.setenv("TZ", "Asia/Kathmandu")
        patch.setenv("HPT_DATA", str(PROJECT / "data" / "mnist"))
        with launched_lab(folder, project=project) as running:
            yield running
        proxy.settimeout(0)
        with pytest.raises(BlockingIOError):
            proxy.accept()


@contextlib.contextmanager
def page_in(locale, browser, server, *cells):
    """Show these cells in a browser of this locale."""
    shown = NotebookPage(browser.new_page(viewport=VIEWPORT, locale=locale), server)
    shown.open_cells(*cells)
    shown.run_all()
    yield shown
    shown.close()
    assert shown.errors == []
    assert shown.requests_elsewhere == []


@pytest.fixture(scope="module")
def german_page(server, browser):
    """Return a page, in a browser that writes numbers with commas, on which two labs are shown."""
    with page_in("de-DE", browser, server, DESCENT, TRAINING) as shown:
        yield shown


@pytest.fixture(scope="module")
def chinese_page(server, browser):
    """Return a page in a Chinese browser."""
    with page_in("zh-CN", browser, server, DESCENT) as shown:
        yield shown


@pytest.fixture(params=["german_page", "chinese_page"])
def shown(request):
    """Return one page after the other."""
    return request.getfixturevalue(request.param)


def descent_lab(shown):
    lab = shown.cell(0).locator(".hpt-lab")
    lab.scroll_into_view_if_needed()
    return lab


def training_lab(shown):
    lab = TrainingLabView(shown.page, within=shown.cell(1))
    lab.root.scroll_into_view_if_needed()
    return lab


def type_in(field, text):
    field.fill(text)
    field.press("Enter")


def test_the_launcher_makes_the_readers_copies_in_the_copied_project(german_page, project):
    assert (project / "my-workbook" / "en" / "00-start-here.ipynb").is_file()
    place = german_page.ask("__import__('hpt_widgets').__file__")
    assert Path(place).parent == project / "hpt_widgets"


def test_a_kernel_imports_while_its_page_is_looked_at(server, browser):
    """It has what the notebook's cells will use before any of them is run."""
    shown = NotebookPage(browser.new_page(viewport=VIEWPORT), server)
    shown.open_cells("import hpt_widgets as hpt\ndata = hpt.load_mnist()", "hpt.TrainingLab(data)")
    shown.wait_for_kernel("'hpt_widgets.labs.training.lab' in __import__('sys').modules")
    loader = "__import__('sys').modules['hpt_widgets.support.tensorflow_loader']"
    shown.wait_for_kernel(f"{loader}.is_loaded()")
    assert shown.ask("'hpt' not in globals()")
    shown.run_all()
    expect(shown.cell(1).locator(".hpt-lab")).to_be_visible()
    shown.close()
    assert shown.errors == []


def test_a_kernel_trains_and_keeps_its_runs(german_page, folder, screenshot):
    lab = training_lab(german_page)
    before = lab.present_curve()
    lab.slider(0).focus()
    german_page.page.keyboard.press("ArrowRight")
    lab.wait_for_new_curve(before)
    lab.wait_for_end()
    screenshot(german_page.page, "bad-surroundings")
    german_page.wait_for_kernel("len(training.runs) > 0")
    (path,) = (folder / "home" / "runs").glob("*.csv")
    # What the page shows is no other number than what is trained with.
    expect(lab.field("learning rate")).to_have_value("0.00126")
    assert german_page.ask("training.settings.learning_rate") == 0.00126
    assert SearchRecord.load(path).trials[-1].hyperparameters["learning_rate"] == 0.00126


@pytest.mark.parametrize("typed", ["0.25", "2.5e-1", "０．２５"])
def test_a_number_with_a_point_is_taken(typed, shown):
    lab = descent_lab(shown)
    field = lab.get_by_label("momentum β", exact=True)
    type_in(field, "0.5")
    shown.wait_for_kernel("lab.settings.momentum == 0.5")
    type_in(field, typed)
    shown.wait_for_kernel("lab.settings.momentum == 0.25")
    expect(field).to_have_value("0.25")
    expect(lab.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("typed", ["0,25", "0，25", "1.000,25"])
def test_a_number_with_a_comma_is_answered_by_a_message(typed, shown, screenshot):
    lab = descent_lab(shown)
    field = lab.get_by_label("momentum β", exact=True)
    type_in(field, "0.75")
    shown.wait_for_kernel("lab.settings.momentum == 0.75")
    type_in(field, typed)
    expect(lab.get_by_role("alert")).to_contain_text(f"{typed}' is not a number")
    screenshot(shown.page, f"comma-{shown.page.evaluate('navigator.language')}")
    expect(field).to_have_value("0.75")
    assert shown.ask("lab.settings.momentum") == 0.75
    type_in(field, "0.5")
    expect(lab.get_by_role("alert")).to_have_count(0)


def test_what_sliders_read_out_is_written_with_a_point(german_page):
    lab = training_lab(german_page)
    before = german_page.ask("training.settings.learning_rate")
    lab.type("learning rate", "0,05")
    expect(lab.alert).to_contain_text("'0,05' is not a number")
    assert german_page.ask("training.settings.learning_rate") == before
    lab.slider(2).focus()
    german_page.page.keyboard.press("Home")
    expect(lab.field("dropout rate")).to_have_value("0")
    german_page.page.keyboard.press("ArrowRight")
    expect(lab.field("dropout rate")).to_have_value("0.05")
    german_page.wait_for_kernel("training.settings.dropout_rate == 0.05")
    step = descent_lab(german_page).get_by_label("step", exact=True)
    german_page.run_hidden("lab.set(steps=1200); lab.play_to(1200)")
    expect(step).to_have_value("1200")


# Who else could come in


def process_of(server):
    """Return the process of the server, a child of this one."""
    argument = f"--ServerApp.port={port_of(server)}"
    (found,) = [p for p in psutil.Process().children() if argument in p.cmdline()]
    return found


def port_of(server):
    return int(server.url.rstrip("/").rpartition(":")[2])


def test_nothing_listens_beyond_this_computer(german_page, server):
    process = process_of(server)
    family = [process, *process.children(recursive=True)]
    assert german_page.ask("__import__('os').getpid()") in [member.pid for member in family]
    listening = [
        connection.laddr
        for member in family
        for connection in member.net_connections(kind="inet")
        if connection.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)
    ]
    # The server's own port, and the five of the kernel.
    assert len({address.port for address in listening}) >= 6
    assert all(ipaddress.ip_address(address.ip).is_loopback for address in listening)


def answer_to(server, path, headers):
    """Return the status with which the server answers a request, and where it sends one to."""
    connection = http.client.HTTPConnection("localhost", port_of(server), timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", "")
    finally:
        connection.close()


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize("token", [None, "", "0" * 32])
def test_nobody_comes_in_without_the_token(token, german_page, server):
    kernel = german_page.ask("__import__('ipykernel').get_connection_file()")
    channels = f"/api/kernels/{Path(kernel).stem.removeprefix('kernel-')}/channels"
    wrong = {} if token is None else {"Authorization": f"token {token}"}
    right = {"Authorization": f"token {server.token}"}
    for path in ("/api/kernels", "/api/contents/00-start-here.ipynb", "/api/sessions"):
        assert answer_to(server, path, wrong)[0] == 403
        assert answer_to(server, path, right)[0] == 200
    assert answer_to(server, channels, UPGRADE | wrong)[0] == 403
    assert answer_to(server, channels, UPGRADE | right)[0] == 101
    for path in ("/lab", "/tree", "/files/00-start-here.ipynb"):
        status, place = answer_to(server, path, wrong)
        assert (status, place.partition("?")[0]) == (302, "/login")
