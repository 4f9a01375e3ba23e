import type { Database } from 'better-sqlite3'
import { tryStep } from '../../../shared/tryStep.ts'
import { summarizedNames } from '../../../shared/measurements.ts'
import { CurveReader } from '../curves.ts'
import { storeFacetsOf } from '../runFacets.ts'
import { keepSeals } from './keepSeals.ts'
import type { Tell } from './migrationProgress.ts'

/**
 * What a specification says, when events came and what was measured last, each in a table of its own instead of in columns
 * of `runs`, so that a new field or measurement needs no new column.
 */
export function keepRecords(database: Database, tell?: Tell): void {
  keepSeals(database, (_, tellMoved) => moveIntoTables(database, tellMoved), { tell })
}

function moveIntoTables(database: Database, tell: Tell): void {
  database.exec(`
    CREATE TABLE facets (
      setup TEXT NOT NULL,
      path TEXT NOT NULL,
      number REAL,
      text TEXT,
      PRIMARY KEY (setup, path)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX facetsByPath ON facets (path, number, text);

    CREATE TABLE latest (
      runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (runId, name)
    ) STRICT, WITHOUT ROWID;
    ${formerLatest.map((name) => `INSERT INTO latest SELECT id, '${name}', ${name} FROM runs WHERE ${name} IS NOT NULL`).join(';')};
    CREATE INDEX latestByName ON latest (name, value);
    CREATE INDEX eventsByName ON events (name, step);

    CREATE TABLE newRuns (
      id TEXT PRIMARY KEY,
      experimentId TEXT NOT NULL REFERENCES experiments (id),
      name TEXT NOT NULL,
      seed INTEGER NOT NULL,
      status TEXT NOT NULL
        CHECK (status IN ('queued', 'running', 'paused', 'finished', 'failed', 'cancelled', 'interrupted')),
      code TEXT,
      message TEXT,
      step INTEGER NOT NULL DEFAULT 0,
      steps INTEGER NOT NULL,
      tau REAL NOT NULL DEFAULT 0,
      seconds REAL NOT NULL DEFAULT 0,
      createdAt INTEGER NOT NULL,
      startedAt INTEGER,
      finishedAt INTEGER,
      archivedAt INTEGER,
      binnedAt INTEGER,
      parentRunId TEXT,
      parentStep INTEGER,
      contentHash TEXT,
      sequence INTEGER NOT NULL DEFAULT -1,
      trainPairs INTEGER,
      largestLocalError REAL,
      setup TEXT NOT NULL DEFAULT ''
    ) STRICT;
    INSERT INTO newRuns (rowid, ${keptColumns}) SELECT rowid, ${keptColumns} FROM runs;
    DROP TABLE runs;
    ALTER TABLE newRuns RENAME TO runs;
    CREATE INDEX runsByExperiment ON runs (experimentId);
    CREATE INDEX runsByStatus ON runs (status);
    CREATE INDEX runsByContentHash ON runs (contentHash);
    CREATE INDEX runsBySetup ON runs (setup);
  `)
  describeRuns(database, tell)
  completeLatest(database)
}

/** Measurements whose latest values had columns. */
const formerLatest = [
  'trainLoss',
  'testMse',
  'trainAccuracy',
  'testAccuracy',
  'firstLayerNormSquared',
  'secondLayerNormSquared',
]

const keptColumns = `id, experimentId, name, seed, status, code, message, step, steps, tau, seconds, createdAt, startedAt,
  finishedAt, archivedAt, binnedAt, parentRunId, parentStep, contentHash, sequence, trainPairs, largestLocalError`

function describeRuns(database: Database, tell: Tell): void {
  const describe = database.prepare('UPDATE runs SET setup = ? WHERE id = ?')
  const documents = database.prepare('SELECT runId, spec FROM documents').all() as { runId: string; spec: string }[]
  for (const [i, { runId, spec }] of documents.entries()) {
    describe.run(storeFacetsOf(database, spec), runId)
    tell((i + 1) / documents.length)
  }
}

/** The last values of measurements that had no column. */
function completeLatest(database: Database): void {
  const others = summarizedNames.filter((name) => !formerLatest.includes(name))
  const measured = database
    .prepare(`SELECT runId, name FROM measurementColumns WHERE name IN (${others.map(() => '?').join(', ')})`)
    .all(...others) as { runId: string; name: string }[]
  const insert = database.prepare('INSERT INTO latest (runId, name, value) VALUES (?, ?, ?)')
  const curves = new CurveReader(database)
  for (const { runId, name } of measured) {
    const last = quietly(() => curves.readColumn(runId, name))?.findLast((value) => !Number.isNaN(value))
    if (last !== undefined) insert.run(runId, name, last)
  }
}

/** What is damaged is told when the run is looked at, and is no reason to leave the archive as it is. */
function quietly<Output>(read: () => Output): Output | undefined {
  return tryStep(read, () => undefined)
}
