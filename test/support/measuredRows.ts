import { afterAll, beforeAll } from 'vitest'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import fc from 'fast-check'
import { migrate } from '../../src/main/store/migrations/migrate.ts'
import { MeasurementStore, type MeasuredRow } from '../../src/main/store/measurements.ts'

/** A database as that of an archive, in memory, for measurements alone, of runs that no other table has; closed after the tests of the file. */
export function measurementDatabase() {
  let database: Database
  let runs = 0
  beforeAll(() => {
    database = new DatabaseConstructor(':memory:')
    migrate(database)
    database.pragma('foreign_keys = off')
  })
  afterAll(() => database.close())

  /** Stores rows of a run, sealed after each of these numbers of rows; the rest stays hot. */
  const store = (rows: readonly MeasuredRow[], sizes: readonly number[], runId = `run ${runs++}`): string => {
    const measurements = new MeasurementStore(database)
    const ends = new Set(sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0)))
    const storeAll = database.transaction(() => {
      for (const [i, row] of rows.entries()) {
        measurements.append(runId, row)
        measurements.flush(runId)
        if (ends.has(i + 1)) measurements.seal(runId)
      }
    })
    storeAll()
    return runId
  }
  return { database: () => database, store }
}

const number = fc.oneof(fc.constant(NaN), fc.constantFrom(-0, Infinity, -Infinity), fc.integer({ min: -3, max: 3 }))

/** Rows of which steps are passed over, and of which `testMse` appears late, and where they are sealed. */
export const story = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }),
    hot: fc.nat(4),
    appears: fc.nat(15),
  })
  .chain(({ sizes, hot, appears }) => {
    const count = sizes.reduce((sum, size) => sum + size, hot)
    const row = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(9), fc.nat(9), number, number)
    return fc.array(row, { minLength: count, maxLength: count }).map((drawn) => {
      let step = -1
      const rows = drawn.map(([further, tau, seconds, trainLoss, testMse], i): MeasuredRow => {
        step += further
        return { step, tau, seconds, values: { trainLoss, ...(i >= appears && { testMse }) } }
      })
      return { rows, sizes }
    })
  })

export const names = ['step', 'tau', 'seconds', 'trainLoss', 'testMse', 'conditionNumber'] as const

export function valuesOf(rows: readonly MeasuredRow[], name: (typeof names)[number]): Float64Array {
  return Float64Array.from(rows, (row) =>
    name === 'step' || name === 'tau' || name === 'seconds' ? row[name] : (row.values[name] ?? NaN),
  )
}
