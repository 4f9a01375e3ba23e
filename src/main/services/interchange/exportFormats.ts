import { LabError } from '../../../shared/errors.ts'
import { printableJson } from '../../../shared/printable.ts'
import { quote } from '../../../shared/quote.ts'
import { quoteCsv } from '../../../shared/quoteCsv.ts'
import { isSettled } from '../../../shared/run.ts'
import type { MatrixData } from '../../../shared/matrix.ts'
import type { FacetPath } from '../../../shared/specification/facets.ts'
import type { Caller } from '../../engine/host/caller.ts'
import type { Archive } from '../../store/archive.ts'
import { shownMatrices } from '../../store/matrixShape.ts'
import type { MeasurementLayout } from '../../store/measurementLayout.ts'
import { encodeNpz } from './encodeNpz.ts'
import type { NumpyStream } from './numpyArray.ts'
import { recordForScripts } from './recordForScripts.ts'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface ExportFormat {
  /** How menus call it. */
  label: string
  /** Of the file's name. */
  ending: string
  /** What a run must have that there is something to write. */
  needs?: FacetPath
  /** What is in it. */
  about: string
  mediaType: string
  /** The file, part by part, however long the run is. */
  write(archive: Archive, runId: string, caller: Pick<Caller, 'call'>): AsyncIterable<Uint8Array> | Iterable<string>
}

/** The files that a run can be written to: whatever offers them, or takes their names, reads this list. */
export const exportFormats = {
  /**
   * Float64 arrays `step`, `tau`, `seconds`, one per measurement, `snapshotSteps`, `E` (snapshots × p × d_h), `W`
   * (snapshots × d_h × p; a toy model has none), and int32 `train`.
   */
  npz: {
    label: 'NumPy',
    ending: 'npz',
    about: 'measurements, snapshots and the split as arrays',
    mediaType: 'application/zip',
    write: (archive, runId) => encodeNpz(Object.entries(runArrays(archive, runId))),
  },
  csv: {
    label: 'CSV',
    ending: 'csv',
    about: 'the measurements, a line each',
    mediaType: 'text/csv',
    write: measurementsCsv,
  },
  json: {
    label: 'JSON',
    ending: 'json',
    about: 'the record of the run and its measurements',
    mediaType: 'application/json',
    write: runJson,
  },
  /**
   * int32 `batchIndices` (steps × b): which rows of `train` each step is taken on, −1 where a batch is shorter; and `train`
   * (int32). Computed again from the seed. Of a run that has ended, the steps that it took; of another, all that it is to take.
   */
  batches: {
    label: 'minibatches',
    ending: 'npz',
    needs: 'dynamics.batch.size',
    about: 'which training pairs each step is taken on, as indices',
    mediaType: 'application/zip',
    write: (archive, runId, caller) => encodeNpz(Object.entries(batchArrays(archive, runId, caller))),
  },
  /** The file that the run is set before, as it can be read again: float64 `X`, `Y` (int32 classes), and its int32 `train`. */
  data: {
    label: 'data',
    ending: 'npz',
    needs: 'task.content.hash',
    about: 'the samples of the data file that the run was given',
    mediaType: 'application/zip',
    write: (archive, runId) => encodeNpz(Object.entries(datasetArrays(archive, runId))),
  },
} as const satisfies Record<string, ExportFormat>

export type ExportFormatName = keyof typeof exportFormats
export const exportFormatNames = Object.keys(exportFormats) as ExportFormatName[]

/** Throws `INVALID_REQUEST` where there is no such format. */
export function exportFormatOf(given: string): ExportFormatName {
  const name = exportFormatNames.find((each) => each === given)
  if (name) return name
  throw new LabError(
    'INVALID_REQUEST',
    `format: ${quote(given)} is not allowed; one of ${exportFormatNames.join(', ')}`,
  )
}

/** Entries of the batches that are computed at once. */
const entriesAtOnce = 2 ** 20

function batchArrays(archive: Archive, runId: string, caller: Pick<Caller, 'call'>): Record<string, NumpyStream> {
  const { spec, train } = archive.runs.run(runId)
  const dynamics = 'study' in spec ? undefined : spec.dynamics
  if (dynamics?.kind !== 'training' || !dynamics.batch) {
    throw new LabError('INVALID_REQUEST', `run ${runId} was not trained on minibatches: it has no batches`)
  }
  if (!train) throw new LabError('NOT_FOUND', `run ${runId} has not started: it has no training set yet`)
  const { seed } = spec
  const { status, step } = archive.runs.summary(runId)
  const steps = isSettled(status) ? step : dynamics.steps
  const { batch } = dynamics
  const { size } = batch
  const samples = train.length

  async function* parts(): AsyncIterable<Int32Array> {
    const stepsAtOnce = Math.max(1, Math.floor(entriesAtOnce / size))
    for (let from = 0; from < steps; from += stepsAtOnce) {
      yield await caller.call('training.batches', {
        batch,
        samples,
        seed,
        from,
        to: Math.min(steps, from + stepsAtOnce),
      })
    }
  }

  return {
    batchIndices: { shape: [steps, size], type: '<i4', parts: parts() },
    train: { shape: [samples], type: '<i4', parts: [train] },
  }
}

function datasetArrays({ datasets }: Archive, runId: string): Record<string, NumpyStream> {
  const dataset = datasets.ofRun(runId)
  if (!dataset) throw new LabError('INVALID_REQUEST', `run ${runId} was not computed on data from a file`)
  const matrix = ({ rows, columns, data }: MatrixData): NumpyStream => ({
    shape: [rows, columns],
    type: '<f8',
    parts: [data],
  })
  const list = (values: Int32Array): NumpyStream => ({ shape: [values.length], type: '<i4', parts: [values] })
  const { X, Y, train } = dataset
  return {
    X: matrix(X),
    Y: Y instanceof Int32Array ? list(Y) : matrix(Y),
    ...(train ? { train: list(train) } : {}),
  }
}

/** What was measured until now, and the names of its columns; what is stored later is not among it. */
function measuredTable({ curves }: Archive, runId: string): { layout: MeasurementLayout; names: string[] } {
  const layout = curves.layout(runId)
  const wrong = layout.names.find((name) => !/^\w{1,100}$/.test(name))
  if (wrong !== undefined) {
    throw new LabError('ARCHIVE_UNREADABLE', `run ${runId} is damaged: ${quote(wrong)} is no name of a measurement`)
  }
  return { layout, names: ['step', 'tau', 'seconds', ...layout.names] }
}

function* partsOf({ curves }: Archive, layout: MeasurementLayout, name: string): Iterable<Float64Array> {
  for (let index = 0; index <= layout.parts.length; index++) yield curves.readPart(layout, name, index)
}

function runArrays(archive: Archive, runId: string): Record<string, NumpyStream> {
  const { train } = archive.runs.run(runId)
  const { layout, names } = measuredTable(archive, runId)
  const column = (name: string) => ({
    shape: [layout.rows],
    type: '<f8' as const,
    parts: partsOf(archive, layout, name),
  })
  const steps = lastingSnapshots(archive, runId).map(({ step }) => step)
  return {
    ...Object.fromEntries(names.map((name) => [name, column(name)])),
    snapshotSteps: { shape: [steps.length], type: '<f8', parts: [Float64Array.from(steps)] },
    ...stackedMatrices(archive, runId),
    ...(train ? { train: { shape: [train.length], type: '<i4' as const, parts: [train] } } : {}),
  }
}

/** Of a run that goes on without its checkpoint, whose place the next one takes while this is written. */
function lastingSnapshots({ runs, snapshots }: Archive, runId: string) {
  const goesOn = !isSettled(runs.status(runId))
  return snapshots.listSnapshots(runId).filter(({ reason }) => !goesOn || reason !== 'checkpoint')
}

/** The matrices of all snapshots as arrays with a leading axis, one matrix in memory at a time. */
function stackedMatrices(archive: Archive, runId: string): Record<string, NumpyStream> {
  const { runs, snapshots } = archive
  const described = lastingSnapshots(archive, runId)
  const kept = shownMatrices(runs.run(runId).spec)
  const first = described[0]?.matrices.filter(({ name }) => kept.includes(name)) ?? []
  return Object.fromEntries(
    first.map(({ name, rows, columns }) => {
      for (const { step, matrices } of described) {
        if (matrices.some((other) => other.name === name && other.rows === rows && other.columns === columns)) continue
        throw new LabError('ARCHIVE_UNREADABLE', `run ${runId} has no ${name} of ${rows} × ${columns} at step ${step}`)
      }
      return [name, { shape: [described.length, rows, columns], type: '<f8' as const, parts: matrices(name) }]
    }),
  )

  function* matrices(name: string): Iterable<Float64Array> {
    for (const { step } of described) {
      const { data } = snapshots.readMatrix(runId, step, name)
      yield data instanceof Float64Array ? data : Float64Array.from(data)
    }
  }
}

function* measurementsCsv(archive: Archive, runId: string): Iterable<string> {
  const { layout, names } = measuredTable(archive, runId)
  yield `${names.map(quoteCsv).join(',')}\n`
  for (let index = 0; index <= layout.parts.length; index++) {
    const columns = names.map((name) => archive.curves.readPart(layout, name, index))
    for (let start = 0; start < columns[0]!.length; start += linesAtOnce) {
      let lines = ''
      for (let row = start; row < Math.min(start + linesAtOnce, columns[0]!.length); row++) {
        lines += `${columns.map((column) => number(column[row]!)).join(',')}\n`
      }
      yield lines
    }
    if (index % partsBetweenCollections === 0) collectGarbage()
  }
}

const partsBetweenCollections = 16

/** Few enough that what is garbage soon is small. */
const linesAtOnce = 256

/** Empty where nothing was measured, as spreadsheets and pandas read it. */
function number(value: number): string {
  return Number.isNaN(value) ? '' : String(value)
}

function* runJson(archive: Archive, runId: string): Iterable<string> {
  const { train, foreignSpec, ...run } = recordForScripts(archive.runs.shown(runId))
  const record = { ...run, spec: run.spec ?? foreignSpec }
  const { layout, names } = measuredTable(archive, runId)
  yield printableJson({ ...record, train: train ? [...train] : null }, 2).slice(0, -2)
  yield ',\n  "measurements": {'
  let separator = '\n'
  for (const name of names) {
    yield `${separator}    ${JSON.stringify(name)}: [`
    yield* joined(partsOf(archive, layout, name))
    yield ']'
    separator = ',\n'
  }
  const snapshots = JSON.stringify(lastingSnapshots(archive, runId), null, 2)
  yield `\n  },\n  "snapshots": ${snapshots.replaceAll('\n', '\n  ')}\n}\n`
}

/** Numbers of all parts as JSON between its brackets. */
function* joined(parts: Iterable<Float64Array>): Iterable<string> {
  let separator = ''
  for (const part of parts) {
    if (part.length === 0) continue
    yield separator + JSON.stringify([...part]).slice(1, -1)
    separator = ','
  }
}

setFlagsFromString('--expose-gc')

/** Gives back memory that is used no more: the engine waits with that while it has plenty, however long an export. */
const collectGarbage = runInNewContext('gc') as () => void
