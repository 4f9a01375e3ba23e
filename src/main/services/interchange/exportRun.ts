import type { FileData } from '../../../shared/contract.ts'
import type { MatrixData } from '../../../shared/run.ts'
import type { Archive } from '../../store/archive.ts'
import { quoteCsv } from '../figures/panelData.ts'
import type { NumpyArray } from './npy.ts'
import { encodeNpz } from './npz.ts'

export const exportFormats = ['npz', 'csv', 'json'] as const
export type ExportFormat = (typeof exportFormats)[number]

/**
 * A run as a file. `npz`: float64 arrays `step`, `tau`, `seconds`, one per measurement, `snapshotSteps`, `E` (snapshots ×
 * p × d_h), `W` (snapshots × d_h × p; a toy model has none), and int32 `train`. `csv`: the measurements, a line each. `json`: both the record
 * of the run and its measurements.
 */
export function exportRun(archive: Archive, runId: string, format: ExportFormat): FileData {
  const stem = `grokscope-${runId}`
  if (format === 'npz') {
    return { name: `${stem}.npz`, mediaType: 'application/zip', bytes: encodeNpz(runArrays(archive, runId)) }
  }
  const text = format === 'csv' ? measurementsCsv(archive, runId) : runJson(archive, runId)
  const mediaType = format === 'csv' ? 'text/csv' : 'application/json'
  return { name: `${stem}.${format}`, mediaType, bytes: new TextEncoder().encode(text) }
}

function runArrays(archive: Archive, runId: string): Record<string, NumpyArray> {
  const { train } = archive.runs.run(runId)
  const columns = Object.entries(measuredColumns(archive, runId))
  const snapshots = archive.snapshots.listSnapshots(runId)
  const layers = ['E', 'W'].filter((layer) => snapshots[0]?.matrices.some(({ name }) => name === layer))
  const steps = snapshots.map(({ step }) => step)
  return {
    ...Object.fromEntries(columns.map(([name, data]) => [name, { shape: [data.length], data }])),
    snapshotSteps: { shape: [steps.length], data: Float64Array.from(steps) },
    ...Object.fromEntries(
      layers.map((name) => [name, stack(steps.map((step) => archive.snapshots.readMatrix(runId, step, name)))]),
    ),
    ...(train ? { train: { shape: [train.length], data: train } } : {}),
  }
}

/** Matrices of one shape as one array with a leading axis. */
function stack(matrices: readonly MatrixData[]): NumpyArray {
  const { rows, columns } = matrices[0]!
  const size = rows * columns
  const data = new Float64Array(matrices.length * size)
  matrices.forEach((matrix, i) => data.set(matrix.data, i * size))
  return { shape: [matrices.length, rows, columns], data }
}

function measuredColumns(archive: Archive, runId: string): Record<string, Float64Array> {
  const { measured } = archive.runs.run(runId)
  const names = ['step', 'tau', 'seconds', ...measured]
  return Object.fromEntries(names.map((name) => [name, archive.curves.readColumn(runId, name)]))
}

function measurementsCsv(archive: Archive, runId: string): string {
  const columns = measuredColumns(archive, runId)
  const names = Object.keys(columns)
  const rows = Array.from({ length: columns['step']!.length }, (_, i) =>
    names.map((name) => number(columns[name]![i]!)),
  )
  return `${[names.map(quoteCsv), ...rows].map((cells) => cells.join(',')).join('\n')}\n`
}

/** Empty where nothing was measured, as spreadsheets and pandas read it. */
function number(value: number): string {
  return Number.isNaN(value) ? '' : String(value)
}

function runJson(archive: Archive, runId: string): string {
  const { train, ...record } = archive.runs.run(runId)
  const columns = Object.entries(measuredColumns(archive, runId))
  const measurements = Object.fromEntries(columns.map(([name, values]) => [name, [...values]]))
  const snapshots = archive.snapshots.listSnapshots(runId)
  return `${JSON.stringify({ ...record, train: train ? [...train] : null, measurements, snapshots }, null, 2)}\n`
}
