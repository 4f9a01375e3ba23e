/** A sweep to begin with: a plane that the literature looks at. */
export interface SweepPreset {
  name: string
  title: string
  /** What is to be seen. */
  about: string
  /** Where it comes from. What is marked "quoted, not verified" was not read in its source, and bounds no claim. */
  source: string
  /** As `sweep plan` takes it. */
  spec: Readonly<Record<string, unknown>>
}

const [wd, eta, fraction] = ['dynamics.weightDecay', 'dynamics.learningRate', 'task.trainFraction']
const [alpha, width] = ['initialization.scale', 'network.hidden']

const descent = (learningRate: number, weightDecay: number, decayTime: number) => ({
  kind: 'training',
  optimizer: 'gradientDescent',
  learningRate,
  weightDecay,
  decayTime,
})
const adamw = (weightDecay: number, steps: number) => ({
  kind: 'training',
  optimizer: 'adamw',
  learningRate: 0.003,
  weightDecay,
  steps,
})
const addition = (modulus: number, trainFraction: number) => ({ kind: 'modularAddition', modulus, trainFraction })
const record = { measureEvery: 20 }
/** The little that is left to memorize comes soon. */
const stop = { after: 'generalized', steps: 500 }
const soon = { after: 'generalized', steps: 100 }

export const sweepPresets: readonly SweepPreset[] = [
  {
    name: 'delay-law',
    title: 'Delay law: learning rate × weight decay',
    about:
      'Full-batch gradient descent is a flow: the steps to generalization are inverse to the learning rate. The exponent in weight decay varies over the plane, and is not −1.',
    source:
      'Quoted, not verified: a delay in proportion to 1/(ηλ), arXiv:2603.13331; T ∝ η^−0.50 λ^−0.64 pooled over 384 two-layer networks, OpenReview TGqGmGZ2Hz',
    spec: {
      name: 'delay law',
      base: {
        task: addition(23, 0.7),
        network: { hidden: 128 },
        initialization: { kind: 'uniform' },
        dynamics: descent(5, 1e-4, 5),
        record,
        stop,
      },
      axes: [
        { field: eta, values: [2.5, 5, 10, 20] },
        { field: wd, values: [1e-4, 2e-4, 4e-4] },
      ],
      seeds: 3,
      map: { x: eta, y: wd, color: 'generalizedStep' },
    },
  },
  {
    name: 'four-phases',
    title: 'Four phases: weight decay × training share',
    about:
      'Comprehension where there is much to train on, grokking below it, memorization where decay or data are too little, confusion where decay is too much.',
    source: 'Phases after Liu et al. 2022, arXiv:2205.10343, in other hyperparameters',
    spec: {
      name: 'four phases',
      base: { task: addition(13, 0.8), network: { hidden: 128 }, dynamics: adamw(1, 20_000), record, stop },
      axes: [
        { field: fraction, from: 0.6, to: 0.95, count: 8 },
        { field: wd, from: 0.03125, to: 32, count: 11, scale: 'log' },
      ],
      seeds: 5,
      map: { x: wd, y: fraction, color: 'generalizedStep' },
    },
  },
  {
    name: 'initial-scale',
    title: 'Initial scale × training share',
    about: 'Weights that start larger take longer to generalize: decay has to bring their norm down first.',
    source: 'The plane of Omnigrok, Liu et al. 2022, arXiv:2210.01117 (there images and others), on modular addition',
    spec: {
      name: 'initial scale',
      base: {
        task: addition(13, 0.9),
        network: { hidden: 128 },
        initialization: { kind: 'normal' },
        dynamics: adamw(1, 20_000),
        record,
        stop,
      },
      axes: [
        { field: fraction, from: 0.75, to: 0.95, count: 5 },
        { field: alpha, from: 0.25, to: 8, count: 6, scale: 'log' },
      ],
      seeds: 3,
      map: { x: alpha, y: fraction, color: 'generalizedStep' },
    },
  },
  {
    name: 'norm-clamp',
    title: 'Norm clamp: norm × learning rate',
    about: 'Held at a larger norm, training generalizes later, if at all; the learning rate matters less.',
    source:
      'Quoted, not verified: a delay ∝ exp(α·norm), 19-fold by the norm and 2-fold by the learning rate, arXiv:2606.13753',
    spec: {
      name: 'norm clamp',
      base: {
        task: addition(13, 0.9),
        network: { hidden: 128 },
        dynamics: adamw(0, 20_000),
        interventions: [{ at: 0, kind: 'clampNorm', norm: 10 }],
        record,
        stop,
      },
      axes: [
        { field: eta, values: [0.001, 0.003, 0.01] },
        { field: 'interventions.0.norm', values: [7, 8, 9, 10, 11, 12, 13, 14] },
      ],
      seeds: 3,
      map: { x: 'interventions.0.norm', y: eta, color: 'generalizedStep' },
    },
  },
  {
    name: 'system-size',
    title: 'Size of the system: modulus × weight decay',
    about:
      'With the modulus the number of pairs grows faster than what is to be learned: larger ones generalize at a smaller decay.',
    source: 'Quoted, not verified: crossings in the order of the group, arXiv:2603.24746',
    spec: {
      name: 'size of the system',
      base: { task: addition(13, 0.8), network: { hidden: 128 }, dynamics: adamw(1, 20_000), record, stop },
      axes: [
        { field: 'task.modulus', values: [7, 11, 13, 17, 19, 23] },
        { field: wd, from: 0.125, to: 8, count: 7, scale: 'log' },
      ],
      seeds: 3,
      map: { x: wd, y: 'task.modulus', color: 'generalizedStep' },
    },
  },
  {
    name: 'delay-rate-decay',
    title: 'Delay: learning rate × weight decay',
    about:
      'Gradient descent on the squared error: after memorizing, weights move along the zero-loss set in the decay time ηλt alone, so that the delay is inverse to both.',
    source:
      'The paper, Musat, arXiv:2511.01938: norm minimization on the zero-loss manifold; the same plane is asked for η and λ',
    spec: {
      name: 'delay, learning rate × weight decay',
      base: {
        task: addition(13, 0.95),
        network: { hidden: 128 },
        dynamics: descent(1, 1e-3, 6),
        record,
        stop: soon,
      },
      axes: [
        { field: eta, from: 0.25, to: 2, count: 14, scale: 'log' },
        { field: wd, from: 5e-4, to: 2e-3, count: 9, scale: 'log' },
      ],
      seeds: 16,
      map: { x: eta, y: wd, color: 'delay' },
    },
  },
  {
    name: 'delay-data-width',
    title: 'Delay: width × training share',
    about:
      'Gradient descent on the squared error: less data delays, and so does width, whose larger norm at the start takes longer to decay.',
    source: 'The paper, Musat, arXiv:2511.01938; the norm of the start grows as the square root of the width',
    spec: {
      name: 'delay, width × training share',
      base: {
        task: addition(13, 0.9),
        network: { hidden: 128 },
        dynamics: descent(1, 1e-3, 8),
        record,
        stop: soon,
      },
      axes: [
        { field: width, from: 24, to: 256, count: 14, scale: 'log', whole: true },
        { field: fraction, from: 0.8, to: 0.96, count: 9 },
      ],
      seeds: 16,
      map: { x: width, y: fraction, color: 'delay' },
    },
  },
  {
    name: 'delay-scale-decay',
    title: 'Delay: initial scale × weight decay',
    about:
      'AdamW: weights that start α times as large decay for ln α longer, in the decay time ηλt, before they generalize.',
    source: 'Omnigrok, Liu et al. 2022, arXiv:2210.01117, for the scale; decay alone takes ln α/(ηλ) steps more',
    spec: {
      name: 'delay, initial scale × weight decay',
      base: {
        task: addition(13, 0.95),
        network: { hidden: 128 },
        initialization: { kind: 'normal' },
        dynamics: adamw(1, 10_000),
        record,
        stop: soon,
      },
      axes: [
        { field: alpha, from: 0.5, to: 8, count: 14, scale: 'log' },
        { field: wd, from: 0.25, to: 4, count: 9, scale: 'log' },
      ],
      seeds: 16,
      map: { x: alpha, y: wd, color: 'delay' },
    },
  },
]
