import { openArchive } from '../../src/main/store/archive.ts'
import type { ComposedInput } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { RunEvent, RunEventBody } from '../../src/shared/run.ts'
import { smallExperiment } from './browserArchive.ts'

const runsOfExperiment = 100

/**
 * An archive of so many runs, by ten kinds of experiment in turn, a hundred seeds each: what they measured last, when they
 * grokked, how they ended and what they are tagged with differs from run to run, and is the same every time.
 */
export function writeManyRuns(path: string, count: number): void {
  const archive = openArchive(path)
  try {
    for (let first = 0; first < count; first += runsOfExperiment) {
      const group = first / runsOfExperiment
      const seeds = Array.from({ length: Math.min(runsOfExperiment, count - first) }, (_, i) => i)
      const kind = kinds[group % kinds.length]!
      const { steps } = kind.dynamics
      const spec = parseExperiment(smallExperiment({ ...kind, name: `${kind.name} ${group}`, seeds }))
      archive.together(() => {
        const { runIds } = archive.runs.createExperiment({ spec, tags: [`batch ${group % 7}`] })
        const tagged = runIds.filter((_, seed) => (group + seed) % 3 === 0)
        archive.library.tag(tagged, { add: ['checked'] })
        archive.applyEvents(runIds.flatMap((runId, seed) => eventsOf(runId, steps, group, seed)))
        if (group % 50 === 49) archive.library.move(runIds, 'setAside')
      })
    }
  } finally {
    archive.close()
  }
}

const task = (modulus: number) => ({ kind: 'modularAddition', modulus, trainFraction: 0.7 }) as const
const training = { kind: 'training', learningRate: 1, weightDecay: 1e-3 } as const
const kinds = [
  { name: 'isolated, p = 37', task: task(37), network: { hidden: 512 }, dynamics: { steps: 5000, kind: 'isolated' } },
  { name: 'isolated, p = 59', task: task(59), network: { hidden: 2048 }, dynamics: { steps: 8000, kind: 'isolated' } },
  {
    name: 'ridge',
    task: task(37),
    network: { hidden: 256 },
    dynamics: {
      steps: 4000,
      kind: 'isolated',
      ridge: 0.05,
      integrator: { kind: 'heun', stepSize: 5e-3, tolerance: 1e-4 },
    },
  },
  { name: 'flow on Z', task: task(23), network: { hidden: 512 }, dynamics: { steps: 3000, kind: 'zeroLossFlow' } },
  { name: 'descent', task: task(37), network: { hidden: 512 }, dynamics: { ...training, steps: 20_000 } },
  {
    name: 'momentum',
    task: task(41),
    network: { hidden: 128 },
    dynamics: { steps: 12_000, ...training, optimizer: { kind: 'momentum', momentum: 0.8 }, learningRate: 0.01 },
  },
  {
    name: 'AdamW',
    task: task(113),
    network: { hidden: 512, activation: 'gelu' },
    dynamics: { steps: 6000, ...training, optimizer: 'adamw', learningRate: 0.02, weightDecay: 0.1 },
  },
  {
    name: 'cross-entropy',
    task: task(59),
    network: { hidden: 128, activation: 'tanh' },
    dynamics: {
      steps: 9000,
      ...training,
      optimizer: 'adamw',
      loss: 'crossEntropy',
      learningRate: 0.02,
      weightDecay: 0.1,
    },
  },
  {
    name: 'float32',
    task: task(37),
    network: { hidden: 64 },
    precision: 'float32',
    dynamics: { steps: 7000, ...training, optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.01 },
  },
  {
    name: 'uniform start',
    task: task(31),
    network: { hidden: 512 },
    initialization: { kind: 'uniform' },
    dynamics: { ...training, steps: 10_000 },
  },
] as const satisfies Omit<ComposedInput, 'seeds'>[]

/** As if the run had been computed: what it measured last, its events, and its end. */
function eventsOf(runId: string, steps: number, group: number, seed: number): RunEvent[] {
  const chance = fraction(group, seed)
  const grokked = Math.floor(steps * (0.2 + 0.6 * chance))
  const failed = chance > 0.97
  const cancelled = !failed && chance > 0.94
  const step = failed || cancelled ? Math.floor(steps * 0.4) : steps
  const values = {
    trainLoss: 1e-6 * (1 + chance),
    testMse: 1e-3 * (1 + chance),
    trainAccuracy: 1,
    testAccuracy: chance < 0.8 ? 1 - 0.01 * chance : 0.5 * chance,
    firstLayerNormSquared: 100 + 80 * chance,
    secondLayerNormSquared: 90 + 70 * chance,
  }
  const moment = { tau: grokked / 1000, value: 0.99 }
  const bodies: RunEventBody[] = [
    { type: 'event', name: 'memorized', step: Math.floor(grokked / 8), tau: grokked / 8000, value: 1 },
    ...(chance < 0.8 ? [{ type: 'event', name: 'generalized', step: grokked, ...moment } as const] : []),
    { type: 'measured', step, tau: step / 1000, seconds: 10 + 100 * chance, values },
    {
      type: 'settled',
      status: failed ? 'failed' : cancelled ? 'cancelled' : 'finished',
      step,
      tau: step / 1000,
      seconds: 10 + 100 * chance,
      ...(failed && { code: 'DIVERGED', message: `the loss is not finite at step ${step}` }),
    },
  ]
  return bodies.map((body, sequence) => ({ runId, sequence, ...body }))
}

/** The same for the same run, and spread evenly from 0 to 1. */
function fraction(group: number, seed: number): number {
  return ((group * runsOfExperiment + seed) * 0.618_033_988_749_894_9) % 1
}
