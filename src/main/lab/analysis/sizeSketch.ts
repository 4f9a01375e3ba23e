/** Bins to a power of two: what is read from the sketch is too large by 2^(1/128), half a percent, at most. */
const binsPerOctave = 128
const octaves = 2200

/** How large numbers are, counted: quantiles of |x| over any number of them in the memory of a few. */
export interface SizeSketch {
  /** Counts the finite ones among some values. */
  add(values: ArrayLike<number>): void
  /** A size that a share of the values counted does not exceed, too large by half a percent at most; 0 for none. */
  quantile(share: number): number
}

/** Dimensionless counts in bins of log₂|x|, as in DDSketch (Masson, Rim & Lee 2019); zeros are counted apart. */
export function createSizeSketch(): SizeSketch {
  const counts = new Float64Array(binsPerOctave * octaves)
  const middle = counts.length / 2
  let zeros = 0
  let total = 0
  return {
    add(values) {
      for (let place = 0; place < values.length; place++) {
        const size = Math.abs(values[place]!)
        if (!Number.isFinite(size)) continue
        total++
        if (size === 0) zeros++
        else counts[middle + Math.ceil(Math.log2(size) * binsPerOctave)]!++
      }
    },
    quantile(share) {
      let below = zeros
      if (below >= share * total) return 0
      const bin = counts.findIndex((count) => (below += count) >= share * total)
      return 2 ** ((bin - middle) / binsPerOctave)
    },
  }
}
