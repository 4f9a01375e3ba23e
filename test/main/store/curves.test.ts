import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketEdges, bucketExtremes } from '../../../src/main/store/bucketExtremes.ts'
import { CurveReader, type CurveRange } from '../../../src/main/store/curves.ts'
import type { MeasuredRow } from '../../../src/main/store/measurements.ts'
import type { Curve } from '../../../src/shared/run.ts'
import { rowsPerBucket } from '../../../src/shared/curves/rowsPerBucket.ts'
import { measurementDatabase, names, story, valuesOf } from '../../support/measuredRows.ts'

const { database, store } = measurementDatabase()
const asked = ['trainLoss', 'testMse', 'conditionNumber'] as const

const range: fc.Arbitrary<CurveRange> = fc.record(
  {
    fromStep: fc.integer({ min: -1, max: 30 }),
    toStep: fc.integer({ min: -1, max: 60 }),
    points: fc.integer({ min: 1, max: 20 }),
    spacing: fc.constantFrom('linear' as const, 'log' as const),
    maxPoints: fc.nat(40),
  },
  { requiredKeys: [] },
)

const isMeasured = (rows: readonly MeasuredRow[], name: string) => rows.some(({ values }) => name in values)

function curveOf(rows: readonly MeasuredRow[], name: (typeof asked)[number]): Curve {
  const [step, tau, seconds, value] = (['step', 'tau', 'seconds', name] as const).map((each) => valuesOf(rows, each))
  return { step: step!, tau: tau!, seconds: seconds!, value: value! }
}

/** Of rows in memory those that stand for them all: the first, least and greatest of buckets of equal width. */
function thinned(
  rows: readonly MeasuredRow[],
  name: (typeof asked)[number],
  points: number,
  spacing: 'linear' | 'log',
) {
  const rowAt = (step: number) => rows.filter((row) => row.step < step).length
  const ends = { from: 0, to: rows.length, firstStep: rows[0]!.step, lastStep: rows.at(-1)!.step }
  const edges = bucketEdges(rowAt, ends, Math.max(1, Math.floor(points / rowsPerBucket)), spacing)
  const values = valuesOf(rows, name)
  const chosen = bucketExtremes([{ start: 0, count: rows.length, values: () => values }], edges).rows
  return curveOf(
    chosen.map((row) => rows[row]!),
    name,
  )
}

/** The extremes of a part have no sign of zero: SQLite keeps none. */
const unsigned = (curve: Curve): Curve => ({ ...curve, value: curve.value.map((value) => value + 0) })

describe('curves', () => {
  it('are those of rows in memory, wherever these are sealed: all between two steps, or those that stand for them', () => {
    fc.assert(
      fc.property(story, range, ({ rows, sizes }, asks) => {
        const runId = store(rows, sizes)
        const { fromStep = -Infinity, toStep = Infinity, points = Infinity, spacing = 'linear' } = asks
        const inside = rows.filter(({ step }) => step >= fromStep && step <= toStep)
        const measured = asked.filter((name) => isMeasured(rows, name))
        const needed = measured.length * Math.min(points, inside.length)
        const read = () => new CurveReader(database()).readCurves(runId, asked, asks)
        if (needed > (asks.maxPoints ?? Infinity)) {
          const message = expect.stringContaining(`run ${runId} would add ${needed} points`) as string
          expect(read).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST', message }))
          return
        }
        const curves = read()
        expect(Object.keys(curves)).toEqual(asked)
        for (const name of asked) {
          if (!measured.includes(name)) expect(curves[name]).toEqual(curveOf([], name))
          else if (inside.length <= points) expect(curves[name]).toEqual(curveOf(inside, name))
          else expect(unsigned(curves[name])).toEqual(unsigned(thinned(inside, name, points, spacing)))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('are read whole by column, and in parts, to which nothing is added that is stored later', () => {
    fc.assert(
      fc.property(story, fc.nat(3), ({ rows, sizes }, later) => {
        const before = rows.slice(0, rows.length - later)
        const runId = store(before, sizes)
        const reader = new CurveReader(database())
        const layout = reader.layout(runId)
        store(rows.slice(before.length), [], runId)
        for (const name of names) {
          expect(reader.readColumn(runId, name)).toEqual(valuesOf(rows, name))
          if (!['step', 'tau', 'seconds', ...layout.names].includes(name)) continue
          const parts = Array.from({ length: layout.parts.length + 1 }, (_, i) => reader.readPart(layout, name, i))
          expect(parts.flatMap((part) => [...part])).toEqual([...valuesOf(before, name)])
        }
      }),
      { numRuns: 60 },
    )
  })
})
