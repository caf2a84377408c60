// Which validation digits a network misreads.

import { facts } from "./facts.js";

/**
 * Look at all validation digits with the weights as they are.
 *
 * @param {import("./network.js").Network} network
 * @param {number} count
 * @returns {{loss: number, accuracy: number, total: number, wrong: number,
 *   confusion: number[][], worst: object[]}} the confusion matrix by true class and read class;
 *   the worst are those that the network was most certain of, with their pixels
 */
export function findMistakes(network, count) {
  const { classes } = facts.digits;
  const confusion = Array.from({ length: classes }, () => Array(classes).fill(0));
  const wrong = [];
  const { loss, hits } = network.evaluate(0, count, (number, probabilities) => {
    const predicted = largest(probabilities);
    const { label } = network.validationDigit(number);
    confusion[label][predicted] += 1;
    if (predicted !== label) {
      wrong.push({ number, true: label, predicted, confidence: probabilities[predicted] });
    }
  });
  wrong.sort((a, b) => b.confidence - a.confidence || a.number - b.number);
  const worst = wrong
    .slice(0, facts.pictures_shown)
    .map((one) => ({ ...one, pixels: network.validationDigit(one.number).pixels }));
  const accuracy = count ? hits / count : Number.NaN;
  return { loss: loss / count, accuracy, total: count, wrong: wrong.length, confusion, worst };
}

/** Return the pairs that are misread most often: true class, what it is read as, how often. */
export function commonest(confusion, most = 3) {
  return confusion
    .flatMap((row, truth) => row.map((count, read) => ({ true: truth, predicted: read, count })))
    .filter((pair) => pair.true !== pair.predicted && pair.count)
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
