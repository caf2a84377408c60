// From a drawing to a picture as MNIST has them, as the package's handwriting module does it.

import { facts } from "./facts.js";
import { roundHalfEven } from "./format.js";

const { field: FIELD, box: BOX, centre: CENTRE, faint: FAINT, pen_share: PEN_SHARE } = facts.drawing;

/** A picture of numbers, row by row. */
class Picture {
  constructor(height, width, values = new Float64Array(height * width)) {
    Object.assign(this, { height, width, values });
  }

  at(row, column) {
    return this.values[row * this.width + column];
  }
}

/**
 * Return the width of pen that makes strokes as thick as MNIST's are.
 *
 * @param {number[][][]} strokes each a list of points [x, y]
 * @param {number} thinnest
 */
export function penFor(strokes, thinnest) {
  const points = strokes.flat();
  const spread = (axis) => {
    const values = points.map((point) => point[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  return Math.max(thinnest, PEN_SHARE * Math.max(spread(0), spread(1)));
}

/** Draw strokes with a round pen, edges anti-aliased. */
export function drawStrokes(strokes, size, penWidth) {
  const picture = new Picture(size, size);
  for (const points of strokes) {
    const ends = points.length > 1 ? points.slice(1).map((end, i) => [points[i], end]) : [[points[0], points[0]]];
    ends.forEach(([start, end]) => paint(picture, start, end, penWidth / 2));
  }
  return picture;
}

function paint(picture, start, end, radius) {
  const reach = radius + 1;
  const clip = (value) => Math.min(Math.max(value, 0), picture.width);
  const low = [0, 1].map((i) => clip(Math.floor(Math.min(start[i], end[i]) - reach)));
  const high = [0, 1].map((i) => clip(Math.ceil(Math.max(start[i], end[i]) + reach)));
  const along = [end[0] - start[0], end[1] - start[1]];
  const square = along[0] ** 2 + along[1] ** 2;
  for (let row = low[1]; row < high[1]; row += 1) {
    for (let column = low[0]; column < high[0]; column += 1) {
      const x = column + 0.5 - start[0];
      const y = row + 0.5 - start[1];
      const share = square ? Math.min(Math.max((x * along[0] + y * along[1]) / square, 0), 1) : 0;
      const distance = Math.hypot(x - share * along[0], y - share * along[1]);
      const ink = Math.min(Math.max(radius + 0.5 - distance, 0), 1);
      const place = row * picture.width + column;
      picture.values[place] = Math.max(picture.values[place], ink);
    }
  }
}

/** Turn a drawing into 28 × 28 numbers from 0 to 1; null if there is no ink. */
export function prepareDrawing(picture) {
  const brightest = Math.max(...picture.values);
  if (!brightest) return null;
  const ink = cutOut(picture, FAINT * brightest);
  const longest = Math.max(ink.height, ink.width);
  const scaled = (side) => Math.max(1, roundHalfEven((side * BOX) / longest));
  const small = resize(ink, scaled(ink.height), scaled(ink.width));
  const most = Math.max(...small.values);
  small.values.forEach((value, i) => {
    small.values[i] = value / most;
  });
  return Float32Array.from(centred(small).values);
}

function cutOut(picture, faint) {
  let [top, bottom, left, right] = [picture.height, -1, picture.width, -1];
  picture.values.forEach((value, place) => {
    if (value <= faint) return;
    const row = Math.floor(place / picture.width);
    const column = place % picture.width;
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    left = Math.min(left, column);
    right = Math.max(right, column);
  });
  const cut = new Picture(bottom - top + 1, right - left + 1);
  for (let row = 0; row < cut.height; row += 1) {
    for (let column = 0; column < cut.width; column += 1) {
      cut.values[row * cut.width + column] = picture.at(top + row, left + column);
    }
  }
  return cut;
}

/** Scale a picture; each new pixel is the mean of the area that it covers. */
function resize(picture, height, width) {
  const rows = areas(picture.height, height);
  const columns = areas(picture.width, width);
  const result = new Picture(height, width);
  rows.forEach((rowShares, row) => {
    columns.forEach((columnShares, column) => {
      let sum = 0;
      for (const [from, rowShare] of rowShares) {
        for (const [place, share] of columnShares) sum += rowShare * share * picture.at(from, place);
      }
      result.values[row * width + column] = sum;
    });
  });
  return result;
}

function areas(before, after) {
  return Array.from({ length: after }, (_, i) => {
    const [start, end] = [(i * before) / after, ((i + 1) * before) / after];
    const shares = [];
    for (let place = Math.floor(start); place < Math.min(before, Math.ceil(end)); place += 1) {
      const overlap = Math.min(end, place + 1) - Math.max(start, place);
      if (overlap > 0) shares.push([place, overlap / (end - start)]);
    }
    return shares;
  });
}

function centred(small) {
  const picture = new Picture(FIELD, FIELD);
  let [mass, down, along] = [0, 0, 0];
  small.values.forEach((value, place) => {
    mass += value;
    down += value * Math.floor(place / small.width);
    along += value * (place % small.width);
  });
  const start = (centre, length) =>
    Math.min(Math.max(roundHalfEven(CENTRE - centre), 0), FIELD - length);
  const top = start(down / mass, small.height);
  const left = start(along / mass, small.width);
  for (let row = 0; row < small.height; row += 1) {
    for (let column = 0; column < small.width; column += 1) {
      picture.values[(top + row) * FIELD + left + column] = small.at(row, column);
    }
  }
  return picture;
}
