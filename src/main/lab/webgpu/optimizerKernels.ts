import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { DeviceParameter } from './stepSettings.ts'

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
 * A function `updated(at, parameter, weight, gradient)`, which is what an entry of θ becomes, whose parameters have these
 * names and the numbers 0, 1, …. `moment` is where each moment of it is kept.
 */
export function updateCode(
  optimizer: OptimizerKind,
  names: readonly DeviceParameter[],
  moment: (number: number) => string,
): string {
  const [first, ...others] = names
  const ofParameter = (field: string) =>
    others.reduce(
      (before, name, i) => `select(${before}, step.${field}${name}, parameter == ${i + 1}u)`,
      `step.${field}${first}`,
    )
  return `
fn updated(at: u32, parameter: u32, weight: f32, gradient: f32) -> f32 {
  let rate = ${ofParameter('rate')};
  let shrinkage = ${ofParameter('shrinkage')};
  let decay = ${ofParameter('decay')};
  let g = gradient + decay * weight;
  ${moves[optimizer](moment)}
  // Not (1 − shrinkage)·weight: a small shrinkage would be rounded away.
  return weight - (shrinkage * weight + rate * moved);
}`
}

/**
 * A function `take(at, gradient)`, which moves an entry of θ, whose parameters lie one after another; from the buffer
 * `theta` into `next`, which may be the same under both names. `first` is what is done before.
 */
export function optimizerCode(
  optimizer: OptimizerKind,
  parameters: readonly { name: DeviceParameter; entries: number }[],
  [theta, next]: readonly [theta: string, next: string],
  first = '',
): string {
  const ends = parameters.map((_, i) => parameters.slice(0, i + 1).reduce((sum, { entries }) => sum + entries, 0))
  const length = ends.at(-1)!
  const moment = (number: number) => (number === 0 ? 'moments[at]' : `moments[at + ${number * length}u]`)
  const names = parameters.map(({ name }) => name)
  const parameter = ends.slice(0, -1).map((end) => `u32(at >= ${end}u)`)
  return `${updateCode(optimizer, names, moment)}
fn take(at: u32, gradient: f32) { ${first}${next}[at] = updated(at, ${parameter.join(' + ')}, ${theta}[at], gradient); }`
}
