import type { ExperimentInput } from '../../shared/experiment.ts'
import type { RunSummary } from '../../shared/run.ts'
import { request } from '../lab.ts'
import { withFailureToast } from './runActions.ts'

/** An experiment for whoever has none yet: it ends within seconds, and leads to the next question. */
export interface FirstExperiment {
  id: 'toy' | 'isolated' | 'training'
  title: string
  /** What it is, before it is run. */
  about: string
  spec: ExperimentInput
  /** What is to be seen of the run, and in which tab. */
  look: { text: string; tab: { id: string; label: string } }
  /** What may be asked next, and what answers it. */
  next: { text: string; label: string; to: FirstExperiment['id'] | 'paper' }
}

/** By which a run is known as one of them. */
const firstTag = 'first steps'

const modular = (modulus: number, trainFraction: number) => ({
  kind: 'modularAddition' as const,
  modulus,
  trainFraction,
})

export const firstExperiments: readonly FirstExperiment[] = [
  {
    id: 'toy',
    title: 'Two weights',
    about: 'One sample and two weights, in a second: the loss falls at once, and decay moves the weights long after.',
    spec: {
      name: 'First steps: two weights',
      task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
      dynamics: {
        kind: 'gradientFlow',
        ridge: 0.1,
        integrator: { kind: 'dormandPrince', stepSize: 0.01, tolerance: 1e-9 },
        steps: 2000,
      },
    },
    look: {
      text: 'The loss falls first; then the weights slide along the set of zero loss to its smallest norm.',
      tab: { id: 'geometry', label: 'See it in Geometry' },
    },
    next: { text: 'Does a layer of a network do the same?', label: 'Run the isolated layer', to: 'isolated' },
  },
  {
    id: 'isolated',
    title: 'An isolated layer',
    about:
      'The first layer of a network that adds modulo 17, on the zero-loss set: memorized from the start, it groks.',
    spec: {
      name: 'First steps: isolated layer',
      task: modular(17, 0.8),
      network: { hidden: 192, activation: 'relu' },
      dynamics: { kind: 'isolated', ridge: 0, integrator: { kind: 'euler', stepSize: 0.001 }, steps: 2500 },
      seeds: [0],
    },
    look: {
      text: 'The norm falls from the start, held-out pairs rise after a thousand steps: tokens come to lie on circles.',
      tab: { id: 'fourier', label: 'See them in Fourier' },
    },
    next: { text: 'Does real training get there too?', label: 'Train a network', to: 'training' },
  },
  {
    id: 'training',
    title: 'A training',
    about:
      'AdamW on the cross-entropy, modulo 23: it memorizes in a hundred steps; most held-out pairs come right a thousand later.',
    spec: {
      name: 'First steps: training',
      task: modular(23, 0.8),
      network: { hidden: 128, activation: 'relu' },
      dynamics: {
        kind: 'training',
        optimizer: { kind: 'adamw' },
        learningRate: 0.003,
        weightDecay: 2,
        loss: 'crossEntropy',
        steps: 3500,
      },
      seeds: [0],
      record: { measureEvery: 20 },
    },
    look: {
      text: 'Training pairs are right long before held-out ones; between, weight decay reshapes the first layer.',
      tab: { id: 'matrices', label: 'See it in Matrices' },
    },
    next: { text: 'Is this what the paper claims?', label: 'Open the paper', to: 'paper' },
  },
]

export function firstExperimentOf({ experiment, tags }: Pick<RunSummary, 'experiment' | 'tags'>) {
  return tags.includes(firstTag) ? firstExperiments.find(({ spec }) => spec.name === experiment) : undefined
}

/** Starts one of them, and is called with its run. */
export function startFirst(id: FirstExperiment['id'], open: (runId: string) => unknown): Promise<boolean> {
  const { spec } = firstExperiments.find((each) => each.id === id)!
  return withFailureToast(async () => {
    const { runIds } = await request('experiment.submit', { spec: { ...spec }, tags: [firstTag] })
    await open(runIds[0]!)
  })
}
