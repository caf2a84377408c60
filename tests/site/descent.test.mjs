// Every optimiser on every surface, each step taken from the package's own point.

import assert from "node:assert/strict";
import test from "node:test";
import { asset, readJson } from "./helpers.mjs";

const { walks, schedules, texts, limits, scenes } = readJson("descent.json");
const { getSurface, SURFACE_NAMES } = await asset("surfaces.js");
const { descend, makeRule, scheduleFactors, heights, lossLimits, lossScene } = await asset("descent.js");
const { describe } = await asset("verdict.js");
const { useTexts } = await asset("texts.js");
const { facts } = await asset("facts.js");

const TOLERANCE = 1e-12;

/** Tell whether two numbers agree to twelve digits of the larger one of them, or of 1. */
function agree(found, expected, scale = 1) {
  if (Object.is(found, expected) || found === expected) return true;
  return Math.abs(found - expected) <= TOLERANCE * Math.max(scale, Math.abs(expected));
}

function close(found, expected, words, scale) {
  expected.forEach((value, i) => {
    assert.ok(agree(found[i], value, scale), `${words}: ${found[i]}, not ${value}`);
  });
}

const surfaceOf = (walk) => getSurface(walk.surface, walk.condition_number ?? undefined);
const titleOf = (walk) => `${walk.optimizer} on ${walk.surface}, rate ${walk.learning_rate}`;

test("all surfaces and optimisers of the package are here", () => {
  const seen = new Set(walks.map((walk) => `${walk.surface} ${walk.optimizer}`));
  assert.equal(seen.size, SURFACE_NAMES.length * facts.descent.optimizers.length);
});

for (const walk of walks) {
  test(`${titleOf(walk)}: values, gradients and moves`, () => {
    const surface = surfaceOf(walk);
    const rule = makeRule(walk.optimizer, walk.momentum);
    const last = walk.diverged_at === null ? walk.steps : walk.diverged_at - 1;
    for (let step = 0; step < last; step += 1) {
      const point = walk.points[step];
      const words = `step ${step}`;
      close([surface.value(point)], [walk.losses[step]], `${words}, loss`);
      if (!walk.gradient_noise) close(surface.gradient(point), walk.gradients[step], `${words}, gradient`, 10);
      const move = rule(walk.gradients[step], walk.learning_rates[step]);
      const next = point.map((place, i) => place + move[i]);
      close(next, walk.points[step + 1], `${words}, next point`);
    }
  });

  test(`${titleOf(walk)}: the verdict's words`, () => {
    const surface = surfaceOf(walk);
    const path = {
      ...{ optimizer: walk.optimizer, points: walk.points, gradients: walk.gradients },
      ...{ losses: walk.losses, learningRates: walk.learning_rates, divergedAt: walk.diverged_at },
      ...{ steps: walk.steps, momentum: walk.momentum, gradientNoise: walk.gradient_noise },
      lastStep: walk.diverged_at ?? walk.steps,
    };
    for (const { step, language, state, words } of walk.verdicts) {
      useTexts(language, texts[language]);
      const found = describe(path, surface, step);
      assert.equal(found.state, state, `step ${step}`);
      assert.equal(found.words, words);
    }
  });

  if (walk.is_stable || walk.diverged_at !== null) {
    test(`${titleOf(walk)}: the whole walk`, () => {
      const path = descend(surfaceOf(walk), walk.optimizer, {
        learningRate: walk.learning_rate,
        start: walk.start,
        steps: walk.steps,
        momentum: walk.momentum,
        schedule: walk.schedule,
        gradientNoise: walk.gradient_noise,
        normals: walk.normals,
      });
      assert.equal(path.divergedAt, walk.diverged_at);
      if (!walk.is_stable) return;
      path.points.forEach((point, step) => close(point, walk.points[step], `step ${step}`, 1e3));
    });
  }
}

test("schedules are the package's", () => {
  for (const { schedule, steps, factors } of schedules) close([...scheduleFactors(schedule, steps)], factors, schedule);
});

test("the limits of the loss chart are the package's", () => {
  for (const { rows, low, high } of limits) close(lossLimits(rows), [low, high], "limits");
});

test("what is drawn of losses, and where they leave the chart, is the package's", () => {
  for (const { heights: rows, low, high, rows: drawn, departures } of scenes) {
    const scene = lossScene(rows);
    close([scene.low, scene.high], [low, high], "limits");
    scene.rows.forEach((row, racer) => close(row, drawn[racer], `row ${racer}`));
    for (const edge of ["above", "below"]) {
      const [found, wanted] = [scene.departures[edge], departures[edge]];
      assert.deepEqual(found.map(({ racer }) => racer), wanted.map(({ racer }) => racer), edge);
      close(found.map(({ step }) => step), wanted.map(({ step }) => step), edge);
    }
  }
});

test("heights stand above the lowest point", () => {
  const walk = walks.find((one) => one.surface === "himmelblau");
  const [row] = heights(surfaceOf(walk), [{ losses: [5, 0, -1] }]);
  assert.deepEqual(row, [5, facts.descent.lowest_drawn, facts.descent.lowest_drawn]);
});
