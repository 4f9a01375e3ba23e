import type { TaskSizes } from '../tasks/task.ts'

/** A matrix of parameters, under the name that files, snapshots and specifications have for it. */
export interface ParameterDescription {
  name: string
  /** In lower case. */
  label: string
  rows: number
  columns: number
  /** The layer that it counts with in norms and when a layer is rescaled: all before the readout are the first. */
  layer: 'first' | 'second'
  /** What a row of it belongs to; a bias has one row. */
  rowsOf: 'inputs' | 'units' | 'bias'
  columnsOf: 'units' | 'outputs'
}

/**
 * What a kind of model says of itself without its weights: what problems, files, lenses and analyses may ask. Its
 * mathematics is its other half, in `lab/models`.
 */
export interface ModelDescription<Spec, Name extends string = string> {
  /** In lower case. */
  label: string
  /** Of one model, on m inputs and o outputs. */
  title(spec: Spec, sizes: Pick<TaskSizes, 'inputs' | 'outputs'>): string
  /** All that a model of this kind may have, in the order of the layers. */
  parameterNames: readonly Name[]
  /** Those of one, in that order. */
  parameters(spec: Spec, sizes: Pick<TaskSizes, 'inputs' | 'outputs'>): readonly ParameterDescription[]
  /** Whether its outputs are σ(XE)W, or with biases σ(XE + b)W + c: what devices have kernels for. */
  isTwoLayers: boolean
  /** Why its outputs are no linear map σ(XE)W of one layer of hidden units; null where they are. */
  whyNoLinearReadout(spec: Spec): string | null
}
