// One training that can be taken a little at a time: paused, changed in mid-run, stopped.
//
// It records the same rows, at the same samples, as the package's TrainingSession.

import { facts } from "./facts.js";
import { roundHalfEven } from "./format.js";

const PLAN = facts.record_plan;
const VALIDATED_AT_ONCE = 500;

/**
 * Return after how many samples of an epoch a row is recorded, and where validation is measured.
 *
 * @param {number} nSamples
 * @param {number} epochs
 * @param {boolean} first whether it is the first epoch, which has a few early rows
 * @returns {{points: number[], validated: Set<number>}}
 */
export function recordPlan(nSamples, epochs, first) {
  const share = (part) => Math.max(1, roundHalfEven(nSamples * part));
  const nPoints = Math.max(1, Math.min(PLAN.points_per_epoch, Math.floor(PLAN.points_per_run / epochs)));
  const nValidations = Math.max(
    1,
    Math.min(PLAN.validations_per_epoch, Math.floor(PLAN.validations_per_run / epochs), nPoints),
  );
  const steps = (count) => Array.from({ length: count }, (_, i) => i + 1);
  const points = new Set(steps(nPoints).map((k) => share(k / nPoints)));
  const validated = new Set(
    steps(nValidations).map((k) => share(roundHalfEven((k * nPoints) / nValidations) / nPoints)),
  );
  if (first) PLAN.early_points.forEach((part) => points.add(share(part)));
  return { points: [...points].sort((a, b) => a - b), validated };
}

/** A training of one network on the first `nTrain` digits. */
export class TrainingSession {
  #network;
  #step = 0;
  #epoch = 0;
  #position = 0;
  #plan;
  #lossSum = 0;
  #lossSamples = 0;
  #recordedAt = 0;
  #validating = null;
  #diverged = false;
  #seconds = 0;
  ended = null;
  points = [];
  changes = [];

  /**
   * @param {import("./network.js").Network} network
   * @param {object} hp all hyperparameters, by the package's names
   * @param {{train: number, validation: number}} counts digits to train and to measure on
   */
  constructor(network, hp, counts) {
    this.hp = hp;
    this.current = { ...hp };
    this.counts = counts;
    this.#network = network;
    network.begin(hp);
    network.shuffle(hp.seed, 0, counts.train);
    this.#plan = recordPlan(counts.train, hp.epochs, true);
  }

  get samples() {
    return this.#epoch * this.counts.train + this.#position;
  }

  get totalSamples() {
    return this.hp.epochs * this.counts.train;
  }

  /** Seconds at work so far, without pauses. */
  get seconds() {
    return this.#seconds;
  }

  /** The mean loss since the last row; NaN where nothing has been trained on since. */
  get trainingLoss() {
    return this.#lossSamples ? this.#lossSum / this.#lossSamples : Number.NaN;
  }

  /**
   * Take steps for so many milliseconds, up to the next row at most.
   *
   * @param {number} milliseconds
   * @param {number} [mostSteps]
   * @returns {object | null} the row that it came to, if it did
   */
  advance(milliseconds, mostSteps = Infinity) {
    if (this.ended) throw new Error("this training has ended");
    const started = performance.now();
    const until = started + milliseconds;
    const point = this.#validating
      ? this.#validate(until)
      : this.#train(until, mostSteps);
    this.#seconds += (performance.now() - started) / 1000;
    if (point) {
      point.seconds = this.#seconds;
      this.points.push(point);
      this.#endIfDone();
    }
    return point;
  }

  /** Change some of what may be changed from here on; behind the last step nothing may. */
  change(changes) {
    if (!this.#hasStepsLeft) return;
    const changed = Object.fromEntries(
      Object.entries(changes).filter(([name, value]) => this.current[name] !== value),
    );
    if (!Object.keys(changed).length) return;
    Object.assign(this.current, changed);
    this.changes.push([this.samples, changed]);
  }

  /** End here; what has been trained since the last row becomes a row of its own. */
  stop() {
    if (this.ended) return;
    if (this.#lossSamples) this.points.push(this.#row());
    this.ended = "stopped";
  }

  #train(until, mostSteps) {
    const { train } = this.counts;
    const next = this.#plan.points.find((point) => point > this.#position);
    let steps = 0;
    do {
      const rows = Math.min(this.current.batch_size, train - this.#position);
      const loss = this.#network.step(this.current, this.#position, rows, this.#step);
      this.#step += 1;
      this.#position += rows;
      this.#lossSum += loss * rows;
      this.#lossSamples += rows;
      steps += 1;
      // "Not below" is also true of a loss that is no number.
      this.#diverged = !(loss < facts.divergence_bound);
    } while (
      !this.#diverged &&
      this.#position < next &&
      steps < mostSteps &&
      performance.now() < until
    );
    if (!this.#diverged && this.#position < next) return null;
    const reached = this.#plan.points.filter(
      (point) => point > this.#recordedAt && point <= this.#position,
    );
    this.#recordedAt = this.#position;
    const measure = this.#diverged || reached.some((point) => this.#plan.validated.has(point));
    if (!measure || !this.counts.validation) return this.#row();
    this.#validating = { seen: 0, loss: 0, hits: 0 };
    return null;
  }

  #validate(until) {
    const sums = this.#validating;
    do {
      const count = Math.min(VALIDATED_AT_ONCE, this.counts.validation - sums.seen);
      const { loss, hits } = this.#network.evaluate(sums.seen, count);
      sums.seen += count;
      sums.loss += loss;
      sums.hits += hits;
    } while (sums.seen < this.counts.validation && performance.now() < until);
    if (sums.seen < this.counts.validation) return null;
    this.#validating = null;
    return {
      ...this.#row(),
      validationLoss: sums.loss / sums.seen,
      validationAccuracy: sums.hits / sums.seen,
    };
  }

  #row() {
    const row = {
      samples: this.samples,
      epoch: this.samples / this.counts.train,
      seconds: this.#seconds,
      trainingLoss: this.trainingLoss,
      validationLoss: null,
      validationAccuracy: null,
    };
    this.#lossSum = 0;
    this.#lossSamples = 0;
    return row;
  }

  get #hasStepsLeft() {
    return !this.ended && !this.#diverged && this.samples < this.totalSamples;
  }

  /** Whether a row waits for the validation digits to be looked at. */
  get isValidating() {
    return this.#validating !== null;
  }

  #endIfDone() {
    if (this.#diverged) {
      this.ended = "diverged";
    } else if (this.samples >= this.totalSamples) {
      this.ended = "finished";
    } else if (this.#position >= this.counts.train) {
      this.#epoch += 1;
      this.#position = 0;
      this.#recordedAt = 0;
      this.#network.shuffle(this.hp.seed, this.#epoch, this.counts.train);
      this.#plan = recordPlan(this.counts.train, this.hp.epochs, false);
    }
  }
}
