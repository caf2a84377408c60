// Which validation digits a network misreads.

import { facts } from "./facts.js";

// So many digits are looked at in a few milliseconds.
const AT_ONCE = 500;

/** Looks for misread digits a few at a time, so that a newer wish need not wait. */
export class MistakeSearch {
  #network;
  #count;
  #seen = 0;
  #loss = 0;
  #hits = 0;
  #wrong = [];

  /**
   * @param {import("./network.js").Network} network with the weights as they are
   * @param {number} count of the validation digits
   */
  constructor(network, count) {
    const { classes } = facts.digits;
    this.#network = network;
    this.#count = count;
    this.confusion = Array.from({ length: classes }, () => Array(classes).fill(0));
  }

  get isDone() {
    return this.#seen >= this.#count;
  }

  /** Look at the next few. */
  advance() {
    const count = Math.min(AT_ONCE, this.#count - this.#seen);
    const { loss, hits } = this.#network.evaluate(this.#seen, count, (number, label, probabilities) => {
      const predicted = largest(probabilities);
      this.confusion[label][predicted] += 1;
      if (predicted !== label) {
        this.#wrong.push({ number, true: label, predicted, confidence: probabilities[predicted] });
      }
    });
    this.#seen += count;
    this.#loss += loss;
    this.#hits += hits;
  }

  /**
   * Return what was found.
   *
   * @returns {{loss: number, accuracy: number, total: number, wrong: number,
   *   confusion: number[][], worst: object[]}} the confusion matrix by true class and read class;
   *   the worst are those that the network was most certain of, with their pixels
   */
  result() {
    const total = this.#count;
    const worst = [...this.#wrong]
      .sort((a, b) => b.confidence - a.confidence || a.number - b.number)
      .slice(0, facts.pictures_shown)
      .map((one) => ({ ...one, pixels: this.#network.validationPicture(one.number) }));
    return {
      loss: this.#loss / total,
      accuracy: total ? this.#hits / total : Number.NaN,
      total,
      wrong: this.#wrong.length,
      confusion: this.confusion,
      worst,
    };
  }
}

/**
 * Return the pairs that are misread most often: true class, what it is read as, how often. Of equals
 * the last of the matrix comes first, as in the package.
 */
export function commonest(confusion, most = 3) {
  return confusion
    .flatMap((row, truth) => row.map((count, read) => ({ true: truth, predicted: read, count })))
    .filter((pair) => pair.true !== pair.predicted && pair.count)
    .reverse()
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

function largest(values) {
  let best = 0;
  values.forEach((value, i) => {
    if (value > values[best]) best = i;
  });
  return best;
}
