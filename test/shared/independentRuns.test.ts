import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/shared/curves/comparison.ts'
import { curvesByRun } from '../../src/shared/curves/curvesByRun.ts'
import { spreads } from '../../src/shared/curves/groupBand.ts'
import { groupPanel } from '../../src/shared/curves/groupPanel.ts'
import { groupingOfFigure, groupRuns } from '../../src/shared/curves/groupRuns.ts'
import { independentRuns } from '../../src/shared/independentRuns.ts'
import type { RunSummary } from '../../src/shared/run.ts'
import { facetsOfFigure6, runSummary } from '../support/runSummary.ts'

/** Seeds with a result each, and repetitions of some of them, anywhere after. */
const seeds = [0, 1, 2].map((seed) =>
  runSummary({
    ...{ id: `run${seed}`, seed, name: `a, seed ${seed}`, specificationHash: `s${seed}`, resultHash: `r${seed}` },
    facets: { ...facetsOfFigure6, 'network.hidden': seed === 0 ? 64 : 128, 'task.modulus': seed === 0 ? 11 : 13 },
    events: { generalized: { step: 100 * (1 + seed), tau: 1, value: 1 } },
  }),
)
const repeated = fc
  .array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 5 })
  .map((again): RunSummary[] => [...seeds, ...again.map((seed, k) => ({ ...seeds[seed]!, id: `again${k}` }))])

const panelOf = (runs: readonly RunSummary[], spread: (typeof spreads)[number] = 'deviation') => {
  const step = Float64Array.of(0, 10, 20)
  const curves = curvesByRun(
    runs.map(({ id: runId, seed }) => ({
      runId,
      curves: { testMse: { step, tau: step, seconds: step, value: step.map((at) => at * (1 + seed) ** 2) } },
    })) as never,
  )
  const groups = groupRuns(compareRuns(runs, undefined).runs, groupingOfFigure('none'))
  return groupPanel(groups, curves, 'testMse', { axis: 'step', vertical: 'linear', spread, traces: false })
}

describe('a repetition of a run', () => {
  it('changes nothing in the statistics of a group, which says how many there are', () => {
    fc.assert(
      fc.property(repeated, fc.constantFrom(...spreads), (runs, spread) => {
        const [alone, together] = [panelOf(seeds, spread), panelOf(runs, spread)]
        expect(together.bands).toEqual(alone.bands)
        expect(together.panel.series).toEqual(alone.panel.series)
        const repeats = runs.length - seeds.length
        const words = repeats === 1 ? '1 repeats another' : `${repeats} repeat others`
        expect(together.panel.caption).toBe(
          `${alone.panel.caption}; ${runs.length} runs, of which ${words}, counted once`,
        )
      }),
    )
  })

  it('is one of equal specification and result, all of them known, whatever its seed and whichever file has its data', () => {
    const [run] = seeds as [RunSummary]
    const others = [
      { ...run, specificationHash: 'another', facets: { ...run.facets, 'dynamics.ridge': 1 } },
      { ...run, resultHash: 'another' },
      { ...run, resultHash: null },
      { ...run, resultHash: null },
    ]
    const moved = { ...run, facets: { ...run.facets, 'task.path': 'elsewhere.npz' } }
    const ofAnotherSeed = { ...run, seed: 9, specificationHash: 'of seed 9' }
    expect(independentRuns([run, ...others, { ...run, id: 'again' }, moved, ofAnotherSeed])).toEqual([run, ...others])
  })
})
