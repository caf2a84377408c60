// The descent lab: optimisers racing down a surface, with every setting on a slider.

import { addressHere, readAddress, showAddress, writeAddress } from "./address.js";
import { Chart } from "./chart.js";
import { Control, NumberControl } from "./controls.js";
import { makeCopyButton } from "./copying.js";
import { checkStart, defaultsOn, racersOf, SETTINGS, workbookLines } from "./descent-settings.js";
import { descend, heights, lossScene } from "./descent.js";
import { facts } from "./facts.js";
import { general } from "./format.js";
import { keepForOffline } from "./offline.js";
import { notify, tellProblems } from "./page.js";
import { drawMap } from "./surface-map.js";
import { BOWL, getSurface } from "./surfaces.js";
import { readTexts, text } from "./texts.js";
import { describe } from "./verdict.js";

const { colors: COLORS, optimizers: OPTIMIZERS, ranges, sliders } = facts.descent;
const INK = "#202020";
const LONGEST_FRAME = 0.2; // after a pause of the browser the race goes on from where it was
const SECONDS_BETWEEN_WORDS = 0.25; // nobody reads faster
const MOST_DRAWN = 400; // points of a line: a longer walk is thinned
const MOST_FOOTPRINTS = 320; // so many steps are marked by a dot each
const KEY_SHARE = 1 / 50; // of the window: how far an arrow key moves the start
const FIRST_SURFACE = facts.descent.first_surface;
const COMMON = ["condition_number", "steps", "momentum", "gradient_noise"];

readTexts();
const find = (id) => document.getElementById(id);
/** Write a tick of the loss: few digits, and powers of ten where it is very large or small. */
const writePower = (value) =>
  value >= 0.01 && value < 1e4 ? general(value, 4) : value.toExponential(0).replace("+", "");
const nameOf = (optimizer) =>
  text(`descent.${optimizer === "momentum" ? "momentum_optimizer" : optimizer}`);

class DescentLab {
  #values = defaultsOn(FIRST_SURFACE);
  #controls = {};
  #rates = {};
  #boxes = {};
  #surface;
  #paths = [];
  #playhead = 0;
  #playing = null;
  #wordsAt = -Infinity;
  #normals = new Map();
  #maps = new Map();
  #map;
  #losses;

  constructor() {
    this.#map = new Chart(find("map"), { x: {}, y: {} });
    this.#losses = new Chart(find("losses"), {
      x: { label: text("descent_lab.step_axis"), write: (v) => general(v, 4) },
      y: { log: true, write: writePower },
      read: (x) => this.#readLosses(x),
    });
    document.querySelectorAll("[data-color]").forEach((swatch) => {
      swatch.style.background = COLORS[swatch.dataset.color];
    });
    this.#makeControls();
    this.#makeButtons();
    this.#makeStart();
    this.#readAddress();
    addEventListener("hashchange", () => this.#readAddress());
    makeCopyButton(find("copy-lines"), find("copy-answer"), () => find("lines").textContent, find("lines"));
    makeCopyButton(find("copy-link"), find("copy-answer"), addressHere);
    performance.mark("ready");
    keepForOffline();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.play();
  }

  // -- settings ----------------------------------------------------------------------------------

  #makeControls() {
    const element = (name) => document.querySelector(`[data-setting="${name}"]`);
    const change = (name) => (value) => this.set({ [name]: value });
    for (const name of COMMON) {
      const kind = { allowed: ranges[name], slider: sliders[name] };
      this.#controls[name] = new NumberControl(element(name), kind, change(name));
    }
    this.#controls.schedule = new Control(element("schedule"), SETTINGS.schedule, change("schedule"));
    this.#controls.surface = new Control(element("surface"), SETTINGS.surface, (name) => this.#useSurface(name));
    const start = {
      parse: (typed) => checkStart(this.#surface, SETTINGS.start.parse(typed)),
      write: (point) => point.map((x) => general(x, 6)).join(", "),
    };
    this.#controls.start = new Control(element("start"), start, change("start"));
    for (const name of OPTIMIZERS) {
      const kind = { allowed: ranges.learning_rate, slider: sliders.learning_rate };
      const setRate = (rate) => {
        this.#values.rates = { ...this.#values.rates, [name]: rate };
        this.#race(this.#boxesChosen());
      };
      this.#rates[name] = new NumberControl(element(`rate-${name}`), kind, setRate);
      this.#boxes[name] = document.querySelector(`[data-racer="${name}"]`);
      this.#boxes[name].addEventListener("change", () => this.#boxChanged(name));
    }
    find("another-noise").addEventListener("click", () => {
      this.set({ seed: (this.#values.seed + 1) % facts.descent.noise_seeds });
    });
  }

  #boxesChosen() {
    return OPTIMIZERS.filter((name) => this.#boxes[name].checked);
  }

  #boxChanged(name) {
    const chosen = this.#boxesChosen();
    if (chosen.length) {
      this.#race(chosen);
      return;
    }
    this.#boxes[name].checked = true;
    this.#complain(text("descent_lab.one_stays"));
  }

  #complain(words) {
    find("racers-message").textContent = words;
    find("racers-message").hidden = !words;
  }

  #race(names) {
    this.set({ optimizers: racersOf(names, this.#values.rates) });
  }

  /** A new surface brings its own start and rates. */
  #useSurface(name) {
    const { start, rates } = defaultsOn(name);
    const optimizers = racersOf(Object.keys(this.#values.optimizers), rates);
    this.set({ surface: name, start, rates, optimizers });
  }

  #readAddress() {
    const { found, problems } = readAddress(location.hash, SETTINGS);
    const values = { ...defaultsOn(found.surface ?? FIRST_SURFACE), ...found };
    const named = Object.entries(found.optimizers ?? {}).filter(([, rate]) => rate !== null);
    values.rates = { ...values.rates, ...Object.fromEntries(named) };
    values.optimizers = racersOf(Object.keys(values.optimizers), values.rates);
    try {
      checkStart(getSurface(values.surface, values.condition_number), values.start);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(text("page.address_wrong", { problem: error.message }));
      values.start = defaultsOn(values.surface).start;
    }
    tellProblems(problems);
    this.#use(values);
  }

  /** Change settings; the walks and all that is drawn follow at once. */
  set(changes) {
    this.#use({ ...this.#values, ...changes });
  }

  /** Walk with other values; a playhead at the end stays there, and none goes beyond it. */
  #use(values) {
    const wasAtEnd = this.#playhead >= this.#values.steps;
    this.#values = values;
    this.#walk();
    this.#playhead = wasAtEnd ? values.steps : Math.min(this.#playhead, values.steps);
    this.#showAll();
  }

  #walk() {
    const { surface, condition_number: kappa, optimizers, gradient_noise: gradientNoise } = this.#values;
    this.#surface = getSurface(surface, surface === BOWL ? kappa : undefined);
    const normals = gradientNoise > 0 ? this.#normalsOf(this.#values.seed) : null;
    this.#paths = Object.entries(optimizers).map(([name, learningRate]) =>
      descend(this.#surface, name, {
        ...this.#values,
        learningRate,
        gradientNoise: normals ? gradientNoise : 0,
        normals,
      }),
    );
  }

  /** Return the noise of a seed; null while its numbers, which NumPy drew, are on their way. */
  #normalsOf(seed) {
    if (this.#normals.has(seed)) return this.#normals.get(seed);
    this.#normals.set(seed, null);
    const file = `noise-${seed}.bin`;
    fetch(new URL(`../data/${file}`, import.meta.url))
      .then((response) => {
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        return response.arrayBuffer();
      })
      .then((bytes) => {
        this.#normals.set(seed, new Float64Array(bytes));
        this.set({});
      })
      .catch((error) => {
        this.#normals.delete(seed);
        notify(text("page.noise_missing", { file, reason: error.message }));
      });
    return null;
  }

  // -- the start ---------------------------------------------------------------------------------

  #makeStart() {
    const canvas = find("map");
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return; // a second finger moves nothing
      canvas.setPointerCapture(event.pointerId);
      this.#startAt(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.#startAt(event);
    });
    canvas.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!move) return;
      event.preventDefault();
      const { window, dims } = this.#surface;
      this.#moveStart(
        this.#values.start.map((place, axis) => {
          const [low, high] = window[axis];
          const step = (dims === 1 ? move[0] || move[1] : move[axis]) * (high - low) * KEY_SHARE;
          return place + step;
        }),
      );
    });
  }

  #startAt(event) {
    this.#moveStart(this.#map.placeOf(event).slice(0, this.#surface.dims));
  }

  #moveStart(place) {
    const start = place.map((x, axis) => {
      const [low, high] = this.#surface.window[axis];
      const inside = Math.min(Math.max(x, low), high);
      return Number(inside.toPrecision(4));
    });
    this.set({ start });
  }

  // -- playing -----------------------------------------------------------------------------------

  #makeButtons() {
    const goTo = (step) => {
      this.pause();
      this.#playhead = Math.min(Math.max(step, 0), this.#values.steps);
      this.#showStep(true);
    };
    find("to-start").addEventListener("click", () => goTo(0));
    find("back").addEventListener("click", () => goTo(Math.ceil(this.#playhead) - 1));
    find("forward").addEventListener("click", () => goTo(Math.floor(this.#playhead) + 1));
    find("to-end").addEventListener("click", () => goTo(this.#values.steps));
    find("scrub").addEventListener("input", () => goTo(Number(find("scrub").value)));
    find("play").addEventListener("click", () => (this.#playing ? this.pause() : this.play()));
  }

  play() {
    if (this.#playhead >= this.#values.steps) this.#playhead = 0;
    let before = null;
    const frame = (now) => {
      if (!this.#playing) return;
      const seconds = before === null ? 0 : Math.min((now - before) / 1000, LONGEST_FRAME);
      before = now;
      this.#playhead = Math.min(this.#playhead + seconds * Number(find("speed").value), this.#values.steps);
      if (this.#playhead >= this.#values.steps) this.pause();
      else {
        this.#showStep(now / 1000 - this.#wordsAt > SECONDS_BETWEEN_WORDS);
        this.#playing = requestAnimationFrame(frame);
      }
    };
    this.#playing = requestAnimationFrame(frame);
    this.#showPlaying();
  }

  pause() {
    if (this.#playing) cancelAnimationFrame(this.#playing);
    this.#playing = null;
    this.#showPlaying();
    this.#showStep(true);
  }

  #showPlaying() {
    const key = this.#playing ? "pause" : "play";
    find("play").dataset.icon = key;
    find("play").querySelector("span").textContent = text(`descent_lab.${key}`);
  }

  // -- showing -----------------------------------------------------------------------------------

  #showAll() {
    this.#showSettings();
    this.#showGround();
    this.#showLimits();
    this.#prepareLines();
    this.#showStep(true);
  }

  #showSettings() {
    const values = this.#values;
    [...COMMON, "schedule", "surface", "start"].forEach((name) => this.#controls[name].show(values[name]));
    const isBowl = values.surface === BOWL;
    this.#controls.condition_number.element.hidden = !isBowl;
    document.querySelectorAll("[data-formula]").forEach((formula) => {
      formula.hidden = formula.dataset.formula !== values.surface;
    });
    find("kappa").textContent = general(values.condition_number, 6);
    for (const name of OPTIMIZERS) {
      const isRacing = name in values.optimizers;
      this.#boxes[name].checked = isRacing;
      this.#rates[name].show(values.rates[name]);
      this.#rates[name].element.hidden = !isRacing;
    }
    this.#complain("");
    find("another-noise").hidden = !(values.gradient_noise > 0);
    find("hint").textContent = text(`descent_lab.hint_${this.#surface.dims}d`);
    find("scrub").max = values.steps;
    find("lines").textContent = workbookLines(values);
    // A surface goes without saying if it is the first; its own start and rates always do.
    const defaults = { ...defaultsOn(values.surface), surface: FIRST_SURFACE };
    showAddress(writeAddress(values, defaults, SETTINGS));
  }

  #showGround() {
    const [[left, right]] = this.#surface.window;
    const { x, y } = this.#map;
    Object.assign(x, { low: left, high: right, write: (v) => general(v, 4) });
    if (this.#surface.dims === 1) {
      const [bottom, top] = this.#curveLimits();
      Object.assign(x, { label: "θ" });
      Object.assign(y, { low: bottom, high: top, label: "J(θ)", write: (v) => general(v, 4) });
      this.#map.ground = null;
      return;
    }
    const [, [bottom, top]] = this.#surface.window;
    Object.assign(x, { label: "x" });
    Object.assign(y, { low: bottom, high: top, label: "y", write: (v) => general(v, 4) });
    const picture = this.#mapOf(this.#surface);
    this.#map.ground = (context, box) => {
      context.drawImage(picture, box.left, box.top, box.right - box.left, box.bottom - box.top);
    };
  }

  #mapOf(surface) {
    const key = `${surface.name} ${surface.conditionNumber}`;
    if (!this.#maps.has(key)) {
      if (this.#maps.size > 20) this.#maps.clear();
      this.#maps.set(key, drawMap(surface));
    }
    return this.#maps.get(key);
  }

  #curveOf() {
    const [[low, high]] = this.#surface.window;
    const xs = Array.from({ length: 301 }, (_, i) => low + (i / 300) * (high - low));
    return { xs, ys: xs.map((x) => this.#surface.value([x])) };
  }

  #curveLimits() {
    const { ys } = this.#curveOf();
    const [low, high] = [Math.min(...ys), Math.max(...ys)];
    const room = 0.06 * (high - low || 1);
    return [low - room, high + room];
  }

  #showLimits() {
    const { low, high, rows, departures } = lossScene(heights(this.#surface, this.#paths));
    const edges = Object.keys(departures).filter((edge) => departures[edge].length);
    Object.assign(this.#losses.x, { low: 0, high: this.#values.steps, label: stepLabel(edges) });
    const label = text(`descent_lab.${this.#surface.minima.length ? "loss_axis" : "raw_loss_axis"}`);
    Object.assign(this.#losses.y, { low, high, label });
    this.#rows = rows;
    this.#departures = edges.flatMap((edge) =>
      departures[edge].map(({ racer, step }) => ({
        x: step,
        y: edge === "above" ? high : low,
        color: COLORS[this.#paths[racer].optimizer],
        triangle: edge,
      })),
    );
  }

  #rows = [];
  #departures = [];

  #showStep(withWords) {
    this.#showWalks();
    this.#showLosses();
    const step = Math.floor(this.#playhead);
    find("scrub").value = step;
    find("at-step").textContent = text("page.at_step", { step, steps: this.#values.steps });
    if (!withWords) return;
    this.#wordsAt = performance.now() / 1000;
    this.#showVerdicts(step);
  }

  #placeOn(path, step) {
    const point = path.points[step];
    return this.#surface.dims === 1 ? [point[0], path.losses[step]] : point;
  }

  /** Work out, once for all frames, what the walks and their losses look like as a whole. */
  #prepareLines() {
    const marks = this.#paths.length * (this.#values.steps + 1) <= MOST_FOOTPRINTS ? 2 : 0;
    this.#walks = this.#paths.map((path) => {
      const places = path.points.map((_, step) => this.#placeOn(path, step));
      const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
      const faint = { ...thinned(xs, ys), width: 1.3, opacity: 0.45, marks };
      return { xs, ys, faint, color: COLORS[path.optimizer] };
    });
    this.#falls = this.#rows.map((ys, i) => {
      const xs = ys.map((_, step) => step);
      const faint = { ...thinned(xs, ys), width: 1.2, opacity: 0.45 };
      return { xs, ys, faint, color: COLORS[this.#paths[i].optimizer] };
    });
    this.#curve = this.#surface.dims === 1 ? this.#curveOf() : null;
  }

  #walks = [];
  #falls = [];
  #curve = null;

  #showWalks() {
    const map = this.#map;
    const isCurve = this.#surface.dims === 1;
    const trails = trailsOf(this.#walks, this.#playhead, 3);
    map.lines = [
      ...(isCurve ? [{ ...this.#curve, color: "#808080", width: 3 }, ...this.#tangents()] : []),
      ...this.#walks.map(({ faint, color }) => ({ ...faint, color })),
      ...trails,
    ];
    const heads = trails.map(({ xs, ys, color }) => ({ x: xs.at(-1), y: ys.at(-1), color, outline: INK }));
    const minima = isCurve ? [] : this.#surface.minima.map(([x, y]) => ({ x, y, outline: INK, cross: true, radius: 7 }));
    const start = this.#values.start;
    const [x, y] = isCurve ? [start[0], this.#surface.value(start)] : start;
    map.dots = [...minima, { x, y, color: "#ffffff", outline: INK, radius: 8 }, ...heads];
    map.draw();
  }

  /** The exact tangents where the walks stand. */
  #tangents() {
    const [[low, high]] = this.#surface.window;
    const half = (high - low) / 5;
    return this.#paths.map((path) => {
      const here = path.points[Math.floor(this.#playhead)];
      const [loss, [slope]] = [this.#surface.value(here), this.#surface.gradient(here)];
      return {
        xs: [here[0] - half, here[0] + half],
        ys: [loss - half * slope, loss + half * slope],
        color: COLORS[path.optimizer],
        dash: [6, 5],
        width: 1.8,
      };
    });
  }

  #showLosses() {
    const chart = this.#losses;
    const trails = trailsOf(this.#falls, this.#playhead, 2.6);
    const playhead = [this.#playhead, this.#playhead];
    chart.lines = [
      { xs: playhead, ys: [chart.y.low, chart.y.high], color: "#808080", width: 1.5, dash: [5, 5] },
      ...this.#falls.map(({ faint, color }) => ({ ...faint, color })),
      ...trails,
    ];
    const heads = trails.map(({ xs, ys, color }) => ({ x: xs.at(-1), y: ys.at(-1), color, radius: 4.5 }));
    chart.dots = [...this.#departures, ...heads];
    chart.draw();
  }

  #readLosses(x) {
    const step = Math.min(Math.max(Math.round(x), 0), this.#values.steps);
    return [
      text("page.at_step", { step, steps: this.#values.steps }),
      ...this.#paths.map((path) => `${nameOf(path.optimizer)} ${general(path.losses[step], 3)}`),
    ];
  }

  #showVerdicts(step) {
    const items = this.#paths.map((path) => {
      const item = document.createElement("p");
      const swatch = document.createElement("i");
      swatch.className = "swatch";
      swatch.style.background = COLORS[path.optimizer];
      const name = document.createElement("b");
      name.textContent = nameOf(path.optimizer);
      const { state, words } = describe(path, this.#surface, step);
      item.dataset.state = state;
      item.append(swatch, name, ` ${words}`);
      return item;
    });
    find("verdicts").replaceChildren(...items);
  }
}

/** Return the name of the axis of steps, with what the marks at these edges of the chart mean. */
function stepLabel(edges) {
  const marks = edges.map((edge) => facts.descent.edges[edge]).join(" ");
  return marks ? text("descent_lab.step_axis_outside", { marks }) : text("descent_lab.step_axis");
}

/** Keep at most so many of a line's points, the first and the last among them. */
function thinned(xs, ys) {
  if (xs.length <= MOST_DRAWN) return { xs, ys };
  const last = xs.length - 1;
  const kept = Array.from({ length: MOST_DRAWN }, (_, i) => Math.round((i * last) / (MOST_DRAWN - 1)));
  return { xs: kept.map((i) => xs[i]), ys: kept.map((i) => ys[i]) };
}

/** Return the lines up to the playhead, their last points in proportion. */
function trailsOf(lines, playhead, width) {
  const step = Math.floor(playhead);
  const share = playhead - step;
  return lines.map(({ xs, ys, color }) => {
    const cut = thinned(xs.slice(0, step + 1), ys.slice(0, step + 1));
    if (share > 0 && step + 1 < xs.length) {
      cut.xs = [...cut.xs, xs[step] + share * (xs[step + 1] - xs[step])];
      cut.ys = [...cut.ys, ys[step] + share * (ys[step + 1] - ys[step])];
    }
    return { ...cut, color, width };
  });
}

new DescentLab();
