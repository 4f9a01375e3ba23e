import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/shared/errors.ts'
import { filterRuns } from '../../../src/shared/query/filterRuns.ts'
import { deepestNesting } from '../../../src/shared/findUnacceptable.ts'
import { runFields } from '../../../src/shared/query/runFields.ts'
import { parseRunQuery } from '../../../src/shared/query/runQuery.ts'
import { queryTrees, writeQuery } from '../../support/queryTrees.ts'
import { eventsOfFigure6, facetsOfFigure6, runSummary } from '../../support/runSummary.ts'

const day = 86_400_000
const now = new Date(2026, 10, 23, 12).getTime()
const runs = [
  runSummary({ id: 'euler', tags: ['euler', 'paper'] }),
  runSummary({
    id: 'late',
    facets: {
      ...facetsOfFigure6,
      'task.modulus': 53,
      'task.trainFraction': 0.35,
      'dynamics.integrator.stepSize': 2e-3,
    },
    events: { ...eventsOfFigure6, generalized: { step: 4100, tau: 4.1, value: 1 } },
    name: 'slow (one)',
    tags: ['a"b', 'sweep:2c3b', 'part:of:it'],
  }),
  runSummary({
    id: 'never',
    events: { memorized: eventsOfFigure6.memorized!, stalled: { step: 40, tau: 0.04, value: 0 } },
    latest: { testAccuracy: 0.62 },
    seconds: 200,
  }),
  runSummary({
    id: 'adam',
    experiment: 'Training',
    name: 'seed 3',
    figure: null,
    facets: {
      'task.modulus': 37,
      'task.trainFraction': 0.7,
      'dynamics.kind': 'training',
      'dynamics.optimizer.kind': 'adamw',
      'dynamics.learningRate': 0.01,
      'dynamics.reduction': 'sum',
      'dynamics.steps': 5000,
      'initialization.standardDeviation': 'p^-1/2',
      'record.snapshots': 3,
    },
    status: 'failed',
    code: 'DIVERGED',
    createdAt: now - 2 * day,
    archivedAt: now,
  }),
]
const matches = (text: string) => filterRuns(text, runs, now).map(({ id }) => id)

describe('a filter of runs', () => {
  it.each([
    ['', ['euler', 'late', 'never', 'adam']],
    ['p = 37', ['euler', 'never', 'adam']],
    ['p=37', ['euler', 'never', 'adam']],
    ['p = 37 and t_grok < 2500 tag:euler', ['euler']],
    ['T_GROK >= 4100', ['late']],
    ['t_grok ≥ 4100', ['late']],
    ['steps = 5k', ['euler', 'late', 'never', 'adam']],
    ['status:failed', ['adam']],
    ['not status:failed', ['euler', 'late', 'never']],
    ['status != failed', ['euler', 'late', 'never']],
    ['name:"figure 6"', ['euler', 'late', 'never']],
    ['name = "seed 3"', ['adam']],
    ['"slow (one)"', ['late']],
    ['slow', ['late']],
    ['PAPER', ['euler', 'late', 'never']],
    ['(p = 53 or status:failed) not slow', ['adam']],
    ['p = 53 or p = 37 and status:failed', ['late', 'adam']],
    ['not p = 53 and status:finished', ['euler', 'never']],
    ['t_grok = none', ['never']],
    ['t_grok != none', ['euler', 'late', 'adam']],
    ['tag = none', ['never', 'adam']],
    ['figure:fig6', ['euler', 'late', 'never']],
    ['figure = musat2025/fig6', ['euler', 'late', 'never']],
    ['figure:musat2025/*', ['euler', 'late', 'never']],
    ['figure:fig5', []],
    ['tag:pap*', ['euler']],
    ['tag:sweep:2c3b', ['late']],
    ['tag = sweep:2c3b tag:part:of:it', ['late']],
    ['(tag:sweep:*) name:slow', ['late']],
    ['tag:p', []],
    ['f_s = 70%', ['euler', 'never', 'adam']],
    ['f_s = 35%', ['late']],
    ['testAccuracy < 99%', ['never']],
    ['time > 3min', ['never']],
    ['time > 0.05h time < 1e6ms', ['never']],
    ['eta = 0.01', ['adam']],
    ['λ = 0 η = 1e-3', ['euler', 'never']],
    ['λ = 0 dynamics.integrator.stepSize = 2e-3', ['late']],
    ['dynamics.reduction = sum', ['adam']],
    ['DYNAMICS.REDUCTION:sum', ['adam']],
    ['dynamics.reduction != sum', ['euler', 'late', 'never']],
    ['initialization.standardDeviation = p^-1/2', ['adam']],
    ['initialization.standardDeviation = 0.1', []],
    ['record.snapshots > 2', ['adam']],
    ['record.snapshots = log', []],
    ['trainCrossEntropy = none', ['euler', 'late', 'never', 'adam']],
    ['optimizer:adamw', ['adam']],
    ['code:diverged', ['adam']],
    ['is:archived', ['adam']],
    ['is:setAside', ['adam']],
    ['is:flagged is:archived', ['adam']],
    ['is:stalled', ['never']],
    ['t_stalled < 100', ['never']],
    ['t_stalled = none', ['euler', 'late', 'adam']],
    ['age < 3d', ['adam']],
    ['created = 2026-11-20', ['euler', 'late', 'never']],
    ['created > 2026-11-20', ['adam']],
    ['created >= 2026-11-20', ['euler', 'late', 'never', 'adam']],
    ['created <= 2026-11-20', ['euler', 'late', 'never']],
    ['created < 2026-11-20', []],
    ['created = 2026-11', ['euler', 'late', 'never', 'adam']],
    ['created > 2026', []],
    ['delay > 4000', ['late']],
  ])('%j lets through %j', (text, expected) => {
    expect(matches(text)).toEqual(expected)
  })

  it('keeps a comparison with what is missing from holding, whichever way it is asked', () => {
    expect(matches('t_grok < 1e9')).not.toContain('never')
    expect(matches('t_grok >= 0')).not.toContain('never')
    expect(matches('t_grok != 2300')).toContain('never')
  })

  it('splits the runs in two with every comparison and its negation', () => {
    for (const field of runFields) {
      const value = field.kind === 'date' ? '2026-11-21' : field.kind === 'word' ? (field.words?.[0] ?? 'x') : '1'
      const [holds, not] = [matches(`${field.names[0]} = ${value}`), matches(`not ${field.names[0]} = ${value}`)]
      expect([...holds, ...not].sort()).toEqual(matches('').sort())
      expect(matches(`${field.names[0]} != ${value}`)).toEqual(not)
    }
  })
})

describe('a filter that is written down', () => {
  it('is read as what was meant, in whichever of the ways to write it', () => {
    fc.assert(
      fc.property(queryTrees, fc.infiniteStream(fc.boolean()), (query, coins) => {
        const text = writeQuery(query, () => coins.next().value as boolean)
        fc.pre(text.length <= 4096)
        expect(parseRunQuery(text)).toEqual(query)
      }),
      { numRuns: 2000 },
    )
  })

  it('says what was read of any text that is a filter', () => {
    const names = runFields.flatMap((field) => field.names)
    const parts = fc.constantFrom(...'and or not ( ) = : != >= < none 37 50% "a" x*'.split(' '))
    const text = fc.array(fc.oneof(parts, fc.constantFrom(...names)), { maxLength: 12 }).map((list) => list.join(' '))
    let read = 0
    fc.assert(
      fc.property(text, (given) => {
        const query = readOrNot(given)
        if (!query || (query.kind === 'and' && query.parts.length === 0)) return
        read += 1
        expect(parseRunQuery(writeQuery(query, () => true))).toEqual(query)
      }),
      { numRuns: 20_000 },
    )
    expect(read).toBeGreaterThan(100)
  })
})

function readOrNot(text: string) {
  try {
    return parseRunQuery(text)
  } catch {
    return undefined
  }
}

describe('a mistake in a filter', () => {
  it.each([
    ['t_grk < 5', 0, 5, /no field "t_grk"; did you mean t_grok\?$/],
    ['lr = 1', 0, 2, /no field "lr"; did you mean learningRate\?$/],
    ['p = 37 and zzz:1', 11, 14, /character 12: there is no field "zzz"; fields are name/],
    ['p = abc', 4, 7, /"abc" is no value for p; a number such as 37/],
    ['time > 5parsec', 7, 14, /"5parsec" is no value for time; a time such as/],
    ['time > 5toString', 7, 16, /is no value for time/],
    ['created > 2026-02-30', 10, 20, /"2026-02-30" is no value for created; a day such as/],
    ['status:finnished', 7, 16, /"finnished" is no status; one of queued, running/],
    ['name < 3', 5, 6, /name has no order, so "<" cannot be; allowed: = : !=/],
    ['p < none', 2, 3, /none has no order/],
    ['p =', 3, 3, /the filter ends where a value for p belongs/],
    ['p', 0, 1, /"p" needs a comparison, such as p = …/],
    ['(p = 37', 0, 1, /this parenthesis is not closed/],
    ['p = 37)', 6, 7, /unexpected "\)"; no parenthesis is open here/],
    ['p = 37 and', 10, 10, /the filter ends where a field, a word or a parenthesis belongs/],
    ['or p = 37', 0, 2, /unexpected "or"/],
    ['= 37', 0, 1, /unexpected "="/],
    ['p = = 37', 4, 5, /unexpected "="; a value for p belongs here/],
    ['name:"fig', 5, 9, /the quotes before "fig" are not closed/],
    ['not', 3, 3, /the filter ends/],
    ['()', 1, 2, /unexpected "\)"/],
  ])('%j is refused at %i to %i', (text, from, to, message) => {
    const read = () => parseRunQuery(text)
    expect(read).toThrow(LabError)
    expect(read).toThrow(expect.objectContaining({ code: 'INVALID_QUERY', detail: { from, to } }))
    expect(read).toThrow(message)
  })
})

describe('a filter from anywhere', () => {
  const error = (text: string) => {
    try {
      parseRunQuery(text)
    } catch (thrown) {
      return thrown as LabError
    }
    return undefined
  }

  it.each([
    ['parentheses', (depth: number) => `${'('.repeat(depth)}p = 3${')'.repeat(depth)}`],
    ['negations', (depth: number) => `${'not '.repeat(depth)}p = 3`],
    ['both', (depth: number) => `${'not ('.repeat(depth / 2)}p = 3${')'.repeat(depth / 2)}`],
  ])('may nest %s as deep as anything else may', (_, nested) => {
    expect(error(nested(deepestNesting))).toBeUndefined()
    const refused = error(nested(deepestNesting + 2))!
    expect(refused.code).toBe('INVALID_QUERY')
    expect(refused.message).toContain(`at most ${deepestNesting} deep`)
    expect(error(nested(400))!.code).toBe('INVALID_QUERY')
  })

  it('has a length', () => {
    expect(error('p = 3 '.repeat(600))).toBeUndefined()
    const refused = error('('.repeat(100_000))!
    expect([refused.code, refused.message]).toEqual([
      'INVALID_QUERY',
      'filter, character 4097: a filter has at most 4096 characters',
    ])
  })

  it('is quoted in part where it is wrong', () => {
    for (const text of [`${'x'.repeat(4000)} = 3`, `p = ${'x'.repeat(4000)}`, `name:"${'x'.repeat(4000)}`]) {
      expect(error(text)!.message.length).toBeLessThan(1200)
    }
  })

  it('finds the number that is written, with a unit and without', () => {
    const shares = Array.from({ length: 999 }, (_, place) => Number(((place + 1) / 1000).toFixed(3)))
    for (const share of shares) {
      const run = runSummary({ facets: { 'task.trainFraction': share } })
      expect([share, filterRuns(`f_s = ${Number((100 * share).toFixed(1))}%`, [run])]).toEqual([share, [run]])
    }
    for (const [text, steps] of [
      ['16.1k', 16_100],
      ['2.05M', 2_050_000],
      ['1.61e1k', 16_100],
    ] as const) {
      expect([text, filterRuns(`step = ${text}`, [runSummary({ step: steps })])]).toHaveProperty('1.length', 1)
    }
  })

  it('finds a part of a name with a quotation mark, for which a star is written', () => {
    const run = runSummary({ name: '5" sweep of decays' })
    expect(filterRuns('name:"5* sweep"', [run])).toEqual([run])
    expect(filterRuns('name:"6* sweep"', [run])).toEqual([])
  })

  it('finds what stands for any letters as a pattern would, and does not take for ever', () => {
    const names = ['', 'a', 'ab', 'ba', 'aab', 'abab', 'abcab', 'a*b', 'aa', 'b'.repeat(5)]
    const runs = names.map((name, i) => runSummary({ id: `r${i}`, name, experiment: '-' }))
    for (const pattern of ['*', '**', 'a*', '*b', 'a*b', '*a*b*', 'ab*ab', 'a*a*a', '*ab*ab', 'a**b', 'aab*b']) {
      const expected = names.filter((name) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name))
      expect([pattern, filterRuns(`name="${pattern}"`, runs).map(({ name }) => name)]).toEqual([pattern, expected])
    }
    const long = runSummary({ name: 'a'.repeat(200) })
    expect(filterRuns(`name="${'*a'.repeat(150)}b"`, [long])).toEqual([])
  })
})
