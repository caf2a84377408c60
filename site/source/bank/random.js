// Random numbers: xoshiro128** (Blackman & Vigna, "Scrambled linear pseudorandom number
// generators", 2021), seeded as NumPy seeds its own generator.

import { seedWords } from "../seed-sequence.js";

const rotated = (value, count) => (value << count) | (value >>> (32 - count));

/** A stream of random numbers that its seeds decide. */
export class Random {
  /** @param {number[]} seeds whole numbers below 2**32 */
  constructor(seeds) {
    this.state = Uint32Array.from(seedWords(seeds), (word) => Number(word & 0xffffffffn));
  }

  /** Return 32 random bits, as a whole number of 0 or more. */
  bits() {
    const { state } = this;
    const result = Math.imul(rotated(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotated(state[3], 11);
    return result;
  }

  /** Return a whole number from 0 up to, but not including, `count`. */
  below(count) {
    return Math.floor((this.bits() / 0x100000000) * count);
  }
}

/** How settings, and a training of each, are drawn for all replays of a strategy. */
export class Draw {
  #random;

  /**
   * @param {number} nReplays
   * @param {Random} random
   */
  constructor(nReplays, random) {
    this.nReplays = nReplays;
    this.#random = random;
  }

  /** Return `count` of the settings for each replay, none of them twice: one row behind the other. */
  settings(count, nSettings) {
    const found = new Uint16Array(this.nReplays * count);
    // Shuffling goes on from where the last replay left it: any order is as good to begin with.
    const order = Uint16Array.from({ length: nSettings }, (_, i) => i);
    for (let row = 0; row < this.nReplays; row += 1) {
      for (let place = 0; place < count; place += 1) {
        const other = place + this.#random.below(nSettings - place);
        [order[place], order[other]] = [order[other], order[place]];
        found[row * count + place] = order[place];
      }
    }
    return found;
  }

  /** Return the number of a training for each of them. */
  repeats(count, nRepeats) {
    const found = new Uint8Array(this.nReplays * count);
    for (let i = 0; i < found.length; i += 1) found[i] = this.#random.below(nRepeats);
    return found;
  }
}
