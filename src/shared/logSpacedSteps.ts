/**
 * The steps round(10^(i/n)), i = 0, 1, …, up to `last`, each once: n in every decade, and every step while these are closer
 * than that, below about n/ln 10.
 */
export function logSpacedSteps(perDecade: number, last: number): number[] {
  const places = Math.ceil(Math.log10(last) * perDecade)
  const steps = Array.from({ length: places + 1 }, (_, place) => Math.round(10 ** (place / perDecade)))
  return [...new Set(steps)].filter((step) => step <= last)
}

/** About how many there are of them, without making them: k = 1/(10^(1/n) − 1) single steps, then n a decade. */
export function countLogSpacedSteps(perDecade: number, last: number): number {
  const single = 1 / (10 ** (1 / perDecade) - 1)
  return last <= single ? last : Math.max(1, Math.round(single + perDecade * Math.log10(last / Math.max(1, single))))
}
