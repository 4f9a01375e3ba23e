import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { Measurements } from '../../../shared/run.ts'
import type { Backend, RealArray } from '../backend/backend.ts'
import { isTokens, type Inputs } from '../network/inputs.ts'
import { dotOf } from '../network/matrixLists.ts'
import { layerOf } from '../network/network.ts'
import type { Network, Samples } from '../network/model.ts'
import { roundingTo } from '../network/roundingTo.ts'

/** How well a network does on one part of the data, dimensionless. */
export interface Evaluation {
  /** Σ_i ‖f(x_i) − y_i‖². */
  squaredError: number
  /** The same, a mean over all n·o entries. */
  meanSquaredError: number
  /** Mean over samples of log Σ_o e^(f_o) − f_c, in nats; NaN where it was not asked for. */
  crossEntropy: number
  /** Share of rows whose largest output is the right class (the first of equal ones, as NumPy's argmax); for classes. */
  accuracy: number
  /** min_i and mean_i of f_c(x_i) − max_{o≠c} f_o(x_i); for classes, and NaN where there is but one. */
  smallestMargin: number
  meanMargin: number
}

const blockRows = 1024

/**
 * Measures a network on its training and test samples: losses, for classes accuracies and margins, and squared norms
 * (SCIENCE.md §5), in blocks of rows so that memory stays small; the buffers are allocated once. Where nothing is held
 * out nothing is measured on it. A network in training is also measured by the loss it is trained on, as a mean; a
 * cross-entropy in the precision that the training has for it, all else in float64. Dimensionless.
 */
export function createEvaluator(
  network: Network,
  { loss, lossPrecision = 'float64' }: Partial<Pick<TrainingSpec, 'loss' | 'lossPrecision'>> = {},
): () => Measurements {
  const round = roundingTo(lossPrecision)
  const { backend, train, test } = network
  const outputsOf = new Map<number, (X: Inputs) => OutputRows>()
  const trainBlocks = blocksOf(backend, train)
  const testBlocks = blocksOf(backend, test)
  for (const { X } of [...trainBlocks, ...testBlocks]) {
    if (!outputsOf.has(X.rows)) outputsOf.set(X.rows, outputRows(network, X.rows))
  }
  const [first, second] = (['first', 'second'] as const).map((layer) => layerOf(network, layer))

  function evaluate({ X: { rows }, Y: { columns } }: Samples, blocks: readonly Block[]): Evaluation {
    const sums = { squaredError: 0, right: 0, smallestMargin: Infinity, marginSum: 0 }
    let crossEntropy = loss === 'crossEntropy' ? 0 : NaN
    for (const { X, targets, classes } of blocks) {
      const out = outputsOf.get(X.rows)!(X)
      addErrors(out, targets, sums)
      if (classes) addMargins(out, classes, sums)
      if (loss === 'crossEntropy') crossEntropy = round(crossEntropy + crossEntropyOf(out, classes!, round))
    }
    return {
      squaredError: sums.squaredError,
      meanSquaredError: sums.squaredError / (rows * columns),
      crossEntropy: round(crossEntropy / rows),
      accuracy: sums.right / rows,
      smallestMargin: sums.smallestMargin,
      meanMargin: sums.marginSum / rows,
    }
  }

  function measured(of: 'train' | 'test', samples: Samples, blocks: readonly Block[]): Measurements {
    if (samples.X.rows === 0) return {}
    return measurementsOf(of, evaluate(samples, blocks), loss, samples.classes !== null)
  }

  return () => ({
    ...measured('train', train, trainBlocks),
    ...measured('test', test, testBlocks),
    firstLayerNormSquared: dotOf(backend, first!, first!),
    secondLayerNormSquared: dotOf(backend, second!, second!),
  })
}

/** What a run measures of one part of its data: by the loss it is trained on, if it is; answers, where there are classes. */
export function measurementsOf(
  of: 'train' | 'test',
  { squaredError, meanSquaredError, crossEntropy, accuracy, smallestMargin, meanMargin }: Evaluation,
  loss: TrainingSpec['loss'] | undefined,
  hasClasses: boolean,
): Measurements {
  const fit: Measurements = of === 'train' ? { trainLoss: squaredError } : { testMse: meanSquaredError }
  const answers: Measurements = !hasClasses
    ? {}
    : of === 'train'
      ? { trainAccuracy: accuracy, trainMargin: smallestMargin }
      : { testAccuracy: accuracy, testMargin: meanMargin }
  const trained: Measurements =
    loss === 'crossEntropy'
      ? { [`${of}CrossEntropy`]: crossEntropy }
      : loss === 'meanSquaredError' && of === 'train'
        ? { trainMse: meanSquaredError }
        : {}
  return { ...fit, ...answers, ...trained }
}

/** Some samples that are measured at once. */
interface Block {
  readonly X: Inputs
  /** Their rows of Y. */
  readonly targets: RealArray
  readonly classes: Int32Array | null
}

/** Outputs on the host, row after row of `columns`. */
interface OutputRows {
  readonly columns: number
  readonly data: RealArray
}

/** Outputs on so many samples at a time, in memory that the next call uses again. */
function outputRows(network: Network, rows: number): (X: Inputs) => OutputRows {
  const { backend, model } = network
  const outputsOf = model.outputs(network, rows)
  let data: RealArray | undefined
  return (X) => {
    const out = outputsOf(X)
    data = backend.download(out, data)
    return { columns: out.columns, data }
  }
}

function blocksOf(backend: Backend, { X, Y, classes }: Samples): Block[] {
  const targets = backend.download(Y)
  const starts = Array.from({ length: Math.ceil(X.rows / blockRows) }, (_, block) => block * blockRows)
  return starts.map((first) => {
    const end = Math.min(first + blockRows, X.rows)
    return {
      X: rowsOf(backend, X, first, end - first),
      targets: targets.subarray(first * Y.columns, end * Y.columns),
      classes: classes && classes.subarray(first, end),
    }
  })
}

function rowsOf(backend: Backend, X: Inputs, first: number, rows: number): Inputs {
  if (rows === X.rows) return X
  if (isTokens(X)) {
    const indices = X.indices.subarray(first * X.perRow, (first + rows) * X.perRow)
    return backend.inputRows(rows, X.perRow, indices)
  }
  const part = backend.matrix(rows, X.columns)
  backend.takeRows(
    X,
    Int32Array.from({ length: rows }, (_, i) => first + i),
    part,
  )
  return part
}

function addErrors({ data }: OutputRows, targets: RealArray, sums: { squaredError: number }): void {
  for (let at = 0; at < data.length; at++) {
    const residual = data[at]! - targets[at]!
    sums.squaredError += residual * residual
  }
}

function addMargins(
  { columns, data }: OutputRows,
  classes: Int32Array,
  sums: { right: number; smallestMargin: number; marginSum: number },
): void {
  for (let i = 0; i < classes.length; i++) {
    const target = classes[i]!
    let best = 0
    let rival = -Infinity
    for (let o = 0; o < columns; o++) {
      const value = data[i * columns + o]!
      if (value > data[i * columns + best]!) best = o
      if (o !== target && value > rival) rival = value
    }
    const margin = columns > 1 ? data[i * columns + target]! - rival : NaN
    if (best === target) sums.right += 1
    sums.smallestMargin = Math.min(sums.smallestMargin, margin)
    sums.marginSum += margin
  }
}

/** Σ_i (log Σ_o e^(f_io) − f_i,c), the largest output of each row taken out of the exponents. */
function crossEntropyOf({ columns, data }: OutputRows, classes: Int32Array, round: (value: number) => number): number {
  let total = 0
  for (let i = 0; i < classes.length; i++) {
    let largest = -Infinity
    for (let o = 0; o < columns; o++) largest = Math.max(largest, data[i * columns + o]!)
    let sum = 0
    for (let o = 0; o < columns; o++) sum = round(sum + round(Math.exp(round(data[i * columns + o]! - largest))))
    const behind = round(largest - data[i * columns + classes[i]!]!)
    total = round(total + round(round(Math.log(sum)) + behind))
  }
  return total
}
