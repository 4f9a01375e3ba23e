import { LANES, UNIT } from './layout'

/*
 * A panel is what the register tile reads: for each step k of the summation a group of four neighboring entries.
 * Entry (i, k) of the source lies at source + i·outer + k·inner; of the panel at panel + k·stride + i·UNIT.
 */

/** Copies `count` ≤ 4 rows of `depth` entries into a panel; missing rows become 0. */
export function packFour(
  source: usize, outer: i32, inner: i32, count: i32, depth: i32, panel: usize, stride: i32,
): void {
  if (count == 4 && outer == UNIT) {
    for (let k = 0; k < depth; k++) {
      copyFour(source, panel)
      source += inner
      panel += stride
    }
  } else if (count == 4 && outer == -UNIT) {
    for (let k = 0; k < depth; k++) {
      copyFourReversed(source - 3 * UNIT, panel)
      source += inner
      panel += stride
    }
  } else if (count == 4 && inner == UNIT) {
    let k = 0
    for (; k + LANES <= depth; k += LANES) {
      transposeFour(source, outer, panel, stride)
      source += LANES * UNIT
      panel += LANES * stride
    }
    for (; k < depth; k++) {
      for (let i = 0; i < 4; i++) store<real>(panel + i * UNIT, load<real>(source + i * outer))
      source += UNIT
      panel += stride
    }
  } else {
    for (let k = 0; k < depth; k++) {
      for (let i = 0; i < 4; i++) {
        store<real>(panel + i * UNIT, i < count ? load<real>(source + i * outer) : <real>0)
      }
      source += inner
      panel += stride
    }
  }
}

/** The reverse of `packFour`: copies `count` rows of a panel to where they came from. */
export function unpackFour(
  target: usize, outer: i32, inner: i32, count: i32, depth: i32, panel: usize, stride: i32,
): void {
  for (let k = 0; k < depth; k++) {
    if (count == 4 && outer == UNIT) copyFour(panel, target)
    else for (let i = 0; i < count; i++) store<real>(target + i * outer, load<real>(panel + i * UNIT))
    target += inner
    panel += stride
  }
}

@inline
function copyFour(from: usize, to: usize): void {
  v128.store(to, v128.load(from))
  if (LANES == 2) v128.store(to, v128.load(from, 16), 16)
}

@inline
function copyFourReversed(from: usize, to: usize): void {
  const first = v128.load(from)
  if (LANES == 2) {
    const last = v128.load(from, 16)
    v128.store(to, v128.shuffle<f64>(last, last, 1, 0))
    v128.store(to, v128.shuffle<f64>(first, first, 1, 0), 16)
  } else {
    v128.store(to, v128.shuffle<f32>(first, first, 3, 2, 1, 0))
  }
}

/** Four rows of LANES entries each → LANES groups of four. */
@inline
function transposeFour(source: usize, outer: i32, panel: usize, stride: i32): void {
  const r0 = v128.load(source)
  const r1 = v128.load(source + outer)
  const r2 = v128.load(source + 2 * outer)
  const r3 = v128.load(source + 3 * outer)
  if (LANES == 2) {
    v128.store(panel, v128.shuffle<f64>(r0, r1, 0, 2))
    v128.store(panel, v128.shuffle<f64>(r2, r3, 0, 2), 16)
    v128.store(panel + stride, v128.shuffle<f64>(r0, r1, 1, 3))
    v128.store(panel + stride, v128.shuffle<f64>(r2, r3, 1, 3), 16)
  } else {
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5)
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5)
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
    v128.store(panel, v128.shuffle<f64>(low01, low23, 0, 2))
    v128.store(panel + stride, v128.shuffle<f64>(low01, low23, 1, 3))
    v128.store(panel + 2 * stride, v128.shuffle<f64>(high01, high23, 0, 2))
    v128.store(panel + 3 * stride, v128.shuffle<f64>(high01, high23, 1, 3))
  }
}
