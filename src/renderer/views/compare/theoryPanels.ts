import type { MeasurementName } from '../../../shared/measurements.ts'
import type { LinePanel, Series } from '../../../shared/panel.ts'
import type { Curve } from '../../../shared/run.ts'
import type { ComparedRun } from './comparison.ts'
import { pace } from './pace.ts'
import { stateDistance, type States } from './stateDistance.ts'

/** A run of a theory, or the training that it is held against. */
export interface TheoryRun extends ComparedRun {
  isReference: boolean
}

/**
 * The run chosen by id is what the others are held against; where none of them is, the first that was trained, or else
 * the first.
 */
export function theoryRuns(runs: readonly ComparedRun[], chosenId?: unknown): TheoryRun[] {
  const chosen = runs.find(({ run }) => run.id === chosenId)
  const reference = chosen ?? runs.find(({ run }) => run.dynamics === 'training') ?? runs[0]
  return runs.map((each) => {
    const isReference = each === reference
    return { ...each, isReference, look: isReference ? { role: 'mean' } : each.look }
  })
}

type CurveOf = (runId: string, name: MeasurementName) => Curve | undefined

/** One measurement of all runs over decay time. */
export function curvePanel(
  runs: readonly TheoryRun[],
  curveOf: CurveOf,
  name: MeasurementName,
  words: Pick<LinePanel, 'title' | 'caption'> & { y: LinePanel['y'] },
): LinePanel {
  const series = runs.flatMap(({ run, label, look }): Series[] => {
    const curve = curveOf(run.id, name)
    return curve ? [{ ...look, name: label, x: curve.tau, y: curve.value }] : []
  })
  return { kind: 'lines', id: `theory-${name}`, ...words, x: decayTime, series }
}

/** How far each run's first layer lies from the reference's at equal decay time. */
export function distancePanel(runs: readonly TheoryRun[], states: ReadonlyMap<string, States>): LinePanel {
  const reference = runs.find(({ isReference }) => isReference)
  const start = reference && states.get(reference.run.id)
  const series = runs.flatMap(({ run, label, look, isReference }): Series[] => {
    const own = states.get(run.id)
    if (!start || !own || isReference) return []
    const { tau, share } = stateDistance(start, own)
    return tau.length > 0 ? [{ ...look, name: label, x: tau, y: share }] : []
  })
  return {
    kind: 'lines',
    id: 'theory-distance',
    title: reference ? `Distance from ${reference.label}` : 'Distance',
    caption: '‖E − E_ref‖ / ‖E_ref − E_0‖ at equal τ',
    x: decayTime,
    y: { label: 'share of its displacement', scale: 'linear', least: 0 },
    series,
    ...(reference && series.length > 0 ? { levels: [{ at: 0, label: reference.label }] } : {}),
  }
}

/** How much sooner each run comes to the reference's test errors. */
export function pacePanel(runs: readonly TheoryRun[], curveOf: CurveOf): LinePanel {
  const reference = runs.find(({ isReference }) => isReference)
  const trace = (runId: string) => {
    const curve = curveOf(runId, 'testMse')
    return curve && { tau: curve.tau, value: curve.value }
  }
  const ours = reference && trace(reference.run.id)
  const series = runs.flatMap(({ run, label, look, isReference }): Series[] => {
    const own = trace(run.id)
    if (!ours || !own || isReference) return []
    const { value, ratio } = pace(ours, own)
    return value.length > 0 ? [{ ...look, name: label, x: value.toReversed(), y: ratio.toReversed() }] : []
  })
  return {
    kind: 'lines',
    id: 'theory-pace',
    title: 'Pace',
    caption: 'at equal test error',
    x: { label: 'test error reached', scale: 'linear' },
    y: { label: 'τ of the reference / τ of the run', scale: 'linear' },
    series,
    levels: [{ at: 1, label: reference?.label ?? 'reference' }],
  }
}

const decayTime = { label: 'decay time', symbol: 'τ', scale: 'linear', least: 0 } as const
