import { resolve } from 'node:path'
import type { ComposedSpec, ExperimentSpec } from '../../../shared/experiment.ts'
import { describeArrays, listArrays, type ArrayDescription, type GivenArrays } from '../../../shared/givenArrays.ts'
import { invalidFile } from '../../../shared/invalidFile.ts'
import { parameterNames, parametersOf } from '../../../shared/models/models.ts'
import type { InitialState } from '../../../shared/run.ts'
import { describeSeedless, isSeedless } from '../../../shared/seedlessRuns.ts'
import { shareWarnings, startFromArrays } from '../../../shared/startFromArrays.ts'
import { maxNumbers } from '../../../shared/tasks/dataset.ts'
import { isNetworkTask, taskSizes } from '../../../shared/tasks/tasks.ts'
import { startHash } from '../../store/startHash.ts'
import { givenPath } from '../givenPath.ts'
import { readNpz } from './readNpz.ts'

export interface InitialStateFile {
  state: InitialState
  /** Of the numbers of the file, whichever of them the specification takes. */
  hash: string
  /** What a person should know of a file that is taken. */
  warnings: string[]
}

/**
 * The start that `initialization.kind: "file"` names, as `startFromArrays` has it; `folder` is where relative paths begin. Throws
 * INVALID_FILE, also where the specification says what the file held and it has changed since.
 */
export async function readInitialState(spec: ExperimentSpec, folder: string): Promise<InitialStateFile | undefined> {
  if ('study' in spec) return undefined
  const { initialization, task, network } = spec
  if (initialization.kind !== 'file' || !isNetworkTask(task)) return undefined
  const sizes = taskSizes(task)
  const shapes = parametersOf(network, sizes)
  const largest = Math.max(...shapes.map(({ rows, columns }) => rows * columns), sizes.total)
  const { path, arrays, others, hash } = await readStartFile(initialization.path, folder, largest)
  const state = startFromArrays(spec, arrays, { path, others })!
  const said = initialization.hash
  if (said !== undefined && said !== hash) throw changedSince(path, 'initialization.hash', said, hash)
  const names = [...shapes.map(({ name }) => name), 'train']
  const unused = [...describeArrays(arrays).filter(({ name }) => !names.includes(name)), ...others]
  return {
    state,
    hash,
    warnings: [
      ...warningsOf(path, names, unused),
      ...shareWarnings(path, state, sizes),
      ...seedWarnings(path, state, spec),
    ],
  }
}

export function changedSince(path: string, field: string, said: string, found: string): Error {
  const message = `holds other weights than ${field} says, whose hash is ${said}; its own is ${found}`
  return invalidFile(path, `${message}; to take it as it is now, leave ${field} out`)
}

export function warningsOf(path: string, names: readonly string[], unused: readonly ArrayDescription[]): string[] {
  if (unused.length === 0) return []
  const taken = `a start takes ${names.filter((name) => name !== 'train').join(', ')} and train`
  return [`${path}: not used: ${listArrays(unused)}; ${taken}`]
}

function seedWarnings(path: string, state: InitialState, spec: ComposedSpec): string[] {
  const { length } = spec.seeds
  return length > 1 && isSeedless(spec, state) ? [`${path}: ${describeSeedless(length)}`] : []
}

export interface StartFile {
  /** Where it was found. */
  path: string
  arrays: GivenArrays
  hash: string
  others: readonly ArrayDescription[]
}

/** What a start of any specification may take of a file, an array having at most so many numbers. Throws INVALID_FILE. */
export async function readStartFile(given: string, folder: string, largest = 0): Promise<StartFile> {
  const path = resolve(folder, givenPath(given, 'initialization.path'))
  const limit = 8 * Math.max(largest, maxNumbers) + 65_536
  const { arrays, others } = await readNpz(path, startArrays, limit, advice)
  return { path, arrays, others, hash: startHash(arrays) }
}

/** What a start may have, of whatever model. */
export const startArrays = [...parameterNames, 'train'] as const

const advice = 'save the start from Python by numpy.savez("start.npz", E=…)'
