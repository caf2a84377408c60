"""What a screen reader says of a lab: the tree that Chromium hands to it."""

import contextlib
import re

from hpt_widgets.language import LANGUAGES, texts_of

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


N_TRIES = 100

# Tab comes to some elements; others take the focus only where it is given.
STOPS = """function () {
    return [...this.querySelectorAll('*')].map(
        one => [one.localName, one.tabIndex >= 0 || one.isContentEditable]);
}"""


@contextlib.contextmanager
def protocol(page):
    """Speak with Chromium's developer tools."""
    session = page.context.new_cdp_session(page)
    yield session
    session.detach()


def said_of(lab):
    """Return (role, name, description, value) of all that Tab comes to."""
    with protocol(lab.page) as session:
        asked = object_of(session, lab)
        tree = session.send("Accessibility.queryAXTree", asked)["nodes"]
        stops = stops_of(session, asked)
    heard = [one for one in tree if not one["ignored"] and one["role"]["value"] not in NO_CONTROLS]
    return [
        control_of(one, said)
        for one, said in ((one, properties_of(one)) for one in heard)
        if said.get("focusable")
        and (one["role"]["value"] == "tab" or one["backendDOMNodeId"] in stops)
    ]


def object_of(session, lab):
    """Return how the developer tools are asked for a lab."""
    lab.evaluate("lab => { window.hptAsked = lab; }")
    found = session.send("Runtime.evaluate", {"expression": "window.hptAsked"})["result"]
    return {"objectId": found["objectId"]}


def stops_of(session, asked):
    """Return the ids of the elements that Tab comes to.

    All elements are asked for in one go: a question for each of them would be dear.
    """
    function = {"functionDeclaration": STOPS, "returnByValue": True}
    for _ in range(N_TRIES):
        told = session.send("Runtime.callFunctionOn", {**asked, **function})["result"]["value"]
        root = session.send("DOM.describeNode", {**asked, "depth": -1})["node"]
        _, *below = elements_of(root)
        # A chart that was drawn anew in between has other elements.
        if [one["localName"] for one in below] == [name for name, _ in told]:
            stops = zip(below, told, strict=True)
            return {one["backendNodeId"] for one, (_, is_stop) in stops if is_stop}
    raise AssertionError("the lab's elements never stood still")


def elements_of(node):
    """Return a node and the elements below it, in the order of the page."""
    found = [node]
    for child in node.get("children", []):
        if child["nodeType"] == 1:
            found += elements_of(child)
    return found


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
