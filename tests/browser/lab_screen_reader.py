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


@contextlib.contextmanager
def protocol(page):
    """Speak with Chromium's developer tools."""
    session = page.context.new_cdp_session(page)
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


def said_of(lab):
    """Return (role, name, description, value) of all that Tab comes to."""
    with protocol(lab.page) as session:
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
