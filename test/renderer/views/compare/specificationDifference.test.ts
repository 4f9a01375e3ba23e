import { describe, expect, it } from 'vitest'
import { specificationDifference } from '../../../../src/renderer/views/compare/specificationDifference.ts'

const one = { name: 'a', dynamics: { kind: 'isolated', ridge: 0 }, seed: 1, record: { snapshots: [1, 2] } }
const other = { name: 'a', dynamics: { kind: 'training', weightDecay: 1e-4 }, seed: 1, record: { snapshots: [1, 3] } }

describe('the difference of specifications', () => {
  it('of equal ones is none', () => {
    expect(specificationDifference([one, structuredClone(one), one]).every(({ equal }) => equal)).toBe(true)
  })

  it('names the fields that differ, and those that only some have', () => {
    const unlike = specificationDifference([one, other]).filter(({ equal }) => !equal)
    expect(unlike).toEqual([
      { path: 'dynamics.kind', values: ['isolated', 'training'], equal: false },
      { path: 'dynamics.ridge', values: ['0', null], equal: false },
      { path: 'dynamics.weightDecay', values: [null, '0.0001'], equal: false },
      { path: 'record.snapshots', values: ['[1,2]', '[1,3]'], equal: false },
    ])
  })

  it('does not depend on which comes first', () => {
    const paths = (rows: ReturnType<typeof specificationDifference>) =>
      rows.filter(({ equal }) => !equal).map(({ path }) => path)
    expect(new Set(paths(specificationDifference([one, other])))).toEqual(
      new Set(paths(specificationDifference([other, one]))),
    )
  })
})
