import { expect, test } from 'vitest'
import { comparedParents, parentIds, parentsSeries } from '../../../src/shared/curves/comparedParents.ts'

const parent = { id: 'parent', name: 'long run, seed 0', parentRunId: null, parentStep: null, step: 1000 }
const branch = (id: string, parentStep: number, step: number) => ({ id, parentRunId: 'parent', parentStep, step })
const find = (id: string) => (id === 'parent' ? parent : undefined)

test('a run that compared ones branched from is drawn once for each step that they did so at', () => {
  const runs = [branch('a', 300, 200), branch('b', 300, 500), branch('c', 600, 100)]
  expect(comparedParents(runs, find)).toEqual([
    { run: parent, step: 300, reach: 500 },
    { run: parent, step: 600, reach: 100 },
  ])
})

test('one that is compared itself is not drawn twice, nor one that is gone', () => {
  expect(parentIds([branch('a', 300, 200), parent])).toEqual([])
  expect(comparedParents([branch('a', 300, 200), parent], find)).toEqual([])
  expect(comparedParents([branch('a', 300, 200)], () => undefined)).toEqual([])
})

test('its curve stands on the count of the branches, as far as they reach to either side', () => {
  const step = Float64Array.from({ length: 11 }, (_, k) => 100 * k)
  const curve = {
    step,
    tau: step.map((k) => k / 100),
    seconds: step.map((k) => k / 10),
    value: step.map((k) => k ** 2),
  }
  const curves = new Map([['parent', { testMse: curve }]])
  const at = (axis: 'step' | 'tau' | 'computeTime' | 'logStep') =>
    parentsSeries([{ run: parent, step: 300, reach: 200 }], curves, 'testMse', axis)[0]!

  expect([...at('step').x]).toEqual([-200, -100, 0, 100, 200])
  expect([...at('step').y]).toEqual([1e4, 4e4, 9e4, 16e4, 25e4])
  expect([...at('tau').x]).toEqual([-2, -1, 0, 1, 2])
  expect([...at('computeTime').x]).toEqual([-20, -10, 0, 10, 20])
  expect([...at('logStep').x]).toEqual([0, 100, 200])
  expect(at('step')).toMatchObject({ name: 'long run, seed 0', role: 'context', of: { branchedAt: 300 } })
})
