import { expect, it } from 'vitest'
import { splitTerm } from '../../../../src/renderer/views/run/splitTerm.ts'
import { toRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'

const specOf = (changes: object, task: object = {}) =>
  toRunSpec(
    parseExperiment({
      task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7, ...task },
      network: { hidden: 64 },
      dynamics: { kind: 'isolated', steps: 100 },
      ...changes,
    } as never),
    5,
  )

it('the seed stands beside a split that it drew, and beside no other', () => {
  const termOf = (spec: ReturnType<typeof specOf>, parentRunId: string | null = null) =>
    splitTerm({ spec, seed: 5, parentRunId })
  expect(termOf(specOf({}))).toBe('Split, seed 5')
  expect(termOf(specOf({}), 'p')).toBe('Split')
  expect(termOf(specOf({ initialization: { kind: 'file', path: 'start.npz' } }))).toBe('Split')
  expect(termOf(specOf({}, { split: { kind: 'block' } }))).toBe('Split')
  expect(termOf(specOf({}, { split: { kind: 'given', train: [1, 2] }, trainFraction: undefined }))).toBe('Split')
})
