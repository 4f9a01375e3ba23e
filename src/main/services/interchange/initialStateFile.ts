import { resolve } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { splitSizes, type ExperimentSpec } from '../../../shared/experiment.ts'
import type { InitialState, MatrixData } from '../../../shared/run.ts'
import type { NumpyArray } from './npy.ts'
import { readNpz } from './npz.ts'

/**
 * The start that `initialization.kind: "file"` names: a `.npz` with `E` (p × d_h), optionally `W` (d_h × p) and `train`
 * (indices into D). float32 is widened. `folder` is where relative paths begin. Throws INVALID_FILE.
 */
export async function readInitialState(spec: ExperimentSpec, folder: string): Promise<InitialState | undefined> {
  if (spec.initialization.kind !== 'file' || spec.task.kind !== 'modularAddition') return undefined
  const path = resolve(folder, spec.initialization.path)
  const { modulus } = spec.task
  const { hidden } = spec.network
  const { total } = splitSizes(spec.task)
  const largest = 8 * Math.max(modulus * hidden, total) + 65_536
  const { E, W, train } = await readNpz(path, ['E', 'W', 'train'], largest)
  if (!E) throw new LabError('INVALID_FILE', `${path}: lacks the array E (${modulus} × ${hidden})`)
  return {
    E: toMatrix(path, 'E', E, modulus, hidden),
    ...(W ? { W: toMatrix(path, 'W', W, hidden, modulus) } : {}),
    ...(train ? { train: toTrainingPairs(path, train, total, spec) } : {}),
  }
}

function toMatrix(path: string, name: string, { shape, data }: NumpyArray, rows: number, columns: number): MatrixData {
  if (shape.length !== 2 || shape[0] !== rows || shape[1] !== columns) {
    throw new LabError(
      'INVALID_FILE',
      `${path}: ${name} has shape (${shape.join(', ')}); this specification needs (${rows}, ${columns})`,
    )
  }
  if (data instanceof Int32Array) {
    throw new LabError('INVALID_FILE', `${path}: ${name} holds whole numbers; allowed: float64 or float32`)
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) {
    const place = `[${Math.floor(wrong / columns)}, ${wrong % columns}]`
    throw new LabError('INVALID_FILE', `${path}: ${name}${place} is ${data[wrong]}; only finite numbers are allowed`)
  }
  return { rows, columns, data }
}

function toTrainingPairs(path: string, array: NumpyArray, size: number, spec: ExperimentSpec): Int32Array {
  const { dynamics, network } = spec
  const train = toIndices(path, array, size)
  if (dynamics.kind === 'isolated' && dynamics.ridge === 0 && network.hidden < train.length) {
    throw new LabError(
      'INVALID_FILE',
      `${path}: train holds ${train.length} training pairs, and with dynamics.ridge 0 at most network.hidden ` +
        `(${network.hidden}) are allowed`,
    )
  }
  return train
}

function toIndices(path: string, { shape, data }: NumpyArray, size: number): Int32Array {
  if (shape.length !== 1 || !(data instanceof Int32Array)) {
    throw new LabError(
      'INVALID_FILE',
      `${path}: train has shape (${shape.join(', ')}); allowed: a list of whole numbers`,
    )
  }
  const seen = new Set<number>()
  for (const index of data) {
    if (index < 0 || index >= size) {
      throw new LabError('INVALID_FILE', `${path}: train holds the index ${index}; allowed: 0 to ${size - 1}`)
    }
    if (seen.has(index)) {
      throw new LabError('INVALID_FILE', `${path}: train holds the index ${index} twice; each pair may stand once`)
    }
    seen.add(index)
  }
  if (seen.size === 0 || seen.size === size) {
    throw new LabError('INVALID_FILE', `${path}: train holds ${seen.size} of ${size} pairs; both parts need at least 1`)
  }
  return data.slice().sort()
}
