// What an axis shows: from a value to its share of the axis, and where its ticks are.

import { short } from "./numbers.js";

const NICE = [
  [1, 2, 5],
  [3, 7],
  [1.5, 2.5, 4, 6, 8],
  [1.2, 1.8, 2.2, 3.5, 4.5, 5.5, 6.5, 7.5, 9],
];

// An error that is smaller than all others by this factor was hardly reached by training.
const FAR_BELOW = 10;
// No class is so weak that an accuracy of 99 % would be out of the question.
const ALWAYS_RIVAL = 0.9;

/**
 * Return the best of some accuracies that an axis has to hold; null where there is none.
 *
 * An error of 0 has no place on it, and one that is far below all others would flatten them.
 *
 * @param {(number | null)[]} accuracies null for a run that diverged
 */
export function bestOnAxis(accuracies) {
  const known = accuracies.filter((value) => value !== null && value < 1);
  const bestBelow = (end) => known.reduce((best, value) => (value < end && value > (best ?? -1) ? value : best), null);
  const best = bestBelow(1);
  const second = bestBelow(best);
  const isFar = second !== null && FAR_BELOW * (1 - best) < 1 - Math.max(second, ALWAYS_RIVAL);
  return isFar ? second : best;
}

/** A logarithmic axis of positive numbers; its ticks are powers of the base, and what lies nicely between those of 10. */
export function logScale(low, high, base = 10) {
  const span = Math.log(high / low) || 1;
  return {
    share: (value) => Math.log(Math.max(value, low) / low) / span,
    // What is 0 has its place at the edge; it is no number that the axis has left out.
    holds: (value) => value <= 0 || (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)),
    ticks: (room, gap) => {
      const powers = exponents(low, high, base).map((power) => base ** power);
      const between = base === 10 ? powers.flatMap((power) => [2 * power, 5 * power]) : [];
      return spread([powers, between], low, high, (value) => Math.log(value / low) / span, room, gap);
    },
    write: short,
  };
}

/** A linear axis. */
export function linearScale(low, high) {
  const span = high - low || 1;
  const share = (value) => (value - low) / span;
  return {
    share,
    ticks: (room, gap) => {
      const rough = (span * gap) / room;
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].map((m) => m * power).find((size) => size >= rough);
      const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
      return Array.from({ length: count }, (_, i) => (Math.ceil(low / step - 1e-9) + i) * step);
    },
    write: (value) => short(Number(value.toPrecision(3))),
  };
}

/** An axis of things that have no order. */
export function categoryScale(values) {
  const places = new Map(values.map((value, i) => [String(value), (i + 0.5) / values.length]));
  return {
    share: (value) => places.get(String(value)),
    ticks: () => values,
    write: short,
    isCategory: true,
  };
}

/** An axis of accuracies, as long as the logarithm of their errors: 98 % to 99 % is as far as 96 % to 98 %. */
export function errorScale(low, high) {
  const span = Math.log((1 - low) / (1 - high)) || 1;
  // What lies above, such as an accuracy of 1, is drawn at the edge.
  const share = (value) => Math.log((1 - low) / Math.max(1 - value, 1 - high)) / span;
  return {
    share,
    holds: (value) => value <= high,
    ticks: (room, gap) => {
      const powers = exponents(1 - high, 1 - low);
      const groups = NICE.map((multiples) =>
        powers.flatMap((power) => multiples.map((m) => 1 - m * 10 ** power)),
      );
      return spread(groups, low, high, share, room, gap);
    },
    write: (value) => `${Number((100 * value).toFixed(2))} %`,
  };
}

function exponents(low, high, base = 10) {
  const first = Math.floor(Math.log(low) / Math.log(base));
  const last = Math.ceil(Math.log(high) / Math.log(base));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Take candidates, the nicest first, as far as there is a gap around them. */
function spread(groups, low, high, share, room, gap) {
  const taken = [];
  for (const value of groups.flat()) {
    const inside = value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
    const place = share(value) * room;
    if (inside && taken.every(([, other]) => Math.abs(other - place) >= gap)) taken.push([value, place]);
  }
  return taken.map(([value]) => value).sort((a, b) => a - b);
}
