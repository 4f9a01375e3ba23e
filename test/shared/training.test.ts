import { describe, expect, it } from 'vitest'
import { decayTimeAt } from '../../src/shared/decayTime.ts'
import { parseExperiment, toRunSpec, type ExperimentInput } from '../../src/shared/experiment.ts'

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
    [{ loss: 'crossEntropy', lossPrecision: 'float32' }, 'float64', /with precision "float64" only "float64"/],
    [{ lossPrecision: 'float32' }, 'float32', /"float32" is not allowed: it is for dynamics.loss "crossEntropy"/],
    [{ lossPrecision: 'half' }, 'float32', /"half" is not allowed; one of "float64", "float32"/],
  ])('refuses %j with precision %s', (change, precision, message) => {
    const problem = problemOf({ dynamics: { ...training, ...change }, precision })
    expect(problem).toMatch(/^dynamics.lossPrecision: /)
    expect(problem).toMatch(message)
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
