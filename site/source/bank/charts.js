// The two charts of the bank explorer: the best so far, and how often each strategy comes first.

import { Chart } from "../chart.js";
import { general } from "../format.js";
import { labelled, text } from "../texts.js";
import { facts } from "./facts.js";
import { nameOf, percent } from "./words.js";

const GREY = "#808080";
const NOTHING = { found: {}, shares: {}, budgets: [], settings: {} };
const writeShare = (value) => `${general(100 * value, 4)}%`;

/** The best setting so far of each strategy against the budget, with its band. */
export class RaceChart {
  #chart;
  #compared = NOTHING;

  constructor(canvas) {
    this.#chart = new Chart(canvas, {
      x: { write: (value) => general(value, 4) },
      y: { label: text("bank_lab.accuracy"), write: writeShare },
      read: (x) => this.#read(x),
    });
  }

  show(compared) {
    this.#compared = compared;
    const [low, high] = raceLimits(compared);
    const chart = this.#chart;
    const label = text(`bank_lab.budget_${compared.settings.unit}`);
    Object.assign(chart.x, { low: 0, high: compared.budgets.at(-1), label });
    Object.assign(chart.y, { low, high });
    const drawn = Object.entries(compared.found).map(([name, one]) => {
      return { color: facts.colors[name], ...drawnFrom(compared.budgets, one, low, high) };
    });
    chart.bands = drawn;
    chart.lines = drawn.map(({ xs, mean, color }) => ({ xs, ys: mean, color, width: 2.6 }));
    chart.draw();
  }

  #read(x) {
    const { budgets, found, settings } = this.#compared;
    const place = budgets.findLastIndex((budget) => budget <= x);
    if (place < 0) return [];
    const rows = Object.entries(found)
      .filter(([, one]) => Number.isFinite(one.mean[place]))
      .sort(([, one], [, other]) => other.mean[place] - one.mean[place]);
    return [
      labelled(text(`bank_lab.budget_${settings.unit}`), general(budgets[place], 4)),
      ...rows.map(([name, one]) => `${nameOf(name)} ${percent(one.mean[place], 2)}`),
    ];
  }
}

/** How often each strategy comes first, against the seeds with which they are compared. */
export class SharesChart {
  #chart;
  #compared = NOTHING;

  constructor(canvas) {
    const most = facts.seed_counts.at(-1);
    this.#chart = new Chart(canvas, {
      x: { label: text("bank_lab.seeds"), log: true, low: 1, high: most, write: (value) => general(value, 4) },
      y: { label: text("bank_lab.comes_first"), low: 0, high: 1.02, write: writeShare },
      read: (x) => this.#read(x),
    });
  }

  show(compared) {
    this.#compared = compared;
    const { n_seeds: chosen } = compared.settings;
    const most = facts.seed_counts.at(-1);
    this.#chart.lines = [
      { xs: [1, most], ys: [facts.sure, facts.sure], color: GREY, width: 1.3, dash: [6, 5] },
      { xs: [chosen, chosen], ys: [0, 1.02], color: GREY, width: 1.5, dash: [2, 4] },
      ...Object.entries(compared.shares).map(([name, ys]) => {
        return { xs: facts.seed_counts, ys, color: facts.colors[name], width: 2.4 };
      }),
    ];
    this.#chart.draw();
  }

  #read(x) {
    const nearest = (best, count, place) =>
      Math.abs(Math.log(count / x)) < Math.abs(Math.log(facts.seed_counts[best] / x)) ? place : best;
    const place = facts.seed_counts.reduce(nearest, 0);
    const rows = Object.entries(this.#compared.shares).sort(([, one], [, other]) => other[place] - one[place]);
    if (!rows.length) return [];
    return [
      labelled(text("bank_lab.n_seeds"), facts.seed_counts[place]),
      ...rows.map(([name, shares]) => `${nameOf(name)} ${percent(shares[place])}`),
    ];
  }
}

/** Return the ends of the axis of accuracies: what strategies find at first is left out. */
export function raceLimits({ budgets, found }) {
  const isLate = (_, place) => budgets[place] >= facts.late * budgets.at(-1);
  const valuesOf = (read) => Object.values(found).flatMap(read).filter(Number.isFinite);
  const means = valuesOf(({ mean }) => mean.filter(isLate));
  if (!means.length) return [0, 1];
  const [low, high] = [Math.min(...means), Math.max(...valuesOf((one) => one.high))];
  const room = high - low || 0.01;
  return [Math.max(low - 0.3 * room, 0), Math.min(high + 0.05 * room, 1)];
}

/**
 * Return a strategy's mean and band as they are drawn: in steps, because the best so far stays so
 * until a better one is found; from where the mean rises above the axis, and not beyond it.
 */
function drawnFrom(budgets, { mean, low: lower, high: upper }, low, high) {
  const first = mean.findIndex((value) => value > low);
  const places = budgets.map((_, place) => place).filter((place) => first >= 0 && place >= first && Number.isFinite(mean[place]));
  const clipped = (value) => Math.min(Math.max(value, low), high);
  const stepped = (values) =>
    places.flatMap((place, i) => (i ? [values[places[i - 1]], values[place]] : [values[place]])).map(clipped);
  const xs = places.flatMap((place, i) => (i ? [budgets[place], budgets[place]] : [budgets[place]]));
  return { xs, mean: stepped(mean), low: stepped(lower), high: stepped(upper) };
}
