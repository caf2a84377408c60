"""What a screen reader says of each lab's controls: the tree that Chromium hands to it."""

import contextlib
import re

import pytest
from all_labs import CELLS, USE, cells
from notebook_pages import notebook_pages
from playwright.sync_api import expect

from hpt_widgets.language import LANGUAGES, texts_of

pytestmark = pytest.mark.browser

# An icon is a letter of a private alphabet, which no screen reader can say.
ICON = re.compile("[\ue000-\uf8ff]")
# What a key can be pressed on; the choices of a list are said by the list.
NO_CONTROLS = {"option", "MenuListPopup", "RootWebArea"}
# What one changes has a value beside its name; a checkbox's is whether it is checked.
VALUED = {"textbox", "combobox", "spinbutton", "slider", "checkbox"}
# They show what is chosen, or open, by their look alone, or cannot be reached by a key.
SPEECHLESS = ".widget-toggle-buttons, .jupyter-widget-Collapse-header, .widget-readout"
# Nothing is typed there until a reader joins a class.
EMPTY_AT_FIRST = {
    getattr(texts_of("board")[f"lab_{name}"], language)
    for name in ("address", "code", "nickname")
    for language in LANGUAGES
}
PICTURES = """lab => [...lab.querySelectorAll('img, [role=img]')]
    .filter(one => !one.getAttribute('alt') && !one.getAttribute('aria-label'))
    .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module", params=["en", "zh"])
def used_labs(request, server, browser):
    """Return a notebook in which every lab is shown and was used, in either language."""
    with notebook_pages(server, browser) as open_one:
        notebook = open_one()
        notebook.open_cells(*cells(*CELLS, language=request.param))
        notebook.run_all()
        notebook.wait_for_kernel("training.state == 'ready'")
        for name in CELLS:
            notebook.run_hidden(USE[name])
        yield notebook


def lab_of(notebook, name):
    """Scroll to a lab, open what it hides, and return it."""
    lab = notebook.cell(1 + list(CELLS).index(name)).locator(".hpt-lab")
    expect(lab).to_be_visible()
    openers = lab.locator("button:visible:has(.fa-caret-right)")
    for left in reversed(range(openers.count())):
        openers.first.press("Enter")
        expect(openers).to_have_count(left)
    return lab


def pages_of(lab):
    """Open one tab of the lab after the other; a lab without tabs has one page."""
    tabs = lab.get_by_role("tab")
    yield lab
    for place in range(1, tabs.count()):
        tabs.nth(place).click()
        expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
        yield lab


@contextlib.contextmanager
def protocol(notebook):
    """Speak with Chromium's developer tools."""
    session = notebook.page.context.new_cdp_session(notebook.page)
    yield session
    session.detach()


def tree_of(session, lab):
    """Return what Chromium tells a screen reader of a lab, in the order in which it is read."""
    lab.evaluate("lab => lab.setAttribute('data-asked', '')")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    asked = {"nodeId": root, "selector": "[data-asked]"}
    node = session.send("DOM.querySelector", asked)["nodeId"]
    tree = session.send("Accessibility.queryAXTree", {"nodeId": node})["nodes"]
    lab.evaluate("lab => lab.removeAttribute('data-asked')")
    return [one for one in tree if not one["ignored"]]


def is_stop(session, one):
    """Return whether Tab comes to an element; some take the focus only where it is given."""
    element = session.send("DOM.resolveNode", {"backendNodeId": one["backendDOMNodeId"]})["object"]
    code = "function () { return this.tabIndex >= 0 || this.isContentEditable; }"
    asked = {"objectId": element["objectId"], "functionDeclaration": code, "returnByValue": True}
    return session.send("Runtime.callFunctionOn", asked)["result"]["value"]


def controls_of(notebook, lab):
    """Return (role, name, description, value) of all that Tab comes to."""
    with protocol(notebook) as session:
        tree = [one for one in tree_of(session, lab) if one["role"]["value"] not in NO_CONTROLS]
        focusable = [(one, properties_of(one)) for one in tree]
        focusable = [(one, said) for one, said in focusable if said.get("focusable")]
        return [
            control_of(one, said)
            for one, said in focusable
            if one["role"]["value"] == "tab" or is_stop(session, one)
        ]


def properties_of(one):
    return {part["name"]: part["value"].get("value") for part in one.get("properties", [])}


def control_of(one, said):
    role = one["role"]["value"]
    name = ICON.sub("", one.get("name", {}).get("value", "")).strip()
    description = one.get("description", {}).get("value", "")
    value = said.get("checked") if role == "checkbox" else one.get("value", {}).get("value")
    return role, name, description, value


def nameless(controls):
    """Return the controls without a name or value of their own, and without a field before them.

    ipywidgets' sliders can have none: theirs are those of the typed field just before them.
    """
    faults = []
    for place, (role, name, _, value) in enumerate(controls):
        field = controls[place - 1] if place else ("", "", "", "")
        if role == "slider":
            _, name, _, value = field if field[0] == "textbox" else ("", "", "", "")
        is_valued = role in VALUED and name not in EMPTY_AT_FIRST
        if not name or (is_valued and value in ("", None)):
            faults.append((role, name, value))
    return faults


@pytest.mark.parametrize("name", CELLS)
def test_every_control_has_a_name_and_a_value(used_labs, name):
    lab = lab_of(used_labs, name)
    for page in pages_of(lab):
        controls = controls_of(used_labs, page)
        assert len(controls) >= (1 if name == "grid" else 3)  # the grid is only looked at
        assert nameless(controls) == []
        assert page.locator(SPEECHLESS).locator("visible=true").count() == 0


@pytest.mark.parametrize("name", CELLS)
def test_no_two_controls_sound_alike(used_labs, name):
    lab = lab_of(used_labs, name)
    for page in pages_of(lab):
        said = [
            one[:3] for one in controls_of(used_labs, page) if one[0] not in ("slider", "button")
        ]
        assert [one for one in said if said.count(one) > 1] == []


@pytest.mark.parametrize("name", CELLS)
def test_every_picture_has_words(used_labs, name):
    lab = lab_of(used_labs, name)
    for page in pages_of(lab):
        assert page.evaluate(PICTURES) == []


def test_the_canvas_says_what_it_is(used_labs):
    controls = controls_of(used_labs, lab_of(used_labs, "canvas"))
    names = [name for role, name, *_ in controls if role == "Canvas"]
    assert names in (
        ["Paper for a digit, drawn with mouse or finger; Tab leads on, Delete wipes it"],
        ["手写区：用鼠标或手指写数字；Tab 键离开，Delete 键清空"],
    )


def test_each_rate_of_the_descent_lab_says_whose_it_is(used_labs):
    controls = controls_of(used_labs, lab_of(used_labs, "descent"))
    rates = [name for role, name, *_ in controls if role == "textbox" and name.startswith("η")]
    assert len(rates) == 3
    assert ["Adam" in rate for rate in rates].count(True) == 1
