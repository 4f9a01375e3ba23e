import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { canonicalJson } from './canonicalJson.ts'
import { measurementLayout } from './measurementLayout.ts'
import { bound, preparedOnce } from './preparedOnce.ts'
import { SealedColumns } from './sealedColumns.ts'
import { requireStored, storedObject } from './storedDocuments.ts'

/** The version of the content hashes of new runs; one that was begun by an older version keeps its own. */
export const contentHashVersion = 2

export interface RunHashes {
  /**
   * SHA-256 over what a run computed and from what. The specification is taken without its name, as it was written, and so
   * under the names that the run's version had; nothing ever writes it anew. What is stored is held against it.
   */
  contentHash: string
  /** SHA-256 over what it computed alone: equal for equal bits, whichever version began the run. */
  resultHash: string
}

/** What a run computed: split, measurements without the clock's, snapshots without checkpoints. */
export function runHashes(database: Database, runId: string): RunHashes {
  const { spec } = documentOf(database, runId)
  const { name: _, ...requested } = storedObject(spec, `the specification of run ${runId}`)
  const content = createHash('sha256').update(canonicalJson(requested))
  const result = createHash('sha256')
  for (const bytes of resultOf(database, runId)) {
    content.update(bytes)
    result.update(bytes)
  }
  return { contentHash: content.digest('hex'), resultHash: result.digest('hex') }
}

/** Each is to be used before the next is taken: they share their memory. */
function* resultOf(database: Database, runId: string): Generator<string | Buffer | Float64Array> {
  const { matrices } = statements(database)
  const { train } = documentOf(database, runId)
  if (train) yield train
  const columns = new SealedColumns(database)
  const layout = measurementLayout(database, runId)
  const { parts, hot, names } = layout
  // One place for all parts: a long run would else leave a hundred megabytes to be collected.
  const room = new Float64Array(parts.reduce((max, { count }) => Math.max(max, count), 0))
  for (const name of ['step', 'tau', ...names.toSorted()]) {
    yield `\n${name}\n`
    for (const part of parts) {
      const values = room.subarray(0, part.count)
      columns.readPart(layout, name, part, values)
      yield values
    }
    yield hot.get(name)!
  }
  for (const { checksum, ...matrix } of matrices.iterate(runId) as Iterable<{ checksum: Buffer }>) {
    yield `\n${JSON.stringify(matrix)}\n`
    yield checksum
  }
}

function documentOf(database: Database, runId: string): DocumentRow {
  const found = statements(database).document.get(runId) as DocumentRow | undefined
  return requireStored(found, `the specification of run ${runId}`)
}

interface DocumentRow {
  spec: string
  train: Buffer | null
}

const statements = preparedOnce((database) => ({
  document: database.prepare('SELECT spec, train FROM documents WHERE runId = ?'),
  matrices: database.prepare(
    `SELECT step, name, dtype, rows, columns, matrices.checksum FROM matrices JOIN snapshots USING (runId, step)
     WHERE runId = ${bound} AND reason <> 'checkpoint' ORDER BY step, name`,
  ),
}))
