/** Takes values of a domain to pixels of a range and back. */
export interface Scale {
  kind: 'linear' | 'log'
  domain: readonly [number, number]
  range: readonly [number, number]
  /** Width in pixels of the stretch at the low end where a logarithmic axis shows zero; 0 where it shows none. */
  zeroGapPixels: number
  at: (value: number) => number
  invert: (pixel: number) => number
}

const zeroGapWidth = 18
/** A narrower span, against what it spans, could not be told apart by numbers that a person reads. */
const minShare = 1e-9
/** What lies beyond is drawn as far away as this, where sums do not overflow. */
const [smallest, largest] = [1e-300, 1e300]

/** `range` may run downwards, as that of a vertical axis does. Values of a log domain are positive. */
export function createScale(
  kind: 'linear' | 'log',
  domain: readonly [number, number],
  range: readonly [number, number],
  showsZero = false,
): Scale {
  const shown = readableDomain(kind, domain)
  return kind === 'linear' ? linearScale(shown, range) : logScale(shown, range, showsZero ? zeroGapWidth : 0)
}

/** The domain, or a wider one about its middle where it is too narrow for labels that differ. */
export function readableDomain(
  kind: 'linear' | 'log',
  [from, to]: readonly [number, number],
): readonly [number, number] {
  if (from > to) {
    const [low, high] = readableDomain(kind, [to, from])
    return [high, low]
  }
  const clamp = (value: number) => Math.max(kind === 'log' ? smallest : -largest, Math.min(largest, value))
  const [low, high] = [clamp(from), clamp(to)]
  const minSpan = Math.max(smallest, minShare * Math.max(Math.abs(low), Math.abs(high)))
  if (!(high - low < minSpan)) return [low, high]
  if (kind === 'log') return [low * (1 - minShare), high * (1 + minShare)]
  const middle = low + (high - low) / 2
  return [middle - minSpan / 2, middle + minSpan / 2]
}

function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const slope = (range[1] - range[0]) / (domain[1] - domain[0])
  return {
    kind: 'linear',
    domain,
    range,
    zeroGapPixels: 0,
    at: (value) => range[0] + (value - domain[0]) * slope,
    invert: (pixel) => domain[0] + (pixel - range[0]) / slope,
  }
}

function logScale(domain: readonly [number, number], range: readonly [number, number], zeroGapPixels: number): Scale {
  const start = range[0] + zeroGapPixels * Math.sign(range[1] - range[0])
  const low = Math.log10(domain[0])
  const slope = (range[1] - start) / (Math.log10(domain[1]) - low)
  return {
    kind: 'log',
    domain,
    range,
    zeroGapPixels,
    at: (value) => {
      if (value > 0) return value < domain[0] && zeroGapPixels > 0 ? start : start + (Math.log10(value) - low) * slope
      return value === 0 && zeroGapPixels > 0 ? range[0] : NaN
    },
    invert: (pixel) => {
      if (zeroGapPixels > 0 && Math.abs(pixel - range[0]) < zeroGapPixels / 2) return 0
      return 10 ** (low + (pixel - start) / slope)
    },
  }
}
