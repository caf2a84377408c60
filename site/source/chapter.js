// The chapters to read: predictions are kept in this browser, and all chapters can be searched.

import { keepForOffline } from "./offline.js";
import { notify } from "./page.js";
import { readTexts, text } from "./texts.js";

const PREFIX = "hpt-prediction ";
const MOST_FOUND = 30;
const HEADING_REACHED = 200; // pixels below the window's top: what is read stands below it
const AROUND = 70; // characters of a passage before and behind what was found

readTexts();

for (const field of document.querySelectorAll("textarea[data-cell]")) {
  const key = PREFIX + field.dataset.cell;
  try {
    field.value = localStorage.getItem(key) ?? "";
  } catch {
    // Storage is blocked: told as soon as there is something to keep.
  }
  // With each letter: a tab may be closed while the cursor is still in the field.
  field.addEventListener("input", () => {
    try {
      localStorage.setItem(key, field.value);
    } catch {
      notify(text("page.prediction_not_kept"));
    }
  });
}

// Paper can't be unfolded. The choices of a quiz stay folded: what is said of them is the answer.
const unfolded = [...document.querySelectorAll("article details:not(.choice, .folded-contents, [open])")];
for (const [moment, isOpen] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(moment, () => unfolded.forEach((one) => (one.open = isOpen)));
}

// A chapter's heading may be called "search" too.
const field = document.querySelector("input#search");
const index = field && new URL(field.dataset.index, location.href).href;
const pictures = [...document.querySelectorAll("article img")].map((image) => image.src);
const parts = [location.href, ...pictures, ...(index ? [index] : [])];
keepForOffline(parts.map((address) => ({ address })));

// Both editions have the same headings, called differently: the way to the other one keeps the place.
const anchors = document.querySelector("article").dataset.otherAnchors?.split(" ");
if (anchors) {
  const headings = [...document.querySelectorAll("article :is(h1, h2, h3, h4, h5, h6)[id]")];
  for (const link of document.querySelectorAll(".language")) {
    const keepPlace = () => {
      const place = placeAmong(headings);
      link.hash = place > 0 ? anchors[place] : "";
    };
    for (const name of ["pointerdown", "keydown"]) link.addEventListener(name, keepPlace);
  }
}

/** Return which heading stands above what is read; at the page's top, the one that was asked for. */
function placeAmong(headings) {
  if (scrollY < innerHeight / 2) {
    const asked = decodeURIComponent(location.hash.slice(1));
    return headings.findIndex((heading) => heading.id === asked);
  }
  return headings.findLastIndex((heading) => heading.getBoundingClientRect().top < HEADING_REACHED);
}

if (field) {
  document.getElementById("search-form").hidden = false;
  let sections = null;
  field.addEventListener("input", async () => {
    sections ??= fetch(index).then((answer) => answer.json());
    const asked = field.value;
    let known;
    try {
      known = await sections;
    } catch (error) {
      sections = null;
      notify(text("page.search_failed", { reason: error.message }));
      return;
    }
    // A slower answer to an older question must not replace a newer one.
    if (asked === field.value) show(asked, search(known, asked));
  });
}

/** Return the sections that hold all words, those with a word in the title first. */
function search(sections, asked) {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const isTitled = (section) => words.some((word) => section.title.toLowerCase().includes(word));
  return sections
    .filter((section) => {
      const all = `${section.title} ${section.words}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => isTitled(b) - isTitled(a));
}

function show(asked, found) {
  document.getElementById("all").hidden = found !== null;
  document.getElementById("found-words").textContent = found === null ? "" : countWords(found.length);
  const items = (found ?? []).slice(0, MOST_FOUND).map((section) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = section.address;
    link.textContent = `${section.chapter} · ${section.title}`;
    const passage = document.createElement("p");
    passage.textContent = passageOf(section.words, asked);
    item.append(link, passage);
    return item;
  });
  document.getElementById("found").replaceChildren(...items);
}

function countWords(count) {
  if (count > MOST_FOUND) return text("page.first_sections", { count, shown: MOST_FOUND });
  return count === 1 ? text("page.section_found") : text("page.sections_found", { count });
}

function passageOf(words, asked) {
  const [first] = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const place = words.toLowerCase().indexOf(first);
  const begin = Math.max(0, place - AROUND);
  const end = place < 0 ? 2 * AROUND : place + first.length + AROUND;
  return `${begin ? "…" : ""}${words.slice(begin, end).trim()}${end < words.length ? "…" : ""}`;
}
