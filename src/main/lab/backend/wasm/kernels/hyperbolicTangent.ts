import { LANES, UNIT } from './layout'

/*
 * tanh and its derivative for two numbers at a time, in float64. With u = e^(−2|z|): tanh|z| = (1 − u)/(1 + u) and
 * tanh' = 4u/(1 + u)². Both 1 − u and u are had to a few rounding errors from u = 2^k·e^r, |r| ≤ ln(2)/2.
 */

/** H ← tanh(Z) for `length` adjacent entries. */
export function tanhEntries(length: i32, z: usize, h: usize): void {
  const whole = z + (length & -2) * UNIT
  for (; z < whole; z += 2 * UNIT) {
    storePair(h, tanhPair(loadPair(z)))
    h += 2 * UNIT
  }
  if (length & 1) store<real>(h, <real>f64x2.extract_lane(tanhPair(f64x2.splat(load<real>(z))), 0))
}

/** A ← A ⊙ tanh'(Z) for `length` adjacent entries. */
export function multiplyEntriesByTanhDerivative(length: i32, z: usize, a: usize): void {
  const whole = z + (length & -2) * UNIT
  for (; z < whole; z += 2 * UNIT) {
    storePair(a, f64x2.mul(loadPair(a), tanhDerivativePair(loadPair(z))))
    a += 2 * UNIT
  }
  if (length & 1) {
    const derivative = f64x2.extract_lane(tanhDerivativePair(f64x2.splat(load<real>(z))), 0)
    store<real>(a, <real>(<f64>load<real>(a) * derivative))
  }
}

@inline
function tanhPair(z: v128): v128 {
  const scale = powerOfTwo(z)
  // u − 1, without cancellation: where k is 0 it is e^r − 1 itself.
  const difference = f64x2.add(f64x2.mul(scale, exponentialMinusOne(z)), f64x2.sub(scale, f64x2.splat(1)))
  const magnitude = f64x2.div(f64x2.neg(difference), f64x2.add(f64x2.splat(2), difference))
  const sign = f64x2.splat(-0.0)
  return v128.bitselect(z, magnitude, sign)
}

@inline
function tanhDerivativePair(z: v128): v128 {
  const scale = powerOfTwo(z)
  const u = f64x2.add(scale, f64x2.mul(scale, exponentialMinusOne(z)))
  const sum = f64x2.add(f64x2.splat(1), u)
  const derivative = f64x2.div(f64x2.mul(f64x2.splat(4), u), f64x2.mul(sum, sum))
  // u is no normal number from here on.
  return v128.andnot(derivative, f64x2.gt(f64x2.abs(z), f64x2.splat(LARGEST)))
}

/** Where e^(−2|z|) stops being a normal number. */
const LARGEST: f64 = 354
const LOG2_E: f64 = 1.4426950408889634
/** ln 2 in two parts; k times the first is exact. */
const LN_2_HIGH: f64 = 6.93147180369123816490e-1
const LN_2_LOW: f64 = 1.90821492927058770002e-10

/** −2·min(|z|, LARGEST). */
@inline
function exponent(z: v128): v128 {
  return f64x2.mul(f64x2.splat(-2), f64x2.min(f64x2.abs(z), f64x2.splat(LARGEST)))
}

@inline
function nearestPower(y: v128): v128 {
  return f64x2.nearest(f64x2.mul(y, f64x2.splat(LOG2_E)))
}

/** 2^k for the whole number k nearest to −2|z|/ln(2). */
@inline
function powerOfTwo(z: v128): v128 {
  const k = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(nearestPower(exponent(z))))
  return i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52)
}

/** e^r − 1 for r = −2|z| − k·ln(2): its series to r¹³, beyond which nothing is left within |r| ≤ ln(2)/2. */
@inline
function exponentialMinusOne(z: v128): v128 {
  const y = exponent(z)
  const k = nearestPower(y)
  const r = f64x2.sub(f64x2.sub(y, f64x2.mul(k, f64x2.splat(LN_2_HIGH))), f64x2.mul(k, f64x2.splat(LN_2_LOW)))
  let sum = f64x2.splat(1.0 / 6227020800)
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 479001600))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 39916800))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 3628800))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 362880))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 40320))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 5040))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 720))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 120))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 24))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 6))
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 2))
  return f64x2.add(r, f64x2.mul(f64x2.mul(r, r), sum))
}

@inline
function loadPair(at: usize): v128 {
  return LANES == 2 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load64_zero(at))
}

@inline
function storePair(at: usize, pair: v128): void {
  if (LANES == 2) v128.store(at, pair)
  else v128.store64_lane(at, f32x4.demote_f64x2_zero(pair), 0)
}
