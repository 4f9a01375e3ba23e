import type { Activation } from '../../../shared/experiment.ts'
import type { Loss } from '../../../shared/dynamics/losses.ts'
import { activationCode } from './activationKernels.ts'
import type { DeviceParameter } from './stepSettings.ts'

/**
 * What the kernels of a step are written for: up to so many samples, m inputs, d hidden units, o outputs. A bias is the row of
 * weights of what is 1 in every sample: of a last input, and of what `features` counts beside the hidden units.
 */
export interface StepShape {
  readonly samples: number
  /** With the one that is always 1, where there are biases. */
  readonly inputs: number
  readonly hidden: number
  readonly outputs: number
  /** Tokens of a row of X, that of the bias too; none where it has a number in every place. */
  readonly perRow: number | undefined
  readonly activation: Activation
  readonly loss: Loss
  readonly hasBiases: boolean
}

/** Rows of [W; c]: the hidden units, and with biases one that is always 1. */
export function features({ hidden, hasBiases }: StepShape): number {
  return hidden + (hasBiases ? 1 : 0)
}

/** Entries of [E; b]. */
export function firstLayerEntries({ inputs, hidden }: StepShape): number {
  return inputs * hidden
}

/** Entries of θ. */
export function parametersOf(shape: StepShape): number {
  return firstLayerEntries(shape) + features(shape) * shape.outputs
}

/** What lies one after another in θ: [E, W], or with biases [E, b, W, c]. */
export function parameterEntries(shape: StepShape): { name: DeviceParameter; entries: number }[] {
  const { hidden, outputs, hasBiases } = shape
  const first = firstLayerEntries(shape)
  const [E, W] = [
    { name: 'E' as const, entries: first },
    { name: 'W' as const, entries: hidden * outputs },
  ]
  if (!hasBiases) return [E, W]
  return [{ ...E, entries: first - hidden }, { name: 'b', entries: hidden }, W, { name: 'c', entries: outputs }]
}

/**
 * What a selection lists: the samples of the step's rows; and of tokens, for each input where its rows begin, and then those
 * rows, ascending, as often as they have it.
 */
export function selectionLayout({ samples, inputs, perRow = 0 }: StepShape) {
  const starts = samples
  const rows = starts + (perRow > 0 ? inputs + 1 : 0)
  return { starts, rows, length: rows + samples * perRow }
}

/** The function `sample(row)`, which is a row's place in the data. */
export const sampleCode = 'fn sample(row: u32) -> u32 { return selection[step.selection + row]; }'

/**
 * The functions `activate`, `slope`, `sample` and, of tokens, `preactivation(row, unit)`, an entry of Z, and
 * `feature(row, unit)`, one of σ(Z) or the 1 that stands for a bias.
 */
export function hiddenCode({ activation, hidden, perRow, hasBiases }: StepShape): string {
  const terms = Array.from({ length: perRow ?? 0 }, (_, i) => `theta[inputs[first + ${i}u] * ${hidden}u + unit]`)
  const gather = `
fn preactivation(row: u32, unit: u32) -> f32 {
  let first = sample(row) * ${perRow}u;
  return ${terms.join(' + ')};
}
fn feature(row: u32, unit: u32) -> f32 {
  ${hasBiases ? `if (unit == ${hidden}u) { return 1.0; }` : ''}
  return activate(preactivation(row, unit));
}`
  return `${activationCode(activation)}
${sampleCode}
${perRow === undefined ? '' : gather}`
}

/** Of each loss ∂L/∂f of an entry f, from the outputs of its row in `outputs`, which begin `at`, and what is wanted. */
const losses: Record<Loss, (shape: StepShape) => string> = {
  meanSquaredError: () => 'return 2.0 * step.lossScale * (outputs[at + column] - wanted);',
  crossEntropy: ({ outputs }) => `
    var largest = outputs[at];
    for (var c = 1u; c < ${outputs}u; c++) { largest = max(largest, outputs[at + c]); }
    var sum = 0.0;
    for (var c = 0u; c < ${outputs}u; c++) { sum += exp(outputs[at + c] - largest); }
    return step.lossScale * (exp(outputs[at + column] - largest) / sum - wanted);`,
}

/** The function `lossSlope(at, column, wanted)`, as `losses` has it. */
export function lossCode(shape: StepShape): string {
  return `fn lossSlope(at: u32, column: u32, wanted: f32) -> f32 { ${losses[shape.loss](shape)} }`
}

/** Indices below a number, for texts that repeat. */
export function below(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
