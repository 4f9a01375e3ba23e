import { describe, expect, it } from 'vitest'
import { figures } from '../../src/main/lab/papers/papers.ts'
import type { ComposedInput } from '../../src/shared/experiment.ts'
import { losses } from '../../src/shared/dynamics/losses.ts'
import { optimizerKinds } from '../../src/shared/dynamics/optimizers.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { usualValueCautions, usualValues } from '../../src/shared/usualValues.ts'
import { collectRun, eventsOf, runSpec } from '../support/runs.ts'

const reductions = ['mean', 'sum'] as const
const combinations = losses.flatMap((loss) =>
  reductions.flatMap((reduction) => [
    ...optimizerKinds.map((optimizer) => ({ optimizer, loss, reduction })),
    { optimizer: 'adamw' as const, weightDecayKind: 'l2' as const, loss, reduction },
  ]),
)

/** The wizard's network on p = 11, as it stands before it has rates. */
const draft = (dynamics: object) => ({
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 256 },
  dynamics: { kind: 'training', steps: 400, ...dynamics },
})

function withUsual(dynamics: object): ComposedInput {
  const usual = usualValues(draft(dynamics))
  const rates = { learningRate: usual['dynamics.learningRate'], weightDecay: usual['dynamics.weightDecay'] }
  return draft({ ...dynamics, ...rates }) as ComposedInput
}

describe('usual values', () => {
  it.each(combinations)('train: $optimizer, $loss, $reduction', async (choices) => {
    const events = await collectRun(runSpec(withUsual(choices)))
    const measured = eventsOf(events, 'measured').map(({ values }) => values)
    const norms = measured.map((values) => values.firstLayerNormSquared! + values.secondLayerNormSquared!)
    expect(measured.at(-1)!.trainAccuracy).toBe(1)
    expect(Math.max(...norms)).toBeLessThan(4 * norms[0]!)
    expect(eventsOf(events, 'event').map(({ name }) => name)).not.toContain('stalled')
  })

  it('of a sum are as much smaller as it has terms, whatever the task and on whichever part of it a step is taken', () => {
    const rate = (task: object, more: object = {}, loss = 'crossEntropy') =>
      usualValues({ ...draft({ reduction: 'sum', loss, ...more }), task })['dynamics.learningRate']
    const addition = { kind: 'modularAddition', modulus: 14, trainFraction: 1 }
    // 105 pairs without an order, of 14 outputs each.
    expect(rate(addition)).toBe(1e-2)
    expect(rate(addition, {}, 'meanSquaredError')).toBe(1e-3)
    // Half of 900 pairs in order, and of 465 without.
    const ordered = { ...addition, modulus: 30, pairs: 'ordered', inputs: 'concatenated', trainFraction: 0.5 }
    const unordered = { ...ordered, pairs: 'unordered' }
    expect([rate(ordered), rate(unordered)]).toEqual([1e-3, 1e-2])
    const parity = { kind: 'sparseParity', bits: 40, parityBits: 3, samples: 10_000, trainFraction: 1 }
    expect(rate(parity)).toBe(1e-4)
    expect(rate(parity, { batch: { size: 32 } })).toBe(1e-2)
    expect(rate({ kind: 'sparseParity' })).toBe(1e-2)
  })

  it('are no cause for caution, and what is a decade off is', () => {
    for (const choices of combinations) {
      const usual = withUsual(choices)
      expect(usualValueCautions(usual)).toEqual([])
      const { learningRate, weightDecay } = usual.dynamics as { learningRate: number; weightDecay: number }
      const cautioned = (rates: object) =>
        usualValueCautions(draft({ ...choices, learningRate, weightDecay, ...rates })).map(({ path }) => path)
      for (const factor of [0.1, 10, 1000]) {
        expect(cautioned({ learningRate: factor * learningRate })).toEqual(['dynamics.learningRate'])
        expect(cautioned({ weightDecay: factor * weightDecay })).toEqual(['dynamics.weightDecay'])
      }
      expect(cautioned({ learningRate: 5 * learningRate, weightDecay: weightDecay / 5 })).toEqual([])
      expect(cautioned({ weightDecay: 0 })).toEqual([])
    }
  })

  it('say what they go by', () => {
    const [caution] = usualValueCautions(draft({ optimizer: 'adamw', learningRate: 1, weightDecay: 1 }))
    expect(caution).toEqual({
      path: 'dynamics.learningRate',
      message: '1 is far from the usual 0.001 for AdamW on the squared error',
    })
  })

  it('are named where a rate is asked for, and never assumed', () => {
    for (const optimizer of ['adamw', { kind: 'adamw' }]) {
      expect(() => parseExperiment(draft({ optimizer }))).toThrow(
        /^dynamics.learningRate: missing; .* usual for AdamW on the squared error: 0.001\ndynamics.weightDecay: .*: 1$/,
      )
    }
    expect(() => parseExperiment(draft({ learningRate: 'fast', weightDecay: 1 }))).not.toThrow(/usual/)
  })

  it('bound a fixed step from above', () => {
    const cautioned = (integrator: object) =>
      usualValueCautions({ dynamics: { kind: 'isolated', steps: 10, integrator } }).map(({ path }) => path)
    expect(cautioned({ kind: 'euler', stepSize: 1e-2 })).toEqual(['dynamics.integrator.stepSize'])
    expect(cautioned({ kind: 'heun', stepSize: 0.1 })).toEqual(['dynamics.integrator.stepSize'])
    const fixed = { kind: 'dormandPrince', stepSize: 0.1, tolerance: 'none' }
    expect(cautioned(fixed)).toEqual(['dynamics.integrator.stepSize'])
    for (const fine of [
      { kind: 'euler', stepSize: 1e-6 },
      { kind: 'heun', stepSize: 0.1, tolerance: 1e-9 },
    ]) {
      expect(cautioned(fine)).toEqual([])
    }
    expect(cautioned({ kind: 'dormandPrince', stepSize: 0.1 })).toEqual([])
  })

  it('stand in all figures of the paper but where the theory is tested against its limit', () => {
    const cautioned = figures.flatMap(({ id, experiments }) =>
      experiments({}).flatMap((spec) => usualValueCautions(spec).map(({ path }) => `${id} ${path}`)),
    )
    expect([...new Set(cautioned)]).toEqual(['musat2025/theory dynamics.weightDecay'])
  })

  it.each([
    undefined,
    null,
    3,
    {},
    { dynamics: { kind: 'training', optimizer: 7 } },
    { dynamics: { integrator: 'x' } },
  ])('take any draft, right or wrong (%j)', (given) => {
    expect(() => usualValues(given)).not.toThrow()
    expect(usualValueCautions(given)).toEqual([])
  })
})
