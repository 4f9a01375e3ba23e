import type { LiveMapReading } from '../../../../shared/contract.ts'
import { formatCount } from '../../../../shared/formatting/formatNumber.ts'

/** How well the boundary is known, once anything of it is. */
export function describeBoundary({ rows, wideRows, seeds, isDone, boundary }: LiveMapReading): string[] {
  if (!boundary) return []
  const lines = boundary.along === 'x' ? 'rows' : 'columns'
  if (rows === 0) return isDone ? ['no boundary in this plane'] : []
  if (wideRows === 0) return [`boundary within a cell in all ${formatCount(rows)} ${lines}`]
  const known = `boundary within a cell in ${formatCount(rows - wideRows)} of ${formatCount(rows)} ${lines}`
  return [isDone ? `${known} with ${formatCount(seeds)} seeds` : known]
}
