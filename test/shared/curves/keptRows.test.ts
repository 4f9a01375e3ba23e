import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keptRows } from '../../../src/shared/curves/keptRows.ts'

const steps = (from: number, count: number, by = 1) => Float64Array.from({ length: count }, (_, k) => from + k * by)
const columnOf = (count: number, seed: number) =>
  Float64Array.from({ length: count }, (_, k) => Math.sin(seed + k * (1.1 + (seed % 7))))

describe('the rows that stand for many', () => {
  it('are all of them where they are few', () => {
    expect(keptRows(steps(0, 10), [], 10)).toBeNull()
  })

  it('are in order, and have the ends and every extreme of each column', () => {
    const count = fc.integer({ min: 130, max: 3000 })
    const arranged = fc.tuple(count, fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 100 }), fc.nat(20))
    fc.assert(
      fc.property(arranged, ([count, first, by, seed]) => {
        const columns = [columnOf(count, seed), columnOf(count, seed + 1).map((v, k) => (k % 9 ? NaN : v))]
        const rows = keptRows(steps(first, count, by), columns, 128)!
        expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b))
        expect([rows[0], rows.at(-1)]).toEqual([0, count - 1])
        for (const column of columns) {
          const measured = column.filter((value) => !Number.isNaN(value))
          const kept = rows.map((row) => column[row]!)
          expect(kept).toEqual(expect.arrayContaining([Math.min(...measured), Math.max(...measured), measured.at(-1)]))
        }
      }),
    )
  })

  it('are no more than was asked for, however many there are, but for the beginning of a run', () => {
    for (const count of [1000, 10_000, 100_000]) {
      for (const first of [1_000_000, 3_000_001]) {
        const rows = keptRows(steps(first, count), [columnOf(count, 1), columnOf(count, 2)], 128)!
        expect(rows.length).toBeLessThanOrEqual(128)
        expect(rows.length).toBeGreaterThan(20)
      }
    }
    const whole = keptRows(steps(0, 1_000_000), [columnOf(1_000_000, 1)], 32_768)!
    expect(whole.slice(0, 512)).toEqual(Array.from({ length: 512 }, (_, row) => row))
    expect(whole.length).toBeLessThanOrEqual(32_768)
  })

  it('begin stretches where those of more rows do too, whatever was measured', () => {
    const step = steps(500_000, 40_000)
    const [fewer, more] = [1000, 4000].map((limit, seed) => keptRows(step, [columnOf(step.length, seed)], limit)!)
    const common = fewer!.filter((row) => more!.includes(row)).map((row) => step[row]!)
    const widest = common.slice(1).reduce((max, at, place) => Math.max(max, at - common[place]!), 0)
    expect(widest).toBeLessThanOrEqual((4 * 40_000) / 1000)
  })
})
