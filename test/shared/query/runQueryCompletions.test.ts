import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRunField, runFields, type RunField } from '../../../src/shared/query/runFields.ts'
import { filterRuns } from '../../../src/shared/query/filterRuns.ts'
import { runQueryCompletions, valueAt } from '../../../src/shared/query/runQueryCompletions.ts'
import { oddTexts } from '../../support/oddRuns.ts'
import { runSummary } from '../../support/runSummary.ts'

const runs = [
  runSummary({ tags: ['euler', 'two words'] }),
  runSummary({ tags: ['euler'], facets: { 'task.modulus': 53, 'dynamics.integrator.kind': 'dormandPrince' } }),
]
/** The values that the runs have of a field, as a host counts them. */
function valuesOf(field: RunField) {
  const values = runs.flatMap((run) => readRunField(field, run)).filter((value) => value !== null)
  return [...Map.groupBy(values, String)].map(([value, all]) => ({ value, count: all.length }))
}
const offered = (text: string, cursor = text.length) => {
  const at = valueAt(text, cursor)
  const { from, to, options } = runQueryCompletions(text, cursor, at ? valuesOf(at.field) : [])
  return { from, to, texts: options.map((option) => option.text) }
}

describe('completions of a filter', () => {
  it('offers every field at the start, and before a term no "and"', () => {
    const { texts } = offered('')
    expect(texts).toEqual([...runFields.map(({ names }) => names[0]), 'not'])
  })

  it.each([
    ['sta', 0, 3, ['status', 'started']],
    ['p = 37 an', 7, 9, ['and']],
    ['p = 37 o', 7, 8, ['optimizer', 'or']],
    ['p = 37 and o', 11, 12, ['optimizer']],
    ['(STAR', 1, 5, ['started']],
    ['name', 0, 4, ['name']],
    ['name ', 5, 5, [':', '=', '!=']],
    ['t_grok ', 7, 7, ['=', '<', '<=', '>', '>=', '!=']],
    ['status:fi', 7, 9, ['finished']],
    ['tag:', 4, 4, ['euler', '"two words"']],
    ['tag:"tw', 4, 7, ['"two words"']],
    ['tag:tw', 4, 6, ['"two words"']],
    ['p = ', 4, 4, ['37', '53']],
    ['integrator:D', 11, 12, ['dormandPrince']],
    ['zzz = ', 6, 6, []],
  ])('%j replaces %i to %i by one of %j', (text, from, to, texts) => {
    expect(offered(text)).toEqual({ from, to, texts })
  })

  it('offers every value so that it is found', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...oddTexts, 'none', 'NONE', 'and', 'a "b" c', '!')), (tag) => {
        const { options } = runQueryCompletions('tag:', 4, [{ value: tag, count: 1 }])
        const run = runSummary({ tags: [tag] })
        expect(filterRuns(`tag:${options[0]!.text}`, [run])).toEqual([run])
      }),
    )
  })

  it('replaces the whole word that the cursor stands in', () => {
    expect(offered('stxyz:failed', 2)).toEqual({ from: 0, to: 5, texts: offered('st').texts })
  })

  it.each([
    ['tag:"Two w', 'tag', 'two w'],
    ['p = 37 and d_h >= 6', 'hidden', '6'],
    ['name:', 'name', ''],
  ])('asks after %j for values of %s that begin with %j', (text, name, typed) => {
    const at = valueAt(text, text.length)
    expect(at?.field.names).toContain(name)
    expect(at?.typed).toBe(typed)
  })

  it.each(['', 'tag', 'tag ', 'zzz = 3', 'tag:euler p', 'created > 2026', 'age < 3'])(
    'asks after %j for no values',
    (text) => expect(valueAt(text, text.length)).toBeNull(),
  )

  it('offers the most frequent values first, and of words all there can be', () => {
    const known = [
      { value: 'finished', count: 1 },
      { value: 'failed', count: 7 },
    ]
    const options = runQueryCompletions('status:', 7, known).options
    expect(options.slice(0, 3).map(({ text, help }) => `${text} ${help}`)).toEqual([
      'failed 7 runs',
      'finished 1 run',
      'cancelled 0 runs',
    ])
    expect(options).toHaveLength(7)
  })

  it('offers values that the filter then accepts', () => {
    for (const { names } of runFields) {
      for (const value of offered(`${names[0]} = `).texts) {
        expect(() => filterRuns(`${names[0]} = ${value}`, runs)).not.toThrow()
      }
    }
  })
})
