import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinTerms, queryTerms, takeUp, withoutUnfinished } from '../../../../src/renderer/views/runs/queryTerms.ts'
import { filterRuns } from '../../../../src/shared/query/filterRuns.ts'
import { parseRunQuery } from '../../../../src/shared/query/runQuery.ts'
import { queryTrees, writeQuery } from '../../../support/queryTrees.ts'
import { runSummary } from '../../../support/runSummary.ts'

const filters: [string, string[]][] = [
  ['', []],
  ['p = 37', ['p = 37']],
  ['p = 37 and t_grok < 2500 tag:euler', ['p = 37', 't_grok < 2500', 'tag:euler']],
  ['not status:failed p=11', ['not status:failed', 'p=11']],
  ['(p = 11 or p = 23) and name:"a and b"', ['(p = 11 or p = 23)', 'name:"a and b"']],
  ['not (p = 11 and seed = 1) slow', ['not (p = 11 and seed = 1)', 'slow']],
  ['p = 11 or p = 23', ['p = 11 or p = 23']],
  ['p = 37 and t_gr', ['p = 37', 't_gr']],
]
const runs = [11, 23, 37].flatMap((modulus) =>
  [0, 1, 2, 3].map((seed) =>
    runSummary({
      facets: { 'task.modulus': modulus },
      seed,
      id: `${modulus}-${seed}`,
      status: seed === 1 ? 'failed' : 'finished',
      events: { generalized: { step: 900 * seed, tau: 1, value: 1 } },
    }),
  ),
)

describe('parts of a filter', () => {
  it.each(filters)('%s', (text, terms) => expect(queryTerms(text)).toEqual(terms))

  it.each(filters.slice(0, -1))('joined again let the same runs through: %s', (text) => {
    const joined = joinTerms(queryTerms(text))
    expect(filterRuns(joined, runs)).toEqual(filterRuns(text, runs))
  })
})

describe('parts of any filter', () => {
  it('are those that must all hold', () => {
    fc.assert(
      fc.property(queryTrees, fc.infiniteStream(fc.boolean()), (query, coins) => {
        const text = writeQuery(query, () => coins.next().value as boolean)
        fc.pre(text.length <= 4096)
        expect(queryTerms(text).map(parseRunQuery)).toEqual(query.kind === 'and' ? query.parts : [query])
        expect(parseRunQuery(joinTerms(queryTerms(text)))).toEqual(query)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a filter that is being typed', () => {
  it.each([
    ['p = 37 and sta', 'p = 37'],
    ['sta', ''],
    ['p = 37 not sta', 'p = 37'],
    ['p = 37 and status:fin', 'p = 37 and status:fin'],
    ['p = 37 slow', 'p = 37 slow'],
    ['sta ', 'sta '],
    ['name:sta', 'name:sta'],
    ['p = 37 an', 'p = 37'],
    ['p = 37 and', 'p = 37'],
    ['p = 37 OR', 'p = 37'],
    ['p = 37 ann', 'p = 37 ann'],
    ['andrew', 'andrew'],
  ])('%j filters by %j', (text, finished) => expect(withoutUnfinished(text)).toBe(finished))
})

describe('a part of a filter that is taken up to be changed', () => {
  const terms = ['p = 37', 'tag:euler']

  it('leaves its place to what was being typed', () => {
    expect(takeUp(0, { terms, typing: '' })).toEqual({ terms: ['tag:euler'], typing: 'p = 37' })
    const typing = 't_grok < 2500 and slow'
    expect(takeUp(1, { terms, typing })).toEqual({ terms: ['p = 37', 't_grok < 2500', 'slow'], typing: 'tag:euler' })
  })

  it('stays where what is being typed cannot be a part yet', () => {
    const before = { terms, typing: 't_grok <' }
    expect(takeUp(0, before)).toEqual(before)
  })

  it('loses nothing that was written', () => {
    const written = fc.constantFrom(
      '',
      '  ',
      'slow',
      'p = 11 or p = 23',
      'not status:failed p=11',
      't_grok <',
      '(p = 3',
    )
    const wordsOf = (of: { terms: readonly string[]; typing: string }) =>
      [...of.terms, of.typing].flatMap((text) => text.split(' ').filter(Boolean)).sort()
    fc.assert(
      fc.property(fc.nat(1), written, (index, typing) => {
        expect(wordsOf(takeUp(index, { terms, typing }))).toEqual(wordsOf({ terms, typing }))
      }),
    )
  })
})
