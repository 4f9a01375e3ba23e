import { openArchive, type Archive } from '../../src/main/store/archive.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { RunEvent } from '../../src/shared/run.ts'
import type { MatrixData } from '../../src/shared/matrix.ts'
import { smallExperiment } from '../support/browserArchive.ts'

export const sizes = { runs: 10_000, curves: 20, points: 50_000, snapshots: 30, modulus: 113, hidden: 512 }

export interface BenchRuns {
  curves: string[]
  matrices: string
}

/** Ten thousand runs, twenty of them with long curves, and one more with large snapshots. */
export function fillArchive(path: string): BenchRuns {
  const archive = openArchive(path)
  try {
    const { runs, curves } = sizes
    for (let first = 0; first < runs - curves - 1; first += 100) {
      const ids = createRuns(archive, `group ${first / 100}`, Math.min(100, runs - curves - 1 - first))
      archive.applyEvents(ids.flatMap((runId, place) => finished(runId, 0, 5000, first + place)))
    }
    const long = createRuns(archive, 'long', curves)
    for (const [place, runId] of long.entries()) fillCurve(archive, runId, place)
    const [matrices] = createRuns(archive, 'large', 1, { modulus: sizes.modulus, hidden: sizes.hidden })
    fillSnapshots(archive, matrices!)
    return { curves: long, matrices: matrices! }
  } finally {
    archive.close()
  }
}

function createRuns(archive: Archive, name: string, count: number, { modulus = 37, hidden = 512 } = {}): string[] {
  const input = smallExperiment({
    name,
    task: { kind: 'modularAddition', modulus, trainFraction: 0.7 },
    network: { hidden },
    dynamics: { kind: 'training', learningRate: 1, weightDecay: 1e-4, steps: sizes.points },
    seeds: Array.from({ length: count }, (_, seed) => seed),
  })
  return archive.runs.createExperiment({ spec: parseExperiment(input) }).runIds
}

function finished(runId: string, sequence: number, step: number, place: number): RunEvent[] {
  return [
    { runId, sequence, type: 'event', name: 'generalized', step: (place * 37) % step, tau: 1, value: 1 },
    { runId, sequence: sequence + 1, type: 'settled', status: 'finished', step, tau: step / 1000, seconds: 70 },
  ]
}

/** Falls over six decades, with noise that decimation must not lose. */
function fillCurve(archive: Archive, runId: string, place: number): void {
  const events = Array.from({ length: sizes.points }, (_, step): RunEvent => {
    const trainLoss = Math.exp(-14 * Math.sqrt(step / sizes.points)) * (1.1 + Math.sin(step * (place + 1)))
    const testAccuracy = 1 / (1 + Math.exp(8 - step / (2000 + 100 * place)))
    const values = { trainLoss, testMse: trainLoss, testAccuracy, trainAccuracy: 1 }
    return { runId, sequence: step, type: 'measured', step, tau: step / 1000, seconds: step / 100, values }
  })
  archive.applyEvents([...events, ...finished(runId, sizes.points, sizes.points, place)])
}

function fillSnapshots(archive: Archive, runId: string): void {
  const { modulus, hidden, snapshots, points } = sizes
  for (let place = 0; place < snapshots; place++) {
    const step = Math.round((place / (snapshots - 1)) * points)
    const matrices = { E: waves(modulus, hidden, place), W: waves(hidden, modulus, place) }
    const reason = place === 0 ? 'initial' : 'scheduled'
    const snapshot = { step, tau: step / 1000, reason, matrices, scalars: {} } as const
    archive.applyEvents([{ runId, sequence: place, type: 'snapshot', snapshot }])
  }
  archive.applyEvents(finished(runId, snapshots, points, 0))
}

function waves(rows: number, columns: number, phase: number): MatrixData {
  const at = (i: number) => Math.sin((i % columns) * Math.floor(i / columns) + phase)
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, (_, i) => at(i)) }
}
