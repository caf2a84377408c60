// The accuracy that the page is said to reach is what its arithmetic comes to.

import assert from "node:assert/strict";
import test from "node:test";

import { asset, networkWithDigits, readJson } from "./helpers.mjs";

const { defaults, seeds } = readJson("accuracy.json");
const { facts } = await asset("facts.js");
const { TrainingSession } = await asset("training.js");
const network = await networkWithDigits(facts.packs.length);

for (const { seed, accuracy } of seeds) {
  test(`seed ${seed} comes to the accuracy that is stored`, () => {
    const counts = { train: facts.digits.train, validation: facts.digits.validation };
    const session = new TrainingSession(network, { ...defaults, seed }, counts);
    while (!session.ended) session.advance(Infinity);
    assert.equal(session.points.at(-1).validationAccuracy, accuracy);
  });
}
