import type { LiveMapReading } from '../../../../shared/contract.ts'
import { formatCount } from '../../../../shared/formatting/formatNumber.ts'

/** How well the boundary is known, once something of it is. */
export function describeBoundary({ rows, wideRows, seeds, isDone, boundary }: LiveMapReading): string[] {
  if (!boundary) return []
  if (rows === 0) return isDone ? ['no boundary in this plane'] : []
  const known = rows - wideRows
  const count = `boundary within a cell in ${formatCount(known)} of ${formatCount(rows)} rows`
  if (known === rows) return [`${count.replace(`${known} of`, 'all')}`]
  return [isDone ? `${count} with ${formatCount(seeds)} seeds` : count]
}
