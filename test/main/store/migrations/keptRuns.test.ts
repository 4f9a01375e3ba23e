import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../../src/main/store/archive.ts'
import { migrate, migrations } from '../../../../src/main/store/migrations/migrate.ts'
import { summarizedNames } from '../../../../src/shared/measurements.ts'
import { facetsOf } from '../../../../src/shared/specification/facets.ts'
import { temporaryArchives } from '../../../support/archive.ts'

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
  })

  it('have the names of today where an archive was last written under former ones', () => {
    const { archive, runIds } = keptRuns(5, (database) => {
      database.exec("UPDATE facets SET path = 'former.' || path")
    })
    for (const { facets, spec } of runIds.map((id) => archive.runs.run(id))) expect(facets).toEqual(facetsOf(spec))
    archive.close()
    const database = new DatabaseConstructor(archive.path, { readonly: true })
    expect(database.prepare("SELECT path FROM facets WHERE path LIKE 'former.%'").all()).toEqual([])
    database.close()
  })

  it.each([3, 4, 5, 6, 7, 12])('are damaged in the newest where they were in version %i, and no others', (version) => {
    let damaged = ''
    const kept = keptRuns(version, (database) => {
      damaged = database
        .prepare("SELECT id FROM runs WHERE status = 'finished' LIMIT 1 OFFSET 3")
        .pluck()
        .get() as string
      database.prepare('UPDATE runs SET seed = seed + 1 WHERE id = ?').run(damaged)
    })
    expect(damagedIn(kept)).toEqual([damaged])
  })
})
