export interface Extreme {
  kind: 'minimum' | 'maximum'
  /** Where among the values. */
  place: number
}

/**
 * Local extremes of a curve that begins to fall, in their order, each more than a tolerance away from the next: wiggles of rounding
 * are none. Empty where it falls throughout.
 */
export function extremesOf(values: ArrayLike<number>, tolerance: number): Extreme[] {
  const found: Extreme[] = []
  let best = 0
  let falls = true
  for (let place = 1; place < values.length; place++) {
    const beyond = (values[place]! - values[best]!) * (falls ? 1 : -1)
    if (beyond < 0) best = place
    else if (beyond > tolerance) {
      found.push({ kind: falls ? 'minimum' : 'maximum', place: best })
      falls = !falls
      best = place
    }
  }
  return found
}

/** The largest rise of a curve above its minimum so far: 0 where it never rises. */
export function largestRise(values: ArrayLike<number>): number {
  let min = Infinity
  let rise = 0
  for (let place = 0; place < values.length; place++) {
    min = Math.min(min, values[place]!)
    rise = Math.max(rise, values[place]! - min)
  }
  return rise
}
