import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { measurementLayout } from './measurementLayout.ts'
import { preparedOnce } from './preparedOnce.ts'
import { SealedColumns } from './sealedColumns.ts'
import { storedObject } from './storedDocuments.ts'

/** The version of the hashes of new runs; one that was begun by an older version keeps its own. */
export const contentHashVersion = 2

/**
 * SHA-256 over what a run computed and from what: specification without its name, split, measurements without the
 * clock's, snapshots without checkpoints. Equal for runs of one version that agree to the bit. The specification is taken
 * as it was written, and so under the names that the run's version had; nothing ever writes it anew.
 */
export function contentHash(database: Database, runId: string): string {
  const hash = createHash('sha256')
  const { document, matrices } = statements(database)
  const { spec, train } = document.get(runId) as { spec: string; train: Buffer | null }
  const { name: _, ...computed } = storedObject(spec, `the specification of run ${runId}`)
  hash.update(canonicalJson(computed)).update(train ?? '')
  const columns = new SealedColumns(database)
  const layout = measurementLayout(database, runId)
  const { parts, hot, names } = layout
  // One place for all parts: a long run would else leave a hundred megabytes to be collected.
  const room = new Float64Array(parts.reduce((most, { count }) => Math.max(most, count), 0))
  for (const name of ['step', 'tau', ...names.toSorted()]) {
    hash.update(`\n${name}\n`)
    for (const part of parts) {
      const values = room.subarray(0, part.count)
      columns.readPart(layout, name, part, values)
      hash.update(values)
    }
    hash.update(hot.get(name)!)
  }
  for (const { checksum, ...matrix } of matrices.iterate(runId) as Iterable<{ checksum: Buffer }>) {
    hash.update(`\n${JSON.stringify(matrix)}\n`).update(checksum)
  }
  return hash.digest('hex')
}

const statements = preparedOnce((database) => ({
  document: database.prepare('SELECT spec, train FROM documents WHERE runId = ?'),
  matrices: database.prepare(
    `SELECT step, name, dtype, rows, columns, matrices.checksum FROM matrices JOIN snapshots USING (runId, step)
     WHERE runId = ? AND reason <> 'checkpoint' ORDER BY step, name`,
  ),
}))

/** JSON with the keys of every object in order, so that equal specifications have equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
