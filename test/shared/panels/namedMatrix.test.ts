import { describe, expect, it } from 'vitest'
import { isCyclic, matrixNamesOf } from '../../../src/renderer/views/run/matrixChoices.ts'
import { matrixPanel } from '../../../src/shared/panels/matrixPanel.ts'
import { namedParameter } from '../../../src/shared/panels/namedMatrix.ts'
import { parametersOfFacets } from '../../../src/shared/models/models.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
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
