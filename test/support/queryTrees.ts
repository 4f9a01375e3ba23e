import fc from 'fast-check'
import { orderings, type RunQuery } from '../../src/shared/query/runQuery.ts'
import { isTextField, runFields, type NumericField, type RunField } from '../../src/shared/query/runFields.ts'
import { quotedValue } from '../../src/shared/query/runQueryTokens.ts'
import type { Interval } from '../../src/shared/query/runQueryValues.ts'

const words = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ unit: fc.constantFrom(...'a:* ('), maxLength: 6 }))
  .map((text) => text.replaceAll('"', ''))
const textFields = runFields.filter(isTextField)
const numericFields = runFields.filter((field): field is NumericField => !isTextField(field))
const finite = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value): Interval => ({ from: value, to: value }))
const days = fc
  .record({ year: fc.integer({ min: 1970, max: 2100 }), month: fc.nat(11), day: fc.integer({ min: 1, max: 28 }) })
  .map(({ year, month, day }): Interval => ({
    from: new Date(year, month, day).getTime(),
    to: new Date(year, month, day + 1).getTime(),
  }))

/** What a filter can be read as, and ways to write it. */
export const queryTrees: fc.Arbitrary<RunQuery> = fc.letrec<{ tree: RunQuery; leaf: RunQuery }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('leaf'),
    tie('tree').map((part): RunQuery => ({ kind: 'not', part })),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
    }),
  ),
  leaf: fc.oneof(
    words.map((text): RunQuery => ({ kind: 'free', text })),
    fc.constantFrom(...runFields).map((field): RunQuery => ({ kind: 'missing', field })),
    fc
      .constantFrom(...textFields)
      .chain((field) =>
        fc.record({
          kind: fc.constant('text' as const),
          field: fc.constant(field),
          match: fc.constantFrom('whole' as const, ...(field.kind === 'text' ? (['part'] as const) : [])),
          text: field.words ? fc.constantFrom(...field.words, '*') : words,
        }),
      )
      // A part with a star is read as a whole with stars.
      .map((leaf): RunQuery => (leaf.match === 'part' ? { ...leaf, text: leaf.text.replaceAll('*', '') } : leaf)),
    fc.constantFrom(...numericFields).chain((field) =>
      fc.record({
        kind: fc.constant('number' as const),
        field: fc.constant(field),
        operator: fc.constantFrom('=' as const, ...orderings),
        value: field.kind === 'date' ? days : finite,
      }),
    ),
  ),
})).tree

/** A filter that says this; of the ways to say the same `toss` takes one. */
export function writeQuery(query: RunQuery, toss: () => boolean): string {
  const inner = (part: RunQuery) => {
    const text = writeQuery(part, toss)
    return part.kind === 'and' || part.kind === 'or' || toss() ? `(${text})` : text
  }
  switch (query.kind) {
    case 'and':
      return query.parts.map(inner).reduce((all, part) => `${all}${toss() ? ' AND ' : ' '}${part}`)
    case 'or':
      return query.parts.map(inner).join(toss() ? ' or ' : '\tOR\n')
    case 'not':
      return `${toss() ? 'not' : 'NOT'} ${inner(query.part)}`
    case 'free':
      return `"${query.text}"`
    case 'missing':
      return `${nameOf(query, toss)}${toss() ? '=' : ' : '}none`
    case 'text':
      return `${nameOf(query, toss)}${operatorOf(query, toss)}${toss() ? quotedValue(query.text) : `"${query.text}"`}`
    case 'number':
      return `${nameOf(query, toss)}${spelled(query.operator, toss)}${numeral(query)}`
  }
}

function nameOf({ field }: { field: RunField }, toss: () => boolean): string {
  const name = toss() ? field.names[0] : field.names.at(-1)!
  return toss() ? name : name.toUpperCase()
}

function operatorOf({ match, field }: RunQuery & { kind: 'text' }, toss: () => boolean): string {
  if (match === 'part') return ':'
  return field.kind === 'word' && toss() ? ': ' : ' = '
}

function spelled(operator: string, toss: () => boolean): string {
  const symbols: Record<string, string> = { '<=': '≤', '>=': '≥' }
  return toss() ? ` ${operator} ` : (symbols[operator] ?? operator)
}

function numeral({ field, value: { from } }: RunQuery & { kind: 'number' }): string {
  if (field.kind !== 'date') return Object.is(from, -0) ? '-0' : String(from)
  const date = new Date(from)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-')
}
