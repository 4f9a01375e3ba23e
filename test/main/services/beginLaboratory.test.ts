import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { StartWorker, WorkerExit } from '../../../src/main/engine/host/workerProcess.ts'
import { beginLaboratory, type LaboratoryBeginning } from '../../../src/main/services/beginLaboratory.ts'
import type { Laboratory } from '../../../src/main/services/laboratory.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { migrate, migrations, versionOf } from '../../../src/main/store/migrations/migrate.ts'
import type { ArchiveOpening } from '../../../src/shared/contract/archives.ts'
import { toErrorRecord, type ErrorRecord } from '../../../src/shared/errors.ts'
import { copyArchive, version1 } from '../../support/earlierArchives.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { heldMigration } from '../../support/heldMigration.ts'
import { inProcessWorkers } from '../../support/inProcessWorkers.ts'

const to = migrations.length

const begun: LaboratoryBeginning[] = []
afterEach(async () => {
  for (const beginning of begun.splice(0)) await beginning.close()
})

function earlierArchive(): string {
  const path = join(temporaryFolder(), 'earlier.grokscope')
  copyFileSync(version1, path)
  return path
}

function begin(archivePath: string, startMigration: StartWorker, options: { readOnly?: boolean } = {}) {
  const beginning = beginLaboratory({
    archivePath,
    startMigration,
    cacheFolder: undefined,
    startWorker: inProcessWorkers,
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    ...options,
  })
  begun.push(beginning)
  return { ...beginning, told: openingsToldBy(beginning) }
}

function openingsToldBy({ subscribe }: Pick<Laboratory, 'subscribe'>): ArchiveOpening[][] {
  const told: ArchiveOpening[][] = []
  subscribe((name, data) => {
    if (name === 'archive.openings') told.push(data as ArchiveOpening[])
  })
  return told
}

function versionIn(path: string): number {
  const database = new DatabaseConstructor(path, { readonly: true })
  try {
    expect(database.pragma('quick_check', { simple: true })).toBe('ok')
    return versionOf(database)
  } finally {
    database.close()
  }
}

function runsOf(path: string): string[] {
  const archive = openArchive(path, { readOnly: true })
  try {
    return archive.runs.listRuns({ includeBinned: true }).map(({ id }) => id)
  } finally {
    archive.close()
  }
}

/** Lets temporary files go where they can be seen; tells which are there, but for the test's own. */
function watchTemporaryFiles(): () => string[] {
  const folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  return () => readdirSync(folder).filter((name) => !name.startsWith('grokscope-test-'))
}

function failure(run: () => unknown): ErrorRecord {
  try {
    run()
  } catch (error) {
    return toErrorRecord(error)
  }
  throw new Error('it did not fail')
}

describe('a laboratory on an archive of an earlier version', () => {
  it('says how far its archive is while that is brought to this version, and answers all else then', async () => {
    const path = earlierArchive()
    const { startMigration, letGo } = heldMigration(temporaryFolder(), 0.5)
    const { opening, handlers, told, laboratory } = begin(path, startMigration)
    const first = { id: null, path, isCopied: false, from: 1, to, runs: null, share: 0, error: null }
    expect(opening).toEqual(first)
    expect(await handlers['archive.openings']({})).toEqual([first])

    let answered = false
    const described = Promise.resolve(handlers['archive.describe']({})).then((answer) => {
      answered = true
      return answer
    })
    await expect.poll(() => told.at(-1)?.[0]?.share ?? 0).toBeGreaterThanOrEqual(0.5)
    expect(answered).toBe(false)
    expect(await handlers['archive.openings']({})).toEqual(told.at(-1))
    letGo()
    expect(await described).toEqual({ path, readOnly: false, failure: null })
    const opened = await laboratory
    expect(opened.archivePath).toBe(path)
    expect(await handlers['archive.openings']({})).toEqual([])

    const shares = told.slice(0, -1).map(([own]) => own!.share)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect([shares[0], shares.at(-1), told.at(-1)]).toEqual([0, 1, []])
    expect(new Set(told.flat().map(({ runs }) => runs))).toEqual(new Set([runsOf(version1).length]))
    expect(versionIn(path)).toBe(to)
  })

  it('tells what the opened laboratory tells to who listened before it was open', async () => {
    const { startMigration, letGo } = heldMigration(temporaryFolder(), 0)
    const { subscribe, laboratory } = begin(earlierArchive(), startMigration)
    const names: string[] = []
    const unsubscribe = subscribe((name) => void names.push(name))
    letGo()
    const { handlers } = await laboratory
    await handlers['archive.open']({ path: earlierArchive() })
    expect(names).toContain('archive.changed')
    unsubscribe()
    const before = names.length
    await handlers['archive.open']({ path: earlierArchive() })
    expect(names.length).toBe(before)
  })

  it('leaves it whole where it is closed before, free for whoever opens it then', async () => {
    const path = earlierArchive()
    const { startMigration } = heldMigration(temporaryFolder(), 0.5)
    const { told, laboratory, close } = begin(path, startMigration)
    await expect.poll(() => told.at(-1)?.[0]?.share ?? 0).toBeGreaterThanOrEqual(0.5)
    await close()
    await expect(laboratory).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(readdirSync(dirname(path))).toEqual([basename(path)])
    expect(versionIn(path)).toBeLessThan(to)
    const archive = openArchive(path)
    expect(archive.runs.listRuns({ includeBinned: true }).map(({ id }) => id)).toEqual(runsOf(version1))
    archive.close()
  })

  it('that only its log is of is brought to this one by a process of its own too', async () => {
    const [made, path] = [join(temporaryFolder(), 'made'), join(temporaryFolder(), 'killed.grokscope')]
    const writer = new DatabaseConstructor(made)
    writer.pragma('journal_mode = WAL')
    migrate(writer, migrations.slice(0, 1))
    copyArchive(made, path)
    writer.close()
    const { startMigration, letGo } = heldMigration(temporaryFolder(), 0)
    letGo()
    const { opening, told, laboratory } = begin(path, startMigration)
    expect(opening).toMatchObject({ from: 1, to })
    await laboratory
    expect(told.flat().map(({ share }) => share)).toContain(1)
    expect(versionIn(path)).toBe(to)
  })

  it('is told where there is no place for temporary files, which is named', async () => {
    const nowhere = join(temporaryFolder(), 'nowhere')
    const path = earlierArchive()
    const { startMigration } = heldMigration(temporaryFolder(), 0)
    vi.stubEnv('TMPDIR', nowhere)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { laboratory } = begin(path, startMigration)
    const message = expect.stringContaining(nowhere)
    await expect(laboratory).rejects.toMatchObject({ code: 'FILE_UNWRITABLE', message })
    expect(readFileSync(path).equals(readFileSync(version1))).toBe(true)
  })

  it('leaves the stack of what was a defect to the log of its host', async () => {
    const failing: StartWorker = () => {
      let tell: (message: unknown) => void = () => undefined
      let end: (exit: WorkerExit) => void = () => undefined
      const error = { code: 'ARCHIVE_UNREADABLE', message: 'it could not be brought to version 5: x is undefined' }
      return {
        pid: undefined,
        post: () => tell({ type: 'failed', error }),
        onMessage: (listener) => void (tell = listener),
        onExit: (listener) => void (end = listener),
        kill: () => end({ code: null, signal: 'SIGKILL', stderr: 'TypeError: x is undefined\n    at keepRecords' }),
      }
    }
    const { laboratory } = begin(earlierArchive(), failing)
    await expect(laboratory).rejects.toMatchObject({ cause: expect.stringContaining('at keepRecords') })
  })

  it('to be read only is a copy, and leaves the file and no other behind', async () => {
    const path = earlierArchive()
    const temporaryFiles = watchTemporaryFiles()
    const { startMigration, letGo } = heldMigration(temporaryFolder(), 0)
    const { opening, laboratory, handlers, close } = begin(path, startMigration, { readOnly: true })
    expect(opening).toMatchObject({ isCopied: true, from: 1, to })
    letGo()
    await laboratory
    expect(await handlers['archive.describe']({})).toEqual({ path, readOnly: true, failure: null })
    expect((await handlers['run.list']({ where: '', limit: 100 })).total).toBeGreaterThan(0)
    expect(temporaryFiles()).toHaveLength(1)
    await close()
    expect(temporaryFiles()).toEqual([])
    expect(readFileSync(path).equals(readFileSync(version1))).toBe(true)
  })

  it.each([
    ['lacks its last pages', (path: string) => truncateSync(path, 40_960)],
    [
      'has another table',
      (path: string) => {
        const database = new DatabaseConstructor(path)
        database.exec('CREATE TABLE stranger (id TEXT)')
        database.close()
      },
    ],
  ])('that %s cannot be opened, which page and caller are told as where it is opened at once', async (_, harm) => {
    const [path, other] = [earlierArchive(), earlierArchive()]
    for (const each of [path, other]) harm(each)
    const expected = failure(() => openArchive(other))
    const { startMigration, letGo } = heldMigration(temporaryFolder(), 0)
    letGo()
    const { told, handlers, laboratory } = begin(path, startMigration)
    const error = await laboratory.then(undefined, toErrorRecord)
    expect(error).toEqual(JSON.parse(JSON.stringify(expected).replaceAll(other, path)))
    expect(told.at(-1)).toMatchObject([{ path, error }])
    expect(await handlers['archive.openings']({})).toEqual(told.at(-1))
    await expect(handlers['run.list']({ where: '', limit: 1 })).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' })
  })

  it('says so where the process that migrates ends by itself', async () => {
    const dying: StartWorker = () => {
      let end: (exit: WorkerExit) => void = () => undefined
      return {
        pid: undefined,
        post: () => end({ code: null, signal: 'SIGKILL', stderr: 'Killed' }),
        onMessage: () => undefined,
        onExit: (listener) => void (end = listener),
        kill: () => undefined,
      }
    }
    const path = earlierArchive()
    const { told, laboratory } = begin(path, dying)
    const message = `${path} is not at this version yet: the process that brought it there ended: Killed`
    await expect(laboratory).rejects.toMatchObject({ code: 'ARCHIVE_UNFINISHED', message })
    expect(told.at(-1)).toMatchObject([{ error: { message } }])
  })
})

it.each([
  ['of this version', (path: string) => openArchive(path).close()],
  ['that is not there', () => undefined],
])('a laboratory on an archive %s is open at once', async (_, make) => {
  const path = join(temporaryFolder(), 'archive.grokscope')
  make(path)
  const none: StartWorker = () => {
    throw new Error('nothing is to be migrated')
  }
  const { opening, handlers } = begin(path, none)
  expect(opening).toBeUndefined()
  expect(await handlers['archive.openings']({})).toEqual([])
})

it('a laboratory on what is no archive fails at once', () => {
  const path = join(temporaryFolder(), 'archive.grokscope')
  writeFileSync(path, 'SQLite format 3\0'.padEnd(4096, 'x'))
  expect(() => begin(path, inProcessWorkers)).toThrow(expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }))
})

describe('an archive of an earlier version beside one’s own', () => {
  async function openOwn(startMigration: StartWorker) {
    const { handlers, told, laboratory, close } = begin(join(temporaryFolder(), 'own.grokscope'), startMigration)
    await laboratory
    return { handlers, told, close }
  }

  it('is brought to this version in a copy while other requests are answered, once for all who ask', async () => {
    const temporaryFiles = watchTemporaryFiles()
    const path = earlierArchive()
    const { startMigration, letGo } = heldMigration(temporaryFolder(), 0.5)
    const { handlers, told } = await openOwn(startMigration)
    const both = [handlers['archive.open']({ path }), handlers['archive.open']({ path })]
    await expect.poll(() => told.at(-1)?.[0]?.share ?? 0).toBeGreaterThanOrEqual(0.5)
    expect(await handlers['archive.openings']({})).toMatchObject([{ path, isCopied: true, from: 1, to, error: null }])
    expect(await handlers['archive.list']({})).toEqual([])
    letGo()
    const [opened, again] = await Promise.all(both)
    expect(again).toEqual(opened)
    expect(opened).toMatchObject({ path, runs: runsOf(version1).length })
    expect(await handlers['archive.list']({})).toEqual([opened])
    expect(told.at(-1)).toEqual([])
    // What is open is not migrated a second time.
    const tellings = told.length
    expect(await handlers['archive.open']({ path })).toEqual(opened)
    expect(told.length).toBe(tellings)
    // Runs come from the copy.
    const { imported, refused } = await handlers['archive.import']({ archive: opened!.id })
    expect({ imported, refused }).toEqual({ imported: opened!.runs, refused: [] })
    await handlers['archive.close']({ archive: opened!.id })
    expect(temporaryFiles()).toEqual([])
    expect(readFileSync(path).equals(readFileSync(version1))).toBe(true)
  })

  it('that cannot be brought there is told so, and the laboratory goes on: whole again, it opens', async () => {
    const temporaryFiles = watchTemporaryFiles()
    const { startMigration, letGo } = heldMigration(temporaryFolder(), 0)
    letGo()
    const { handlers, told } = await openOwn(startMigration)
    const path = earlierArchive()
    truncateSync(path, 40_960)
    await expect(handlers['archive.open']({ path })).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' })
    expect([told.at(-1), temporaryFiles()]).toEqual([[], []])
    copyFileSync(version1, path)
    expect(await handlers['archive.open']({ path })).toMatchObject({ path, runs: runsOf(version1).length })
  })

  it.each(['cancelled by its id', 'closed with the laboratory'])(
    'leaves nothing behind where it is %s',
    async (how) => {
      const temporaryFiles = watchTemporaryFiles()
      const { startMigration } = heldMigration(temporaryFolder(), 0.5)
      const { handlers, told, close } = await openOwn(startMigration)
      const outcome = Promise.resolve(handlers['archive.open']({ path: earlierArchive() })).then(
        undefined,
        toErrorRecord,
      )
      await expect.poll(() => told.at(-1)?.[0]?.share ?? 0).toBeGreaterThanOrEqual(0.5)
      if (how === 'closed with the laboratory') await close()
      else await handlers['archive.close']({ archive: told.at(-1)![0]!.id! })
      expect(await outcome).toMatchObject({ code: 'CANCELLED' })
      expect(told.at(-1)).toEqual([])
      expect(temporaryFiles()).toEqual([])
    },
  )
})
