import { describe, expect, it } from 'vitest'
import {
  describeCost,
  figureStatus,
  missingFigures,
  wallSeconds,
} from '../../../../src/renderer/views/paper/figureStatus.ts'
import type { FigureCard } from '../../../../src/shared/contract/papers.ts'
import type { RunStatus, RunSummary } from '../../../../src/shared/run.ts'
import { countVerdicts, type Claim } from '../../../../src/shared/papers/figure.ts'
import { claim } from '../../../support/claim.ts'
import { runSummary } from '../../../support/runSummary.ts'

const experiment = {
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.9 },
  network: { hidden: 128 },
  dynamics: { kind: 'isolated', steps: 100 },
  seeds: [0, 1, 2, 3, 4],
} as const
const claimWith = (verdict: Claim['verdict']) => claim({ verdict })

function card(given: Partial<FigureCard> = {}, ...verdicts: Claim['verdict'][]): FigureCard {
  return {
    id: 'musat2025/fig6',
    number: 'Fig. 6',
    title: '',
    summary: '',
    source: '',
    experiments: [{ ...experiment, seeds: [...experiment.seeds] }],
    sliders: [],
    runIds: [],
    state: 'ready',
    estimate: { runs: [{ seconds: 10, count: 5 }] },
    result:
      verdicts.length > 0 ? { figure: 'musat2025/fig6', runs: [], claims: verdicts.map(claimWith), panels: [] } : null,
    ...given,
  }
}

describe('how a figure stands', () => {
  it.each([
    [card({}, 'holds', 'holds'), 'Holds', 'ok'],
    [card({}, 'holds', 'outside', 'pending'), '1 of 3 outside', 'warn'],
    [card({}, 'holds', 'outside', 'not held'), '1 of 3 not held', 'warn'],
    [card({}, 'holds', 'pending'), '1 of 2 pending', ''],
    [card({ state: 'notRun', result: null }), 'Not run', ''],
    [card({ state: 'running', result: null }), 'Running', 'live'],
    [card({ result: null }), 'Ready to draw', ''],
  ])('%#: %s', (given, word, look) => expect(figureStatus(given, [])).toEqual({ word, look }))

  it('says that runs stopped before it says what holds', () => {
    const of = (...statuses: RunStatus[]) => {
      const runs = statuses.map((status) => runSummary({ status }))
      return figureStatus(card({}, 'holds'), runs)
    }
    expect(of('failed', 'finished')).toEqual({ word: '1 of 2 failed', look: 'error' })
    expect(of('finished', 'finished', 'interrupted', 'interrupted', 'interrupted')).toEqual({
      word: '3 of 5 interrupted',
      look: 'warn',
    })
    expect(of('finished', 'failed', 'cancelled', 'cancelled').word).toBe('1 failed, 2 cancelled of 4')
  })

  it('is as declared where a finding is, and not where what is declared not to hold does', () => {
    const declared = { declared: 'not held', reason: 'a finding' } as const
    const holding = card()
    const stands = (...claims: Claim[]) =>
      figureStatus({ ...holding, result: { figure: 'musat2025/fig6', runs: [], claims, panels: [] } }, [])
    const finding = claim({ verdict: 'not held', ...declared })
    expect(stands(claim(), finding)).toEqual({ word: 'As declared', look: 'ok' })
    expect(stands(claim(), claim(declared))).toEqual({ word: '1 of 2 unlike declared', look: 'warn' })
  })

  it('offers to draw where the runs of another figure are there', () => {
    const drawing = card({ id: 'musat2025/fig7', usesRunsOf: 'musat2025/fig5', state: 'notRun', result: null })
    expect(figureStatus(drawing, [], card({ id: 'musat2025/fig5' })).word).toBe('Ready to draw')
    expect(figureStatus(drawing, [], card({ id: 'musat2025/fig5', state: 'notRun' })).word).toBe('Not run')
    expect(missingFigures([drawing, card({ state: 'notRun' })]).map(({ id }) => id)).toEqual(['musat2025/fig6'])
  })

  it('says how many runs are finished once all are read', () => {
    const [first, second] = ['a', 'b'].map((id) => runSummary({ id, seconds: 30 }))
    const costOf = (...runs: RunSummary[]) =>
      describeCost(card({ runIds: ['a', 'b'] }), runs, { used: undefined, slots: 1 })
    expect([costOf(), costOf(first!)]).toEqual(['', ''])
    expect(costOf(first!, second!)).toBe('2 of 2 runs finished, 1:00 of computing')
  })

  it('counts each verdict once', () => {
    const counts = countVerdicts((['holds', 'outside', 'holds', 'pending', 'holds'] as const).map(claimWith))
    expect(counts).toEqual({ holds: 3, 'not held': 0, outside: 1, pending: 1 })
  })

  it('takes as long as its runs do one after the other on the slots that there are', () => {
    for (const [slots, seconds] of [
      [1, 50],
      [2, 30],
      [4, 20],
      [5, 10],
      [64, 10],
    ] as const) {
      expect(wallSeconds([card()], slots)).toBe(seconds)
    }
  })

  it('shares the slots with others, for which it does not wait', () => {
    const long = card({ estimate: { runs: [{ seconds: 60, count: 1 }] } })
    expect(wallSeconds([card(), long], 1)).toBe(110)
    expect(wallSeconds([long, card()], 2)).toBe(60)
    expect(wallSeconds([card(), long], 2)).toBe(80)
    expect(wallSeconds([long, long], 2)).toBe(60)
  })

  it('takes no time that could be told before the machine is measured', () => {
    const unmeasured = card({ estimate: { runs: null } })
    expect(wallSeconds([card(), unmeasured], 2)).toBeNull()
    expect(wallSeconds([card({ estimate: null })], 2)).toBeNull()
  })
})
