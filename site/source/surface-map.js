// The map of a surface of two variables: shaded ground, the lowest lightest, with lines of height.

import { facts } from "./facts.js";

// Pixels of the picture; it is stretched over the chart.
const WIDTH = 480;
const HEIGHT = 400;
const GROUND = facts.descent.ground.map((hex) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)));
const NOWHERE = [208, 208, 208]; // where the function has no value
const LINE = [22, 50, 79];
const LINE_SHARE = 0.3;

/** Return a canvas with the shades of a surface over its window, high y upwards. */
export function drawMap(surface) {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d");
  const image = context.createImageData(WIDTH, HEIGHT);
  const heights = heightsOf(surface);
  const bands = heights.map((height) => Math.min(Math.floor(facts.descent.bands * height), facts.descent.bands - 1));
  for (let row = 0; row < HEIGHT; row += 1) {
    for (let column = 0; column < WIDTH; column += 1) {
      const place = row * WIDTH + column;
      const isEdge = column < WIDTH - 1 && !Object.is(bands[place], bands[place + 1]);
      const isLine = isEdge || (row < HEIGHT - 1 && !Object.is(bands[place], bands[place + WIDTH]));
      paint(image.data, 4 * place, heights[place], isLine ? LINE_SHARE : 0);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Return heights from 0 to 1, the third root of their share of the whole: bands are then narrow in
 * the valleys and wide on the slopes. NaN where the function has no value.
 */
function heightsOf(surface) {
  const [[left, right], [bottom, top]] = surface.window;
  const values = new Float64Array(WIDTH * HEIGHT);
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < HEIGHT; row += 1) {
    const y = top - ((row + 0.5) / HEIGHT) * (top - bottom);
    for (let column = 0; column < WIDTH; column += 1) {
      const value = surface.value([left + ((column + 0.5) / WIDTH) * (right - left), y]);
      values[row * WIDTH + column] = value;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const whole = high - low || 1;
  return values.map((value) => (Number.isFinite(value) ? Math.cbrt((value - low) / whole) : NaN));
}

/** Write one pixel: the ground at a height from 0 (lightest) to 1, and a share of a line over it. */
function paint(pixels, place, height, lineShare) {
  const stop = height ** facts.descent.shade_power * (GROUND.length - 1);
  const before = Math.min(Math.floor(stop), GROUND.length - 2);
  for (let i = 0; i < 3; i += 1) {
    let part = NOWHERE[i];
    if (!Number.isNaN(height)) {
      const from = GROUND[before][i];
      part = from + (stop - before) * (GROUND[before + 1][i] - from);
    }
    pixels[place + i] = part * (1 - lineShare) + LINE[i] * lineShare;
  }
  pixels[place + 3] = 255;
}
