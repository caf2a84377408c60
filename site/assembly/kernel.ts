// The arithmetic of the training lab: a network of dense layers on pictures of digits.
//
// The kernel holds one network and knows nothing of pages. All arrays lie in its memory one
// after the other; the page asks where (`weights`, `slot`, `rowsOf` …) and reads them there.
// Units are padded to a multiple of 8, so that every row is whole vectors; what is padded is 0
// and stays 0. The biases are one more row behind those of a layer's kernel.

import { drawMasks } from "./philox";
import { fillUniform } from "./pcg64";

export { seedGenerator, nextUint32, nextDouble, shuffle } from "./pcg64";

const MOST_LAYERS: i32 = 11;
const PIXELS: i32 = 784;
const CLASSES: i32 = 10;

// Which optimiser takes the steps, and which activation bends the hidden layers: the page names
// them by the package's order (OPTIMIZERS, ACTIVATIONS).
const SGD: i32 = 0;
const MOMENTUM: i32 = 1;
const RMSPROP: i32 = 2;
const RELU: i32 = 0;
const TANH: i32 = 1;
const SIGMOID: i32 = 2;
const ELU: i32 = 3;

// Constants of the optimisers, set by the page from the package's own.
let momentum: f32 = 0;
let rho: f32 = 0;
let beta1: f32 = 0;
let beta2: f32 = 0;
let epsilon: f32 = 0;

let optimizer: i32 = 0;
let activation: i32 = 0;
let layers: i32 = 0; // of weights: one more than there are hidden layers
let hidden: i32 = 0; // units of all hidden layers together
let capacity: i32 = 0; // rows that a batch may have

const units = new StaticArray<i32>(MOST_LAYERS);
const strides = new StaticArray<i32>(MOST_LAYERS); // units, padded
const inputs = new StaticArray<i32>(MOST_LAYERS); // rows of a kernel, padded
const weightsAt = new StaticArray<usize>(MOST_LAYERS);
const firstSlotAt = new StaticArray<usize>(MOST_LAYERS);
const secondSlotAt = new StaticArray<usize>(MOST_LAYERS);
const signalsAt = new StaticArray<usize>(MOST_LAYERS); // what a layer gives on
const slopesAt = new StaticArray<usize>(MOST_LAYERS); // its derivative, dropout included
const deltasAt = new StaticArray<usize>(MOST_LAYERS); // the loss's derivative by its input
const brightness = new StaticArray<f32>(256);

// Where a batch's bright pixels are, sample by sample and pixel by pixel: an entry is the offset of
// a row of weights (or of deltas) and the pixel's brightness.
let bySample: usize = 0;
let byPixel: usize = 0;
const sampleEnds = memory.data(4 * 4097);
const pixelEnds = memory.data(4 * (PIXELS + 1));
let masks: usize = 0;
let probabilities: usize = 0;

let lossSum: f64 = 0;
let hits: i32 = 0;

// -- the network ---------------------------------------------------------------------------------

/** Takes over the optimisers' constants. */
export function setConstants(m: f32, r: f32, b1: f32, b2: f32, e: f32): void {
  momentum = m;
  rho = r;
  beta1 = b1;
  beta2 = b2;
  epsilon = e;
  for (let value = 0; value < 256; value++) brightness[value] = <f32>value / <f32>255;
}

/** Says how many units a layer has; then `build` lays the network out. */
export function setUnits(layer: i32, count: i32): void {
  units[layer] = count;
}

@inline
function padded(count: i32): i32 {
  return (count + 7) & ~7;
}

@inline
function grow(end: usize): void {
  const pages = <i32>((end + 0xffff) >>> 16) - memory.size();
  if (pages > 0) memory.grow(pages);
}

/** Lays out weights and averages from `base` on, all 0, and returns where they end. */
export function build(base: usize, nLayers: i32, nOptimizer: i32, nActivation: i32): usize {
  layers = nLayers;
  optimizer = nOptimizer;
  activation = nActivation;
  hidden = 0;
  let end = (base + 63) & ~63;
  const start = end;
  let before = PIXELS;
  for (let layer = 0; layer < layers; layer++) {
    inputs[layer] = before;
    strides[layer] = padded(units[layer]);
    if (layer < layers - 1) hidden += units[layer];
    const bytes = <usize>((before + 1) * strides[layer] * 4);
    weightsAt[layer] = end;
    firstSlotAt[layer] = end + bytes;
    secondSlotAt[layer] = end + 2 * bytes;
    end += 3 * bytes;
    before = strides[layer];
  }
  grow(end);
  memory.fill(start, 0, end - start);
  return end;
}

/** Lays out what a batch of so many rows needs from `base` on, and returns where it ends. */
export function reserve(base: usize, rows: i32): usize {
  capacity = rows;
  let end = (base + 63) & ~63;
  for (let layer = 0; layer < layers; layer++) {
    const bytes = <usize>(rows * strides[layer] * 4);
    signalsAt[layer] = end;
    slopesAt[layer] = end + bytes;
    deltasAt[layer] = end + 2 * bytes;
    end += 3 * bytes;
  }
  masks = end;
  end += <usize>((rows * hidden + 16) * 4);
  probabilities = end;
  end += <usize>(rows * CLASSES * 4);
  bySample = (end + 7) & ~7;
  end = bySample + <usize>(rows * PIXELS * 8);
  byPixel = end;
  end += <usize>(rows * PIXELS * 8);
  grow(end);
  return end;
}

export function rowsOf(layer: i32): i32 {
  return inputs[layer];
}

export function strideOf(layer: i32): i32 {
  return strides[layer];
}

/** Where a layer's kernel begins; its biases are the row behind it. */
export function weights(layer: i32): usize {
  return weightsAt[layer];
}

/** Where the first (0) or the second (1) running average of a layer begins. */
export function slot(layer: i32, number: i32): usize {
  return number ? secondSlotAt[layer] : firstSlotAt[layer];
}

export function masksAt(): usize {
  return masks;
}

/** Where `evaluate` leaves the probabilities of the batch that it has seen last. */
export function probabilitiesAt(): usize {
  return probabilities;
}

export function losses(): f64 {
  return lossSum;
}

export function rightOnes(): i32 {
  return hits;
}

/** Draws a layer's initial kernel from the generator, as the package does. */
export function drawKernel(layer: i32, rows: i32, limit: f64): void {
  fillUniform(weightsAt[layer], rows, units[layer], strides[layer], limit);
}

/** Draws which units of a batch stay, scaled to keep the mean. */
export function drawDropout(seed: u32, step: u32, rows: i32, rate: f32): void {
  drawMasks(masks, rows * hidden, seed, step, rate);
}

// -- one batch -----------------------------------------------------------------------------------

/** Lists the bright pixels of rows of the pictures, in the order given or, without one, as they lie. */
function gather(images: usize, order: usize, position: i32, rows: i32): void {
  const stride = strides[0] * 4;
  memory.fill(pixelEnds, 0, 4 * (PIXELS + 1));
  let entry = bySample;
  for (let row = 0; row < rows; row++) {
    const sample = order ? load<i32>(order + ((position + row) << 2)) : position + row;
    const image = images + <usize>(sample * PIXELS);
    for (let block = 0; block < PIXELS; block += 16) {
      const pixels = v128.load(image + block);
      let bright = ~i8x16.bitmask(i8x16.eq(pixels, i8x16.splat(0))) & 0xffff;
      while (bright) {
        const pixel = block + ctz(bright);
        bright &= bright - 1;
        store<i32>(entry, pixel * stride);
        store<f32>(entry, unchecked(brightness[load<u8>(image + pixel)]), 4);
        entry += 8;
        const count = pixelEnds + (pixel << 2);
        store<i32>(count, load<i32>(count, 4) + 1, 4);
      }
    }
    store<usize>(sampleEnds + ((row + 1) << 2), entry);
  }
  store<usize>(sampleEnds, bySample);
}

/** Sorts the same entries by pixel, for the gradient of the first layer. */
function transpose(rows: i32): void {
  const stride = strides[0] * 4;
  let before: usize = byPixel;
  for (let pixel = 0; pixel <= PIXELS; pixel++) {
    const count = <usize>load<i32>(pixelEnds + (pixel << 2));
    before += count * 8;
    store<usize>(pixelEnds + (pixel << 2), before);
  }
  // Now each place holds where its pixel's entries begin; filling them moves it to their end.
  for (let row = 0; row < rows; row++) {
    const end = load<usize>(sampleEnds + ((row + 1) << 2));
    for (let entry = load<usize>(sampleEnds + (row << 2)); entry < end; entry += 8) {
      const pixel = load<i32>(entry) / stride;
      const place = pixelEnds + (pixel << 2);
      const target = load<usize>(place);
      store<i32>(target, row * stride);
      store<f32>(target, load<f32>(entry, 4), 4);
      store<usize>(place, target + 8);
    }
  }
}

/** The first layer's input: a few bright pixels of each picture times their rows of weights. */
function forwardFirst(rows: i32): void {
  const stride = strides[0];
  const kernel = weightsAt[0];
  const biases = kernel + <usize>(PIXELS * stride * 4);
  const out = signalsAt[0];
  for (let row = 0; row < rows; row++) {
    const begin = load<usize>(sampleEnds + (row << 2));
    const end = load<usize>(sampleEnds + ((row + 1) << 2));
    const target = out + <usize>(row * stride * 4);
    let unit = 0;
    for (; unit + 32 <= stride; unit += 32) {
      const at = <usize>(unit * 4);
      let s0 = v128.load(biases + at);
      let s1 = v128.load(biases + at, 16);
      let s2 = v128.load(biases + at, 32);
      let s3 = v128.load(biases + at, 48);
      let s4 = v128.load(biases + at, 64);
      let s5 = v128.load(biases + at, 80);
      let s6 = v128.load(biases + at, 96);
      let s7 = v128.load(biases + at, 112);
      const block = kernel + at;
      for (let entry = begin; entry < end; entry += 8) {
        const from = block + load<usize>(entry);
        const x = v128.load32_splat(entry, 4);
        s0 = f32x4.add(s0, f32x4.mul(x, v128.load(from)));
        s1 = f32x4.add(s1, f32x4.mul(x, v128.load(from, 16)));
        s2 = f32x4.add(s2, f32x4.mul(x, v128.load(from, 32)));
        s3 = f32x4.add(s3, f32x4.mul(x, v128.load(from, 48)));
        s4 = f32x4.add(s4, f32x4.mul(x, v128.load(from, 64)));
        s5 = f32x4.add(s5, f32x4.mul(x, v128.load(from, 80)));
        s6 = f32x4.add(s6, f32x4.mul(x, v128.load(from, 96)));
        s7 = f32x4.add(s7, f32x4.mul(x, v128.load(from, 112)));
      }
      v128.store(target + at, s0);
      v128.store(target + at, s1, 16);
      v128.store(target + at, s2, 32);
      v128.store(target + at, s3, 48);
      v128.store(target + at, s4, 64);
      v128.store(target + at, s5, 80);
      v128.store(target + at, s6, 96);
      v128.store(target + at, s7, 112);
    }
    for (; unit < stride; unit += 8) {
      const at = <usize>(unit * 4);
      let s0 = v128.load(biases + at);
      let s1 = v128.load(biases + at, 16);
      const block = kernel + at;
      for (let entry = begin; entry < end; entry += 8) {
        const from = block + load<usize>(entry);
        const x = v128.load32_splat(entry, 4);
        s0 = f32x4.add(s0, f32x4.mul(x, v128.load(from)));
        s1 = f32x4.add(s1, f32x4.mul(x, v128.load(from, 16)));
      }
      v128.store(target + at, s0);
      v128.store(target + at, s1, 16);
    }
  }
}

/** A further layer's input, four rows and eight units at a time. */
function forwardDense(layer: i32, rows: i32): void {
  const stride = <usize>(strides[layer] * 4);
  const count = inputs[layer];
  const before = <usize>(count * 4);
  const kernel = weightsAt[layer];
  const biases = kernel + <usize>count * stride;
  const x = signalsAt[layer - 1];
  const out = signalsAt[layer];
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const x0 = x + <usize>row * before;
    const x1 = x0 + before;
    const x2 = x1 + before;
    const x3 = x2 + before;
    for (let at: usize = 0; at < stride; at += 32) {
      const b0 = v128.load(biases + at);
      const b1 = v128.load(biases + at, 16);
      let s0 = b0, s1 = b1, s2 = b0, s3 = b1, s4 = b0, s5 = b1, s6 = b0, s7 = b1;
      let from = kernel + at;
      for (let input: usize = 0; input < before; input += 4) {
        const w0 = v128.load(from);
        const w1 = v128.load(from, 16);
        from += stride;
        let s = v128.load32_splat(x0 + input);
        s0 = f32x4.add(s0, f32x4.mul(s, w0));
        s1 = f32x4.add(s1, f32x4.mul(s, w1));
        s = v128.load32_splat(x1 + input);
        s2 = f32x4.add(s2, f32x4.mul(s, w0));
        s3 = f32x4.add(s3, f32x4.mul(s, w1));
        s = v128.load32_splat(x2 + input);
        s4 = f32x4.add(s4, f32x4.mul(s, w0));
        s5 = f32x4.add(s5, f32x4.mul(s, w1));
        s = v128.load32_splat(x3 + input);
        s6 = f32x4.add(s6, f32x4.mul(s, w0));
        s7 = f32x4.add(s7, f32x4.mul(s, w1));
      }
      let target = out + <usize>row * stride + at;
      v128.store(target, s0);
      v128.store(target, s1, 16);
      target += stride;
      v128.store(target, s2);
      v128.store(target, s3, 16);
      target += stride;
      v128.store(target, s4);
      v128.store(target, s5, 16);
      target += stride;
      v128.store(target, s6);
      v128.store(target, s7, 16);
    }
  }
  for (; row < rows; row++) {
    const x0 = x + <usize>row * before;
    for (let at: usize = 0; at < stride; at += 32) {
      let s0 = v128.load(biases + at);
      let s1 = v128.load(biases + at, 16);
      let from = kernel + at;
      for (let input: usize = 0; input < before; input += 4) {
        const s = v128.load32_splat(x0 + input);
        s0 = f32x4.add(s0, f32x4.mul(s, v128.load(from)));
        s1 = f32x4.add(s1, f32x4.mul(s, v128.load(from, 16)));
        from += stride;
      }
      const target = out + <usize>row * stride + at;
      v128.store(target, s0);
      v128.store(target, s1, 16);
    }
  }
}

/** erf by Abramowitz & Stegun's 7.1.26, good to 1.5e-7: as good as a float32 can be. */
function erf(x: f64): f64 {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const size = 1 - sum * Math.exp(-x * x);
  return x < 0 ? -size : size;
}

@inline
function bent(z: f64): f64 {
  if (activation == TANH) return Math.tanh(z);
  if (activation == SIGMOID) return 1 / (1 + Math.exp(-z));
  if (activation == ELU) return z > 0 ? z : Math.expm1(z);
  return 0.5 * z * (1 + erf(z * Math.SQRT1_2));
}

@inline
function slopeOf(z: f64, a: f64): f64 {
  if (activation == TANH) return 1 - a * a;
  if (activation == SIGMOID) return a * (1 - a);
  if (activation == ELU) return z > 0 ? 1 : a + 1;
  const density = 0.3989422804014327 * Math.exp(-0.5 * z * z);
  return 0.5 * (1 + erf(z * Math.SQRT1_2)) + z * density;
}

/** Bends a hidden layer's input, drops units, and keeps the slopes for the way back. */
function activate(layer: i32, rows: i32, offset: i32, dropping: bool): void {
  const count = units[layer];
  const stride = strides[layer];
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    const signal = signalsAt[layer] + <usize>(row * stride * 4);
    const slope = slopesAt[layer] + <usize>(row * stride * 4);
    const mask = masks + <usize>((row * hidden + offset) * 4);
    if (activation == RELU) {
      for (let unit = 0; unit < stride; unit += 4) {
        const at = <usize>(unit * 4);
        const kept = dropping ? v128.load(mask + at) : one;
        const z = v128.load(signal + at);
        // A unit whose input is no number must not be silenced: its run has to end.
        const open = v128.andnot(kept, f32x4.le(z, zero));
        v128.store(slope + at, open);
        v128.store(signal + at, f32x4.mul(v128.andnot(z, f32x4.le(z, zero)), kept));
      }
    } else {
      for (let unit = 0; unit < count; unit++) {
        const at = <usize>(unit * 4);
        const kept = dropping ? load<f32>(mask + at) : <f32>1;
        const z = <f64>load<f32>(signal + at);
        const a = bent(z);
        store<f32>(signal + at, <f32>a * kept);
        store<f32>(slope + at, <f32>slopeOf(z, a) * kept);
      }
    }
    for (let unit = count; unit < stride; unit++) {
      const at = <usize>(unit * 4);
      store<f32>(signal + at, 0);
      store<f32>(slope + at, 0);
    }
  }
}

/** From the last layer's output to probabilities, losses, hits, and the deltas to go back with. */
function finish(labels: usize, order: usize, position: i32, rows: i32): void {
  const last = layers - 1;
  const stride = <usize>(strides[last] * 4);
  const share = <f32>1 / <f32>rows;
  for (let row = 0; row < rows; row++) {
    const sample = order ? load<i32>(order + ((position + row) << 2)) : position + row;
    const label = <i32>load<u8>(labels + sample);
    const logits = signalsAt[last] + <usize>row * stride;
    const delta = deltasAt[last] + <usize>row * stride;
    const chances = probabilities + <usize>(row * CLASSES * 4);
    let highest = load<f32>(logits);
    let best = 0;
    for (let one = 1; one < CLASSES; one++) {
      const logit = load<f32>(logits + (one << 2));
      if (logit > highest) {
        highest = logit;
        best = one;
      }
    }
    let sum: f64 = 0;
    for (let one = 0; one < CLASSES; one++) {
      const power = Math.exp(<f64>load<f32>(logits + (one << 2)) - highest);
      store<f32>(chances + (one << 2), <f32>power);
      sum += power;
    }
    const scale = <f32>(1 / sum);
    for (let one = 0; one < CLASSES; one++) {
      const chance = load<f32>(chances + (one << 2)) * scale;
      store<f32>(chances + (one << 2), chance);
      store<f32>(delta + (one << 2), (chance - (one == label ? <f32>1 : <f32>0)) * share);
    }
    lossSum += Math.log(sum) + highest - load<f32>(logits + (label << 2));
    if (best == label) hits++;
    for (let one = CLASSES; one < strides[last]; one++) store<f32>(delta + (one << 2), 0);
  }
}

function forward(rows: i32, dropping: bool): void {
  forwardFirst(rows);
  let offset = 0;
  for (let layer = 0; layer < layers - 1; layer++) {
    activate(layer, rows, offset, dropping);
    offset += units[layer];
    forwardDense(layer + 1, rows);
  }
}

@inline
function sumOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  // The sums of four vectors, as one vector.
  const ab = f32x4.add(
    v128.shuffle<f32>(a, b, 0, 4, 1, 5),
    v128.shuffle<f32>(a, b, 2, 6, 3, 7),
  );
  const cd = f32x4.add(
    v128.shuffle<f32>(c, d, 0, 4, 1, 5),
    v128.shuffle<f32>(c, d, 2, 6, 3, 7),
  );
  return f32x4.add(
    v128.shuffle<f64>(ab, cd, 0, 2),
    v128.shuffle<f64>(ab, cd, 1, 3),
  );
}

/** The deltas of the layer before: those of this one, back through its kernel and the slopes. */
function backward(layer: i32, rows: i32): void {
  const stride = <usize>(strides[layer] * 4);
  const count = inputs[layer];
  const before = <usize>(count * 4);
  for (let input = 0; input < count; input += 4) {
    const w0 = weightsAt[layer] + <usize>input * stride;
    const w1 = w0 + stride;
    const w2 = w1 + stride;
    const w3 = w2 + stride;
    let delta = deltasAt[layer];
    let target = <usize>(input * 4);
    let row = 0;
    for (; row + 2 <= rows; row += 2) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
      for (let at: usize = 0; at < stride; at += 16) {
        const d = v128.load(delta + at);
        const e = v128.load(delta + stride + at);
        let w = v128.load(w0 + at);
        s0 = f32x4.add(s0, f32x4.mul(d, w));
        t0 = f32x4.add(t0, f32x4.mul(e, w));
        w = v128.load(w1 + at);
        s1 = f32x4.add(s1, f32x4.mul(d, w));
        t1 = f32x4.add(t1, f32x4.mul(e, w));
        w = v128.load(w2 + at);
        s2 = f32x4.add(s2, f32x4.mul(d, w));
        t2 = f32x4.add(t2, f32x4.mul(e, w));
        w = v128.load(w3 + at);
        s3 = f32x4.add(s3, f32x4.mul(d, w));
        t3 = f32x4.add(t3, f32x4.mul(e, w));
      }
      const slope = slopesAt[layer - 1] + target;
      const out = deltasAt[layer - 1] + target;
      v128.store(out, f32x4.mul(sumOf4(s0, s1, s2, s3), v128.load(slope)));
      v128.store(out + before, f32x4.mul(sumOf4(t0, t1, t2, t3), v128.load(slope + before)));
      delta += 2 * stride;
      target += 2 * before;
    }
    if (row < rows) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let at: usize = 0; at < stride; at += 16) {
        const d = v128.load(delta + at);
        s0 = f32x4.add(s0, f32x4.mul(d, v128.load(w0 + at)));
        s1 = f32x4.add(s1, f32x4.mul(d, v128.load(w1 + at)));
        s2 = f32x4.add(s2, f32x4.mul(d, v128.load(w2 + at)));
        s3 = f32x4.add(s3, f32x4.mul(d, v128.load(w3 + at)));
      }
      const slope = v128.load(slopesAt[layer - 1] + target);
      v128.store(deltasAt[layer - 1] + target, f32x4.mul(sumOf4(s0, s1, s2, s3), slope));
    }
  }
}

// -- updates -------------------------------------------------------------------------------------

let rate: v128 = i32x4.splat(0); // of a step: the learning rate, or Adam's corrected one
let keep: v128 = i32x4.splat(0); // what weight decay leaves of a weight

/** Takes one step with four weights; `at` is their place, and their averages lie a layer further on. */
@inline
function update(at: usize, layerBytes: usize, g: v128): void {
  const weight = f32x4.mul(v128.load(at), keep);
  if (optimizer == SGD) {
    v128.store(at, f32x4.sub(weight, f32x4.mul(rate, g)));
    return;
  }
  const first = at + layerBytes;
  const second = first + layerBytes;
  const m = v128.load(first);
  if (optimizer == MOMENTUM) {
    const moved = f32x4.sub(f32x4.mul(m, f32x4.splat(momentum)), f32x4.mul(rate, g));
    v128.store(first, moved);
    v128.store(at, f32x4.add(weight, moved));
    return;
  }
  const square = f32x4.mul(g, g);
  if (optimizer == RMSPROP) {
    const mean = f32x4.add(m, f32x4.mul(f32x4.sub(square, m), f32x4.splat(1 - rho)));
    v128.store(first, mean);
    const size = f32x4.sqrt(f32x4.add(mean, f32x4.splat(epsilon)));
    const moved = f32x4.div(f32x4.mul(rate, g), size);
    v128.store(second, moved);
    v128.store(at, f32x4.sub(weight, moved));
    return;
  }
  const mean = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), f32x4.splat(1 - beta1)));
  const v = v128.load(second);
  const meanSquare = f32x4.add(v, f32x4.mul(f32x4.sub(square, v), f32x4.splat(1 - beta2)));
  v128.store(first, mean);
  v128.store(second, meanSquare);
  const size = f32x4.add(f32x4.sqrt(meanSquare), f32x4.splat(epsilon));
  v128.store(at, f32x4.sub(weight, f32x4.div(f32x4.mul(mean, rate), size)));
}

/** Gradient and update of the first layer, a pixel's row of weights at a time. */
function updateFirst(): void {
  const stride = strides[0];
  const layerBytes = <usize>((PIXELS + 1) * stride * 4);
  const deltas = deltasAt[0];
  let begin = byPixel;
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const end = load<usize>(pixelEnds + (pixel << 2));
    const row = weightsAt[0] + <usize>(pixel * stride * 4);
    let unit = 0;
    for (; unit + 32 <= stride; unit += 32) {
      const offset = <usize>(unit * 4);
      const block = deltas + offset;
      let g0 = f32x4.splat(0), g1 = g0, g2 = g0, g3 = g0, g4 = g0, g5 = g0, g6 = g0, g7 = g0;
      for (let entry = begin; entry < end; entry += 8) {
        const from = block + load<usize>(entry);
        const x = v128.load32_splat(entry, 4);
        g0 = f32x4.add(g0, f32x4.mul(x, v128.load(from)));
        g1 = f32x4.add(g1, f32x4.mul(x, v128.load(from, 16)));
        g2 = f32x4.add(g2, f32x4.mul(x, v128.load(from, 32)));
        g3 = f32x4.add(g3, f32x4.mul(x, v128.load(from, 48)));
        g4 = f32x4.add(g4, f32x4.mul(x, v128.load(from, 64)));
        g5 = f32x4.add(g5, f32x4.mul(x, v128.load(from, 80)));
        g6 = f32x4.add(g6, f32x4.mul(x, v128.load(from, 96)));
        g7 = f32x4.add(g7, f32x4.mul(x, v128.load(from, 112)));
      }
      const at = row + offset;
      update(at, layerBytes, g0);
      update(at + 16, layerBytes, g1);
      update(at + 32, layerBytes, g2);
      update(at + 48, layerBytes, g3);
      update(at + 64, layerBytes, g4);
      update(at + 80, layerBytes, g5);
      update(at + 96, layerBytes, g6);
      update(at + 112, layerBytes, g7);
    }
    for (; unit < stride; unit += 8) {
      const offset = <usize>(unit * 4);
      const block = deltas + offset;
      let g0 = f32x4.splat(0), g1 = g0;
      for (let entry = begin; entry < end; entry += 8) {
        const from = block + load<usize>(entry);
        const x = v128.load32_splat(entry, 4);
        g0 = f32x4.add(g0, f32x4.mul(x, v128.load(from)));
        g1 = f32x4.add(g1, f32x4.mul(x, v128.load(from, 16)));
      }
      update(row + offset, layerBytes, g0);
      update(row + offset + 16, layerBytes, g1);
    }
    begin = end;
  }
}

/** Gradient and update of a further layer's kernel, four rows and eight units at a time. */
function updateDense(layer: i32, rows: i32): void {
  const stride = <usize>(strides[layer] * 4);
  const count = inputs[layer];
  const before = <usize>(count * 4);
  const layerBytes = <usize>(count + 1) * stride;
  for (let input = 0; input < count; input += 4) {
    for (let at: usize = 0; at < stride; at += 32) {
      let g0 = f32x4.splat(0), g1 = g0, g2 = g0, g3 = g0, g4 = g0, g5 = g0, g6 = g0, g7 = g0;
      let x = signalsAt[layer - 1] + <usize>(input * 4);
      let delta = deltasAt[layer] + at;
      for (let row = 0; row < rows; row++) {
        const d0 = v128.load(delta);
        const d1 = v128.load(delta, 16);
        let s = v128.load32_splat(x);
        g0 = f32x4.add(g0, f32x4.mul(s, d0));
        g1 = f32x4.add(g1, f32x4.mul(s, d1));
        s = v128.load32_splat(x, 4);
        g2 = f32x4.add(g2, f32x4.mul(s, d0));
        g3 = f32x4.add(g3, f32x4.mul(s, d1));
        s = v128.load32_splat(x, 8);
        g4 = f32x4.add(g4, f32x4.mul(s, d0));
        g5 = f32x4.add(g5, f32x4.mul(s, d1));
        s = v128.load32_splat(x, 12);
        g6 = f32x4.add(g6, f32x4.mul(s, d0));
        g7 = f32x4.add(g7, f32x4.mul(s, d1));
        x += before;
        delta += stride;
      }
      let target = weightsAt[layer] + <usize>input * stride + at;
      update(target, layerBytes, g0);
      update(target + 16, layerBytes, g1);
      target += stride;
      update(target, layerBytes, g2);
      update(target + 16, layerBytes, g3);
      target += stride;
      update(target, layerBytes, g4);
      update(target + 16, layerBytes, g5);
      target += stride;
      update(target, layerBytes, g6);
      update(target + 16, layerBytes, g7);
    }
  }
}

function updateBiases(layer: i32, rows: i32): void {
  const stride = <usize>(strides[layer] * 4);
  const layerBytes = <usize>(inputs[layer] + 1) * stride;
  const biases = weightsAt[layer] + <usize>inputs[layer] * stride;
  for (let at: usize = 0; at < stride; at += 16) {
    let g = f32x4.splat(0);
    let delta = deltasAt[layer] + at;
    for (let row = 0; row < rows; row++) {
      g = f32x4.add(g, v128.load(delta));
      delta += stride;
    }
    update(biases + at, layerBytes, g);
  }
}

// -- what the page calls -------------------------------------------------------------------------

/** Takes one step with a batch, and returns its mean loss; `masksAt` says which units stay. */
export function step(
  images: usize,
  labels: usize,
  order: usize,
  position: i32,
  rows: i32,
  learningRate: f32,
  keptShare: f32,
  dropping: bool,
): f64 {
  lossSum = 0;
  hits = 0;
  rate = f32x4.splat(learningRate);
  keep = f32x4.splat(keptShare);
  gather(images, order, position, rows);
  transpose(rows);
  forward(rows, dropping);
  finish(labels, order, position, rows);
  // A layer's kernel is read on the way back before it is changed.
  for (let layer = layers - 1; layer > 0; layer--) {
    backward(layer, rows);
    updateDense(layer, rows);
    updateBiases(layer, rows);
  }
  updateFirst();
  updateBiases(0, rows);
  return lossSum / <f64>rows;
}

/** Looks at rows as they lie: adds to `losses` and `rightOnes` unless told to begin anew. */
export function evaluate(
  images: usize,
  labels: usize,
  position: i32,
  rows: i32,
  anew: bool,
): void {
  if (anew) {
    lossSum = 0;
    hits = 0;
  }
  gather(images, 0, position, rows);
  forward(rows, false);
  finish(labels, 0, position, rows);
}

/** Reads one picture of 784 brightnesses from 0 to 1, and leaves its probabilities. */
export function read(picture: usize, label: usize): void {
  const stride = strides[0] * 4;
  let entry = bySample;
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const value = load<f32>(picture + (pixel << 2));
    if (value != 0) {
      store<i32>(entry, pixel * stride);
      store<f32>(entry, value, 4);
      entry += 8;
    }
  }
  store<usize>(sampleEnds, bySample);
  store<usize>(sampleEnds + 4, entry);
  forward(1, false);
  finish(label, 0, 0, 1);
}
