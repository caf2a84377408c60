// A drawing becomes the picture that the package makes of it.

import assert from "node:assert/strict";
import test from "node:test";
import { asset, largestDifference, readJson } from "./helpers.mjs";

const { drawings, size, thinnest } = readJson("drawings.json");
const { drawStrokes, penFor, prepareDrawing } = await asset("handwriting.js");

for (const { name, strokes, pen, ink, picture } of drawings) {
  test(`${name} is drawn and prepared as in the package`, () => {
    assert.ok(Math.abs(penFor(strokes, thinnest) - pen) < 1e-12);
    const drawn = drawStrokes(strokes, size, pen);
    const sums = [0, 1].map((axis) => {
      const sum = new Float64Array(size);
      drawn.values.forEach((value, place) => {
        sum[axis ? place % size : Math.floor(place / size)] += value;
      });
      return [...sum];
    });
    assert.ok(largestDifference(sums.flat(), ink) < 1e-9);
    assert.ok(largestDifference(prepareDrawing(drawn), picture) < 1e-6);
  });
}

test("without ink there is no picture", () => {
  assert.equal(prepareDrawing(drawStrokes([[[-500, -500]]], size, 8)), null);
});
