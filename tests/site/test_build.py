"""What is built: which digits, which words, and that nothing is asked of another host."""

import functools
import gzip
import html.parser
import os
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from wcag import contrast

import hpt_widgets as hpt
from tools.run_checks import PROJECT
from tools.site import package
from tools.site.build import LAB_OF, POLICY, serving_command
from tools.site.digits import PACKS

# Names of XML's vocabularies; no browser asks there for anything.
NOTEBOOKS = PROJECT / "notebooks" / "en"
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML")


class Addresses(html.parser.HTMLParser):
    """Collects what a page refers to, and what its policy forbids."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.inline = []
        self.ids = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.found += [values[name] for name in ("href", "src") if name in values]
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        is_script = tag == "script" and "src" not in values
        if tag == "style" or (is_script and values.get("type") != "application/json"):
            self.inline.append(tag)
        if "id" in values:
            self.ids.append(values["id"])


@functools.cache
def read(path):
    """Return what a page names; several tests ask it of all pages."""
    addresses = Addresses()
    addresses.feed(path.read_text(encoding="utf-8"))
    return addresses


def pages(site):
    return sorted(site.rglob("*.html"))


def test_the_packs_hold_the_training_and_validation_digits_and_no_others(site):
    data = hpt.load_mnist()
    pictures = {"train": [], "validation": []}
    labels = {"train": [], "validation": []}
    for number, pack in enumerate(PACKS):
        content = np.frombuffer(
            gzip.decompress((site / "data" / f"digits-{number}.bin").read_bytes()), np.uint8
        )
        counts = {"train": np.diff(pack.train)[0], "validation": np.diff(pack.validation)[0]}
        assert content.size == 785 * sum(counts.values())
        place = 0
        for split, count in counts.items():
            pictures[split].append(content[place : place + 784 * count].reshape(count, 28, 28))
            place += 784 * count
        for split, count in counts.items():
            labels[split].append(content[place : place + count])
            place += count
    for split in pictures:
        expected = data.splits[split]
        found = np.divide(np.concatenate(pictures[split]), np.float32(255), dtype=np.float32)
        assert np.array_equal(found, expected.x)
        assert np.array_equal(np.concatenate(labels[split]), expected.y)
    assert {path.name for path in (site / "data").iterdir()} >= {"digits-0.bin", "digits-4.bin"}


def test_the_page_and_its_first_digits_are_small(site):
    first = [
        site / "en" / "index.html",
        site / "data" / "digits-0.bin",
        # What a folder holds is loaded when its page is opened (`test_bank_page.py`).
        *(path for path in (site / "assets").iterdir() if path.is_file()),
    ]
    assert sum(path.stat().st_size for path in first) < 1_325_000


def test_the_command_that_serves_the_page_names_a_python_that_is_there():
    python, *rest = shlex.split(serving_command())
    assert (PROJECT / python).is_file()
    assert rest == ["-m", "http.server", "--directory", "dist/site", "8000"]


def test_pages_refer_only_to_what_is_there(site):
    is_file = functools.cache(Path.is_file)
    ids = {path: set(read(path).ids) for path in pages(site)}
    for path in pages(site):
        for address in read(path).found:
            target, _, anchor = address.partition("#")
            if target.startswith(("https://", "http://")):
                assert "chapters" in path.parts, (path, address)  # the articles that they cite
                continue
            there = Path(os.path.normpath(path.parent / target)) if target else path
            assert is_file(there), (path, address)
            if anchor and there in ids:
                assert unquote(anchor) in ids[there], (path, address)


def test_only_links_of_the_chapters_lead_elsewhere(site):
    for path in pages(site):
        sources = re.findall(r'<(?!a )[^>]*(?:href|src)="(https?:[^"]*)"', path.read_text("utf-8"))
        assert sources == [], path


def test_nothing_built_names_another_host(site):
    for path in [*site.glob("*"), *(site / "assets").rglob("*"), *site.glob("??/*")]:
        if path.suffix in (".html", ".js", ".css", ".svg"):
            text = path.read_text(encoding="utf-8")
            for name in NAMESPACES:
                text = text.replace(name, "")
            text = re.sub(r"^\s*// .*$", "", text, flags=re.MULTILINE)
            found = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]+", text)
            assert found == [], path


def test_pages_keep_their_own_policy(site):
    for path in pages(site):
        assert read(path).inline == [], path
        assert POLICY.replace("'", "&#39;") in path.read_text(encoding="utf-8"), path
    assert "unsafe" not in POLICY.replace("'wasm-unsafe-eval'", "")


def test_no_page_gives_two_elements_the_same_id(site):
    for path in pages(site):
        ids = read(path).ids
        assert len(ids) == len(set(ids)), path


def test_both_editions_have_the_same_pages(site):
    editions = [
        {path.relative_to(site / language) for path in (site / language).rglob("*.html")}
        for language in package.LANGUAGES
    ]
    assert editions[0] == editions[1]
    chapters = [*NOTEBOOKS.glob("*.ipynb"), NOTEBOOKS / "glossary.md"]
    assert len(editions[0]) == 4 + len(chapters)


@pytest.mark.parametrize("name", ["wrong.unknown", "page.unknown"])
def test_a_text_that_is_not_there_stops_the_build(name):
    from tools.site.build import translated

    with pytest.raises(KeyError):
        translated({"page": {}}, name)


def test_a_chapter_leads_to_a_lab_that_suits_it(site):
    leads_to = {}
    for path in (site / "en" / "chapters").glob("*.html"):
        note = re.search(r'<p class="note">(.*)</p>', path.read_text(encoding="utf-8"))
        lab = note and re.search(r'href="\.\./([\w.]+)"', note[1])
        leads_to[path.stem] = (note is not None, lab[1] if lab else None)
    assert leads_to["glossary"] == (False, None)
    assert leads_to["04-2-backpropagation"] == (True, None)
    assert leads_to["08-your-project"] == (True, None)
    assert leads_to["04-1-gradient-descent"] == (True, "descent.html")
    for name in ("03-3-random-search", "03-4-bayesian-optimization", "07-1-searching"):
        assert leads_to[name] == (True, "bank.html")
    assert set(LAB_OF) <= set(leads_to)


def channels(color):
    return bytes.fromhex(color.removeprefix("#"))


def test_the_ring_around_what_has_the_focus_is_seen_on_every_ground(source):
    style = (source / "source" / "style.css").read_text(encoding="utf-8")
    ring = re.findall(r"--focus(?:-around)?: (#\w{6})", style)
    assert len(ring) == 2
    assert contrast(*map(channels, ring)) > 3
    for name in ("paper", "panel", "field"):
        grounds = re.findall(rf"--{name}: (#\w{{6}})", style)
        assert len(grounds) == 3
        for ground in grounds:
            assert max(contrast(channels(color), channels(ground)) for color in ring) > 3


def test_earlier_curves_are_seen_in_the_dark(source):
    style = (source / "source" / "style.css").read_text(encoding="utf-8")
    light, *dark = re.findall(r"--ghost: ([\d.]+)", style)
    panels = re.findall(r"--panel: (#\w{6})", style)[1:]
    assert len(dark) == len(panels) == 2
    assert float(light) < 1
    for panel, opacity in zip(panels, dark, strict=True):
        for color in package.PALETTE:
            pairs = zip(channels(color), channels(panel), strict=True)
            mixed = bytes(
                round(float(opacity) * one + (1 - float(opacity)) * other) for one, other in pairs
            )
            assert contrast(mixed, channels(panel)) > 3, color
