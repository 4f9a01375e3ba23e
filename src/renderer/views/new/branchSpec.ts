import type { RunSpec } from '../../../shared/experiment.ts'
import type { Intervention } from '../../../shared/interventions.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { valueAt, type SpecDraft } from '../../../shared/specification/paths.ts'

/** Where a new run begins: with the weights of another at a step. */
export interface Branch {
  runId: string
  step: number
  /** Of the run. */
  name: string
  /** What the weights do not let change. */
  modulus: number
  hidden: number
  spec: RunSpec
}

const longestName = 200

/** A draft that goes on from a run as the run itself did, on a count of steps of its own. */
export function branchSpec({ name, spec, step }: Pick<Branch, 'name' | 'spec' | 'step'>): SpecDraft {
  const { seed, ...shared } = spec
  const suffix = `, from ${step}`
  const left = spec.dynamics.steps - step
  return {
    ...shared,
    name: name.slice(0, longestName - suffix.length) + suffix,
    dynamics: { ...spec.dynamics, steps: left > 0 ? left : spec.dynamics.steps },
    interventions: spec.interventions.flatMap((entry) => later(entry, step)),
    seeds: [seed],
  }
}

/** What has acted is in the weights, unless it holds from then on; what is to come comes as much earlier. */
function later(entry: Intervention, step: number): Intervention[] {
  const holdsOn = entry.kind === 'clampNorm' || entry.kind === 'setWeightDecay'
  if (entry.at > step) return [{ ...entry, at: entry.at - step }]
  return holdsOn ? [{ ...entry, at: 0 }] : []
}

/** What a branch cannot be: of another size than the weights that it begins with. */
export function branchProblems(spec: SpecDraft, { modulus, hidden }: Branch): SpecificationProblem[] {
  const kept = [
    { path: 'task.modulus', value: modulus, what: 'modulus' },
    { path: 'network.hidden', value: hidden, what: 'width' },
  ]
  return kept
    .filter(({ path, value }) => valueAt(spec, path) !== value)
    .map(({ path, value, what }) => ({
      path,
      value: valueAt(spec, path),
      message: `${path}: a branch keeps the ${what} of the run it begins from, ${value}`,
      repairs: [{ label: `Set ${value}`, changes: [{ path, value }] }],
    }))
}
