import { LANES } from './layout'

/** Two adjacent entries in float64. */
@inline
export function loadPair(at: usize): v128 {
  return LANES == 2 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load64_zero(at))
}

/** Stores two numbers as adjacent entries, each rounded once. */
@inline
export function storePair(at: usize, values: v128): void {
  if (LANES == 2) v128.store(at, values)
  else v128.store64_lane(at, f32x4.demote_f64x2_zero(values), 0)
}
