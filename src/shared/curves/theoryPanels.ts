import type { LinePanel, Series } from '../panel.ts'
import type { ComparedRun, Comparison } from './comparison.ts'
import { speedRatioAtEqualValues, type SpeedRatio } from '../speedRatio.ts'
import type { RunSummary } from '../run.ts'
import { distance, negligibleLength, stateDistance, type StateDistance, type States } from './stateDistance.ts'
import type { CurvesByRun } from './curvesByRun.ts'

/** The run chosen by id; where it is none of them, the first that was trained, or else the first. */
export function referenceOf(runs: readonly ComparedRun[], chosenId: unknown): ComparedRun | undefined {
  const chosen = runs.find(({ run }) => run.id === chosenId)
  return chosen ?? runs.find(({ run }) => run.facets['dynamics.kind'] === 'training') ?? runs[0]
}

/** The same comparison with its reference drawn strong, in the color of text. */
export function against(comparison: Comparison, reference: ComparedRun | undefined): Comparison {
  const runs = comparison.runs.map((each): ComparedRun =>
    each === reference ? { ...each, look: { role: 'mean' } } : each,
  )
  return { ...comparison, runs }
}

/** How far each run lies from the reference at equal decay time, as a share of the reference's way. */
export function distancePanel(
  runs: readonly ComparedRun[],
  distances: ReadonlyMap<string, StateDistance>,
  axis: LinePanel['x'],
): LinePanel {
  return {
    kind: 'lines',
    id: 'distanceFromReference',
    title: 'Distance from the reference',
    caption: '',
    x: axis,
    y: { label: 'share of the reference’s displacement', column: 'share', scale: 'linear', min: 0 },
    empty: distances.size === 0 ? 'the snapshots are being read' : 'no snapshots at a time in common',
    series: lines(runs, (runId) => {
      const found = distances.get(runId)
      return found && { x: found.tau, y: found.share }
    }),
  }
}

/** How much sooner each run comes to a test error than the reference. */
export function pacePanel(runs: readonly ComparedRun[], paces: ReadonlyMap<string, SpeedRatio>): LinePanel {
  return {
    kind: 'lines',
    id: 'pace',
    title: 'Pace',
    caption: 'at equal test error',
    x: { label: 'test error reached', column: 'testMse', scale: 'linear' },
    y: { label: 'τ of the reference / τ of the run', column: 'pace', scale: 'linear' },
    series: lines(runs, (runId) => {
      const found = paces.get(runId)
      // Values are passed in falling order; an axis has them ascending.
      return found && { x: found.value.toReversed(), y: found.ratio.toReversed() }
    }),
    levels: [{ at: 1, label: 'as fast as the reference' }],
    empty: 'no test error in common',
  }
}

export function distancesOf(
  reference: string,
  runs: readonly ComparedRun[],
  states: ReadonlyMap<string, States>,
): ReadonlyMap<string, StateDistance> {
  const own = states.get(reference)
  const found = new Map<string, StateDistance>()
  for (const { run } of runs) {
    const other = states.get(run.id)
    if (own && other) found.set(run.id, stateDistance(own, other))
  }
  return found
}

export function pacesOf(
  reference: string,
  runs: readonly ComparedRun[],
  curves: CurvesByRun,
): ReadonlyMap<string, SpeedRatio> {
  const own = curves.get(reference)?.testMse
  const found = new Map<string, SpeedRatio>()
  for (const { run } of runs) {
    const other = curves.get(run.id)?.testMse
    if (own && other && run.id !== reference) found.set(run.id, speedRatioAtEqualValues(own, other))
  }
  return found
}

/** Runs whose first state is that of the reference, but for rounding. */
export function sharesStart(reference: States | undefined, other: States | undefined): boolean {
  const [a, b] = [reference?.matrix[0], other?.matrix[0]]
  if (a === undefined || b === undefined || a.length !== b.length) return false
  return distance(a, b) <= Math.max(negligibleLength(a), negligibleLength(b))
}

/**
 * Whether one of two runs is a flow on Z from the start that the other was given, by one seed or as a branch from one snapshot: its first
 * state is the projection of that start.
 */
export function isProjectionOfStart(reference: RunSummary, other: RunSummary): boolean {
  const flows = [reference, other].filter(({ facets }) => facets['dynamics.kind'] === 'zeroLossFlow')
  return flows.length === 1 && givenStart(reference) === givenStart(other)
}

function givenStart({ parentRunId, parentStep, seed, facets }: RunSummary): string {
  // What is done at step 0 is done before it is measured.
  const first = Object.entries(facets).flatMap(([path, at]) =>
    /^interventions\.\d+\.at$/.test(path) && at === 0 ? [path.slice(0, -2)] : [],
  )
  const atOnce = Object.entries(facets).filter(([path]) => first.some((entry) => path.startsWith(entry)))
  if (parentRunId !== null) return JSON.stringify([parentRunId, parentStep, ...atOnce])
  const drawn = Object.entries(facets).filter(([path]) => /^(task|network|initialization)\./.test(path))
  return JSON.stringify([seed, ...atOnce, drawn.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

function lines(runs: readonly ComparedRun[], of: (runId: string) => Pick<Series, 'x' | 'y'> | undefined): Series[] {
  return runs.flatMap(({ run, name, label, look }) => {
    const points = of(run.id)
    return points && points.x.length > 0 ? [{ ...look, name: label, of: { run: name }, ...points }] : []
  })
}
