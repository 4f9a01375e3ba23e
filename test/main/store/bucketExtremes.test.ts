import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketEdges, bucketExtremes, type Spacing, type Span } from '../../../src/main/store/bucketExtremes.ts'

const steps = Float64Array.from({ length: 10_000 }, (_, row) => row)
const rowAt = (step: number) => Math.ceil(step)
const range = (from: number, to: number) => ({ from, to, firstStep: from, lastStep: to - 1 })
const all = range(0, steps.length)
const noise = steps.map((step) => Math.sin(step * step) + step / 3000)

/** A column in spans, with or without what a store knows of each. */
function spansOf(values: Float64Array, size: number, known: boolean): Span[] {
  const spans: Span[] = []
  for (let start = 0; start < values.length; start += size) {
    const part = values.slice(start, start + size)
    const [minimum, maximum] = [Math.min(...part), Math.max(...part)]
    const extremes = { minimum, maximum, minAt: part.indexOf(minimum), maxAt: part.indexOf(maximum) }
    const isKnown = known && !part.some(Number.isNaN)
    spans.push({ start, count: part.length, ...(isKnown && { extremes }), values: () => part })
  }
  return spans
}

describe('bucket edges', () => {
  it.each<Spacing>(['linear', 'log'])('cover every row once, no bucket empty, with %s spacing', (spacing) => {
    for (const [from, to] of [
      [0, 20],
      [100, 9000],
    ] as const) {
      for (const buckets of [1, 2, 17, 500]) {
        const edges = bucketEdges(rowAt, range(from, to), buckets, spacing)
        expect(edges[0]).toBe(from)
        expect(edges.at(-1)).toBe(to)
        expect(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!)).toBe(true)
        expect(edges.length).toBeLessThanOrEqual(buckets + 1)
      }
    }
  })

  it('are equally far apart on the axis they are for', () => {
    const linear = bucketEdges(rowAt, all, 100, 'linear').slice(0, -1)
    expect(linear).toHaveLength(100)
    expect(linear.every((edge, i) => Math.abs(edge - i * 99.99) <= 1)).toBe(true)
    const log = bucketEdges(rowAt, range(1000, 10_000), 50, 'log').slice(0, -1)
    expect(log).toHaveLength(50)
    expect(log.every((edge, i) => Math.abs(edge - 1000 * Math.exp((i / 50) * Math.log(9.999))) <= 1)).toBe(true)
  })
})

/** What is chosen of a column, looked at row by row: of each bucket the first, of equal extremes the first, and the first row of each wide gap. */
function chosenOf(values: Float64Array, edges: readonly number[]): Map<number, number> {
  const [from, to] = [edges[0]!, edges.at(-1)!]
  const bucketOf = (row: number) => edges.findLastIndex((edge) => edge <= row)
  const placeOf = (row: number) => {
    const bucket = bucketOf(row)
    return row === to ? bucket : bucket + (row - edges[bucket]!) / (edges[bucket + 1]! - edges[bucket]!)
  }
  const rows = new Set<number>()
  const present = (row: number) => !Number.isNaN(values[row])
  for (const [bucket, edge] of edges.slice(0, -1).entries()) {
    const inside = Array.from({ length: edges[bucket + 1]! - edge }, (_, i) => edge + i).filter(present)
    if (inside.length === 0) continue
    rows.add(inside[0]!)
    rows.add(inside.reduce((least, row) => (values[row]! < values[least]! ? row : least)))
    rows.add(inside.reduce((greatest, row) => (values[row]! > values[greatest]! ? row : greatest)))
  }
  for (const end of [from, to - 1]) if (present(end)) rows.add(end)
  for (let row = from; row < to; row++) {
    if (present(row) || (row > from && !present(row - 1))) continue
    let end = row
    while (end < to && !present(end)) end++
    if (placeOf(end) - placeOf(row) >= 1) rows.add(row)
  }
  return new Map([...rows].sort((a, b) => a - b).map((row) => [row, values[row]!]))
}

describe('decimation', () => {
  it('chooses the same rows however a column is cut into spans, and whether their extremes are known', () => {
    const number = fc.constantFrom(NaN, NaN, -Infinity, -1, 0, 1, Infinity)
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(40), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (numbers, places, size, known) => {
          const values = Float64Array.from(numbers)
          const edges = [...new Set([...places, numbers.length].filter((place) => place <= numbers.length))]
          edges.sort((a, b) => a - b)
          if (edges.length < 2) edges.unshift(0)
          const { rows, values: chosen } = bucketExtremes(spansOf(values, size, known), edges)
          expect(new Map(rows.map((row, i) => [row, chosen[i]]))).toEqual(chosenOf(values, edges))
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    [7, false],
    [7, true],
    [1024, false],
    [1024, true],
    [10_000, true],
  ])(
    'keeps the first value and the extremes of every bucket and the ends, from spans of %i, extremes known: %s',
    (size, known) => {
      for (const buckets of [3, 20, 1000]) {
        const edges = bucketEdges(rowAt, range(13, 9876), buckets, 'linear')
        const { rows, values } = bucketExtremes(spansOf(noise, size, known), edges)
        expect(rows.length).toBeLessThanOrEqual(3 * buckets + 1)
        expect([rows[0], rows.at(-1)]).toEqual([13, 9875])
        expect(values).toEqual(rows.map((row) => noise[row]))
        for (const [bucket, edge] of edges.slice(0, -1).entries()) {
          const inside = noise.subarray(edge, edges[bucket + 1])
          const chosen = values.filter((_, i) => rows[i]! >= edge && rows[i]! < edges[bucket + 1]!)
          expect(rows).toContain(edge)
          expect(Math.min(...chosen)).toBe(Math.min(...inside))
          expect(Math.max(...chosen)).toBe(Math.max(...inside))
        }
      }
    },
  )

  it('does not fetch numbers of spans that lie within one bucket', () => {
    let fetched = 0
    const spans = spansOf(noise, 10, true).map((span) => ({ ...span, values: () => (fetched++, span.values()) }))
    bucketExtremes(spans, bucketEdges(rowAt, all, 10, 'linear'))
    // The first and the last span hold the ends; up to two lie across each of the 9 inner edges.
    expect(fetched).toBeLessThanOrEqual(11)
  })

  it.each([100, 150, 1000])('breaks the line once where %i rows are missing and a bucket is 100', (length) => {
    for (const first of [0, 500, 540, 10_000 - length]) {
      const values = noise.map((value, row) => (row >= first && row < first + length ? NaN : value))
      const { rows, values: chosen } = bucketExtremes(spansOf(values, 64, true), bucketEdges(rowAt, all, 100, 'linear'))
      expect(rows.filter((_, i) => Number.isNaN(chosen[i]))).toEqual([first])
      expect(rows.filter((row) => row >= first && row < first + length)).toEqual([first])
    }
  })

  it('draws through gaps far narrower than a bucket', () => {
    const values = noise.map((value, row) => (row % 10 === 0 ? value : NaN))
    const { rows, values: chosen } = bucketExtremes(spansOf(values, 64, true), bucketEdges(rowAt, all, 50, 'linear'))
    expect(chosen.some(Number.isNaN)).toBe(false)
    expect(rows.every((row) => row % 10 === 0)).toBe(true)
  })

  it('keeps infinities as the extremes they are', () => {
    const values = noise.map((value, row) => (row === 5000 ? Infinity : row === 7001 ? -Infinity : value))
    const { rows, values: chosen } = bucketExtremes(spansOf(values, 100, false), bucketEdges(rowAt, all, 10, 'linear'))
    expect(chosen[rows.indexOf(5000)]).toBe(Infinity)
    expect(chosen[rows.indexOf(7001)]).toBe(-Infinity)
  })
})
