import type { ComposedSpec, RunSpec } from '../../shared/experiment.ts'
import type { ParameterDescription } from '../../shared/models/model.ts'
import { parametersOf } from '../../shared/models/models.ts'
import { describeStudy } from '../../shared/studies/studies.ts'
import { isNetworkTask, taskSizes } from '../../shared/tasks/tasks.ts'

export type ParameterShape = Pick<ParameterDescription, 'name' | 'rows' | 'columns'>

/** What a dynamics or a measurement keeps of the shape of a parameter: momenta, moments, weights of before. */
const keptOfParameter = ['', 'velocity', 'mean', 'square', 'lagged', 'stepStart']

/** The parameters of a run; a closed model keeps its few weights as one row E, a study its arrays. */
export function parameterShapes(spec: RunSpec | ComposedSpec): readonly ParameterShape[] {
  if ('study' in spec) {
    return Object.entries(describeStudy(spec.study).arrays(spec.study)).map(([name, shape]) => ({ name, ...shape }))
  }
  const { task, network } = spec
  const sizes = taskSizes(task)
  return isNetworkTask(task) ? parametersOf(network, sizes) : [{ name: 'E', rows: 1, columns: sizes.inputs }]
}

/** The only shape that a matrix of a run can have; `undefined` where its runs have no such matrix. */
export function matrixShape(spec: RunSpec, name: string): { rows: number; columns: number } | undefined {
  const found = parameterShapes(spec).find((parameter) => keptOf(spec).some((kept) => kept + parameter.name === name))
  return found && { rows: found.rows, columns: found.columns }
}

/** A study keeps nothing beside its arrays. */
function keptOf(spec: RunSpec): readonly string[] {
  return 'study' in spec ? [''] : keptOfParameter
}

/** The matrices of a snapshot that are to be looked at, where they are there: without the first it shows nothing. */
export function shownMatrices(spec: RunSpec): readonly string[] {
  return parameterShapes(spec).map(({ name }) => name)
}
