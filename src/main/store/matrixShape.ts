import type { RunSpec } from '../../shared/experiment.ts'
import { describeStudy } from '../../shared/studies/studies.ts'
import { isNetworkTask, taskSizes } from '../../shared/tasks/tasks.ts'

/** E, W and what a dynamics or a measurement keeps of the shape of either: momenta, moments, weights of before. */
const layerOf: Readonly<Record<string, 'E' | 'W'>> = {
  E: 'E',
  W: 'W',
  velocityE: 'E',
  velocityW: 'W',
  meanE: 'E',
  meanW: 'W',
  squareE: 'E',
  squareW: 'W',
  laggedE: 'E',
  laggedW: 'W',
  stepStartE: 'E',
  stepStartW: 'W',
}

/** The only shape that a matrix of a run can have; `undefined` where its runs have no such matrix. */
export function matrixShape(spec: RunSpec, name: string): { rows: number; columns: number } | undefined {
  if ('study' in spec) return new Map(Object.entries(describeStudy(spec.study).arrays(spec.study))).get(name)
  const { task, network } = spec
  if (!Object.hasOwn(layerOf, name)) return undefined
  const { inputs, outputs } = taskSizes(task)
  const isOfE = layerOf[name] === 'E'
  if (!isNetworkTask(task)) return isOfE ? { rows: 1, columns: inputs } : undefined
  return isOfE ? { rows: inputs, columns: network.hidden } : { rows: network.hidden, columns: outputs }
}

/** The matrices of a snapshot that are to be looked at, where they are there: without the first it shows nothing. */
export function shownMatrices(spec: RunSpec): readonly string[] {
  return 'study' in spec ? Object.keys(describeStudy(spec.study).arrays(spec.study)) : ['E', 'W']
}
