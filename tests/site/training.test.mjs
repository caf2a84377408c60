// The kernel, step by step from the package's own states.

import assert from "node:assert/strict";
import test from "node:test";
import { asset, largestDifference, networkWithDigits, readArrays, readJson } from "./helpers.mjs";

const { sizes, trainings } = readJson("training.json");
const lengths = sizes.slice(1).flatMap((units, i) => [sizes[i] * units, units]);
const network = await networkWithDigits();
const TOLERANCE = 1e-5;

const hp = (training) => ({
  ...{ hidden_units: sizes.slice(1, -1), seed: 3, dropout_rate: 0.3, weight_decay: 0.1 },
  optimizer: training.optimizer,
  learning_rate: training.learning_rate,
  activation: training.activation,
});

for (const training of trainings) {
  test(`${training.optimizer} and ${training.activation} take the package's steps`, () => {
    network.begin(hp(training));
    network.shuffle(3, 0, 2000);
    for (const { name, position, step, rows, loss } of training.cases) {
      const all = Array(1 + training.slots).fill(lengths).flat();
      const groups = (arrays) => [0, 1, 2].map((i) => arrays.slice(i * lengths.length, (i + 1) * lengths.length));
      const before = groups(readArrays(`${name}-before.bin`, all));
      const after = groups(readArrays(`${name}-after.bin`, all));
      network.load(before[0], before.slice(1, 1 + training.slots));
      const found = network.step({ ...hp(training), batch_size: rows }, position, rows, step);
      assert.ok(Math.abs(found - loss) < TOLERANCE, `loss ${found}, not ${loss}`);
      const states = [network.weights(), network.slots(0), network.slots(1)];
      for (let i = 0; i <= training.slots; i += 1) {
        states[i].forEach((values, layer) => {
          const difference = largestDifference(values, after[i][layer]);
          assert.ok(difference < TOLERANCE, `${name}, group ${i}, array ${layer}: ${difference}`);
        });
      }
      // The step did something: a network that stands still would pass where steps are small.
      assert.ok(largestDifference(after[0][0], before[0][0]) > 1e-4);
    }
  });

  test(`${training.optimizer} and ${training.activation} drop the package's units`, () => {
    network.begin(hp(training));
    const hidden = sizes.slice(1, -1).reduce((a, b) => a + b);
    for (const { name, step, rows } of training.cases) {
      const [expected] = readArrays(`${name}-masks.bin`, [rows * hidden]);
      assert.deepEqual(network.masks(3, step, rows, 0.3), expected);
    }
  });
}

test("the first weights and the orders are the package's to the bit", async () => {
  const { starts } = readJson("training.json");
  for (const { seed, sizes: all, epoch, count, order } of starts) {
    network.begin({ ...hp(trainings[0]), seed, hidden_units: all.slice(1, -1) });
    const shapes = all.slice(1).flatMap((units, i) => [all[i] * units, units]);
    assert.deepEqual(network.weights(), readArrays(`weights-${seed}.bin`, shapes));
    network.shuffle(seed, epoch, count);
    assert.deepEqual([...network.order(count)], order);
  }
});

test("rows are recorded and validated where the package does", async () => {
  const { recordPlan } = await asset("training.js");
  for (const { n, epochs, first, points, validated } of readJson("training.json").plans) {
    const plan = recordPlan(n, epochs, first);
    assert.deepEqual(plan.points, points);
    assert.deepEqual([...plan.validated].sort((a, b) => a - b), validated);
  }
});

test("whole runs end where the package's end", async () => {
  const { TrainingSession } = await asset("training.js");
  for (const { values, history } of readJson("training.json").runs) {
    const session = new TrainingSession(network, values, { train: 5000, validation: 1500 });
    while (!session.ended) session.advance(50);
    assert.deepEqual(session.points.map((point) => point.samples), history.samples);
    session.points.forEach((point, i) => {
      const loss = history.training_loss[i];
      assert.ok(Math.abs(point.trainingLoss - loss) < 0.02 * loss, `${point.trainingLoss}, not ${loss}`);
      const measured = history.validation_loss[i];
      assert.equal(point.validationLoss === null, Number.isNaN(measured));
      if (point.validationLoss === null) return;
      assert.ok(Math.abs(point.validationLoss - measured) < 0.02 * measured);
      assert.ok(Math.abs(point.validationAccuracy - history.validation_accuracy[i]) < 0.006);
    });
  }
});

test("a run is the same however it is cut into chunks", async () => {
  const { TrainingSession } = await asset("training.js");
  const [{ values }] = readJson("training.json").runs;
  const counts = { train: 1000, validation: 500 };
  const losses = [Infinity, 0].map((milliseconds) => {
    const session = new TrainingSession(network, values, counts);
    while (!session.ended) session.advance(milliseconds);
    return session.points.map((point) => [point.trainingLoss, point.validationLoss]);
  });
  assert.deepEqual(losses[0], losses[1]);
});

test("a run that diverges says so, with its last weights measured", async () => {
  const { TrainingSession } = await asset("training.js");
  const values = { ...readJson("training.json").runs[0].values, optimizer: "sgd", learning_rate: 10 };
  const session = new TrainingSession(network, values, { train: 5000, validation: 500 });
  while (!session.ended) session.advance(50);
  assert.equal(session.ended, "diverged");
  assert.ok(session.samples < 5000);
  assert.ok(!(session.points.at(-1).trainingLoss < 100));
  assert.notEqual(session.points.at(-1).validationAccuracy, null);
});

test("what may be changed in mid-run is, and is noted", async () => {
  const { TrainingSession } = await asset("training.js");
  const [{ values }] = readJson("training.json").runs;
  const session = new TrainingSession(network, values, { train: 1000, validation: 100 });
  session.advance(Infinity, 2);
  session.change({ learning_rate: 0, batch_size: 50 });
  const { samples } = session;
  const before = network.weights();
  session.advance(Infinity, 1);
  assert.equal(session.samples, samples + 50);
  assert.deepEqual(network.weights(), before); // a learning rate of 0 leaves them as they are
  assert.deepEqual(session.changes, [[samples, { learning_rate: 0, batch_size: 50 }]]);
  session.stop();
  assert.equal(session.ended, "stopped");
});

test("behind the last step nothing can be changed", async () => {
  const { TrainingSession } = await asset("training.js");
  const values = { ...readJson("training.json").runs[0].values, epochs: 2 };
  const session = new TrainingSession(network, values, { train: 1000, validation: 1000 });
  while (session.samples < 1000) session.advance(0);
  session.change({ learning_rate: 0.5 }); // between two epochs it can
  while (session.samples < 2000) session.advance(0);
  session.change({ learning_rate: 0.25 });
  assert.equal(session.ended, null); // the last weights are still to be measured
  while (!session.ended) session.advance(Infinity);
  session.change({ learning_rate: 0.125 });
  assert.deepEqual(session.changes.map(([, changes]) => changes), [{ learning_rate: 0.5 }]);
  assert.equal(session.current.learning_rate, 0.5);
});

test("the digits misread are those that the package finds", async () => {
  const { MistakeSearch, commonest } = await asset("mistakes.js");
  const { weights, confusion, worst, pairs, picture, equal } = readJson("mistakes.json");
  network.begin({ ...hp(trainings[0]), hidden_units: weights.slice(1, -1), activation: "relu" });
  const shapes = weights.slice(1).flatMap((units, i) => [weights[i] * units, units]);
  network.load(readArrays("mistakes-weights.bin", shapes));
  const search = new MistakeSearch(network, 1500);
  while (!search.isDone) search.advance();
  const found = search.result();
  assert.deepEqual(found.confusion, confusion);
  assert.deepEqual(found.worst.map((one) => one.number), worst);
  const listed = (matrix) => commonest(matrix).map((pair) => [pair.true, pair.predicted, pair.count]);
  assert.deepEqual(listed(found.confusion), pairs);
  assert.deepEqual(listed(equal.confusion), equal.pairs);
  const probabilities = network.read(Float32Array.from(picture.pixels));
  assert.ok(largestDifference(probabilities, picture.probabilities) < TOLERANCE);
});
