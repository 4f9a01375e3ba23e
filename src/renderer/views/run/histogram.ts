const bins = 48

/** How many entries fall into each of 48 equal bins of [−bound, bound], as the corners of a stepped line. */
export function histogram(values: ArrayLike<number>, bound: number): { x: Float64Array; y: Float64Array } {
  const counts = new Float64Array(bins)
  for (let at = 0; at < values.length; at++) {
    const bin = Math.floor(((values[at]! + bound) / (2 * bound)) * bins)
    if (bin >= 0 && bin < bins) counts[bin]!++
  }
  const x = new Float64Array(2 * bins)
  const y = new Float64Array(2 * bins)
  counts.forEach((count, bin) => {
    x[2 * bin] = -bound + (2 * bound * bin) / bins
    x[2 * bin + 1] = -bound + (2 * bound * (bin + 1)) / bins
    y[2 * bin] = y[2 * bin + 1] = count
  })
  return { x, y }
}
