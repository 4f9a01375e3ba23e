import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MeasurementStore } from '../../../src/main/store/measurements.ts'
import { RecordChecksums } from '../../../src/main/store/recordChecksums.ts'
import { recordDifferences } from '../../../src/main/store/recordDifferences.ts'
import { runHashes } from '../../../src/main/store/runHashes.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives('file')
const event = { type: 'event', name: 'halfRise', step: 10, tau: 0.01, value: 0.5 } as const
const rows = [0, 10, 20].map((step) => measured(step, { trainLoss: step, testMse: 1 / (1 + step) }))
const story = [
  started,
  ...rows,
  event,
  snapshot(0, { scalars: { proposed: 0 } }),
  snapshot(100, { reason: 'final' }),
  settled(),
]

let database: Database
let finished: string
let twin: string
let goingOn: string

beforeAll(() => {
  const archive = open()
  const runs = [0, 1].flatMap((seed) => archive.runs.createExperiment({ spec: smallSpec({ seeds: [seed] }) }).runIds)
  ;[finished, goingOn] = runs as [string, string]
  ;[twin] = archive.runs.createExperiment({ spec: smallSpec({ name: 'another name' }) }).runIds as [string]
  for (const runId of [finished, twin]) archive.applyEvents(eventsOf(runId, story))
  archive.applyEvents(eventsOf(goingOn, story.slice(0, -2)))
  archive.close()
  database = new DatabaseConstructor(archive.path)
  database.pragma('foreign_keys = off')
})
afterAll(() => database.close())

/** What is found after changes that are taken back. */
function after<Found>(changes: string | (() => void), find: () => Found): Found {
  database.exec('BEGIN')
  try {
    if (typeof changes === 'string') database.exec(changes)
    else changes()
    return find()
  } finally {
    database.exec('ROLLBACK')
  }
}

describe('the checksum of a run', () => {
  const checksum = (runId = finished) => new RecordChecksums(database).run(runId)

  it('is that which was stored, and its own place no part of it', () => {
    const stored = database.prepare('SELECT recordChecksum FROM documents WHERE runId = ?').pluck().get(finished)
    expect(checksum()).toBe(stored)
    expect(after("UPDATE documents SET recordChecksum = 'another'", checksum)).toBe(stored)
  })

  it('is the same where a later version adds a column without a value', () => {
    const added = 'ALTER TABLE runs ADD COLUMN further TEXT; ALTER TABLE documents ADD COLUMN further REAL'
    expect(after(added, checksum)).toBe(checksum())
    expect(after(`${added}; UPDATE runs SET further = ''`, checksum)).not.toBe(checksum())
  })

  it.each([
    ['a value', 'UPDATE events SET value = 0.25'],
    ['a value that goes', 'UPDATE runs SET message = NULL', "UPDATE runs SET message = ''"],
    ['a byte of what is stored as bytes', "UPDATE documents SET train = x'00'", "UPDATE documents SET train = x'01'"],
    [
      'the column in which a value is',
      "UPDATE runs SET code = NULL, message = 'x'",
      "UPDATE runs SET code = 'x', message = NULL",
    ],
    ['a row', 'DELETE FROM events'],
    ['the name of its experiment', "UPDATE experiments SET name = 'another'"],
    ['the last part', 'DELETE FROM parts'],
    ['the last snapshot', 'DELETE FROM snapshots WHERE step = 100'],
  ])('is another where %s is', (_, one, other = '') => {
    expect(after(one, checksum)).not.toBe(after(other, checksum))
  })

  it('is of the run and of no other', () => {
    const others = `DELETE FROM events WHERE runId <> '${finished}'; UPDATE runs SET message = 'x' WHERE id <> '${finished}'`
    expect(after(others, checksum)).toBe(checksum())
    expect(checksum(goingOn)).not.toBe(checksum(finished))
  })

  it('can be taken of a version that had no latest values', () => {
    expect(after('DROP TABLE latest', checksum)).not.toBe(checksum())
  })
})

describe('the checksums of parts and snapshots', () => {
  it('of a part go on from the part before it, so that none can be lost', () => {
    const store = new MeasurementStore(database)
    const [first, second, alone] = after(
      () => {
        for (const [runId, from] of [
          ['in two', 0],
          ['in one', 1],
        ] as const) {
          for (let step = from; step < 2; step++) {
            store.append(runId, { step, tau: 0, seconds: 0, values: { trainLoss: step } })
            store.flush(runId)
            store.seal(runId)
          }
        }
        // Each the second part, one of them after nothing.
        database.exec(
          "UPDATE parts SET part = 1 WHERE runId = 'in one'; UPDATE chunks SET part = 1 WHERE runId = 'in one'",
        )
      },
      () => {
        const checksums = new RecordChecksums(database)
        return [checksums.part('in two', 0), checksums.part('in two', 1), checksums.part('in one', 1)]
      },
    )
    expect(new Set([first, second, alone]).size).toBe(3)
  })

  it.each([
    ['a number of a part', "UPDATE chunks SET checksum = checksum + 1 WHERE name = 'trainLoss'"],
    ['an extreme of a part', "UPDATE chunks SET minimum = minimum - 1 WHERE name = 'trainLoss'"],
    ['the number of rows of a part', 'UPDATE parts SET count = count + 1'],
  ])('of a part are others where %s is', (_, change) => {
    const checksum = () => new RecordChecksums(database).part(finished, 0)
    expect(after(change, checksum)).not.toBe(checksum())
  })

  it.each([
    ['a matrix', "UPDATE matrices SET checksum = zeroblob(32) WHERE name = 'E'"],
    ['a number that it keeps', "UPDATE snapshots SET scalars = '{}'"],
    ['the number of its matrices', "DELETE FROM matrices WHERE name = 'W'"],
  ])('of a snapshot are others where %s is', (_, change) => {
    const checksum = () => new RecordChecksums(database).snapshot(finished, 0)
    expect(after(change, checksum)).not.toBe(checksum())
  })
})

describe('the differences of a run from what was stored', () => {
  const differences = (runId: string) => recordDifferences(database, new RecordChecksums(database), runId)

  it('are none of a run that stands as it was stored', () => {
    for (const runId of [finished, goingOn]) expect(differences(runId)).toEqual([])
  })

  it.each([
    ['UPDATE events SET value = 9', ['its record is not what was stored']],
    ["UPDATE chunks SET minimum = -1 WHERE name = 'trainLoss'", ['part 0 of its measurements is not what was stored']],
    [
      'UPDATE matrices SET checksum = zeroblob(32) WHERE step = 100',
      ['its snapshot of step 100 is not what was stored'],
    ],
    ['UPDATE snapshots SET tau = 9', ['its snapshot of step 0 is not what was stored']],
    [
      "UPDATE runs SET setup = 'another'",
      ['its record is not what was stored', 'what lists say of its specification is not what was stored'],
    ],
  ])('name the first place of each kind: %s', (change, found) => {
    expect(after(change, () => differences(finished))).toEqual(found)
  })

  it('name the step of a row that is not sealed', () => {
    expect(after('UPDATE hotRows SET tau = 9 WHERE step = 10', () => differences(goingOn))).toEqual([
      'what it measured at step 10 is not what was stored',
    ])
  })
})

describe('the hashes of what a run computed', () => {
  const hashes = (runId = finished) => runHashes(database, runId)

  it('are the same under another name', () => {
    expect(hashes(twin)).toEqual(hashes())
  })

  it.each([
    ['the clock', "UPDATE chunks SET data = x'', missing = 3 WHERE name = 'seconds'"],
    ['its status, its message and its events', "UPDATE runs SET status = 'failed', message = 'x'; DELETE FROM events"],
    ['the order in which it began to measure', 'UPDATE measurementColumns SET position = 5 WHERE position = 0'],
    [
      'a checkpoint',
      "UPDATE snapshots SET reason = 'checkpoint' WHERE step = 0",
      'DELETE FROM snapshots WHERE step = 0',
    ],
  ])('are the same whatever %s is', (_, one, other = '') => {
    expect(after(one, hashes)).toEqual(after(other, hashes))
  })

  it.each([
    ['the split', "UPDATE documents SET train = x'00000000'"],
    ['a split that is gone', 'UPDATE documents SET train = NULL'],
    [
      'what a column is called',
      "UPDATE measurementColumns SET name = 'testMargin' WHERE name = 'testMse'; UPDATE chunks SET name = 'testMargin' WHERE name = 'testMse'",
    ],
    [
      'the step of a matrix',
      'UPDATE matrices SET step = 50 WHERE step = 100; UPDATE snapshots SET step = 50 WHERE step = 100',
    ],
    ['the numbers of a matrix', "UPDATE matrices SET checksum = zeroblob(32) WHERE name = 'E'"],
  ])('are others where %s is another', (_, change) => {
    const [before, now] = [hashes(), after(change, hashes)]
    expect(now.contentHash).not.toBe(before.contentHash)
    expect(now.resultHash).not.toBe(before.resultHash)
  })

  it('are of a run with rows that are not sealed what they are once these are', () => {
    const store = new MeasurementStore(database)
    const before = hashes(goingOn)
    expect(
      after(
        () => store.seal(goingOn),
        () => hashes(goingOn),
      ),
    ).toEqual(before)
    const shorter = after('DELETE FROM hotRows WHERE step = 20', () => hashes(goingOn))
    expect(shorter.resultHash).not.toBe(before.resultHash)
  })

  it('differ by the specification where the result is the same', () => {
    const now = after(`UPDATE documents SET spec = replace(spec, '"seed":0', '"seed":7')`, hashes)
    expect(now.resultHash).toBe(hashes().resultHash)
    expect(now.contentHash).not.toBe(hashes().contentHash)
  })
})
