import type { Database } from 'better-sqlite3'
import { stepsOf, trainingSamples } from '../../shared/experiment.ts'
import { measurementNames } from '../../shared/measurements.ts'
import type { RunDetail, SnapshotDescription } from '../../shared/run.ts'
import { runEventNames } from '../../shared/runEventNames.ts'
import { DatasetStore } from './datasets.ts'
import { matrixShape, shownMatrices } from './matrixShape.ts'
import { preparedOnce } from './preparedOnce.ts'
import { readRunDetail } from './runDetail.ts'
import { findSummary } from './runSummaries.ts'
import type { SnapshotStore } from './snapshots.ts'
import { storedExperiment } from './storedDocuments.ts'

/** What does not fit the specification of a run, whatever its checksums say. Throws where it cannot be read at all. */
export function runMisfits(database: Database, snapshots: SnapshotStore, runId: string): string[] {
  const summary = findSummary(database, runId, () => true)
  if (!summary) return ['its experiment is missing']
  const { experiment, givenStart } = statements(database)
  storedExperiment(experiment.get(summary.experimentId) as string | undefined, `experiment ${summary.experimentId}`)
  const isGiven = givenStart.get(runId) === 1
  const run = readRunDetail(database, summary)
  return [
    ...trainMisfits(run, isGiven),
    ...eventMisfits(run),
    ...measurementMisfits(run),
    ...datasetMisfits(database, run),
    ...snapshots
      .listSnapshots(runId)
      .flatMap((snapshot) => snapshotMisfits(run, snapshot))
      .slice(0, 1),
  ]
}

const statements = preparedOnce((database) => ({
  experiment: database.prepare('SELECT spec FROM experiments WHERE id = ?').pluck(),
  givenStart: database.prepare('SELECT givenStart FROM documents WHERE runId = ?').pluck(),
}))

/** A run has as many training pairs as its specification says, unless they were given to it. */
function trainMisfits({ train, spec }: RunDetail, isGiven: boolean): string[] {
  if (!train) return []
  const expected = trainingSamples(spec) ?? 0
  const unordered = train.findIndex((index, i) => i > 0 && index <= train[i - 1]!)
  return [
    ...(unordered < 0 ? [] : [`its training pairs do not ascend at place ${unordered}`]),
    ...(isGiven || train.length === expected ? [] : [`it has ${train.length} training pairs instead of ${expected}`]),
  ]
}

function eventMisfits({ events, spec }: RunDetail): string[] {
  return Object.entries(events).flatMap(([name, { step }]) => [
    ...(runEventNames.some((known) => known === name)
      ? []
      : [`it has an event ${JSON.stringify(name)}, which is none`]),
    ...misplaced(`event ${name}`, step, stepsOf(spec)),
  ])
}

function measurementMisfits({ measured }: RunDetail): string[] {
  const stranger = measured.find((name) => !measurementNames.includes(name))
  return stranger === undefined ? [] : [`it measured ${JSON.stringify(stranger)}, which is not a measurement`]
}

function datasetMisfits(database: Database, { spec }: RunDetail): string[] {
  if ('study' in spec || spec.task.kind !== 'dataset') return []
  const { task } = spec
  return new DatasetStore(database).has(task.content.hash)
    ? []
    : [`the data of its task, ${task.content.hash}, is missing`]
}

function snapshotMisfits({ spec }: RunDetail, { step, matrices }: SnapshotDescription): string[] {
  const misshaped = matrices.find(({ name, rows, columns }) => {
    const shape = matrixShape(spec, name)
    return shape?.rows !== rows || shape.columns !== columns
  })
  const [first] = shownMatrices(spec)
  const isEmpty = matrices.every(({ name }) => name !== first)
  return [
    ...(isEmpty ? [`its snapshot of step ${step} lacks the matrix ${first}`] : []),
    ...misplaced('a snapshot', step, stepsOf(spec)),
    ...(misshaped
      ? [
          `matrix ${misshaped.name} at step ${step} is ${misshaped.rows} × ${misshaped.columns}, unlike its specification`,
        ]
      : []),
  ]
}

function misplaced(what: string, step: number, steps: number): string[] {
  return step >= 0 && step <= steps ? [] : [`${what} is at step ${step} of ${steps}`]
}
