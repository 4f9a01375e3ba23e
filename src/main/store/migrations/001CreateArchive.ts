import type { Database } from 'better-sqlite3'

/** Columns carry the names of the fields they hold, so that a row of `runs` is a run's summary as it stands. */
export function createArchive(database: Database): void {
  database.exec(`
    CREATE TABLE writer (only INTEGER PRIMARY KEY CHECK (only = 1), pid INTEGER NOT NULL, since INTEGER NOT NULL) STRICT;

    CREATE TABLE experiments (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      figure TEXT,
      spec TEXT NOT NULL,
      createdAt INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE runs (
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

      task TEXT NOT NULL,
      modulus INTEGER,
      trainFraction REAL,
      trainPairs INTEGER,
      hidden INTEGER,
      activation TEXT,
      initialization TEXT,
      dynamics TEXT NOT NULL,
      ridge REAL,
      integrator TEXT,
      stepSize REAL,
      tolerance REAL,
      optimizer TEXT,
      learningRate REAL,
      weightDecay REAL,
      loss TEXT,
      interventions INTEGER NOT NULL,
      precision TEXT NOT NULL,

      memorisedStep INTEGER,
      memorisedTau REAL,
      halfRiseStep INTEGER,
      halfRiseTau REAL,
      generalisedStep INTEGER,
      generalisedTau REAL,
      localErrorExceededStep INTEGER,
      largestLocalError REAL,

      trainLoss REAL,
      testMse REAL,
      trainAccuracy REAL,
      testAccuracy REAL,
      firstLayerNormSquared REAL,
      secondLayerNormSquared REAL
    ) STRICT;
    CREATE INDEX runsByExperiment ON runs (experimentId);
    CREATE INDEX runsByStatus ON runs (status);
    CREATE INDEX runsByContentHash ON runs (contentHash);

    CREATE TABLE documents (
      runId TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      spec TEXT NOT NULL,
      advice TEXT,
      provenance TEXT,
      report TEXT,
      notes TEXT NOT NULL DEFAULT '',
      givenStart INTEGER NOT NULL CHECK (givenStart IN (0, 1)),
      train BLOB
    ) STRICT;

    CREATE TABLE tags (
      runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      tag TEXT NOT NULL,
      PRIMARY KEY (runId, tag)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE events (
      runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      step INTEGER NOT NULL,
      tau REAL NOT NULL,
      value REAL,
      PRIMARY KEY (runId, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE measurementColumns (
      runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (runId, position),
      UNIQUE (runId, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE hotRows (
      runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      tau REAL NOT NULL,
      seconds REAL NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (runId, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE parts (
      runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      part INTEGER NOT NULL,
      count INTEGER NOT NULL,
      firstStep INTEGER NOT NULL,
      lastStep INTEGER NOT NULL,
      UNIQUE (runId, part)
    ) STRICT;

    CREATE TABLE chunks (
      runId TEXT NOT NULL,
      name TEXT NOT NULL,
      part INTEGER NOT NULL,
      missing INTEGER NOT NULL,
      minimum REAL,
      maximum REAL,
      minimumAt INTEGER NOT NULL,
      maximumAt INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (runId, name, part),
      FOREIGN KEY (runId, part) REFERENCES parts (runId, part) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX chunksByPart ON chunks (runId, part);

    CREATE TABLE snapshots (
      runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      tau REAL NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('initial', 'scheduled', 'event', 'checkpoint', 'final')),
      given INTEGER NOT NULL CHECK (given IN (0, 1)),
      scalars TEXT NOT NULL,
      PRIMARY KEY (runId, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE matrices (
      runId TEXT NOT NULL,
      step INTEGER NOT NULL,
      name TEXT NOT NULL,
      dtype TEXT NOT NULL CHECK (dtype IN ('float64', 'float32')),
      rows INTEGER NOT NULL,
      columns INTEGER NOT NULL,
      checksum BLOB NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (runId, step, name),
      FOREIGN KEY (runId, step) REFERENCES snapshots (runId, step) ON DELETE CASCADE
    ) STRICT;
  `)
}
