"""The training lab as it stands on a page: what a reader sees of it and can touch."""

import math
import re

from playwright.sync_api import expect

# Of every curve in a chart: where it runs, how thick and whether it is dashed.
CURVES = """chart => [...chart.querySelectorAll('path.line')].map(path => ({
    d: path.getAttribute('d') || '',
    width: parseFloat(getComputedStyle(path).strokeWidth),
    dashed: getComputedStyle(path).strokeDasharray !== 'none',
})).filter(curve => curve.d.includes('L'))"""

# The numbers along the upright axis, the second one: [what is written, how far down].
TICKS = """chart => {
    const ticks = [...chart.querySelectorAll('.axis')][1].querySelectorAll('.tick');
    // D3 moves ticks by half a pixel, for sharper lines.
    const moved = devicePixelRatio > 1 ? 0 : 0.5;
    return [...ticks].map(tick => [tick.querySelector('text').textContent,
        tick.transform.baseVal.consolidate().matrix.f - moved]);
}"""


class TrainingLabView:
    """One training lab on a page.

    Parameters
    ----------
    page : Page
        Playwright's page.
    number : int
        Which lab of the page, from 0.
    within : Locator, optional
        Look for it in this element only.
    """

    def __init__(self, page, number=0, within=None):
        self.page = page
        self.root = (within or page).locator(".hpt-lab").nth(number)
        self.status = self.root.locator(".hpt-status")
        self.legend = self.root.locator(".hpt-legend").first
        # What stands at the ends of the curves of the losses.
        self.ends = self.root.locator(".hpt-ends").first
        self.alert = self.root.get_by_role("alert")
        self.loss_chart = self.root.locator(".hpt-chart").nth(0)

    def field(self, label):
        return self.root.get_by_label(label, exact=True)

    def slider(self, number):
        """Return a slider's handle: 0 learning rate, 1 batch size, 2 dropout rate."""
        return self.root.locator(".noUi-handle").nth(number)

    def button(self, name):
        # By its text: an icon's glyph would be a part of its name.
        text = re.compile(rf"^\s*{name}\s*$")
        return self.root.locator("button:visible").filter(has_text=text)

    def type(self, label, text):
        self.field(label).fill(text)
        self.field(label).press("Enter")

    def open_tab(self, title):
        self.root.get_by_role("tab", name=title).click()

    def rows(self):
        """Return what stands in the table of runs, the newest first."""
        rows = self.root.locator('[style*="display:grid"]')
        words = [row.locator("span").all_inner_texts() for row in rows.all() if row.is_visible()]
        return words[1:]

    def columns(self):
        """Return where each column of the table of runs begins, in its head and in each row."""
        rows = self.root.locator('[style*="display:grid"]').filter(visible=True)
        return [
            [cell.bounding_box()["x"] for cell in row.locator("> span").all()] for row in rows.all()
        ]

    def progress(self):
        """Return how many samples the line of progress says were seen."""
        text = self.root.get_by_text(re.compile(r"samples/s")).inner_text()
        return int(text.split(" of ")[0].replace(",", ""))

    def wait_for_progress(self):
        """Wait until more samples were seen, and return how many."""
        before = self.progress()
        self.page.wait_for_function(
            "([root, before]) => !root.innerText.includes(before)",
            arg=[self.root.element_handle(), f"{before:,} of"],
        )
        return self.progress()

    def curves(self):
        return self.loss_chart.evaluate(CURVES)

    def hints(self):
        """Return all that is said of each run when the mouse is over its label."""
        return self.ends.locator("[title]").evaluate_all("all => all.map(label => label.title)")

    def present_curve(self):
        """Return the path of the present run's training loss: the thickest, undashed curve."""
        drawn = [curve for curve in self.curves() if not curve["dashed"]]
        return max(drawn, key=lambda curve: curve["width"])["d"] if drawn else ""

    def drawn_losses(self):
        """Read the present run's losses off the axis of the chart, linear or logarithmic."""
        is_log = "log scale" in self.loss_chart.text_content()
        scale, inverse = (math.log, math.exp) if is_log else (float, float)
        ticks = [(float(text), down) for text, down in self.loss_chart.evaluate(TICKS) if text]
        (low, low_down), (high, high_down) = min(ticks), max(ticks)
        slope = (scale(high) - scale(low)) / (high_down - low_down)
        path = re.findall(r"[ML]([-\d.e]+),([-\d.e]+)", self.present_curve())
        return [inverse(scale(low) + slope * (float(down) - low_down)) for _, down in path]

    def wait_for_end(self, words="Finished"):
        expect(self.status).to_contain_text(words)

    def wait_for_new_curve(self, before):
        """Wait until the present run's curve is another one, and return it."""
        self.page.wait_for_function(
            """([chart, before, read]) => {
                const drawn = eval(read)(chart).filter(curve => !curve.dashed);
                drawn.sort((one, other) => other.width - one.width);
                return drawn.length && drawn[0].d !== before;
            }""",
            arg=[self.loss_chart.element_handle(), before, CURVES],
        )
        return self.present_curve()

    def drag(self, number, shares):
        """Drag a slider's handle with the mouse to these shares of its length, and let go."""
        handle = self.slider(number).bounding_box()
        track = self.root.locator(".noUi-base").nth(number).bounding_box()
        height = handle["y"] + handle["height"] / 2
        self.page.mouse.move(handle["x"] + handle["width"] / 2, height)
        self.page.mouse.down()
        for share in shares:
            self.page.mouse.move(track["x"] + share * track["width"], height, steps=3)
        self.page.mouse.up()
