// TensorFlow's stateless_uniform (Philox 4x32-10 of Salmon et al. 2011), to the bit: a run on the
// page drops the same units as the package's.

const MULTIPLIER_A: u32 = 0xd2511f53;
const MULTIPLIER_B: u32 = 0xcd9e8d57;
const WEYL_A: u32 = 0x9e3779b9;
const WEYL_B: u32 = 0xbb67ae85;

let r0: u32 = 0;
let r1: u32 = 0;
let r2: u32 = 0;
let r3: u32 = 0;

@inline
function rounds(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  for (let round = 0; round < 10; round++) {
    const a = <u64>c0 * <u64>MULTIPLIER_A;
    const b = <u64>c2 * <u64>MULTIPLIER_B;
    c0 = <u32>(b >> 32) ^ c1 ^ k0;
    c1 = <u32>b;
    c2 = <u32>(a >> 32) ^ c3 ^ k1;
    c3 = <u32>a;
    k0 += WEYL_A;
    k1 += WEYL_B;
  }
  r0 = c0;
  r1 = c1;
  r2 = c2;
  r3 = c3;
}

/** Draws `count` masks: 0 for a unit that is dropped, 1 / (1 - rate) for one that stays. */
export function drawMasks(at: usize, count: i32, seed: u32, step: u32, rate: f32): void {
  // TensorFlow scrambles the two seeds (as 64 bits each) into a key and the upper counter.
  rounds(seed, 0, step, 0, 0x3ec8f720, 0x02461e29);
  const k0 = r0;
  const k1 = r1;
  const c2 = r2;
  const c3 = r3;
  const kept = <f32>1 - rate;
  const scale = f32x4.splat(kept > 0 ? <f32>1 / kept : 0);
  const one = i32x4.splat(0x3f800000);
  const fraction = i32x4.splat(0x007fffff);
  const limit = f32x4.splat(rate);
  const multiplierA = i64x2.splat(MULTIPLIER_A);
  const multiplierB = i64x2.splat(MULTIPLIER_B);
  const lower = i64x2.splat(0xffffffff);
  // Two blocks of four numbers at a time: each vector holds the same word of both, in 64 bits.
  for (let block: i32 = 0; block * 4 < count; block += 2) {
    let x0 = i64x2(block, block + 1);
    let x1 = i64x2.splat(0);
    let x2 = i64x2.splat(c2);
    let x3 = i64x2.splat(c3);
    let a0 = k0;
    let a1 = k1;
    for (let round = 0; round < 10; round++) {
      const a = i64x2.extmul_low_i32x4_u(
        v128.shuffle<i32>(x0, x0, 0, 2, 0, 2),
        v128.shuffle<i32>(multiplierA, multiplierA, 0, 2, 0, 2),
      );
      const b = i64x2.extmul_low_i32x4_u(
        v128.shuffle<i32>(x2, x2, 0, 2, 0, 2),
        v128.shuffle<i32>(multiplierB, multiplierB, 0, 2, 0, 2),
      );
      x0 = v128.xor(v128.xor(i64x2.shr_u(b, 32), x1), i64x2.splat(<u64>a0));
      x1 = v128.and(b, lower);
      x2 = v128.xor(v128.xor(i64x2.shr_u(a, 32), x3), i64x2.splat(<u64>a1));
      x3 = v128.and(a, lower);
      a0 += WEYL_A;
      a1 += WEYL_B;
    }
    const x01 = v128.or(x0, i64x2.shl(x1, 32));
    const x23 = v128.or(x2, i64x2.shl(x3, 32));
    const first = v128.shuffle<i64>(x01, x23, 0, 2);
    const second = v128.shuffle<i64>(x01, x23, 1, 3);
    const u = f32x4.sub(v128.or(v128.and(first, fraction), one), f32x4.splat(1));
    const v = f32x4.sub(v128.or(v128.and(second, fraction), one), f32x4.splat(1));
    const place = at + <usize>(block << 4);
    v128.store(place, v128.and(f32x4.ge(u, limit), scale));
    v128.store(place, v128.and(f32x4.ge(v, limit), scale), 16);
  }
}
