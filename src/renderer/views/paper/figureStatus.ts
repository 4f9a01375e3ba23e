import type { FigureCard } from '../../../shared/contract.ts'
import type { Claim } from '../../../shared/paper.ts'
import type { RunSummary } from '../../../shared/run.ts'

export interface FigureStatus {
  word: string
  /** Class of the pill. */
  look: '' | 'ok' | 'warn' | 'error' | 'live'
}

/** How a figure stands, in a word or three. */
export function figureStatus(card: FigureCard, runs: readonly RunSummary[], used?: FigureCard): FigureStatus {
  const failed = runs.filter(({ status }) => status === 'failed').length
  if (card.state === 'running') return { word: 'Running', look: 'live' }
  if (failed > 0) return { word: `${failed} of ${runs.length} failed`, look: 'error' }
  if (card.state === 'notRun') {
    return { word: used?.state === 'ready' ? 'Ready to draw' : 'Not run', look: '' }
  }
  const claims = card.result?.claims ?? []
  const { outside, pending } = countVerdicts(claims)
  if (outside > 0) return { word: `${outside} of ${claims.length} outside`, look: 'warn' }
  if (pending > 0) return { word: `${pending} of ${claims.length} pending`, look: '' }
  if (claims.length === 0) return { word: card.result ? 'Drawn' : 'Ready to draw', look: '' }
  return { word: 'Holds', look: 'ok' }
}

export function countVerdicts(claims: readonly Claim[]): Record<Claim['verdict'], number> {
  const counts = { holds: 0, outside: 0, pending: 0 }
  for (const { verdict } of claims) counts[verdict] += 1
  return counts
}

/** Figures whose runs are yet to be made; one that draws another's runs needs none of its own. */
export function missingFigures(cards: readonly FigureCard[]): FigureCard[] {
  return cards.filter(({ state, usesRunsOf }) => state === 'notRun' && usesRunsOf === undefined)
}

/** Seconds that a figure's runs take where so many go at once. */
export function wallSeconds({ estimate, experiments }: FigureCard, slots: number): number {
  const runs = experiments.reduce((sum, { seeds }) => sum + (seeds?.length ?? 1), 0)
  return Math.ceil(runs / slots) * (estimate?.seconds ?? 0)
}
