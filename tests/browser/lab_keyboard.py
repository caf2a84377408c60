"""What a key can be pressed on in a lab, and where Tab leads."""

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
FOCUSED = "() => document.activeElement"


def controls_of(lab):
    """Return the elements that a key can be pressed on, in the order of the page."""
    found = lab.evaluate_handle(CONTROLS)
    return [one.as_element() for one in found.get_properties().values()]


def press_tab(page):
    """Press Tab, and return what has the focus then."""
    before = page.evaluate_handle(FOCUSED)
    page.keyboard.press("Tab")
    # Out of the canvas it is the kernel that leads.
    page.wait_for_function("before => document.activeElement !== before", arg=before, timeout=5000)
    return page.evaluate_handle(FOCUSED).as_element()
