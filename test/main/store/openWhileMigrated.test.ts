import { copyFileSync, linkSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { migrate, migrations, versionOf } from '../../../src/main/store/migrations/migrate.ts'
import { openForReading, openForWriting, type OpenFile } from '../../../src/main/store/openFile.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { temporaryArchives } from '../../support/archive.ts'

const { folder } = temporaryArchives()
const version1 = join(import.meta.dirname, '../../support/archives/version1.grokscope')
const calls = ['prepare', 'pragma', 'exec'] as const

afterEach(() => vi.restoreAllMocks())

/** Another program, which knows the archive by another name, so that its lock is another one too. */
class OtherProgram {
  private readonly name: string
  private readonly steps: number

  constructor(path: string, steps: number) {
    this.steps = steps
    this.name = `${path}-hard`
    linkSync(path, this.name)
  }

  /** Migrates, unless it is kept out. */
  migrate(): void {
    const database = new DatabaseConstructor(this.name, { timeout: 0 })
    try {
      database.pragma('journal_mode = DELETE')
      migrate(database, migrations.slice(0, Math.min(versionOf(database) + this.steps, migrations.length)))
    } catch (error) {
      if (!(error instanceof DatabaseConstructor.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error
    } finally {
      database.close()
    }
  }
}

/** Lets `meanwhile` happen before the given one of all that is asked of files; says how much is asked. */
function before(look: number, meanwhile: () => void): () => number {
  let looks = 0
  for (const call of calls) {
    const original = (DatabaseConstructor.prototype as Database)[call] as (...input: unknown[]) => unknown
    vi.spyOn(DatabaseConstructor.prototype as Database, call).mockImplementation(function (
      this: Database,
      ...input: unknown[]
    ) {
      if (this.name !== ':memory:' && looks++ === look) meanwhile()
      return original.apply(this, input) as never
    })
  }
  return () => looks
}

/** Before how much of what is asked something may happen: all of the opening and of the end, and every sixth between. */
function looksOf(asked: number, residue: number): number[] {
  return Array.from({ length: asked }, (_, look) => look).filter(
    (look) => look < 60 || look >= asked - 40 || look % 6 === residue,
  )
}

function outcome(open: (path: string) => OpenFile, path: string): string {
  try {
    const file = open(path)
    const version = versionOf(file.database)
    file.close()
    return `opened at version ${version}`
  } catch (error) {
    if (error instanceof LabError) return `${error.code} ${error.message}`
    throw error
  }
}

/** As every archive since version 2 is left by its writer. */
function keepJournal(path: string): void {
  const database = new DatabaseConstructor(path)
  database.pragma('journal_mode = DELETE')
  database.close()
}

describe.each([
  ['a journal', 'to write', openForWriting, 0],
  ['a journal', 'to read', openForReading, 1],
  ['a log', 'to write', openForWriting, 2],
] as const)('an archive of version 1 with %s that is opened %s', (keeps, _, open, kind) => {
  // Each kind has other looks, so that together they have about all.
  it.each([
    ['one version further', 1, kind],
    ['to the newest version', migrations.length, kind + 3],
  ])('opens whenever another program brings it %s meanwhile', (_, steps, residue) => {
    const place = folder()
    /** Says how much was asked. */
    const openWhile = (look: number) => {
      const path = join(place, `${look}.grokscope`)
      copyFileSync(version1, path)
      if (keeps === 'a journal') keepJournal(path)
      const other = new OtherProgram(path, steps)
      const asked = before(look, () => other.migrate())
      expect([look, outcome(open, path)]).toEqual([look, `opened at version ${migrations.length}`])
      vi.restoreAllMocks()
      return asked()
    }
    for (const look of looksOf(openWhile(Infinity), residue)) openWhile(look)
  })
})

describe('an archive that is made', () => {
  it('is found empty or whole by another program at any moment', () => {
    const place = folder()
    const found = new Set<number>()
    for (let look = 0; ; look++) {
      const path = join(place, `${look}.grokscope`)
      const asked = before(look, () => {
        const database = new DatabaseConstructor(path, { readonly: true, timeout: 0 })
        try {
          found.add(versionOf(database))
        } catch (error) {
          if (!(error instanceof DatabaseConstructor.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error
        } finally {
          database.close()
        }
      })
      expect(outcome(openForWriting, path)).toBe(`opened at version ${migrations.length}`)
      vi.restoreAllMocks()
      if (asked() <= look) break
    }
    expect(found).toEqual(new Set([0, migrations.length]))
  })
})
