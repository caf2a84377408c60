// What many replays say: means with their bands, and how often each strategy comes first.

import { facts } from "./facts.js";
import { Draw, Random } from "./random.js";
import { budgetsOf, replay } from "./replay.js";

const TIE = 1e-12;
const MOST_KEPT = 4 * facts.strategies.length;

/** Return the quantile of sorted numbers, linear between two of them. */
export function quantileOf(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Return which searches come together: `nSeeds` of them, so many times as there are groups. */
export function groupsOf(nReplays, nSeeds, random) {
  return Uint16Array.from({ length: facts.n_groups * nSeeds }, () => random.below(nReplays));
}

/**
 * Return the mean of all replays at each budget, and the band within which nine in ten means of
 * `nSeeds` searches lie.
 *
 * @param {import("./replay.js").Replay} found
 * @param {number} nSeeds
 * @param {Uint16Array | null} groups see `groupsOf`; not needed for single searches
 */
export function meanBand(found, nSeeds, groups) {
  const summaries = found.values.map((values) => {
    const compared = nSeeds > 1 ? groupMeans(values, nSeeds, groups) : values.slice();
    compared.sort();
    const [low, high] = facts.band.map((share) => quantileOf(compared, share));
    return { mean: meanOf(values), low, high };
  });
  const at = (name) => found.columns.map((column) => summaries[column]?.[name] ?? Number.NaN);
  return { mean: at("mean"), low: at("low"), high: at("high") };
}

function groupMeans(values, nSeeds, groups) {
  return Float64Array.from({ length: groups.length / nSeeds }, (_, group) => {
    let sum = 0;
    for (let i = group * nSeeds; i < (group + 1) * nSeeds; i += 1) sum += values[groups[i]];
    return sum / nSeeds;
  });
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Return in which share of comparisons each strategy has the highest mean of `nSeeds` searches. */
export function firstShares(finals, nSeeds, random, nComparisons = facts.n_comparisons) {
  const means = finals.map((found) =>
    Float64Array.from({ length: nComparisons }, () => {
      let sum = 0;
      for (let i = 0; i < nSeeds; i += 1) sum += found[random.below(found.length)];
      return sum / nSeeds;
    }),
  );
  const shares = finals.map(() => 0);
  for (let i = 0; i < nComparisons; i += 1) {
    const highest = Math.max(...means.map((mean) => mean[i]));
    const first = means.flatMap((mean, place) => (mean[i] >= highest - TIE ? [place] : []));
    // Equal ones share a comparison.
    first.forEach((place) => (shares[place] += 1 / first.length));
  }
  return shares.map((share) => share / nComparisons);
}

/** Return from how many seeds on a share stays as high as is asked for; null if it never does. */
export function seedsNeeded(shares) {
  const lastBelow = shares.findLastIndex((share) => share < facts.sure);
  return facts.seed_counts[lastBelow + 1] ?? null;
}

/** Compares strategies on a bank, and keeps what it has replayed. */
export class Comparer {
  #tables;
  #kept = new Map();

  /** @param {Record<string, import("./tables.js").Table>} tables */
  constructor(tables) {
    this.#tables = tables;
  }

  /** Return what the replays come to, as plain values. */
  compare(settings) {
    const replays = settings.strategies
      .map((name) => [name, this.#replay(name, settings)])
      .filter(([, found]) => found);
    const { n_seeds: nSeeds, seed } = settings;
    const scale = settings.unit === "trials" ? settings.max_epochs : 1;
    const found = Object.fromEntries(
      replays.map(([name, one]) => [name, summaryOf(one, nSeeds, seed)]),
    );
    const budgets = budgetsOf(settings.n_trials, settings.max_epochs).map((budget) => budget / scale);
    return { settings, budgets, found, ...this.#ranking(replays, nSeeds, seed) };
  }

  /** Return who comes first; nobody does where there are no two rivals. */
  #ranking(replays, nSeeds, seed) {
    // Those that last to the end of the budget.
    const rivals = replays.filter(([, found]) => !found.isUsedUp);
    if (rivals.length < 2) return { winner: null, seedsNeeded: null, shares: {}, chances: {} };
    const finals = rivals.map(([, found]) => found.finals);
    const means = finals.map(meanOf);
    const first = means.indexOf(Math.max(...means));
    const sharesOf = (count) => firstShares(finals, count, new Random([seed, count]));
    const table = facts.seed_counts.map(sharesOf);
    const chances = sharesOf(nSeeds);
    const named = (valueAt) => Object.fromEntries(rivals.map(([name], i) => [name, valueAt(i)]));
    return {
      winner: rivals[first][0],
      seedsNeeded: seedsNeeded(table.map((shares) => shares[first])),
      shares: named((i) => table.map((shares) => shares[i])),
      chances: named((i) => chances[i]),
    };
  }

  #replay(strategy, settings) {
    const { max_epochs: epochs, n_trials: nTrials, measure, n_resamplings: nReplays, seed } = settings;
    const asked = [strategy, epochs, nTrials, measure, nReplays, seed].join(" ");
    if (!this.#kept.has(asked)) {
      if (this.#kept.size > MOST_KEPT) this.#kept.clear();
      const draw = new Draw(nReplays, new Random([seed, facts.strategies.indexOf(strategy)]));
      this.#kept.set(asked, replay(this.#tables, strategy, settings, draw));
    }
    return this.#kept.get(asked);
  }
}

function summaryOf(found, nSeeds, seed) {
  const groups = nSeeds > 1 ? groupsOf(found.values[0]?.length ?? 1, nSeeds, new Random([seed])) : null;
  const { nDrawn, nSettings, isUsedUp, isNearlyUsedUp } = found;
  return { ...meanBand(found, nSeeds, groups), nDrawn, nSettings, isUsedUp, isNearlyUsedUp };
}
