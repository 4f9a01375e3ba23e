import type { Dice } from '../dice.ts'
import { mutateJson } from '../mutateJson.ts'

const task = { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 }

/** Valid specifications that between them have every kind of everything. */
export const validSpecifications: readonly Record<string, unknown>[] = [
  {
    name: 'isolated',
    task,
    network: { hidden: 24, activation: 'relu' },
    initialization: { kind: 'normal', standardDeviation: 'p^-1/2' },
    dynamics: { kind: 'isolated', ridge: 0, integrator: { kind: 'euler', stepSize: 0.001 }, steps: 50 },
    interventions: [
      { at: 10, kind: 'keepFrequencies', frequencies: [1, 2] },
      { at: 20, kind: 'rescale', layer: 'first', factor: 2 },
    ],
    precision: 'float64',
    seeds: [0, 1],
    record: { measureEvery: 10, snapshots: 'log', memorizeThreshold: 0.99, geometry: { every: 20, lag: 10 } },
  },
  {
    name: 'training',
    task,
    network: { hidden: 8, activation: 'gelu' },
    initialization: { kind: 'uniform' },
    dynamics: {
      kind: 'training',
      optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
      learningRate: 0.01,
      weightDecay: 0.1,
      loss: 'crossEntropy',
      reduction: 'mean',
      steps: 50,
    },
    interventions: [
      { at: 5, kind: 'setWeightDecay', value: 0.2 },
      { at: 9, kind: 'clampNorm', norm: 'initial' },
    ],
    precision: 'float32',
    seeds: [4],
    record: { snapshots: [0, 10, 50] },
  },
  {
    task,
    network: { hidden: 24 },
    initialization: { kind: 'trained', steps: 10, learningRate: 0.1, weightDecay: 0 },
    dynamics: { kind: 'zeroLossFlow', integrator: { kind: 'heun', stepSize: 0.001, tolerance: 0.001 }, steps: 20 },
  },
  {
    task: { kind: 'toy', model: 'parabola', start: [0.5, 1.5] },
    dynamics: { kind: 'gradientFlow', ridge: 0.01, integrator: { kind: 'dormandPrince', tolerance: 1e-9 }, steps: 40 },
  },
  {
    task,
    network: { hidden: 24 },
    initialization: { kind: 'file', path: 'start.npz' },
    dynamics: { kind: 'training', optimizer: 'momentum', learningRate: 0.01, weightDecay: 0, steps: 9 },
  },
]

/** The text of a specification, or of a list of them, with one to three things changed. */
export function mutatedSpecification(dice: Dice): { what: string; text: string } {
  const valid = dice.pick(validSpecifications)
  let text = JSON.stringify(dice.chance(0.1) ? [valid, dice.pick(validSpecifications)] : valid)
  const told: string[] = []
  for (let left = dice.integer(1, 3); left > 0 && canChange(text); left--) {
    const mutated = mutateJson(text, dice)
    text = mutated.text
    told.push(mutated.what)
  }
  return { what: told.join(', '), text }
}

/** What is no longer JSON, or has become long or deep, is left as it is. */
function canChange(text: string): boolean {
  if (text.length > 5_000) return false
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
