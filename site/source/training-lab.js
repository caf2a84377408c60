// The training lab: sliders that retrain a network while you watch.

import { addressHere, readAddress, showAddress, writeAddress } from "./address.js";
import { changedWords } from "./changes.js";
import { Control, NumberControl } from "./controls.js";
import { makeCopyButton } from "./copying.js";
import { DigitPad } from "./digit-pad.js";
import { facts } from "./facts.js";
import { formatted, general } from "./format.js";
import { commonest } from "./mistakes.js";
import { keepForOffline } from "./offline.js";
import { notify, tellProblems } from "./page.js";
import { makeTabs } from "./tabs.js";
import { joined, labelled, language, listed, readTexts, text } from "./texts.js";
import { RunCurves, TrainingCharts } from "./training-charts.js";
import {
  DEFAULTS,
  RANGES,
  SETTINGS,
  describe,
  differences,
  kerasProgram,
  workbookLines,
} from "./training-settings.js";

const GHOSTS = facts.colors.palette.length - 1;
const ROWS_SHOWN = 50;

readTexts();
const find = (id) => document.getElementById(id);

/** State and view of the lab. What trains is on another thread. */
class TrainingLab {
  #worker = new Worker(new URL("training-worker.js", import.meta.url), { type: "module" });
  #charts = new TrainingCharts(find("loss-chart"), find("accuracy-chart"));
  #values = { ...DEFAULTS };
  #controls = {};
  #digits = { train: 0, validation: 0 };
  #runs = []; // what is in the charts, the present one last
  #number = 0;
  #rows = []; // of the table, the newest last
  #state = "loading"; // ready, training, paused, ended, failed
  #hasNetwork = false;
  #isUntouched = false; // the lab has begun on its own, and the reader has done nothing yet

  constructor() {
    this.#makeControls();
    this.#pad = new DigitPad(find("draw"), (picture, number) =>
      this.#worker.postMessage({ kind: "read", picture, number }),
    );
    makeTabs(find("tabs"));
    makeCopyButton(find("copy-lines"), find("copy-answer"), () => find("lines").textContent, find("lines"));
    makeCopyButton(find("copy-link"), find("copy-answer"), addressHere);
    this.#readAddress();
    addEventListener("hashchange", () => this.#readAddress(true));
    this.#worker.addEventListener("message", ({ data }) => this.#answers[data.kind](data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(event.message ?? "");
    });
    const here = import.meta.url;
    this.#worker.postMessage({
      kind: "load",
      kernel: new URL("kernel.wasm", here).href,
      data: new URL("../data/", here).href,
    });
  }

  #pad;

  // -- settings ----------------------------------------------------------------------------------

  #makeControls() {
    for (const element of document.querySelectorAll("[data-setting]")) {
      const name = element.dataset.setting;
      const changed = (value) => this.set({ [name]: value });
      this.#controls[name] = RANGES[name]
        ? new NumberControl(element, { allowed: RANGES[name], slider: facts.sliders[name] }, changed)
        : new Control(element, SETTINGS[name], changed);
    }
    const buttons = { start: "start", pause: "togglePause", step: "step", stop: "stop", reset: "reset" };
    for (const [id, method] of Object.entries(buttons)) {
      find(id).addEventListener("click", () => {
        this.#isUntouched = false;
        this[method]();
      });
    }
  }

  #readAddress(again = false) {
    const { found, problems } = readAddress(location.hash, SETTINGS);
    tellProblems(problems);
    const values = { ...DEFAULTS, ...found };
    const isNew = Object.keys(differences(values, this.#values)).length > 0;
    this.#values = values;
    this.#showSettings();
    if (again && isNew) this.start();
  }

  #showSettings() {
    Object.entries(this.#controls).forEach(([name, control]) => control.show(this.#values[name]));
    this.#showPlaces();
  }

  /** Show the settings where they are written: the address, the lines of Python. */
  #showPlaces() {
    showAddress(writeAddress(this.#values, DEFAULTS, SETTINGS));
    find("lines").textContent = workbookLines(this.#values);
    find("program").textContent = kerasProgram(this.#values);
  }

  /** Change settings: the running training goes on with them if it may, else one begins anew. */
  set(changes) {
    this.#isUntouched = false;
    Object.assign(this.#values, changes);
    const mayChange = Object.keys(changes).every((name) => facts.changeable.includes(name));
    const isUnderWay = this.#state === "training" || this.#state === "paused";
    if (find("apply").checked && mayChange && isUnderWay) {
      this.#worker.postMessage({ kind: "change", changes });
    } else {
      this.start();
    }
    this.#showPlaces();
  }

  // -- what a reader asks for --------------------------------------------------------------------

  start(onlyStep = false) {
    this.#isUntouched = false;
    if (!this.#digits.train) {
      return; // it begins on its own when the first digits are here
    }
    if (this.#state === "training" || this.#state === "paused") this.#keepRow("superseded");
    this.#number += 1;
    const { training_size: size, ...hp } = this.#values;
    this.#worker.postMessage({ kind: "start", hp, size, number: this.#number, onlyStep });
    this.#addRun();
    this.#hasNetwork = true;
    this.#setState(onlyStep ? "paused" : "training");
  }

  #addRun() {
    const last = this.#runs.at(-1);
    // What was cut short before it was measured is nothing to compare with.
    if (last && !last.measured.length) this.#runs.pop();
    const kept = this.#runs.slice(-GHOSTS);
    const taken = new Set(kept.map((run) => run.color));
    const color = facts.colors.palette.find((one) => !taken.has(one));
    const values = { ...this.#values, training_size: this.#size };
    const run = new RunCurves(this.#number, color, values, values.epochs * this.#size);
    this.#runs = [...kept, run];
    this.#showLegend();
  }

  get #size() {
    return Math.min(this.#values.training_size, this.#digits.train);
  }

  togglePause() {
    if (this.#state === "training") {
      this.#worker.postMessage({ kind: "pause" });
      this.#setState("paused");
    } else if (this.#state === "paused") {
      this.#worker.postMessage({ kind: "resume" });
      this.#setState("training");
    }
  }

  step() {
    if (this.#state === "training" || this.#state === "paused") {
      this.#worker.postMessage({ kind: "step" });
      this.#setState("paused");
    } else {
      this.start(true);
    }
  }

  stop() {
    this.#worker.postMessage({ kind: "stop" });
  }

  reset() {
    if (this.#state === "training" || this.#state === "paused") this.stop();
    // The end of a run that is gone is told to nobody.
    if (this.#digits.train) this.#setState("ready");
    this.#values = { ...DEFAULTS };
    this.#runs = [];
    this.#showSettings();
    this.#showLegend();
    this.#charts.show([]);
    find("loss-chart").setAttribute("aria-label", text("page.loss_chart"));
    find("progress").textContent = text("training_lab.no_progress");
    find("bar").value = 0;
    find("run-digits").textContent = "";
    this.#forgetNetwork();
  }

  /** What belongs to no curve any more is not shown as if it did. */
  #forgetNetwork() {
    this.#hasNetwork = false;
    this.#pad.canRead = false;
    if (this.#pad.isWaiting) this.#pad.ask();
    find("mistakes-words").textContent = text("training_lab.no_mistakes_yet");
    find("misread").replaceChildren();
  }

  // -- what the other thread answers -------------------------------------------------------------

  #answers = {
    digits: (digits) => this.#tookDigits(digits),
    began: ({ counts }) => this.#showCounts(counts),
    progress: (progress) => this.#progressed(progress),
    ended: (end) => this.#ended(end),
    reading: ({ probabilities, number }) => this.#pad.show(probabilities, number),
    failed: ({ reason }) => this.#fail(reason),
    "no-kernel": ({ reason }) => this.#missKernel(reason),
    "data-problem": (problem) => this.#missDigits(problem),
  };

  #tookDigits({ train, validation }) {
    const isFirst = !this.#digits.train;
    this.#digits = { train, validation };
    const all = facts.digits.train;
    const key = train < all ? "page.digits_loaded" : "page.all_digits";
    find("digits").textContent = text(key, { train, all });
    if (isFirst) {
      performance.mark("ready");
      this.#setState("ready");
      this.start();
      this.#isUntouched = true;
    } else if (train === all) {
      performance.mark("all-digits");
      this.#keep();
      this.#trainOnAll();
    }
  }

  async #keep() {
    const files = facts.packs.map(({ file, integrity }) => ({
      address: new URL(`../data/${file}`, import.meta.url).href,
      integrity,
    }));
    if (await keepForOffline(files)) {
      find("digits").textContent = joined([find("digits").textContent, text("page.kept")]);
    }
  }

  /** Show what more digits do, unless the reader is at work already. */
  #trainOnAll() {
    if (this.#isUntouched && this.#state === "ended") this.start();
  }

  #showCounts({ train, validation }) {
    const wanted = Math.min(this.#values.training_size, facts.digits.train);
    const words = [text("page.run_digits", { train, validation })];
    if (train < wanted) words.push(text("page.fewer_digits", { train }));
    find("run-digits").textContent = joined(words);
  }

  #progressed(progress) {
    const run = this.#runs.at(-1);
    if (!run || progress.run !== run.number) return;
    run.total = progress.total;
    run.ended = progress.ended;
    this.#noteChanges(run, progress.changes);
    if (progress.point) {
      run.points.push(progress.point);
      run.head = null;
    } else if (Number.isFinite(progress.trainingLoss)) {
      const { samples, trainingLoss } = progress;
      run.head = { samples, trainingLoss };
    }
    const isFirst = !run.isDrawn && run.losses.length > 0;
    if (isFirst) run.isDrawn = true;
    this.#charts.show(this.#runs, isFirst ? () => performance.mark("first-point") : undefined);
    this.#showProgress(progress);
    if (this.#pad.isWaiting) this.#pad.ask();
  }

  /** Keep what was changed in mid-run; the legend says it as soon as it is so. */
  #noteChanges(run, changes) {
    const isNew = changes.length !== run.changes.length;
    run.changes = changes;
    if (isNew) this.#showLegend();
  }

  #showProgress({ samples: seen, total, seconds, ended }) {
    const speed = seconds > 0 ? seen / seconds : 0;
    let left = speed ? (total - seen) / speed : 0;
    let key = "training_lab.progress";
    if (ended) key = "training_lab.progress_done";
    else if (left >= facts.minutes_from) {
      key = "training_lab.progress_minutes";
      left /= 60;
    }
    find("progress").textContent = text(key, { seen, total, speed, left });
    find("bar").value = total ? seen / total : 0;
  }

  #ended(end) {
    const run = this.#runs.at(-1);
    if (!run || end.run !== run.number) return;
    run.points = end.points;
    run.head = null;
    this.#noteChanges(run, end.changes);
    run.seconds = end.seconds;
    this.#charts.show(this.#runs);
    this.#keepRow(end.ended);
    this.#showMistakes(run.number, end.mistakes);
    find("loss-chart").setAttribute("aria-label", labelled(text("page.loss_chart"), summary(run)));
    Object.assign(find("lab").dataset, {
      seconds: end.seconds,
      accuracy: run.measured.at(-1)?.validationAccuracy ?? Number.NaN,
    });
    this.#setState("ended", ...outcome(end));
    // A change that came behind the last step has changed nothing: it begins a training of its own.
    if (this.#isWaitingFor(end.current)) this.start();
    else if (this.#digits.train === facts.digits.train) this.#trainOnAll();
    performance.mark("run-ended");
  }

  /** Whether a setting that may be changed in mid-run is another than the run ended with. */
  #isWaitingFor(current) {
    return facts.changeable.some((name) => this.#values[name] !== current[name]);
  }

  #missKernel(reason) {
    // Some browsers can be set to have no WebAssembly at all.
    const hasSimd = globalThis.WebAssembly?.validate(SIMD_MODULE);
    const words = hasSimd ? text("page.no_kernel", { reason }) : text("page.no_simd");
    notify(words);
    this.#setState("failed", words);
  }

  #missDigits({ file, reason, altered, train }) {
    notify(text(altered ? "page.data_altered" : "page.data_missing", { file, reason, train }));
    if (!train) this.#setState("failed", text("page.nothing_to_train_on"));
  }

  #fail(reason) {
    this.#hasNetwork = false;
    this.#setState("failed", text("training_lab.failed", { error: reason }));
  }

  // -- showing -----------------------------------------------------------------------------------

  #setState(state, words, advice = "") {
    this.#state = state;
    const isUnderWay = state === "training" || state === "paused";
    const said = {
      ready: () => text("training_lab.ready"),
      training: () => text("training_lab.is_training"),
      paused: () => text("training_lab.is_paused"),
    };
    this.#showStatus(words ?? said[state](), advice);
    find("lab").dataset.state = state;
    find("pause").disabled = !isUnderWay;
    find("stop").disabled = !isUnderWay;
    const canTrain = this.#digits.train > 0;
    find("start").disabled = !canTrain;
    find("step").disabled = !canTrain;
    const pauseWords = text(`training_lab.${state === "paused" ? "resume" : "pause"}`);
    find("pause").querySelector("span").textContent = pauseWords;
    find("pause").dataset.icon = state === "paused" ? "play" : "pause";
    this.#pad.canRead = this.#hasNetwork;
  }

  /** Say how it stands; advice is longer, and said in smaller letters. */
  #showStatus(words, advice) {
    const aside = document.createElement("span");
    aside.className = "advice";
    aside.textContent = advice;
    const space = language() === "zh" ? "" : " ";
    find("status").replaceChildren(words, ...(advice ? [space, aside] : []));
  }

  #showLegend() {
    const present = this.#runs.at(-1);
    const items = [...this.#runs].reverse().map((run) => {
      const item = document.createElement("li");
      const swatch = document.createElement("i");
      swatch.style.background = run.color;
      const other = differences(run.values, { ...DEFAULTS, training_size: run.values.training_size });
      const words =
        run === present
          ? text("training_lab.this_run", { settings: describe({ ...mainOf(run.values), ...other }) })
          : text("training_lab.earlier_run", { difference: differenceWords(run.values, present.values) });
      const midway = run.mergedChanges.map(({ samples, values }) => changeWords(samples, changedWords(values)));
      item.append(swatch, enumerated([words, ...midway]));
      return item;
    });
    find("legend").replaceChildren(...items);
  }

  #keepRow(ended) {
    const run = this.#runs.at(-1);
    if (!run) return;
    const measured = run.measured.map((point) => point.validationAccuracy);
    if (ended === "superseded" && !measured.length) return; // it came to nothing
    this.#rows.push({
      number: run.number,
      values: run.values,
      changes: run.changes,
      best: measured.length ? Math.max(...measured) : null,
      loss: run.measured.at(-1)?.validationLoss ?? null,
      seconds: run.seconds ?? run.points.at(-1)?.seconds ?? 0,
      // Its mistakes may not have been looked for when a newer wish came, yet it had ended.
      ended: run.ended ?? ended,
    });
    this.#showRows();
  }

  #showRows() {
    const rows = [...this.#rows].reverse().slice(0, ROWS_SHOWN);
    const best = Math.max(...this.#rows.map((row) => row.best ?? 0));
    const elements = rows.map((row) => {
      const line = document.createElement("tr");
      const cells = [
        String(row.number),
        settingWords(row),
        row.best === null ? "–" : formatted(row.best, ".2%"),
        Number.isFinite(row.loss) ? general(row.loss, 3) : "–",
        row.seconds.toFixed(1),
        text(`training_lab.ended_${row.ended}`),
      ];
      cells.forEach((words, i) => {
        const cell = document.createElement(i ? "td" : "th");
        if (!i) cell.scope = "row";
        cell.textContent = words;
        line.append(cell);
      });
      if (row.best !== null && row.best === best) line.classList.add("best");
      return line;
    });
    find("no-runs").hidden = true;
    find("runs-table").hidden = false;
    find("rows").replaceChildren(...elements);
  }

  /** While another one trains, these are still of the run before: its number is said. */
  #showMistakes(number, { total, wrong, worst, confusion }) {
    const pairs = commonest(confusion).map((pair) => text("training_lab.misread_pair", pair));
    const words = wrong
      ? text("training_lab.misread", { wrong, total, pairs: listed(pairs) })
      : text("training_lab.none_misread", { total });
    find("mistakes-words").textContent = text("page.mistakes_of", { number, words });
    find("misread").replaceChildren(
      ...worst.map(({ pixels, true: truth, predicted, confidence }) => {
        const figure = document.createElement("figure");
        const caption = document.createElement("figcaption");
        const share = formatted(confidence, ".0%");
        caption.textContent = `${truth} → ${predicted}  ${share}`;
        figure.append(picture(pixels, text("page.misread_picture", { true: truth, predicted, share })), caption);
        return figure;
      }),
    );
  }
}

/** Draw a digit of 784 bytes, black on white as the workbook does. */
function picture(pixels, words) {
  const canvas = document.createElement("canvas");
  const side = Math.sqrt(pixels.length);
  canvas.width = side;
  canvas.height = side;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  const context = canvas.getContext("2d");
  const data = context.createImageData(side, side);
  pixels.forEach((value, i) => data.data.set([255 - value, 255 - value, 255 - value, 255], 4 * i));
  context.putImageData(data, 0, 0);
  return canvas;
}

function differenceWords(values, others) {
  const different = differences(values, others);
  return Object.keys(different).length ? describe(different) : text("training_lab.same_settings");
}

function mainOf(values) {
  return Object.fromEntries(facts.main_settings.map((name) => [name, values[name]]));
}

function settingWords({ values, changes }) {
  const set = differences(values, DEFAULTS);
  const words = describe(Object.keys(set).length ? set : mainOf(values));
  return enumerated([words, ...changes.map(([samples, changed]) => changeWords(samples, describe(changed)))]);
}

function changeWords(samples, changes) {
  return text("training_lab.changed_midway", { samples, changes });
}

/** Put in a row what has commas of its own. */
function enumerated(words) {
  return words.join(language() === "zh" ? "；" : "; ");
}

/** Say what the charts show, for whoever does not see them. */
function summary({ points, measured }) {
  const last = points.at(-1);
  const accuracy = measured.at(-1)?.validationAccuracy;
  return text("page.run_summary", {
    samples: last?.samples ?? 0,
    loss: last ? general(last.trainingLoss, 3) : "–",
    accuracy: accuracy === undefined ? text("page.not_measured") : formatted(accuracy, ".1%"),
  });
}

/** Say in words how a run ended and what it reached, and where that is bad what may help. */
function outcome({ ended, points }) {
  const last = points.at(-1);
  if (ended === "diverged") {
    const bound = facts.divergence_bound;
    const guess = Math.log(facts.digits.classes);
    const words = Number.isFinite(last?.trainingLoss)
      ? text("training.diverged_too_large", { bound, guess })
      : text("training.diverged_not_finite");
    return [asSentence(words)];
  }
  const accuracy = points.findLast((point) => point.validationAccuracy !== null)?.validationAccuracy;
  const reason = text(`training_lab.${ended}`);
  if (accuracy === undefined) return [reason];
  const words = text("training_lab.ended", { reason, accuracy });
  const guess = 1 / facts.digits.classes;
  const onlyGuesses = ended === "finished" && accuracy < guess + facts.guessing * (1 - guess);
  return onlyGuesses ? [words, text("training_lab.guesses")] : [words];
}

function asSentence(words) {
  const sentence = words[0].toUpperCase() + words.slice(1);
  if (/[.。!！]$/.test(sentence)) return sentence;
  return sentence + (language() === "zh" ? "。" : ".");
}

// The smallest module with a vector in it: what a browser without SIMD refuses.
const SIMD_MODULE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

new TrainingLab();
