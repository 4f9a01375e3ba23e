import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { expect, onTestFinished } from 'vitest'
import { openForWriting, type OpenFile } from '../../src/main/store/openFile.ts'
import { filesOpenHere, temporaryFolder } from './folders.ts'

/** An archive with matrices, of the first version. */
export const version1 = join(import.meta.dirname, 'archives/version1.grokscope')

/** Opens an archive that is closed when the test is over. */
export function openFile(path = join(temporaryFolder(), 'a'), way = openForWriting): OpenFile {
  const file = way(path)
  onTestFinished(() => file.close())
  return file
}

/** Stores something, by its name. */
export function store({ database }: Pick<OpenFile, 'database'>, ...names: string[]): void {
  const insert = database.prepare('INSERT INTO sweeps (path, computes) VALUES (?, 0)')
  for (const name of names) insert.run(name)
}

/** The names of all that was stored. */
export function stored({ database }: Pick<OpenFile, 'database'>): unknown[] {
  return database.prepare('SELECT path FROM sweeps ORDER BY rowid').pluck().all()
}

/** A closed archive in a folder of its own, with what is stored in it. */
export function closedArchive(...names: string[]): string {
  const file = openForWriting(join(temporaryFolder(), 'a'))
  store(file, ...names)
  file.close()
  return file.path
}

/** What is stored in a file alone, which is looked at in a copy. */
export function storedIn(path: string, what: (file: { database: Database }) => unknown = stored): unknown {
  const copy = join(temporaryFolder(), 'copy')
  copyFileSync(path, copy)
  const database = new DatabaseConstructor(copy)
  try {
    return what({ database })
  } finally {
    database.close()
  }
}

export const pragma = ({ database }: OpenFile, name: string) => database.pragma(name, { simple: true })

/** The names in the folder of a file. */
export const beside = (path: string) => readdirSync(dirname(path)).toSorted()

/** Each file in the folder of one, to the byte. */
export const contents = (path: string): Record<string, string> =>
  Object.fromEntries(beside(path).map((name) => [name, readFileSync(join(dirname(path), name), 'base64')]))

/** A database that is no archive: of one table, with 1, in one plain file. */
export function storedNumber(): string {
  const path = join(temporaryFolder(), 'a')
  const database = new DatabaseConstructor(path)
  database.exec('CREATE TABLE numbers (number); INSERT INTO numbers VALUES (1)')
  database.close()
  return path
}

export const numbersIn = (database: Database) => database.prepare('SELECT number FROM numbers').pluck().all()

/** The same as a program leaves it that is killed while it changes it: the file in part, and its journal. */
export function killedChange(): string {
  const path = storedNumber()
  const database = new DatabaseConstructor(path)
  database.pragma('cache_size = 1')
  database.exec('BEGIN IMMEDIATE; UPDATE numbers SET number = 2')
  database.exec(
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO numbers SELECT i FROM n',
  )
  const killed = join(temporaryFolder(), 'a')
  for (const end of ['', '-journal']) copyFileSync(path + end, killed + end)
  database.close()
  return killed
}

/** What is open of files whose names begin so. */
export const openBeside = (path: string) => filesOpenHere().filter((name) => name.startsWith(path))

/** The temporary files of the program that are open. */
export const openCopies = () => filesOpenHere().filter((name) => /^grokscope-(?!test)/.test(basename(dirname(name))))

export const told = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error
