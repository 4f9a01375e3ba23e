import type { TrainingSpec } from '../../../shared/experiment.ts'

type OptimizerKind = TrainingSpec['optimizer']['kind']

/** The moments that each optimizer keeps of every parameter, by the names they are saved under. */
export const momentNames: Record<OptimizerKind, readonly string[]> = {
  gradientDescent: [],
  momentum: ['velocity'],
  adamw: ['mean', 'square'],
}

/**
 * Of each optimizer by how much it moves θ along −rate, from the gradient g and what it keeps of θ's entry `at`, of each moment
 * by its number: the formulas of `gradientDescent`, `momentum` and `adamw`.
 */
const moves: Record<OptimizerKind, (moment: (number: number) => string) => string> = {
  gradientDescent: () => 'let moved = g;',
  momentum: (moment) => `
    let moved = step.momentum * ${moment(0)} + g;
    ${moment(0)} = moved;`,
  adamw: (moment) => `
    let mean = step.meanDecay * ${moment(0)} + step.meanShare * g;
    let square = step.squareDecay * ${moment(1)} + step.squareShare * (g * g);
    ${moment(0)} = mean;
    ${moment(1)} = square;
    let moved = mean / (sqrt(square / step.squareCorrection) + step.epsilon);`,
}

/**
 * A function `updated(at, isFirst, weight, gradient)`, which is what an entry of θ = [E, W] becomes, of E or not. `moment` is
 * where each moment of it is kept.
 */
export function updateCode(optimizer: OptimizerKind, moment: (number: number) => string): string {
  return `
fn updated(at: u32, isFirst: bool, weight: f32, gradient: f32) -> f32 {
  let rate = select(step.rateW, step.rateE, isFirst);
  let shrinkage = select(step.shrinkageW, step.shrinkageE, isFirst);
  let decay = select(step.decayW, step.decayE, isFirst);
  let g = gradient + decay * weight;
  ${moves[optimizer](moment)}
  // Not (1 − shrinkage)·weight: a small shrinkage would be rounded away.
  return weight - (shrinkage * weight + rate * moved);
}`
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
  const moment = (number: number) => (number === 0 ? 'moments[at]' : `moments[at + ${number * parameters}u]`)
  return `${updateCode(optimizer, moment)}
fn take(at: u32, gradient: f32) { ${next}[at] = updated(at, at < ${first}u, ${theta}[at], gradient); }`
}
