/** A sweep to begin with, as `sweep run` reads it. */
export interface SweepPreset {
  title: string
  about: string
  sweep: Record<string, unknown>
}

const base = {
  task: { kind: 'modularAddition', modulus: 23, trainFraction: 0.7 },
  network: { hidden: 128 },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, decayTime: 8 },
  stop: { after: 'generalized', decayTime: 0.5 },
  record: { snapshots: 'events' },
}

export const sweepPresets = {
  phases: {
    title: 'Weight decay × training fraction',
    about: 'Where a network generalizes, memorizes or does neither, and how late: AdamW on modular addition, p = 23.',
    sweep: {
      name: 'Weight decay × training fraction',
      base,
      axes: [
        { field: 'dynamics.weightDecay', from: 0.125, to: 8, count: 7, scale: 'log' },
        { field: 'task.trainFraction', values: [0.4, 0.5, 0.6, 0.7, 0.8, 0.9] },
      ],
      seeds: 3,
    },
  },
  delay: {
    title: 'Learning rate × weight decay',
    about: 'How the delay of generalization scales with both, on the decay clock: gradient descent, p = 23.',
    sweep: {
      name: 'Learning rate × weight decay',
      base: {
        ...base,
        initialization: { kind: 'uniform' },
        dynamics: { kind: 'training', optimizer: 'gradientDescent', learningRate: 10, weightDecay: 1e-4, decayTime: 4 },
      },
      axes: [
        { field: 'dynamics.learningRate', from: 2.5, to: 20, count: 4, scale: 'log' },
        { field: 'dynamics.weightDecay', from: 1e-4, to: 4e-4, count: 3, scale: 'log' },
      ],
      seeds: 3,
    },
  },
} as const satisfies Record<string, SweepPreset>
