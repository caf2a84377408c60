"""Where the parts of a lab lie on a page: what is cut off, lies on something else or stands out."""

import contextlib

# What a screen of 1280 × 720 leaves of a notebook to the output of a cell.
WIDTH, HEIGHT = 930, 600
# How high a lab is without what lies below its columns.
FRAME_HEIGHT = """lab => lab.querySelector('.hpt-columns').getBoundingClientRect().bottom
    - lab.getBoundingClientRect().top"""
# By how many pixels a lab is too large for that screen.
TOO_LARGE = f"""lab => {{
    const height = ({FRAME_HEIGHT})(lab) - {HEIGHT}, width = lab.scrollWidth - lab.clientWidth;
    return Object.entries({{height, width}}).filter(([, beyond]) => beyond > 0);
}}"""
# Sliders on which a hand can't choose a value.
SHORT_SLIDERS = """lab => [...lab.querySelectorAll('.hpt-controls .slider-container')]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .map(one => [one.closest('.hpt-control').innerText, one.getBoundingClientRect().width])
    .filter(([, width]) => width < 120)"""
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


# bqplot draws a chart anew some time after its size has changed, or as soon as it comes into view
# after that, and then sets the size of this area. A chart that is not known yet counts as drawn.
WATCH_CHARTS = """place => {
    const note = figure => {
        figure.hptDrawnAs = [figure.clientWidth, figure.clientHeight].join(' × ');
    };
    for (const figure of place.querySelectorAll('.bqplot.figure')) {
        if (figure.hptDrawnAs) continue;
        note(figure);
        new MutationObserver(() => note(figure))
            .observe(figure.querySelector('.plotarea_background'), {attributes: true});
        new IntersectionObserver(seen => { figure.hptIsInView = seen.at(-1).isIntersecting; })
            .observe(figure);
    }
}"""
# Which charts are in view is known two frames later.
ARE_DRAWN = """async lab => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    return [...lab.querySelectorAll('.bqplot.figure')].every(figure =>
        !figure.hptDrawnAs || figure.hptIsInView === false
        || figure.hptDrawnAs === [figure.clientWidth, figure.clientHeight].join(' × '));
}"""


@contextlib.contextmanager
def drawn_anew(lab):
    """Let a lab's width change, and wait until its charts are drawn in their new one."""
    lab.evaluate(WATCH_CHARTS)
    yield
    wait_for_charts(lab)


def wait_for_charts(lab):
    """Wait until the charts in view are drawn in the size that they have.

    `WATCH_CHARTS` has been told of them before they changed.
    """
    lab.page.wait_for_function(ARE_DRAWN, arg=lab.element_handle())


def lasting_faults(lab, *looks, tries=20):
    """Return what these looks find at fault and what stays so: a busy machine draws late."""
    found = faults_of(lab, looks)
    while found and tries:
        lab.page.wait_for_timeout(250)
        found, tries = faults_of(lab, looks), tries - 1
    return found


def faults_of(lab, looks):
    return [fault for look in looks for fault in lab.evaluate(look)]
