// The bank explorer: search strategies, replayed thousands of times.

import { addressHere, readAddress, showAddress, writeAddress } from "../address.js";
import { Control, NumberControl } from "../controls.js";
import { makeCopyButton } from "../copying.js";
import { formatted } from "../format.js";
import { keepForOffline } from "../offline.js";
import { notify, tellProblems } from "../page.js";
import { readTexts, text } from "../texts.js";
import { RaceChart, SharesChart } from "./charts.js";
import { facts } from "./facts.js";
import { DEFAULTS, RANGES, SETTINGS, workbookLines } from "./settings.js";
import { nameOf, notes, percent, statusText } from "./words.js";

readTexts();
const find = (id) => document.getElementById(id);

/** State and view of the lab. What replays is on another thread. */
class BankLab {
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  #race = new RaceChart(find("race"));
  #shares = new SharesChart(find("shares"));
  #values = { ...DEFAULTS };
  #controls = {};
  #boxes = new Map();

  constructor() {
    document.querySelectorAll("[data-color]").forEach((swatch) => {
      swatch.style.background = facts.colors[swatch.dataset.color];
    });
    this.#makeControls();
    makeCopyButton(find("copy-lines"), find("copy-answer"), () => find("lines").textContent, find("lines"));
    makeCopyButton(find("copy-link"), find("copy-answer"), addressHere);
    this.#worker.addEventListener("message", ({ data }) => this.#answers[data.kind](data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#miss({ file: "worker.js", reason: event.message ?? "" });
    });
    this.#readAddress();
    addEventListener("hashchange", () => this.#readAddress());
    performance.mark("ready");
    keepForOffline();
  }

  // -- settings ----------------------------------------------------------------------------------

  #makeControls() {
    for (const element of document.querySelectorAll("[data-setting]")) {
      const name = element.dataset.setting;
      const changed = (value) => this.set({ [name]: value });
      this.#controls[name] = RANGES[name]
        ? new NumberControl(element, { allowed: RANGES[name], slider: facts.sliders[name] }, changed)
        : new Control(element, SETTINGS[name], changed);
    }
    for (const box of document.querySelectorAll("[data-strategy]")) {
      this.#boxes.set(box.dataset.strategy, box);
      box.addEventListener("change", () => this.#boxChanged(box));
    }
    find("redraw").addEventListener("click", () => {
      this.set({ seed: (this.#values.seed + 1) % (RANGES.seed.maximum + 1) });
    });
  }

  #boxChanged(box) {
    const strategies = facts.strategies.filter((name) => this.#boxes.get(name).checked);
    if (strategies.length) {
      this.set({ strategies });
      return;
    }
    box.checked = true;
    this.#complain(text("bank_lab.one_stays"));
  }

  #complain(words) {
    find("strategies-message").textContent = words;
    find("strategies-message").hidden = !words;
  }

  #readAddress() {
    const { found, problems } = readAddress(location.hash, SETTINGS);
    tellProblems(problems);
    this.set({ ...DEFAULTS, ...found });
  }

  /** Change settings; everything is replayed that has not been replayed with them. */
  set(changes) {
    Object.assign(this.#values, changes);
    this.#showSettings();
    find("lab").dataset.state = "replaying";
    this.#worker.postMessage(this.#values);
  }

  #showSettings() {
    const values = this.#values;
    Object.entries(this.#controls).forEach(([name, control]) => control.show(values[name]));
    this.#boxes.forEach((box, name) => (box.checked = values.strategies.includes(name)));
    this.#complain("");
    showAddress(writeAddress(values, DEFAULTS, SETTINGS));
    find("lines").textContent = workbookLines(values);
  }

  // -- what the other thread answers -------------------------------------------------------------

  #answers = {
    compared: ({ compared }) => this.#show(compared),
    missing: (problem) => this.#miss(problem),
  };

  #show(compared) {
    find("status").textContent = statusText(compared);
    this.#race.show(compared);
    this.#shares.show(compared);
    this.#showRows(compared);
    const said = [...notes(compared), text("bank_page.own_draws")];
    find("notes").replaceChildren(...said.map((words) => elementOf("p", words)));
    find("lab").dataset.state = "ready";
    performance.mark("replayed");
  }

  #showRows({ found, chances, winner }) {
    const rows = Object.entries(found).sort(([, one], [, other]) => lastOf(other) - lastOf(one));
    const lines = rows.map(([name, { mean, low, high }]) => {
      const line = document.createElement("tr");
      const head = elementOf("th", nameOf(name));
      head.scope = "row";
      const swatch = document.createElement("i");
      swatch.className = "swatch";
      swatch.style.background = facts.colors[name];
      head.prepend(swatch);
      const isThere = Number.isFinite(mean.at(-1));
      const cells = [
        isThere ? percent(mean.at(-1), 2) : "–",
        isThere ? `${formatted(100 * low.at(-1), ".1f")}–${percent(high.at(-1), 1)}` : "–",
        name in chances ? percent(chances[name]) : "–",
      ];
      line.append(head, ...cells.map((words) => elementOf("td", words)));
      line.classList.toggle("winner", name === winner);
      return line;
    });
    find("rows").replaceChildren(...lines);
  }

  #miss({ file, reason }) {
    const words = text("bank_page.missing", { file, reason });
    notify(words);
    find("status").textContent = words;
    find("lab").dataset.state = "failed";
  }
}

const lastOf = ({ mean }) => (Number.isFinite(mean.at(-1)) ? mean.at(-1) : -1);

function elementOf(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}

new BankLab();
