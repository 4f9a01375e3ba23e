import { describe, expect, it } from 'vitest'
import {
  specificationCsv,
  specificationDifference,
  specificationsOf,
} from '../../../../src/renderer/views/compare/specificationDifference.ts'

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

  it('has what branches and the runs beside them started from, and nothing of it where there is no branch', () => {
    const foreign = { spec: null, foreignSpec: one }
    const parent = { id: 'p', name: 'grok, seed 0', parentRunId: null, parentStep: null, ...foreign }
    const branch = { id: 'b', name: 'cut', parentRunId: 'p', parentStep: 316, ...foreign }
    const starts = (runs: (typeof parent | typeof branch)[]) =>
      specificationDifference(specificationsOf(runs)).find(({ path }) => path === 'start')
    expect(starts([parent, branch])).toEqual({
      path: 'start',
      values: ['its initialization', 'from step 316 of grok, seed 0'],
      equal: false,
    })
    expect(starts([branch, { ...branch, id: 'c' }])).toMatchObject({ equal: true })
    expect(starts([parent, parent])).toBeUndefined()
  })

  it('does not depend on which comes first', () => {
    const paths = (rows: ReturnType<typeof specificationDifference>) =>
      rows.filter(({ equal }) => !equal).map(({ path }) => path)
    expect(new Set(paths(specificationDifference([one, other])))).toEqual(
      new Set(paths(specificationDifference([other, one]))),
    )
  })
})

it('is written with a line for each run and a column for each field', () => {
  const fields = specificationDifference([{ seed: 0, list: [1, 2] }, { seed: 1 }])
  const runs = ['first', 'second, again'].map((name, place) => ({ id: `r${place}`, name }))
  expect(new TextDecoder().decode(specificationCsv(runs, fields)).split('\r\n')).toEqual([
    'id,run,seed,list',
    'r0,first,0,"[1,2]"',
    'r1,"second, again",1,',
    '',
  ])
})
