import { sumCurve } from '../../../shared/curves/groupCurves.ts'
import { curvesOf, type RunGroup } from '../../../shared/curves/curvePanels.ts'
import { placeAtOrBelow } from '../../../shared/neighbors.ts'
import type { ComposedSpec } from '../../../shared/experiment.ts'
import type { Curve, RunDetail, RunSummary } from '../../../shared/run.ts'

/** Where a fixed step first was too large, and what the norm of the state that it moves did there. */
export interface Overshoot {
  step: number
  seed: number
  /** The state: E, or all weights where these move together. */
  state: 'E' | 'θ'
  /** ‖state‖² as it was measured last before, and the largest within `reach` measurements; null where it did not rise. */
  norm: { from: number; fromStep: number; to: number; toStep: number } | null
}

const reach = 10

/** Of the run of a group in which the local error first passed its threshold; null where it passed it in none. */
export function overshootOf({ runs, curves }: Pick<RunGroup, 'runs' | 'curves'>): Overshoot | null {
  const found = runs.flatMap((run) => {
    const { localErrorExceeded: event } = run.events
    return event ? [{ run, step: event.step }] : []
  })
  const first = found.reduce<(typeof found)[number] | null>((a, b) => (a && a.step <= b.step ? a : b), null)
  if (!first) return null
  const { run, step } = first
  const state = run.facets['dynamics.kind'] === 'isolated' ? 'E' : 'θ'
  const [E, W] = (['firstLayerNormSquared', 'secondLayerNormSquared'] as const).map(
    (name) => curvesOf({ runs: [run], curves }, name)[0]?.curve,
  )
  const curve = state === 'E' ? E : E && W && sumCurve(E, W)
  return { step, seed: run.seed, state, norm: curve ? riseAt(curve, step) : null }
}

function riseAt({ step: steps, value }: Curve, at: number): Overshoot['norm'] {
  const before = Math.max(0, placeAtOrBelow(steps, at - 1))
  const last = Math.min(value.length - 1, placeAtOrBelow(steps, at) + reach)
  let highest = before
  for (let row = before + 1; row <= last; row++) if (value[row]! > value[highest]!) highest = row
  if (highest === before) return null
  return { from: value[before]!, fromStep: steps[before]!, to: value[highest]!, toStep: steps[highest]! }
}

/** What repeats runs from their start in steps that Heun's error chooses. */
export interface HeunRepetition {
  spec: ComposedSpec
  /** The snapshot that they branch from, where they do. */
  parent: { runId: string; step: number } | null
}

/**
 * The same experiment from the same start, integrated by Heun with a tolerance. Null for a run without an integrator, and where the start
 * cannot be had again: of branches of several snapshots, and of a file of which it is not known what it held.
 */
export function heunRepetition(
  spec: RunDetail['spec'],
  runs: readonly Pick<RunSummary, 'seed' | 'parentRunId' | 'parentStep'>[],
): HeunRepetition | null {
  if (!('dynamics' in spec) || spec.dynamics.kind === 'training') return null
  const [{ parentRunId, parentStep } = { parentRunId: null, parentStep: null }] = runs
  if (runs.some((run) => run.parentRunId !== parentRunId || run.parentStep !== parentStep)) return null
  const { initialization } = spec
  if (parentRunId === null && initialization.kind === 'file' && initialization.hash === undefined) return null
  const { seed: _, ...shared } = spec
  const { stepSize } = spec.dynamics.integrator
  const integrator = { kind: 'heun' as const, stepSize, tolerance: 1e-3, output: 'dense' as const }
  const repeated = {
    ...shared,
    name: `${spec.name}, Heun`.slice(0, 200),
    seeds: runs.map(({ seed }) => seed),
    dynamics: { ...spec.dynamics, integrator },
  }
  return { spec: repeated, parent: parentRunId === null ? null : { runId: parentRunId, step: parentStep ?? 0 } }
}
