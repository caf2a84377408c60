"""What a key can be pressed on in a lab, and where Tab leads."""

from dataclasses import dataclass

# What a key can be pressed on, in the order in which it stands in the page.
CONTROLS = """lab => {
    const kinds = 'a[href], button, input, select, textarea, summary, [contenteditable=true],'
        + '[tabindex]';
    return [...lab.querySelectorAll(kinds)].filter(one => !one.disabled
        && (one.tabIndex >= 0 || one.isContentEditable) && one.getClientRects().length
        && one.checkVisibility({visibilityProperty: true}));
}"""
# How an element differs from its surroundings; a caret does not show where the focus is.
LOOKS = """one => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle === 'none' ? '' : style.outline;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join(' | ');
}"""
DESCRIBE = """one => [one.tagName, one.className, one.innerText || one.value || ''].join(' ')"""
CONTROL = f"""one => ({{
    words: ({DESCRIBE})(one), looks: ({LOOKS})(one), box: one.getBoundingClientRect().toJSON(),
}})"""
FOCUS = "before => document.activeElement !== before && document.activeElement"


@dataclass(frozen=True)
class Control:
    """Something that a key can be pressed on, as it was when it was looked at.

    Attributes
    ----------
    words : str
        What it is, and what it says.
    looks : str
        How it differs from its surroundings.
    box : dict
        Where it is in the window, as its ``getBoundingClientRect()`` says.
    """

    words: str
    looks: str
    box: dict


def tab_through(lab):
    """Press Tab from the first control of a lab to the last one.

    Returns
    -------
    resting, focused : list of Control
        The controls in the order of the page, none of them with the focus, and what had the focus
        at each step.
    """
    page = lab.page
    page.evaluate("document.activeElement.blur()")
    controls = lab.evaluate_handle(CONTROLS)
    resting = [Control(**one) for one in controls.evaluate(f"all => all.map({CONTROL})")]
    controls.evaluate("all => all[0].focus()")
    focus = page.evaluate_handle("document.activeElement")
    focused = [Control(**focus.evaluate(CONTROL))]
    for _ in resting[1:]:
        page.keyboard.press("Tab")
        focus = page.wait_for_function(FOCUS, arg=focus)
        focused.append(Control(**focus.evaluate(CONTROL)))
    return resting, focused
