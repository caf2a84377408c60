// The class's best so far, held against two searches by machine at the same number of runs.
//
// The searches go as far as the class has come: a class that has predicted who wins, and sees how
// the race ends before it has run it, has nothing left to find out.

import { Chart } from "./chart.js";
import { percent, scatter } from "./numbers.js";
import { bestOnAxis, errorScale, logScale } from "./scales.js";
import { counted, text } from "./texts.js";

const METHODS = ["random", "tpe"];
// Random search last and with gaps: its first trials are TPE's too, and both are to be seen.
const DRAWN = ["tpe", "random"];
const DASHES = { random: [0.5, 0.4], tpe: [] };
const FEWEST_RUNS = 20;
// How the names are written.
const NAMES = { size: 1.1, weight: 600 };

export class Race {
  #chart;

  constructor(canvas) {
    this.#chart = new Chart(canvas, () => this.#draw());
    this.reference = this.scatter = null;
    this.band = { x: [], low: [], middle: [], high: [] };
    this.best = [];
  }

  /**
   * Show the class as it is now.
   *
   * @param {number[]} bestSoFar after each run; null until there is a first one
   */
  refresh(bestSoFar) {
    this.best = bestSoFar;
    const runs = bestSoFar.length;
    const others = METHODS.map((name) => this.reference?.[name]).filter(Boolean);
    const longest = Math.max(FEWEST_RUNS, runs, ...others.map(({ x }) => x.at(-1) ?? 0));
    // An error of 0 has no place on the axis, and must not stretch it.
    const ownEnd = bestSoFar.findLast((value) => value !== null && value < 1) ?? (bestSoFar.at(-1) ? 0.9 : null);
    const ends = [ownEnd, ...others.map(({ mean }) => mean.at(-1))].filter((value) => value > 0);
    const starts = [this.band.middle[0], ...others.map(({ mean }) => mean[0])].filter((value) => value > 0);
    if (!ends.length) {
      this.#chart.x = null;
      this.#say();
      this.#chart.ask();
      return;
    }
    const top = Math.max(0.5, bestOnAxis([...bestSoFar, ...ends]));
    const low = Math.max(0, Math.min(...starts, ownEnd ?? 1, top - 0.02));
    // A scatter that is wider than the axis must not flatten the curves.
    const reach = Math.min(this.scatter ? 2 * this.scatter.deviation : 0, 0.4 * (1 - top));
    this.#chart.x = logScale(1, longest * 1.02);
    this.#chart.y = errorScale(low, Math.min(0.9999, Math.max(1 - 0.88 * (1 - top), top + 1.2 * reach)));
    this.#chart.xLabel = text("after_runs_axis");
    this.#chart.ask();
  }

  /** Return what a method had after so many runs, and after how many it ended; null before the first. */
  at(name, runs) {
    const curve = this.reference?.[name];
    if (!curve?.x.length || !runs) return null;
    const place = Math.min(runs, curve.x.length) - 1;
    return place < 0 ? null : { runs: curve.x[place], best: curve.mean[place] };
  }

  #draw() {
    const chart = this.#chart;
    this.#drawChance();
    for (const name of DRAWN) {
      const curve = this.reference?.[name];
      if (!curve) continue;
      const color = chart.color(name);
      const reached = curve.x.filter((runs) => runs <= this.best.length);
      chart.line(reached, curve.mean, color, { width: 0.2, dash: DASHES[name] });
    }
    const { band } = this;
    const blue = chart.color("class");
    chart.band(band.x, band.low, band.high, blue, 0.22);
    const numbers = this.best.map((_, i) => i + 1);
    chart.line(numbers, this.best, blue, { width: 0.32, steps: true });
    this.#drawNames();
    this.#say();
  }

  /** Shade what seeds alone can do around the class's best. */
  #drawChance() {
    const best = this.best.at(-1);
    if (!this.scatter || !best) return;
    const chart = this.#chart;
    const { left, right } = chart.box;
    const reach = 2 * this.scatter.deviation;
    const [top, bottom] = [chart.toY(Math.min(0.99999, best + reach)), chart.toY(best - reach)];
    chart.context.fillStyle = chart.color("chance");
    chart.context.globalAlpha = 0.2;
    chart.context.fillRect(left, top, right - left, bottom - top);
    chart.context.globalAlpha = 1;
  }

  /** After how many runs all can be compared: the class may have gone on longer. */
  get common() {
    const lengths = METHODS.map((name) => this.reference?.[name]?.x.length).filter(Boolean);
    return Math.min(this.best.length, ...lengths);
  }

  /** Write who had what after the same number of runs, where the least of the curves is covered. */
  #drawNames() {
    const chart = this.#chart;
    const [names, seed] = [this.#names(), this.#seedLine()];
    if (!names.length) return;
    // The chance of the seed stands above the charts too: it gives way.
    const places = [[...names, ...seed], names].flatMap((lines) => [this.#below(lines), this.#above(lines)]);
    const [best] = places.map((place) => [place, this.#covered(place)]).sort((one, other) => one[1] - other[1]);
    for (const { words, color, x, y, width, height } of best[0]) {
      chart.label(words, x + width / 2, y + height / 2, color, { align: "center", ...NAMES });
    }
  }

  /** Return the boxes of lines in the lower right corner. */
  #below(lines) {
    const { right, top, bottom } = this.#chart.box;
    const first = Math.max(top, bottom - lines.length * this.#lineHeight);
    return this.#boxes(lines, first).map((box) => ({ ...box, x: right - box.width }));
  }

  /** Return the boxes of lines in the upper left corner. */
  #above(lines) {
    const { left, top } = this.#chart.box;
    return this.#boxes(lines, top).map((box) => ({ ...box, x: left }));
  }

  get #lineHeight() {
    return 1.35 * this.#chart.letter;
  }

  #boxes(lines, first) {
    const { letter } = this.#chart;
    return lines.map(([words, color], i) => {
      const width = this.#chart.widthOf(words, NAMES) + 0.8 * letter;
      return { words, color, width, y: first + i * this.#lineHeight, height: this.#lineHeight };
    });
  }

  /** Return how much of the curves lies under boxes, in CSS pixels of their way. */
  #covered(boxes) {
    const chart = this.#chart;
    const curves = [this.best, ...METHODS.map((name) => this.reference?.[name]?.mean.slice(0, this.best.length) ?? [])];
    let length = 0;
    for (const curve of curves) {
      curve.forEach((value, i) => {
        if (value === null) return;
        // To the right as far as the next run, then up to it.
        const [from, to] = [chart.toX(i + 1), i + 1 < curve.length ? chart.toX(i + 2) : chart.toX(i + 1)];
        const [low, high] = [chart.toY(value), chart.toY(curve[i + 1] ?? value)];
        for (const { x, y, width, height } of boxes) {
          if (low >= y && low <= y + height) length += Math.max(0, Math.min(x + width, to) - Math.max(x, from));
          if (to >= x && to <= x + width) length += Math.max(0, Math.min(y + height, low) - Math.max(y, high));
        }
      });
    }
    return length;
  }

  /** Return the names with what each had after the same number of runs: [words, colour] pairs. */
  #names() {
    const chart = this.#chart;
    const runs = this.common;
    if (!runs) return [];
    const rows = METHODS.filter((name) => this.at(name, runs)).map((name) => {
      return { words: text(`name_${name}`), best: this.at(name, runs).best, color: chart.color(name) };
    });
    rows.push({ words: text("score_class"), best: this.best[runs - 1], color: chart.color("class") });
    rows.sort((a, b) => b.best - a.best);
    const lines = rows.map(({ words, best, color }) => [`${words}  ${percent(best)}`, color]);
    if (rows.length > 1) lines.unshift([counted("after_runs", runs), chart.color("ink")]);
    return lines;
  }

  /** Return what the stripe means, as `#names` does; nothing where there is none. */
  #seedLine() {
    if (!this.scatter) return [];
    const found = scatter(2 * this.scatter.deviation);
    // On a telephone there is room for its short name alone.
    const written = [text("chance_band", { scatter: found }), `${text("score_chance")}  ${found}`];
    const { left, right } = this.#chart.box;
    const words = written.find((line) => this.#chart.widthOf(line, NAMES) + 0.8 * this.#chart.letter <= right - left);
    return [[words ?? written[1], this.#chart.color("chance")]];
  }

  #say() {
    this.#chart.canvas.setAttribute("aria-label", this.#spoken());
  }

  #spoken() {
    const runs = this.common;
    const parts = METHODS.filter((name) => this.at(name, runs)).map((name) => `${text(`name_${name}`)} ${percent(this.at(name, runs).best)}`);
    if (parts.length && runs < this.best.length) {
      parts.unshift(`${counted("after_runs", runs)}${text("colon")}${text("score_class")} ${percent(this.best[runs - 1])}`);
    }
    const all = counted("race_spoken", this.best.length, { best: percent(this.best.at(-1)) });
    return parts.length ? text("two_sentences", { first: all, second: parts.join(text("comma")) }) : all;
  }
}
