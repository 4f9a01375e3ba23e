import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decayTimeAt, learningRateAt, weightDecayAt } from '../../src/shared/decayTime.ts'
import { estimateCost } from '../../src/shared/estimate.ts'
import type { LabError } from '../../src/shared/errors.ts'
import {
  toRunSpec,
  type ExperimentInput,
  type ComposedRunSpec,
  type ComposedSpec,
  type TrainingSpec,
} from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { SpecificationProblem } from '../../src/shared/parseInput.ts'
import { extension } from '../../src/shared/training.ts'
import { taskSizes } from '../../src/shared/tasks/tasks.ts'
import { changed } from '../../src/shared/specification/paths.ts'

const training = { kind: 'training', learningRate: 1, weightDecay: 1e-4, steps: 100 } as const

function specification(more: Record<string, unknown>) {
  return { task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.9 }, network: { hidden: 16 }, ...more }
}

function problemOf(more: Record<string, unknown>): string {
  try {
    parseExperiment(specification(more))
  } catch (failure) {
    return (failure as Error).message
  }
  return 'accepted'
}

describe('the specification of training', () => {
  it('takes an optimizer by its kind alone, with its defaults', () => {
    const { dynamics } = parseExperiment(specification({ dynamics: { ...training, optimizer: 'adamw' } }))
    expect(dynamics).toMatchObject({
      optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      loss: 'meanSquaredError',
      reduction: 'mean',
    })
  })

  it.each([
    [{ learningRate: Infinity }, /dynamics.learningRate: Infinity .* finite number/],
    [{ learningRate: 0 }, /dynamics.learningRate: 0 .* above 0/],
    [{ weightDecay: -1 }, /dynamics.weightDecay: -1 .* at least 0/],
    [{ learningRate: 4, weightDecay: 0.5 }, /dynamics.weightDecay: 0.5 .* product is 2, .* below 0.5/],
    [{ optimizer: 'sgd' }, /dynamics.optimizer.kind: "sgd" .* "gradientDescent", "momentum", "adamw"/],
    [{ optimizer: { kind: 'momentum', momentum: 1 } }, /dynamics.optimizer.momentum: 1 .* below 1/],
    [{ loss: 'hinge' }, /dynamics.loss: "hinge" .* "meanSquaredError", "crossEntropy"/],
  ])('refuses %j', (change, message) => {
    expect(problemOf({ dynamics: { ...training, ...change } })).toMatch(message)
  })

  it('bounds the decay where the iteration alone turns unstable: higher with momentum', () => {
    const optimizer = { kind: 'momentum', momentum: 0.5 }
    expect(problemOf({ dynamics: { ...training, optimizer, weightDecay: 2.9 } })).toBe('accepted')
    expect(problemOf({ dynamics: { ...training, optimizer, weightDecay: 3 } })).toMatch(/from 3 on/)
  })

  it.each([
    [{ at: 101, kind: 'rescale', layer: 'first', factor: 2 }, /interventions.0.at: 101 .* ends at step 100/],
    [{ at: 1, kind: 'keepFrequencies', frequencies: [1, 6] }, /interventions.0.frequencies.1: 6 .* 1 to 5/],
    [{ at: 1, kind: 'removeFrequencies', frequencies: [0] }, /interventions.0.frequencies.0: 0 .* at least 1/],
    [{ at: 1, kind: 'setWeightDecay', value: 2 }, /interventions.0.value: 2 .* below 2/],
    [{ at: 1, kind: 'clampNorm', norm: 0 }, /interventions.0.norm: 0/],
    [{ at: 1, kind: 'twist' }, /interventions.0.kind: "twist" .* "keepFrequencies"/],
  ])('refuses the intervention %j', (intervention, message) => {
    expect(problemOf({ dynamics: training, interventions: [intervention] })).toMatch(message)
  })

  it.each([
    [2, 1],
    [12, 6],
    [37, 18],
  ])('allows the frequencies of modulus %d to ⌊p/2⌋ = %d', (modulus, largest) => {
    const task = { kind: 'modularAddition', modulus, trainFraction: 0.7 }
    const keep = (frequency: number) =>
      problemOf({
        task,
        dynamics: training,
        interventions: [{ at: 1, kind: 'keepFrequencies', frequencies: [frequency] }],
      })
    expect(keep(largest)).toBe('accepted')
    expect(keep(largest + 1)).toMatch(new RegExp(`${largest + 1} .* a \\+ b mod ${modulus} are 1 to ${largest}`))
  })

  it('takes the precision of a cross-entropy in float32 runs, and leaves out the one that holds anyway', () => {
    const crossEntropy = { ...training, loss: 'crossEntropy' }
    const parsed = (dynamics: object, precision: string) => parseExperiment(specification({ dynamics, precision }))
    const single = parsed({ ...crossEntropy, lossPrecision: 'float32' }, 'float32')
    expect(single.dynamics).toHaveProperty('lossPrecision', 'float32')
    for (const precision of ['float32', 'float64']) {
      const said = parsed({ ...crossEntropy, lossPrecision: 'float64' }, precision)
      expect(JSON.stringify(said)).toBe(JSON.stringify(parsed(crossEntropy, precision)))
      expect(said.dynamics).not.toHaveProperty('lossPrecision')
    }
  })

  it.each([
    [
      { loss: 'crossEntropy', lossPrecision: 'float32' },
      'float64',
      /only "float64" is allowed with precision "float64"/,
    ],
    [{ lossPrecision: 'float32' }, 'float32', /"float32" is not allowed: it is for dynamics.loss "crossEntropy"/],
    [{ lossPrecision: 'half' }, 'float32', /"half" is not allowed; one of "float64", "float32"/],
  ])('refuses %j with precision %s', (change, precision, message) => {
    const problem = problemOf({ dynamics: { ...training, ...change }, precision })
    expect(problem).toMatch(/^dynamics.lossPrecision: /)
    expect(problem).toMatch(message)
  })

  it.each([
    [{ schedule: { shape: 'constant' } }, {}],
    [{ schedule: { shape: 'constant', warmupSteps: 0, floor: 0 } }, {}],
    [{ schedule: { shape: 'cosine', steps: 100 } }, { schedule: { shape: 'cosine' } }],
    [{ weightDecayKind: 'l2' }, {}],
    [{ weightDecayKind: 'decoupled' }, {}],
    [{ optimizer: 'momentum', weightDecayKind: 'l2' }, { optimizer: 'momentum' }],
    [{ optimizer: 'adamw', weightDecayKind: 'decoupled' }, { optimizer: 'adamw' }],
    [{ perParameter: {} }, {}],
    [{ perParameter: { E: {}, W: { learningRate: 1 } } }, {}],
    [{ perParameter: { E: {}, W: { weightDecay: 0 } } }, { perParameter: { W: { weightDecay: 0 } } }],
    [{ batch: { size: 5 } }, { batch: { size: 5, sampling: 'withoutReplacement' } }],
  ])('has one content for what is one training: %j', (said, unsaid) => {
    const content = (change: object) =>
      JSON.stringify(parseExperiment(specification({ dynamics: { ...training, ...change } })))
    expect(content(said)).toBe(content(unsaid))
    expect(JSON.stringify(parseExperiment(JSON.parse(content(said))))).toBe(content(said))
  })

  it('keeps apart what is not one training', () => {
    const changes = [
      {},
      { optimizer: 'momentum' },
      { optimizer: 'momentum', weightDecayKind: 'decoupled' },
      { optimizer: 'adamw' },
      { optimizer: 'adamw', weightDecayKind: 'l2' },
      { batch: { size: 5 } },
      { batch: { size: 5, sampling: 'withReplacement' } },
      { schedule: { shape: 'constant', warmupSteps: 1 } },
      { schedule: { shape: 'cosine' } },
      { schedule: { shape: 'cosine', steps: 50 } },
      { maxGradientNorm: 1 },
      { perParameter: { E: { learningRate: 0.5 } } },
    ]
    const contents = changes.map((change) =>
      JSON.stringify(parseExperiment(specification({ dynamics: { ...training, ...change } }))),
    )
    expect(new Set(contents).size).toBe(changes.length)
  })

  it('has no initial scale of 1, and any other', () => {
    const initialization = (scale?: number) =>
      parseExperiment(
        specification({ dynamics: training, initialization: { kind: 'uniform', ...(scale && { scale }) } }),
      ).initialization
    expect(initialization(1)).toEqual({ kind: 'uniform' })
    expect(initialization(2)).toEqual({ kind: 'uniform', scale: 2 })
    const toy = { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] }
    const scaled = { kind: 'normal', scale: 2 }
    const dynamics = { kind: 'gradientFlow', ridge: 0.1, steps: 10 }
    expect(() => parseExperiment({ task: toy, dynamics, initialization: scaled })).toThrow(
      /initialization.scale: 2 .*begins where task.start says/,
    )
    expect(() => initialization(-1)).toThrow(/initialization.scale: -1 .* above 0/)
  })

  it.each([
    [{ batch: { size: 60 } }, /dynamics.batch.size: 60 .*the training set has 59 pairs: at most 59/],
    [{ batch: { size: 0 } }, /dynamics.batch.size: 0 .* at least 1/],
    [{ batch: {} }, /dynamics.batch.size: missing; expected a whole number/],
    [{ batch: { size: 5, sampling: 'twice' } }, /dynamics.batch.sampling: "twice" .* "withReplacement"/],
    [{ schedule: { shape: 'linear' } }, /dynamics.schedule.shape: "linear" .* "constant", "cosine"/],
    [
      { schedule: { shape: 'constant', warmupSteps: 101 } },
      /dynamics.schedule.warmupSteps: 101 .*ends at step 100: at most 100/,
    ],
    [
      { schedule: { shape: 'cosine', warmupSteps: 100 } },
      /dynamics.schedule.warmupSteps: 100 .*ends at step 100: at most 99/,
    ],
    [
      { schedule: { shape: 'cosine', steps: 20, warmupSteps: 20 } },
      /warmupSteps: 20 .*schedule ends at step 20: at most 19/,
    ],
    [
      { schedule: { shape: 'constant', floor: 0.5 } },
      /dynamics.schedule.floor: 0.5 .*for dynamics.schedule.shape "cosine"/,
    ],
    [
      { schedule: { shape: 'constant', steps: 50 } },
      /dynamics.schedule.steps: 50 .*for dynamics.schedule.shape "cosine"/,
    ],
    [{ schedule: { shape: 'cosine', floor: 2 } }, /dynamics.schedule.floor: 2 .* at most 1/],
    [{ maxGradientNorm: 0 }, /dynamics.maxGradientNorm: 0 .* above 0/],
    [{ perParameter: { V: {} } }, /dynamics.perParameter.V: unknown field/],
    [{ perParameter: { E: { learningRate: -1 } } }, /dynamics.perParameter.E.learningRate: -1 .* at least 0/],
    [
      { weightDecay: 0.5, perParameter: { W: { learningRate: 2, weightDecay: 2 } } },
      /dynamics.weightDecay: 0.5 .*and the rates of W the product is 2, .*below 0.5/,
    ],
  ])('refuses the options %j', (change, message) => {
    expect(problemOf({ dynamics: { ...training, ...change } })).toMatch(message)
  })

  it('knows repairs of options that do not fit one another, each of which does', () => {
    for (const change of [
      { batch: { size: 60 } },
      { schedule: { shape: 'cosine', warmupSteps: 200 } },
      { schedule: { shape: 'constant', warmupSteps: 200 } },
      { schedule: { shape: 'constant', floor: 0.5 } },
    ]) {
      const spec = specification({ dynamics: { ...training, ...change } })
      const problems = problemsIn(spec)
      expect(problems.flatMap(({ repairs }) => repairs ?? []).length).toBeGreaterThan(0)
      for (const { repairs = [] } of problems) {
        for (const { changes } of repairs) expect(problemsIn(changed(spec, changes))).toEqual([])
      }
    }
  })

  it('bounds the decay as it acts: at 2 where it is decoupled, not at all in the gradient of AdamW', () => {
    const given = (optimizer: object | string, weightDecayKind: string, weightDecay: number) =>
      problemOf({ dynamics: { ...training, optimizer, weightDecayKind, weightDecay } })
    const momentum = { kind: 'momentum', momentum: 0.5 }
    expect(given(momentum, 'decoupled', 2)).toMatch(/from 2 on/)
    expect(given(momentum, 'l2', 2)).toBe('accepted')
    expect(given('adamw', 'decoupled', 2)).toMatch(/from 2 on/)
    expect(given('adamw', 'l2', 2)).toBe('accepted')
  })

  it('with biases holds and keeps them, and adds them to every sample, forward and back', () => {
    const costOf = (network: object) =>
      estimateCost(parseExperiment(specification({ dynamics: training, network: { hidden: 20, ...network } })), 1)
    const [without, biased] = [costOf({}), costOf({ biases: true })]
    const { outputs, train } = taskSizes(parseExperiment(specification({ dynamics: training })).task)
    const biases = 20 + outputs
    expect(biased.multiplyAddsPerStep - without.multiplyAddsPerStep).toBe(2 * train * biases)
    expect(biased.memoryBytes - without.memoryBytes).toBe(3 * 8 * biases)
    expect(biased.diskBytes - without.diskBytes).toBe(without.snapshots * 8 * biases)
  })

  it('on batches costs by step what the batch is of the whole, and at a measured step the whole besides', () => {
    const costOf = (change: object, measureEvery: number) =>
      estimateCost(
        parseExperiment(specification({ dynamics: { ...training, ...change }, record: { measureEvery } })),
        1,
      )
    const [whole, batches] = [costOf({}, 100), costOf({ batch: { size: 5 } }, 100)]
    expect(batches.multiplyAddsPerStep / whole.multiplyAddsPerStep).toBeCloseTo(5 / 59, 12)
    expect(batches.memoryBytes).toBeGreaterThan(whole.memoryBytes)
    const measuring = costOf({ batch: { size: 5 } }, 1).seconds! - batches.seconds!
    const measuringWhole = costOf({}, 1).seconds! - whole.seconds!
    expect(measuring - measuringWhole).toBeCloseTo(99 * whole.multiplyAddsPerStep, 0)
  })

  it('is that of training alone', () => {
    for (const option of [{ batch: { size: 5 } }, { schedule: { shape: 'cosine' } }, { maxGradientNorm: 1 }]) {
      const dynamics = { kind: 'isolated', ridge: 0.1, steps: 10, ...option }
      expect(problemOf({ dynamics })).toMatch(new RegExp(`dynamics.${Object.keys(option)[0]}: unknown field`))
    }
  })

  it('refuses the precision of a loss to dynamics that have none', () => {
    const isolated = { kind: 'isolated', ridge: 0.1, steps: 10, lossPrecision: 'float64' }
    expect(problemOf({ dynamics: isolated })).toMatch(/dynamics.lossPrecision: unknown field/)
  })

  it('refuses interventions that the isolated first layer has no place for', () => {
    const dynamics = { kind: 'isolated', ridge: 1, steps: 10 }
    const interventions = (given: unknown) => problemOf({ dynamics, interventions: [given] })
    expect(interventions({ at: 1, kind: 'rescale', layer: 'first', factor: 2 })).toBe('accepted')
    expect(interventions({ at: 1, kind: 'rescale', layer: 'second', factor: 2 })).toMatch(/only .* first layer/)
    expect(interventions({ at: 1, kind: 'clampNorm', norm: 'initial' })).toMatch(/only .* first layer/)
  })
})

function problemsIn(spec: object): SpecificationProblem[] {
  try {
    parseExperiment(spec)
    return []
  } catch (failure) {
    return (failure as LabError).detail as SpecificationProblem[]
  }
}

describe('the clock of training', () => {
  const clock = (more: Partial<ExperimentInput>) => {
    const spec = toRunSpec(parseExperiment(specification({ dynamics: training, ...more })), 0)
    return (step: number) => decayTimeAt(spec, step)
  }

  it('runs at η·wd, at η·wd/(1 − β) with momentum', () => {
    expect(clock({})(100)).toBeCloseTo(0.01, 15)
    const dynamics = { ...training, optimizer: { kind: 'momentum' as const, momentum: 0.9 } }
    expect(clock({ dynamics })(100)).toBeCloseTo(0.1, 15)
  })

  it('with momentum runs at η·wd where the decay stays out of the velocity', () => {
    const dynamics = { ...training, optimizer: 'momentum' as const, weightDecayKind: 'decoupled' as const }
    expect(clock({ dynamics })(100)).toBeCloseTo(0.01, 15)
  })

  it.each([
    { shape: 'constant', warmupSteps: 30 },
    { shape: 'cosine' },
    { shape: 'cosine', warmupSteps: 7, floor: 0.2 },
    { shape: 'cosine', warmupSteps: 20, steps: 60, floor: 0.1 },
    { shape: 'cosine', steps: 1 },
  ] as const)('is the sum of η_t·wd_t under a schedule and changes of decay: %j', (schedule) => {
    const interventions = [
      { at: 13, kind: 'setWeightDecay' as const, value: 1.5 },
      { at: 50, kind: 'setWeightDecay' as const, value: 0.1 },
    ]
    const spec = toRunSpec(
      parseExperiment(specification({ dynamics: { ...training, schedule }, interventions })),
      0,
    ) as ComposedRunSpec & { dynamics: TrainingSpec }
    let sum = 0
    for (let step = 0; step <= 100; step++) {
      expect(Math.abs(decayTimeAt(spec, step) - sum)).toBeLessThan(1e-12)
      const ahead = learningRateAt(spec.dynamics, step) * weightDecayAt(spec, step)
      expect(decayTimeAt(spec, step + 0.25)).toBeCloseTo(sum + ahead / 4, 12)
      sum += ahead
    }
  })

  it('keeps its schedule in a run that is extended, and stays at the floor', () => {
    const schedule = { shape: 'cosine', floor: 0.1 }
    const { dynamics } = parseExperiment(specification({ dynamics: { ...training, schedule } }))
    const changes = extension(dynamics, 200)
    const extended = changed({ ...dynamics }, changes) as unknown as TrainingSpec
    expect(extended).toMatchObject({ steps: 200, schedule: { steps: 100 } })
    for (const step of [0, 50, 99]) {
      expect(learningRateAt(extended, step)).toBe(learningRateAt(dynamics as TrainingSpec, step))
    }
    expect(learningRateAt(extended, 150)).toBe(0.1)
  })

  it('is continuous and piecewise linear over changes of decay, the last of one step counting', () => {
    const tau = clock({
      interventions: [
        { at: 50, kind: 'setWeightDecay', value: 1 },
        { at: 10, kind: 'setWeightDecay', value: 1.5 },
        { at: 10, kind: 'setWeightDecay', value: 0 },
      ],
    })
    expect(tau(0)).toBe(0)
    expect(tau(10)).toBeCloseTo(1e-3, 15)
    expect(tau(50)).toBe(tau(10))
    expect(tau(50.5)).toBeCloseTo(tau(50) + 0.5, 15)
  })
})

describe('a decay time instead of steps', () => {
  const isolated = { kind: 'isolated', ridge: 0.1, integrator: { kind: 'euler', stepSize: 0.02 } } as const
  const { steps: _, ...timeless } = training
  const cosine = { ...timeless, weightDecay: 0.1, schedule: { shape: 'cosine', warmupSteps: 7, floor: 0.1 } } as const
  const momentum = { ...timeless, optimizer: { kind: 'momentum', momentum: 0.9 } } as const
  const dynamics = [isolated, { kind: 'zeroLossFlow', integrator: isolated.integrator }, timeless, momentum, cosine]
  const read = (more: Record<string, unknown>) =>
    parseExperiment(specification({ network: { hidden: 512 }, ...more })) as ComposedSpec
  const lately = [{ at: 5, kind: 'setWeightDecay', value: 0.3 }]

  it('is reached with the last step and not before, under every dynamics', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: dynamics.length - 1 }),
        fc.double({ min: 1, max: 50, noNaN: true }),
        fc.boolean(),
        (kind, decayTime, isChanged) => {
          const moving = dynamics[kind]!
          const interventions = isChanged && moving.kind === 'training' ? lately : []
          const spec = read({ dynamics: { ...moving, decayTime }, interventions })
          const { steps } = spec.dynamics
          const tauIn = (count: number) =>
            decayTimeAt({ interventions: spec.interventions, dynamics: { ...spec.dynamics, steps: count } }, count)
          expect(tauIn(steps)).toBeGreaterThanOrEqual(decayTime * (1 - 1e-12))
          expect(steps === 1 || tauIn(steps - 1) < decayTime).toBe(true)
          // Read again it is the same.
          expect(parseExperiment(spec)).toEqual(spec)
        },
      ),
    )
  })

  it('counts what changes the decay on the way', () => {
    const spec = read({ dynamics: { ...timeless, weightDecay: 0.1, decayTime: 1.1 }, interventions: lately })
    expect(spec.dynamics.steps).toBe(7)
  })

  it('is reached in a whole number of steps where rounding alone would ask for one more', () => {
    expect(
      read({ dynamics: { ...isolated, integrator: { kind: 'euler', stepSize: 1e-3 }, decayTime: 1.001 } }),
    ).toMatchObject({ dynamics: { steps: 1001 } })
  })

  it.each([
    [
      { ...timeless, weightDecay: 0, decayTime: 4 },
      /dynamics.decayTime: 4 .*stands still; give dynamics.steps instead/,
    ],
    [
      { ...timeless, weightDecay: 1e-12, decayTime: 4 },
      /dynamics.decayTime: 4 .*maximum of 1000000000 steps only reaches 0.001/,
    ],
    [{ ...timeless, decayTime: 0 }, /dynamics.decayTime: 0 .* above 0/],
    [{ ...timeless, decayTime: '4' }, /dynamics.decayTime: "4" /],
    [{ ...timeless, steps: 10, decayTime: 1 }, /dynamics.steps: 10 .*decayTime 1 takes 10000; give one of the two/],
    [{ ...timeless, learningRate: 0, decayTime: 1 }, /^dynamics.learningRate: 0 [^\n]*$/],
  ])('refuses %j', (moving, message) => {
    expect(problemOf({ dynamics: moving })).toMatch(message)
  })

  it('gives way to the steps of a run that is extended', () => {
    const spec = read({ dynamics: { ...cosine, decayTime: 1 } })
    const extended = changed({ ...spec.dynamics }, extension(spec.dynamics, 5000))
    expect(extended).toMatchObject({ steps: 5000, schedule: { steps: spec.dynamics.steps } })
    expect(extended).not.toHaveProperty('decayTime')
  })
})

describe('an early end', () => {
  it.each([
    [{ after: 'generalized' }, /^stop: .*it does not say how long after; give stop.steps or stop.decayTime/],
    [{ after: 'generalized', steps: 5, decayTime: 1 }, /^stop.steps: 5 .*said twice, by stop.decayTime \(1\) too/],
    [{ after: 'grokked', steps: 5 }, /^stop.after: "grokked" .*"memorized", "halfRise", "generalized"/],
    [{ after: 'generalized', steps: 0 }, /^stop.steps: 0 .*at least 1/],
    [{ steps: 5 }, /^stop.after: /],
  ])('refuses %j', (stop, message) => {
    expect(problemOf({ dynamics: training, stop })).toMatch(message)
  })
})
