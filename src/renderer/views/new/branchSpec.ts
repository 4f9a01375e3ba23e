import type { ComposedRunSpec } from '../../../shared/experiment.ts'
import type { Intervention } from '../../../shared/interventions.ts'
import type { SpecDraft } from '../../../shared/specification/paths.ts'
import { branchPart } from '../../../shared/specification/specificationOfRun.ts'

/** Where a new run begins: with the weights of another at a step. */
export interface Branch {
  runId: string
  step: number
  /** Of the run. */
  name: string
  spec: ComposedRunSpec
}

const longestName = 200

/** A draft that goes on from a run as the run itself did, on a count of steps of its own. */
export function branchSpec({ name, spec, step }: Pick<Branch, 'name' | 'spec' | 'step'>): SpecDraft {
  const { seed, ...shared } = spec
  const suffix = `, ${branchPart(step)}`
  const { decayTime: _, steps, ...dynamics } = spec.dynamics
  return {
    ...shared,
    name: name.slice(0, longestName - suffix.length) + suffix,
    dynamics: { ...dynamics, steps: steps > step ? steps - step : steps },
    interventions: later(spec.interventions, step),
    seeds: [seed],
  }
}

/** What has acted is in the weights, but for what holds on and is still in force; what is to come comes as much earlier. */
function later(interventions: readonly Intervention[], step: number): Intervention[] {
  const inForce = (['clampNorm', 'setWeightDecay'] as const).map((kind) =>
    interventions
      .filter((entry) => entry.kind === kind && entry.at <= step)
      .sort((a, b) => a.at - b.at)
      .at(-1),
  )
  return interventions.flatMap((entry) => {
    if (entry.at > step) return [{ ...entry, at: entry.at - step }]
    return inForce.includes(entry) ? [{ ...entry, at: 0 }] : []
  })
}

/**
 * The same branch with those of its interventions alone that its parent had too, to compare with; null where it has no others, or is
 * no experiment.
 */
export function controlOf(draft: SpecDraft, branch: Pick<Branch, 'name' | 'spec' | 'step'>): SpecDraft | null {
  const { name } = draft
  const given: unknown[] = Array.isArray(draft['interventions']) ? draft['interventions'] : []
  const taken = branchSpec(branch)['interventions'] as unknown[]
  const inherited = new Set(taken.map((each) => JSON.stringify(each)))
  const interventions = given.filter((each) => inherited.has(JSON.stringify(each)))
  if (typeof name !== 'string' || interventions.length === given.length) return null
  const suffix = ', control'
  return { ...draft, name: name.slice(0, longestName - suffix.length) + suffix, interventions }
}
