import type { SweepSummary } from '../../../shared/contract/sweeps.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'

/** The state of a sweep: its word and the look of its pill. */
export function stateOf({ state, problem, failed, begun }: SweepSummary): { word: string; look: string } {
  switch (state) {
    case 'computing':
      return { word: 'Computing', look: 'live' }
    case 'complete':
      return { word: 'Complete', look: failed > 0 ? 'warn' : 'ok' }
    case 'unreadable':
      return { word: 'Not readable', look: 'error' }
    case 'open':
      if (problem !== null) return { word: 'Stopped', look: 'error' }
      return begun > 0 ? { word: 'Begun', look: 'warn' } : { word: 'Not complete', look: '' }
  }
}

export function describeProgress({ runs, finished, failed, begun, state, secondsLeft }: SweepSummary): string {
  if (state === 'unreadable') return ''
  return [
    `${formatCount(finished + failed)} of ${formatCount(runs)} ended`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(begun > 0 ? [`${formatCount(begun)} begun`] : []),
    ...(state !== 'complete' && secondsLeft !== null ? [`${formatDuration(secondsLeft)} left`] : []),
  ].join(', ')
}

export function describeSize({ cells, seeds }: Pick<SweepSummary, 'cells' | 'seeds'>): string {
  return `${countThings(cells, 'cell')} × ${countThings(seeds, 'seed')}`
}
