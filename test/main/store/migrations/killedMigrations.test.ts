import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { nodeWorkers } from '../../../../src/main/engine/host/nodeWorker.ts'
import { openEarlierArchive } from '../../../../src/main/services/openEarlierArchive.ts'
import { openArchive } from '../../../../src/main/store/archive.ts'
import { takeLock } from '../../../../src/main/store/archiveLock.ts'
import { identifyFile } from '../../../../src/main/store/fileIdentity.ts'
import { migrations } from '../../../../src/main/store/migrations/migrate.ts'
import { openForWriting } from '../../../../src/main/store/openFile.ts'
import { recoverArchive } from '../../../../src/main/store/recoverArchive.ts'
import { contentOf, contentsByVersion, copyArchive, version1 } from '../../../support/earlierArchives.ts'
import { beforeEveryStatement } from '../../../support/everyStatement.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const contents = contentsByVersion(version1, join(temporaryFolder(), 'undisturbed'))
const newest = migrations.length

/** An archive in a folder of its own. */
function earlierArchive(): string {
  const path = join(temporaryFolder(), 'archive.grokscope')
  copyArchive(version1, path)
  return path
}

/** A name for all that a killed program would leave of an archive now. */
function stateOf(path: string): string {
  const hash = createHash('sha256')
  for (const end of ['', '-journal', '-wal']) {
    hash.update(existsSync(path + end) ? readFileSync(path + end) : 'nothing').update(end)
  }
  return hash.digest('hex')
}

/**
 * What is left of an archive that is killed as it is brought to this version, before whichever statement: each different state, as
 * a copy in a folder of its own.
 */
function leftByKills(path: string, cachePages: number | undefined): string[] {
  const folder = temporaryFolder()
  const found = new Map<string, string>()
  const end = beforeEveryStatement(({ database }) => {
    if (database.name !== path) return
    if (cachePages !== undefined) database.pragma(`cache_size = ${cachePages}`)
    const state = stateOf(path)
    if (found.has(state)) return
    const place = join(folder, String(found.size))
    mkdirSync(place)
    found.set(state, join(place, 'archive.grokscope'))
    copyArchive(path, join(place, 'archive.grokscope'))
  })
  openForWriting(path).close()
  end()
  return [...found.values()]
}

/** Opened to be written and closed again, an archive is at the newest version, to the last value, with nothing beside it. */
function expectToGoOn(path: string): void {
  const archive = openArchive(path)
  for (const { id } of archive.runs.listRuns({ includeBinned: true })) {
    expect(archive.integrity.checkWhole(id)).toEqual({ hash: 'same', findings: [] })
  }
  archive.close()
  expect(readdirSync(dirname(path))).toEqual(['archive.grokscope'])
  expect(contentOf(path)).toEqual({ version: newest, content: contents.get(newest) })
}

describe('an archive of version 1, whose program is killed as it brings it to this version', () => {
  it.each([
    ['holds in memory what it changes', undefined, false],
    ['writes into the file what it has no memory for', 1, false],
    ['finds the log kept by a reader', undefined, true],
  ])('and %s, is whole at one version or the next whenever that is, and goes on', (_, cachePages, isRead) => {
    const path = earlierArchive()
    const reader = isRead ? new DatabaseConstructor(path, { readonly: true }) : undefined
    reader?.pragma('user_version')
    const left = leftByKills(path, cachePages)
    reader?.close()
    const versions = left.map((copy, i) => {
      const read = join(temporaryFolder(), 'archive.grokscope')
      copyArchive(copy, read)
      const hasJournal = existsSync(`${read}-journal`)
      const { version, content } = contentOf(read)
      expect([i, version, content]).toEqual([i, version, contents.get(version)])
      return { copy, kind: `${version} ${hasJournal}` }
    })
    const kinds = versions.map(({ kind }) => kind)
    expect(new Set(kinds.map((kind) => kind.split(' ')[0]))).toEqual(new Set(migrations.map((__, i) => String(i + 1))))
    if (!isRead) expect(kinds).toContain('5 true')
    // What has the same content in the same kind of file goes on alike: the first of each.
    for (const [i, { copy, kind }] of versions.entries()) if (kinds.indexOf(kind) === i) expectToGoOn(copy)
  })

  it('is plain again, at the version that it had, where what the program left is taken back', () => {
    const left = leftByKills(earlierArchive(), 1)
    expect(left.some((copy) => existsSync(`${copy}-journal`))).toBe(true)
    for (const copy of left) {
      writeFileSync(`${copy}.lock`, '')
      const read = join(temporaryFolder(), 'archive.grokscope')
      copyArchive(copy, read)
      const before = contentOf(read)
      recoverArchive(copy, identifyFile(copy)!)
      expect(readdirSync(dirname(copy))).toEqual(['archive.grokscope'])
      expect(contentOf(copy)).toEqual(before)
    }
  })

  it('is plain again where it kept a log, and the program was killed as it left that for a journal', () => {
    const copy = earlierArchive()
    expect(readFileSync(copy).subarray(18, 20)).toEqual(Buffer.of(2, 2))
    const before = contentOf(copy)
    // Its beginning is written last: until then it is not asked for.
    writeFileSync(`${copy}-journal`, Buffer.concat([Buffer.alloc(512), Buffer.alloc(4104, 0x5a)]))
    recoverArchive(copy, identifyFile(copy)!)
    expect(readdirSync(dirname(copy))).toEqual(['archive.grokscope'])
    expect(contentOf(copy)).toEqual(before)
  })

  it('is left as it is where another file is in its place, or another program has it', () => {
    const [copy] = leftByKills(earlierArchive(), 1).filter((path) => existsSync(`${path}-journal`))
    const before = stateOf(copy!)
    recoverArchive(copy!, identifyFile(version1)!)
    expect(stateOf(copy!)).toBe(before)
    const lock = takeLock(copy!)!
    recoverArchive(copy!, identifyFile(copy!)!)
    lock.release()
    expect(stateOf(copy!)).toBe(before)
  })

  it('is read meanwhile and afterwards as it is, with nothing left beside it', () => {
    for (const copy of leftByKills(earlierArchive(), 1).filter((__, i) => i % 8 === 3)) {
      const before = stateOf(copy)
      const files = readdirSync(dirname(copy))
      const archive = openArchive(copy, { readOnly: true })
      expect(archive.runs.countRuns()).toBe(2)
      archive.close()
      expect(stateOf(copy)).toBe(before)
      expect(readdirSync(dirname(copy))).toEqual(files)
    }
  })

  const seed = Math.floor(2 ** 31 * Math.random())
  it(`is left whole by kill -9 at moments of chance, seed ${seed}`, async () => {
    const start = nodeWorkers(join(import.meta.dirname, '../../../../src/main/services/migrationWorker.ts'))
    const random = randomNumbers(seed)
    const versions: number[] = []
    for (let kill = 0; kill < 8; kill++) {
      const path = earlierArchive()
      const abort = new AbortController()
      const share = random()
      const wait = 20 * random()
      await openEarlierArchive(path, {
        ...{ readOnly: false, signal: abort.signal },
        startMigration: (environment) => start({ ...environment, NODE_OPTIONS: `--import=${slowed}` }),
        onProgress(progress) {
          if (progress.share >= share) setTimeout(() => abort.abort(), wait)
        },
      }).then(
        (archive) => archive.close(),
        (error: unknown) => expect(error).toMatchObject({ code: 'CANCELLED' }),
      )
      expect(readdirSync(dirname(path))).toEqual(['archive.grokscope'])
      const { version, content } = contentOf(path)
      versions.push(version)
      expect([version, content]).toEqual([version, contents.get(version)])
      expectToGoOn(path)
    }
    process.stdout.write(`killed at versions ${versions.join(', ')}, seed ${seed}\n`)
  })
})

/** So that the host, which is told of each share, is not always late. */
const slowed = `data:text/javascript,${encodeURIComponent(`
  import { subscribe } from 'node:diagnostics_channel'
  const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  subscribe('grokscope:migration', wait)
`)}`

/** Numerical Recipes' linear congruential generator: good enough for moments. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}
