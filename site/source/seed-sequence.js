// NumPy's SeedSequence: how numpy.random.default_rng makes a generator's state of a seed.

const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;
const POOL = 4;

/**
 * Return the four 64-bit words that seed the generator.
 *
 * @param {number[]} entropy whole numbers below 2**32: one seed, or several as NumPy takes a tuple
 * @returns {bigint[]}
 */
export function seedWords(entropy) {
  const pool = mixedPool(entropy);
  const words = [];
  let constant = INIT_B;
  for (let i = 0; i < 8; i += 1) {
    let value = (pool[i % POOL] ^ constant) >>> 0;
    constant = Math.imul(constant, MULT_B) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    words.push((value ^ (value >>> 16)) >>> 0);
  }
  return [0, 2, 4, 6].map((i) => BigInt(words[i]) | (BigInt(words[i + 1]) << 32n));
}

function mixedPool(entropy) {
  let constant = INIT_A;
  const hashed = (number) => {
    let value = (number ^ constant) >>> 0;
    constant = Math.imul(constant, MULT_A) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mixed = (x, y) => {
    const result = (Math.imul(MIX_LEFT, x) - Math.imul(MIX_RIGHT, y)) >>> 0;
    return (result ^ (result >>> 16)) >>> 0;
  };
  const pool = Array.from({ length: POOL }, (_, i) => hashed(entropy[i] ?? 0));
  for (let from = 0; from < POOL; from += 1) {
    for (let to = 0; to < POOL; to += 1) {
      if (from !== to) pool[to] = mixed(pool[to], hashed(pool[from]));
    }
  }
  for (const number of entropy.slice(POOL)) {
    for (let to = 0; to < POOL; to += 1) pool[to] = mixed(pool[to], hashed(number));
  }
  return pool;
}
