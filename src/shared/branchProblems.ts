import type { ComposedRunSpec } from './experiment.ts'
import type { SpecificationProblem } from './parseInput.ts'
import { quote } from './quote.ts'
import { valueAt } from './specification/paths.ts'
import { setTo } from './specification/problem.ts'
import { describeTask, isNetworkTask, tasks, type TaskKind } from './tasks/tasks.ts'

/**
 * What a branch of a run may not be, by its specification or a draft of it: it keeps the weights of its parent, whose shapes stay, and its
 * training set, whose indices mean the same samples only where the data has the same inputs in the same order. What is asked of the inputs may
 * change, such as another operation on the same pairs. Fields that a draft leaves out are not judged.
 */
export function branchProblems(draft: unknown, parent: ComposedRunSpec): SpecificationProblem[] {
  const ofKind = kindProblems(draft, parent)
  const paths = ofKind.length > 0 ? networkPaths : keptByBranch(parent)
  const problems = paths.flatMap((path): SpecificationProblem[] => {
    const [value, kept] = [valueAt(draft, path), valueAt(parent, path) ?? false]
    if (isSame(path === 'network.biases' ? (value ?? false) : (value ?? kept), kept)) return []
    const what = path.startsWith('task.') ? 'training set' : 'weights'
    return [{ path, value, message: refusal(path, value, what, kept), repairs: [setTo(path, kept, labelOf(path))] }]
  })
  return [...ofKind, ...problems, ...(ofKind.length > 0 ? [] : seedProblems(draft, parent))]
}

/** The fields of a run that its branches have as it has them. */
export function keptByBranch({ task }: ComposedRunSpec): readonly string[] {
  const { fields } = describeTask(task).inputsOf
  return [...fields, 'trainFraction', 'split'].map((field) => `task.${field}`).concat(networkPaths)
}

const networkPaths = ['network.hidden', 'network.biases']

/** Inputs that the seed draws are those of no other seed. */
function seedProblems(draft: unknown, { task, seed }: ComposedRunSpec): SpecificationProblem[] {
  const seeds = valueAt(draft, 'seeds')
  if (!describeTask(task).inputsOf.areDrawn || !Array.isArray(seeds) || seeds.every((each) => each === seed)) return []
  const message = refusal('seeds', seeds, 'training set', [seed])
  return [{ path: 'seeds', value: seeds, message, repairs: [setTo('seeds', [seed])] }]
}

function kindProblems(draft: unknown, { task }: ComposedRunSpec): SpecificationProblem[] {
  const path = 'task.kind'
  const value = valueAt(draft, path)
  if (!isNetworkTask(task)) {
    const message = `${path}: ${quote(task.kind)} is not allowed; a model of a few weights cannot be branched`
    return [{ path, value, message }]
  }
  // A kind that there is not is a problem of its own.
  if (typeof value !== 'string' || !Object.hasOwn(tasks, value)) return []
  if (tasks[value as TaskKind].inputsOf.domain === describeTask(task).inputsOf.domain) return []
  const repairs = [setTo('task', task, 'Take the task of the run')]
  return [{ path, value, message: refusal(path, value, 'training set', task.kind), repairs }]
}

function refusal(path: string, value: unknown, what: 'training set' | 'weights', kept: unknown): string {
  const given = `${path}: ${quote(value)} is not allowed`
  return `${given}; a branch keeps the ${what} of the run it begins from, which has ${quote(kept)}`
}

function labelOf(path: string): string | undefined {
  return path === 'task.split' ? 'Take the split of the run' : path.endsWith('.hash') ? 'Take its data' : undefined
}

/** A list of training samples is the same in any order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))
}

function inOrder(value: unknown): unknown {
  const train = valueAt(value, 'train')
  if (!Array.isArray(train)) return value
  return { ...(value as object), train: [...(train as number[])].sort((a, b) => a - b) }
}
