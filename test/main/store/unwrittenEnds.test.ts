import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { RunRecords } from '../../../src/main/store/runRecords.ts'
import { name, sql } from '../../../src/main/store/sql.ts'
import { UnwrittenEnds, type RunEnd } from '../../../src/main/store/unwrittenEnds.ts'
import { errorAdvice } from '../../../src/shared/errors.ts'
import { isSettled, runStatuses } from '../../../src/shared/run.ts'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()
const told = { code: 'WORKER_DIED', message: "the worker's process is gone" } as const
const ended: Record<string, RunEnd> = {
  failed: { status: 'failed', error: told },
  cancelled: { status: 'cancelled' },
  interrupted: { status: 'interrupted', error: { code: 'DISK_FULL', message: 'no room' } },
}

/** A run of each status, in an archive that takes no ends while its disk is full. */
function archiveOfEveryStatus() {
  const archive = open()
  const spec = smallSpec({ seeds: [...runStatuses.keys()] })
  const runIds = archive.runs.createExperiment({ spec }).runIds
  archive.close()
  const database = new DatabaseConstructor(archive.path)
  onTestFinished(() => void database.close())
  runStatuses.forEach((status, i) => database.prepare('UPDATE runs SET status = ? WHERE id = ?').run(status, runIds[i]))
  const disk = { isFull: true, writes: 0 }
  const records = new (class extends RunRecords {
    override change<Output>(...change: Parameters<typeof RunRecords.prototype.change<Output>>): Output {
      if (disk.isFull) throw new Error('disk full')
      disk.writes++
      return super.change(...change)
    }
  })(database)
  return { database, runIds, disk, ends: new UnwrittenEnds(database, records) }
}

const documentsOf = (database: Database) =>
  database
    .prepare('SELECT id, status, code, message, advice FROM runs JOIN documents ON runId = id ORDER BY runs.rowid')
    .all() as { id: string; status: 'failed'; advice: string | null }[]

/** As lists read them. */
function listed(database: Database, ends: UnwrittenEnds) {
  const { status, code, message } = {
    status: name('status'),
    code: name('code'),
    message: name('message'),
    ...ends.amended(),
  }
  const { text, parameters } = sql`
    SELECT id, ${status} AS status, ${code} AS code, ${message} AS message FROM runs ORDER BY rowid`
  return database.prepare(text).all(parameters)
}

it.each(Object.values(ended))('an end that is not written yet is told as it stands once it is: $status', (end) => {
  const { database, runIds, disk, ends } = archiveOfEveryStatus()
  const before = documentsOf(database)
  expect(() => ends.add(runIds, end)).toThrow('disk full')
  expect(documentsOf(database)).toEqual(before)
  const [page, list] = [before.map((run) => ends.amend(run)), listed(database, ends)]
  disk.isFull = false
  ends.write()
  const after = documentsOf(database)
  expect(page).toEqual(after)
  expect(list).toEqual(after.map(({ advice: _, ...run }) => run))
  expect(after.map(({ status }) => status)).toEqual(
    runStatuses.map((status) => (!isSettled(status) ? end.status : status)),
  )
  const advice = end.error ? errorAdvice[end.error.code] : null
  expect(after.map((run) => run.advice)).toEqual(runStatuses.map((status) => (!isSettled(status) ? advice : null)))
})

it('an end is told of its run alone, in the fields that are asked for, and no longer once it is written', () => {
  const { database, runIds, disk, ends } = archiveOfEveryStatus()
  const [first, second] = runIds as [string, string]
  expect(() => ends.add([first], ended['failed']!)).toThrow()
  expect(ends.amend({ id: first, status: 'running' })).toEqual({ id: first, status: 'failed' })
  expect(ends.amend({ id: first, status: 'running', message: null })).toEqual({
    id: first,
    status: 'failed',
    message: told.message,
  })
  const other = { id: second, status: 'running' } as const
  expect(ends.amend(other)).toBe(other)
  disk.isFull = false
  // The next end takes what is left with it.
  ends.add([second], ended['cancelled']!)
  expect(documentsOf(database).slice(0, 2)).toMatchObject([{ status: 'failed', ...told }, { status: 'cancelled' }])
  expect(ends.amended()).toEqual({})
  const requeued = { id: first, status: 'queued' } as const
  expect(ends.amend(requeued)).toBe(requeued)
})

it('the ends of several runs are one write', () => {
  const { database, runIds, disk, ends } = archiveOfEveryStatus()
  disk.isFull = false
  ends.add(runIds, ended['cancelled']!)
  expect(disk.writes).toBe(1)
  expect(documentsOf(database).every(({ status }) => isSettled(status))).toBe(true)
})
