import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changed, valueAt, type SpecDraft } from '../../../src/shared/specification/paths.ts'
import { formatSpec } from '../../../src/shared/specification/formatSpec.ts'

const draft: SpecDraft = {
  name: 'a "quoted" [name]',
  task: { kind: 'modularAddition', modulus: 37, trainFraction: 0.7 },
  dynamics: { integrator: { kind: 'euler', stepSize: 1e-3 }, steps: 5000 },
  interventions: [{ at: 10, kind: 'keepFrequencies', frequencies: [1, 2] }],
  seeds: [0, 1, 2],
  odd: { empty: [], nothing: null, nested: [[1], ['x, y']] },
}
const paths = ['name', 'task.modulus', 'dynamics.integrator.stepSize', 'interventions.0.frequencies', 'new.field.deep']

describe('a change of a draft', () => {
  it.each(paths)('puts at %s what is read there again, and touches nothing else', (path) => {
    const next = changed(draft, [{ path, value: 'put' }])
    expect(valueAt(next, path)).toBe('put')
    for (const other of paths.filter((candidate) => candidate !== path)) {
      expect(valueAt(next, other)).toEqual(valueAt(draft, other))
    }
    expect(Array.isArray(next.interventions)).toBe(true)
  })

  it.each(paths.slice(0, 4))('leaves the draft that was given as it was: %s', (path) => {
    const before = structuredClone(draft)
    changed(draft, [
      { path, value: 'put' },
      { path, value: undefined },
    ])
    expect(draft).toEqual(before)
  })

  it('begins a list where an entry is put into one that is not there', () => {
    expect(changed({}, [{ path: 'interventions.0.at', value: 5 }])).toEqual({ interventions: [{ at: 5 }] })
  })

  it('takes a field out', () => {
    const next = changed(draft, [{ path: 'task.modulus', value: undefined }])
    expect(Object.keys(next.task as object)).toEqual(['kind', 'trainFraction'])
  })
})

describe('any changes of any draft', () => {
  const name = fc.constantFrom('a', 'b', 'kind', 'steps')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'))
  const drafts = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), {
    noNullPrototype: true,
  }) as fc.Arbitrary<SpecDraft>

  it('put what is read there again, and can be put back', () => {
    fc.assert(
      fc.property(drafts, path, fc.jsonValue({ maxDepth: 1 }), (given, at, value) => {
        const before = structuredClone(given)
        const next = changed(given, [{ path: at, value }])
        expect(valueAt(next, at)).toEqual(value)
        expect(given).toEqual(before)
        const former = valueAt(given, at)
        if (former !== undefined) expect(changed(next, [{ path: at, value: former }])).toEqual(given)
      }),
    )
  })

  it('made in turn are those made one by one, and the last at a path is what counts', () => {
    const changes = fc.array(fc.record({ path, value: fc.option(fc.integer(), { nil: undefined }) }), { maxLength: 5 })
    fc.assert(
      fc.property(drafts, changes, path, fc.integer(), (given, list, at, value) => {
        const oneByOne = list.reduce((next, change) => changed(next, [change]), given)
        expect(changed(given, list)).toEqual(oneByOne)
        const last = { path: at, value }
        expect(changed(given, [...list, { path: at, value: value + 1 }, last])).toEqual(changed(given, [...list, last]))
      }),
    )
  })

  it('leave a draft as JSON that says the same and is written the same again', () => {
    fc.assert(
      fc.property(drafts, (given) => {
        const text = formatSpec(given)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(given)))
        expect(formatSpec(JSON.parse(text) as SpecDraft)).toBe(text)
      }),
    )
  })
})

describe('a draft as JSON', () => {
  it('says the same, with short lists on one line', () => {
    const text = formatSpec(draft)
    expect(JSON.parse(text)).toEqual(draft)
    expect(text).toContain('"seeds": [0, 1, 2]')
    expect(text).toContain('"frequencies": [1, 2]')
    expect(formatSpec(JSON.parse(text) as SpecDraft)).toBe(text)
  })
})
