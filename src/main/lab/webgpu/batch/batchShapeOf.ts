import { LabError } from '../../../../shared/errors.ts'
import type { ComposedRunSpec, RunSpec, TrainingSpec } from '../../../../shared/experiment.ts'
import type { NetworkTask } from '../../../../shared/tasks/tasks.ts'
import { createModel } from '../../models/createModel.ts'
import { taskData } from '../../tasks/taskData.ts'
import { batchLayout, mostUnits, type BatchShape } from './batchShape.ts'

/** A run that can be one of a batch. */
export type BatchableSpec = ComposedRunSpec & { task: NetworkTask; dynamics: TrainingSpec }

type Limits = Pick<GPUSupportedLimits, 'maxComputeWorkgroupStorageSize' | 'maxComputeInvocationsPerWorkgroup'>

/**
 * The shape of a run, which those of one batch share: sizes and kind of its task, width, activation, loss, optimizer, batch size, and whether
 * it is clipped; not its data, its start, its seed or its settings. What a workgroup of the GPU has too little memory for is
 * computed as a grid. Throws INVALID_SPECIFICATION naming the field of what no kernel is there for.
 */
export function batchShapeOf(run: RunSpec, limits: Limits): BatchShape {
  const spec = requireBatchable(run)
  const { task, dynamics, network } = spec
  const { X, targets, inputs, outputs, size } = dataOf(spec)
  if (X.kind !== 'tokens' || targets.kind !== 'classes') {
    const lacks = X.kind === 'tokens' ? 'its targets are not classes' : 'its inputs are not tokens'
    throw refused('task.kind', task.kind, `${lacks}: many runs at once on a GPU need tokens and classes`)
  }
  const shape = {
    samples: size,
    inputs,
    hidden: network.hidden,
    outputs,
    perRow: X.perRow,
    activation: createModel(network).linearReadout!.activation,
    loss: dynamics.loss,
    hasBiases: false,
    optimizer: dynamics.optimizer.kind,
    batchSize: dynamics.batch?.size,
    isClipped: dynamics.maxGradientNorm !== undefined,
  }
  const { bytes, threads } = batchLayout(shape)
  const { maxComputeWorkgroupStorageSize: most, maxComputeInvocationsPerWorkgroup: mostThreads } = limits
  const fits = shape.hidden <= mostUnits && bytes <= most && threads <= mostThreads
  return { ...shape, form: fits ? 'workgroup' : 'grid' }
}

function requireBatchable(spec: RunSpec): BatchableSpec {
  if ('study' in spec) throw refused('study', spec.study.kind, 'a study is not trained')
  const { task, dynamics, network, record, initialization, precision } = spec
  if (dynamics.kind !== 'training') throw refused('dynamics.kind', dynamics.kind, 'a GPU trains ("training") only')
  if (task.kind === 'toy' || task.kind === 'dataset')
    throw refused('task.kind', task.kind, 'a GPU trains on tokens only')
  if (precision !== 'float32') throw refused('precision', precision, 'a GPU computes in "float32"')
  if (!createModel(network).linearReadout)
    throw refused('network.biases', true, 'it has kernels for two layers without biases')
  if (record.chattering)
    throw refused('record.chattering', record.chattering.every, 'it looks ahead on a copy of the network')
  if (initialization.kind === 'file') throw refused('initialization.kind', 'file', 'runs there draw their start')
  return { ...spec, task, dynamics }
}

function refused(field: string, value: unknown, why: string): LabError {
  const message = `${field}: ${JSON.stringify(value)} is not allowed for many runs at once on a GPU: ${why}`
  return new LabError('INVALID_SPECIFICATION', message, [{ path: field, value, message }])
}

/** The last data that was asked for: runs of a sweep differ in other things more often. */
let latest: { key: string; data: ReturnType<typeof taskData> } | undefined

function dataOf({ task, seed }: BatchableSpec): ReturnType<typeof taskData> {
  const key = JSON.stringify([task, seed])
  if (latest?.key !== key) latest = { key, data: taskData(task, seed) }
  return latest.data
}
