/** Twelve runs of a few seconds each, with states to go on from. */
export const smallSweep = {
  name: 'small',
  base: {
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
    network: { hidden: 32 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 30_000 },
    record: { measureEvery: 100, snapshots: Array.from({ length: 30 }, (_, place) => 1000 * (place + 1)) },
  },
  axes: [
    { field: 'dynamics.weightDecay', from: 0.25, to: 4, count: 3, scale: 'log' },
    { field: 'task.trainFraction', values: [0.6, 0.8] },
  ],
  seeds: 2,
}
