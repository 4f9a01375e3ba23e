import type { TrainingSpec } from '../../../shared/experiment.ts'

type OptimizerKind = TrainingSpec['optimizer']['kind']

/** The moments that each optimizer keeps of every parameter, by the names they are saved under. */
export const momentNames: Record<OptimizerKind, readonly string[]> = {
  gradientDescent: [],
  momentum: ['velocity'],
  adamw: ['mean', 'square'],
}

/**
 * Of each optimizer by how much it moves θ along −rate, from the gradient g and, in `moments`, what it keeps of θ's entry
 * `at`: the formulas of `gradientDescent`, `momentum` and `adamw`.
 */
const moves: Record<OptimizerKind, (parameters: number) => string> = {
  gradientDescent: () => 'let moved = g;',
  momentum: () => `
    let moved = step.momentum * moments[at] + g;
    moments[at] = moved;`,
  adamw: (parameters) => `
    let mean = step.meanDecay * moments[at] + step.meanShare * g;
    let square = step.squareDecay * moments[at + ${parameters}u] + step.squareShare * (g * g);
    moments[at] = mean;
    moments[at + ${parameters}u] = square;
    let moved = mean / (sqrt(square / step.squareCorrection) + step.epsilon);`,
}

/**
 * A function `take(at, gradient)`, which moves an entry of θ = [E, W], E having so many of all its entries; from the
 * buffer `theta` into `next`, which may be the same under both names.
 */
export function optimizerCode(
  optimizer: OptimizerKind,
  { first, parameters }: { first: number; parameters: number },
  [theta, next]: readonly [theta: string, next: string],
): string {
  return `
fn take(at: u32, gradient: f32) {
  let isFirst = at < ${first}u;
  let rate = select(step.rateW, step.rateE, isFirst);
  let shrinkage = select(step.shrinkageW, step.shrinkageE, isFirst);
  let decay = select(step.decayW, step.decayE, isFirst);
  let weight = ${theta}[at];
  let g = gradient + decay * weight;
  ${moves[optimizer](parameters)}
  // Not (1 − shrinkage)·weight: a small shrinkage would be rounded away.
  ${next}[at] = weight - (shrinkage * weight + rate * moved);
}`
}
