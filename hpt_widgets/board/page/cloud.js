// All runs of the class: one hyperparameter against accuracy, coloured by another one.

import { Chart } from "./chart.js";
import { percent, short } from "./numbers.js";
import { bestOnAxis, categoryScale, errorScale, linearScale, logScale } from "./scales.js";
import { counted, nameOf, text } from "./texts.js";

const LAST_STEP = 5;
// The same colours in every lesson for what is coloured most often.
const FIXED_STEPS = { batch_size: [0, 16, 32, 64, 128, 256], dropout_rate: [0, 0.1, 0.2, 0.3, 0.4, 0.5] };
const PULSE_MS = 1400;
const MOST_PULSES = 40;
const LOWEST = 0.05;
// How far beyond what the searches try an axis goes; one odd run must not flatten all others.
const FAR = 100;
// A weight decay of 0 has a place at the edge of its logarithmic axis.
const SMALLEST = 1e-7;

export class Cloud {
  #runs;
  #chart;
  #layer = document.createElement("canvas");
  #drawn = 0;
  #drawnAs = "";
  #pulses = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./runs.js").Runs} runs
   * @param {(place: number | null) => void} onChoose called with the place of a run that was clicked
   */
  constructor(canvas, runs, onChoose) {
    this.#runs = runs;
    this.#chart = new Chart(canvas, () => this.#draw());
    this.xName = this.hueName = null;
    this.chosen = null;
    canvas.addEventListener("click", (event) => onChoose(this.#nearest(event)));
    canvas.addEventListener("pointermove", (event) => this.#tell(this.#nearest(event)));
  }

  /** Which hyperparameters can be laid along the axis. */
  get names() {
    return this.#runs.names;
  }

  /** Lay a hyperparameter along the axis; the colour shows another one. */
  useAxis(name) {
    this.xName = name;
    this.refresh();
  }

  /** Return what the colour shows beside a hyperparameter; null where there is no other one. */
  #hueBeside(name) {
    const others = this.names.filter((other) => other !== name);
    return others.includes("batch_size") ? "batch_size" : (others[0] ?? null);
  }

  /** Show the runs as they are now; those from a place on are new. */
  refresh(newFrom = null) {
    if (!this.names.includes(this.xName)) {
      this.xName = null;
      if (!this.names.length) return;
      this.useAxis(this.names.includes("learning_rate") ? "learning_rate" : this.names[0]);
      return;
    }
    // Another task may share the axis with the one before, and not the colour.
    this.hueName = this.#hueBeside(this.xName);
    if (newFrom !== null) {
      const now = performance.now();
      for (let i = Math.max(newFrom, this.#runs.count - MOST_PULSES); i < this.#runs.count; i += 1) {
        this.#pulses.push({ place: i, born: now });
      }
      this.#pulses = this.#pulses.slice(-MOST_PULSES);
    }
    this.#setScales();
    this.#chart.ask();
  }

  /** Return what the colours mean, as far as they are there: [colour, words] pairs. */
  legend() {
    const hue = this.#hueSteps();
    const values = this.hueName ? this.#runs.values[this.hueName] : [];
    const used = new Set(values.map((value) => this.#stepOf(value, hue)));
    return hue.steps.map((value, i) => [`var(--step-${Math.min(i, LAST_STEP + 1)})`, wordsOf(i, hue)]).filter((_, i) => used.has(i));
  }

  get hasDiverged() {
    return this.#runs.accuracies.includes(null);
  }

  // -- scales ------------------------------------------------------------------------------------

  #setScales() {
    const values = this.#runs.values[this.xName];
    this.#chart.x = this.#scaleOf(this.xName, values);
    const known = this.#runs.accuracies.filter((value) => value !== null && value < 1);
    // Above an axis of 80 to 95 %, where all runs are without an error.
    const above = this.#runs.accuracies.includes(1) ? 0.9 : 0;
    const best = Math.max(0.5, bestOnAxis(this.#runs.accuracies) ?? above);
    const worst = known.reduce((a, b) => Math.min(a, b), 0.9);
    // Steps of the ends keep the axis still while runs come in.
    const high = [0.6, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999].find((end) => 1 - end < 0.9 * (1 - best)) ?? 0.9999;
    const lowest = Math.min(worst - 0.01, high - 0.05);
    const low = [0.9, 0.8, 0.7, 0.5, 0.3, 0.1, 0].find((end) => end <= lowest) ?? 0;
    this.#chart.y = errorScale(Math.max(LOWEST, low), high);
  }

  #scaleOf(name, values) {
    if (values.some((value) => typeof value !== "number")) {
      return categoryScale(distinct(values));
    }
    if (this.#runs.logarithmic.has(name)) {
      const [low, high] = this.#reach(name, values);
      const base = name === "batch_size" ? 2 : 10;
      const end = (value, round, by) => base ** (round(Math.log(value * by) / Math.log(base) * 2) / 2);
      return logScale(end(low, Math.floor, 0.95), end(high, Math.ceil, 1.05), base);
    }
    const [, top] = this.#runs.ranges[name] ?? [0, 0];
    return linearScale(0, Math.max(0.1, Math.ceil(10 * values.reduce((a, b) => Math.max(a, b), top)) / 10));
  }

  /** Return the ends of a logarithmic axis: what the searches try, and runs that are not too far from it. */
  #reach(name, values) {
    const positive = values.filter((value) => value > 0);
    if (!positive.length) return this.#runs.ranges[name] ?? [SMALLEST, 1];
    const low = positive.reduce((a, b) => Math.min(a, b));
    const high = positive.reduce((a, b) => Math.max(a, b));
    const [from, to] = this.#runs.ranges[name] ?? [low, high];
    return [Math.min(from, Math.max(low, from / FAR)), Math.max(to, Math.min(high, to * FAR))];
  }

  #hueSteps() {
    if (FIXED_STEPS[this.hueName]) return { steps: FIXED_STEPS[this.hueName], isRange: true, isUsual: true };
    const values = this.hueName ? this.#runs.values[this.hueName] : [];
    if (values.some((value) => typeof value !== "number")) return { steps: distinct(values), isRange: false };
    // Six steps, as long as one another on a logarithmic scale.
    if (!values.some((value) => value > 0)) return { steps: [0], isRange: false };
    const [low, high] = this.#reach(this.hueName, values);
    const factor = (high / low) ** (1 / (LAST_STEP + 1));
    const between = Array.from({ length: LAST_STEP }, (_, i) => low * factor ** (i + 1));
    return { steps: factor > 1 ? [0, ...between] : [0], isRange: true };
  }

  #stepOf(value, { steps }) {
    if (typeof value !== "number") return steps.findIndex((step) => String(step) === String(value));
    let place = 0;
    steps.forEach((step, i) => {
      if (value >= step) place = i;
    });
    return place;
  }

  // -- painting ----------------------------------------------------------------------------------

  get #radius() {
    const { count } = this.#runs;
    // In steps, so that the dots are drawn anew only now and then.
    const size = [[60, 0.5], [200, 0.42], [600, 0.34], [2000, 0.27], [8000, 0.2]].find(([most]) => count <= most);
    return (size?.[1] ?? 0.15) * this.#chart.letter;
  }

  get #opacity() {
    return this.#runs.count <= 600 ? 0.9 : this.#runs.count <= 2000 ? 0.7 : 0.5;
  }

  #draw() {
    this.#drawDots();
    const { context, canvas } = this.#chart;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#layer, 0, 0);
    context.restore();
    const isMoving = this.#drawPulses();
    this.#drawBest();
    canvas.setAttribute("aria-label", counted("cloud_spoken", this.#runs.count, { x: nameOf(this.xName) }));
    return isMoving;
  }

  /** Draw what is not yet on the layer; all anew where anything but the runs has changed. */
  #drawDots() {
    const chart = this.#chart;
    const { width, height } = chart.canvas;
    const hue = this.#hueSteps();
    const colors = Array.from({ length: LAST_STEP + 2 }, (_, i) => chart.color(`step-${i}`));
    const { left, right, top, bottom } = chart.box;
    const probe = [chart.toY(0.5), chart.toY(0.9), this.xName, chart.x.share(1), chart.x.share(0.01), chart.x.share(chart.x.ticks(100, 1)[0])];
    const drawnAs = [width, height, this.#radius, hue.steps, colors, probe, this.#runs.generation].join("|");
    const layer = this.#layer.getContext("2d");
    if (drawnAs !== this.#drawnAs || this.#drawn > this.#runs.count) {
      [this.#layer.width, this.#layer.height] = [width, height];
      this.#drawnAs = drawnAs;
      this.#drawn = 0;
    }
    layer.setTransform(chart.density, 0, 0, chart.density, 0, 0);
    const ink = chart.color("panel");
    for (; this.#drawn < this.#runs.count; this.#drawn += 1) {
      const [x, y] = this.#placeOf(this.#drawn);
      const value = this.hueName ? this.#runs.values[this.hueName][this.#drawn] : 0;
      const color = colors[Math.min(this.#stepOf(value, hue), LAST_STEP + 1)] ?? colors[LAST_STEP + 1];
      if (x < left - 1 || x > right + 1 || y < top - chart.letter) continue;
      layer.globalAlpha = this.#opacity;
      if (this.#runs.accuracies[this.#drawn] === null) cross(layer, x, y, this.#radius, color);
      else if (this.#isOff(this.#drawn)) arrow(layer, x, y, this.#radius, color, x < (left + right) / 2 ? [-1, 0] : [1, 0]);
      else if (this.#isAbove(this.#drawn)) arrow(layer, x, y - this.#radius, this.#radius, color, [0, -1]);
      else dot(layer, x, y, this.#radius, color, ink);
    }
  }

  /** Where a run lies, in CSS pixels; one that diverged stands on the ground, one above the axis at the top. */
  #placeOf(place) {
    const { left, top, right, bottom } = this.#chart.box;
    const accuracy = this.#runs.accuracies[place];
    let x = Math.min(right, Math.max(left, this.#chart.toX(this.#runs.values[this.xName][place])));
    if (this.#chart.x.isCategory) {
      // Dots side by side: a place that follows from the number, so that it stays.
      const room = (right - left) / this.#chart.x.ticks().length;
      x += (((this.#runs.sequences[place] * 0.618034) % 1) - 0.5) * 0.6 * room;
    }
    if (accuracy === null) return [x, bottom - 1.3 * this.#radius];
    // At the edge the ring around a dot would be cut, or lie on the numbers.
    const lowest = bottom - 0.4 * this.#chart.letter;
    return [x, this.#isAbove(place) ? top + 0.7 * this.#chart.letter : Math.min(lowest, this.#chart.toY(accuracy))];
  }

  /** Whether a run lies beyond the axis, and is marked at its edge. */
  #isOff(place) {
    return this.#chart.x.holds?.(this.#runs.values[this.xName][place]) === false;
  }

  /** Whether a run lies above the axis, as one without an error does, and is marked at the upper edge. */
  #isAbove(place) {
    const accuracy = this.#runs.accuracies[place];
    return accuracy !== null && !this.#chart.y.holds(accuracy);
  }

  /** Say under the pointer what a run was. */
  #tell(place) {
    const { canvas } = this.#chart;
    if (place === null) {
      canvas.title = "";
      return;
    }
    const accuracy = this.#runs.accuracies[place];
    canvas.title = text(this.#isOff(place) ? "outlier" : "dot", {
      x: nameOf(this.xName),
      value: short(this.#runs.values[this.xName][place]),
      accuracy: accuracy === null ? text("diverged") : percent(accuracy),
    });
  }

  #drawPulses() {
    const { context, letter } = this.#chart;
    const now = performance.now();
    this.#pulses = this.#pulses.filter(({ place, born }) => now - born < PULSE_MS && place < this.#runs.count);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    context.strokeStyle = this.#chart.color("ink");
    for (const { place, born } of this.#pulses) {
      const age = still ? 0.4 : (now - born) / PULSE_MS;
      const [x, y] = this.#placeOf(place);
      context.globalAlpha = 1 - age;
      context.lineWidth = 0.15 * letter;
      context.beginPath();
      context.arc(x, y, this.#radius + age * 1.3 * letter, 0, 2 * Math.PI);
      context.stroke();
    }
    context.globalAlpha = 1;
    return this.#pulses.length > 0;
  }

  #drawBest() {
    const { context, letter, box } = this.#chart;
    const place = this.chosen ?? this.#runs.best;
    if (place === null || place >= this.#runs.count) return;
    const accuracy = this.#runs.accuracies[place];
    const [x, y] = this.#placeOf(place);
    context.lineWidth = 0.2 * letter;
    context.strokeStyle = this.#chart.color("ink");
    context.beginPath();
    context.arc(x, y, Math.max(0.6 * letter, this.#radius + 0.2 * letter), 0, 2 * Math.PI);
    context.stroke();
    const isLeft = x > (box.left + box.right) / 2;
    const words = accuracy === null ? text("diverged") : percent(accuracy);
    this.#chart.label(words, x + (isLeft ? -1 : 1) * 0.95 * letter, y, this.#chart.color("ink"), {
      size: 1.3,
      weight: 700,
      align: isLeft ? "right" : "left",
    });
  }

  #nearest(event) {
    const frame = this.#chart.canvas.getBoundingClientRect();
    const [pointerX, pointerY] = [event.clientX - frame.left, event.clientY - frame.top];
    let [nearest, least] = [null, (1.2 * this.#chart.letter) ** 2];
    for (let i = 0; i < this.#runs.count; i += 1) {
      const [x, y] = this.#placeOf(i);
      const distance = (x - pointerX) ** 2 + (y - pointerY) ** 2;
      if (distance < least) [nearest, least] = [i, distance];
    }
    return nearest;
  }
}

function distinct(values) {
  return [...new Map(values.map((value) => [String(value), value])).values()];
}

/** What a colour stands for: a value, usual ones by the lowest alone, or from where on and up to where. */
function wordsOf(i, { steps, isRange, isUsual }) {
  if (!isRange || steps.length === 1) return short(steps[i]);
  if (i === 0) return `< ${short(steps[1])}`;
  if (i === steps.length - 1) return `≥ ${short(steps[i])}`;
  return isUsual ? short(steps[i]) : `${short(steps[i])}–${short(steps[i + 1])}`;
}

function dot(context, x, y, radius, color, outline) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = Math.max(0.5, radius * 0.16);
  context.strokeStyle = outline;
  context.stroke();
}

/** A mark with its tip at the edge, which points to where the run is: [-1, 0] is to the left. */
function arrow(context, x, y, radius, color, [toX, toY]) {
  const [baseX, baseY] = [x - toX * 2 * radius, y - toY * 2 * radius];
  const [acrossX, acrossY] = [toY * 1.3 * radius, toX * 1.3 * radius];
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(baseX - acrossX, baseY - acrossY);
  context.lineTo(baseX + acrossX, baseY + acrossY);
  context.fill();
}

function cross(context, x, y, radius, color) {
  context.strokeStyle = color;
  context.lineWidth = Math.max(1.5, radius * 0.5);
  context.beginPath();
  context.moveTo(x - radius, y - radius);
  context.lineTo(x + radius, y + radius);
  context.moveTo(x + radius, y - radius);
  context.lineTo(x - radius, y + radius);
  context.stroke();
}
