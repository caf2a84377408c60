// The package's surfaces to descend on, with their exact gradients and Hessians.
//
// Functions take one point [x] or [x, y]. Where a surface is looked at and where a walk starts
// comes from the package (facts); the formulas are written anew and held to it by a test.

import { facts } from "./facts.js";

const { cos, PI, sin, sqrt } = Math;

/** Function, gradient and Hessian of ½ θᵀAθ for a symmetric A. */
function quadratic(matrix) {
  const times = (point) =>
    matrix.map((row) => row.reduce((sum, value, i) => sum + value * point[i], 0));
  return {
    value: (point) => 0.5 * times(point).reduce((sum, value, i) => sum + value * point[i], 0),
    gradient: times,
    hessian: () => matrix,
  };
}

function ravine(condition, angle) {
  const [c, s] = [cos(angle), sin(angle)];
  const xy = c * s - condition * (s * c);
  return quadratic([
    [c * c + condition * (s * s), xy],
    [xy, s * s + condition * (c * c)],
  ]);
}

const rosenbrock = {
  value: ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient([x, y]) {
    const bend = y - x * x;
    return [-2 * (1 - x) - 400 * x * bend, 200 * bend];
  },
  hessian: ([x, y]) => [
    [2 - 400 * y + 1200 * x * x, -400 * x],
    [-400 * x, 200],
  ],
};

const BEALE = [1.5, 2.25, 2.625];
const powers = (y) => [y, y * y, y * y * y];
const residuals = ([x, y]) => powers(y).map((power, i) => BEALE[i] + x * (power - 1));
const beale = {
  value: (point) => residuals(point).reduce((sum, r) => sum + r * r, 0),
  gradient([x, y]) {
    const r = residuals([x, y]);
    const byX = powers(y).map((power) => power - 1);
    const byY = [x, 2 * x * y, 3 * x * y * y];
    const sum = (other) => 2 * (r[0] * other[0] + r[1] * other[1] + r[2] * other[2]);
    return [sum(byX), sum(byY)];
  },
  hessian([x, y]) {
    const r = residuals([x, y]);
    const byX = powers(y).map((power) => power - 1);
    const byXY = [1, 2 * y, 3 * y * y];
    const byY = byXY.map((slope) => x * slope);
    const byYY = [0, 2 * x, 6 * x * y];
    const sum = (term) => 2 * (term(0) + term(1) + term(2));
    const xy = sum((i) => byX[i] * byY[i] + r[i] * byXY[i]);
    return [
      [sum((i) => byX[i] ** 2), xy],
      [xy, sum((i) => byY[i] ** 2 + r[i] * byYY[i])],
    ];
  },
};

const himmelblau = {
  value: ([x, y]) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
  gradient([x, y]) {
    const [first, second] = [x * x + y - 11, x + y * y - 7];
    return [4 * x * first + 2 * second, 2 * first + 4 * y * second];
  },
  hessian: ([x, y]) => [
    [12 * x * x + 4 * y - 42, 4 * (x + y)],
    [4 * (x + y), 12 * y * y + 4 * x - 26],
  ],
};

const saddle = {
  value: ([x, y]) => 0.5 * x * x + 0.25 * (y * y - 1) ** 2,
  gradient: ([x, y]) => [x, y * (y * y - 1)],
  hessian: ([, y]) => [
    [1, 0],
    [0, 3 * y * y - 1],
  ],
};

const rastrigin = {
  value: (point) => point.reduce((sum, x) => sum + (x * x - 10 * cos(2 * PI * x) + 10), 0),
  gradient: (point) => point.map((x) => 2 * x + 20 * PI * sin(2 * PI * x)),
  hessian([x, y]) {
    const second = (z) => 2 + 40 * PI * PI * cos(2 * PI * z);
    return [
      [second(x), 0],
      [0, second(y)],
    ];
  },
};

const bowl = (kappa) => quadratic([[1, 0], [0, kappa]]);

const FUNCTIONS = {
  parabola: quadratic([[2]]),
  ravine: ravine(facts.descent.surfaces.ravine.condition_number, PI / 6),
  rosenbrock,
  beale,
  himmelblau,
  saddle,
  rastrigin,
};

export const SURFACE_NAMES = Object.keys(facts.descent.surfaces);
export const BOWL = "quadratic_bowl";

/**
 * Return a surface by its name.
 *
 * @param {string} name
 * @param {number} [conditionNumber] for the quadratic bowl alone
 */
export function getSurface(name, conditionNumber) {
  const known = facts.descent.surfaces[name];
  const kappa = conditionNumber ?? known.condition_number;
  const functions = name === BOWL ? bowl(kappa) : FUNCTIONS[name];
  const surface = {
    name,
    ...functions,
    window: known.window,
    start: known.start,
    minima: known.minima,
    rates: known.suggested_rates,
    dims: known.window.length,
    conditionNumber: kappa,
    diagonal: Math.hypot(...known.window.map(([low, high]) => high - low)),
  };
  surface.lowest = known.minima.length ? functions.value(known.minima[0]) : null;
  return surface;
}

/** Eigenvalues of the Hessian at a point, in ascending order; null where it is not finite. */
export function curvatures(surface, point) {
  const matrix = surface.hessian(point);
  if (!matrix.flat().every(Number.isFinite)) return null;
  if (matrix.length === 1) return [matrix[0][0]];
  const [[a, b], [, d]] = matrix;
  const middle = (a + d) / 2;
  const reach = sqrt(((a - d) / 2) ** 2 + b * b);
  return [middle - reach, middle + reach];
}
