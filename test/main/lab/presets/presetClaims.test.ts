import { describe, expect, it } from 'vitest'
import { presetClaims } from '../../../../src/main/lab/presets/presetClaims.ts'
import { presetStatements } from '../../../../src/main/lab/presets/presetStatements.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import type { Facets } from '../../../../src/shared/specification/facets.ts'
import { sweepPresets } from '../../../../src/shared/sweep/presets.ts'
import { runSummary } from '../../../support/runSummary.ts'

const [eta, wd, fraction] = ['dynamics.learningRate', 'dynamics.weightDecay', 'task.trainFraction']
const [alpha, width] = ['initialization.scale', 'network.hidden']

/** The runs of the delay law, if t_grok went with these powers of η and wd. */
function delayRuns(inRate: number, inDecay: number): RunSummary[] {
  const law = (rate: number, decay: number) => 1e3 * rate ** inRate * (decay / 1e-4) ** inDecay
  return [2.5, 5, 10, 20].flatMap((rate) =>
    [1e-4, 2e-4, 4e-4].map((decay) => {
      const moment = (step: number) => ({ step, tau: 1, value: 1 })
      const events = { memorized: moment(100 / rate), generalized: moment(law(rate, decay)) }
      return runSummary({ id: `${rate} ${decay}`, facets: { [eta]: rate, [wd]: decay } as Facets, events })
    }),
  )
}
/** A run that memorizes at step 100 and generalizes so much later. */
function delayed(facets: Record<string, number>, delay: number): RunSummary {
  const events = { memorized: { step: 100, tau: 1, value: 1 }, generalized: { step: 100 + delay, tau: 1, value: 1 } }
  return runSummary({ id: JSON.stringify(facets), facets: facets as Facets, events })
}
const verdicts = (runs: RunSummary[]) => presetClaims('delay-law', runs).map(({ verdict }) => verdict)

describe('sweeps to begin with', () => {
  it.each(sweepPresets.map((preset) => [preset.name, preset] as const))(
    '%s can be planned, has claims, and says where it is from',
    (name, preset) => {
      expect(planSweep(preset.spec).keys.length).toBeGreaterThan(30)
      const claims = presetClaims(name, [])
      expect(claims.length).toBeGreaterThan(0)
      for (const { source, text, expected } of claims)
        expect([source, text, expected].every((words) => words.length > 0)).toBe(true)
      expect(preset.source).toMatch(/arXiv:\d{4}\.\d{5}/)
    },
  )

  it('have names of their own, each with its claims', () => {
    expect(Object.keys(presetStatements)).toEqual(sweepPresets.map(({ name }) => name))
  })

  it('are judged by their runs, and not before all have ended', () => {
    expect(verdicts(delayRuns(-1, -0.6))).toEqual(['holds', 'holds', 'holds'])
    expect(verdicts(delayRuns(-0.5, -1))).toEqual(['outside', 'holds', 'outside'])
    const running = delayRuns(-1, -0.6).map((run, place) =>
      place === 3 ? { ...run, status: 'running' as const } : run,
    )
    expect(verdicts(running)).toEqual(['pending', 'pending', 'pending'])
    expect(presetClaims('delay-law', delayRuns(-1, -0.6))[0]).toMatchObject({
      values: [expect.closeTo(-1, 9)],
      expected: '−1.1 … −0.9',
    })
  })

  it.each([
    ['delay-rate-decay', eta, 0.25, wd, 1e-3, (rate: number, decay: number) => 2 / (rate * decay), ['holds', 'holds']],
    ['delay-rate-decay', eta, 0.25, wd, 1e-3, (rate: number) => 2e3 / rate ** 0.5, ['outside', 'outside']],
    // Above η = 1 steps are no flow, and bound nothing.
    ['delay-rate-decay', eta, 8, wd, 1e-3, (_: number, decay: number) => 9 / decay, ['not', 'not']],
    [
      'delay-scale-decay',
      alpha,
      1,
      wd,
      1,
      (scale: number, decay: number) => (1 + Math.log(scale)) / (3e-3 * decay),
      ['holds', 'holds'],
    ],
    [
      'delay-scale-decay',
      alpha,
      1,
      wd,
      1,
      (_: number, decay: number) => 2 / (3e-3 * decay ** 2),
      ['outside', 'outside'],
    ],
    [
      'delay-data-width',
      width,
      64,
      fraction,
      0.86,
      (units: number, share: number) => 1e3 * (1 + 0.5 * Math.log(units)) * 1e4 ** (0.96 - share),
      ['holds', 'holds'],
    ],
    ['delay-data-width', width, 64, fraction, 0.86, () => 2e3, ['outside', 'outside']],
  ] as const)(
    '%s, over %s from %d and %s from %d, is judged by its delays',
    (name, x, left, y, low, delay, expected) => {
      const given = { [eta]: name === 'delay-scale-decay' ? 3e-3 : 1, [wd]: 1e-3 }
      const runs = [1, 1.5, 2, 4].flatMap((across) =>
        [low, y === fraction ? 0.96 : 2 * low].map((up) =>
          delayed({ ...given, [x]: left * across, [y]: up }, delay(left * across, up)),
        ),
      )
      const judged = presetClaims(name, runs)
      if (expected[0] === 'not') expect(judged.map(({ values }) => values)).toEqual([[NaN], [NaN]])
      else expect(judged.map(({ verdict }) => verdict)).toEqual(expected)
    },
  )

  it('leave out delays that are shorter than the distance of two measurements', () => {
    const runs = [0.25, 0.5, 1].flatMap((rate) =>
      [1e-3, 2e-3].map((decay) => delayed({ [eta]: rate, [wd]: decay }, 2 / (rate * decay))),
    )
    const withZero = [...runs, delayed({ [eta]: 0.7, [wd]: 1e-3 }, 0)]
    expect(presetClaims('delay-rate-decay', withZero).map(({ values }) => values)).toEqual(
      presetClaims('delay-rate-decay', runs).map(({ values }) => values),
    )
  })
})
