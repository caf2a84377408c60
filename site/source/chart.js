// One chart for all: lines on two axes, drawn on a canvas, with a reading where the mouse is, where
// a finger has tapped, or where the arrow keys have led.

import { listed, text } from "./texts.js";

const FONT = '12px system-ui, "Noto Sans CJK SC", sans-serif';
const TICK_SPACING = { x: 84, y: 30 };
const BAND_OPACITY = 0.16;
const KEY_STEP = 0.02;
// Chinese signs reach above the line from which "top" measures.
const LABEL_EDGE = 3;
// Beyond this share of the axis a mark's words stand before it; they have so many rows.
const MARK_TURN = 0.55;
const MARK_ROWS = 4;
const MARK_ROW = 16;

/** What an axis shows: its limits, whether it is logarithmic, its name and how it writes numbers. */
const AXIS = { low: 0, high: 1, log: false, label: "", write: String };

/** Return round numbers between two limits, about `count` of them. */
export function roundTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((size) => size >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

// What stands between two powers of ten, from the sparsest to the densest.
const FACTORS = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5], [1, 1.5, 2, 3, 4, 5, 7], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]];

/** Return ticks of a logarithmic axis: as many as fit, powers of ten first. */
export function logTicks(low, high, count) {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const powers = Array.from({ length: last - first + 1 }, (_, i) => last - i);
  const ticks = (exponents, factors) =>
    exponents
      .flatMap((power) => factors.map((factor) => factor * 10 ** power))
      .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
      .sort((a, b) => a - b);
  const fitting = FACTORS.map((factors) => ticks(powers, factors)).filter((some) => some.length <= count);
  if (fitting.length) return fitting.at(-1);
  const stride = Math.ceil(powers.length / count);
  return ticks(powers.filter((_, i) => i % stride === 0), [1]);
}

/** A canvas with axes. Drawing is asked for as often as one likes, and done once a frame. */
export class Chart {
  #canvas;
  #context;
  #asked = false;
  #pointer = null;
  #spoken = null;
  #size = { width: 0, height: 0 };
  #onDrawn = [];

  /**
   * @param {HTMLCanvasElement} canvas its size on the screen is the style sheet's
   * @param {object} options
   * @param {object} options.x @param {object} options.y see AXIS
   * @param {(x: number, y: number) => string[]} [options.read] lines of text for the pointer's place
   */
  constructor(canvas, { x, y, read }) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.x = { ...AXIS, ...x };
    this.y = { ...AXIS, ...y };
    this.read = read;
    this.bands = [];
    this.lines = [];
    this.dots = [];
    this.marks = [];
    this.ground = null;
    new ResizeObserver(() => this.draw()).observe(canvas);
    if (read) this.#makeReadable();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    document.addEventListener("themechange", () => this.draw());
  }

  get canvas() {
    return this.#canvas;
  }

  /** Ask for the chart to be drawn with the next frame; `then` is called when it has been. */
  draw(then) {
    if (then) this.#onDrawn.push(then);
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#paint();
      this.#onDrawn.splice(0).forEach((call) => call());
    });
  }

  // -- places ------------------------------------------------------------------------------------

  /** Where the plot lies inside the canvas, in CSS pixels. */
  get box() {
    const { width, height } = this.#size;
    return { left: 60, top: 10, right: width - 22, bottom: height - 36 };
  }

  toScreen(x, y) {
    const { left, right, top, bottom } = this.box;
    return [
      left + share(this.x, x) * (right - left),
      bottom - share(this.y, y) * (bottom - top),
    ];
  }

  toData(screenX, screenY) {
    const { left, right, top, bottom } = this.box;
    return [
      valueAt(this.x, (screenX - left) / (right - left)),
      valueAt(this.y, (bottom - screenY) / (bottom - top)),
    ];
  }

  /** Return where an event is, in the data's own numbers. */
  placeOf(event) {
    const frame = this.#canvas.getBoundingClientRect();
    return this.toData(event.clientX - frame.left, event.clientY - frame.top);
  }

  // -- painting ----------------------------------------------------------------------------------

  #paint() {
    const canvas = this.#canvas;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    const density = devicePixelRatio || 1;
    const [w, h] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    this.#size = { width, height };
    const style = getComputedStyle(canvas);
    this.ink = style.getPropertyValue("--ink");
    this.faint = style.getPropertyValue("--chart-line");
    this.ghost = Number(style.getPropertyValue("--ghost"));
    this.paper = style.getPropertyValue("--panel");
    const context = this.#context;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = FONT;
    this.#paintAxes();
    context.save();
    const { left, top, right, bottom } = this.box;
    context.beginPath();
    context.rect(left - 4, top - 4, right - left + 8, bottom - top + 8);
    context.clip();
    this.ground?.(context, this.box);
    if (this.ground) this.#paintGrid(this.faint);
    this.bands.forEach((band) => this.#paintBand(band));
    this.lines.forEach((line) => this.#paintLine(line));
    this.marks.forEach((mark, number) => this.#paintMark(mark, number));
    context.restore();
    // A dot at an edge is drawn whole, and one beyond it not at all.
    this.dots.filter((dot) => this.#isInside(dot)).forEach((dot) => this.#paintDot(dot));
    this.#paintReading();
  }

  #ticks(name) {
    const axis = this[name];
    const { left, top, right, bottom } = this.box;
    const room = name === "x" ? right - left : bottom - top;
    const count = Math.max(2, Math.round(room / TICK_SPACING[name]));
    return (axis.log ? logTicks : roundTicks)(axis.low, axis.high, count);
  }

  #paintGrid(color) {
    const context = this.#context;
    const { left, top, right, bottom } = this.box;
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.beginPath();
    this.#ticks("x").forEach((tick) => {
      const [x] = this.toScreen(tick, this.y.low);
      context.moveTo(Math.round(x) + 0.5, top);
      context.lineTo(Math.round(x) + 0.5, bottom);
    });
    this.#ticks("y").forEach((tick) => {
      const [, y] = this.toScreen(this.x.low, tick);
      context.moveTo(left, Math.round(y) + 0.5);
      context.lineTo(right, Math.round(y) + 0.5);
    });
    context.globalAlpha = this.ground ? 0.25 : 1;
    context.stroke();
    context.globalAlpha = 1;
  }

  #paintAxes() {
    const context = this.#context;
    const { left, top, right, bottom } = this.box;
    if (!this.ground) this.#paintGrid(this.faint);
    context.fillStyle = this.ink;
    context.globalAlpha = 0.8;
    context.textAlign = "center";
    context.textBaseline = "top";
    this.#ticks("x").forEach((tick) => {
      this.#writeInside(this.x.write(tick), this.toScreen(tick, this.y.low)[0], bottom + 5);
    });
    context.textAlign = "right";
    context.textBaseline = "middle";
    this.#ticks("y").forEach((tick) => {
      context.fillText(this.y.write(tick), left - 6, this.toScreen(this.x.low, tick)[1]);
    });
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.fillText(this.x.label, (left + right) / 2, this.#size.height - 2);
    context.save();
    context.translate(LABEL_EDGE, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.textBaseline = "top";
    context.fillText(this.y.label, 0, 0);
    context.restore();
    context.globalAlpha = 1;
  }

  /** Write a text around a place, but nearer to the middle where it would be cut at an edge. */
  #writeInside(words, x, y) {
    const half = this.#context.measureText(words).width / 2 + 1;
    this.#context.fillText(words, Math.min(Math.max(x, half), this.#size.width - half), y);
  }

  /** Fill what lies between two lines. */
  #paintBand({ xs, low, high, color }) {
    const context = this.#context;
    context.fillStyle = color;
    context.globalAlpha = BAND_OPACITY;
    context.beginPath();
    xs.forEach((x, i) => context.lineTo(...this.toScreen(x, high[i])));
    for (let i = xs.length - 1; i >= 0; i -= 1) context.lineTo(...this.toScreen(xs[i], low[i]));
    context.fill();
    context.globalAlpha = 1;
  }

  #paintLine({ xs, ys, color, width = 2, dash = [], isGhost = false, opacity = isGhost ? this.ghost : 1, marks = 0 }) {
    const context = this.#context;
    context.strokeStyle = color;
    context.fillStyle = color;
    context.globalAlpha = opacity;
    context.lineWidth = width;
    context.lineJoin = "round";
    context.lineCap = "round";
    context.setLineDash(dash);
    context.beginPath();
    let isDrawing = false;
    for (let i = 0; i < xs.length; i += 1) {
      const [x, y] = this.toScreen(xs[i], ys[i]);
      // Numbers that an axis has no place for break the line.
      if (!Number.isFinite(x) || !Number.isFinite(y)) isDrawing = false;
      else if (isDrawing) context.lineTo(x, y);
      else {
        context.moveTo(x, y);
        isDrawing = true;
      }
    }
    context.stroke();
    context.setLineDash([]);
    if (marks || xs.length === 1) {
      for (let i = 0; i < xs.length; i += 1) {
        const [x, y] = this.toScreen(xs[i], ys[i]);
        context.beginPath();
        context.arc(x, y, marks || width, 0, 2 * Math.PI);
        context.fill();
      }
    }
    context.globalAlpha = 1;
  }

  /** Draw an upright line where something happened, and beside it what; the next one's words stand lower. */
  #paintMark({ x, color, words }, number) {
    const context = this.#context;
    const { left, right, top, bottom } = this.box;
    const [screenX] = this.toScreen(x, this.y.low);
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.setLineDash([2, 4]);
    context.beginPath();
    context.moveTo(screenX, top);
    context.lineTo(screenX, bottom);
    context.stroke();
    context.setLineDash([]);
    const isBefore = screenX > left + MARK_TURN * (right - left);
    context.fillStyle = this.ink;
    context.textAlign = isBefore ? "right" : "left";
    context.textBaseline = "top";
    const y = top + 3 + MARK_ROW * (number % MARK_ROWS);
    context.fillText(words, screenX + (isBefore ? -5 : 5), y);
  }

  #paintDot({ x, y, color, radius = 6, outline = this.ink, cross = false, triangle = "" }) {
    const context = this.#context;
    const [screenX, screenY] = this.toScreen(x, y);
    context.strokeStyle = outline;
    context.lineWidth = cross ? 2.5 : 1.5;
    context.beginPath();
    if (cross) {
      context.moveTo(screenX - radius, screenY);
      context.lineTo(screenX + radius, screenY);
      context.moveTo(screenX, screenY - radius);
      context.lineTo(screenX, screenY + radius);
    } else if (triangle) {
      // Its point is at the edge, so that it stands on no number of the axis.
      const point = triangle === "above" ? -radius : radius;
      context.moveTo(screenX, screenY);
      context.lineTo(screenX - radius, screenY - 2 * point);
      context.lineTo(screenX + radius, screenY - 2 * point);
      context.closePath();
      context.fillStyle = color;
      context.fill();
    } else {
      context.arc(screenX, screenY, radius, 0, 2 * Math.PI);
      context.fillStyle = color;
      context.fill();
    }
    context.stroke();
  }

  // -- readings -------------------------------------------------------------------------------

  /** Let mouse, finger and keys ask for a reading; what the last two ask for is spoken too. */
  #makeReadable() {
    const canvas = this.#canvas;
    const byMouse = (use) => (event) => event.pointerType !== "touch" && use(event);
    canvas.addEventListener("pointermove", byMouse((event) => this.#readAt(this.placeOf(event))));
    canvas.addEventListener("pointerleave", byMouse(() => this.#readAt(null)));
    canvas.addEventListener("click", (event) => this.#readAt(this.placeOf(event), true));
    canvas.addEventListener("keydown", (event) => this.#onKey(event));
    canvas.addEventListener("blur", () => this.#readAt(null));
    canvas.tabIndex = 0;
    // Of a picture a screen reader would keep the arrow keys to itself.
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-description", text("page.chart_keys"));
    this.#spoken = document.createElement("span");
    this.#spoken.className = "unseen";
    this.#spoken.setAttribute("role", "status");
    canvas.after(this.#spoken);
  }

  #onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const now = this.#pointer ? share(this.x, this.#pointer[0]) : null;
    const parts = {
      ArrowRight: now === null ? 0 : now + KEY_STEP,
      ArrowLeft: now === null ? 1 : now - KEY_STEP,
      Home: 0,
      End: 1,
      Escape: null,
    };
    if (!(event.key in parts)) return;
    event.preventDefault();
    const part = parts[event.key];
    const place = part === null ? null : [Math.min(1, Math.max(0, part)), 0.5];
    this.#readAt(place && [valueAt(this.x, place[0]), valueAt(this.y, place[1])], true);
  }

  #readAt(place, isSpoken = false) {
    this.#pointer = place;
    this.#spoken.textContent = isSpoken && place ? listed(this.read(...place)) : "";
    this.draw();
  }

  #isInside({ x, y }) {
    const isOn = (part) => part > -1e-9 && part < 1 + 1e-9;
    return isOn(share(this.x, x)) && isOn(share(this.y, y));
  }

  #paintReading() {
    if (!this.#pointer) return;
    const [x, y] = this.#pointer;
    const words = this.#isInside({ x, y }) ? this.read(x, y) : [];
    if (!words.length) return;
    const context = this.#context;
    const { left, top, right, bottom } = this.box;
    const [screenX, screenY] = this.toScreen(x, y);
    context.strokeStyle = this.ink;
    context.globalAlpha = 0.35;
    context.beginPath();
    context.moveTo(screenX, top);
    context.lineTo(screenX, bottom);
    context.stroke();
    context.globalAlpha = 1;
    const width = Math.max(...words.map((line) => context.measureText(line).width)) + 16;
    const height = 17 * words.length + 10;
    const boxX = screenX + 12 + width > right ? Math.max(left, screenX - 12 - width) : screenX + 12;
    const boxY = Math.min(Math.max(top, screenY - height / 2), bottom - height);
    context.fillStyle = this.paper;
    context.globalAlpha = 0.94;
    context.beginPath();
    context.roundRect(boxX, boxY, width, height, 5);
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = this.faint;
    context.stroke();
    context.fillStyle = this.ink;
    context.textAlign = "left";
    context.textBaseline = "top";
    words.forEach((line, i) => context.fillText(line, boxX + 8, boxY + 6 + 17 * i));
  }
}

function share({ low, high, log }, value) {
  if (log) return (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low));
  return (value - low) / (high - low);
}

function valueAt({ low, high, log }, part) {
  if (log) return Math.exp(Math.log(low) + part * (Math.log(high) - Math.log(low)));
  return low + part * (high - low);
}
