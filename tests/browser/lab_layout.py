"""Where the parts of a lab lie on a page: what is cut off, lies on something else or stands out."""

# What a screen of 1280 × 720 leaves of a notebook to the output of a cell.
WIDTH, HEIGHT = 930, 600
FRAME = """lab => {
    const box = lab.getBoundingClientRect();
    const columns = lab.querySelector('.hpt-columns').getBoundingClientRect();
    return {height: columns.bottom - box.top, beyond: lab.scrollWidth - lab.clientWidth};
}"""
# Words that are cut off, by their element's edge or by that of a chart, and ticks that touch.
CLIPPED = """lab => {
    const shown = one => one.checkVisibility({visibilityProperty: true}) &&
        one.getClientRects().length &&
        !one.closest('.hpt-below, .hpt-unseen, .mjx-chtml, mjx-container');
    const name = one => [one.tagName, one.className.baseVal ?? one.className,
        (one.textContent || one.value || '').trim().slice(0, 60)].join(' ');
    const found = [];
    for (const one of lab.querySelectorAll('.hpt-columns *')) {
        if (!shown(one) || one instanceof SVGElement) continue;
        if (getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
            found.push(`cut off: ${name(one)}`);
    }
    for (const chart of lab.querySelectorAll('.hpt-columns .hpt-chart')) {
        const edge = chart.getBoundingClientRect();
        const words = [...chart.querySelectorAll('text')].filter(
            one => shown(one) && one.textContent.trim());
        for (const one of words) {
            const box = one.getBoundingClientRect();
            const beyond = Math.max(edge.left - box.left, box.right - edge.right,
                edge.top - box.top, box.bottom - edge.bottom);
            if (beyond > 2) found.push(`beyond its chart: ${name(one)}`);
        }
        for (const axis of chart.querySelectorAll('.axis')) {
            const ticks = [...axis.querySelectorAll('.tick text')].filter(
                one => shown(one) && one.textContent.trim());
            const boxes = ticks.map(one => one.getBoundingClientRect());
            boxes.forEach((a, place) => boxes.slice(place + 1).forEach(b => {
                if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
                    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5)
                    found.push(`ticks touch: ${name(ticks[place])}`);
            }));
        }
    }
    return found;
}"""
# Whatever stands out by more than its own margin of 2 pixels a side is cut off. (The pages of
# the tabs scroll.)
OUTSIDE = """lab => {
    const edge = lab.closest('.jp-OutputArea-output').getBoundingClientRect().right;
    const parts = 'input, button, select, img, svg.bqplot, .hpt-chart, .hpt-status, .hpt-words';
    return [...lab.querySelectorAll(parts)]
        .filter(part => part.getClientRects().length && !part.closest('.widget-tab'))
        .map(part => ['outside', String(part.className.baseVal ?? part.className),
            part.getBoundingClientRect().right - edge])
        .filter(([, , beyond]) => beyond > 4);
}"""
# Leaves of the page that lie on one another: controls, charts and words.
OVERLAPPING = """lab => {
    const kinds = 'input, button, select, .bqplot.figure, .widget-hslider, .widget-html-content,'
        + ' .widget-label';
    const parts = [...lab.querySelectorAll(kinds)].filter(part => {
        const box = part.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && !part.closest('.widget-tab')
            && !part.closest('.hpt-ends')  // they name the curves where these end
            && part.checkVisibility({visibilityProperty: true});
    });
    const found = [];
    parts.forEach((one, place) => parts.slice(place + 1).forEach(other => {
        if (one.contains(other) || other.contains(one)) return;
        const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 3 && high > 3)
            found.push(['overlap', one.className + ' ' + (one.innerText || one.title || ''),
                other.className + ' ' + (other.innerText || other.title || ''), wide, high]);
    }));
    return found;
}"""


def lasting_faults(lab, tries=20):
    """Return what is clipped and stays so: on a busy machine a chart is drawn late."""
    found = lab.evaluate(CLIPPED)
    while found and tries:
        lab.page.wait_for_timeout(250)
        found, tries = lab.evaluate(CLIPPED), tries - 1
    return found
