import type { RunMoments, RunSummary } from '../../src/shared/run.ts'
import type { Facets } from '../../src/shared/specification/facets.ts'

/** A finished run of the paper's figure 6, but for what is given. */
export function runSummary(given: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'a2b3c4d5',
    experimentId: 'e2',
    experiment: 'paper, figure 6',
    figure: 'musat2025/fig6',
    name: 'paper, figure 6, seed 0',
    seed: 0,
    status: 'finished',
    code: null,
    message: null,
    step: 5000,
    steps: 5000,
    tau: 5,
    seconds: 70,
    createdAt: new Date(2026, 10, 20, 12).getTime(),
    startedAt: new Date(2026, 10, 20, 12).getTime(),
    finishedAt: new Date(2026, 10, 20, 13).getTime(),
    archivedAt: null,
    binnedAt: null,
    parentRunId: null,
    parentStep: null,
    specificationHash: null,
    resultHash: null,
    contentHash: null,
    contentHashVersion: 2,
    sequence: 600,
    tags: [],
    trainPairs: 492,
    facets: facetsOfFigure6,
    latest: {
      trainLoss: 0,
      testMse: 1e-3,
      trainAccuracy: 1,
      testAccuracy: 1,
      firstLayerNormSquared: 145,
      secondLayerNormSquared: 143,
    },
    events: eventsOfFigure6,
    largestLocalError: 0.4,
    ...given,
  }
}

export const facetsOfFigure6: Facets = {
  'task.kind': 'modularAddition',
  'task.modulus': 37,
  'task.trainFraction': 0.7,
  'network.hidden': 512,
  'network.activation': 'relu',
  'initialization.kind': 'normal',
  'dynamics.kind': 'isolated',
  'dynamics.ridge': 0,
  'dynamics.integrator.kind': 'euler',
  'dynamics.integrator.stepSize': 0.001,
  'dynamics.steps': 5000,
  interventions: 0,
  precision: 'float64',
}

export const eventsOfFigure6: RunMoments = {
  localErrorExceeded: { step: 1, tau: 0.001, value: 0.4 },
  memorized: { step: 0, tau: 0, value: 1 },
  halfRise: { step: 1700, tau: 1.7, value: 0.5 },
  generalized: { step: 2300, tau: 2.3, value: 0.99 },
}
