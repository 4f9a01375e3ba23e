import { describe, expect, it } from 'vitest'
import { runFields } from '../../../src/shared/query/runFields.ts'
import { filterRuns } from '../../../src/shared/query/filterRuns.ts'
import { runQueryCompletions } from '../../../src/shared/query/runQueryCompletions.ts'
import { runSummary } from '../../support/runSummary.ts'

const runs = [
  runSummary({ tags: ['euler', 'two words'] }),
  runSummary({ tags: ['euler'], facets: { 'task.modulus': 53, 'dynamics.integrator.kind': 'dormandPrince' } }),
]
const offered = (text: string, cursor = text.length) => {
  const { from, to, options } = runQueryCompletions(text, cursor, runs)
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

  it('replaces the whole word that the cursor stands in', () => {
    expect(offered('stxyz:failed', 2)).toEqual({ from: 0, to: 5, texts: offered('st').texts })
  })

  it('offers values that the filter then accepts', () => {
    for (const { names } of runFields) {
      for (const value of offered(`${names[0]} = `).texts) {
        expect(() => filterRuns(`${names[0]} = ${value}`, runs)).not.toThrow()
      }
    }
  })
})
