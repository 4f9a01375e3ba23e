import DatabaseConstructor, { type Database } from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { datasetHash } from '../../../src/main/store/datasetHash.ts'
import { copyDataset, DatasetStore, removeUnusedDatasets } from '../../../src/main/store/datasets.ts'
import type { Dataset } from '../../../src/shared/tasks/dataset.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives('file')
let database: Database
let ofRun: { runId: string; hash: string }

beforeAll(() => {
  const archive = open()
  const { task, dataset } = datasetTask({ X: new Float64Array(18).fill(0.5), Y: Int32Array.of(0, 1, 0, 1, 0, 1) })
  const [runId] = archive.runs.createExperiment({ spec: smallSpec({ task }), dataset }).runIds as [string]
  ofRun = { runId, hash: datasetHash(dataset) }
  archive.close()
  database = new DatabaseConstructor(archive.path)
  database.pragma('synchronous = off')
})
afterAll(() => database.close())

const numbers = (rows: number, columns: number) =>
  fc.float64Array({ minLength: rows * columns, maxLength: rows * columns }).map((data) => ({ rows, columns, data }))
const indices = (length: number) => fc.int32Array({ min: 0, max: 5, minLength: length, maxLength: length })

/** Samples with classes or with numbers for targets, with or without a split of their own. */
const samples = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) =>
  fc.record(
    {
      X: numbers(rows, columns),
      Y: fc.oneof(indices(rows), numbers(rows, 2)),
      train: fc.integer({ min: 1, max: rows }).chain(indices),
    },
    { requiredKeys: ['X', 'Y'] },
  ),
) as fc.Arbitrary<Dataset>

it('data comes back with every number, under one hash however often it is stored', () => {
  const store = new DatasetStore(database)
  const count = database.prepare('SELECT count(*) FROM datasets WHERE hash = ?').pluck()
  fc.assert(
    fc.property(samples, (dataset) => {
      const hash = store.store(dataset)
      expect(store.has(hash)).toBe(true)
      expect(store.read(hash)).toEqual(dataset)
      const stored = count.get(hash)
      expect(store.store(structuredClone(dataset))).toBe(hash)
      expect(count.get(hash)).toBe(stored)
    }),
    { numRuns: 60 },
  )
})

it('data has another hash where any of its numbers is another, and where classes are numbers', () => {
  const X = { rows: 2, columns: 1, data: Float64Array.of(0, 1) }
  const column = (...data: number[]) => ({ rows: 2, columns: 1, data: Float64Array.from(data) })
  const all: Dataset[] = [
    { X, Y: Int32Array.of(0, 1) },
    { X, Y: Int32Array.of(1, 0) },
    { X, Y: column(0, 1) },
    { X: column(-0, 1), Y: Int32Array.of(0, 1) },
    { X: { ...X, rows: 1, columns: 2 }, Y: Int32Array.of(0, 1) },
    { X, Y: Int32Array.of(0, 1), train: Int32Array.of(0) },
    { X, Y: Int32Array.of(0, 1), train: Int32Array.of(1) },
  ]
  expect(new Set(all.map(datasetHash)).size).toBe(all.length)
})

it('data of a run stays for as long as there is the run, and other data goes', () => {
  const store = new DatasetStore(database)
  const other = store.store({ X: { rows: 1, columns: 1, data: Float64Array.of(3) }, Y: Int32Array.of(0) })
  removeUnusedDatasets(database)
  expect([store.has(ofRun.hash), store.has(other)]).toEqual([true, false])
  expect(datasetHash(store.ofRun(ofRun.runId)!)).toBe(ofRun.hash)
})

it('data of a run is copied to another archive once, as it is, and of a run without data nothing', () => {
  const other = open()
  const [without] = other.runs.createExperiment({ spec: smallSpec() }).runIds as [string]
  other.close()
  const target = new DatabaseConstructor(other.path)
  onTestFinished(() => void target.close())
  const all = 'SELECT * FROM datasets ORDER BY name'
  copyDataset(target, database, without)
  expect(new DatasetStore(target).ofRun(without)).toBeUndefined()
  for (let time = 0; time < 2; time++) copyDataset(database, target, ofRun.runId)
  const copied = target.prepare(all).all()
  expect(copied.length).toBeGreaterThan(1)
  expect(copied).toEqual(database.prepare('SELECT * FROM datasets WHERE hash = ? ORDER BY name').all(ofRun.hash))
})

it.each([
  ["DELETE FROM datasets WHERE name = 'X'", /is not in the archive$/],
  ["DELETE FROM datasets WHERE name = 'classes'", /is not in the archive$/],
  ["UPDATE datasets SET name = 'train' WHERE name = 'classes'", /is not in the archive$/],
  ["UPDATE datasets SET data = zeroblob(9) WHERE name = 'X'", /^X of the data \w+ is damaged/],
  ["UPDATE datasets SET data = zeroblob(9999) WHERE name = 'X'", /^X of the data \w+ is damaged$/],
  [
    "INSERT INTO datasets SELECT hash, 'train', rows, columns, checksum, data FROM datasets WHERE name = 'classes'",
    /another hash$/,
  ],
])('data that is damaged by %j is refused', (damage, message) => {
  database.exec('BEGIN')
  try {
    database.exec(`${damage} AND hash = '${ofRun.hash}'`)
    expect(() => new DatasetStore(database).ofRun(ofRun.runId)).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_UNREADABLE', message: expect.stringMatching(message) as string }),
    )
  } finally {
    database.exec('ROLLBACK')
  }
})
