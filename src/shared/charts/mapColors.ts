import { formatNumber } from '../formatting/formatNumber.ts'
import type { MapPanel } from '../panel.ts'
import { createScale } from './scale.ts'
import { makeTicks, type Tick } from './ticks.ts'

/** How far up the scale of its colors a value of a map stands, 0 … 1; values beyond take the ends. */
export function shareOf({ colorScale, range }: Pick<MapPanel, 'colorScale' | 'range'>, value: number): number {
  const share = createScale(colorScale, range, [0, 1]).at(value)
  return Math.max(0, Math.min(1, Number.isNaN(share) ? 0 : share))
}

/** What stands beside the bar of colors, so many pixels long: round numbers, as shares of the way up. */
export function barTicks(panel: Pick<MapPanel, 'colorScale' | 'range'>, length: number): Tick[] {
  const scale = createScale(panel.colorScale, panel.range, [0, length])
  return makeTicks(scale, 30).major.map(({ at, label }) => ({ at: shareOf(panel, at), label }))
}

const undecidedWords = 'no majority'

/** What stands beside the colors, named, for cells that have a color but no value. */
export function statesInKey({ cells, beyond }: MapPanel): { state: 'censored' | 'undecided'; words: string }[] {
  return [
    ...(beyond !== undefined && cells.state.includes('censored')
      ? [{ state: 'censored', words: beyond } as const]
      : []),
    ...(cells.state.includes('undecided') ? [{ state: 'undecided', words: undecidedWords } as const] : []),
  ]
}

/** A cell's value in words: a kind by its name, one beyond by its bound. */
export function valueWords({ cells, kinds, beyond = 'beyond' }: MapPanel, cell: number): string {
  switch (cells.state[cell]!) {
    case 'value':
      return kinds?.[cells.value[cell]!] ?? formatNumber(cells.value[cell]!)
    case 'censored':
      return beyond
    case 'undecided':
      return undecidedWords
    case 'failed':
      return 'failed'
    case 'missing':
      return 'none yet'
  }
}
