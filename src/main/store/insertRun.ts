import type { Database } from 'better-sqlite3'
import { stepsOf, trainingSamples, type RunSpec } from '../../shared/experiment.ts'
import type { BackendKind } from '../../shared/machine.ts'
import type { InitialState } from '../../shared/run.ts'
import { freshId } from './freshId.ts'
import { insertRow } from './insertRow.ts'
import { preparedText } from './preparedOnce.ts'
import { storeFacets } from './runFacets.ts'
import { contentHashVersion } from './runHashes.ts'
import type { SnapshotStore } from './snapshots.ts'
import { specificationHash } from './specificationHash.ts'
import { indicesToBytes } from './storedDocuments.ts'

export interface NewRun {
  spec: RunSpec
  /** Without one the run is named after its specification and seed. */
  name?: string
  /** Reads what the run starts from where it does not draw its own start; asked for as the run is stored, one by one. */
  initial?: () => InitialState
  /** The snapshot this run branched from. */
  parent?: { runId: string; step: number }
  /** What it is to be computed with; without it, what its host chooses. */
  backend?: BackendKind
}

/** Stores a queued run of an experiment, and gives its id; to be called within a transaction. */
export function insertRun(
  database: Database,
  snapshots: SnapshotStore,
  experimentId: string,
  run: NewRun,
  createdAt: number,
): string {
  const { spec, name, initial: readInitial, parent, backend } = run
  const initial = readInitial?.()
  const id = freshId(database, 'runs')
  insertRow(database, 'runs', {
    id,
    experimentId,
    name: name ?? `${spec.name}, seed ${spec.seed}`,
    seed: spec.seed,
    status: 'queued',
    createdAt,
    parentRunId: parent?.runId ?? null,
    parentStep: parent?.step ?? null,
    steps: stepsOf(spec),
    contentHashVersion,
    specificationHash: specificationHash(spec),
    trainPairs: initial?.train?.length ?? trainingSamples(spec),
    setup: storeFacets(database, spec),
  })
  insertRow(database, 'documents', {
    runId: id,
    spec: JSON.stringify(spec),
    givenStart: initial ? 1 : 0,
    train: initial?.train ? indicesToBytes(initial.train) : null,
    backend: backend ?? null,
  })
  if (initial) snapshots.storeGiven(id, initial)
  return id
}

export function tagRuns(database: Database, runIds: readonly string[], tags: readonly string[]): void {
  const tag = preparedText(database)('INSERT OR IGNORE INTO tags (runId, tag) VALUES (?, ?)')
  for (const runId of runIds) for (const name of tags) tag.run(runId, name)
}
