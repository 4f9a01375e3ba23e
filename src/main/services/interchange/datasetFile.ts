import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { nameThings } from '../../../shared/formatting/countThings.ts'
import { describeArrays, listArrays } from '../../../shared/givenArrays.ts'
import { invalidFile } from '../../../shared/invalidFile.ts'
import {
  datasetContent,
  maxClasses,
  maxNumbers,
  type Dataset,
  type DatasetContent,
} from '../../../shared/tasks/dataset.ts'
import { indicesOf } from '../../../shared/tasks/indicesOf.ts'
import { datasetHash } from '../../store/datasetHash.ts'
import { givenPath } from '../givenPath.ts'
import type { NumpyArray } from './numpyArray.ts'
import { readNpz } from './readNpz.ts'

/** A specification as it was given, with what its file of data holds where it names one. */
export interface CompletedInput {
  input: unknown
  /** What the file holds, unless the archive has it already. */
  dataset?: Dataset
  /** What a person should know of a file that is taken. */
  warnings: string[]
}

export interface DatasetFile {
  dataset: Dataset
  content: DatasetContent
  warnings: string[]
}

export interface DatasetReader {
  /** The file at a path as a person wrote it; `folder` is where relative ones begin. */
  describe(path: string, folder: string): Promise<DatasetFile>
  complete(input: unknown, folder: string): Promise<CompletedInput>
}

/**
 * Completes specifications whose task is data from a file: reads the `.npz`, and writes into `task.content` what it holds,
 * and the split that it names. A specification that says itself what its file held
 * is of that data: the archive's where `isStored` knows its hash, else the file's, which is then refused if it has changed.
 * What was read last is remembered for as long as the file is the same. Throws INVALID_FILE.
 */
export function createDatasetReader(isStored: (hash: string) => boolean): DatasetReader {
  let last: { key: string; found: DatasetFile } | undefined

  async function describe(given: string, folder: string): Promise<DatasetFile> {
    const path = resolve(folder, givenPath(given, 'task.path'))
    const file = await stat(path, { bigint: true }).catch(() => undefined)
    const key = JSON.stringify([path, String(file?.ino), String(file?.mtimeNs), String(file?.size)])
    if (!file || last?.key !== key) last = { key, found: await readDataset(path) }
    return last.found
  }

  async function complete(input: unknown, folder: string): Promise<CompletedInput> {
    const task = datasetTaskOf(input)
    if (!task) return { input, warnings: [] }
    const said = saidDataset(input)
    // What is no hash is refused by the schema.
    if (task.content !== undefined && said === undefined) return { input, warnings: [] }
    const read = describe(task.path, folder)
    const isKept = said !== undefined && isStored(said)
    const found = isKept ? await read.catch(() => undefined) : await read
    if (isKept) {
      const hasChanged = found !== undefined && found.content.hash !== said
      const warning = `${task.path} has changed since; the run uses the copy of its data kept in the archive (${said})`
      return { input, warnings: hasChanged ? [warning] : [] }
    }
    const { content, dataset, warnings } = found!
    if (task.content !== undefined && said !== content.hash) {
      const message = `holds other data than task.content says, whose hash is ${said}; its own is ${content.hash}`
      throw invalidFile(task.path, `${message}; to take it as it is now, leave task.content out`)
    }
    return { input: { ...(input as object), task: { ...task, ...splitOf(task, content), content } }, dataset, warnings }
  }

  return { describe, complete }
}

/** The hash of the data that a specification says itself that it is of. */
export function saidDataset(input: unknown): string | undefined {
  return datasetContent.shape.hash.safeParse(datasetTaskOf(input)?.content?.hash).data
}

interface GivenTask {
  path: string
  content?: { hash?: unknown }
  trainFraction?: unknown
  split?: { kind?: unknown }
}

/** What is no such task, or has no path, the schema refuses. */
function datasetTaskOf(input: unknown): GivenTask | undefined {
  const task = (input as { task?: unknown } | null | undefined)?.task as (GivenTask & { kind?: unknown }) | undefined
  return task?.kind === 'dataset' && typeof task.path === 'string' && task.path !== '' ? task : undefined
}

/** The file's own split holds where the specification names no other. */
function splitOf({ split, trainFraction }: GivenTask, { samples, train }: DatasetContent) {
  if (train === undefined || (split !== undefined && split?.kind !== 'file')) return {}
  return { split: { kind: 'file' }, trainFraction: trainFraction ?? train / samples }
}

const advice = 'save the data from Python by numpy.savez("data.npz", X=…, Y=…)'

/** Room for the numbers of float64 and for a header. */
const largestArrayBytes = 8 * maxNumbers + 65_536

async function readDataset(path: string): Promise<DatasetFile> {
  const { arrays, others } = await readNpz(path, ['X', 'Y', 'train'], largestArrayBytes, advice)
  const { X, Y, train } = arrays
  if (!X || !Y) {
    const missing = [...(X ? [] : ['X (samples × features)']), ...(Y ? [] : ['Y (a row or a class for each sample)'])]
    const there = [...describeArrays(arrays), ...others]
    const holds = there.length === 0 ? 'no array' : listArrays(there)
    throw invalidFile(path, `lacks ${missing.join(' and ')}; it holds ${holds}; ${advice}`)
  }
  const [samples, features] = toShape(path, X)
  const { targets, outputs } = toTargets(path, Y, samples)
  const dataset: Dataset = {
    X: { rows: samples, columns: features, data: toNumbers(path, 'X', X) },
    Y: targets,
    ...(train ? { train: indicesOf(path, train, samples, true) } : {}),
  }
  const content: DatasetContent = {
    hash: datasetHash(dataset),
    samples,
    features,
    targets: targets instanceof Int32Array ? 'classes' : 'real',
    outputs,
    ...(dataset.train ? { train: dataset.train.length } : {}),
  }
  const unused = `${path}: not used: ${listArrays(others)}; data takes X, Y and train`
  return { dataset, content, warnings: others.length > 0 ? [unused] : [] }
}

function toShape(path: string, { shape }: NumpyArray): [rows: number, columns: number] {
  const [rows, columns] = shape
  if (rows === undefined || columns === undefined || shape.length > 2) {
    const reshaped = shape.length > 2 ? '; save X.reshape(len(X), -1)' : ''
    throw invalidFile(path, `X has shape (${shape.join(', ')}); allowed: (n, m), a row for each sample${reshaped}`)
  }
  if (rows >= 2 && columns >= 1) return [rows, columns]
  throw invalidFile(path, `X has shape (${shape.join(', ')}); at least two samples of at least one feature are needed`)
}

/** One of o classes for each sample where they are whole numbers in a list, else n × o real numbers. */
function toTargets(path: string, Y: NumpyArray, samples: number): { targets: Dataset['Y']; outputs: number } {
  const [rows, columns = 1] = Y.shape
  if (rows === undefined || Y.shape.length > 2 || columns < 1) {
    const allowed = `a list of ${samples} classes, or (${samples}, o) numbers with o at least 1`
    throw invalidFile(path, `Y has shape (${Y.shape.join(', ')}); allowed: ${allowed}`)
  }
  if (rows !== samples)
    throw invalidFile(
      path,
      `Y has ${rows} ${nameThings(rows, 'row')} and X has ${samples}; both need one for each sample`,
    )
  const isWhole = Y.data instanceof Int32Array || Y.data instanceof Uint8Array
  if (!isWhole || columns > 1) {
    return { targets: { rows, columns, data: toNumbers(path, 'Y', Y) }, outputs: columns }
  }
  if (Y.shape.length === 1) return toClasses(path, Int32Array.from(Y.data))
  throw invalidFile(
    path,
    `Y has shape (${rows}, 1) of whole numbers: save Y.ravel() for classes, Y.astype(float) for real targets`,
  )
}

function toClasses(path: string, classes: Int32Array): { targets: Int32Array; outputs: number } {
  const negative = classes.findIndex((each) => each < 0)
  if (negative >= 0) throw invalidFile(path, `Y[${negative}] is ${classes[negative]}; classes are 0, 1, …`)
  const largest = classes.reduce((max, each) => Math.max(max, each), 0)
  if (largest >= maxClasses) {
    throw invalidFile(
      path,
      `Y[${classes.indexOf(largest)}] is ${largest}; at most ${maxClasses} classes are allowed, from 0 on`,
    )
  }
  if (largest === 0) throw invalidFile(path, 'Y holds the class 0 alone; at least two classes are needed')
  const isUsed = new Uint8Array(largest + 1)
  for (const each of classes) isUsed[each] = 1
  const unused = isUsed.indexOf(0)
  if (unused >= 0) {
    throw invalidFile(path, `Y has no sample of class ${unused}; every class from 0 to ${largest} needs at least one`)
  }
  return { targets: classes, outputs: largest + 1 }
}

/** Constant columns are allowed. */
function toNumbers(path: string, name: string, { shape, data }: NumpyArray): Float64Array {
  if (data.length > maxNumbers) throw invalidFile(path, `${name} holds ${data.length} numbers; allowed: ${maxNumbers}`)
  const wrong = data.findIndex((value) => !Number.isFinite(value))
  if (wrong < 0) return Float64Array.from(data)
  const columns = shape[1]
  const place = columns === undefined ? `${wrong}` : `${Math.floor(wrong / columns)}, ${wrong % columns}`
  throw invalidFile(path, `${name}[${place}] is ${data[wrong]}; only finite numbers are allowed`)
}
