import type { LinePanel } from '../../../shared/panel.ts'
import { formatFixed, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import type { ComparedRun } from '../../../shared/curves/comparison.ts'
import { readAt } from './reading.ts'

/** What the panels, over decay time, say of each run held against the one named `reference`. */
export function theoryReading(
  runs: readonly ComparedRun[],
  reference: string,
  panels: { error: LinePanel; distance: LinePanel; pace: LinePanel },
  tau: number,
): { label: string; text: string }[] {
  const at = (panel: LinePanel, label: string) => {
    const line = panel.series.find(({ name }) => name === label)
    return line ? readAt({ x: line.x, value: line.y }, tau) : null
  }
  const ours = at(panels.error, reference)
  return runs.flatMap(({ label }) => {
    if (label === reference) return []
    const share = at(panels.distance, label)
    const error = at(panels.error, label)
    const ratios = panels.pace.series.find(({ name }) => name === label)?.y
    const words = [
      ...(share === null ? [] : [`is off by ${formatFixed(share * 100, 0)} % of ${reference}’s way`]),
      ...(error === null || ours === null ? [] : [describeError(error - ours)]),
      ...(ratios && ratios.length > 0 ? [describeSpeed(ratios)] : []),
    ]
    return words.length > 0 ? [{ label, text: `${joined(words)}.` }] : []
  })
}

function describeError(difference: number): string {
  if (difference === 0) return 'has the same test error'
  return `has a test error ${formatNumber(Math.abs(difference), 2)} ${difference < 0 ? 'lower' : 'higher'}`
}

/** The middle half of the ratios, so that the steep beginning does not speak for all. */
function describeSpeed(ratios: Float64Array): string {
  const sorted = ratios.toSorted()
  const [low, high] = [0.25, 0.75].map((share) => sorted[Math.floor(share * (sorted.length - 1))]!) as [number, number]
  const range =
    formatFixed(low, 1) === formatFixed(high, 1)
      ? formatFixed(low, 1)
      : `${formatFixed(low, 1)}–${formatFixed(high, 1)}`
  if (range === '1.0') return 'reaches equal errors at the same time'
  return high < 1
    ? `reaches equal errors later, at ${range} times the pace`
    : `reaches equal errors at ${range} times the pace`
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
