// The bank explorer: replays with the package's own draws, and with the page's.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { asset, readJson, REFERENCE, SITE } from "./helpers.mjs";

const { facts } = await asset("bank/facts.js");
const { replay, budgetsOf } = await asset("bank/replay.js");
const { Comparer, firstShares, meanBand, quantileOf, seedsNeeded } = await asset("bank/comparison.js");
const { Draw, Random } = await asset("bank/random.js");
const { readTables } = await asset("bank/tables.js");
const { notes, statusText } = await asset("bank/words.js");
const { SETTINGS, DEFAULTS, workbookLines } = await asset("bank/settings.js");
const { raceLimits } = await asset("bank/charts.js");
const { useTexts } = await asset("texts.js");

const { banks, cases, summaries, shares, needed, comparisons, texts, drawn, limits } = readJson("bank.json");
const TOLERANCE = 1e-12;
const DEVIATIONS = 5; // standard deviations that a mean may be off by chance

const arrayOf = (folder, file) => {
  const bytes = fs.readFileSync(path.join(folder, file));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
};
const tablesOf = (name) => readTables(arrayOf(REFERENCE, banks[name].file), { ...facts.scores, shapes: banks[name].shapes });
const tables = Object.fromEntries(Object.keys(banks).map((name) => [name, tablesOf(name)]));

/** Draws that were made before. */
const given = ({ n_replays: nReplays, settings, repeats }) => ({
  nReplays,
  settings: () => Uint16Array.from(settings.flat()),
  repeats: () => Uint8Array.from(repeats.flat()),
});

function close(found, expected, words, tolerance = TOLERANCE) {
  assert.equal(found.length, expected.length, words);
  expected.forEach((value, i) => {
    const isSame = Object.is(found[i], value) || Math.abs(found[i] - value) <= tolerance;
    assert.ok(isSame, `${words}, place ${i}: ${found[i]}, not ${value}`);
  });
}

const rowsOf = (found) =>
  Array.from({ length: found.values[0]?.length ?? 0 }, (_, row) =>
    found.columns.map((column) => found.values[column]?.[row] ?? Number.NaN),
  );

test("with the same draws each replay finds what the package's finds", () => {
  const seen = new Set();
  for (const one of cases) {
    const words = `${one.bank}: ${one.strategy}, ${JSON.stringify(one.settings)}`;
    const found = replay(tables[one.bank], one.strategy, one.settings, given(one.draw));
    seen.add(`${one.strategy} ${found !== null}`);
    assert.equal(found !== null, one.replay !== null, words);
    if (!found) continue;
    close(found.budgets, one.replay.budgets, words);
    rowsOf(found).forEach((row, i) => close(row, one.replay.values[i], words));
    const { n_drawn: nDrawn, n_settings: nSettings, is_used_up: isUsedUp, is_nearly_used_up: isNearly } = one.replay;
    assert.deepEqual(
      [found.nDrawn, found.nSettings, found.isUsedUp, found.isNearlyUsedUp],
      [nDrawn, nSettings, isUsedUp, isNearly],
      words,
    );
  }
  facts.strategies.forEach((name) => assert.ok(seen.has(`${name} true`), name));
});

test("the file that was built holds the package's bank", () => {
  const built = readTables(arrayOf(path.join(SITE, "assets", "bank"), facts.scores.file), facts.scores);
  for (const [name, table] of Object.entries(tables.shipped)) {
    assert.deepEqual(built[name], table, name);
  }
});

test("means and bands are the package's", () => {
  for (const { values, n_seeds: nSeeds, groups, mean, low, high } of summaries) {
    const columns = values[0].map((_, i) => (Number.isNaN(values[0][i]) ? -1 : i));
    const found = { columns, values: values[0].map((_, i) => Float64Array.from(values, (row) => row[i])) };
    const band = meanBand(found, nSeeds, groups && Uint16Array.from(groups.flat()));
    close(band.mean, mean, "mean");
    close(band.low, low, "low");
    close(band.high, high, "high");
  }
});

test("shares of first places are the package's", () => {
  for (const { finals, n_seeds: nSeeds, n_comparisons: n, draws, expected } of shares) {
    const next = draws.flat(2)[Symbol.iterator]();
    const random = { below: () => next.next().value };
    close(firstShares(finals, nSeeds, random, n), expected, `${nSeeds} seeds`);
  }
  for (const [some, expected] of needed) assert.equal(seedsNeeded(some), expected, String(some));
});

test("the axis of the race shows all that counts, and reaches no lower than the lab's", () => {
  for (const { budgets, found, least, most, low } of limits) {
    const [bottom, top] = raceLimits({ budgets, found });
    assert.ok(bottom <= least && top >= most, "all is seen");
    assert.ok(bottom >= low - TOLERANCE && top <= 1, "nothing is squeezed");
  }
});

test("sentences are the package's, in both languages", () => {
  for (const { language, compared, held, status, notes: expected } of comparisons) {
    useTexts(language, texts[language]);
    const before = facts.held;
    facts.held = held;
    assert.equal(statusText(compared), status);
    assert.deepEqual(notes(compared), expected);
    facts.held = before;
  }
  useTexts("en", texts.en);
});

// -- the page's own draws --------------------------------------------------------------------------

test("the generator is xoshiro128**", () => {
  const random = new Random([1]);
  random.state.set([1, 2, 3, 4]);
  assert.deepEqual(Array.from({ length: drawn.xoshiro.length }, () => random.bits()), drawn.xoshiro);
});

test("settings are drawn evenly, and none twice", () => {
  const [nReplays, count, nSettings] = [6000, 7, 24];
  const settings = new Draw(nReplays, new Random([3, 1])).settings(count, nSettings);
  const repeats = new Draw(nReplays, new Random([3, 2])).repeats(count, 3);
  const counts = Array.from({ length: count }, () => new Array(nSettings).fill(0));
  for (let row = 0; row < nReplays; row += 1) {
    const own = settings.subarray(row * count, (row + 1) * count);
    assert.equal(new Set(own).size, count);
    own.forEach((setting, place) => (counts[place][setting] += 1));
  }
  const isEven = (found, share, total) =>
    Math.abs(found - share * total) < DEVIATIONS * Math.sqrt(total * share * (1 - share));
  assert.ok(counts.flat().every((found) => isEven(found, 1 / nSettings, nReplays)));
  const thirds = [0, 1, 2].map((repeat) => repeats.filter((one) => one === repeat).length);
  assert.ok(thirds.every((found) => isEven(found, 1 / 3, repeats.length)));
});

for (const { strategy, settings, n, mean, spread, low, high } of drawn.replays) {
  test(`with the page's draws ${strategy} finds as much, ${JSON.stringify(settings)}`, () => {
    const random = new Random([11, facts.strategies.indexOf(strategy)]);
    const found = replay(tables.shipped, strategy, settings, new Draw(n, random));
    const columns = found.columns.map((column) => found.values[column]);
    columns.forEach((values, place) => {
      if (!values) {
        assert.ok(Number.isNaN(mean[place]));
        return;
      }
      const own = values.reduce((sum, value) => sum + value, 0) / n;
      const error = Math.sqrt(2 / n) * spread[place];
      assert.ok(Math.abs(own - mean[place]) <= DEVIATIONS * error + TOLERANCE, `budget ${place}: ${own}, not ${mean[place]}`);
      // Where the package's band ends, nearly as many of the page's replays lie beyond.
      [[low, facts.band[0]], [high, facts.band[1]]].forEach(([ends, share]) => {
        const allowed = DEVIATIONS * Math.sqrt((2 * share * (1 - share)) / n);
        const below = values.filter((value) => value < ends[place] - TOLERANCE).length / n;
        const upTo = values.filter((value) => value <= ends[place] + TOLERANCE).length / n;
        assert.ok(below <= share + allowed && upTo >= share - allowed, `budget ${place}: ${below} to ${upTo}`);
      });
    });
  });
}

test("a comparison names the highest mean, and its own draws can be had again", () => {
  const settings = { ...DEFAULTS, n_resamplings: 300, n_seeds: 5 };
  const one = new Comparer(tables.shipped).compare(settings);
  const again = new Comparer(tables.shipped).compare(settings);
  assert.deepEqual(one, again);
  const other = new Comparer(tables.shipped).compare({ ...settings, seed: 1 });
  assert.notDeepEqual(one.found.random, other.found.random);
  const last = Object.entries(one.found).filter(([, found]) => !found.isUsedUp);
  const best = last.reduce((first, next) => (next[1].mean.at(-1) > first[1].mean.at(-1) ? next : first));
  assert.equal(one.winner, best[0]);
  const total = Object.values(one.chances).reduce((sum, share) => sum + share, 0);
  assert.ok(Math.abs(total - 1) < TOLERANCE);
});

test("quantiles lie between two numbers", () => {
  assert.equal(quantileOf([1, 2, 4], 0.75), 3);
  assert.equal(quantileOf([7], 0.05), 7);
});

// -- settings --------------------------------------------------------------------------------------

test("settings are read and refused as the package does", () => {
  useTexts("en", texts.en);
  assert.deepEqual(SETTINGS.strategies.parse("tpe,random"), ["random", "tpe"]);
  assert.equal(SETTINGS.max_epochs.parse("27"), 27);
  const wrong = { strategies: "", max_epochs: "12", measure: "guessed", unit: "hours", n_trials: "1", n_resamplings: "9", seed: "-1" };
  for (const [name, typed] of Object.entries(wrong)) {
    assert.throws(() => SETTINGS[name].parse(typed), (error) => error instanceof RangeError && error.message.startsWith(name));
  }
  assert.throws(() => SETTINGS.max_epochs.parse("12"), /max_epochs='12' is not allowed: one of 9, 27/);
});

test("the lines for the workbook name what differs from its defaults", () => {
  assert.equal(workbookLines(DEFAULTS), "import hpt_widgets as hpt\n\nhpt.BankLab()");
  const lines = workbookLines({ ...DEFAULTS, strategies: ["tpe"], n_trials: 7 });
  assert.equal(lines, "import hpt_widgets as hpt\n\nhpt.BankLab(\n    strategies=('tpe',),\n    n_trials=7,\n)");
});

test("a replay is looked at some times within each full training", () => {
  assert.deepEqual(budgetsOf(2, 9), [3, 6, 9, 12, 15, 18]);
});
