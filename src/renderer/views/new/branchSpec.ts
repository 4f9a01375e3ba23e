import type { ComposedRunSpec } from '../../../shared/experiment.ts'
import type { Intervention } from '../../../shared/interventions.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { valueAt, type SpecDraft } from '../../../shared/specification/paths.ts'
import { branchPart } from '../../../shared/specification/specificationOfRun.ts'
import { taskSchema, taskSizes } from '../../../shared/tasks/tasks.ts'

/** Where a new run begins: with the weights of another at a step. */
export interface Branch {
  runId: string
  step: number
  /** Of the run. */
  name: string
  /** What the weights do not let change. */
  inputs: number
  outputs: number
  hidden: number
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

/** What a branch cannot be: of another size than the weights that it begins with. */
export function branchProblems(draft: SpecDraft, { inputs, outputs, hidden, spec }: Branch): SpecificationProblem[] {
  const problems: SpecificationProblem[] = []
  const task = taskSchema.safeParse(valueAt(draft, 'task'))
  const sizes = task.success ? taskSizes(task.data) : null
  if (sizes && (sizes.inputs !== inputs || sizes.outputs !== outputs)) {
    // Of one task most often its modulus alone was changed.
    const isModulus = 'modulus' in spec.task && valueAt(draft, 'task.kind') === spec.task.kind
    const path = isModulus ? 'task.modulus' : 'task'
    const value = isModulus && 'modulus' in spec.task ? spec.task.modulus : spec.task
    problems.push({
      path,
      value: valueAt(draft, path),
      message: `${path}: a branch keeps the ${inputs} inputs and ${outputs} outputs of the run it begins from`,
      repairs: [{ label: isModulus ? `Set ${String(value)}` : 'Take the task of the run', changes: [{ path, value }] }],
    })
  }
  const path = 'network.hidden'
  const width = valueAt(draft, path)
  if (width !== hidden) {
    problems.push({
      path,
      value: width,
      message: `${path}: a branch keeps the width of the run it begins from, ${hidden}`,
      repairs: [{ label: `Set ${hidden}`, changes: [{ path, value: hidden }] }],
    })
  }
  const [needed, kept] = [draft, spec].map((of) => valueAt(of, 'network.biases') === true)
  if (needed !== kept) {
    const [words, label] = kept ? ['keeps the biases of', 'Keep them'] : ['has no biases, like', 'Leave them out']
    problems.push({
      path: 'network.biases',
      value: valueAt(draft, 'network.biases'),
      message: `network.biases: a branch ${words} the run it begins from`,
      repairs: [{ label, changes: [{ path: 'network.biases', value: kept ? true : undefined }] }],
    })
  }
  return problems
}
