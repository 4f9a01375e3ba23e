import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { migrations } from '../../../../src/main/store/migrations/migrate.ts'
import { openForReading, openForWriting, type OpenFile } from '../../../../src/main/store/openFile.ts'
import { LabError, type ErrorCode } from '../../../../src/shared/errors.ts'
import { contentOf, contentsByVersion, copyArchive, version1 } from '../../../support/earlierArchives.ts'
import { beforeEveryStatement, type Asked } from '../../../support/everyStatement.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { faults } from '../../../support/storeFaults.ts'

const contents = contentsByVersion(version1, join(temporaryFolder(), 'undisturbed'))
const newest = migrations.length

function earlierArchive(): string {
  const path = join(temporaryFolder(), 'archive.grokscope')
  copyArchive(version1, path)
  return path
}

/** What changes a file, or begins or commits that. */
function isWrite({ sql, how }: Asked): boolean {
  return how === 'run' ? sql !== 'ROLLBACK' : how === 'exec' || (how === 'pragma' && sql.includes('='))
}

/** Opens an archive with a fault in the place of one write; nothing where it takes not so many. */
function failAt(open: () => OpenFile, write: number, create: () => Error): LabError | undefined {
  let writes = 0
  const end = beforeEveryStatement((asked) => {
    if (isLock(asked) || !isWrite(asked) || ++writes !== write) return
    throw create()
  })
  return failureOf(open, end)
}

/** Beside an archive, and taken before anything is written in it. */
function isLock({ database }: Asked): boolean {
  return database.name.endsWith('.lock')
}

function failureOf(open: () => OpenFile, end: () => void): LabError | undefined {
  try {
    const file = open()
    end()
    file.close()
    return undefined
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  } finally {
    end()
  }
}

/** It is as it was at one version, has nothing beside it, and goes on to the newest. */
function expectWhole(path: string, where: unknown): number {
  expect([where, readdirSync(dirname(path))]).toEqual([where, ['archive.grokscope']])
  const { version, content } = contentOf(path)
  expect([where, version, content]).toEqual([where, version, contents.get(version)])
  openForWriting(path).close()
  expect([where, contentOf(path)]).toEqual([where, { version: newest, content: contents.get(newest) }])
  return version
}

/** What a person is told, by what SQLite or the system said. */
function codeOf(fault: string): ErrorCode {
  if (['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG'].includes(fault)) return 'DISK_FULL'
  if (fault.startsWith('SQLITE_BUSY')) return 'ARCHIVE_LOCKED'
  if (fault === 'SQLITE_NOMEM') return 'OUT_OF_MEMORY'
  if (/^SQLITE_(PROTOCOL|NOLFS|IOERR_LOCK|IOERR_SHM)/.test(fault)) return 'FILE_SYSTEM'
  return 'ARCHIVE_UNREADABLE'
}

describe('a migration that fails', () => {
  it('at any of its writes, whatever is thrown, leaves the archive whole, says why, and succeeds the next time', () => {
    const versions = new Set<number>()
    for (let write = 1; ; write++) {
      const { name, create } = faults[write % faults.length]!
      const path = earlierArchive()
      const error = failAt(() => openForWriting(path), write, create)
      if (!error) break
      expect([write, name, error.code]).toEqual([write, name, codeOf(name)])
      expect([write, name, error.message]).toEqual([write, name, expect.stringContaining(path)])
      versions.add(expectWhole(path, [write, name]))
    }
    expect(versions).toEqual(new Set(migrations.map((_, i) => i + 1)))
  })

  it('for want of room, at any page more or less, leaves the archive whole, says so, and succeeds with room', () => {
    const versions = new Set<number>()
    for (let room = 0; ; room++) {
      const path = earlierArchive()
      const end = beforeEveryStatement(({ database, sql }) => {
        if (sql !== 'foreign_keys = OFF' || database.name !== path) return
        const pages = database.pragma('page_count', { simple: true }) as number
        database.pragma(`max_page_count = ${pages + room}`)
      })
      const error = failureOf(() => openForWriting(path), end)
      if (!error) break
      expect([room, error.code, error.message]).toEqual([room, 'DISK_FULL', `${path} cannot grow: the disk is full`])
      versions.add(expectWhole(path, room))
    }
    expect(versions.size).toBeGreaterThan(2)
  })

  it('as it is made in a copy leaves the file as it was, and no copy; what the disk refuses is said of the copy', () => {
    const path = earlierArchive()
    const temporary = temporaryFolder()
    vi.stubEnv('TMPDIR', temporary)
    const said = new Map<string, Set<string>>()
    try {
      for (let write = 1; ; write++) {
        const { name, create } = faults[(5 * write) % faults.length]!
        const error = failAt(() => openForReading(path), write, create)
        if (!error) break
        expect([write, name, error.code]).toEqual([write, name, codeOf(name)])
        const of = error.message.includes(temporary) ? 'copy' : 'archive'
        expect([write, name, error.message.startsWith(`${path} `)]).toEqual([write, name, true])
        said.set(name, (said.get(name) ?? new Set()).add(of))
        expect([write, readdirSync(temporary), contentOf(path).version]).toEqual([write, [], 1])
      }
    } finally {
      vi.unstubAllEnvs()
    }
    expect(said.get('TypeError')).toEqual(new Set(['archive']))
    expect([...said.values()].some((of) => of.has('copy'))).toBe(true)
  })
})
