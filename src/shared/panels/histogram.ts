const bins = 48

/** How many values fall into each of 48 equal bins of [−bound, bound], the last of which holds its end: from x until the next. */
export function histogram(
  values: ArrayLike<number>,
  bound: number,
): { x: Float64Array; until: Float64Array; y: Float64Array } {
  const counts = new Float64Array(bins)
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    const bin = Math.min(bins - 1, Math.floor(((value + bound) / (2 * bound)) * bins))
    if (value >= -bound && value <= bound) counts[bin]!++
  }
  const edge = (bin: number) => -bound + (2 * bound * bin) / bins
  return { x: counts.map((_, bin) => edge(bin)), until: counts.map((_, bin) => edge(bin + 1)), y: counts }
}
