import type { RunSpec } from '../../shared/experiment.ts'
import type { ParameterDescription } from '../../shared/models/model.ts'
import { parametersOf } from '../../shared/models/models.ts'
import { isNetworkTask, taskSizes } from '../../shared/tasks/tasks.ts'

export type ParameterShape = Pick<ParameterDescription, 'name' | 'rows' | 'columns'>

/** What a dynamics or a measurement keeps of the shape of a parameter: momenta, moments, weights of before. */
const keptOfParameter = ['', 'velocity', 'mean', 'square', 'lagged', 'stepStart']

/** The parameters of a run; a closed model keeps its few weights as one row E. */
export function parameterShapes({ task, network }: Pick<RunSpec, 'task' | 'network'>): readonly ParameterShape[] {
  const sizes = taskSizes(task)
  return isNetworkTask(task) ? parametersOf(network, sizes) : [{ name: 'E', rows: 1, columns: sizes.inputs }]
}

/** The only shape that a matrix of a run can have; `undefined` where its runs have no such matrix. */
export function matrixShape(spec: RunSpec, name: string): { rows: number; columns: number } | undefined {
  const found = parameterShapes(spec).find((parameter) =>
    keptOfParameter.some((kept) => kept + parameter.name === name),
  )
  return found && { rows: found.rows, columns: found.columns }
}
