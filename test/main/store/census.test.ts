import DatabaseConstructor, { type Database } from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bytesOfCensus, renewedCensus, takeCensus, type Census } from '../../../src/main/store/census.ts'
import { runStatuses } from '../../../src/shared/run.ts'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives('file')
let database: Database
let runIds: readonly string[]
const seeds = [[3, 1, 2], [1, 0], [2]]
const count = 6

beforeAll(() => {
  const archive = open()
  runIds = seeds.flatMap((each) => archive.runs.createExperiment({ spec: smallSpec({ seeds: each }) }).runIds)
  archive.close()
  database = new DatabaseConstructor(archive.path)
  for (const pragma of ['foreign_keys = off', 'synchronous = off']) database.pragma(pragma)
})
afterAll(() => database.close())

/** Numbers the runs anew, each with a shelf and a status. */
function renumber(rowids: readonly number[], states: readonly { shelf: number; status: number }[]): void {
  const free = database.prepare('UPDATE runs SET rowid = rowid + 1e15 WHERE id = ?')
  const update = database.prepare('UPDATE runs SET rowid = ?, binnedAt = ?, archivedAt = ?, status = ? WHERE id = ?')
  for (const runId of runIds) free.run(runId)
  for (const [i, { shelf, status }] of states.entries()) {
    // What is in the bin may have been set aside before.
    update.run(rowids[i], shelf === 2 ? 1 : null, shelf > 0 ? 1 : null, runStatuses[status], runIds[i])
  }
}

const rowid = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: 1, max: 2 ** 40 }),
)
const state = fc.record({ shelf: fc.nat(2), status: fc.nat(runStatuses.length - 1) })
const states = fc.array(state, { minLength: count, maxLength: count })
const rowidsOf = fc.uniqueArray(rowid, { minLength: count, maxLength: count })
const withoutPlaceOf = ({ placeOf: _, ...census }: Census) => census

it('every run has a place, whatever its number in the file, and what is said of the place is of the run', () => {
  fc.assert(
    fc.property(rowidsOf, states, (rowids, of) => {
      renumber(rowids, of)
      const census = takeCensus(database)
      expect(census.count).toBe(count)
      const places = rowids.map((each) => census.placeOf(each)!)
      expect(places.toSorted()).toEqual([0, 1, 2, 3, 4, 5])
      expect(places.map((place) => census.rowids[place])).toEqual(rowids)
      expect(places.map((place) => ({ shelf: census.shelf[place], status: census.status[place] }))).toEqual(of)
      const others = Array.from({ length: 60 }, (_, i) => i - 30).filter((each) => !rowids.includes(each))
      expect(others.map(census.placeOf).filter((place) => place !== undefined)).toEqual([])
      const stored = rowids.toSorted((a, b) => a - b).map((each) => census.placeOf(each))
      expect([...census.asStored]).toEqual(stored)
    }),
    { numRuns: 60 },
  )
})

it('experiments stay together, the newest first, their runs as they are stored; by seed runs of equal seed as in lists', () => {
  renumber([1, 2, 3, 4, 5, 6], Array<{ shelf: number; status: number }>(count).fill({ shelf: 0, status: 0 }))
  const { rowids, bySeed } = takeCensus(database)
  expect([...rowids]).toEqual([6, 4, 5, 1, 2, 3])
  const seedOf = [0, ...seeds.flat()]
  expect(Array.from(bySeed, (place) => seedOf[rowids[place]!])).toEqual([0, 1, 1, 2, 2, 3])
  expect(Array.from(bySeed, (place) => rowids[place])).toEqual([5, 4, 2, 6, 3, 1])
})

it('where something was written of some runs the census of these alone gives that of all', () => {
  fc.assert(
    fc.property(rowidsOf, states, states, fc.subarray([0, 1, 2, 3, 4, 5]), (rowids, before, after, changed) => {
      renumber(rowids, before)
      const known = takeCensus(database)
      const copy = structuredClone(withoutPlaceOf(known))
      renumber(
        rowids,
        before.map((state, i) => (changed.includes(i) ? after[i]! : state)),
      )
      const renewed = renewedCensus(
        database,
        known,
        changed.map((i) => runIds[i]!),
      )
      expect(withoutPlaceOf(renewed)).toEqual(withoutPlaceOf(takeCensus(database)))
      expect(withoutPlaceOf(known)).toEqual(copy)
    }),
    { numRuns: 30 },
  )
})

it.each([
  { first: 1, bytes: 4 },
  { first: -1, bytes: 8 },
])('its memory is that of its arrays and of the places by number, from $first on', ({ first, bytes }) => {
  const unshelved = Array<{ shelf: number; status: number }>(count).fill({ shelf: 0, status: 0 })
  renumber(
    runIds.map((_, i) => first + i),
    unshelved,
  )
  expect(bytesOfCensus(takeCensus(database))).toBe(count * (bytes + 4 + 1 + 1 + 4 + 4))
})
