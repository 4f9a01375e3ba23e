import { describe, expect, it } from 'vitest'
import {
  countVerdicts,
  figureStatus,
  missingFigures,
  wallSeconds,
} from '../../../../src/renderer/views/paper/figureStatus.ts'
import type { FigureCard } from '../../../../src/shared/contract.ts'
import { estimateCost } from '../../../../src/shared/estimate.ts'
import { parseExperiment } from '../../../../src/shared/experiment.ts'
import type { Claim } from '../../../../src/shared/paper.ts'
import { runSummary } from '../../../support/runSummary.ts'

const experiment = {
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.9 },
  network: { hidden: 128 },
  dynamics: { kind: 'isolated', steps: 100 },
  seeds: [0, 1, 2, 3, 4],
} as const
const claim = (verdict: Claim['verdict']): Claim => ({
  id: verdict,
  text: '',
  measured: '',
  expected: '',
  verdict,
  source: '',
})

function card(given: Partial<FigureCard> = {}, ...verdicts: Claim['verdict'][]): FigureCard {
  return {
    id: 'fig6',
    number: 'Fig. 6',
    title: '',
    summary: '',
    source: '',
    experiments: [{ ...experiment, seeds: [...experiment.seeds] }],
    runIds: [],
    state: 'ready',
    estimate: estimateCost(parseExperiment(experiment), 1e9),
    result: verdicts.length > 0 ? { figure: 'fig6', claims: verdicts.map(claim), panels: [] } : null,
    ...given,
  }
}

describe('how a figure stands', () => {
  it.each([
    [card({}, 'holds', 'holds'), 'Holds', 'ok'],
    [card({}, 'holds', 'outside', 'pending'), '1 of 3 outside', 'warn'],
    [card({}, 'holds', 'pending'), '1 of 2 pending', ''],
    [card({ state: 'notRun', result: null }), 'Not run', ''],
    [card({ state: 'running', result: null }), 'Running', 'live'],
    [card({ result: null }), 'Ready to draw', ''],
  ])('%#: %s', (given, word, look) => expect(figureStatus(given, [])).toEqual({ word, look }))

  it('says that a run failed before it says what holds', () => {
    const runs = [runSummary({ status: 'failed' }), runSummary()]
    expect(figureStatus(card({}, 'holds'), runs)).toEqual({ word: '1 of 2 failed', look: 'error' })
  })

  it('offers to draw where the runs of another figure are there', () => {
    const drawing = card({ id: 'fig7', usesRunsOf: 'fig5', state: 'notRun', result: null })
    expect(figureStatus(drawing, [], card({ id: 'fig5' })).word).toBe('Ready to draw')
    expect(figureStatus(drawing, [], card({ id: 'fig5', state: 'notRun' })).word).toBe('Not run')
    expect(missingFigures([drawing, card({ state: 'notRun' })]).map(({ id }) => id)).toEqual(['fig6'])
  })

  it('counts each verdict once', () => {
    const counts = countVerdicts((['holds', 'outside', 'holds', 'pending', 'holds'] as const).map(claim))
    expect(counts).toEqual({ holds: 3, outside: 1, pending: 1 })
  })

  it('takes as many rounds as its runs need slots', () => {
    const one = card().estimate!.seconds
    for (const [slots, rounds] of [
      [1, 5],
      [2, 3],
      [5, 1],
      [64, 1],
    ] as const) {
      expect(wallSeconds(card(), slots)).toBeCloseTo(rounds * one)
    }
  })
})
