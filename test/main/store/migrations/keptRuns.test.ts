import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../../src/main/store/archive.ts'
import { migrate, migrations } from '../../../../src/main/store/migrations/migrate.ts'
import { runHashes } from '../../../../src/main/store/runHashes.ts'
import { specificationHash } from '../../../../src/main/store/specificationHash.ts'
import { summarizedNames } from '../../../../src/shared/measurements.ts'
import { facetsOf } from '../../../../src/shared/specification/facets.ts'
import { temporaryArchives } from '../../../support/archive.ts'
import { storedIn } from '../../../support/openFiles.ts'

const { folder, open } = temporaryArchives('file')

/** Runs of the first version, in every status, opened in the newest; `change` is made in a version between. */
function keptRuns(
  between = 1,
  change: (database: Database) => void = () => {},
): { archive: Archive; runIds: string[] } {
  const path = join(folder(), 'kept.grokscope')
  copyFileSync(join(import.meta.dirname, '../../../support/archives/0.1.0.grokscope'), path)
  const database = new DatabaseConstructor(path)
  migrate(database, migrations.slice(0, between))
  change(database)
  database.close()
  const archive = open(path)
  return { archive, runIds: archive.runs.listIds() }
}

/** Those that are not as they were computed. */
const damagedIn = ({ archive, runIds }: ReturnType<typeof keptRuns>) =>
  runIds.filter((id) => archive.integrity.check(id).hash === 'differs')

/** The first that finished, among those that are joined. */
const finishedRun = (database: Database, joined = '') =>
  database
    .prepare(`SELECT runs.id FROM runs ${joined} WHERE status = 'finished' ORDER BY runs.rowid`)
    .pluck()
    .get() as string

const storedFacets = (database: Database, runId: string) =>
  Object.fromEntries(
    database
      .prepare('SELECT path, coalesce(number, text) FROM facets JOIN runs USING (setup) WHERE id = ?')
      .raw()
      .all(runId) as [string, unknown][],
  )

describe('runs of the first version', () => {
  it('say of themselves what they would if they were stored today', () => {
    const kept = keptRuns()
    const { archive, runIds } = kept
    expect(runIds.length).toBeGreaterThan(30)
    const known = new Set<string>()
    for (const id of runIds) {
      const { facets, latest, spec } = archive.runs.run(id)
      expect(facets).toEqual(facetsOf(spec))
      const curves = archive.curves.readCurves(id, summarizedNames)
      const last = Object.fromEntries(
        summarizedNames.flatMap((name) => {
          const value = curves[name].value.findLast((value) => !Number.isNaN(value))
          if (value === undefined) return []
          known.add(name)
          return [[name, value]]
        }),
      )
      expect(latest).toEqual(last)
    }
    expect([...known]).toEqual(expect.arrayContaining(['testCrossEntropy', 'trainCrossEntropy', 'trainLoss']))
    expect(damagedIn(kept)).toEqual([])
    const specs = runIds.map((id) => archive.runs.run(id).spec)
    archive.close()
    storedIn(archive.path, ({ database }) => {
      for (const [i, id] of runIds.entries()) expect(storedFacets(database, id)).toEqual(facetsOf(specs[i]))
    })
  })

  it('have the names of today where an archive was last written under former ones', () => {
    const { archive, runIds } = keptRuns(5, (database) => {
      database.exec("UPDATE facets SET path = 'former.' || path, setup = 'former ' || setup")
      database.exec("UPDATE runs SET setup = 'former ' || setup")
    })
    const specs = runIds.map((id) => archive.runs.run(id).spec)
    archive.close()
    storedIn(archive.path, ({ database }) => {
      for (const [i, id] of runIds.entries()) expect(storedFacets(database, id)).toEqual(facetsOf(specs[i]))
      expect(database.prepare('SELECT path FROM facets WHERE setup NOT IN (SELECT setup FROM runs)').all()).toEqual([])
    })
  })

  it('have the hashes of today, and none of a result that is not what was computed', () => {
    let other = ''
    const { archive, runIds } = keptRuns(6, (database) => {
      other = finishedRun(database)
      database.prepare("UPDATE runs SET contentHash = 'another' WHERE id = ?").run(other)
    })
    const specs = runIds.map((id) => archive.runs.run(id).spec)
    archive.close()
    storedIn(archive.path, ({ database }) => {
      const stored = database.prepare('SELECT specificationHash, contentHash, resultHash FROM runs WHERE id = ?')
      for (const [i, id] of runIds.entries()) {
        const { specificationHash: asked, contentHash, resultHash } = stored.get(id) as Record<string, string | null>
        expect(asked).toBe(specificationHash(specs[i]!))
        const hasResult = contentHash !== null && id !== other
        expect(resultHash).toBe(hasResult ? runHashes(database, id).resultHash : null)
      }
    })
  })

  it('are damaged, and no reason to leave the archive as it is, where what they measured cannot be read', () => {
    let damaged = ''
    const kept = keptRuns(4, (database) => {
      damaged = finishedRun(
        database,
        "JOIN measurementColumns ON runId = id AND measurementColumns.name = 'testCrossEntropy'",
      )
      database.prepare("UPDATE chunks SET data = x'00' WHERE runId = ?").run(damaged)
    })
    expect(damagedIn(kept)).toEqual([damaged])
  })

  it.each([3, 4, 5, 6, 7, 12])('are damaged in the newest where they were in version %i, and no others', (version) => {
    let damaged = ''
    const kept = keptRuns(version, (database) => {
      damaged = finishedRun(database)
      database.prepare('UPDATE runs SET seed = seed + 1 WHERE id = ?').run(damaged)
    })
    expect(damagedIn(kept)).toEqual([damaged])
  })
})
