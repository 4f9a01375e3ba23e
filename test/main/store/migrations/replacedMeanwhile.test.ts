import { linkSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { expect, it } from 'vitest'
import { newestVersion } from '../../../../src/main/store/migrations/migrate.ts'
import { openForWriting } from '../../../../src/main/store/openFile.ts'
import { toErrorRecord } from '../../../../src/shared/errors.ts'
import { contentOf, contentsByVersion, copyArchive, version1 } from '../../../support/earlierArchives.ts'
import { beforeEveryStatement } from '../../../support/everyStatement.ts'
import { temporaryFolder } from '../../../support/folders.ts'

/** Another archive, of which each copy can take the place of one. */
const other = join(temporaryFolder(), 'other.grokscope')
copyArchive(version1, other)
const database = new DatabaseConstructor(other)
database.exec("UPDATE documents SET notes = 'the other'")
database.pragma('journal_mode = DELETE')
database.close()
const contents = contentsByVersion(version1, join(temporaryFolder(), 'undisturbed'))
const otherContents = contentsByVersion(other, join(temporaryFolder(), 'undisturbed'))

/** The first statements are those of the opening; of the steps between them and the end some are looked at. */
const ofOpening = 60
/** Those of the claim, of the log that is begun then, and of the closing: every one is looked at. */
const ofEnd = 40

function next(look: number, count: number): number {
  if (look >= count - ofEnd) return look + 1
  return Math.min(look + (look < ofOpening ? 6 : 17), count - ofEnd)
}

/** Opens a copy of the archive and closes it again, while something happens before one of its statements. */
function openWhile(look: number, happen: (path: string, copy: string) => void) {
  const path = join(temporaryFolder(), 'archive.grokscope')
  copyArchive(version1, path)
  const kept = join(temporaryFolder(), 'kept')
  linkSync(path, kept)
  const copy = join(temporaryFolder(), 'copy')
  copyArchive(other, copy)
  let asked = 0
  let opened = Infinity
  const end = beforeEveryStatement((statement) => {
    if (statement.database.name === path && asked++ === look) happen(path, copy)
  })
  let refusal: unknown
  try {
    const file = openForWriting(path)
    opened = asked
    try {
      file.check()
    } finally {
      file.close()
    }
  } catch (error) {
    refusal = error
  }
  end()
  return { path, kept, asked, opened, refusal }
}

it.each([
  ['replaced by another', (path: string, copy: string) => renameSync(copy, path)],
  ['moved away', (path: string) => renameSync(path, join(dirname(path), 'moved'))],
  ['deleted', (path: string) => rmSync(path)],
])('an archive that is %s as it is brought to this version is found so, and neither is harmed', (_, take) => {
  const count = openWhile(-1, () => {}).asked
  let refusals = 0
  for (let look = 0; look < count; look = next(look, count)) {
    const { path, kept, opened, refusal } = openWhile(look, take)
    refusals += refusal ? 1 : 0
    // What happens after the one look at the file is not seen by it.
    if (look >= opened) expect([look, refusal]).toEqual([look, undefined])
    if (refusal) expect([look, toErrorRecord(refusal).code]).toEqual([look, 'ARCHIVE_MOVED'])
    const left = readdirSync(dirname(path)).filter((name) => /-(wal|shm|journal)$/.test(name))
    expect([look, left]).toEqual([look, []])
    for (const name of readdirSync(dirname(path))) {
      const { version, content } = contentOf(join(dirname(path), name))
      const expected = name === 'moved' ? contents : otherContents
      expect([look, name, version, content]).toEqual([look, name, version, expected.get(version)])
      if (!refusal && look < opened) expect([look, version]).toEqual([look, newestVersion])
    }
    const { version, content } = contentOf(kept)
    expect([look, 'as it was', version, content]).toEqual([look, 'as it was', version, contents.get(version)])
  }
  expect(refusals).toBeGreaterThan(20)
})
