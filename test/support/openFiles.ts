import { copyFileSync, readdirSync } from 'node:fs'
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

/** What is open of files whose names begin so. */
export const openBeside = (path: string) => filesOpenHere().filter((name) => name.startsWith(path))

/** The temporary files of the program that are open. */
export const openCopies = () => filesOpenHere().filter((name) => /^grokscope-(?!test)/.test(basename(dirname(name))))

export const told = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error
