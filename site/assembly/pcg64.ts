// NumPy's generator (PCG64 of O'Neill 2014, as numpy.random.default_rng uses it), to the bit: a run
// on the page starts from the same weights and takes the digits in the same order as the package's.

const MULTIPLIER_HIGH: u64 = 0x2360ed051fc65da4;
const MULTIPLIER_LOW: u64 = 0x4385df649fccf645;

let high: u64 = 0;
let low: u64 = 0;
let incrementHigh: u64 = 0;
let incrementLow: u64 = 0;
let hasHalf: bool = false;
let half: u32 = 0;

@inline
function productHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

@inline
function advance(): void {
  const newLow = low * MULTIPLIER_LOW;
  const newHigh = productHigh(low, MULTIPLIER_LOW) + high * MULTIPLIER_LOW + low * MULTIPLIER_HIGH;
  low = newLow + incrementLow;
  high = newHigh + incrementHigh + (low < newLow ? 1 : 0);
}

@inline
function next(): u64 {
  advance();
  return rotr<u64>(high ^ low, high >> 58);
}

/** Starts from the four words that NumPy's SeedSequence makes of a seed. */
export function seedGenerator(stateHigh: u64, stateLow: u64, streamHigh: u64, streamLow: u64): void {
  incrementHigh = (streamHigh << 1) | (streamLow >> 63);
  incrementLow = (streamLow << 1) | 1;
  high = 0;
  low = 0;
  hasHalf = false;
  advance();
  const sum = low + stateLow;
  high = high + stateHigh + (sum < low ? 1 : 0);
  low = sum;
  advance();
}

/** A number from 0 up to, but not including, 1. */
export function nextDouble(): f64 {
  return <f64>(next() >> 11) * (1.0 / 9007199254740992.0);
}

/** 32 bits; NumPy takes them two from each of its words, the lower half first. */
export function nextUint32(): u32 {
  if (hasHalf) {
    hasHalf = false;
    return half;
  }
  const word = next();
  hasHalf = true;
  half = <u32>(word >> 32);
  return <u32>word;
}

/** A whole number from 0 to `most`, all equally likely: of too many bits, those in range. */
@inline
function below(most: u32): u32 {
  const mask = 0xffffffff >>> clz(most);
  let value = nextUint32() & mask;
  while (value > most) value = nextUint32() & mask;
  return value;
}

/** Writes 0 … n - 1 in the order that NumPy's `permutation(n)` gives them. */
export function shuffle(at: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<i32>(at + (i << 2), i);
  for (let i = n - 1; i > 0; i--) {
    const j = below(i);
    const here = at + (i << 2);
    const there = at + (j << 2);
    const value = load<i32>(here);
    store<i32>(here, load<i32>(there));
    store<i32>(there, value);
  }
}

/** Fills rows with NumPy's `uniform(-limit, limit)`, in its order. */
export function fillUniform(at: usize, rows: i32, units: i32, stride: i32, limit: f64): void {
  const range = limit + limit;
  for (let row = 0; row < rows; row++) {
    const place = at + <usize>(row * stride * 4);
    for (let unit = 0; unit < units; unit++) {
      store<f32>(place + (unit << 2), <f32>(-limit + range * nextDouble()));
    }
  }
}
