import type { LiveMapReading } from '../../../../shared/contract/liveMaps.ts'
import { formatCount } from '../../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../../shared/formatting/countThings.ts'
import { formatDuration } from '../../../../shared/formatting/formatTime.ts'
import { countRuns } from '../../../formatting/countRuns.ts'

/** How far a live map is, how long it still takes for what is asked of it by now, and how well its boundary is known. */
export function describeReading(reading: LiveMapReading, left: number | 'paused' | null): string {
  const { wanted, ended, failed, isDone } = reading
  const rest = left === null || left === 'paused' ? left : `${formatDuration(left)} left`
  return [
    `${formatCount(ended)} of ${countRuns(wanted)} ended`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(isDone || rest === null ? [] : [rest]),
    ...describeBoundary(reading),
  ].join('; ')
}

/** Once anything of it is known. */
function describeBoundary({ rows, wideRows, seeds, isDone, boundary }: LiveMapReading): string[] {
  if (!boundary) return []
  const lines = boundary.along === 'x' ? 'rows' : 'columns'
  if (rows === 0) return isDone ? ['no boundary in this plane'] : []
  if (wideRows === 0) return [`boundary within a cell in all ${formatCount(rows)} ${lines}`]
  const known = `boundary within a cell in ${formatCount(rows - wideRows)} of ${formatCount(rows)} ${lines}`
  return [isDone ? `${known} with ${countThings(seeds, 'seed')}` : known]
}
