import { describe, expect, it } from 'vitest'
import { presetClaims } from '../../../../src/main/lab/presets/presetClaims.ts'
import { presetStatements } from '../../../../src/main/lab/presets/presetStatements.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import type { Facets } from '../../../../src/shared/specification/facets.ts'
import { sweepPresets } from '../../../../src/shared/sweep/presets.ts'
import { runSummary } from '../../../support/runSummary.ts'

const [eta, wd] = ['dynamics.learningRate', 'dynamics.weightDecay']

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
})
