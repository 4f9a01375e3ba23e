import type { FigureCard } from '../../../shared/contract/papers.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { countVerdicts, isAsDeclared } from '../../../shared/papers/figure.ts'
import { hasStopped, stoppedStatuses, type RunSummary } from '../../../shared/run.ts'
import { countRuns } from '../../formatting/countRuns.ts'

export interface FigureStatus {
  word: string
  /** Class of the pill. */
  look: '' | 'ok' | 'warn' | 'error' | 'live'
}

/** How a figure stands, in a word or three. */
export function figureStatus(card: FigureCard, runs: readonly RunSummary[], used?: FigureCard): FigureStatus {
  if (card.state === 'running') return { word: 'Running', look: 'live' }
  if (runs.some(hasStopped)) {
    return { word: describeStopped(runs), look: runs.some(({ status }) => status === 'failed') ? 'error' : 'warn' }
  }
  if (card.state === 'notRun') {
    return { word: used?.state === 'ready' ? 'Ready to draw' : 'Not run', look: '' }
  }
  const claims = card.result?.claims ?? []
  const unlike = countVerdicts(claims.filter((claim) => !isAsDeclared(claim)))
  for (const verdict of ['not held', 'outside'] as const) {
    if (unlike[verdict] > 0) return { word: `${unlike[verdict]} of ${claims.length} ${verdict}`, look: 'warn' }
  }
  if (unlike.holds > 0) return { word: `${unlike.holds} of ${claims.length} unlike declared`, look: 'warn' }
  if (unlike.pending > 0) return { word: `${unlike.pending} of ${claims.length} pending`, look: '' }
  if (claims.length === 0) return { word: card.result ? 'Drawn' : 'Ready to draw', look: '' }
  return { word: claims.every(({ verdict }) => verdict === 'holds') ? 'Holds' : 'As declared', look: 'ok' }
}

/** `3 of 5 interrupted`, `1 failed, 2 cancelled of 5`. */
export function describeStopped(runs: readonly RunSummary[]): string {
  const counts = stoppedStatuses.flatMap((status) => {
    const count = runs.filter((run) => run.status === status).length
    return count > 0 ? [{ status, count }] : []
  })
  const [only] = counts
  if (counts.length === 1) return `${only!.count} of ${runs.length} ${only!.status}`
  return `${counts.map(({ status, count }) => `${count} ${status}`).join(', ')} of ${runs.length}`
}

/** Figures whose runs are yet to be made; one that draws another's runs needs none of its own. */
export function missingFigures(cards: readonly FigureCard[]): FigureCard[] {
  return cards.filter(({ state, usesRunsOf }) => state === 'notRun' && usesRunsOf === undefined)
}

/** What a figure's runs took or will take, and of the finished how many there are, once they are read. */
export function describeCost(
  card: FigureCard,
  runs: readonly RunSummary[],
  { used, slots }: { used: FigureCard | undefined; slots: number },
): string {
  if (card.usesRunsOf) return `no computation: uses the runs of ${used?.number ?? card.usesRunsOf}`
  if (card.state === 'ready') {
    if (runs.length < card.runIds.length) return ''
    const finished = runs.filter(({ status }) => status === 'finished').length
    const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
    return `${finished} of ${countRuns(runs.length)} finished, ${formatDuration(seconds)} of computing`
  }
  if (!card.estimate) return ''
  const foreseen = wallSeconds([card], slots)
  if (foreseen === null) return 'time not yet measured'
  return `${foreseen < 0.1 ? '' : 'about '}${formatDuration(foreseen)} on this machine`
}

/**
 * Seconds until the runs of figures are done that share so many slots, each of which takes the next run once it is free; null where
 * nothing is measured to foresee them by.
 */
export function wallSeconds(cards: readonly FigureCard[], slots: number): number | null {
  const busy = Array.from({ length: Math.max(1, slots) }, () => 0)
  for (const { estimate } of cards) {
    if (!estimate?.runs) return null
    for (const { seconds, count } of estimate.runs) {
      for (let run = 0; run < count; run++) busy[busy.indexOf(Math.min(...busy))]! += seconds
    }
  }
  return Math.max(...busy)
}
