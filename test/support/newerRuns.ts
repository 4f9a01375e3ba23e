import type { Database } from 'better-sqlite3'
import { eventsOf, measured, settled, smallSpec, snapshot, started, writeAsStored } from './archive.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { storeFacets } from '../../src/main/store/runFacets.ts'

/** What a later version may store of a run that this one does not know, and how it is called. */
export const newerKinds: readonly { what: string; told: RegExp; write: string; isReadable: boolean }[] = [
  {
    what: 'an unknown dynamics',
    told: /dynamics\.kind: "teleport" has no known kind/,
    write: written(`json_set(spec, '$.dynamics', json('{"kind":"teleport","range":3,"steps":100}'))`),
    isReadable: false,
  },
  {
    what: 'an unknown task',
    told: /task\.kind: "parity" has no known kind/,
    write: written(`json_set(spec, '$.task', json('{"kind":"parity","bits":40}'))`),
    isReadable: false,
  },
  {
    what: 'an unknown field',
    told: /record\.loud: unknown field/,
    write: written(`json_set(spec, '$.record.loud', 3)`),
    isReadable: false,
  },
  {
    what: 'an unknown backend',
    told: /backend: "quantum" is not allowed/,
    write: `UPDATE documents SET provenance = json_set(provenance, '$.backend', 'quantum') WHERE runId = RUN`,
    isReadable: false,
  },
  {
    what: 'an unknown event',
    told: /event "awakened"/,
    write: `UPDATE events SET name = 'awakened' WHERE runId = RUN`,
    isReadable: true,
  },
  {
    what: 'an unknown measurement',
    told: /measurement "curvature"/,
    write: `UPDATE measurementColumns SET name = 'curvature' WHERE name = 'testMse' AND runId = RUN;
      UPDATE chunks SET name = 'curvature' WHERE name = 'testMse' AND runId = RUN;
      UPDATE latest SET name = 'curvature' WHERE name = 'testMse' AND runId = RUN`,
    isReadable: true,
  },
  {
    what: 'an unknown matrix of its state',
    told: /matrix "phase"/,
    write: `INSERT INTO matrices (runId, step, name, dtype, rows, columns, checksum, data)
      SELECT runId, step, 'phase', dtype, rows, columns, checksum, data FROM matrices WHERE name = 'W' AND runId = RUN`,
    isReadable: true,
  },
]

function written(spec: string): string {
  return `UPDATE documents SET spec = ${spec} WHERE runId = RUN;
    UPDATE experiments SET spec = ${spec} WHERE id = (SELECT experimentId FROM runs WHERE id = RUN);
    UPDATE runs SET specificationHash = 'ab' WHERE id = RUN`
}

/** Makes an archive of two finished runs and one that waits, each of its own experiment; the newest is a later version's. */
export function storeNewerRun(path: string, write: string): { newer: string; other: string; waiting: string } {
  const archive = openArchive(path)
  const [other, waiting, newer] = ['of today', 'waits', 'of tomorrow'].map(
    (name) => archive.runs.createExperiment({ spec: smallSpec({ name }) }).runIds[0]!,
  ) as [string, string, string]
  const halfRise = { type: 'event', name: 'halfRise', step: 50, tau: 0.05, value: 0.5 } as const
  const rows = [0, 50, 100].map((step) => measured(step, { trainLoss: step, testMse: 1 / (1 + step) }))
  const story = [started, ...rows, halfRise, snapshot(0), snapshot(100, { reason: 'final' }), settled()]
  for (const runId of [other, newer]) archive.applyEvents(eventsOf(runId, story))
  archive.close()
  writeAsStored(path, (database) => makeNewer(database, newer, write))
  return { newer, other, waiting }
}

/** Where the statements say RUN, they mean this one. */
export function makeNewer(database: Database, runId: string, write: string): void {
  const maker = database.prepare(
    "UPDATE documents SET provenance = json_set(provenance, '$.grokscope', '9.9.9') WHERE runId = ?",
  )
  maker.run(runId)
  database.exec(write.replaceAll('RUN', `'${runId}'`))
  const spec = database.prepare('SELECT spec FROM documents WHERE runId = ?').pluck().get(runId) as string
  database.prepare('UPDATE runs SET setup = ? WHERE id = ?').run(storeFacets(database, JSON.parse(spec)), runId)
}
