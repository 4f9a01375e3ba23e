import type { AxisRanges } from '../../../shared/curves/parallelPanel.ts'

/** Parts of axes as an address has them: `column:from:to`, with commas between them. What makes no sense there is passed over. */
export function rangesIn(text: string): AxisRanges {
  return Object.fromEntries(
    text.split(',').flatMap((each) => {
      const [, column, from, to] = /^([^:]+):([^:]+):([^:]+)$/.exec(each) ?? []
      const range = [Number(from), Number(to)] as const
      return column !== undefined && range.every(Number.isFinite) && range[0] <= range[1] ? [[column, range]] : []
    }),
  )
}

export function textOfRanges(ranges: AxisRanges): string {
  return Object.entries(ranges)
    .map(([column, [from, to]]) => `${column}:${from}:${to}`)
    .join(',')
}
