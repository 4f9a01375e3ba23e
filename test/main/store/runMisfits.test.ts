import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runMisfits } from '../../../src/main/store/runMisfits.ts'
import { SnapshotStore } from '../../../src/main/store/snapshots.ts'
import { stepsOf, toRunSpec, type ExperimentSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import type { MatrixData } from '../../../src/shared/matrix.ts'
import type { RunEventBody } from '../../../src/shared/run.ts'
import { eventsOf, matrix, measured, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'
import { datasetTask } from '../../support/datasetTask.ts'

const { open } = temporaryArchives('file')
const data = datasetTask({ X: new Float64Array(18).fill(0.5), Y: Int32Array.of(0, 1, 0, 1, 0, 1) })

const specs = {
  network: smallSpec(),
  'few weights': smallSpec({
    task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
    dynamics: { kind: 'gradientFlow', steps: 100 },
  }),
  data: smallSpec({ task: data.task, dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 100 } }),
  study: parseExperiment({
    name: 'scales',
    study: { kind: 'multiScaleFeatures', dimension: 10, samples: 13, fastDirections: 7, places: 21 },
  }),
} satisfies Record<string, ExperimentSpec>
type Kind = keyof typeof specs

const kept = ['', 'velocity', 'mean', 'square', 'lagged', 'stepStart']
const withKept = (parameters: Record<string, MatrixData>) =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, shape]) => kept.map((prefix) => [prefix + name, shape])),
  )

const matrices: Record<Kind, Record<string, MatrixData>> = {
  network: withKept({ E: matrix(5, 16), W: matrix(16, 5) }),
  'few weights': withKept({ E: matrix(1, 2) }),
  data: withKept({ E: matrix(3, 16), W: matrix(16, 2) }),
  study: { W: matrix(1, 10), u: matrix(1, 10) },
}
const train: Record<Kind, Int32Array> = {
  network: Int32Array.of(0, 3, 5, 7, 8, 10, 11, 13, 14),
  'few weights': Int32Array.of(0),
  data: Int32Array.of(0, 2, 3, 5),
  study: new Int32Array(),
}

let database: Database
let runIds: Record<Kind, string>

/** Of each kind a run that tells all that one may, from the first step to the last. */
beforeAll(() => {
  const archive = open()
  const made = Object.entries(specs).map(([kind, spec]) => {
    const [runId] = archive.runs.createExperiment({ spec, dataset: data.dataset }).runIds as [string]
    const ends = [0, stepsOf(toRunSpec(spec, 0))]
    const [first, last] = ends as [number, number]
    const told: RunEventBody[] = [
      { ...started, train: train[kind as Kind] } as RunEventBody,
      ...ends.map((step) => measured(step, { trainLoss: 1, testMse: 2 })),
      { type: 'event', name: 'halfRise', step: first, tau: 0, value: 0.5 },
      { type: 'event', name: 'stalled', step: last, tau: 1, value: 0 },
      ...ends.map((step) => snapshot(step, { matrices: matrices[kind as Kind] })),
    ]
    archive.applyEvents(eventsOf(runId, told))
    return [kind, runId]
  })
  runIds = Object.fromEntries(made) as Record<Kind, string>
  archive.close()
  database = new DatabaseConstructor(archive.path)
  database.pragma('foreign_keys = OFF')
})
afterAll(() => database.close())

/** What does not fit a run after changes, which are taken back. */
function misfits(kind: Kind, ...changes: string[]): string[] {
  database.exec('BEGIN')
  try {
    for (const sql of changes) database.prepare(sql).run(sql.includes('?') ? [runIds[kind]] : [])
    return runMisfits(database, new SnapshotStore(database), runIds[kind])
  } finally {
    database.exec('ROLLBACK')
  }
}

const pairs = (...indices: number[]) =>
  `UPDATE documents SET train = x'${Buffer.from(Int32Array.from(indices).buffer).toString('hex')}' WHERE runId = ?`

describe('of a run', () => {
  it.each(Object.keys(specs) as Kind[])('of %s that is as its specification says, all fits', (kind) => {
    expect(misfits(kind)).toEqual([])
    expect(misfits(kind, 'UPDATE documents SET train = NULL WHERE runId = ?')).toEqual([])
  })

  it.each<[finding: string, kind: Kind, ...changes: string[]]>([
    ['its training pairs do not ascend at place 1', 'network', pairs(3, 3, 5, 7, 8, 10, 11, 13, 14)],
    ['its training pairs do not ascend at place 8', 'network', pairs(0, 3, 5, 7, 8, 10, 11, 13, 12)],
    ['it has 1 training pairs instead of 9', 'network', pairs(3)],
    ['it has 10 training pairs instead of 9', 'network', pairs(0, 1, 3, 5, 7, 8, 10, 11, 13, 14)],
    ['it has 1 training pairs instead of 4', 'data', pairs(3)],
    [
      'it has an event "invented", which is none',
      'network',
      "UPDATE events SET name = 'invented' WHERE name = 'stalled'",
    ],
    ['event halfRise is at step -1 of 100', 'network', 'UPDATE events SET step = -1 WHERE step = 0'],
    ['event stalled is at step 101 of 100', 'network', 'UPDATE events SET step = 101 WHERE step = 100'],
    [
      'a snapshot is at step -1 of 100',
      'network',
      'UPDATE snapshots SET step = -1 WHERE step = 0 AND runId = ?',
      'UPDATE matrices SET step = -1 WHERE step = 0 AND runId = ?',
    ],
    [
      'a snapshot is at step 101 of 100',
      'network',
      'UPDATE snapshots SET step = 101 WHERE step = 100 AND runId = ?',
      'UPDATE matrices SET step = 101 WHERE step = 100 AND runId = ?',
    ],
    [
      'it measured "=1+1", which is not a measurement',
      'network',
      "UPDATE measurementColumns SET name = '=1+1' WHERE name = 'testMse'",
    ],
    [`the data of its task, ${data.task.content.hash}, is missing`, 'data', 'DELETE FROM datasets'],
    ['its experiment is missing', 'network', 'DELETE FROM experiments'],
    ...(['rows', 'columns'] as const).flatMap((side) =>
      (['network', 'few weights', 'data', 'study'] as const).map((kind): [string, Kind, string] => {
        const [name, { rows, columns }] = Object.entries(matrices[kind])[0]!
        const shape = side === 'rows' ? `${rows + 1} × ${columns}` : `${rows} × ${columns + 1}`
        return [
          `matrix ${name} at step 0 is ${shape}, unlike its specification`,
          kind,
          `UPDATE matrices SET ${side} = ${side} + 1 WHERE runId = ? AND step = 0 AND name = '${name}'`,
        ]
      }),
    ),
    [
      'matrix velocityW at step 20 is 1 × 10, unlike its specification',
      'study',
      "INSERT INTO matrices SELECT runId, 20, 'velocity' || name, dtype, rows, columns, checksum, data FROM matrices WHERE runId = ? AND step = 0 AND name = 'W'",
    ],
    [
      'its snapshot of step 0 lacks the matrix E',
      'network',
      "DELETE FROM matrices WHERE runId = ? AND step = 0 AND name = 'E'",
    ],
    // The first of many says enough.
    ['its snapshot of step 0 lacks the matrix E', 'network', "DELETE FROM matrices WHERE runId = ? AND name = 'E'"],
  ])('that has been changed is told "%s", where it is of %s', (finding, kind, ...changes) => {
    expect(misfits(kind, ...changes)).toEqual([finding])
  })

  it('training pairs that it was given may be as many as they are, in their order', () => {
    const given = 'UPDATE documents SET givenStart = 1 WHERE runId = ?'
    expect(misfits('network', given, pairs(3, 7))).toEqual([])
    expect(misfits('network', given, pairs(7, 3))).toEqual(['its training pairs do not ascend at place 1'])
  })

  it('none is told where its experiment cannot be read, which is refused', () => {
    const unreadable = "UPDATE experiments SET spec = '{'"
    expect(() => misfits('network', unreadable)).toThrow('experiment')
  })
})
