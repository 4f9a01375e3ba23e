import type { Database } from 'better-sqlite3'
import { tryStep } from '../../../shared/tryStep.ts'
import { runHashes } from '../runHashes.ts'
import { specificationHashOf } from '../specificationHash.ts'
import { keepSeals } from './keepSeals.ts'
import type { Tell } from './migrationProgress.ts'

/**
 * Hashes of what a run was asked and of what it computed that do not depend on how its specification was written. What is
 * not what its content hash was taken of gets none.
 */
export function nameSpecifications(database: Database, tell?: Tell): void {
  keepSeals(database, nameAll, { tell })

  function nameAll(_: string[], tellNamed: Tell): void {
    database.exec(`
      ALTER TABLE runs ADD COLUMN specificationHash TEXT;
      ALTER TABLE runs ADD COLUMN resultHash TEXT;
      DROP INDEX runsByContentHash;
      CREATE INDEX runsBySpecification ON runs (specificationHash);
    `)
    const store = database.prepare('UPDATE runs SET specificationHash = ?, resultHash = ? WHERE id = ?')
    const specification = database.prepare('SELECT spec FROM documents WHERE runId = ?').pluck()
    const runs = database.prepare('SELECT id, contentHash FROM runs JOIN documents ON runId = id').all()
    for (const [i, { id, contentHash }] of (runs as { id: string; contentHash: string | null }[]).entries()) {
      const spec = specification.get(id) as string
      store.run(specificationHashOf(spec), contentHash && verifiedResult(database, id, contentHash), id)
      tellNamed((i + 1) / runs.length)
    }
  }
}

function verifiedResult(database: Database, runId: string, contentHash: string): string | null {
  const found = tryStep(
    () => runHashes(database, runId),
    () => undefined,
  )
  return found?.contentHash === contentHash ? found.resultHash : null
}
