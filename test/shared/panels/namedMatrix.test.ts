import { describe, expect, it } from 'vitest'
import { isCyclic, matrixNamesOf } from '../../../src/renderer/views/run/matrixChoices.ts'
import { matrixPanel } from '../../../src/shared/panels/matrixPanel.ts'
import { unitPanel } from '../../../src/renderer/views/run/matrixSidePanels.ts'
import {
  entryIndices,
  namedHidden,
  namedParameter,
  rowWordOf,
  type NamedMatrix,
} from '../../../src/shared/panels/namedMatrix.ts'
import { parametersOf, parametersOfFacets } from '../../../src/shared/models/models.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
import { taskKinds, taskSchema, taskSizes, type NetworkTask } from '../../../src/shared/tasks/tasks.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { additionTask } from '../../support/modularAddition.ts'
import { runSpec } from '../../support/runs.ts'

const task = additionTask(5)
const parametersWith = (network: { biases?: boolean }) =>
  parametersOfFacets(
    facetsOf(
      runSpec({
        task,
        network: { hidden: 3, ...network },
        dynamics: { kind: 'training', learningRate: 1, weightDecay: 0, steps: 1 },
      }),
    ),
  )

describe('the matrices of a run', () => {
  it('are the parameters that its network has, and H', () => {
    const names = (biases: boolean) => matrixNamesOf(parametersWith({ biases })).map(({ label }) => label)
    const H = 'H, hidden values of the training pairs'
    expect(names(false)).toEqual(['E, first layer', 'W, second layer', H])
    expect(names(true).map((label) => label[0])).toEqual(['E', 'b', 'W', 'c', 'H'])
    expect(parametersOfFacets({ 'task.kind': 'toy', 'network.hidden': 1 })).toEqual([])
    expect(parametersOfFacets({ 'task.kind': 'modularAddition', 'network.kind': 'ofTheFuture' })).toEqual([])
  })

  it.each([
    ['E', '5 tokens × 3 units', true],
    ['b', '1 bias × 3 units', false],
    ['W', '5 outputs × 3 units', true],
    ['c', '5 outputs × 1 bias', true],
  ])('%s has hidden units as columns where it has any: %s', (name, size, cyclic) => {
    const parameter = parametersWith({ biases: true }).find((each) => each.name === name)!
    const { rows, columns } = parameter
    const data = Float64Array.from({ length: rows * columns }, (_, place) => place)
    const named = namedParameter(parameter, { rows, columns, data }, task)
    expect(Object.values(named.rowLabels)[0]).toHaveLength(named.rows)
    expect(Object.values(named.columnLabels)[0]).toHaveLength(named.columns)
    const { caption } = matrixPanel(name, named, 1, { title: '', isChange: false, about: ['as it is'] })
    expect(caption).toContain(`$${name}$, ${size};`)
    expect(isCyclic(parameter, task)).toBe(cyclic)
  })
})

describe('the rows and entries of a matrix', () => {
  const modular = (kind: string, inputs: 'sum' | 'concatenated') =>
    taskSchema.parse({
      kind,
      modulus: 5,
      trainFraction: 0.7,
      inputs,
      pairs: inputs === 'sum' ? 'unordered' : 'ordered',
    })
  const parity = { kind: 'sparseParity', bits: 8, parityBits: 2, samples: 30, trainFraction: 0.6 } as const
  const data = datasetTask({ X: new Float64Array(60), Y: Int32Array.from({ length: 20 }, (_, row) => row % 2) }).task
  /** A row of E by its word, its index and its place, and those of an output. */
  const expected: [string, NetworkTask, row: number, [word: string, index: string, place: number], output: number][] = [
    ...['modularAddition', 'modularMultiplication', 'modularQuadratic'].map((kind): (typeof expected)[number] => [
      kind,
      modular(kind, 'sum') as NetworkTask,
      3,
      ['token', '3', 3],
      4,
    ]),
    ...taskKinds
      .filter((kind) => kind.startsWith('modular'))
      .map((kind): (typeof expected)[number] => {
        const task = modular(kind, 'concatenated') as NetworkTask
        return [`${kind}, concatenated`, task, 7, ['input', '2 of operand 2', 7], 4]
      }),
    ['sparseParity', taskSchema.parse(parity) as NetworkTask, 3, ['bit', '4', 4], 1],
    ['dataset', taskSchema.parse(data) as NetworkTask, 2, ['feature', '3', 3], 1],
  ]
  const biased = { hidden: 6, activation: 'relu' as const, biases: true }
  const named = (name: string, task: NetworkTask) => {
    const parameter = parametersOf(biased, taskSizes(task)).find((each) => each.name === name)!
    const { rows, columns } = parameter
    return namedParameter(parameter, { rows, columns, data: new Float64Array(rows * columns) }, task)
  }
  const panelOf = (matrix: NamedMatrix, unit: number | null) => {
    const wave = { frequency: 0, at: () => NaN }
    const now = new Float64Array(matrix.rows)
    return unitPanel({ symbol: 'M', unit, rowLabels: matrix.rowLabels, now, before: null, wave })
  }

  it.each(expected)('are called by what they are, of %s', (_, task, row, [word, index, place], output) => {
    const [E, b, W, c] = ['E', 'b', 'W', 'c'].map((name) => named(name, task))
    expect(rowWordOf(E!)).toBe(word)
    expect(entryIndices(E!, { row, column: 5 })).toBe(`${index}, 5`)
    expect(panelOf(E!, 5).series.at(-1)!.x[row]).toBe(place)
    expect(entryIndices(b!, { row: 0, column: 5 })).toBe('5')
    expect(entryIndices(W!, { row: output, column: 5 })).toBe(`${output}, 5`)
    expect(entryIndices(c!, { row: output, column: 0 })).toBe(`${output}`)
    expect(panelOf(c!, null)).toMatchObject({ title: 'Biases', y: { label: '$M$_{output}' } })
  })

  it('are pairs, whatever the operation, or the samples themselves in H', () => {
    const values = { rows: 2, columns: 3, data: new Float64Array(6) }
    const pairs = namedHidden({ step: 0, values, samples: { a: Int32Array.of(1, 4), b: Int32Array.of(2, 0) } })
    expect([rowWordOf(pairs), entryIndices(pairs, { row: 1, column: 2 })]).toEqual(['pair', '(4, 0), 2'])
    expect([...panelOf(pairs, 2).series.at(-1)!.x]).toEqual([0, 1])
    const samples = namedHidden({ step: 0, values, samples: { sample: Int32Array.of(7, 30) } })
    expect([rowWordOf(samples), entryIndices(samples, { row: 1, column: 2 })]).toEqual(['sample', '30, 2'])
    const { x, series } = panelOf(samples, 2)
    expect([[...series.at(-1)!.x], x.min, x.max]).toEqual([[7, 30], 7, 30])
  })
})
