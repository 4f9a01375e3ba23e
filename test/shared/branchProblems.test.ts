import { describe, expect, it } from 'vitest'
import { taskData } from '../../src/main/lab/tasks/taskData.ts'
import { branchProblems, keptByBranch } from '../../src/shared/branchProblems.ts'
import { toRunSpec, type ComposedRunSpec, type ComposedSpec, type NetworkInput } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { changed, valueAt, type SpecDraft } from '../../src/shared/specification/paths.ts'
import { isNetworkTask, taskSizes } from '../../src/shared/tasks/tasks.ts'

const experiment = (task: unknown, seed = 0) =>
  parseExperiment({
    task: task as NetworkInput['task'],
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 1, weightDecay: 0, steps: 10 },
    seeds: [seed],
  })

const share = { trainFraction: 0.5 }
const modular = ['Addition', 'Subtraction', 'Multiplication', 'Division', 'Quadratic', 'Cubic']
const pairs = ['unordered', 'ordered'].flatMap((taken) =>
  ['sum', 'concatenated'].map((inputs) => ({ pairs: taken, inputs })),
)
/** Those that there are: what does not commute has no unordered pairs. */
const tasks = [
  ...modular.flatMap((name) =>
    [5, 7].flatMap((modulus) => pairs.map((of) => ({ kind: `modular${name}`, modulus, ...share, ...of }))),
  ),
  { kind: 'modularAddition', modulus: 5, trainFraction: 0.6 },
  { kind: 'modularAddition', modulus: 5, ...share, split: { kind: 'block' } },
  { kind: 'modularAddition', modulus: 5, split: { kind: 'given', train: [3, 1, 4] } },
  { kind: 'modularAddition', modulus: 5, split: { kind: 'given', train: [1, 3, 5] } },
  { kind: 'sparseParity', bits: 5, parityBits: 2, samples: 12, ...share },
  { kind: 'sparseParity', bits: 5, parityBits: 3, samples: 12, ...share },
  { kind: 'sparseParity', bits: 5, parityBits: 2, samples: 14, ...share },
]
const experiments = tasks.flatMap((task) => [0, 1].flatMap((seed) => tryParse(task, seed)))

function tryParse(task: unknown, seed: number): ComposedSpec[] {
  try {
    return [experiment(task, seed)]
  } catch {
    return []
  }
}

const runOf = (spec: ComposedSpec) => toRunSpec(spec, spec.seeds[0]!)

/** What training indices mean: the inputs that stand at them, and how many a specification says that there are. */
function meaning({ task, seed }: ComposedRunSpec) {
  if (!isNetworkTask(task)) throw new Error('not of a network')
  const { X, size, inputs, outputs } = taskData(task, seed)
  return { X, size, inputs, outputs, train: taskSizes(task).train, split: task.split.kind }
}

describe('a branch', () => {
  it('has the same sample at every training index as its parent, and as many of them as it says, or is refused', () => {
    let [allowed, refused] = [0, 0]
    for (const parent of experiments.map(runOf)) {
      for (const spec of experiments) {
        if (branchProblems(spec, parent).length > 0) refused++
        else {
          expect(meaning(runOf(spec))).toEqual(meaning(parent))
          allowed++
        }
      }
    }
    expect(allowed).toBeGreaterThan(experiments.length)
    expect(refused).toBeGreaterThan(experiments.length)
  })

  it('may be of another operation on the same pairs, another parity of the same bits, and another seed where none drew the inputs', () => {
    const addition = { kind: 'modularAddition', modulus: 5, ...share }
    const parent = runOf(experiment(addition))
    expect(branchProblems(experiment({ ...addition, kind: 'modularMultiplication' }), parent)).toEqual([])
    expect(branchProblems(experiment(addition, 5), parent)).toEqual([])
    const parity = { kind: 'sparseParity', bits: 5, parityBits: 2, samples: 12, ...share }
    expect(branchProblems(experiment({ ...parity, parityBits: 3 }, 4), runOf(experiment(parity, 4)))).toEqual([])
    const given = (...train: number[]) =>
      experiment({ ...addition, trainFraction: undefined, split: { kind: 'given', train } })
    expect(branchProblems(given(1, 2, 3), runOf(given(3, 2, 1)))).toEqual([])
  })

  it('names each field that differs, what it is, what its parent has and what it keeps, with the way back', () => {
    const parent = runOf(experiment({ kind: 'modularAddition', modulus: 5, trainFraction: 0.6 }, 3))
    const { seed: _, ...shared } = parent
    const draft: SpecDraft = { ...shared, seeds: [3] }
    const cases: [path: string, value: unknown, told: string][] = [
      [
        'task.trainFraction',
        0.9,
        '0.9 is not allowed; a branch keeps the training set of the run it begins from, which has 0.6',
      ],
      [
        'task.split',
        { kind: 'block' },
        '{"kind":"block"} is not allowed; a branch keeps the training set of the run it begins from, which has {"kind":"random"}',
      ],
      ['task.modulus', 7, '7 is not allowed; a branch keeps the training set of the run it begins from, which has 5'],
      [
        'task.pairs',
        'ordered',
        '"ordered" is not allowed; a branch keeps the training set of the run it begins from, which has "unordered"',
      ],
      ['network.hidden', 9, '9 is not allowed; a branch keeps the weights of the run it begins from, which has 8'],
      [
        'network.biases',
        true,
        'true is not allowed; a branch keeps the weights of the run it begins from, which has false',
      ],
    ]
    expect(branchProblems(draft, parent)).toEqual([])
    for (const [path, value, told] of cases) {
      const given = changed(draft, [{ path, value }])
      const problems = branchProblems(given, parent)
      expect(problems).toMatchObject([{ path, value, message: `${path}: ${told}` }])
      expect(branchProblems(changed(given, problems[0]!.repairs![0]!.changes), parent)).toEqual([])
      expect(keptByBranch(parent)).toContain(path)
    }
  })

  it('of inputs that the seed drew is of that seed', () => {
    const parity = { kind: 'sparseParity', bits: 5, parityBits: 2, samples: 12, ...share }
    const [problem] = branchProblems({ ...experiment(parity), seeds: [4, 5] }, runOf(experiment(parity, 4)))
    expect(problem).toMatchObject({
      path: 'seeds',
      message: 'seeds: [4,5] is not allowed; a branch keeps the training set of the run it begins from, which has [4]',
      repairs: [{ changes: [{ path: 'seeds', value: [4] }] }],
    })
  })

  it('of another kind of data is told so once, and takes the task of its parent back', () => {
    const parent = runOf(experiment({ kind: 'modularSubtraction', modulus: 5, ...share }))
    const divided = experiment({ kind: 'modularDivision', modulus: 5, ...share })
    const problems = branchProblems(divided, parent)
    expect(problems.map(({ path }) => path)).toEqual(['task.kind'])
    const repaired = changed(divided as unknown as SpecDraft, problems[0]!.repairs![0]!.changes)
    expect(valueAt(repaired, 'task')).toEqual(parent.task)
    expect(branchProblems(repaired, parent)).toEqual([])
  })
})
