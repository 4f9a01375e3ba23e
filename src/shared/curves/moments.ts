import { formatCount, formatGiven } from '../formatting/formatNumber.ts'
import type { Intervention } from '../interventions.ts'
import type { Moment } from '../panel.ts'
import type { Curve, RunSummary } from '../run.ts'
import { clockAt, type Timed } from '../runClock.ts'
import { axisOfStep, axisQuantity, type HorizontalAxis } from './horizontalAxis.ts'

/** More frequencies than this are counted. */
const maxNamed = 4

/** What an intervention does, short enough to stand in a chart; marked for `setSymbols`. */
export function describeIntervention(entry: Intervention): string {
  switch (entry.kind) {
    case 'keepFrequencies':
      return `keep ${describeFrequencies(entry.frequencies)}`
    case 'removeFrequencies':
      return `remove ${describeFrequencies(entry.frequencies)}`
    case 'rescale':
      return `$${entry.layer === 'first' ? 'E' : 'W'}$ × ${formatGiven(entry.factor)}`
    case 'clampNorm':
      return entry.norm === 'initial' ? 'hold the first norm' : `hold norm ${formatGiven(entry.norm)}`
    case 'setWeightDecay':
      return `wd ${formatGiven(entry.value)}`
  }
}

function describeFrequencies(frequencies: readonly number[]): string {
  return frequencies.length > maxNamed ? `${frequencies.length} frequencies` : `$k$ = ${frequencies.join(', ')}`
}

/** Where a branch begins on its own count. */
export function originMoment({ parentRunId, parentStep }: RunSummary, parent: RunSummary | null): Moment[] {
  if (parentRunId === null) return []
  const label = describeOrigin({ parentRunId, parentStep }, parent)
  const short = `from step ${formatCount(parentStep ?? 0)}`
  return [{ at: 0, label, short, tone: 'origin', of: { step: 0, tau: 0 } }]
}

/** "from step 3 000 of small, seed 0"; a parent that is no longer there is called by its id. */
export function describeOrigin(
  { parentRunId, parentStep }: Pick<RunSummary, 'parentRunId' | 'parentStep'>,
  parent: Pick<RunSummary, 'name'> | null,
): string {
  return `from step ${formatCount(parentStep ?? 0)} of ${parent?.name ?? parentRunId}`
}

/** Where a run's interventions stand on an axis; on that of computing time, which no specification foresees, by the rows of a curve. */
export function interventionMoments(spec: Timed, axis: HorizontalAxis, curve: Curve | null): Moment[] {
  const isReached = (step: number) => curve !== null && step <= (curve.step.at(-1) ?? -1)
  return interventionsOf(spec).map((entry) => {
    const { at: step } = entry
    const tau = clockAt(spec, step)
    const seconds = isReached(step) ? axisOfStep(curve, 'computeTime', step) : NaN
    const at = { step, tau, seconds }[axisQuantity[axis]]
    return { at, label: describeIntervention(entry), tone: 'intervention', of: { step, tau } }
  })
}

/** A study takes none. */
function interventionsOf(spec: Timed): readonly Intervention[] {
  return 'interventions' in spec ? spec.interventions : []
}
