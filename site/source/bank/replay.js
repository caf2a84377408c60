// Search strategies replayed on the trial bank, as the package's search/bank/replay.py does it.

import { facts } from "./facts.js";

// A score is at most 1, so that one after more epochs always counts for more.
const EPOCH_WEIGHT = 2;

/**
 * @typedef {object} Trainings trainings in their order, the same for all replays but for what is
 *   trained
 * @property {number[]} ends how many epochs were trained altogether when each ended
 * @property {number[]} epochs how long each was
 * @property {Uint16Array} settings which setting of the bank, one replay behind the other
 * @property {Uint8Array} repeats which of its trainings
 */

/** What the replays of one strategy came to. */
export class Replay {
  /**
   * @param {number[]} budgets in epochs
   * @param {number[]} columns for each budget, which of the values; -1 where there is none
   * @param {Float64Array[]} values the best so far of all replays, once for each training that is seen
   * @param {object} drawn nDrawn, nSettings, draws: as the package has them
   */
  constructor(budgets, columns, values, drawn) {
    Object.assign(this, { budgets, columns, values, ...drawn });
  }

  /** Whether it had to end before its budget did. */
  get isUsedUp() {
    return this.columns.at(-1) < 0;
  }

  /** Whether it draws so many of the settings that its replays are too much alike. */
  get isNearlyUsedUp() {
    return this.draws && (this.isUsedUp || this.nDrawn > facts.much * this.nSettings);
  }

  /** What each replay has found at the end of the budget. */
  get finals() {
    return this.values[this.columns.at(-1)];
  }
}

/**
 * Replay a strategy.
 *
 * @param {Record<string, import("./tables.js").Table>} tables
 * @param {string} strategy
 * @param {object} settings max_epochs, n_trials and measure
 * @param {import("./random.js").Draw} draw
 * @returns {Replay | null} null if the bank has not enough for it
 */
export function replay(tables, strategy, settings, draw) {
  const { max_epochs: maxEpochs, n_trials: nTrials, measure } = settings;
  const budgets = budgetsOf(nTrials, maxEpochs);
  if (strategy === "tpe") {
    return maxEpochs === facts.tpe_epochs ? replayTpe(tables.tpe, budgets, measure) : null;
  }
  const isGrid = strategy === "grid";
  const table = tables[`${isGrid ? "grid" : "random"}-${maxEpochs}`];
  if (!table.nRows || (measure === "retrained" && table.nColumns < 2)) return null;
  const trainings = trainingsOf(strategy, table, nTrials, draw);
  if (!trainings) return null;
  const share = strategy === "random_twice" ? 2 : 1;
  // A grid that is through keeps what it has found; the others could go on.
  const lasts = isGrid || isLongEnough(trainings, budgets.at(-1), share);
  const columns = columnsAt(budgets, trainings.ends, lasts);
  const values = valuesOf(table, trainings, measure, columns.places, draw.nReplays);
  const drawn = { nDrawn: trainings.nDrawn, nSettings: table.nRows, draws: !isGrid };
  return new Replay(budgets, columns.columns, values, drawn);
}

/** Return the budgets at which replays are looked at, in epochs, the last one the whole. */
export function budgetsOf(nTrials, maxEpochs) {
  const count = facts.steps_a_trial * nTrials;
  return Array.from({ length: count }, (_, i) => ((i + 1) * maxEpochs) / facts.steps_a_trial);
}

// -- which trainings -------------------------------------------------------------------------------

function trainingsOf(strategy, table, nTrials, draw) {
  if (strategy === "grid") return gridTrainings(table, nTrials, draw);
  if (strategy in facts.brackets) return rungTrainings(strategy, table, nTrials, draw);
  return randomTrainings(table, nTrials, draw, strategy === "random_twice" ? 2 : 1);
}

function randomTrainings(table, nTrials, draw, atOnce) {
  const count = Math.min(atOnce * nTrials, table.nRows);
  return {
    ends: Array.from({ length: count }, (_, i) => (Math.floor(i / atOnce) + 1) * table.depth),
    epochs: new Array(count).fill(table.depth),
    settings: draw.settings(count, table.nRows),
    repeats: draw.repeats(count, table.nColumns),
    nDrawn: count,
  };
}

function gridTrainings(table, nTrials, draw) {
  const count = Math.min(nTrials, table.nRows);
  return {
    ends: Array.from({ length: count }, (_, i) => (i + 1) * table.depth),
    epochs: new Array(count).fill(table.depth),
    settings: Uint16Array.from({ length: draw.nReplays * count }, (_, i) => i % count),
    repeats: draw.repeats(count, table.nColumns),
    nDrawn: count,
  };
}

function rungTrainings(strategy, table, nTrials, draw) {
  const planned = bracketsWithin(strategy, table.depth, nTrials * table.depth, table.nRows);
  if (!planned.length) return null;
  const nDrawn = planned.reduce((sum, [[candidates]]) => sum + candidates, 0);
  const settings = draw.settings(nDrawn, table.nRows);
  const repeats = draw.repeats(nDrawn, table.nColumns);
  const epochs = planned.flatMap((rungs) => rungs.flatMap(([n, length]) => new Array(n).fill(length)));
  const raced = {
    settings: new Uint16Array(draw.nReplays * epochs.length),
    repeats: new Uint8Array(draw.nReplays * epochs.length),
  };
  let trained = 0;
  for (let row = 0; row < draw.nReplays; row += 1) {
    const drawn = row * nDrawn;
    const score = (place, length) => table.at(settings[drawn + place], repeats[drawn + place], length - 1);
    for (const place of racedPlaces(planned, score)) {
      raced.settings[trained] = settings[drawn + place];
      raced.repeats[trained] = repeats[drawn + place];
      trained += 1;
    }
  }
  let end = 0;
  return { ends: epochs.map((length) => (end += length)), epochs, ...raced, nDrawn };
}

/** Return the brackets that are begun within a budget, as far as there are settings. */
function bracketsWithin(strategy, maxEpochs, budget, nSettings) {
  const all = facts.brackets[strategy][maxEpochs];
  const found = [];
  for (let begun = 0, drawn = 0; ; ) {
    const rungs = all[found.length % all.length];
    drawn += rungs[0][0];
    if (begun >= budget || drawn > nSettings) return found;
    found.push(rungs);
    begun += rungs.reduce((sum, [candidates, epochs]) => sum + candidates * epochs, 0);
  }
}

/**
 * Return which of the drawn settings are trained, rung by rung. They stand from the best to the
 * worst of the rung before; of equals, the one that was drawn first comes first.
 */
function racedPlaces(planned, score) {
  const places = [];
  let first = 0;
  for (const rungs of planned) {
    let racing = Array.from({ length: rungs[0][0] }, (_, i) => first + i);
    first += racing.length;
    for (const [candidates, epochs] of rungs) {
      racing = racing.slice(0, candidates);
      places.push(...racing);
      const scores = new Map(racing.map((place) => [place, score(place, epochs)]));
      racing.sort((one, other) => scores.get(other) - scores.get(one));
    }
  }
  return places;
}

// -- what they come to -----------------------------------------------------------------------------

/** Return for each budget the column of its values, and after which training each column is. */
function columnsAt(budgets, ends, lasts) {
  const places = [];
  let place = -1;
  const columns = budgets.map((budget) => {
    while (place + 1 < ends.length && ends[place + 1] <= budget) place += 1;
    if (place < 0 || (!lasts && budget > ends.at(-1))) return -1;
    if (places.at(-1) !== place) places.push(place);
    return places.length - 1;
  });
  return { columns, places };
}

function isLongEnough({ ends, epochs }, budget, share) {
  return share > 1 ? epochs.length * epochs[0] >= share * budget : ends.at(-1) >= budget;
}

/** Return the worth of the best so far after some trainings: a column for each of them. */
function valuesOf(table, trainings, measure, places, nReplays) {
  const { epochs, settings, repeats } = trainings;
  const worthOf = measure === "seen" ? seenIn(table) : retrainedIn(table);
  const values = places.map(() => new Float64Array(nReplays));
  for (let row = 0; row < nReplays; row += 1) {
    const first = row * epochs.length;
    let [highest, best, column] = [-Infinity, 0, 0];
    for (let i = 0; i < epochs.length && column < places.length; i += 1) {
      const seen = table.at(settings[first + i], repeats[first + i], epochs[i] - 1);
      // What was trained for longer is not compared with the rest.
      const score = epochs[i] * EPOCH_WEIGHT + seen;
      if (score > highest) [highest, best] = [score, i];
      if (i === places[column]) {
        values[column][row] = worthOf(settings[first + best], repeats[first + best], epochs[best]);
        column += 1;
      }
    }
  }
  return values;
}

const seenIn = (table) => (setting, repeat, epochs) => table.at(setting, repeat, epochs - 1);

/** The mean of the other trainings of a setting, in full. */
function retrainedIn(table) {
  const last = table.depth - 1;
  const means = Array.from({ length: table.nRows }, (_, setting) => {
    const finals = Array.from({ length: table.nColumns }, (__, repeat) => table.at(setting, repeat, last));
    const sum = finals.reduce((total, one) => total + one, 0);
    return finals.map((own) => (sum - own) / (finals.length - 1));
  });
  return (setting, repeat) => means[setting][repeat];
}

function replayTpe(table, budgets, measure) {
  const count = table.nRows;
  if (!count) return null;
  const ends = Array.from({ length: table.nColumns }, (_, i) => (i + 1) * facts.tpe_epochs);
  const { columns, places } = columnsAt(budgets, ends, false);
  const worthOf = measure === "seen" ? (row, i) => table.at(row, i, 0) : (row, i) => againIn(table, row, i);
  const found = Array.from({ length: count }, (_, row) => bestSoFar(table, row).map((best) => worthOf(row, best)));
  if (found.some((row) => row.some(Number.isNaN))) return null; // not all of the best were trained again
  const values = places.map((place) => Float64Array.from(found, (row) => row[place]));
  return new Replay(budgets, columns, values, { nDrawn: count, nSettings: count, draws: false });
}

function bestSoFar(table, row) {
  let best = 0;
  return Array.from({ length: table.nColumns }, (_, i) => {
    if (table.at(row, i, 0) > table.at(row, best, 0)) best = i;
    return best;
  });
}

function againIn(table, row, place) {
  const again = Array.from({ length: table.depth - 1 }, (_, i) => table.at(row, place, i + 1));
  return again.reduce((sum, one) => sum + one, 0) / again.length;
}
