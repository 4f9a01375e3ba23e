import type { PageTiming } from './pageTimer.ts'

/** Runs in the page. */
export function countFrames(milliseconds: number): Promise<{ perSecond: number; longest: number }> {
  return new Promise((resolve) => {
    const start = performance.now()
    let [count, before, longest] = [0, start, 0]
    const frame = (now: number) => {
      count++
      longest = Math.max(longest, now - before)
      before = now
      if (now - start < milliseconds) requestAnimationFrame(frame)
      else resolve({ perSecond: (1000 * count) / (now - start), longest })
    }
    requestAnimationFrame(frame)
  })
}

/**
 * The median and the worst of the times until all is shown, or (`of`) until the first frame that differs, or the heatmap; and
 * of the processor time that it took.
 */
export function tellTiming(
  what: string,
  timings: readonly PageTiming[],
  needed?: number,
  of: keyof PageTiming = 'shown',
) {
  const sorted = timings.map((timing) => timing[of]).sort((a, b) => a - b)
  tell(what, sorted[Math.floor(sorted.length / 2)]!, needed)
  if (sorted.length > 1) tell('  slowest', sorted.at(-1)!)
  if (of === 'processor') return
  tellTiming(`  ${sorted.length > 1 ? 'median of its' : 'its'} processor time`, timings, undefined, 'processor')
}

export function tell(what: string, value: number, needed?: number, unit = ' ms'): void {
  const goal = needed === undefined ? '' : `   (wanted ${needed}${unit})`
  process.stdout.write(`${what.padEnd(58)} ${value.toFixed(1).padStart(9)}${unit}${goal}\n`)
}
