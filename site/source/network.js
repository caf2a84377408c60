// The network of the training lab: what the WebAssembly kernel computes, and where it lies.

import { facts } from "./facts.js";
import { seedWords } from "./seed-sequence.js";

const PIXELS = facts.digits.pixels;
const CLASSES = facts.digits.classes;
const N_TRAIN = facts.digits.train;
const N_VALIDATION = facts.digits.validation;

// The kernel's own constants end below this.
const FIRST_FREE = 1 << 16;
const EVALUATED_AT_ONCE = 100;
const PAGE = 1 << 16;

const aligned = (place) => (place + 63) & ~63;

/** One network at a time, on all digits that have been loaded. */
export class Network {
  #kernel;
  #images = FIRST_FREE;
  #labels = aligned(FIRST_FREE + (N_TRAIN + N_VALIDATION) * PIXELS);
  #order = aligned(this.#labels + N_TRAIN + N_VALIDATION);
  #picture = aligned(this.#order + 4 * N_TRAIN);
  #base = aligned(this.#picture + 4 * PIXELS + 16);
  #end = 0;
  #capacity = 0;
  sizes = [];
  train = 0;
  validation = 0;

  /** Return a network that computes with the kernel of these bytes. */
  static async load(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    return new Network(instance.exports);
  }

  constructor(kernel) {
    this.#kernel = kernel;
    const missing = Math.ceil(this.#base / PAGE) - kernel.memory.buffer.byteLength / PAGE;
    if (missing > 0) kernel.memory.grow(missing);
    const { momentum, rho, beta_1: beta1, beta_2: beta2, epsilon } = facts.optimizer_constants;
    kernel.setConstants(momentum, rho, beta1, beta2, epsilon);
  }

  // -- digits ------------------------------------------------------------------------------------

  /**
   * Put digits where they belong: training digits in front, validation digits behind all of them.
   *
   * @param {"train" | "validation"} split
   * @param {number} from the first one's number in its split
   * @param {Uint8Array} images 784 bytes each
   * @param {Uint8Array} labels
   */
  putDigits(split, from, images, labels) {
    const bytes = new Uint8Array(this.#kernel.memory.buffer);
    const place = (split === "train" ? 0 : N_TRAIN) + from;
    bytes.set(images, this.#images + place * PIXELS);
    bytes.set(labels, this.#labels + place);
    this[split] = Math.max(this[split], from + labels.length);
  }

  /** Return a copy of a validation digit's 784 bytes. */
  validationPicture(number) {
    const bytes = new Uint8Array(this.#kernel.memory.buffer);
    const begin = this.#images + (N_TRAIN + number) * PIXELS;
    return bytes.slice(begin, begin + PIXELS);
  }

  // -- weights -----------------------------------------------------------------------------------

  /** Begin a network anew, with the initial weights that the package draws for this seed. */
  begin(hp) {
    const kernel = this.#kernel;
    this.sizes = [PIXELS, ...hp.hidden_units, CLASSES];
    this.sizes.slice(1).forEach((units, layer) => kernel.setUnits(layer, units));
    this.#end = kernel.build(
      this.#base,
      this.layers,
      facts.optimizers.indexOf(hp.optimizer),
      facts.activations.indexOf(hp.activation),
    );
    this.#capacity = 0;
    this.#reserve(EVALUATED_AT_ONCE);
    kernel.seedGenerator(...seedWords([hp.seed]));
    for (let layer = 0; layer < this.layers; layer += 1) {
      const [inputs, units] = this.sizes.slice(layer, layer + 2);
      kernel.drawKernel(layer, inputs, Math.sqrt(6 / (inputs + units)));
    }
  }

  get layers() {
    return this.sizes.length - 1;
  }

  #reserve(rows) {
    if (rows <= this.#capacity) return;
    this.#kernel.reserve(this.#end, rows);
    this.#capacity = rows;
  }

  /** Call with each kernel and each bias in Keras's order, and a way to read and write it. */
  #arrays(firstByte) {
    const memory = new Float32Array(this.#kernel.memory.buffer);
    return this.sizes.slice(1).flatMap((units, layer) => {
      const inputs = this.sizes[layer];
      const stride = this.#kernel.strideOf(layer);
      const begin = firstByte(layer) / 4;
      const row = (number) => memory.subarray(begin + number * stride, begin + number * stride + units);
      const rows = Array.from({ length: inputs }, (_, number) => row(number));
      return [rows, [row(this.#kernel.rowsOf(layer))]];
    });
  }

  /** Return copies of the weights, kernel and bias of each layer, in Keras's order. */
  weights() {
    return this.#arrays((layer) => this.#kernel.weights(layer)).map(joined);
  }

  /** Return copies of an optimiser's first (0) or second (1) running average, in that order. */
  slots(number) {
    return this.#arrays((layer) => this.#kernel.slot(layer, number)).map(joined);
  }

  /** Take over weights, and what the optimiser remembers, from somewhere else. */
  load(weights, slots = []) {
    const fill = (firstByte, values) =>
      this.#arrays(firstByte).forEach((rows, i) => {
        rows.forEach((row, number) => {
          row.set(values[i].subarray(number * row.length, (number + 1) * row.length));
        });
      });
    fill((layer) => this.#kernel.weights(layer), weights);
    slots.forEach((values, number) => fill((layer) => this.#kernel.slot(layer, number), values));
  }

  // -- training ----------------------------------------------------------------------------------

  /** Draw the order of an epoch: NumPy's permutation of the first `count` digits. */
  shuffle(seed, epoch, count) {
    this.#kernel.seedGenerator(...seedWords([seed, epoch]));
    this.#kernel.shuffle(this.#order, count);
  }

  /** Return a copy of the epoch's order. */
  order(count) {
    return new Int32Array(this.#kernel.memory.buffer, this.#order, count).slice();
  }

  /** Draw the units that a batch keeps, as the package does, and return a copy of the masks. */
  masks(seed, step, rows, rate) {
    this.#reserve(rows);
    this.#kernel.drawDropout(seed, step, rows, rate);
    const hidden = this.sizes.slice(1, -1).reduce((sum, units) => sum + units, 0);
    const { buffer } = this.#kernel.memory;
    return new Float32Array(buffer, this.#kernel.masksAt(), rows * hidden).slice();
  }

  /**
   * Take one step with the digits at a position of the epoch's order.
   *
   * @param {object} hp learning_rate, dropout_rate, weight_decay, optimizer and seed count
   * @param {number} position
   * @param {number} rows
   * @param {number} number how many steps were taken before
   * @returns {number} the batch's mean loss
   */
  step(hp, position, rows, number) {
    this.#reserve(rows);
    const dropping = hp.dropout_rate > 0;
    if (dropping) this.#kernel.drawDropout(hp.seed, number, rows, hp.dropout_rate);
    return this.#kernel.step(
      this.#images,
      this.#labels,
      this.#order,
      position,
      rows,
      rateOfStep(hp, number),
      1 - Math.fround(Math.fround(hp.weight_decay) * Math.fround(hp.learning_rate)),
      dropping,
    );
  }

  // -- reading -----------------------------------------------------------------------------------

  /**
   * Look at some validation digits.
   *
   * @param {number} from the first one
   * @param {number} count
   * @param {(number: number, label: number, probabilities: Float32Array) => void} [see] called for
   *   each digit; the probabilities are good until it returns
   * @returns {{loss: number, hits: number}} summed over the digits
   */
  evaluate(from, count, see) {
    const kernel = this.#kernel;
    let [loss, hits] = [0, 0];
    for (let begin = 0; begin < count; begin += EVALUATED_AT_ONCE) {
      const rows = Math.min(EVALUATED_AT_ONCE, count - begin);
      kernel.evaluate(this.#images, this.#labels, N_TRAIN + from + begin, rows, true);
      loss += kernel.losses();
      hits += kernel.rightOnes();
      if (see) this.#show(from + begin, rows, see);
    }
    return { loss, hits };
  }

  #show(first, rows, see) {
    const { buffer } = this.#kernel.memory;
    const labels = new Uint8Array(buffer, this.#labels + N_TRAIN + first, rows);
    const all = new Float32Array(buffer, this.#kernel.probabilitiesAt(), rows * CLASSES);
    labels.forEach((label, row) => {
      see(first + row, label, all.subarray(row * CLASSES, (row + 1) * CLASSES));
    });
  }

  /** Return the ten probabilities that the network gives to a picture of 784 numbers from 0 to 1. */
  read(picture) {
    new Float32Array(this.#kernel.memory.buffer, this.#picture, PIXELS).set(picture);
    this.#kernel.read(this.#picture, this.#picture + 4 * PIXELS);
    const { buffer } = this.#kernel.memory;
    return new Float32Array(buffer, this.#kernel.probabilitiesAt(), CLASSES).slice();
  }
}

function joined(rows) {
  const values = new Float32Array(rows.length * rows[0].length);
  rows.forEach((row, number) => values.set(row, number * row.length));
  return values;
}

/** The learning rate of a step; Adam's with the corrections for its first steps, as in Keras. */
function rateOfStep(hp, number) {
  if (hp.optimizer !== "adam") return hp.learning_rate;
  const { beta_1: beta1, beta_2: beta2 } = facts.optimizer_constants;
  const power = (beta) => Math.fround(Math.fround(beta) ** (number + 1));
  return (hp.learning_rate * Math.sqrt(1 - power(beta2))) / (1 - power(beta1));
}
