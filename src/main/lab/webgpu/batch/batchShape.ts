import type { TrainingSpec } from '../../../../shared/experiment.ts'
import { momentNames } from '../optimizerKernels.ts'
import type { StepShape } from '../stepShape.ts'

/** How a run of a batch is computed: in the memory of one workgroup, or as a layer of a grid of workgroups for each product. */
export type BatchForm = 'workgroup' | 'grid'

/** What all runs of a batch have in common: all that its kernels are written for. `samples` are all, also those held out: how many are is a run's own. */
export interface BatchShape extends StepShape {
  readonly form: BatchForm
  readonly perRow: number
  readonly optimizer: TrainingSpec['optimizer']['kind']
  /** Samples of a step, at most, where it is not taken on all. */
  readonly batchSize: number | undefined
  /** Whether gradients are clipped. */
  readonly isClipped: boolean
}

/** Units that a thread has one of each. */
export const mostUnits = 256

/** What of a step's outputs is summed at once, in columns of four. */
const mostColumnsAtOnce = 3

/**
 * How a run lies in a workgroup, by its shape alone, so that no sum depends on how many runs there are, or on the GPU. A thread has a
 * hidden unit; forward, they share `rows` samples at a time, each in `slices` of hidden units.
 */
export function batchLayout({ samples, inputs, hidden, outputs, perRow, optimizer }: Omit<BatchShape, 'form'>) {
  const threads = [32, 64, 128, 256].find((count) => count >= hidden) ?? mostUnits
  const slices = 8
  const rows = threads / slices
  /** Columns of W, in fours. */
  const columns = Math.ceil(outputs / 4)
  const columnsAtOnce = Math.min(columns, mostColumnsAtOnce)
  /** An odd stride, so that threads with different tokens read from different banks of the memory. */
  const stride = hidden % 2 === 0 ? hidden + 1 : hidden
  const firstEntries = inputs * stride
  const parameters = firstEntries + hidden * columns * 4
  const parts = threads * columnsAtOnce
  return {
    threads,
    slices,
    rows,
    columns,
    columnsAtOnce,
    stride,
    firstEntries,
    parameters,
    parts,
    /** Numbers of the state of a run: θ, and its moments in the same places. */
    state: (1 + momentNames[optimizer].length) * parameters,
    /** Numbers that say what a run's samples are: of each its tokens, and its class. */
    table: samples * (perRow + 1),
    /** Bytes of a workgroup's own memory. */
    bytes: 4 * (2 * firstEntries + rows * outputs) + 16 * (hidden * columns + parts + rows * columns + rows),
  }
}
