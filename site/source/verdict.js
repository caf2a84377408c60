// Says in words what a walk on a surface is doing, and why: the package's descent_verdict.

import { rememberedSlopes, stabilityLimit } from "./descent.js";
import { facts } from "./facts.js";
import { shown } from "./format.js";
import { curvatures } from "./surfaces.js";
import { joined, text } from "./texts.js";

// What is called near, short, narrow and the like: see the package's verdict.py.
const LIMITS = facts.descent.verdict;
const { recent: RECENT, near: NEAR, fewest: FEWEST } = LIMITS;

const RESCALING = ["adagrad", "rmsprop", "adam"];
const RULES = {
  gradient_descent: "2/λmax",
  momentum: "2(1+β)/λmax",
  nesterov: "2(1+β)/((1+2β)λmax)",
};

/**
 * Judge a walk as of one of its steps.
 *
 * @param {object} path from `descend`
 * @param {object} surface
 * @param {number} step
 * @returns {{state: string, words: string}}
 */
export function describe(path, surface, step) {
  const sight = look(path, surface, Math.min(step, path.lastStep));
  const state = stateOf(sight);
  return { state, words: joined([happening(state, sight), reason(state, sight)]) };
}

const isClose = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
const norm = (vector) => Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));

function look(path, surface, step) {
  const points = path.points.slice(0, step + 1);
  const gradients = points.map((point) => surface.gradient(point));
  const slopes = gradients.map(norm);
  const here = points.at(-1);
  const curved = curvatures(surface, here);
  const recent = points.slice(-(RECENT + 1));
  const moves = recent.slice(1).map((point, i) => point.map((x, axis) => x - recent[i][axis]));
  const distances = surface.minima.map((m) => Math.hypot(...here.map((x, i) => x - m[i])));
  const rates = path.learningRates.slice(step - moves.length, step);
  const mean = (values) => (values.length ? values.reduce((a, b) => a + b) / values.length : Infinity);
  const turned = (move, i) => move.reduce((sum, x, axis) => sum + x * moves[i][axis], 0) < 0;
  return {
    path,
    surface,
    step,
    moves,
    rate: path.learningRates[Math.min(step, path.steps - 1)],
    gradient: gradients.at(-1),
    slope: slopes.at(-1),
    steepest: Math.max(...slopes.filter((slope) => !Number.isNaN(slope))),
    smallest: curved ? curved[0] : null,
    largest: curved ? curved.at(-1) : null,
    limit: curved ? stabilityLimit(path.optimizer, curved.at(-1), path.momentum) : null,
    distance: distances.length ? Math.min(...distances) : null,
    loss: path.losses[step],
    meanMove: mean(moves.map(norm)),
    meanMoveInRates: mean(moves.map((move, i) => norm(move) / rates[i])),
    turns: moves.slice(1).filter(turned).length,
  };
}

// -- what is happening -----------------------------------------------------------------------------

function stateOf(sight) {
  const { path, surface, step, moves } = sight;
  if (path.divergedAt !== null && step >= path.divergedAt) return "diverging";
  if (hasArrived(sight)) return "reached";
  const resting = restingState(sight);
  if (resting) return resting;
  if (step === 0) return "starting";
  if (isGrowing(sight)) return willTurn(sight) ? "climbing" : "diverging";
  if (isHovering(sight)) return "noisy";
  if (moves.length >= FEWEST) {
    if (sight.turns >= LIMITS.zigzag * (moves.length - 1)) return "zigzagging";
    if (sight.meanMove < LIMITS.short * surface.diagonal) return "creeping";
  }
  return sight.loss > path.losses[0] ? "above_start" : "converging";
}

/** Tell whether it is near a known minimum and calm there, not merely passing by. */
function hasArrived({ distance, surface, step, meanMove }) {
  if (distance === null) return false;
  const near = NEAR * surface.diagonal;
  return distance <= near && (step === 0 || meanMove <= LIMITS.calm * near);
}

/** Return why it rests where there is next to no slope, or null if it does not rest. */
function restingState(sight) {
  const { surface, step, slope, steepest, smallest, largest, meanMove } = sight;
  const near = NEAR * surface.diagonal;
  if (smallest === null || (step && meanMove >= near)) return null;
  const [gentler, scale] = [Math.abs(smallest), Math.abs(largest)].sort((a, b) => a - b);
  if (scale < LIMITS.no_curvature) return (step ? slope <= LIMITS.level * steepest : slope === 0) ? "flat" : null;
  // Where it curves by λ at least, the level point is no further away than slope / λ.
  if (slope > near * gentler) return null;
  if (smallest > 0) return kindOfMinimum(sight);
  return smallest < -LIMITS.saddle * scale && (step || slope === 0) ? "stuck_at_saddle" : null;
}

/** Tell the lowest point from a merely local one, by the height above a known one. */
function kindOfMinimum({ distance, loss, surface, slope, smallest }) {
  if (distance === null) return "reached";
  const gap = loss - (surface.lowest ?? 0);
  const newtonGap = (0.5 * slope ** 2) / Math.max(smallest, 1e-12);
  return gap > LIMITS.local_gaps * newtonGap + 1e-12 ? "local_minimum" : null;
}

/** Tell whether the loss has climbed above everything so far and keeps climbing. */
function isGrowing({ path, step }) {
  if (path.gradientNoise > 0 || step < 1) return false;
  const losses = path.losses.slice(0, step + 1);
  const last = losses.at(-1);
  return last > losses[0] && last >= Math.max(...losses) && last > losses.at(-2);
}

/** Tell whether a growing loss is only an overshoot: the rate is within the limit, or is rescaled. */
function willTurn({ path, limit, largest, rate }) {
  if (RESCALING.includes(path.optimizer)) return true;
  return limit === null ? largest !== null : rate < limit && !isClose(rate, limit);
}

/** Tell whether noise turns it back and forth without the loss falling any more. */
function isHovering({ path, step, turns, surface }) {
  const losses = path.losses.slice(0, step + 1);
  if (!path.gradientNoise || losses.length <= 2 * RECENT || turns < FEWEST) return false;
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const before = losses.slice(Math.floor(losses.length / 4), -RECENT);
  const floor = surface.lowest ?? 0;
  return mean(losses.slice(-RECENT)) - floor > LIMITS.no_gain * (mean(before) - floor);
}

function keyOf(state, sight) {
  const { path, step, distance, surface } = sight;
  if (state === "diverging" && path.divergedAt === step) return "diverged";
  if (state === "reached" && distance === null) return "reached_unknown";
  if (state === "converging" && surface.lowest === null) return "converging_unknown";
  if (state === "converging" && shareOfLossLeft(sight) < LIMITS.least_percent) return "converging_far";
  if (state === "creeping" && distance === null) return "creeping_unknown";
  return state;
}

function happening(state, sight) {
  const { path, step, surface, distance } = sight;
  const near = Math.max(distance ?? 0, NEAR * surface.diagonal);
  return text(`descent_verdict.${keyOf(state, sight)}`, {
    loss: shown(sight.loss),
    first: shown(path.losses[0]),
    slope: shown(sight.slope),
    percent: shown(shareOfLossLeft(sight)),
    turns: sight.turns,
    moves: Math.max(sight.moves.length - 1, 0),
    step,
    steps: state === "reached" ? arrival(sight) : step,
    lowest: shown(sight.smallest ?? 0),
    move: shown(sight.meanMove),
    distance: shown(state === "reached" ? near : (distance ?? 0)),
  });
}

/** Return the step from which on the walk stayed near a minimum. */
function arrival({ surface, step, path }) {
  if (!surface.minima.length) return step;
  const near = NEAR * surface.diagonal;
  const isAway = (point) =>
    Math.min(...surface.minima.map((m) => norm(point.map((x, i) => x - m[i])))) > near;
  return path.points.slice(0, step + 1).findLastIndex(isAway) + 1;
}

/** Return how much of the height above the lowest point is left, in per cent. */
function shareOfLossLeft({ surface, path, loss }) {
  const lowest = surface.lowest ?? 0;
  const first = path.losses[0] - lowest;
  return first > 0 ? (100 * (loss - lowest)) / first : 100;
}

// -- why -------------------------------------------------------------------------------------------

function reason(state, sight) {
  if (["reached", "local_minimum", "flat"].includes(state)) return "";
  const { path, rate } = sight;
  if (state === "noisy") {
    return text("descent_verdict.why_noise", { noise: shown(path.gradientNoise), rate: shown(rate) });
  }
  if (state === "stuck_at_saddle") {
    return path.gradientNoise ? "" : text("descent_verdict.why_saddle_exact");
  }
  const needsShape = state === "zigzagging" || state === "creeping";
  return joined([reasonOfRate(state, sight), needsShape ? reasonOfShape(sight) : ""]);
}

function reasonOfRate(state, sight) {
  const { path, limit, largest } = sight;
  const rate = shown(sight.rate);
  if (RESCALING.includes(path.optimizer)) return reasonOfRescaling(state, sight);
  if (largest === null) return "";
  if (limit === null) return text("descent_verdict.why_downward", { curvature: shown(largest) });
  return text(`descent_verdict.${rateKey(state, sight)}`, {
    rate,
    rule: RULES[path.optimizer],
    limit: shown(limit),
    half: shown(1 / largest),
    share: shown((100 * sight.rate) / limit),
    curvature: shown(largest),
    momentum: shown(path.momentum),
  });
}

/** Choose the sentence that says where the rate lies between nothing and the limit. */
function rateKey(state, { rate, limit, path, turns }) {
  if (isClose(rate, limit)) return "why_at";
  if (rate > limit) return state === "diverging" ? "why_above" : "why_above_here";
  if (path.optimizer === "gradient_descent") return rate > limit / 2 ? "why_between" : "why_below";
  return turns > 0 ? "why_between_momentum" : "why_below";
}

/** Say how long the steps are of an optimiser that divides by the slopes so far. */
function reasonOfRescaling(state, sight) {
  const { path, step, rate, meanMove, meanMoveInRates } = sight;
  const sizes = rememberedSlopes(path.optimizer, path.gradients.slice(0, step + 1));
  return text(`descent_verdict.${rescalingKey(state, sight, sizes)}`, {
    optimizer: text(`descent.${path.optimizer}`),
    rate: shown(rate),
    move: shown(meanMove),
    share: shown(100 * meanMoveInRates),
  });
}

/** Choose the sentence that says why the steps are as long as they are. */
function rescalingKey(state, { path, step, gradient, meanMoveInRates }, sizes) {
  if (step === 0) return "why_rescaled_first";
  if (state !== "creeping") return "why_rescaled";
  if (meanMoveInRates >= LIMITS.full_step) return "why_small_rate";
  if (gradient.every((slope, i) => Math.abs(slope) < LIMITS.full_step * sizes[i])) return "why_remembers";
  return path.optimizer === "adam" ? "why_cancels" : "why_rescaled";
}

function reasonOfShape({ path, largest, smallest, surface }) {
  if (RESCALING.includes(path.optimizer)) return ""; // they rescale each axis
  if (largest === null || !smallest || surface.dims === 1) return "";
  const condition = Math.abs(largest / smallest);
  return condition < LIMITS.narrow ? "" : text("descent_verdict.why_narrow", { condition: shown(condition) });
}
