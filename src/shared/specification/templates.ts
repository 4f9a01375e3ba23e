import type { ExperimentInput } from '../experiment.ts'

const modular = (modulus: number, trainFraction: number) => ({
  kind: 'modularAddition' as const,
  modulus,
  trainFraction,
})

/** Specifications to begin from, each small enough to finish within a minute or so. */
export const templates = {
  isolated: {
    name: 'Isolated first layer',
    task: modular(23, 0.7),
    network: { hidden: 256, activation: 'relu' },
    dynamics: { kind: 'isolated', ridge: 0, integrator: { kind: 'euler', stepSize: 0.001 }, steps: 4000 },
    seeds: [0, 1, 2],
  },
  training: {
    name: 'Gradient descent on the squared error',
    task: modular(11, 0.7),
    network: { hidden: 128, activation: 'relu' },
    dynamics: {
      kind: 'training',
      optimizer: { kind: 'gradientDescent' },
      learningRate: 1,
      weightDecay: 1e-4,
      loss: 'meanSquaredError',
      steps: 20_000,
    },
    seeds: [0, 1, 2],
    record: { measureEvery: 20 },
  },
  crossEntropy: {
    name: 'AdamW on the cross-entropy',
    task: modular(23, 0.7),
    network: { hidden: 128, activation: 'relu' },
    dynamics: {
      kind: 'training',
      optimizer: { kind: 'adamw' },
      learningRate: 1e-3,
      weightDecay: 1,
      loss: 'crossEntropy',
      steps: 10_000,
    },
    seeds: [0, 1, 2],
    record: { measureEvery: 20 },
  },
  zeroLossFlow: {
    name: 'Flow on the zero-loss set',
    task: modular(7, 0.7),
    network: { hidden: 64, activation: 'relu' },
    dynamics: {
      kind: 'zeroLossFlow',
      integrator: { kind: 'heun', stepSize: 0.001, tolerance: 0.001, output: 'dense' },
      steps: 1000,
    },
    seeds: [0],
  },
  toy: {
    name: 'Two linear weights',
    task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
    dynamics: {
      kind: 'gradientFlow',
      ridge: 0.1,
      integrator: { kind: 'dormandPrince', stepSize: 0.01, tolerance: 1e-9, output: 'dense' },
      steps: 2000,
    },
  },
  multiScaleFeatures: {
    name: 'Features at two scales',
    study: { kind: 'multiScaleFeatures', dimension: 100, samples: 130, fastDirections: 70, scaleRatio: 100 },
    seeds: [0, 1, 2],
  },
} as const satisfies Record<string, ExperimentInput>

export type TemplateName = keyof typeof templates
export const templateNames = Object.keys(templates) as TemplateName[]
