import type { Database } from 'better-sqlite3'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { brokenHotRow, hotRowChecksum, type StoredHotRow } from '../../../src/main/store/hotRows.ts'
import { MeasuredColumn } from '../../../src/main/store/measuredColumn.ts'
import {
  measurementLayout,
  partOfRow,
  partsBelow,
  type MeasurementLayout,
} from '../../../src/main/store/measurementLayout.ts'
import { MeasurementStore, rowsPerPart, type MeasuredRow } from '../../../src/main/store/measurements.ts'
import { SealedColumns } from '../../../src/main/store/sealedColumns.ts'
import { measurementDatabase, names, story, valuesOf } from '../../support/measuredRows.ts'

const { database: open, store } = measurementDatabase()
let database: Database
beforeAll(() => {
  database = open()
})

function columnOf(layout: MeasurementLayout, name: string): MeasuredColumn {
  return new MeasuredColumn(layout, name, new SealedColumns(database).column(layout, name))
}

describe('a column', () => {
  it('is what was measured, row after row, however its rows are sealed', () => {
    fc.assert(
      fc.property(story, fc.nat(24), fc.nat(24), ({ rows, sizes }, one, other) => {
        const layout = measurementLayout(database, store(rows, sizes))
        const [from, to] = [one, other].sort((a, b) => a - b).map((row) => Math.min(row, rows.length)) as [
          number,
          number,
        ]
        expect([layout.rows, layout.parts.map(({ count }) => count)]).toEqual([rows.length, sizes])
        for (const name of names) {
          const column = columnOf(layout, name)
          expect(column.slice(from, to)).toEqual(valuesOf(rows, name).slice(from, to))
          expect(rows.map((_, row) => column.at(row))).toEqual([...valuesOf(rows, name)])
        }
      }),
      { numRuns: 40 },
    )
  })

  it('of steps has the first row that is not below a step', () => {
    fc.assert(
      fc.property(story, ({ rows, sizes }) => {
        const layout = measurementLayout(database, store(rows, sizes))
        const column = columnOf(layout, 'step')
        const last = rows.at(-1)?.step ?? 0
        for (let step = -1; step <= last + 2; step++) {
          expect(column.firstRowAt(step)).toBe(rows.filter((row) => row.step < step).length)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('is gone through in spans that have each of its rows once and no others', () => {
    fc.assert(
      fc.property(story, ({ rows, sizes }) => {
        const layout = measurementLayout(database, store(rows, sizes))
        const column = columnOf(layout, 'conditionNumber')
        for (let from = 0; from < rows.length; from++) {
          for (let to = from + 1; to <= rows.length; to++) {
            const spans = [...column.spans(from, to)].map(({ start, count }) => ({ start, end: start + count }))
            const [first, last] = [spans[0]!, spans.at(-1)!]
            expect(first.start <= from && from < first.end && last.start < to && to <= last.end).toBe(true)
            expect(last.end).toBeLessThanOrEqual(rows.length)
            expect(spans.slice(1).map(({ start }) => start)).toEqual(spans.slice(0, -1).map(({ end }) => end))
          }
        }
      }),
      { numRuns: 10 },
    )
  })

  it('knows the extremes of every sealed part without gaps, and where they are', () => {
    fc.assert(
      fc.property(story, ({ rows, sizes }) => {
        const runId = store(rows, sizes)
        const layout = measurementLayout(database, runId)
        const known = new SealedColumns(database).extremes(runId, 'trainLoss')
        for (const { start, count, extremes, values } of columnOf(layout, 'trainLoss').spans(0, rows.length, known)) {
          const part = valuesOf(rows, 'trainLoss').subarray(start, start + count)
          expect(values()).toEqual(part)
          expect(extremes !== undefined).toBe(start < layout.sealedRows && !part.some(Number.isNaN))
          if (!extremes) continue
          const sorted = part.toSorted()
          // Of a zero and a negative zero either may be the less.
          expect(extremes.minimum === sorted[0] && extremes.maximum === sorted.at(-1)).toBe(true)
          expect(extremes.minAt).toBe(part.findIndex((value) => value === sorted[0]))
          expect(extremes.maxAt).toBe(part.findIndex((value) => value === sorted.at(-1)))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('takes no extremes for known that lie beyond their part', () => {
    const layout = measurementLayout(database, store(lossRows(4), [4]))
    const hasExtremes = (places: { minAt: number; maxAt: number }) => {
      const known = new Map([[0, { minimum: 0, maximum: 1.5, ...places }]])
      return columnOf(layout, 'trainLoss').spans(0, 4, known)[Symbol.iterator]().next().value!.extremes !== undefined
    }
    expect([0, 3].map((minAt) => hasExtremes({ minAt, maxAt: 0 }))).toEqual([true, true])
    expect([0, 3].map((maxAt) => hasExtremes({ minAt: 0, maxAt }))).toEqual([true, true])
    expect([-1, 4].map((minAt) => hasExtremes({ minAt, maxAt: 0 }))).toEqual([false, false])
    expect([-1, 4].map((maxAt) => hasExtremes({ minAt: 0, maxAt }))).toEqual([false, false])
  })

  it('finds the part of a row, and the parts that lie below a step', () => {
    fc.assert(
      fc.property(story, ({ rows, sizes }) => {
        const { parts, sealedRows } = measurementLayout(database, store(rows, sizes))
        const partOf = sizes.flatMap((size, part) => Array<number>(size).fill(part))
        expect(sealedRows).toBe(partOf.length)
        expect(partOf.map((_, row) => partOfRow(parts, row))).toEqual(partOf)
        const ends = sizes.map((_, part) => rows[partOf.lastIndexOf(part)]!.step)
        for (let step = -1; step <= (rows.at(-1)?.step ?? 0) + 1; step++) {
          expect(partsBelow(parts, step)).toBe(ends.filter((end) => end < step).length)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('leaves out a row whose step was measured already, before and after it is sealed', () => {
    const row = (step: number, trainLoss: number): MeasuredRow => ({ step, tau: 0, seconds: 0, values: { trainLoss } })
    const runId = store([row(0, 1), row(1, 2), row(1, 3), row(2, 4), row(0, 5)], [2])
    const anew = new MeasurementStore(database)
    for (const again of [row(1, 6), row(2, 7), row(3, 8)]) anew.append(runId, again)
    anew.flush(runId)
    anew.seal(runId)
    for (const again of [row(3, 9), row(4, 10)]) anew.append(runId, again)
    anew.flush(runId)
    const layout = measurementLayout(database, runId)
    expect([...columnOf(layout, 'step').slice(0, layout.rows)]).toEqual([0, 1, 2, 3, 4])
    expect([...columnOf(layout, 'trainLoss').slice(0, layout.rows)]).toEqual([1, 2, 4, 8, 10])
  })
})

describe('measured rows', () => {
  const layoutOf = (runId: string) => measurementLayout(database, runId)

  it('are sealed by as many as a part holds, in however many transactions they come', () => {
    const measurements = new MeasurementStore(database)
    const runId = store([], [])
    database.transaction(() => {
      for (const [step, row] of lossRows(rowsPerPart + 100).entries()) {
        measurements.append(runId, row)
        if (step % 100 === 0) measurements.flush(runId)
        if (step === rowsPerPart - 2) expect(layoutOf(runId).parts).toEqual([])
      }
      measurements.flush(runId)
    })()
    expect(layoutOf(runId).parts.map(({ count }) => count)).toEqual([rowsPerPart])
    expect(layoutOf(runId).rows).toBe(rowsPerPart + 100)
  })

  it('make no part where there are none, and take no room in a part for what was not measured in it', () => {
    const runId = store(lossRows(2), [2])
    const measurements = new MeasurementStore(database)
    measurements.seal(runId)
    expect(layoutOf(runId).parts).toHaveLength(1)
    for (const step of [2, 3]) measurements.append(runId, { step, tau: 0, seconds: 0, values: { testMse: step } })
    measurements.seal(runId)
    const bytes = "SELECT part, length(data) FROM chunks WHERE runId = ? AND name = 'trainLoss' ORDER BY part"
    expect(database.prepare(bytes).raw().all(runId)).toEqual([
      [0, 16],
      [1, 0],
    ])
  })

  it('that were rolled back come again', () => {
    const measurements = new MeasurementStore(database)
    const runId = store(lossRows(1), [])
    const write = () => {
      measurements.append(runId, lossRow(1))
      measurements.flush(runId)
    }
    const end = new Error('the disk is full')
    const rolledBack = database.transaction(() => {
      write()
      throw end
    })
    expect(rolledBack).toThrow(end)
    expect(layoutOf(runId).rows).toBe(1)
    measurements.forgetCursors()
    write()
    expect([...layoutOf(runId).hot.get('trainLoss')!]).toEqual([0, 0.5])
  })
})

const lossRow = (step: number): MeasuredRow => ({ step, tau: 0, seconds: 0, values: { trainLoss: step / 2 } })
const lossRows = (count: number) => Array.from({ length: count }, (_, step) => lossRow(step))

describe('sealed columns', () => {
  it('are read once, also where the run has gone on since, and anew where it came again', () => {
    const runId = store(lossRows(4), [2, 2])
    const sealed = new SealedColumns(database)
    const read = () => {
      const layout = measurementLayout(database, runId)
      const column = sealed.column(layout, 'trainLoss')
      return layout.parts.flatMap((_, i) => [...column.part(i)])
    }
    expect(read()).toEqual([0, 0.5, 1, 1.5])
    const damage = database.prepare("UPDATE chunks SET data = zeroblob(16) WHERE runId = ? AND name = 'trainLoss'")
    damage.run(runId)
    expect(read()).toEqual([0, 0.5, 1, 1.5])
    store([lossRow(4), lossRow(5)], [2], runId)
    expect(read()).toEqual([0, 0.5, 1, 1.5, 2, 2.5])
    const forget = () => {
      for (const table of ['chunks', 'parts', 'measurementColumns']) {
        database.prepare(`DELETE FROM ${table} WHERE runId = ?`).run(runId)
      }
    }
    forget()
    const others = lossRows(6).map((row) => ({ ...row, values: { trainLoss: 7 + row.step } }))
    store(others, [2, 2, 2], runId)
    expect(read()).toEqual([7, 8, 9, 10, 11, 12])
    forget()
    store(others.slice(0, 2), [2], runId)
    expect(read()).toEqual([7, 8])
  })

  it('are kept in 128 MiB, those that were asked for last', () => {
    const sealed = new SealedColumns(database)
    const half = { parts: [], sealedRows: 2 ** 23, names: ['trainLoss'], hot: new Map(), rows: 2 ** 23 }
    const column = (runId: string) => sealed.column({ ...half, runId }, 'trainLoss')
    const [a, b] = [column('a'), column('b')]
    expect([column('a') === a, column('b') === b, column('a') === a]).toEqual([true, true, true])
    column('c')
    expect([column('a') === a, column('b') === b]).toEqual([true, false])
  })

  it('larger than that are kept alone', () => {
    const sealed = new SealedColumns(database)
    const large = { parts: [], sealedRows: 2 ** 24 + 1, names: ['trainLoss'], hot: new Map(), rows: 2 ** 24 + 1 }
    const column = (runId: string) => sealed.column({ ...large, runId }, 'trainLoss')
    const a = column('a')
    expect(column('a') === a).toBe(true)
    column('b')
    expect(column('a') === a).toBe(false)
  })

  it.each([
    ["DELETE FROM chunks WHERE name = 'trainLoss'", 'part 1 of trainLoss is missing'],
    ["DELETE FROM chunks WHERE name = 'seconds'", 'part 1 of seconds is missing'],
    ["UPDATE chunks SET data = x'' WHERE name = 'trainLoss'", 'part 1 of trainLoss takes 0 bytes for 2 numbers'],
    ["UPDATE chunks SET data = zeroblob(16) WHERE name = 'trainLoss'", 'part 1 of trainLoss fails its checksum'],
    ['UPDATE parts SET count = 3', 'part 1 of step takes 16 bytes for 3 numbers'],
    ['UPDATE parts SET firstStep = 1', 'part 1 of step goes from step 1 to 3, after step 1'],
    ['UPDATE parts SET firstStep = 4', 'part 1 of step goes from step 4 to 3, after step 1'],
  ])('that are damaged by %j are refused, by name', (damage, message) => {
    const runId = store(lossRows(5), [2, 2])
    const isSecond = `${damage.includes('WHERE') ? 'AND' : 'WHERE'} runId = '${runId}' AND part = 1`
    database.exec(`${damage} ${isSecond}`)
    const read = () => {
      const layout = measurementLayout(database, runId)
      for (const name of ['trainLoss', 'seconds']) columnOf(layout, name).slice(0, layout.rows)
    }
    expect(read).toThrow(expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }))
    expect(read).toThrow(`the measurements of run ${runId} are damaged: ${message}`)
  })
})

describe('hot rows', () => {
  it('are not read where one of them is not as it was stored', () => {
    const runId = store(lossRows(5), [2])
    database.prepare('UPDATE hotRows SET tau = 7 WHERE runId = ? AND step = 3').run(runId)
    expect(() => measurementLayout(database, runId)).toThrow(
      `the measurements of run ${runId} are damaged: what was measured at step 3 fails its checksum`,
    )
  })

  const chain = (): StoredHotRow[] => {
    let checksum = 0
    return [1, 2, 3, 4].map((step) => {
      const row = { step, tau: step / 10, seconds: step / 7, data: Buffer.from(Float64Array.of(step ** 2).buffer) }
      checksum = hotRowChecksum(row, checksum)
      return { ...row, checksum }
    })
  }

  it('are whole as they were stored', () => {
    expect(brokenHotRow(chain())).toBeUndefined()
    expect(brokenHotRow([])).toBeUndefined()
  })

  it.each(['step', 'tau', 'seconds', 'checksum'] as const)('are broken where the %s of one is another', (name) => {
    for (const i of [0, 1, 2, 3]) {
      const rows = chain()
      rows[i]![name] += 1
      expect(brokenHotRow(rows)).toBe(rows[i]!.step)
    }
  })

  it('are broken where a number of one is another, where one is gone, and where two have changed places', () => {
    for (const i of [0, 1, 2]) {
      const changed = chain()
      changed[i]!.data.writeUInt8(1, 0)
      expect(brokenHotRow(changed)).toBe(i + 1)
      expect(brokenHotRow(chain().toSpliced(i, 1))).toBe(i + 2)
      const [one, other] = chain().slice(i, i + 2) as [StoredHotRow, StoredHotRow]
      expect(brokenHotRow(chain().toSpliced(i, 2, other, one))).toBe(i + 2)
    }
  })
})
