// Optimisers walking on a surface, with the package's update rules (those of keras.optimizers).

import { facts } from "./facts.js";

const { far: FAR, ...RULE } = facts.descent.rules;
const FIRST_SQUARE = RULE.adagrad.first_square;
const DECAYS = { rmsprop: RULE.rmsprop.rho, adam: RULE.adam.beta_2 };

/** Element-wise update rules: a rule returns what is added to the point, and remembers the rest. */
const RULES = {
  gradient_descent: () => (gradient, rate) => gradient.map((g) => -rate * g),
  momentum: (momentum) => withMomentum(momentum, false),
  nesterov: (momentum) => withMomentum(momentum, true),
  adagrad() {
    const squares = [FIRST_SQUARE, FIRST_SQUARE];
    return (gradient, rate) =>
      gradient.map((g, i) => {
        squares[i] += g * g;
        return (-rate * g) / Math.sqrt(squares[i] + RULE.adagrad.epsilon);
      });
  },
  rmsprop() {
    const rho = DECAYS.rmsprop;
    const squares = [0, 0];
    return (gradient, rate) =>
      gradient.map((g, i) => {
        squares[i] = rho * squares[i] + (1 - rho) * (g * g);
        return (-rate * g) / Math.sqrt(squares[i] + RULE.rmsprop.epsilon);
      });
  },
  adam() {
    const { beta_1: beta1, beta_2: beta2, epsilon } = RULE.adam;
    const means = [0, 0];
    const squares = [0, 0];
    let step = 0;
    return (gradient, rate) => {
      step += 1;
      const correction = Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
      return gradient.map((g, i) => {
        means[i] += (g - means[i]) * (1 - beta1);
        squares[i] += (g * g - squares[i]) * (1 - beta2);
        return (-rate * correction * means[i]) / (Math.sqrt(squares[i]) + epsilon);
      });
    };
  },
};

function withMomentum(momentum, isNesterov) {
  const velocity = [0, 0];
  return (gradient, rate) =>
    gradient.map((g, i) => {
      const pull = rate * g;
      velocity[i] = momentum * velocity[i] - pull;
      return isNesterov ? momentum * velocity[i] - pull : velocity[i];
    });
}

/** Return a fresh update rule: a function of a gradient and a learning rate. */
export function makeRule(optimizer, momentum) {
  return RULES[optimizer](momentum);
}

/** Return what the learning rate is multiplied by at each move. */
export function scheduleFactors(schedule, steps) {
  return Float64Array.from({ length: steps }, (_, step) => {
    const progress = step / steps;
    if (schedule === "step") return progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01;
    if (schedule === "cosine") return 0.5 * (1 + Math.cos(Math.PI * progress));
    return 1;
  });
}

/**
 * Walk down a surface.
 *
 * @param {object} surface see `getSurface`
 * @param {string} optimizer
 * @param {object} settings learningRate, start, steps, momentum, schedule; gradientNoise and the
 *   standard normal numbers `normals` that it is multiplied with, step by step
 * @returns {object} the walk: `points` and `gradients` (a list of points), `losses`,
 *   `learningRates`, `divergedAt` (a step or null), `lastStep`, and the settings
 */
export function descend(surface, optimizer, settings) {
  const { learningRate, start, steps, momentum, schedule, gradientNoise = 0, normals } = settings;
  const rule = makeRule(optimizer, momentum);
  const rates = scheduleFactors(schedule, steps).map((factor) => factor * learningRate);
  const gradientAt = (point, step) => {
    const exact = surface.gradient(point);
    if (!gradientNoise) return exact;
    return exact.map((g, i) => g + gradientNoise * normals[step * surface.dims + i]);
  };
  const points = [start.slice()];
  const gradients = [];
  for (let step = 0; step < steps; step += 1) {
    gradients.push(gradientAt(points[step], step));
    const move = rule(gradients[step], rates[step]);
    points.push(points[step].map((place, i) => place + move[i]));
  }
  gradients.push(gradientAt(points[steps], steps));
  const losses = points.map((point) => surface.value(point));
  const path = { optimizer, points, gradients, losses, learningRates: rates, divergedAt: null };
  return finished(surface, { ...path, steps, learningRate, momentum, gradientNoise, schedule });
}

/** Cut the path where it left for good: from there on, repeat the last finite row. */
function finished(surface, path) {
  const middle = surface.window.map(([low, high]) => (low + high) / 2);
  const distances = path.points.map((point) => Math.hypot(...point.map((place, i) => place - middle[i])));
  const isFinite = path.losses.map(
    (loss, i) => Number.isFinite(loss) && path.gradients[i].every(Number.isFinite),
  );
  const most = FAR * (surface.diagonal + distances[0]);
  const leftAt = distances.findIndex((distance, i) => !(isFinite[i] && distance <= most));
  if (leftAt < 0) return { ...path, lastStep: path.steps };
  // The start is finite, so there is a row before one that is not.
  const last = isFinite[leftAt] && Number.isFinite(distances[leftAt]) ? leftAt : leftAt - 1;
  const cut = (rows) => rows.map((_, i) => rows[Math.min(i, last)]);
  return {
    ...path,
    points: cut(path.points),
    gradients: cut(path.gradients),
    losses: cut(path.losses),
    divergedAt: leftAt,
    lastStep: leftAt,
  };
}

/** Return the rate above which the optimiser diverges on a quadratic; null where there is none. */
export function stabilityLimit(optimizer, largest, momentum) {
  if (largest <= 0) return null;
  if (optimizer === "gradient_descent") return 2 / largest;
  if (optimizer === "momentum") return (2 * (1 + momentum)) / largest;
  if (optimizer === "nesterov") return (2 * (1 + momentum)) / ((1 + 2 * momentum) * largest);
  return null;
}

/** Return what an optimiser that rescales the gradient divides it by, after these gradients. */
export function rememberedSlopes(optimizer, gradients) {
  const decay = DECAYS[optimizer] ?? 1;
  const weights = gradients.map((_, i) => decay ** (gradients.length - 1 - i));
  const share = { adagrad: 1, rmsprop: 1 - decay, adam: 1 / weights.reduce((a, b) => a + b) }[optimizer];
  const first = optimizer === "adagrad" ? FIRST_SQUARE : 0;
  return gradients[0].map((_, axis) =>
    Math.sqrt(share * gradients.reduce((sum, gradient, i) => sum + weights[i] * gradient[axis] ** 2, first)),
  );
}

/** Return what the loss chart shows of some walks: heights above the minimum, all above 0. */
export function heights(surface, paths) {
  const lowest = surface.lowest;
  let floor = lowest;
  if (lowest === null) {
    const met = Math.min(...paths.flatMap((path) => path.losses));
    floor = met > 0 ? 0 : met - facts.descent.lowest_drawn;
  }
  return paths.map((path) => path.losses.map((loss) => Math.max(loss - floor, facts.descent.lowest_drawn)));
}

/** Return limits of the logarithmic axis: whole powers of ten, at most fourteen of them. */
export function lossLimits(rows) {
  const most = Math.max(...rows.flat());
  const highest = Math.min(most, 1e3 * Math.max(...rows.map((row) => row[0])));
  const top = 10 ** Math.min(Math.ceil(Math.log10(highest) + 1e-9), 308);
  const lowest = Math.max(Math.min(...rows.flat()), top * 1e-14);
  const bottom = 10 ** Math.floor(Math.log10(Math.min(lowest, highest)) - 1e-9);
  return [bottom, top];
}

/**
 * Return what is drawn of such heights, and where lines leave the chart: through the edges "above"
 * and "below", for good or for a good while.
 */
export function lossScene(heightRows) {
  const { lowest_drawn, beyond, short_share } = facts.descent;
  const [bottom, high] = lossLimits(heightRows);
  const low = Math.max(bottom, lowest_drawn);
  const edges = { above: [high, (height) => height > high], below: [low, (height) => height <= low] };
  const drawn = (height) => (height <= low ? low * beyond.below : Math.min(height, high * beyond.above));
  const rows = heightRows.map((row) => row.map(drawn));
  const departures = Object.fromEntries(
    Object.entries(edges).map(([edge, [height, isOutside]]) => [
      edge,
      heightRows.flatMap((row, racer) =>
        leavingSteps(row.map(isOutside), short_share).map((step) => ({
          racer,
          step: crossing(rows[racer], step, height),
        })),
      ),
    ]),
  );
  return { low, high, rows, departures };
}

/** Return the first steps outside of all times that a line is there for long, or for good. */
function leavingSteps(isOutside, shortShare) {
  const last = isOutside.length - 1;
  const leaves = isOutside.flatMap((there, step) => (there && !isOutside[step - 1] ? [step] : []));
  return leaves.filter((step) => {
    const back = isOutside.indexOf(false, step);
    return back < 0 || back - step >= shortShare * last;
  });
}

/** Return where a line crosses an edge whose point at `step` is the first outside. */
function crossing(row, step, edge) {
  if (step === 0) return 0;
  const [inside, outside, wanted] = [row[step - 1], row[step], edge].map(Math.log10);
  return step - 1 + (wanted - inside) / (outside - inside);
}
