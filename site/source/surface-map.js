// The map of a surface of two variables: pale bands of height, the lowest ground lightest.

import { facts } from "./facts.js";

// Pixels of the picture; it is stretched over the chart.
const WIDTH = 480;
const HEIGHT = 400;
const NOWHERE = [208, 208, 208]; // where the function has no value
const LINE = [91, 107, 126];

/** Return a canvas with the bands of a surface over its window, high y upwards. */
export function drawMap(surface) {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d");
  const image = context.createImageData(WIDTH, HEIGHT);
  const bands = bandsOf(surface);
  const colors = Array.from({ length: facts.descent.bands }, (_, i) => shade(i / (facts.descent.bands - 1)));
  for (let row = 0; row < HEIGHT; row += 1) {
    for (let column = 0; column < WIDTH; column += 1) {
      const place = row * WIDTH + column;
      const band = bands[place];
      let color = band < 0 ? NOWHERE : colors[band];
      const isEdge = band !== bands[place + 1] && column < WIDTH - 1;
      if (isEdge || (band !== bands[place + WIDTH] && row < HEIGHT - 1)) {
        color = color.map((part, i) => part * 0.62 + LINE[i] * 0.38);
      }
      image.data.set([...color, 255], 4 * place);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Bands grow with the cube of their number: narrow in the valleys, wide on the slopes. */
function bandsOf(surface) {
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
  const last = facts.descent.bands - 1;
  return Int8Array.from(values, (value) =>
    Number.isFinite(value)
      ? Math.min(last, Math.floor(facts.descent.bands * Math.cbrt((value - low) / (high - low))))
      : -1,
  );
}

/** A colour of the ground, from its lightest (0) to its darkest (1). */
function shade(part) {
  const stops = facts.descent.ground.map((hex) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)));
  const place = part * (stops.length - 1);
  const before = Math.min(Math.floor(place), stops.length - 2);
  return stops[before].map((from, i) => from + (place - before) * (stops[before + 1][i] - from));
}
