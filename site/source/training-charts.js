// The curves of the training lab: the present run, and earlier ones as ghosts.

import { changedWords, describeChanges, mergedChanges } from "./changes.js";
import { Chart } from "./chart.js";
import { facts } from "./facts.js";
import { general, shown } from "./format.js";
import { text } from "./texts.js";

const EMPTY_LOSSES = [0.1, 4];

const thousands = (value) => value.toLocaleString("en-US");
// Short enough for the room beside the axis, also where a run has blown up: 10,000, then 1e6.
export const lossTick = (value) => shown(value).replace(/\.?0+e/, "e").replace(/e\+?(-?)0*/, "e$1");
const percent = (value) => `${general(100 * value, 4)}%`;

/** What is drawn of one run. */
export class RunCurves {
  points = [];
  head = null;
  changes = [];

  constructor(number, color, values, total) {
    Object.assign(this, { number, color, values, total });
  }

  /** What was changed in mid-run, in words; what is close together is one. */
  get mergedChanges() {
    return mergedChanges(describeChanges(this.values, this.changes), this.total);
  }

  get losses() {
    return [...this.points, ...(this.head ? [this.head] : [])].filter((p) => p.trainingLoss !== null);
  }

  get measured() {
    return this.points.filter((point) => point.validationAccuracy !== null);
  }
}

/** The two charts of the lab. */
export class TrainingCharts {
  constructor(lossCanvas, accuracyCanvas) {
    const x = { label: text("training_lab.samples"), low: 0, high: 1, write: thousands };
    this.loss = new Chart(lossCanvas, {
      x,
      y: { label: text("training_lab.loss"), log: true, low: 0.1, high: 4, write: lossTick },
      read: (place) => this.#read(place),
    });
    this.accuracy = new Chart(accuracyCanvas, {
      x,
      y: { label: text("training_lab.accuracy"), low: 0.8, high: 1, write: percent },
      read: (place) => this.#read(place),
    });
    this.runs = [];
  }

  /** Show these runs, the present one last. */
  show(runs, then) {
    this.runs = runs;
    this.#showLosses();
    this.#showAccuracies();
    this.#showChanges();
    this.loss.draw(then);
    this.accuracy.draw();
  }

  #look(run) {
    const isPresent = run === this.runs.at(-1);
    return { color: run.color, isGhost: !isPresent, width: isPresent ? 3 : 1.8 };
  }

  #setX(chart) {
    chart.x.low = 0;
    chart.x.high = Math.max(1, ...this.runs.map((run) => run.total));
  }

  #showLosses() {
    const present = this.runs.at(-1);
    this.loss.lines = this.runs.flatMap((run) => {
      const look = this.#look(run);
      const { losses, measured } = run;
      return [
        line(losses, "trainingLoss", look),
        { ...line(measured, "validationLoss", look), dash: [5, 4], width: look.width * 0.7 },
      ];
    });
    const values = (run) =>
      [...run.losses.map((p) => p.trainingLoss), ...run.measured.map((p) => p.validationLoss)].filter(
        (loss) => Number.isFinite(loss) && loss > 0,
      );
    const own = present ? values(present) : [];
    // A ghost that blew up must not press the present curve flat.
    const cap = Math.max(facts.ghost_loss_cap, ...own);
    const shown = [...own, ...this.runs.slice(0, -1).flatMap(values).filter((loss) => loss <= cap)];
    const [low, high] = shown.length ? [Math.min(...shown), Math.max(...shown)] : EMPTY_LOSSES;
    this.#setX(this.loss);
    this.loss.y.low = Math.min(low * 0.85, high * 0.5);
    this.loss.y.high = high * 1.15;
  }

  #showAccuracies() {
    this.accuracy.lines = this.runs.map((run) => ({
      ...line(run.measured, "validationAccuracy", this.#look(run)),
      marks: 3.5,
    }));
    const values = this.runs.flatMap((run) => run.measured.map((p) => p.validationAccuracy));
    const lowest = values.length ? Math.min(...values) : 0.9;
    const highest = values.length ? Math.max(...values) : 1;
    const room = Math.max(facts.least_accuracy_shown, highest - lowest) * 0.12;
    this.#setX(this.accuracy);
    this.accuracy.y.high = Math.min(1, highest + room);
    this.accuracy.y.low = Math.max(0, Math.min(lowest - room, this.accuracy.y.high - facts.least_accuracy_shown));
  }

  /** Mark where something was changed in mid-run; what it was has room in the upper chart. */
  #showChanges() {
    const marks = this.runs.flatMap(({ mergedChanges: changes, color }) =>
      changes.map(({ samples, values }) => ({ x: samples, color, words: changedWords(values) })),
    );
    this.loss.marks = marks;
    this.accuracy.marks = marks.map(({ x, color }) => ({ x, color, words: "" }));
  }

  #read(x) {
    const run = this.runs.at(-1);
    const losses = run?.losses ?? [];
    if (!losses.length) return [];
    const near = nearest(losses, x);
    const measured = run.measured.length ? nearest(run.measured, x) : null;
    return [
      `${thousands(near.samples)} · ${text("training_lab.training_loss")} ${general(near.trainingLoss, 3)}`,
      ...(measured
        ? [
            `${thousands(measured.samples)} · ${text("training_lab.validation_loss")} ${general(measured.validationLoss, 3)}`,
            `${text("training_lab.accuracy")} ${(100 * measured.validationAccuracy).toFixed(2)}%`,
          ]
        : []),
    ];
  }
}

function line(points, name, look) {
  return {
    xs: points.map((point) => point.samples),
    ys: points.map((point) => point[name]),
    ...look,
  };
}

function nearest(points, x) {
  return points.reduce((best, point) =>
    Math.abs(point.samples - x) < Math.abs(best.samples - x) ? point : best,
  );
}
